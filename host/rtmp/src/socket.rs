//! One accepted socket, TCP or unix: to everything above the same.

use std::io::{self, IoSlice};
use std::os::fd::{AsFd, BorrowedFd};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream, tcp, unix};

/// A whole socket.
#[derive(Debug)]
pub(crate) enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// Its reading end.
#[derive(Debug)]
pub(crate) enum Reader {
    Tcp(tcp::OwnedReadHalf),
    Unix(unix::OwnedReadHalf),
}

/// Its writing end.
#[derive(Debug)]
pub(crate) enum Half {
    Tcp(tcp::OwnedWriteHalf),
    Unix(unix::OwnedWriteHalf),
}

impl Socket {
    pub(crate) fn into_split(self) -> (Reader, Half) {
        match self {
            Socket::Tcp(stream) => {
                let (reader, writer) = stream.into_split();
                (Reader::Tcp(reader), Half::Tcp(writer))
            }
            Socket::Unix(stream) => {
                let (reader, writer) = stream.into_split();
                (Reader::Unix(reader), Half::Unix(writer))
            }
        }
    }

    /// The port that the peer came to; 0 if it came to none, or the connection is gone.
    pub(crate) fn local_port(&self) -> u16 {
        match self {
            Socket::Tcp(stream) => port(stream),
            Socket::Unix(_) => 0,
        }
    }

    /// Waits for bytes and looks at them without taking them. Cancel safe. On a unix socket there is nothing to look with: 0
    /// at once.
    pub(crate) async fn peek(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Socket::Tcp(stream) => stream.peek(buffer).await,
            Socket::Unix(_) => Ok(0),
        }
    }
}

fn port(stream: &TcpStream) -> u16 {
    stream.local_addr().map_or(0, |address| address.port())
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Socket::Tcp(stream) => Pin::new(stream).poll_read(cx, buffer),
            Socket::Unix(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Socket::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
            Socket::Unix(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Socket::Tcp(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
            Socket::Unix(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // What was written is the kernel's.
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Socket::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Socket::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

impl Reader {
    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self {
            Reader::Tcp(half) => Pin::new(half).poll_read(cx, buffer),
            Reader::Unix(half) => Pin::new(half).poll_read(cx, buffer),
        }
    }

    /// As [`Socket::local_port`].
    pub(crate) fn local_port(&self) -> u16 {
        match self {
            Reader::Tcp(half) => port(half.as_ref()),
            Reader::Unix(_) => 0,
        }
    }
}

impl Half {
    pub(crate) fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Half::Tcp(half) => half.as_ref().poll_write_ready(cx),
            Half::Unix(half) => half.as_ref().poll_write_ready(cx),
        }
    }

    pub(crate) fn try_write_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match self {
            Half::Tcp(half) => half.try_write_vectored(slices),
            Half::Unix(half) => half.try_write_vectored(slices),
        }
    }

    /// Drops it without shutting the socket down: it is closed with the reading end.
    pub(crate) fn forget(self) {
        match self {
            Half::Tcp(half) => half.forget(),
            Half::Unix(half) => half.forget(),
        }
    }
}

impl AsFd for Half {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Half::Tcp(half) => half.as_ref().as_fd(),
            Half::Unix(half) => half.as_ref().as_fd(),
        }
    }
}
