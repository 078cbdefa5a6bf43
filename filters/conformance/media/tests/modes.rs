//! The modes, before a fake host: what tests of the router rely on.

use conformance_media::Conformance;
use guest_sdk::testing::{Item, Media, Sample, log, stream};
use guest_sdk::{EndReason, Fault, Metadata, SavedState, Scalar, Verdict};

fn open(config: &str) -> Media<Conformance> {
    Media::open(config).unwrap()
}

fn slice(n: u8) -> Sample {
    Sample::h264(&[&[0x41, n]]).at_ms(i64::from(n) * 40, i64::from(n) * 40)
}

#[test]
fn held_frames_go_on_when_one_more_comes() {
    let mut s = open(r#"{ "mode": "hold", "frames": 2 }"#);
    assert!(s.frame(&slice(0)).out.is_empty());
    assert!(s.frame(&slice(1)).out.is_empty());
    assert_eq!(s.frame(&slice(2)).frames(), [slice(0).payload(), slice(1).payload()]);
    assert_eq!(s.flush().frames(), [slice(2).payload()]);
}

#[test]
fn held_frames_may_be_dropped() {
    let mut s = open(r#"{ "mode": "hold", "frames": 1, "drop": true }"#);
    for n in 0..3 {
        assert!(s.frame(&slice(n)).out.is_empty());
    }
    assert!(s.flush().out.is_empty());
}

#[test]
fn emissions_stand_before_or_behind_the_frame() {
    let mut s = open(r#"{ "mode": "emit", "place": "before", "data": "own" }"#);
    assert_eq!(s.frame(&slice(0)).frames(), [b"own".to_vec(), slice(0).payload()]);
    let mut s = open(r#"{ "mode": "emit", "place": "after" }"#);
    assert_eq!(s.frame(&slice(0)).frames(), [slice(0).payload(), slice(0).payload()]);
}

#[test]
fn a_delayed_frame_takes_the_next_ones_time() {
    let mut s = open(r#"{ "mode": "delay" }"#);
    assert!(s.frame(&slice(0)).out.is_empty());
    let outcome = s.frame(&slice(1));
    assert_eq!((outcome.frames(), outcome.times()), (vec![slice(0).payload()], vec![(40_000, 40_000)]));
    assert_eq!(s.flush().frames(), [slice(1).payload()]);
}

#[test]
fn units_are_replaced_and_inserted() {
    let mut s = open(r#"{ "mode": "replace-unit", "unit_type": 1, "with": [65, 9] }"#);
    assert_eq!(s.frame(&slice(0)).frames(), [slice(9).payload()]);
    let mut s = open(r#"{ "mode": "insert-unit", "unit": [6, 5], "at_end": true }"#);
    assert_eq!(s.frame(&slice(0)).frames(), [Sample::h264(&[&[0x41, 0], &[6, 5]]).payload()]);
}

#[test]
fn an_edit_without_the_verdict_does_not_count() {
    let mut s = open(r#"{ "mode": "edit-then-pass", "append": "x" }"#);
    let outcome = s.frame(&slice(0));
    assert_eq!((outcome.verdict, outcome.frames()), (Some(Verdict::Pass), vec![slice(0).payload()]));
}

#[test]
fn the_count_survives_a_swap() {
    let mut s = open(r#"{ "mode": "count" }"#);
    s.frame(&slice(0));
    s.frame(&slice(1));
    let state = s.snapshot();
    s.end(EndReason::Swapped);
    let mut s = Media::<Conformance>::open_stream(r#"{ "mode": "count" }"#, stream("live/cam"), state).unwrap();
    let outcome = s.frame(&slice(2).key());
    assert_eq!(outcome.metadata()[0].field("frames"), Some(&Scalar::Number(3.0)));
    let other = Some(SavedState { schema: 7, data: Vec::new() });
    let refused = Media::<Conformance>::open_stream(r#"{ "mode": "count" }"#, stream("live/cam"), other);
    assert!(matches!(refused, Err(Fault::IncompatibleState)));
}

#[test]
fn metadata_gets_a_field() {
    let mut s = open(r#"{ "mode": "edit-metadata", "field": "server", "text": "weir" }"#);
    let outcome = s.metadata(Metadata { name: "onMetaData".into(), fields: Vec::new() }).unwrap();
    assert_eq!(outcome.metadata()[0].field("server"), Some(&Scalar::Text("weir".into())));
}

#[test]
fn ticks_say_the_time_and_headers_are_edited() {
    let mut s = open(r#"{ "mode": "tick", "ms": 500 }"#);
    assert_eq!(s.subscription().tick_ms, Some(500));
    assert!(matches!(&s.tick(500_000).out[..], [Item::Metadata(m)] if m.name == "onTick"));
    let track = guest_sdk::TrackInfo {
        id: 0,
        kind: guest_sdk::MediaKind::Video,
        codec: guest_sdk::fourcc(b"avc1"),
        video: None,
        audio: None,
        extra: Vec::new(),
    };
    let mut s = open(r#"{ "mode": "edit-header", "append": "!" }"#);
    assert_eq!(s.header(&track, b"rec").unwrap().out, [Item::Header(0, b"rec!".to_vec())]);
}

#[test]
fn a_report_names_units_and_times() {
    let mut s = open(r#"{ "mode": "report" }"#);
    s.frame(&slice(3));
    let line = log().pop().unwrap();
    assert!(line.fields.contains(&("units".into(), "1:4+2".into())), "{line:?}");
    assert!(line.fields.contains(&("dts".into(), "120000".into())), "{line:?}");
}
