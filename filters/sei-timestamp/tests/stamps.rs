//! Which pictures are stamped, where, and with what.

use guest_sdk::testing::{Media, Sample, set_unix_ms};
use guest_sdk::{Fault, MediaFilter, Verdict};
use sei_timestamp::SeiTimestamp;

const SLICE: &[u8] = b"\x41slice";
const IDR: &[u8] = b"\x65idr";
const SPS: &[u8] = b"\x67sps";
const SEI: &[u8] = b"\x06\x05\x04test\x80";

/// 2026-01-02 03:04:05.678 UTC.
const NOW_MS: u64 = 1_767_323_045_678;
/// The same in microseconds, as the standard spreads it: a guard byte after each two.
fn time() -> Vec<u8> {
    let us = (NOW_MS * 1000).to_be_bytes();
    us.chunks(2).flat_map(|two| [two, &[0xff]].concat()).take(11).collect()
}

fn stamp_avc() -> Vec<u8> {
    [b"\x06\x05\x1cMISPmicrosectime\x9f".as_slice(), &time(), b"\x80"].concat()
}

fn stamp_hevc() -> Vec<u8> {
    let identifier = b"\xa8\x68\x7d\xd4\xd7\x59\x37\x58\xa5\xce\xf0\x33\x8b\x65\x45\xf1";
    [b"\x4e\x01\x05\x1c".as_slice(), identifier, b"\x9f", &time(), b"\x80"].concat()
}

fn open(config: &str) -> Media<SeiTimestamp> {
    set_unix_ms(NOW_MS);
    Media::open(config).unwrap()
}

#[test]
fn the_time_stands_before_the_first_slice() {
    let mut stream = open("{}");
    let stamped = stream.frame(&Sample::h264(&[SPS, SEI, IDR, SLICE]).key());
    assert_eq!(stamped.frames(), [Sample::h264(&[SPS, SEI, &stamp_avc(), IDR, SLICE]).payload()]);
    assert_eq!(stream.frame(&Sample::h264(&[SLICE])).frames(), [Sample::h264(&[&stamp_avc(), SLICE]).payload()]);

    let (vps, idr, suffix) = ([64, 1, 7], [38, 1, 7], [80, 1, 7]);
    let stamped = stream.frame(&Sample::hevc(&[&vps, &idr, &suffix]).key());
    assert_eq!(stamped.frames(), [Sample::hevc(&[&vps, &stamp_hevc(), &idr, &suffix]).payload()]);
}

#[test]
fn only_key_frames_are_stamped_where_wanted() {
    let mut stream = open(r#"{ "every": "keyframe" }"#);
    assert_eq!(stream.frame(&Sample::h264(&[IDR]).key()).frames(), [Sample::h264(&[&stamp_avc(), IDR]).payload()]);
    assert_eq!(stream.frame(&Sample::h264(&[SLICE])).verdict, None, "not even shown");
}

#[test]
fn a_stamp_that_is_there_stays_or_is_replaced() {
    let old = stamp_avc().iter().map(|b| if *b == 0x9f { 0x1f } else { *b }).collect::<Vec<_>>();
    let sample = Sample::h264(&[SPS, &old, SEI, IDR]).key();
    let kept = open("{}").frame(&sample);
    assert_eq!((kept.verdict, kept.frames()), (Some(Verdict::Pass), vec![sample.payload()]));
    let replaced = open(r#"{ "existing": "replace" }"#).frame(&sample);
    assert_eq!(replaced.frames(), [Sample::h264(&[SPS, &stamp_avc(), SEI, IDR]).payload()]);
}

#[test]
fn what_is_no_picture_passes_as_it_came() {
    let mut stream = open("{}");
    for sample in [Sample::h264(&[SPS, SEI]), Sample::h264(&[])] {
        assert_eq!(stream.frame(&sample).frames(), [sample.payload()]);
    }
    for sample in [Sample::aac(&[1, 2]), Sample::av1(&[&[0x32, 1, 9]])] {
        assert_eq!(stream.frame(&sample).verdict, None);
    }
}

#[test]
fn a_wrong_configuration_is_refused_and_the_schema_names_every_key() {
    let cases = [
        (r#"{ "every": "second" }"#, "every: unknown variant `second`, expected `frame` or `keyframe`"),
        (r#"{ "existing": 1 }"#, "existing: "),
        (r#"{ "uuid": "" }"#, "uuid: unknown field `uuid`, expected `every` or `existing`"),
    ];
    for (config, expect) in cases {
        match Media::<SeiTimestamp>::open(config) {
            Err(Fault::InvalidConfig(text)) => assert!(text.starts_with(expect), "{config}: {text}"),
            Err(other) => panic!("{config}: {other:?}"),
            Ok(_) => panic!("{config}: accepted"),
        }
    }
    let schema: serde_json::Value = serde_json::from_str(&SeiTimestamp::describe().config_schema.unwrap()).unwrap();
    let keys: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["every", "existing"]);
}
