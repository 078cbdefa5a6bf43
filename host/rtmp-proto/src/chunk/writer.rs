//! Chunks with the shortest headers the chunk stream's history allows.

use super::header::{EXTENDED, Header};
use super::{DEFAULT_CHUNK_SIZE, MAX_CHUNK_SIZE};
use crate::error::{Cause, Error};
use crate::message::{MAX_LENGTH, Message};

/// Writes messages as chunks, compressing headers against what the same chunk stream carried before.
#[derive(Clone, Debug)]
pub struct Writer {
    chunk_size: u32,
    lanes: Vec<Lane>,
}

/// The last message of one chunk stream, as the peer remembers it.
#[derive(Clone, Copy, Debug)]
struct Lane {
    chunk_stream: u32,
    timestamp: u32,
    /// What a format 3 header would add; after format 0 that is the absolute time itself (RTMP 1.0 §5.3.1.2.4).
    delta: u32,
    length: u32,
    kind: u8,
    stream: u32,
}

impl Default for Writer {
    fn default() -> Self {
        Writer { chunk_size: DEFAULT_CHUNK_SIZE, lanes: Vec::new() }
    }
}

impl Writer {
    /// A writer with the default chunk size.
    pub fn new() -> Self {
        Self::default()
    }

    /// The size in use from the next chunk on; held within 1 to [`MAX_CHUNK_SIZE`]. The caller tells the peer.
    pub fn set_chunk_size(&mut self, size: u32) {
        self.chunk_size = size.clamp(1, MAX_CHUNK_SIZE);
    }

    /// The size in use.
    pub fn chunk_size(&self) -> u32 {
        self.chunk_size
    }

    /// Appends the message's chunks to `out`.
    ///
    /// # Errors
    /// A body over [`MAX_LENGTH`]; then nothing was written.
    pub fn write(&mut self, message: &Message, out: &mut Vec<u8>) -> Result<(), Error> {
        let length = match u32::try_from(message.payload.len()) {
            Ok(length) if message.payload.len() <= MAX_LENGTH => length,
            _ => return Err(Cause::MessageTooLong(message.payload.len()).nowhere()),
        };
        let id = message.chunk_stream.0;
        let last = self.lanes.iter().position(|lane| lane.chunk_stream == id);
        let (format, time) = match last.and_then(|at| self.lanes.get(at)) {
            // Time that runs backwards needs a format 0 header (RTMP 1.0 §5.3.1.2.1).
            Some(lane)
                if lane.stream == message.stream.0 && message.timestamp.wrapping_sub(lane.timestamp) < 0x8000_0000 =>
            {
                let delta = message.timestamp.wrapping_sub(lane.timestamp);
                let format = if lane.length != length || lane.kind != message.kind.0 {
                    1
                } else if lane.delta != delta {
                    2
                } else {
                    3
                };
                (format, delta)
            }
            _ => (0, message.timestamp),
        };
        let header = Header { format, chunk_stream: id, time, length, kind: message.kind.0, stream: message.stream.0 };
        let lane = Lane {
            chunk_stream: id,
            timestamp: message.timestamp,
            delta: time,
            length,
            kind: message.kind.0,
            stream: message.stream.0,
        };
        match last.and_then(|at| self.lanes.get_mut(at)) {
            Some(slot) => *slot = lane,
            None => self.lanes.push(lane),
        }
        header.write(out);
        let mut rest: &[u8] = &message.payload;
        let size = usize::try_from(self.chunk_size).unwrap_or(usize::MAX);
        loop {
            let (now, later) = rest.split_at(rest.len().min(size));
            out.extend_from_slice(now);
            rest = later;
            if rest.is_empty() {
                return Ok(());
            }
            Header { format: 3, ..header }.write(out);
        }
    }
}

const _: () = assert!(EXTENDED as usize == MAX_LENGTH);
