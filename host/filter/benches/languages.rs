//! What a filter costs in each language. Prints a table: `cargo bench --workspace --bench languages`.
//!
//! Of the example `media` (it takes SEI messages out): the file, compiling it, loading it from the cache of compiled code, what an instance
//! holds, and a frame of 1,500 bytes that loses a unit. Of the filter `conformance/media`: a frame that it is shown and passes. The times
//! of frames are more than the chain takes without a filter. A language whose tools are not on the machine is skipped: nothing is fetched.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use filter::{Filter, Grants, Limits, MediaChain, Runtime, RuntimeConfig, Spec, StreamInfo};
use guest_build::Builder;
use media::{Body, Content, FourCc, Frame, Kind, flv};
use serde_json::{Value, json};

const LANGUAGES: [(&str, &str); 6] = [
    ("rust", "Rust"),
    ("c", "C"),
    ("assemblyscript", "AssemblyScript"),
    ("go", "Go"),
    ("js", "JavaScript"),
    ("python", "Python"),
];
const LOADS: usize = 5;

/// CPU time of this thread: what others do on the machine does not count as the filter's.
fn thread_cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let ns = text.split_ascii_whitespace().next().and_then(|ns| ns.parse().ok());
    Duration::from_nanos(ns.unwrap_or_default())
}

/// CPU time of all threads: compiling uses as many as there are.
fn process_cpu() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let ns = tasks.filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_ascii_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(ns.sum())
}

fn video(content: Content, payload: Vec<u8>) -> Frame {
    let parts = flv::Parts {
        kind: Kind::Video,
        track: 0,
        codec: FourCc::AVC1,
        content,
        // A filter that trapped is back at the next key frame.
        key: true,
        disposable: false,
        cts_ms: 0,
    };
    flv::video(flv::build(&parts, &Body::from(payload)).0.to_bytes(), 0)
}

/// A frame of 1,500 bytes: AUD, an SEI of 100 bytes, one slice.
fn frame() -> Frame {
    let units = [vec![9, 0xf0], [vec![6, 5], vec![0xaa; 98]].concat(), vec![0x41; 1386]];
    let payload = units.iter().flat_map(|u| [&(u.len() as u32).to_be_bytes()[..], u].concat());
    video(Content::Coded, payload.collect())
}

fn spec(wasm: &Path, config: Value) -> Spec {
    let limits = Limits {
        memory_bytes: 32 << 20,
        media_time: Duration::from_secs(10),
        start_time: Duration::from_secs(60),
        ..Limits::default()
    };
    let grants = Grants::parse(["entropy", "kv:conformance"]).unwrap_or_default();
    Spec { config, limits, grants, ..Spec::new("it", wasm) }
}

fn runtime(cache_dir: Option<PathBuf>) -> Runtime {
    let config = RuntimeConfig { cache_dir, compile_time: Duration::from_secs(1200), ..RuntimeConfig::default() };
    match Runtime::new(config) {
        Ok(runtime) => runtime,
        Err(e) => panic!("{e}"),
    }
}

async fn load(runtime: &Runtime, spec: Spec) -> Arc<Filter> {
    let (filter, loaded) = runtime.load(spec).await;
    if let Err(e) = loaded {
        panic!("{e}");
    }
    filter
}

fn open(filters: &[Arc<Filter>]) -> MediaChain {
    let mut chain = MediaChain::open(filters, StreamInfo::default());
    let header = video(Content::Header, vec![1, 100, 0, 40, 0xff, 0xe0, 0]);
    assert!(chain.push(header, &mut Vec::new()).is_ok());
    chain
}

/// Median nanoseconds of CPU time per frame.
fn through(c: &mut Criterion, name: &str, filters: &[Arc<Filter>]) -> f64 {
    let mut chain = open(filters);
    let (frame, samples) = (frame(), Mutex::new(Vec::new()));
    let (mut out, mut dts_us) = (Vec::with_capacity(4), 0);
    c.bench_function(name, |b| {
        b.iter_custom(|times| {
            let started = thread_cpu();
            for _ in 0..times {
                dts_us += 40_000;
                let pushed = chain.push(Frame { dts_us, ..frame.clone() }, &mut out);
                debug_assert!(pushed.is_ok());
                std::hint::black_box(&out);
                out.clear();
            }
            let took = thread_cpu().saturating_sub(started);
            if let Ok(mut samples) = samples.lock() {
                samples.push(took.as_nanos() as f64 / times as f64);
            }
            took.max(Duration::from_nanos(1))
        });
    });
    for filter in filters {
        let events = filter.counters().events;
        if events.traps + events.deadline_misses > 0 {
            println!("{name}: {} traps, {} deadlines missed", events.traps, events.deadline_misses);
        }
    }
    median(samples.into_inner().unwrap_or_default())
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or_default()
}

struct Row {
    bytes: u64,
    compile: Duration,
    load_ms: f64,
    memory: u64,
    pass: f64,
    remove: f64,
}

/// The example and the conformance filter, if they can be built without fetching anything.
fn build(language: &str) -> Result<(PathBuf, PathBuf), guest_build::Error> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guest-sdk").join(language);
    let builder = Builder::from_env().offline();
    let example = builder.build(&folder.join("media"), &mut |_| ())?.wasm;
    Ok((example, builder.build(&folder.join("conformance/media"), &mut |_| ())?.wasm))
}

fn measure(c: &mut Criterion, tokio: &tokio::runtime::Runtime, language: &str) -> Result<Row, guest_build::Error> {
    let (example, conformance) = build(language)?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("filter-code-bench");
    let bytes = example.metadata().map(|m| m.len()).unwrap_or_default();
    // Without a cache: every load compiles.
    let started = process_cpu();
    drop(tokio.block_on(load(&runtime(None), spec(&example, Value::Null))));
    let compile = process_cpu().saturating_sub(started);
    drop(tokio.block_on(load(&runtime(Some(folder.clone())), spec(&example, Value::Null))));
    let loads = (0..LOADS).map(|_| {
        let started = Instant::now();
        drop(tokio.block_on(load(&runtime(Some(folder.clone())), spec(&example, Value::Null))));
        started.elapsed().as_secs_f64() * 1e3
    });
    let load_ms = median(loads.collect());

    let runtime = runtime(Some(folder));
    let strips = tokio.block_on(load(&runtime, spec(&example, Value::Null)));
    let remove = through(c, &format!("{language}: a unit removed"), std::slice::from_ref(&strips));
    let memory = strips.counters().memory_bytes;
    let passes = tokio.block_on(load(&runtime, spec(&conformance, json!({ "do": "pass" }))));
    let pass = through(c, &format!("{language}: passed"), std::slice::from_ref(&passes));
    Ok(Row { bytes, compile, load_ms, memory, pass, remove })
}

fn languages(c: &mut Criterion) {
    let Ok(tokio) = tokio::runtime::Builder::new_multi_thread().enable_all().build() else { panic!("no tokio") };
    let floor = through(c, "no filter", &[]);
    let mut rows = BTreeMap::new();
    for (language, name) in LANGUAGES {
        match measure(c, &tokio, language) {
            Ok(row) => drop(rows.insert(name, row)),
            Err(e @ guest_build::Error::NoToolchain(_)) => {
                let why = e.to_string();
                println!("{name}: skipped, {}", why.lines().next().unwrap_or_default());
            }
            Err(e) => panic!("{name}: {e}"),
        }
    }
    println!(
        "\n| language | the wasm file | compile | load from the cache | memory of an instance | pass | remove a unit |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (name, row) in LANGUAGES.iter().filter_map(|(_, name)| Some((name, rows.get(name)?))) {
        println!(
            "| {name} | {} kB | {:.2} s | {:.1} ms | {} KiB | {:.2} µs | {:.2} µs |",
            row.bytes / 1000,
            row.compile.as_secs_f64(),
            row.load_ms,
            row.memory / 1024,
            (row.pass - floor) / 1e3,
            (row.remove - floor) / 1e3,
        );
    }
    println!("\nA frame without a filter: {floor:.0} ns. Compiling and frames in CPU time, loading in wall time.");
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = languages
}
criterion_main!(benches);
