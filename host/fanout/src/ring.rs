//! What one stream keeps: its newest frames, where its newest GOP starts, its headers.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use media::{Content, Frame, Kind};
use tokio::time::Instant;

use crate::headers::{Headers, Snapshot};
use crate::{Entry, Limits, Start};

/// Without a frame for so long, video has stopped and nothing waits for it.
const VIDEO_SILENT: Duration = Duration::from_millis(500);

/// The frames of one stream, numbered from 0 over all its publishers. Pure: time comes with the entries.
#[derive(Debug)]
pub(crate) struct Ring {
    pub(crate) limits: Limits,
    entries: VecDeque<Arc<Entry>>,
    /// The number of the oldest entry; of the next one if there is none.
    first: u64,
    /// The number of the first entry that readers do not see yet.
    released: u64,
    bytes: usize,
    /// Bytes of bodies that readers do not see yet.
    held_bytes: usize,
    /// Counts publishers; 0 before the first.
    session: u64,
    /// The number of the session's first entry.
    session_start: u64,
    /// The session at which those began that are one to their readers.
    chain: u64,
    life: Life,
    /// The session holds frames that a joiner can start at without a key frame.
    playable: bool,
    video: Option<Video>,
    headers: Headers,
    /// Places to start at, oldest first; each is in the ring.
    gops: VecDeque<Gop>,
    newest_dts_us: i64,
}

/// Whether there is a publisher.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Life {
    Live,
    /// It is gone and may come back; readers wait.
    Interrupted,
    Over,
}

/// The video track whose key frames are the places to start at.
#[derive(Debug)]
struct Video {
    track: u8,
    last: Instant,
}

#[derive(Debug)]
struct Gop {
    start: u64,
    arrived: Instant,
    headers: Snapshot,
}

impl Ring {
    pub(crate) fn new() -> Ring {
        Ring {
            limits: Limits::default(),
            entries: VecDeque::new(),
            first: 0,
            released: 0,
            bytes: 0,
            held_bytes: 0,
            session: 0,
            session_start: 0,
            chain: 0,
            life: Life::Over,
            playable: false,
            video: None,
            headers: Headers::default(),
            gops: VecDeque::new(),
            newest_dts_us: 0,
        }
    }

    /// A publisher comes. What the one before it left can be read to its end by those who were reading it, and by nobody
    /// else. To them it is the same publisher if that one was lost, or `goes_on`.
    pub(crate) fn start(&mut self, limits: Limits, goes_on: bool) {
        self.release();
        self.gops.clear();
        self.limits = limits;
        self.session += 1;
        if !goes_on && self.life != Life::Interrupted {
            self.chain = self.session;
        }
        self.session_start = self.head();
        self.life = Life::Live;
        self.playable = false;
        self.video = None;
        self.headers.clear();
    }

    /// The publisher is gone; what it left can still be read.
    pub(crate) fn end(&mut self) {
        self.release();
        self.life = Life::Over;
    }

    /// The publisher is gone, and its readers are to wait.
    pub(crate) fn interrupt(&mut self) {
        self.release();
        self.life = Life::Interrupted;
    }

    /// Whether so much waits to be released that readers would hardly find the time to read it before it is dropped.
    pub(crate) fn holds_much(&self) -> bool {
        let Some(oldest) = self.entry(self.released) else { return false };
        let age = self.entries.back().map_or(Duration::ZERO, |e| e.arrived().duration_since(oldest.arrived()));
        let held = self.head() - self.released;
        held > self.limits.frames as u64 / 2
            || age > self.limits.lag.min(self.limits.time) / 2
            || self.held_bytes > self.limits.bytes / 2
    }

    /// Lets readers see all that is there.
    pub(crate) fn release(&mut self) {
        self.released = self.head();
        self.held_bytes = 0;
        self.trim();
    }

    /// Frees the frames.
    pub(crate) fn clear(&mut self) {
        self.first = self.head();
        self.released = self.first;
        self.held_bytes = 0;
        self.entries.clear();
        self.bytes = 0;
        self.gops.clear();
    }

    /// Appends an entry, which readers see once it is released.
    pub(crate) fn push(&mut self, entry: Arc<Entry>) {
        let number = self.head();
        let frame = &entry.frame;
        let first = number == self.session_start;
        self.newest_dts_us = if first { frame.dts_us } else { self.newest_dts_us.max(frame.dts_us) };
        self.watch_video(frame, entry.arrived());
        let lesson = self.headers.learn(frame);
        if self.starts_gop(frame) {
            let headers = self.headers.snapshot(number, frame.dts_us, entry.arrived());
            if self.limits.back.is_zero() {
                // Only the newest that readers see is ever asked for.
                let released = self.released;
                self.gops.retain(|g| g.start < released);
                self.gops.drain(..self.gops.len().saturating_sub(1));
            }
            self.gops.push_back(Gop { start: number, arrived: entry.arrived(), headers });
        }
        if lesson.is_media() {
            self.playable = true;
        } else {
            self.headers.keep(number, lesson, &entry);
        }
        self.bytes += frame.body.len();
        self.held_bytes += frame.body.len();
        self.entries.push_back(entry);
        self.trim();
    }

    /// The lowest video track leads; one that fell silent hands over to any other.
    fn watch_video(&mut self, frame: &Frame, now: Instant) {
        if frame.kind != Kind::Video {
            return;
        }
        let begins = match frame.content {
            Content::Coded | Content::Header => true,
            // Nothing tells whether a decoder could start here: a stream of such frames plays from anywhere.
            Content::Opaque => frame.key,
            _ => false,
        };
        match &mut self.video {
            Some(v) if v.track == frame.track => {
                if matches!(frame.content, Content::Coded | Content::Opaque) {
                    v.last = now;
                }
            }
            Some(v) if v.track < frame.track && now.duration_since(v.last) <= self.limits.time => {}
            lead if begins => {
                *lead = Some(Video { track: frame.track, last: now });
                self.gops.clear();
            }
            _ => {}
        }
    }

    fn starts_gop(&self, frame: &Frame) -> bool {
        frame.kind == Kind::Video
            && frame.key
            && matches!(frame.content, Content::Coded | Content::Opaque)
            && self.video.as_ref().is_some_and(|v| v.track == frame.track)
    }

    /// Drops what is over the limits, oldest first; a GOP that lost its start is no place to start at, and what is left of
    /// it serves those who are already reading.
    fn trim(&mut self) {
        // What nobody has been able to see is not dropped: `holds_much` lets it go in time.
        while self.entries.len() > 1 && self.first < self.released {
            let age = self.age();
            let over =
                self.entries.len() > self.limits.frames || self.bytes > self.limits.bytes || age > self.limits.time;
            let held = self.limits.gop && self.start_back(self.limits.back).is_some_and(|g| g.start <= self.first);
            if !over && (held || age <= self.limits.lag) {
                break;
            }
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        if let Some(entry) = self.entries.pop_front() {
            self.bytes -= entry.frame.body.len();
            if self.gops.front().is_some_and(|g| g.start == self.first) {
                self.gops.pop_front();
            }
            self.first += 1;
        }
    }

    fn age(&self) -> Duration {
        match (self.entries.front(), self.entries.back()) {
            (Some(oldest), Some(newest)) => newest.arrived().duration_since(oldest.arrived()),
            _ => Duration::ZERO,
        }
    }

    /// The newest place to start at that is so far behind the newest entry, or else the oldest; of those that readers see, if
    /// there are any.
    fn start_back(&self, back: Duration) -> Option<&Gop> {
        let seen = self.gops.iter().rev().skip_while(|g| g.start >= self.released);
        if back.is_zero() {
            return seen.into_iter().next().or(self.gops.back());
        }
        let newest = self.entries.back()?.arrived();
        let mut oldest = None;
        for gop in seen {
            oldest = Some(gop);
            if newest.saturating_duration_since(gop.arrived) >= back {
                break;
            }
        }
        oldest.or(self.gops.back())
    }

    /// Where one who came at number `from` may start, and the headers to send before that entry. Without the GOP cache
    /// nobody starts before they came.
    pub(crate) fn place_to_start(&self, from: u64, how: Start) -> Option<(u64, Snapshot)> {
        let cached = self.limits.gop && how != Start::NextKey;
        let back = match how {
            Start::Buffered(back) if cached => back,
            _ => Duration::ZERO,
        };
        if how != Start::Live
            && let Some(gop) = self.start_back(back).filter(|g| g.start < self.released)
            && (cached || gop.start >= from)
        {
            return Some((gop.start, Arc::clone(&gop.headers)));
        }
        let seen = self.released.checked_sub(1)?;
        let newest = self.entry(seen)?;
        let keyless = match &self.video {
            None => true,
            // The picture stopped while sound goes on: nobody waits for a key frame that does not come.
            Some(v) => newest.arrived().duration_since(v.last) > self.limits.time,
        };
        if !(keyless || how == Start::Live) || !self.playable {
            return None;
        }
        Some((seen, self.headers.snapshot(seen, newest.frame.dts_us, newest.arrived())))
    }

    fn entry(&self, number: u64) -> Option<&Arc<Entry>> {
        self.entries.get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    /// Appends the released entries from number `at` on, of one publisher, up to `max_bytes` of bodies but at least one;
    /// returns how many.
    pub(crate) fn copy(&self, at: u64, max_bytes: usize, batch: &mut Vec<Arc<Entry>>) -> u64 {
        let end = if at < self.session_start { self.session_start } else { self.released };
        let skip = usize::try_from(at.saturating_sub(self.first)).unwrap_or(usize::MAX);
        let mut bytes = 0usize;
        let mut copied = 0;
        let there = usize::try_from(end.saturating_sub(self.first)).unwrap_or(usize::MAX);
        for entry in self.entries.iter().take(there).skip(skip) {
            if copied > 0 && bytes >= max_bytes {
                break;
            }
            bytes = bytes.saturating_add(entry.frame.body.len());
            batch.push(Arc::clone(entry));
            copied += 1;
        }
        copied
    }

    /// The number of the oldest entry.
    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    /// The number of the next entry.
    pub(crate) fn head(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    /// The number of the first entry that readers do not see yet.
    pub(crate) fn released(&self) -> u64 {
        self.released
    }

    /// Whether the stream has shown video lately.
    pub(crate) fn has_video(&self, now: Instant) -> bool {
        self.video.as_ref().is_some_and(|v| now.saturating_duration_since(v.last) <= VIDEO_SILENT)
    }

    pub(crate) fn session(&self) -> u64 {
        self.session
    }

    pub(crate) fn session_start(&self) -> u64 {
        self.session_start
    }

    /// When the newest frame of the publisher that is there came.
    pub(crate) fn newest(&self) -> Option<Instant> {
        let sent = self.is_live() && self.head() > self.session_start;
        self.entries.back().filter(|_| sent).map(|e| e.arrived())
    }

    /// The session at which those began that are one to their readers.
    pub(crate) fn chain(&self) -> u64 {
        self.chain
    }

    pub(crate) fn is_live(&self) -> bool {
        self.life == Life::Live
    }

    /// Whether the publisher is gone and may come back.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.life == Life::Interrupted
    }

    /// Whether the publisher is gone for good.
    pub(crate) fn is_over(&self) -> bool {
        self.life == Life::Over
    }

    /// Whether a reader for whom entry `at` comes next has more before it than it may have, and a newer place to start at.
    pub(crate) fn is_slow(&self, at: u64) -> bool {
        let (Some(next), Some(newest)) = (self.entry(at), self.entries.back()) else { return false };
        let slow = &self.limits.slow;
        let behind = newest.arrived().saturating_duration_since(next.arrived()) > slow.time
            || next.bytes_to(newest) > slow.bytes;
        behind && self.gops.iter().any(|g| g.start > at && g.start < self.released)
    }

    /// Whether it is of the video track whose key frames are places to start at.
    pub(crate) fn leads(&self, frame: &Frame) -> bool {
        self.video.as_ref().is_some_and(|v| v.track == frame.track)
    }

    /// Whether there is a video track at all.
    pub(crate) fn knows_video(&self) -> bool {
        self.video.is_some()
    }

    /// Frames that are kept.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Bytes of bodies that are kept.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether a joiner would start at once.
    pub(crate) fn has_gop(&self) -> bool {
        self.limits.gop && !self.gops.is_empty()
    }

    /// The highest decoding time of any frame so far, over all publishers.
    pub(crate) fn newest_dts_us(&self) -> i64 {
        self.newest_dts_us
    }
}
