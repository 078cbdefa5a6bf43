//! Sockets for RTMP: listening, the connection's driver, the egress writer.
//!
//! [`Listener::bind`] and [`Listener::serve`] are the whole of it: what a peer may do is the router's to say, what is said
//! on the wire is `rtmp-proto`'s.
//!
//! | room | what |
//! |---|---|
//! | [`settings`] | what an operator can set |
//! | [`listener`] | the accept loop, permits, the drain |
//! | `bind` | making and fitting sockets |
//! | `connection` | one connection's driver: input → events → output → timeout |
//! | `egress` | from a subscription to wire bytes |
//! | `outbox` | shared buffers on their way to the socket |
//! | [`data`] | data messages: AMF0 and its values |
//! | [`counters`], `throttle` | what happened, for metrics and the log |
//! | [`error`] | what can go wrong before a connection exists |
#![forbid(unsafe_code)]

mod bind;
mod connection;
pub mod counters;
pub mod data;
mod egress;
pub mod error;
pub mod link;
mod listener;
mod outbox;
pub mod settings;
mod throttle;

pub use counters::Snapshot;
pub use error::Error;
pub use listener::{Handle, Listener};
pub use settings::{ConnectionSettings, DEFAULT_PORT, ListenSettings};
