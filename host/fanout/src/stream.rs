//! What the ends of one stream share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tokio::sync::watch;
use tokio::time::Instant;

use crate::StreamKey;
use crate::ring::Ring;

/// One name: a ring, and who holds on to it. The lock is never held across an await.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) key: StreamKey,
    /// Never used twice.
    pub(crate) id: u64,
    state: RwLock<State>,
    /// Turns whenever a reader may find something new.
    turned: watch::Sender<()>,
    /// The number of the newest publisher: what an older one waits for must not turn with every frame.
    session: watch::Sender<u64>,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) ring: Ring,
    pub(crate) subscribers: usize,
    /// Subscribers that know that the last publisher is gone.
    pub(crate) told: usize,
    /// When the last publisher went.
    pub(crate) ended: Option<Instant>,
    /// The stream that the newest publisher makes this one beside, and its number for that stream's publisher; none for one of its
    /// own.
    pub(crate) beside: Option<(StreamKey, u64)>,
}

impl Stream {
    pub(crate) fn new(key: StreamKey) -> Stream {
        static IDS: AtomicU64 = AtomicU64::new(0);
        let state = State { ring: Ring::new(), subscribers: 0, told: 0, ended: None, beside: None };
        Stream {
            key,
            id: IDS.fetch_add(1, Ordering::Relaxed),
            state: RwLock::new(state),
            turned: watch::Sender::new(()),
            session: watch::Sender::new(0),
        }
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the readers.
    pub(crate) fn turn(&self) {
        self.turned.send_replace(());
    }

    /// Tells an older publisher that session `session` has begun.
    pub(crate) fn begin(&self, session: u64) {
        self.session.send_replace(session);
    }

    pub(crate) fn sessions(&self) -> watch::Receiver<u64> {
        self.session.subscribe()
    }

    pub(crate) fn turns(&self) -> watch::Receiver<()> {
        self.turned.subscribe()
    }
}

impl State {
    /// Whether anyone still needs this name.
    pub(crate) fn is_unused(&self) -> bool {
        !self.ring.is_live() && self.subscribers == 0
    }

    /// Frees the last frames of a publisher that is gone once every subscriber has read them.
    pub(crate) fn release(&mut self) {
        if self.ring.is_over() && self.told >= self.subscribers {
            self.ring.clear();
        }
    }
}
