//! While a filter has no instance: what its failure comes to, and when it is tried again.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use media::{Content, Frame};

use super::fault::Breaker;
use super::link::Link;
use super::newcomer::{Newcomer, Warm, discard};
use super::{Ended, Moment, is_default_key};
use crate::counters::Hook;
use crate::failure::{Cause, Failure};
use crate::generation::Generation;
use crate::instance::Refused;
use crate::spec::MediaFailure;
use crate::warnings::{Pass, Warning};

impl Link {
    /// A frame while there is no instance.
    pub(super) fn without(&mut self, frame: Frame, out: &mut Vec<Frame>) {
        let totals = &self.filter.counters_inner().totals;
        // Without headers and metadata nothing could be decoded once the filter is back.
        let coded = matches!(frame.content, Content::Coded | Content::EndOfSequence | Content::Opaque);
        if coded && self.spec.on_failure.media != MediaFailure::Bypass {
            totals.lost_frames.fetch_add(1, Relaxed);
            return self.dropped(&frame);
        }
        totals.bypassed_frames.fetch_add(1, Relaxed);
        if frame.content == Content::Header {
            self.remember(&frame);
        }
        self.pass(frame, out);
    }

    /// A call failed: what the frame in hand comes to, and the frames that were held.
    pub(super) fn policy(&mut self, refused: Refused, at: &mut Moment, out: &mut Vec<Frame>) -> Result<(), Ended> {
        let Refused { failure, frame } = refused;
        if failure.cause == Cause::Evicted {
            self.evicted(at, out);
            return self.show(frame, at, out);
        }
        if let Some(probation) = self.probation.take() {
            return self.retry(probation, &failure, frame, at, out);
        }
        self.failed(&failure, at);
        self.let_go_of_held(at, out);
        if let Some(ended) = &self.ended {
            return Err(Ended::clone(ended));
        }
        self.without(frame, out);
        Ok(())
    }

    pub(super) fn let_go_of_held(&mut self, at: &Moment, out: &mut Vec<Frame>) {
        match self.spec.on_failure.media {
            MediaFailure::Bypass => {
                self.release(u32::MAX, out);
                self.restore_headers(at, out);
            }
            MediaFailure::DropToKey | MediaFailure::EndStream => self.held.clear(),
        }
    }

    /// There is no instance any more.
    pub(super) fn without_instance(&mut self, at: &Moment) {
        self.live = None;
        self.orphan_beside(at);
        self.next_tick_us = i64::MAX;
    }

    /// The instance is not used again; when to try another is decided.
    pub(super) fn failed(&mut self, failure: &Failure, at: &Moment) {
        let counters = self.filter.counters_inner();
        failure.count(counters);
        self.without_instance(at);
        match failure.cause {
            Cause::Evicted => {
                // Not this stream's fault: it is tried again at the first occasion.
                self.tries_no_more();
                self.retry_at_us = i64::MIN;
                return;
            }
            Cause::LeftOut => return self.stays_out(at),
            _ => {}
        }
        let counters = self.filter.counters_inner();
        let (name, key) = (self.filter.name(), &at.info.key);
        let (stream, viewer) = (format!("{}/{}", key.app, key.name), at.viewer());
        if self.spec.on_failure.media == MediaFailure::EndStream {
            self.ended = Some(Box::new(Ended { filter: name.to_owned(), why: failure.to_string() }));
        }
        if failure.cause == Cause::Unsupported {
            self.unsupported = true;
            tracing::info!(target: "filter", filter = name, stream, viewer, "it does not take part in this stream: {failure}");
            return self.tries_no_more();
        }
        if let Some(Pass { held_back }) = counters.warnings.pass(Warning::Failed, self.filter.clock()) {
            tracing::warn!(target: "filter", filter = name, stream, viewer, held_back, "it failed in {failure}");
        }
        if let Some(wait_us) = self.shared_fault(at) {
            self.retry_at_us = at.now_us.saturating_add(wait_us);
            return;
        }
        let retry = self.breaker.get_or_insert_with(|| Breaker::new(&self.spec.limits)).fault(at.now_us);
        self.retry_at_us = retry.at_us;
        if retry.tripped {
            let counters = self.filter.counters_inner();
            counters.totals.breaker_trips.fetch_add(1, Relaxed);
            if let Some(Pass { held_back }) = counters.warnings.pass(Warning::LeftOut, self.filter.clock()) {
                let name = self.filter.name();
                tracing::warn!(target: "filter", filter = name, stream, held_back, "too many faults: it is left out for {:?}", self.spec.limits.breaker_window);
            }
        }
    }

    /// There is no generation to open.
    pub(super) fn missing(&mut self) {
        if self.spec.on_failure.media == MediaFailure::EndStream {
            let why = "it is not loaded".to_owned();
            self.ended = Some(Box::new(Ended { filter: self.filter.name().to_owned(), why }));
        }
    }

    /// Whether an instance may be started before this frame, and the frame waits for it.
    pub(super) fn may_restart(&self, frame: &Frame, at: &Moment) -> bool {
        at.info.viewer.is_none() && self.may_return(frame, at) && (is_default_key(frame) || !at.has_video())
    }

    /// Whether an instance may be started. A viewer's is started elsewhere, since many may come back at once: none waits for it.
    fn may_return(&self, frame: &Frame, at: &Moment) -> bool {
        !self.unsupported
            && self.ended.is_none()
            && at.now_us.max(frame.dts_us) >= self.retry_at_us
            && self.may_be_admitted()
    }

    /// Whether [`invite_back`](Link::invite_back) does anything.
    pub(super) fn may_be_invited(&self, frame: &Frame, at: &Moment) -> bool {
        at.info.viewer.is_some() && self.may_return(frame, at)
    }

    /// Has an instance for a viewer got ready, if one is missing and may be had.
    pub(super) fn invite_back(&mut self, frame: &Frame, at: &Moment) {
        if !self.may_be_invited(frame, at) {
            return;
        }
        let Some(generation) = self.to_restart(at) else { return };
        self.mine = Some(generation.clone());
        self.joins(&generation, at);
        match self.admitted() {
            Ok(()) => {
                let headers = self.headers.iter().map(|header| header.came(at.now_us));
                self.pending = Some(Newcomer::returning(generation, self.attempt, headers, at));
            }
            Err(failure) => {
                self.failed(&failure, at);
            }
        }
    }

    /// It is ready, or has failed.
    pub(super) fn come_back(&mut self, newcomer: Newcomer, at: &Moment, out: &mut Vec<Frame>) {
        let failure = match newcomer.take() {
            // It has failed too often for others meanwhile, or will not be the one that tries.
            Ok(warm) if self.is_left_out() => return discard(warm.instance, None),
            Ok(warm) if warm.instance.is_evicted() => Failure::evicted(Hook::Open),
            Ok(Warm { instance, headers }) => {
                self.run(instance, at);
                self.filter.counters_inner().totals.restarts.fetch_add(1, Relaxed);
                self.staged(out);
                self.headers_made(headers, at, out);
                return;
            }
            Err(failure) => failure,
        };
        self.failed(&failure, at);
        self.let_go_of_held(at, out);
    }

    /// What a restart would start.
    fn to_restart(&self, at: &Moment) -> Option<Arc<Generation>> {
        match self.filter.spec().placement == self.spec.placement {
            true => self.filter.target(|| at.info.key.clone(), self.mine.as_ref()),
            false => self.mine.clone(),
        }
    }

    pub(super) fn restart(&mut self, at: &Moment, out: &mut Vec<Frame>) {
        let Some(generation) = self.to_restart(at) else { return };
        let started = self.start(&generation, None, at).and_then(|()| {
            self.filter.counters_inner().totals.restarts.fetch_add(1, Relaxed);
            self.show_headers_again(at, out)
        });
        if let Err(failure) = started {
            self.failed(&failure, at);
            self.let_go_of_held(at, out);
        }
    }
}
