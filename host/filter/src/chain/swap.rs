//! Going over to another generation between two frames.

use std::sync::atomic::Ordering::Relaxed;

use filter_wit::media::exports::weir::filter::media::Boundary;
use media::{Content, Frame};

use super::link::Link;
use super::{Moment, is_default_key};
use crate::failure::Cause;
use crate::session::EndReason;

impl Link {
    /// The filter has another generation than the stream knows of.
    pub(super) fn look_for_generation(&mut self) {
        self.seen = self.filter.number();
        self.spec = self.filter.spec();
        self.pending = self.filter.generation();
        self.breaker.forget();
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

    /// Flushes the old instance, hands its state to the new one and puts that in its place. If the new one cannot be opened the old
    /// one stays, and the generation is not tried again on this stream.
    pub(super) fn swap(&mut self, at: &mut Moment, out: &mut Vec<Frame>) {
        let Some(generation) = self.pending.take() else { return };
        self.flush(at, out);
        let resume = match self.live.as_mut().map(|live| live.snapshot()) {
            Some(Ok(state)) => state,
            Some(Err(failure)) => {
                tracing::warn!(target: "filter", filter = self.filter.name(), "its state is lost: {failure}");
                None
            }
            None => None,
        };
        let old = self.live.take();
        let mut started = self.start(&generation, resume, at);
        if let Err(failure) = &started
            && failure.cause == Cause::IncompatibleState
        {
            tracing::info!(target: "filter", filter = self.filter.name(), to = generation.label, "it starts without the state of the generation before");
            started = self.start(&generation, None, at);
        }
        match started {
            Ok(()) => {
                self.filter.counters_inner().totals.swaps.fetch_add(1, Relaxed);
                if let Some(old) = old {
                    old.close(EndReason::Swapped);
                }
                self.show_headers_again(at, out);
            }
            Err(failure) => {
                failure.count(self.filter.counters_inner());
                let name = self.filter.name();
                let stays = if old.is_some() { "the generation before goes on" } else { "it stays out" };
                tracing::error!(target: "filter", filter = name, to = generation.label, "it cannot be opened for {}/{}, {stays}: {failure}", at.info.key.app, at.info.key.name);
                self.live = old;
            }
        }
    }
}
