//! What there is and what is new, for those who act on it.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// Things that exist now, in the order in which they came. What is gone is not kept for anybody: a reader that is late
/// skips it, so that nothing grows with a slow reader.
pub(crate) struct List<T> {
    things: Mutex<Things<T>>,
    newest: watch::Sender<u64>,
}

struct Things<T> {
    newest: u64,
    by_number: BTreeMap<u64, Arc<T>>,
}

impl<T> List<T> {
    pub(crate) fn new() -> Arc<List<T>> {
        let things = Things { newest: 0, by_number: BTreeMap::new() };
        Arc::new(List { things: Mutex::new(things), newest: watch::Sender::new(0) })
    }

    /// Adds one; it is there until the entry is dropped.
    pub(crate) fn enter(self: &Arc<List<T>>, thing: T) -> Listed<T> {
        let number = {
            let mut things = self.lock();
            things.newest += 1;
            let number = things.newest;
            things.by_number.insert(number, Arc::new(thing));
            number
        };
        self.newest.send_replace(number);
        Listed { list: Arc::clone(self), number }
    }

    pub(crate) fn reader(self: &Arc<List<T>>) -> Feed<T> {
        Feed { list: Arc::clone(self), newest: self.newest.subscribe(), seen: 0 }
    }

    pub(crate) fn all(&self) -> Vec<Arc<T>> {
        self.lock().by_number.values().cloned().collect()
    }

    /// The newest one that fits.
    pub(crate) fn newest(&self, fits: impl Fn(&T) -> bool) -> Option<Arc<T>> {
        self.lock().by_number.values().rev().find(|thing| fits(thing)).cloned()
    }

    fn after(&self, seen: u64) -> Option<(u64, Arc<T>)> {
        let things = self.lock();
        let next = things.by_number.range((Bound::Excluded(seen), Bound::Unbounded)).next();
        next.map(|(number, thing)| (*number, Arc::clone(thing)))
    }

    fn lock(&self) -> MutexGuard<'_, Things<T>> {
        self.things.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "List({})", self.lock().by_number.len())
    }
}

/// One thing's place in a list. Dropping it takes the thing off.
pub(crate) struct Listed<T> {
    list: Arc<List<T>>,
    number: u64,
}

impl<T> Drop for Listed<T> {
    fn drop(&mut self) {
        self.list.lock().by_number.remove(&self.number);
    }
}

impl<T> fmt::Debug for Listed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Listed({})", self.number)
    }
}

/// Everything that exists, once and in order, then what comes. What came and went before it was read is left out. Holds
/// nothing of its own but a number: it may be left unread.
#[derive(Debug)]
pub struct Feed<T> {
    list: Arc<List<T>>,
    newest: watch::Receiver<u64>,
    seen: u64,
}

impl<T> Feed<T> {
    /// Waits for the next one. May be cancelled and called again: nothing is lost.
    pub async fn next(&mut self) -> Arc<T> {
        loop {
            self.newest.borrow_and_update();
            if let Some((number, thing)) = self.list.after(self.seen) {
                self.seen = number;
                return thing;
            }
            // The sender lives in the list that this holds: no error can come.
            if self.newest.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}
