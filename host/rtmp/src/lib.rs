//! Sockets for RTMP: listening and dialling, the connections' drivers, the egress writer.
//!
//! [`Listener::bind`] and [`Listener::serve`], [`dial::pull`] and [`dial::push`] are the whole of it: what a peer may do is the
//! router's to say, what is said on the wire is `rtmp-proto`'s.
//!
//! | room | what |
//! |---|---|
//! | [`settings`] | what an operator can set |
//! | [`listener`] | the accept loop, permits, the drain |
//! | [`address`] | where to listen, and who came |
//! | `bind` | making and fitting sockets |
//! | [`proxy`] | load balancers in front: the PROXY protocol |
//! | [`tls`] | certificates, and the handshake of RTMPS |
//! | `connection` | one connection's driver: input → events → output → timeout |
//! | [`dial`] | connections to other servers: play from one, publish to one |
//! | `socket`, `link` | its socket, TCP or unix, and that with or without TLS |
//! | `foreign` | other protocols that come to our addresses |
//! | `egress` | from a subscription to wire bytes |
//! | `crowd` | the players of one stream, written to in one walk |
//! | `outbox` | shared buffers on their way to the socket |
//! | [`data`] | data messages: AMF0 and its values |
//! | [`counters`], `throttle` | what happened, for metrics and the log |
//! | [`error`] | what can go wrong before a connection exists |
#![forbid(unsafe_code)]

pub mod address;
mod bind;
mod connection;
pub mod counters;
mod crowd;
pub mod data;
pub mod dial;
mod egress;
pub mod error;
mod foreign;
mod link;
pub mod listener;
mod outbox;
pub mod proxy;
pub mod settings;
mod socket;
mod throttle;
pub mod tls;

pub use address::Address;
pub use counters::Snapshot;
pub use error::Error;
pub use listener::{Handle, Listener};
pub use proxy::Proxies;
pub use settings::{ConnectionSettings, DEFAULT_PORT, DEFAULT_TLS_PORT, ListenSettings};
pub use tls::Tls;
