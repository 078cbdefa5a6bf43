//! What audio and video share of Enhanced RTMP's headers: ModEx, Multitrack and FourCC (E-RTMP v2).

use bytes::Bytes;

use crate::read::{Cursor, be24};
use crate::{Body, FourCc, Kind, Malformed};

/// Packet type: a decoder configuration record follows.
pub const SEQUENCE_START: u8 = 0;
/// Packet type: coded media; for avc1, hvc1 and vvc1 behind a composition time.
pub const CODED_FRAMES: u8 = 1;
/// Packet type: the track ends.
pub const SEQUENCE_END: u8 = 2;
/// Video packet type: coded media, composition time 0 left out.
pub const CODED_FRAMES_X: u8 = 3;
/// Video packet type: AMF0 metadata such as colorInfo; the frame type says nothing.
pub const METADATA: u8 = 4;
/// Audio packet type: order and number of channels.
pub const MULTICHANNEL_CONFIG: u8 = 4;
/// Video packet type: an AV1 video descriptor of MPEG-2 TS follows.
pub const MPEG2TS_SEQUENCE_START: u8 = 5;
/// Audio packet type: tracks in one message.
pub const AUDIO_MULTITRACK: u8 = 5;
/// Video packet type: tracks in one message.
pub const VIDEO_MULTITRACK: u8 = 6;
/// Packet type: an extension comes first.
pub const MOD_EX: u8 = 7;
/// ModEx type: nanoseconds to add to the presentation time.
pub const MOD_EX_NANOSECOND_OFFSET: u8 = 0;

/// How a message names its tracks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Multitrack {
    /// OneTrack (type 0).
    One {
        /// The track id.
        track: u8,
    },
    /// ManyTracks (type 1) or ManyTracksManyCodecs (type 2) with a single track in it, and so with a size field.
    Only {
        /// Type 2.
        many_codecs: bool,
        /// The track id.
        track: u8,
    },
    /// ManyTracks or ManyTracksManyCodecs: the payload is the list of tracks, see [`tracks`](fn@crate::flv::tracks).
    Many {
        /// Type 2: every track names its codec.
        many_codecs: bool,
    },
}

/// The header of an Enhanced message, up to what the packet type decides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// The packet type behind all ModEx and inside Multitrack.
    pub packet_type: u8,
    /// The ModEx entries as they came; empty if there are none. See [`mod_ex`].
    pub mod_ex: Bytes,
    /// How the tracks are named; none means track 0.
    pub multitrack: Option<Multitrack>,
    /// The codec; unknown for ManyTracksManyCodecs.
    pub codec: FourCc,
}

/// The start of a header: the packet type behind all ModEx entries, and those entries.
pub(crate) fn packet_type(head: &Bytes, c: &mut Cursor<'_>, first: u8) -> Result<(u8, Bytes), Malformed> {
    let start = c.at();
    let mut packet_type = first & 0x0f;
    while packet_type == MOD_EX {
        packet_type = mod_ex_entry(c)?.1 & 0x0f;
    }
    Ok((packet_type, head.slice(start..c.at())))
}

/// Data of one ModEx entry, and the byte behind it.
fn mod_ex_entry<'a>(c: &mut Cursor<'a>) -> Result<(&'a [u8], u8), Malformed> {
    let mut size = usize::from(c.u8("ModEx size")?).saturating_add(1);
    if size == 256 {
        size = usize::from(c.u16("ModEx long size")?).saturating_add(1);
    }
    let data = c.take(size, "ModEx data")?;
    Ok((data, c.u8("ModEx type")?))
}

/// The entries of [`Header::mod_ex`]: type and data.
pub fn mod_ex(entries: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut c = Cursor::new(entries);
    std::iter::from_fn(move || mod_ex_entry(&mut c).ok().map(|(data, next)| (next >> 4, data)))
}

impl Header {
    /// Reads what stands behind the packet type. `total` is the length of the whole body, of which `c` may see the head only.
    pub(crate) fn decode(
        kind: Kind,
        outer: (u8, Bytes),
        c: &mut Cursor<'_>,
        total: usize,
    ) -> Result<Header, Malformed> {
        let (outer_type, mod_ex) = outer;
        if outer_type != multitrack_type(kind) {
            let codec = FourCc(c.u32("FourCC")?);
            return Ok(Header { packet_type: outer_type, mod_ex, multitrack: None, codec });
        }
        let byte = c.u8("multitrack type")?;
        let packet_type = byte & 0x0f;
        if packet_type == multitrack_type(kind) || packet_type == MOD_EX {
            return c.fail("packet type inside Multitrack");
        }
        let many_codecs = match byte >> 4 {
            0 => {
                let codec = FourCc(c.u32("FourCC")?);
                let track = c.u8("track id")?;
                return Ok(Header { packet_type, mod_ex, multitrack: Some(Multitrack::One { track }), codec });
            }
            1 => false,
            2 => true,
            _ => return c.fail("multitrack type"),
        };
        let mut ahead = c.clone();
        let codec = FourCc(ahead.u32("FourCC")?);
        let track = ahead.u8("track id")?;
        let size = ahead.u24("track size")? as usize;
        if ahead.at().saturating_add(size) == total {
            *c = ahead;
            return Ok(Header {
                packet_type,
                mod_ex,
                multitrack: Some(Multitrack::Only { many_codecs, track }),
                codec,
            });
        }
        let codec = if many_codecs { FourCc::UNKNOWN } else { FourCc(c.u32("FourCC")?) };
        Ok(Header { packet_type, mod_ex, multitrack: Some(Multitrack::Many { many_codecs }), codec })
    }

    /// Writes the header; `first` is the high half of its first byte, `size` what a size field tells: the bytes behind it.
    pub(crate) fn write(&self, kind: Kind, first: u8, size: usize, out: &mut Vec<u8>) {
        let outer = if self.multitrack.is_some() { multitrack_type(kind) } else { self.packet_type };
        write_packet_type(first, outer, &self.mod_ex, out);
        let Some(multitrack) = self.multitrack else {
            out.extend_from_slice(&self.codec.0.to_be_bytes());
            return;
        };
        let many = |many_codecs: bool| if many_codecs { 0x20 } else { 0x10 };
        match multitrack {
            Multitrack::One { track } => {
                out.push(self.packet_type);
                out.extend_from_slice(&self.codec.0.to_be_bytes());
                out.push(track);
            }
            // A size beyond its field is left out: one track needs none.
            Multitrack::Only { track, .. } if size > 0xff_ffff => {
                out.push(self.packet_type);
                out.extend_from_slice(&self.codec.0.to_be_bytes());
                out.push(track);
            }
            Multitrack::Only { many_codecs, track } => {
                out.push(many(many_codecs) | self.packet_type);
                out.extend_from_slice(&self.codec.0.to_be_bytes());
                out.push(track);
                out.extend_from_slice(&be24(size as u32));
            }
            Multitrack::Many { many_codecs } => {
                out.push(many(many_codecs) | self.packet_type);
                if !many_codecs {
                    out.extend_from_slice(&self.codec.0.to_be_bytes());
                }
            }
        }
    }

    /// The track id; 0 without multitrack and for several tracks.
    pub fn track(&self) -> u8 {
        match self.multitrack {
            Some(Multitrack::One { track } | Multitrack::Only { track, .. }) => track,
            _ => 0,
        }
    }

    /// Whether the payload is a list of tracks.
    pub fn is_many(&self) -> bool {
        matches!(self.multitrack, Some(Multitrack::Many { .. }))
    }

    /// Whether a size field counts the bytes behind the header.
    pub fn is_sized(&self) -> bool {
        matches!(self.multitrack, Some(Multitrack::Only { .. }))
    }
}

/// Whether a video metadata payload takes the colorInfo before it back: the value is undefined, null or an object without
/// fields (E-RTMP v2, "Metadata Frame"). What stands behind it, or any other pair, makes it no such payload.
pub fn resets_color_info(payload: &Body) -> bool {
    /// A string of nine bytes (AMF 0 §2.4).
    const NAME: &[u8] = b"\x02\x00\x09colorInfo";
    // The longest form is an ECMA array: marker, count, end.
    if payload.len() > NAME.len().saturating_add(8) {
        return false;
    }
    let bytes = payload.to_bytes();
    match bytes.strip_prefix(NAME) {
        Some([0x05 | 0x06] | [0x03, 0, 0, 9]) => true,
        Some([0x08, _, _, _, _, end @ ..]) => end == [0, 0, 9],
        _ => false,
    }
}

/// The packet type, in the first byte or in the last ModEx entry.
pub(crate) fn write_packet_type(first: u8, packet_type: u8, mod_ex: &[u8], out: &mut Vec<u8>) {
    match mod_ex.split_last() {
        None => out.push((first & 0xf0) | (packet_type & 0x0f)),
        Some((last, entries)) => {
            out.push((first & 0xf0) | MOD_EX);
            out.extend_from_slice(entries);
            out.push((last & 0xf0) | (packet_type & 0x0f));
        }
    }
}

fn multitrack_type(kind: Kind) -> u8 {
    if kind == Kind::Video { VIDEO_MULTITRACK } else { AUDIO_MULTITRACK }
}
