//! What a no-op filter costs a stream in memory, in an instance of its own and in one that many streams share.
//! Prints a table: `cargo bench -p filter --bench memory`.
//!
//! * *heap*: bytes that the host has asked the allocator for and not given back, and in how many blocks.
//! * *guest*: by how much the linear memories of the instances have grown.
//! * *resident*: what the kernel says of the whole process: this includes the allocator's own and what instances map.
//!
//! Streams are weighed when they are opened, and again when each has taken the headers and a second of audio and video.

#![allow(unsafe_code, reason = "a global allocator cannot be written without; this one only counts and passes on")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use filter::session::StreamKey;
use filter::{Isolation, Limits, MediaChain, Runtime, RuntimeConfig, Spec, StreamInfo};
use media::{Body, Content, FourCc, Frame, Kind, flv};

const STREAMS: usize = 1_000;

static BYTES: AtomicUsize = AtomicUsize::new(0);
static BLOCKS: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator with two counts.
struct Counting;

// SAFETY: every call is passed on as it came; only numbers are kept.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size(), Relaxed);
        BLOCKS.fetch_add(1, Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Relaxed);
        BLOCKS.fetch_sub(1, Relaxed);
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        BYTES.fetch_add(size, Relaxed);
        BYTES.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What there is at one moment, in bytes; blocks in pieces.
#[derive(Clone, Copy)]
struct Weight {
    heap: usize,
    blocks: usize,
    guest: usize,
    resident: usize,
}

impl Weight {
    fn now(filter: &filter::Filter) -> Weight {
        let (heap, blocks, resident) = (BYTES.load(Relaxed), BLOCKS.load(Relaxed), resident());
        let report = filter.counters();
        // Of instances that all have a memory of the same size.
        let guest = usize::try_from(report.memory_bytes * report.instances).unwrap_or(usize::MAX);
        Weight { heap, blocks, guest, resident }
    }

    /// What each of the streams came to since.
    fn each_since(self, before: Weight) -> Weight {
        let each = |now: usize, before: usize| (now.saturating_sub(before) + STREAMS / 2) / STREAMS;
        Weight {
            heap: each(self.heap, before.heap),
            blocks: each(self.blocks, before.blocks),
            guest: each(self.guest, before.guest),
            resident: each(self.resident, before.resident),
        }
    }
}

impl Weight {
    fn more_than(self, none: Weight) -> Weight {
        Weight {
            heap: self.heap.saturating_sub(none.heap),
            blocks: self.blocks.saturating_sub(none.blocks),
            guest: self.guest.saturating_sub(none.guest),
            resident: self.resident.saturating_sub(none.resident),
        }
    }
}

/// Bytes of this process that are in memory.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse::<usize>().ok()).unwrap_or(0) * 1024
}

fn frame(kind: Kind, content: Content, key: bool, payload: &'static [u8]) -> Frame {
    let codec = if kind == Kind::Video { FourCc::AVC1 } else { FourCc::MP4A };
    let parts = flv::Parts { kind, track: 0, codec, content, key, disposable: false, cts_ms: 0 };
    let body = flv::build(&parts, &Body::from(payload.to_vec())).0.to_bytes();
    if kind == Kind::Video { flv::video(body, 0) } else { flv::audio(body, 0) }
}

/// The headers and a second of audio and video. Every stream is given the same bytes: those of frames are not its filter's.
fn second() -> Vec<Frame> {
    let mut frames = vec![
        frame(Kind::Video, Content::Header, false, &[1, 100, 0, 40, 0xff, 0xe0, 0]),
        frame(Kind::Audio, Content::Header, false, &[0x12, 0x10]),
    ];
    for n in 0..25_i64 {
        let slice: &[u8] = if n == 0 { &[0, 0, 0, 4, 0x65, 1, 2, 3] } else { &[0, 0, 0, 4, 0x41, 1, 2, 3] };
        let dts_us = n * 40_000;
        frames.push(Frame { dts_us, ..frame(Kind::Video, Content::Coded, n == 0, slice) });
        frames.push(Frame { dts_us, ..frame(Kind::Audio, Content::Coded, false, &[0x21; 20]) });
    }
    frames
}

/// What streams of one filter come to.
struct Streams {
    opened: Weight,
    running: Weight,
    /// They stay: what is freed would be used again, and not be seen.
    _chains: Vec<MediaChain>,
}

async fn open(runtime: &Runtime, spec: Spec, filters: usize) -> Streams {
    let limits = Limits { streams_per_instance: STREAMS + 1, ..Limits::default() };
    // One that cannot be loaded has no instances, and the chain's side of a filter all the same.
    let (filter, _) = runtime.load(Spec { limits, ..spec }).await;
    let filters = vec![filter.clone(); filters];
    let publisher = Arc::default();
    let chain = |n: usize| {
        let key = StreamKey { app: "live".into(), name: format!("camera-{n}"), query: Vec::new() };
        MediaChain::open(&filters, StreamInfo { key, publisher: Arc::clone(&publisher), ..StreamInfo::default() })
    };
    let (frames, mut out) = (second(), Vec::new());
    // What the first one costs is not each one's.
    let mut chains = Vec::with_capacity(STREAMS + 1);
    chains.push(chain(STREAMS));
    let before = Weight::now(&filter);
    chains.extend((0..STREAMS).map(chain));
    let opened = Weight::now(&filter).each_since(before);
    for chain in &mut chains {
        for frame in &frames {
            let pushed = chain.push(frame.clone(), &mut out);
            assert!(pushed.is_ok());
            out.clear();
        }
    }
    let running = Weight::now(&filter).each_since(before);
    let report = filter.counters();
    assert_eq!((report.events.traps, report.events.deadline_misses), (0, 0), "{report}");
    Streams { opened, running, _chains: chains }
}

fn noop() -> PathBuf {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../filters/conformance/noop");
    match guest_build::build(&dir, &mut |_| {}) {
        Ok(built) => built.wasm,
        Err(e) => panic!("noop: {e}"),
    }
}

fn main() {
    // As `cargo test` calls it.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let Ok(tokio) = tokio::runtime::Builder::new_multi_thread().enable_all().build() else { panic!("no tokio") };
    let Ok(runtime) = Runtime::new(RuntimeConfig::default()) else { panic!("no runtime") };
    let spec = |wasm: &Path, isolation| Spec { isolation, ..Spec::new("memory", wasm) };
    let noop = noop();
    let nothing = Path::new("nothing.wasm");
    let rows = [
        ("no filter", nothing, Isolation::Stream, 0, ""),
        ("a filter that cannot be loaded", nothing, Isolation::Stream, 1, ""),
        ("one instance for all", &noop, Isolation::Shared, 1, "1024, of heap and guest"),
        ("an instance each", &noop, Isolation::Stream, 1, "32768, resident"),
    ];
    println!("\nBytes of each of {STREAMS} streams; what stands behind no filter is what is more than without one.\n");
    println!("| streams with | | heap | blocks | guest | resident | goal |");
    println!("|---|---|---|---|---|---|---|");
    let mut kept = Vec::new();
    let mut none = None;
    for (name, wasm, isolation, filters, goal) in rows {
        let streams = tokio.block_on(open(&runtime, spec(wasm, isolation), filters));
        let (opened, running) = *none.get_or_insert((streams.opened, streams.running));
        for (when, of, none) in [("opened", streams.opened, opened), ("running", streams.running, running)] {
            let of = if filters == 0 { of } else { of.more_than(none) };
            let Weight { heap, blocks, guest, resident } = of;
            println!("| {name} | {when} | {heap} | {blocks} | {guest} | {resident} | {goal} |");
        }
        kept.push(streams);
    }
}
