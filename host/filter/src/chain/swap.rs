//! Going over to another generation between two frames.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use filter_wit::media::exports::weir::filter::media::Boundary;
use filter_wit::media::weir::filter::types::SavedState;
use media::{Content, Frame};

use super::link::Link;
use super::newcomer::{Newcomer, Warm, discard};
use super::{Moment, is_default_key};
use crate::counters::{Histogram, Hook, Latency};
use crate::failure::{Cause, Failure};
use crate::generation::Generation;
use crate::instance::{Instance, Opening};
use crate::rollout::LEAST_CALLS;
use crate::session::EndReason;
use crate::warnings::{Pass, Warning};

impl Link {
    /// The filter's lineup has changed: is there another generation for this stream?
    pub(super) fn look_for_generation(&mut self, at: &Moment) {
        self.seen = self.filter.number();
        let spec = self.filter.spec();
        if spec.placement != self.spec.placement {
            // A stream keeps the placement that it began with, and what it runs there.
            self.pending = None;
            return;
        }
        self.spec = spec;
        // What the one before did is not held against another.
        self.breaker = None;
        let Some(target) = self.filter.target(|| at.info.key.clone(), self.mine.as_ref()) else { return };
        if self.pending.as_ref().is_some_and(|newcomer| newcomer.generation.id == target.id) {
            return;
        }
        self.pending = None;
        match &self.live {
            Some(live) if live.generation.id == target.id || self.shunned == Some(target.id) => {}
            Some(_) => self.pending = Some(self.invite(&target, at)),
            // Without an instance it starts where a restart would.
            None => {
                self.retry_at_us = i64::MIN;
                self.unsupported = false;
                self.joins(&target, at);
            }
        }
    }

    /// An instance of this generation is got ready: the idle one, or a new one on another thread.
    fn invite(&mut self, target: &Arc<Generation>, at: &Moment) -> Box<Newcomer> {
        let idle = self.probation.as_mut().filter(|p| p.from.id == target.id).and_then(|p| p.idle.take());
        match idle.filter(|idle| !idle.is_evicted()) {
            Some(idle) => Newcomer::back(idle, at),
            None => {
                let headers = self.headers.iter().map(|header| header.came(at.now_us));
                Newcomer::open(target.clone(), self.spec.swap.warm_up.clone(), self.attempt, headers, at)
            }
        }
    }

    /// Whether the stream may go over before this frame. Without an instance, a new generation starts where a restart would.
    pub(super) fn is_boundary(&self, frame: &Frame, at: &Moment) -> bool {
        let key = is_default_key(frame) || !at.has_video();
        match self.live.as_ref().map(|live| live.swap_at) {
            Some(Boundary::AnyFrame) => true,
            Some(Boundary::Keyframe) | None => key,
            Some(Boundary::Header) => frame.content == Content::Header,
        }
    }

    /// Another generation is about to take over: it does so before this frame, or keeps the frame to be warmed with.
    pub(super) fn advance(&mut self, frame: &Frame, at: &mut Moment, out: &mut Vec<Frame>) {
        let Some(newcomer) = &mut self.pending else { return };
        newcomer.look();
        let (ready, failed, returns) = (newcomer.is_ready(at.now_us), newcomer.has_failed(), newcomer.returns);
        let now = failed || self.is_boundary(frame, at);
        if ready && now {
            match self.pending.take() {
                Some(newcomer) if newcomer.returns => self.come_back(*newcomer, at, out),
                Some(newcomer) => self.swap(*newcomer, at, out),
                None => {}
            }
        } else if self.live.is_some() || returns {
            if let Some(newcomer) = &mut self.pending {
                newcomer.keep(frame, at);
                newcomer.look();
            }
        } else if now && self.may_restart(frame, at) {
            self.pending = None;
            self.restart(at, out);
        } else if now && self.may_be_invited(frame, at) {
            self.pending = None;
            self.invite_back(frame, at);
        }
    }

    /// Flushes the old instance, hands its state to the new one and puts that in its place. If the new one cannot be opened the old
    /// one stays, and the generation is not tried again on this stream.
    fn swap(&mut self, newcomer: Newcomer, at: &mut Moment, out: &mut Vec<Frame>) {
        let started = Instant::now();
        let (generation, back) = (newcomer.generation.clone(), newcomer.back);
        let Warm { mut instance, headers } = match newcomer.take() {
            Ok(warm) if warm.instance.is_evicted() => {
                return self.refuse(&generation, &Failure::evicted(Hook::Open), at);
            }
            Ok(warm) => warm,
            Err(failure) => return self.refuse(&generation, &failure, at),
        };
        self.flush_for_swap(at, out);
        let state = self.state_for(&generation);
        let mut states = vec![state.clone()];
        if back {
            // What it left itself, if it cannot read what came after it.
            states.push(self.probation.as_mut().and_then(|p| p.state.take()));
        }
        let ended = back.then_some(EndReason::Swapped);
        let resumed = match self.resume(&mut instance, states, ended, at) {
            Ok(resumed) => resumed,
            Err(failure) => {
                self.refuse(&generation, &failure, at);
                if back {
                    self.shunned = None;
                    self.pending = Some(self.invite(&generation, at));
                }
                return;
            }
        };
        let from = self.live.as_ref().map(|live| live.generation.label.clone());
        let times = self.times();
        let old = self.live.take();
        self.run(instance, at);
        self.put_on_probation(old, state, times, at);
        self.filter.counters_inner().totals.swaps.fetch_add(1, Relaxed);
        let shown = match resumed {
            true => self.show_headers_again(at, out),
            false => {
                // Streams beside this one that it opened while it was got ready.
                self.staged(out);
                self.headers_made(headers, at, out);
                Ok(())
            }
        };
        if let Err(failure) = shown
            && !self.fell(&failure, at, out)
        {
            self.failed(&failure, at);
            self.let_go_of_held(at, out);
        }
        let took = started.elapsed();
        self.filter.counters_inner().stall(took);
        let (name, stream, to) = (self.filter.name(), at.name(), &generation.label);
        tracing::debug!(target: "filter", filter = name, stream, from, to, ?took, resumed, "another generation took over");
    }

    /// The last call for output of one that is replaced. If it fails it is gone all the same.
    pub(super) fn flush_for_swap(&mut self, at: &Moment, out: &mut Vec<Frame>) {
        let Some(live) = &mut self.live else { return };
        match live.flush(at.now_us, &mut self.last) {
            Ok(()) => {
                self.staged(out);
                self.after(out);
            }
            Err(failure) => {
                self.lost(&failure, at);
                self.live = None;
            }
        }
        self.release(u32::MAX, out);
    }

    /// What the instance that goes hands on, if both keep state.
    pub(super) fn state_for(&mut self, next: &Generation) -> Option<SavedState> {
        let live = self.live.as_mut().filter(|live| live.generation.keeps_state() && next.keeps_state())?;
        match live.snapshot() {
            Ok(state) => state,
            Err(failure) => {
                self.live = None;
                let (name, counters) = (self.filter.name(), self.filter.counters_inner());
                failure.count(counters);
                if let Some(Pass { held_back }) = counters.warnings.pass(Warning::Replaced, self.filter.clock()) {
                    tracing::warn!(target: "filter", filter = name, held_back, "its state is lost: {failure}");
                }
                None
            }
        }
    }

    fn lost(&self, failure: &Failure, at: &Moment) {
        let counters = self.filter.counters_inner();
        failure.count(counters);
        if let Some(Pass { held_back }) = counters.warnings.pass(Warning::Replaced, self.filter.clock()) {
            let (name, stream) = (self.filter.name(), at.name());
            tracing::warn!(target: "filter", filter = name, stream, held_back, "it failed in {failure} as it was replaced");
        }
    }

    /// Opens the stream anew in an instance with the first of these states that it can read. False: it goes on as it was warmed.
    pub(super) fn resume(
        &self,
        instance: &mut Instance,
        states: Vec<Option<SavedState>>,
        ended: Option<EndReason>,
        at: &Moment,
    ) -> Result<bool, Failure> {
        let tracks = at.tracks.all();
        let mut open =
            |resume| instance.reopen(&Opening { info: &at.info, tracks, resume, attempt: self.attempt }, ended);
        for state in states.into_iter().flatten() {
            match open(Some(state)) {
                Ok(()) => return Ok(true),
                Err(failure) if failure.cause == Cause::IncompatibleState => {}
                Err(failure) => return Err(failure),
            }
            let (name, stream) = (self.filter.name(), at.name());
            tracing::info!(target: "filter", filter = name, stream, "it starts without the state of the generation before");
        }
        match ended {
            Some(_) => open(None).map(|()| true),
            None => Ok(false),
        }
    }

    /// It cannot be opened for this stream: what there was goes on.
    fn refuse(&mut self, generation: &Arc<Generation>, failure: &Failure, at: &Moment) {
        failure.count(self.filter.counters_inner());
        if failure.cause == Cause::Evicted && !generation.is_bad() {
            // It shared an instance that a call of another stream has ended: another one is got ready.
            self.pending = Some(self.invite(generation, at));
            return;
        }
        self.shunned = Some(generation.id);
        self.counts_against(generation, at);
        let (name, stream, to) = (self.filter.name(), at.name(), &generation.label);
        let stays = if self.live.is_some() { "the generation before goes on" } else { "it stays out" };
        if let Some(Pass { held_back }) =
            self.filter.counters_inner().warnings.pass(Warning::Replaced, self.filter.clock())
        {
            tracing::error!(target: "filter", filter = name, stream, to, held_back, "it cannot be opened, {stays}: {failure}");
        }
        if failure.cause != Cause::Unsupported && self.live.is_some() {
            self.filter.left(generation, &format!("{stream}: {failure}"));
        }
    }

    /// What is known of how long the calls of the generation take that runs: in this instance, or in those before it if it is young.
    fn times(&self) -> Latency {
        let times = Histogram::default();
        if let Some(live) = &self.live {
            times.add(live.times());
        }
        let known = times.read();
        if known.calls >= LEAST_CALLS {
            return known;
        }
        if let Some(mine) = &self.mine {
            times.add(&mine.frames);
        }
        times.read()
    }

    /// The stream is over, or goes on: the idle instance is not needed any more.
    pub(super) fn let_go_of_idle(&mut self) {
        if let Some(idle) = self.probation.take().and_then(|p| p.idle) {
            discard(idle, Some(EndReason::Swapped));
        }
    }
}
