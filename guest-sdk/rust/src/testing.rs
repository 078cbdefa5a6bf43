//! A fake host: tests of a filter run natively with `cargo test`.
//!
//! [`Media`] opens a media filter, shows it frames made of [`Sample`]s and tells what goes on; [`Session`] asks a session filter,
//! [`Jobs`] a job planner.
//! Time stands still until [`set_unix_ms`] or a sample's time moves it. The host's memory belongs to the thread: tests do not meet.
//!
//! ```
//! use guest_sdk::testing::{Media, Sample};
//! # use guest_sdk::{*, media as _};
//! # struct Keep;
//! # impl MediaFilter for Keep {
//! #     type Settings = ();
//! #     fn describe() -> Description { Description::new("keep", "1.0.0", "") }
//! #     fn configure(_: Config) -> Result<(), Fault> { Ok(()) }
//! #     fn open(_: &(), _: StreamInfo, _: Option<SavedState>) -> Result<Self, Fault> { Ok(Keep) }
//! #     fn subscribe(&self) -> Subscription { Subscription::to([Interest::video()]) }
//! #     fn on_frame(&mut self, meta: &FrameMeta, _: &mut Frame<'_>) -> Verdict { if meta.is_key() { Verdict::Pass } else { Verdict::Drop } }
//! # }
//! let mut stream = Media::<Keep>::open("{}").unwrap();
//! let key = Sample::h264(&[b"\x65idr"]).key();
//! assert_eq!(stream.frame(&key).frames(), [key.payload()]);
//! assert!(stream.frame(&Sample::h264(&[b"\x41p"])).frames().is_empty());
//! ```

pub(crate) mod frame;
mod host;
pub(crate) mod imports;
mod jobs;
mod media;
pub(crate) mod output;
mod sample;
mod session;

pub use host::{
    LogLine, counter, gauge, grant_bucket, grant_derive, grant_tracks, http_requests, log, reply, reply_http,
    set_secret, set_taken, set_unix_ms, unix_ms,
};
pub use jobs::{Jobs, audio_track, video_track};
pub use media::{Item, Media, Outcome, stream};
pub use sample::Sample;
pub use session::{Session, connection, key, play, publish, session};
