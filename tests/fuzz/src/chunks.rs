//! Chunks to messages, and messages to chunks and back.

use crate::choices::{Choices, pieces};
use crate::memory;
use bytes::Bytes;
use rtmp_proto::chunk::{MAX_CHUNK_SIZE, MAX_CHUNK_STREAM, Reader, Writer, encode_message};
use rtmp_proto::control::Control;
use rtmp_proto::message::Message;
use rtmp_proto::{ChunkStreamId, Error, MessageStreamId, MessageType};

/// Reads to the end or to the first error, obeying Set Chunk Size and Abort as a connection does.
fn read(bytes: &[u8], lanes: usize, budget: usize, seed: u8) -> (Vec<Message>, Vec<Error>, Option<Error>) {
    let mut reader = Reader::new(lanes, budget);
    let (mut messages, mut cut) = (Vec::new(), Vec::new());
    for mut piece in pieces(bytes, seed) {
        loop {
            let found = reader.read(&mut piece);
            cut.extend(reader.take_cut_short());
            let message = match found {
                Ok(Some(message)) => message,
                Ok(None) => break,
                Err(error) => return (messages, cut, Some(error)),
            };
            assert!(reader.partial_bytes() <= budget);
            if let Ok(Some(Control::SetChunkSize(size))) = Control::decode(&message)
                && let Err(error) = reader.set_chunk_size(size)
            {
                return (messages, cut, Some(error));
            }
            if let Ok(Some(Control::Abort(lane))) = Control::decode(&message) {
                reader.abort(lane);
            }
            messages.push(message);
        }
        assert!(piece.is_empty(), "without a message, all is taken");
        assert!(reader.partial_bytes() <= budget);
    }
    (messages, cut, None)
}

/// Any bytes as chunks: any split gives the same messages, and memory grows with what came, whatever it claims.
pub fn reader(input: &[u8]) {
    let mut choices = Choices::new(input);
    let (seed, lanes, budget) = (choices.byte(), 1 + choices.below(8), 64 << choices.below(9));
    let bytes = choices.rest();
    // A body's first allocation, and doubling, on each chunk stream; beside the messages themselves.
    let most = lanes * (4096 + 1024) + 12 * bytes.len() + 8192;
    let whole = memory::within(most + 128 * bytes.len(), || read(bytes, lanes, budget, 0));
    assert!(whole.0.iter().map(|m| m.payload.len()).sum::<usize>() <= bytes.len());
    let mut split = read(bytes, lanes, budget, seed);
    // Where in a piece a budget broke depends on the piece; that it broke does not.
    let cause = |error: &Option<Error>| error.as_ref().map(|e| std::mem::discriminant(&e.cause));
    assert_eq!(cause(&split.2), cause(&whole.2));
    split.2 = whole.2.clone();
    // Of several messages that were cut short before the next whole one, one is told.
    assert_eq!(split.1.is_empty(), whole.1.is_empty());
    split.1 = whole.1.clone();
    assert_eq!(split, whole, "another split");
}

/// Messages written with the shortest headers, and whole ones between them, come out as they went in.
pub fn round_trip(input: &[u8]) {
    let mut choices = Choices::new(input);
    let seed = choices.byte();
    let (mut writer, mut bytes, mut sent) = (Writer::new(), Vec::new(), Vec::new());
    let mut last_time = 0u32;
    while !choices.is_empty() && sent.len() < 64 {
        let choice = choices.byte();
        let chunk_stream = match choice & 7 {
            0 => 3 + u32::from(choices.u16()) % (MAX_CHUNK_STREAM - 2),
            n => 2 + u32::from(n),
        };
        let timestamp = match choice >> 6 {
            0 => last_time,
            1 => last_time.wrapping_add(choices.byte().into()),
            2 => choices.time(),
            _ => last_time.wrapping_sub(choices.byte().into()),
        };
        last_time = timestamp;
        if choice & 0x38 == 0x38 {
            let size = 1 + choices.u32() % MAX_CHUNK_SIZE;
            let size = if size & 1 == 0 { size } else { 1 + size % 200 };
            let (kind, payload) = Control::SetChunkSize(size).encode();
            let (chunk_stream, stream) = (ChunkStreamId(2), MessageStreamId(0));
            let message = Message { chunk_stream, stream, kind, timestamp, payload };
            writer.write(&message, &mut bytes).expect("a short message");
            writer.set_chunk_size(size);
            sent.push(message);
            continue;
        }
        let body = choices.bytes(600);
        // Long bodies cost an input two bytes.
        let payload = if choice & 0x18 == 0x10 { body.repeat(1 + choices.below(20)) } else { body.to_vec() };
        let message = Message {
            chunk_stream: ChunkStreamId(chunk_stream),
            stream: MessageStreamId(if choice & 0x20 == 0 { 1 } else { choices.u32() }),
            kind: MessageType(8 + choices.byte() % 15),
            timestamp,
            payload: payload.into(),
        };
        // A whole message resets what the peer remembers of its chunk stream, so it must not share one with the writer.
        if choice & 0x18 == 0x08 {
            let message = Message { chunk_stream: ChunkStreamId(MAX_CHUNK_STREAM - 1), ..message };
            let parts: Vec<Bytes> = pieces(&message.payload, seed).into_iter().map(Bytes::copy_from_slice).collect();
            let (stream, kind) = (message.stream, message.kind);
            let whole = encode_message(message.chunk_stream, stream, kind, timestamp, writer.chunk_size(), &parts);
            bytes.extend_from_slice(&whole);
            sent.push(message);
        } else if chunk_stream != MAX_CHUNK_STREAM - 1 {
            writer.write(&message, &mut bytes).expect("a short message");
            sent.push(message);
        }
    }
    for seed in [0, seed] {
        let (messages, cut, error) = read(&bytes, 128, 16 << 20, seed);
        assert_eq!((messages.len(), &cut[..], error), (sent.len(), &[][..], None));
        assert_eq!(messages, sent);
    }
}
