//! Parameters out of records and first frames. Best effort: what cannot be read is 0.

use bytes::Bytes;

use super::{AudioParams, VideoParams};
use crate::flv::audio_tag::legacy_sound;
use crate::{Body, FourCc};

/// What a video record says; `None` if it cannot be read.
pub fn video(codec: FourCc, record: &Bytes) -> Option<VideoParams> {
    let length = |b: u8| (b & 3).saturating_add(1);
    match codec {
        FourCc::AVC1 => record.get(4).map(|b| VideoParams { unit_length_bytes: length(*b), ..Default::default() }),
        FourCc::HVC1 => record.get(21).map(|b| VideoParams { unit_length_bytes: length(*b), ..Default::default() }),
        _ => None,
    }
}

/// What an audio record says; for codecs with one sound only, what is always so.
pub fn audio(_codec: FourCc, _record: &Bytes) -> AudioParams {
    AudioParams::default()
}

/// What the first coded frame of a codec without a record says; `first` is the tag body's first byte.
pub fn from_coded_audio(_codec: FourCc, first: u8, _payload: &Body, params: &mut AudioParams) {
    if let Some((sample_rate, channels)) = legacy_sound(first) {
        params.sample_rate = sample_rate;
        params.channels = channels;
    }
}
