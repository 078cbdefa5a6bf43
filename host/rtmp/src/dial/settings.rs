//! What an operator can set about dialling.

use std::time::Duration;

use rtmp_proto::handshake::Layout;

/// How a server is dialled and what it may make us hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialSettings {
    /// From the look-up of the name to a TCP connection, over all addresses together. Default 10 s.
    pub connect_timeout: Duration,
    /// The handshake of TLS, and again that of RTMP. Default 10 s.
    pub handshake_timeout: Duration,
    /// From connect, and again from publish or play, to the server's answer. Default 10 s.
    pub answer_timeout: Duration,
    /// A server that takes no whole message and no 64 KiB off us for so long, while we have some for it, is left.
    /// Default 10 s.
    pub write_timeout: Duration,
    /// pull only: a server from which no message of media came for so long is left, before the first one and after any.
    /// 0: never. Default 10 s.
    pub idle_timeout: Duration,
    /// Payload bytes per chunk in what we send, 1 to 16,777,215. Default 4096.
    pub chunk_size: u32,
    /// push only: bytes of frames that wait for a slow server. Frames that do not fit stay in the stream's ring as long as
    /// that keeps them. Default 8 MiB.
    pub backlog_bytes: usize,
    /// push only: a server that is behind by more than this skips to the newest key frame. Default 5 s.
    pub backlog_time: Duration,
    /// tcUrl of the connect command, in place of the URL without the stream's name.
    pub tc_url: Option<String>,
    /// flashVer of the connect command: the name that we give ourselves. Default `FMLE/3.0 (compatible; Weir)`.
    pub flash_ver: Option<String>,
    /// Further properties of the connect command, as text; servers ignore what they do not know. Default none.
    pub properties: Vec<(String, String)>,
    /// Whether connect announces Enhanced RTMP with all codecs, and multitrack, ModEx and reconnect (E-RTMP v2, Enhancing
    /// NetConnection connect Command). A server that closes the connection in answer is asked once more without. Default
    /// true.
    pub enhanced: bool,
    /// Whether C1 carries a digest, and where. Default none: every server takes the plain handshake.
    pub digest: Option<Layout>,
    /// How much we say that a player buffers (SetBufferLength), in milliseconds. Default 3000.
    pub buffer_ms: u32,
    /// How many redirects and reconnect requests are followed in a row. Default 5.
    pub max_redirects: u32,
}

impl Default for DialSettings {
    fn default() -> DialSettings {
        DialSettings {
            connect_timeout: Duration::from_secs(10),
            handshake_timeout: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(10),
            chunk_size: 4096,
            backlog_bytes: 8 << 20,
            backlog_time: Duration::from_secs(5),
            tc_url: None,
            flash_ver: None,
            properties: Vec::new(),
            enhanced: true,
            digest: None,
            buffer_ms: 3000,
            max_redirects: 5,
        }
    }
}
