//! The tracks of one Enhanced RTMP message (E-RTMP v2, "Multitrack").

use std::ops::Range;

use bytes::Bytes;

use super::audio_tag::{self, AudioHeader};
use super::enhanced::{self, CODED_FRAMES, Multitrack};
use super::has_composition_time;
use super::video_tag::{self, VideoHeader};
use crate::read::Cursor;
use crate::{Body, FourCc, Frame, Kind, Malformed};

/// One track of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// The track id.
    pub track: u8,
    /// Its codec.
    pub codec: FourCc,
    /// The packet type that all tracks of the message share.
    pub packet_type: u8,
    /// Presentation minus decoding time in milliseconds.
    pub cts_ms: i32,
    /// Where the codec's bytes stand, behind a composition time.
    pub payload: Range<usize>,
}

/// A message cannot name more tracks than there are ids.
const MOST: usize = 256;

/// The tracks of a multitrack message, ranges counted in `body`. Empty for messages without multitrack.
pub fn tracks(body: &Body, kind: Kind) -> Result<Vec<Part>, Malformed> {
    let bytes = body.to_bytes();
    let Some((_, header, cts_ms, at)) = head(&bytes, kind)? else { return Ok(Vec::new()) };
    match header.multitrack {
        None => Ok(Vec::new()),
        Some(Multitrack::One { track } | Multitrack::Only { track, .. }) => Ok(vec![Part {
            track,
            codec: header.codec,
            packet_type: header.packet_type,
            cts_ms: cts_ms.unwrap_or(0),
            payload: at..bytes.len(),
        }]),
        Some(Multitrack::Many { .. }) => {
            let list = bytes.slice(at.min(bytes.len())..);
            let mut parts = Vec::new();
            for part in self::list(kind, &header, &list) {
                let mut part = part.map_err(|e| Malformed::new(e.at.saturating_add(at), e.what))?;
                if parts.len() >= MOST {
                    return Err(Malformed::new(part.payload.start.saturating_add(at), "more tracks than ids"));
                }
                part.payload = part.payload.start.saturating_add(at)..part.payload.end.saturating_add(at);
                parts.push(part);
            }
            Ok(parts)
        }
    }
}

/// The same media as one frame per track, each a OneTrack message; what has one track only comes back as it is.
///
/// The payloads are shared. Times and flags are those of `frame`, composition time apart.
pub fn split(frame: &Frame) -> Result<Vec<Frame>, Malformed> {
    let bytes = frame.body.to_bytes();
    let Some((first, header, _, _)) = head(&bytes, frame.kind)? else { return Ok(vec![frame.clone()]) };
    if !header.is_many() {
        return Ok(vec![frame.clone()]);
    }
    let mut frames = Vec::new();
    for part in tracks(&frame.body, frame.kind)? {
        let one = enhanced::Header {
            packet_type: part.packet_type,
            mod_ex: header.mod_ex.clone(),
            multitrack: Some(Multitrack::One { track: part.track }),
            codec: part.codec,
        };
        let timed = frame.kind == Kind::Video && is_timed(&one);
        let mut out = Vec::with_capacity(16);
        if frame.kind == Kind::Video {
            let header = VideoHeader::Enhanced { header: one, cts_ms: timed.then_some(part.cts_ms) };
            video_tag::write_head(first, &header, part.payload.len(), &mut out);
        } else {
            audio_tag::write_head(&AudioHeader::Enhanced(one), part.payload.len(), &mut out);
        }
        let payload = Body::from(bytes.slice(part.payload.clone()));
        let payload_at = out.len();
        let body = Body::join(Bytes::from(out), payload);
        let again = match frame.kind {
            Kind::Video => super::video(body.to_bytes(), frame.dts_us),
            _ => super::audio(body.to_bytes(), frame.dts_us),
        };
        frames.push(Frame { body, payload_at, gap_before: frame.gap_before, from_filter: frame.from_filter, ..again });
    }
    Ok(frames)
}

/// Frame type, header, composition time and length of an Enhanced head.
type Head = (u8, enhanced::Header, Option<i32>, usize);

fn head(bytes: &Bytes, kind: Kind) -> Result<Option<Head>, Malformed> {
    match kind {
        Kind::Data => Ok(None),
        Kind::Video => Ok(match video_tag::decode_head(bytes, bytes.len())? {
            (first, VideoHeader::Enhanced { header, cts_ms }, at) => Some((first, header, cts_ms, at)),
            _ => None,
        }),
        Kind::Audio => Ok(match audio_tag::decode_head(bytes, bytes.len())? {
            (AudioHeader::Enhanced(header), at) => Some((0, header, None, at)),
            _ => None,
        }),
    }
}

fn is_timed(header: &enhanced::Header) -> bool {
    header.packet_type == CODED_FRAMES && has_composition_time(header.codec)
}

/// The tracks in the payload of a ManyTracks message; ends behind the first error. Only video has a composition time, whatever
/// codec an audio message names.
pub(super) fn list<'a>(
    kind: Kind,
    header: &'a enhanced::Header,
    payload: &'a [u8],
) -> impl Iterator<Item = Result<Part, Malformed>> + 'a {
    let mut c = Cursor::new(payload);
    let mut broken = false;
    std::iter::from_fn(move || {
        if broken || c.left() == 0 {
            return None;
        }
        let part = one(kind, header, &mut c);
        broken = part.is_err();
        Some(part)
    })
}

fn one(kind: Kind, header: &enhanced::Header, c: &mut Cursor<'_>) -> Result<Part, Malformed> {
    let many_codecs = matches!(header.multitrack, Some(Multitrack::Many { many_codecs: true }));
    let codec = if many_codecs { FourCc(c.u32("FourCC")?) } else { header.codec };
    let track = c.u8("track id")?;
    let size = c.u24("track size")? as usize;
    let mut start = c.at();
    let data = c.take(size, "track data")?;
    let mut cts_ms = 0;
    if kind == Kind::Video && header.packet_type == CODED_FRAMES && has_composition_time(codec) {
        cts_ms = Cursor::new(data).i24("composition time").map_err(|e| Malformed::new(start, e.what))?;
        start = start.saturating_add(3);
    }
    Ok(Part { track, codec, packet_type: header.packet_type, cts_ms, payload: start..c.at() })
}
