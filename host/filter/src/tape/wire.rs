//! Calls as they stand in a recording. Everything that is read back is bounded.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use filter_wit::media::weir::filter::types::{self, SavedState};
use media::{Body, Content, FourCc, Frame, Kind, track};
use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};
use serde::{Deserialize as DeserializeDerive, Serialize};

use self::peer::{Conn, Key, Watching};
use super::scrub::Scrub;
use super::value::Value;
use super::{Args, Entry, Outcome};
use crate::convert;
use crate::counters::Hook;
use crate::session::{Attributes, EndReason};
use crate::{Limits, StreamInfo};

mod peer;

/// Entries of any list: more than a call may make under the default limits.
const MOST_ENTRIES: usize = 200_000;

/// A list of at most [`MOST_ENTRIES`]; nothing is allocated from a declared length.
fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    struct Bounded<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Bounded<T> {
        type Value = Vec<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a list of at most {MOST_ENTRIES}")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
            let mut list = Vec::new();
            while let Some(entry) = seq.next_element()? {
                if list.len() >= MOST_ENTRIES {
                    return Err(A::Error::custom("a list is too long"));
                }
                list.push(entry);
            }
            Ok(list)
        }
    }
    from.deserialize_seq(Bounded(PhantomData))
}

/// One call.
#[derive(Clone, Debug, Serialize, DeserializeDerive)]
pub(super) struct Call {
    hook: String,
    pub(super) args: CallArgs,
    #[serde(deserialize_with = "list")]
    pub(super) answers: Vec<(String, Value)>,
    pub(super) outcome: Outcome,
    pub(super) took_ns: u64,
    /// When it began, in microseconds since the instance did.
    pub(super) at_us: u64,
}

#[derive(Clone, Debug, Serialize, DeserializeDerive)]
pub(super) enum CallArgs {
    None,
    Open { stream: Box<Stream>, attempt: u32, resume: Option<(u32, Vec<u8>)> },
    Frame { frame: Coded, unit_types: u64, unit_length_bytes: u8, seq: u64, gop: u64 },
    Header(Coded),
    Metadata { frame: Coded, message: Message },
    Tick(i64),
    End(u8),
}

#[derive(Clone, Debug, Serialize, DeserializeDerive)]
pub(super) struct Stream {
    id: u64,
    key: Key,
    #[serde(deserialize_with = "list")]
    tags: Attributes,
    publisher: Conn,
    viewer: Option<Box<Watching>>,
    #[serde(deserialize_with = "list")]
    tracks: Vec<Track>,
}

#[derive(Clone, Debug, Serialize, DeserializeDerive)]
struct Track {
    kind: u8,
    id: u8,
    codec: u32,
    header: Vec<u8>,
}

/// A frame with the body that it came in.
#[derive(Clone, Debug, Serialize, DeserializeDerive)]
pub(super) struct Coded {
    kind: u8,
    content: u8,
    track: u8,
    codec: u32,
    /// Bits: key, disposable, gap before, from a filter.
    flags: u8,
    dts_us: i64,
    cts_us: i64,
    payload_at: u32,
    body: Vec<u8>,
}

/// A data message as guests see it.
#[derive(Clone, Debug, Serialize, DeserializeDerive)]
pub(super) struct Message {
    name: String,
    #[serde(deserialize_with = "list")]
    fields: Vec<(String, Scalar)>,
}

#[derive(Clone, Debug, Serialize, DeserializeDerive)]
enum Scalar {
    Number(f64),
    Flag(bool),
    Text(String),
    Date(f64),
    Null,
}

const KINDS: [Kind; 3] = [Kind::Audio, Kind::Video, Kind::Data];
const CONTENTS: [Content; 7] = [
    Content::Header,
    Content::Coded,
    Content::EndOfSequence,
    Content::VideoMetadata,
    Content::MultichannelConfig,
    Content::Data,
    Content::Opaque,
];
const REASONS: [EndReason; 7] = [
    EndReason::SourceEnded,
    EndReason::Replaced,
    EndReason::Denied,
    EndReason::Swapped,
    EndReason::Shutdown,
    EndReason::Failed,
    EndReason::Limit,
];

fn number<T: PartialEq>(of: &[T], it: &T) -> u8 {
    of.iter().position(|one| one == it).and_then(|at| u8::try_from(at).ok()).unwrap_or_default()
}

fn at<T: Copy>(of: &[T], number: u8) -> Option<T> {
    of.get(usize::from(number)).copied()
}

impl Call {
    pub(super) fn new(entry: &Entry, scrub: &Scrub) -> Call {
        let answers = entry.answers.iter().map(|(name, value)| ((*name).to_owned(), clean(value, scrub)));
        let outcome = match &entry.outcome {
            Outcome::Answered(text) => Outcome::Answered(scrub.text(text)),
            Outcome::Trapped(why) => Outcome::Trapped(scrub.text(why)),
            Outcome::Late(why) => Outcome::Late(scrub.text(why)),
            Outcome::Fault(why) => Outcome::Fault(scrub.text(why)),
        };
        Call {
            hook: entry.hook.name().to_owned(),
            args: CallArgs::new(&entry.args, scrub),
            answers: answers.collect(),
            outcome,
            took_ns: u64::try_from(entry.took.as_nanos()).unwrap_or(u64::MAX),
            at_us: u64::try_from(entry.at.as_micros()).unwrap_or(u64::MAX),
        }
    }

    pub(super) fn hook(&self) -> Option<Hook> {
        Hook::ALL.into_iter().find(|hook| hook.name() == self.hook)
    }
}

fn clean(value: &Value, scrub: &Scrub) -> Value {
    match value {
        Value::Text(text) => Value::Text(scrub.text(text)),
        Value::Bytes(bytes) => Value::Bytes(scrub.bytes(bytes)),
        Value::Item(Some((bytes, version))) => Value::Item(Some((scrub.bytes(bytes), *version))),
        other => other.clone(),
    }
}

impl CallArgs {
    fn new(args: &Args, scrub: &Scrub) -> CallArgs {
        match args {
            Args::None | Args::Session(_) => CallArgs::None,
            Args::Open { info, tracks, resume, attempt } => CallArgs::Open {
                stream: Box::new(Stream::new(info, tracks, scrub)),
                attempt: *attempt,
                resume: resume.as_ref().map(|state| (state.schema, scrub.bytes(&state.data))),
            },
            Args::Frame { frame, unit_types, unit_length_bytes, seq, gop } => CallArgs::Frame {
                frame: Coded::new(frame),
                unit_types: *unit_types,
                unit_length_bytes: *unit_length_bytes,
                seq: *seq,
                gop: *gop,
            },
            Args::Header(frame) => CallArgs::Header(Coded::new(frame)),
            Args::Metadata(frame) => CallArgs::Metadata {
                // The values are all that a guest sees of it.
                frame: Coded { body: Vec::new(), payload_at: 0, ..Coded::new(frame) },
                message: Message::new(frame, scrub),
            },
            Args::Tick(now_us) => CallArgs::Tick(*now_us),
            Args::End(reason) => CallArgs::End(number(&REASONS, reason)),
        }
    }

    pub(super) fn reason(number: u8) -> Option<EndReason> {
        at(&REASONS, number)
    }

    pub(super) fn state(resume: &Option<(u32, Vec<u8>)>) -> Option<SavedState> {
        resume.as_ref().map(|(schema, data)| SavedState { schema: *schema, data: data.clone() })
    }
}

impl Stream {
    fn new(info: &StreamInfo, tracks: &[track::Info], scrub: &Scrub) -> Stream {
        Stream {
            id: info.id,
            key: Key::new(&info.key, scrub),
            tags: peer::texts(&info.tags, str::to_owned, scrub),
            publisher: Conn::new(&info.publisher, scrub),
            viewer: info.viewer.as_deref().map(|viewer| Box::new(Watching::new(viewer, scrub))),
            tracks: tracks.iter().map(Track::new).collect(),
        }
    }

    /// None: it names what there is not.
    pub(super) fn facts(&self) -> Option<(StreamInfo, Vec<track::Info>)> {
        let info = StreamInfo {
            id: self.id,
            key: self.key.value(),
            publisher: Arc::new(self.publisher.value()),
            tags: self.tags.clone(),
            viewer: self.viewer.as_ref().map(|viewer| Arc::new(viewer.value())),
        };
        let tracks = self.tracks.iter().map(Track::info).collect::<Option<Vec<_>>>()?;
        Some((info, tracks))
    }
}

impl Track {
    fn new(info: &track::Info) -> Track {
        Track { kind: number(&KINDS, &info.kind), id: info.id, codec: info.codec.0, header: info.header.to_vec() }
    }

    fn info(&self) -> Option<track::Info> {
        let codec = FourCc(self.codec);
        let mut info = track::Info::new(at(&KINDS, self.kind)?, self.id, codec);
        if !self.header.is_empty() {
            info.set_header(codec, Bytes::from(self.header.clone()));
        }
        Some(info)
    }
}

impl Coded {
    fn new(frame: &Frame) -> Coded {
        let flags = [frame.key, frame.disposable, frame.gap_before, frame.from_filter];
        Coded {
            kind: number(&KINDS, &frame.kind),
            content: number(&CONTENTS, &frame.content),
            track: frame.track,
            codec: frame.codec.0,
            flags: flags.iter().enumerate().fold(0, |bits, (n, set)| bits | u8::from(*set) << n),
            dts_us: frame.dts_us,
            cts_us: frame.cts_us,
            payload_at: u32::try_from(frame.payload_at).unwrap_or(u32::MAX),
            body: frame.body.to_bytes().to_vec(),
        }
    }

    /// None: it names what there is not.
    pub(super) fn frame(self) -> Option<Frame> {
        Some(Frame {
            kind: at(&KINDS, self.kind)?,
            content: at(&CONTENTS, self.content)?,
            track: self.track,
            codec: FourCc(self.codec),
            key: self.flags & 1 != 0,
            disposable: self.flags & 2 != 0,
            gap_before: self.flags & 4 != 0,
            from_filter: self.flags & 8 != 0,
            dts_us: self.dts_us,
            cts_us: self.cts_us,
            payload_at: (self.payload_at as usize).min(self.body.len()),
            body: Body::from(self.body),
            metadata: None,
        })
    }
}

impl Message {
    fn new(frame: &Frame, scrub: &Scrub) -> Message {
        let Some(metadata) = &frame.metadata else { return Message { name: String::new(), fields: Vec::new() } };
        let types::Metadata { name, fields } = convert::flatten(metadata);
        let scalar = |value| match value {
            types::Scalar::Number(number) => Scalar::Number(number),
            types::Scalar::Bool(flag) => Scalar::Flag(flag),
            types::Scalar::Text(text) => Scalar::Text(scrub.text(&text)),
            types::Scalar::Date(date) => Scalar::Date(date),
            types::Scalar::Null => Scalar::Null,
        };
        Message { name, fields: fields.into_iter().map(|(path, value)| (path, scalar(value))).collect() }
    }

    pub(super) fn metadata(self) -> Result<media::Metadata, String> {
        let scalar = |value| match value {
            Scalar::Number(number) => types::Scalar::Number(number),
            Scalar::Flag(flag) => types::Scalar::Bool(flag),
            Scalar::Text(text) => types::Scalar::Text(text),
            Scalar::Date(date) => types::Scalar::Date(date),
            Scalar::Null => types::Scalar::Null,
        };
        let fields = self.fields.into_iter().map(|(path, value)| (path, scalar(value))).collect();
        convert::from_flat(types::Metadata { name: self.name, fields }, None)
    }
}

/// The limits under which it ran: they are a part of what happened.
#[derive(Clone, Debug, Default, Serialize, DeserializeDerive)]
pub struct Bounds {
    memory_bytes: u64,
    media_time_us: u64,
    start_time_us: u64,
    table_elements: u64,
    retained_bytes: u64,
    emit_ratio: f64,
    derived_streams: u64,
    copied_bytes: u64,
    host_calls: u32,
    log_lines_per_second: u32,
}

impl From<&Limits> for Bounds {
    fn from(limits: &Limits) -> Bounds {
        let us = |time: std::time::Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        Bounds {
            memory_bytes: limits.memory_bytes as u64,
            media_time_us: us(limits.media_time),
            start_time_us: us(limits.start_time),
            table_elements: limits.table_elements as u64,
            retained_bytes: limits.retained_bytes as u64,
            emit_ratio: limits.emit_ratio,
            derived_streams: limits.derived_streams as u64,
            copied_bytes: limits.copied_bytes as u64,
            host_calls: limits.host_calls,
            log_lines_per_second: limits.log_lines_per_second,
        }
    }
}

impl Bounds {
    /// What a configuration may set at most holds for a file too.
    pub(super) fn limits(&self) -> Limits {
        use std::time::Duration;
        const GIB: u64 = 1 << 30;
        const MINUTE: u64 = 60_000_000;
        let size = |bytes: u64| usize::try_from(bytes.min(4 * GIB)).unwrap_or(usize::MAX);
        Limits {
            memory_bytes: size(self.memory_bytes),
            media_time: Duration::from_micros(self.media_time_us.min(MINUTE)),
            start_time: Duration::from_micros(self.start_time_us.min(MINUTE)),
            table_elements: size(self.table_elements.min(10_000_000)),
            retained_bytes: size(self.retained_bytes),
            emit_ratio: if self.emit_ratio.is_finite() { self.emit_ratio.clamp(0.0, 1000.0) } else { 2.0 },
            derived_streams: size(self.derived_streams.min(1000)),
            copied_bytes: size(self.copied_bytes),
            host_calls: self.host_calls.min(1_000_000_000),
            log_lines_per_second: self.log_lines_per_second.min(100_000),
            ..Limits::default()
        }
    }
}
