//! The breaker that the viewers of a stream have in common.
//!
//! A filter at the viewers has an instance for each of them. One that hangs would hang for each: with three hundred viewers that is three
//! hundred deadlines, on the threads that serve everybody. So their faults are counted together, by stream and generation. When there are
//! too many the circuit opens: nobody is called any more, whether it failed for them or not. After the window one viewer tries, and the
//! others wait for what comes of it: they have the filter again when it has worked for a while, and if it fails the circuit stays open
//! for another window.
//!
//! The calls that fail until then are few, and soon no stream but this one waits for them: after a fault the viewers' calls are made where
//! those are made that may take long ([`Link::pace`]), for a moment, and so are those of who tries.
//!
//! Time is the router's here: viewers are not all at the same place of the stream.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use media::Frame;

use super::fault::Breaker;
use super::link::Link;
use super::newcomer::discard;
use super::{Ended, Moment};
use crate::failure::{Cause, Failure};
use crate::generation::Generation;
use crate::spec::{Limits, MediaFailure};
use crate::warnings::{Pass, Warning};

/// Stream time that an instance works before others follow the one that tries.
const TRIAL_US: i64 = 1_000_000;
/// Who tries and does not come to an end, because the viewer reads nothing, is not waited for longer.
const PATIENCE_US: i64 = 10_000_000;
/// After a fault the viewers of the stream are called with care for so long: in a storm the next fault comes within milliseconds.
const SUSPECT_US: i64 = 1_000_000;
const CALM: i64 = i64::MIN;
/// Circuits that are remembered before those with nothing to remember are looked for.
const FEW: usize = 64;

/// See the module.
#[derive(Debug)]
pub(crate) struct Circuit {
    /// What everybody looks at with each frame.
    open: AtomicBool,
    /// Until then a call may hang as one has hung just now; [`CALM`] if none has.
    suspect_until_us: AtomicI64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    breaker: Box<Breaker>,
    window_us: i64,
    /// While it is open: nobody tries before.
    until_us: i64,
    trial: Option<Trial>,
}

#[derive(Clone, Copy, Debug)]
struct Trial {
    /// Whose play.
    viewer: u64,
    until_us: i64,
}

/// Whether a viewer may have an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Admission {
    Free,
    /// It tries for all.
    Trial,
    Refused,
}

/// What a fault led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fault {
    /// So long nobody of those that it failed for tries again.
    wait_us: i64,
    /// It opened with this one, or stays open because of it.
    opened: bool,
}

impl Circuit {
    fn new(limits: &Limits) -> Circuit {
        let window_us = i64::try_from(limits.breaker_window.as_micros()).unwrap_or(i64::MAX / 2);
        let breaker = Breaker::new(limits);
        let state = State { breaker, window_us, until_us: i64::MIN, trial: None };
        let suspect_until_us = AtomicI64::new(CALM);
        Circuit { open: AtomicBool::new(false), suspect_until_us, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody is to be called but who tries.
    #[inline]
    pub(super) fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire)
    }

    /// Whether a call has failed just now for one of the viewers.
    #[inline]
    fn is_suspect(&self, now_us: impl FnOnce() -> i64) -> bool {
        let until_us = self.suspect_until_us.load(Ordering::Relaxed);
        if until_us == CALM {
            return false;
        }
        let suspect = now_us() < until_us;
        if !suspect {
            // Nobody needs to look at the clock any more; should a fault come between, its time is not this one.
            let _ = self.suspect_until_us.compare_exchange(until_us, CALM, Ordering::Relaxed, Ordering::Relaxed);
        }
        suspect
    }

    /// What [`admit`](Circuit::admit) would say, without taking the trial.
    fn would_admit(&self, viewer: u64, now_us: i64) -> bool {
        !self.is_open() || self.state().may_try(viewer, now_us)
    }

    fn admit(&self, viewer: u64, now_us: i64) -> Admission {
        if !self.is_open() {
            return Admission::Free;
        }
        let mut state = self.state();
        if !self.is_open() {
            return Admission::Free;
        }
        if !state.may_try(viewer, now_us) {
            return Admission::Refused;
        }
        state.trial = Some(Trial { viewer, until_us: now_us.saturating_add(PATIENCE_US) });
        Admission::Trial
    }

    fn fault(&self, viewer: u64, now_us: i64) -> Fault {
        let mut state = self.state();
        if self.is_open() {
            // A call that was under way when it opened changes nothing.
            let tried = state.trial.is_some_and(|trial| trial.viewer == viewer);
            if tried {
                state.trial = None;
                state.until_us = now_us.saturating_add(state.window_us);
            }
            return Fault { wait_us: 0, opened: tried };
        }
        let retry = state.breaker.fault(now_us);
        if retry.tripped {
            state.until_us = retry.at_us;
            state.trial = None;
            self.suspect_until_us.store(CALM, Ordering::Relaxed);
            self.open.store(true, Ordering::Release);
            return Fault { wait_us: 0, opened: true };
        }
        self.suspect_until_us.store(now_us.saturating_add(SUSPECT_US), Ordering::Relaxed);
        Fault { wait_us: retry.at_us.saturating_sub(now_us), opened: false }
    }

    /// Who tries has come through. False: it is not this one that is waited for.
    fn worked(&self, viewer: u64) -> bool {
        let mut state = self.state();
        let tried = state.trial.is_some_and(|trial| trial.viewer == viewer);
        if tried {
            state.trial = None;
            self.open.store(false, Ordering::Release);
        }
        tried
    }

    /// Who tries is gone before anything came of it: another one may.
    fn left(&self, viewer: u64) {
        let mut state = self.state();
        if state.trial.is_some_and(|trial| trial.viewer == viewer) {
            state.trial = None;
        }
    }

    /// Whether there is nothing that the next viewer would have to know.
    fn is_idle(&self, now_us: i64) -> bool {
        let state = self.state();
        match self.is_open() {
            true => now_us >= state.until_us.saturating_add(state.window_us),
            false => state.breaker.is_quiet(now_us),
        }
    }
}

impl State {
    fn may_try(&self, viewer: u64, now_us: i64) -> bool {
        let free = |trial: Trial| trial.viewer == viewer || now_us >= trial.until_us;
        now_us >= self.until_us && self.trial.is_none_or(free)
    }
}

/// The circuits of a filter, by publication and generation. They outlive the viewers that they opened for, since these come again.
#[derive(Debug, Default)]
pub(crate) struct Circuits(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    all: HashMap<(u64, u64), Arc<Circuit>>,
    /// With so many, those that nobody has and that remember nothing go.
    most: usize,
}

impl Circuits {
    fn of(&self, stream: u64, generation: u64, limits: &Limits, now_us: i64) -> Arc<Circuit> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(circuit) = known.all.get(&(stream, generation)) {
            return circuit.clone();
        }
        if known.all.len() >= known.most.max(FEW) {
            known.all.retain(|_, circuit| Arc::strong_count(circuit) > 1 || !circuit.is_idle(now_us));
            known.most = known.all.len().saturating_mul(2);
        }
        let circuit = Arc::new(Circuit::new(limits));
        known.all.insert((stream, generation), circuit.clone());
        circuit
    }
}

/// What a viewer's link knows of the circuit of its generation.
#[derive(Debug)]
pub(super) struct Share {
    circuit: Arc<Circuit>,
    viewer: u64,
    /// It tries for all, since this time of the stream, once it has begun to be shown frames.
    trial: Option<Option<i64>>,
}

impl Share {
    fn is_open(&self) -> bool {
        self.circuit.is_open() && self.trial.is_none()
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if self.trial.is_some() {
            self.circuit.left(self.viewer);
        }
    }
}

/// In words, for logs and for who is refused.
const WHY: &str = "it failed too often for viewers of this stream";

impl Link {
    fn router_us(&self) -> i64 {
        i64::try_from(self.filter.clock().monotonic_ns() / 1000).unwrap_or(i64::MAX)
    }

    /// The circuit of a generation, and whose play this is; none for a link that is no viewer's.
    fn circuit_of(&self, generation: &Generation, at: &Moment) -> Option<(Arc<Circuit>, u64)> {
        // Of what has no number nothing can be known in common.
        let viewer = at.info.viewer.as_ref().filter(|_| at.info.id != 0)?.id;
        let limits = &self.spec.limits;
        Some((self.filter.circuits().of(at.info.id, generation.id, limits, self.router_us()), viewer))
    }

    /// From now on the faults of this generation count.
    pub(super) fn joins(&mut self, generation: &Generation, at: &Moment) {
        let Some((circuit, viewer)) = self.circuit_of(generation, at) else { return };
        if !self.share.as_ref().is_some_and(|share| Arc::ptr_eq(&share.circuit, &circuit)) {
            self.share = Some(Box::new(Share { circuit, viewer, trial: None }));
        }
    }

    /// Whether a generation is left out for all viewers of this stream.
    pub(super) fn is_out(&self, generation: &Generation, at: &Moment) -> bool {
        self.circuit_of(generation, at).is_some_and(|(circuit, _)| circuit.is_open())
    }

    /// Whether an instance may be opened; who may although the circuit is open tries for all.
    ///
    /// # Errors
    /// It may not.
    pub(super) fn admitted(&mut self) -> Result<(), Failure> {
        let now_us = self.router_us();
        let Some(share) = &mut self.share else { return Ok(()) };
        match share.circuit.admit(share.viewer, now_us) {
            Admission::Free => share.trial = None,
            Admission::Trial => share.trial = Some(None),
            Admission::Refused => return Err(Failure::left_out(WHY)),
        }
        Ok(())
    }

    /// Whether [`admitted`](Link::admitted) would let it.
    pub(super) fn may_be_admitted(&self) -> bool {
        let may = |share: &Share| share.circuit.would_admit(share.viewer, self.router_us());
        self.share.as_deref().is_none_or(may)
    }

    /// Whether it is not to be called: it failed for others.
    #[inline]
    pub(super) fn is_left_out(&self) -> bool {
        self.share.as_ref().is_some_and(|share| share.is_open())
    }

    /// Whether a call may well be one that hangs: it tries for all, or another viewer has had a fault just now.
    #[inline]
    pub(super) fn is_suspect(&self) -> bool {
        let suspect = |share: &Share| share.trial.is_some() || share.circuit.is_suspect(|| self.router_us());
        self.share.as_deref().is_some_and(suspect)
    }

    /// Whether it tries for all: something else than interest decides then.
    #[inline]
    pub(super) fn is_tried(&self) -> bool {
        self.share.as_ref().is_some_and(|share| share.trial.is_some())
    }

    /// A call failed for this viewer. How long it is to wait; none: it is no viewer's.
    pub(super) fn shared_fault(&mut self, at: &Moment) -> Option<i64> {
        let now_us = self.router_us();
        let share = self.share.as_mut()?;
        share.trial = None;
        let fault = share.circuit.fault(share.viewer, now_us);
        if fault.opened {
            self.opened(at);
        }
        Some(fault.wait_us)
    }

    /// The same, of a generation that the link has left, or could not go over to.
    pub(super) fn counts_against(&self, generation: &Generation, at: &Moment) {
        let Some((circuit, viewer)) = self.circuit_of(generation, at) else { return };
        if circuit.fault(viewer, self.router_us()).opened {
            self.opened(at);
        }
    }

    fn opened(&self, at: &Moment) {
        let counters = self.filter.counters_inner();
        counters.totals.breaker_trips.fetch_add(1, Ordering::Relaxed);
        if let Some(Pass { held_back }) = counters.warnings.pass(Warning::LeftOut, self.filter.clock()) {
            let (name, stream, window) = (self.filter.name(), at.name(), self.spec.limits.breaker_window);
            tracing::warn!(target: "filter", filter = name, stream, held_back, "too many faults: it is left out for {window:?}, for all viewers of the stream");
        }
    }

    /// It failed too often for others: what comes goes by without it, or ends, as its policy says.
    #[cold]
    pub(super) fn leave_out(&mut self, at: &mut Moment, out: &mut Vec<Frame>) {
        // One that is being got ready would hang as the others have.
        self.pending = self.pending.take().filter(|newcomer| !newcomer.returns);
        let Some(live) = self.live.take() else { return };
        let bad = live.generation.id;
        discard(live, None);
        if let Some(probation) = self.probation.take()
            && self.go_back(probation, None, WHY, at, out)
        {
            self.shunned = Some(bad);
            while let Some(frame) = self.held.pop() {
                if self.show(frame, at, out).is_err() {
                    break;
                }
            }
            return;
        }
        self.stays_out(at);
        self.let_go_of_held(at, out);
    }

    /// There is no instance, and will be none before the circuit lets somebody try.
    pub(super) fn stays_out(&mut self, at: &Moment) {
        self.without_instance(at);
        self.retry_at_us = i64::MIN;
        if self.spec.on_failure.media == MediaFailure::EndStream {
            self.ended = Some(Box::new(Ended { filter: self.filter.name().to_owned(), why: WHY.to_owned() }));
        }
    }

    /// After a frame of one that tries: has it worked for long enough?
    #[cold]
    pub(super) fn try_on(&mut self, at: &Moment) {
        let running = self.live.is_some();
        let Some(share) = &mut self.share else { return };
        let Some(since) = &mut share.trial else { return };
        if !running || at.now_us.saturating_sub(*since.get_or_insert(at.now_us)) < TRIAL_US {
            return;
        }
        share.trial = None;
        if share.circuit.worked(share.viewer) {
            let (name, stream) = (self.filter.name(), at.name());
            tracing::info!(target: "filter", filter = name, stream, "it works again: all viewers of the stream have it again");
        }
    }

    /// This stream is nothing for it, or the instance was ended by another: that is no fault, and others may try.
    pub(super) fn tries_no_more(&mut self) {
        if let Some(share) = &mut self.share
            && share.trial.take().is_some()
        {
            share.circuit.left(share.viewer);
        }
    }
}

impl Failure {
    /// Nothing was called: it fails for others.
    #[cold]
    fn left_out(why: &str) -> Failure {
        Failure { hook: crate::counters::Hook::Open, cause: Cause::LeftOut, why: why.to_owned(), limit: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000;

    fn circuit() -> Circuit {
        Circuit::new(&Limits::default())
    }

    #[test]
    fn faults_of_all_viewers_open_it_and_one_of_them_tries() {
        let circuit = circuit();
        let opened: Vec<bool> = (0..8).map(|viewer| circuit.fault(viewer, viewer as i64).opened).collect();
        assert_eq!(opened, [false, false, false, false, true, false, false, false]);
        assert!(circuit.is_open() && !circuit.is_suspect(|| 5), "nobody is called");
        assert_eq!(circuit.admit(9, 59 * S), Admission::Refused);
        assert_eq!(circuit.admit(9, 61 * S), Admission::Trial);
        assert_eq!((circuit.admit(8, 61 * S), circuit.admit(9, 62 * S)), (Admission::Refused, Admission::Trial));
        // It fails: another window.
        assert!(circuit.fault(9, 63 * S).opened && circuit.is_open());
        assert_eq!((circuit.admit(8, 122 * S), circuit.admit(8, 124 * S)), (Admission::Refused, Admission::Trial));
        assert!(!circuit.worked(9) && circuit.worked(8) && !circuit.is_open());
        assert_eq!(circuit.admit(1, 125 * S), Admission::Free);
        assert!(!circuit.fault(1, 125 * S).opened, "what was before is forgotten");
        assert!(circuit.is_suspect(|| 125 * S) && !circuit.is_suspect(|| 127 * S) && !circuit.is_suspect(|| 125 * S));
    }

    #[test]
    fn who_tries_and_leaves_or_never_ends_is_not_waited_for() {
        let circuit = circuit();
        (0..5).for_each(|viewer| _ = circuit.fault(viewer, 0));
        assert_eq!(circuit.admit(1, 61 * S), Admission::Trial);
        circuit.left(2);
        assert_eq!(circuit.admit(2, 61 * S), Admission::Refused);
        circuit.left(1);
        assert_eq!(circuit.admit(2, 61 * S), Admission::Trial);
        assert_eq!((circuit.admit(3, 70 * S), circuit.admit(3, 72 * S)), (Admission::Refused, Admission::Trial));
        // Too late: it is another's turn.
        assert!(!circuit.fault(2, 73 * S).opened && !circuit.worked(2));
        assert!(circuit.worked(3));
    }

    #[test]
    fn what_has_something_to_remember_outlives_its_viewers() {
        let (circuits, limits) = (Circuits::default(), Limits::default());
        (0..5).for_each(|viewer| _ = circuits.of(1, 1, &limits, 0).fault(viewer, 0));
        (2..1000).for_each(|stream| _ = circuits.of(stream, 1, &limits, 0));
        assert!(circuits.of(1, 1, &limits, 0).is_open());
        assert!(!circuits.of(1, 2, &limits, 0).is_open(), "another generation");
        assert!(circuits.0.lock().unwrap().all.len() <= 2 * FEW);
        // Long after that it is forgotten as well.
        (1000..2000).for_each(|stream| _ = circuits.of(stream, 1, &limits, 300 * S));
        assert!(!circuits.of(1, 1, &limits, 300 * S).is_open());
    }
}
