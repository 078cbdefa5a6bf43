//! One connection to the server: a non-blocking socket and the protocol's client end.

use crate::tls::Tls;
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use rtmp_proto::client::Event;
use rtmp_proto::{ClientConfig, ClientConnection};
use socket2::{Domain, Protocol, Socket, Type};
use std::io::{self, BufRead, ErrorKind, IoSlice, Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Bytes that wait unread at a narrow connection; the kernel makes it twice that.
const NARROW_BUFFER: usize = 8 << 10;
/// Its largest segment, that of an Ethernet: the loopback's is 64 KiB, and a server's kernel would keep megabytes for us.
const NARROW_SEGMENT: u32 = 1460;

/// The type of a TLS record with application data; in RTMP, the basic header of a chunk on chunk stream 23.
const APPLICATION_DATA: u8 = 23;

/// Where a connection goes, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dial<'a> {
    pub(crate) address: SocketAddr,
    /// From which address, if that matters.
    pub(crate) source: Option<IpAddr>,
    pub(crate) tls: Option<&'a Tls>,
    /// Holds next to nothing that is not read.
    pub(crate) narrow: bool,
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Link {
    socket: TcpStream,
    tls: Option<Box<rustls::ClientConnection>>,
    pub(crate) connection: ClientConnection,
    /// When it was opened.
    pub(crate) opened_ns: u64,
    established: bool,
    /// Nothing is ever said.
    pub(crate) silent: bool,
}

const CLOSED: &str = "the server closed the connection";

/// Why a connection is over, for people; equal reasons are counted together.
pub(crate) type Reason = String;

impl Link {
    /// Begins to connect.
    pub(crate) fn open(
        dial: Dial<'_>,
        config: ClientConfig,
        registry: &Registry,
        token: Token,
        now_ns: u64,
    ) -> Result<Link, Reason> {
        let open = || -> io::Result<TcpStream> {
            let mut socket = connect(dial)?;
            registry.register(&mut socket, token, Interest::READABLE | Interest::WRITABLE)?;
            Ok(socket)
        };
        let secure = |tls: &Tls| rustls::ClientConnection::new(tls.config.clone(), tls.name.clone()).map(Box::new);
        let tls = dial.tls.map(secure).transpose().map_err(|error| format!("TLS: {error}"))?;
        let socket = open().map_err(|error| format!("connect: {error}"))?;
        let connection = ClientConnection::new(config, Duration::from_nanos(now_ns));
        Ok(Link { socket, tls, connection, opened_ns: now_ns, established: false, silent: false })
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
        while self.established && !self.silent {
            let written = match &mut self.tls {
                // Records first: what the protocol has to say goes into the next ones.
                Some(tls) if tls.wants_write() => tls.write_tls(&mut self.socket),
                Some(tls) if tls.is_handshaking() => return Ok(()),
                _ if !self.connection.has_output() => return Ok(()),
                tls => {
                    let mut slices: Vec<IoSlice<'_>> = Vec::with_capacity(8);
                    self.connection.pending_output(&mut slices);
                    let taken = match tls {
                        Some(tls) => tls.writer().write_vectored(&slices),
                        None => self.socket.write_vectored(&slices),
                    };
                    taken.inspect(|n| self.connection.sent(*n))
                }
            };
            match written {
                Ok(0) => return Err(CLOSED.into()),
                Ok(_) => {}
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
                Ok(0) => return Err(CLOSED.into()),
                Ok(n) => n,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(format!("read: {error}")),
            };
            let now_ns = clock();
            let mut input = buffer.get(..n).unwrap_or_default();
            if self.tls.is_some() {
                self.decrypt(input, now_ns, &mut take)?;
            } else {
                take(Input::Bytes { n, now_ns });
                while !input.is_empty() {
                    let taken = feed(&mut self.connection, input, now_ns, &mut take)?;
                    input = input.get(taken..).unwrap_or_default();
                    if taken == 0 {
                        self.make_room()?;
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

    /// Takes records as they came and feeds what is in them.
    fn decrypt(&mut self, mut records: &[u8], now_ns: u64, take: &mut impl FnMut(Input)) -> Result<(), Reason> {
        while !records.is_empty() {
            let Some(tls) = &mut self.tls else { return Ok(()) };
            // Nothing taken: the server has said goodbye.
            if tls.read_tls(&mut records).map_err(|error| format!("TLS: {error}"))? == 0 {
                return Err(CLOSED.into());
            }
            let state = match tls.process_new_packets() {
                Ok(state) => state,
                Err(error) => {
                    // Tells the server why, as far as the socket takes it.
                    let _ = tls.write_tls(&mut self.socket);
                    return Err(match error {
                        rustls::Error::InvalidCertificate(why) => format!(
                            "TLS: the server's certificate is not trusted ({why:?}): name it or its issuer with --ca, \
                             or take any with --insecure"
                        ),
                        error => format!("TLS: {error}"),
                    });
                }
            };
            let mut left = state.plaintext_bytes_to_read();
            if left > 0 {
                take(Input::Bytes { n: left, now_ns });
            }
            while left > 0 {
                let Some(tls) = &mut self.tls else { return Ok(()) };
                let mut reader = tls.reader();
                let plain = reader.fill_buf().map_err(|error| format!("TLS: {error}"))?;
                let taken = feed(&mut self.connection, plain, now_ns, take)?;
                reader.consume(taken);
                left = left.saturating_sub(taken);
                if taken == 0 {
                    self.make_room()?;
                }
            }
        }
        Ok(())
    }

    /// Writes what keeps the protocol from reading on.
    fn make_room(&mut self) -> Result<(), Reason> {
        self.flush()?;
        match self.connection.wants_input() {
            true => Ok(()),
            false => Err("the server does not read what it asked for".into()),
        }
    }

    /// Sends one byte, the beginning of a chunk, or of a record of TLS, that never ends. A server that is there waits for the
    /// rest; one that closed behind bytes that nobody reads, of which nothing is heard otherwise, answers with a reset.
    pub(crate) fn knock(&mut self) {
        let _ = self.socket.write(&[APPLICATION_DATA]);
    }

    /// Whether the connection was reset.
    pub(crate) fn is_reset(&self) -> bool {
        !matches!(self.socket.take_error(), Ok(None)) || self.socket.peer_addr().is_err()
    }

    /// Says goodbye as far as the socket takes it.
    pub(crate) fn close(mut self, registry: &Registry) {
        let _ = self.flush();
        if let Some(tls) = &mut self.tls {
            tls.send_close_notify();
            let _ = tls.write_tls(&mut self.socket);
        }
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

/// Feeds the protocol once and hands out what it says; gives how many bytes it took.
fn feed(
    connection: &mut ClientConnection,
    input: &[u8],
    now_ns: u64,
    take: &mut impl FnMut(Input),
) -> Result<usize, Reason> {
    let fed = connection.feed(Duration::from_nanos(now_ns), input);
    while let Some(event) = connection.next_event() {
        take(Input::Event { event, now_ns });
    }
    fed.map_err(|error| error.to_string())
}

fn connect(dial: Dial<'_>) -> io::Result<TcpStream> {
    let Dial { address, source, narrow, .. } = dial;
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    if let Some(source) = source {
        socket.bind(&SocketAddr::new(source, 0).into())?;
    }
    if narrow {
        socket.set_recv_buffer_size(NARROW_BUFFER)?;
        socket.set_tcp_mss(NARROW_SEGMENT)?;
    }
    match socket.connect(&address.into()) {
        Err(error) if error.raw_os_error() != Some(rustix::io::Errno::INPROGRESS.raw_os_error()) => Err(error),
        _ => Ok(TcpStream::from_std(socket.into())),
    }
}
