//! From the socket into the protocol.

use std::io::ErrorKind;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::ReadBuf;
use tokio::time::Instant;

use super::{Counts, End, Session};

impl Session<'_> {
    /// Reads once; whether something came, if only the end.
    pub(super) fn read(&mut self, cx: &mut Context<'_>) -> bool {
        if self.over.is_some() {
            return false;
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        let mut buffer = ReadBuf::new(&mut scratch);
        let came = match Pin::new(&mut *self.link).poll_read(cx, &mut buffer) {
            Poll::Pending => false,
            Poll::Ready(Ok(())) if buffer.filled().is_empty() => self.input_over(None),
            Poll::Ready(Ok(())) => {
                if self.counts == Counts::Input {
                    self.progress.add_bytes(buffer.filled().len() as u64);
                }
                self.feed(buffer.filled());
                true
            }
            // TLS without a close_notify: most servers leave so, and RTMP has an end of its own.
            Poll::Ready(Err(error)) if error.kind() == ErrorKind::UnexpectedEof => self.input_over(None),
            Poll::Ready(Err(error)) => self.input_over(Some(error.kind())),
        };
        self.scratch = scratch;
        came
    }

    /// Feeds what was kept; whether any of it was taken.
    pub(super) fn feed_kept(&mut self) -> bool {
        if self.kept.is_empty() || !self.proto.wants_input() {
            return false;
        }
        let kept = std::mem::take(&mut self.kept);
        self.feed(&kept);
        self.kept.len() < kept.len()
    }

    fn feed(&mut self, bytes: &[u8]) {
        match self.proto.feed(self.started.elapsed(), bytes) {
            Ok(taken) => self.kept = bytes.get(taken..).unwrap_or_default().to_vec(),
            Err(error) => {
                self.kept = Vec::new();
                self.over = Some(End::Protocol(Box::new(error)));
            }
        }
        if self.shaken.is_none() && self.proto.handshake_variant().is_some() {
            self.shaken = Some(Instant::now());
        }
    }

    fn input_over(&mut self, failed: Option<ErrorKind>) -> bool {
        self.over = Some(match (self.complaint.take(), failed) {
            (Some(info), _) => End::Refused { code: info.code, description: info.description },
            (None, Some(kind)) => End::Io(kind),
            (None, None) => End::RemoteEnded { code: String::new(), description: String::new() },
        });
        true
    }
}
