//! Filters that frames do not wait for, with one instance for many streams: what holds for either holds for both together.

use std::sync::Arc;
use std::time::Duration;

use filter::counters::{Hook, Report};
use filter::session::EndReason;
use filter::{Derivation, Filter, Isolation, MediaChain, Placement, Spec};
use media::Frame;
use serde_json::{Value, json};

use crate::asides::{aside, calls, coded, collect, drained};
use crate::kit::*;

const BOTH: [(Placement, &[&str]); 2] = [(Placement::Observe, &[]), (Placement::Beside, &["derive", "tracks"])];

fn shared(placement: Placement, grants: &[&str], filter: &str, config: Value) -> Spec {
    let mut spec = Spec { isolation: Isolation::Shared, ..aside(placement, grants, filter, config) };
    // A runaway is to be over soon, wherever it is.
    spec.limits.media_time = Duration::from_millis(50);
    spec
}

fn open(filter: &Arc<Filter>, name: &str) -> MediaChain {
    MediaChain::open(std::slice::from_ref(filter), stream(name))
}

fn end(chain: MediaChain) {
    assert!(chain.end(EndReason::SourceEnded, &mut Vec::new()).is_empty());
}

/// Nobody is there, and nothing waits.
fn is_empty(report: &Report) -> bool {
    let waits = report.queue.map(|queue| (queue.frames, queue.bytes, queue.departed));
    report.instances == 0 && report.streams == 0 && waits == Some((0, 0, 0))
}

#[tokio::test]
async fn healthy_streams_are_shown_in_one_instance_and_nothing_stays() {
    for (placement, grants) in BOTH {
        let it = load(&runtime(), shared(placement, grants, "conformance/media", json!({ "mode": "delay" }))).await;
        let mut chains: Vec<_> = (0..10).map(|n| open(&it, &n.to_string())).collect();
        for frame in video(0..50, 10) {
            for chain in &mut chains {
                let out = push(chain, [frame.clone()]).unwrap();
                assert_eq!(seen(&out), seen(std::slice::from_ref(&frame)));
            }
        }
        let report = until(&it, "all frames", |report| calls(report) == 500 && drained(report));
        assert_eq!((report.streams, report.instances), (10, 1), "{report}");
        chains.into_iter().for_each(end);
        let report = until(&it, "the end", is_empty);
        let ends = report.hook(Hook::End).map(|hook| hook.latency.calls);
        assert_eq!((ends, report.events.traps, report.events.departed_frames), (Some(11), 0, 0), "{report}");
    }
}

#[tokio::test]
async fn what_streams_derive_in_one_instance_is_their_own() {
    let spec = shared(Placement::Beside, &["derive"], "audio-only", json!({ "suffix": "_audio" }));
    let it = load(&runtime(), spec).await;
    let mut chains: Vec<_> = (0..5).map(|n| open(&it, &n.to_string())).collect();
    let times = |n: usize| (0..20).map(move |i| 1000 * n as i64 + 21 * i);
    for (n, chain) in chains.iter_mut().enumerate() {
        push(chain, [aac_header(1000 * n as i64)].into_iter().chain(times(n).map(aac))).unwrap();
    }
    for (n, chain) in chains.iter_mut().enumerate() {
        let derived = collect(chain, &mut Vec::new(), |_, derived| coded(derived).len() == 20);
        assert_eq!(coded(&derived), times(n).map(|ms| 1000 * ms).collect::<Vec<_>>());
        assert_eq!(derived.iter().filter(|d| matches!(d.what, Derivation::Opened { .. })).count(), 1);
    }
    assert_eq!(it.counters().instances, 1);
    drop(chains);
    until(&it, "the end", is_empty);
}

#[tokio::test]
async fn a_fault_in_one_costs_the_others_no_frame() {
    for (placement, grants) in BOTH {
        for (deed, hook) in [("trap", "frame"), ("loop", "frame"), ("trap", "end"), ("loop", "open"), ("loop", "end")] {
            let after = if hook == "frame" { 7 } else { 0 };
            let config = json!({ "deed": deed, "hook": hook, "after": after, "stream": "live/bad" });
            let it = load(&runtime(), shared(placement, grants, "conformance/hostile", config)).await;
            let (mut good, mut bad) = (open(&it, "good"), open(&it, "bad"));
            let came: Vec<Frame> = video(0..60, 10);
            for frame in &came {
                for chain in [&mut good, &mut bad] {
                    let out = push(chain, [frame.clone()]).unwrap();
                    assert_eq!(seen(&out), seen(std::slice::from_ref(frame)), "{deed} in {hook}");
                }
            }
            end(bad);
            let set_apart = |report: &Report| report.events.set_apart == 1 && drained(report);
            let report =
                until(&it, "the fault, and the end of the bad one", |report| set_apart(report) && report.streams == 1);
            // Once more: whoever shares the next instance is not harmed any more.
            push(&mut good, video(60..80, 10)).unwrap();
            end(good);
            let last = until(&it, "the end", is_empty);
            let (before, events) = (report.events, last.events);
            assert_eq!((before.set_apart, events.set_apart), (1, 1), "{deed} in {hook}: {last}");
            assert!(
                events.evictions <= 1 && events.overflow_frames + events.departed_frames == 0,
                "{deed} in {hook}: {last}"
            );
            // All of the good one's frames were shown; what the bad one did not see went by without it.
            let shown = calls(&last) + events.bypassed_frames;
            assert!(shown >= 80 + 60 && calls(&last) >= 80, "{deed} in {hook}: {last}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_that_hang_and_leave_hold_nobody_up_and_keep_nothing() {
    for (placement, grants) in BOTH {
        // Every stream but one hangs in each of its frames.
        let config = json!({ "deed": "loop", "hook": "frame", "stream": "live/bad" });
        let mut spec = shared(placement, grants, "conformance/hostile", config);
        spec.queue.time = Duration::from_millis(300);
        let it = load(&runtime(), spec).await;
        let mut good = open(&it, "good");
        push(&mut good, video(0..10, 10)).unwrap();
        for _ in 0..20 {
            let mut bad = open(&it, "bad");
            push(&mut bad, video(0..30, 10)).unwrap();
            end(bad);
        }
        push(&mut good, video(10..12, 10)).unwrap();
        end(good);
        let report = until(&it, "nothing is left", is_empty);
        let events = report.events;
        assert!(events.deadline_misses >= 1 && events.set_apart <= 1, "{report}");
    }
}
