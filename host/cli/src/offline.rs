//! `weir filter run`: filters over a file, with a virtual clock, through the same door as a stream's frames.

mod beside;
mod input;
mod output;
mod verdicts;

use std::{path::PathBuf, sync::Arc, time::Instant};

use anyhow::{Context, bail};
use filter::{
    Clock, Filter, Grants, Runtime, RuntimeConfig, Spec, StreamInfo,
    clock::Virtual,
    component,
    session::{ConnectionInfo, EndReason, StreamKey},
};
use media::{Frame, Kind, flv::file::Tag, time::Unwrap};
use router::Ingest;

use self::{beside::Beside, input::Input, output::Output};
use crate::{
    arguments::{Offline, Settings},
    config, source, telemetry,
};

/// What the filters' clock shows at the start of every file: 2024-01-01 00:00:00 UTC, in milliseconds.
const START_UNIX_MS: u64 = 1_704_067_200_000;

pub(crate) fn run(arguments: &Offline) -> anyhow::Result<()> {
    telemetry::start(&config::Log { level: "warn".into(), ..Default::default() })?;
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let (clock, hand) = Clock::stopped_at(START_UNIX_MS);
    // No cache: it belongs to the router, and a filter that is being written changes with every run.
    let runtime = Runtime::new(RuntimeConfig { clock, ..RuntimeConfig::default() })?;
    let mut filters = Vec::new();
    for spec in specs(arguments)? {
        sees_frames(&spec)?;
        let (filter, loaded) = tokio.block_on(runtime.load(spec));
        loaded?;
        filters.push(filter);
    }
    let input = Input::open(&arguments.input)?;
    let output = arguments.output.as_deref().map(|file| Output::create(file, &arguments.input)).transpose()?;
    let mut ingest = Ingest::new(&filters, stream(&arguments.stream)?, router::Policy::Repair);
    if !arguments.quiet {
        ingest.trace();
    }
    let run = Run {
        ingest,
        hand,
        output,
        beside: Beside::new(arguments.output.as_deref(), &arguments.input),
        quiet: arguments.quiet,
        unwrap: Unwrap::new(),
        first_ms: None,
        now_us: 0,
        out: Vec::new(),
        frames_out: 0,
        bytes: (0, 0),
    };
    run.file(input, &filters)
}

/// One run over one file.
struct Run {
    ingest: Ingest,
    hand: Arc<Virtual>,
    output: Option<Output>,
    beside: Beside,
    quiet: bool,
    unwrap: Unwrap,
    first_ms: Option<i64>,
    /// When the tag in hand comes, since the first.
    now_us: i64,
    out: Vec<Frame>,
    frames_out: u64,
    bytes: (u64, u64),
}

impl Run {
    fn file(mut self, mut input: Input, filters: &[Arc<Filter>]) -> anyhow::Result<()> {
        let start = Instant::now();
        let mut frames = 0u64;
        let mut ended = None;
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
        }
        let Run { ingest, mut out, mut output, mut frames_out, mut bytes, quiet, now_us, mut beside, .. } = self;
        beside.last(ingest.end(EndReason::SourceEnded, &mut out))?;
        if !quiet && !out.is_empty() {
            crate::print(&verdicts::line(None, &[], &out))?;
        }
        for frame in out.drain(..) {
            frames_out += 1;
            bytes.1 += write(&mut output, &frame)?;
        }
        if let Some(output) = output {
            output.finish()?;
        }
        let took = start.elapsed();
        let stream = std::time::Duration::from_micros(u64::try_from(now_us).unwrap_or(0));
        let per_frame = took.as_nanos() / u128::from(frames.max(1));
        let (bytes_in, bytes_out) = bytes;
        let mut summary = String::new();
        summary
            .push_str(&format!("frames   {frames} in, {frames_out} out; {bytes_in} bytes in, {bytes_out} bytes out\n"));
        summary.push_str(&beside.finish()?);
        summary.push_str(&format!("time     {took:.1?} for {stream:.1?} of stream, {per_frame} ns per frame\n"));
        for filter in filters {
            summary.push_str(&telemetry::lines(&filter.counters().to_string()));
            summary.push('\n');
        }
        crate::print(&summary)?;
        if let Some(ended) = ended {
            bail!("the stream ended: {ended}");
        }
        let failed: Vec<_> = filters.iter().filter(|filter| verdicts::failed(filter)).map(|f| f.name()).collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
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
        if !self.quiet {
            let calls = self.ingest.take_trace();
            if came.is_some() || !calls.is_empty() || !self.out.is_empty() {
                crate::print(&verdicts::line(came, &calls, &self.out))?;
            }
        }
        for frame in self.out.drain(..) {
            self.frames_out += 1;
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
    if settings.len() > 1 && settings.len() != paths.len() {
        let filters =
            if let [_] = paths.as_slice() { "1 filter".to_owned() } else { format!("{} filters", paths.len()) };
        bail!("{} settings for {filters}: give them once for all, or once for each", settings.len());
    }
    let spec = |(i, path): (usize, PathBuf)| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let config = settings.get(i).or(settings.first()).cloned().unwrap_or_else(|| serde_json::json!({}));
        Spec { grants: grants.clone(), config, ..Spec::new(name, path) }
    };
    Ok(paths.into_iter().enumerate().map(spec).collect())
}

/// Refuses a filter without media hooks, before it is asked for settings that would not help.
fn sees_frames(spec: &Spec) -> anyhow::Result<()> {
    let bytes = std::fs::read(&spec.path).with_context(|| spec.path.display().to_string())?;
    let worlds = component::inspect(&spec.name, &bytes)?.worlds;
    if !worlds.media {
        bail!(
            "{} is a {worlds}: no frame passes through it, and `weir filter run` runs media filters only. `weir filter inspect` \
             tells what it wants; to see its answers, put it in `session` of an application and publish there",
            spec.name
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

fn stream(name: &str) -> anyhow::Result<StreamInfo> {
    let Some((app, name)) = name.rsplit_once('/').filter(|(app, name)| !app.is_empty() && !name.is_empty()) else {
        bail!("--stream: expected APP/NAME, such as live/cam");
    };
    let key = StreamKey { app: app.into(), name: name.into(), query: Vec::new() };
    let publisher = ConnectionInfo {
        id: 1,
        protocol: "file".into(),
        peer_ip: "127.0.0.1".into(),
        app: app.into(),
        ..ConnectionInfo::default()
    };
    Ok(StreamInfo { id: 2, key, publisher: Arc::new(publisher), tags: Vec::new() })
}
