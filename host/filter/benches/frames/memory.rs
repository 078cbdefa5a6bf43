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

/// Bytes per stream of this filter, and its instances.
async fn each(runtime: &Runtime, spec: Spec) -> (usize, u64) {
    let limits = Limits { streams_per_instance: STREAMS + 1, ..Limits::default() };
    // One that cannot be loaded has no instances, and the chain's side of a filter all the same.
    let (filter, _) = runtime.load(Spec { limits, ..spec }).await;
    let filters = [filter];
    let open = |n: usize| {
        let key = StreamKey { app: "live".into(), name: n.to_string(), query: Vec::new() };
        MediaChain::open(&filters, StreamInfo { key, ..StreamInfo::default() })
    };
    // What the first one costs is not each one's.
    let first = open(STREAMS);
    let mut chains = Vec::with_capacity(STREAMS);
    let before = resident();
    chains.extend((0..STREAMS).map(open));
    let bytes = resident().saturating_sub(before) / STREAMS;
    let instances = filters.iter().map(|filter| filter.counters().instances).sum::<u64>();
    drop((first, chains));
    (bytes, instances)
}

pub(crate) async fn print(runtime: &Runtime, wasm: std::path::PathBuf) {
    let spec = |isolation| Spec { isolation, ..Spec::new("memory", &wasm) };
    // In this order: what is freed is used again, and the first has the most to free.
    let shared = each(runtime, spec(Isolation::Shared)).await;
    let own = each(runtime, spec(Isolation::Stream)).await;
    let gone = each(runtime, Spec::new("memory", "nothing.wasm")).await;
    println!("\n| {STREAMS} streams with the no-op filter, in | bytes each | more than without an instance | goal |");
    println!("|---|---|---|---|");
    for ((bytes, instances), goal) in [(own, 32 << 10), (shared, 1 << 10)] {
        println!("| {instances} instances | {bytes} | {} | {goal} |", bytes.saturating_sub(gone.0));
    }
}
