//! How much waits for a filter that frames do not wait for.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::Relaxed};

/// Over all streams.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    exists: AtomicBool,
    frames: AtomicI64,
    most_us: AtomicI64,
}

/// What waits for one filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueReport {
    /// Frames of all streams that wait now.
    pub frames: u64,
    /// The most media that has waited on one stream, in microseconds of its time.
    pub most_us: u64,
}

impl Gauge {
    pub(super) fn exists(&self) {
        self.exists.store(true, Relaxed);
    }

    pub(super) fn changed(&self, before: usize, after: usize, waiting_us: i64) {
        let of = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        self.frames.fetch_add(of(after).saturating_sub(of(before)), Relaxed);
        if waiting_us > self.most_us.load(Relaxed) {
            self.most_us.fetch_max(waiting_us, Relaxed);
        }
    }

    pub(super) fn read(&self) -> Option<QueueReport> {
        let of = |n: &AtomicI64| u64::try_from(n.load(Relaxed)).unwrap_or(0);
        self.exists.load(Relaxed).then(|| QueueReport { frames: of(&self.frames), most_us: of(&self.most_us) })
    }
}
