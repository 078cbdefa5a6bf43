//! An instance of another generation before it takes a stream over: opened, and warmed with the stream's headers and the frames since
//! a key frame, on another thread while the one before goes on.
//!
//! Frames are kept for it only while it waits: shared references, from the first key frame on, bounded in number, bytes and time.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use media::track::Info;
use media::{Content, Frame, Kind, units};
use tokio::sync::oneshot;

use super::headers::info_of;
use super::{Moment, StreamInfo, is_default_key};
use crate::Clock;
use crate::failure::{Cause, Failure};
use crate::generation::Generation;
use crate::instance::{Answer, Instance, Opening, Shown};
use crate::output::{Before, Order};
use crate::rollout::WarmUp;
use crate::wants::Want;
use crate::{crew, errand};

/// See the module.
pub(super) struct Newcomer {
    pub(super) generation: Arc<Generation>,
    place: Place,
    limits: WarmUp,
    since_us: i64,
    /// What it has still to be shown, in the order in which it came.
    waiting: Vec<Item>,
    /// Frames and bytes that it has been shown or is to be shown.
    frames: usize,
    bytes: usize,
    /// It is the idle instance of a generation that the stream goes back to.
    pub(super) back: bool,
    /// There is none before it: the filter was out, and its policy holds for frames until this one is ready.
    pub(super) returns: bool,
}

impl std::fmt::Debug for Newcomer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Newcomer({})", self.generation.label)
    }
}

/// Where the instance is.
enum Place {
    /// On another thread.
    Away(oneshot::Receiver<Result<Warm, Failure>>),
    Here(Box<Warm>),
    Failed(Failure),
}

/// An instance, and what it made of the headers that it was shown.
pub(super) struct Warm {
    pub(super) instance: Instance,
    pub(super) headers: Vec<Made>,
}

/// What a newcomer made of a header.
pub(super) struct Made {
    pub(super) kind: Kind,
    pub(super) track: u8,
    /// The header as it goes on; none: dropped.
    pub(super) went: Option<Frame>,
    /// What it sent beside it.
    pub(super) sent: Vec<Frame>,
}

/// What a newcomer is shown.
enum Item {
    Header(Frame),
    Frame { frame: Frame, unit_length_bytes: u8, seq: u64, gop: u64 },
}

/// The work of another thread.
enum Work {
    Open { generation: Arc<Generation>, info: Arc<StreamInfo>, tracks: Vec<Info>, attempt: u32 },
    Warm(Box<Warm>),
}

impl Newcomer {
    /// Opens an instance for this stream and shows it the headers.
    pub(super) fn open(
        generation: Arc<Generation>,
        mut limits: WarmUp,
        attempt: u32,
        headers: impl Iterator<Item = Frame>,
        at: &Moment,
    ) -> Box<Newcomer> {
        if generation.guest.derive || generation.guest.tracks {
            // What it answers could not be thrown away: it may open streams or add tracks, and they have to go on.
            limits.frames = 0;
        }
        let work = Work::Open {
            generation: generation.clone(),
            info: at.info.clone(),
            tracks: at.tracks.all().to_vec(),
            attempt,
        };
        let place = send(&generation, work, headers.map(Item::Header).collect());
        let since_us = at.now_us;
        Box::new(Newcomer {
            generation,
            place,
            limits,
            since_us,
            waiting: Vec::new(),
            frames: 0,
            bytes: 0,
            back: false,
            returns: false,
        })
    }

    /// The same where there is none before it: what frames have been is of no use to one that begins at a key frame.
    pub(super) fn returning(
        generation: Arc<Generation>,
        attempt: u32,
        headers: impl Iterator<Item = Frame>,
        at: &Moment,
    ) -> Box<Newcomer> {
        let limits = WarmUp { frames: 0, ..WarmUp::default() };
        let mut newcomer = Newcomer::open(generation, limits, attempt, headers, at);
        newcomer.returns = true;
        newcomer
    }

    /// An instance that is there already, idle since the stream left it.
    pub(super) fn back(instance: Instance, at: &Moment) -> Box<Newcomer> {
        Box::new(Newcomer {
            generation: instance.generation.clone(),
            place: Place::Here(Box::new(Warm { instance, headers: Vec::new() })),
            limits: WarmUp { frames: 0, ..WarmUp::default() },
            since_us: at.now_us,
            waiting: Vec::new(),
            frames: 0,
            bytes: 0,
            back: true,
            returns: false,
        })
    }

    /// Looks whether the other thread is done; sends it what has come since.
    pub(super) fn look(&mut self) {
        if let Place::Away(done) = &mut self.place {
            match done.try_recv() {
                Ok(Ok(warm)) => self.place = Place::Here(Box::new(warm)),
                Ok(Err(failure)) => self.place = Place::Failed(failure),
                Err(oneshot::error::TryRecvError::Empty) => return,
                Err(oneshot::error::TryRecvError::Closed) => self.place = Place::Failed(lost()),
            }
        }
        if !self.waiting.is_empty()
            && let Place::Here(_) = self.place
        {
            let gone = Place::Failed(lost());
            if let Place::Here(warm) = std::mem::replace(&mut self.place, gone) {
                self.place = send(&self.generation, Work::Warm(warm), std::mem::take(&mut self.waiting));
            }
        }
    }

    /// Whether it has seen what there is to see, so that it may take over before the next frame. A failed one is ready to be told.
    pub(super) fn is_ready(&self, now_us: i64) -> bool {
        let time_us = i64::try_from(self.limits.time.as_micros()).unwrap_or(i64::MAX);
        match &self.place {
            Place::Failed(_) => true,
            Place::Here(warm) if self.waiting.is_empty() => {
                self.frames > 0
                    || self.limits.frames == 0
                    || warm.instance.wants.is_empty()
                    || now_us.saturating_sub(self.since_us) > time_us
            }
            Place::Here(_) | Place::Away(_) => false,
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        matches!(self.place, Place::Failed(_))
    }

    /// Keeps a frame that goes through the one before, if it is to see it.
    pub(super) fn keep(&mut self, frame: &Frame, at: &Moment) {
        match frame.content {
            Content::Header => self.waiting.push(Item::Header(frame.clone())),
            Content::Coded | Content::EndOfSequence => {
                let begins = self.frames > 0 || is_default_key(frame) || !at.has_video();
                let unwanted = matches!(&self.place, Place::Here(warm) if warm.instance.wants.is_empty());
                let fits = self.frames < self.limits.frames
                    && self.bytes.saturating_add(frame.body.len()) <= self.limits.bytes;
                if !begins || unwanted || !fits {
                    // A frame that is left out would be a gap: nothing behind it is of use.
                    self.limits.frames = if begins { self.frames } else { self.limits.frames };
                    return;
                }
                self.frames += 1;
                self.bytes += frame.body.len();
                let unit_length_bytes = at.tracks.unit_length_bytes(frame.track);
                self.waiting.push(Item::Frame { frame: frame.clone(), unit_length_bytes, seq: at.seq(), gop: at.gop });
            }
            _ => {}
        }
    }

    /// The instance, once it is ready.
    pub(super) fn take(self) -> Result<Warm, Failure> {
        match self.place {
            Place::Here(warm) => Ok(*warm),
            Place::Failed(failure) => Err(failure),
            Place::Away(_) => Err(lost()),
        }
    }
}

fn lost() -> Failure {
    Failure {
        hook: crate::counters::Hook::Start,
        cause: Cause::Fault,
        why: "the thread that opened it is gone".into(),
        limit: None,
    }
}

/// Has work done on another thread, or at once.
fn send(generation: &Arc<Generation>, work: Work, items: Vec<Item>) -> Place {
    let Some(runtime) = elsewhere(&generation.guest.clock) else {
        return work.run(items).map_or_else(Place::Failed, |warm| Place::Here(Box::new(warm)));
    };
    let (tell, done) = oneshot::channel();
    let makers = generation.engines.makers.clone();
    let it = generation.clone();
    runtime.spawn(async move {
        let Ok(_core) = makers.acquire().await else { return };
        let work = move || {
            // The stream is over, or goes over to yet another one.
            if !tell.is_closed() {
                let _ = tell.send(work.run(items));
            }
        };
        errand::run(&it.engines.errands, it.filter(), work).await;
    });
    Place::Away(done)
}

/// Lets an instance go where nobody waits for it. Of many that go at once, a guest that does not come back delays only the others.
pub(super) fn discard(instance: Instance, reason: Option<crate::session::EndReason>) {
    let (clock, engines) = (instance.generation.guest.clock.clone(), instance.generation.engines.clone());
    let filter = instance.generation.filter();
    let end = move || match reason {
        Some(reason) => instance.close(reason),
        None => drop(instance),
    };
    match elsewhere(&clock) {
        Some(runtime) if !crew::is_aside() => drop(runtime.spawn(async move {
            if let Ok(_core) = engines.makers.acquire().await {
                errand::run(&engines.errands, filter, end).await;
            }
        })),
        // Nobody waits for these threads.
        _ => end(),
    }
}

/// Where work is done that no frame is to wait for. Nowhere while time stands still between two frames: the same input then gives
/// the same output.
fn elsewhere(clock: &Clock) -> Option<tokio::runtime::Handle> {
    match clock {
        Clock::Real(_) => tokio::runtime::Handle::try_current().ok(),
        Clock::Virtual(_) => None,
    }
}

impl Work {
    fn run(self, items: Vec<Item>) -> Result<Warm, Failure> {
        let mut warm = match self {
            Work::Warm(warm) => *warm,
            Work::Open { generation, info, tracks, attempt } => {
                let opening = Opening { info: &info, tracks: &tracks, resume: None, attempt };
                Warm { instance: Instance::open(&generation, &opening)?, headers: Vec::new() }
            }
        };
        for item in items {
            match item {
                Item::Header(frame) => warm.header(frame)?,
                Item::Frame { frame, unit_length_bytes, seq, gop } => warm.frame(frame, unit_length_bytes, seq, gop)?,
            }
        }
        Ok(warm)
    }
}

impl Warm {
    fn header(&mut self, came: Frame) -> Result<(), Failure> {
        let (kind, track) = (came.kind, came.track);
        self.headers.retain(|made| (made.kind, made.track) != (kind, track));
        if !self.instance.headers {
            self.headers.push(Made { kind, track, went: Some(came), sent: Vec::new() });
            return Ok(());
        }
        let info = info_of(&came);
        let went = match self.instance.on_header(came, &info, &mut Order::default()) {
            Ok(Answer::Pass(frame)) => Some(frame),
            Ok(Answer::Edited(edited) | Answer::Hold(edited)) => edited.frame,
            Ok(Answer::Drop(_)) => None,
            Err(refused) => return Err(refused.failure),
        };
        let sent = match &mut self.instance.output().staged {
            None => Vec::new(),
            Some(staged) => {
                let before = std::mem::take(&mut staged.before).into_iter().filter_map(|before| match before {
                    Before::Emit(frame) => Some(frame),
                    Before::Release(_) | Before::Drop(_) => None,
                });
                before.chain(std::mem::take(&mut staged.after)).collect()
            }
        };
        self.headers.push(Made { kind, track, went, sent });
        Ok(())
    }

    fn frame(&mut self, frame: Frame, unit_length_bytes: u8, seq: u64, gop: u64) -> Result<(), Failure> {
        let want = self.instance.wants.of(&frame);
        if want == Want::No {
            return Ok(());
        }
        let has_units = frame.kind == Kind::Video && units::has_units(frame.codec);
        let unit_types = if has_units { units::types_in(&frame, unit_length_bytes) } else { 0 };
        if matches!(want, Want::Units(types) if types & unit_types == 0) {
            return Ok(());
        }
        let shown = Shown { unit_types, unit_length_bytes, seq, gop };
        self.instance.generation.guest.counters.totals.warm_up_frames.fetch_add(1, Relaxed);
        self.instance.warm(frame, shown)
    }
}
