//! A store with a guest in it, and calls under their limits.

use std::sync::Arc;
use std::time::Duration;

use filter_wit::media::MediaFilter;
use filter_wit::media::exports::weir::filter::media::Subscription;
use wasmtime::Store;
use wasmtime::component::ResourceAny;

use super::Opening;
use crate::convert;
use crate::counters::{Hook, Lane};
use crate::desk::Desk;
use crate::failure::{Cause, Failure};
use crate::filter::Description;
use crate::generation::Generation;
use crate::host::State;
use crate::output::Order;
use crate::pace::Gait;
use crate::session::pool::Counted;
use crate::tape::{Args, Outcome, Said};

/// More would make matching a cost of its own.
const MOST_INTERESTS: usize = 256;

/// See the module.
pub(crate) struct Vessel {
    pub(crate) generation: Arc<Generation>,
    store: Store<State>,
    guest: MediaFilter,
    /// A call ended in a trap: no other can be made.
    broken: bool,
    memory: usize,
    /// What its frames came to. In one that streams share, whoever has the lock writes.
    pub(crate) lane: Arc<Lane>,
    _counted: Counted,
}

/// A stream filter in an instance, and what it wants.
pub(super) struct Opened {
    pub(super) filter: ResourceAny,
    pub(super) wanted: Subscription,
}

impl Vessel {
    /// Starts an instance in calls of the stream at this desk, or of none.
    fn start(generation: &Arc<Generation>, desk: &mut Box<Desk>) -> Result<Vessel, Failure> {
        let none =
            || Failure { hook: Hook::Start, cause: Cause::Trap, why: "it is no media filter".into(), limit: None };
        let pre = generation.media.as_ref().ok_or_else(none)?;
        let mut store = generation.media_store();
        let limit = generation.guest.limits.start_time;
        std::mem::swap(&mut store.data_mut().desk, desk);
        store.data_mut().begins(Hook::Start, || Args::None);
        let guest =
            timed(generation, &mut store, Hook::Start, limit, &mut Order::default(), |store| pre.instantiate(store));
        std::mem::swap(&mut store.data_mut().desk, desk);
        let guest = guest?;
        let (lane, _counted) = (generation.guest.counters.lane(), Counted::new(&generation.guest));
        let generation = generation.clone();
        let mut vessel = Vessel { generation, store, guest, broken: false, memory: 0, lane, _counted };
        vessel.look_at_memory();
        Ok(vessel)
    }

    /// Starts and configures an instance.
    pub(crate) fn configured(generation: &Arc<Generation>, desk: &mut Box<Desk>) -> Result<Vessel, Failure> {
        let mut vessel = Vessel::start(generation, desk)?;
        let limit = generation.guest.limits.start_time;
        vessel.with(desk, |it| {
            it.timed(Hook::Configure, limit, &mut Order::default(), |store, guest| {
                guest.weir_filter_lifecycle().call_configure(store)
            })?
            .map_err(|fault| Failure::said(Hook::Configure, &fault))
        })?;
        Ok(vessel)
    }

    /// What the guest says of itself. Nothing is configured.
    pub(super) fn describe(generation: &Arc<Generation>, desk: &mut Box<Desk>) -> Result<Description, Failure> {
        let mut vessel = Vessel::start(generation, desk)?;
        let limit = generation.guest.limits.start_time;
        let described = vessel.with(desk, |it| {
            it.timed(Hook::Describe, limit, &mut Order::default(), |store, guest| {
                guest.weir_filter_lifecycle().call_describe(store)
            })
        });
        Ok(convert::media_description(described?))
    }

    /// Lays out the desk of a stream, for calls of that stream.
    #[inline]
    pub(crate) fn with<R>(&mut self, desk: &mut Box<Desk>, work: impl FnOnce(&mut Vessel) -> R) -> R {
        let state = self.store.data_mut();
        std::mem::swap(&mut state.desk, desk);
        if !state.strays.is_empty() {
            state.settle_strays();
        }
        let result = work(self);
        std::mem::swap(&mut self.store.data_mut().desk, desk);
        result
    }

    /// No call can be made any more.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }

    pub(crate) fn state(&mut self) -> &mut State {
        self.store.data_mut()
    }

    /// Opens a stream filter and asks what it wants to see.
    pub(super) fn open(&mut self, opening: &Opening<'_>) -> Result<Opened, Failure> {
        let limit = self.generation.guest.limits.start_time;
        let info = convert::stream_info(opening.info, opening.tracks, opening.attempt);
        let resume = opening.resume.as_ref();
        self.store.data_mut().begins(Hook::Open, || Args::Open {
            info: opening.info.clone(),
            tracks: opening.tracks.to_vec(),
            resume: opening.resume.clone(),
            attempt: opening.attempt,
        });
        let opened = self.timed_with(Hook::Open, limit, &mut Order::default(), |store, guest| {
            guest.weir_filter_media().stream_filter().call_open(store, &info, resume)
        })?;
        let filter = opened.map_err(|fault| Failure::said(Hook::Open, &fault))?;
        let wanted = self.timed(Hook::Subscribe, limit, &mut Order::default(), |store, guest| {
            guest.weir_filter_media().stream_filter().call_subscribe(store, filter)
        })?;
        if wanted.frames.len() > MOST_INTERESTS {
            let why = format!("{} interests, at most {MOST_INTERESTS}", wanted.frames.len());
            self.let_go(filter, limit);
            return Err(Failure { hook: Hook::Subscribe, cause: Cause::Fault, why, limit: None });
        }
        Ok(Opened { filter, wanted })
    }

    /// Lets a stream filter go without a word to it. Failing at that is nobody's concern but the counters'.
    pub(super) fn let_go(&mut self, filter: ResourceAny, limit: Duration) {
        let (dropped, _) = self.call(limit, &mut Order::default(), |store, _| filter.resource_drop(store));
        if let Err(e) = dropped {
            Failure::trapped(Hook::End, &e, self.store.data()).count(&self.generation.guest.counters);
        }
    }

    /// One call under its deadline. `last` is lent to the guest's output for the call: emissions must not go behind it.
    #[inline]
    pub(super) fn call<R>(
        &mut self,
        limit: Duration,
        last: &mut Order,
        call: impl FnOnce(&mut Store<State>, &MediaFilter) -> wasmtime::Result<R>,
    ) -> (wasmtime::Result<R>, Duration) {
        let (store, guest) = (&mut self.store, &self.guest);
        let (result, took) = armed(&self.generation, store, limit, last, |store| call(store, guest));
        self.broken |= result.is_err();
        if store.data().limiter.bytes() != self.memory {
            self.look_at_memory();
        }
        (result, took)
    }

    #[cold]
    fn look_at_memory(&mut self) {
        self.memory = self.store.data().limiter.bytes();
        self.generation.guest.counters.memory(self.memory);
    }

    /// One call under its deadline, counted and on the tape.
    pub(super) fn timed<R: Said>(
        &mut self,
        hook: Hook,
        limit: Duration,
        last: &mut Order,
        call: impl FnOnce(&mut Store<State>, &MediaFilter) -> wasmtime::Result<R>,
    ) -> Result<R, Failure> {
        self.store.data_mut().begins(hook, || Args::None);
        self.timed_with(hook, limit, last, call)
    }

    /// [`Vessel::timed`], behind a tape that knows what the call is about.
    pub(super) fn timed_with<R: Said>(
        &mut self,
        hook: Hook,
        limit: Duration,
        last: &mut Order,
        call: impl FnOnce(&mut Store<State>, &MediaFilter) -> wasmtime::Result<R>,
    ) -> Result<R, Failure> {
        let (store, guest) = (&mut self.store, &self.guest);
        let result = timed(&self.generation, store, hook, limit, last, |store| call(store, guest));
        // What the guest says itself is no error here.
        self.broken |= result.is_err();
        if self.store.data().limiter.bytes() != self.memory {
            self.look_at_memory();
        }
        result
    }

    /// Bytes between host and guest in the call that has returned.
    pub(super) fn copied(&self) -> usize {
        self.store.data().budget.copied()
    }

    /// What ended a call from below.
    pub(super) fn trapped(&self, hook: Hook, error: &wasmtime::Error) -> Failure {
        Failure::trapped(hook, error, self.store.data())
    }
}

impl Drop for Vessel {
    fn drop(&mut self) {
        self.generation.guest.counters.retire(&self.lane);
        self.generation.frames.add(self.lane.times());
    }
}

/// Runs one call under its deadline, counts it and tells the tape how it ended.
fn timed<R: Said>(
    generation: &Generation,
    store: &mut Store<State>,
    hook: Hook,
    limit: Duration,
    last: &mut Order,
    call: impl FnOnce(&mut Store<State>) -> wasmtime::Result<R>,
) -> Result<R, Failure> {
    let (result, took) = armed(generation, store, limit, last, call);
    let copied = store.data().budget.copied();
    generation.guest.counters.call(hook, took, None, copied);
    let result = result.map_err(|e| Failure::trapped(hook, &e, store.data()));
    store.data_mut().ends(|| match &result {
        Ok(answer) => answer.said(),
        Err(failure) => Outcome::failed(failure),
    });
    result
}

#[inline]
fn armed<R>(
    generation: &Generation,
    store: &mut Store<State>,
    limit: Duration,
    last: &mut Order,
    call: impl FnOnce(&mut Store<State>) -> wasmtime::Result<R>,
) -> (wasmtime::Result<R>, Duration) {
    let state = store.data_mut();
    state.budget.begin();
    state.limiter.forget_refusal();
    std::mem::swap(&mut state.last, last);
    let began = state.desk.gait.begins();
    let (armed, stopwatch) = (generation.engines.arm_here(), &generation.engines.stopwatch);
    let started = stopwatch.raw();
    store.data_mut().deadline.begin(limit, started);
    store.set_epoch_deadline(1);
    let result = call(store);
    let took = Duration::from_nanos(stopwatch.delta_as_nanos(started, stopwatch.raw()));
    drop(armed);
    let state = store.data_mut();
    if Gait::is_to_note(began, took) {
        state.desk.gait.ended(began, took, &generation.pace);
    }
    std::mem::swap(&mut state.last, last);
    state.note_used();
    (result, took)
}
