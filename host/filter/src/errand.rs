//! Where guests are called when that may take long.
//!
//! The usual call takes less than a microsecond, and is made on the thread that serves the peer. What takes its time is made elsewhere
//! ([`Filter::elsewhere`]), on threads that give way to those: the publisher or viewer whose filter it is waits for it without a thread,
//! and nobody else does. So many calls of a filter run there at a time as there are cores, but for one; and of those that are known to
//! come back soon ([`Pace::Slow`]) so many of all filters together.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::Span;

use crate::crew::{Crew, Work};
use crate::pace::Pace;
use crate::{Clock, Filter};

/// Where no thread could be started, it is tried again after so long.
const RETRY: Duration = Duration::from_secs(1);

type Task<T> = Box<dyn FnOnce() -> T + Send>;

/// Work that is under way elsewhere, or waits for its turn. Dropping it gives up what has not begun; what has begun comes to its end, and
/// its result is dropped there.
pub struct Away<T> {
    /// Until it begins.
    task: Arc<Mutex<Option<Task<T>>>>,
    done: Pin<Box<dyn Future<Output = Option<T>> + Send>>,
}

impl<T> std::fmt::Debug for Away<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Away")
    }
}

impl<T> Future for Away<T> {
    /// None: the work panicked, or the router stops.
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.done.as_mut().poll(cx)
    }
}

impl<T> Drop for Away<T> {
    fn drop(&mut self) {
        take(&self.task);
    }
}

impl<T: Send + 'static> Away<T> {
    /// Work that is done.
    pub fn done(result: T) -> Away<T> {
        Away { task: Arc::default(), done: Box::pin(std::future::ready(Some(result))) }
    }

    /// For who cannot wait for its turn: does it here if it has not begun, and otherwise waits, with this thread, for its end.
    pub fn now(mut self) -> Option<T> {
        match take(&self.task) {
            Some(task) => Some(task()),
            None => wait(&mut self),
        }
    }
}

fn take<T>(task: &Mutex<Option<Task<T>>>) -> Option<Task<T>> {
    task.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn wait<F: Future + Unpin>(future: &mut F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    loop {
        match Pin::new(&mut *future).poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}

impl Filter {
    /// Has work with guests done where no other peer waits for it, when its turn has come; `pace` says how long its calls may take. Where
    /// time stands still (a virtual clock) it is done when it is polled.
    pub fn elsewhere<T: Send + 'static>(
        self: &Arc<Filter>,
        pace: Pace,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Away<T> {
        let span = Span::current();
        let work: Task<T> = Box::new(move || span.in_scope(work));
        let task = Arc::new(Mutex::new(Some(work)));
        let (filter, begins) = (self.clone(), task.clone());
        let done = async move {
            if let Clock::Virtual(_) = filter.clock() {
                return take(&begins).map(|work| work());
            }
            let own = filter.patient().clone().acquire_owned().await.ok()?;
            let all = match pace {
                Pace::Slow => Some(filter.engines().turns.clone().acquire_owned().await.ok()?),
                Pace::Quick | Pace::Long => None,
            };
            let work = move || {
                let done = take(&begins).map(|work| work());
                drop((own, all));
                done
            };
            run(&filter.engines().errands, filter.id(), work).await.flatten()
        };
        Away { task, done: Box::pin(done) }
    }
}

/// Has work of a filter done by this crew. None: it panicked.
pub(crate) async fn run<T: Send + 'static>(
    crew: &Crew,
    filter: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (tell, mut told) = oneshot::channel();
    let work: Task<()> = Box::new(move || _ = tell.send(work()));
    crew.call(Arc::new(Errand { filter, runtime: Handle::current(), work: Mutex::new(Some(work)) }));
    while crew.is_stranded() {
        match tokio::time::timeout(RETRY, &mut told).await {
            Ok(done) => return done.ok(),
            Err(_) => crew.look(),
        }
    }
    told.await.ok()
}

struct Errand {
    filter: usize,
    runtime: Handle,
    work: Mutex<Option<Task<()>>>,
}

impl Work for Errand {
    fn slice(&self) -> bool {
        let _runtime = self.runtime.enter();
        if let Some(work) = take(&self.work) {
            work();
        }
        false
    }

    fn has_departed(&self) -> bool {
        false
    }

    fn filter(&self) -> usize {
        self.filter
    }

    fn broke(&self) {
        tracing::error!(target: "filter", "the host failed in a call: the stream or viewer that it was for goes on without it");
    }
}
