//! Every media hook and every function that a media filter may call.

use std::sync::Arc;

use filter::counters::Hook;
use filter::session::EndReason;
use media::metadata::Value;
use media::{Content, Frame, Kind, Metadata};
use serde_json::json;

use crate::kit::*;

#[tokio::test]
async fn what_passes_is_not_touched() {
    let it = conformance(json!({ "mode": "pass" })).await;
    let mut frames = vec![avc_header(0, &[])];
    frames.extend(video(0..4, 4));
    frames.push(aac(160));
    frames.push(data(160, Metadata { name: "onMetaData".into(), value: Value::Null }));
    assert_eq!(seen(&all(&it, frames.clone())), seen(&frames));
    let report = it.counters();
    assert_eq!(report.answers(Hook::Frame, "pass"), 5);
    assert_eq!(report.hook(Hook::Header).unwrap().latency.calls, 1);
    assert_eq!(report.hook(Hook::Metadata).unwrap().latency.calls, 1);
    assert_eq!((report.streams, report.instances), (0, 0), "nothing stays behind");
    assert!(report.memory_bytes > 0);
}

#[tokio::test]
async fn frames_nobody_asked_for_pass_without_a_call() {
    let it =
        conformance(json!({ "mode": "drop", "every": 1, "interest": { "kinds": ["video"], "only_keyframes": true } }))
            .await;
    let mut frames = video(0..8, 4);
    frames.insert(3, aac(100));
    let out = all(&it, frames);
    assert_eq!(numbers(&out), [1, 2, 3, 5, 6, 7]);
    assert_eq!(out.len(), 7);
    let report = it.counters();
    assert_eq!((report.answers(Hook::Frame, "drop"), report.unasked_frames), (2, 7));
}

#[tokio::test]
async fn unit_types_decide_before_the_guest_does() {
    let it =
        conformance(json!({ "mode": "drop", "every": 1, "interest": { "codecs": ["avc1"], "unit_types": [6] } })).await;
    let with = avc(0, true, &[&[6, 1], &[0x65, 0]]);
    let without = avc(40, false, &[&[0x41, 1]]);
    assert_eq!(seen(&all(&it, [avc_header(0, &[]), with, without.clone()]))[1..], seen(&[without]));
    assert_eq!(it.counters().unasked_frames, 1);
}

#[tokio::test]
async fn a_dropped_reference_leaves_a_mark() {
    let it = conformance(json!({ "mode": "drop", "every": 3 })).await;
    let out = all(&it, video(0..6, 6));
    assert_eq!(numbers(&out), [0, 1, 3, 4]);
    assert_eq!(out.iter().map(|f| f.gap_before).collect::<Vec<_>>(), [false, false, true, false]);
}

#[tokio::test]
async fn with_repair_what_cannot_be_decoded_is_dropped_too() {
    let it = load(
        &runtime(),
        filter::Spec { repair: true, ..spec("conformance/media", json!({ "mode": "drop", "every": 3 })) },
    )
    .await;
    let out = all(&it, video(0..10, 4));
    // 2 is dropped by the filter, 3 refers to it; so are 5 and those behind it, and 8.
    assert_eq!(numbers(&out), [0, 1, 4]);
    assert_eq!(it.counters().events.lost_frames, 4);
}

#[tokio::test]
async fn held_frames_come_in_order_and_times_do_not_go_back() {
    let it = conformance(json!({ "mode": "hold", "frames": 3, "interest": { "kinds": ["video"] } })).await;
    let mut chain = chain(&it);
    let out = push(&mut chain, video(0..3, 8)).unwrap();
    assert!(out.is_empty(), "three are held");
    let out = push(&mut chain, [aac(110)]).unwrap();
    assert_eq!(out.len(), 1, "frames behind those held do not wait");
    let out = push(&mut chain, video(3..4, 8)).unwrap();
    assert_eq!(numbers(&out), [0, 1, 2]);
    let mut out = Vec::new();
    chain.end(EndReason::SourceEnded, &mut out);
    assert_eq!(numbers(&out), [3], "what is held at the end is released");
    let it = conformance(json!({ "mode": "hold", "frames": 3, "drop": true })).await;
    assert_eq!(numbers(&all(&it, video(0..8, 8))), Vec::<u8>::new());
}

#[tokio::test]
async fn emissions_stand_before_and_after_the_frame() {
    for (place, first) in [("before", true), ("after", false)] {
        let it = conformance(json!({ "mode": "emit", "place": place, "data": "of my own" })).await;
        let out = all(&it, [avc(0, true, &[&[0x65, 1]])]);
        let own: Vec<bool> = out.iter().map(|f| f.payload().to_bytes() == b"of my own"[..]).collect();
        assert_eq!(own, [first, !first], "{place}");
        assert_eq!(out.iter().map(|f| f.from_filter).collect::<Vec<_>>(), own);
        assert!(out.iter().all(|f| f.content == Content::Coded && f.key));
    }
}

#[tokio::test]
async fn a_payload_that_is_kept_outlives_the_call() {
    let it = conformance(json!({ "mode": "delay" })).await;
    let mut chain = chain(&it);
    let mut out = push(&mut chain, video(0..4, 4)).unwrap();
    assert_eq!(numbers(&out), [0, 1, 2]);
    assert_eq!(out.iter().map(|f| f.dts_us).collect::<Vec<_>>(), [40_000, 80_000, 120_000]);
    out.clear();
    chain.end(EndReason::SourceEnded, &mut out);
    assert_eq!(numbers(&out), [3]);
}

#[tokio::test]
async fn times_are_changed_and_never_go_back() {
    let it = conformance(json!({ "mode": "retime", "offset_us": 5_000 })).await;
    let out = all(&it, video(0..3, 8));
    assert_eq!(
        out.iter().map(|f| (f.dts_us, f.pts_us())).collect::<Vec<_>>(),
        [(5_000, 5_000), (45_000, 45_000), (85_000, 85_000)]
    );
    let it =
        conformance(json!({ "mode": "retime", "offset_us": -100_000, "interest": { "only_keyframes": true } })).await;
    let out = all(&it, video(0..5, 4));
    assert_eq!(out.last().unwrap().dts_us, 120_000, "raised to the frame before it");
    assert!(out.windows(2).all(|w| w[0].dts_us <= w[1].dts_us));
}

#[tokio::test]
async fn payloads_are_replaced_and_edits_without_the_verdict_are_not() {
    let it = conformance(json!({ "mode": "replace", "append": "!" })).await;
    let frame = avc(0, true, &[&[0x65, 1]]);
    let out = all(&it, [frame.clone()]);
    assert_eq!(out[0].body.to_bytes(), [&frame.body.to_bytes()[..], b"!"].concat());
    let it = conformance(json!({ "mode": "edit-then-pass", "append": "never seen" })).await;
    assert_eq!(seen(&all(&it, [frame.clone()])), seen(&[frame]));
}

#[tokio::test]
async fn units_are_removed_replaced_and_inserted() {
    let frame = || avc(0, true, &[&[9, 0xf0], &[6, 7, 7], &[0x65, 1, 2], &[6, 8]]);
    let rows = [
        (json!({ "mode": "remove-unit", "unit_type": 6 }), avc_payload(&[&[9, 0xf0], &[0x65, 1, 2]])),
        (json!({ "mode": "remove-unit-of", "unit_type": 6 }), avc_payload(&[&[9, 0xf0], &[0x65, 1, 2]])),
        (
            json!({ "mode": "replace-unit", "unit_type": 6, "with": [6, 0x55] }),
            avc_payload(&[&[9, 0xf0], &[6, 0x55], &[0x65, 1, 2], &[6, 0x55]]),
        ),
        (
            json!({ "mode": "insert-unit", "unit": [6, 1] }),
            avc_payload(&[&[6, 1], &[9, 0xf0], &[6, 7, 7], &[0x65, 1, 2], &[6, 8]]),
        ),
        (
            json!({ "mode": "insert-unit", "unit": [6, 1], "at_end": true }),
            avc_payload(&[&[9, 0xf0], &[6, 7, 7], &[0x65, 1, 2], &[6, 8], &[6, 1]]),
        ),
        (
            json!({ "mode": "remove-unit", "unit_type": 31 }),
            avc_payload(&[&[9, 0xf0], &[6, 7, 7], &[0x65, 1, 2], &[6, 8]]),
        ),
    ];
    for (config, payload) in rows {
        let it = conformance(config.clone()).await;
        let out = all(&it, [avc_header(0, &[]), frame()]);
        assert_eq!(out[1].payload().to_bytes(), payload, "{config}");
        assert_eq!(out[1].body.slice(0, 5), frame().body.slice(0, 5), "the tag's own header stays");
    }
    let it = conformance(json!({ "mode": "remove-unit", "unit_type": 6 })).await;
    assert_eq!(all(&it, [avc(0, false, &[&[6, 1]])]).len(), 0, "a frame without units left is dropped");
}

#[tokio::test]
async fn headers_are_shown_once_and_edits_of_them_hold_for_their_repetitions() {
    let it = conformance(json!({ "mode": "edit-header", "append": "more" })).await;
    let frames = [
        avc_header(0, &[]),
        avc(0, true, &[&[0x65]]),
        avc_header(40, &[]),
        avc_header(80, &[1]),
        avc(80, true, &[&[0x65]]),
    ];
    let out = all(&it, frames.clone());
    let edited = |f: &Frame| [&f.body.to_bytes()[..], b"more"].concat();
    for at in [0, 2, 3] {
        assert_eq!((out[at].body.to_bytes().to_vec(), out[at].dts_us), (edited(&frames[at]), frames[at].dts_us));
    }
    assert_eq!(it.counters().hook(Hook::Header).unwrap().latency.calls, 2, "the same header is shown once");
    let it = conformance(json!({ "mode": "drop-header" })).await;
    assert!(all(&it, frames.clone()).iter().all(|f| f.content == Content::Coded));
    let it = conformance(json!({ "mode": "fault-header" })).await;
    assert_eq!(seen(&all(&it, frames.clone())), seen(&frames), "a fault in on-header is a failure: bypass");
    assert_eq!(it.counters().events.faults, 2);
}

fn on_metadata() -> Frame {
    let track = Value::Object(vec![("language".into(), Value::Text("eng".into()))]);
    let fields = vec![
        ("width".into(), Value::Number(1920.0)),
        ("a.b".into(), Value::Bool(true)),
        ("trackInfo".into(), Value::Array(vec![track])),
    ];
    data(0, Metadata { name: "onMetaData".into(), value: Value::Object(fields) })
}

#[tokio::test]
async fn metadata_is_edited_and_left_for_the_writer_to_encode() {
    let it = conformance(json!({ "mode": "edit-metadata", "field": "note", "text": "hello" })).await;
    let out = all(&it, [on_metadata()]);
    assert!(out[0].body.is_empty());
    let Value::Object(mut fields) = out[0].metadata.as_ref().unwrap().value.clone() else { panic!("an object") };
    assert_eq!(fields.pop(), Some(("note".into(), Value::Text("hello".into()))));
    assert_eq!(Value::Object(fields), on_metadata().metadata.unwrap().value, "the rest keeps its shape");
    let it = conformance(json!({ "mode": "drop-metadata" })).await;
    assert_eq!(all(&it, [on_metadata()]).len(), 0);
}

#[tokio::test]
async fn data_whose_values_are_unknown_is_a_frame() {
    let it = conformance(json!({ "mode": "replace", "append": "!" })).await;
    let raw = Frame { metadata: None, ..on_metadata() };
    assert_eq!(all(&it, [raw])[0].body.to_bytes(), &b"amf of the sender!"[..]);
    let it = conformance(json!({ "mode": "drop", "every": 1, "interest": { "kinds": ["video"] } })).await;
    assert_eq!(all(&it, [Frame { metadata: None, ..on_metadata() }]).len(), 1);
}

#[tokio::test]
async fn ticks_come_in_stream_time_with_frames_and_without() {
    let it = conformance(json!({ "mode": "tick", "ms": 100, "interest": { "only_keyframes": true } })).await;
    let mut chain = chain(&it);
    let out = push(&mut chain, video(0..8, 100)).unwrap();
    assert_eq!(messages(&out), ["onTick", "onTick"], "at 120 and 200 ms");
    assert_eq!(chain.next_tick_us(), Some(300_000));
    let mut out = Vec::new();
    chain.tick(299_000, &mut out).unwrap();
    assert!(out.is_empty());
    chain.tick(300_000, &mut out).unwrap();
    assert_eq!((messages(&out), out[0].dts_us), (vec!["onTick".to_owned()], 300_000));
    chain.tick(5_000_000, &mut out).unwrap();
    assert_eq!((out.len(), chain.next_tick_us()), (2, Some(5_100_000)), "what was missed is not made up for");
    let none = conformance(json!({ "mode": "pass" })).await;
    assert_eq!(crate::kit::chain(&none).next_tick_us(), None);
}

#[tokio::test]
async fn what_is_not_offered_is_denied_by_an_answer() {
    let it = conformance(json!({ "mode": "ungranted" })).await;
    let out = all(&it, [on_metadata()]);
    assert_eq!(out.len(), 1);
    assert_eq!(it.counters().events.traps, 0);
}

#[tokio::test]
async fn everything_told_can_be_read() {
    let it = conformance(json!({ "mode": "report", "log_streams": true })).await;
    let mut frames = vec![avc_header(0, &[]), on_metadata()];
    frames.extend(video(0..3, 3));
    frames.push(alaw(120));
    assert_eq!(seen(&all(&it, frames.clone())), seen(&frames));
    assert_eq!(it.counters().events.traps, 0);
}

#[tokio::test]
async fn a_chain_hands_frames_from_filter_to_filter() {
    let runtime = runtime();
    let first =
        load(&runtime, spec("conformance/media", json!({ "mode": "emit", "place": "after", "data": "x" }))).await;
    let second = load(&runtime, spec("conformance/media", json!({ "mode": "replace", "append": "!" }))).await;
    let third = load(&runtime, spec("conformance/media", json!({ "mode": "hold", "frames": 2 }))).await;
    let mut chain = filter::MediaChain::open(&[first, second, third], stream("cam"));
    chain.trace();
    let mut out = push(&mut chain, [avc(0, true, &[&[0x65]]), avc(40, false, &[&[0x41]])]).unwrap();
    let trace: Vec<_> = chain.take_trace().into_iter().map(|t| (t.seq, t.answer)).collect();
    let per_frame = |seq| [(seq, "pass"), (seq, "edited"), (seq, "hold"), (seq, "edited"), (seq, "hold")];
    assert_eq!(trace, [per_frame(0), per_frame(1)].concat());
    chain.end(EndReason::SourceEnded, &mut out);
    let ends: Vec<_> = out.iter().map(|f| f.payload().to_bytes().to_vec()).collect();
    assert_eq!(
        ends,
        [avc_payload(&[&[0x65]]), b"x".to_vec(), avc_payload(&[&[0x41]]), b"x".to_vec()]
            .map(|p| [p, b"!".to_vec()].concat())
    );
}

#[tokio::test]
async fn a_filter_that_does_not_handle_a_stream_lets_it_be() {
    let it = conformance(json!({ "mode": "unsupported" })).await;
    let frames = video(0..4, 2);
    assert_eq!(seen(&all(&it, frames.clone())), seen(&frames));
    let report = it.counters();
    assert_eq!((report.events.traps, report.events.restarts), (0, 0));
}

#[tokio::test]
async fn a_chain_without_filters_is_not_there() {
    let mut chain = filter::MediaChain::open(&[], stream("cam"));
    assert!(chain.is_empty() && chain.next_tick_us().is_none());
    let frames = video(0..3, 3);
    assert_eq!(seen(&push(&mut chain, frames.clone()).unwrap()), seen(&frames));
}

#[tokio::test]
async fn virtual_time_is_the_same_in_two_runs() {
    let mut reports = Vec::new();
    for _ in 0..2 {
        let (clock, hand) = filter::Clock::stopped_at(1_700_000_000_000);
        let runtime = filter::Runtime::new(filter::RuntimeConfig { clock, ..Default::default() }).unwrap();
        let it = load(&runtime, spec("conformance/media", json!({ "mode": "tick", "ms": 50 }))).await;
        hand.set(123_000);
        reports.push(seen(&all(&it, video(0..20, 10))));
    }
    assert_eq!(reports[0], reports[1]);
}

#[tokio::test]
async fn streams_of_one_filter_do_not_see_each_other() {
    let it = conformance(json!({ "mode": "count" })).await;
    let (mut a, mut b) = (chain(&it), filter::MediaChain::open(&[Arc::clone(&it)], stream("other")));
    let count = |frames: &[Frame]| -> Vec<f64> {
        let values = frames.iter().filter_map(|f| f.metadata.as_ref()).map(|m| match &m.value {
            Value::Object(fields) => match fields.first() {
                Some((_, Value::Number(n))) => *n,
                _ => -1.0,
            },
            _ => -1.0,
        });
        values.collect()
    };
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    for frame in video(0..9, 4) {
        of_a.extend(push(&mut a, [frame.clone()]).unwrap());
        if frame.key {
            of_b.extend(push(&mut b, [frame]).unwrap());
        }
    }
    assert_eq!((count(&of_a), count(&of_b)), (vec![1.0, 5.0, 9.0], vec![1.0, 2.0, 3.0]));
    assert_eq!(it.counters().streams, 2);
    assert!(of_b.iter().all(|f| f.kind != Kind::Audio));
}
