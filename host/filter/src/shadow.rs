//! A new generation beside the running one: it is shown copies of live frames and what it makes of them is compared. Nothing of it
//! leaves the router, and no frame waits for it.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::Filter;
use crate::counters::{Hook, Report};
use crate::generation::Generation;
use crate::rollout::{Shadow, Swap};

/// Differences that are told in words.
const MOST_EXAMPLES: usize = 3;
/// With no difference allowed, so many are enough to say no.
const ENOUGH_DIFFERENCES: u64 = 25;
/// A count of frames is waited for as long as frames come; without any, so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// One generation that runs beside the one before.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) generation: Arc<Generation>,
    /// A filter of its own, so that its counts and its failures are not those of the one that runs.
    pub(crate) filter: Arc<Filter>,
    swap: Swap,
    /// Streams that may still be copied.
    seats: AtomicUsize,
    compared: AtomicU64,
    differed: AtomicU64,
    examples: Mutex<Vec<String>>,
    failed: OnceLock<String>,
    over: AtomicBool,
    changed: Notify,
}

/// How a run ended well.
pub(crate) struct Passed {
    pub(crate) compared: u64,
    pub(crate) differed: u64,
    /// Some of the differences, as many as were allowed.
    pub(crate) examples: Vec<String>,
}

impl Run {
    pub(crate) fn new(generation: Arc<Generation>, filter: Arc<Filter>, swap: Swap) -> Run {
        Run {
            generation,
            filter,
            seats: AtomicUsize::new(swap.shadow_streams),
            swap,
            compared: AtomicU64::new(0),
            differed: AtomicU64::new(0),
            examples: Mutex::default(),
            failed: OnceLock::new(),
            over: AtomicBool::new(false),
            changed: Notify::new(),
        }
    }

    /// One more stream is copied, if there may be one more.
    pub(crate) fn take_seat(&self) -> bool {
        !self.is_over() && self.seats.fetch_update(Relaxed, Relaxed, |seats| seats.checked_sub(1)).is_ok()
    }

    pub(crate) fn leave_seat(&self) {
        self.seats.fetch_add(1, Relaxed);
    }

    /// Nothing more is to be compared.
    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Relaxed)
    }

    pub(crate) fn end(&self) {
        self.over.store(true, Relaxed);
        self.changed.notify_waiters();
    }

    /// It trapped, ran too long, or cannot keep up.
    pub(crate) fn fail(&self, why: String) {
        let _ = self.failed.set(why);
        self.end();
    }

    /// A frame was seen by both.
    pub(crate) fn compared(&self, difference: Option<String>) {
        let compared = self.compared.fetch_add(1, Relaxed) + 1;
        if let Some(example) = difference {
            let mut examples = self.examples.lock().unwrap_or_else(PoisonError::into_inner);
            if examples.len() < MOST_EXAMPLES {
                examples.push(example);
            }
            drop(examples);
            let differed = self.differed.fetch_add(1, Relaxed) + 1;
            if differed >= ENOUGH_DIFFERENCES && self.swap.shadow_differs == 0.0 {
                self.end();
            }
        }
        if matches!(self.swap.shadow, Shadow::Frames(wanted) if compared >= wanted) {
            self.end();
        }
    }

    /// Waits until enough was compared; the reason if the generation is not to run. `running` has the counts of the one that runs.
    pub(crate) async fn result(&self, running: impl Fn() -> Report) -> Result<Passed, String> {
        let patience = match self.swap.shadow {
            Shadow::Time(time) => time,
            Shadow::Off | Shadow::Frames(_) => PATIENCE,
        };
        let mut until = Instant::now() + patience;
        let mut seen = 0;
        while !self.is_over() {
            let _ = tokio::time::timeout_at(until.min(Instant::now() + Duration::from_millis(100)), async {
                self.changed.notified().await;
            })
            .await;
            let compared = self.compared.load(Relaxed);
            let begins = seen == 0 && compared > 0;
            let goes_on = compared > seen && matches!(self.swap.shadow, Shadow::Frames(_));
            if begins || goes_on {
                until = Instant::now() + patience;
            }
            seen = compared;
            if Instant::now() >= until {
                self.end();
            }
        }
        let (compared, differed) = (self.compared.load(Relaxed), self.differed.load(Relaxed));
        let examples = self.examples.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(why) = self.failed.get() {
            return Err(why.clone());
        }
        if let Some(why) = self.slow(&running()) {
            return Err(why);
        }
        if differed as f64 > compared as f64 * self.swap.shadow_differs {
            return Err(format!("{differed} of {compared} frames differ: {}", examples.join("; ")));
        }
        Ok(Passed { compared, differed, examples })
    }

    fn slow(&self, running: &Report) -> Option<String> {
        let own = self.filter.counters();
        let (was, is) = (running.hook(Hook::Frame)?.latency, own.hook(Hook::Frame)?.latency);
        self.swap.slow(was, is)
    }
}
