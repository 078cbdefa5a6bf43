//! Enhanced RTMP: what is announced, every kind of message, tracks for who comes late.

use std::path::Path;
use std::process::Command;

use weir_tests::ffmpeg::Ffmpeg;
use weir_tests::flow::{player, publisher, receive, send, tags, unpublish};
use weir_tests::flv::{self, AUDIO, Tag, VIDEO};
use weir_tests::process::Process;
use weir_tests::router::{PATIENT, Router};
use weir_tests::rtmp::{Client, amf::Value};
use weir_tests::{clip, numbered};

const VIDEO_CODECS: [&str; 6] = ["vp08", "vp09", "av01", "avc1", "hvc1", "vvc1"];
const AUDIO_CODECS: [&str; 6] = ["ac-3", "ec-3", "Opus", ".mp3", "fLaC", "mp4a"];

#[test]
fn every_codec_is_announced_by_its_name() {
    let router = Router::start("[apps.live]");
    let (_client, said) = Client::connect_as(router.address, "live", &[]).expect("connected");
    let Some(Value::Array(list)) = said.field("fourCcList") else { panic!("{said:?}") };
    for (map, codecs) in [("videoFourCcInfoMap", VIDEO_CODECS), ("audioFourCcInfoMap", AUDIO_CODECS)] {
        for codec in codecs.iter().chain(&["*"]) {
            assert!(list.contains(&Value::text(codec)), "{codec}: {said:?}");
            let mask = said.field(map).and_then(|map| map.field(codec)).and_then(Value::number);
            assert_eq!(mask, Some(4.0), "{map} {codec}: forwarded");
        }
    }
    // Reconnect requests, multitrack, ModEx, nanoseconds.
    assert_eq!(said.field("capsEx").and_then(Value::number), Some(15.0));
}

/// Each codec in each packet type that there is or may be, plain, on a track and as tracks, with and without ModEx; then what
/// is broken.
fn messages() -> Vec<(u8, Vec<u8>)> {
    let mut all = Vec::new();
    for (kind, multitrack, codecs) in [(VIDEO, 6u8, VIDEO_CODECS), (AUDIO, 5, AUDIO_CODECS)] {
        for codec in codecs.iter().chain(&["what"]) {
            for packet in (0..16u8).filter(|packet| ![multitrack, 7].contains(packet)) {
                for extension in 0..3 {
                    for naming in 0..4u8 {
                        all.push((kind, message(kind, multitrack, codec, packet, extension, naming)));
                    }
                }
            }
        }
        // Multitrack in multitrack, ModEx behind it, an unknown kind of multitrack, sizes over the end, nothing at all.
        let outer = 0x90 | multitrack;
        for broken in [
            vec![outer, multitrack, outer, 0, b'x'],
            vec![outer, 0x07, 1, 1, 1],
            vec![outer, 0x30, b'a', b'v', b'c', b'1'],
            [&[outer, 0x11][..], b"avc1\x00\xff\xff\xff!"].concat(),
            vec![0x97, 0xff, 0xff, 0xff, 1],
            vec![0x90],
            vec![outer],
            Vec::new(),
        ] {
            all.push((kind, broken));
        }
    }
    all
}

fn message(kind: u8, multitrack: u8, codec: &str, packet: u8, extension: u8, naming: u8) -> Vec<u8> {
    let first = match (kind, packet) {
        // ffmpeg's colorInfo, which looks like a command.
        (VIDEO, 4) => 0xd0,
        (VIDEO, 1 | 3) => 0xa0,
        _ => 0x90,
    };
    let outer = if naming == 0 { packet } else { multitrack };
    let mut body = Vec::new();
    match extension {
        0 => body.push(first | outer),
        1 => body.extend_from_slice(&[first | 7, 2, 0x0f, 0x42, 0x3f, outer]),
        _ => {
            // An unknown one of 256 bytes, and nanoseconds behind it.
            body.extend_from_slice(&[first | 7, 0xff, 0, 0xff]);
            body.extend_from_slice(&[0x77; 256]);
            body.extend_from_slice(&[0x37, 2, 0, 0, 1, outer]);
        }
    }
    let data = [0, 0, 40, packet, naming, 0xaa];
    match naming {
        0 => body.extend([codec.as_bytes(), &data].concat()),
        1 => body.extend([&[packet], codec.as_bytes(), &[3], &data].concat()),
        2 => body.extend([&[0x10 | packet], codec.as_bytes(), &[1, 0, 0, 6], &data, &[2, 0, 0, 6], &data].concat()),
        _ => {
            let one = |id: u8| [codec.as_bytes(), &[id, 0, 0, 6], &data].concat();
            body.extend([&[0x20 | packet][..], &one(4), &one(5)].concat());
        }
    }
    body
}

#[test]
fn every_kind_of_message_passes_as_it_is() {
    let router = Router::start(&format!("[apps.live]\n{PATIENT}"));
    let mut source = publisher(&router, "live", "cam");
    let mut viewer = player(&router, "live", "cam");
    let all = messages();
    for (at, (kind, body)) in all.iter().enumerate() {
        source.media(*kind, u32::try_from(at).expect("a time"), body.clone()).expect("the router reads");
    }
    let last = numbered::video(0, 100);
    send(&mut source, std::slice::from_ref(&last));
    let seen = tags(&receive(&mut viewer, "the last", |m| m.tag().body == last.body));
    let seen: Vec<&Tag> = seen.iter().filter(|tag| [AUDIO, VIDEO].contains(&tag.kind)).collect();
    for ((kind, body), tag) in all.iter().zip(&seen) {
        assert!(tag.kind == *kind && tag.body == *body, "sent {kind} {body:02x?}\ngot  {tag:?}");
    }
    assert_eq!(seen.len(), all.len() + 1);
    drop(source);
    let line = router.process.line("the end of the stream", |l| l.contains("published") && l.contains("malformed"));
    // Of each kind: seven that are broken; silence is not.
    assert!(line.contains("malformed=14") || line.contains("malformed: 14"), "{line}");
}

/// Publishes a file with all its tracks, as it is and at its own pace.
fn publish_all(file: &Path, url: &str) -> Process {
    let mut command: Command = Ffmpeg::New.command();
    command.arg("-re").arg("-i").arg(file).args(["-map", "0", "-c", "copy", "-f", "flv", url]);
    Process::start("ffmpeg publishing", &mut command)
}

#[test]
fn every_track_reaches_who_comes_late() {
    let router = Router::start(&format!("[apps.live]\n{PATIENT}"));
    let (clip, url) = (clip::four_tracks(), router.url("live/tracks"));
    let mut source = publish_all(&clip, &url);
    let mut witness = Client::connect(router.address, "live").expect("connected");
    witness.play("tracks").expect("a connection");
    receive(&mut witness, "the third second", |m| m.kind == VIDEO && m.time_ms >= 2_500);
    let file = router.file("late.flv");
    let mut command: Command = Ffmpeg::New.command();
    command.args(["-i", &url, "-map", "0", "-c", "copy", "-f", "flv"]).arg(&file);
    let mut sink = Process::start("ffmpeg playing late", &mut command);
    source.succeeds();
    sink.succeeds();
    for stream in ["0:v:0", "0:v:1", "0:a:0", "0:a:1"] {
        let played = Ffmpeg::New.decode(&file, stream);
        let made = Ffmpeg::New.decode(&clip, stream);
        assert!(played.len() >= 60 && played.len() < made.len(), "{stream}: {} of {}", played.len(), made.len());
        // Sound is coded with what came before in mind: its first frames differ, and AAC's noise is never the same.
        let settled = &played[played.len() / 4..];
        assert!(stream == "0:a:0" || made.ends_with(settled), "{stream}: {} of {}", played.len(), made.len());
    }
}

#[test]
fn colours_reach_who_comes_late() {
    let router = Router::start(&format!("[apps.live]\n{PATIENT}"));
    let clip = flv::read(&clip::hdr());
    let colours = clip.iter().find(|t| t.body.starts_with(b"\xd4hvc1")).expect("ffmpeg tells HDR as colorInfo").clone();
    let keys: Vec<usize> = (0..clip.len()).filter(|at| clip[*at].is_key()).collect();
    let mut source = publisher(&router, "live", "hdr");
    send(&mut source, &clip[..=keys[1]]);
    let mut witness = player(&router, "live", "hdr");
    receive(&mut witness, "the second key frame", |m| m.body == clip[keys[1]].body);
    let mut late = player(&router, "live", "hdr");
    let seen = tags(&receive(&mut late, "a key frame", |m| m.tag().is_key()));
    assert_eq!(seen.last().map(|t| &t.body), Some(&clip[keys[1]].body), "it starts at the newest");
    let count = |wanted: &Tag| seen.iter().filter(|t| t.body == wanted.body).count();
    assert_eq!(count(&colours), 1, "{seen:?}");
    let header = clip.iter().find(|t| t.kind == VIDEO && t.is_header()).expect("a header");
    assert_eq!(count(header), 1, "{seen:?}");
    // Taken back: the next one is not told.
    let reset =
        Tag { body: b"\xd4hvc1\x02\x00\x09colorInfo\x06".to_vec(), time_ms: clip[keys[1]].time_ms, ..colours.clone() };
    send(&mut source, &[reset]);
    send(&mut source, &clip[keys[1] + 1..=keys[2]]);
    receive(&mut witness, "the third key frame", |m| m.body == clip[keys[2]].body);
    let mut later = player(&router, "live", "hdr");
    let seen = tags(&receive(&mut later, "a key frame", |m| m.tag().is_key()));
    assert!(!seen.iter().any(|t| t.body.starts_with(b"\xd4")), "{seen:?}");
}

#[test]
fn stock_clients_carry_every_sound() {
    let router = Router::start(&format!("[apps.live]\n{PATIENT}"));
    let clips: Vec<_> =
        ["ac3", "eac3", "libmp3lame", "libopus", "flac"].map(|encoder| (encoder, clip::sound(encoder))).into();
    let running: Vec<_> = clips
        .iter()
        .map(|(encoder, clip)| {
            let url = router.url(&format!("live/{encoder}"));
            let file = router.file(&format!("{encoder}.flv"));
            (Ffmpeg::New.publish(clip, &url), Ffmpeg::New.record(&url, &file), file)
        })
        .collect();
    for ((encoder, clip), (mut source, mut sink, file)) in clips.iter().zip(running) {
        source.succeeds();
        sink.succeeds();
        assert!(Ffmpeg::New.decode(&file, "0:a").len() >= 60, "{encoder}");
        // A player that came a moment late lacks the first.
        let (played, made) = (Ffmpeg::New.packets(&file, "0:a"), Ffmpeg::New.packets(clip, "0:a"));
        assert!(played.len() >= 60 && made.ends_with(&played), "{encoder}: {} of {}", played.len(), made.len());
    }
}

#[test]
fn a_track_that_ended_is_not_told_of() {
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    let on_one = |body: &[u8]| Tag { kind: AUDIO, time_ms: 40, body: body.to_vec() };
    let (header, end) = (on_one(b"\x95\x00mp4a\x01\x12\x10"), on_one(b"\x95\x02mp4a\x01"));
    send(&mut source, &[numbered::header(), numbered::audio_header(), header.clone(), numbered::video(0, 100)]);
    let mut first = player(&router, "live", "cam");
    let seen = tags(&receive(&mut first, "frame 0", |m| numbered::number(&m.tag()) == Some(0)));
    assert!(seen.iter().any(|t| t.body == header.body), "{seen:?}");
    send(&mut source, &[end.clone(), numbered::video(numbered::GOP, 100)]);
    let seen = tags(&receive(&mut first, "the next key frame", |m| numbered::number(&m.tag()) == Some(numbered::GOP)));
    assert!(seen.iter().any(|t| t.body == end.body), "who is there is told of the end: {seen:?}");
    let mut late = player(&router, "live", "cam");
    let seen = tags(&receive(&mut late, "a key frame", |m| m.tag().is_key()));
    assert!(seen.iter().any(|t| t.body == numbered::audio_header().body), "{seen:?}");
    assert!(!seen.iter().any(|t| t.body == header.body || t.body == end.body), "{seen:?}");
    unpublish(&mut source, "cam");
}
