//! The client's end: one connection to another server, to publish to it or to play from it.
//!
//! [`ClientConnection`] has the same seam as the server's end: feed, events, output, timeouts, and verbs in place of
//! answers. A verb may come at any time, even before the handshake: what it needs is asked for in order.
//!
//! | room | what |
//! |---|---|
//! | [`url`] | `rtmp://host/app/name` taken apart |
//! | [`request`] | what a client asks, typed |
//! | [`answer`] | what a server answers, typed |
//! | [`session`] | the transition table: answer in; state, requests and events out; no bytes |
//! | [`event`] | what a driver is told |
//! | [`login`] | user and password, where a server asks for them |

pub mod answer;
mod config;
mod connection;
pub mod event;
pub mod login;
pub mod request;
pub mod session;
pub mod url;

pub use config::ClientConfig;
pub use connection::ClientConnection;
pub use event::{Event, ServerInfo};
pub use url::Url;
