//! From the socket into the protocol.

use std::cell::RefCell;
use std::task::{Context, Poll};

use rtmp_proto::error::Cause;
use tokio::io::ReadBuf;

use super::Connection;
use super::close::{End, Phase};
use crate::foreign::Foreign;

/// Bytes of one read.
const READ_BYTES: usize = 64 * 1024;
/// Reads of one round: what one peer may send before others get their turn.
const READS: usize = 4;

thread_local! {
    /// Input stays here only until the protocol has taken it, within one call: a connection that is silent holds no buffer.
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ_BYTES].into());
}

impl Connection {
    /// Reads and feeds as long as the protocol takes input; whether there may be more.
    pub(super) fn read(&mut self, cx: &mut Context<'_>) -> bool {
        self.reading = false;
        SCRATCH.with_borrow_mut(|scratch| {
            for _ in 0..READS {
                let wanted = match self.phase {
                    Phase::Running => self.leaving.is_none() && self.feed_kept(cx),
                    Phase::Flushing(..) | Phase::Lingering(..) => true,
                    Phase::Over(_) => false,
                };
                if !wanted {
                    return false;
                }
                let mut buffer = ReadBuf::new(scratch);
                match self.link.poll_read(cx, &mut buffer) {
                    Poll::Pending => {
                        self.reading = true;
                        return false;
                    }
                    Poll::Ready(Ok(())) if buffer.filled().is_empty() => {
                        self.input_over(End::Closed);
                        return false;
                    }
                    Poll::Ready(Ok(())) => {
                        self.traffic.bytes_in += buffer.filled().len() as u64;
                        // What comes while we close is of no interest, but must be read: closing with unread input
                        // would reset the connection and take our last words with it.
                        if matches!(self.phase, Phase::Running) {
                            self.feed(buffer.filled(), cx);
                        }
                    }
                    Poll::Ready(Err(error)) => {
                        self.input_over(End::Failed(error.kind()));
                        return false;
                    }
                }
            }
            true
        })
    }

    /// Nothing more will come. What came before counts: a client may close behind its last frame, and one that has not read our last
    /// words is reset by its own system as it does.
    fn input_over(&mut self, end: End) {
        match self.phase {
            Phase::Running => self.leaving = Some(Box::new(end)),
            _ => self.over(end),
        }
    }

    /// If nothing more will come: deals with what came before, as far as others are not to wait for it. Whether there is more of it.
    pub(super) fn leave(&mut self, cx: &mut Context<'_>) -> bool {
        if self.leaving.is_none() {
            return false;
        }
        while !self.tired && self.take_events(cx) {
            self.feed_kept(cx);
        }
        if matches!(self.phase, Phase::Running) && (self.tired || self.behind) {
            return self.tired;
        }
        if let Some(end) = self.leaving.take() {
            self.over(*end);
        }
        true
    }

    /// Feeds what was kept; whether the protocol takes more than that.
    fn feed_kept(&mut self, cx: &mut Context<'_>) -> bool {
        self.start_cipher();
        if !self.kept.is_empty() {
            let kept = std::mem::take(&mut self.kept);
            self.feed(&kept, cx);
        }
        matches!(self.phase, Phase::Running) && self.kept.is_empty() && self.proto.wants_input()
    }

    /// If the peer asked for RTMPE and the handshake is through, on both sides: encrypts all that follows. Whether it did.
    pub(super) fn start_cipher(&mut self) -> bool {
        let shaking = !self.introduced && matches!(self.phase, Phase::Running);
        if !shaking || self.outbox.len() > 0 {
            return false;
        }
        let Some(mut cipher) = self.proto.take_cipher() else { return false };
        cipher.decrypt(&mut self.kept);
        self.link.encrypt(cipher);
        true
    }

    fn feed(&mut self, bytes: &[u8], cx: &mut Context<'_>) {
        match self.proto.feed(self.now, bytes) {
            Ok(taken) => self.kept = bytes.get(taken..).unwrap_or_default().to_vec(),
            Err(error) => {
                // What came before the fault counts.
                self.take_events(cx);
                let foreign = match error.cause {
                    Cause::NotRtmp(_) if self.link.shared().is_some() => Foreign::of(bytes),
                    _ => None,
                };
                self.close(match foreign {
                    Some(foreign) => End::Foreign(foreign.at_plain()),
                    None => End::Broken(Box::new(error)),
                });
            }
        }
    }
}
