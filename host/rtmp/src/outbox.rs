//! Messages on their way to the socket: an ordered queue of shared buffers, written many at a time.

use std::collections::VecDeque;
use std::io::{self, IoSlice};

use bytes::Bytes;

/// Messages handed to the kernel in one call: headers and GOP of a usual stream go to a joiner in one. Linux takes 1024.
pub(crate) const MESSAGES_PER_WRITE: usize = 512;
/// Most writes are of few messages, which need no large table on the stack.
const FEW: usize = 16;

/// Bytes that wait at which no frames are added: what a peer that does not read can make us keep. A batch of a subscription
/// fits, so that a join is still one write.
const FULL_BYTES: usize = 1 << 20;

/// Bytes that left since the last mark count as progress although no message was finished.
const PROGRESS_BYTES: usize = 64 * 1024;

/// What became of a flush.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Flushed {
    /// Nothing is left to write.
    Empty,
    /// The socket takes no more now.
    Blocked,
}

/// Whole chunked messages in the order in which the peer gets them; the first may be partly gone.
#[derive(Default, Debug)]
pub(crate) struct Outbox {
    queue: VecDeque<Bytes>,
    /// Bytes of the first buffer that are gone.
    gone: usize,
    bytes: usize,
    written: u64,
    /// Bytes since the last mark of progress.
    since: usize,
    progress: u64,
}

impl Outbox {
    /// Puts one buffer behind the others.
    pub(crate) fn push(&mut self, message: Bytes) {
        if !message.is_empty() {
            self.bytes = self.bytes.saturating_add(message.len());
            self.queue.push_back(message);
        }
    }

    /// Whether a write now would carry as much as one write can, or as much waits as a peer that does not read may cost.
    pub(crate) fn is_full(&self) -> bool {
        self.queue.len() >= MESSAGES_PER_WRITE || self.bytes >= FULL_BYTES
    }

    /// Bytes that wait.
    pub(crate) fn len(&self) -> usize {
        self.bytes
    }

    /// Bytes written since the start.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    /// Counts bytes that the socket took from elsewhere.
    pub(crate) fn written_elsewhere(&mut self, bytes: u64) {
        self.written = self.written.saturating_add(bytes);
        self.progress = self.progress.wrapping_add(1);
    }

    /// A number that changes whenever a message, or 64 KiB of a large one, has gone.
    /// A peer that takes single bytes to seem alive does not change it.
    pub(crate) fn progress(&self) -> u64 {
        self.progress
    }

    /// Gives back the room of messages that are gone: for a connection that will write none for a while.
    pub(crate) fn rest(&mut self) {
        self.queue.shrink_to_fit();
    }

    /// Writes by `write` (which takes slices and tells how many bytes it took) until nothing is left or it would block.
    /// Calls cut short by a signal are repeated.
    pub(crate) fn flush(&mut self, mut write: impl FnMut(&[IoSlice<'_>]) -> io::Result<usize>) -> io::Result<Flushed> {
        while !self.queue.is_empty() {
            let written = if self.queue.len() <= FEW {
                self.write_some::<FEW>(&mut write)
            } else {
                self.write_some::<MESSAGES_PER_WRITE>(&mut write)
            };
            match written {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(taken) => self.sent(taken),
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(Flushed::Blocked),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(Flushed::Empty)
    }

    #[inline(never)]
    fn write_some<const N: usize>(
        &self,
        write: &mut impl FnMut(&[IoSlice<'_>]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        let mut slices = [IoSlice::new(&[]); N];
        let mut n = 0;
        for (slot, message) in slices.iter_mut().zip(&self.queue) {
            let from = if n == 0 { self.gone } else { 0 };
            *slot = IoSlice::new(message.get(from..).unwrap_or_default());
            n += 1;
        }
        write(slices.get(..n).unwrap_or_default())
    }

    fn sent(&mut self, taken: usize) {
        self.written = self.written.saturating_add(taken as u64);
        self.bytes = self.bytes.saturating_sub(taken);
        self.since = self.since.saturating_add(taken);
        self.gone = self.gone.saturating_add(taken);
        while let Some(first) = self.queue.front() {
            if self.gone < first.len() {
                break;
            }
            self.gone -= first.len();
            self.queue.pop_front();
            self.since = PROGRESS_BYTES;
        }
        if self.since >= PROGRESS_BYTES {
            self.since = 0;
            self.progress = self.progress.wrapping_add(1);
        }
        if self.queue.is_empty() && self.queue.capacity() > 4 * FEW {
            // A join is over; thousands of players keep no room for another one.
            self.queue.shrink_to(FEW);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A socket that takes at most `room` bytes per call and blocks after `calls` calls.
    struct Pipe {
        got: Vec<u8>,
        room: usize,
        calls: usize,
        widest: usize,
    }

    impl Pipe {
        fn new(room: usize, calls: usize) -> Pipe {
            Pipe { got: Vec::new(), room, calls, widest: 0 }
        }

        fn write(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
            self.widest = self.widest.max(slices.len());
            if self.calls == 0 {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            self.calls -= 1;
            let all: Vec<u8> = slices.iter().flat_map(|s| s.iter().copied()).collect();
            let n = all.len().min(self.room);
            self.got.extend_from_slice(&all[..n]);
            Ok(n)
        }
    }

    fn filled(sizes: &[usize]) -> (Outbox, Vec<u8>) {
        let mut outbox = Outbox::default();
        let mut all = Vec::new();
        for (i, &size) in sizes.iter().enumerate() {
            let message: Vec<u8> = (0..size).map(|b| (b * 7 + i) as u8).collect();
            all.extend_from_slice(&message);
            outbox.push(Bytes::from(message));
        }
        (outbox, all)
    }

    #[test]
    fn every_split_of_the_writes_gives_the_same_bytes() {
        for room in [1, 2, 3, 5, 7, 64, 1000, 100_000] {
            let (mut outbox, all) = filled(&[1, 10, 0, 3, 500, 1, 1, 70]);
            let mut pipe = Pipe::new(room, usize::MAX);
            assert_eq!(outbox.flush(|s| pipe.write(s)).unwrap(), Flushed::Empty);
            assert_eq!(pipe.got, all, "room {room}");
            assert_eq!((outbox.len(), outbox.written()), (0, all.len() as u64));
        }
    }

    #[test]
    fn a_blocked_write_resumes_where_it_stopped_and_keeps_the_order() {
        let (mut outbox, mut all) = filled(&[100, 100, 100]);
        let mut pipe = Pipe::new(150, 1);
        assert_eq!(outbox.flush(|s| pipe.write(s)).unwrap(), Flushed::Blocked);
        assert_eq!(outbox.len(), 150);
        outbox.push(Bytes::from_static(b"late"));
        all.extend_from_slice(b"late");
        pipe.calls = 10;
        assert_eq!(outbox.flush(|s| pipe.write(s)).unwrap(), Flushed::Empty);
        assert_eq!(pipe.got, all);
    }

    #[test]
    fn many_messages_go_in_one_call() {
        let (mut outbox, all) = filled(&[10; 1200]);
        let mut pipe = Pipe::new(usize::MAX, usize::MAX);
        outbox.flush(|s| pipe.write(s)).unwrap();
        assert_eq!(pipe.widest, MESSAGES_PER_WRITE);
        assert_eq!(usize::MAX - pipe.calls, 1200usize.div_ceil(MESSAGES_PER_WRITE));
        assert_eq!(pipe.got, all);
    }

    #[test]
    fn it_is_full_by_messages_and_by_bytes() {
        let (outbox, _) = filled(&[10; MESSAGES_PER_WRITE - 1]);
        assert!(!outbox.is_full());
        let (outbox, _) = filled(&[10; MESSAGES_PER_WRITE]);
        assert!(outbox.is_full());
        let (mut outbox, _) = filled(&[FULL_BYTES - 10, 9]);
        assert!(!outbox.is_full());
        outbox.push(Bytes::from_static(b"x"));
        assert!(outbox.is_full());
        let mut pipe = Pipe::new(10, 1);
        outbox.flush(|s| pipe.write(s)).unwrap();
        assert!(!outbox.is_full(), "room again once some is written");
    }

    #[test]
    fn single_bytes_of_a_large_message_are_no_progress() {
        let (mut outbox, _) = filled(&[200_000, 10]);
        let before = outbox.progress();
        let mut pipe = Pipe::new(1, 1000);
        outbox.flush(|s| pipe.write(s)).unwrap();
        assert_eq!(outbox.progress(), before, "1000 single bytes must not look alive");
        let mut pipe = Pipe::new(70_000, 1);
        outbox.flush(|s| pipe.write(s)).unwrap();
        assert_ne!(outbox.progress(), before, "64 KiB of one message are progress");
        let before = outbox.progress();
        let mut pipe = Pipe::new(usize::MAX, 10);
        outbox.flush(|s| pipe.write(s)).unwrap();
        assert_ne!(outbox.progress(), before, "a finished message is progress");
    }

    #[test]
    fn a_signal_repeats_the_call_and_an_error_ends_it() {
        let (mut outbox, all) = filled(&[10, 10]);
        let mut got = Vec::new();
        let mut interrupted = false;
        let r = outbox.flush(|s| {
            if !interrupted {
                interrupted = true;
                return Err(io::ErrorKind::Interrupted.into());
            }
            got.extend(s.iter().flat_map(|s| s.iter().copied()));
            Ok(s.iter().map(|s| s.len()).sum())
        });
        assert_eq!(r.unwrap(), Flushed::Empty);
        assert_eq!(got, all);
        let (mut outbox, _) = filled(&[10]);
        let e = outbox.flush(|_| Err(io::ErrorKind::ConnectionReset.into())).unwrap_err();
        assert_eq!(e.kind(), io::ErrorKind::ConnectionReset);
        let e = outbox.flush(|_| Ok(0)).unwrap_err();
        assert_eq!(e.kind(), io::ErrorKind::WriteZero);
    }
}
