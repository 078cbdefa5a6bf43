//! What is to be written, message by message.

use crate::chunk::{self, DEFAULT_CHUNK_SIZE, encode_message};
use crate::control::{Control, UserControl};
use crate::reply::{Encoded, Reply};
use bytes::Bytes;
use std::collections::VecDeque;
use std::io::IoSlice;

/// Slices offered for one vectored write.
const MAX_SLICES: usize = 64;

/// Whole messages waiting to be written. Acknowledgements and ping answers coalesce: only the latest of each waits.
#[derive(Debug)]
pub(crate) struct Output {
    queue: VecDeque<Bytes>,
    bytes: usize,
    /// Bytes of the first message that are written.
    written: usize,
    chunk_size: u32,
    acknowledgement: Option<u32>,
    pong: Option<u32>,
}

impl Default for Output {
    fn default() -> Self {
        Output {
            queue: VecDeque::new(),
            bytes: 0,
            written: 0,
            chunk_size: DEFAULT_CHUNK_SIZE,
            acknowledgement: None,
            pong: None,
        }
    }
}

impl Output {
    pub(crate) fn push(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.bytes = self.bytes.saturating_add(bytes.len());
            self.queue.push_back(bytes);
        }
    }

    pub(crate) fn message(&mut self, message: &Encoded) {
        self.message_at(message, 0);
    }

    /// Queues a message with this timestamp, in milliseconds.
    pub(crate) fn message_at(&mut self, message: &Encoded, timestamp: u32) {
        let Encoded { chunk_stream, stream, kind, payload } = message;
        let payload = std::slice::from_ref(payload);
        self.push(encode_message(*chunk_stream, *stream, *kind, timestamp, self.chunk_size, payload));
    }

    /// Gives back the room of messages that are gone.
    pub(crate) fn shrink(&mut self) {
        self.queue.shrink_to_fit();
    }

    /// Announces and uses another chunk size.
    pub(crate) fn set_chunk_size(&mut self, size: u32) {
        let size = size.clamp(1, chunk::MAX_CHUNK_SIZE);
        self.message(&Reply::Control(Control::SetChunkSize(size)).encode());
        self.chunk_size = size;
    }

    pub(crate) fn chunk_size(&self) -> u32 {
        self.chunk_size
    }

    pub(crate) fn acknowledge(&mut self, sequence: u32) {
        self.acknowledgement = Some(sequence);
        self.flush_if_empty();
    }

    pub(crate) fn pong(&mut self, value: u32) {
        self.pong = Some(value);
        self.flush_if_empty();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn at_boundary(&self) -> bool {
        self.written == 0
    }

    pub(crate) fn slices<'a>(&'a self, slices: &mut Vec<IoSlice<'a>>) {
        let mut skip = self.written;
        for message in self.queue.iter().take(MAX_SLICES) {
            slices.push(IoSlice::new(message.get(skip..).unwrap_or_default()));
            skip = 0;
        }
    }

    pub(crate) fn sent(&mut self, n: usize) {
        self.written = self.written.saturating_add(n);
        self.bytes = self.bytes.saturating_sub(n);
        let mut finished = false;
        while let Some(first) = self.queue.front() {
            if self.written < first.len() {
                break;
            }
            self.written = self.written.saturating_sub(first.len());
            self.queue.pop_front();
            finished = true;
        }
        if finished {
            self.flush();
        }
    }

    fn flush_if_empty(&mut self) {
        if self.queue.is_empty() {
            self.flush();
        }
    }

    /// Queues the latest acknowledgement and ping answer.
    fn flush(&mut self) {
        if let Some(sequence) = self.acknowledgement.take() {
            self.message(&Reply::Control(Control::Acknowledgement(sequence)).encode());
        }
        if let Some(value) = self.pong.take() {
            self.message(&Reply::Control(Control::User(UserControl::PingResponse(value))).encode());
        }
    }
}
