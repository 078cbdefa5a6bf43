//! The socket of one connection.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use socket2::SockRef;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// What a connection reads from and writes to. Its writing end can be shared with who writes media to many connections.
#[derive(Debug)]
pub(crate) struct Link {
    reader: OwnedReadHalf,
    writer: Arc<OwnedWriteHalf>,
}

impl Link {
    pub(crate) fn new(stream: TcpStream) -> Link {
        let (reader, writer) = stream.into_split();
        Link { reader, writer: Arc::new(writer) }
    }

    /// The port that the peer came to; 0 if the connection is gone.
    pub(crate) fn local_port(&self) -> u16 {
        self.reader.local_addr().map_or(0, |a| a.port())
    }

    /// The writing end, if others may write whole messages to it while the connection does not.
    pub(crate) fn shared(&self) -> Option<Arc<OwnedWriteHalf>> {
        Some(Arc::clone(&self.writer))
    }

    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.reader).poll_read(cx, buffer)
    }

    pub(crate) fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let socket: &TcpStream = self.writer.as_ref().as_ref();
        loop {
            ready!(socket.poll_write_ready(cx))?;
            match socket.try_write_vectored(slices) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => return Poll::Ready(written),
            }
        }
    }

    /// Closes our side: the peer reads to the end of what was written.
    pub(crate) fn poll_shutdown(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let socket: &TcpStream = self.writer.as_ref().as_ref();
        Poll::Ready(SockRef::from(socket).shutdown(std::net::Shutdown::Write))
    }
}
