//! Tag bodies for frames that a filter makes.

use bytes::Bytes;

use super::audio_tag::{self, AAC, AudioHeader};
use super::enhanced::{
    self, CODED_FRAMES, CODED_FRAMES_X, METADATA, MULTICHANNEL_CONFIG, Multitrack, SEQUENCE_END, SEQUENCE_START,
};
use super::video_tag::{self, VideoHeader};
use super::{composition_ms, has_composition_time};
use crate::{Body, Content, FourCc, Frame, Kind};

/// What a tag body is made of, beside its payload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parts {
    /// Audio or video; a data body is its payload.
    pub kind: Kind,
    /// Track id; only track 0 gets legacy headers.
    pub track: u8,
    /// The codec.
    pub codec: FourCc,
    /// What the payload is. An opaque body is its payload.
    pub content: Content,
    /// A decoder can start here.
    pub key: bool,
    /// No other frame refers to this one.
    pub disposable: bool,
    /// Presentation minus decoding time in milliseconds; used for coded avc1, hvc1 and vvc1.
    pub cts_ms: i32,
}

/// A tag body, and how many of its bytes stand before the payload.
///
/// Track 0 of H.264, AAC, G.711, MP3 and of the codecs that only legacy FLV knows gets the legacy headers that every
/// player reads; everything else Enhanced RTMP headers, OneTrack for track ids above 0. The payload is shared.
pub fn build(parts: &Parts, payload: &Body) -> (Body, usize) {
    let mut head = Vec::with_capacity(16);
    match parts.kind {
        _ if matches!(parts.content, Content::Opaque | Content::Data) => {}
        Kind::Data => {}
        Kind::Video => {
            video_tag::write_head(frame_type(parts), &video_header(parts), payload.len(), &mut head);
        }
        Kind::Audio => audio_tag::write_head(&audio_header(parts, payload), payload.len(), &mut head),
    }
    let at = head.len();
    (Body::join(Bytes::from(head), payload.clone()), at)
}

/// A frame of a filter's own, [`build`] applied; `parts.cts_ms` is set from the times.
pub fn frame(parts: &Parts, dts_us: i64, pts_us: i64, payload: &Body) -> Frame {
    let timed = parts.kind == Kind::Video && parts.content == Content::Coded && has_composition_time(parts.codec);
    let cts_ms = if timed { composition_ms(dts_us, pts_us) } else { 0 };
    let (body, payload_at) = build(&Parts { cts_ms, ..*parts }, payload);
    let coded = parts.kind == Kind::Video && parts.content == Content::Coded;
    Frame {
        kind: parts.kind,
        content: parts.content,
        track: parts.track,
        codec: parts.codec,
        key: coded && parts.key,
        disposable: coded && parts.disposable,
        gap_before: false,
        from_filter: true,
        dts_us,
        cts_us: if timed { pts_us.saturating_sub(dts_us) } else { 0 },
        body,
        payload_at,
        metadata: None,
    }
}

/// Headers and ends of sequence count as key frames on the wire (FLV 10.1 E.4.3.1, and what encoders send).
fn frame_type(parts: &Parts) -> u8 {
    match parts.content {
        Content::Coded if parts.key => video_tag::KEY,
        Content::Coded if parts.disposable && video_is_enhanced(parts) => video_tag::DISPOSABLE,
        // Legacy FLV knows disposable frames of Sorenson H.263 only.
        Content::Coded if parts.disposable && parts.codec == FourCc::FLV1 => video_tag::DISPOSABLE,
        Content::Coded => video_tag::INTER,
        _ => video_tag::KEY,
    }
}

fn video_is_enhanced(parts: &Parts) -> bool {
    let legacy = match parts.codec {
        FourCc::AVC1 => matches!(parts.content, Content::Header | Content::Coded | Content::EndOfSequence),
        FourCc::FLV1 | FourCc::VP6F | FourCc::VP6A => parts.content == Content::Coded,
        _ => false,
    };
    parts.track != 0 || !legacy
}

fn video_header(parts: &Parts) -> VideoHeader {
    let packet_type = match parts.content {
        Content::Header => SEQUENCE_START,
        Content::EndOfSequence => SEQUENCE_END,
        Content::VideoMetadata => METADATA,
        _ => CODED_FRAMES,
    };
    let coded = packet_type == CODED_FRAMES;
    if !video_is_enhanced(parts) {
        return match parts.codec {
            FourCc::FLV1 => VideoHeader::Legacy { codec_id: 2 },
            FourCc::VP6F => VideoHeader::Legacy { codec_id: 4 },
            FourCc::VP6A => VideoHeader::Legacy { codec_id: 5 },
            _ => VideoHeader::LegacyPackets { codec_id: 7, packet_type, cts_ms: if coded { parts.cts_ms } else { 0 } },
        };
    }
    let timed = coded && has_composition_time(parts.codec);
    let short = timed && parts.cts_ms == 0;
    VideoHeader::Enhanced {
        header: enhanced_header(parts, if short { CODED_FRAMES_X } else { packet_type }),
        cts_ms: (timed && !short).then_some(parts.cts_ms),
    }
}

fn audio_header(parts: &Parts, payload: &Body) -> AudioHeader {
    let coded = parts.content == Content::Coded;
    let packet_type = match parts.content {
        Content::Header => SEQUENCE_START,
        Content::EndOfSequence => SEQUENCE_END,
        Content::MultichannelConfig => MULTICHANNEL_CONFIG,
        _ => CODED_FRAMES,
    };
    if parts.track == 0 {
        match parts.codec {
            // Rate, size and type say nothing for AAC; all writers set them (FLV 10.1 E.4.2.1).
            FourCc::MP4A if coded || parts.content == Content::Header => {
                return AudioHeader::LegacyAac { flags: (AAC << 4) | 0x0f, packet_type };
            }
            FourCc::MP3 if coded => return AudioHeader::Legacy { flags: mp3_flags(payload) },
            // 8 kHz has no rate of its own: the lowest is written, 16 bits once decoded, mono.
            FourCc::ALAW if coded => return AudioHeader::Legacy { flags: 0x72 },
            FourCc::ULAW if coded => return AudioHeader::Legacy { flags: 0x82 },
            FourCc::SPEEX if coded => return AudioHeader::Legacy { flags: 0xb6 },
            // The format's number alone does not tell the sound of these: 44.1 kHz, 16 bits, stereo is the FLV default.
            FourCc::LPCM if coded => return AudioHeader::Legacy { flags: 0x3f },
            FourCc::ADPCM if coded => return AudioHeader::Legacy { flags: 0x1f },
            FourCc::NELLY if coded => return AudioHeader::Legacy { flags: 0x6e },
            _ => {}
        }
    }
    AudioHeader::Enhanced(enhanced_header(parts, packet_type))
}

fn enhanced_header(parts: &Parts, packet_type: u8) -> enhanced::Header {
    enhanced::Header {
        packet_type,
        mod_ex: Bytes::new(),
        multitrack: (parts.track != 0).then_some(Multitrack::One { track: parts.track }),
        codec: parts.codec,
    }
}

/// The legacy audio byte for an MP3 frame (ISO/IEC 11172-3 2.4.1.3): 48 kHz is marked as 44.1 kHz, as all writers do.
fn mp3_flags(payload: &Body) -> u8 {
    let header = payload.reader().be(4).unwrap_or(0xfffb_9000);
    let mpeg1 = (header >> 19) & 3 == 3;
    let mpeg25 = (header >> 19) & 3 == 0;
    let mono = (header >> 6) & 3 == 3;
    let index = (header >> 10) & 3;
    let (format, rate) = match (mpeg1, mpeg25, index) {
        (_, true, 2) => (14, 0),
        (_, true, _) => (2, 1),
        (true, ..) => (2, 3),
        _ => (2, 2),
    };
    (format << 4) | (rate << 2) | 2 | u8::from(!mono)
}
