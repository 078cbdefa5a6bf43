//! Making listening sockets, and fitting accepted ones.

mod unix;

use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};
use std::time::Duration;

use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use tokio::net::{TcpListener, TcpStream, UnixListener};

use crate::address::{Address, Peer};
use crate::socket;

/// A listening socket.
#[derive(Debug)]
pub(crate) enum Bound {
    Tcp(TcpListener),
    /// With its file, which goes with it.
    Unix(UnixListener, unix::File),
}

impl Bound {
    /// Listens on `address`; a socket file gets `unix_mode`. Needs a tokio runtime.
    pub(crate) fn new(address: &Address, backlog: u32, unix_mode: u32) -> io::Result<Bound> {
        let backlog = i32::try_from(backlog).unwrap_or(i32::MAX);
        Ok(match address {
            Address::Tcp(address) => Bound::Tcp(listen(*address, backlog)?),
            Address::Unix(path) => {
                let (listener, file) = unix::listen(path, unix_mode, backlog)?;
                Bound::Unix(listener, file)
            }
        })
    }

    /// Where it listens, with the port that the kernel chose.
    pub(crate) fn address(&self) -> Option<Address> {
        match self {
            Bound::Tcp(listener) => listener.local_addr().ok().map(Address::Tcp),
            Bound::Unix(_, file) => Some(Address::Unix(file.path().into())),
        }
    }

    pub(crate) fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(socket::Socket, Peer)>> {
        match self {
            Bound::Tcp(listener) => {
                listener.poll_accept(cx).map_ok(|(stream, address)| (socket::Socket::Tcp(stream), Peer::at(address)))
            }
            Bound::Unix(listener, _) => listener.poll_accept(cx).map_ok(|(stream, _)| {
                let who = stream.peer_cred().ok();
                let peer = Peer::Unix { uid: who.map(|who| who.uid()), pid: who.and_then(|who| who.pid()) };
                (socket::Socket::Unix(stream), peer)
            }),
        }
    }
}

/// A listening socket on `address`; `[::]` takes IPv4 as well (dual stack).
fn listen(address: SocketAddr, backlog: i32) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(!address.ip().is_unspecified())?;
    }
    // A restart must not wait for the old connections' TIME-WAIT.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(backlog)?;
    TcpListener::from_std(socket.into())
}

/// Fits an accepted connection: small messages go at once, and a peer that is gone without a word is noticed.
pub(crate) fn fit(stream: &TcpStream, unacknowledged: Duration) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(Duration::from_secs(30)))?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(unacknowledged))?;
    #[cfg(not(target_os = "linux"))]
    let _ = unacknowledged;
    Ok(())
}

/// Whether an accept failed for want of something that comes back: file descriptors or memory.
/// Any other failure is about the one connection that was accepted, and the next accept may work at once.
pub(crate) fn is_exhausted(error: &io::Error) -> bool {
    // EMFILE, ENFILE, ENOBUFS, ENOMEM have no stable `ErrorKind` except the last.
    matches!(error.raw_os_error(), Some(errno::EMFILE | errno::ENFILE | errno::ENOBUFS))
        || error.kind() == io::ErrorKind::OutOfMemory
}

mod errno {
    pub(super) const ENFILE: i32 = 23;
    pub(super) const EMFILE: i32 = 24;
    #[cfg(target_os = "linux")]
    pub(super) const ENOBUFS: i32 = 105;
    #[cfg(not(target_os = "linux"))]
    pub(super) const ENOBUFS: i32 = 55;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_unspecified_ipv6_address_takes_ipv4_too() {
        let listener = listen("[::]:0".parse().unwrap(), 16).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (to, accepted) = tokio::join!(TcpStream::connect(("127.0.0.1", port)), listener.accept());
        to.unwrap();
        accepted.unwrap();
    }

    /// A known defect of the server that this one grew from: it left Nagle's algorithm on.
    #[tokio::test]
    async fn defect_21_small_messages_go_at_once() {
        let listener = listen("127.0.0.1:0".parse().unwrap(), 16).unwrap();
        let (to, accepted) = tokio::join!(TcpStream::connect(listener.local_addr().unwrap()), listener.accept());
        to.unwrap();
        let (stream, _) = accepted.unwrap();
        assert!(!stream.nodelay().unwrap());
        fit(&stream, Duration::from_secs(5)).unwrap();
        assert!(stream.nodelay().unwrap());
    }

    #[tokio::test]
    async fn a_port_is_free_again_at_once() {
        let listener = listen("127.0.0.1:0".parse().unwrap(), 16).unwrap();
        let address = listener.local_addr().unwrap();
        let (to, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
        // The side that closes first keeps the port in TIME-WAIT.
        drop(accepted.unwrap());
        drop(listener);
        drop(to.unwrap());
        listen(address, 16).unwrap();
    }

    #[test]
    fn only_exhaustion_asks_for_patience() {
        assert!(is_exhausted(&io::Error::from_raw_os_error(errno::EMFILE)));
        assert!(is_exhausted(&io::Error::from_raw_os_error(errno::ENFILE)));
        assert!(!is_exhausted(&io::ErrorKind::ConnectionAborted.into()));
    }
}
