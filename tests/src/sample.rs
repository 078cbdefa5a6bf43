//! Coded media without the dress of its tag: what a client that writes its file anew has to keep.
//!
//! Legacy FLV and Enhanced RTMP name one thing in several ways (a picture without a composition offset has two forms of its own);
//! a player that demultiplexes and multiplexes again may choose another. Codec, codec record, payload and times stay.

use crate::flv::{AUDIO, Tag, VIDEO};

/// A codec record (sequence header), or the coded bytes of one frame.
#[derive(Clone, PartialEq, Eq)]
pub struct Sample {
    /// Picture or sound.
    pub video: bool,
    /// As Enhanced RTMP names it; `alaw` and `ulaw` for G.711.
    pub codec: String,
    /// A decoder configuration record.
    pub record: bool,
    /// A picture to start at.
    pub key: bool,
    /// When it is decoded, in milliseconds of its file.
    pub dts_ms: i64,
    /// When it is shown.
    pub pts_ms: i64,
    /// The codec's own bytes.
    pub payload: Vec<u8>,
}

impl std::fmt::Debug for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Sample { codec, record, key, dts_ms, pts_ms, payload, .. } = self;
        let head = &payload[..payload.len().min(12)];
        let what = if *record { "record" } else { "frame" };
        write!(f, "[{codec} {what} key={key} dts {dts_ms} pts {pts_ms}, {} bytes: {head:02x?}]", payload.len())
    }
}

/// What of a recording is coded media or sets a decoder up, in its order.
pub fn samples(tags: &[Tag]) -> Vec<Sample> {
    tags.iter().filter_map(sample).collect()
}

fn sample(tag: &Tag) -> Option<Sample> {
    let dts_ms = i64::from(tag.time_ms);
    let found = match tag.kind {
        VIDEO => video(&tag.body)?,
        AUDIO => audio(&tag.body)?,
        _ => return None,
    };
    let Found { codec, record, offset_ms, payload } = found;
    Some(Sample {
        video: tag.kind == VIDEO,
        codec,
        record,
        key: !record && tag.kind == VIDEO && tag.body[0] >> 4 & 7 == 1,
        dts_ms,
        pts_ms: dts_ms + offset_ms,
        payload: payload.to_vec(),
    })
}

struct Found<'a> {
    codec: String,
    record: bool,
    offset_ms: i64,
    payload: &'a [u8],
}

fn video(body: &[u8]) -> Option<Found<'_>> {
    let (codec, packet, rest) = match body {
        [first, a, b, c, d, rest @ ..] if first & 0x80 != 0 => {
            (String::from_utf8_lossy(&[*a, *b, *c, *d]).into_owned(), first & 0x0f, rest)
        }
        [first, packet, rest @ ..] if first & 0x0f == 7 => ("avc1".to_owned(), *packet, rest),
        [first, packet, rest @ ..] if first & 0x0f == 12 => ("hvc1".to_owned(), *packet, rest),
        _ => return None,
    };
    let legacy = body[0] & 0x80 == 0;
    let has_offset = legacy || (packet == 1 && ["avc1", "hvc1", "vvc1"].contains(&codec.as_str()));
    let (offset_ms, payload) = match rest {
        [a, b, c, payload @ ..] if has_offset => (i64::from(i32::from_be_bytes([*a, *b, *c, 0]) >> 8), payload),
        _ => (0, rest),
    };
    let record = packet == 0;
    [0, 1, 3].contains(&packet).then_some(Found {
        codec,
        record,
        offset_ms: if record { 0 } else { offset_ms },
        payload,
    })
}

fn audio(body: &[u8]) -> Option<Found<'_>> {
    let plain = |codec: &str, record, payload| Found { codec: codec.to_owned(), record, offset_ms: 0, payload };
    Some(match body {
        [first, a, b, c, d, payload @ ..] if first >> 4 == 9 && [0, 1].contains(&(first & 0x0f)) => {
            plain(&String::from_utf8_lossy(&[*a, *b, *c, *d]), first & 0x0f == 0, payload)
        }
        [first, packet, payload @ ..] if first >> 4 == 10 => plain("mp4a", *packet == 0, payload),
        [first, payload @ ..] if [2, 14].contains(&(first >> 4)) => plain(".mp3", false, payload),
        [first, payload @ ..] if first >> 4 == 7 => plain("alaw", false, payload),
        [first, payload @ ..] if first >> 4 == 8 => plain("ulaw", false, payload),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_picture_has_several_forms() {
        let tag = |body: &[u8]| Tag { kind: VIDEO, time_ms: 40, body: body.to_vec() };
        let forms = samples(&[
            tag(b"\x1c\x01\0\0\0unit"),
            tag(b"\x91hvc1\0\0\0unit"),
            tag(b"\x93hvc1unit"),
            tag(b"\x92hvc1"),
            tag(b"\xd4hvc1colour"),
        ]);
        assert_eq!(forms.len(), 3);
        assert!(forms.iter().all(|s| *s == forms[0] && s.key && s.payload == b"unit"));
        let late = samples(&[tag(b"\x27\x01\xff\xff\xd8unit")]);
        assert_eq!((late[0].dts_ms, late[0].pts_ms, late[0].key), (40, 0, false));
        let sound = samples(&[Tag { kind: AUDIO, time_ms: 0, body: b"\x90OpusOpusHead".to_vec() }]);
        assert!(sound[0].record && sound[0].codec == "Opus" && sound[0].payload == b"OpusHead");
    }
}
