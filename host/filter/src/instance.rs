//! One instance of a media filter, serving one stream.

use std::sync::Arc;
use std::time::{Duration, Instant};

use filter_wit::media::MediaFilter;
use filter_wit::media::exports::weir::filter::media::{Boundary, Subscription, Verdict};
use filter_wit::media::weir::filter::types;
use media::{Body, Frame, Metadata, track};
use wasmtime::Store;
use wasmtime::component::ResourceAny;

use crate::chain::StreamInfo;
use crate::convert;
use crate::counters::{Hook, Lane};
use crate::engine::ticks;
use crate::failure::{Cause, Failure};
use crate::filter::Description;
use crate::frame::Applied;
use crate::generation::Generation;
use crate::host::State;
use crate::output::{Order, Output};
use crate::session::EndReason;
use crate::tape::{Args, Outcome, Said, Tape};
use crate::wants::Wants;

/// What an instance is opened for.
pub(crate) struct Opening<'a> {
    pub(crate) info: &'a StreamInfo,
    pub(crate) tracks: &'a [track::Info],
    pub(crate) resume: Option<types::SavedState>,
    pub(crate) attempt: u32,
}

/// See the module.
pub(crate) struct Instance {
    pub(crate) generation: Arc<Generation>,
    store: Store<State>,
    guest: MediaFilter,
    filter: ResourceAny,
    pub(crate) wants: Wants,
    pub(crate) headers: bool,
    pub(crate) metadata: bool,
    pub(crate) swap_at: Boundary,
    pub(crate) max_hold: usize,
    /// Interval of `on-tick` in microseconds.
    pub(crate) tick_us: Option<i64>,
    media_ticks: u64,
    start_ticks: u64,
    memory: usize,
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Instance({})", self.generation.label)
    }
}

/// More would make matching a cost of its own.
const MOST_INTERESTS: usize = 256;
const LEAST_TICK_MS: u32 = 10;
/// Held frames of one stream.
const MOST_HELD: usize = 1024;
/// A snapshot larger than this is not carried over.
const MOST_STATE_BYTES: usize = 4 << 20;

impl Drop for Instance {
    fn drop(&mut self) {
        self.generation.guest.counters.instance(-1);
    }
}

/// An instance before `open`.
struct Started {
    store: Store<State>,
    guest: MediaFilter,
}

fn start(generation: &Arc<Generation>, stream: Arc<str>, tape: Option<Box<Tape>>) -> Result<Started, Failure> {
    let none = || Failure { hook: Hook::Start, cause: Cause::Trap, why: "it is no media filter".into() };
    let pre = generation.media.as_ref().ok_or_else(none)?;
    let mut store = generation.media_store(stream);
    store.data_mut().tape = tape;
    let limit = ticks(generation.guest.limits.start_time);
    let guest =
        timed(generation, &mut store, Hook::Start, limit, &mut Order::default(), |store| pre.instantiate(store))?;
    Ok(Started { store, guest })
}

/// A stream filter in an instance, and what it wants.
struct Opened {
    filter: ResourceAny,
    wanted: Subscription,
}

/// Opens a stream filter and asks what it wants to see.
fn opened(
    generation: &Generation,
    store: &mut Store<State>,
    guest: &MediaFilter,
    opening: &Opening<'_>,
) -> Result<Opened, Failure> {
    let limit = ticks(generation.guest.limits.start_time);
    let info = convert::stream_info(opening.info, opening.tracks, opening.attempt);
    let hooks = guest.weir_filter_media().stream_filter();
    let resume = opening.resume.as_ref();
    store.data_mut().begins(Hook::Open, || Args::Open {
        info: Box::new(opening.info.clone()),
        tracks: opening.tracks.to_vec(),
        resume: opening.resume.clone(),
        attempt: opening.attempt,
    });
    let filter = timed_with(generation, store, Hook::Open, limit, &mut Order::default(), |store| {
        hooks.call_open(store, &info, resume)
    })?
    .map_err(|fault| Failure::said(Hook::Open, &fault))?;
    let wanted = timed(generation, store, Hook::Subscribe, limit, &mut Order::default(), |store| {
        hooks.call_subscribe(store, filter)
    })?;
    if wanted.frames.len() > MOST_INTERESTS {
        let why = format!("{} interests, at most {MOST_INTERESTS}", wanted.frames.len());
        return Err(Failure { hook: Hook::Subscribe, cause: Cause::Fault, why });
    }
    Ok(Opened { filter, wanted })
}

/// Runs one call under its deadline and counts it.
fn timed<R: Said>(
    generation: &Generation,
    store: &mut Store<State>,
    hook: Hook,
    deadline: u64,
    last: &mut Order,
    call: impl FnOnce(&mut Store<State>) -> wasmtime::Result<R>,
) -> Result<R, Failure> {
    store.data_mut().begins(hook, || Args::None);
    timed_with(generation, store, hook, deadline, last, call)
}

/// [`timed`], behind a tape that knows what the call is about.
fn timed_with<R: Said>(
    generation: &Generation,
    store: &mut Store<State>,
    hook: Hook,
    deadline: u64,
    last: &mut Order,
    call: impl FnOnce(&mut Store<State>) -> wasmtime::Result<R>,
) -> Result<R, Failure> {
    let (result, took) = armed(generation, store, deadline, last, call);
    let copied = store.data().budget.copied();
    generation.guest.counters.call(hook, took, None, copied);
    let result = result.map_err(|e| Failure::trapped(hook, &e, store.data()));
    store.data_mut().ends(|| match &result {
        Ok(answer) => answer.said(),
        Err(failure) => Outcome::failed(failure),
    });
    result
}

/// `last` is lent to the guest's output for the call: emissions must not go behind it.
#[inline]
fn armed<R>(
    generation: &Generation,
    store: &mut Store<State>,
    deadline: u64,
    last: &mut Order,
    call: impl FnOnce(&mut Store<State>) -> wasmtime::Result<R>,
) -> (wasmtime::Result<R>, Duration) {
    let state = store.data_mut();
    state.budget.begin();
    state.limiter.forget_refusal();
    state.late_since = None;
    std::mem::swap(&mut state.output.last, last);
    store.set_epoch_deadline(deadline);
    let armed = generation.engines.arm();
    let started = Instant::now();
    let result = call(store);
    let took = started.elapsed();
    drop(armed);
    std::mem::swap(&mut store.data_mut().output.last, last);
    (result, took)
}

impl Instance {
    /// What the guest says of itself.
    pub(crate) fn describe(generation: &Arc<Generation>) -> Result<Description, Failure> {
        let tape = generation.guest.tape(&"".into());
        let Started { mut store, guest } = start(generation, "".into(), tape)?;
        let limit = ticks(generation.guest.limits.start_time);
        let lifecycle = guest.weir_filter_lifecycle();
        let described = timed(generation, &mut store, Hook::Describe, limit, &mut Order::default(), |store| {
            lifecycle.call_describe(store)
        })?;
        Ok(convert::media_description(described))
    }

    /// Starts, configures, opens and asks what it wants to see.
    pub(crate) fn open(generation: &Arc<Generation>, opening: &Opening<'_>) -> Result<Instance, Failure> {
        let key = &opening.info.key;
        // The stream of a trial has no name.
        let stream = if key.name.is_empty() { String::new() } else { format!("{}/{}", key.app, key.name) };
        let tape = generation.guest.tape(&stream.into());
        Instance::open_on(generation, opening, tape)
    }

    /// [`Instance::open`] with this tape, or none.
    pub(crate) fn open_on(
        generation: &Arc<Generation>,
        opening: &Opening<'_>,
        tape: Option<Box<Tape>>,
    ) -> Result<Instance, Failure> {
        let key = &opening.info.key;
        let Started { mut store, guest } = start(generation, format!("{}/{}", key.app, key.name).into(), tape)?;
        store.data_mut().key = Arc::new(key.clone());
        let limit = ticks(generation.guest.limits.start_time);
        let lifecycle = guest.weir_filter_lifecycle();
        timed(generation, &mut store, Hook::Configure, limit, &mut Order::default(), |store| {
            lifecycle.call_configure(store)
        })?
        .map_err(|fault| Failure::said(Hook::Configure, &fault))?;
        let opened = opened(generation, &mut store, &guest, opening)?;
        let counters = &generation.guest.counters;
        counters.instance(1);
        let memory = store.data().limiter.bytes();
        counters.memory(memory);
        let limits = &generation.guest.limits;
        let mut instance = Instance {
            media_ticks: ticks(limits.media_time),
            start_ticks: ticks(limits.start_time),
            generation: generation.clone(),
            store,
            guest,
            filter: opened.filter,
            wants: Wants::new(Vec::new()),
            headers: false,
            metadata: false,
            swap_at: Boundary::AnyFrame,
            max_hold: 0,
            tick_us: None,
            memory,
        };
        instance.adopt(opened);
        Ok(instance)
    }

    /// Opens another stream filter in the place of the one it has, which is told why it ends, or let go without a word. If that fails
    /// the one it has stays.
    pub(crate) fn reopen(&mut self, opening: &Opening<'_>, reason: Option<EndReason>) -> Result<(), Failure> {
        // What the one before asked for beside the stream is not to happen any more.
        self.store.data_mut().output.derived.staged.clear();
        let opened = opened(&self.generation, &mut self.store, &self.guest, opening)?;
        let (old, limit) = (self.filter, self.media_ticks);
        self.adopt(opened);
        let hooks = self.guest.weir_filter_media().stream_filter();
        timed(&self.generation, &mut self.store, Hook::End, limit, &mut Order::default(), |store| {
            if let Some(reason) = reason {
                hooks.call_end(&mut *store, old, convert::end_reason(reason))?;
            }
            old.resource_drop(store)
        })
    }

    fn adopt(&mut self, Opened { filter, wanted }: Opened) {
        self.filter = filter;
        self.wants = Wants::new(wanted.frames.into_iter().map(convert::interest).collect());
        self.headers = wanted.headers;
        self.metadata = wanted.metadata;
        self.swap_at = wanted.swap_at;
        self.max_hold = (wanted.max_hold_frames as usize).min(MOST_HELD);
        self.tick_us = wanted.tick_ms.map(|ms| i64::from(ms.max(LEAST_TICK_MS)) * 1000);
    }

    /// Shows a frame for warm-up: whatever comes of it is thrown away.
    pub(crate) fn warm(&mut self, frame: Frame, shown: Shown) -> Result<(), Failure> {
        let state = self.store.data_mut();
        state.output.begin(frame.dts_us);
        let mut meta = convert::frame_meta(&frame, shown.unit_types, shown.seq, shown.gop);
        meta.flags |= types::FrameFlags::WARM_UP;
        state.hand.take(frame, false, shown.unit_length_bytes, shown.payload);
        let hooks = self.guest.weir_filter_media().stream_filter();
        let filter = self.filter;
        let mut last = Order::default();
        let (result, _) = armed(&self.generation, &mut self.store, self.media_ticks, &mut last, |store| {
            hooks.call_on_frame(store, filter, meta)
        });
        let state = self.store.data_mut();
        state.hand.give_back();
        state.output.begin(0);
        match result {
            Ok(_) => Ok(()),
            Err(e) => Err(Failure::trapped(Hook::Frame, &e, self.store.data())),
        }
    }

    /// What the guest staged in the call that has just returned, and the packets it keeps.
    pub(crate) fn output(&mut self) -> &mut Output {
        &mut self.store.data_mut().output
    }

    /// A coded frame. The lane counts it.
    #[inline]
    pub(crate) fn on_frame(
        &mut self,
        frame: Frame,
        shown: Shown,
        lane: &Lane,
        last: &mut Order,
    ) -> Result<Answer, Box<Refused>> {
        if self.store.data().tape.is_none() {
            return self.frame(frame, shown, lane, last);
        }
        let &Shown { unit_types, unit_length_bytes, seq, gop, .. } = &shown;
        let args = Args::Frame { frame: frame.clone(), unit_types, unit_length_bytes, seq, gop };
        self.on_tape(Hook::Frame, args, |it| it.frame(frame, shown, lane, last))
    }

    /// A call that somebody looks on at, its edits applied.
    #[cold]
    fn on_tape(
        &mut self,
        hook: Hook,
        args: Args,
        call: impl FnOnce(&mut Instance) -> Result<Answer, Box<Refused>>,
    ) -> Result<Answer, Box<Refused>> {
        self.store.data_mut().begins(hook, || args);
        let answer = call(self);
        self.store.data_mut().ends(|| match &answer {
            Ok(answer) => Outcome::Answered(answer.name().into()),
            Err(refused) => Outcome::failed(&refused.failure),
        });
        answer
    }

    #[inline]
    fn frame(&mut self, frame: Frame, shown: Shown, lane: &Lane, last: &mut Order) -> Result<Answer, Box<Refused>> {
        let state = self.store.data_mut();
        state.output.begin(frame.dts_us);
        let meta = convert::frame_meta(&frame, shown.unit_types, shown.seq, shown.gop);
        state.hand.take(frame, false, shown.unit_length_bytes, shown.payload);
        let hooks = self.guest.weir_filter_media().stream_filter();
        let filter = self.filter;
        let (result, took) = armed(&self.generation, &mut self.store, self.media_ticks, last, |store| {
            hooks.call_on_frame(store, filter, meta)
        });
        let answer = result.as_ref().ok().map(|verdict| *verdict as usize);
        lane.frame(took, answer, self.store.data().budget.copied());
        self.answered(Hook::Frame, result.map(Ok))
    }

    /// A sequence header.
    pub(crate) fn on_header(
        &mut self,
        frame: Frame,
        info: &track::Info,
        last: &mut Order,
    ) -> Result<Answer, Box<Refused>> {
        let args = Args::Header(frame.clone());
        self.on_tape(Hook::Header, args, |it| it.header(frame, info, last))
    }

    fn header(&mut self, frame: Frame, info: &track::Info, last: &mut Order) -> Result<Answer, Box<Refused>> {
        let state = self.store.data_mut();
        state.output.begin(frame.dts_us);
        state.hand.take(frame, true, 0, None);
        let hooks = self.guest.weir_filter_media().stream_filter();
        let (filter, track) = (self.filter, convert::track_info(info));
        let (result, took) = armed(&self.generation, &mut self.store, self.media_ticks, last, |store| {
            store.data_mut().budget.copy(info.header.len())?;
            hooks.call_on_header(store, filter, &track, &info.header)
        });
        self.count(Hook::Header, took, &result);
        self.answered(Hook::Header, result)
    }

    /// A data message whose values are known. `edited` without `set-metadata` is `pass`.
    pub(crate) fn on_metadata(
        &mut self,
        frame: Frame,
        meta: &Arc<Metadata>,
        last: &mut Order,
    ) -> Result<Answer, Box<Refused>> {
        let args = Args::Metadata(frame.clone());
        self.on_tape(Hook::Metadata, args, |it| it.message(frame, meta, last))
    }

    fn message(&mut self, frame: Frame, meta: &Arc<Metadata>, last: &mut Order) -> Result<Answer, Box<Refused>> {
        let state = self.store.data_mut();
        state.output.begin(frame.dts_us);
        state.output.original = Some(meta.clone());
        let hooks = self.guest.weir_filter_media().stream_filter();
        let (filter, flat) = (self.filter, convert::flatten(meta));
        let (result, took) = armed(&self.generation, &mut self.store, self.media_ticks, last, |store| {
            store.data_mut().budget.copy(convert::metadata_bytes(&flat))?;
            hooks.call_on_metadata(store, filter, &flat)
        });
        self.count(Hook::Metadata, took, &result);
        let output = &mut self.store.data_mut().output;
        output.original = None;
        let changed = output.metadata.take();
        // No frame is in hand in this hook: the message is, and `set-metadata` edits it.
        match self.judged(Hook::Metadata, result) {
            Err(failure) => Err(Box::new(Refused { failure, frame })),
            Ok(Verdict::Drop) => Ok(Answer::Drop(frame)),
            Ok(Verdict::Edited) => match changed {
                Some(changed) => {
                    let frame = Frame { body: Body::new(), payload_at: 0, metadata: Some(Arc::new(changed)), ..frame };
                    Ok(Answer::Edited(Applied { frame: Some(frame), copied_bytes: 0, retimed: false }))
                }
                None => Ok(Answer::Pass(frame)),
            },
            Ok(Verdict::Pass | Verdict::Hold) => Ok(Answer::Pass(frame)),
        }
    }

    /// The stream's time.
    pub(crate) fn on_tick(&mut self, now_us: i64, last: &mut Order) -> Result<(), Failure> {
        let hooks = self.guest.weir_filter_media().stream_filter();
        let (filter, limit) = (self.filter, self.media_ticks);
        self.store.data_mut().output.begin(now_us);
        self.store.data_mut().begins(Hook::Tick, || Args::Tick(now_us));
        timed_with(&self.generation, &mut self.store, Hook::Tick, limit, last, |store| {
            hooks.call_on_tick(store, filter, now_us)
        })
    }

    /// Last call for output.
    pub(crate) fn flush(&mut self, now_us: i64, last: &mut Order) -> Result<(), Failure> {
        let hooks = self.guest.weir_filter_media().stream_filter();
        let (filter, limit) = (self.filter, self.media_ticks);
        self.store.data_mut().output.begin(now_us);
        timed(&self.generation, &mut self.store, Hook::Flush, limit, last, |store| hooks.call_flush(store, filter))
    }

    /// State for the next generation; none if there is none, or too much.
    pub(crate) fn snapshot(&mut self) -> Result<Option<types::SavedState>, Failure> {
        let hooks = self.guest.weir_filter_media().stream_filter();
        let (filter, limit) = (self.filter, self.start_ticks);
        let state = timed(&self.generation, &mut self.store, Hook::Snapshot, limit, &mut Order::default(), |store| {
            hooks.call_snapshot(store, filter)
        })?;
        Ok(state.filter(|s| s.data.len() <= MOST_STATE_BYTES))
    }

    /// Tells the guest that it is over and lets it go; failing at that is nobody's concern but the counters'.
    pub(crate) fn close(mut self, reason: EndReason) {
        let hooks = self.guest.weir_filter_media().stream_filter();
        let (filter, limit) = (self.filter, self.media_ticks);
        self.store.data_mut().begins(Hook::End, || Args::End(reason));
        let reason = convert::end_reason(reason);
        let ended = timed_with(&self.generation, &mut self.store, Hook::End, limit, &mut Order::default(), |store| {
            hooks.call_end(&mut *store, filter, reason)?;
            filter.resource_drop(store)
        });
        if let Err(failure) = ended {
            failure.count(&self.generation.guest.counters);
        }
    }

    fn count<T>(&mut self, hook: Hook, took: Duration, result: &wasmtime::Result<Result<Verdict, T>>) {
        let answer = result.as_ref().ok().and_then(|r| r.as_ref().ok()).map(|verdict| *verdict as usize);
        let copied = self.store.data().budget.copied();
        self.generation.guest.counters.call(hook, took, answer, copied);
    }

    #[inline]
    fn judged(&self, hook: Hook, result: wasmtime::Result<Result<Verdict, types::Fault>>) -> Result<Verdict, Failure> {
        match result {
            Ok(Ok(verdict)) => Ok(verdict),
            Ok(Err(fault)) => Err(Failure::said(hook, &fault)),
            Err(e) => Err(Failure::trapped(hook, &e, self.store.data())),
        }
    }

    /// The verdict together with the frame in hand, edits applied if it says so.
    #[inline]
    fn answered(
        &mut self,
        hook: Hook,
        result: wasmtime::Result<Result<Verdict, types::Fault>>,
    ) -> Result<Answer, Box<Refused>> {
        let judged = match self.judged(hook, result) {
            // Headers do not wait.
            Ok(Verdict::Hold) if hook == Hook::Header => Ok(Verdict::Pass),
            judged => judged,
        };
        let state = self.store.data_mut();
        if state.limiter.bytes() != self.memory {
            self.memory = state.limiter.bytes();
            self.generation.guest.counters.memory(self.memory);
        }
        let original = match &judged {
            Ok(Verdict::Edited | Verdict::Hold) => state.hand.frame().cloned(),
            _ => state.hand.give_back(),
        };
        // A frame was put in hand before the call and only this function takes it back.
        let Some(frame) = original else { return Ok(Answer::Edited(Applied::nothing())) };
        match judged {
            Err(failure) => Err(Box::new(Refused { failure, frame })),
            Ok(Verdict::Pass) => Ok(Answer::Pass(frame)),
            Ok(Verdict::Drop) => Ok(Answer::Drop(frame)),
            Ok(verdict) => match state.hand.apply() {
                Err(e) => {
                    let failure =
                        Failure { hook, cause: Cause::Trap, why: format!("an edit that cannot be applied: {e}") };
                    Err(Box::new(Refused { failure, frame }))
                }
                Ok(applied) => {
                    let applied = applied.unwrap_or_else(Applied::nothing);
                    Ok(if verdict == Verdict::Hold { Answer::Hold(applied) } else { Answer::Edited(applied) })
                }
            },
        }
    }
}

/// What the chain knows of the frame that it shows.
pub(crate) struct Shown {
    pub(crate) unit_types: u64,
    pub(crate) unit_length_bytes: u8,
    /// The frame's payload, if it was looked into.
    pub(crate) payload: Option<Body>,
    pub(crate) seq: u64,
    pub(crate) gop: u64,
}

/// What becomes of a frame.
pub(crate) enum Answer {
    Pass(Frame),
    Drop(Frame),
    Edited(Applied),
    Hold(Applied),
}

impl Answer {
    /// The verdict's name in the contract.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Answer::Pass(_) => "pass",
            Answer::Drop(_) => "drop",
            Answer::Edited(_) => "edited",
            Answer::Hold(_) => "hold",
        }
    }
}

/// A call that failed, and the frame as it came.
pub(crate) struct Refused {
    pub(crate) failure: Failure,
    pub(crate) frame: Frame,
}
