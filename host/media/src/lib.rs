//! What a media frame is: FLV tag bodies (legacy and Enhanced RTMP), decoder configuration records, NAL units and OBUs.
//!
//! Pure: no socket, clock, thread, file or random source. The same code serves the host and, compiled to wasm, the guests.
//!
//! | room | what | source |
//! |---|---|---|
//! | [`frame`] | one timed media unit and its parts | |
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
pub mod fourcc;
pub mod frame;
pub mod metadata;

pub use body::Body;
pub use fourcc::FourCc;
pub use frame::{Content, Frame, Kind};
pub use metadata::Metadata;
