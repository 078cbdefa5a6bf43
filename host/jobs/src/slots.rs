//! How many encoders run at a time, and who goes first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// Places for encoders: so many in all, and of each profile. Who asks waits in a line by priority, then by age. Nobody who runs
/// is sent away for who waits.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    most: usize,
    taken: usize,
    of_profile: HashMap<String, usize>,
    line: Vec<Waiting>,
    asked: u64,
}

#[derive(Debug)]
struct Waiting {
    priority: u8,
    number: u64,
    profile: String,
    /// 0: no bound of its own.
    at_once: usize,
    granted: oneshot::Sender<Slot>,
}

/// A place in the line. Dropping it gives it up.
#[derive(Debug)]
pub(crate) struct Ticket(oneshot::Receiver<Slot>);

impl Ticket {
    /// Waits for its turn. May be cancelled and called again.
    pub(crate) async fn turn(&mut self) -> Option<Slot> {
        (&mut self.0).await.ok()
    }
}

/// A place, until it is dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    slots: Arc<Slots>,
    profile: String,
}

impl Slots {
    pub(crate) fn set(self: &Arc<Slots>, most: usize) {
        self.lock().most = most;
        self.serve();
    }

    /// Joins the line.
    pub(crate) fn ask(self: &Arc<Slots>, profile: &str, at_once: usize, priority: u8) -> Ticket {
        let (granted, ticket) = oneshot::channel();
        {
            let mut state = self.lock();
            state.asked += 1;
            let waiting = Waiting { priority, number: state.asked, profile: profile.to_owned(), at_once, granted };
            state.line.push(waiting);
            state.line.sort_by_key(|waiting| (std::cmp::Reverse(waiting.priority), waiting.number));
        }
        self.serve();
        Ticket(ticket)
    }

    /// Taken, and in all.
    pub(crate) fn taken(&self) -> (usize, usize) {
        let state = self.lock();
        (state.taken, state.most)
    }

    /// Gives free places to those whose turn it is.
    fn serve(self: &Arc<Slots>) {
        loop {
            let next = self.lock().next();
            let Some(next) = next else { return };
            let slot = Slot { slots: Arc::clone(self), profile: next.profile };
            // Who has given up gives the place back by dropping it.
            drop(next.granted.send(slot));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next(&mut self) -> Option<Waiting> {
        self.line.retain(|waiting| !waiting.granted.is_closed());
        if self.taken >= self.most {
            return None;
        }
        let running = |profile: &str| self.of_profile.get(profile).copied().unwrap_or(0);
        let fits = |waiting: &Waiting| waiting.at_once == 0 || running(&waiting.profile) < waiting.at_once;
        let at = self.line.iter().position(fits)?;
        let next = self.line.remove(at);
        self.taken += 1;
        *self.of_profile.entry(next.profile.clone()).or_default() += 1;
        Some(next)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        {
            let mut state = self.slots.lock();
            state.taken = state.taken.saturating_sub(1);
            if let Some(running) = state.of_profile.get_mut(&self.profile) {
                *running = running.saturating_sub(1);
                if *running == 0 {
                    state.of_profile.remove(&self.profile);
                }
            }
        }
        self.slots.serve();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(ticket: &mut Ticket) -> Option<Slot> {
        ticket.0.try_recv().ok()
    }

    #[test]
    fn the_highest_priority_goes_first_and_nobody_is_sent_away() {
        let slots = Arc::new(Slots::default());
        slots.set(1);
        let first = now(&mut slots.ask("a", 0, 1)).unwrap();
        let (mut low, mut high, mut same) = (slots.ask("a", 0, 1), slots.ask("a", 0, 9), slots.ask("a", 0, 9));
        assert!(now(&mut high).is_none());
        drop(first);
        let second = now(&mut high).unwrap();
        assert!(now(&mut low).is_none() && now(&mut same).is_none());
        drop(second);
        let third = now(&mut same).unwrap();
        slots.set(2);
        let fourth = now(&mut low).unwrap();
        assert_eq!(slots.taken(), (2, 2));
        drop((third, fourth));
        assert_eq!(slots.taken(), (0, 2));
    }

    #[test]
    fn a_profile_at_its_own_bound_lets_others_pass() {
        let slots = Arc::new(Slots::default());
        slots.set(3);
        let _one = now(&mut slots.ask("gpu", 1, 5)).unwrap();
        let mut waits = slots.ask("gpu", 1, 9);
        assert!(now(&mut waits).is_none());
        assert!(now(&mut slots.ask("cpu", 0, 1)).is_some());
    }

    #[test]
    fn who_gives_up_takes_no_place() {
        let slots = Arc::new(Slots::default());
        slots.set(1);
        let held = now(&mut slots.ask("a", 0, 1)).unwrap();
        drop(slots.ask("a", 0, 9));
        let mut next = slots.ask("a", 0, 1);
        drop(held);
        assert!(now(&mut next).is_some());
    }
}
