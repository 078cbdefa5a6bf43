//! What waits for one filter of one stream, and what becomes of it when it is too much.
//!
//! The bound is media time: each frame counts for the time that the stream went on with it. The frame at the front waits for the next
//! call only, so an empty queue takes any frame. Headers and metadata are never lost: while there is no room the newest of each are kept,
//! and stand before the next frame that goes in.

use std::collections::VecDeque;

use media::{Content, Frame, Kind};

use crate::chain::is_default_key;
pub(super) use crate::counters::QueueSize as Size;
use crate::placement::{self, Overflow};

/// A frame that waits, and where the stream was with it.
#[derive(Debug)]
pub(in crate::chain) struct Item {
    pub(in crate::chain) frame: Frame,
    /// The filter asked for it; if not, it is there to keep up: a key frame at which it may start again, a header.
    pub(in crate::chain) asked: bool,
    /// [`Moment::frames`](crate::chain::Moment) with it, and the others.
    pub(in crate::chain) frames: u64,
    pub(in crate::chain) gop: u64,
    pub(in crate::chain) now_us: i64,
    /// Bytes of frames before it that the filter did not ask for, and how many they were.
    pub(in crate::chain) passed_bytes: usize,
    pub(in crate::chain) passed: u64,
    /// The queue was emptied before it: headers are shown again.
    pub(in crate::chain) again: bool,
    /// Stream time that it adds to what waits.
    pub(in crate::chain) span_us: i64,
}

impl Item {
    pub(in crate::chain) fn new(frame: Frame, asked: bool) -> Item {
        Item { frame, asked, frames: 0, gop: 0, now_us: 0, passed_bytes: 0, passed: 0, again: false, span_us: 0 }
    }

    fn is_coded(&self) -> bool {
        is_coded(&self.frame)
    }

    fn bytes(&self) -> usize {
        self.frame.body.len().max(LEAST_BYTES)
    }
}

/// A frame takes as much at least, with all that is noted of it.
const LEAST_BYTES: usize = 512;

fn is_coded(frame: &Frame) -> bool {
    !is_setup(frame)
}

/// Headers and the like, without which what follows means nothing.
fn is_setup(frame: &Frame) -> bool {
    match frame.content {
        Content::Header | Content::VideoMetadata | Content::MultichannelConfig => true,
        Content::Data => frame.metadata.as_ref().is_some_and(|meta| meta.name == "onMetaData"),
        Content::Coded | Content::EndOfSequence | Content::Opaque => false,
    }
}

/// What came of an item that was put in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Put {
    /// The queue was full: this many frames are not shown.
    pub(super) lost: u64,
    /// It was not full with the frame before.
    pub(super) begins: bool,
    /// The filter is to leave the stream.
    pub(super) detach: bool,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Queue {
    settings: placement::Queue,
    items: VecDeque<Item>,
    bytes: usize,
    span_us: i64,
    /// The stream's time with the last item that came.
    last_us: Option<i64>,
    /// The newest headers and metadata of those that found no room.
    kept: Vec<Item>,
    /// Tracks of which a frame was lost since the last that went in.
    gaps: Vec<(Kind, u8)>,
    waits_for_key: bool,
    was_emptied: bool,
    /// The last frame was lost.
    full: bool,
}

impl Queue {
    pub(super) fn new(settings: placement::Queue) -> Queue {
        Queue {
            settings,
            items: VecDeque::new(),
            bytes: 0,
            span_us: 0,
            last_us: None,
            kept: Vec::new(),
            gaps: Vec::new(),
            waits_for_key: false,
            was_emptied: false,
            full: false,
        }
    }

    /// Other bounds hold from now on.
    pub(super) fn set(&mut self, settings: placement::Queue) {
        self.settings = settings;
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn size(&self) -> Size {
        Size { frames: self.items.len(), bytes: self.bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Media that waits behind the frame at the front.
    pub(super) fn waiting_us(&self) -> i64 {
        self.span_us - self.items.front().map_or(0, |item| item.span_us)
    }

    pub(super) fn pop(&mut self) -> Option<Item> {
        let item = self.items.pop_front()?;
        self.forget(&item);
        Some(item)
    }

    /// Nothing waits any more.
    pub(super) fn clear(&mut self) {
        *self = Queue::new(self.settings.clone());
    }

    /// The same; how many frames that the filter asked for were lost.
    pub(super) fn give_up(&mut self) -> u64 {
        let lost = self.items.iter().filter(|item| item.asked && item.is_coded()).count();
        self.clear();
        lost as u64
    }

    fn forget(&mut self, item: &Item) {
        self.bytes -= item.bytes();
        self.span_us -= item.span_us;
    }

    /// Puts an item at the end, or decides what is not to be shown.
    pub(super) fn put(&mut self, mut item: Item) -> Put {
        let most_us = i64::try_from(self.settings.time.as_micros()).unwrap_or(i64::MAX);
        let last_us = self.last_us.replace(item.now_us).unwrap_or(item.now_us);
        // What the stream leapt over is not media that waits.
        item.span_us = item.now_us.saturating_sub(last_us).clamp(0, most_us);
        let was_full = self.full;
        self.full = false;
        if !item.is_coded() {
            if self.has_room(&item, was_full) && self.kept.is_empty() && !self.waits_for_key {
                self.append(item);
            } else {
                self.keep(item);
            }
            self.full = was_full;
            return Put::default();
        }
        if self.waits_for_key {
            if !is_default_key(&item.frame) {
                return self.lose(&item, was_full);
            }
            self.waits_for_key = false;
        }
        if self.has_room(&item, was_full) {
            self.enter(item);
            return Put::default();
        }
        match self.settings.overflow {
            Overflow::Bypass => self.lose(&item, was_full),
            Overflow::DropDisposable => self.thin(item, was_full),
            Overflow::DropToKey => self.empty(item, was_full),
            Overflow::Detach => Put { lost: 0, begins: true, detach: true },
        }
    }

    fn has_room(&self, item: &Item, was_full: bool) -> bool {
        let most_us = i64::try_from(self.settings.time.as_micros()).unwrap_or(i64::MAX);
        // Frames of one moment go the same way.
        let in_time = match item.span_us {
            0 if was_full => false,
            span_us => self.waiting_us().saturating_add(span_us) <= most_us,
        };
        self.items.is_empty() || (in_time && self.bytes.saturating_add(item.bytes()) <= self.settings.bytes)
    }

    fn lose(&mut self, item: &Item, was_full: bool) -> Put {
        self.full = true;
        self.note_gap(&item.frame);
        Put { lost: u64::from(item.asked), begins: !was_full, detach: false }
    }

    fn note_gap(&mut self, frame: &Frame) {
        let track = (frame.kind, frame.track);
        if !frame.disposable && !self.gaps.contains(&track) {
            self.gaps.push(track);
        }
    }

    /// Frames that no other refers to go first: the one in hand, then the oldest of those that wait.
    fn thin(&mut self, item: Item, was_full: bool) -> Put {
        let spare = |item: &Item| item.asked && item.frame.disposable && item.is_coded();
        if spare(&item) {
            return self.lose(&item, was_full);
        }
        let mut lost = 0;
        while !self.has_room(&item, was_full) {
            let Some(at) = self.items.iter().position(spare) else {
                let Put { lost: more, .. } = self.empty(item, was_full);
                return Put { lost: lost + more, begins: !was_full, detach: false };
            };
            if let Some(gone) = self.items.remove(at) {
                self.forget(&gone);
                self.pass_on(at, &gone);
                lost += 1;
            }
        }
        self.full = true;
        self.enter(item);
        Put { lost, begins: !was_full, detach: false }
    }

    /// What went by before an item that is taken out went by before the next one.
    fn pass_on(&mut self, at: usize, gone: &Item) {
        if let Some(next) = self.items.get_mut(at) {
            next.passed += gone.passed;
            next.passed_bytes += gone.passed_bytes;
        }
    }

    /// All that waits goes, but for headers; pictures go on with the next key frame.
    fn empty(&mut self, item: Item, was_full: bool) -> Put {
        let (mut lost, mut pictures) = (0, false);
        for gone in std::mem::take(&mut self.items) {
            if gone.is_coded() {
                lost += u64::from(gone.asked);
                pictures |= gone.asked && gone.frame.kind == Kind::Video;
                self.note_gap(&gone.frame);
            } else {
                self.keep(gone);
            }
        }
        (self.bytes, self.span_us) = (0, 0);
        self.was_emptied = true;
        let begins = !was_full;
        pictures |= item.asked && item.frame.kind == Kind::Video;
        if pictures && !is_default_key(&item.frame) {
            self.waits_for_key = true;
            let Put { lost: one, .. } = self.lose(&item, was_full);
            return Put { lost: lost + one, begins, detach: false };
        }
        self.full = true;
        self.enter(item);
        Put { lost, begins, detach: false }
    }

    /// The newest of each kind and track.
    fn keep(&mut self, item: Item) {
        let of = |item: &Item| (item.frame.kind, item.frame.track, item.frame.content);
        let what = of(&item);
        self.kept.retain(|kept| of(kept) != what);
        self.kept.push(item);
    }

    /// An item goes in, behind the headers that found no room.
    fn enter(&mut self, mut item: Item) {
        for kept in std::mem::take(&mut self.kept) {
            self.append(Item { span_us: 0, ..kept });
        }
        if let Some(at) = self.gaps.iter().position(|track| *track == (item.frame.kind, item.frame.track)) {
            self.gaps.swap_remove(at);
            item.frame.gap_before = true;
        }
        item.again = std::mem::take(&mut self.was_emptied);
        self.append(item);
    }

    fn append(&mut self, item: Item) {
        self.bytes += item.bytes();
        self.span_us += item.span_us;
        self.items.push_back(item);
    }
}

#[cfg(test)]
mod tests;
