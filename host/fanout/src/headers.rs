//! What a decoder needs before its first frame.

use std::sync::Arc;

use media::flv::enhanced::{
    CODED_FRAMES, CODED_FRAMES_X, METADATA, MPEG2TS_SEQUENCE_START, MULTICHANNEL_CONFIG, SEQUENCE_END, SEQUENCE_START,
    resets_color_info,
};
use media::metadata::{Metadata, Value};
use media::{Body, Content, FourCc, Frame, Kind, flv};
use tokio::time::Instant;

use self::tracks::Tracks;
use crate::Entry;

mod tracks;

/// A publisher that invents tracks or huge headers loses the oldest of them; real streams have fewer than twenty.
const HEADERS_KEPT: usize = 256;
const HEADER_BYTES_KEPT: usize = 4 << 20;

/// The latest sequence header, colorInfo and MultichannelConfig of each track, and the latest onMetaData, in the order in
/// which they came.
///
/// A header holds as long as its track goes on with its codec. The end of a track's sequence, and a coded frame of another
/// codec, make it stale: joiners do not get it, until a coded frame of its codec shows that the track goes on after all.
///
/// ffmpeg (9.0) names track 0 in what it means for its other video tracks, at their end and in their colorInfo. So an end
/// that is followed by more was none, and colorInfo of a codec that track 0 never had stays.
#[derive(Default, Debug)]
pub(crate) struct Headers {
    kept: Vec<Header>,
    /// The codecs of track 0 of audio and of video, while coded frames of them change nothing here.
    settled: [FourCc; 2],
}

/// A header and its number in the stream: who has read up to there has it.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) number: u64,
    pub(crate) entry: Arc<Entry>,
    slot: Slot,
    kind: Kind,
    tracks: Tracks,
    stale: bool,
}

/// Headers as they were at one place of the stream, timed as that place.
pub(crate) type Snapshot = Arc<[Header]>;

/// What a header tells; a newer one of the same track takes its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Slot {
    /// A decoder configuration record.
    Sequence,
    /// colorInfo, or MultichannelConfig.
    Description,
    /// onMetaData.
    Metadata,
}

/// What a frame means for those who come later.
#[derive(Debug)]
enum Meaning {
    /// They need it.
    Header(Slot, Tracks),
    /// They do not need what the tracks said of their colours before.
    Reset(Tracks),
    /// They do not need onMetaData any more.
    TakesBack,
    /// These tracks end.
    End(Tracks),
    /// These tracks go on.
    Goes(Tracks),
    Nothing,
}

fn meaning(frame: &Frame) -> Meaning {
    let one = || Tracks::One(frame.track, frame.codec);
    match frame.content {
        Content::Header => Meaning::Header(Slot::Sequence, one()),
        Content::VideoMetadata if resets_color_info(&frame.payload()) => Meaning::Reset(one()),
        Content::VideoMetadata | Content::MultichannelConfig => Meaning::Header(Slot::Description, one()),
        Content::Data => match &frame.metadata {
            Some(metadata) if metadata.name == "onMetaData" => Meaning::Header(Slot::Metadata, one()),
            Some(metadata) if takes_back(metadata) => Meaning::TakesBack,
            _ => Meaning::Nothing,
        },
        Content::Coded => Meaning::Goes(one()),
        Content::EndOfSequence => Meaning::End(one()),
        Content::Opaque => of_many(frame),
    }
}

/// How an encoder ends what it said with `@setDataFrame`.
fn takes_back(metadata: &Metadata) -> bool {
    metadata.name == "@clearDataFrame" && matches!(&metadata.value, Value::Text(name) if name == "onMetaData")
}

/// The same of a message with several tracks; nothing of any other that media knows no content for.
fn of_many(frame: &Frame) -> Meaning {
    let Ok(parts) = flv::tracks(&frame.body, frame.kind) else { return Meaning::Nothing };
    let Some(first) = parts.first() else { return Meaning::Nothing };
    let tracks = || Tracks::of(parts.iter().map(|part| (part.track, part.codec)));
    match (frame.kind, first.packet_type) {
        (_, SEQUENCE_START) | (Kind::Video, MPEG2TS_SEQUENCE_START) => Meaning::Header(Slot::Sequence, tracks()),
        (Kind::Video, METADATA) => {
            let resets = |part: &flv::Part| {
                let payload: Body = frame.body.slice(part.payload.start, part.payload.end);
                resets_color_info(&payload)
            };
            if parts.iter().all(resets) {
                Meaning::Reset(tracks())
            } else {
                Meaning::Header(Slot::Description, tracks())
            }
        }
        (Kind::Audio, MULTICHANNEL_CONFIG) => Meaning::Header(Slot::Description, tracks()),
        (_, CODED_FRAMES) | (Kind::Video, CODED_FRAMES_X) => Meaning::Goes(tracks()),
        (_, SEQUENCE_END) => Meaning::End(tracks()),
        _ => Meaning::Nothing,
    }
}

impl Headers {
    /// Learns from a frame before it is handed out; whether it is one that later frames need, or the end of what they were.
    /// To be called before the snapshot of a place that begins with the frame, and [`keep`](Headers::keep) behind it.
    #[inline]
    pub(crate) fn learn(&mut self, frame: &Frame) -> Lesson {
        if frame.content == Content::Coded && frame.track == 0 && self.is_settled(frame) {
            return Lesson(Meaning::Nothing);
        }
        self.learn_more(frame)
    }

    fn learn_more(&mut self, frame: &Frame) -> Lesson {
        let meaning = meaning(frame);
        if let Meaning::Goes(tracks) = &meaning {
            for (track, codec) in tracks.iter() {
                self.goes_on(frame.kind, track, codec);
            }
            if frame.content == Content::Coded && frame.track == 0 {
                self.settle(frame);
            }
            return Lesson(Meaning::Nothing);
        }
        Lesson(meaning)
    }

    /// Takes note of what a frame was found to mean, now that it has its number.
    pub(crate) fn keep(&mut self, number: u64, lesson: Lesson, entry: &Arc<Entry>) {
        let kind = entry.frame.kind;
        match lesson.0 {
            Meaning::Header(slot, tracks) => {
                let header = Header { number, entry: Arc::clone(entry), slot, kind, tracks, stale: false };
                self.note(header);
            }
            Meaning::Reset(tracks) => tracks.iter().for_each(|(track, _)| {
                self.single_out(kind, track);
                self.kept.retain(|h| !(h.slot == Slot::Description && h.is_of(kind, track)));
            }),
            Meaning::TakesBack => self.kept.retain(|h| h.slot != Slot::Metadata),
            Meaning::End(tracks) => {
                for (track, _) in tracks.iter() {
                    self.single_out(kind, track);
                    self.of(kind, track).for_each(|h| h.stale = true);
                }
                self.unsettle();
            }
            Meaning::Goes(_) | Meaning::Nothing => {}
        }
    }

    /// A header replaces what it makes stale: the same of its tracks, and, if it starts another codec, everything a track
    /// had.
    fn note(&mut self, header: Header) {
        let (kind, slot) = (header.kind, header.slot);
        let told: Vec<_> = header.tracks.iter().map(|(track, _)| self.told(kind, track)).collect();
        // What is replaced whole need not be taken apart.
        self.kept.retain(|h| !(h.slot == slot && h.kind == kind && header.tracks.cover(&h.tracks)));
        for ((track, codec), told) in header.tracks.iter().zip(told) {
            self.single_out(kind, track);
            self.kept.retain(|h| {
                let other_codec = slot == Slot::Sequence && !h.holds(track, codec, told);
                !(h.is_of(kind, track) && (h.slot == slot || other_codec))
            });
        }
        self.kept.push(header);
        while self.kept.len() > HEADERS_KEPT || self.bytes() > HEADER_BYTES_KEPT {
            self.kept.remove(0);
        }
        self.unsettle();
    }

    /// A coded frame came: what its track told of this codec holds, what it told of another does not.
    fn goes_on(&mut self, kind: Kind, track: u8, codec: FourCc) {
        let told = self.told(kind, track);
        let wrong = |h: &Header| h.is_of(kind, track) && h.stale == h.holds(track, codec, told);
        if self.kept.iter().any(wrong) {
            self.single_out(kind, track);
            self.of(kind, track).for_each(|h| h.stale = !h.holds(track, codec, told));
        }
    }

    /// The codec of a track's sequence header, whether it is stale or not.
    fn told(&self, kind: Kind, track: u8) -> Option<FourCc> {
        let sequence = self.kept.iter().find(|h| h.slot == Slot::Sequence && h.is_of(kind, track));
        sequence.and_then(|h| h.tracks.codec(track))
    }

    /// Takes headers of several tracks apart where one of the tracks goes a way of its own.
    fn single_out(&mut self, kind: Kind, track: u8) {
        while let Some(at) = self.kept.iter().position(|h| h.tracks.is_many() && h.is_of(kind, track)) {
            let many = self.kept.remove(at);
            let parts = flv::split(&many.entry.frame).unwrap_or_default();
            let singles = parts.into_iter().map(|frame| Header {
                tracks: Tracks::One(frame.track, frame.codec),
                entry: Arc::new(Entry::at(frame, many.entry.arrived(), 0)),
                ..many
            });
            self.kept.splice(at..at, singles);
        }
    }

    fn of(&mut self, kind: Kind, track: u8) -> impl Iterator<Item = &mut Header> {
        self.kept.iter_mut().filter(move |h| h.is_of(kind, track))
    }

    fn is_settled(&self, frame: &Frame) -> bool {
        let [audio, video] = self.settled;
        frame.codec == if frame.kind == Kind::Audio { audio } else { video } && frame.codec != FourCc::UNKNOWN
    }

    fn settle(&mut self, frame: &Frame) {
        let [audio, video] = &mut self.settled;
        *if frame.kind == Kind::Audio { audio } else { video } = frame.codec;
    }

    fn unsettle(&mut self) {
        self.settled = [FourCc::UNKNOWN; 2];
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.kept.clear();
        self.unsettle();
    }

    /// What holds before entry `before`: onMetaData, without a time, and then the tracks' headers, timed `dts_us`.
    ///
    /// ffmpeg takes onMetaData that has a time for a subtitle, and shows a track of them.
    pub(crate) fn snapshot(&self, before: u64, dts_us: i64, arrived: Instant) -> Snapshot {
        let (data, tracks): (Vec<&Header>, Vec<&Header>) =
            self.kept.iter().filter(|h| h.number < before && !h.stale).partition(|h| h.kind == Kind::Data);
        let data = data.into_iter().map(|h| h.timed(0, arrived));
        data.chain(tracks.into_iter().map(|h| h.timed(dts_us, arrived))).collect()
    }

    fn bytes(&self) -> usize {
        self.kept.iter().map(|h| h.entry.frame.body.len()).sum()
    }
}

/// What [`Headers::learn`] found, for [`Headers::keep`].
#[derive(Debug)]
pub(crate) struct Lesson(Meaning);

impl Lesson {
    /// Whether the frame is media: nothing that sets a decoder up, and no end.
    pub(crate) fn is_media(&self) -> bool {
        matches!(self.0, Meaning::Nothing | Meaning::Goes(_))
    }
}

impl Header {
    fn is_of(&self, kind: Kind, track: u8) -> bool {
        self.kind == kind && self.tracks.codec(track).is_some()
    }

    /// Whether it says something of a track that has `codec` now, and had `told` when it told its last sequence header.
    fn holds(&self, track: u8, codec: FourCc, told: Option<FourCc>) -> bool {
        let own = self.tracks.codec(track);
        let of_another = self.kind == Kind::Video && self.slot == Slot::Description && own != told;
        own == Some(codec) || of_another
    }

    /// The header at the time of the frame behind it: a joiner's timeline starts there, not where the header first came.
    fn timed(&self, dts_us: i64, arrived: Instant) -> Header {
        if self.entry.frame.dts_us == dts_us {
            return self.clone();
        }
        let mut frame = self.entry.frame.clone();
        frame.dts_us = dts_us;
        Header { entry: Arc::new(Entry::at(frame, arrived, 0)), ..self.clone() }
    }
}
