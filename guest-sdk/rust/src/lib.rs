//! Write Weir filters in Rust: one trait, one macro.
//!
//! | world | trait | macro | decides |
//! |---|---|---|---|
//! | `session-filter` | [`SessionFilter`] | [`export_session!`] | who may connect, publish and play |
//! | `media-filter` | [`MediaFilter`] | [`export_media!`] | what becomes of every frame |
//! | both | both | [`export_session_and_media!`] | |
//! | `job-planner` | [`JobPlanner`] | [`export_jobs!`] | which encodings the host runs |
//!
//! A filter calls the host by plain functions: [`log`], [`metrics`], [`clock`], [`secret`]; with a grant [`entropy`], [`kv`]
//! and [`outbound`] (in comfort: [`http`]); in a media filter [`Frame`] and [`output`]. Off wasm the same functions reach a fake host
//! ([`testing`]), so a filter is tested with `cargo test`.
//!
//! ```
//! use guest_sdk::{Config, Description, Fault, Frame, FrameMeta, MediaFilter, StreamInfo, SavedState, Subscription, Interest, Verdict};
//!
//! /// Lets key frames of H.264 pass and nothing else.
//! struct KeyframesOnly;
//!
//! impl MediaFilter for KeyframesOnly {
//!     type Settings = ();
//!     fn describe() -> Description {
//!         Description::new("keyframes-only", "1.0.0", "Drops every frame that is no key frame.")
//!     }
//!     fn configure(_: Config) -> Result<(), Fault> {
//!         Ok(())
//!     }
//!     fn open(_: &(), _: StreamInfo, _: Option<SavedState>) -> Result<Self, Fault> {
//!         Ok(KeyframesOnly)
//!     }
//!     fn subscribe(&self) -> Subscription {
//!         Subscription::to([Interest::video()])
//!     }
//!     fn on_frame(&mut self, meta: &FrameMeta, _: &mut Frame<'_>) -> Verdict {
//!         if meta.is_key() { Verdict::Pass } else { Verdict::Drop }
//!     }
//! }
//! guest_sdk::export_media!(KeyframesOnly);
//! ```

#[doc(hidden)]
#[allow(missing_docs, unsafe_code, unused, unreachable_pub, clippy::all)]
#[rustfmt::skip]
pub mod bindings;
mod beside;
mod config;
mod export;
mod frame;
pub mod host;
pub mod http;
mod jobs;
mod media_filter;
mod panic;
mod session;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
mod types;
#[doc(hidden)]
pub mod worlds;

pub use ::media;
pub use beside::Beside;
pub use config::Config;
pub use export::{JobExports, MediaExports, SessionAndMediaExports, SessionExports};
pub use frame::Frame;
pub use host::{clock, entropy, kv, log, metrics, outbound, output, secret};
pub use jobs::{JobEvent, JobPlanner, Rendition};
pub use media_filter::{Boundary, Interest, MediaFilter, Subscription, Verdict};
pub use session::{Decision, Denial, Grant, Redirection, Role, SessionFilter, SessionRef, Summary};
pub use types::{
    Attributes, AudioParams, ConnectionInfo, Description, EndReason, Fault, FrameFlags, FrameMeta, MediaKind, Metadata,
    PlayRequest, PublishRequest, SavedState, Scalar, StreamInfo, StreamKey, TlsInfo, TrackInfo, UnitInfo, VideoParams,
    ViewerInfo, fourcc,
};
