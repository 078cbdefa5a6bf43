//! One waker for all that happens rarely, which tells whether it was that which woke the task.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

/// Set by whoever wakes it; passes the wake on to the connection's task.
///
/// A player's task runs for every batch of frames. Polling a handful of futures that are ready once in an hour would cost
/// it more than the frames do.
pub(super) struct Signal {
    set: AtomicBool,
    task: Mutex<Option<Waker>>,
}

impl Signal {
    /// Set, so that the first look registers.
    pub(super) fn new() -> Signal {
        Signal { set: AtomicBool::new(true), task: Mutex::new(None) }
    }

    /// Whether it was set since the last call; keeps `task` to wake.
    pub(super) fn take(&self, task: &Waker) -> bool {
        if !self.set.load(Ordering::Relaxed) {
            return false;
        }
        {
            let mut kept = self.task.lock().unwrap_or_else(PoisonError::into_inner);
            match kept.as_mut() {
                Some(kept) => kept.clone_from(task),
                None => *kept = Some(task.clone()),
            }
        }
        self.set.swap(false, Ordering::AcqRel)
    }

    /// Asks for another look.
    pub(super) fn set(&self) {
        self.set.store(true, Ordering::Release);
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.set();
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(task) = task {
            task.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Task(AtomicBool);

    impl Wake for Task {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    #[test]
    fn it_is_set_once_per_wake_and_wakes_the_task() {
        let task = Arc::new(Task::default());
        let waker = Waker::from(task.clone());
        let signal = Arc::new(Signal::new());
        assert!(signal.take(&waker), "the first look registers");
        assert!(!signal.take(&waker));
        Waker::from(signal.clone()).wake_by_ref();
        assert!(task.0.load(Ordering::SeqCst), "the task is woken");
        assert!(signal.take(&waker));
        assert!(!signal.take(&waker));
    }
}
