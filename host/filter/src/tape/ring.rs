//! The newest calls of one stream's instance, kept until somebody wants them.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use media::{Frame, Kind};

use super::recorder::{Kept, Recorder, Seat};
use super::{Args, Entry};
use crate::counters::Hook;
use crate::session::EndReason;

/// Headers that are kept although their calls were dropped: more tracks than any encoder sends.
const MOST_HEADERS: usize = 32;

/// See the module. The calls that made the instance stay; of the others the oldest go, by whole groups of pictures where there are any.
pub(crate) struct Ring {
    recorder: Arc<Recorder>,
    stream: Arc<str>,
    opening: Vec<Entry>,
    /// What dropped calls taught: the last header of each track, and the last metadata.
    headers: Vec<Entry>,
    calls: VecDeque<Entry>,
    bytes: usize,
    dropped: u64,
    /// The group of pictures of the last frame that was dropped.
    dropped_gop: Option<u64>,
    _seat: Seat,
}

impl Ring {
    pub(super) fn new(recorder: &Arc<Recorder>, stream: &str, seat: Seat) -> Ring {
        Ring {
            stream: stream.into(),
            opening: Vec::new(),
            headers: Vec::new(),
            calls: VecDeque::new(),
            bytes: 0,
            dropped: 0,
            dropped_gop: None,
            recorder: recorder.clone(),
            _seat: seat,
        }
    }

    /// A call is over. A trap or a missed deadline is written to a file, and so is the end if that is wanted.
    pub(super) fn take(&mut self, entry: Entry) {
        let ended = match &entry.args {
            Args::End(reason) if self.recorder.settings().at_end => Some(over(*reason)),
            _ => None,
        };
        let failed = entry.outcome.is_fatal().then(|| format!("{}: {}", entry.hook.name(), entry.outcome));
        match entry.hook {
            // Once more, with the state of the generation before: what it was shown for warm-up cannot be shown again.
            Hook::Open if self.opening.iter().any(|known| known.hook == Hook::Open) => {
                self.dropped += self.calls.len() as u64;
                self.calls.clear();
                self.headers.clear();
                self.bytes = 0;
                self.opening.retain(|known| !matches!(known.hook, Hook::Open | Hook::Subscribe));
                self.opening.push(entry);
            }
            // Of the stream filter that the second `open` took the place of.
            Hook::End if matches!(entry.args, Args::None) => {}
            Hook::Start | Hook::Describe | Hook::Configure | Hook::Open | Hook::Subscribe => self.opening.push(entry),
            _ => {
                self.bytes += entry.weight();
                self.calls.push_back(entry);
                self.trim();
            }
        }
        if let Some(reason) = failed {
            self.recorder.save(self.kept(reason));
        } else if let Some(reason) = ended {
            self.recorder.save(self.kept(reason.into()));
        }
    }

    /// What there is so far, for a file.
    pub(super) fn kept(&self, reason: String) -> Kept {
        let calls = self.opening.iter().chain(&self.headers).chain(&self.calls).cloned().collect();
        Kept { stream: self.stream.clone(), calls, dropped: self.dropped, reason }
    }

    fn is_over(&self, bytes: usize, time: Duration) -> bool {
        let span = match (self.calls.front(), self.calls.back()) {
            (Some(first), Some(last)) => last.at.saturating_sub(first.at),
            _ => Duration::ZERO,
        };
        self.bytes > bytes || span > time
    }

    fn trim(&mut self) {
        let settings = self.recorder.settings();
        let (bytes, time) = (settings.bytes, settings.time);
        if !self.is_over(bytes, time) {
            return;
        }
        // A little more than has to go, so that this is not done for every call.
        while self.calls.len() > 1 && self.is_over(bytes - bytes / 8, time - time / 8) {
            self.drop_oldest();
        }
        let gop = self.dropped_gop;
        let starts = |entry: &Entry| matches!(entry.args, Args::Frame { gop: other, .. } if Some(other) != gop);
        // In the middle of the only group of pictures that is left, what is left is better than nothing.
        for _ in 0..self.calls.iter().position(starts).unwrap_or(0) {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        let Some(entry) = self.calls.pop_front() else { return };
        self.bytes = self.bytes.saturating_sub(entry.weight());
        self.dropped += 1;
        match &entry.args {
            Args::Frame { gop, .. } => self.dropped_gop = Some(*gop),
            Args::Header(_) | Args::Metadata(_) => self.remember(entry),
            _ => {}
        }
    }

    fn remember(&mut self, entry: Entry) {
        let place = place(&entry.args);
        self.headers.retain(|known| self::place(&known.args) != place);
        if self.headers.len() < MOST_HEADERS && entry.weight() <= self.recorder.settings().bytes / MOST_HEADERS {
            self.headers.push(entry);
        }
    }
}

/// Why a recording is over that goes to the end.
fn over(reason: EndReason) -> &'static str {
    match reason {
        EndReason::SourceEnded => "the stream ended",
        EndReason::Replaced => "another publisher took the stream's name",
        EndReason::Denied | EndReason::Limit => "the publisher was sent away",
        EndReason::Swapped => "another generation took over",
        EndReason::Shutdown => "stopped before the stream's end",
        EndReason::Failed => "the stream broke off",
    }
}

/// What a header or metadata is of.
fn place(args: &Args) -> Option<(Kind, u8)> {
    match args {
        Args::Header(Frame { kind, track, .. }) => Some((*kind, *track)),
        Args::Metadata(_) => Some((Kind::Data, 0)),
        _ => None,
    }
}
