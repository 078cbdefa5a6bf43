//! Streams: one publisher, many subscribers, the GOP cache.
//!
//! A stream is one bounded ring of shared frames. The publisher appends and never waits; each subscriber is a cursor, an
//! index into that ring, so memory does not grow with the number of subscribers or their slowness. The ring is the GOP
//! cache too: a joiner starts at the newest key frame in it, behind the headers as they were there.
//!
//! | room | what |
//! |---|---|
//! | [`streams`] | the registry: names, who may publish, bounds |
//! | [`publisher`] | the writing end |
//! | [`flush`] | when frames leave for the subscribers |
//! | [`subscriber`] | the reading end: live, waiting, late |
//! | [`follower`] | reads for many subscribers that are at the same place |
//! | [`entry`] | a frame in the ring, with the wire forms that were made of it |
//! | [`start`] | where a joiner begins |
//! | [`limits`] | what a stream and the registry may hold, who is too slow |
//! | `ring`, `cursor`, `headers` | what is kept, where a reader stands, what a decoder needs first |
//!
//! Knows frames, never a protocol: what a wire form is, its users decide.
#![forbid(unsafe_code)]

mod cursor;
pub mod entry;
pub mod flush;
pub mod follower;
mod headers;
pub mod limits;
pub mod publisher;
mod ring;
pub mod start;
mod stream;
pub mod streams;
pub mod subscriber;

pub use entry::Entry;
pub use flush::Flush;
pub use follower::{Follower, Position};
pub use limits::{Bounds, Limits, Slow};
pub use publisher::{Interrupted, Previous, Publisher, Replaced};
pub use start::Start;
pub use streams::{Error, StreamKey, Streams, Summary};
pub use subscriber::{Event, Subscriber};
