//! Frames with a number in them.

use std::sync::Arc;

use fanout::{Entry, Event, Limits, Publisher, StreamKey, Streams, Subscriber};
use media::{Body, Content, FourCc, Frame, Kind, Metadata};

/// A frame whose body is `id`, padded to `size` bytes; 1 ms of time per number.
pub(crate) fn frame(kind: Kind, content: Content, id: u64, size: usize) -> Frame {
    let mut body = id.to_be_bytes().to_vec();
    body.resize(size.max(8), 0);
    Frame {
        kind,
        content,
        track: 0,
        codec: match kind {
            Kind::Audio => FourCc::MP4A,
            Kind::Video => FourCc::AVC1,
            Kind::Data => FourCc::UNKNOWN,
        },
        key: false,
        disposable: false,
        gap_before: false,
        from_filter: false,
        dts_us: id as i64 * 1000,
        cts_us: 0,
        body: Body::from(body),
        payload_at: 0,
        metadata: None,
    }
}

pub(crate) fn key(id: u64) -> Frame {
    Frame { key: true, ..inter(id) }
}

pub(crate) fn inter(id: u64) -> Frame {
    frame(Kind::Video, Content::Coded, id, 8)
}

pub(crate) fn audio(id: u64) -> Frame {
    frame(Kind::Audio, Content::Coded, id, 8)
}

pub(crate) fn video_header(id: u64) -> Frame {
    frame(Kind::Video, Content::Header, id, 8)
}

pub(crate) fn audio_header(id: u64) -> Frame {
    frame(Kind::Audio, Content::Header, id, 8)
}

pub(crate) fn metadata(id: u64) -> Frame {
    let values = Metadata { name: "onMetaData".into(), ..Metadata::default() };
    Frame { metadata: Some(Arc::new(values)), ..frame(Kind::Data, Content::Data, id, 8) }
}

/// The number in a frame.
pub(crate) fn id(frame: &Frame) -> u64 {
    let bytes = frame.body.to_bytes();
    u64::from_be_bytes(bytes[..8].try_into().unwrap())
}

pub(crate) fn ids(batch: &[Arc<Entry>]) -> Vec<u64> {
    batch.iter().map(|e| id(&e.frame)).collect()
}

pub(crate) fn name() -> StreamKey {
    StreamKey::new("live", "cam")
}

/// A publisher of `live/cam` with the default limits.
pub(crate) fn published() -> (Streams, Publisher) {
    let streams = Streams::default();
    let publisher = streams.publish(name(), Limits::default()).unwrap();
    (streams, publisher)
}

/// All that a subscriber can read now: numbers, and what else it was told.
pub(crate) fn drain(subscriber: &mut Subscriber) -> (Vec<u64>, Vec<Event>) {
    let mut batch = Vec::new();
    let mut events = Vec::new();
    while let Some(event) = subscriber.try_next(&mut batch) {
        if event != Event::Frames {
            events.push(event);
        }
    }
    (ids(&batch), events)
}

/// The numbers of all frames that a subscriber can read now.
pub(crate) fn read(subscriber: &mut Subscriber) -> Vec<u64> {
    let (ids, events) = drain(subscriber);
    assert_eq!(events, [], "only frames were expected, {ids:?} came");
    ids
}
