//! `weir filter run`: filters over a file, with a virtual clock, through the same door as a stream's frames.

mod beside;
mod figures;
mod file;
mod golden;
mod input;
mod output;
mod record;
mod replay;
mod session;
mod trace;
mod typed;
mod verdicts;

use std::path::PathBuf;
use std::sync::Arc;

use filter::clock::Virtual;
use filter::tape::watch::Watch;
use filter::{Clock, Filter, Runtime, RuntimeConfig, Spec};

use self::golden::Golden;
pub(crate) use self::typed::settings;
use crate::arguments::{Offline, Recording};
use crate::{config, telemetry};

/// What the filters' clock shows at the start of every file: 2024-01-01 00:00:00 UTC, in milliseconds.
const START_UNIX_MS: u64 = 1_704_067_200_000;

pub(crate) fn run(arguments: &Offline) -> anyhow::Result<()> {
    telemetry::start(&config::Log { level: "warn".into(), ..Default::default() })?;
    if let Some(recording) = &arguments.replay {
        return replay::run(arguments, recording);
    }
    if let Some(requests) = &arguments.session {
        return session::run(arguments, requests);
    }
    if let Some(runs) = arguments.repeat {
        return figures::run(arguments, runs);
    }
    let watch = arguments.trace.then(|| Watch::new(true));
    let voice = if arguments.quiet { Voice::Summary } else { Voice::Lines };
    file::prepare(arguments, watch.as_ref(), voice)?.file(None)
}

/// `weir filter record`.
pub(crate) fn record(arguments: Recording) -> anyhow::Result<()> {
    telemetry::start(&config::Log { level: "warn".into(), ..Default::default() })?;
    record::run(arguments)
}

/// How much a run says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    /// Nothing.
    Silent,
    /// What came of it all.
    Summary,
    /// A line per frame too.
    Lines,
}

/// Filters that run, and what they run on.
struct Loaded {
    filters: Vec<Arc<Filter>>,
    hand: Arc<Virtual>,
    /// What the filters are loaded with.
    runtime: Runtime,
    tokio: tokio::runtime::Runtime,
}

/// Loads the filters that were typed; `fits` refuses one before it is asked for settings that would not help.
fn load(
    arguments: &Offline,
    watch: Option<&Arc<Watch>>,
    fits: fn(&Spec) -> anyhow::Result<()>,
) -> anyhow::Result<Loaded> {
    let (clock, hand) = Clock::stopped_at(START_UNIX_MS);
    let (filters, runtime, tokio) = start(arguments, clock, watch, fits)?;
    Ok(Loaded { filters, hand, runtime, tokio })
}

type Started = (Vec<Arc<Filter>>, Runtime, tokio::runtime::Runtime);

fn start(
    arguments: &Offline,
    clock: Clock,
    watch: Option<&Arc<Watch>>,
    fits: fn(&Spec) -> anyhow::Result<()>,
) -> anyhow::Result<Started> {
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    // No cache: it belongs to the router, and a filter that is being written changes with every run.
    let runtime = Runtime::new(RuntimeConfig { clock, watch: watch.cloned(), ..RuntimeConfig::default() })?;
    let mut filters = Vec::new();
    for spec in typed::specs(arguments)? {
        fits(&spec)?;
        let (filter, loaded) = tokio.block_on(runtime.load(spec));
        loaded?;
        filters.push(filter);
    }
    Ok((filters, runtime, tokio))
}

/// What `--expect` names, if it does.
fn golden(arguments: &Offline) -> anyhow::Result<Option<Golden>> {
    let open = |file: &PathBuf| Golden::open(file, arguments.update, arguments.input.as_deref());
    arguments.expect.as_ref().map(open).transpose()
}
