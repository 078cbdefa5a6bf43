//! What is learned of a stream's tracks.

use bytes::Bytes;
use media::track::{Tracks, parts};
use media::{AudioParams, Content, FourCc, Frame, Kind, flv};

const AVC: &[u8] = b"\x17\0\0\0\0\x01\x64\0\x0d\xff\xe1\0\x1a\x67\x64\0\x0d\xac\xd9\x41\x51\x9e\x22\x6c\x04\x40\0\0\x03\0\x40\0\0\x0c\x83\xc5\x0a\x65\x80\x01\0\x06\x68\xeb\xe3\xcb\x22\xc0\xfd\xf8\xf8\0";

fn video(body: &[u8]) -> Frame {
    flv::video(Bytes::copy_from_slice(body), 0)
}

fn audio(body: &[u8]) -> Frame {
    flv::audio(Bytes::copy_from_slice(body), 0)
}

fn sound(tracks: &Tracks, id: u8) -> (u32, u8, u8, u8) {
    let AudioParams { sample_rate, channels, bits, object_type } = tracks.find(Kind::Audio, id).unwrap().audio.unwrap();
    (sample_rate, channels, bits, object_type)
}

#[test]
fn a_sequence_header_teaches_once() {
    let mut tracks = Tracks::new();
    assert_eq!(tracks.unit_length_bytes(0), 4, "what nearly all encoders use");
    let change = tracks.observe(&video(AVC)).unwrap();
    assert!(change.new);
    let params = change.info.video.unwrap();
    assert_eq!((params.width, params.height, params.unit_length_bytes), (322, 182, 4));
    assert_eq!(change.info.header, AVC[5..]);
    assert!(tracks.observe(&video(AVC)).is_none(), "the same again");
    assert!(tracks.observe(&video(b"\x17\x01\0\0\0\0\0\0\x01\x65")).is_none(), "coded frames teach nothing more");
    let mut other = AVC.to_vec();
    other[9] = 0xfd;
    let change = tracks.observe(&video(&other)).unwrap();
    assert!(!change.new);
    assert_eq!(tracks.unit_length_bytes(0), 2);
    assert_eq!(tracks.all().len(), 1);
}

#[test]
fn a_header_that_cannot_be_read_is_kept_unread() {
    let mut tracks = Tracks::new();
    let change = tracks.observe(&video(b"\x17\0\0\0\0\xff")).unwrap();
    assert_eq!((change.info.video, &change.info.header[..]), (None, &b"\xff"[..]));
    assert_eq!(tracks.unit_length_bytes(0), 4);
    let change = tracks.observe(&audio(b"\xaf\0\x12")).unwrap();
    assert_eq!(change.info.audio, Some(AudioParams::default()));
}

#[test]
fn the_codec_may_change_on_the_fly() {
    let mut tracks = Tracks::new();
    tracks.observe(&video(AVC));
    let change = tracks
        .observe(&video(b"\x90av01\x81\x00\x0c\x00\x0a\x0b\x02\x00\x00\x05\x61\xe8\x36\xa0\x17\xc0\x02"))
        .unwrap();
    assert_eq!((change.info.codec, change.new), (FourCc::AV01, false));
    assert_eq!(change.info.unit_length_bytes(), 0);
    // Without a header of its own the old one is not kept.
    let change = tracks.observe(&video(b"\x12\0")).unwrap();
    assert_eq!((change.info.codec, change.info.header.len(), change.info.video), (FourCc::FLV1, 0, None));
}

#[test]
fn sound_with_and_without_headers() {
    for (bodies, want) in [
        (&[&b"\xaf\0\x12\x10"[..]][..], (44_100, 2, 16, 2)),
        (&[b"\x72\xd5"], (8_000, 1, 8, 0)),
        (&[b"\x83\xff"], (8_000, 2, 8, 0)),
        (&[b"\x2f\xff\xfb\x94\x00"], (48_000, 2, 16, 0)),
        (&[b"\x2e"], (44_100, 1, 16, 0)),
        (&[b"\xb6\0"], (16_000, 1, 16, 0)),
        (&[b"\x3d\0"], (44_100, 2, 8, 0)),
        (&[b"\x90Opus"], (48_000, 0, 0, 0)),
        (&[b"\x90OpusOpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0"], (48_000, 2, 0, 0)),
        // As ffmpeg sends AC-3: an empty start, the channels, then frames.
        (&[b"\x90ac-3", b"\x94ac-3\x01\x01\0\0\0\x04", b"\x91ac-3\x0b\x77\x78\x62\x4c\x40\x2f\x84"], (44_100, 1, 0, 0)),
        (&[b"\x90ec-3", b"\x91ec-3\x0b\x77\x00\xcf\x72\x87\xc0\x00"], (44_100, 1, 0, 0)),
    ] {
        let mut tracks = Tracks::new();
        for body in bodies {
            tracks.observe(&audio(body)).unwrap();
        }
        assert_eq!(sound(&tracks, 0), want, "{bodies:02x?}");
        assert!(tracks.observe(&audio(bodies[bodies.len() - 1])).is_none(), "{bodies:02x?}: the same again");
    }
    // AAC before its header: the track is known, its sound is not.
    let mut tracks = Tracks::new();
    assert!(tracks.observe(&audio(b"\xaf\x01\x21")).unwrap().new);
    assert_eq!(sound(&tracks, 0), (0, 0, 0, 0));
    assert!(!tracks.observe(&audio(b"\xaf\0\x12\x10")).unwrap().new);
}

#[test]
fn video_without_a_header_is_read_from_key_frames() {
    let mut tracks = Tracks::new();
    tracks.observe(&video(b"\x90av01")).unwrap();
    assert!(tracks.observe(&video(b"\xa1av01\x12\0")).is_none());
    let key = b"\x91av01\x12\0\x0a\x0b\x02\x00\x00\x05\x61\xe8\x36\xa0\x17\xc0\x02";
    assert_eq!(tracks.observe(&video(key)).unwrap().info.video.unwrap().height, 182);
    let mut key = b"\x17\x01\0\0\0\0\0\0\x1a".to_vec();
    key.extend_from_slice(&AVC[13..39]);
    let mut tracks = Tracks::new();
    assert_eq!(tracks.observe(&video(&key)).unwrap().info.video.unwrap().width, 322);
}

#[test]
fn tracks_are_apart() {
    let mut tracks = Tracks::new();
    tracks.observe(&audio(b"\xaf\0\x12\x10"));
    tracks.observe(&audio(b"\x95\0mp4a\x01\x11\x88"));
    tracks.observe(&audio(b"\x95\x04mp4a\x01\x01\x06\0\0\0\x3f"));
    tracks.observe(&video(AVC));
    assert_eq!((sound(&tracks, 0), sound(&tracks, 1)), ((44_100, 2, 16, 2), (48_000, 6, 16, 2)));
    assert_eq!(tracks.all().len(), 3);
    assert!(tracks.find(Kind::Video, 1).is_none());
}

#[test]
fn nothing_is_learned_of_what_says_nothing() {
    let mut tracks = Tracks::new();
    for frame in [video(b"\xd0\0"), video(b"\xd4hvc1\x02"), video(b"\x17\x02\0\0\0"), audio(b""), video(b"\x13\0")] {
        assert!(tracks.observe(&frame).is_none(), "{frame:?}");
    }
    let data = Frame { kind: Kind::Data, content: Content::Data, ..audio(b"") };
    assert!(tracks.observe(&data).is_none());
    assert!(tracks.all().is_empty());
}

#[test]
fn several_tracks_in_one_message() {
    let frame = audio(b"\x95\x10mp4a\0\0\0\x02\x12\x10\x01\0\0\x02\x11\x88");
    let mut tracks = Tracks::new();
    assert!(tracks.observe(&frame).is_none());
    for part in parts(&frame) {
        assert!(tracks.observe(&part).unwrap().new);
    }
    assert_eq!((sound(&tracks, 0).0, sound(&tracks, 1).0), (44_100, 48_000));
    assert_eq!(parts(&video(AVC)).len(), 1);
}

#[test]
fn the_number_of_tracks_is_bounded_by_their_ids() {
    let mut tracks = Tracks::new();
    for round in 0..2 {
        for id in 0..=255u8 {
            let change = tracks.observe(&audio(&[0x95, 0, b'O', b'p', b'u', b's', id, round]));
            assert!(change.is_some());
        }
    }
    assert_eq!(tracks.all().len(), 256);
}

#[test]
fn vp9_and_vp8_show_their_size_in_key_frames() {
    let mut tracks = Tracks::new();
    let header = video(b"\x90vp09\x01\0\0\0\x00\x0b\x82\x02\x02\x02\0\0");
    tracks.observe(&header).unwrap();
    assert!(tracks.observe(&video(b"\xa1vp09\x86\x00")).is_none());
    let key = video(b"\x91vp09\x82\x49\x83\x42\x00\x14\x10\x0b\x56\x06");
    let params = tracks.observe(&key).unwrap().info.video.unwrap();
    assert_eq!((params.width, params.height, params.level), (322, 182, 11));
    assert!(tracks.observe(&header).is_none(), "the same header again forgets nothing");
    assert!(tracks.observe(&key).is_none());

    let mut tracks = Tracks::new();
    tracks.observe(&video(b"\x90vp08\x01\0\0\0\x00\x0b\x82\x02\x02\x02\0\0")).unwrap();
    let key = video(b"\x91vp08\x10\x02\x00\x9d\x01\x2a\x42\x01\xb6\x40");
    let params = tracks.observe(&key).unwrap().info.video.unwrap();
    assert_eq!((params.width, params.height), (322, 182));
}

#[test]
fn a_header_of_endless_length_is_not_kept() {
    let mut tracks = Tracks::new();
    let mut body = AVC.to_vec();
    body.resize(70_000, 0);
    assert!(tracks.observe(&video(&body)).is_none());
    assert!(tracks.all().is_empty());
}

#[test]
fn a_kept_header_does_not_hold_the_buffer_it_came_in() {
    let mut tracks = Tracks::new();
    let buffer = Bytes::copy_from_slice(AVC);
    tracks.observe(&flv::video(buffer.clone(), 0));
    assert_ne!(tracks.all()[0].header.as_ptr(), buffer[5..].as_ptr());
}
