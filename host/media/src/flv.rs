//! FLV tag bodies: what an RTMP audio or video message carries (FLV 10.1 Annex E; E-RTMP v2).
//!
//! [`video`] and [`audio`] make a [`Frame`] of any bytes and never fail: what they cannot read passes as
//! [`Content::Opaque`]. [`VideoTag`] and [`AudioTag`] tell every field and write it back byte for byte.

use bytes::Bytes;

use crate::{Body, Content, FourCc, Frame, Kind};

pub mod audio_tag;
mod build;
pub mod enhanced;
pub mod file;
pub mod hevc;
mod rebuild;
mod tracks;
pub mod video_tag;

pub use audio_tag::{AudioHeader, AudioTag};
pub use build::{Parts, build, frame};
pub use hevc::{Carried, HevcForm};
pub use tracks::{Part, split, tracks};
pub use video_tag::{VideoHeader, VideoTag};

/// The frame in a video message; `dts_us` is its decoding time on the stream's own timeline.
///
/// `key` is set for coded frames of frame type 1 only: not for sequence headers, nor for "generated" key frames
/// (frame type 4). A message with several coded tracks is opaque, with the lowest track id and its key flag filled in.
pub fn video(body: Bytes, dts_us: i64) -> Frame {
    let mut frame = blank(Kind::Video, dts_us);
    if let Ok((tag, payload_at)) = video_tag::decode_light(&body) {
        frame.content = tag.content();
        frame.codec = tag.codec();
        frame.track = tag.track();
        frame.key = tag.is_key();
        frame.disposable = tag.is_disposable();
        frame.cts_us = i64::from(tag.cts_ms()).saturating_mul(1000);
        frame.payload_at = payload_at;
    }
    frame.body = Body::from(body);
    frame
}

/// The frame in an audio message; `dts_us` is its decoding time on the stream's own timeline.
///
/// Audio frames are never `key`: that word is kept for video, although a decoder can start at any of them.
/// An empty message (silence) is opaque.
pub fn audio(body: Bytes, dts_us: i64) -> Frame {
    let mut frame = blank(Kind::Audio, dts_us);
    if let Ok((tag, payload_at)) = audio_tag::decode_light(&body) {
        frame.content = tag.content();
        frame.codec = tag.codec();
        frame.track = tag.track();
        frame.payload_at = payload_at;
    }
    frame.body = Body::from(body);
    frame
}

fn blank(kind: Kind, dts_us: i64) -> Frame {
    Frame {
        kind,
        content: Content::Opaque,
        track: 0,
        codec: FourCc::UNKNOWN,
        key: false,
        disposable: false,
        gap_before: false,
        from_filter: false,
        dts_us,
        cts_us: 0,
        body: Body::new(),
        payload_at: 0,
        metadata: None,
    }
}

/// Whether Enhanced CodedFrames of this codec start with a composition time (E-RTMP v2, "CodedFrames").
pub fn has_composition_time(codec: FourCc) -> bool {
    matches!(codec, FourCc::AVC1 | FourCc::HVC1 | FourCc::VVC1)
}

/// Composition time in milliseconds for times in microseconds, so that decoding and presentation time, each cut to whole
/// milliseconds, keep their distance; clipped to what 24 bits hold.
pub fn composition_ms(dts_us: i64, pts_us: i64) -> i32 {
    let ms = pts_us.div_euclid(1000).saturating_sub(dts_us.div_euclid(1000));
    ms.clamp(-0x80_0000, 0x7f_ffff) as i32
}
