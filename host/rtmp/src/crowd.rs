//! The players of one stream, written to in one walk.
//!
//! Most players stand at the same place most of the time: they have everything so far and their sockets take more. Such a
//! player *rides*: its connection's task sleeps, and a walk over the stream's [`Seat`]s, woken once per flush, writes to each
//! socket. What is to be written was made once for all who stand at one place. A player that is anything else, new, paused,
//! slow, spoken to, gets off and is served by its own connection, until it has caught up and boards again.
//!
//! A crowd is one task, and so busies one core at a time: a stream with many players has several.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fanout::Follower;
use tokio::sync::Notify;

use self::parcel::Parcels;
pub(crate) use self::seat::{Form, Ridden, Seat};
use crate::counters::Counters;

mod parcel;
mod seat;

/// Players of a crowd before another one begins: below that a second wake-up costs more than a second core saves.
const ENOUGH: usize = 64;
/// Players that are written to before other tasks get their turn.
const STRETCH: usize = 256;
/// Seats that were left and may lie about until the next walk.
const LITTER: usize = 32;

/// The crowds of all streams.
#[derive(Debug)]
pub(crate) struct Crowds {
    by_stream: Mutex<HashMap<u64, Vec<Arc<Crowd>>>>,
    counters: Arc<Counters>,
    /// Crowds of one stream that can be at work at a time.
    workers: usize,
}

/// One share of a stream's players.
#[derive(Debug)]
pub(crate) struct Crowd {
    stream: u64,
    newcomers: Mutex<Vec<Arc<Seat>>>,
    /// Seats that are taken.
    taken: AtomicUsize,
    /// Seats that were left since the last walk.
    left: AtomicUsize,
    /// Asks for a walk although the stream has not turned.
    walk: Notify,
}

impl Crowds {
    pub(crate) fn new(counters: Arc<Counters>) -> Arc<Crowds> {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        Arc::new(Crowds { by_stream: Mutex::default(), counters, workers })
    }

    /// Takes a seat in the smallest crowd of a stream. `follower` is asked for if a new crowd begins.
    pub(crate) fn join(
        self: &Arc<Self>,
        stream: u64,
        seat: Arc<Seat>,
        follower: impl FnOnce() -> Follower,
    ) -> Arc<Crowd> {
        let mut crowds = self.lock();
        let of_stream = crowds.entry(stream).or_default();
        let smallest = of_stream.iter().min_by_key(|c| c.taken.load(Ordering::Relaxed));
        let crowd = match smallest {
            Some(crowd) if of_stream.len() >= self.workers || crowd.taken.load(Ordering::Relaxed) < ENOUGH => {
                Arc::clone(crowd)
            }
            _ => {
                let crowd = Arc::new(Crowd {
                    stream,
                    newcomers: Mutex::default(),
                    taken: AtomicUsize::new(0),
                    left: AtomicUsize::new(0),
                    walk: Notify::new(),
                });
                of_stream.push(Arc::clone(&crowd));
                tokio::spawn(serve(Arc::clone(self), Arc::clone(&crowd), follower()));
                crowd
            }
        };
        crowd.taken.fetch_add(1, Ordering::Relaxed);
        crowd.newcomers().push(seat);
        crowd
    }

    /// Ends a crowd if no seat of it is taken.
    fn close(&self, crowd: &Arc<Crowd>) -> bool {
        let mut crowds = self.lock();
        if crowd.taken.load(Ordering::Relaxed) > 0 {
            return false;
        }
        if let Some(of_stream) = crowds.get_mut(&crowd.stream) {
            of_stream.retain(|other| !Arc::ptr_eq(other, crowd));
            if of_stream.is_empty() {
                crowds.remove(&crowd.stream);
            }
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Vec<Arc<Crowd>>>> {
        self.by_stream.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Crowd {
    /// A seat was left.
    pub(crate) fn leave(&self) {
        let left = self.left.fetch_add(1, Ordering::Relaxed);
        if self.taken.fetch_sub(1, Ordering::Relaxed) == 1 || left >= LITTER {
            self.walk.notify_one();
        }
    }

    fn newcomers(&self) -> MutexGuard<'_, Vec<Arc<Seat>>> {
        self.newcomers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Walks whenever the stream turns, until nobody is left.
async fn serve(crowds: Arc<Crowds>, crowd: Arc<Crowd>, mut follower: Follower) {
    let mut seats: Vec<Arc<Seat>> = Vec::new();
    loop {
        tokio::select! {
            biased;
            () = follower.turned() => {}
            () = crowd.walk.notified() => {}
        }
        crowd.left.store(0, Ordering::Relaxed);
        seats.append(&mut crowd.newcomers());
        walk(&crowds.counters, &mut seats, &follower).await;
        if seats.is_empty() && crowds.close(&crowd) {
            return;
        }
    }
}

/// One walk over all seats.
async fn walk(counters: &Counters, seats: &mut Vec<Arc<Seat>>, follower: &Follower) {
    let mut at = 0;
    loop {
        let mut parcels = Parcels::new(follower);
        for _ in 0..STRETCH {
            let Some(seat) = seats.get(at) else { break };
            if seat.serve(&mut parcels) {
                at += 1;
            } else {
                seats.swap_remove(at);
            }
        }
        Counters::add(&counters.bytes_out, parcels.bytes);
        Counters::add(&counters.messages_out, parcels.messages);
        if at >= seats.len() {
            break;
        }
        tokio::task::yield_now().await;
    }
    if seats.capacity() > 2 * ENOUGH && seats.len() < seats.capacity() / 4 {
        seats.shrink_to(2 * seats.len());
    }
}
