//! What goes into the stream of sound, and when.

use audio_only::AudioOnly;
use guest_sdk::testing::{Item, Media, Sample, grant_derive, log, set_taken};
use guest_sdk::{Fault, MediaFilter, MediaKind, Metadata, Scalar, TrackInfo, Verdict, fourcc};

fn track(kind: MediaKind, codec: &[u8; 4]) -> TrackInfo {
    TrackInfo { id: 0, kind, codec: fourcc(codec), video: None, audio: None, extra: Vec::new() }
}

fn metadata(fields: &[&str]) -> Metadata {
    let fields = fields.iter().map(|name| (name.to_string(), Scalar::Number(1.0))).collect();
    Metadata { name: "onMetaData".into(), fields }
}

#[test]
fn sound_goes_beside_and_the_stream_passes_as_it_came() {
    grant_derive();
    let mut stream = Media::<AudioOnly>::open("{}").unwrap();
    stream.metadata(metadata(&["width", "videocodecid", "audiocodecid"])).unwrap();
    stream.header(&track(MediaKind::Video, b"avc1"), b"avcC").unwrap();
    let header = stream.header(&track(MediaKind::Audio, b"mp4a"), b"asc").unwrap();
    assert!(header.derived.is_empty(), "nothing is published without a frame");
    assert_eq!(stream.frame(&Sample::h264(&[b"\x65idr"]).key()).verdict, None, "pictures are not asked for");
    let sample = Sample::aac(b"one").at_ms(20, 20);
    let first = stream.frame(&sample);
    assert_eq!((first.verdict, first.frames()), (Some(Verdict::Pass), vec![sample.payload()]));
    let beside = first.beside("_audio");
    let [Item::Metadata(meta), Item::Header(0, asc), Item::Frame(at, one)] = beside.as_slice() else {
        panic!("metadata, header, frame");
    };
    assert_eq!(*meta, metadata(&["audiocodecid"]));
    assert_eq!((asc.as_slice(), at.dts, one.as_slice()), (b"asc".as_slice(), 20_000, b"one".as_slice()));
    let next = stream.frame(&Sample::aac(b"two").at_ms(40, 40)).beside("_audio");
    assert!(matches!(next.as_slice(), [Item::Frame(_, two)] if two == b"two"), "{next:?}");
    let changed = stream.header(&track(MediaKind::Audio, b"mp4a"), b"other").unwrap().beside("_audio");
    assert_eq!(changed, [Item::Header(0, b"other".to_vec())]);
}

#[test]
fn sound_without_a_header_needs_none() {
    grant_derive();
    let mut stream = Media::<AudioOnly>::open(r#"{ "suffix": "-a" }"#).unwrap();
    let out = stream.frame(&Sample::bytes(MediaKind::Audio, fourcc(b"alaw"), b"tone"));
    assert!(matches!(out.beside("-a").as_slice(), [Item::Frame(meta, _)] if meta.codec == fourcc(b"alaw")), "{out:?}");
}

#[test]
fn a_name_in_use_is_told_once_and_tried_again() {
    grant_derive();
    set_taken("_audio", true);
    let mut stream = Media::<AudioOnly>::open("{}").unwrap();
    stream.header(&track(MediaKind::Audio, b"mp4a"), b"asc").unwrap();
    for ms in [0, 20, 1100, 1120] {
        let out = stream.frame(&Sample::aac(b"x").at_ms(ms, ms));
        assert!(out.derived.is_empty() && out.verdict == Some(Verdict::Pass));
    }
    assert_eq!(log().iter().filter(|line| line.message.contains("its name is in use")).count(), 1);
    set_taken("_audio", false);
    assert!(stream.frame(&Sample::aac(b"x").at_ms(1200, 1200)).derived.is_empty(), "not before a second has passed");
    let out = stream.frame(&Sample::aac(b"x").at_ms(2200, 2200)).beside("_audio");
    assert!(matches!(out.as_slice(), [Item::Header(..), Item::Frame(..)]), "{out:?}");
}

#[test]
fn without_the_grant_the_stream_passes_and_the_log_says_what_is_missing() {
    let mut stream = Media::<AudioOnly>::open("{}").unwrap();
    let sample = Sample::aac(b"x");
    assert_eq!(stream.frame(&sample).frames(), [sample.payload()]);
    assert!(log().iter().any(|line| line.message.contains("grants = [\"derive\"]")), "{:?}", log());
}

#[test]
fn a_wrong_configuration_is_refused_and_the_schema_names_every_key() {
    let cases = [
        (r#"{ "suffix": "/x" }"#, "suffix: expected 1 to 64 letters"),
        (r#"{ "suffix": "" }"#, "suffix: expected 1 to 64 letters"),
        (r#"{ "sufix": "_a" }"#, "sufix: unknown field `sufix`, expected `suffix`"),
    ];
    for (config, expect) in cases {
        match Media::<AudioOnly>::open(config) {
            Err(Fault::InvalidConfig(text)) => assert!(text.starts_with(expect), "{config}: {text}"),
            Err(other) => panic!("{config}: {other:?}"),
            Ok(_) => panic!("{config}: accepted"),
        }
    }
    let schema: serde_json::Value = serde_json::from_str(&AudioOnly::describe().config_schema.unwrap()).unwrap();
    let keys: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["suffix"]);
}
