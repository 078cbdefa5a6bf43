//! Who watches what, and what is waited for: whether a stream that can be fetched is to be fetched.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fanout::StreamKey as StreamName;
use filter::session::StreamKey;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::feed::{Feed, List, Listed};
use crate::via::Via;

/// A stream that a play waits for and nobody publishes. One entry per name, of the play that came first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The application as it is configured, the public name behind it, and the arguments of that play.
    pub key: StreamKey,
    /// Which servers wait behind it, this one included.
    pub via: Via,
}

/// Names that are watched or waited for. As many as there are played streams, which are bounded.
#[derive(Debug)]
pub(crate) struct Demand {
    names: Mutex<HashMap<StreamName, Interest>>,
    wanted: Arc<List<Wanted>>,
}

#[derive(Debug, Default)]
struct Interest {
    watching: usize,
    waiting: usize,
    wanted: Option<Listed<Wanted>>,
    /// The stream that it is made from: who watches this one watches that one.
    from: Option<StreamName>,
    /// How often it is made from that one: now, and a moment ago with players that wait for it.
    times: usize,
    /// For those who follow it.
    told: Option<watch::Sender<usize>>,
}

impl Demand {
    pub(crate) fn new() -> Demand {
        Demand { names: Mutex::default(), wanted: List::new() }
    }

    pub(crate) fn wanted(&self) -> Feed<Wanted> {
        self.wanted.reader()
    }

    /// Counts a player in.
    pub(crate) fn watch(self: &Arc<Demand>, name: StreamName) -> Watching {
        count(&mut self.lock(), &name, |watching| watching + 1);
        Watching { demand: Arc::clone(self), name }
    }

    /// From now on players of `name` count as players of `from` too, until the value is dropped. None if they count as those of
    /// another one, or if `from` is itself made from `name`.
    pub(crate) fn beside(self: &Arc<Demand>, name: StreamName, from: StreamName) -> Option<Beside> {
        let mut names = self.lock();
        let mut above = Some(&from);
        while let Some(one) = above {
            if *one == name {
                return None;
            }
            above = names.get(one).and_then(|interest| interest.from.as_ref());
        }
        let interest = names.entry(name.clone()).or_default();
        match &interest.from {
            Some(other) if *other != from => return None,
            Some(_) => interest.times += 1,
            None => {
                let watching = interest.watching;
                (interest.from, interest.times) = (Some(from.clone()), 1);
                count(&mut names, &from, |now| now + watching);
            }
        }
        drop(names);
        Some(Beside { demand: Arc::clone(self), name })
    }

    pub(crate) fn watchers(self: &Arc<Demand>, name: StreamName) -> Watchers {
        let mut names = self.lock();
        let interest = names.entry(name.clone()).or_default();
        let now = interest.watching;
        let counts = interest.told.get_or_insert_with(|| watch::Sender::new(now)).subscribe();
        drop(names);
        Watchers { demand: Arc::clone(self), name, counts }
    }

    fn change(&self, name: &StreamName, change: impl FnOnce(&mut Interest)) {
        let mut names = self.lock();
        let interest = names.entry(name.clone()).or_default();
        change(interest);
        if interest.is_none() {
            names.remove(name);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<StreamName, Interest>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Changes how many players a name has, and those that it is made from.
fn count(names: &mut HashMap<StreamName, Interest>, name: &StreamName, change: impl Fn(usize) -> usize) {
    let mut next = Some(name.clone());
    while let Some(name) = next {
        let interest = names.entry(name.clone()).or_default();
        interest.watching = change(interest.watching);
        interest.tell();
        next = interest.from.clone();
        if interest.is_none() {
            names.remove(&name);
        }
    }
}

impl Interest {
    fn tell(&self) {
        if let Some(told) = &self.told {
            told.send_replace(self.watching);
        }
    }

    /// Whether nobody is interested any more.
    fn is_none(&self) -> bool {
        self.watching == 0 && self.from.is_none() && self.told.as_ref().is_none_or(|told| told.receiver_count() == 0)
    }
}

/// A player that counts until it is dropped.
#[derive(Debug)]
pub(crate) struct Watching {
    demand: Arc<Demand>,
    name: StreamName,
}

impl Watching {
    /// The player waits for a publisher until the guard is dropped.
    pub(crate) fn wait(&self, wanted: Wanted) -> Waiting<'_> {
        self.demand.change(&self.name, |interest| {
            interest.waiting += 1;
            if interest.wanted.is_none() {
                interest.wanted = Some(self.demand.wanted.enter(wanted));
            }
        });
        Waiting(self)
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        count(&mut self.demand.lock(), &self.name, |watching| watching.saturating_sub(1));
    }
}

/// A stream is made from another one.
#[derive(Debug)]
pub(crate) struct Beside {
    demand: Arc<Demand>,
    name: StreamName,
}

impl Drop for Beside {
    fn drop(&mut self) {
        let mut names = self.demand.lock();
        let Some(interest) = names.get_mut(&self.name) else { return };
        interest.times = interest.times.saturating_sub(1);
        if interest.times > 0 {
            return;
        }
        let (from, watching) = (interest.from.take(), interest.watching);
        if interest.is_none() {
            names.remove(&self.name);
        }
        if let Some(from) = from {
            count(&mut names, &from, |now| now.saturating_sub(watching));
        }
    }
}

/// A player that waits for a publisher.
pub(crate) struct Waiting<'a>(&'a Watching);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.demand.change(&self.0.name, |interest| {
            interest.waiting -= 1;
            if interest.waiting == 0 {
                interest.wanted = None;
            }
        });
    }
}

/// How many players a name has; what the house itself takes from a stream does not count.
#[derive(Debug)]
pub struct Watchers {
    demand: Arc<Demand>,
    name: StreamName,
    counts: watch::Receiver<usize>,
}

impl Watchers {
    /// Players now, waiting ones too.
    pub fn now(&self) -> usize {
        *self.counts.borrow()
    }

    /// Returns when there has been no player for `time`. May be cancelled and called again; the time then starts anew.
    pub async fn gone(&mut self, time: Duration) {
        loop {
            // The sender is there as long as this follows the name.
            let _ = self.counts.wait_for(|players| *players == 0).await;
            let back = self.counts.wait_for(|players| *players > 0);
            if timeout(time, back).await.is_err() {
                return;
            }
        }
    }
}

impl Drop for Watchers {
    fn drop(&mut self) {
        // A channel of its own, so that the one that is dropped after this does not count any more.
        self.counts = watch::Sender::new(0).subscribe();
        self.demand.change(&self.name, |_| {});
    }
}
