//! What goes on, frame by frame.

use guest_sdk::testing::{Media, Sample};
use guest_sdk::{Boundary, Fault, FrameFlags, MediaFilter, MediaKind, TrackInfo, Verdict, fourcc};
use nal_filter::NalFilter;

const SLICE: &[u8] = b"\x41slice";
const IDR: &[u8] = b"\x65idr";
const SEI: &[u8] = b"\x06sei";
const SPS: &[u8] = b"\x67sps";
const PPS: &[u8] = b"\x68pps";
const AUD: &[u8] = b"\x09\xf0";
const FILLER: &[u8] = b"\x0c\xff\x80";

fn open(config: &str) -> Media<NalFilter> {
    Media::open(config).unwrap()
}

fn refusal(config: &str) -> String {
    match Media::<NalFilter>::open(config) {
        Err(Fault::InvalidConfig(text)) => text,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("accepted"),
    }
}

#[test]
fn h264_loses_delimiters_and_filler_by_default_and_keeps_sei_and_parameter_sets() {
    let mut stream = open("{}");
    let all = Sample::h264(&[AUD, SPS, PPS, SEI, IDR, FILLER]).key();
    assert_eq!(stream.frame(&all).frames(), [Sample::h264(&[SPS, PPS, SEI, IDR]).payload()]);
}

#[test]
fn every_h264_type_is_kept_or_dropped_as_the_rules_say() {
    let mut stream = open("{}");
    for unit_type in 0..32u8 {
        let unit = [0x60 | unit_type, 7, 7];
        let outcome = stream.frame(&Sample::h264(&[&unit, SLICE]));
        let kept = (1..=8).contains(&unit_type);
        let expect = if kept { Sample::h264(&[&unit, SLICE]) } else { Sample::h264(&[SLICE]) };
        assert_eq!(outcome.frames(), [expect.payload()], "type {unit_type}");
        assert_eq!(outcome.verdict, (!kept).then_some(Verdict::Edited), "a kept type costs no call");
    }
}

#[test]
fn every_hevc_type_is_kept_or_dropped_as_the_rules_say() {
    let mut stream = open("{}");
    let trail = [2, 1, 9];
    for unit_type in 0..64u8 {
        let unit = [unit_type << 1, 1, 7];
        let kept = matches!(unit_type, 0..=9 | 16..=21 | 32..=34 | 39 | 40);
        let expect = if kept { Sample::hevc(&[&unit, &trail]) } else { Sample::hevc(&[&trail]) };
        assert_eq!(stream.frame(&Sample::hevc(&[&unit, &trail])).frames(), [expect.payload()], "type {unit_type}");
    }
}

#[test]
fn every_av1_type_is_kept_or_dropped_as_the_rules_say() {
    let mut stream = open("{}");
    let frame = [0x32, 1, 9];
    for unit_type in 0..16u8 {
        let unit = [unit_type << 3 | 2, 1, 7];
        let kept = !matches!(unit_type, 2 | 8 | 15);
        let expect = if kept { Sample::av1(&[&unit, &frame]) } else { Sample::av1(&[&frame]) };
        assert_eq!(stream.frame(&Sample::av1(&[&unit, &frame])).frames(), [expect.payload()], "type {unit_type}");
    }
}

#[test]
fn a_list_takes_the_place_of_the_default_of_its_codec_only() {
    let mut stream = open(r#"{ "h264": { "drop": ["sei"] } }"#);
    assert_eq!(
        stream.frame(&Sample::h264(&[AUD, SEI, SLICE])).frames(),
        [Sample::h264(&[AUD, SLICE]).payload()],
        "the delimiter is not on the list"
    );
    assert_eq!(
        stream.frame(&Sample::hevc(&[&[70, 1, 0x50], &[2, 1, 9]])).frames(),
        [Sample::hevc(&[&[2, 1, 9]]).payload()],
        "H.265 has its default still"
    );
}

#[test]
fn types_may_be_named_by_number() {
    let mut stream = open(r#"{ "hevc": { "drop": [39, "suffix-sei"] } }"#);
    let frame = Sample::hevc(&[&[78, 1, 5], &[2, 1, 9], &[80, 1, 5], &[70, 1, 0x50]]);
    assert_eq!(stream.frame(&frame).frames(), [Sample::hevc(&[&[2, 1, 9], &[70, 1, 0x50]]).payload()]);
}

#[test]
fn an_empty_list_leaves_the_codec_alone() {
    let mut stream = open(r#"{ "h264": { "drop": [] }, "hevc": { "drop": [] }, "av1": { "drop": [] } }"#);
    assert!(stream.subscription().frames.is_empty());
    let frame = Sample::h264(&[AUD, SLICE, FILLER]);
    assert_eq!(stream.frame(&frame).frames(), [frame.payload()]);
}

#[test]
fn a_frame_left_empty_is_dropped() {
    let mut stream = open("{}");
    let outcome = stream.frame(&Sample::h264(&[AUD, FILLER]));
    assert_eq!((outcome.verdict, outcome.out.len()), (Some(Verdict::Drop), 0));
}

#[test]
fn a_frame_whose_units_overrun_passes_as_it_came() {
    let mut stream = open("{}");
    let mut payload = Sample::h264(&[AUD]).payload();
    payload.extend([0, 0, 0, 99, 0x65, 1]);
    let outcome = stream.frame(&Sample::bytes(MediaKind::Video, fourcc(b"avc1"), &payload));
    assert_eq!(outcome.frames(), [payload]);
}

#[test]
fn lengths_with_nothing_behind_them_do_no_harm() {
    let mut stream = open("{}");
    let mut payload = vec![0; 4];
    payload.extend(Sample::h264(&[AUD, SLICE]).payload());
    let outcome = stream.frame(&Sample::bytes(MediaKind::Video, fourcc(b"avc1"), &payload));
    assert_eq!(outcome.frames(), [Sample::h264(&[SLICE]).payload()]);
}

#[test]
fn lengths_of_one_and_two_bytes_work() {
    for length_bytes in [1, 2] {
        let mut stream = open(r#"{ "h264": { "drop": ["aud", "sei"] } }"#);
        let frame = Sample::h264(&[AUD, SEI, SLICE]).with_length_bytes(length_bytes);
        let expect = Sample::h264(&[SLICE]).with_length_bytes(length_bytes);
        assert_eq!(stream.frame(&frame).frames(), [expect.payload()]);
    }
}

#[test]
fn audio_and_other_codecs_are_never_shown() {
    let mut stream = open("{}");
    let others = [
        Sample::aac(&[9, 9]),
        Sample::bytes(MediaKind::Video, fourcc(b"vp09"), &[9, 9]),
        Sample::bytes(MediaKind::Video, fourcc(b"avc1"), &[0, 0, 0, 99, 9]).flags(FrameFlags::KEY),
    ];
    for sample in others {
        let outcome = stream.frame(&sample);
        assert_eq!((outcome.verdict, outcome.frames()), (None, vec![sample.payload()]));
    }
}

#[test]
fn sequence_headers_and_metadata_are_not_asked_for() {
    let mut stream = open("{}");
    let track = TrackInfo {
        id: 0,
        kind: MediaKind::Video,
        codec: fourcc(b"avc1"),
        video: None,
        audio: None,
        extra: Vec::new(),
    };
    assert_eq!(stream.header(&track, &[1, 100, 0, 31]).unwrap().verdict, None);
    assert_eq!(stream.subscription().swap_at, Boundary::AnyFrame);
}

#[test]
fn wrong_settings_are_refused_with_the_key_and_what_is_expected() {
    let cases = [
        (r#"{ "h265": {} }"#, "h265: unknown field `h265`, expected one of `h264`, `hevc`, `av1`"),
        (r#"{ "h264": {} }"#, "h264: missing field `drop`"),
        (r#"{ "h264": { "drop": "sei" } }"#, "h264.drop: invalid type: string \"sei\", expected a sequence"),
        (r#"{ "h264": { "drop": [1.5] } }"#, "h264.drop[0]: expected the name of a unit type, or its number"),
        (
            r#"{ "av1": { "drop": ["padding", "sei"] } }"#,
            "av1.drop[1]: `sei` is no unit type; expected a number from 0 to 15 or one of sequence-header,",
        ),
        (r#"{ "h264": { "drop": [32] } }"#, "h264.drop[0]: 32 is no unit type; expected a number from 0 to 31"),
    ];
    for (config, expect) in cases {
        let text = refusal(config);
        assert!(text.starts_with(expect), "{config}: {text}");
    }
}

#[test]
fn its_description_carries_a_schema_that_names_every_key() {
    let description = NalFilter::describe();
    let schema: serde_json::Value = serde_json::from_str(&description.config_schema.unwrap()).unwrap();
    let keys: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["av1", "h264", "hevc"]);
}
