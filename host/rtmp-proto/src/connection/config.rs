//! How a server connection behaves.

use crate::handshake::HandshakeRandom;
use crate::limits::Limits;
use std::time::Duration;

/// Settings of one server connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    /// Payload bytes per chunk that we send. Default 60,000.
    pub chunk_size: u32,
    /// Bytes after which we want an acknowledgement, and at which half we acknowledge a peer that names no window.
    /// Default 524,288.
    pub window_ack_size: u32,
    /// Bytes the peer may have in flight, announced with limit type dynamic. Default 524,288.
    pub peer_bandwidth: u32,
    /// Whether a C2 that does not answer S1 ends the connection. Default no: real clients send anything.
    pub check_c2: bool,
    /// Whether a peer may ask for RTMPE: the driver has to do the encryption, by
    /// [`take_cipher`](super::ServerConnection::take_cipher). Default no.
    pub rtmpe: bool,
    /// What the peer may make us hold.
    pub limits: Limits,
    /// From accept to the connect command. Default 10 s.
    pub handshake_timeout: Duration,
    /// Silence after which a peer that does not play is gone; at half of it, it is pinged. 0: never. Default 10 s.
    pub idle_timeout: Duration,
    /// Random bytes for the handshake; new ones for each connection.
    pub random: HandshakeRandom,
    /// Whether Enhanced RTMP is announced in the answer to connect: all codecs forwarded, and `caps_ex`. Default yes.
    pub announce_enhanced: bool,
    /// Enhanced capabilities to announce: 1 reconnect requests (sent), 2 multitrack, 4 ModEx, 8 nanosecond offset (read and
    /// passed through). Default 15.
    pub caps_ex: u32,
}

impl ServerConfig {
    /// The defaults, with this randomness.
    pub fn new(random: HandshakeRandom) -> Self {
        ServerConfig {
            chunk_size: 60_000,
            window_ack_size: 524_288,
            peer_bandwidth: 524_288,
            check_c2: false,
            rtmpe: false,
            limits: Limits::default(),
            handshake_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(10),
            random,
            announce_enhanced: true,
            caps_ex: 1 | 2 | 4 | 8,
        }
    }
}
