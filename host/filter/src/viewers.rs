//! Filters that work for viewers, each of which has a chain of its own: how many there may be, and where their guests are called when that
//! may take long.
//!
//! The usual call takes less than a microsecond, and is made on the thread that serves the viewer. Starting and opening instances, and
//! every call of a filter that may take its time, are made elsewhere ([`Filter::elsewhere`]), a few at a time for all viewers
//! of a filter: however many there are, and whatever their filters do, the threads that serve peers go on.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};

use tracing::Span;

use crate::{Clock, Filter};

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

/// Work that is under way elsewhere, or waits for its turn. Dropping it gives up what has not begun; what has begun comes to its end, and
/// its result is dropped there.
pub struct Away<T>(Pin<Box<dyn Future<Output = Option<T>> + Send>>);

impl<T> std::fmt::Debug for Away<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Away")
    }
}

impl<T> Future for Away<T> {
    /// None: the work panicked, or the router stops.
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.0.as_mut().poll(cx)
    }
}

impl<T: Send + 'static> Away<T> {
    /// Work that is done.
    pub fn done(result: T) -> Away<T> {
        Away(Box::pin(std::future::ready(Some(result))))
    }
}

impl Filter {
    /// Has work with guests done where no other peer waits for it, when its turn has come. Where time stands still (a virtual clock) it is
    /// done when it is polled.
    pub fn elsewhere<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Away<T> {
        let span = Span::current();
        let work = move || span.in_scope(work);
        if let Clock::Virtual(_) = self.clock() {
            return Away(Box::pin(async move { Some(work()) }));
        }
        let patient = self.patient().clone();
        Away(Box::pin(async move {
            let turn = patient.acquire_owned().await.ok()?;
            let task = tokio::task::spawn_blocking(move || {
                let done = work();
                drop(turn);
                done
            });
            task.await.ok()
        }))
    }
}
