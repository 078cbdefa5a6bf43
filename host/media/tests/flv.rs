//! Tag bodies that real encoders send, and those that the specifications allow: one table for reading and writing.

use bytes::Bytes;
use media::flv::{self, AudioTag, VideoTag};
use media::{Body, Content, FourCc, Frame, Kind};
use proptest::prelude::*;

fn hex(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for word in text.split_whitespace() {
        if word.len() == 4 && !word.bytes().all(|b| b.is_ascii_hexdigit()) {
            out.extend_from_slice(word.as_bytes());
            continue;
        }
        for pair in word.as_bytes().chunks(2) {
            out.push(u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
        }
    }
    out
}

/// Body, content, codec, track, key, disposable, composition time in ms, bytes before the payload.
type Row = (&'static str, Content, FourCc, u8, bool, bool, i64, usize);

use Content::*;

const VIDEO: &[Row] = &[
    // Legacy, as ffmpeg and OBS send it.
    ("17 00 000000 01640028", Header, FourCc::AVC1, 0, false, false, 0, 5),
    ("17 01 000050 00000001 65", Coded, FourCc::AVC1, 0, true, false, 80, 5),
    ("27 01 000000 00000001 41", Coded, FourCc::AVC1, 0, false, false, 0, 5),
    ("27 01 ffffd8 00000001 41", Coded, FourCc::AVC1, 0, false, false, -40, 5),
    ("37 01 000000 00000001 01", Coded, FourCc::AVC1, 0, false, true, 0, 5),
    ("47 01 000000 00000001 65", Coded, FourCc::AVC1, 0, false, false, 0, 5),
    ("17 02 000000", EndOfSequence, FourCc::AVC1, 0, false, false, 0, 5),
    ("17 02", EndOfSequence, FourCc::AVC1, 0, false, false, 0, 1),
    ("17 03 000000 00", Opaque, FourCc::AVC1, 0, false, false, 0, 5),
    ("17 01", Opaque, FourCc::AVC1, 0, false, false, 0, 1),
    ("17", Opaque, FourCc::AVC1, 0, false, false, 0, 1),
    ("57 00", Opaque, FourCc::AVC1, 0, false, false, 0, 1),
    ("1c 00 000000 0101", Header, FourCc::HVC1, 0, false, false, 0, 5),
    ("1c 01 000021 00000002 2601", Coded, FourCc::HVC1, 0, true, false, 33, 5),
    ("1d 01 000000 0a00", Coded, FourCc::AV01, 0, true, false, 0, 5),
    ("2e 01 000000 00", Coded, FourCc::VVC1, 0, false, false, 0, 5),
    ("12 0000", Coded, FourCc::FLV1, 0, true, false, 0, 1),
    ("32 0000", Coded, FourCc::FLV1, 0, false, true, 0, 1),
    ("24 00", Coded, FourCc::VP6F, 0, false, false, 0, 1),
    ("15 00", Coded, FourCc::VP6A, 0, true, false, 0, 1),
    ("13 00", Opaque, FourCc::UNKNOWN, 0, true, false, 0, 1),
    ("", Opaque, FourCc::UNKNOWN, 0, false, false, 0, 0),
    // Enhanced, as ffmpeg sends it.
    ("90 hvc1 0101", Header, FourCc::HVC1, 0, false, false, 0, 5),
    ("d4 hvc1 0200", VideoMetadata, FourCc::HVC1, 0, false, false, 0, 5),
    ("94 hvc1 0200", VideoMetadata, FourCc::HVC1, 0, false, false, 0, 5),
    ("91 hvc1 000050 00000002 2601", Coded, FourCc::HVC1, 0, true, false, 80, 8),
    ("a1 hvc1 fffffe 00000002 0201", Coded, FourCc::HVC1, 0, false, false, -2, 8),
    ("a3 hvc1 00000002 0201", Coded, FourCc::HVC1, 0, false, false, 0, 5),
    ("b3 hvc1 00000002 0001", Coded, FourCc::HVC1, 0, false, true, 0, 5),
    ("c1 hvc1 000000 00000002 2601", Coded, FourCc::HVC1, 0, false, false, 0, 8),
    ("92 hvc1", EndOfSequence, FourCc::HVC1, 0, false, false, 0, 5),
    ("90 av01 81050c00", Header, FourCc::AV01, 0, false, false, 0, 5),
    ("91 av01 0a0b", Coded, FourCc::AV01, 0, true, false, 0, 5),
    ("a1 vp09 82", Coded, FourCc::VP09, 0, false, false, 0, 5),
    ("95 av01 80048105", Header, FourCc::AV01, 0, false, false, 0, 5),
    ("93 vvc1 00000002 0041", Coded, FourCc::VVC1, 0, true, false, 0, 5),
    ("91 zzzz 00", Coded, FourCc(0x7a7a7a7a), 0, true, false, 0, 5),
    ("98 av01 00", Opaque, FourCc::AV01, 0, false, false, 0, 5),
    // Commands: one byte and no FourCC.
    ("d0 00", Opaque, FourCc::UNKNOWN, 0, false, false, 0, 1),
    ("d6 01", Opaque, FourCc::UNKNOWN, 0, false, false, 0, 1),
    // Cut off.
    ("90 68766331", Header, FourCc::HVC1, 0, false, false, 0, 5),
    ("90 687663", Opaque, FourCc::UNKNOWN, 0, false, false, 0, 0),
    ("91 hvc1 0000", Opaque, FourCc::UNKNOWN, 0, false, false, 0, 0),
    // One track.
    ("96 00 avc1 01 01640028", Header, FourCc::AVC1, 1, false, false, 0, 7),
    ("96 01 avc1 01 000050 00000001 65", Coded, FourCc::AVC1, 1, true, false, 80, 10),
    ("a6 03 avc1 02 00000001 41", Coded, FourCc::AVC1, 2, false, false, 0, 7),
    ("96 02 avc1 01", EndOfSequence, FourCc::AVC1, 1, false, false, 0, 7),
    ("d6 04 hvc1 01 02", VideoMetadata, FourCc::HVC1, 1, false, false, 0, 7),
    ("96 11 hvc1 05 000006 000050 aabbcc", Coded, FourCc::HVC1, 5, true, false, 80, 13),
    ("96 20 av01 03 000002 8105", Header, FourCc::AV01, 3, false, false, 0, 10),
    // Several tracks.
    ("96 11 avc1 02 000004 000000 65 01 000004 000050 65", Opaque, FourCc::AVC1, 1, true, false, 0, 6),
    ("a6 21 avc1 00 000004 000000 41 av01 01 000002 0a0b", Opaque, FourCc::AVC1, 0, false, false, 0, 2),
    ("96 66 avc1 00", Opaque, FourCc::UNKNOWN, 0, false, false, 0, 0),
    ("96 31 avc1 00", Opaque, FourCc::UNKNOWN, 0, false, false, 0, 0),
    // ModEx: one, two, and one of 256 and more bytes (see `long_mod_ex`); before Multitrack as well.
    ("97 02 00000a 01 hvc1 000050 aa", Coded, FourCc::HVC1, 0, true, false, 80, 13),
    ("97 02 00000a 07 00 ff 13 hvc1 aa", Coded, FourCc::HVC1, 0, true, false, 0, 13),
    ("a7 02 00000a 06 01 avc1 01 000001 aa", Coded, FourCc::AVC1, 1, false, false, 1, 15),
    ("97 02 0000", Opaque, FourCc::UNKNOWN, 0, false, false, 0, 0),
    ("97 ff 00", Opaque, FourCc::UNKNOWN, 0, false, false, 0, 0),
];

const AUDIO: &[Row] = &[
    ("af 00 1210", Header, FourCc::MP4A, 0, false, false, 0, 2),
    ("af 01 2110", Coded, FourCc::MP4A, 0, false, false, 0, 2),
    ("af 05 00", Opaque, FourCc::MP4A, 0, false, false, 0, 2),
    ("af", Opaque, FourCc::MP4A, 0, false, false, 0, 1),
    ("2f fffb9000", Coded, FourCc::MP3, 0, false, false, 0, 1),
    ("ee fffb9000", Coded, FourCc::MP3, 0, false, false, 0, 1),
    ("72 d5d5", Coded, FourCc::ALAW, 0, false, false, 0, 1),
    ("82 ffff", Coded, FourCc::ULAW, 0, false, false, 0, 1),
    ("b6 00", Coded, FourCc::SPEEX, 0, false, false, 0, 1),
    ("3e 0000", Coded, FourCc::LPCM, 0, false, false, 0, 1),
    ("06 0000", Coded, FourCc::LPCM, 0, false, false, 0, 1),
    ("1f 00", Coded, FourCc::ADPCM, 0, false, false, 0, 1),
    ("6e 00", Coded, FourCc::NELLY, 0, false, false, 0, 1),
    ("cf 00", Opaque, FourCc::UNKNOWN, 0, false, false, 0, 1),
    ("", Opaque, FourCc::UNKNOWN, 0, false, false, 0, 0),
    ("90 Opus 4f707573", Header, FourCc::OPUS, 0, false, false, 0, 5),
    ("90 Opus", Header, FourCc::OPUS, 0, false, false, 0, 5),
    ("91 fLaC fff8", Coded, FourCc::FLAC, 0, false, false, 0, 5),
    ("91 ac-3 0b77", Coded, FourCc::AC3, 0, false, false, 0, 5),
    ("92 mp4a", EndOfSequence, FourCc::MP4A, 0, false, false, 0, 5),
    ("94 mp4a 01 06 0000003f", MultichannelConfig, FourCc::MP4A, 0, false, false, 0, 5),
    ("95 00 mp4a 01 1210", Header, FourCc::MP4A, 1, false, false, 0, 7),
    ("95 04 mp4a 01 01 02 00000003", MultichannelConfig, FourCc::MP4A, 1, false, false, 0, 7),
    ("95 01 mp4a 01 2110", Coded, FourCc::MP4A, 1, false, false, 0, 7),
    ("95 11 mp4a 04 000002 2110", Coded, FourCc::MP4A, 4, false, false, 0, 10),
    ("95 11 mp4a 00 000001 21 01 000001 22", Opaque, FourCc::MP4A, 0, false, false, 0, 6),
    ("97 02 0003e8 01 Opus fc", Coded, FourCc::OPUS, 0, false, false, 0, 10),
    ("93 mp4a 00", Opaque, FourCc::MP4A, 0, false, false, 0, 5),
    ("95", Opaque, FourCc::UNKNOWN, 0, false, false, 0, 0),
];

fn check(row: &Row, frame: &Frame, bytes: &[u8]) {
    let (text, content, codec, track, key, disposable, cts_ms, payload_at) = *row;
    assert_eq!(frame.content, content, "{text}");
    assert_eq!(frame.codec, codec, "{text}");
    assert_eq!(frame.track, track, "{text}");
    assert_eq!(frame.key, key, "{text}");
    assert_eq!(frame.disposable, disposable, "{text}");
    assert_eq!(frame.cts_us, cts_ms * 1000, "{text}");
    assert_eq!(frame.payload_at, payload_at, "{text}");
    assert_eq!(frame.body, Body::from(bytes.to_vec()), "{text}");
    assert_eq!(frame.dts_us, 7_000);
    assert_eq!(frame.payload(), Body::from(bytes[payload_at..].to_vec()), "{text}");
    assert_eq!(frame.with_payload(frame.payload()).body, frame.body, "{text}: its own payload gives the same bytes");
    assert_eq!(
        frame.retimed(frame.dts_us, frame.pts_us()).body,
        frame.body,
        "{text}: its own time gives the same bytes"
    );
}

#[test]
fn video_bodies_are_read_and_written_back() {
    for row in VIDEO {
        let bytes = hex(row.0);
        check(row, &flv::video(Bytes::from(bytes.clone()), 7_000), &bytes);
        if let Ok(tag) = VideoTag::decode(&Bytes::from(bytes.clone())) {
            let mut out = Vec::new();
            tag.write(&mut out);
            assert_eq!(out, bytes, "{}", row.0);
        }
    }
}

#[test]
fn audio_bodies_are_read_and_written_back() {
    for row in AUDIO {
        let bytes = hex(row.0);
        check(row, &flv::audio(Bytes::from(bytes.clone()), 7_000), &bytes);
        if let Ok(tag) = AudioTag::decode(&Bytes::from(bytes.clone())) {
            let mut out = Vec::new();
            tag.write(&mut out);
            assert_eq!(out, bytes, "{}", row.0);
        }
    }
}

#[test]
fn long_mod_ex() {
    for (size, coded) in [(256usize, hex("ff 00ff")), (300, hex("ff 012b"))] {
        let mut bytes = hex("97");
        bytes.extend(coded);
        bytes.extend(vec![7; size]);
        bytes.extend(hex("51 hvc1 000001 aa"));
        let tag = VideoTag::decode(&Bytes::from(bytes.clone())).unwrap();
        assert_eq!((tag.codec(), tag.cts_ms(), tag.is_key()), (FourCc::HVC1, 1, true));
        let flv::VideoHeader::Enhanced { header, .. } = &tag.header else { panic!("{tag:?}") };
        let entries: Vec<_> = flv::enhanced::mod_ex(&header.mod_ex).collect();
        assert_eq!(entries, [(5, &vec![7u8; size][..])]);
        let mut out = Vec::new();
        tag.write(&mut out);
        assert_eq!(out, bytes);
    }
}

#[test]
fn mod_ex_nanoseconds() {
    let tag = VideoTag::decode(&Bytes::from(hex("97 02 00000a 01 hvc1 000050 aa"))).unwrap();
    assert_eq!(tag.nanosecond_offset(), 10);
    let tag = AudioTag::decode(&Bytes::from(hex("97 02 0003e8 01 Opus fc"))).unwrap();
    assert_eq!(tag.nanosecond_offset(), 1000);
    assert_eq!(AudioTag::decode(&Bytes::from(hex("91 Opus fc"))).unwrap().nanosecond_offset(), 0);
}

#[test]
fn several_tracks_are_listed_and_split() {
    let body = Body::from(hex("96 21 avc1 02 000004 000050 65 av01 01 000002 0a0b"));
    let parts = flv::tracks(&body, Kind::Video).unwrap();
    let seen: Vec<_> = parts.iter().map(|p| (p.track, p.codec, p.packet_type, p.cts_ms, p.payload.clone())).collect();
    assert_eq!(seen, [(2, FourCc::AVC1, 1, 80, 13..14), (1, FourCc::AV01, 1, 0, 22..24)]);

    let frames = flv::split(&flv::video(body.to_bytes(), 5)).unwrap();
    let bodies: Vec<_> = frames.iter().map(|f| f.body.to_bytes().to_vec()).collect();
    assert_eq!(bodies, [hex("96 01 avc1 02 000050 65"), hex("96 01 av01 01 0a0b")]);
    assert!(frames.iter().all(|f| f.key && f.dts_us == 5 && f.content == Coded));
    assert_eq!(frames[0].cts_us, 80_000);

    let one = Body::from(hex("95 04 mp4a 01 01"));
    assert_eq!(flv::tracks(&one, Kind::Audio).unwrap()[0].payload, 7..8);
    assert!(flv::tracks(&Body::from(hex("af 01 21")), Kind::Audio).unwrap().is_empty());
    let plain = flv::audio(Bytes::from(hex("af 01 21")), 0);
    assert_eq!(flv::split(&plain).unwrap()[0].body, plain.body);
    // A track that runs over the end.
    assert_eq!(flv::tracks(&Body::from(hex("96 11 av01 00 000001 0a 01 0000ff 0a")), Kind::Video).unwrap_err().at, 15);
    // More tracks than ids.
    let mut many = hex("95 11 Opus");
    many.extend(hex("00 000000").repeat(300));
    assert!(flv::tracks(&Body::from(many), Kind::Audio).is_err());
}

#[test]
fn a_new_payload_keeps_the_headers() {
    for (body, payload, want) in [
        ("17 01 000050 00000001 65", "0000000265 88", "17 01 000050 0000000265 88"),
        ("91 hvc1 000050 aabb", "cc", "91 hvc1 000050 cc"),
        ("96 01 avc1 01 000050 65", "", "96 01 avc1 01 000050"),
        ("97 02 00000a 06 11 avc1 01 000004 000050 65", "aabb", "97 02 00000a 06 11 avc1 01 000005 000050 aabb"),
        ("96 20 av01 03 000002 8105", "810500", "96 20 av01 03 000003 810500"),
        // Not understood: all of it is payload.
        ("96 66 avc1 00", "01", "01"),
    ] {
        let frame = flv::video(Bytes::from(hex(body)), 0).with_payload(Body::from(hex(payload)));
        assert_eq!(frame.body.to_bytes().to_vec(), hex(want), "{body}");
        assert_eq!(frame.payload().to_bytes().to_vec(), hex(payload), "{body}");
    }
    let audio = flv::audio(Bytes::from(hex("95 11 mp4a 04 000002 2110")), 0).with_payload(Body::from(hex("212121")));
    assert_eq!(audio.body.to_bytes().to_vec(), hex("95 11 mp4a 04 000003 212121"));
}

#[test]
fn a_new_payload_is_shared_not_copied() {
    let payload = Bytes::from(vec![0x65; 100_000]);
    let frame = flv::video(Bytes::from(hex("91 hvc1 000050 aabb")), 0).with_payload(Body::from(payload.clone()));
    assert_eq!(frame.body.slices().last().unwrap().as_ptr(), payload.as_ptr());
}

#[test]
fn retiming_rewrites_the_composition_time() {
    for (body, dts, pts, want, cts) in [
        ("17 01 000050 65", 40_000, 80_000, "17 01 000028 65", 40_000),
        ("17 01 000050 65", 40_000, 0, "17 01 ffffd8 65", -40_000),
        ("91 hvc1 000050 aa", 0, 0, "91 hvc1 000000 aa", 0),
        ("a3 hvc1 aa", 0, 33_333, "a1 hvc1 000021 aa", 33_333),
        ("a3 hvc1 aa", 5_000, 5_000, "a3 hvc1 aa", 0),
        // Cut to milliseconds, both times keep their places: 33 and 66.
        ("a3 hvc1 aa", 33_333, 66_666, "a1 hvc1 000021 aa", 33_333),
        ("96 03 avc1 01 aa", 0, 1_000, "96 01 avc1 01 000001 aa", 1_000),
        ("96 13 avc1 01 000001 aa", 0, 1_000, "96 11 avc1 01 000004 000001 aa", 1_000),
        ("97 02 00000a 03 avc1 aa", 0, 1_000, "97 02 00000a 01 avc1 000001 aa", 1_000),
        // No composition time to write.
        ("91 av01 0a0b", 10_000, 50_000, "91 av01 0a0b", 0),
        ("12 00", 10_000, 50_000, "12 00", 0),
        ("90 hvc1 01", 10_000, 50_000, "90 hvc1 01", 0),
    ] {
        let frame = flv::video(Bytes::from(hex(body)), 1).retimed(dts, pts);
        assert_eq!(frame.body.to_bytes().to_vec(), hex(want), "{body}");
        assert_eq!((frame.dts_us, frame.cts_us), (dts, cts), "{body}");
        let again = flv::video(frame.body.to_bytes(), dts);
        assert_eq!((again.payload_at, again.key), (frame.payload_at, frame.key), "{body}");
    }
    let audio = flv::audio(Bytes::from(hex("af 01 21")), 1).retimed(9, 100_000);
    assert_eq!((audio.dts_us, audio.pts_us()), (9, 9));
}

#[test]
fn frames_of_a_filter_get_the_headers_that_players_read() {
    let v = |codec, content, track, key, disposable, cts_ms| flv::Parts {
        kind: Kind::Video,
        track,
        codec,
        content,
        key,
        disposable,
        cts_ms,
    };
    let a = |codec, content, track| flv::Parts {
        kind: Kind::Audio,
        track,
        codec,
        content,
        key: false,
        disposable: false,
        cts_ms: 0,
    };
    for (parts, payload, want) in [
        (v(FourCc::AVC1, Header, 0, false, false, 9), "0164", "17 00 000000 0164"),
        (v(FourCc::AVC1, Coded, 0, true, false, 80), "65", "17 01 000050 65"),
        (v(FourCc::AVC1, Coded, 0, false, false, -1), "41", "27 01 ffffff 41"),
        (v(FourCc::AVC1, Coded, 0, false, true, 0), "01", "27 01 000000 01"),
        (v(FourCc::AVC1, EndOfSequence, 0, false, false, 0), "", "17 02 000000"),
        (v(FourCc::AVC1, VideoMetadata, 0, false, false, 0), "02", "94 avc1 02"),
        (v(FourCc::AVC1, Header, 1, false, false, 0), "0164", "96 00 avc1 01 0164"),
        (v(FourCc::AVC1, Coded, 1, true, false, 80), "65", "96 01 avc1 01 000050 65"),
        (v(FourCc::HVC1, Header, 0, false, false, 0), "01", "90 hvc1 01"),
        (v(FourCc::HVC1, Coded, 0, true, false, 0), "26", "93 hvc1 26"),
        (v(FourCc::HVC1, Coded, 0, false, true, 40), "00", "b1 hvc1 000028 00"),
        (v(FourCc::AV01, Coded, 0, true, false, 40), "0a", "91 av01 0a"),
        (v(FourCc::FLV1, Coded, 0, false, true, 0), "00", "32 00"),
        (v(FourCc::VP6F, Coded, 0, true, false, 0), "00", "14 00"),
        (v(FourCc::AV01, Opaque, 0, true, false, 0), "123456", "123456"),
        (a(FourCc::MP4A, Header, 0), "1210", "af 00 1210"),
        (a(FourCc::MP4A, Coded, 0), "21", "af 01 21"),
        (a(FourCc::MP4A, Coded, 2), "21", "95 01 mp4a 02 21"),
        (a(FourCc::ALAW, Coded, 0), "d5", "72 d5"),
        (a(FourCc::ULAW, Coded, 0), "ff", "82 ff"),
        (a(FourCc::SPEEX, Coded, 0), "00", "b6 00"),
        (a(FourCc::MP3, Coded, 0), "fffb9000", "2f fffb9000"),
        (a(FourCc::MP3, Coded, 0), "fffb90c0", "2e fffb90c0"),
        (a(FourCc::MP3, Coded, 0), "fff39000", "2b fff39000"),
        (a(FourCc::MP3, Coded, 0), "ffe398c0", "e2 ffe398c0"),
        (a(FourCc::OPUS, Header, 0), "4f", "90 Opus 4f"),
        (a(FourCc::OPUS, EndOfSequence, 1), "", "95 02 Opus 01"),
        (a(FourCc::MP4A, MultichannelConfig, 0), "0102", "94 mp4a 0102"),
    ] {
        let payload = Body::from(hex(payload));
        let (body, at) = flv::build(&parts, &payload);
        assert_eq!(body.to_bytes().to_vec(), hex(want), "{want}");
        assert_eq!(body.slice(at, body.len()), payload, "{want}");
        let made = flv::frame(&parts, 100_000, 100_000 + i64::from(parts.cts_ms) * 1000, &payload);
        assert_eq!((made.payload_at, made.from_filter), (at, true));
        if parts.content == Opaque {
            continue;
        }
        let read = match parts.kind {
            Kind::Video => flv::video(body.to_bytes(), 100_000),
            _ => flv::audio(body.to_bytes(), 100_000),
        };
        assert_eq!(made.codec, read.codec, "{want}");
        assert_eq!(made.content, read.content, "{want}");
        assert_eq!((made.track, made.key), (read.track, read.key), "{want}");
        assert_eq!(made.cts_us, read.cts_us, "{want}");
        assert_eq!(made.body, read.body, "{want}");
    }
}

proptest! {
    #[test]
    fn any_bytes_make_a_frame(
        start in prop::sample::select(vec![0x17u8, 0x90, 0x91, 0x93, 0x96, 0x97, 0xa6, 0xd4, 0xd6, 0xaf, 0x95, 0x72, 0x00]),
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        payload in prop::collection::vec(any::<u8>(), 0..40),
        dts in any::<i64>(),
        pts in any::<i64>(),
    ) {
        let mut body = vec![start];
        body.extend(bytes);
        let body = Bytes::from(body);
        for frame in [flv::video(body.clone(), dts), flv::audio(body.clone(), dts)] {
            let again = |body: &Body, dts| match frame.kind {
                Kind::Video => flv::video(body.to_bytes(), dts),
                _ => flv::audio(body.to_bytes(), dts),
            };
            prop_assert_eq!(&frame.body, &Body::from(body.clone()));
            prop_assert!(frame.payload_at <= body.len());
            prop_assert!(!frame.key || frame.kind == Kind::Video);
            if let Ok(parts) = flv::tracks(&frame.body, frame.kind) {
                prop_assert!(parts.iter().all(|p| p.payload.start <= p.payload.end && p.payload.end <= body.len()));
            }
            if let Ok(parts) = flv::split(&frame) {
                for part in parts {
                    prop_assert_eq!(again(&part.body, dts).payload(), part.payload());
                }
            }
            let other = frame.with_payload(Body::from(payload.clone()));
            prop_assert_eq!(other.payload().to_bytes().to_vec(), payload.clone());
            let later = frame.retimed(dts / 2, pts / 2);
            prop_assert_eq!(later.dts_us, dts / 2);
            prop_assert_eq!(later.payload(), frame.payload());
            if frame.content == Coded {
                // What was changed is read as it was meant.
                let read = again(&later.body, dts / 2);
                prop_assert_eq!((read.content, read.codec, read.track), (Coded, frame.codec, frame.track));
                prop_assert_eq!(read.payload_at, later.payload_at);
                let read = again(&other.body, dts);
                prop_assert_eq!((read.content, read.codec, read.track), (Coded, frame.codec, frame.track));
                prop_assert_eq!(read.payload(), other.payload());
            }
        }
        if let Ok(tag) = VideoTag::decode(&body) {
            let mut out = Vec::new();
            tag.write(&mut out);
            prop_assert_eq!(&out[..], &body[..]);
        }
        if let Ok(tag) = AudioTag::decode(&body) {
            let mut out = Vec::new();
            tag.write(&mut out);
            prop_assert_eq!(&out[..], &body[..]);
        }
    }
}

#[test]
fn channels_stand_in_the_tag_of_sound_without_a_header() {
    let frame = |head: u8| flv::audio(Bytes::from(vec![head, 0xd5, 0xd5]), 0);
    for (mono, stereo) in [(0x72, 0x73), (0x82, 0x83), (0x3e, 0x3f), (0x1e, 0x1f), (0x6e, 0x6f)] {
        assert_eq!((frame(mono).is_stereo(), frame(stereo).is_stereo()), (false, true), "{mono:#x}");
        let turned = frame(mono).with_stereo(true);
        assert_eq!(turned.body.to_bytes(), frame(stereo).body.to_bytes());
        assert_eq!(turned.with_stereo(false).body.to_bytes(), frame(mono).body.to_bytes());
    }
    // AAC and Speex tell their channels themselves, whatever the tag says.
    for head in [0xaf, 0xb6] {
        let frame = frame(head);
        assert!(!frame.is_stereo());
        assert_eq!(frame.clone().with_stereo(true).body.to_bytes(), frame.body.to_bytes());
    }
}
