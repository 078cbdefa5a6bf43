//! What a media frame is: FLV tag bodies (legacy and Enhanced RTMP), decoder configuration records, NAL units and OBUs.
//!
//! Pure: no socket, clock, thread, file or random source. The same code serves the host and, compiled to wasm, the guests.
//!
//! | room | what | source |
//! |---|---|---|
//! | [`frame`] | one timed media unit and its parts | |
//! | [`flv`] | tag bodies: parse, edit, build; FLV files | FLV 10.1 Annex E, E-RTMP v2 |
//! | [`nal`], [`obu`], [`units`] | NAL units and OBUs: walk, names, edits | ISO/IEC 14496-15, ITU-T H.264, H.265, H.266, AV1 |
//! | [`track`] | what is known of a stream's tracks | |
//! | [`time`] | 64-bit time, a stream's own timeline | RTMP 1.0 |
//! | [`body`] | a payload made of shared slices | |
//! | [`fourcc`] | codec names | E-RTMP v2 |
//! | [`metadata`] | the values of a data message | FLV 10.1 E.4.4 |
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

pub mod body;
pub mod flv;
pub mod fourcc;
pub mod frame;
mod malformed;
pub mod metadata;
pub mod nal;
pub mod obu;
mod read;
pub mod time;
pub mod track;
pub mod units;

pub use body::Body;
pub use fourcc::FourCc;
pub use frame::{Content, Frame, Kind};
pub use malformed::Malformed;
pub use metadata::Metadata;
pub use track::{AudioParams, VideoParams};
pub use units::Unit;
