//! Filters at the viewers: many chains of one stream, which fail together and are brought back together.

use std::sync::Arc;

use filter::clock::Virtual;
use filter::counters::{Hook, Report};
use filter::session::EndReason;
use filter::spec::MediaFailure;
use filter::{Clock, Filter, MediaChain, OnFailure, Pace, Placement, Runtime, RuntimeConfig, Spec, StreamInfo, Viewer};
use media::Frame;
use serde_json::json;

use crate::kit::*;

fn hostile(config: serde_json::Value) -> Spec {
    Spec { placement: Placement::Egress, ..spec("conformance/hostile", config) }
}

/// A runtime whose time is moved by the test.
fn clocked() -> (Runtime, Arc<Virtual>) {
    let (clock, time) = Clock::stopped_at(1_700_000_000_000);
    let cache_dir = Some(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("filter-code"));
    (Runtime::new(RuntimeConfig { cache_dir, clock, ..RuntimeConfig::default() }).unwrap(), time)
}

/// The chain of a viewer of a publication; `who` is what its play says of it.
fn watch(filter: &Arc<Filter>, publication: u64, play: u64, who: &str) -> MediaChain {
    let mut viewer = Viewer { id: play, ..Viewer::default() };
    viewer.key.query = vec![("viewer".into(), who.into())];
    let info = StreamInfo { id: publication, viewer: Some(Arc::new(viewer)), ..stream("cam") };
    MediaChain::open(std::slice::from_ref(filter), info)
}

fn watches(filter: &Arc<Filter>, plays: std::ops::Range<u64>) -> Vec<MediaChain> {
    plays.map(|play| watch(filter, 7, play, "good")).collect()
}

/// Every chain is shown each frame before the next one comes; what comes out is what came.
fn show(chains: &mut [MediaChain], frames: &[Frame]) {
    for frame in frames {
        for chain in &mut *chains {
            let out = push(chain, [frame.clone()]).unwrap();
            assert_eq!(seen(&out), seen(std::slice::from_ref(frame)));
        }
    }
}

fn calls(report: &Report) -> u64 {
    report.hook(Hook::Frame).map_or(0, |hook| hook.latency.calls)
}

#[tokio::test]
async fn who_hangs_hangs_five_times_and_not_for_every_viewer() {
    let runtime = runtime();
    for hook in ["open", "subscribe", "frame", "header", "tick"] {
        let it = load(&runtime, hostile(json!({ "deed": "loop", "hook": hook, "stream": "live/cam" }))).await;
        let mut chains = watches(&it, 0..40);
        let mut frames = vec![avc_header(0, &[])];
        frames.extend(video(0..30, 5));
        show(&mut chains, &frames);
        let events = it.counters().events;
        assert_eq!((events.deadline_misses, events.breaker_trips), (5, 1), "{hook}: {}", it.counters());
        // Who had no fault has no instance either, as soon as they have gone.
        comes("the end of all instances", || it.counters().instances == 0).await;
        show(&mut watches(&it, 40..60), &frames);
        assert_eq!(it.counters().events.deadline_misses, 5, "{hook}: who comes later is told by the others");
    }
}

#[tokio::test]
async fn an_end_that_hangs_hangs_five_times_too() {
    for hook in ["flush", "end"] {
        let it = load(&runtime(), hostile(json!({ "deed": "loop", "hook": hook, "stream": "live/cam" }))).await;
        let mut chains = watches(&it, 0..40);
        show(&mut chains, &video(0..5, 5));
        chains.into_iter().for_each(|chain| _ = chain.end(EndReason::SourceEnded, &mut Vec::new()));
        let events = it.counters().events;
        assert_eq!((events.deadline_misses, events.breaker_trips), (5, 1), "{hook}: {}", it.counters());
    }
}

#[tokio::test]
async fn a_fault_of_one_is_not_held_against_the_others_nor_against_another_publisher() {
    let it = load(&runtime(), hostile(json!({ "deed": "trap", "hook": "frame", "viewer": "bad" }))).await;
    let (mut bad, mut good) = (watch(&it, 7, 1, "bad"), watches(&it, 2..5));
    show(std::slice::from_mut(&mut bad), &video(0..1, 1));
    show(&mut good, &video(0..10, 5));
    assert_eq!((it.counters().events.traps, calls(&it.counters())), (1, 31));
    let mut worse: Vec<_> = (10..14).map(|play| watch(&it, 7, play, "bad")).collect();
    show(&mut worse, &video(0..1, 1));
    assert_eq!(it.counters().events.breaker_trips, 1);
    show(&mut good, &video(10..20, 5));
    assert_eq!(calls(&it.counters()), 35, "the circuit is open for all");
    show(std::slice::from_mut(&mut watch(&it, 8, 20, "good")), &video(0..10, 5));
    assert_eq!(calls(&it.counters()), 45, "but not for the viewers of the next publisher");
}

#[tokio::test]
async fn one_viewer_tries_and_the_others_wait_for_it() {
    let (runtime, time) = clocked();
    let it = load(&runtime, hostile(json!({ "deed": "trap", "hook": "frame", "stream": "live/cam" }))).await;
    let mut chains = watches(&it, 0..20);
    show(&mut chains, &video(0..5, 1));
    assert_eq!((it.counters().events.traps, it.counters().events.breaker_trips), (5, 1));
    for window in 1..4 {
        time.set(window * 61_000_000);
        let from = window as u8 * 10;
        show(&mut chains, &video(from..from + 5, 1));
        let events = it.counters().events;
        assert_eq!((events.traps, events.breaker_trips), (5 + window as u64, 1 + window as u64), "one for all");
    }
}

#[tokio::test]
async fn when_the_one_who_tries_does_well_all_have_the_filter_again() {
    let (runtime, time) = clocked();
    let it = load(&runtime, hostile(json!({ "deed": "trap", "hook": "frame", "viewer": "bad" }))).await;
    let mut chains = watches(&it, 0..20);
    let mut bad: Vec<_> = (100..105).map(|play| watch(&it, 7, play, "bad")).collect();
    show(&mut bad, &video(0..1, 1));
    drop(bad);
    show(&mut chains, &video(0..10, 5));
    assert_eq!((it.counters().instances, calls(&it.counters())), (0, 5));
    time.set(61_000_000);
    // A second of the stream, from the key frame on.
    show(&mut chains, &video(10..35, 5));
    assert_eq!((it.counters().instances, calls(&it.counters())), (1, 5 + 25));
    show(&mut chains, &video(35..45, 5));
    assert_eq!(it.counters().instances, 20, "{}", it.counters());
    // The one who tries leaves: another one does.
    let mut bad: Vec<_> = (105..110).map(|play| watch(&it, 7, play, "bad")).collect();
    show(&mut bad, &video(45..46, 1));
    show(&mut chains, &video(45..46, 1));
    assert_eq!(it.counters().instances, 0);
    time.set(130_000_000);
    show(&mut chains, &video(50..52, 5));
    assert_eq!(it.counters().instances, 1);
    chains.remove(0);
    show(&mut chains, &video(55..61, 5));
    assert_eq!(it.counters().instances, 1);
}

#[tokio::test]
async fn when_all_have_it_again_no_picture_waits_for_the_instances() {
    let mut spec = hostile(json!({ "deed": "trap", "hook": "frame", "viewer": "bad" }));
    spec.limits.breaker_window = std::time::Duration::from_millis(100);
    let it = load(&runtime(), spec).await;
    let mut chains = watches(&it, 0..20);
    let mut bad: Vec<_> = (100..105).map(|play| watch(&it, 7, play, "bad")).collect();
    show(&mut bad, &video(0..1, 1));
    drop(bad);
    show(&mut chains, &video(0..1, 1));
    assert_eq!((it.counters().events.breaker_trips, calls(&it.counters())), (1, 5), "all are out");
    let (mut restarts, deadline) = (0, std::time::Instant::now() + std::time::Duration::from_secs(60));
    for number in 1.. {
        assert!(std::time::Instant::now() < deadline, "{}", it.counters());
        let frame = avc(number * 40, number % 5 == 0, &[&[0x65, 1, 2, 3]]);
        for chain in &mut chains {
            // That an instance is missing is no reason to wait, but for the one who tries.
            let alone = restarts > 0 && chain.pace() == Pace::Quick;
            assert!(!alone || chain.pace_of(&frame) == Pace::Quick, "{}", it.counters());
        }
        show(&mut chains, &[frame]);
        restarts = it.counters().events.restarts;
        if restarts == 20 {
            break;
        }
        // A frame is there as soon as the one before has been sent: what is opened elsewhere needs some of them.
        tokio::task::yield_now().await;
    }
    let before = calls(&it.counters());
    show(&mut chains, &[avc(1_000_000_000, true, &[&[0x65, 1, 2, 3]])]);
    assert_eq!(calls(&it.counters()), before + 20);
}

#[tokio::test]
async fn each_policy_holds_for_all_who_are_left_out() {
    for (media, comes_out) in [(MediaFailure::DropToKey, Some(0)), (MediaFailure::EndStream, None)] {
        let on_failure = OnFailure { media, ..OnFailure::default() };
        let config = json!({ "deed": "trap", "hook": "frame", "viewer": "bad" });
        let it = load(&runtime(), Spec { on_failure, ..hostile(config) }).await;
        let mut good = watch(&it, 7, 1, "good");
        show(std::slice::from_mut(&mut good), &video(0..5, 5));
        for play in 2..7 {
            let _ = push(&mut watch(&it, 7, play, "bad"), video(0..1, 1));
        }
        assert_eq!(it.counters().events.breaker_trips, 1);
        for chain in [&mut good, &mut watch(&it, 7, 9, "good")] {
            let out = push(chain, video(5..15, 5)).map(|out| out.len());
            assert_eq!(out.as_ref().ok().copied(), comes_out, "{media:?}");
            if let Err(ended) = out {
                assert!(ended.to_string().contains("it failed too often for viewers of this stream"), "{ended}");
            }
        }
    }
}

#[tokio::test]
async fn another_generation_begins_anew() {
    let runtime = still();
    let bad = hostile(json!({ "deed": "trap", "hook": "frame", "stream": "live/cam" }));
    let it = load(&runtime, bad.clone()).await;
    let mut chains = watches(&it, 0..10);
    show(&mut chains, &video(0..5, 5));
    assert_eq!((it.counters().events.breaker_trips, it.counters().instances), (1, 0));
    it.reload(hostile(json!({ "deed": "trap", "hook": "frame", "stream": "live/other" }))).await.unwrap();
    show(&mut chains, &video(5..10, 5));
    assert_eq!((it.counters().events.traps, it.counters().instances), (5, 10));
}
