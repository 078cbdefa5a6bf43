//! One whole message as wire bytes that depend on nothing before them: the egress hot path.

use super::header::{EXTENDED, Header, MAX_HEADER_LEN};
use crate::id::{ChunkStreamId, MessageStreamId};
use crate::message::{MAX_LENGTH, MessageType};
use bytes::Bytes;

/// One whole message in contiguous wire bytes: a format 0 chunk with the absolute `timestamp` (milliseconds), then
/// format 3 chunks, each with the extended timestamp where it is needed (RTMP 1.0 §5.3.1.3). The payload is the slices of
/// `payload` one after another.
///
/// The bytes depend on no chunk before them, so all players with one chunk size and message stream id can share them.
/// A `chunk_size` of 0 counts as 1. A payload over [`MAX_LENGTH`] has no form on the wire: the result is empty.
pub fn encode_message(
    chunk_stream: ChunkStreamId,
    stream: MessageStreamId,
    kind: MessageType,
    timestamp: u32,
    chunk_size: u32,
    payload: &[Bytes],
) -> Bytes {
    let total = payload.iter().fold(0usize, |sum, part| sum.saturating_add(part.len()));
    let Some(length) = u32::try_from(total).ok().filter(|_| total <= MAX_LENGTH) else { return Bytes::new() };
    let chunk_size = usize::try_from(chunk_size.max(1)).unwrap_or(usize::MAX);
    let chunks = total.div_ceil(chunk_size).max(1);
    let first =
        Header { format: 0, chunk_stream: chunk_stream.0, time: timestamp, length, kind: kind.0, stream: stream.0 };
    let mut next = Vec::with_capacity(MAX_HEADER_LEN);
    // A format 3 header has no time field of its own; its extended timestamp repeats the value.
    Header { format: 3, time: 0, ..first }.write(&mut next);
    if timestamp >= EXTENDED {
        next.extend_from_slice(&timestamp.to_be_bytes());
    }
    let headers = MAX_HEADER_LEN.saturating_add(chunks.saturating_sub(1).saturating_mul(next.len()));
    let mut out = Vec::with_capacity(total.saturating_add(headers));
    first.write(&mut out);
    let mut room = chunk_size;
    for part in payload {
        let mut rest: &[u8] = part;
        while !rest.is_empty() {
            if room == 0 {
                out.extend_from_slice(&next);
                room = chunk_size;
            }
            let (now, later) = rest.split_at(rest.len().min(room));
            out.extend_from_slice(now);
            room = room.saturating_sub(now.len());
            rest = later;
        }
    }
    Bytes::from(out)
}
