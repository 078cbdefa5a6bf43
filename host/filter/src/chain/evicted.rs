//! A stream whose shared instance was ended by a call of another stream. It has done nothing wrong: it opens again in another one, at
//! once if the filter may begin at any frame, otherwise at the next key frame.

use std::sync::atomic::Ordering::Relaxed;

use filter_wit::media::exports::weir::filter::media::Boundary;
use media::Frame;

use super::Moment;
use super::link::Link;

impl Link {
    /// See the module. What the filter holds is shown again where that can be, and comes to what a failure comes to where not.
    pub(super) fn evicted(&mut self, at: &mut Moment, out: &mut Vec<Frame>) {
        let Some(gone) = self.live.take() else { return };
        self.filter.counters_inner().totals.evictions.fetch_add(1, Relaxed);
        let (name, stream) = (self.filter.name(), at.name());
        tracing::debug!(target: "filter", filter = name, stream, "its instance was ended by a call of another stream: it is opened again");
        let boundary = gone.swap_at;
        drop(gone);
        self.without_instance(at);
        self.retry_at_us = i64::MIN;
        if let Some(probation) = self.probation.take()
            && self.go_back(probation, None, "its instance was ended by a call of another stream", at, out)
        {
            self.judge_held_again(at, out);
            // Nothing is known against the generation that it left: it goes over to it again, if others stay with it.
            return self.look_for_generation(at);
        }
        if boundary == Boundary::AnyFrame {
            self.restart(at, out);
        }
        match self.live {
            Some(_) => self.judge_held_again(at, out),
            None => self.let_go_of_held(at, out),
        }
    }

    /// What the instance before held has not been judged.
    fn judge_held_again(&mut self, at: &mut Moment, out: &mut Vec<Frame>) {
        let held: Vec<Frame> = std::iter::from_fn(|| self.held.pop()).collect();
        for frame in held {
            // A filter whose failure ends the stream says so again with the frame in hand.
            if self.show(frame, at, out).is_err() {
                return;
            }
        }
    }
}
