//! Threads that call the guests which no frame waits for. They are apart from those that serve peers: a guest that computes for as
//! long as it may delays nobody but others of its kind, and the machine shares its cores between them all.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Work that is done in slices.
pub(crate) trait Work: Send + Sync {
    /// Does some of it. True: there is more, after others have had their turn.
    fn slice(&self) -> bool;
    /// A slice panicked: there will be no other.
    fn broke(&self);
}

/// A thread without work for so long ends.
const LINGER: Duration = Duration::from_secs(10);

/// See the module. Threads are started as they are needed.
#[derive(Clone)]
pub(crate) struct Crew(Arc<Shared>);

struct Shared {
    most: usize,
    state: Mutex<State>,
    called: Condvar,
}

#[derive(Default)]
struct State {
    ready: VecDeque<Arc<dyn Work>>,
    threads: usize,
    idle: usize,
}

impl std::fmt::Debug for Crew {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Crew")
    }
}

impl Crew {
    /// At most so many threads; 0: four for each core, and at least 16.
    pub(crate) fn new(most: usize) -> Crew {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let most = if most == 0 { (4 * cores).max(16) } else { most };
        Crew(Arc::new(Shared { most, state: Mutex::default(), called: Condvar::new() }))
    }

    /// Has a slice done as soon as a thread is free. The caller sees to it that no work is called for twice.
    pub(crate) fn call(&self, work: Arc<dyn Work>) {
        let mut state = self.0.lock();
        state.ready.push_back(work);
        // An idle thread that has been called and does not run yet is still counted as idle, and its work as ready.
        if state.ready.len() <= state.idle {
            drop(state);
            return self.0.called.notify_one();
        }
        if state.threads >= self.0.most {
            return;
        }
        state.threads += 1;
        drop(state);
        let shared = self.0.clone();
        let started = std::thread::Builder::new().name("filter-aside".into()).spawn(move || shared.run());
        if let Err(error) = started {
            // Those that there are do it; with none, the next call tries again.
            self.0.lock().threads -= 1;
            tracing::error!(target: "filter", %error, "no thread for filters that frames do not wait for");
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut state = self.lock();
        loop {
            if let Some(work) = state.ready.pop_front() {
                drop(state);
                let more = catch_unwind(AssertUnwindSafe(|| work.slice())).unwrap_or_else(|_| {
                    work.broke();
                    false
                });
                state = self.lock();
                if more {
                    state.ready.push_back(work);
                }
                continue;
            }
            state.idle += 1;
            let (woken, waited) = self.called.wait_timeout(state, LINGER).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.idle -= 1;
            if waited.timed_out() && state.ready.is_empty() {
                state.threads -= 1;
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::sync::mpsc;

    use super::*;

    struct Steps {
        left: AtomicUsize,
        done: mpsc::Sender<&'static str>,
        name: &'static str,
    }

    impl Work for Steps {
        fn slice(&self) -> bool {
            assert_ne!(self.name, "broken");
            let more = self.left.fetch_sub(1, SeqCst) > 1;
            self.done.send(self.name).unwrap();
            more
        }
        fn broke(&self) {
            self.done.send("broke").unwrap();
        }
    }

    #[test]
    fn one_thread_gives_each_its_turn_and_survives_a_panic() {
        let crew = Crew::new(1);
        let (done, told) = mpsc::channel();
        let work = |name, left| Arc::new(Steps { left: AtomicUsize::new(left), done: done.clone(), name });
        for work in [work("broken", 1), work("a", 2), work("b", 2)] {
            crew.call(work);
        }
        let mut told: Vec<_> = (0..5).map(|_| told.recv_timeout(Duration::from_secs(20)).unwrap()).collect();
        assert_eq!(told.first(), Some(&"broke"));
        told.sort_unstable();
        assert_eq!(told, ["a", "a", "b", "b", "broke"]);
        assert_eq!(crew.0.lock().threads, 1);
    }
}
