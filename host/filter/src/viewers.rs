//! Filters that work for viewers, each of which has a chain of its own: how many there may be.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use crate::Filter;

/// A viewer's place at a filter, from its play to its end.
#[derive(Debug)]
pub struct Seat {
    filter: Arc<Filter>,
}

/// A filter works for as many viewers as it may ([`Limits::viewers`](crate::Limits::viewers)).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("filter `{filter}` works for {most} viewers, as many as its limits.viewers allows")]
pub struct Full {
    /// Which filter.
    pub filter: String,
    /// How many it may work for.
    pub most: usize,
}

impl Filter {
    /// Takes a place for one viewer more.
    ///
    /// # Errors
    /// There is none.
    pub fn seat(self: &Arc<Filter>) -> Result<Seat, Full> {
        let most = self.spec().limits.viewers;
        let taken = self.viewers().fetch_update(Relaxed, Relaxed, |n| (n < most).then_some(n + 1));
        match taken {
            Ok(_) => Ok(Seat { filter: Arc::clone(self) }),
            Err(_) => Err(Full { filter: self.name().to_owned(), most }),
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.filter.viewers().fetch_sub(1, Relaxed);
    }
}
