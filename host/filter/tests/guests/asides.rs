//! Filters that frames do not wait for: what they see, what of theirs counts, and what happens when they are behind.

use std::sync::Arc;
use std::time::Duration;

use filter::counters::{Hook, Report};
use filter::placement::Queue;
use filter::session::EndReason;
use filter::{Derivation, Derived, Filter, Grants, MediaChain, Overflow, Placement, Reloaded, Spec};
use media::{Content, Frame, Kind};
use serde_json::json;

use crate::kit::*;

pub(crate) fn aside(placement: Placement, grants: &[&str], filter: &str, config: serde_json::Value) -> Spec {
    Spec {
        placement,
        queue: Queue { time: Duration::from_secs(60), ..Queue::of(placement) },
        limits: placement.limits(),
        grants: Grants::parse(grants).unwrap(),
        ..spec(filter, config)
    }
}

/// Observes, and says that every frame is to be dropped.
fn observer(config: serde_json::Value) -> Spec {
    aside(Placement::Observe, &[], "conformance/media", config)
}

/// Never comes back from the frame after so many, for as long as it may.
fn stuck(after: u64, overflow: Overflow) -> Spec {
    let config = json!({ "deed": "loop", "hook": "frame", "after": after });
    let mut spec = aside(Placement::Observe, &[], "conformance/hostile", config);
    spec.limits.media_time = Duration::from_secs(3);
    spec.queue = Queue { time: Duration::from_millis(400), bytes: 16 << 20, overflow, ..spec.queue };
    spec
}

pub(crate) fn calls(report: &Report) -> u64 {
    report.hook(Hook::Frame).map_or(0, |hook| hook.latency.calls)
}

pub(crate) fn drained(report: &Report) -> bool {
    report.queue.is_some_and(|queue| queue.frames == 0)
}

/// Takes what has been made until something of it is as wanted.
pub(crate) fn collect(
    chain: &mut MediaChain,
    out: &mut Vec<Frame>,
    wanted: impl Fn(&[Frame], &[Derived]) -> bool,
) -> Vec<Derived> {
    let mut derived = Vec::new();
    found("what it makes", || {
        chain.collect(out).unwrap();
        chain.take_derived(&mut derived);
        if wanted(out, &derived) { Ok(()) } else { Err(format!("{out:?} {derived:?}")) }
    });
    derived
}

pub(crate) fn coded(derived: &[Derived]) -> Vec<i64> {
    let frames = derived.iter().filter_map(|d| if let Derivation::Frame(f) = &d.what { Some(f) } else { None });
    frames.filter(|f| f.content == Content::Coded).map(|f| f.dts_us).collect()
}

#[tokio::test]
async fn an_observer_sees_every_frame_and_changes_none() {
    for mode in [
        json!({ "mode": "drop", "every": 1 }),
        json!({ "mode": "replace", "append": "!" }),
        json!({ "mode": "emit", "place": "after", "data": "x" }),
        json!({ "mode": "hold", "frames": 3, "drop": true }),
        json!({ "mode": "drop-header" }),
    ] {
        let it = load(&runtime(), observer(mode.clone())).await;
        let came: Vec<Frame> = [avc_header(0, &[])].into_iter().chain(video(0..50, 10)).collect();
        let mut chain = chain(&it);
        let out = push(&mut chain, came.clone()).unwrap();
        assert_eq!(seen(&out), seen(&came), "{mode}");
        let mut last = Vec::new();
        assert!(chain.end(EndReason::SourceEnded, &mut last).is_empty() && last.is_empty());
        // What waited at the end is shown all the same, and the filter is told of the end.
        let report = until(&it, "all frames, and the end", |report| report.instances == 0 && calls(report) == 50);
        assert_eq!((report.events.overflows, report.events.traps), (0, 0), "{mode}");
        let ends = report.hook(Hook::End).map(|hook| hook.latency.calls);
        assert_eq!(ends, Some(2), "of the instance on trial, and of the stream's");
    }
}

#[tokio::test]
async fn no_payload_is_copied_for_a_filter_that_looks_at_none() {
    let it = load(&runtime(), observer(json!({ "mode": "pass" }))).await;
    let all = all(&it, video(0..20, 10));
    assert_eq!(all.len(), 20);
    let report = until(&it, "all frames", |report| report.instances == 0 && calls(report) == 20);
    assert!(report.events.copied_bytes < 200, "{}", report.events.copied_bytes);
}

#[tokio::test]
async fn frames_nobody_asked_for_are_counted_and_do_not_wait() {
    let interest = json!({ "kinds": ["audio"] });
    let it = load(&runtime(), observer(json!({ "mode": "pass", "interest": interest }))).await;
    let mut chain = chain(&it);
    push(&mut chain, [avc_header(0, &[]), aac_header(0), aac(0)]).unwrap();
    // From now on it is known what it asks for.
    until(&it, "the first", |report| calls(report) == 1 && drained(report));
    push(&mut chain, video(0..50, 50)).unwrap();
    push(&mut chain, [aac(2000)]).unwrap();
    chain.end(EndReason::SourceEnded, &mut Vec::new());
    let report = until(&it, "the end", |report| report.instances == 0 && calls(report) == 2);
    assert_eq!(report.unasked_frames, 50);
}

#[tokio::test]
async fn frames_go_on_while_the_guest_is_stuck_and_the_queue_is_bounded() {
    let it = load(&runtime(), stuck(5, Overflow::Bypass)).await;
    let mut chain = chain(&it);
    let came = video(0..200, 25);
    let mut out = Vec::new();
    for frame in came.clone() {
        chain.push(frame, &mut out).unwrap();
        if out.len() == 6 {
            until(&it, "the guest is stuck", |report| calls(report) == 5 && drained(report));
        }
    }
    assert_eq!(seen(&out), seen(&came), "players have them all");
    let report = it.counters();
    assert_eq!(calls(&report), 5, "it has not come back");
    // The first of those that wait, and 400 ms behind it.
    assert_eq!(report.queue.map(|queue| (queue.frames, queue.most_us)), Some((11, 400_000)));
    assert_eq!((report.events.overflows, report.events.overflow_frames), (1, 200 - 6 - 11));
    assert!(report.to_string().contains("overflow_frames=183"), "{report}");
}

#[tokio::test]
async fn other_bounds_of_the_queue_hold_for_streams_that_run() {
    let mut spec = stuck(0, Overflow::Bypass);
    let it = load(&runtime(), spec.clone()).await;
    let mut chain = chain(&it);
    push(&mut chain, video(0..1, 25)).unwrap();
    until(&it, "the guest is stuck", |report| report.instances == 1 && drained(report));
    push(&mut chain, video(1..50, 25)).unwrap();
    let waits = || it.counters().queue.map(|queue| (queue.frames, queue.most_us));
    assert_eq!(waits(), Some((11, 400_000)));
    spec.queue.time = Duration::from_millis(800);
    assert_eq!(it.reload(spec.clone()).await.unwrap(), Reloaded::Unchanged);
    push(&mut chain, video(50..100, 25)).unwrap();
    assert_eq!(waits(), Some((21, 800_000)));
    spec.queue.overflow = Overflow::Detach;
    assert_eq!(it.reload(spec).await.unwrap(), Reloaded::Unchanged);
    push(&mut chain, video(100..101, 25)).unwrap();
    assert_eq!(it.counters().events.detached_streams, 1);
}

#[tokio::test]
async fn a_key_frame_goes_on_when_the_queue_was_emptied() {
    let it = load(&runtime(), stuck(5, Overflow::DropToKey)).await;
    let mut chain = chain(&it);
    let mut out = Vec::new();
    for frame in video(0..100, 25) {
        chain.push(frame, &mut out).unwrap();
        if out.len() == 6 {
            until(&it, "the guest is stuck", |report| calls(report) == 5 && drained(report));
        }
    }
    assert_eq!(out.len(), 100);
    let report = it.counters();
    // Full at frame 17, 36, 61 and 86; each time it goes on with 25, 50 and 75.
    assert_eq!(report.events.overflows, 4);
    assert_eq!(report.queue.map(|queue| queue.frames), Some(0), "it waits for a key frame");
}

#[tokio::test]
async fn a_filter_that_is_behind_may_be_left_behind() {
    let it = load(&runtime(), stuck(5, Overflow::Detach)).await;
    let mut chain = chain(&it);
    let out = push(&mut chain, video(0..100, 25)).unwrap();
    assert_eq!(out.len(), 100);
    let report = it.counters();
    assert_eq!((report.events.detached_streams, report.events.overflow_frames), (1, 0));
    assert_eq!(report.queue.map(|queue| queue.frames), Some(0));
}

#[tokio::test]
async fn what_a_filter_derives_counts_and_the_end_waits_for_the_rest() {
    let it = load(&runtime(), aside(Placement::Beside, &["derive"], "audio-only", json!({ "suffix": "_audio" }))).await;
    let mut chain = chain(&it);
    let mut out = push(&mut chain, [aac_header(0), aac(0), aac(21)]).unwrap();
    let mut derived = collect(&mut chain, &mut out, |_, derived| coded(derived).len() == 2);
    assert_eq!(out.len(), 3, "the stream itself is untouched");
    assert!(matches!(derived[0].what, Derivation::Opened { .. }));
    push(&mut chain, (2..100).map(|n| aac(21 * n))).unwrap();
    let mut parting = chain.part(EndReason::SourceEnded);
    assert_eq!(parting.len(), 1);
    derived.extend(chain.end(EndReason::SourceEnded, &mut out));
    while let Some(last) = parting[0].next().await {
        derived.extend(last);
    }
    assert_eq!(coded(&derived), (0..100).map(|n| 21_000 * n).collect::<Vec<_>>());
    let is_closed = |d: &Derived| matches!(d.what, Derivation::Closed);
    assert!(
        !derived.iter().any(is_closed),
        "whoever waits for the last closes it, or keeps it for a publisher that comes back"
    );
}

#[tokio::test]
async fn a_name_that_is_taken_is_told_to_a_filter_beside() {
    let it = load(&runtime(), aside(Placement::Beside, &["derive"], "audio-only", json!({ "suffix": "_audio" }))).await;
    let mut chain = chain(&it);
    let mut out = push(&mut chain, [aac_header(0), aac(0)]).unwrap();
    let opened = |derived: &[Derived]| derived.iter().any(|d| matches!(d.what, Derivation::Opened { .. }));
    let first = collect(&mut chain, &mut out, |_, derived| opened(derived))[0].stream;
    chain.refuse_derived(first, filter::NotDerived::NameTaken);
    push(&mut chain, [aac(20), aac(1100)]).unwrap();
    let again = collect(&mut chain, &mut out, |_, derived| opened(derived));
    assert_ne!(again[0].stream, first);
}

#[tokio::test]
async fn a_track_of_its_own_joins_the_stream_in_order() {
    let it =
        load(&runtime(), aside(Placement::Beside, &["tracks"], "conformance/media", json!({ "mode": "add-track" })))
            .await;
    // A filter behind it sees the track as well.
    let behind = conformance(json!({ "mode": "pass" })).await;
    let mut chain = MediaChain::open(&[it, behind.clone()], stream("cam"));
    let came: Vec<Frame> = [aac_header(0)].into_iter().chain((0..20).map(|n| aac(21 * n))).collect();
    let mut out = push(&mut chain, came.clone()).unwrap();
    let of = |out: &[Frame], track: u8| out.iter().filter(|f| f.track == track).cloned().collect::<Vec<_>>();
    collect(&mut chain, &mut out, |out, _| of(out, 1).len() == 21);
    assert_eq!(seen(&of(&out, 0)), seen(&came));
    let own = of(&out, 1);
    assert_eq!((own[0].content, own[0].kind), (Content::Header, Kind::Audio));
    assert!(own.windows(2).all(|pair| pair[0].dts_us <= pair[1].dts_us), "{own:?}");
    assert_eq!(calls(&behind.counters()), 40);
}

#[tokio::test]
async fn of_a_filter_beside_nothing_else_counts() {
    for mode in [json!({ "mode": "drop", "every": 2 }), json!({ "mode": "emit", "place": "before", "data": "x" })] {
        let it = load(&runtime(), aside(Placement::Beside, &["tracks"], "conformance/media", mode)).await;
        let mut chain = chain(&it);
        let came = video(0..30, 10);
        let mut out = push(&mut chain, came.clone()).unwrap();
        until(&it, "all frames", |report| calls(report) == 30 && drained(report));
        chain.collect(&mut out).unwrap();
        assert_eq!(seen(&out), seen(&came));
    }
}

#[tokio::test]
async fn one_that_observes_may_derive_nothing() {
    let it =
        load(&runtime(), aside(Placement::Observe, &["derive"], "audio-only", json!({ "suffix": "_audio" }))).await;
    let mut chain = chain(&it);
    let mut out = push(&mut chain, [aac_header(0), aac(0), aac(21)]).unwrap();
    until(&it, "all frames", |report| calls(report) == 2 && drained(report));
    let derived = chain.end(EndReason::SourceEnded, &mut out);
    let report = until(&it, "the end", |report| report.instances == 0);
    assert!(derived.is_empty() && report.events.derived_frames == 0);
}

#[tokio::test]
async fn a_trap_leaves_the_stream_whole_and_the_filter_comes_back_at_a_key_frame() {
    let config = json!({ "deed": "trap", "hook": "frame", "after": 5 });
    let it = load(&runtime(), aside(Placement::Observe, &[], "conformance/hostile", config)).await;
    let mut chain = chain(&it);
    let came = video(0..40, 20);
    let out = push(&mut chain, came.clone()).unwrap();
    assert_eq!(seen(&out), seen(&came));
    chain.end(EndReason::SourceEnded, &mut Vec::new());
    // Five good calls and one that traps, from the first frame on and again from the second key frame on.
    let report = until(&it, "the end", |report| drained(report) && report.events.traps == 2);
    assert_eq!((report.events.restarts, calls(&report)), (1, 12));
}

#[tokio::test]
async fn another_generation_takes_over_beside_the_stream() {
    let it = load(&still(), cold(observer(json!({ "mode": "count" })))).await;
    let mut chain = chain(&it);
    push(&mut chain, video(0..10, 5)).unwrap();
    let swapped = cold(observer(json!({ "mode": "count", "log_streams": true })));
    it.reload(swapped).await.unwrap();
    push(&mut chain, video(10..20, 5)).unwrap();
    let report = it.counters();
    assert_eq!(
        (report.events.swaps, calls(&report)),
        (1, 20),
        "where time stands still all is done between two frames"
    );
}

#[tokio::test]
async fn a_stream_keeps_the_placement_that_it_began_with() {
    let it = load(&still(), cold(spec("conformance/media", json!({ "mode": "drop", "every": 1 })))).await;
    let mut old = chain(&it);
    assert!(push(&mut old, video(0..5, 5)).unwrap().is_empty());
    it.reload(cold(observer(json!({ "mode": "drop", "every": 1 })))).await.unwrap();
    assert!(push(&mut old, video(5..10, 5)).unwrap().is_empty(), "and what it ran there");
    let mut new = chain(&it);
    assert_eq!(push(&mut new, video(0..5, 5)).unwrap().len(), 5);
}

/// A filter of each sort in one chain: what stands behind one that observes sees what stands before it.
#[tokio::test]
async fn places_in_the_chain_are_kept() {
    let first = conformance(json!({ "mode": "drop", "every": 2 })).await;
    let it = load(&still(), observer(json!({ "mode": "drop", "every": 1 }))).await;
    let last: Arc<Filter> = conformance(json!({ "mode": "replace", "append": "!" })).await;
    let mut chain = MediaChain::open(&[first, it.clone(), last], stream("cam"));
    let out = push(&mut chain, video(0..20, 5)).unwrap();
    assert_eq!((out.len(), calls(&it.counters())), (10, 10));
    assert!(out.iter().all(|frame| frame.body.to_bytes().ends_with(b"!")));
}
