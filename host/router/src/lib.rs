//! The one door: publish and play are admitted, filtered, connected.
//!
//! Every front end reaches filters and streams through here, so no protocol can go around authentication.
//!
//! ```text
//! Router ── connect ──► Connection ── publish ──► Publication   push(frame bytes) → timeline → chain → stream
//!                                  └─ play ─────► Subscription  next(batch) ← stream
//! ```
//!
//! All three end by drop; session filters are told of the end of what they let pass (`on-close`) in the background.
//!
//! | room | what |
//! |---|---|
//! | [`settings`] | applications, their filters and limits; how a path finds its application |
//! | [`name`] | paths and queries as peers write them |
//! | [`connection`] | connect, publish, play: asking the session filters |
//! | [`publication`], [`subscription`] | the two ends of a stream, as admitted |
//! | `egress` | a viewer's own filters |
//! | `derived` | streams that media filters make beside a publication |
//! | [`hevc`] | which players get H.265 in which form |
//! | [`backup`] | streams that are fed from the best of several inputs |
//! | [`ingest`] | message → frame → filters, with or without a stream behind it |
//! | [`demand`], [`published`], [`feed`] | what is waited for, watched and published: for those who fetch and carry streams |
//! | [`pass`] | secrets and names for programs that work for the router |
//! | [`via`] | where a stream has been: relay loops |
//! | [`refusal`] | what a peer is told when it may not, or no longer |
//! | `question` | a question to session filters, until a session comes of it or nothing |
//! | `session`, `rate` | the terms of an allowance, held by timers and counters |
#![forbid(unsafe_code)]

pub mod backup;
pub mod connection;
pub mod demand;
mod derived;
mod egress;
pub mod feed;
pub mod hevc;
pub mod ingest;
pub mod name;
pub mod pass;
pub mod publication;
pub mod published;
mod question;
mod rate;
pub mod refusal;
pub mod router;
mod session;
pub mod settings;
pub mod subscription;
pub mod via;

pub use backup::{Backup, BackupState};
pub use connection::Connection;
pub use demand::{Wanted, Watchers};
pub use fanout::{Bounds, Entry, Flush, Limits, Slow, Start, Summary};
pub use feed::Feed;
pub use filter::session::{Attributes, ConnectionInfo, EndReason, Redirection, StreamKey, TlsInfo};
pub use hevc::{HEVC_WORDS, Hevc};
pub use ingest::Ingest;
pub use media::time::Policy;
pub use pass::{Pass, Reserved, Used};
pub use publication::Publication;
pub use published::Published;
pub use refusal::{Kick, Refusal};
pub use router::Router;
pub use settings::{App, OnDuplicate, Settings};
pub use subscription::{Event, Subscription};
pub use via::Via;
