//! What a frame costs on its way through a chain, and how late a runaway is stopped. Prints tables: `cargo bench -p filter`.
//!
//! Every row pushes clones of one H.264 frame (AUD, an SEI of 100 bytes, one slice) and drops what comes out; the first row is that
//! alone, the others say how much more they take.

mod bare;
mod deadlines;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use filter::session::StreamKey;
use filter::{Filter, Isolation, MediaChain, Runtime, RuntimeConfig, Spec, StreamInfo};
use media::{Body, Content, FourCc, Frame, Kind, flv};
use serde_json::{Value, json};

/// CPU time of this thread: what others do on the machine does not count as the filter's.
fn cpu() -> Duration {
    rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime).try_into().unwrap_or_default()
}

fn wasm(filter: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../filters").join(filter);
    match guest_build::build(&dir, &mut |_| {}) {
        Ok(built) => built.wasm,
        Err(e) => panic!("{filter}: {e}"),
    }
}

fn video(content: Content, payload: Vec<u8>) -> Frame {
    let parts = flv::Parts {
        kind: Kind::Video,
        track: 0,
        codec: FourCc::AVC1,
        content,
        key: false,
        disposable: false,
        cts_ms: 0,
    };
    flv::video(flv::build(&parts, &Body::from(payload)).0.to_bytes(), 0)
}

/// A frame of about this many bytes.
fn frame(bytes: usize) -> Frame {
    let units = [vec![9, 0xf0], [vec![6, 5], vec![0xaa; 98]].concat(), vec![0x41; bytes]];
    let payload = units.iter().flat_map(|u| [&(u.len() as u32).to_be_bytes()[..], u].concat());
    video(Content::Coded, payload.collect())
}

/// One row: filters, by source and configuration, and the size of the frame.
struct Row {
    name: &'static str,
    filters: Vec<(&'static str, Value)>,
    bytes: usize,
    isolation: Isolation,
    /// Nanoseconds more than no filter, on a machine where the bare call takes [`GOALS_BARE_NS`].
    goal: Option<f64>,
}

/// The bare call of the machine that the goals were set on.
const GOALS_BARE_NS: f64 = 110.0;

fn rows() -> Vec<Row> {
    let row = |name, filters: &[(&'static str, Value)], bytes, goal| {
        let isolation = Isolation::Stream;
        Row { name, filters: filters.to_vec(), bytes, isolation, goal }
    };
    let noop = ("conformance/noop", Value::Null);
    let nal = |drop: &[&str]| ("nal-filter", json!({ "h264": { "drop": drop } }));
    let audio = ("conformance/media", json!({ "mode": "pass", "interest": { "kinds": ["audio"] } }));
    let by_type = ("conformance/media", json!({ "mode": "remove-unit-of", "unit_type": 6 }));
    let by_index = ("conformance/media", json!({ "mode": "remove-unit", "unit_type": 6 }));
    // Nothing is put behind it: that the guest's own memory moves as it grows is not the contract's cost.
    let rewrite = ("conformance/media", json!({ "mode": "replace", "append": "" }));
    let one = std::slice::from_ref(&noop);
    vec![
        row("no filter", &[], 8_000, None),
        row("a filter that did not ask for it", &[audio], 8_000, Some(5.0)),
        row("no-op filter", one, 8_000, Some(250.0)),
        Row { isolation: Isolation::Shared, ..row("no-op filter, in a shared instance", one, 8_000, None) },
        row("two no-op filters", &[noop.clone(), noop.clone()], 8_000, Some(500.0)),
        row("nal-filter, nothing to drop", &[nal(&["filler"])], 8_000, None),
        row("nal-filter drops an SEI of 100 bytes, frame of 8 kB", &[nal(&["sei"])], 8_000, Some(450.0)),
        row("nal-filter drops an SEI of 100 bytes, frame of 100 kB", &[nal(&["sei"])], 100_000, Some(450.0)),
        row("nal-filter drops an SEI of 100 bytes, frame of 1 MB", &[nal(&["sei"])], 1_000_000, Some(450.0)),
        row("an SEI of 100 bytes found by type and removed by index", &[by_type], 8_000, Some(450.0)),
        row("an SEI of 100 bytes found in the list and removed by index", &[by_index], 8_000, None),
        row("8 kB read and put back", &[rewrite], 8_000, Some(700.0)),
    ]
}

async fn open(runtime: &Runtime, row: &Row) -> (MediaChain, Vec<Arc<Filter>>) {
    let mut filters = Vec::new();
    for (source, config) in &row.filters {
        let spec = Spec { config: config.clone(), isolation: row.isolation, ..Spec::new(*source, wasm(source)) };
        let (filter, loaded) = runtime.load(spec).await;
        if let Err(e) = loaded {
            panic!("{e}");
        }
        filters.push(filter);
    }
    // A stream without a name is on trial, and has every instance to itself.
    let key = StreamKey { app: "live".into(), name: "cam".into(), query: Vec::new() };
    let mut chain = MediaChain::open(&filters, StreamInfo { key, ..StreamInfo::default() });
    let header = video(Content::Header, vec![1, 100, 0, 40, 0xff, 0xe0, 0]);
    let pushed = chain.push(header, &mut Vec::new());
    assert!(pushed.is_ok());
    (chain, filters)
}

fn frames(c: &mut Criterion) {
    let Ok(tokio) = tokio::runtime::Builder::new_multi_thread().enable_all().build() else { panic!("no tokio") };
    let Ok(runtime) = Runtime::new(RuntimeConfig::default()) else { panic!("no runtime") };
    // Nanoseconds per frame of every sample.
    let samples: Mutex<BTreeMap<usize, Vec<f64>>> = Mutex::default();
    let rows = rows();
    for (index, row) in rows.iter().enumerate() {
        let (mut chain, filters) = tokio.block_on(open(&runtime, row));
        let frame = frame(row.bytes);
        let (mut out, mut dts_us) = (Vec::with_capacity(4), 0);
        c.bench_function(row.name, |b| {
            b.iter_custom(|times| {
                let started = cpu();
                for _ in 0..times {
                    dts_us += 40_000;
                    let pushed = chain.push(Frame { dts_us, ..frame.clone() }, &mut out);
                    debug_assert!(pushed.is_ok());
                    std::hint::black_box(&out);
                    out.clear();
                }
                let took = cpu().saturating_sub(started);
                if let Ok(mut samples) = samples.lock() {
                    samples.entry(index).or_default().push(took.as_nanos() as f64 / times as f64);
                }
                took.max(Duration::from_nanos(1))
            });
        });
        for filter in filters {
            let events = filter.counters().events;
            assert_eq!((events.traps, events.deadline_misses, events.bypassed_frames), (0, 0, 0), "{}", row.name);
        }
    }
    let mut bare = match std::fs::read(wasm("conformance/noop")).map(|module| bare::Bare::open(&module)) {
        Ok(Ok(bare)) => bare,
        other => panic!("{:?}", other.map(|r| r.map(|_| ()))),
    };
    let bare_row = rows.len();
    c.bench_function("bare", |b| {
        b.iter_custom(|times| {
            let started = cpu();
            let called = (0..times).all(|n| bare.call(n as i64));
            assert!(called);
            let took = cpu().saturating_sub(started);
            if let Ok(mut samples) = samples.lock() {
                samples.entry(bare_row).or_default().push(took.as_nanos() as f64 / times as f64);
            }
            took.max(Duration::from_nanos(1))
        });
    });
    let Ok(mut samples) = samples.into_inner() else { return };
    let mut median = |index: usize| {
        let of = samples.entry(index).or_default();
        of.sort_by(f64::total_cmp);
        of.get(of.len() / 2).copied().unwrap_or_default()
    };
    let (floor, bare) = (median(0), median(bare_row));
    println!("\nThe bare call of wasmtime, of the no-op filter: {bare:.0} ns.\n");
    println!("| a frame through | ns | more than no filter | in bare calls | goal, ns | in bare calls |");
    println!("|---|---|---|---|---|---|");
    for (index, row) in rows.iter().enumerate() {
        let (ns, more) = (median(index), median(index) - floor);
        let goal = row.goal.map_or("| |".into(), |ns| format!("| {ns:.0} | {:.2} |", ns / GOALS_BARE_NS));
        println!("| {} | {ns:.0} | {more:.0} | {:.2} {goal}", row.name, more / bare);
    }
    let (hostile, media) = (wasm("conformance/hostile"), wasm("conformance/media"));
    tokio.block_on(deadlines::print(&runtime, hostile, media, &frame(8_000)));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(40).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = frames
}
criterion_main!(benches);
