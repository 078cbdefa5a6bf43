//! Pull from and push to other servers.
//!
//! A pull plays a stream from another server and publishes it here, always or while somebody watches it; a push plays a
//! stream of this router and publishes it elsewhere. Both go through the router's door, by its way in for the house's own
//! work, and through `rtmp::dial` to the other server. What is here is when: which streams, where to, and when again.
//!
//! | room | what |
//! |---|---|
//! | [`settings`] | what the operator orders |
//! | [`pattern`] | which streams are meant |
//! | [`template`] | the URL for a stream; what of it may be shown |
//! | [`status`] | what a relay is at, for who looks on |
//! | `attempt` | one try: to pull, to push |
//! | `keep` | what is tried again and again: all addresses of a relay, one after the other |
//! | [`supervisor`] | which relays there are: orders, demand, publications |
#![forbid(unsafe_code)]

mod attempt;
mod keep;
pub mod pattern;
pub mod settings;
pub mod status;
pub mod supervisor;
pub mod template;

pub use pattern::{Pattern, PatternError};
pub use settings::{Link, Pull, Push, Settings, Which};
pub use status::{Kind, Snapshot, State, Status};
pub use supervisor::Relay;
pub use template::{Address, Hide, Template, TemplateError};
