//! Every codec of Enhanced RTMP in every kind of packet, under every way to name its track, behind every kind of ModEx.

use bytes::Bytes;
use media::flv::enhanced::{METADATA, mod_ex, resets_color_info};
use media::flv::{self, AudioHeader, AudioTag, VideoHeader, VideoTag};
use media::{Body, Content, FourCc, Frame, Kind};
use proptest::prelude::*;

const VIDEO: [&[u8; 4]; 8] = [b"vp08", b"vp09", b"av01", b"avc1", b"hvc1", b"vvc1", b"zzzz", b"\xff\0\0\x01"];
const AUDIO: [&[u8; 4]; 8] = [b"ac-3", b"ec-3", b"Opus", b".mp3", b"fLaC", b"mp4a", b"zzzz", b"\xff\0\0\x01"];

/// How a message names its tracks.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Naming {
    None,
    One,
    /// ManyTracks or ManyTracksManyCodecs, with so many tracks.
    Many(u8),
    ManyCodecs(u8),
}

const NAMINGS: [Naming; 6] =
    [Naming::None, Naming::One, Naming::Many(1), Naming::Many(3), Naming::ManyCodecs(1), Naming::ManyCodecs(2)];

/// ModEx entries: the size fields and data, then the type; the packet type comes behind.
fn mod_ex_entries() -> Vec<Entries> {
    vec![
        vec![],
        vec![(0, vec![0x0f, 0x42, 0x3f])],
        vec![(5, vec![1])],
        vec![(5, vec![9; 255]), (0, vec![0, 0, 7])],
        vec![(1, vec![9; 256]), (0, vec![0, 1, 0, 0xee]), (15, vec![9; 65536])],
    ]
}

struct Message {
    body: Vec<u8>,
    /// Where each track's bytes stand: behind its id and size.
    parts: Vec<(u8, std::ops::Range<usize>)>,
}

/// A message as the specification writes it.
fn message(
    kind: Kind,
    high: u8,
    packet_type: u8,
    entries: &[(u8, Vec<u8>)],
    naming: Naming,
    codec: &[u8; 4],
    data: &[u8],
) -> Message {
    let multitrack = if kind == Kind::Video { 6 } else { 5 };
    let outer = if naming == Naming::None { packet_type } else { multitrack };
    let mut body = vec![high | if entries.is_empty() { outer } else { 7 }];
    for (at, (entry, bytes)) in entries.iter().enumerate() {
        match bytes.len() - 1 {
            size @ 0..255 => body.push(size as u8),
            size => {
                body.push(0xff);
                body.extend_from_slice(&(size as u16).to_be_bytes());
            }
        }
        body.extend_from_slice(bytes);
        let next = if at + 1 == entries.len() { outer } else { 7 };
        body.push(entry << 4 | next);
    }
    let mut parts = Vec::new();
    let mut track = |body: &mut Vec<u8>, id: u8, named: bool| {
        if named {
            body.extend_from_slice(codec);
        }
        body.push(id);
        body.extend_from_slice(&(data.len() as u32).to_be_bytes()[1..]);
        parts.push((id, body.len()..body.len() + data.len()));
        body.extend_from_slice(data);
    };
    match naming {
        Naming::None => {
            body.extend_from_slice(codec);
            body.extend_from_slice(data);
        }
        Naming::One => {
            body.push(packet_type);
            body.extend_from_slice(codec);
            body.push(9);
            body.extend_from_slice(data);
        }
        Naming::Many(count) => {
            body.push(0x10 | packet_type);
            body.extend_from_slice(codec);
            (0..count).rev().for_each(|id| track(&mut body, id + 4, false));
        }
        Naming::ManyCodecs(count) => {
            body.push(0x20 | packet_type);
            (0..count).rev().for_each(|id| track(&mut body, id + 4, true));
        }
    }
    Message { body, parts }
}

/// What a packet of one track is.
fn content(kind: Kind, packet_type: u8) -> Content {
    match (kind, packet_type) {
        (_, 0) | (Kind::Video, 5) => Content::Header,
        (_, 1) | (Kind::Video, 3) => Content::Coded,
        (_, 2) => Content::EndOfSequence,
        (Kind::Video, 4) => Content::VideoMetadata,
        (Kind::Audio, 4) => Content::MultichannelConfig,
        _ => Content::Opaque,
    }
}

fn read(kind: Kind, body: &[u8]) -> Frame {
    let body = Bytes::copy_from_slice(body);
    if kind == Kind::Video { flv::video(body, 5_000) } else { flv::audio(body, 5_000) }
}

/// Type and data of each.
type Entries = Vec<(u8, Vec<u8>)>;

/// Reads and writes the fields of a body; the ModEx entries in it, and what they add to the time.
fn again(kind: Kind, body: &[u8]) -> (Vec<u8>, Entries, u32) {
    let bytes = Bytes::copy_from_slice(body);
    let mut out = Vec::new();
    let (entries, nanoseconds) = if kind == Kind::Video {
        let tag = VideoTag::decode(&bytes).unwrap();
        tag.write(&mut out);
        let VideoHeader::Enhanced { header, .. } = &tag.header else { panic!("{tag:?}") };
        (header.mod_ex.clone(), tag.nanosecond_offset())
    } else {
        let tag = AudioTag::decode(&bytes).unwrap();
        tag.write(&mut out);
        let AudioHeader::Enhanced(header) = &tag.header else { panic!("{tag:?}") };
        (header.mod_ex.clone(), tag.nanosecond_offset())
    };
    (out, mod_ex(&entries).map(|(kind, data)| (kind, data.to_vec())).collect(), nanoseconds)
}

#[test]
fn every_codec_packet_track_and_extension() {
    let mut checked = 0;
    for kind in [Kind::Video, Kind::Audio] {
        let (codecs, multitrack, high) = match kind {
            Kind::Video => (VIDEO, 6, 0x90),
            _ => (AUDIO, 5, 0x90),
        };
        for codec in codecs {
            for packet_type in (0..16u8).filter(|t| *t != multitrack && *t != 7) {
                for entries in &mod_ex_entries() {
                    for naming in NAMINGS {
                        let timed =
                            kind == Kind::Video && packet_type == 1 && matches!(codec, b"avc1" | b"hvc1" | b"vvc1");
                        let data: &[u8] = if timed { &[0xff, 0xff, 0xd8, 0xaa] } else { &[0xaa] };
                        let Message { body, parts } = message(kind, high, packet_type, entries, naming, codec, data);
                        let told =
                            format!("{} {packet_type} {naming:?} {entries:02x?}", FourCc(u32::from_be_bytes(*codec)));
                        let frame = read(kind, &body);
                        let several = parts.len() > 1;
                        let wanted = if several { Content::Opaque } else { content(kind, packet_type) };
                        assert_eq!(frame.content, wanted, "{told}");
                        assert_eq!(frame.codec.0, u32::from_be_bytes(*codec), "{told}");
                        let track = match naming {
                            Naming::None => 0,
                            Naming::One => 9,
                            _ => 4,
                        };
                        assert_eq!(frame.track, track, "{told}");
                        let coded = content(kind, packet_type) == Content::Coded;
                        assert_eq!(frame.key, kind == Kind::Video && coded, "{told}");
                        assert_eq!(frame.cts_us, if timed && !several { -40_000 } else { 0 }, "{told}");
                        assert_eq!(frame.body, Body::from(body.clone()), "{told}");
                        if !several {
                            assert_eq!(frame.payload().to_bytes()[..], [0xaa], "{told}");
                            assert_eq!(frame.with_payload(frame.payload()).body, frame.body, "{told}");
                        }
                        let (written, found, nanoseconds) = again(kind, &body);
                        assert!(written == body, "{told}");
                        assert_eq!(found, *entries, "{told}");
                        let offset = entries.iter().rfind(|(kind, _)| *kind == 0).map(|(_, d)| [0, d[0], d[1], d[2]]);
                        assert_eq!(nanoseconds, offset.map_or(0, u32::from_be_bytes), "{told}");
                        listed(kind, &frame, &parts, timed, &told);
                        checked += 1;
                    }
                }
            }
        }
    }
    assert_eq!(checked, 2 * 8 * 14 * 5 * 6);
}

/// The tracks of a message, and each of them as a message of its own.
fn listed(kind: Kind, frame: &Frame, parts: &[(u8, std::ops::Range<usize>)], timed: bool, told: &str) {
    let seen = flv::tracks(&frame.body, kind).unwrap();
    if !parts.is_empty() {
        let at = if timed { 3 } else { 0 };
        let wanted: Vec<_> = parts.iter().map(|(id, range)| (*id, range.start + at..range.end)).collect();
        let found: Vec<_> = seen.iter().map(|p| (p.track, p.payload.clone())).collect();
        assert_eq!(found, wanted, "{told}");
    }
    let split = flv::split(frame).unwrap();
    assert_eq!(split.len(), parts.len().max(1), "{told}");
    for (one, part) in split.iter().zip(&seen) {
        assert_eq!((one.track, one.codec, one.key), (part.track, part.codec, frame.key), "{told}");
        assert_eq!(one.content, content(kind, part.packet_type), "{told}");
        assert_eq!(one.cts_us, if timed { -40_000 } else { 0 }, "{told}");
        assert_eq!(one.payload().to_bytes()[..], [0xaa], "{told}");
    }
}

/// Frame type 5 with packet type 4: colorInfo of ffmpeg, no command, with whatever stands before it.
#[test]
fn metadata_is_no_command() {
    for entries in &mod_ex_entries() {
        for naming in NAMINGS {
            for high in [0x90, 0xa0, 0xd0, 0xf0, 0x80] {
                let data = b"\x02\x00\x09colorInfo\x06";
                let Message { body, parts } = message(Kind::Video, high, METADATA, entries, naming, b"hvc1", data);
                let frame = read(Kind::Video, &body);
                let wanted = if parts.len() > 1 { Content::Opaque } else { Content::VideoMetadata };
                assert_eq!((frame.content, frame.key), (wanted, false), "{high:02x} {naming:?} {entries:02x?}");
                if parts.len() < 2 {
                    assert!(resets_color_info(&frame.payload()), "{high:02x} {naming:?}");
                }
                assert!(again(Kind::Video, &body).0 == body, "{high:02x} {naming:?}");
            }
        }
    }
}

#[test]
fn what_takes_colours_back() {
    let payload = |value: &[u8]| Body::from([&b"\x02\x00\x09colorInfo"[..], value].concat());
    for value in [&b"\x06"[..], b"\x05", b"\x03\x00\x00\x09", b"\x08\x00\x00\x00\x00\x00\x00\x09"] {
        assert!(resets_color_info(&payload(value)), "{value:02x?}");
    }
    for value in
        [&b""[..], b"\x03\x00\x01x\x06\x00\x00\x09", b"\x06\x02", b"\x08\x00\x00\x00\x00", b"\x03\x00\x00", b"\x01\x00"]
    {
        assert!(!resets_color_info(&payload(value)), "{value:02x?}");
    }
    assert!(!resets_color_info(&Body::from(b"\x02\x00\x09otherInfo\x06".to_vec())));
    assert!(!resets_color_info(&Body::new()));
}

proptest! {
    /// Whatever follows the first bytes: the body stays, what can be read is written back, lists and splits stay in it.
    #[test]
    fn any_bytes(video: bool, first: u8, second: u8, fourcc in 0usize..8, rest in prop::collection::vec(any::<u8>(), 0..300)) {
        let kind = if video { Kind::Video } else { Kind::Audio };
        let first = if video { first | 0x80 } else { 0x90 | first & 0x0f };
        let mut body = vec![first, second];
        body.extend_from_slice(if video { VIDEO } else { AUDIO }[fourcc]);
        body.extend(rest);
        let frame = read(kind, &body);
        prop_assert_eq!(frame.body.to_bytes(), body.clone());
        prop_assert!(frame.payload_at <= body.len());
        let bytes = Bytes::from(body.clone());
        let mut out = Vec::new();
        let read = match kind {
            Kind::Video => VideoTag::decode(&bytes).map(|tag| tag.write(&mut out)).is_ok(),
            _ => AudioTag::decode(&bytes).map(|tag| tag.write(&mut out)).is_ok(),
        };
        if read {
            prop_assert!(out == body, "written back as {:02x?}", out);
        } else {
            prop_assert_eq!((frame.content, frame.payload_at), (Content::Opaque, 0));
        }
        if let Ok(parts) = flv::tracks(&frame.body, kind) {
            for part in parts {
                prop_assert!(part.payload.start <= part.payload.end && part.payload.end <= body.len());
            }
        }
        let _ = flv::split(&frame);
        let _ = resets_color_info(&frame.payload());
    }
}
