//! How much waits for a filter that frames do not wait for.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering::Relaxed};

/// Over all streams.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    exists: AtomicBool,
    frames: AtomicI64,
    bytes: AtomicI64,
    most_us: AtomicI64,
    pub(super) departed: AtomicUsize,
}

/// What waits on one stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct QueueSize {
    pub(crate) frames: usize,
    pub(crate) bytes: usize,
}

/// What waits for one filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueReport {
    /// Frames of all streams that wait now.
    pub frames: u64,
    /// Their bytes, with what is noted of each. They are shared with players.
    pub bytes: u64,
    /// Streams that have ended, and of which frames wait.
    pub departed: usize,
    /// The most media that has waited on one stream, in microseconds of its time.
    pub most_us: u64,
}

impl Gauge {
    pub(super) fn exists(&self) {
        self.exists.store(true, Relaxed);
    }

    pub(super) fn changed(&self, before: QueueSize, after: QueueSize, waiting_us: i64) {
        let change = |before: usize, after: usize| {
            let of = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
            of(after).saturating_sub(of(before))
        };
        self.frames.fetch_add(change(before.frames, after.frames), Relaxed);
        self.bytes.fetch_add(change(before.bytes, after.bytes), Relaxed);
        if waiting_us > self.most_us.load(Relaxed) {
            self.most_us.fetch_max(waiting_us, Relaxed);
        }
    }

    pub(super) fn read(&self) -> Option<QueueReport> {
        let of = |n: &AtomicI64| u64::try_from(n.load(Relaxed)).unwrap_or(0);
        self.exists.load(Relaxed).then(|| QueueReport {
            frames: of(&self.frames),
            bytes: of(&self.bytes),
            departed: self.departed.load(Relaxed),
            most_us: of(&self.most_us),
        })
    }
}
