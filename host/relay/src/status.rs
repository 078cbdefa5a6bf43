//! What a relay is at, for who looks on.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rtmp::dial::Progress;

/// Which way media goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// From another server to this one.
    Pull,
    /// From this server to another one.
    Push,
}

/// What a relay is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has not begun.
    Idle,
    /// On the way to media.
    Connecting,
    /// Media flows.
    Live,
    /// It did not work; it is tried again soon.
    Waiting,
    /// It was refused, and would be again until somebody changes something; it is tried again, but slowly.
    Failed,
}

/// One relay at one moment.
#[derive(Clone, Debug)]
pub struct Status {
    /// Which way.
    pub kind: Kind,
    /// The local stream: application and name.
    pub stream: String,
    /// The other server's URL without its secrets; of several, the one in use.
    pub target: String,
    /// What it is at.
    pub state: State,
    /// For how long.
    pub since: Duration,
    /// Connections that were tried.
    pub tries: u64,
    /// How often it was live.
    pub lives: u64,
    /// Why the last connection ended; empty: none has.
    pub why: String,
    /// Bytes on the wire.
    pub bytes: u64,
    /// Audio, video and data messages.
    pub messages: u64,
    /// Frames that a server was too slow for.
    pub skipped: u64,
}

/// All relays together. Each value only grows but the first three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Pulls there are.
    pub pulls: u64,
    /// Pushes there are.
    pub pushes: u64,
    /// Those of both that are live.
    pub live: u64,
    /// Connections that were tried.
    pub tries: u64,
    /// Of these, that became live.
    pub lives: u64,
    /// Of these, that were refused by the other server.
    pub refused: u64,
    /// Streams that were waited for and not fetched, because there were as many as are allowed.
    pub over_limit: u64,
    /// Relays that ended by a panic: a fault of ours, must be 0.
    pub panics: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) tries: AtomicU64,
    pub(crate) lives: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) over_limit: AtomicU64,
    pub(crate) panics: AtomicU64,
}

impl Counters {
    pub(crate) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Relaxed);
    }
}

/// What one relay tells of itself.
#[derive(Debug)]
pub(crate) struct Board {
    kind: Kind,
    stream: String,
    pub(crate) progress: Progress,
    pub(crate) counters: Arc<Counters>,
    now: Mutex<Now>,
}

#[derive(Debug)]
struct Now {
    state: State,
    since: Instant,
    target: String,
    tries: u64,
    lives: u64,
    why: String,
    /// What the log knows: the same again is no news.
    told: Option<(State, String)>,
}

impl Board {
    pub(crate) fn new(kind: Kind, stream: String, counters: Arc<Counters>) -> Board {
        let now = Now {
            state: State::Idle,
            since: Instant::now(),
            target: String::new(),
            tries: 0,
            lives: 0,
            why: String::new(),
            told: None,
        };
        Board { kind, stream, progress: Progress::default(), counters, now: Mutex::new(now) }
    }

    /// A try begins.
    pub(crate) fn connects(&self, target: &str) {
        Counters::add(&self.counters.tries);
        let mut now = self.lock();
        target.clone_into(&mut now.target);
        now.tries += 1;
        now.enter(State::Connecting);
    }

    /// Media flows.
    pub(crate) fn lives(&self) {
        Counters::add(&self.counters.lives);
        let mut now = self.lock();
        now.lives += 1;
        now.enter(State::Live);
        now.told = Some((State::Live, String::new()));
        let address = self.progress.snapshot().address;
        tracing::info!(target_url = now.target, address, "live");
    }

    /// A try ended. Told if it is news.
    pub(crate) fn waits(&self, state: State, why: String, again_in: Duration) {
        let mut now = self.lock();
        now.enter(state);
        now.why.clone_from(&why);
        let told = Some((state, why));
        let again_ms = u64::try_from(again_in.as_millis()).unwrap_or(u64::MAX);
        if now.told == told {
            tracing::debug!(target_url = now.target, why = now.why, again_ms, "still not live");
            return;
        }
        match state {
            State::Failed => tracing::warn!(target_url = now.target, why = now.why, again_ms, "refused"),
            _ => tracing::warn!(target_url = now.target, why = now.why, again_ms, "not live"),
        }
        now.told = told;
    }

    pub(crate) fn status(&self) -> Status {
        let progress = self.progress.snapshot();
        let now = self.lock();
        Status {
            kind: self.kind,
            stream: self.stream.clone(),
            target: now.target.clone(),
            state: now.state,
            since: now.since.elapsed(),
            tries: now.tries,
            lives: now.lives,
            why: now.why.clone(),
            bytes: progress.bytes,
            messages: progress.messages,
            skipped: progress.skipped,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Now {
    fn enter(&mut self, state: State) {
        if self.state != state {
            self.state = state;
            self.since = Instant::now();
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Pull => "pull",
            Kind::Push => "push",
        })
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            State::Idle => "idle",
            State::Connecting => "connecting",
            State::Live => "live",
            State::Waiting => "waiting",
            State::Failed => "failed",
        })
    }
}
