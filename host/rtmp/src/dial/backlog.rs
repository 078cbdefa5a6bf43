//! Frames that wait for a slow server: bounded in bytes and time, and skipped rather than late.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use fanout::Entry;
use media::{Content, Frame, Kind};
use tokio::time::Instant;

/// Frames at which nothing more is taken, however small they are.
const FRAMES: usize = 8192;
/// Headers of different tracks that are kept over a skip.
const HEADERS: usize = 64;

/// Frames in their order, with the time when each began to wait. The frames are the stream's own: they are not copied.
#[derive(Debug)]
pub(super) struct Backlog {
    queue: VecDeque<(Instant, Arc<Entry>)>,
    bytes: usize,
    max_bytes: usize,
    max_time: Duration,
    /// The lowest video track, whose key frames are the places to go on at.
    lead: Option<u8>,
    /// Frames are missing: no video until the next key frame.
    needs_key: bool,
    /// Headers and metadata that have been handed out: the newest of each kind, oldest first.
    sent: Vec<Arc<Entry>>,
    skipped: u64,
}

impl Backlog {
    pub(super) fn new(max_bytes: usize, max_time: Duration) -> Backlog {
        Backlog {
            queue: VecDeque::new(),
            bytes: 0,
            max_bytes,
            max_time,
            lead: None,
            needs_key: false,
            sent: Vec::new(),
            skipped: 0,
        }
    }

    /// Takes frames that come now.
    pub(super) fn add(&mut self, batch: &mut Vec<Arc<Entry>>, now: Instant) {
        for entry in batch.drain(..) {
            let frame = &entry.frame;
            if frame.kind == Kind::Video && is_media(frame) {
                if self.lead.is_none_or(|lead| frame.track < lead) {
                    self.lead = Some(frame.track);
                }
                self.needs_key &= !self.starts(frame);
                if self.needs_key {
                    self.skipped += 1;
                    continue;
                }
            }
            self.bytes += frame.body.len();
            self.queue.push_back((now, entry));
        }
    }

    /// The frame whose turn it is.
    pub(super) fn next(&mut self) -> Option<Arc<Entry>> {
        let (_, entry) = self.queue.pop_front()?;
        self.bytes -= entry.frame.body.len();
        if is_header(&entry.frame) {
            self.sent.retain(|sent| !same_header(&sent.frame, &entry.frame));
            if self.sent.len() < HEADERS {
                self.sent.push(Arc::clone(&entry));
            }
        }
        Some(entry)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Whether frames are better left where they are.
    pub(super) fn is_full(&self) -> bool {
        self.bytes >= self.max_bytes || self.queue.len() >= FRAMES
    }

    /// When the oldest frame has waited too long.
    pub(super) fn late_at(&self) -> Option<Instant> {
        self.queue.front().and_then(|(since, _)| since.checked_add(self.max_time))
    }

    /// Goes on at the newest key frame; without one, with what comes, and with video at the next key frame. Headers and
    /// metadata that were passed over are kept: the newest of each kind.
    pub(super) fn skip(&mut self) {
        // The first one has waited too long itself.
        self.skip_to(|at| at > 0);
    }

    /// Begins anew for another server, which knows nothing of what was handed out: headers and metadata, and then as after
    /// a skip.
    pub(super) fn restart(&mut self) {
        if self.sent.is_empty() && !self.needs_key && self.lead.is_none() {
            return;
        }
        self.skip_to(|_| true);
        let now = Instant::now();
        for entry in std::mem::take(&mut self.sent).into_iter().rev() {
            self.bytes += entry.frame.body.len();
            self.queue.push_front((now, entry));
        }
    }

    fn skip_to(&mut self, may_start: impl Fn(usize) -> bool) {
        let newest = self.queue.iter().rposition(|(_, entry)| self.starts(&entry.frame)).filter(|at| may_start(*at));
        self.needs_key = newest.is_none() && self.lead.is_some();
        let rest = self.queue.split_off(newest.unwrap_or(self.queue.len()));
        let passed = std::mem::replace(&mut self.queue, rest);
        let now = self.queue.front().map_or_else(Instant::now, |(since, _)| *since);
        let mut kept: Vec<Arc<Entry>> = Vec::new();
        for (_, entry) in passed.into_iter().rev() {
            self.bytes -= entry.frame.body.len();
            let known = |kept: &Arc<Entry>| same_header(&kept.frame, &entry.frame);
            if is_media(&entry.frame) {
                self.skipped += 1;
            } else if is_header(&entry.frame) && kept.len() < HEADERS && !kept.iter().any(known) {
                kept.push(entry);
            }
        }
        // From the newest to the oldest: each goes before those that were put there already.
        for entry in kept {
            self.bytes += entry.frame.body.len();
            self.queue.push_front((now, entry));
        }
    }

    /// Frames that were not sent.
    pub(super) fn skipped(&self) -> u64 {
        self.skipped
    }

    fn starts(&self, frame: &Frame) -> bool {
        frame.kind == Kind::Video && frame.key && is_media(frame) && self.lead == Some(frame.track)
    }
}

/// Whether a frame is of the stream's flow rather than about it.
fn is_media(frame: &Frame) -> bool {
    matches!(frame.content, Content::Coded | Content::Opaque)
}

fn is_header(frame: &Frame) -> bool {
    match frame.content {
        Content::Header | Content::VideoMetadata | Content::MultichannelConfig => true,
        Content::Data => super::metadata::is_on_meta_data(frame),
        Content::Coded | Content::Opaque | Content::EndOfSequence => false,
    }
}

fn same_header(a: &Frame, b: &Frame) -> bool {
    (a.kind, a.content, a.track) == (b.kind, b.content, b.track)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use media::flv;

    fn entry(body: &'static [u8]) -> Arc<Entry> {
        let body = Bytes::from_static(body);
        let kind = body[0];
        Arc::new(Entry::new(if kind == 0xAF { flv::audio(body, 0) } else { flv::video(body, 0) }))
    }

    fn marks(backlog: &mut Backlog) -> Vec<u8> {
        std::iter::from_fn(|| backlog.next()).map(|e| e.frame.body.to_bytes().last().copied().unwrap()).collect()
    }

    const HEADER: &[u8] = &[0x17, 0, 0, 0, 0, 90];
    const HEADER_2: &[u8] = &[0x17, 0, 0, 0, 0, 91];
    const SOUND_HEADER: &[u8] = &[0xAF, 0, 92];

    fn backlog() -> Backlog {
        Backlog::new(1000, Duration::from_secs(1))
    }

    #[tokio::test]
    async fn it_goes_on_at_the_newest_key_frame_with_the_newest_headers() {
        let mut backlog = backlog();
        let mut batch = vec![
            entry(HEADER),
            entry(SOUND_HEADER),
            entry(&[0x17, 1, 0, 0, 0, 1]),
            entry(&[0xAF, 1, 2]),
            entry(&[0x27, 1, 0, 0, 0, 3]),
            entry(HEADER_2),
            entry(&[0x17, 1, 0, 0, 0, 4]),
            entry(&[0x27, 1, 0, 0, 0, 5]),
            entry(&[0x17, 1, 0, 0, 0, 6]),
            entry(&[0xAF, 1, 7]),
        ];
        backlog.add(&mut batch, Instant::now());
        assert!(backlog.late_at().is_some());
        backlog.skip();
        assert_eq!(backlog.skipped(), 5);
        assert_eq!(marks(&mut backlog), [92, 91, 6, 7]);
        assert_eq!((backlog.bytes, backlog.late_at()), (0, None));
    }

    #[tokio::test]
    async fn without_a_key_frame_video_waits_for_one_and_sound_goes_on() {
        let mut backlog = backlog();
        let mut batch = vec![entry(HEADER), entry(&[0x17, 1, 0, 0, 0, 1]), entry(&[0x27, 1, 0, 0, 0, 2])];
        backlog.add(&mut batch, Instant::now());
        assert_eq!(backlog.next().map(|e| e.frame.content), Some(Content::Header));
        backlog.skip();
        assert!(backlog.is_empty());
        let mut batch = vec![
            entry(&[0x27, 1, 0, 0, 0, 3]),
            entry(&[0xAF, 1, 4]),
            entry(&[0x17, 1, 0, 0, 0, 5]),
            entry(&[0x27, 1, 0, 0, 0, 6]),
        ];
        backlog.add(&mut batch, Instant::now());
        assert_eq!(backlog.skipped(), 3);
        assert_eq!(marks(&mut backlog), [4, 5, 6]);
    }

    #[tokio::test]
    async fn sound_alone_goes_on_with_what_comes() {
        let mut backlog = backlog();
        backlog.add(&mut vec![entry(SOUND_HEADER), entry(&[0xAF, 1, 1])], Instant::now());
        backlog.skip();
        backlog.add(&mut vec![entry(&[0xAF, 1, 2])], Instant::now());
        assert_eq!(marks(&mut backlog), [92, 2]);
    }

    #[tokio::test]
    async fn another_server_gets_the_headers_again_and_begins_at_a_key_frame() {
        let mut backlog = backlog();
        let mut batch = vec![
            entry(HEADER),
            entry(HEADER_2),
            entry(SOUND_HEADER),
            entry(&[0x17, 1, 0, 0, 0, 1]),
            entry(&[0x27, 1, 0, 0, 0, 2]),
        ];
        backlog.add(&mut batch, Instant::now());
        for _ in 0..4 {
            backlog.next();
        }
        backlog.restart();
        backlog.add(&mut vec![entry(&[0x27, 1, 0, 0, 0, 3]), entry(&[0x17, 1, 0, 0, 0, 4])], Instant::now());
        assert_eq!(marks(&mut backlog), [91, 92, 4]);
        // What has not been handed out yet is all there.
        backlog.add(&mut vec![entry(&[0x17, 1, 0, 0, 0, 5]), entry(&[0x27, 1, 0, 0, 0, 6])], Instant::now());
        backlog.restart();
        assert_eq!(marks(&mut backlog), [91, 92, 5, 6]);
    }

    #[tokio::test]
    async fn it_is_full_by_bytes() {
        let mut backlog = Backlog::new(12, Duration::from_secs(1));
        backlog.add(&mut vec![entry(HEADER)], Instant::now());
        assert!(!backlog.is_full());
        backlog.add(&mut vec![entry(HEADER_2)], Instant::now());
        assert!(backlog.is_full());
    }
}
