//! What a media frame is: FLV tag bodies (legacy and Enhanced RTMP), decoder configuration records, NAL units and OBUs.
//!
//! Pure: no socket, clock, thread, file or random source. The same code serves the host and, compiled to wasm, the guests.
//!
//! | room | what | source |
//! |---|---|---|
//! | [`frame`] | one timed media unit and its parts | |
//! | [`flv`] | tag bodies: parse, edit, build; FLV files | FLV 10.1 Annex E, E-RTMP v2 |
//! | [`nal`], [`obu`], [`units`] | NAL units and OBUs: walk, names, edits | ISO/IEC 14496-15, ITU-T H.264, H.265, H.266, AV1 |
//! | [`avc`], [`hevc`], [`av1`], [`vvc`], [`vpx`] | video decoder configuration records, picture size and rate | ISO/IEC 14496-15, AV1 in ISOBMFF |
//! | [`aac`], [`g711`], [`sound`] | AudioSpecificConfig, G.711, other audio headers | ISO/IEC 14496-3, ITU-T G.711 |
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

pub mod aac;
pub mod av1;
pub mod avc;
mod bits;
pub mod body;
pub mod flv;
pub mod fourcc;
pub mod frame;
pub mod g711;
pub mod hevc;
mod malformed;
pub mod metadata;
pub mod nal;
pub mod obu;
mod read;
pub mod sound;
pub mod time;
pub mod track;
pub mod units;
pub mod vpx;
pub mod vvc;

pub use body::Body;
pub use fourcc::FourCc;
pub use frame::{Content, Frame, Kind};
pub use malformed::Malformed;
pub use metadata::Metadata;
pub use track::{AudioParams, VideoParams};
pub use units::Unit;
