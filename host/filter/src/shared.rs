//! Instances that many streams share (`isolation = "shared"`): one stream filter per stream, one call at a time.
//!
//! * A call of one stream waits for a call of another that runs: at most as long as calls may take, [`Limits`](crate::Limits), for each that is in front. Waits are
//!   counted.
//! * The host's side of a stream is in the store only while a call of that stream runs ([`Desk`]), and what handles stand for has an owner
//!   ([`crate::handles`]): the guest's memory is shared, the host is not.
//! * A trap or a missed deadline ends the instance for all. The stream in whose call it happened goes on alone, in an instance of its
//!   own, as long as the generation lives; the others find themselves evicted, and open again in another shared one. It is known again by
//!   its name and its publisher's address: an encoder that comes back with the same stream would end the next instance too.
//! * It lives as long as a stream is in it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError, Weak};
use std::time::Instant;

use crate::chain::StreamInfo;
use crate::counters::{Hook, Lane};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::generation::Generation;
use crate::host::Guest;
use crate::instance::Vessel;
use crate::tape::{Entry, Onlooker, Tape};
use crate::warnings::{Pass, Warning};

/// Streams that are remembered for what they did; the first of them is forgotten.
const MOST_ALONE: usize = 4096;

/// One instance for many streams.
pub(crate) struct Shared {
    guest: Arc<Guest>,
    /// None: a call has ended it.
    vessel: Mutex<Option<Box<Vessel>>>,
    gone: AtomicBool,
    /// What its frames came to: those of all its streams.
    pub(crate) lane: Arc<Lane>,
    /// The calls that made it, for recordings.
    pub(crate) preface: Vec<Entry>,
}

impl Shared {
    fn start(generation: &Arc<Generation>) -> Result<Shared, Failure> {
        let guest = generation.guest.clone();
        let mut desk = Desk::new(None);
        desk.tape = match guest.recorder {
            Some(_) => Some(Tape::new(Onlooker::Preface(Vec::new()))),
            None => guest.tape(""),
        };
        let vessel = Vessel::configured(generation, &mut desk)?;
        let preface = desk.tape.map_or_else(Vec::new, |tape| tape.into_preface());
        let lane = vessel.lane.clone();
        Ok(Shared { guest, vessel: Mutex::new(Some(Box::new(vessel))), gone: AtomicBool::new(false), lane, preface })
    }

    /// Whether a call has ended it.
    #[inline]
    pub(crate) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }

    /// Makes calls of one stream, when those of others are done.
    ///
    /// # Errors
    /// [`Cause::Evicted`](crate::failure::Cause::Evicted): a call of another stream has ended it.
    #[inline]
    pub(crate) fn enter<R>(
        &self,
        desk: &mut Box<Desk>,
        hook: Hook,
        work: impl FnOnce(&mut Vessel) -> R,
    ) -> Result<R, Failure> {
        let mut inside = match self.vessel.try_lock() {
            Ok(inside) => inside,
            Err(TryLockError::WouldBlock) => self.wait(hook)?,
            Err(TryLockError::Poisoned(_)) => return Err(self.lost(hook)),
        };
        let Some(vessel) = inside.as_mut() else { return Err(Failure::evicted(hook)) };
        let result = vessel.with(desk, work);
        if vessel.is_broken() {
            self.gone.store(true, Ordering::Release);
            let broken = inside.take();
            if let Some(broken) = &broken {
                // Before anybody who waits can look for another instance: it may be the same stream once more.
                broken.generation.ended_by(&desk.info);
            }
            drop(inside);
        }
        Ok(result)
    }

    #[cold]
    fn wait(&self, hook: Hook) -> Result<MutexGuard<'_, Option<Box<Vessel>>>, Failure> {
        let started = Instant::now();
        let inside = self.vessel.lock().map_err(|_| self.lost(hook));
        self.guest.counters.waited(started.elapsed());
        inside
    }

    /// A bug of the host's own came up in a call.
    fn lost(&self, hook: Hook) -> Failure {
        self.gone.store(true, Ordering::Release);
        Failure::evicted(hook)
    }
}

#[derive(Default)]
struct Instances {
    all: Vec<Weak<Shared>>,
    /// A further one is being made.
    start: Option<Arc<Start>>,
}

impl Instances {
    fn with_room(&mut self, most: usize) -> Option<Arc<Shared>> {
        self.all.retain(|shared| shared.strong_count() > 0);
        // One is ours for the moment.
        let fits = |shared: &Arc<Shared>| !shared.is_gone() && Arc::strong_count(shared) <= most;
        self.all.iter().filter_map(Weak::upgrade).find(fits)
    }
}

/// The making of an instance, and what came of it.
#[derive(Default)]
struct Start {
    made: Mutex<Option<Result<(), Failure>>>,
    done: Condvar,
}

impl Start {
    fn wait(&self) -> Result<(), Failure> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let made = self.done.wait_while(made, |made| made.is_none()).unwrap_or_else(PoisonError::into_inner);
        made.clone().unwrap_or(Ok(()))
    }
}

/// Whoever makes an instance; however that ends, those who wait hear of it.
struct Maker<'a> {
    shares: &'a Shares,
    start: Arc<Start>,
    made: Result<Arc<Shared>, Failure>,
}

impl Drop for Maker<'_> {
    fn drop(&mut self) {
        let mut instances = self.shares.lock();
        instances.all.extend(self.made.as_ref().ok().map(Arc::downgrade));
        instances.start = None;
        drop(instances);
        let made = self.made.as_ref().map(|_| ()).map_err(Failure::clone);
        *self.start.made.lock().unwrap_or_else(PoisonError::into_inner) = Some(made);
        self.start.done.notify_all();
    }
}

/// The shared instances of one generation.
#[derive(Default)]
pub(crate) struct Shares {
    instances: Mutex<Instances>,
    /// Parties whose calls ended a shared instance: `live/cam from 192.0.2.1`, with the viewer's address where a chain is for one.
    alone: Mutex<VecDeque<String>>,
}

impl Shares {
    /// An instance with room for one more stream; a new one if there is none.
    ///
    /// Who finds no room while one is made waits for that one, for a crowd of streams is to make one instance and not a crowd of them.
    /// It ends as the guest's start does, within its limit; if that fails, it has failed for all who waited, and they do not stand in
    /// line to see it fail once more each.
    pub(crate) fn place(&self, generation: &Arc<Generation>) -> Result<Arc<Shared>, Failure> {
        let most = generation.guest.limits.streams_per_instance;
        loop {
            let mut instances = self.lock();
            if let Some(shared) = instances.with_room(most) {
                return Ok(shared);
            }
            if let Some(start) = instances.start.clone() {
                drop(instances);
                start.wait()?;
                continue;
            }
            let start = Arc::<Start>::default();
            instances.start = Some(start.clone());
            drop(instances);
            let mut maker = Maker { shares: self, start, made: Err(Failure::evicted(Hook::Start)) };
            maker.made = Shared::start(generation).map(Arc::new);
            return maker.made.clone();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Instances> {
        self.instances.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a stream is to have an instance of its own.
    pub(crate) fn is_alone(&self, party: &str) -> bool {
        self.alone.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|name| name == party)
    }

    fn set_apart(&self, party: String) {
        let mut alone = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
        if alone.len() >= MOST_ALONE {
            alone.pop_front();
        }
        alone.push_back(party);
    }
}

impl Generation {
    /// A call of this party has ended a shared instance.
    #[cold]
    fn ended_by(&self, info: &Option<Arc<StreamInfo>>) {
        let party = info.as_ref().map(|info| info.party()).unwrap_or_default();
        if let Some(shares) = &self.shares {
            shares.set_apart(party.clone());
        }
        let counters = &self.guest.counters;
        counters.totals.set_apart.fetch_add(1, Ordering::Relaxed);
        if let Some(Pass { held_back }) = counters.warnings.pass(Warning::SetApart, &self.guest.clock) {
            let (name, generation) = (&*self.guest.name, &self.label);
            tracing::warn!(target: "filter", filter = name, stream = party, generation, held_back, "a call of this stream ended an instance that others share: they are opened again, and it has one of its own from now on");
        }
    }
}
