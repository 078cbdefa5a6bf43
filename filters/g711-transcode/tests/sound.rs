//! What sound becomes, and where it goes.

use g711_transcode::G711Transcode;
use guest_sdk::media::g711;
use guest_sdk::testing::{Item, Media, Outcome, Sample, grant_derive, log};
use guest_sdk::{Fault, FrameFlags, MediaFilter, MediaKind, Metadata, Scalar, TrackInfo, Verdict, fourcc};

const ALAW: u32 = fourcc(b"alaw");
const ULAW: u32 = fourcc(b"ulaw");
/// A frame of silence: AAC-LC, 44.1 kHz, stereo.
const SILENCE: &[u8] = &[0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c];

fn open(config: &str) -> Media<G711Transcode> {
    grant_derive();
    Media::open(config).unwrap()
}

fn track(kind: MediaKind, codec: &[u8; 4]) -> TrackInfo {
    TrackInfo { id: 0, kind, codec: fourcc(codec), video: None, audio: None, extra: Vec::new() }
}

fn sounds(items: &[Item]) -> Vec<(u32, i64, Vec<u8>)> {
    let one = |item: &Item| match item {
        Item::Frame(m, bytes) if m.kind == MediaKind::Audio => Some((m.codec, m.dts, bytes.clone())),
        _ => None,
    };
    items.iter().filter_map(one).collect()
}

fn silence(stream: &mut Media<G711Transcode>, count: i64) -> Vec<Outcome> {
    (0..count).map(|n| stream.frame(&Sample::aac(SILENCE).at_ms(n * 23, n * 23))).collect()
}

#[test]
fn aac_becomes_g711_in_place() {
    let mut stream = open(r#"{ "in_place": true, "to": "pcmu" }"#);
    let header = stream.header(&track(MediaKind::Audio, b"mp4a"), &[0x12, 0x10]).unwrap();
    assert!(header.out.is_empty(), "G.711 has no header");
    let out = silence(&mut stream, 100);
    let made: Vec<_> = out.iter().flat_map(|o| sounds(&o.out)).collect();
    assert_eq!(made.len(), 100);
    let bytes: usize = made.iter().map(|(.., b)| b.len()).sum();
    assert!((18_570..=18_580).contains(&bytes), "100 frames of 1,024 samples last 2.322 s: {bytes}");
    assert!(made.iter().all(|(codec, _, b)| *codec == ULAW && b.iter().all(|b| *b == 0xff)), "silence");
    assert_eq!(made[3].1, 69_000, "at the time of its frame");
    assert_eq!(stream.frame(&Sample::h264(&[b"\x65"]).key()).verdict, None, "pictures are not asked for");
}

#[test]
fn aac_becomes_g711_beside_with_the_pictures() {
    let mut stream = open("{}");
    stream.header(&track(MediaKind::Video, b"avc1"), b"avcC").unwrap();
    let header = stream.header(&track(MediaKind::Audio, b"mp4a"), &[0x12, 0x10]).unwrap();
    assert_eq!(header.verdict, Some(Verdict::Pass));
    let key = stream.frame(&Sample::h264(&[b"\x65idr"]).key());
    assert!(matches!(key.beside("_g711").as_slice(), [Item::Header(..), Item::Frame(m, _)] if m.is_key()));
    let out = silence(&mut stream, 2);
    assert_eq!(out[1].frames(), [SILENCE], "the stream itself is untouched");
    let made = sounds(&out[1].beside("_g711"));
    assert!(made.len() == 1 && made[0].0 == ALAW && made[0].2.iter().all(|b| *b == 0xd5), "{made:?}");
}

#[test]
fn one_law_becomes_the_other_with_its_channels() {
    let mut stream = open(r#"{ "in_place": true, "to": "pcma" }"#);
    let tone: Vec<u8> = (0..=255).collect();
    let sample = Sample::bytes(MediaKind::Audio, ULAW, &tone).flags(FrameFlags::STEREO);
    let out = stream.frame(&sample);
    let [Item::Frame(meta, bytes)] = out.out.as_slice() else { panic!("{out:?}") };
    assert_eq!((out.verdict, meta.codec), (Some(Verdict::Drop), ALAW));
    assert!(meta.flags.contains(FrameFlags::STEREO));
    for (was, is) in tone.iter().zip(bytes) {
        assert_eq!(*is, g711::linear_to_alaw(g711::ulaw_to_linear(*was)));
    }
    let same = Sample::bytes(MediaKind::Audio, ALAW, &tone);
    assert_eq!(stream.frame(&same).frames(), [tone]);
}

#[test]
fn what_cannot_be_decoded_passes_as_it_came_and_is_told_once() {
    let mut stream = open(r#"{ "in_place": true }"#);
    // HE-AAC: object type 5.
    let header = stream.header(&track(MediaKind::Audio, b"mp4a"), &[0x2b, 0x92, 0x08, 0x00]).unwrap();
    assert_eq!(header.verdict, Some(Verdict::Pass));
    let opus = Sample::bytes(MediaKind::Audio, fourcc(b"Opus"), b"opus");
    for sample in [&Sample::aac(b"he"), &opus] {
        assert_eq!(stream.frame(sample).frames(), [sample.payload()]);
    }
    assert_eq!(stream.frame(&opus).frames(), [opus.payload()]);
    let told: Vec<_> = log().iter().map(|l| l.message.clone()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("HE-AAC is not decoded") && told[0].ends_with("it passes as it came"), "{told:?}");
    assert!(told[1].contains("\"Opus\""), "{told:?}");
}

#[test]
fn frames_that_are_no_aac_end_nobody() {
    let mut stream = open(r#"{ "in_place": true }"#);
    stream.header(&track(MediaKind::Audio, b"mp4a"), &[0x12, 0x10]).unwrap();
    let mut seed = 1u32;
    for n in 0..3_000 {
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        };
        let junk: Vec<u8> = (0..n % 97).map(|_| next()).collect();
        stream.frame(&Sample::aac(&junk).at_ms(n, n));
    }
    assert_eq!(sounds(&stream.frame(&Sample::aac(SILENCE).at_ms(3_001, 3_001)).out).len(), 1);
}

#[test]
fn metadata_tells_what_the_sound_is_now() {
    let fields = ["width", "audiocodecid", "audiosamplerate", "stereo"];
    let fields = fields.iter().map(|name| (name.to_string(), Scalar::Number(44_100.0))).collect();
    let out = open(r#"{ "in_place": true }"#).metadata(Metadata { name: "onMetaData".into(), fields }).unwrap();
    let [meta] = out.metadata()[..] else { panic!("{out:?}") };
    assert_eq!(meta.field("audiocodecid"), Some(&Scalar::Number(7.0)));
    assert_eq!(meta.field("audiosamplerate"), Some(&Scalar::Number(8_000.0)));
    assert_eq!(meta.field("stereo"), Some(&Scalar::Bool(false)));
    assert_eq!(meta.field("width"), Some(&Scalar::Number(44_100.0)));
}

#[test]
fn a_wrong_configuration_is_refused_and_the_schema_names_every_key() {
    let cases = [
        (r#"{ "to": "opus" }"#, "to: unknown variant `opus`, expected `pcma` or `pcmu`"),
        (r#"{ "suffix": "a b" }"#, "suffix: expected 1 to 64 letters"),
        (r#"{ "rate": 8 }"#, "rate: unknown field `rate`"),
    ];
    for (config, expect) in cases {
        match Media::<G711Transcode>::open(config) {
            Err(Fault::InvalidConfig(text)) => assert!(text.starts_with(expect), "{config}: {text}"),
            Err(other) => panic!("{config}: {other:?}"),
            Ok(_) => panic!("{config}: accepted"),
        }
    }
    let schema: serde_json::Value = serde_json::from_str(&G711Transcode::describe().config_schema.unwrap()).unwrap();
    let keys: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["in_place", "suffix", "to", "video"]);
}
