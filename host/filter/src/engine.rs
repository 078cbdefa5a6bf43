//! Two wasmtime engines, and the thread that ends calls that run too long.
//!
//! | engine | calls | a call past its deadline |
//! |---|---|---|
//! | media | plain, on the publisher's task | traps |
//! | session | async, on a fiber | yields to the runtime every few ms, and traps when its CPU time is used up |
//!
//! Instances are allocated on demand, not from a pool of slots: a media instance lives as long as its stream and a session instance is
//! reused by the pool of its filter, so instances are made rarely (about 10 µs each), limits differ from filter to filter, and an
//! idle router reserves nothing.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::Thread;
use std::time::{Duration, Instant};

use wasmtime::{Config, Engine};

use crate::Error;
use crate::crew::{Crew, Duty};

mod calls;
use calls::Calls;
pub(crate) use calls::Here;

/// The longest step between two epochs while a call runs: the grain of every deadline.
pub(crate) const TICK: Duration = Duration::from_millis(1);
/// While calls come and go the thread looks this often whether one is running: a runaway ends at most this much late.
const WATCH: Duration = Duration::from_millis(3);
/// Without a call for this long the thread sleeps until there is one: an idle router uses no CPU.
const LINGER: Duration = Duration::from_secs(1);
/// Stack of a guest. Deep recursion traps here, far below the stack of a host thread (2 MiB).
const GUEST_STACK: usize = 512 << 10;
/// Stack of a fiber: the guest's, and room for host functions that it calls.
const FIBER_STACK: usize = 1 << 20;

/// Both engines and their deadline thread, which ends with this value.
pub(crate) struct Engines {
    /// For media hooks.
    pub(crate) media: Engine,
    /// For session hooks.
    pub(crate) session: Engine,
    /// As many permits as instances are made at a time for streams that go over: a core each at most.
    pub(crate) makers: Arc<tokio::sync::Semaphore>,
    /// Threads for calls that may take long, and for which somebody waits.
    pub(crate) errands: Crew,
    /// As many permits as calls are made there at a time that are known to come back soon: a core is left to those who serve peers, if
    /// there is more than one.
    pub(crate) turns: Arc<tokio::sync::Semaphore>,
    /// How long calls take. Reading the system's clock twice would cost half as much as a call that does nothing.
    pub(crate) stopwatch: quanta::Clock,
    calls: Arc<Calls>,
    thread: Thread,
}

impl Engines {
    pub(crate) fn new() -> Result<Engines, Error> {
        let broken = |e: wasmtime::Error| Error::Runtime(format!("{e:#}"));
        let media = Engine::new(&settings()).map_err(broken)?;
        let session = Engine::new(settings().async_stack_size(FIBER_STACK)).map_err(broken)?;
        let calls = Arc::new(Calls::default());
        let (shared, engines) = (calls.clone(), [media.clone(), session.clone()]);
        let thread = std::thread::Builder::new()
            .name("filter-deadline".into())
            .spawn(move || shared.tick(&engines))
            .map_err(|e| Error::Runtime(format!("no thread for deadlines: {e}")))?
            .thread()
            .clone();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let makers = Arc::new(tokio::sync::Semaphore::new(cores));
        let errands = Crew::new(Duty::Errands, 0);
        let turns = Arc::new(tokio::sync::Semaphore::new(cores.saturating_sub(1).max(1)));
        Ok(Engines { media, session, makers, errands, turns, stopwatch: quanta::Clock::new(), calls, thread })
    }

    /// Epochs pass while the value lives. To be armed before a guest runs, instantiation included.
    pub(crate) fn arm(&self) -> Armed<'_> {
        if self.calls.begin() {
            self.wake();
        }
        Armed(&self.calls)
    }

    /// The same for a call that begins and ends on this thread.
    #[inline]
    pub(crate) fn arm_here(&self) -> Here {
        let (here, parked) = self.calls.begin_here();
        if parked {
            self.wake();
        }
        here
    }

    /// A call waits for something else than its thread while the value lives: no epoch needs to pass for it.
    pub(crate) fn rest(&self) -> Resting<'_> {
        self.calls.end();
        Resting(self)
    }

    #[cold]
    fn wake(&self) {
        if self.calls.parked.swap(false, Ordering::SeqCst) {
            self.thread.unpark();
        }
    }

    /// Whether the deadline thread sleeps until the next call.
    #[cfg(test)]
    fn is_asleep(&self) -> bool {
        self.calls.parked.load(Ordering::SeqCst)
    }
}

impl std::fmt::Debug for Engines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engines")
    }
}

impl Drop for Engines {
    fn drop(&mut self) {
        self.calls.stop.store(true, Ordering::SeqCst);
        self.thread.unpark();
    }
}

/// See [`Engines::arm`].
pub(crate) struct Armed<'a>(&'a Calls);

impl Drop for Armed<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// See [`Engines::rest`].
pub(crate) struct Resting<'a>(&'a Engines);

impl Drop for Resting<'_> {
    fn drop(&mut self) {
        // As in `arm`: the call goes on.
        if self.0.calls.begin() {
            self.0.wake();
        }
    }
}

impl Calls {
    fn tick(&self, engines: &[Engine; 2]) {
        let mut seen = 0;
        let mut active = Instant::now();
        let mut ticks = false;
        while !self.stop.load(Ordering::SeqCst) {
            let (started, running) = self.look();
            if started != seen || running {
                (seen, active) = (started, Instant::now());
            }
            if running {
                // A call that was under way when it was looked at may be a runaway for as long as nobody looked.
                if std::mem::replace(&mut ticks, true) {
                    std::thread::sleep(TICK);
                }
                for engine in engines {
                    engine.increment_epoch();
                }
                continue;
            }
            ticks = false;
            if active.elapsed() < LINGER {
                std::thread::sleep(WATCH);
            } else {
                self.parked.store(true, Ordering::SeqCst);
                if self.look().0 == seen {
                    // A call whose count is on its way out of its core, and that does not see `parked` yet, is seen after this.
                    std::thread::park_timeout(WATCH);
                }
                if self.look().0 == seen && self.parked.load(Ordering::SeqCst) {
                    std::thread::park();
                }
                self.parked.store(false, Ordering::SeqCst);
                active = Instant::now();
            }
        }
    }
}

/// What both engines have in common: deadlines by epoch, names in backtraces, and nothing of wasm that no guest needs.
fn settings() -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .max_wasm_stack(GUEST_STACK)
        .wasm_component_model(true)
        // A call of a guest that cannot be async costs a third of one that could be.
        .concurrency_support(false)
        // A compilation takes one core: streams run beside it.
        .parallel_compilation(false);
    config
}

/// How many ticks a time is; at least one, and one more because the first may come at once.
pub(crate) fn ticks(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX / 4).clamp(1, u64::MAX / 4) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn until(what: impl Fn() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !what() {
            assert!(Instant::now() < deadline);
            std::thread::yield_now();
        }
    }

    #[test]
    fn the_deadline_thread_sleeps_without_calls_and_wakes_for_one() {
        let engines = Engines::new().unwrap();
        until(|| engines.is_asleep());
        let armed = engines.arm();
        until(|| !engines.is_asleep());
        drop(armed);
        until(|| engines.is_asleep());
    }

    #[test]
    fn the_deadline_thread_sleeps_while_calls_wait() {
        let engines = Engines::new().unwrap();
        let armed = engines.arm();
        let resting = engines.rest();
        until(|| engines.is_asleep());
        drop(resting);
        until(|| !engines.is_asleep());
        drop(armed);
        until(|| engines.is_asleep());
    }

    #[test]
    fn a_millisecond_is_a_tick_and_the_first_may_come_at_once() {
        assert_eq!(ticks(Duration::from_micros(1)), 2);
        assert_eq!(ticks(Duration::from_millis(5)), 6);
    }
}
