//! FLV tag bodies, legacy and Enhanced, and FLV files.

use crate::choices::{Choices, pieces};
use crate::memory;
use bytes::Bytes;
use media::flv::file::{self, Item, Reader, Tag};
use media::flv::{self, AudioTag, Parts, VideoTag};
use media::track::{self, Tracks};
use media::{Body, Content, FourCc, Frame, Kind, Malformed};

const DTS_US: i64 = 5_000_000;

fn video_tag(body: &Bytes) {
    let frame = flv::video(body.clone(), DTS_US);
    match VideoTag::decode(body) {
        Ok(tag) => {
            let mut written = Vec::new();
            tag.write(&mut written);
            assert_eq!(written, body[..], "a tag is written as it was read");
            let told = (tag.content(), tag.codec(), tag.track(), tag.is_key(), tag.is_disposable());
            assert_eq!((frame.content, frame.codec, frame.track, frame.key, frame.disposable), told);
            assert_eq!(frame.cts_us, i64::from(tag.cts_ms()) * 1000);
            assert_eq!(frame.payload().to_bytes(), tag.payload);
            let _ = tag.nanosecond_offset();
        }
        Err(error) => {
            assert!(error.at <= body.len());
            assert_eq!((frame.content, frame.codec, frame.key), (Content::Opaque, FourCc::UNKNOWN, false));
        }
    }
    check(&frame, body);
}

fn audio_tag(body: &Bytes) {
    let frame = flv::audio(body.clone(), DTS_US);
    match AudioTag::decode(body) {
        Ok(tag) => {
            let mut written = Vec::new();
            tag.write(&mut written);
            assert_eq!(written, body[..], "a tag is written as it was read");
            assert_eq!((frame.content, frame.codec, frame.track), (tag.content(), tag.codec(), tag.track()));
            assert_eq!(frame.payload().to_bytes(), tag.payload);
            let _ = (tag.nanosecond_offset(), tag.legacy_sound());
        }
        Err(error) => {
            assert!(error.at <= body.len());
            assert_eq!((frame.content, frame.codec), (Content::Opaque, FourCc::UNKNOWN));
        }
    }
    check(&frame, body);
}

/// What holds for a frame of any body.
fn check(frame: &Frame, body: &Bytes) {
    assert!(frame.payload_at <= body.len());
    assert_eq!(&frame.body.to_bytes(), body);
    assert!(!frame.key || frame.kind == Kind::Video);
    // The same payload put back, and the same time, change nothing.
    assert_eq!(&frame.with_payload(frame.payload()).body.to_bytes(), body);
    let again = frame.retimed(frame.dts_us, frame.pts_us());
    assert_eq!((again.dts_us, again.cts_us), (frame.dts_us, frame.cts_us));
    assert_eq!(&again.body.to_bytes(), body);
    changed(frame);
    parts(frame, body.len());
}

/// Another payload and another time are told by the frame that the changed body makes.
fn changed(frame: &Frame) {
    // An end of sequence has no payload to change.
    if matches!(frame.content, Content::Opaque | Content::EndOfSequence) {
        return;
    }
    let fresh = Body::from(Bytes::from_static(b"another payload"));
    let edited = frame.with_payload(fresh.clone());
    let read = again(&edited);
    assert_eq!(read.payload().to_bytes(), fresh.to_bytes());
    assert_eq!((read.content, read.codec, read.track), (frame.content, frame.codec, frame.track));
    let moved = frame.retimed(DTS_US + 40_000, DTS_US + 80_000);
    let read = again(&moved);
    assert_eq!(read.payload().to_bytes(), frame.payload().to_bytes());
    assert_eq!(read.cts_us, moved.cts_us);
    assert_eq!((read.content, read.codec, read.track, read.key), (frame.content, frame.codec, frame.track, frame.key));
}

fn again(frame: &Frame) -> Frame {
    match frame.kind {
        Kind::Video => flv::video(frame.body.to_bytes(), frame.dts_us),
        _ => flv::audio(frame.body.to_bytes(), frame.dts_us),
    }
}

/// The tracks of a message lie inside it, and splitting it gives each of them alone.
fn parts(frame: &Frame, length: usize) {
    let listed = flv::tracks(&frame.body, frame.kind);
    let split: Result<Vec<Frame>, Malformed> = flv::split(frame);
    let mut known = Tracks::new();
    for part in track::parts(frame) {
        let _ = known.observe(&part);
    }
    assert!(known.all().len() <= 512);
    let Ok(listed) = listed else { return };
    for part in &listed {
        assert!(part.payload.start <= part.payload.end && part.payload.end <= length);
    }
    let Ok(split) = split else { panic!("tracks that are listed can be split") };
    if listed.len() > 1 || frame.content == Content::Opaque && !listed.is_empty() && split.len() == listed.len() {
        assert_eq!(split.len(), listed.len());
    }
    if split.len() < 2 {
        return;
    }
    let whole = frame.body.to_bytes();
    for (part, alone) in listed.iter().zip(&split) {
        assert_eq!((alone.track, alone.codec), (part.track, part.codec));
        assert_eq!(alone.payload().to_bytes(), whole[part.payload.clone()]);
        assert_eq!(alone.cts_us, i64::from(part.cts_ms) * 1000);
        assert_eq!(again(alone).payload().to_bytes(), alone.payload().to_bytes());
    }
}

/// Lists of tracks and frames made of them: a track takes four bytes of the body, each alone copies its head and payload.
fn most(body: &Bytes) -> usize {
    512 * body.len() + 64 * 1024
}

/// Any bytes as the body of a video message.
pub fn video(input: &[u8]) {
    let body = Bytes::copy_from_slice(input);
    memory::within(most(&body), || video_tag(&body));
}

/// Any bytes as the body of an audio message.
pub fn audio(input: &[u8]) {
    let body = Bytes::copy_from_slice(input);
    memory::within(most(&body), || audio_tag(&body));
}

const VIDEO_CODECS: [&[u8; 4]; 7] = [b"avc1", b"hvc1", b"vvc1", b"av01", b"vp09", b"vp08", b"none"];
const AUDIO_CODECS: [&[u8; 4]; 7] = [b"mp4a", b"Opus", b"fLaC", b"ac-3", b"ec-3", b".mp3", b"none"];

/// An Enhanced body made of the input: ModEx, Multitrack of each type, FourCC, composition time.
fn enhanced(kind: Kind, choices: &mut Choices<'_>) -> Bytes {
    let (codecs, multitrack) = if kind == Kind::Video { (VIDEO_CODECS, 6) } else { (AUDIO_CODECS, 5) };
    let (first, choice) = (choices.byte(), choices.byte());
    let high = if kind == Kind::Video { 0x80 | (first & 0x70) } else { 0x90 };
    let packet_type = choices.byte() & 0x0F;
    let (extensions, tracks) = (usize::from(choice & 3), usize::from(choice >> 2 & 7));
    let outer = if choice & 0x20 == 0 { packet_type } else { multitrack };
    let mut body = vec![high | if extensions > 0 { 7 } else { outer }];
    for n in 0..extensions {
        let data = choices.bytes(300);
        match data.len() {
            0 => body.extend_from_slice(&[0, 0]),
            size @ 1..=255 => body.push(size as u8 - 1),
            size => {
                body.push(255);
                body.extend_from_slice(&(size as u16 - 1).to_be_bytes());
            }
        }
        body.extend_from_slice(data);
        body.push(choices.byte() & 0xF0 | if n + 1 < extensions { 7 } else { outer });
    }
    let fourcc = |choices: &mut Choices<'_>| codecs[choices.below(codecs.len())];
    if outer == multitrack {
        let how = choice >> 6 & 3;
        body.push(how << 4 | packet_type);
        if how != 2 {
            body.extend_from_slice(fourcc(choices));
        }
        for _ in 0..if how == 0 { 1 } else { tracks } {
            if how == 2 {
                body.extend_from_slice(fourcc(choices));
            }
            body.push(choices.byte());
            let data = choices.bytes(30);
            if how != 0 {
                body.extend_from_slice(&[0, 0, data.len() as u8]);
            }
            body.extend_from_slice(data);
        }
    } else {
        body.extend_from_slice(fourcc(choices));
    }
    body.extend_from_slice(choices.rest());
    body.into()
}

/// Enhanced video headers of every form.
pub fn enhanced_video(input: &[u8]) {
    let body = enhanced(Kind::Video, &mut Choices::new(input));
    memory::within(most(&body), || video_tag(&body));
}

/// Enhanced audio headers of every form.
pub fn enhanced_audio(input: &[u8]) {
    let body = enhanced(Kind::Audio, &mut Choices::new(input));
    memory::within(most(&body), || audio_tag(&body));
}

/// Bodies that are built for a filter are read as what they were built of.
pub fn built(input: &[u8]) {
    let mut choices = Choices::new(input);
    let kind = if choices.flag() { Kind::Video } else { Kind::Audio };
    let contents = [Content::Coded, Content::Header, Content::EndOfSequence, Content::Opaque];
    let codecs = if kind == Kind::Video { VIDEO_CODECS } else { AUDIO_CODECS };
    let parts = Parts {
        kind,
        track: if choices.flag() { choices.byte() } else { 0 },
        codec: FourCc(u32::from_be_bytes(*codecs[choices.below(codecs.len() - 1)])),
        content: contents[choices.below(contents.len())],
        key: choices.flag(),
        disposable: choices.flag(),
        cts_ms: 0,
    };
    let (dts, cts) = (i64::from(choices.time()) * 1000, i64::from(choices.u16().cast_signed()) * 1000);
    // An end of sequence has nothing behind it.
    let payload = if parts.content == Content::EndOfSequence { &[] } else { choices.rest() };
    let frame = flv::frame(&parts, dts, dts + cts, &Body::from(Bytes::copy_from_slice(payload)));
    assert_eq!(frame.payload().to_bytes(), payload);
    if parts.content == Content::Opaque {
        return;
    }
    let read = again(&frame);
    assert_eq!((read.content, read.codec, read.track), (parts.content, parts.codec, parts.track));
    assert_eq!((read.key, read.cts_us), (frame.key, frame.cts_us));
    assert_eq!(read.payload().to_bytes(), payload);
}

fn items(bytes: &[u8], seed: u8) -> (Vec<Item>, Option<Malformed>, u64, usize) {
    let mut reader = Reader::new();
    let mut items = Vec::new();
    for piece in pieces(bytes, seed) {
        reader.feed(piece);
        loop {
            match reader.next_item() {
                Ok(Some(item)) => items.push(item),
                Ok(None) => break,
                Err(error) => return (items, Some(error), 0, 0),
            }
        }
    }
    assert_eq!(reader.position() + reader.pending() as u64, bytes.len() as u64);
    (items, None, reader.wrong_sizes(), reader.pending())
}

/// Any bytes as a file: any split gives the same items, and they make a file that is read as the same items.
pub fn file(input: &[u8]) {
    let mut choices = Choices::new(input);
    let seed = choices.byte();
    let bytes = match choices.flag() {
        true => [&file::header(true, true)[..], choices.rest()].concat(),
        false => choices.rest().to_vec(),
    };
    let whole = memory::within(64 * bytes.len() + 8192, || items(&bytes, 0));
    assert_eq!(items(&bytes, seed), whole, "another split");
    let (found, ..) = whole;
    let mut written = file::header(false, false).to_vec();
    let mut wanted = Vec::new();
    for item in found {
        let Item::Tag(tag) = item else { continue };
        if let Some(kind) = tag.kind() {
            let body = Body::from(tag.body.clone());
            file::write(kind, tag.timestamp_ms, &body, &mut written).expect("a body that was read");
            wanted.push(Item::Tag(Tag { filtered: false, stream_id: 0, ..tag }));
        }
    }
    let (again, error, wrong, pending) = items(&written, seed);
    assert_eq!((error, wrong, pending), (None, 0, 0));
    assert_eq!(again[1..], wanted);
}
