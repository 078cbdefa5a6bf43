//! What there is, for who looks on.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What an encoder is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for a slot.
    Queued,
    /// It runs, and does not publish yet.
    Starting,
    /// It publishes.
    Live,
    /// It ended too early; it is started again soon.
    Waiting,
    /// It is to end.
    Ending,
}

/// One encoder at one moment.
#[derive(Clone, Debug)]
pub struct Status {
    /// What it makes: application and name.
    pub stream: String,
    /// By which profile.
    pub profile: String,
    /// What it is at.
    pub state: State,
    /// For how long.
    pub since: Duration,
    /// Its process; 0: none.
    pub pid: u32,
    /// How often it was started.
    pub starts: u64,
    /// How often it published.
    pub lives: u64,
    /// Frames per second, as it last said; 0: it did not.
    pub fps: f32,
    /// Speed against real time, as it last said; 0: it did not.
    pub speed: f32,
    /// Why it last ended; empty: it has not.
    pub why: String,
}

/// All together. Each value only grows but the first five.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Streams that are planned.
    pub streams: u64,
    /// Encoders that are wanted.
    pub jobs: u64,
    /// Those of them that publish.
    pub live: u64,
    /// Slots in use.
    pub slots_taken: u64,
    /// Slots there are.
    pub slots: u64,
    /// Programs that were started.
    pub starts: u64,
    /// Of these, started in place of one that ended too early.
    pub restarts: u64,
    /// Tries that did not get as far as publishing.
    pub failures: u64,
    /// Programs that did not end when they were asked to, and were killed.
    pub killed: u64,
    /// Plans that planners have answered.
    pub plans: u64,
    /// Renditions of plans that were refused.
    pub refused: u64,
    /// Events that a planner was too slow for.
    pub untold: u64,
    /// Streams or encoders whose care ended by a panic: a fault of ours, must be 0.
    pub panics: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) starts: AtomicU64,
    pub(crate) restarts: AtomicU64,
    pub(crate) failures: AtomicU64,
    pub(crate) killed: AtomicU64,
    pub(crate) plans: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) untold: AtomicU64,
    pub(crate) panics: AtomicU64,
}

impl Counters {
    pub(crate) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Relaxed);
    }
}

/// What one encoder tells of itself.
#[derive(Debug)]
pub(crate) struct Board {
    stream: String,
    profile: String,
    counters: Arc<Counters>,
    now: Mutex<Now>,
}

#[derive(Debug)]
struct Now {
    state: State,
    since: Instant,
    pid: u32,
    starts: u64,
    lives: u64,
    fps: f32,
    speed: f32,
    why: String,
    /// What the log knows: the same again is no news.
    told: Option<String>,
}

impl Board {
    pub(crate) fn new(stream: String, profile: String, counters: Arc<Counters>) -> Board {
        let now = Now {
            state: State::Queued,
            since: Instant::now(),
            pid: 0,
            starts: 0,
            lives: 0,
            fps: 0.0,
            speed: 0.0,
            why: String::new(),
            told: None,
        };
        Board { stream, profile, counters, now: Mutex::new(now) }
    }

    pub(crate) fn enters(&self, state: State) {
        self.lock().enter(state);
    }

    /// A program was started.
    pub(crate) fn starts(&self, pid: u32) {
        Counters::add(&self.counters.starts);
        let mut now = self.lock();
        if now.starts > 0 {
            Counters::add(&self.counters.restarts);
        }
        now.starts += 1;
        now.pid = pid;
        now.enter(State::Starting);
        tracing::info!(pid, start = now.starts, "encoder started");
    }

    /// It publishes.
    pub(crate) fn lives(&self) {
        let mut now = self.lock();
        now.lives += 1;
        let took = now.since.elapsed();
        now.enter(State::Live);
        now.told = None;
        tracing::info!(pid = now.pid, ?took, "encoder publishes");
    }

    pub(crate) fn progress(&self, fps: f32, speed: f32) {
        let mut now = self.lock();
        (now.fps, now.speed) = (fps, speed);
    }

    /// Its program has ended, as it should.
    pub(crate) fn ended(&self, code: i32) {
        let mut now = self.lock();
        tracing::info!(pid = now.pid, code, "encoder ended");
        now.pid = 0;
    }

    /// It has ended too early, or could not be started. Told if it is news.
    pub(crate) fn waits(&self, why: String, said: &[String], again_in: Duration) {
        let mut now = self.lock();
        now.enter(State::Waiting);
        now.pid = 0;
        let again_ms = u64::try_from(again_in.as_millis()).unwrap_or(u64::MAX);
        if now.told.as_ref() == Some(&why) {
            tracing::debug!(why, again_ms, "encoder ended again");
        } else {
            tracing::warn!(why, again_ms, said = said.join(" | "), "encoder ended too early");
            now.told = Some(why.clone());
        }
        now.why = why;
    }

    pub(crate) fn status(&self) -> Status {
        let now = self.lock();
        Status {
            stream: self.stream.clone(),
            profile: self.profile.clone(),
            state: now.state,
            since: now.since.elapsed(),
            pid: now.pid,
            starts: now.starts,
            lives: now.lives,
            fps: now.fps,
            speed: now.speed,
            why: now.why.clone(),
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

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            State::Queued => "queued",
            State::Starting => "starting",
            State::Live => "live",
            State::Waiting => "waiting",
            State::Ending => "ending",
        })
    }
}
