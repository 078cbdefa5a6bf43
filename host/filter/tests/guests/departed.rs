//! Streams that end while frames of theirs still wait for a filter that frames do not wait for: they cost little, and not for long.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use filter::counters::{Hook, Report};
use filter::placement::Queue;
use filter::session::EndReason;
use filter::{Filter, MediaChain, Placement, Runtime, RuntimeConfig, Spec};
use serde_json::json;

use crate::asides::{aside, calls};
use crate::kit::*;

/// What each frame that waits counts for at least.
const FRAME: usize = 512;

/// One thread for all streams; `live/bad` keeps it for as long as a call may take, from its first frame on.
fn stuck(queue: Queue) -> Spec {
    let config = json!({ "deed": "loop", "hook": "frame", "stream": "live/bad" });
    let mut spec = aside(Placement::Observe, &[], "conformance/hostile", config);
    spec.limits.media_time = Duration::from_secs(3);
    Spec { queue, ..spec }
}

async fn load_stuck(queue: Queue) -> (Arc<Filter>, MediaChain) {
    let cache_dir = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("filter-code"));
    let runtime = Runtime::new(RuntimeConfig { cache_dir, aside_threads: 1, ..RuntimeConfig::default() }).unwrap();
    let it = load(&runtime, stuck(queue)).await;
    let mut bad = open(&it, "bad");
    push(&mut bad, video(0..1, 10)).unwrap();
    until(&it, "the thread is taken", |report| queued(report).0 == 0);
    (it, bad)
}

fn open(filter: &Arc<Filter>, name: &str) -> MediaChain {
    MediaChain::open(std::slice::from_ref(filter), stream(name))
}

/// A stream of ten frames, from its beginning to its end.
fn comes_and_goes(filter: &Arc<Filter>, name: &str) {
    let mut chain = open(filter, name);
    assert_eq!(push(&mut chain, video(0..10, 10)).unwrap().len(), 10);
    chain.end(EndReason::SourceEnded, &mut Vec::new());
}

/// Frames and bytes that wait, and streams that have ended.
fn queued(report: &Report) -> (u64, u64, usize) {
    report.queue.map_or((0, 0, 0), |queue| (queue.frames, queue.bytes, queue.departed))
}

fn opened(report: &Report) -> u64 {
    report.hook(Hook::Open).map_or(0, |hook| hook.latency.calls)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_ends_before_its_turn_keeps_its_queue_only_for_its_time_and_gets_no_instance() {
    let (it, bad) = load_stuck(Queue { time: Duration::from_millis(700), ..Queue::of(Placement::Observe) }).await;
    for n in 0..5 {
        comes_and_goes(&it, &n.to_string());
    }
    assert_eq!(queued(&it.counters()), (50, 50 * FRAME as u64, 5));
    let report = until(&it, "the time is up", |report| queued(report) == (0, 0, 0));
    assert_eq!((calls(&report), opened(&report)), (0, 2), "on trial and of the one that keeps the thread: {report}");
    assert_eq!((report.events.departed_frames, report.events.overflow_frames), (50, 0), "{report}");
    assert!(report.to_string().contains("departed_frames=50"), "{report}");
    // One that has nothing to be shown is not even heard of.
    open(&it, "empty").end(EndReason::SourceEnded, &mut Vec::new());
    bad.end(EndReason::SourceEnded, &mut Vec::new());
    let report = until(&it, "the thread is free, and nobody is there", |report| {
        report.events.deadline_misses == 1 && report.instances == 0
    });
    comes_and_goes(&it, "last");
    let last = until(&it, "it has had its turn", |report| calls(report) == 11 && report.instances == 0);
    assert_eq!((opened(&last), opened(&report)), (3, 2), "nothing was opened in order to be ended: {last}");
    assert_eq!((last.events.departed_frames, queued(&last)), (50, (0, 0, 0)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_more_than_may_wait_the_first_lose_what_waits_at_once() {
    let of = Queue { time: Duration::from_secs(60), ..Queue::of(Placement::Observe) };
    for queue in [
        Queue { departed_streams: 3, ..of.clone() },
        Queue { departed_bytes: 39 * FRAME, ..of.clone() },
        Queue { departed_streams: 0, ..of },
    ] {
        let stay: usize = if queue.departed_streams == 0 { 0 } else { 3 };
        let (it, bad) = load_stuck(queue).await;
        for n in 0..8 {
            comes_and_goes(&it, &n.to_string());
        }
        let report = it.counters();
        assert_eq!(queued(&report), (10 * stay as u64, (10 * stay * FRAME) as u64, stay), "{report}");
        assert_eq!((calls(&report), report.events.departed_frames), (0, 80 - 10 * stay as u64), "{report}");
        // Those that still wait are shown.
        bad.end(EndReason::SourceEnded, &mut Vec::new());
        let report = until(&it, "all is done", |report| {
            calls(report) == 1 + 10 * stay as u64 && queued(report) == (0, 0, 0) && report.instances == 0
        });
        assert_eq!((opened(&report), report.events.departed_frames), (2 + stay as u64, 80 - 10 * stay as u64));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_is_at_work_ends_when_its_time_is_up() {
    let (it, mut bad) = load_stuck(Queue { time: Duration::from_millis(500), ..Queue::of(Placement::Observe) }).await;
    push(&mut bad, video(1..9, 10)).unwrap();
    bad.end(EndReason::SourceEnded, &mut Vec::new());
    let report = until(&it, "the time is up", |report| queued(report) == (0, 0, 0));
    assert_eq!((calls(&report), report.events.departed_frames), (0, 8), "the call still runs: {report}");
    until(&it, "it has ended", |report| report.instances == 0 && report.events.deadline_misses == 1);
}
