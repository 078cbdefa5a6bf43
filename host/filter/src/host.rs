//! What every guest may call: log, metrics, clock, config, and random bytes by grant.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use filter_wit::media::weir::filter::{clock, config, entropy, log, metrics, types};
use media::Body;

use crate::counters::{Counters, Metric};
use crate::deadline::Deadline;
use crate::desk::Desk;
use crate::frame::Hand;
use crate::handles::Handles;
use crate::limits::{Budget, Limiter, overstep};
use crate::output::derived;
use crate::output::{Order, Stray};
use crate::tape::recorder::Recorder;
use crate::tape::value::Secret;
use crate::tape::watch::Watch;
use crate::tape::{Onlooker, Tape};
use crate::{Clock, Limits};

/// What all instances of one generation share.
pub(crate) struct Guest {
    pub(crate) name: Arc<str>,
    pub(crate) limits: Limits,
    /// `entropy` is granted.
    pub(crate) entropy: bool,
    /// `derive` is granted.
    pub(crate) derive: bool,
    /// `tracks` is granted.
    pub(crate) tracks: bool,
    /// The buckets that are granted.
    pub(crate) kv: crate::kv::Granted,
    /// The origins that are granted.
    pub(crate) outbound: Option<crate::outbound::Granted>,
    pub(crate) config_json: String,
    pub(crate) secrets: BTreeMap<String, String>,
    pub(crate) clock: Clock,
    pub(crate) counters: Arc<Counters>,
    pub(crate) lines: LineRate,
    /// Who looks on at every call.
    pub(crate) watch: Option<Arc<Watch>>,
    /// What keeps the calls of streams.
    pub(crate) recorder: Option<Arc<Recorder>>,
    /// It only tries out what it would do: buckets are scratch copies, metrics are not counted.
    pub(crate) rehearses: bool,
}

impl Guest {
    /// The same guest on trial: nothing of what it does lasts.
    pub(crate) fn rehearsal(&self, counters: Arc<Counters>) -> Guest {
        Guest {
            name: self.name.clone(),
            limits: self.limits.clone(),
            entropy: self.entropy,
            derive: self.derive,
            tracks: self.tracks,
            kv: crate::kv::scratch(&self.kv),
            // Media hooks call nobody.
            outbound: None,
            config_json: self.config_json.clone(),
            secrets: self.secrets.clone(),
            clock: self.clock.clone(),
            counters,
            lines: LineRate::new(self.limits.log_lines_per_second),
            watch: self.watch.clone(),
            recorder: self.recorder.clone(),
            rehearses: true,
        }
    }

    /// A tape for an instance that serves this stream, or none at all if the name is empty; none if nobody wants one.
    pub(crate) fn tape(&self, stream: &str) -> Option<Box<Tape>> {
        if let Some(watch) = &self.watch {
            return Some(Tape::new(Onlooker::Watch(watch.clone())));
        }
        self.recorder.as_ref().filter(|_| !stream.is_empty())?.tape(stream)
    }
}

/// What one instance's store holds. What is of one stream lies on its [`Desk`].
pub(crate) struct State {
    pub(crate) guest: Arc<Guest>,
    pub(crate) limiter: Limiter,
    pub(crate) budget: Budget,
    /// The stream whose call runs.
    pub(crate) desk: Box<Desk>,
    /// The frame that it is about, and what the guest did to it; empty between calls.
    pub(crate) hand: Hand,
    /// The last time of each track that left this filter; lent by the stream for the call.
    pub(crate) last: Order,
    /// The payloads that the guest keeps.
    pub(crate) packets: Handles<Body>,
    /// Its handles on streams beside those that it filters.
    pub(crate) derived: Handles<derived::Handle>,
    /// What it let go of in a call of another stream than the one that it was of.
    pub(crate) strays: Vec<Stray>,
    /// How long the running call may take.
    pub(crate) deadline: Deadline,
    /// Slices of CPU time that the running session call may still have.
    pub(crate) slices_left: u64,
    /// The last error that the guest wrote to the log, and when the call began in which it did.
    complaint: Option<(u64, Box<str>)>,
}

impl State {
    pub(crate) fn new(guest: &Arc<Guest>) -> State {
        State {
            limiter: Limiter::new(&guest.limits),
            budget: Budget::new(&guest.limits),
            desk: Desk::new(None),
            hand: Hand::default(),
            last: Order::default(),
            packets: Handles::new("packet"),
            derived: Handles::new("derived stream"),
            strays: Vec::new(),
            guest: guest.clone(),
            deadline: Deadline::new(),
            slices_left: 0,
            complaint: None,
        }
    }
}

/// Lines per second, shared by all instances of a filter; what is over is counted and said once when there is room again.
#[derive(Debug)]
pub(crate) struct LineRate {
    per_second: u64,
    /// The second (of the clock) in the upper half, lines written in it in the lower.
    window: AtomicU64,
    dropped: AtomicU64,
}

impl LineRate {
    pub(crate) fn new(per_second: u32) -> LineRate {
        LineRate { per_second: u64::from(per_second), window: AtomicU64::new(0), dropped: AtomicU64::new(0) }
    }

    /// Whether a line may be written at this second, and how many were dropped before it.
    pub(crate) fn admit(&self, second: u64) -> Option<u64> {
        let second = second & 0xffff_ffff;
        let taken = self.window.fetch_update(Relaxed, Relaxed, |window| {
            let used = if window >> 32 == second { window & 0xffff_ffff } else { 0 };
            (used < self.per_second).then_some((second << 32) | (used + 1))
        });
        if taken.is_err() {
            self.dropped.fetch_add(1, Relaxed);
            return None;
        }
        Some(self.dropped.swap(0, Relaxed))
    }
}

/// So many characters of a guest's own words stand before what is said of its failure.
const MOST_COMPLAINT_CHARS: usize = 512;

/// A line is cut at this many bytes.
const MOST_LINE_BYTES: usize = 2048;

/// A line as it goes to the log: message and fields, control characters escaped, cut if long.
fn line(message: &str, fields: &[(String, String)]) -> String {
    let mut text = String::with_capacity(message.len().min(MOST_LINE_BYTES) + 16);
    escape(message, &mut text);
    for (name, value) in fields {
        text.push(' ');
        escape(name, &mut text);
        text.push('=');
        escape(value, &mut text);
    }
    text
}

fn escape(from: &str, to: &mut String) {
    for c in from.chars() {
        if to.len() >= MOST_LINE_BYTES {
            if !to.ends_with('…') {
                to.push('…');
            }
            return;
        }
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            to.extend(c.escape_default());
        } else {
            to.push(c);
        }
    }
}

/// Writes to the router's log under `target: "filter"`, at a level that is known at run time.
macro_rules! event {
    ($level:expr, $($rest:tt)*) => {
        match $level {
            log::Level::Trace => tracing::trace!(target: "filter", $($rest)*),
            log::Level::Debug => tracing::debug!(target: "filter", $($rest)*),
            log::Level::Info => tracing::info!(target: "filter", $($rest)*),
            log::Level::Warn => tracing::warn!(target: "filter", $($rest)*),
            log::Level::Error => tracing::error!(target: "filter", $($rest)*),
        }
    };
}

fn is_enabled(level: log::Level) -> bool {
    match level {
        log::Level::Trace => tracing::enabled!(target: "filter", tracing::Level::TRACE),
        log::Level::Debug => tracing::enabled!(target: "filter", tracing::Level::DEBUG),
        log::Level::Info => tracing::enabled!(target: "filter", tracing::Level::INFO),
        log::Level::Warn => tracing::enabled!(target: "filter", tracing::Level::WARN),
        log::Level::Error => tracing::enabled!(target: "filter", tracing::Level::ERROR),
    }
}

impl State {
    /// Writes a line in the guest's name, unless it writes too many.
    pub(crate) fn say(&self, level: log::Level, message: &str, fields: &[(String, String)]) {
        let guest = &*self.guest;
        let Some(dropped) = guest.lines.admit(guest.clock.monotonic_ns() / 1_000_000_000) else {
            guest.counters.totals.log_lines_dropped.fetch_add(1, Relaxed);
            return;
        };
        let name = &*guest.name;
        if dropped > 0 {
            event!(log::Level::Warn, filter = name, "{dropped} lines of this filter were over its rate and are lost");
        }
        let text = line(message, fields);
        let stream = self.desk.info.as_ref().map(|info| info.stream()).filter(|stream| !stream.is_empty());
        // On trial there is no stream, and what a filter says in passing, such as its sums at the end, is of nothing that happened.
        let level = match level {
            log::Level::Info if self.guest.rehearses && stream.is_none() => log::Level::Debug,
            level => level,
        };
        match stream {
            None => event!(level, filter = name, "{text}"),
            Some(stream) => event!(level, filter = name, stream, "{text}"),
        }
    }
}

impl types::Host for State {}

impl log::Host for State {
    fn enabled(&mut self, level: log::Level) -> wasmtime::Result<bool> {
        self.budget.host_call(0)?;
        self.told("log.enabled", || format!("{level:?}"), |_| Ok(is_enabled(level)))
    }

    fn write(&mut self, level: log::Level, message: String, fields: Vec<(String, String)>) -> wasmtime::Result<()> {
        let bytes = fields.iter().fold(message.len(), |n, (name, value)| n + name.len() + value.len());
        self.budget.host_call(bytes)?;
        self.noted(|| format!("log {level:?}: {}", line(&message, &fields)));
        if level == log::Level::Error {
            let text: String = line(&message, &fields).chars().take(MOST_COMPLAINT_CHARS).collect();
            self.complaint = Some((self.deadline.started(), text.into()));
        }
        self.say(level, &message, &fields);
        Ok(())
    }
}

impl State {
    /// The last error that the guest has told in this call: with a panic or an exception, what its author wants to know.
    pub(crate) fn complaint(&self) -> Option<&str> {
        let (at, text) = self.complaint.as_ref()?;
        (*at == self.deadline.started()).then_some(text)
    }

    /// Whether nothing of what the guest does in this call is to last.
    fn rehearses(&self) -> bool {
        self.guest.rehearses || self.desk.output.rehearsal.is_some()
    }

    fn metric(&self, name: &str, change: impl FnOnce(Option<Metric>) -> Metric) {
        if !self.rehearses() {
            self.guest.counters.metric(name, change);
        }
    }
}

impl metrics::Host for State {
    fn add(&mut self, counter: String, delta: u64) -> wasmtime::Result<()> {
        self.budget.host_call(counter.len())?;
        self.noted(|| format!("metrics.add({counter:?}, {delta})"));
        self.metric(&counter, |old| match old {
            Some(Metric::Counter(n)) => Metric::Counter(n.wrapping_add(delta)),
            _ => Metric::Counter(delta),
        });
        Ok(())
    }

    fn set(&mut self, gauge: String, value: f64) -> wasmtime::Result<()> {
        self.budget.host_call(gauge.len())?;
        self.noted(|| format!("metrics.set({gauge:?}, {value})"));
        self.metric(&gauge, |_| Metric::Gauge(value));
        Ok(())
    }

    fn observe(&mut self, histogram: String, value: f64) -> wasmtime::Result<()> {
        self.budget.host_call(histogram.len())?;
        self.noted(|| format!("metrics.observe({histogram:?}, {value})"));
        self.metric(&histogram, |old| match old {
            Some(Metric::Histogram(n, sum)) => Metric::Histogram(n.wrapping_add(1), sum + value),
            _ => Metric::Histogram(1, value),
        });
        Ok(())
    }
}

impl clock::Host for State {
    fn monotonic_ns(&mut self) -> wasmtime::Result<u64> {
        self.budget.host_call(0)?;
        self.told("clock.monotonic-ns", String::new, |it| Ok(it.guest.clock.monotonic_ns()))
    }

    fn unix_ms(&mut self) -> wasmtime::Result<u64> {
        self.budget.host_call(0)?;
        self.told("clock.unix-ms", String::new, |it| Ok(it.guest.clock.unix_ms()))
    }
}

impl config::Host for State {
    fn json(&mut self) -> wasmtime::Result<String> {
        self.budget.host_call(self.guest.config_json.len())?;
        self.noted(|| "config.json()".into());
        Ok(self.guest.config_json.clone())
    }

    fn secret(&mut self, name: String) -> wasmtime::Result<Option<String>> {
        let real = |it: &mut State| Ok(Secret(it.guest.secrets.get(&name).cloned()));
        let Secret(secret) = self.told("config.secret", || format!("{name:?}"), real)?;
        self.budget.host_call(name.len() + secret.as_ref().map_or(0, String::len))?;
        Ok(secret)
    }
}

/// Random bytes at a time (`weir:filter/entropy`).
const MOST_RANDOM: u32 = 4096;

impl entropy::Host for State {
    fn fill(&mut self, len: u32) -> wasmtime::Result<Vec<u8>> {
        if len > MOST_RANDOM {
            return Err(overstep(format!("entropy.fill: {len} bytes asked, at most {MOST_RANDOM}")));
        }
        self.budget.host_call(len as usize)?;
        let random = |_: &mut State| {
            let mut bytes = vec![0; len as usize];
            getrandom::fill(&mut bytes).map_err(|e| overstep(format!("entropy.fill: {e}")))?;
            Ok(bytes)
        };
        let bytes = self.told("entropy.fill", || len.to_string(), random)?;
        match bytes.len() == len as usize {
            true => Ok(bytes),
            false => Err(overstep("entropy.fill: the recording has another number of bytes")),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// What a store without a guest holds, of a filter like this.
    pub(crate) fn state(adjust: impl FnOnce(&mut Guest)) -> State {
        let limits = Limits::default();
        let mut guest = Guest {
            name: "it".into(),
            entropy: false,
            derive: false,
            outbound: None,
            tracks: false,
            kv: Default::default(),
            config_json: "{}".into(),
            secrets: BTreeMap::new(),
            clock: Clock::stopped_at(1_700_000_000_000).0,
            counters: Arc::new(Counters::default()),
            lines: LineRate::new(limits.log_lines_per_second),
            watch: None,
            recorder: None,
            rehearses: false,
            limits,
        };
        adjust(&mut guest);
        State::new(&Arc::new(guest))
    }

    #[test]
    fn lines_are_escaped_and_cut() {
        let fields = [("peer".to_owned(), "a\nb".to_owned()), ("evil".to_owned(), "\u{1b}[31m\u{202e}".to_owned())];
        let text = line("hello\r\nWARN forged", &fields);
        assert_eq!(text, "hello\\r\\nWARN forged peer=a\\nb evil=\\u{1b}[31m\\u{202e}");
        let long = line(&"é".repeat(100_000), &[("x".into(), "y".repeat(10_000))]);
        assert!(long.len() < MOST_LINE_BYTES + 16 && long.contains('…'), "{}", long.len());
    }

    #[test]
    fn lines_over_the_rate_are_counted_and_said_in_the_next_second() {
        let rate = LineRate::new(2);
        let admitted: Vec<_> = (0..5).map(|_| rate.admit(7)).collect();
        assert_eq!(admitted, [Some(0), Some(0), None, None, None]);
        assert_eq!((rate.admit(8), rate.admit(8), rate.admit(8)), (Some(3), Some(0), None));
        assert_eq!(LineRate::new(0).admit(1), None);
    }
}
