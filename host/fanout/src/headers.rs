//! What a decoder needs before its first frame.

use std::sync::Arc;

use media::{Content, Frame, Kind};
use tokio::time::Instant;

use crate::Entry;

/// A publisher that invents tracks or huge headers loses the oldest of them; real streams have fewer than twenty.
const HEADERS_KEPT: usize = 256;
const HEADER_BYTES_KEPT: usize = 4 << 20;

/// The latest sequence header, colorInfo and MultichannelConfig of each track, and the latest onMetaData, in the order in
/// which they came.
#[derive(Default, Debug)]
pub(crate) struct Headers {
    kept: Vec<Header>,
}

/// A header and its number in the stream: who has read up to there has it.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) number: u64,
    pub(crate) entry: Arc<Entry>,
}

/// Headers as they were at one place of the stream, timed as that place.
pub(crate) type Snapshot = Arc<[Header]>;

/// Whether this frame tells a decoder something that later frames need.
pub(crate) fn is_header(frame: &Frame) -> bool {
    match frame.content {
        Content::Header | Content::VideoMetadata | Content::MultichannelConfig => true,
        Content::Data => frame.metadata.as_ref().is_some_and(|m| m.name == "onMetaData"),
        Content::Coded | Content::EndOfSequence | Content::Opaque => false,
    }
}

impl Headers {
    /// Takes note of a header; it replaces what it makes stale: the same of its track, and, if it starts another codec,
    /// everything the track had.
    pub(crate) fn note(&mut self, number: u64, entry: &Arc<Entry>) {
        let new = &entry.frame;
        self.kept.retain(|h| {
            let old = &h.entry.frame;
            let same_track = old.kind == new.kind && old.track == new.track;
            let other_codec = new.content == Content::Header && old.codec != new.codec;
            !(same_track && (old.content == new.content || other_codec))
        });
        self.kept.push(Header { number, entry: Arc::clone(entry) });
        while self.kept.len() > HEADERS_KEPT || self.bytes() > HEADER_BYTES_KEPT {
            self.kept.remove(0);
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.kept.clear();
    }

    /// What is known before entry `before`, metadata first, timed `dts_us`.
    pub(crate) fn snapshot(&self, before: u64, dts_us: i64, arrived: Instant) -> Snapshot {
        let (data, tracks): (Vec<&Header>, Vec<&Header>) =
            self.kept.iter().filter(|h| h.number < before).partition(|h| h.entry.frame.kind == Kind::Data);
        data.into_iter().chain(tracks).map(|h| h.timed(dts_us, arrived)).collect()
    }

    fn bytes(&self) -> usize {
        self.kept.iter().map(|h| h.entry.frame.body.len()).sum()
    }
}

impl Header {
    /// The header at the time of the frame behind it: a joiner's timeline starts there, not where the header first came.
    fn timed(&self, dts_us: i64, arrived: Instant) -> Header {
        if self.entry.frame.dts_us == dts_us {
            return self.clone();
        }
        let mut frame = self.entry.frame.clone();
        frame.dts_us = dts_us;
        Header { number: self.number, entry: Arc::new(Entry::at(frame, arrived)) }
    }
}
