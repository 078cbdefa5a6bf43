//! What filters did: calls, verdicts, latency, bytes copied, traps, per filter and hook.
//!
//! Hooks that are called rarely count on a shared sheet with atomic additions. `on-frame` counts on a lane of its instance, in which one
//! call runs at a time, without locked instructions; so do frames that nobody asked for, per stream. A report adds the lanes up, and a
//! lane that ends is added to the sheet.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::outbound;
use crate::placement::Placement;
use crate::warnings::Warnings;

mod histogram;
mod queue;
mod report;
pub(crate) use histogram::Histogram;
pub use histogram::Latency;
pub use queue::QueueReport;
pub(crate) use queue::QueueSize;
pub use report::{HookReport, HttpReport, Report};

/// Names of a filter's own metrics; more are ignored.
const MOST_METRICS: usize = 64;
const MOST_NAME_BYTES: usize = 128;

macro_rules! hooks {
    ($($name:ident = $text:literal,)*) => {
        /// A function of a filter that the host calls, and its start.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(usize)]
        pub enum Hook { $(#[doc = concat!("`", $text, "`")] $name,)* }
        impl Hook {
            /// All of them.
            pub const ALL: [Hook; [$($text),*].len()] = [$(Hook::$name),*];
            /// Its name in the contract.
            pub fn name(self) -> &'static str {
                match self { $(Hook::$name => $text,)* }
            }
        }
    };
}

hooks! {
    Start = "start",
    Describe = "describe",
    Configure = "configure",
    Connect = "on-connect",
    Publish = "on-publish",
    Play = "on-play",
    Recheck = "on-recheck",
    Close = "on-close",
    Open = "open",
    Subscribe = "subscribe",
    Header = "on-header",
    Metadata = "on-metadata",
    Frame = "on-frame",
    Tick = "on-tick",
    Flush = "flush",
    Snapshot = "snapshot",
    End = "end",
    Plan = "plan",
    Job = "on-job",
}

impl Hook {
    /// The key of the configuration that bounds the time of a call.
    pub(crate) fn time_limit(self) -> &'static str {
        match self {
            Hook::Start | Hook::Describe | Hook::Configure | Hook::Open | Hook::Subscribe | Hook::Snapshot => {
                "limits.start_time"
            }
            Hook::Header | Hook::Metadata | Hook::Frame | Hook::Tick | Hook::Flush | Hook::End => "limits.media_time",
            Hook::Connect | Hook::Publish | Hook::Play | Hook::Recheck | Hook::Close | Hook::Plan | Hook::Job => {
                "limits.session_time"
            }
        }
    }
}

/// Names of the four answers, by hook.
fn answers(hook: Hook) -> [&'static str; 4] {
    match hook {
        Hook::Connect | Hook::Publish | Hook::Play | Hook::Recheck => ["abstain", "allow", "deny", "redirect"],
        _ => ["pass", "drop", "edited", "hold"],
    }
}

/// Counts of one hook.
#[derive(Debug, Default)]
struct Cell {
    latency: Histogram,
    answers: [AtomicU64; 4],
}

/// A frame hook's counts of one instance: one writer at a time, many readers.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    frame: Cell,
    copied: AtomicU64,
}

/// Frames of one stream that nobody asked for: one writer, many readers.
#[derive(Debug)]
pub(crate) struct Unasked {
    frames: AtomicU64,
    /// Where the filter runs for this stream.
    place: Placement,
}

/// What is counted without locked instructions.
#[derive(Debug, Default)]
struct Lanes {
    instances: Vec<Arc<Lane>>,
    streams: Vec<Arc<Unasked>>,
}

/// Takes a lane out of its list. False: it is not there any more.
fn taken<T>(lanes: &mut Vec<Arc<T>>, lane: &Arc<T>) -> bool {
    let found = lanes.iter().position(|l| Arc::ptr_eq(l, lane));
    found.map(|at| lanes.swap_remove(at)).is_some()
}

/// Adds without a locked instruction; the caller is the only writer.
fn add_alone(counter: &AtomicU64, n: u64) {
    counter.store(counter.load(Relaxed).wrapping_add(n), Relaxed);
}

impl Lane {
    pub(crate) fn frame(&self, took: Duration, answer: Option<usize>, copied: usize) {
        self.frame.latency.note_alone(took);
        if let Some(counter) = answer.and_then(|a| self.frame.answers.get(a)) {
            add_alone(counter, 1);
        }
        if copied > 0 {
            add_alone(&self.copied, copied as u64);
        }
    }

    /// Times of `on-frame`.
    pub(crate) fn times(&self) -> &Histogram {
        &self.frame.latency
    }
}

impl Unasked {
    /// As many frames.
    #[inline]
    pub(crate) fn add(&self, n: u64) {
        add_alone(&self.frames, n);
    }
}

/// One of a filter's own metrics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Metric {
    /// The sum of what was added.
    Counter(u64),
    /// What was set last.
    Gauge(f64),
    /// How many observations there were, and their sum.
    Histogram(u64, f64),
}

macro_rules! totals {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        #[derive(Debug, Default)]
        pub(crate) struct Totals { $(pub(crate) $name: AtomicU64,)* }
        /// Events of one filter since the router started.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Events { $($(#[$doc])* pub $name: u64,)* }
        impl Totals {
            fn read(&self) -> Events { Events { $($name: self.$name.load(Relaxed),)* } }
        }
    };
}

totals! {
    /// Calls that ended in a trap, deadline misses not counted.
    traps,
    /// Calls that ran past their deadline.
    deadline_misses,
    /// `fault`s that the guest returned itself.
    faults,
    /// Instances that took the place of a failed one.
    restarts,
    /// Streams that lost the instance that they shared to a call of another stream, and open again.
    evictions,
    /// Streams whose calls ended a shared instance: they get one of their own.
    set_apart,
    /// Streams that went on without the filter after too many faults.
    breaker_trips,
    /// Frames that no guest was asked about because the filter was out of order.
    bypassed_frames,
    /// Frames dropped because the filter was out of order.
    lost_frames,
    /// Bytes copied between host and guests.
    copied_bytes,
    /// Bytes of payloads that edits wrote anew: new units and length prefixes, never payloads that stay.
    edit_copied_bytes,
    /// Frames that the filter emitted.
    emitted_frames,
    /// Frames, headers and messages that went into streams beside the one filtered.
    derived_frames,
    /// Bytes of their bodies; those that are shared with frames that came are not copied.
    derived_bytes,
    /// Lines of its log that were over the rate and not written.
    log_lines_dropped,
    /// Streams that went over to another generation.
    swaps,
    /// Reloads that were refused.
    refused_reloads,
    /// Frames shown to new instances before they took a stream over.
    warm_up_frames,
    /// Streams and requests that left a new generation for the one before, because it failed or was slow.
    rollbacks,
    /// Generations that were given up for all.
    bad_generations,
    /// Times that the queue of a stream was full, for a filter that frames do not wait for.
    overflows,
    /// Frames that were not shown to it then.
    overflow_frames,
    /// Frames that still waited when their stream ended and were not shown to it: their time was up, or too much waited.
    departed_frames,
    /// Streams that it left for that.
    detached_streams,
    /// Sessions of whose end it was not told, because too many waited to be told of.
    untold_closes,
    /// Frames on which a generation that ran beside the one before was compared with it.
    shadow_frames,
    /// Those on which both differed.
    shadow_differences,
}

/// All counts of one filter.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    cells: [Cell; Hook::ALL.len()],
    lanes: Mutex<Lanes>,
    unasked: AtomicU64,
    pub(crate) totals: Totals,
    instances: AtomicI64,
    memory: AtomicU64,
    metrics: Mutex<BTreeMap<String, Metric>>,
    outbound: Histogram,
    outbound_failures: [AtomicU64; outbound::Failure::NAMES.len()],
    stalls: Histogram,
    waits: Histogram,
    queue: queue::Gauge,
    /// What bounds the lines that are said of it.
    pub(crate) warnings: Warnings,
}

impl Counters {
    /// Frames of a stream wait for the filter, and not the other way round.
    pub(crate) fn has_queue(&self) {
        self.queue.exists();
    }

    /// There was so much in the queue of a stream `before`, and is `after`; so much media waits behind the first frame.
    pub(crate) fn queued(&self, before: QueueSize, after: QueueSize, waiting_us: i64) {
        self.queue.changed(before, after, waiting_us);
    }

    /// Frames of so many streams wait that have ended.
    pub(crate) fn departed(&self, streams: usize) {
        self.queue.departed.store(streams, Relaxed);
    }

    /// An HTTP call is over; the index of why it failed, if it did.
    pub(crate) fn outbound(&self, took: Duration, failure: Option<usize>) {
        self.outbound.note(took);
        if let Some(counter) = failure.and_then(|f| self.outbound_failures.get(f)) {
            counter.fetch_add(1, Relaxed);
        }
    }

    pub(crate) fn call(&self, hook: Hook, took: Duration, answer: Option<usize>, copied: usize) {
        let Some(cell) = self.cells.get(hook as usize) else { return };
        cell.latency.note(took);
        if let Some(counter) = answer.and_then(|a| cell.answers.get(a)) {
            counter.fetch_add(1, Relaxed);
        }
        self.totals.copied_bytes.fetch_add(copied as u64, Relaxed);
    }

    /// A hook's answer that is known only behind the call's count.
    pub(crate) fn answered(&self, hook: Hook, answer: usize) {
        if let Some(counter) = self.cells.get(hook as usize).and_then(|c| c.answers.get(answer)) {
            counter.fetch_add(1, Relaxed);
        }
    }

    /// A stream went over to another generation; its frame waited so long for it.
    pub(crate) fn stall(&self, took: Duration) {
        self.stalls.note(took);
    }

    /// A call waited so long for calls of other streams in a shared instance.
    pub(crate) fn waited(&self, took: Duration) {
        self.waits.note(took);
    }

    /// For an instance.
    pub(crate) fn lane(&self) -> Arc<Lane> {
        let lane = Arc::new(Lane::default());
        self.lock_lanes().instances.push(lane.clone());
        lane
    }

    /// The instance is gone: its counts move to the sheet.
    pub(crate) fn retire(&self, lane: &Arc<Lane>) {
        let mut lanes = self.lock_lanes();
        if !taken(&mut lanes.instances, lane) {
            return;
        }
        let Some(cell) = self.cells.get(Hook::Frame as usize) else { return };
        cell.latency.add(&lane.frame.latency);
        for (sum, one) in cell.answers.iter().zip(&lane.frame.answers) {
            sum.fetch_add(one.load(Relaxed), Relaxed);
        }
        self.totals.copied_bytes.fetch_add(lane.copied.load(Relaxed), Relaxed);
    }

    /// The filter has one stream more, at this place.
    pub(crate) fn stream(&self, place: Placement) -> Arc<Unasked> {
        let unasked = Arc::new(Unasked { frames: AtomicU64::new(0), place });
        self.lock_lanes().streams.push(unasked.clone());
        unasked
    }

    /// The stream is over.
    pub(crate) fn stream_ended(&self, unasked: &Arc<Unasked>) {
        if taken(&mut self.lock_lanes().streams, unasked) {
            self.unasked.fetch_add(unasked.frames.load(Relaxed), Relaxed);
        }
    }

    /// An instance starts (+1) or goes (-1).
    pub(crate) fn instance(&self, change: i64) {
        self.instances.fetch_add(change, Relaxed);
    }

    /// The most memory that one instance used, in bytes.
    pub(crate) fn memory(&self, bytes: usize) {
        self.memory.fetch_max(bytes as u64, Relaxed);
    }

    pub(crate) fn metric(&self, name: &str, change: impl FnOnce(Option<Metric>) -> Metric) {
        let mut metrics = self.metrics.lock().unwrap_or_else(PoisonError::into_inner);
        if name.len() > MOST_NAME_BYTES || (metrics.len() >= MOST_METRICS && !metrics.contains_key(name)) {
            return;
        }
        let value = change(metrics.get(name).copied());
        metrics.insert(name.to_owned(), value);
    }

    fn lock_lanes(&self) -> std::sync::MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_count_while_they_live_and_afterwards() {
        let counters = Counters::default();
        let (lane, stream) = (counters.lane(), counters.stream(Placement::Ingest));
        lane.frame(Duration::from_nanos(300), Some(2), 70);
        lane.frame(Duration::from_nanos(300), None, 0);
        stream.add(1);
        let live = counters.report("f", None);
        for _ in 0..2 {
            counters.retire(&lane);
            counters.stream_ended(&stream);
        }
        let after = counters.report("f", None);
        assert_eq!((live.streams, after.streams), (1, 0));
        for report in [live, after] {
            let frame = report.hook(Hook::Frame).unwrap();
            assert_eq!((frame.latency.calls, report.answers(Hook::Frame, "edited")), (2, 1));
            assert_eq!((report.unasked_frames, report.events.copied_bytes), (1, 70));
        }
    }

    #[test]
    fn metric_names_are_bounded() {
        let counters = Counters::default();
        for n in 0..2 * MOST_METRICS {
            counters.metric(&format!("m{n}"), |_| Metric::Counter(1));
        }
        counters.metric(&"x".repeat(MOST_NAME_BYTES + 1), |_| Metric::Counter(1));
        counters
            .metric("m1", |old| if old == Some(Metric::Counter(1)) { Metric::Counter(2) } else { Metric::Counter(9) });
        let metrics = counters.report("f", None).metrics;
        assert_eq!((metrics.len(), metrics.get("m1")), (MOST_METRICS, Some(&Metric::Counter(2))));
    }
}
