//! What leaves a filter: what the guest answered, sent and held, in the right order and with the right times.

use std::sync::atomic::Ordering::Relaxed;

use media::{Content, Frame, Kind};

use super::link::Link;
use crate::instance::{Answer, Instance};
use crate::output::{Before, Output};

/// Video tracks of which a frame is missing that others refer to.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    /// The next frame is marked.
    open: Vec<u8>,
    /// Nothing goes on before a key frame (`repair`).
    repairing: Vec<u8>,
}

impl Gaps {
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty() && self.repairing.is_empty()
    }
}

impl Link {
    /// What the guest wants done, now that its call has returned.
    #[inline]
    pub(super) fn apply(&mut self, answer: Answer, out: &mut Vec<Frame>) {
        self.staged(out);
        match answer {
            Answer::Pass(frame) => self.pass(frame, out),
            Answer::Drop(frame) => {
                self.dropped(&frame);
                if frame.content == Content::Header {
                    self.header_went(frame.kind, frame.track, None);
                }
            }
            Answer::Edited(edited) => {
                self.count_edit(edited.copied_bytes);
                if let Some(frame) = edited.frame {
                    if frame.content == Content::Header {
                        self.header_went(frame.kind, frame.track, Some(frame.clone()));
                    }
                    if edited.retimed { self.choose(frame, out) } else { self.pass(frame, out) }
                }
            }
            Answer::Hold(edited) => {
                self.count_edit(edited.copied_bytes);
                if let Some(frame) = edited.frame {
                    self.hold(frame, out);
                }
            }
        }
        self.after(out);
    }

    fn count_edit(&self, copied_bytes: usize) {
        if copied_bytes > 0 {
            self.filter.counters_inner().totals.edit_copied_bytes.fetch_add(copied_bytes as u64, Relaxed);
        }
    }

    fn hold(&mut self, frame: Frame, out: &mut Vec<Frame>) {
        let most = self.live.as_ref().map_or(0, |live| live.max_hold.into());
        if most == 0 || !matches!(frame.content, Content::Coded | Content::EndOfSequence | Content::Data) {
            return self.pass(frame, out);
        }
        self.held.push(frame);
        while self.held.is_over(most, self.spec.limits.retained_bytes) {
            self.release(1, out);
        }
    }

    pub(super) fn release(&mut self, count: u32, out: &mut Vec<Frame>) {
        for _ in 0..count {
            match self.held.pop() {
                Some(frame) => self.choose(frame, out),
                None => return,
            }
        }
    }

    /// What the guest asked for before the frame in hand, in its order.
    #[inline]
    pub(super) fn staged(&mut self, out: &mut Vec<Frame>) {
        let Some(output) = self.live.as_mut().map(Instance::output).filter(|o| !o.is_empty()) else { return };
        output.spend();
        let Some(staged) = &mut output.staged else { return };
        let before = std::mem::take(&mut staged.before);
        if !staged.derived.is_empty() {
            let steps = std::mem::take(&mut staged.derived);
            let (frames, bytes) = self.beside.get_or_insert_default().take(steps, &self.filter.name_arc());
            let totals = &self.filter.counters_inner().totals;
            totals.derived_frames.fetch_add(frames, Relaxed);
            totals.derived_bytes.fetch_add(bytes, Relaxed);
        }
        for before in before {
            match before {
                Before::Emit(frame) => self.emit(frame, out),
                Before::Release(count) => self.release(count, out),
                Before::Drop(count) => {
                    for _ in 0..count {
                        match self.held.pop() {
                            Some(frame) => self.dropped(&frame),
                            None => break,
                        }
                    }
                }
            }
        }
    }

    #[inline]
    pub(super) fn after(&mut self, out: &mut Vec<Frame>) {
        let Some(after) = self.live.as_mut().map(Instance::output).and_then(Output::take_after) else { return };
        for frame in after {
            self.emit(frame, out);
        }
    }

    pub(super) fn emit(&mut self, frame: Frame, out: &mut Vec<Frame>) {
        self.filter.counters_inner().totals.emitted_frames.fetch_add(1, Relaxed);
        self.choose(frame, out);
    }

    /// A frame whose time the filter chose goes on.
    fn choose(&mut self, frame: Frame, out: &mut Vec<Frame>) {
        let frame = self.outgoing.chosen(frame, &mut self.last);
        self.leave(frame, out);
    }

    /// A frame goes on at the time at which it came.
    #[inline]
    pub(super) fn pass(&mut self, frame: Frame, out: &mut Vec<Frame>) {
        let frame = self.outgoing.passing(frame, &mut self.last);
        self.leave(frame, out);
    }

    /// Marks gaps, and drops what cannot be decoded if that is wanted.
    #[inline]
    fn leave(&mut self, mut frame: Frame, out: &mut Vec<Frame>) {
        if let Some(gaps) = &mut self.gaps
            && frame.kind == Kind::Video
            && frame.content == Content::Coded
        {
            if let Some(at) = gaps.repairing.iter().position(|track| *track == frame.track) {
                if !frame.key {
                    self.filter.counters_inner().totals.lost_frames.fetch_add(1, Relaxed);
                    return;
                }
                gaps.repairing.swap_remove(at);
            }
            if let Some(at) = gaps.open.iter().position(|track| *track == frame.track) {
                gaps.open.swap_remove(at);
                frame.gap_before = true;
            }
        }
        out.push(frame);
    }

    /// A frame was dropped: if others refer to it there is a gap now.
    pub(super) fn dropped(&mut self, frame: &Frame) {
        if frame.kind != Kind::Video || frame.content != Content::Coded || frame.disposable {
            return;
        }
        let gaps = self.gaps.get_or_insert_default();
        if !gaps.open.contains(&frame.track) {
            gaps.open.push(frame.track);
        }
        if self.spec.repair && !gaps.repairing.contains(&frame.track) {
            gaps.repairing.push(frame.track);
        }
    }
}
