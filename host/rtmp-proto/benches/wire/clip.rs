//! Two seconds of a usual live stream, as messages and as the chunks of a publisher.

use bytes::Bytes;
use rtmp_proto::chunk::Writer;
use rtmp_proto::message::Message;
use rtmp_proto::{MediaKind, MessageStreamId};

/// One GOP: 2 Mbit/s of video at 25 frames per second, the key frame eight times as large as the others, and 128 kbit/s of
/// AAC at 44.1 kHz, in the order of their times.
pub(crate) fn messages() -> Vec<Message> {
    let video = (0..50).map(|n| (n * 40, MediaKind::Video, if n == 0 { 70_000 } else { 8_770 }));
    let audio = (0..86).map(|n| (n * 1024 * 1000 / 44_100, MediaKind::Audio, 372));
    let mut frames: Vec<(u32, MediaKind, usize)> = video.chain(audio).collect();
    frames.sort_by_key(|(time, ..)| *time);
    frames.into_iter().map(|(time, kind, size)| message(kind, time, size)).collect()
}

fn message(kind: MediaKind, timestamp: u32, size: usize) -> Message {
    let body: Vec<u8> = (0..size).map(|n| (n * 31) as u8).collect();
    Message {
        chunk_stream: kind.chunk_stream(),
        stream: MessageStreamId(1),
        kind: kind.message_type(),
        timestamp,
        payload: Bytes::from(body),
    }
}

/// Bytes of the bodies.
pub(crate) fn body_bytes(messages: &[Message]) -> u64 {
    messages.iter().map(|m| m.payload.len() as u64).sum()
}

/// The messages as chunks of this size. The first of each chunk stream has a full header, so they may come again and again.
pub(crate) fn chunks(messages: &[Message], chunk_size: u32) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.set_chunk_size(chunk_size);
    let mut out = Vec::new();
    for message in messages {
        let written = writer.write(message, &mut out);
        assert!(written.is_ok());
    }
    out
}
