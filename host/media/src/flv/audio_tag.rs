//! Audio tag bodies, field by field (FLV 10.1 E.4.2; E-RTMP v2, "Enhanced Audio").

use bytes::Bytes;

use super::enhanced::{self, CODED_FRAMES, MULTICHANNEL_CONFIG, SEQUENCE_END, SEQUENCE_START};
use super::tracks;
use crate::read::Cursor;
use crate::{Content, FourCc, Kind, Malformed};

/// SoundFormat: AAC.
pub const AAC: u8 = 10;
/// SoundFormat: the header is Enhanced.
pub const EX_HEADER: u8 = 9;

/// An audio tag body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AudioTag {
    /// What stands before the payload.
    pub header: AudioHeader,
    /// The codec's bytes, or the list of tracks of a message with several.
    pub payload: Bytes,
}

/// What stands before the payload.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AudioHeader {
    /// One byte.
    Legacy {
        /// SoundFormat, SoundRate, SoundSize and SoundType in one byte.
        flags: u8,
    },
    /// Legacy AAC.
    LegacyAac {
        /// As [`AudioHeader::Legacy`]; rate, size and type say nothing for AAC.
        flags: u8,
        /// 0 AudioSpecificConfig, 1 raw.
        packet_type: u8,
    },
    /// Enhanced RTMP.
    Enhanced(enhanced::Header),
}

impl AudioTag {
    /// Reads a body.
    pub fn decode(body: &Bytes) -> Result<AudioTag, Malformed> {
        let (header, at) = decode_head(body, body.len())?;
        Ok(AudioTag { header, payload: body.slice(at.min(body.len())..) })
    }

    /// Appends the body to `out`; what came from [`AudioTag::decode`] gives the same bytes.
    pub fn write(&self, out: &mut Vec<u8>) {
        write_head(&self.header, self.payload.len(), out);
        out.extend_from_slice(&self.payload);
    }

    /// The codec; of the first track if there are several.
    pub fn codec(&self) -> FourCc {
        match &self.header {
            AudioHeader::Legacy { flags } | AudioHeader::LegacyAac { flags, .. } => legacy_codec(flags >> 4),
            AudioHeader::Enhanced(header) if header.is_many() && header.codec == FourCc::UNKNOWN => {
                tracks::list(Kind::Audio, header, &self.payload)
                    .next()
                    .and_then(Result::ok)
                    .map_or(FourCc::UNKNOWN, |p| p.codec)
            }
            AudioHeader::Enhanced(header) => header.codec,
        }
    }

    /// The track id; the lowest if there are several.
    pub fn track(&self) -> u8 {
        match &self.header {
            AudioHeader::Enhanced(header) if header.is_many() => tracks::list(Kind::Audio, header, &self.payload)
                .map_while(Result::ok)
                .map(|p| p.track)
                .min()
                .unwrap_or(0),
            AudioHeader::Enhanced(header) => header.track(),
            _ => 0,
        }
    }

    /// What the payload is.
    pub fn content(&self) -> Content {
        match &self.header {
            AudioHeader::LegacyAac { packet_type: 0, .. } => Content::Header,
            AudioHeader::LegacyAac { packet_type: 1, .. } => Content::Coded,
            AudioHeader::LegacyAac { .. } => Content::Opaque,
            AudioHeader::Legacy { flags } if flags >> 4 == AAC => Content::Opaque,
            AudioHeader::Legacy { .. } if self.codec() == FourCc::UNKNOWN => Content::Opaque,
            AudioHeader::Legacy { .. } => Content::Coded,
            AudioHeader::Enhanced(header) if header.is_many() => Content::Opaque,
            AudioHeader::Enhanced(header) => match header.packet_type {
                SEQUENCE_START => Content::Header,
                CODED_FRAMES => Content::Coded,
                SEQUENCE_END => Content::EndOfSequence,
                MULTICHANNEL_CONFIG => Content::MultichannelConfig,
                _ => Content::Opaque,
            },
        }
    }

    /// Sample rate in hertz and channels as a legacy header tells them; for AAC they mean nothing.
    pub fn legacy_sound(&self) -> Option<(u32, u8)> {
        match &self.header {
            AudioHeader::Legacy { flags } | AudioHeader::LegacyAac { flags, .. } => legacy_sound(*flags),
            AudioHeader::Enhanced(_) => None,
        }
    }

    /// Nanoseconds to add to the presentation time (ModEx), 0 to 999,999.
    pub fn nanosecond_offset(&self) -> u32 {
        match &self.header {
            AudioHeader::Enhanced(header) => super::video_tag::nanosecond_offset(&header.mod_ex),
            _ => 0,
        }
    }
}

/// The tag and where its payload starts; the payload is left out unless it lists tracks.
pub(super) fn decode_light(body: &Bytes) -> Result<(AudioTag, usize), Malformed> {
    let (header, at) = decode_head(body, body.len())?;
    let many = matches!(&header, AudioHeader::Enhanced(header) if header.is_many());
    let payload = if many { body.slice(at.min(body.len())..) } else { Bytes::new() };
    Ok((AudioTag { header, payload }, at))
}

/// Header and where the payload starts; `head` may end there, `total` is the length of the whole body.
pub(super) fn decode_head(head: &Bytes, total: usize) -> Result<(AudioHeader, usize), Malformed> {
    let mut c = Cursor::new(head);
    let flags = c.u8("audio header")?;
    match flags >> 4 {
        EX_HEADER => {
            let outer = enhanced::packet_type(head, &mut c, flags)?;
            let header = enhanced::Header::decode(Kind::Audio, outer, &mut c, total)?;
            Ok((AudioHeader::Enhanced(header), c.at()))
        }
        AAC => match c.u8("AAC packet type") {
            Ok(packet_type) => Ok((AudioHeader::LegacyAac { flags, packet_type }, c.at())),
            Err(_) => Ok((AudioHeader::Legacy { flags }, c.at())),
        },
        _ => Ok((AudioHeader::Legacy { flags }, c.at())),
    }
}

/// Everything before the payload.
pub(super) fn write_head(header: &AudioHeader, payload: usize, out: &mut Vec<u8>) {
    match header {
        AudioHeader::Legacy { flags } => out.push(*flags),
        AudioHeader::LegacyAac { flags, packet_type } => out.extend_from_slice(&[*flags, *packet_type]),
        AudioHeader::Enhanced(header) => header.write(Kind::Audio, EX_HEADER << 4, payload, out),
    }
}

/// SoundRate and SoundType of a legacy audio byte; formats with a rate of their own win.
pub(crate) fn legacy_sound(flags: u8) -> Option<(u32, u8)> {
    let channels = (flags & 1).saturating_add(1);
    let rate = match (flags >> 2) & 3 {
        0 => 5_512,
        1 => 11_025,
        2 => 22_050,
        _ => 44_100,
    };
    match flags >> 4 {
        EX_HEADER => None,
        4 => Some((16_000, 1)),
        5 => Some((8_000, 1)),
        7 | 8 => Some((8_000, channels)),
        11 => Some((16_000, 1)),
        14 => Some((8_000, channels)),
        _ => Some((rate, channels)),
    }
}

fn legacy_codec(format: u8) -> FourCc {
    match format {
        0 | 3 => FourCc::LPCM,
        1 => FourCc::ADPCM,
        2 | 14 => FourCc::MP3,
        4..=6 => FourCc::NELLY,
        7 => FourCc::ALAW,
        8 => FourCc::ULAW,
        10 => FourCc::MP4A,
        11 => FourCc::SPEEX,
        _ => FourCc::UNKNOWN,
    }
}
