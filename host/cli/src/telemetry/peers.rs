//! Lines about peers that come and go are limited: a storm of connections must not become a storm of lines.

use std::{
    collections::HashMap,
    fmt::Debug,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use tracing::{
    Event, Level, Subscriber,
    callsite::Identifier,
    field::{Field, Visit},
};
use tracing_subscriber::layer::{Context, Layer};

const WINDOW: Duration = Duration::from_secs(1);

/// Lets so many lines of each kind through per second, counts the others, and tells how many before the next one. A kind is a
/// place in the code: players that come and go do not hide a publisher.
///
/// Only what the rooms with peers say at level INFO is limited: it is their births and ends. Warnings that peers can cause are
/// limited where they arise.
#[derive(Debug)]
pub(super) struct Peers {
    /// 0: no limit.
    most: Arc<AtomicU32>,
    kinds: Mutex<HashMap<Identifier, Window>>,
}

/// What became of one kind of line in the second at hand.
#[derive(Debug, Default)]
struct Window {
    since: Option<Instant>,
    passed: u32,
    held_back: u64,
}

impl Peers {
    pub(super) fn new(most: Arc<AtomicU32>) -> Peers {
        Peers { most, kinds: Mutex::default() }
    }
}

impl Window {
    /// `Some(n)`: write it, and say that `n` others were held back before; `None`: hold it back.
    fn pass(&mut self, most: u32, now: Instant) -> Option<u64> {
        if self.since.is_none_or(|since| now.saturating_duration_since(since) >= WINDOW) {
            self.since = Some(now);
            self.passed = 0;
        }
        if most != 0 && self.passed >= most {
            self.held_back += 1;
            return None;
        }
        self.passed = self.passed.saturating_add(1);
        Some(std::mem::take(&mut self.held_back))
    }
}

impl<S: Subscriber> Layer<S> for Peers {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let metadata = event.metadata();
        let room = metadata.target().split("::").next();
        if *metadata.level() != Level::INFO || !matches!(room, Some("router" | "rtmp" | "relay")) {
            return true;
        }
        let most = self.most.load(Ordering::Relaxed);
        let passed = {
            let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
            kinds.entry(metadata.callsite()).or_default().pass(most, Instant::now())
        };
        if let Some(held_back @ 1..) = passed {
            let mut kind = Message::default();
            event.record(&mut kind);
            // Of no peer in particular.
            tracing::warn!(parent: None, kind = kind.0, held_back, "too many lines of one kind");
        }
        passed.is_some()
    }
}

/// The text of an event, without its fields.
#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_held_back_and_counted() {
        let mut window = Window::default();
        let start = Instant::now();
        let passed = (0..1000).filter(|_| window.pass(10, start).is_some()).count();
        assert_eq!(passed, 10);
        assert_eq!(window.pass(10, start + WINDOW), Some(990));
        assert_eq!(window.pass(10, start + WINDOW), Some(0));
        assert!((0..1000).all(|_| window.pass(0, start).is_some()), "0 is no limit");
    }
}
