//! Parameters out of records and first frames. Best effort: what cannot be read is 0.

use bytes::Bytes;

use super::{AudioParams, VideoParams};
use crate::flv::audio_tag::legacy_sound;
use crate::nal::{h264, h265};
use crate::{Body, FourCc, aac, av1, avc, g711, hevc, sound, units, vpx, vvc};

/// What a video record says; `None` if it cannot be read.
pub fn video(codec: FourCc, record: &Bytes) -> Option<VideoParams> {
    match codec {
        FourCc::AVC1 => avc::Record::decode(record).ok().map(|r| r.params()),
        FourCc::HVC1 => hevc::Record::decode(record).ok().map(|r| r.params()),
        FourCc::AV01 => {
            av1::Record::decode(record).or_else(|_| av1::Record::from_descriptor(record)).ok().map(|r| r.params())
        }
        FourCc::VVC1 => vvc::params(record),
        FourCc::VP08 | FourCc::VP09 => vpx::params(record),
        _ => None,
    }
}

/// What an audio record says; of codecs that know one rate only, that.
pub fn audio(codec: FourCc, record: &[u8]) -> AudioParams {
    match codec {
        FourCc::MP4A => {
            aac::AudioSpecificConfig::decode(record).map_or(AudioParams::default(), |config| AudioParams {
                sample_rate: config.sample_rate(),
                channels: config.channels(),
                // All compressed sound of FLV decodes to 16 bits (FLV 10.1 E.4.2.1).
                bits: 16,
                object_type: config.signalled_object_type(),
            })
        }
        FourCc::OPUS => {
            sound::opus_head(record).unwrap_or(AudioParams { sample_rate: 48_000, ..AudioParams::default() })
        }
        FourCc::FLAC => sound::flac_stream_info(record).unwrap_or_default(),
        FourCc::ALAW | FourCc::ULAW => {
            AudioParams { sample_rate: g711::SAMPLE_RATE, bits: g711::BITS, ..AudioParams::default() }
        }
        _ => AudioParams::default(),
    }
}

/// What a key frame says that carries its parameter sets itself; lengths before NAL units are taken to be 4 bytes.
pub fn from_key_frame(codec: FourCc, payload: &Body, params: &mut Option<VideoParams>) {
    if matches!(codec, FourCc::VP08 | FourCc::VP09) {
        let mut head = Vec::with_capacity(16);
        payload.copy_range(0, 16, &mut head);
        let size = if codec == FourCc::VP08 { vpx::vp8_size(&head) } else { vpx::vp9_size(&head) };
        if let Some((width, height)) = size {
            *params = Some(VideoParams { width, height, ..params.unwrap_or_default() });
        }
        return;
    }
    *params = params.or_else(|| in_band(codec, payload));
}

fn in_band(codec: FourCc, payload: &Body) -> Option<VideoParams> {
    let set = |wanted: u8| {
        let unit = units::list(codec, 4, payload).ok()?.into_iter().find(|u| u.unit_type == wanted)?;
        Some(payload.slice(unit.offset, unit.offset.saturating_add(unit.size)).to_bytes())
    };
    match codec {
        FourCc::AVC1 => {
            let sps = avc::Sps::decode(&set(h264::SPS)?)?;
            Some(VideoParams {
                width: sps.width,
                height: sps.height,
                profile: u32::from(sps.profile),
                level: u32::from(sps.level),
                bit_depth: sps.bit_depth_luma,
                frame_rate: sps.frame_rate,
                unit_length_bytes: 4,
            })
        }
        FourCc::HVC1 => {
            let sps = hevc::Sps::decode(&set(h265::SPS)?)?;
            Some(VideoParams {
                width: sps.width,
                height: sps.height,
                profile: u32::from(sps.profile),
                level: u32::from(sps.level),
                bit_depth: sps.bit_depth_luma,
                frame_rate: sps.frame_rate,
                unit_length_bytes: 4,
            })
        }
        FourCc::AV01 => {
            let sequence = av1::Sequence::find(payload)?;
            Some(VideoParams {
                width: sequence.width,
                height: sequence.height,
                profile: u32::from(sequence.profile),
                level: u32::from(sequence.level),
                bit_depth: sequence.bit_depth,
                frame_rate: sequence.frame_rate,
                unit_length_bytes: 0,
            })
        }
        _ => None,
    }
}

/// What the first coded frame says of a codec without a record; `first` is the tag body's first byte.
pub fn from_coded_audio(codec: FourCc, first: u8, payload: &Body, params: &mut AudioParams) {
    let mut head = Vec::with_capacity(16);
    payload.copy_range(0, 16, &mut head);
    let found = match codec {
        FourCc::MP3 => sound::mpeg_audio(&head),
        FourCc::AC3 | FourCc::EAC3 => sound::ac3(&head),
        _ => None,
    };
    if let Some(found) = found {
        *params = found;
        return;
    }
    // The legacy byte tells nothing of AAC.
    if codec == FourCc::MP4A {
        return;
    }
    if let Some((sample_rate, channels)) = legacy_sound(first) {
        params.sample_rate = sample_rate;
        params.channels = channels;
        params.bits = match codec {
            FourCc::ALAW | FourCc::ULAW => g711::BITS,
            _ if first & 2 == 0 => 8,
            _ => 16,
        };
    }
}
