//! What the threads of a run and the one that leads them tell each other.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};

/// Stops a run early, from another thread; what was measured until then is reported.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Stops the run.
    pub fn stop(&self) {
        self.0.store(true, Relaxed);
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Relaxed)
    }
}

/// How far one group of agents is.
#[derive(Debug)]
pub(crate) struct Progress {
    /// Has come as far as it should, and goes on.
    pub(crate) ready: AtomicU32,
    /// Will not any more.
    pub(crate) over: AtomicU32,
    /// The group is to end.
    pub(crate) ended: AtomicBool,
    window: [AtomicU64; 2],
}

impl Default for Progress {
    fn default() -> Self {
        Progress {
            ready: AtomicU32::new(0),
            over: AtomicU32::new(0),
            ended: AtomicBool::new(false),
            // Not open yet.
            window: [AtomicU64::new(u64::MAX), AtomicU64::new(u64::MAX)],
        }
    }
}

impl Progress {
    /// From when to when it is measured, in nanoseconds of the clock.
    pub(crate) fn window(&self) -> Range<u64> {
        let [from, to] = &self.window;
        from.load(Relaxed)..to.load(Relaxed)
    }

    pub(crate) fn measure_from(&self, ns: u64) {
        self.window[0].store(ns, Relaxed);
    }

    pub(crate) fn measure_to(&self, ns: u64) {
        self.window[1].store(ns, Relaxed);
    }
}
