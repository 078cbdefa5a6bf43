//! Which calls run: what the deadline thread watches, at next to no cost for the calls.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Calls that began and calls that ended, as far as one thread or many have counted them.
#[derive(Default)]
struct Count {
    started: AtomicU64,
    finished: AtomicU64,
}

/// The counts of threads that make plain calls; each has its own, so that no cache line goes from core to core for every frame.
static THREADS: Mutex<Vec<Weak<Count>>> = Mutex::new(Vec::new());

thread_local! {
    static HERE: Arc<Count> = {
        let count = Arc::new(Count::default());
        let mut threads = THREADS.lock().unwrap_or_else(PoisonError::into_inner);
        threads.retain(|thread| thread.strong_count() > 0);
        threads.push(Arc::downgrade(&count));
        count
    };
}

/// See the module.
#[derive(Default)]
pub(super) struct Calls {
    /// Of calls that go from thread to thread.
    roaming: Count,
    pub(super) parked: AtomicBool,
    pub(super) stop: AtomicBool,
}

impl Calls {
    /// A call that may end on another thread begins. Whether the deadline thread may have parked and is to be woken.
    pub(super) fn begin(&self) -> bool {
        // Sequentially consistent, as is the deadline thread's own order of writing `parked` and reading the counts: one of both sees
        // the other.
        self.roaming.started.fetch_add(1, Ordering::SeqCst);
        self.parked.load(Ordering::SeqCst)
    }

    /// It has ended.
    pub(super) fn end(&self) {
        self.roaming.finished.fetch_add(1, Ordering::SeqCst);
    }

    /// A call of this thread begins, and ends with the value. Whether the deadline thread may have parked.
    ///
    /// No locked instruction: nobody else counts here. The read of `parked` may therefore overtake the count, which the deadline
    /// thread allows for: it looks at the counts once more a while after it has written `parked`.
    #[inline]
    pub(super) fn begin_here(&self) -> (Here, bool) {
        HERE.with(|count| more(&count.started));
        (Here(PhantomData), self.parked.load(Ordering::SeqCst))
    }

    /// How many calls began, and whether one of them runs.
    pub(super) fn look(&self) -> (u64, bool) {
        let mut sum = (0u64, 0u64);
        let mut add = |count: &Count| {
            // In this order: what began meanwhile passes for a call that runs.
            sum.0 = sum.0.wrapping_add(count.finished.load(Ordering::SeqCst));
            sum.1 = sum.1.wrapping_add(count.started.load(Ordering::SeqCst));
        };
        add(&self.roaming);
        let threads = THREADS.lock().unwrap_or_else(PoisonError::into_inner);
        threads.iter().filter_map(Weak::upgrade).for_each(|count| add(&count));
        (sum.1, sum.0 != sum.1)
    }
}

#[inline]
fn more(count: &AtomicU64) {
    count.store(count.load(Ordering::Relaxed).wrapping_add(1), Ordering::Release);
}

/// See [`Calls::begin_here`]. It stays on its thread.
pub(crate) struct Here(PhantomData<Cell<()>>);

impl Drop for Here {
    #[inline]
    fn drop(&mut self) {
        let _ = HERE.try_with(|count| more(&count.finished));
    }
}
