//! Requests and frames to the socket.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::time::Instant;

use super::{Counts, Session};
use crate::outbox::{Flushed, Outbox};

/// Requests and replies that may wait outside the protocol, which bounds and merges those inside.
const REPLY_BYTES: usize = 64 * 1024;

impl Session<'_> {
    /// Writes what there is and the socket takes.
    pub(super) fn write(&mut self, cx: &mut Context<'_>) {
        while self.deaf.is_none() {
            self.take_replies();
            let link = &mut self.link;
            let flushed = self.outbox.flush(|slices| match Pin::new(&mut **link).poll_write_vectored(cx, slices) {
                Poll::Ready(written) => written,
                Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
            });
            // TLS may have taken more than the socket.
            let flushed = match flushed {
                Ok(Flushed::Empty) => match Pin::new(&mut *self.link).poll_flush(cx) {
                    Poll::Ready(flushed) => flushed.map(|()| Flushed::Empty),
                    Poll::Pending => Ok(Flushed::Blocked),
                },
                other => other,
            };
            self.count();
            match flushed {
                Ok(Flushed::Empty) => {
                    self.stuck = None;
                    if !self.proto.has_output() {
                        return;
                    }
                }
                Ok(Flushed::Blocked) => {
                    let progress = self.outbox.progress();
                    if self.stuck.is_none_or(|(_, then)| then != progress) {
                        self.stuck = Some((Instant::now(), progress));
                    }
                    return;
                }
                Err(error) => {
                    // The server may have told the reason before it closed: that is read first.
                    self.deaf = Some(error.kind());
                    self.outbox = Outbox::default();
                }
            }
        }
    }

    /// Whether all that was said is with the kernel.
    pub(super) fn is_written(&self) -> bool {
        self.deaf.is_some() || (self.outbox.len() == 0 && self.stuck.is_none() && !self.proto.has_output())
    }

    /// Moves the protocol's output behind what is already on its way. It is small: requests and replies, never media.
    fn take_replies(&mut self) {
        while self.proto.has_output() && self.outbox.len() < REPLY_BYTES {
            let mut slices = Vec::new();
            self.proto.pending_output(&mut slices);
            let mut replies = Vec::with_capacity(slices.iter().map(|s| s.len()).sum());
            for slice in &slices {
                replies.extend_from_slice(slice);
            }
            self.proto.sent(replies.len());
            self.outbox.push(Bytes::from(replies));
        }
    }

    fn count(&mut self) {
        if self.counts == Counts::Output {
            let written = self.outbox.written();
            self.progress.add_bytes(written.saturating_sub(self.counted));
            self.counted = written;
        }
    }
}
