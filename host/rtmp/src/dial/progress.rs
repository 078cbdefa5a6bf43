//! How far a dialled connection is, for who looks on.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// How far one pull or push is. Counters only grow, over all dials that share it.
#[derive(Debug)]
pub struct Progress {
    origin: Instant,
    state: AtomicU8,
    /// Milliseconds from `origin` to the last change of `state`.
    since_ms: AtomicU64,
    bytes: AtomicU64,
    messages: AtomicU64,
    skipped: AtomicU64,
    address: Mutex<Option<String>>,
    /// Turns when it is live.
    live: Notify,
}

/// What a pull or push is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// Nothing: not begun, or over.
    #[default]
    Idle,
    /// Looking the host's name up.
    Resolving,
    /// Making a TCP connection.
    Connecting,
    /// Shaking hands, of TLS and of RTMP.
    Handshaking,
    /// connect, publish or play is sent; a pull waits here for the first media, too.
    Asking,
    /// Media flows.
    Live,
}

/// All of it at one moment; each value is read for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// What it is at.
    pub state: State,
    /// For how long.
    pub since: Duration,
    /// Bytes on the wire, of media and all else: read by a pull, written by a push.
    pub bytes: u64,
    /// Audio, video and data messages: read by a pull, handed to the socket by a push.
    pub messages: u64,
    /// Frames that a push did not send because the server was too slow.
    pub skipped: u64,
    /// Address and port of the last connection that was made.
    pub address: Option<String>,
}

impl Default for Progress {
    fn default() -> Progress {
        Progress {
            origin: Instant::now(),
            state: AtomicU8::default(),
            since_ms: AtomicU64::default(),
            bytes: AtomicU64::default(),
            messages: AtomicU64::default(),
            skipped: AtomicU64::default(),
            address: Mutex::default(),
            live: Notify::new(),
        }
    }
}

impl Progress {
    /// What it is at.
    pub fn state(&self) -> State {
        let all = [State::Idle, State::Resolving, State::Connecting, State::Handshaking, State::Asking, State::Live];
        all.into_iter().find(|state| *state as u8 == self.state.load(Relaxed)).unwrap_or_default()
    }

    /// Returns when media flows. May be cancelled and called again.
    pub async fn live(&self) {
        loop {
            // It hears what comes from here on, so that nothing falls between the look and the wait.
            let turned = self.live.notified();
            if self.state() == State::Live {
                return;
            }
            turned.await;
        }
    }

    /// All of it now.
    pub fn snapshot(&self) -> Snapshot {
        let since = Duration::from_millis(self.since_ms.load(Relaxed));
        Snapshot {
            state: self.state(),
            since: self.origin.elapsed().saturating_sub(since),
            bytes: self.bytes.load(Relaxed),
            messages: self.messages.load(Relaxed),
            skipped: self.skipped.load(Relaxed),
            address: self.address.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    pub(super) fn enter(&self, state: State) {
        if self.state.swap(state as u8, Relaxed) != state as u8 {
            let since = u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.since_ms.store(since, Relaxed);
            if state == State::Live {
                self.live.notify_waiters();
            }
        }
    }

    pub(super) fn connected_to(&self, address: String) {
        *self.address.lock().unwrap_or_else(PoisonError::into_inner) = Some(address);
    }

    pub(super) fn add_bytes(&self, n: u64) {
        self.bytes.fetch_add(n, Relaxed);
    }

    pub(super) fn add_messages(&self, n: u64) {
        self.messages.fetch_add(n, Relaxed);
    }

    pub(super) fn add_skipped(&self, n: u64) {
        self.skipped.fetch_add(n, Relaxed);
    }
}

/// Leaves nothing but [`State::Idle`] behind, however a dial ends.
pub(super) struct Busy<'a>(pub(super) &'a Progress);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.enter(State::Idle);
    }
}
