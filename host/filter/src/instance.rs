//! What one stream has of a media filter: a stream filter, in an instance of its own or in one that many streams share.

use std::num::NonZeroI64;
use std::sync::Arc;
use std::time::Duration;

use filter_wit::media::exports::weir::filter::media::Boundary;
use filter_wit::media::weir::filter::types;
use media::track;
use wasmtime::component::ResourceAny;

use crate::chain::StreamInfo;
use crate::convert;
use crate::counters::{Histogram, Hook};
use crate::desk::Desk;
use crate::failure::{Cause, Failure};
use crate::filter::Description;
use crate::generation::Generation;
use crate::output::derived::NotDerived;
use crate::output::{Order, Output};
use crate::pace::Gait;
use crate::session::EndReason;
use crate::shared::Shared;
use crate::tape::{Args, Tape};
use crate::wants::Wants;

mod answer;
mod hooks;
mod vessel;

pub(crate) use answer::{Answer, Refused, Shown};
use vessel::Opened;
pub(crate) use vessel::Vessel;

/// What an instance is opened for.
pub(crate) struct Opening<'a> {
    pub(crate) info: &'a Arc<StreamInfo>,
    pub(crate) tracks: &'a [track::Info],
    pub(crate) resume: Option<types::SavedState>,
    pub(crate) attempt: u32,
}

/// See the module.
pub(crate) struct Instance {
    pub(crate) generation: Arc<Generation>,
    home: Home,
    desk: Box<Desk>,
    filter: ResourceAny,
    /// The guest has let go of the filter.
    closed: bool,
    pub(crate) wants: Wants,
    pub(crate) headers: bool,
    pub(crate) metadata: bool,
    pub(crate) swap_at: Boundary,
    pub(crate) max_hold: u16,
    /// Interval of `on-tick` in microseconds.
    pub(crate) tick_us: Option<NonZeroI64>,
}

/// Where the stream filter is.
enum Home {
    Own(Box<Vessel>),
    Shared(Arc<Shared>),
}

impl Home {
    /// Makes calls of a stream.
    ///
    /// # Errors
    /// [`Cause::Evicted`]: a call of another stream has ended the instance.
    #[inline]
    fn enter<R>(
        &mut self,
        desk: &mut Box<Desk>,
        hook: Hook,
        work: impl FnOnce(&mut Vessel) -> R,
    ) -> Result<R, Failure> {
        match self {
            Home::Own(vessel) => Ok(vessel.with(desk, work)),
            Home::Shared(shared) => shared.enter(desk, hook, work),
        }
    }
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Instance({})", self.generation.label)
    }
}

const LEAST_TICK_MS: u32 = 10;
/// Held frames of one stream.
const MOST_HELD: u16 = 1024;
/// How often a stream looks for another shared instance, when others end one after the other under its hands.
const MOST_TRIES: usize = 4;

impl Drop for Instance {
    fn drop(&mut self) {
        let Home::Shared(shared) = &self.home else { return };
        let (closed, filter, limit, desk) = (self.closed, self.filter, self.media_time(), self.desk.id);
        // Where it is gone there is nothing to be let go of.
        let _ = shared.enter(&mut self.desk, Hook::End, |vessel| {
            if !closed {
                vessel.let_go(filter, limit);
            }
            vessel.state().forget(desk);
        });
    }
}

impl Instance {
    /// What the guest says of itself.
    pub(crate) fn describe(generation: &Arc<Generation>) -> Result<Description, Failure> {
        let mut desk = Desk::new(None);
        desk.tape = generation.guest.tape("");
        Vessel::describe(generation, &mut desk)
    }

    /// Opens a stream filter and asks what it wants to see: in an instance that others share if the operator wants it so, otherwise
    /// in one that is started and configured for it.
    pub(crate) fn open(generation: &Arc<Generation>, opening: &Opening<'_>) -> Result<Instance, Failure> {
        let stream = opening.info.stream();
        let tape = || generation.guest.tape(&stream);
        let party = opening.info.party();
        let mut opened = Err(Failure::evicted(Hook::Open));
        for _ in 0..MOST_TRIES {
            // Looked at each time: what ended the one before may have been a call of this very stream.
            let shares = generation.shares.as_ref().filter(|shares| !stream.is_empty() && !shares.is_alone(&party));
            let Some(shares) = shares else { return Instance::open_on(generation, opening, tape()) };
            let shared = shares.place(generation)?;
            let mut desk = laid_out(opening, tape());
            if let Some(tape) = &mut desk.tape {
                tape.preface(&shared.preface);
            }
            opened = Instance::open_in(Home::Shared(shared), generation, desk, opening);
            if opened.as_ref().err().is_none_or(|failure| failure.cause != Cause::Evicted) {
                break;
            }
        }
        opened
    }

    /// In an instance of its own, with this tape, or none.
    pub(crate) fn open_on(
        generation: &Arc<Generation>,
        opening: &Opening<'_>,
        tape: Option<Box<Tape>>,
    ) -> Result<Instance, Failure> {
        let mut desk = laid_out(opening, tape);
        let vessel = Vessel::configured(generation, &mut desk)?;
        Instance::open_in(Home::Own(Box::new(vessel)), generation, desk, opening)
    }

    fn open_in(
        mut home: Home,
        generation: &Arc<Generation>,
        mut desk: Box<Desk>,
        opening: &Opening<'_>,
    ) -> Result<Instance, Failure> {
        let id = desk.id;
        let opened = home.enter(&mut desk, Hook::Open, |vessel| {
            let opened = vessel.open(opening);
            if opened.is_err() {
                vessel.state().forget(id);
            }
            opened
        })??;
        let mut instance = Instance {
            generation: generation.clone(),
            home,
            desk,
            filter: opened.filter,
            closed: false,
            wants: Wants::new(Arc::default()),
            headers: false,
            metadata: false,
            swap_at: Boundary::AnyFrame,
            max_hold: 0,
            tick_us: None,
        };
        instance.desk.gait = Gait::like(&generation.pace);
        instance.adopt(opened);
        Ok(instance)
    }

    /// Opens another stream filter in the place of the one it has, which is told why it ends, or let go without a word. If that fails
    /// the one it has stays.
    pub(crate) fn reopen(&mut self, opening: &Opening<'_>, reason: Option<EndReason>) -> Result<(), Failure> {
        // What the one before asked for beside the stream is not to happen any more.
        self.desk.output.forget_derived();
        let opened = self.home.enter(&mut self.desk, Hook::Open, |vessel| vessel.open(opening))??;
        let (old, limit) = (self.filter, self.media_time());
        self.adopt(opened);
        self.home.enter(&mut self.desk, Hook::End, |vessel| {
            vessel.timed(Hook::End, limit, &mut Order::default(), |store, guest| {
                if let Some(reason) = reason {
                    let hooks = guest.weir_filter_media().stream_filter();
                    hooks.call_end(&mut *store, old, convert::end_reason(reason))?;
                }
                old.resource_drop(store)
            })
        })?
    }

    fn adopt(&mut self, Opened { filter, wanted }: Opened) {
        self.filter = filter;
        self.wants = self.generation.asked.wants(wanted.frames.into_iter().map(convert::interest).collect());
        self.headers = wanted.headers;
        self.metadata = wanted.metadata;
        self.swap_at = wanted.swap_at;
        self.max_hold = u16::try_from(wanted.max_hold_frames).unwrap_or(MOST_HELD).min(MOST_HELD);
        self.tick_us = wanted.tick_ms.and_then(|ms| NonZeroI64::new(i64::from(ms.max(LEAST_TICK_MS)) * 1000));
    }

    /// How long one of its calls may take.
    #[inline]
    fn media_time(&self) -> Duration {
        self.generation.guest.limits.media_time
    }

    /// The instance that it shares was ended by a call of another stream: every call would say so.
    #[inline]
    pub(crate) fn is_evicted(&self) -> bool {
        match &self.home {
            Home::Own(_) => false,
            Home::Shared(shared) => shared.is_gone(),
        }
    }

    /// Whether its calls are measured to take so long that others would notice.
    #[inline]
    pub(crate) fn is_slow(&self) -> bool {
        self.desk.gait.is_slow()
    }

    /// How long its calls about frames took; where streams share the instance, those of all of them.
    pub(crate) fn times(&self) -> &Histogram {
        match &self.home {
            Home::Own(vessel) => vessel.lane.times(),
            Home::Shared(shared) => shared.lane.times(),
        }
    }

    /// What the guest staged in the call that has just returned.
    pub(crate) fn output(&mut self) -> &mut Output {
        &mut self.desk.output
    }

    /// A stream beside this one that was opened is none.
    pub(crate) fn refuse_derived(&mut self, stream: u64, why: NotDerived) {
        // Of one that is gone nobody waits for the answer.
        let _ = self.home.enter(&mut self.desk, Hook::Open, |vessel| vessel.state().refuse_derived(stream, why));
    }

    /// Tells the guest that it is over and lets it go; failing at that is nobody's concern but the counters'.
    pub(crate) fn close(self, reason: EndReason) {
        let _ = self.end(reason);
    }

    /// The same, for who counts faults. This one has been counted.
    pub(crate) fn end(mut self, reason: EndReason) -> Result<(), Failure> {
        let (filter, limit) = (self.filter, self.media_time());
        self.closed = true;
        let ended = self.home.enter(&mut self.desk, Hook::End, |vessel| {
            vessel.state().begins(Hook::End, || Args::End(reason));
            let reason = convert::end_reason(reason);
            vessel.timed_with(Hook::End, limit, &mut Order::default(), |store, guest| {
                guest.weir_filter_media().stream_filter().call_end(&mut *store, filter, reason)?;
                filter.resource_drop(store)
            })
        });
        match ended {
            Ok(Err(failure)) => {
                failure.count(&self.generation.guest.counters);
                Err(failure)
            }
            // Ended by another's call, it needs no word.
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }
}

fn laid_out(opening: &Opening<'_>, tape: Option<Box<Tape>>) -> Box<Desk> {
    let mut desk = Desk::new(Some(opening.info));
    desk.tape = tape;
    desk
}
