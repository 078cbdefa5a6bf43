//! The socket of one connection: plain, with RTMPE's encryption, or with TLS.

mod rtmpe;

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use router::TlsInfo;
use rtmp_proto::Cipher;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::server::TlsStream;

use self::rtmpe::Rtmpe;
use crate::socket::{Half, Reader, Socket};
use crate::tls;

/// What a connection reads from and writes to.
#[derive(Debug)]
pub(crate) enum Link {
    /// Its writing end can be shared with who writes media to many connections, unless the handshake has agreed on RTMPE.
    Plain { reader: Reader, writer: Arc<Writer>, rtmpe: Option<Box<Rtmpe>> },
    /// Records are encrypted in the order in which they are written, so only the connection itself writes.
    Tls(Box<TlsStream<Socket>>),
}

impl Link {
    pub(crate) fn plain(socket: Socket) -> Link {
        let (reader, writer) = socket.into_split();
        Link::Plain { reader, writer: Arc::new(Writer(Some(writer))), rtmpe: None }
    }

    /// From here on everything goes through the cipher: nothing that was written before may still wait.
    pub(crate) fn encrypt(&mut self, cipher: Box<Cipher>) {
        match self {
            Link::Plain { rtmpe, .. } => *rtmpe = Some(Rtmpe::new(cipher)),
            Link::Tls(_) => {}
        }
    }

    /// The scheme of the URL that the peer came by.
    pub(crate) fn protocol(&self) -> &'static str {
        match self {
            Link::Plain { rtmpe: None, .. } => "rtmp",
            Link::Plain { rtmpe: Some(_), .. } => "rtmpe",
            Link::Tls(_) => "rtmps",
        }
    }

    /// The port that the peer came to; 0 if it came to none, or the connection is gone.
    pub(crate) fn local_port(&self) -> u16 {
        match self {
            Link::Plain { reader, .. } => reader.local_port(),
            Link::Tls(stream) => stream.get_ref().0.local_port(),
        }
    }

    /// The writing end, if others may write whole messages to it while the connection does not.
    pub(crate) fn shared(&self) -> Option<Arc<Writer>> {
        match self {
            Link::Plain { writer, rtmpe: None, .. } => Some(Arc::clone(writer)),
            Link::Plain { rtmpe: Some(_), .. } | Link::Tls(_) => None,
        }
    }

    /// What is known of its TLS; `None` without.
    pub(crate) fn tls(&self) -> Option<TlsInfo> {
        let Link::Tls(stream) = self else { return None };
        let (_, session) = stream.get_ref();
        let protocol = match session.protocol_version() {
            Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2",
            _ => "TLSv1.3",
        };
        Some(TlsInfo {
            protocol: protocol.to_owned(),
            sni: session.server_name().map(str::to_owned),
            client_cert_sha256: session.peer_certificates().and_then(|chain| chain.first()).map(tls::fingerprint),
        })
    }

    /// Reads what is there; nothing read means that the peer has closed its side.
    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self {
            Link::Plain { reader, rtmpe: None, .. } => reader.poll_read(cx, buffer),
            Link::Plain { reader, rtmpe: Some(rtmpe), .. } => {
                let before = buffer.filled().len();
                ready!(reader.poll_read(cx, buffer))?;
                rtmpe.decrypt(buffer.filled_mut().get_mut(before..).unwrap_or_default());
                Poll::Ready(Ok(()))
            }
            Link::Tls(stream) => match ready!(Pin::new(stream).poll_read(cx, buffer)) {
                // Without a close_notify. Most RTMP clients leave so, and RTMP has an end of its own.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Poll::Ready(Ok(())),
                read => Poll::Ready(read),
            },
        }
    }

    /// Takes bytes of the slices in their order. Encrypted ones may still be here in part when this returns:
    /// [`poll_flush`](Link::poll_flush) tells when none is.
    pub(crate) fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self {
            Link::Plain { writer, rtmpe: None, .. } => writer.poll_write_vectored(cx, slices),
            Link::Plain { writer, rtmpe: Some(rtmpe), .. } => rtmpe.poll_write_vectored(cx, writer, slices),
            // Encrypts from the slices into records of 16 KiB, at most 64 KiB of them, and writes these with one call.
            Link::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
        }
    }

    /// Hands the kernel what was taken and is still here.
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Link::Plain { rtmpe: None, .. } => Poll::Ready(Ok(())),
            Link::Plain { writer, rtmpe: Some(rtmpe), .. } => rtmpe.poll_flush(cx, writer),
            Link::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    /// Closes our side: the peer reads to the end of what was written. TLS says so itself, by close_notify.
    pub(crate) fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Link::Plain { writer, .. } => {
                let socket = writer.socket()?;
                Poll::Ready(SockRef::from(socket).shutdown(std::net::Shutdown::Write))
            }
            Link::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// The writing end of a socket without TLS. The socket is closed when both ends are dropped.
#[derive(Debug)]
pub(crate) struct Writer(Option<Half>);

impl Writer {
    /// Writes what the socket takes now, from one slice or several.
    ///
    /// Asks the kernel and not the runtime, whose word on thousands of sockets is as many cache lines: a full socket says
    /// so itself, and who waits for it asks the runtime then.
    pub(crate) fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let socket = SockRef::from(self.socket()?);
        match slices {
            [one] => socket.send(one),
            _ => socket.send_vectored(slices),
        }
    }

    /// The same for the connection itself, which is woken when a full socket has room again.
    fn poll_write_vectored(&self, cx: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let socket = self.socket()?;
        loop {
            ready!(socket.poll_write_ready(cx))?;
            match socket.try_write_vectored(slices) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => return Poll::Ready(written),
            }
        }
    }

    fn socket(&self) -> io::Result<&Half> {
        self.0.as_ref().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Dropped as it is, it would shut the socket down right before it is closed: a tenth of what a short connection costs.
        if let Some(half) = self.0.take() {
            half.forget();
        }
    }
}
