//! A stream that has gone over keeps the instance before at hand for a while, idle. If the new one fails, or is much slower, the
//! stream goes back: the frame in hand goes through the old one, so that nobody sees a gap.

use std::sync::Arc;
use std::time::Instant;

use filter_wit::media::weir::filter::types::SavedState;
use media::Frame;

use super::link::Link;
use super::newcomer::discard;
use super::{Ended, Moment};
use crate::counters::Latency;
use crate::failure::{Cause, Failure};
use crate::generation::Generation;
use crate::instance::{Instance, Opening};
use crate::session::EndReason;
use crate::warnings::{Pass, Warning};

/// Frames from one look at the times to the next.
const LOOK_EVERY: u32 = 64;

/// What a stream may go back to.
#[derive(Debug)]
pub(super) struct Probation {
    /// None: it is about to take over again, or it failed when it was replaced.
    pub(super) idle: Option<Instance>,
    pub(super) from: Arc<Generation>,
    /// What it left.
    pub(super) state: Option<SavedState>,
    /// How long its calls took.
    times: Latency,
    pub(super) until_us: i64,
    frames: u32,
}

impl Link {
    /// A generation has taken over; the one before stays at hand, unless it is bad itself or the operator wants it so.
    pub(super) fn put_on_probation(
        &mut self,
        old: Option<Instance>,
        state: Option<SavedState>,
        times: Latency,
        at: &Moment,
    ) {
        self.let_go_of_idle();
        let Some(old) = old else { return };
        let swap = &self.spec.swap;
        if swap.probation.is_zero() || swap.pin.is_some() || old.generation.is_bad() {
            return discard(old, Some(EndReason::Swapped));
        }
        let time_us = i64::try_from(swap.probation.as_micros()).unwrap_or(i64::MAX);
        let from = old.generation.clone();
        let until_us = at.now_us.saturating_add(time_us);
        self.probation = Some(Box::new(Probation { idle: Some(old), from, state, times, until_us, frames: 0 }));
    }

    /// After each frame of a stream on probation: is the new one much slower, is the time over?
    pub(super) fn judge(&mut self, at: &mut Moment, out: &mut Vec<Frame>) {
        let Some(probation) = &mut self.probation else { return };
        probation.frames = probation.frames.wrapping_add(1);
        let over = at.now_us >= probation.until_us;
        if !over && !probation.frames.is_multiple_of(LOOK_EVERY) {
            return;
        }
        if let Some(why) = self.slow() {
            return self.leave_slow(&why, at, out);
        }
        if over {
            let to = self.mine.as_ref().map(|mine| mine.label.clone());
            self.let_go_of_idle();
            let (name, stream) = (self.filter.name(), at.name());
            tracing::debug!(target: "filter", filter = name, stream, to, "its probation is over");
        }
    }

    /// Whether calls take much longer than those of the generation before.
    fn slow(&self) -> Option<String> {
        self.spec.swap.slow(self.probation.as_ref()?.times, self.live.as_ref()?.times().read())
    }

    /// The new one works, but too slowly: the old one goes on with its state.
    fn leave_slow(&mut self, why: &str, at: &mut Moment, out: &mut Vec<Frame>) {
        let Some(probation) = self.probation.take() else { return };
        let Some(slow) = self.live.as_ref().map(|live| live.generation.clone()) else { return };
        self.flush_for_swap(at, out);
        let state = self.state_for(&probation.from);
        let was = self.live.take();
        if self.go_back(probation, state, why, at, out) {
            if let Some(was) = was {
                discard(was, Some(EndReason::Swapped));
            }
            self.shunned = Some(slow.id);
            self.filter.left(&slow, &format!("{}: {why}", at.name()));
        } else {
            self.live = was;
        }
    }

    /// A call on probation failed, with this frame in hand: it goes through the generation before.
    pub(super) fn retry(
        &mut self,
        probation: Box<Probation>,
        failure: &Failure,
        frame: Frame,
        at: &mut Moment,
        out: &mut Vec<Frame>,
    ) -> Result<(), Ended> {
        let bad = self.live.take().map(|live| live.generation.clone());
        // What it held has not been judged: nothing goes by that no generation has let go.
        let frames: Vec<Frame> = std::iter::from_fn(|| self.held.pop()).chain([frame]).collect();
        if !self.go_back(probation, None, &failure.to_string(), at, out) {
            self.failed(failure, at);
            self.let_go_of_held(at, out);
            if let Some(ended) = &self.ended {
                return Err(Ended::clone(ended));
            }
            frames.into_iter().for_each(|frame| self.without(frame, out));
            return Ok(());
        }
        failure.count(self.filter.counters_inner());
        for frame in frames {
            self.show(frame, at, out)?;
        }
        self.blame(bad, failure, at);
        Ok(())
    }

    /// A call without a frame in hand failed. False: the stream is not on probation, or there is no way back.
    pub(super) fn fell(&mut self, failure: &Failure, at: &mut Moment, out: &mut Vec<Frame>) -> bool {
        if failure.cause == Cause::Evicted {
            self.evicted(at, out);
            return true;
        }
        let Some(probation) = self.probation.take() else { return false };
        let bad = self.live.take().map(|live| live.generation.clone());
        if !self.go_back(probation, None, &failure.to_string(), at, out) {
            return false;
        }
        failure.count(self.filter.counters_inner());
        while let Some(frame) = self.held.pop() {
            if self.show(frame, at, out).is_err() {
                break;
            }
        }
        self.blame(bad, failure, at);
        true
    }

    /// A generation failed where the one before did not. If that failed as well, it is the stream that is to blame.
    fn blame(&mut self, bad: Option<Arc<Generation>>, failure: &Failure, at: &Moment) {
        let Some(bad) = bad.filter(|_| self.live.is_some()) else { return };
        self.counts_against(&bad, at);
        self.shunned = Some(bad.id);
        self.filter.left(&bad, &format!("{}: {failure}", at.name()));
    }

    /// Puts the generation before in place again. False: it cannot be opened.
    pub(super) fn go_back(
        &mut self,
        probation: Box<Probation>,
        state: Option<SavedState>,
        why: &str,
        at: &Moment,
        out: &mut Vec<Frame>,
    ) -> bool {
        let started = Instant::now();
        let Probation { idle, from, state: own, .. } = *probation;
        let (to, generation) = (from.label.clone(), from.clone());
        if self.is_out(&generation, at) {
            return false;
        }
        let opened = match idle {
            Some(mut idle) if !idle.is_evicted() => {
                self.resume(&mut idle, vec![state, own], Some(EndReason::Swapped), at).map(|_| idle)
            }
            _ => self.open_resumed(&from, [state, own], at),
        };
        let (name, stream) = (self.filter.name(), at.name());
        let warnings = &self.filter.counters_inner().warnings;
        let instance = match opened {
            Ok(instance) => instance,
            Err(failure) => {
                failure.count(self.filter.counters_inner());
                self.counts_against(&generation, at);
                if let Some(Pass { held_back }) = warnings.pass(Warning::WentBack, self.filter.clock()) {
                    tracing::error!(target: "filter", filter = name, stream, to, why, held_back, "the generation before cannot be opened again: {failure}");
                }
                return false;
            }
        };
        let from = self.mine.as_ref().map(|mine| mine.label.clone());
        self.pending = None;
        self.run(instance, at);
        if let Err(failure) = self.show_headers_again(at, out) {
            self.failed(&failure, at);
        }
        let took = started.elapsed();
        let counters = self.filter.counters_inner();
        counters.stall(took);
        if let Some(Pass { held_back }) = counters.warnings.pass(Warning::WentBack, self.filter.clock()) {
            tracing::warn!(target: "filter", filter = self.filter.name(), stream, from, to, ?took, why, held_back, "went back to the generation before");
        }
        true
    }

    fn open_resumed(
        &self,
        from: &Arc<Generation>,
        states: [Option<SavedState>; 2],
        at: &Moment,
    ) -> Result<Instance, Failure> {
        let open = |resume| {
            let tracks = at.tracks.all();
            Instance::open(from, &Opening { info: &at.info, tracks, resume, attempt: self.attempt })
        };
        for state in states.into_iter().flatten() {
            match open(Some(state)) {
                Err(failure) if failure.cause == Cause::IncompatibleState => {}
                opened => return opened,
            }
        }
        open(None)
    }
}
