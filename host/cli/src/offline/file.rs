//! One run over one file, tag by tag, at the times that the file tells.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::{Context, bail};
use filter::clock::Virtual;
use filter::session::EndReason;
use filter::tape::watch::Watch;
use media::flv::file::Tag;
use media::time::Unwrap;
use media::{Frame, Kind};
use router::Ingest;

use super::beside::Beside;
use super::figures::Figures;
use super::golden::Golden;
use super::input::Input;
use super::output::{self, Output};
use super::typed::{sees_frames, stream};
use super::{Loaded, Voice, golden, load, trace, verdicts};
use crate::arguments::Offline;
use crate::telemetry;

/// Everything up to the first frame.
pub(super) fn prepare(arguments: &Offline, watch: Option<&Arc<Watch>>, voice: Voice) -> anyhow::Result<Run> {
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
pub(super) struct Run {
    pub(super) loaded: Loaded,
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
    pub(super) stop: Stop,
}

/// What ends a run before its file does.
#[derive(Default)]
pub(super) struct Stop {
    pub(super) at_us: Option<i64>,
    pub(super) asked: Arc<AtomicBool>,
}

impl Stop {
    fn is_now(&self, now_us: i64) -> bool {
        self.at_us.is_some_and(|at_us| now_us >= at_us) || self.asked.load(Ordering::Relaxed)
    }
}

impl Run {
    /// Runs it to its end; `figures` are collected if they are wanted.
    pub(super) fn file(mut self, mut figures: Option<(&Arc<Watch>, &mut Figures)>) -> anyhow::Result<()> {
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
