//! What a stream costs that is filtered, in an instance of its own and in one that many share.

use filter::session::StreamKey;
use filter::{Isolation, Limits, MediaChain, Runtime, Spec, StreamInfo};

const STREAMS: usize = 1_000;

/// Bytes of this process that are in memory.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse::<usize>().ok()).unwrap_or(0) * 1024
}

/// What streams of one filter come to. They stay: what is freed would be used again, and not be seen.
struct Streams {
    bytes_each: usize,
    instances: u64,
    _chains: Vec<MediaChain>,
}

async fn open(runtime: &Runtime, spec: Spec) -> Streams {
    let limits = Limits { streams_per_instance: STREAMS + 1, ..Limits::default() };
    // One that cannot be loaded has no instances, and the chain's side of a filter all the same.
    let (filter, _) = runtime.load(Spec { limits, ..spec }).await;
    let filters = [filter];
    let chain = |n: usize| {
        let key = StreamKey { app: "live".into(), name: n.to_string(), query: Vec::new() };
        MediaChain::open(&filters, StreamInfo { key, ..StreamInfo::default() })
    };
    // What the first one costs is not each one's.
    let mut chains = Vec::with_capacity(STREAMS + 1);
    chains.push(chain(STREAMS));
    let before = resident();
    chains.extend((0..STREAMS).map(chain));
    let bytes_each = resident().saturating_sub(before) / STREAMS;
    let instances = filters.iter().map(|filter| filter.counters().instances).sum();
    Streams { bytes_each, instances, _chains: chains }
}

pub(crate) async fn print(runtime: &Runtime, wasm: std::path::PathBuf) {
    let spec = |isolation| Spec { isolation, ..Spec::new("memory", &wasm) };
    let none = open(runtime, Spec::new("memory", "nothing.wasm")).await;
    let shared = open(runtime, spec(Isolation::Shared)).await;
    let own = open(runtime, spec(Isolation::Stream)).await;
    println!("\n| {STREAMS} streams with the no-op filter, in | bytes each | more than without an instance | goal |");
    println!("|---|---|---|---|");
    for (streams, goal) in [(own, 32 << 10), (shared, 1 << 10)] {
        let more = streams.bytes_each.saturating_sub(none.bytes_each);
        println!("| {} instances | {} | {more} | {goal} |", streams.instances, streams.bytes_each);
    }
}
