//! A stream whose frames are copied for a generation that runs beside the one that filters it.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use filter_wit::media::weir::filter::types::SavedState;
use media::{Content, Frame};
use tokio::sync::mpsc;

use super::link::Link;
use super::{Moment, StreamInfo, is_default_key};
use crate::shadow::Run;

/// Frames that may wait to be compared; a generation that is further behind cannot keep up.
const MOST_WAITING: usize = 512;

/// See the module.
#[derive(Debug)]
pub(super) struct Copies {
    run: Arc<Run>,
    to: Option<mpsc::Sender<Copied>>,
    /// What the running one answered about the frame in hand.
    pub(super) answer: &'static str,
}

/// A frame, and what the running generation made of it.
struct Copied {
    frame: Frame,
    frames: u64,
    gop: u64,
    now_us: i64,
    answer: &'static str,
    made: Vec<Frame>,
}

/// What the other thread begins with.
struct Beginning {
    info: Arc<StreamInfo>,
    tracks: media::track::Tracks,
    headers: Vec<Frame>,
    state: Option<SavedState>,
    now_us: i64,
}

impl Drop for Copies {
    fn drop(&mut self) {
        if self.to.is_some() {
            self.run.leave_seat();
        }
    }
}

impl Link {
    /// The lineup has changed: is there a generation that wants to see copies?
    pub(super) fn look_for_shadow(&mut self) {
        let run = self.filter.shadow();
        match (&self.copies, run) {
            (Some(copies), Some(run)) if Arc::ptr_eq(&copies.run, &run) => {}
            (_, run) => self.copies = run.map(|run| Box::new(Copies { run, to: None, answer: PASS })),
        }
    }

    /// Before a frame is shown: begins to copy at a key frame, if there is a seat. The frame to copy.
    pub(super) fn copy(&mut self, frame: &Frame, at: &Moment) -> Option<Frame> {
        let copies = self.copies.as_mut()?;
        copies.answer = PASS;
        if copies.run.is_over() {
            self.copies = None;
            return None;
        }
        if copies.to.is_none() {
            let begins = self.live.is_some()
                && self.pending.is_none()
                && self.held.is_empty()
                && (is_default_key(frame) || !at.has_video())
                && copies.run.take_seat();
            if !begins {
                return None;
            }
            let run = copies.run.clone();
            let state = self.state_for(&run.generation);
            let beginning = Beginning {
                info: at.info.clone(),
                tracks: at.tracks.clone(),
                headers: self.headers_as_they_came(),
                state,
                now_us: at.now_us,
            };
            let (to, from) = mpsc::channel(MOST_WAITING);
            let Ok(runtime) = tokio::runtime::Handle::try_current() else {
                run.leave_seat();
                return None;
            };
            let task = run.clone();
            crate::crew::spawn_blocking(&runtime, move || beginning.compare(&task, from));
            self.copies = Some(Box::new(Copies { run, to: Some(to), answer: PASS }));
        }
        Some(frame.clone())
    }

    /// After a frame was shown: what came of it goes along. Nothing waits.
    pub(super) fn copied(&mut self, frame: Frame, made: &[Frame], at: &Moment) {
        let Some(copies) = &self.copies else { return };
        let Some(to) = &copies.to else { return };
        let (frames, gop, now_us) = (at.frames, at.gop, at.now_us);
        let copied = Copied { frame, frames, gop, now_us, answer: copies.answer, made: made.to_vec() };
        match to.try_send(copied) {
            Ok(()) => return,
            Err(mpsc::error::TrySendError::Full(_)) => {
                copies.run.fail(format!("{}: it is {MOST_WAITING} frames behind", at.name()));
            }
            Err(mpsc::error::TrySendError::Closed(_)) => {}
        }
        self.copies = None;
    }
}

const PASS: &str = "pass";

impl Beginning {
    /// Shows the copies to the new generation and compares; ends with the stream, or with the run.
    fn compare(self, run: &Run, mut from: mpsc::Receiver<Copied>) {
        let Beginning { info, tracks, headers, state, now_us } = self;
        let mut at = Moment::new(info);
        at.tracks = tracks;
        at.now_us = now_us;
        let mut link = Link::open_with(&run.filter, &at, state);
        for header in headers {
            let _ = link.take(header, &mut at, &mut Vec::new());
        }
        while let Some(copied) = from.blocking_recv() {
            if run.is_over() {
                return;
            }
            at.frames = copied.frames;
            at.gop = copied.gop;
            at.now_us = copied.now_us;
            at.looked = None;
            at.trace = Some(Vec::new());
            if copied.frame.content == Content::Header {
                at.tracks.observe(&copied.frame);
            }
            let mut made = Vec::new();
            let (kind, dts_us) = (copied.frame.kind, copied.frame.dts_us);
            let ended = link.take(copied.frame, &mut at, &mut made).is_err();
            // What it would send beside the stream is not compared.
            link.hand_over_beside(&mut Vec::new());
            let trace = at.trace.take().unwrap_or_default();
            let answer = trace.last().map_or(PASS, |traced| traced.answer);
            let seq = at.seq();
            let name = at.name();
            if ended || answer == "failed" || link.live.is_none() && !link.unsupported {
                let events = run.filter.counters().events;
                let what = match (events.traps, events.deadline_misses) {
                    (0, 0) => "said that it cannot",
                    (0, _) => "ran past its deadline",
                    _ => "trapped",
                };
                return run.fail(format!("{name}: it {what} at frame {seq}"));
            }
            let same = answer == copied.answer && same(&made, &copied.made);
            let totals = &run.generation.guest.counters.totals;
            totals.shadow_frames.fetch_add(1, Relaxed);
            totals.shadow_differences.fetch_add(u64::from(!same), Relaxed);
            let difference = (!same).then(|| {
                let (is, was) = (told(answer, &made), told(copied.answer, &copied.made));
                format!("{name} frame {seq} ({kind:?} at {} ms): {was}, the new one {is}", dts_us / 1000)
            });
            run.compared(difference);
        }
    }
}

/// What came of a frame, in a few words.
fn told(answer: &str, made: &[Frame]) -> String {
    let bytes: usize = made.iter().map(|frame| frame.body.len()).sum();
    format!("{answer} ({} out, {bytes} bytes)", made.len())
}

fn same(a: &[Frame], b: &[Frame]) -> bool {
    let same = |(a, b): (&Frame, &Frame)| {
        (a.kind, a.content, a.track, a.codec, a.key, a.dts_us, a.cts_us)
            == (b.kind, b.content, b.track, b.codec, b.key, b.dts_us, b.cts_us)
            && a.body == b.body
            && a.metadata == b.metadata
    };
    a.len() == b.len() && a.iter().zip(b).all(same)
}
