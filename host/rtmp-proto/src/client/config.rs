//! How a client connection behaves.

use crate::handshake::{HandshakeRandom, Layout};
use crate::limits::Limits;
use std::time::Duration;

/// Settings of one client connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientConfig {
    /// The application, with its query if the server wants one there.
    pub app: String,
    /// The URL without the stream name, as servers check it against the application.
    pub tc_url: String,
    /// The name and version we give ourselves.
    pub flash_ver: String,
    /// Further properties of the connect command, as text; servers ignore what they do not know. Default none.
    pub properties: Vec<(String, String)>,
    /// Enhanced RTMP capabilities to announce: 1 reconnect, 2 multitrack, 4 ModEx, 8 nanosecond offset. `None`: nothing
    /// of Enhanced RTMP is said, as most encoders and players do. Default 15, with all codecs.
    pub caps_ex: Option<u32>,
    /// Whether C1 carries a digest, and where; servers that know none answer in the plain way. Default none.
    pub digest: Option<Layout>,
    /// Whether to ask for RTMPE, and for nothing less: the driver has to do the encryption, by
    /// [`take_cipher`](super::ClientConnection::take_cipher). C1 carries its digest where `digest` says, or behind the key as
    /// most clients have it. Default no.
    pub rtmpe: bool,
    /// Payload bytes per chunk that we send. Default 4096.
    pub chunk_size: u32,
    /// Bytes at which half we acknowledge a server that names no window, and the window we announce. Default 2,500,000.
    pub window_ack_size: u32,
    /// How much we say that a player buffers, in milliseconds. Default 3000.
    pub buffer_ms: u32,
    /// What the server may make us hold.
    pub limits: Limits,
    /// From the start to the answer to connect. Default 10 s.
    pub connect_timeout: Duration,
    /// From a verb that is sent to its answer. Default 10 s.
    pub answer_timeout: Duration,
    /// Silence after which the server is gone; at half of it, it is pinged. 0, the default: never.
    pub idle_timeout: Duration,
    /// Random bytes for the handshake; new ones for each connection.
    pub random: HandshakeRandom,
}

impl ClientConfig {
    /// The defaults, for this application (`live`) and connection URL (`rtmp://host/live`).
    pub fn new(app: &str, tc_url: &str, random: HandshakeRandom) -> Self {
        ClientConfig {
            app: app.to_owned(),
            tc_url: tc_url.to_owned(),
            flash_ver: "FMLE/3.0 (compatible; Weir)".to_owned(),
            properties: Vec::new(),
            caps_ex: Some(15),
            digest: None,
            rtmpe: false,
            chunk_size: 4096,
            window_ack_size: 2_500_000,
            buffer_ms: 3000,
            limits: Limits::default(),
            connect_timeout: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(10),
            idle_timeout: Duration::ZERO,
            random,
        }
    }
}
