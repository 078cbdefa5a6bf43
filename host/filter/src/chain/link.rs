//! One filter of one stream: its instance while it has one, what it holds, and what happens while it has none.

use std::num::NonZeroI64;
use std::sync::Arc;
use std::time::{Duration, Instant};

use filter_wit::media::weir::filter::types::SavedState;
use media::{Content, Frame};

use super::beside::{Beside, Derived};
use super::circuit::Share;
use super::copies::Copies;
use super::fault::Breaker;
use super::headers::Header;
use super::held::{Held, Outgoing};
use super::leaving::Gaps;
use super::newcomer::Newcomer;
use super::probation::Probation;
use super::{Ended, Moment, Traced};
use crate::Filter;
use crate::counters::{Hook, Unasked};
use crate::failure::{Cause, Failure};
use crate::generation::Generation;
use crate::instance::{Answer, Instance, Opening, Refused, Shown};
use crate::output::Order;
use crate::pace::Pace;
use crate::placement::Placement;
use crate::session::EndReason;
use crate::spec::Spec;
use crate::wants::Want;

/// A call that takes longer is none for a thread that serves peers: the default of `media_time`, and what a busy machine adds to it.
const SHORT: Duration = Duration::from_millis(10);

/// See the module.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) filter: Arc<Filter>,
    pub(super) spec: Arc<Spec>,
    pub(super) unasked: Arc<Unasked>,
    pub(super) live: Option<Instance>,
    /// The number of the lineup that the stream knows of; the filter's differs when it has changed.
    pub(super) seen: u64,
    /// The generation that it runs, or ran last.
    pub(super) mine: Option<Arc<Generation>>,
    /// An instance of another generation, to go over to at the next boundary.
    pub(super) pending: Option<Box<Newcomer>>,
    /// The generation before, at hand as long as the one that took over is on probation.
    pub(super) probation: Option<Box<Probation>>,
    /// A generation that runs beside, on copies.
    pub(super) copies: Option<Box<Copies>>,
    /// A generation that failed here, by its `id`: it is not tried again on this stream.
    pub(super) shunned: Option<u64>,
    /// What it did wrong, if it did.
    pub(super) breaker: Option<Box<Breaker>>,
    /// The breaker that it has in common with other viewers, where it is a viewer's.
    pub(super) share: Option<Box<Share>>,
    /// Without an instance: when to try again.
    pub(super) retry_at_us: i64,
    /// How often it was opened for this stream.
    pub(super) attempt: u32,
    /// It said that this stream is nothing for it.
    pub(super) unsupported: bool,
    /// It failed, and `on_failure` is to end the stream.
    pub(super) ended: Option<Box<Ended>>,
    pub(super) held: Held,
    pub(super) outgoing: Outgoing,
    /// The last time of each track behind this filter; lent to the guest's output during calls.
    pub(super) last: Order,
    pub(super) headers: Vec<Header>,
    /// What the last frames of tracks refer to and is not there, if it ever dropped any.
    pub(super) gaps: Option<Box<Gaps>>,
    /// Streams that it makes beside this one, if it does.
    pub(super) beside: Option<Box<Beside>>,
    pub(super) next_tick_us: i64,
    /// When a frame that nobody asked for is looked at all the same: the next tick, or the end of the probation.
    wake_us: i64,
    /// Nothing but interest decides: there is an instance, nothing waits, no time was raised, no gap is open.
    pub(super) quiet: bool,
    /// It is a viewer's.
    own: bool,
    /// Its calls are measured to be slow.
    slow: bool,
    /// Bytes that came in since the guest's credit was raised.
    pub(super) came_bytes: usize,
}

/// A hook that was called, and what came of it.
pub(super) type Asked = (Hook, Result<Answer, Box<Refused>>);

impl Link {
    pub(super) fn open(filter: &Arc<Filter>, at: &Moment) -> Link {
        Link::open_with(filter, at, None)
    }

    /// The same, with the state that another left, if it can be read.
    pub(super) fn open_with(filter: &Arc<Filter>, at: &Moment, state: Option<SavedState>) -> Link {
        let spec = filter.spec();
        let mut link = Link {
            unasked: filter.counters_inner().stream(match &at.info.viewer {
                Some(_) => Placement::Egress,
                None => spec.placement,
            }),
            seen: filter.number(),
            share: None,
            filter: filter.clone(),
            spec,
            live: None,
            mine: None,
            pending: None,
            probation: None,
            copies: None,
            shunned: None,
            breaker: None,
            retry_at_us: i64::MIN,
            attempt: 0,
            unsupported: false,
            ended: None,
            held: Held::default(),
            outgoing: Outgoing::default(),
            last: Order::default(),
            headers: Vec::new(),
            gaps: None,
            beside: None,
            next_tick_us: i64::MAX,
            wake_us: i64::MAX,
            quiet: false,
            own: at.info.viewer.is_some(),
            slow: false,
            came_bytes: 0,
        };
        match filter.target(|| at.info.key.clone(), None) {
            Some(generation) => {
                let mut started = link.start(&generation, state, at);
                if started.as_ref().is_err_and(|failure| failure.cause == Cause::IncompatibleState) {
                    started = link.start(&generation, None, at);
                }
                if let Err(failure) = started {
                    link.failed(&failure, at);
                }
            }
            None => link.missing(),
        }
        link.settle();
        link
    }

    /// Whether the frame goes by without more ado: nobody asked for it and nothing is to be done.
    #[inline]
    pub(super) fn lets_by(&mut self, frame: &Frame, at: &mut Moment) -> bool {
        if !self.quiet
            || frame.track != 0
            || !matches!(frame.content, Content::Coded | Content::EndOfSequence)
            || at.now_us >= self.wake_us
            || self.filter.number() != self.seen
        {
            return false;
        }
        let Some(live) = &mut self.live else { return false };
        match live.wants.of(frame) {
            Want::No => {}
            Want::Units(types) if at.unit_types(frame) & types == 0 => {}
            Want::Yes | Want::Units(_) => return false,
        }
        self.last.note(frame.kind, 0, frame.dts_us);
        self.came_bytes += frame.body.len();
        self.unasked.add(1);
        true
    }

    pub(super) fn next_tick_us(&self) -> i64 {
        self.next_tick_us
    }

    /// How long its next call may take.
    #[inline]
    pub(super) fn pace(&self) -> Pace {
        // Of a publisher's, nobody waits for it but who stands behind him: it may be as slow as it is, if it is not found to be slow.
        match self.slow || self.own {
            false => Pace::Quick,
            true => self.pace_by_limits(),
        }
    }

    fn pace_by_limits(&self) -> Pace {
        let long = |it: &Arc<Generation>| it.shares.is_some() || it.guest.limits.media_time > SHORT;
        match (self.mine.as_ref().is_some_and(long) || self.is_suspect(), self.slow) {
            (true, _) => Pace::Long,
            (false, true) => Pace::Slow,
            (false, false) => Pace::Quick,
        }
    }

    /// How long the calls for this frame may take: none of them is made for one that it did not ask for.
    #[inline]
    pub(super) fn pace_of(&mut self, frame: &Frame, at: &Moment) -> Pace {
        if self.own && self.is_to_start(frame, at) {
            return Pace::Long;
        }
        let pace = self.pace();
        match pace > Pace::Quick && self.is_nothing_to_it(frame) {
            true => Pace::Quick,
            false => pace,
        }
    }

    fn is_nothing_to_it(&mut self, frame: &Frame) -> bool {
        let wanted = |live: &mut Instance| live.wants.of(frame) != Want::No;
        self.quiet
            && matches!(frame.content, Content::Coded | Content::EndOfSequence)
            && frame.dts_us < self.wake_us
            && !self.live.as_mut().is_some_and(wanted)
    }

    /// Whether an instance may be started, opened or swapped before this frame.
    pub(super) fn is_to_start(&self, frame: &Frame, at: &Moment) -> bool {
        self.filter.number() != self.seen
            || (self.pending.as_ref().is_some_and(|newcomer| !newcomer.returns) && self.is_boundary(frame, at))
    }

    /// Takes a frame; what goes on is appended to `out`.
    pub(super) fn take(&mut self, frame: Frame, at: &mut Moment, out: &mut Vec<Frame>) -> Result<(), Ended> {
        let from = out.len();
        self.came_bytes += frame.body.len();
        if self.live.as_ref().is_some_and(Instance::is_evicted) {
            self.evicted(at, out);
        }
        if self.is_left_out() {
            self.leave_out(at, out);
        }
        if let Some(beside) = self.beside.as_mut().filter(|beside| beside.is_orphaned()) {
            beside.reap(at.now_us, &self.filter.name_arc());
        }
        if self.filter.number() != self.seen {
            self.look_for_generation(at);
            self.look_for_shadow();
        }
        let copy = if self.copies.is_some() { self.copy(&frame, at) } else { None };
        if self.pending.is_none() && self.live.is_none() {
            self.invite_back(&frame, at);
        }
        if self.pending.is_some() {
            self.advance(&frame, at, out);
        } else if self.live.is_none() && self.may_restart(&frame, at) {
            self.restart(at, out);
        }
        let taken = self.tick(at, out).and_then(|()| self.show(frame, at, out));
        if let Some(copy) = copy {
            self.copied(copy, out.get(from..).unwrap_or_default(), at);
        }
        if self.probation.is_some() {
            self.judge(at, out);
        }
        if self.is_tried() {
            self.try_on(at);
        }
        self.settle();
        taken
    }

    #[inline]
    pub(super) fn show(&mut self, frame: Frame, at: &mut Moment, out: &mut Vec<Frame>) -> Result<(), Ended> {
        if let Some(ended) = &self.ended {
            return Err(Ended::clone(ended));
        }
        let started = at.trace.is_some().then(Instant::now);
        let (kind, dts_us) = (frame.kind, frame.dts_us);
        let Some((hook, answer)) = self.ask(frame, at, out) else { return Ok(()) };
        if let Some(copies) = &mut self.copies {
            copies.answer = told(&answer);
        }
        if let (Some(trace), Some(started)) = (&mut at.trace, started) {
            let (filter, took) = (self.filter.name_arc(), started.elapsed());
            let answer = told(&answer);
            let seq = at.frames.saturating_sub(1);
            trace.push(Traced { filter, hook, seq, kind, dts_us, answer, took });
        }
        match answer {
            Ok(answer) => self.apply(answer, out),
            Err(refused) => return self.policy(*refused, at, out),
        }
        Ok(())
    }

    /// Calls the guest if the frame is to be shown. None: the frame was dealt with without a call.
    #[inline]
    fn ask(&mut self, frame: Frame, at: &mut Moment, out: &mut Vec<Frame>) -> Option<Asked> {
        if self.live.is_none() {
            self.without(frame, out);
            return None;
        }
        match frame.content {
            Content::Header => return self.header(frame, out),
            Content::Coded | Content::EndOfSequence | Content::Data => {}
            Content::VideoMetadata | Content::MultichannelConfig | Content::Opaque => {
                self.pass(frame, out);
                return None;
            }
        }
        let ratio = self.spec.limits.emit_ratio;
        let Some(live) = &mut self.live else { return None };
        if let (Content::Data, Some(meta)) = (frame.content, &frame.metadata) {
            if !live.metadata {
                self.pass(frame, out);
                return None;
            }
            let meta = meta.clone();
            return Some((Hook::Metadata, live.on_metadata(frame, &meta, &mut self.last)));
        }
        let want = live.wants.of(&frame);
        let unit_types = if want == Want::No { 0 } else { at.unit_types(&frame) };
        let asked = match want {
            Want::No => false,
            Want::Yes => true,
            Want::Units(types) => unit_types & types != 0,
        };
        if !asked {
            self.unasked.add(1);
            self.pass(frame, out);
            return None;
        }
        let output = live.output();
        output.credit += std::mem::take(&mut self.came_bytes) as f64 * ratio;
        if output.tracks.len() != at.tracks.all().len() {
            output.tracks = at.tracks.all().iter().map(|t| (t.kind, t.id)).collect();
        }
        let unit_length_bytes = at.looked.take().map_or(0, |looked| looked.unit_length_bytes);
        let shown = Shown { unit_types, unit_length_bytes, seq: at.seq(), gop: at.gop };
        Some((Hook::Frame, live.on_frame(frame, shown, &mut self.last)))
    }

    /// Calls `on-tick` if it is due.
    pub(super) fn tick(&mut self, at: &mut Moment, out: &mut Vec<Frame>) -> Result<(), Ended> {
        if self.is_left_out() {
            return Ok(());
        }
        let Some(live) = &mut self.live else { return Ok(()) };
        let Some(interval) = live.tick_us.map(NonZeroI64::get) else { return Ok(()) };
        if self.next_tick_us == i64::MAX {
            self.next_tick_us = at.now_us.saturating_add(interval);
        }
        if at.now_us < self.next_tick_us {
            return Ok(());
        }
        let late = at.now_us.saturating_sub(self.next_tick_us);
        self.next_tick_us = at.now_us.saturating_add(interval - late % interval);
        match live.on_tick(at.now_us, &mut self.last) {
            Ok(()) => {
                self.staged(out);
                self.after(out);
                Ok(())
            }
            Err(failure) => {
                if self.fell(&failure, at, out) {
                    self.settle();
                    return Ok(());
                }
                self.failed(&failure, at);
                self.let_go_of_held(at, out);
                self.settle();
                self.ended.as_deref().cloned().map_or(Ok(()), Err)
            }
        }
    }

    /// Opens an instance of a generation and puts it in place.
    pub(super) fn start(
        &mut self,
        generation: &Arc<Generation>,
        resume: Option<SavedState>,
        at: &Moment,
    ) -> Result<(), Failure> {
        let opening = Opening { info: &at.info, tracks: at.tracks.all(), resume, attempt: self.attempt };
        self.mine = Some(generation.clone());
        self.joins(generation, at);
        self.admitted()?;
        let live = Instance::open(generation, &opening)?;
        self.run(live, at);
        Ok(())
    }

    /// Puts an instance in place.
    pub(super) fn run(&mut self, live: Instance, at: &Moment) {
        self.orphan_beside(at);
        self.mine = Some(live.generation.clone());
        self.joins(&live.generation, at);
        self.live = Some(live);
        self.attempt = self.attempt.saturating_add(1);
        self.next_tick_us = i64::MAX;
        self.unsupported = false;
    }

    /// Works out whether interest alone decides about the next frame.
    #[inline]
    fn settle(&mut self) {
        self.slow = self.live.as_ref().is_some_and(Instance::is_slow);
        self.wake_us = self.next_tick_us.min(self.probation.as_ref().map_or(i64::MAX, |p| p.until_us));
        if self.next_tick_us == i64::MAX && self.live.as_ref().is_some_and(|live| live.tick_us.is_some()) {
            // The first tick is counted from the first frame.
            self.quiet = false;
            return;
        }
        self.quiet = self.live.is_some()
            && self.ended.is_none()
            && self.pending.is_none()
            && self.copies.is_none()
            && self.outgoing.is_quiet()
            && self.gaps.as_ref().is_none_or(|gaps| gaps.is_empty())
            && !self.is_tried()
            && !self.is_orphaned();
    }

    /// Whether some stream beside this one has no instance that feeds it.
    pub(super) fn is_orphaned(&self) -> bool {
        self.beside.as_ref().is_some_and(|beside| beside.is_orphaned())
    }

    /// The instance that fed the streams beside this one is gone.
    pub(super) fn orphan_beside(&mut self, at: &Moment) {
        if let Some(beside) = &mut self.beside {
            beside.orphan(at.now_us);
        }
    }

    /// What became of the streams beside this one since the last time.
    pub(super) fn hand_over_beside(&mut self, out: &mut Vec<Derived>) {
        if let Some(beside) = &mut self.beside {
            beside.hand_over(out);
        }
    }

    /// The last call for output: what the guest still has, then what it holds.
    pub(super) fn flush(&mut self, at: &Moment, out: &mut Vec<Frame>) {
        if let Some(live) = &mut self.live {
            match live.flush(at.now_us, &mut self.last) {
                Ok(()) => {
                    self.staged(out);
                    self.after(out);
                }
                Err(failure) => self.failed(&failure, at),
            }
        }
        self.release(u32::MAX, out);
    }

    /// The stream is over.
    pub(super) fn end(mut self, reason: EndReason, at: &mut Moment, out: &mut Vec<Frame>, derived: &mut Vec<Derived>) {
        if self.is_left_out() {
            self.leave_out(at, out);
        }
        self.flush(at, out);
        self.hand_over_beside(derived);
        if let Some(live) = self.live.take()
            && live.end(reason).is_err()
        {
            // Nobody waits for it, but others would have to go through the same.
            self.shared_fault(at);
        }
        self.let_go_of_idle();
    }
}

/// An answer as traces name it.
fn told(answer: &Result<Answer, Box<Refused>>) -> &'static str {
    match answer {
        Ok(Answer::Pass(_)) => "pass",
        Ok(Answer::Drop(_)) => "drop",
        Ok(Answer::Edited(_)) => "edited",
        Ok(Answer::Hold(_)) => "hold",
        Err(_) => "failed",
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.filter.counters_inner().stream_ended(&self.unasked);
    }
}
