//! How late a runaway is stopped, and how long a frame waits while its stream goes over to another generation.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use filter::session::StreamKey;
use filter::{Limits, MediaChain, Runtime, Spec, StreamInfo};
use media::Frame;
use serde_json::json;

const RUNAWAYS: usize = 60;
const SWAPS: usize = 100;
/// A swap that needs more frames than these does not happen.
const MOST_FRAMES: usize = 20_000;

/// A stream that a filter is opened for, and frames for it.
struct Stream {
    chain: MediaChain,
    out: Vec<Frame>,
    dts_us: i64,
}

impl Stream {
    fn open(filter: &std::sync::Arc<filter::Filter>, name: usize) -> Stream {
        let key = StreamKey { app: "live".into(), name: name.to_string(), query: Vec::new() };
        let chain = MediaChain::open(std::slice::from_ref(filter), StreamInfo { key, ..StreamInfo::default() });
        Stream { chain, out: Vec::new(), dts_us: 0 }
    }

    /// Pushes a key frame; how many came out, and how long it took: CPU time, and by the clock.
    fn push(&mut self, frame: &Frame) -> (usize, [Duration; 2]) {
        self.dts_us += 40_000;
        let frame = Frame { dts_us: self.dts_us, key: true, ..frame.clone() };
        let (started, used) = (Instant::now(), crate::cpu());
        let pushed = self.chain.push(frame, &mut self.out);
        let took = [crate::cpu().saturating_sub(used), started.elapsed()];
        assert!(pushed.is_ok());
        (self.out.drain(..).len(), took)
    }
}

async fn load(runtime: &Runtime, spec: Spec) -> std::sync::Arc<filter::Filter> {
    match runtime.load(spec).await {
        (filter, Ok(_)) => filter,
        (_, Err(e)) => panic!("{e}"),
    }
}

/// Milliseconds behind the deadline, in CPU time and by the clock, each sorted.
async fn runaways(runtime: &Runtime, hostile: &PathBuf, media_time: Duration, frame: &Frame) -> [Vec<f64>; 2] {
    let config = json!({ "deed": "loop", "hook": "frame", "after": 3 });
    let limits = Limits { media_time, ..Limits::default() };
    let it = load(runtime, Spec { config, limits, ..Spec::new("runaway", hostile) }).await;
    let mut late = [Vec::new(), Vec::new()];
    for n in 0..RUNAWAYS {
        let mut stream = Stream::open(&it, n);
        for _ in 0..3 {
            stream.push(frame);
        }
        // The deadline thread looks at an idle router only now and then: the loop is to begin anywhere in between.
        tokio::time::sleep(Duration::from_micros(700 * (n as u64 % 10))).await;
        let (out, took) = stream.push(frame);
        assert_eq!(out, 1, "the frame goes on as it came");
        for (late, took) in late.iter_mut().zip(took) {
            late.push((took.as_secs_f64() - media_time.as_secs_f64()) * 1e3);
        }
    }
    assert_eq!(it.counters().events.deadline_misses, RUNAWAYS as u64, "{}", it.counters());
    for late in &mut late {
        late.sort_by(f64::total_cmp);
    }
    late
}

/// A stream goes over and over again: what its frames waited for it, and how many of them did not come out.
async fn swaps(runtime: &Runtime, media: &PathBuf, frame: &Frame) -> (filter::counters::Latency, usize) {
    let spec = |n: usize| {
        let config = json!({ "mode": "replace", "append": n.to_string() });
        Spec { config, ..Spec::new("swap", media) }
    };
    let it = load(runtime, spec(0)).await;
    let mut stream = Stream::open(&it, 0);
    let mut lost = 0;
    for n in 1..=SWAPS {
        let reloaded = it.reload(spec(n)).await;
        assert!(reloaded.is_ok(), "{reloaded:?}");
        let mut pushed = 0;
        while it.counters().events.swaps < n as u64 {
            lost += 1 - stream.push(frame).0.min(1);
            pushed += 1;
            assert!(pushed < MOST_FRAMES, "{}", it.counters());
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
    }
    let report = it.counters();
    assert_eq!(report.events.rollbacks, 0, "{report}");
    (report.stalls, lost)
}

pub(crate) async fn print(runtime: &Runtime, hostile: PathBuf, media: PathBuf, frame: &Frame) {
    println!("\n| ms | median | 99 of 100 | most | goal |");
    println!("|---|---|---|---|---|");
    for media_time in [Duration::from_millis(5), Duration::from_millis(100)] {
        let both = runaways(runtime, &hostile, media_time, frame).await;
        // Where others want the cores, the clock says what they got; how long the guest was run is what the host decides.
        for (late, time, goal) in [(&both[0], "CPU time", "10"), (&both[1], "time by the clock", "")] {
            let at =
                |share: usize| late.get((late.len() * share / 100).min(late.len() - 1)).copied().unwrap_or_default();
            let name = format!("a runaway with {media_time:?} is stopped behind its deadline by, {time}");
            println!("| {name} | {:.1} | {:.1} | {:.1} | {goal} |", at(50), at(99), at(100));
        }
    }
    let (stalls, lost) = swaps(runtime, &media, frame).await;
    let ms = |ns: u64| ns as f64 / 1e6;
    let name = format!("a frame waits while its stream goes over, of {} swaps, {lost} frames lost,", stalls.calls);
    println!("| {name} | {:.3} | {:.3} | {:.3} | 1 |", ms(stalls.p50_ns), ms(stalls.p99_ns), ms(stalls.max_ns));
}
