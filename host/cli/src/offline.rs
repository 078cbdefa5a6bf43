//! `weir filter run`: filters over a file, with a virtual clock, through the same door as a stream's frames.

mod beside;
mod figures;
mod golden;
mod input;
mod output;
mod record;
mod replay;
mod session;
mod trace;
mod verdicts;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use anyhow::{Context, bail};
use filter::{
    Clock, Filter, Grants, MediaFailure, Runtime, RuntimeConfig, Spec, StreamInfo, Viewer,
    clock::Virtual,
    component,
    session::{ConnectionInfo, EndReason, StreamKey},
    tape::watch::Watch,
};
use media::{Frame, Kind, flv::file::Tag, time::Unwrap};
use router::Ingest;

use self::{beside::Beside, figures::Figures, golden::Golden, input::Input, output::Output};
use crate::{
    arguments::{Offline, Recording, Settings},
    config, source, telemetry,
};

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
    prepare(arguments, watch.as_ref(), voice)?.file(None)
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
    for spec in specs(arguments)? {
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

/// Everything up to the first frame.
fn prepare(arguments: &Offline, watch: Option<&Arc<Watch>>, voice: Voice) -> anyhow::Result<Run> {
    let loaded = load(arguments, watch, sees_frames)?;
    let from = arguments.input.as_deref().context("--input is missing")?;
    let input = Input::open(from)?;
    let output = arguments.output.as_deref().map(|file| Output::create(file, from)).transpose()?;
    if let Some(watch) = watch {
        watch.take();
    }
    let golden = golden(arguments)?;
    let mut ingest = Ingest::new(&loaded.filters, stream(arguments)?, router::Policy::Repair);
    if voice == Voice::Lines || golden.as_ref().is_some_and(Golden::wants_lines) {
        ingest.trace();
    }
    let hand = loaded.hand.clone();
    Ok(Run {
        loaded,
        input: Some(input),
        ingest,
        hand,
        output,
        beside: Beside::new(arguments.output.as_deref(), from),
        golden,
        watch: watch.filter(|_| arguments.trace).cloned(),
        voice,
        unwrap: Unwrap::new(),
        first_ms: None,
        now_us: 0,
        out: Vec::new(),
        frames_out: 0,
        bytes: (0, 0),
        stop: Stop::default(),
    })
}

/// One run over one file.
struct Run {
    loaded: Loaded,
    input: Option<Input>,
    ingest: Ingest,
    hand: Arc<Virtual>,
    output: Option<Output>,
    beside: Beside,
    golden: Option<Golden>,
    /// Told call by call.
    watch: Option<Arc<Watch>>,
    voice: Voice,
    unwrap: Unwrap,
    first_ms: Option<i64>,
    /// When the tag in hand comes, since the first.
    now_us: i64,
    out: Vec<Frame>,
    frames_out: u64,
    bytes: (u64, u64),
    stop: Stop,
}

/// What ends a run before its file does.
#[derive(Default)]
struct Stop {
    at_us: Option<i64>,
    asked: Arc<AtomicBool>,
}

impl Stop {
    fn is_now(&self, now_us: i64) -> bool {
        self.at_us.is_some_and(|at_us| now_us >= at_us) || self.asked.load(Ordering::Relaxed)
    }
}

impl Run {
    /// Runs it to its end; `figures` are collected if they are wanted.
    fn file(mut self, mut figures: Option<(&Arc<Watch>, &mut Figures)>) -> anyhow::Result<()> {
        let Some(mut input) = self.input.take() else { return Ok(()) };
        let start = Instant::now();
        let mut frames = 0u64;
        let (mut ended, mut reason) = (None, EndReason::SourceEnded);
        while let Some(tag) = input.next()? {
            let Some(kind) = tag.kind() else {
                eprintln!("weir: tag type {} at {} ms is no media: left out", tag.tag_type, tag.timestamp_ms);
                continue;
            };
            frames += 1;
            self.bytes.0 += tag.body.len() as u64;
            if let Err(error) = self.tag(kind, tag) {
                ended = Some(error);
                break;
            }
            if let Some((watch, figures)) = &mut figures {
                figures.note(watch.take());
            }
            if self.stop.is_now(self.now_us) {
                reason = EndReason::Shutdown;
                break;
            }
        }
        let Run {
            ingest,
            mut out,
            mut output,
            mut golden,
            watch,
            mut frames_out,
            mut bytes,
            voice,
            now_us,
            mut beside,
            ..
        } = self;
        let Loaded { filters, runtime, .. } = self.loaded;
        beside.last(ingest.end(reason, &mut out))?;
        if !out.is_empty() {
            if let Some(golden) = &mut golden {
                golden.line(&verdicts::line(None, &[], &out, false));
            }
            if voice == Voice::Lines {
                crate::print(&verdicts::line(None, &[], &out, true))?;
            }
        }
        if let Some(watch) = &watch {
            crate::print(&trace::calls(&watch.take()))?;
        }
        if let Some((watch, figures)) = &mut figures {
            figures.note(watch.take());
        }
        for frame in out.drain(..) {
            frames_out += 1;
            if let Some(golden) = &mut golden {
                golden.frame(&frame)?;
            }
            bytes.1 += write(&mut output, &frame)?;
        }
        if let Some(output) = output {
            output.finish()?;
        }
        drop(runtime);
        let took = start.elapsed();
        let stream = std::time::Duration::from_micros(u64::try_from(now_us).unwrap_or(0));
        let per_frame = took.as_nanos() / u128::from(frames.max(1));
        let (bytes_in, bytes_out) = bytes;
        let mut summary = String::new();
        summary
            .push_str(&format!("frames   {frames} in, {frames_out} out; {bytes_in} bytes in, {bytes_out} bytes out\n"));
        summary.push_str(&beside.finish()?);
        summary.push_str(&format!("time     {took:.1?} for {stream:.1?} of stream, {per_frame} ns per frame\n"));
        for filter in &filters {
            summary.push_str(&telemetry::lines(&format!("{:#}", filter.counters())));
            summary.push('\n');
        }
        if voice != Voice::Silent {
            crate::print(&summary)?;
        }
        let expected = golden.map_or(Ok(()), Golden::finish);
        if let Some(ended) = ended {
            bail!("the stream ended: {ended}");
        }
        let failed: Vec<_> = filters.iter().filter(|filter| verdicts::failed(filter)).map(|f| f.name()).collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        expected
    }

    /// One tag, at its time.
    fn tag(&mut self, kind: Kind, tag: Tag) -> anyhow::Result<()> {
        let time_ms = self.unwrap.unwrap_ms(tag.timestamp_ms);
        let first_ms = *self.first_ms.get_or_insert(time_ms);
        // A file comes as fast as its times say; a time that goes back comes at once.
        let at_us = time_ms.saturating_sub(first_ms).saturating_mul(1000).max(self.now_us);
        self.ticks(at_us)?;
        self.now_us = at_us;
        self.hand.set(at_us);
        let metadata = if kind == Kind::Data { rtmp::data::decode(&tag.body) } else { None };
        let size = tag.body.len();
        let pushed = self.ingest.push(kind, tag.timestamp_ms, at_us / 1000, tag.body, metadata, &mut self.out);
        self.deliver(Some(verdicts::Came { kind, at_us, size }))?;
        Ok(pushed?)
    }

    /// What the filters want to be told between the last tag and the one at `at_us`, as in a stream that is silent so long.
    fn ticks(&mut self, at_us: i64) -> anyhow::Result<()> {
        loop {
            let Some(due_us) = self.ingest.next_tick_us() else { return Ok(()) };
            let wait_us = due_us.saturating_sub(self.ingest.now_us()).max(0);
            let when_us = self.now_us.saturating_add(wait_us);
            if when_us >= at_us {
                return Ok(());
            }
            self.hand.set(when_us);
            let ticked = self.ingest.tick(due_us, &mut self.out);
            self.deliver(None)?;
            ticked?;
            if self.ingest.next_tick_us().is_some_and(|next_us| next_us <= due_us) {
                // It does not move on: no filter is told the same time twice.
                return Ok(());
            }
        }
    }

    /// Tells and writes what came out, of the frame that came or of a tick.
    fn deliver(&mut self, came: Option<verdicts::Came>) -> anyhow::Result<()> {
        let calls = self.ingest.take_trace();
        if came.is_some() || !calls.is_empty() || !self.out.is_empty() {
            if let Some(golden) = self.golden.as_mut().filter(|golden| golden.wants_lines()) {
                golden.line(&verdicts::line(came, &calls, &self.out, false));
            }
            if self.voice == Voice::Lines {
                crate::print(&verdicts::line(came, &calls, &self.out, true))?;
            }
        }
        if let Some(watch) = &self.watch {
            crate::print(&trace::calls(&watch.take()))?;
        }
        for frame in self.out.drain(..) {
            self.frames_out += 1;
            if let Some(golden) = &mut self.golden {
                golden.frame(&frame)?;
            }
            self.bytes.1 += write(&mut self.output, &frame)?;
        }
        self.beside.take(&mut self.ingest)
    }
}

/// Writes a frame, if there is a file; returns the bytes of its body.
fn write(output: &mut Option<Output>, frame: &Frame) -> anyhow::Result<u64> {
    let body = output::body(frame);
    if let Some(output) = output {
        output.write(frame, &body)?;
    }
    Ok(body.len() as u64)
}

/// The filters as they were typed, with their settings.
fn specs(arguments: &Offline) -> anyhow::Result<Vec<Spec>> {
    let paths = arguments.filters.iter().map(|path| source::typed(path)).collect::<anyhow::Result<Vec<PathBuf>>>()?;
    let grants = Grants::parse(&arguments.grants)?;
    let settings = settings(&arguments.settings)?;
    let secrets: BTreeMap<_, _> = pairs("--secret", &arguments.secrets)?.into_iter().collect();
    if settings.len() > 1 && settings.len() != paths.len() {
        let filters =
            if let [_] = paths.as_slice() { "1 filter".to_owned() } else { format!("{} filters", paths.len()) };
        bail!("{} settings for {filters}: give them once for all, or once for each", settings.len());
    }
    let mut hidden = BTreeSet::new();
    for file in &arguments.settings.config_toml {
        hidden.extend(config::free_secrets(file)?);
    }
    let record = &arguments.record;
    let spec = |(i, path): (usize, PathBuf)| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let config = settings.get(i).or(settings.first()).cloned().unwrap_or_else(|| serde_json::json!({}));
        let mut spec = Spec { grants: grants.clone(), config, secrets: secrets.clone(), ..Spec::new(name, path) };
        if record.is_some() {
            // The call that failed is the last one of the recording.
            spec.on_failure.media = MediaFailure::EndStream;
            (spec.record, spec.hidden) = (record.clone(), hidden.clone());
        }
        spec
    };
    Ok(paths.into_iter().enumerate().map(spec).collect())
}

/// Refuses a filter without media hooks, before it is asked for settings that would not help.
fn sees_frames(spec: &Spec) -> anyhow::Result<()> {
    let bytes = std::fs::read(&spec.path).with_context(|| spec.path.display().to_string())?;
    let worlds = component::inspect(&spec.name, &bytes)?.worlds;
    if !worlds.media {
        bail!(
            "{} is a {worlds}: no frame passes through it, and this is for media filters. To see its answers, give it \
             questions: weir filter run {} --session REQUESTS.json",
            spec.name,
            spec.path.display()
        );
    }
    Ok(())
}

/// What `--config-json` and `--config-toml` say, in their order.
pub(crate) fn settings(arguments: &Settings) -> anyhow::Result<Vec<serde_json::Value>> {
    let mut settings = Vec::new();
    for text in &arguments.config_json {
        let value: serde_json::Value = serde_json::from_str(text).context("--config-json")?;
        if !value.is_object() {
            bail!("--config-json: expected an object, such as {{\"keys\": [\"a\"]}}");
        }
        settings.push(value);
    }
    for file in &arguments.config_toml {
        settings.push(config::free(file)?);
    }
    Ok(settings)
}

/// Refuses a filter without session hooks.
fn answers(spec: &Spec) -> anyhow::Result<()> {
    let bytes = std::fs::read(&spec.path).with_context(|| spec.path.display().to_string())?;
    let worlds = component::inspect(&spec.name, &bytes)?.worlds;
    if !worlds.session {
        bail!("{} is a {worlds}: nobody asks it about sessions; give it a file with --input", spec.name);
    }
    Ok(())
}

/// What `--tag` and `--secret` say.
fn pairs(option: &str, list: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        // What was typed may be a secret.
        _ => bail!("{option}: expected NAME=VALUE"),
    };
    list.iter().map(pair).collect()
}

fn stream(arguments: &Offline) -> anyhow::Result<StreamInfo> {
    let name = &arguments.stream;
    let Some((app, name)) = name.rsplit_once('/').filter(|(app, name)| !app.is_empty() && !name.is_empty()) else {
        bail!("--stream: expected APP/NAME, such as live/cam");
    };
    let key = StreamKey { app: app.into(), name: name.into(), query: Vec::new() };
    let peer = |id| {
        let (protocol, peer_ip, app) = ("file".into(), "127.0.0.1".into(), app.into());
        Arc::new(ConnectionInfo { id, protocol, peer_ip, app, ..ConnectionInfo::default() })
    };
    let tags = pairs("--viewer-tag", &arguments.viewer_tags)?;
    let viewer = (!tags.is_empty()).then(|| Arc::new(Viewer { id: 4, conn: peer(3), key: key.clone(), tags }));
    Ok(StreamInfo { id: 2, key, publisher: peer(1), tags: pairs("--tag", &arguments.tags)?, viewer })
}
