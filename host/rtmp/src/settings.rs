//! What an operator can set about listening and about each connection.

use std::net::{Ipv6Addr, SocketAddr};
use std::time::Duration;

use crate::{Address, Proxies, Tls};

/// Where to listen, and how many may come.
#[derive(Clone, Debug)]
pub struct ListenSettings {
    /// Addresses to listen on; `[::]` takes IPv4 too. Port 0 lets the kernel choose.
    pub addresses: Vec<Address>,
    /// Addresses to listen on for RTMPS, which needs [`ConnectionSettings::tls`].
    pub tls_addresses: Vec<Address>,
    /// Permission bits of socket files, 0 to 0o777: who may read and write one may connect.
    pub unix_mode: u32,
    /// Connections the kernel keeps for us until they are accepted.
    pub backlog: u32,
    /// Connections at a time, over all addresses; one more is closed at once and counted as refused.
    pub max_connections: usize,
    /// How long connections may take to end after the shutdown signal before they are cut.
    pub drain_timeout: Duration,
    /// What holds for each connection.
    pub connection: ConnectionSettings,
}

impl Default for ListenSettings {
    fn default() -> ListenSettings {
        ListenSettings {
            addresses: vec![SocketAddr::from((Ipv6Addr::UNSPECIFIED, DEFAULT_PORT)).into()],
            tls_addresses: Vec::new(),
            unix_mode: 0o660,
            backlog: 1024,
            max_connections: 10_000,
            drain_timeout: Duration::from_secs(5),
            connection: ConnectionSettings::default(),
        }
    }
}

/// The port of `rtmp://` URLs that name none (RTMP URL scheme).
pub const DEFAULT_PORT: u16 = 1935;
/// The port of `rtmps://` URLs that name none.
pub const DEFAULT_TLS_PORT: u16 = 443;

/// What holds for each connection; a change reaches connections accepted after it.
#[derive(Clone, Debug)]
pub struct ConnectionSettings {
    /// Payload bytes per chunk in what we send, 1 to 16,777,215. Peers choose their own.
    pub chunk_size: u32,
    /// Check that C2 repeats S1. Many clients send something else, so this is off by default.
    pub check_c2: bool,
    /// Speak RTMPE with who asks for it, on addresses without TLS. It keeps nothing secret: see [`rtmp_proto::Cipher`].
    pub rtmpe: bool,
    /// Keep a connection whose last stream was ended by the server; if off, it is closed then.
    /// A stream that the client itself ends (deleteStream, closeStream) never closes its connection.
    pub keep_alive: bool,
    /// From accept to the end of the handshake, the PROXY header and the handshake of TLS included.
    pub handshake_timeout: Duration,
    /// A publisher, or a connection without a stream, that sends no byte for so long is closed.
    /// Players are asked by a ping instead.
    pub idle_timeout: Duration,
    /// A peer that takes no whole message and no 64 KiB off us for so long, while we have some for it, is closed.
    pub write_timeout: Duration,
    /// The certificates of RTMPS addresses.
    pub tls: Option<Tls>,
    /// Whose connections to RTMP addresses begin with a PROXY header.
    pub proxies: Proxies,
    /// The same for RTMPS addresses; the header comes before TLS.
    pub tls_proxies: Proxies,
}

impl Default for ConnectionSettings {
    fn default() -> ConnectionSettings {
        ConnectionSettings {
            chunk_size: 60_000,
            check_c2: false,
            rtmpe: true,
            keep_alive: false,
            handshake_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(10),
            tls: None,
            proxies: Proxies::default(),
            tls_proxies: Proxies::default(),
        }
    }
}
