//! The far end of the queue: a link, and where the stream was with the frame that it is shown.

use std::sync::Arc;

use media::Frame;

use super::Attends;
use super::queue::Item;
use crate::chain::beside::{Derivation, Derived};
use crate::chain::link::Link;
use crate::chain::{Moment, Traced};
use crate::output::derived::NotDerived;
use crate::session::EndReason;
use crate::{Filter, Placement};

/// See the module.
#[derive(Debug)]
pub(super) struct Worker {
    filter: Arc<Filter>,
    placement: Placement,
    link: Option<Link>,
    at: Moment,
    out: Vec<Frame>,
    /// Frames of the filter's own tracks.
    pub(super) extra: Vec<Frame>,
    pub(super) derived: Vec<Derived>,
}

/// Changes when a worker attends to something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    attempt: u32,
    simple: bool,
}

impl Worker {
    pub(super) fn new(filter: &Arc<Filter>, placement: Placement, at: &Moment) -> Worker {
        let at = Moment::new(at.info.clone());
        let filter = filter.clone();
        Worker { filter, placement, link: None, at, out: Vec::new(), extra: Vec::new(), derived: Vec::new() }
    }

    pub(super) fn is_open(&self) -> bool {
        self.link.is_some()
    }

    /// Opens an instance for the stream.
    pub(super) fn open(&mut self) {
        self.link = Some(Link::open(&self.filter, &self.at));
    }

    /// Shows a frame.
    pub(super) fn show(&mut self, item: Item) {
        let Some(link) = &mut self.link else { return };
        let at = &mut self.at;
        at.note(&item.frame);
        (at.frames, at.gop, at.now_us) = (item.frames, item.gop, item.now_us);
        at.looked = None;
        link.came_bytes += item.passed_bytes;
        link.unasked.add(item.passed);
        if item.again
            && link.live.is_some()
            && let Err(failure) = link.show_headers_again(at, &mut self.out)
        {
            link.failed(&failure, at);
            link.let_go_of_held(at, &mut self.out);
        }
        if !link.lets_by(&item.frame, at) {
            // Its policy never ends a stream that it is beside.
            let _ = link.take(item.frame, at, &mut self.out);
        }
        self.sift();
    }

    pub(super) fn tick(&mut self, now_us: i64) {
        let Some(link) = &mut self.link else { return };
        self.at.now_us = self.at.now_us.max(now_us);
        let _ = link.tick(&mut self.at, &mut self.out);
        self.sift();
    }

    pub(super) fn refuse(&mut self, stream: u64, why: NotDerived) {
        if let Some(link) = &mut self.link {
            link.refuse_derived(stream, why);
        }
    }

    /// The stream ends, or the filter leaves it: its own streams end. If they are `parting`, the stream itself sees to that: it may
    /// come back, and they wait for it with their players.
    pub(super) fn end(&mut self, reason: EndReason, parting: bool) {
        let Some(link) = self.link.take() else { return };
        let filter = link.filter.name_arc();
        let streams = link.beside.as_ref().map(|beside| beside.numbers()).unwrap_or_default();
        link.end(reason, &mut self.at, &mut self.out, &mut self.derived);
        self.sift();
        if !parting {
            let closed = |stream| Derived { stream, filter: filter.clone(), what: Derivation::Closed };
            self.derived.extend(streams.into_iter().map(closed));
        }
        if self.placement != Placement::Beside {
            self.derived.clear();
        }
    }

    /// Of what the link let go, that counts which a filter beside the stream makes of its own.
    fn sift(&mut self) {
        if let Some(link) = &mut self.link {
            link.hand_over_beside(&mut self.derived);
        }
        if self.placement != Placement::Beside {
            self.derived.clear();
            return self.out.clear();
        }
        let at = &self.at;
        let has = |frame: &Frame| at.tracks.all().iter().any(|t| (t.kind, t.id) == (frame.kind, frame.track));
        self.extra.extend(self.out.drain(..).filter(|frame| frame.from_filter && frame.track != 0 && !has(frame)));
    }

    /// From now on calls are noted, or not.
    pub(super) fn traced(&mut self, wanted: bool) {
        if wanted && self.at.trace.is_none() {
            self.at.trace = Some(Vec::new());
        }
    }

    /// The calls since the last time.
    pub(super) fn trace(&mut self) -> Vec<Traced> {
        self.at.trace.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn is_simple(&self) -> bool {
        self.link.as_ref().is_some_and(|link| {
            link.live.as_ref().is_some_and(|live| live.tick_us.is_none())
                && link.pending.is_none()
                && link.probation.is_none()
                && link.copies.is_none()
                && !link.is_orphaned()
        })
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { attempt: self.link.as_ref().map_or(0, |link| link.attempt), simple: self.is_simple() }
    }

    /// Which frames it needs to see.
    pub(super) fn attends(&self) -> Attends {
        match self.link.as_ref().and_then(|link| link.live.as_ref()) {
            Some(live) if self.is_simple() => Attends::Asked(live.wants.clone()),
            _ => Attends::All,
        }
    }

    pub(super) fn next_tick_us(&self) -> i64 {
        self.link.as_ref().map_or(i64::MAX, Link::next_tick_us)
    }
}
