//! What goes into the stream of key frames.

use guest_sdk::testing::{Item, Media, Sample, grant_derive};
use guest_sdk::{Fault, MediaFilter, MediaKind, Metadata, Scalar, TrackInfo, Verdict, fourcc};
use keyframe_only::KeyframeOnly;

fn track(kind: MediaKind, codec: &[u8; 4]) -> TrackInfo {
    TrackInfo { id: 0, kind, codec: fourcc(codec), video: None, audio: None, extra: Vec::new() }
}

fn open(config: &str) -> Media<KeyframeOnly> {
    grant_derive();
    let mut stream = Media::open(config).unwrap();
    let fields = ["width", "framerate", "audiocodecid", "stereo"];
    let fields = fields.iter().map(|name| (name.to_string(), Scalar::Number(1.0))).collect();
    stream.metadata(Metadata { name: "onMetaData".into(), fields }).unwrap();
    stream.header(&track(MediaKind::Video, b"avc1"), b"avcC").unwrap();
    stream.header(&track(MediaKind::Audio, b"mp4a"), b"asc").unwrap();
    stream
}

fn said(items: &[Item]) -> Vec<String> {
    let one = |item: &Item| match item {
        Item::Frame(meta, _) if meta.kind == MediaKind::Audio => format!("sound {}", meta.dts / 1000),
        Item::Frame(meta, _) => format!("{} {}", if meta.is_key() { "key" } else { "other" }, meta.dts / 1000),
        Item::Header(_, record) => String::from_utf8_lossy(record).into_owned(),
        Item::Metadata(m) => m.fields.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(","),
    };
    items.iter().map(one).collect()
}

fn show(stream: &mut Media<KeyframeOnly>, suffix: &str) -> Vec<String> {
    let mut beside = Vec::new();
    for n in 0..4 {
        let key = Sample::h264(&[b"\x65idr"]).key().at_ms(n * 80, n * 80);
        let out = stream.frame(&key);
        assert_eq!((out.verdict, out.frames()), (Some(Verdict::Pass), vec![key.payload()]));
        beside.extend(out.beside(suffix));
        beside.extend(stream.frame(&Sample::h264(&[b"\x41p"]).at_ms(n * 80 + 40, n * 80 + 40)).beside(suffix));
        beside.extend(stream.frame(&Sample::aac(b"a").at_ms(n * 80 + 41, n * 80 + 41)).beside(suffix));
    }
    said(&beside)
}

#[test]
fn key_frames_go_beside_and_nothing_else_is_asked_for() {
    let mut stream = open("{}");
    assert_eq!(stream.frame(&Sample::h264(&[b"\x41p"])).verdict, None);
    assert_eq!(stream.frame(&Sample::aac(b"a")).verdict, None);
    assert_eq!(show(&mut stream, "_key"), ["width", "avcC", "key 0", "key 80", "key 160", "key 240"]);
}

#[test]
fn sound_comes_with_them_where_wanted() {
    let mut stream = open(r#"{ "suffix": ".wall", "audio": true }"#);
    let said = show(&mut stream, ".wall");
    assert_eq!(said[..5], ["width,audiocodecid,stereo", "avcC", "asc", "key 0", "sound 41"]);
    assert_eq!(said.len(), 3 + 8);
}

#[test]
fn a_wrong_configuration_is_refused_and_the_schema_names_every_key() {
    let cases = [
        (r#"{ "suffix": "a b" }"#, "suffix: expected 1 to 64 letters"),
        (r#"{ "audio": 1 }"#, "audio: "),
        (r#"{ "every": 2 }"#, "every: unknown field `every`, expected `suffix` or `audio`"),
    ];
    for (config, expect) in cases {
        match Media::<KeyframeOnly>::open(config) {
            Err(Fault::InvalidConfig(text)) => assert!(text.starts_with(expect), "{config}: {text}"),
            Err(other) => panic!("{config}: {other:?}"),
            Ok(_) => panic!("{config}: accepted"),
        }
    }
    let schema: serde_json::Value = serde_json::from_str(&KeyframeOnly::describe().config_schema.unwrap()).unwrap();
    let keys: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["audio", "suffix"]);
}
