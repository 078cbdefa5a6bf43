//! Who may connect, publish and play: the values of session hooks. They mirror `wit/types.wit` and `wit/hooks.wit`.

mod chain;
pub(crate) mod pool;
mod trial;

use std::sync::Arc;

pub use chain::{Reached, SessionChain};

/// Names and values in order; a name may occur more than once.
pub type Attributes = Vec<(String, String)>;

/// The name of a stream: what stands behind the host in its URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StreamKey {
    /// The RTMP application: `live`, `live/eu`.
    pub app: String,
    /// The stream's name, without the query.
    pub name: String,
    /// The arguments behind `?`, percent-decoded.
    pub query: Attributes,
}

/// What is known of a TLS link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsInfo {
    /// `TLSv1.2` or `TLSv1.3`.
    pub protocol: String,
    /// The server name that the peer asked for.
    pub sni: Option<String>,
    /// SHA-256 of the peer's certificate in lower-case hex, if it showed one that was verified.
    pub client_cert_sha256: Option<String>,
}

/// A peer's link and what it said in its connect command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionInfo {
    /// Never used twice in the life of a router.
    pub id: u64,
    /// `rtmp`, `rtmps`, `rtmpe`.
    pub protocol: String,
    /// Without brackets; `unix` for a peer that came by a socket file.
    pub peer_ip: String,
    /// The peer's port; 0 for a socket file.
    pub peer_port: u16,
    /// Ours; 0 for a socket file.
    pub local_port: u16,
    /// Absent without TLS, on RTMPE too.
    pub tls: Option<TlsInfo>,
    /// The application of the connect command, without the query.
    pub app: String,
    /// The URL that the peer says it connected to.
    pub tc_url: String,
    /// `flashVer`, `User-Agent`.
    pub agent: String,
    /// Codecs announced by Enhanced RTMP; empty says nothing.
    pub fourccs: Vec<u32>,
    /// Further connect properties as text.
    pub extra: Attributes,
}

/// A peer asks to publish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishRequest {
    /// Who.
    pub conn: Arc<ConnectionInfo>,
    /// What.
    pub key: StreamKey,
    /// `live`, `record` or `append`, as the peer said.
    pub mode: String,
    /// A publisher of this name would have to give way.
    pub takes_over: bool,
}

/// A peer asks to play.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlayRequest {
    /// Who.
    pub conn: Arc<ConnectionInfo>,
    /// What.
    pub key: StreamKey,
    /// As sent: -2000 or -2 live or recorded, -1000 or -1 live only, from 0 a position.
    pub start_ms: i64,
    /// As sent: -1 until the end.
    pub duration_ms: i64,
}

/// The terms of an allowance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    /// The public name for a secret key; its query is ignored.
    pub rename: Option<StreamKey>,
    /// Told to the media filters, and given back in `on-recheck` and `on-close`.
    pub tags: Attributes,
    /// The publication ends when its bitrate stays above this over ten seconds, in kilobits per second.
    pub max_kbps: Option<u32>,
    /// The session ends after this long.
    pub max_duration_ms: Option<u64>,
    /// Ask again after this long; at least 100.
    pub recheck_ms: Option<u32>,
    /// URLs to push the stream to.
    pub push_to: Vec<String>,
}

/// A refusal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Denial {
    /// Such as `NetStream.Publish.Denied`; empty: the usual one.
    pub code: String,
    /// The text the encoder shows.
    pub reason: String,
    /// Close the connection too.
    pub disconnect: bool,
    /// Answer only after this long, at most 10000.
    pub hold_ms: u32,
}

/// A pointer elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redirection {
    /// rtmp(s) URL to go to.
    pub url: String,
    /// For good, or for now.
    pub permanent: bool,
}

/// What a filter, or a whole chain, says to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// No opinion: the application's default holds.
    Abstain,
    /// Yes, on these terms.
    Allow(Grant),
    /// No.
    Deny(Denial),
    /// Not here.
    Redirect(Redirection),
}

/// What a session is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Connected, neither publishing nor playing.
    Connecting,
    /// Publishing.
    Publishing,
    /// Playing.
    Playing,
}

/// A session that was allowed earlier; in `on-close` also one that came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRef {
    /// Whose.
    pub conn: Arc<ConnectionInfo>,
    /// Doing what.
    pub role: Role,
    /// Absent for a connection, and for what came to nothing before it was a session.
    pub stream: Option<u64>,
    /// As the peer asked for it, before any rename.
    pub key: Option<StreamKey>,
    /// What the filters left with their `allow`.
    pub tags: Attributes,
}

/// What became of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Bytes the peer sent.
    pub bytes_in: u64,
    /// Bytes sent to the peer.
    pub bytes_out: u64,
    /// How long it took.
    pub duration_ms: u64,
    /// Why it is over.
    pub reason: EndReason,
}

/// Why something ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The peer stopped or went away.
    SourceEnded,
    /// Another publisher took the name.
    Replaced,
    /// A filter said no, at first or when asked again.
    Denied,
    /// Another generation of this filter goes on.
    Swapped,
    /// The router stops.
    Shutdown,
    /// Something broke.
    Failed,
    /// A limit that a grant carries was reached.
    Limit,
}
