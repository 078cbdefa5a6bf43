//! The filters of one stream, and the frames between them.

use std::sync::Arc;
use std::time::Duration;

use media::track::{self, Tracks};
use media::{Content, Frame, Kind, units};

use crate::Filter;
use crate::counters::Hook;
use crate::failure::brief;
use crate::pace::Pace;
use crate::session::EndReason;

mod absent;
mod aside;
pub mod beside;
pub(crate) mod circuit;
mod copies;
mod evicted;
mod fault;
mod headers;
mod held;
mod leaving;
mod link;
mod newcomer;
mod probation;
mod stream;
mod swap;

use aside::Aside;
pub(crate) use aside::Departed;
pub use aside::Parting;
pub use beside::{Derivation, Derived};
pub(crate) use headers::info_of;
use link::Link;
pub use stream::{StreamInfo, Viewer};

/// A filter whose `on_failure` is `end-stream` failed: the publication is over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("filter `{filter}` failed: {}", brief(.why))]
pub struct Ended {
    /// Which filter.
    pub filter: String,
    /// What happened, for the log.
    pub why: String,
}

/// One call of a guest, for whoever looks on.
#[derive(Clone, Debug, PartialEq)]
pub struct Traced {
    /// Which filter.
    pub filter: Arc<str>,
    /// Which of its hooks.
    pub hook: Hook,
    /// The frame's number in the stream.
    pub seq: u64,
    /// What the frame is for.
    pub kind: Kind,
    /// Its decoding time.
    pub dts_us: i64,
    /// `pass`, `drop`, `edited`, `hold`; `failed` when the call failed.
    pub answer: &'static str,
    /// How long the call took, the host's own work with its answer included.
    pub took: Duration,
}

/// The filters of one stream in order. Runs on the task of its publisher, or of its viewer if it is a viewer's own; one call at a
/// time, frames in the order they came.
///
/// Frames must come with decoding times that never go back within a track.
#[derive(Debug)]
pub struct MediaChain {
    stages: Vec<Stage>,
    at: Moment,
}

/// One filter's place in the chain.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "most are links, and frames go through them in a row")]
enum Stage {
    /// Frames wait for it.
    Inline(Link),
    /// It is shown what comes by.
    Aside(Aside),
}

impl Stage {
    fn open(filter: &Arc<Filter>, at: &Moment) -> Stage {
        // A viewer's chain has no aside: a filter that is configured there by now is still this viewer's own.
        match filter.spec().placement.is_aside() && at.info.viewer.is_none() {
            true => Stage::Aside(Aside::open(filter, at)),
            false => Stage::Inline(Link::open(filter, at)),
        }
    }

    fn next_tick_us(&self) -> i64 {
        match self {
            Stage::Inline(link) => link.next_tick_us(),
            Stage::Aside(aside) => aside.next_tick_us(),
        }
    }
}

/// Where the stream is.
#[derive(Debug)]
struct Moment {
    info: Arc<StreamInfo>,
    tracks: Tracks,
    /// The codec of track 0 of audio and of video: as long as it stays, coded frames teach nothing.
    codecs: [u64; 2],
    /// Frames that have come.
    frames: u64,
    /// Key frames of the default video track that have come.
    gop: u64,
    now_us: i64,
    /// The units of the frame that is on its way, once a filter needed to know.
    looked: Option<Looked>,
    trace: Option<Vec<Traced>>,
    /// A vector to fill with what comes out of a filter, kept from frame to frame.
    spare: Vec<Frame>,
}

/// What is in a frame.
#[derive(Clone, Copy, Debug)]
struct Looked {
    unit_types: u64,
    unit_length_bytes: u8,
}

impl Moment {
    fn new(info: Arc<StreamInfo>) -> Moment {
        Moment {
            info,
            tracks: Tracks::new(),
            codecs: [u64::MAX; 2],
            frames: 0,
            gop: 0,
            now_us: 0,
            looked: None,
            trace: None,
            spare: Vec::new(),
        }
    }

    fn spare(&mut self) -> Vec<Frame> {
        match self.spare.capacity() {
            // Most frames come out alone.
            0 => Vec::with_capacity(1),
            _ => std::mem::take(&mut self.spare),
        }
    }

    fn put_back(&mut self, mut spare: Vec<Frame>) {
        spare.clear();
        self.spare = spare;
    }

    /// The types of the units of a frame; 0 for codecs without units. Looked up once as long as nobody changes the frame.
    fn unit_types(&mut self, frame: &Frame) -> u64 {
        if frame.kind != Kind::Video || !units::has_units(frame.codec) {
            return 0;
        }
        if let Some(looked) = &self.looked {
            return looked.unit_types;
        }
        let unit_length_bytes = self.tracks.unit_length_bytes(frame.track);
        let unit_types = units::types_in(frame, unit_length_bytes);
        self.looked = Some(Looked { unit_types, unit_length_bytes });
        unit_types
    }

    fn note(&mut self, frame: &Frame) {
        self.frames += 1;
        self.now_us = self.now_us.max(frame.dts_us);
        let codec = match frame.kind {
            Kind::Audio => &mut self.codecs[0],
            Kind::Video => &mut self.codecs[1],
            Kind::Data => return,
        };
        if is_default_key(frame) {
            self.gop += 1;
        }
        let name = u64::from(frame.codec.0);
        if frame.content == Content::Coded && frame.track == 0 && *codec == name {
            return;
        }
        if frame.track == 0 && frame.content == Content::Coded {
            *codec = name;
        }
        match frame.content {
            Content::Opaque => track::parts(frame).iter().for_each(|part| _ = self.tracks.observe(part)),
            _ => _ = self.tracks.observe(frame),
        }
    }

    /// The stream as logs name it.
    fn name(&self) -> String {
        format!("{}/{}", self.info.key.app, self.info.key.name)
    }

    /// The number of the play whose own chain this is, for logs.
    fn viewer(&self) -> Option<u64> {
        self.info.viewer.as_ref().map(|viewer| viewer.id)
    }

    /// The number of the frame that is on its way.
    fn seq(&self) -> u64 {
        self.frames.saturating_sub(1)
    }

    fn has_video(&self) -> bool {
        self.tracks.all().iter().any(|t| t.kind == Kind::Video)
    }
}

/// A key frame of the default video track.
fn is_default_key(frame: &Frame) -> bool {
    frame.key && frame.kind == Kind::Video && frame.track == 0
}

impl MediaChain {
    /// Opens an instance of each filter for this stream. A filter that cannot be opened is treated by its `on_failure`.
    pub fn open(filters: &[Arc<Filter>], info: StreamInfo) -> MediaChain {
        let at = Moment::new(Arc::new(info));
        let stages = filters.iter().map(|filter| Stage::open(filter, &at)).collect();
        MediaChain { stages, at }
    }

    /// Whether there is no filter.
    pub fn is_empty(&self) -> bool {
        self.stages.is_empty()
    }

    /// From now on calls are noted, for [`MediaChain::take_trace`] to hand out.
    pub fn trace(&mut self) {
        self.at.trace = Some(Vec::new());
    }

    /// The calls since the last time.
    pub fn take_trace(&mut self) -> Vec<Traced> {
        self.at.trace.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Sends a frame through all filters; what comes out is appended to `out`, in order.
    ///
    /// # Errors
    /// [`Ended`] if a filter failed whose policy is to end the stream. `out` holds what came out before.
    pub fn push(&mut self, frame: Frame, out: &mut Vec<Frame>) -> Result<(), Ended> {
        if !self.stages.is_empty() {
            self.at.note(&frame);
        }
        run(&mut self.stages, frame, &mut self.at, out)
    }

    /// How long a call of a filter may take now, be it that it is told the time or the end: it is measured to be slow; and, in a viewer's
    /// chain, it shares its instance with others, its time is not short, or it has failed for another viewer a moment ago.
    pub fn pace(&self) -> Pace {
        let pace = |stage: &Stage| match stage {
            Stage::Inline(link) => link.pace(),
            Stage::Aside(_) => Pace::Quick,
        };
        self.stages.iter().map(pace).max().unwrap_or_default()
    }

    /// The same for the calls that come with this frame; and, in a viewer's chain, whether instances may be started or opened before it.
    /// What is not quick is for [`Filter::elsewhere`](crate::Filter::elsewhere).
    #[inline]
    pub fn pace_of(&mut self, frame: &Frame) -> Pace {
        let mut most = Pace::Quick;
        for stage in &mut self.stages {
            let Stage::Inline(link) = stage else { continue };
            most = most.max(link.pace_of(frame, &self.at));
        }
        most
    }

    /// The filter whose calls may take longest: in its name the work is done elsewhere.
    pub fn slowest(&self) -> Option<&Arc<Filter>> {
        let links = self.stages.iter().filter_map(|stage| match stage {
            Stage::Inline(link) => Some(link),
            Stage::Aside(_) => None,
        });
        links.max_by_key(|link| link.pace()).map(|link| &link.filter)
    }

    /// When [`MediaChain::tick`] wants to be called next, in microseconds of stream time; none: not at all.
    pub fn next_tick_us(&self) -> Option<i64> {
        self.stages.iter().map(Stage::next_tick_us).min().filter(|t| *t != i64::MAX)
    }

    /// Tells filters the stream's time, if they asked for it and it is due. Frames do this too, so it is needed only when none come.
    ///
    /// # Errors
    /// As [`MediaChain::push`].
    pub fn tick(&mut self, now_us: i64, out: &mut Vec<Frame>) -> Result<(), Ended> {
        self.at.now_us = self.at.now_us.max(now_us);
        for index in 0..self.stages.len() {
            let stages = self.stages.get_mut(index..).and_then(<[Stage]>::split_first_mut);
            let Some((stage, rest)) = stages else { break };
            let mut made = Vec::new();
            let ticked = match stage {
                Stage::Inline(link) => link.tick(&mut self.at, &mut made),
                Stage::Aside(aside) => {
                    aside.tick(now_us);
                    Ok(())
                }
            };
            for frame in made {
                run(rest, frame, &mut self.at, out)?;
            }
            ticked?;
        }
        Ok(())
    }

    /// Whether a filter that frames do not wait for may have made something: [`MediaChain::collect`] is to be called soon, even if no
    /// frame comes.
    pub fn is_busy(&self) -> bool {
        self.stages.iter().any(|stage| matches!(stage, Stage::Aside(aside) if aside.is_busy()))
    }

    /// Takes what filters have made that frames do not wait for. Frames do this too.
    ///
    /// # Errors
    /// As [`MediaChain::push`].
    pub fn collect(&mut self, out: &mut Vec<Frame>) -> Result<(), Ended> {
        for index in 0..self.stages.len() {
            let stages = self.stages.get_mut(index..).and_then(<[Stage]>::split_first_mut);
            let Some((Stage::Aside(aside), rest)) = stages else { continue };
            if aside.has_made() {
                for frame in aside.take(&self.at) {
                    run(rest, frame, &mut self.at, out)?;
                }
            }
        }
        Ok(())
    }

    /// The stream is about to end: what filters beside it still have to see is theirs. To be called before [`MediaChain::end`] by who
    /// can wait for the last of their streams, and closes these then: no [`Derivation::Closed`] comes of them.
    pub fn part(&mut self, reason: EndReason) -> Vec<Parting> {
        let part = |stage: &mut Stage| match stage {
            Stage::Aside(aside) => aside.part(reason),
            Stage::Inline(_) => None,
        };
        self.stages.iter_mut().filter_map(part).collect()
    }

    /// The stream ends: filters flush, held frames come out, instances go. What goes into streams beside this one is returned;
    /// those end as well.
    pub fn end(mut self, reason: EndReason, out: &mut Vec<Frame>) -> Vec<Derived> {
        let mut derived = Vec::new();
        self.take_derived(&mut derived);
        let mut stages = std::mem::take(&mut self.stages);
        while !stages.is_empty() {
            let mut made = Vec::new();
            match stages.remove(0) {
                Stage::Inline(link) => link.end(reason, &mut self.at, &mut made, &mut derived),
                Stage::Aside(mut aside) => {
                    aside.end(reason);
                    made = aside.take(&self.at);
                    aside.hand_over(&mut derived);
                }
            }
            for frame in made {
                // The stream ends anyway: a filter that wants to end it because of a failure gets its wish.
                let _ = run(&mut stages, frame, &mut self.at, out);
            }
        }
        derived
    }
}

/// Sends a frame through these filters.
fn run(stages: &mut [Stage], frame: Frame, at: &mut Moment, out: &mut Vec<Frame>) -> Result<(), Ended> {
    let mut frame = frame;
    let mut stages = stages;
    at.looked = None;
    while let Some((stage, rest)) = stages.split_first_mut() {
        stages = rest;
        let link = match stage {
            Stage::Inline(link) => link,
            Stage::Aside(aside) => {
                aside.show(&frame, at);
                if aside.has_made() {
                    for made in aside.take(at) {
                        run(stages, made, at, out)?;
                        at.looked = None;
                    }
                }
                continue;
            }
        };
        if link.lets_by(&frame, at) {
            continue;
        }
        if stages.is_empty() {
            let taken = link.take(frame, at, out);
            at.looked = None;
            return taken;
        }
        let mut made = at.spare();
        let taken = link.take(frame, at, &mut made);
        at.looked = None;
        match (made.pop(), made.is_empty()) {
            (Some(only), true) if taken.is_ok() => {
                at.put_back(made);
                frame = only;
            }
            (last, _) => {
                for frame in made.drain(..).chain(last) {
                    run(stages, frame, at, out)?;
                }
                at.put_back(made);
                return taken;
            }
        }
    }
    out.push(frame);
    Ok(())
}
