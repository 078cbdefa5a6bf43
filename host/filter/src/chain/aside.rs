//! A filter that frames do not wait for: `observe` and `beside`.
//!
//! The publisher's task puts references to the frames into a bounded queue and goes on. A thread of the crew shows them to a link, which
//! is the same as for filters that frames do wait for: instances, headers, generations, failures and recordings are its business. What
//! the link lets go is thrown away, but for what a filter beside the stream makes of its own: that goes back to the publisher's task,
//! which takes it with the next frame, so that whatever stands behind the filter still runs in one place.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use media::{Content, Frame};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tracing::Span;

use super::beside::Derived;
use super::{Moment, Traced, is_default_key};
use crate::crew::Work;
use crate::output::derived::NotDerived;
use crate::session::EndReason;
use crate::wants::{Want, Wants};
use crate::{Clock, Filter, Placement};

mod departed;
mod parting;
mod queue;
mod worker;

pub(crate) use departed::Departed;
pub use parting::Parting;
use queue::{Item, Put, Queue, Size};
use worker::Worker;

/// A thread serves one stream for so long, then another.
const SLICE: Duration = Duration::from_millis(10);
/// That a filter is behind is told once in this time, of one stream.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// The publisher's end: what frames are put into.
#[derive(Debug)]
pub(super) struct Aside {
    shared: Arc<Shared>,
    /// Frames since the last that went in, which the filter did not ask for, and their bytes.
    passed: u64,
    passed_bytes: usize,
    /// What the filter has made of streams beside this one.
    derived: Vec<Derived>,
    over: bool,
}

/// What both ends know.
#[derive(Debug)]
struct Shared {
    filter: Arc<Filter>,
    placement: Placement,
    stream: String,
    /// None: the work is done at once, between two frames, so that the same input gives the same output.
    runtime: Option<Handle>,
    span: Span,
    state: Mutex<State>,
    /// There is something to be taken.
    made: AtomicBool,
    /// The worker has been called and is not done.
    working: AtomicBool,
    /// The stream has ended.
    departed: AtomicBool,
    queued_bytes: AtomicUsize,
    next_tick_us: AtomicI64,
    /// For who waits for the end.
    told: Notify,
}

#[derive(Debug)]
struct State {
    queue: Queue,
    /// While no thread has it.
    worker: Option<Box<Worker>>,
    /// A thread has been called, or is at work.
    called: bool,
    attends: Attends,
    /// The worker's own mark of what it attends to; none: it is to tell.
    told: Option<worker::Mark>,
    /// The lineup that the queue's bounds are of.
    seen: u64,
    tick_us: Option<i64>,
    refused: Vec<(u64, NotDerived)>,
    extra: Vec<Frame>,
    derived: Vec<Derived>,
    trace: Vec<Traced>,
    /// It is to end, with what is in the queue until then.
    end: Option<(EndReason, Instant)>,
    /// Who waits for its last also ends its streams.
    parting: bool,
    over: bool,
    /// When an overflow may be told again, and frames that are lost since it was.
    tell_at: Option<Instant>,
    lost: u64,
}

impl State {
    /// It has no instance yet, and no thread is about to open one.
    fn is_unopened(&self) -> bool {
        self.worker.as_ref().is_some_and(|worker| !worker.is_open())
    }
}

/// Which frames go into the queue.
#[derive(Debug)]
enum Attends {
    /// All: something else than interest decides, such as a restart or another generation.
    All,
    Asked(Wants),
}

impl Attends {
    fn asks(&mut self, frame: &Frame) -> bool {
        match self {
            Attends::All => true,
            Attends::Asked(wants) => match frame.content {
                Content::Coded | Content::EndOfSequence => wants.of(frame) != Want::No,
                _ => true,
            },
        }
    }
}

impl Aside {
    pub(super) fn open(filter: &Arc<Filter>, at: &Moment) -> Aside {
        let spec = filter.spec();
        let runtime = match filter.clock() {
            Clock::Real(_) => Handle::try_current().ok(),
            Clock::Virtual(_) => None,
        };
        filter.counters_inner().has_queue();
        let shared = Arc::new(Shared {
            filter: filter.clone(),
            placement: spec.placement,
            stream: at.name(),
            runtime,
            span: Span::current(),
            state: Mutex::new(State {
                queue: Queue::new(spec.queue.clone()),
                worker: Some(Box::new(Worker::new(filter, spec.placement, at))),
                called: false,
                attends: Attends::All,
                told: None,
                seen: filter.number(),
                tick_us: None,
                refused: Vec::new(),
                extra: Vec::new(),
                derived: Vec::new(),
                trace: Vec::new(),
                end: None,
                parting: false,
                over: false,
                tell_at: None,
                lost: 0,
            }),
            made: AtomicBool::new(false),
            working: AtomicBool::new(false),
            departed: AtomicBool::new(false),
            queued_bytes: AtomicUsize::new(0),
            next_tick_us: AtomicI64::new(i64::MAX),
            told: Notify::new(),
        });
        // Its instance is opened at once, where nobody waits for it.
        shared.call(&mut shared.lock());
        let aside = Aside { shared, passed: 0, passed_bytes: 0, derived: Vec::new(), over: false };
        aside.in_step();
        aside
    }

    /// Puts a frame into the queue, if the filter is to see it. Never waits for a guest.
    pub(super) fn show(&mut self, frame: &Frame, at: &mut Moment) {
        if self.over {
            return;
        }
        let mut state = self.shared.lock();
        if state.over {
            self.over = true;
            return;
        }
        if state.end.is_some() {
            return;
        }
        self.shared.look_for_settings(&mut state);
        let asked = state.attends.asks(frame);
        let attends = asked || is_default_key(frame);
        if !attends {
            self.passed += 1;
            self.passed_bytes += frame.body.len();
            return;
        }
        let (passed, passed_bytes) = (std::mem::take(&mut self.passed), std::mem::take(&mut self.passed_bytes));
        let (frames, gop, now_us) = (at.frames, at.gop, at.now_us);
        let item = Item { frames, gop, now_us, passed, passed_bytes, ..Item::new(frame.clone(), asked) };
        self.shared.put(&mut state, item);
        if let Some(worker) = &mut state.worker {
            worker.traced(at.trace.is_some());
        }
        self.shared.call(&mut state);
        drop(state);
        self.in_step();
        if let Some(trace) = &mut at.trace {
            trace.append(&mut self.shared.lock().trace);
        }
    }

    /// Does the work where time stands still.
    fn in_step(&self) {
        if self.shared.runtime.is_none() {
            while self.shared.slice() {}
        }
    }

    /// Whether [`take`](Aside::take) has something to give.
    #[inline]
    pub(super) fn has_made(&self) -> bool {
        self.shared.made.load(Acquire)
    }

    /// Whether it may make something although no frame comes.
    pub(super) fn is_busy(&self) -> bool {
        self.shared.placement == Placement::Beside && (self.shared.working.load(Acquire) || self.has_made())
    }

    /// Frames of the filter's own tracks, made since the last time. A track that the publisher has by now is the publisher's.
    pub(super) fn take(&mut self, at: &Moment) -> Vec<Frame> {
        let mut state = self.shared.lock();
        self.shared.made.store(false, Release);
        self.derived.append(&mut state.derived);
        let mut extra = std::mem::take(&mut state.extra);
        drop(state);
        extra.retain(|frame| !at.tracks.all().iter().any(|t| (t.kind, t.id) == (frame.kind, frame.track)));
        extra
    }

    pub(super) fn hand_over(&mut self, out: &mut Vec<Derived>) {
        out.append(&mut self.derived);
    }

    /// A stream that the filter has opened cannot be. It is told so if it is its stream.
    pub(super) fn refuse(&self, stream: u64, why: NotDerived) {
        let mut state = self.shared.lock();
        state.refused.push((stream, why));
        self.shared.call(&mut state);
        drop(state);
        self.in_step();
    }

    pub(super) fn next_tick_us(&self) -> i64 {
        self.shared.next_tick_us.load(Relaxed)
    }

    /// The stream's time goes on without a frame.
    pub(super) fn tick(&self, now_us: i64) {
        if self.over || now_us < self.next_tick_us() {
            return;
        }
        // Until the filter has seen this one there is no next.
        self.shared.next_tick_us.store(i64::MAX, Relaxed);
        let mut state = self.shared.lock();
        state.tick_us = Some(now_us);
        self.shared.call(&mut state);
        drop(state);
        self.in_step();
    }

    /// The stream ends. Nobody waits for what is still to be shown.
    pub(super) fn end(&mut self, reason: EndReason) {
        if std::mem::replace(&mut self.over, true) {
            return;
        }
        self.shared.depart(reason);
        self.in_step();
    }

    /// The stream ends, and who waits for the last of the streams beside it can. None: there is nothing to come.
    pub(super) fn part(&mut self, reason: EndReason) -> Option<Parting> {
        if self.shared.placement != Placement::Beside || self.shared.runtime.is_none() {
            return None;
        }
        self.shared.lock().parting = true;
        self.end(reason);
        Some(Parting::new(self.shared.clone()))
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.end(EndReason::SourceEnded);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the worker work, if nobody has yet.
    fn call(self: &Arc<Self>, state: &mut State) {
        if std::mem::replace(&mut state.called, true) {
            return self.filter.crew().look();
        }
        self.working.store(true, Release);
        if self.runtime.is_some() {
            self.filter.crew().call(self.clone());
        }
    }

    /// The lineup is another: the worker is to see it with the next frame, and the bounds may be others.
    fn look_for_settings(&self, state: &mut State) {
        let number = self.filter.number();
        if number == state.seen {
            return;
        }
        state.seen = number;
        state.attends = Attends::All;
        state.told = None;
        let spec = self.filter.spec();
        if spec.placement == self.placement {
            state.queue.set(spec.queue.clone());
        }
    }

    /// What waits has changed.
    fn queued(&self, before: Size, after: Size, waiting_us: i64) {
        self.queued_bytes.store(after.bytes, Relaxed);
        self.filter.counters_inner().queued(before, after, waiting_us);
    }

    fn put(&self, state: &mut State, item: Item) {
        let before = state.queue.size();
        let Put { lost, begins, detach } = state.queue.put(item);
        if detach {
            self.detach(state);
        }
        self.queued(before, state.queue.size(), state.queue.waiting_us());
        if lost == 0 {
            return;
        }
        let counters = self.filter.counters_inner();
        counters.totals.overflows.fetch_add(u64::from(begins), Relaxed);
        counters.totals.overflow_frames.fetch_add(lost, Relaxed);
        state.lost += lost;
        let now = Instant::now();
        if state.tell_at.is_some_and(|at| now < at) {
            return;
        }
        state.tell_at = Some(now + TELL_EVERY);
        let lost = std::mem::take(&mut state.lost);
        let (filter, stream, waiting) = (self.filter.name(), &self.stream, state.queue.len());
        self.span.in_scope(|| {
            tracing::warn!(target: "filter", filter, stream, lost, waiting, "it is behind, and its queue is full: frames are not shown to it");
        });
    }

    /// The filter leaves the stream.
    fn detach(&self, state: &mut State) {
        state.queue.clear();
        state.end = Some((EndReason::Failed, Instant::now()));
        self.departed.store(true, Release);
        self.filter.counters_inner().totals.overflows.fetch_add(1, Relaxed);
        self.filter.counters_inner().totals.detached_streams.fetch_add(1, Relaxed);
        let (filter, stream) = (self.filter.name(), &self.stream);
        self.span.in_scope(|| {
            tracing::warn!(target: "filter", filter, stream, "it is behind, and its queue is full: it leaves this stream");
        });
    }

    /// What is to be done next, under the lock.
    fn next(&self, state: &mut State, worker: &Worker) -> Step {
        if state.over {
            return Step::Leave;
        }
        let end = match state.end {
            Some((reason, by)) if state.queue.is_empty() || Instant::now() >= by => Some(reason),
            _ => None,
        };
        if !worker.is_open() {
            return if end.is_some() { Step::Leave } else { Step::Open };
        }
        if let Some((stream, why)) = state.refused.pop() {
            return Step::Refused(stream, why);
        }
        if let Some(reason) = end {
            return Step::End { reason, parting: state.parting };
        }
        let before = state.queue.size();
        if let Some(item) = state.queue.pop() {
            self.queued(before, state.queue.size(), 0);
            return Step::Show(Box::new(item));
        }
        state.tick_us.take().map_or(Step::Rest, Step::Tick)
    }

    /// What the worker has made is there to be taken.
    fn publish(&self, state: &mut State, worker: &mut Worker) {
        state.trace.append(&mut worker.trace());
        if state.over {
            return;
        }
        if !worker.extra.is_empty() || !worker.derived.is_empty() {
            state.extra.append(&mut worker.extra);
            state.derived.append(&mut worker.derived);
            self.made.store(true, Release);
            self.told.notify_one();
        }
        let mark = worker.mark();
        if state.told != Some(mark) && self.filter.number() == state.seen {
            state.attends = worker.attends();
            state.told = Some(mark);
        }
        if state.tick_us.is_none() {
            self.next_tick_us.store(worker.next_tick_us(), Relaxed);
        }
    }
}

enum Step {
    Open,
    Show(Box<Item>),
    Tick(i64),
    Refused(u64, NotDerived),
    End { reason: EndReason, parting: bool },
    Rest,
    Leave,
}

impl Work for Shared {
    fn slice(&self) -> bool {
        let _runtime = self.runtime.as_ref().map(Handle::enter);
        let _span = self.span.enter();
        let started = Instant::now();
        let mut state = self.lock();
        let Some(mut worker) = state.worker.take() else { return false };
        loop {
            if started.elapsed() >= SLICE {
                state.worker = Some(worker);
                return true;
            }
            let step = self.next(&mut state, &worker);
            match step {
                Step::Leave => {
                    self.close(&mut state);
                    // The guest may have to let something go: not under the lock.
                    drop(state);
                    return false;
                }
                Step::Rest => {
                    state.worker = Some(worker);
                    state.called = false;
                    self.working.store(false, Release);
                    return false;
                }
                _ => drop(state),
            }
            match step {
                Step::Open => worker.open(),
                Step::Show(item) => worker.show(*item),
                Step::Tick(now_us) => worker.tick(now_us),
                Step::Refused(stream, why) => worker.refuse(stream, why),
                Step::Rest | Step::Leave => {}
                Step::End { reason, parting } => {
                    worker.end(reason, parting);
                    state = self.lock();
                    self.publish(&mut state, &mut worker);
                    self.close(&mut state);
                    return false;
                }
            }
            state = self.lock();
            self.publish(&mut state, &mut worker);
        }
    }

    fn has_departed(&self) -> bool {
        self.departed.load(Acquire)
    }

    fn filter(&self) -> usize {
        self.filter.id()
    }

    fn broke(&self) {
        tracing::error!(target: "filter", filter = self.filter.name(), stream = self.stream, "it leaves this stream: the host failed in a call");
        self.close(&mut self.lock());
    }
}
