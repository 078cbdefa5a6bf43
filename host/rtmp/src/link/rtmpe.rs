//! The encryption of RTMPE between a connection and its socket.

use std::cell::RefCell;
use std::io::{self, IoSlice};
use std::task::{Context, Poll, ready};

use rtmp_proto::Cipher;

use super::Writer;

/// Bytes encrypted for one write.
const WRITE_BYTES: usize = 64 * 1024;

thread_local! {
    /// What is encrypted stays here only within one call: what the socket takes at once, as it nearly always does, is never
    /// copied to a connection.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(Vec::with_capacity(WRITE_BYTES));
}

/// A cipher, and what it has encrypted and the socket has not taken.
#[derive(Debug)]
pub(crate) struct Rtmpe {
    cipher: Box<Cipher>,
    rest: Vec<u8>,
    /// Bytes of `rest` that are gone.
    gone: usize,
}

impl Rtmpe {
    pub(super) fn new(cipher: Box<Cipher>) -> Box<Rtmpe> {
        Box::new(Rtmpe { cipher, rest: Vec::new(), gone: 0 })
    }

    pub(super) fn decrypt(&mut self, bytes: &mut [u8]) {
        self.cipher.decrypt(bytes);
    }

    /// Takes at most 64 KiB of the slices, and nothing while what was taken before is still here.
    pub(super) fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        writer: &Writer,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_flush(cx, writer))?;
        SCRATCH.with_borrow_mut(|scratch| {
            scratch.clear();
            for slice in slices {
                let room = WRITE_BYTES - scratch.len();
                scratch.extend_from_slice(slice.get(..room).unwrap_or(slice));
            }
            self.cipher.encrypt(scratch);
            // The cipher has moved on: from here on these bytes are taken, whatever the socket says.
            let written = match writer.poll_write_vectored(cx, &[IoSlice::new(scratch)]) {
                Poll::Ready(written) => written?,
                Poll::Pending => 0,
            };
            self.rest.extend_from_slice(scratch.get(written..).unwrap_or_default());
            Poll::Ready(Ok(scratch.len()))
        })
    }

    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>, writer: &Writer) -> Poll<io::Result<()>> {
        while let Some(left) = self.rest.get(self.gone..).filter(|left| !left.is_empty()) {
            let written = ready!(writer.poll_write_vectored(cx, &[IoSlice::new(left)]))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.gone += written;
        }
        if self.gone > 0 {
            (self.rest, self.gone) = (Vec::new(), 0);
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests;
