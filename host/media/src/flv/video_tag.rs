//! Video tag bodies, field by field (FLV 10.1 E.4.3; E-RTMP v2, "Enhanced Video").

use bytes::Bytes;

use super::enhanced::{
    self, CODED_FRAMES, CODED_FRAMES_X, METADATA, MPEG2TS_SEQUENCE_START, SEQUENCE_END, SEQUENCE_START,
};
use super::{has_composition_time, tracks};
use crate::read::{Cursor, be24};
use crate::{Content, FourCc, Kind, Malformed};

/// Frame type: key frame.
pub const KEY: u8 = 1;
/// Frame type: inter frame.
pub const INTER: u8 = 2;
/// Frame type: inter frame that no other frame refers to.
pub const DISPOSABLE: u8 = 3;
/// Frame type: a command (seek start or end) instead of media.
pub const COMMAND: u8 = 5;

/// A video tag body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VideoTag {
    /// 1 key, 2 inter, 3 disposable, 4 generated key, 5 command; 4 bits in legacy bodies, 3 bits in Enhanced ones.
    pub frame_type: u8,
    /// What follows it.
    pub header: VideoHeader,
    /// What stands behind the header: the codec's bytes, or the list of tracks of a message with several.
    pub payload: Bytes,
}

/// What stands before the payload, beside the frame type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum VideoHeader {
    /// A legacy CodecID and nothing else.
    Legacy {
        /// 2 Sorenson H.263, 4 VP6, 5 VP6 with alpha, …
        codec_id: u8,
    },
    /// A legacy CodecID with packet type and composition time: 7 AVC, and by custom 12 HEVC, 13 AV1, 14 VVC.
    LegacyPackets {
        /// 7, 12, 13 or 14.
        codec_id: u8,
        /// 0 sequence header, 1 coded, 2 end of sequence.
        packet_type: u8,
        /// Presentation minus decoding time in milliseconds.
        cts_ms: i32,
    },
    /// An Enhanced command frame: the payload is one byte.
    Command {
        /// Says nothing here.
        packet_type: u8,
        /// The ModEx entries.
        mod_ex: Bytes,
    },
    /// Enhanced RTMP.
    Enhanced {
        /// Packet type, tracks and codec.
        header: enhanced::Header,
        /// Presentation minus decoding time in milliseconds, where the packet carries it.
        cts_ms: Option<i32>,
    },
}

impl VideoTag {
    /// Reads a body.
    pub fn decode(body: &Bytes) -> Result<VideoTag, Malformed> {
        let (frame_type, header, at) = decode_head(body, body.len())?;
        Ok(VideoTag { frame_type, header, payload: body.slice(at.min(body.len())..) })
    }

    /// Appends the body to `out`; what came from [`VideoTag::decode`] gives the same bytes.
    pub fn write(&self, out: &mut Vec<u8>) {
        write_head(self.frame_type, &self.header, self.payload.len(), out);
        out.extend_from_slice(&self.payload);
    }

    /// The codec; of the first track if there are several.
    pub fn codec(&self) -> FourCc {
        match &self.header {
            VideoHeader::Legacy { codec_id } | VideoHeader::LegacyPackets { codec_id, .. } => legacy_codec(*codec_id),
            VideoHeader::Command { .. } => FourCc::UNKNOWN,
            VideoHeader::Enhanced { header, .. } if header.is_many() && header.codec == FourCc::UNKNOWN => {
                tracks::list(Kind::Video, header, &self.payload)
                    .next()
                    .and_then(Result::ok)
                    .map_or(FourCc::UNKNOWN, |p| p.codec)
            }
            VideoHeader::Enhanced { header, .. } => header.codec,
        }
    }

    /// The track id; the lowest if there are several.
    pub fn track(&self) -> u8 {
        match &self.header {
            VideoHeader::Enhanced { header, .. } if header.is_many() => {
                tracks::list(Kind::Video, header, &self.payload)
                    .map_while(Result::ok)
                    .map(|p| p.track)
                    .min()
                    .unwrap_or(0)
            }
            VideoHeader::Enhanced { header, .. } => header.track(),
            _ => 0,
        }
    }

    /// Presentation minus decoding time in milliseconds; 0 where the tag tells none.
    pub fn cts_ms(&self) -> i32 {
        match &self.header {
            VideoHeader::LegacyPackets { packet_type: CODED_FRAMES, cts_ms, .. } if self.frame_type != COMMAND => {
                *cts_ms
            }
            VideoHeader::Enhanced { cts_ms, .. } => cts_ms.unwrap_or(0),
            _ => 0,
        }
    }

    /// What the payload is.
    pub fn content(&self) -> Content {
        match &self.header {
            VideoHeader::Command { .. } => Content::Opaque,
            VideoHeader::Enhanced { header, .. } if header.is_many() => Content::Opaque,
            VideoHeader::Enhanced { header, .. } => match header.packet_type {
                SEQUENCE_START | MPEG2TS_SEQUENCE_START => Content::Header,
                CODED_FRAMES | CODED_FRAMES_X => Content::Coded,
                SEQUENCE_END => Content::EndOfSequence,
                METADATA => Content::VideoMetadata,
                _ => Content::Opaque,
            },
            _ if self.frame_type == COMMAND => Content::Opaque,
            VideoHeader::LegacyPackets { packet_type, .. } => match *packet_type {
                SEQUENCE_START => Content::Header,
                CODED_FRAMES => Content::Coded,
                SEQUENCE_END => Content::EndOfSequence,
                _ => Content::Opaque,
            },
            VideoHeader::Legacy { codec_id } => match codec_id {
                2 | 4 | 5 => Content::Coded,
                // An end of sequence whose composition time was left out.
                _ if has_packets(*codec_id) && self.payload.first() == Some(&SEQUENCE_END) => Content::EndOfSequence,
                _ => Content::Opaque,
            },
        }
    }

    /// Coded media that a decoder can start with: frame type 1. Of one or of several tracks.
    pub fn is_key(&self) -> bool {
        self.frame_type == KEY && self.is_coded()
    }

    /// Coded media that nothing refers to: frame type 3.
    pub fn is_disposable(&self) -> bool {
        self.frame_type == DISPOSABLE && self.is_coded()
    }

    fn is_coded(&self) -> bool {
        match &self.header {
            VideoHeader::Enhanced { header, .. } => matches!(header.packet_type, CODED_FRAMES | CODED_FRAMES_X),
            VideoHeader::LegacyPackets { packet_type, .. } => *packet_type == CODED_FRAMES,
            VideoHeader::Legacy { codec_id } => !has_packets(*codec_id),
            VideoHeader::Command { .. } => false,
        }
    }

    /// Nanoseconds to add to the presentation time (ModEx), 0 to 999,999. Not part of [`crate::Frame::cts_us`].
    pub fn nanosecond_offset(&self) -> u32 {
        match &self.header {
            VideoHeader::Enhanced { header, .. } => nanosecond_offset(&header.mod_ex),
            _ => 0,
        }
    }
}

/// The tag and where its payload starts; the payload is left out where the header tells all, which is nearly always.
pub(super) fn decode_light(body: &Bytes) -> Result<(VideoTag, usize), Malformed> {
    let (frame_type, header, at) = decode_head(body, body.len())?;
    let telling = match &header {
        VideoHeader::LegacyPackets { .. } | VideoHeader::Command { .. } => false,
        VideoHeader::Enhanced { header, .. } => header.is_many(),
        VideoHeader::Legacy { .. } => true,
    };
    let payload = if telling { body.slice(at.min(body.len())..) } else { Bytes::new() };
    Ok((VideoTag { frame_type, header, payload }, at))
}

/// The sum is not taken: the last entry counts.
pub(super) fn nanosecond_offset(entries: &[u8]) -> u32 {
    enhanced::mod_ex(entries)
        .filter(|(kind, _)| *kind == enhanced::MOD_EX_NANOSECOND_OFFSET)
        .filter_map(|(_, data)| Cursor::new(data).u24("offset").ok())
        .last()
        .unwrap_or(0)
}

/// Frame type, header and where the payload starts; `head` may end there, `total` is the length of the whole body.
pub(super) fn decode_head(head: &Bytes, total: usize) -> Result<(u8, VideoHeader, usize), Malformed> {
    let mut c = Cursor::new(head);
    let first = c.u8("video header")?;
    if first & 0x80 == 0 {
        let (frame_type, codec_id) = (first >> 4, first & 0x0f);
        let mut ahead = c.clone();
        if frame_type != COMMAND
            && has_packets(codec_id)
            && let (Ok(packet_type), Ok(cts_ms)) = (ahead.u8("packet type"), ahead.i24("composition time"))
        {
            return Ok((frame_type, VideoHeader::LegacyPackets { codec_id, packet_type, cts_ms }, ahead.at()));
        }
        return Ok((frame_type, VideoHeader::Legacy { codec_id }, c.at()));
    }
    let frame_type = (first >> 4) & 0x07;
    let (packet_type, mod_ex) = enhanced::packet_type(head, &mut c, first)?;
    if frame_type == COMMAND && packet_type != METADATA {
        // Metadata of another track wears the same coat: colorInfo inside Multitrack.
        let metadata = packet_type == enhanced::VIDEO_MULTITRACK
            && c.peek().is_some_and(|b| b & 0x0f == METADATA)
            && total.saturating_sub(c.at()) > 5;
        if !metadata {
            return Ok((frame_type, VideoHeader::Command { packet_type, mod_ex }, c.at()));
        }
    }
    let header = enhanced::Header::decode(Kind::Video, (packet_type, mod_ex), &mut c, total)?;
    let timed = header.packet_type == CODED_FRAMES && !header.is_many() && has_composition_time(header.codec);
    let cts_ms = if timed { Some(c.i24("composition time")?) } else { None };
    Ok((frame_type, VideoHeader::Enhanced { header, cts_ms }, c.at()))
}

/// Everything before the payload.
pub(super) fn write_head(frame_type: u8, header: &VideoHeader, payload: usize, out: &mut Vec<u8>) {
    let enhanced_first = 0x80 | ((frame_type & 0x07) << 4);
    match header {
        VideoHeader::Legacy { codec_id } => out.push(((frame_type & 0x07) << 4) | (codec_id & 0x0f)),
        VideoHeader::LegacyPackets { codec_id, packet_type, cts_ms } => {
            out.push(((frame_type & 0x07) << 4) | (codec_id & 0x0f));
            out.push(*packet_type);
            out.extend_from_slice(&be24(*cts_ms as u32));
        }
        VideoHeader::Command { packet_type, mod_ex } => {
            enhanced::write_packet_type(enhanced_first, *packet_type, mod_ex, out);
        }
        VideoHeader::Enhanced { header, cts_ms } => {
            let size = payload.saturating_add(if cts_ms.is_some() { 3 } else { 0 });
            header.write(Kind::Video, enhanced_first, size, out);
            if let Some(cts_ms) = cts_ms {
                out.extend_from_slice(&be24(*cts_ms as u32));
            }
        }
    }
}

/// Legacy CodecIDs whose bodies carry packet type and composition time.
fn has_packets(codec_id: u8) -> bool {
    matches!(codec_id, 7 | 12 | 13 | 14)
}

fn legacy_codec(codec_id: u8) -> FourCc {
    match codec_id {
        2 => FourCc::FLV1,
        4 => FourCc::VP6F,
        5 => FourCc::VP6A,
        7 => FourCc::AVC1,
        12 => FourCc::HVC1,
        13 => FourCc::AV01,
        14 => FourCc::VVC1,
        _ => FourCc::UNKNOWN,
    }
}
