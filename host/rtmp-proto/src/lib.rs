//! What RTMP says: handshake, chunks, AMF, commands, sessions.
//!
//! Pure: no socket, clock, thread, file or random source. Time is a [`Duration`](std::time::Duration) since an origin of
//! the caller's choice, randomness is a value in the configuration. A driver moves bytes and time in and takes events
//! and bytes out, in this order: [`feed`](ServerConnection::feed), [`next_event`](ServerConnection::next_event) until
//! there is none (answering requests), [`pending_output`](ServerConnection::pending_output) and
//! [`sent`](ServerConnection::sent), [`next_timeout`](ServerConnection::next_timeout).
//!
//! | room | what | source |
//! |---|---|---|
//! | [`handshake`] | C0 to S2: plain, with digests, RTMPE | RTMP 1.0 §5.2 |
//! | [`chunk`] | messages to chunks and back | RTMP 1.0 §5.3 |
//! | [`message`] | one message, its types | RTMP 1.0 §6.1, §7.1 |
//! | [`control`] | protocol control and user control messages | RTMP 1.0 §5.4, §6.2 |
//! | [`window`] | acknowledgement and bandwidth, both ways | RTMP 1.0 §5.4.3 to §5.4.5 |
//! | [`aggregate`] | messages inside one message | RTMP 1.0 §7.1.6 |
//! | [`amf0`] | action message format 0 | AMF0 |
//! | [`amf3`] | action message format 3, read only | AMF3 |
//! | [`command`] | what a client asks, typed | RTMP 1.0 §7.2 |
//! | [`reply`], [`status`] | what a server answers, typed | RTMP 1.0 §7.2 |
//! | [`stream`] | one NetStream's state | RTMP 1.0 §7.2.2 |
//! | [`server`] | the transition table: command in, state, replies and events out; no bytes | RTMP 1.0 §7.2 |
//! | [`event`] | what a driver is told | |
//! | [`connection`] | all of it together: [`ServerConnection`] | |
//! | [`client`] | the other end: [`ClientConnection`] | RTMP 1.0 §7.2 |
//! | [`error`], [`limits`] | what went wrong, where, whose fault; what a peer may use | |
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::unreachable
    )
)]
#![forbid(unsafe_code)]

pub mod aggregate;
pub mod amf0;
pub mod amf3;
pub mod chunk;
pub mod client;
pub mod command;
pub mod connection;
pub mod control;
mod cursor;
pub mod error;
pub mod event;
pub mod handshake;
pub mod id;
pub mod limits;
pub mod message;
pub mod reply;
pub mod server;
pub mod status;
pub mod stream;
pub mod window;

pub use client::{ClientConfig, ClientConnection};
pub use command::PeerInfo;
pub use connection::{ServerConfig, ServerConnection};
pub use error::{Cause, Error, Fault, Place};
pub use event::{ConnectRequest, Event, MediaMessage, PlayRequest, PublishRequest};
pub use handshake::{Cipher, HandshakeRandom};
pub use id::{ChunkStreamId, MessageStreamId, RequestId};
pub use limits::Limits;
pub use message::{MediaKind, MessageType};
