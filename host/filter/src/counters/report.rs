//! What was counted, read at one moment, and the table that is printed of it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::PoisonError;
use std::sync::atomic::Ordering::Relaxed;

use super::{Counters, Events, Histogram, Hook, Latency, Metric, QueueReport};
use crate::{Isolation, Placement, outbound};

impl Counters {
    pub(crate) fn report(&self, filter: &str, generation: Option<String>) -> Report {
        let lanes = self.lock_lanes();
        let mut events = self.totals.read();
        let passed: u64 = lanes.streams.iter().map(|stream| stream.frames.load(Relaxed)).sum();
        let mut placed = Vec::new();
        for place in [Placement::Ingest, Placement::Observe, Placement::Beside, Placement::Egress] {
            let streams = lanes.streams.iter().filter(|stream| stream.place == place).count();
            placed.extend((streams > 0).then_some((place, streams)));
        }
        let mut hooks = Vec::new();
        for (hook, cell) in Hook::ALL.into_iter().zip(&self.cells) {
            let sum = Histogram::default();
            sum.add(&cell.latency);
            let mut answers: [u64; 4] = std::array::from_fn(|i| cell.answers.get(i).map_or(0, |a| a.load(Relaxed)));
            if hook == Hook::Frame {
                for lane in &lanes.instances {
                    sum.add(&lane.frame.latency);
                    for (total, one) in answers.iter_mut().zip(&lane.frame.answers) {
                        *total += one.load(Relaxed);
                    }
                    events.copied_bytes += lane.copied.load(Relaxed);
                }
            }
            let latency = sum.read();
            if latency.calls > 0 {
                let named = super::answers(hook).into_iter().zip(answers).filter(|(_, n)| *n > 0).collect();
                hooks.push(HookReport { hook, latency, answers: named });
            }
        }
        Report {
            filter: filter.to_owned(),
            generation,
            place: None,
            placed,
            hooks,
            events,
            unasked_frames: self.unasked.load(Relaxed) + passed,
            streams: lanes.streams.len(),
            instances: u64::try_from(self.instances.load(Relaxed)).unwrap_or(0),
            memory_bytes: self.memory.load(Relaxed),
            metrics: self.metrics.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            http: HttpReport {
                latency: self.outbound.read(),
                failures: (outbound::Failure::NAMES.into_iter())
                    .zip(self.outbound_failures.iter().map(|n| n.load(Relaxed)))
                    .filter(|(_, n)| *n > 0)
                    .collect(),
            },
            stalls: self.stalls.read(),
            waits: self.waits.read(),
            queue: self.queue.read(),
        }
    }
}

/// HTTP calls of one filter.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpReport {
    /// How many there were, and how long they took, failed ones as well.
    pub latency: Latency,
    /// Those that got no response, by why: `denied`, `address`, `budget`, `timeout`, `connect`, `tls`, `too-large`, `protocol`.
    pub failures: Vec<(&'static str, u64)>,
}

impl HttpReport {
    /// How many calls failed for this reason.
    pub fn failed(&self, why: &str) -> u64 {
        self.failures.iter().filter(|(name, _)| *name == why).map(|(_, n)| *n).sum()
    }
}

/// One hook of one filter.
#[derive(Clone, Debug, PartialEq)]
pub struct HookReport {
    /// Which.
    pub hook: Hook,
    /// How often, and how long it took.
    pub latency: Latency,
    /// How often each verdict or decision was given; those never given are left out.
    pub answers: Vec<(&'static str, u64)>,
}

/// One filter. `{}` prints a table, `{:#}` one without counts of what did not happen.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Its name.
    pub filter: String,
    /// What runs; none: nothing.
    pub generation: Option<String>,
    /// Where its media hooks run, and which streams have an instance together; none: it has no media hooks.
    pub place: Option<(Placement, Isolation)>,
    /// Where the streams are that it filters now, which stay where they began.
    pub placed: Vec<(Placement, usize)>,
    /// Hooks that were called.
    pub hooks: Vec<HookReport>,
    /// What happened.
    pub events: Events,
    /// Frames that went by without a call, because the filter did not ask for them.
    pub unasked_frames: u64,
    /// Streams it filters now.
    pub streams: usize,
    /// Instances that live now.
    pub instances: u64,
    /// The most linear memory that one instance used.
    pub memory_bytes: u64,
    /// The filter's own numbers.
    pub metrics: BTreeMap<String, Metric>,
    /// Its HTTP calls.
    pub http: HttpReport,
    /// How long frames waited for their stream to go over to another generation.
    pub stalls: Latency,
    /// Calls that had to wait for calls of other streams in a shared instance, and for how long.
    pub waits: Latency,
    /// What waits for it, if it is one that frames do not wait for.
    pub queue: Option<QueueReport>,
}

impl Report {
    /// The counts of one hook, if it was called.
    pub fn hook(&self, hook: Hook) -> Option<&HookReport> {
        self.hooks.iter().find(|h| h.hook == hook)
    }

    /// A line of counts; with `{:#}` of those that are not zero, if there are any.
    fn line(&self, f: &mut fmt::Formatter<'_>, counts: &[(&str, u64)]) -> fmt::Result {
        let told: Vec<_> =
            counts.iter().filter(|(_, n)| *n > 0 || !f.alternate()).map(|(name, n)| format!("{name}={n}")).collect();
        if told.is_empty() { Ok(()) } else { writeln!(f, "  {}", told.join(" ")) }
    }

    /// How often a hook gave an answer: `pass`, `deny`, …
    pub fn answers(&self, hook: Hook, answer: &str) -> u64 {
        let all = self.hook(hook).map(|h| h.answers.as_slice()).unwrap_or_default();
        all.iter().filter(|(name, _)| *name == answer).map(|(_, n)| *n).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let generation = self.generation.as_deref().unwrap_or("nothing loaded");
        let (streams, instances, kib) = (self.streams, self.instances, self.memory_bytes / 1024);
        write!(
            f,
            "filter {} ({generation}): {streams} streams, {instances} instances, {kib} KiB at most each",
            self.filter
        )?;
        if let Some((placement, isolation)) = self.place {
            let isolation = match isolation {
                Isolation::Stream => "stream",
                Isolation::Shared => "shared",
            };
            write!(f, ", placement={} isolation={isolation}", placement.word())?;
            let elsewhere = self.placed.iter().filter(|(place, _)| *place != placement);
            for (n, (place, streams)) in elsewhere.enumerate() {
                write!(
                    f,
                    "{}{}={streams}",
                    if n == 0 { ", streams still placed elsewhere: " } else { " " },
                    place.word()
                )?;
            }
        }
        writeln!(f)?;
        if !self.hooks.is_empty() {
            writeln!(f, "  {:<12} {:>10} {:>9} {:>9} {:>9}  answers", "hook", "calls", "p50 us", "p99 us", "max us")?;
        }
        for HookReport { hook, latency, answers } in &self.hooks {
            let us = |ns: u64| ns as f64 / 1000.0;
            write!(
                f,
                "  {:<12} {:>10} {:>9.1} {:>9.1} {:>9.1} ",
                hook.name(),
                latency.calls,
                us(latency.p50_ns),
                us(latency.p99_ns),
                us(latency.max_ns)
            )?;
            for (answer, n) in answers {
                write!(f, " {answer}={n}")?;
            }
            writeln!(f)?;
        }
        let e = &self.events;
        let counts = [
            ("unasked", self.unasked_frames),
            ("traps", e.traps),
            ("deadline_misses", e.deadline_misses),
            ("faults", e.faults),
            ("restarts", e.restarts),
            ("breaker_trips", e.breaker_trips),
            // What a full queue comes to is counted by that name: this is for want of an instance.
            ("failed_passed", e.bypassed_frames),
            ("failed_dropped", e.lost_frames),
            ("swaps", e.swaps),
            ("refused_reloads", e.refused_reloads),
        ];
        self.line(f, &counts)?;
        let counts = [
            ("copied_bytes", e.copied_bytes),
            ("edit_copied_bytes", e.edit_copied_bytes),
            ("emitted_frames", e.emitted_frames),
            ("derived_frames", e.derived_frames),
            ("derived_bytes", e.derived_bytes),
            ("log_lines_dropped", e.log_lines_dropped),
        ];
        self.line(f, &counts)?;
        let HttpReport { latency, failures } = &self.http;
        if latency.calls > 0 {
            let ms = |ns: u64| ns as f64 / 1e6;
            let (p50, p99, max) = (ms(latency.p50_ns), ms(latency.p99_ns), ms(latency.max_ns));
            write!(f, "  http_calls={} p50_ms={p50:.1} p99_ms={p99:.1} max_ms={max:.1}", latency.calls)?;
            for (why, n) in failures {
                write!(f, " {why}={n}")?;
            }
            writeln!(f)?;
        }
        if self.stalls.calls > 0 {
            let us = |ns: u64| ns as f64 / 1000.0;
            writeln!(
                f,
                "  swap_stall_us p50={:.1} p99={:.1} max={:.1} warm_up_frames={} rollbacks={} bad_generations={}",
                us(self.stalls.p50_ns),
                us(self.stalls.p99_ns),
                us(self.stalls.max_ns),
                e.warm_up_frames,
                e.rollbacks,
                e.bad_generations
            )?;
        }
        if self.waits.calls > 0 || e.evictions > 0 || e.set_apart > 0 {
            let us = |ns: u64| ns as f64 / 1000.0;
            let Latency { calls, p50_ns, p99_ns, max_ns } = self.waits;
            let (p50, p99, max) = (us(p50_ns), us(p99_ns), us(max_ns));
            write!(f, "  shared: waits={calls} p50_us={p50:.1} p99_us={p99:.1} max_us={max:.1}")?;
            writeln!(f, " evictions={} set_apart={}", e.evictions, e.set_apart)?;
        }
        if let Some(QueueReport { frames, bytes, departed, most_us }) = self.queue {
            writeln!(
                f,
                "  queued={frames} queued_bytes={bytes} departed={departed} queued_most_ms={} overflows={} overflow_frames={} \
                 departed_frames={} detached_streams={}",
                most_us / 1000,
                e.overflows,
                e.overflow_frames,
                e.departed_frames,
                e.detached_streams
            )?;
        }
        if e.untold_closes > 0 {
            writeln!(f, "  untold_closes={}", e.untold_closes)?;
        }
        if e.shadow_frames > 0 {
            writeln!(f, "  shadow_frames={} shadow_differences={}", e.shadow_frames, e.shadow_differences)?;
        }
        for (name, metric) in &self.metrics {
            match metric {
                Metric::Counter(n) => writeln!(f, "  {} {n}", name.escape_debug())?,
                Metric::Gauge(x) => writeln!(f, "  {} {x}", name.escape_debug())?,
                Metric::Histogram(n, sum) => writeln!(f, "  {} count={n} sum={sum}", name.escape_debug())?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_report_prints_hooks_events_and_the_filters_own_numbers() {
        let counters = Counters::default();
        counters.call(Hook::Publish, Duration::from_micros(20), Some(2), 10);
        counters.totals.traps.fetch_add(3, Relaxed);
        counters.metric("kicked", |_| Metric::Counter(7));
        counters.outbound(Duration::from_millis(3), None);
        counters.outbound(Duration::from_millis(3), Some(outbound::Failure::Timeout.index()));
        let text = counters.report("token", Some("token@12ab".into())).to_string();
        for part in [
            "filter token (token@12ab)",
            "on-publish",
            "deny=1",
            "traps=3",
            "copied_bytes=10",
            "kicked 7",
            "http_calls=2",
            "timeout=1",
        ] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        assert!(!text.contains("on-frame"));
    }

    #[test]
    fn streams_that_are_not_where_the_filter_is_placed_now_are_told() {
        let counters = Counters::default();
        let _streams = [Placement::Ingest, Placement::Ingest, Placement::Observe, Placement::Egress]
            .map(|place| counters.stream(place));
        let report =
            Report { place: Some((Placement::Observe, Isolation::Stream)), ..counters.report("f", None) }.to_string();
        assert!(
            report.contains("placement=observe isolation=stream, streams still placed elsewhere: ingest=2 egress=1\n"),
            "{report}"
        );
    }
}
