//! One connection to the server: a non-blocking socket and the protocol's client end.

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use rtmp_proto::client::Event;
use rtmp_proto::{ClientConfig, ClientConnection};
use socket2::{Domain, Protocol, Socket, Type};
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// A connection.
#[derive(Debug)]
pub(crate) struct Link {
    socket: TcpStream,
    pub(crate) connection: ClientConnection,
    /// When it was opened.
    pub(crate) opened_ns: u64,
    established: bool,
    /// Nothing is ever said.
    pub(crate) silent: bool,
}

/// Why a connection is over, for people; equal reasons are counted together.
pub(crate) type Reason = String;

impl Link {
    /// Begins to connect; from `source` if one is given.
    pub(crate) fn open(
        address: SocketAddr,
        source: Option<IpAddr>,
        config: ClientConfig,
        registry: &Registry,
        token: Token,
        now_ns: u64,
    ) -> Result<Link, Reason> {
        let open = || -> io::Result<TcpStream> {
            let mut socket = match source {
                None => TcpStream::connect(address)?,
                Some(source) => connect_from(source, address)?,
            };
            registry.register(&mut socket, token, Interest::READABLE | Interest::WRITABLE)?;
            Ok(socket)
        };
        let socket = open().map_err(|error| format!("connect: {error}"))?;
        let connection = ClientConnection::new(config, Duration::from_nanos(now_ns));
        Ok(Link { socket, connection, opened_ns: now_ns, established: false, silent: false })
    }

    /// The socket may be written to.
    pub(crate) fn writable(&mut self) -> Result<(), Reason> {
        if !self.established {
            if let Some(error) = self.socket.take_error().ok().flatten() {
                return Err(format!("connect: {error}"));
            }
            // Writable means connected, or an early event of a socket that is not there yet.
            match self.socket.peer_addr() {
                Ok(_) => self.established = true,
                Err(error) if error.kind() == ErrorKind::NotConnected => return Ok(()),
                Err(error) => return Err(format!("connect: {error}")),
            }
            let _ = self.socket.set_nodelay(true);
        }
        self.flush()
    }

    /// Whether the TCP connection is there.
    pub(crate) fn is_established(&self) -> bool {
        self.established
    }

    /// Writes what waits, as far as the socket takes it.
    pub(crate) fn flush(&mut self) -> Result<(), Reason> {
        while self.established && !self.silent && self.connection.has_output() {
            let mut slices: Vec<IoSlice<'_>> = Vec::with_capacity(8);
            self.connection.pending_output(&mut slices);
            match self.socket.write_vectored(&slices) {
                Ok(0) => return Err("the server closed the connection".into()),
                Ok(n) => self.connection.sent(n),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(format!("write: {error}")),
            }
        }
        Ok(())
    }

    /// Reads what is there and hands out what it says; `read` gets the number of bytes of each read, with the time. Gives
    /// why the connection is over, if it is.
    pub(crate) fn read(
        &mut self,
        buffer: &mut [u8],
        clock: impl Fn() -> u64,
        mut take: impl FnMut(Input),
    ) -> Result<(), Reason> {
        loop {
            let n = match self.socket.read(buffer) {
                Ok(0) => return Err("the server closed the connection".into()),
                Ok(n) => n,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(format!("read: {error}")),
            };
            let now_ns = clock();
            take(Input::Bytes { n, now_ns });
            let mut input = buffer.get(..n).unwrap_or_default();
            loop {
                let fed = self.connection.feed(Duration::from_nanos(now_ns), input);
                while let Some(event) = self.connection.next_event() {
                    take(Input::Event { event, now_ns });
                }
                let taken = fed.map_err(|error| error.to_string())?;
                input = input.get(taken..).unwrap_or_default();
                if input.is_empty() {
                    break;
                }
                if taken == 0 {
                    self.flush()?;
                    if !self.connection.wants_input() {
                        return Err("the server does not read what it asked for".into());
                    }
                }
            }
            // Less than there was room for: the next byte wakes us.
            if n < buffer.len() {
                break;
            }
        }
        self.flush()
    }

    /// Says goodbye as far as the socket takes it.
    pub(crate) fn close(mut self, registry: &Registry) {
        let _ = self.flush();
        let _ = registry.deregister(&mut self.socket);
    }
}

/// What [`Link::read`] hands out.
pub(crate) enum Input {
    /// This many bytes came.
    Bytes {
        /// How many.
        n: usize,
        /// When.
        now_ns: u64,
    },
    /// They say this.
    Event {
        /// What.
        event: Event,
        /// When its last byte came.
        now_ns: u64,
    },
}

fn connect_from(source: IpAddr, address: SocketAddr) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    socket.bind(&SocketAddr::new(source, 0).into())?;
    match socket.connect(&address.into()) {
        Err(error) if error.raw_os_error() != Some(rustix::io::Errno::INPROGRESS.raw_os_error()) => Err(error),
        _ => Ok(TcpStream::from_std(socket.into())),
    }
}
