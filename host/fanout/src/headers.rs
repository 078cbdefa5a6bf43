//! What a decoder needs before its first frame.

use std::sync::Arc;

use media::flv::enhanced::{METADATA, MPEG2TS_SEQUENCE_START, MULTICHANNEL_CONFIG, SEQUENCE_START};
use media::flv::{AudioHeader, AudioTag, VideoHeader, VideoTag};
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
    slot: Slot,
}

/// Headers as they were at one place of the stream, timed as that place.
pub(crate) type Snapshot = Arc<[Header]>;

/// What a header tells; a newer one of the same track takes its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Slot {
    /// A decoder configuration record.
    Sequence,
    /// The same in a message that media knows no content for: of several tracks, or of MPEG-2 TS.
    OpaqueSequence,
    /// colorInfo, or MultichannelConfig.
    Description,
    /// The same, of several tracks.
    OpaqueDescription,
    /// onMetaData.
    Metadata,
}

/// What this frame tells a decoder that later frames need, if it is such a frame.
pub(crate) fn slot(frame: &Frame) -> Option<Slot> {
    match frame.content {
        Content::Header => Some(Slot::Sequence),
        Content::VideoMetadata | Content::MultichannelConfig => Some(Slot::Description),
        Content::Data => frame.metadata.as_ref().filter(|m| m.name == "onMetaData").map(|_| Slot::Metadata),
        Content::Opaque => opaque_slot(frame),
        Content::Coded | Content::EndOfSequence => None,
    }
}

fn opaque_slot(frame: &Frame) -> Option<Slot> {
    let body = frame.body.to_bytes();
    let header = match frame.kind {
        Kind::Video => match VideoTag::decode(&body).ok()?.header {
            VideoHeader::Enhanced { header, .. } => header,
            _ => return None,
        },
        Kind::Audio => match AudioTag::decode(&body).ok()?.header {
            AudioHeader::Enhanced(header) => header,
            _ => return None,
        },
        Kind::Data => return None,
    };
    match (frame.kind, header.packet_type) {
        (_, SEQUENCE_START) | (Kind::Video, MPEG2TS_SEQUENCE_START) => Some(Slot::OpaqueSequence),
        (Kind::Video, METADATA) | (Kind::Audio, MULTICHANNEL_CONFIG) => Some(Slot::OpaqueDescription),
        _ => None,
    }
}

impl Headers {
    /// Takes note of a header; it replaces what it makes stale: the same of its track, and, if it starts another codec,
    /// everything the track had.
    pub(crate) fn note(&mut self, number: u64, slot: Slot, entry: &Arc<Entry>) {
        let new = &entry.frame;
        self.kept.retain(|h| {
            let old = &h.entry.frame;
            let same_track = old.kind == new.kind && old.track == new.track;
            let other_codec = slot == Slot::Sequence && old.codec != new.codec;
            !(same_track && (h.slot == slot || other_codec))
        });
        self.kept.push(Header { number, entry: Arc::clone(entry), slot });
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
        Header { entry: Arc::new(Entry::at(frame, arrived)), ..*self }
    }
}
