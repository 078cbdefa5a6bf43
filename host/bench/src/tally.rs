//! What one thread counts; threads' tallies are merged in the end.

use crate::check::Faults;
use crate::histogram::Histogram;
use std::collections::BTreeMap;

/// Different reasons that are kept; the rest is counted as «other».
const REASONS: usize = 16;

/// Counts of one thread.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Within the measurement.
    pub(crate) received: Flow,
    pub(crate) sent: Flow,
    pub(crate) connections: u64,
    /// Stuck players that the server closed, over the whole run.
    pub(crate) closed: u64,
    /// From stamp to the last byte's arrival, within the measurement.
    pub(crate) video_latency: Histogram,
    pub(crate) audio_latency: Histogram,
    /// How late frames were made.
    pub(crate) behind: Histogram,
    /// Over the whole run.
    pub(crate) faults: Faults,
    pub(crate) stamped: u64,
    pub(crate) unstamped: u64,
    /// From the first SYN to Play.Start (or what the work waits for).
    pub(crate) start: Histogram,
    /// From the play command to the first key frame's last byte.
    pub(crate) join: Histogram,
    /// From the first SYN to the first key frame's last byte.
    pub(crate) picture: Histogram,
    /// Why publishers and players failed or ended.
    pub(crate) failures: BTreeMap<String, u64>,
}

/// Messages and bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Flow {
    pub(crate) messages: u64,
    pub(crate) bytes: u64,
}

impl Tally {
    pub(crate) fn failed(&mut self, reason: String) {
        let full = self.failures.len() >= REASONS && !self.failures.contains_key(&reason);
        *self.failures.entry(if full { "other".into() } else { reason }).or_default() += 1;
    }

    pub(crate) fn merge(&mut self, other: &Tally) {
        for (to, from) in [(&mut self.received, other.received), (&mut self.sent, other.sent)] {
            to.messages += from.messages;
            to.bytes += from.bytes;
        }
        self.connections += other.connections;
        self.closed += other.closed;
        self.stamped += other.stamped;
        self.unstamped += other.unstamped;
        self.faults.merge(&other.faults);
        for (to, from) in [
            (&mut self.video_latency, &other.video_latency),
            (&mut self.audio_latency, &other.audio_latency),
            (&mut self.behind, &other.behind),
            (&mut self.start, &other.start),
            (&mut self.join, &other.join),
            (&mut self.picture, &other.picture),
        ] {
            to.merge(from);
        }
        for (reason, n) in &other.failures {
            *self.failures.entry(reason.clone()).or_default() += n;
        }
    }
}
