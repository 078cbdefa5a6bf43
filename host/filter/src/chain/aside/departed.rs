//! Streams that have ended while frames still waited for a filter: what waits is shown to it all the same, but not for ever, and not
//! of any number of streams.
//!
//! Each keeps its queue for as long as the queue may hold, and no longer, whether or not a thread comes to it: a clock of the filter's
//! own sees to that. Of more streams, or more bytes, than the operator allows, those that ended first lose theirs at once. All of it is
//! counted as lost. What is kept here keeps nothing alive.

use std::collections::VecDeque;
use std::sync::atomic::Ordering::{Relaxed, Release};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::queue::Size;
use super::{Shared, State, TELL_EVERY};
use crate::counters::Counters;
use crate::session::EndReason;

/// Of one filter.
#[derive(Debug)]
pub(crate) struct Departed {
    counters: Arc<Counters>,
    list: Mutex<List>,
    /// One has come whose time is up before all others'.
    sooner: Notify,
}

#[derive(Debug, Default)]
struct List {
    /// In the order in which they ended.
    streams: VecDeque<(Instant, Weak<Shared>)>,
    /// A task looks at the clock.
    watched: bool,
    /// What was lost since it was told, and of how many streams, and when it may be told again.
    lost: (u64, u64),
    tell_at: Option<Instant>,
}

impl Departed {
    pub(crate) fn new(counters: &Arc<Counters>) -> Arc<Departed> {
        let counters = Arc::clone(counters);
        Arc::new(Departed { counters, list: Mutex::default(), sooner: Notify::new() })
    }

    fn lock(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A stream has ended of which frames wait, for so long. Those that are to lose theirs for it.
    fn add(self: &Arc<Self>, stream: &Arc<Shared>, by: Instant, runtime: &Handle) -> Vec<Arc<Shared>> {
        let spec = stream.filter.spec();
        let mut list = self.lock();
        let sooner = list.streams.iter().all(|(other, _)| by < *other);
        list.streams.push_back((by, Arc::downgrade(stream)));
        let over = list.over(spec.queue.departed_streams, spec.queue.departed_bytes);
        let watched = list.streams.is_empty() || std::mem::replace(&mut list.watched, true);
        self.counters.departed(list.streams.len());
        drop(list);
        if !watched {
            runtime.spawn(watch(self.clone()));
        } else if sooner {
            self.sooner.notify_one();
        }
        over
    }

    /// None of its frames waits any more.
    fn remove(&self, stream: &Shared) {
        let mut list = self.lock();
        list.streams.retain(|(_, other)| !std::ptr::eq(other.as_ptr(), stream));
        self.counters.departed(list.streams.len());
    }

    /// Takes out those whose time is up, and tells when that of the next is. None: there is none, and the clock is not looked at
    /// any more.
    fn due(&self, now: Instant) -> (Vec<Arc<Shared>>, Option<Instant>) {
        let mut list = self.lock();
        let due = list.streams.iter().filter(|(by, _)| *by <= now).filter_map(|(_, stream)| stream.upgrade()).collect();
        list.streams.retain(|(by, stream)| *by > now && stream.strong_count() > 0);
        self.counters.departed(list.streams.len());
        let next = list.streams.iter().map(|(by, _)| *by).min();
        list.watched = next.is_some();
        (due, next)
    }

    /// So many frames are not shown. What is to be told of it now: frames and streams.
    fn lost(&self, frames: u64) -> Option<(u64, u64)> {
        let mut list = self.lock();
        let now = Instant::now();
        list.lost = (list.lost.0 + frames, list.lost.1 + 1);
        if list.tell_at.is_some_and(|at| now < at) {
            return None;
        }
        list.tell_at = Some(now + TELL_EVERY);
        Some(std::mem::take(&mut list.lost))
    }
}

impl List {
    /// Takes out the first of them, until no more are left than so many, with so many bytes.
    fn over(&mut self, most: usize, most_bytes: usize) -> Vec<Arc<Shared>> {
        let bytes = |stream: &Weak<Shared>| stream.upgrade().map_or(0, |stream| stream.queued_bytes.load(Relaxed));
        let mut all: usize = self.streams.iter().map(|(_, stream)| bytes(stream)).sum();
        let mut over = Vec::new();
        while self.streams.len() > most || all > most_bytes {
            let Some((_, first)) = self.streams.pop_front() else { break };
            all = all.saturating_sub(bytes(&first));
            over.extend(first.upgrade());
        }
        over
    }
}

/// The task may go with its runtime: then another one looks.
struct Watching(Option<Arc<Departed>>);

impl Drop for Watching {
    fn drop(&mut self) {
        if let Some(departed) = self.0.take() {
            departed.lock().watched = false;
        }
    }
}

async fn watch(departed: Arc<Departed>) {
    let mut watching = Watching(Some(departed.clone()));
    loop {
        let (due, next) = departed.due(Instant::now());
        for stream in due {
            stream.lose();
        }
        let Some(next) = next else {
            watching.0 = None;
            return;
        };
        let _ = tokio::time::timeout_at(next.into(), departed.sooner.notified()).await;
    }
}

impl Shared {
    /// The stream ends: what waits is still shown, as long as the queue's own bound, and the filter ends behind it. Where there is
    /// nothing to be shown no instance is opened only to be told of the end.
    pub(super) fn depart(self: &Arc<Self>, reason: EndReason) {
        let mut state = self.lock();
        if state.over {
            return;
        }
        let by = Instant::now() + self.filter.spec().queue.time;
        state.end.get_or_insert((reason, by));
        self.departed.store(true, Release);
        if state.is_unopened() && state.queue.is_empty() {
            self.close(&mut state);
            state.worker = None;
            drop(state);
            return self.filter.crew().withdraw(&**self);
        }
        self.call(&mut state);
        let Some(runtime) = &self.runtime else { return };
        let over = match state.queue.is_empty() {
            false => self.filter.departed().add(self, by, runtime),
            true => Vec::new(),
        };
        drop(state);
        self.filter.crew().step_back(&**self);
        for stream in over {
            stream.lose();
        }
    }

    /// What waits is not shown any more. One that has no instance ends with that.
    pub(super) fn lose(&self) {
        let mut state = self.lock();
        if state.over {
            return;
        }
        let unopened = state.is_unopened();
        self.empty(&mut state);
        if unopened {
            self.close(&mut state);
            state.worker = None;
        }
        drop(state);
        if unopened {
            self.filter.crew().withdraw(self);
        }
    }

    /// Nothing waits any more; what did is lost.
    fn empty(&self, state: &mut State) {
        let before = state.queue.size();
        let lost = state.queue.give_up();
        self.queued(before, Size::default(), 0);
        if self.departed.load(Relaxed) {
            self.filter.departed().remove(self);
        }
        if lost == 0 {
            return;
        }
        self.filter.counters_inner().totals.departed_frames.fetch_add(lost, Relaxed);
        if let Some((lost, streams)) = self.filter.departed().lost(lost) {
            let filter = self.filter.name();
            self.span.in_scope(|| {
                tracing::warn!(target: "filter", filter, lost, streams, "it was behind when streams ended: frames of them are not shown to it");
            });
        }
    }

    /// Nothing is shown from now on, and nobody is told of the end.
    pub(super) fn close(&self, state: &mut State) {
        self.empty(state);
        state.over = true;
        self.working.store(false, Release);
        self.next_tick_us.store(i64::MAX, Relaxed);
        self.told.notify_one();
    }
}
