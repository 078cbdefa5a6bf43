//! Calls as they happen, for `weir filter run`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::Outcome;
use crate::counters::Hook;

/// One call of a guest.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Which filter.
    pub filter: Arc<str>,
    /// Which of its hooks.
    pub hook: Hook,
    /// What it was about, in words; empty without them.
    pub about: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Host functions that it called with their shortened arguments and answers, and lines of its log, in order; empty without words.
    pub notes: Vec<String>,
    /// How long it took, the host's own work with its answer included.
    pub took: Duration,
    /// Bytes copied between host and guest.
    pub copied: usize,
    /// Host functions called.
    pub host_calls: u32,
    /// Linear memory of the instance when it was over, in bytes.
    pub memory: usize,
}

/// What all guests of a runtime are watched by. The owner takes the calls out; what is not taken stays.
#[derive(Debug)]
pub struct Watch {
    words: bool,
    seen: Mutex<Vec<Seen>>,
}

impl Watch {
    /// `words`: with what a call was about and what it called. Without, a call costs little more than unwatched.
    pub fn new(words: bool) -> Arc<Watch> {
        Arc::new(Watch { words, seen: Mutex::default() })
    }

    /// The calls since the last time, in order.
    pub fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn wants_words(&self) -> bool {
        self.words
    }

    pub(super) fn note(&self, seen: Seen) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }
}
