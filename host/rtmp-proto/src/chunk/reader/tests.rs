use super::*;
use crate::chunk::{Writer, encode_message};
use proptest::prelude::*;

const BUDGET: usize = 16 << 20;

fn reader() -> Reader {
    Reader::new(64, BUDGET)
}

fn message(csid: u32, msid: u32, kind: u8, timestamp: u32, payload: impl Into<Vec<u8>>) -> Message {
    Message {
        chunk_stream: ChunkStreamId(csid),
        stream: MessageStreamId(msid),
        kind: MessageType(kind),
        timestamp,
        payload: payload.into().into(),
    }
}

/// Everything the bytes hold, fed in pieces of `step`.
fn read_in_steps(reader: &mut Reader, bytes: &[u8], step: usize) -> Result<Vec<Message>, Error> {
    let mut messages = Vec::new();
    for piece in bytes.chunks(step.max(1)) {
        let mut input = piece;
        while let Some(message) = reader.read(&mut input)? {
            messages.push(message);
        }
        assert!(input.is_empty(), "incomplete input is taken whole");
    }
    Ok(messages)
}

fn read_all(bytes: &[u8]) -> Result<Vec<Message>, Error> {
    read_in_steps(&mut reader(), bytes, usize::MAX)
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Messages and the bytes that the shortest headers give: drives reading and writing.
fn vectors() -> Vec<(&'static str, Vec<Message>, Vec<u8>)> {
    vec![
        ("one small message", vec![message(3, 0, 20, 0, *b"ab")], hex("03 000000 000002 14 00000000 6162")),
        (
            "the stream id is little-endian",
            vec![message(3, 0x0102_0304, 8, 1000, *b"a")],
            hex("03 0003e8 000001 08 04030201 61"),
        ),
        ("an empty message", vec![message(4, 1, 8, 5, *b"")], hex("04 000005 000000 08 01000000")),
        (
            "format 1, 2, then 3 on one chunk stream",
            vec![
                message(4, 1, 8, 100, *b"aa"),
                message(4, 1, 8, 120, *b"b"),
                message(4, 1, 8, 150, *b"c"),
                message(4, 1, 8, 180, *b"d"),
            ],
            hex("04 000064 000002 08 01000000 6161  44 000014 000001 08 62  84 00001e 63  c4 64"),
        ),
        (
            "format 3 after format 0 repeats the absolute time",
            vec![message(4, 1, 8, 40, *b"a"), message(4, 1, 8, 80, *b"b")],
            hex("04 000028 000001 08 01000000 61  c4 62"),
        ),
        (
            "time that goes back needs format 0",
            vec![message(4, 1, 8, 40, *b"a"), message(4, 1, 8, 30, *b"b")],
            hex("04 000028 000001 08 01000000 61  04 00001e 000001 08 01000000 62"),
        ),
        (
            "far back is back, not 2^31 and more forward",
            vec![message(4, 1, 8, 0x2000_0000, *b"a"), message(4, 1, 8, 5, *b"b")],
            hex("04 ffffff 000001 08 01000000 20000000 61  04 000005 000001 08 01000000 62"),
        ),
        (
            "another message stream needs format 0",
            vec![message(4, 1, 8, 40, *b"a"), message(4, 2, 8, 41, *b"b")],
            hex("04 000028 000001 08 01000000 61  04 000029 000001 08 02000000 62"),
        ),
        ("the last one-byte id", vec![message(63, 1, 8, 0, *b"a")], hex("3f 000000 000001 08 01000000 61")),
        ("the first two-byte id", vec![message(64, 1, 8, 0, *b"a")], hex("00 00 000000 000001 08 01000000 61")),
        ("the last two-byte id", vec![message(319, 1, 8, 0, *b"a")], hex("00 ff 000000 000001 08 01000000 61")),
        ("the first three-byte id", vec![message(320, 1, 8, 0, *b"a")], hex("01 0001 000000 000001 08 01000000 61")),
        ("the last three-byte id", vec![message(65_599, 1, 8, 0, *b"a")], hex("01 ffff 000000 000001 08 01000000 61")),
        (
            "0xfffffe still fits 24 bits",
            vec![message(4, 1, 8, 0xFF_FFFE, *b"a")],
            hex("04 fffffe 000001 08 01000000 61"),
        ),
        (
            "0xffffff takes the extended timestamp",
            vec![message(4, 1, 8, 0xFF_FFFF, *b"a")],
            hex("04 ffffff 000001 08 01000000 00ffffff 61"),
        ),
        (
            "an extended delta is added whole",
            vec![message(4, 1, 8, 1, *b"a"), message(4, 1, 8, 0x0100_0001, *b"b")],
            hex("04 000001 000001 08 01000000 61  84 ffffff 01000000 62"),
        ),
        (
            "time wraps forward as a small delta",
            vec![message(4, 1, 8, 0xFFFF_FFF0, *b"a"), message(4, 1, 8, 0x10, *b"b")],
            hex("04 ffffff 000001 08 01000000 fffffff0 61  84 000020 62"),
        ),
    ]
}

#[test]
fn vectors_read_as_their_messages_at_every_step_size() {
    for (name, messages, bytes) in vectors() {
        for step in 1..=bytes.len() {
            assert_eq!(read_in_steps(&mut reader(), &bytes, step).unwrap(), messages, "{name}, {step} bytes at a time");
        }
    }
}

#[test]
fn vectors_are_what_the_writer_writes() {
    for (name, messages, bytes) in vectors() {
        let mut writer = Writer::new();
        let mut out = Vec::new();
        for message in &messages {
            writer.write(message, &mut out).unwrap();
        }
        assert_eq!(out, bytes, "{name}");
    }
}

#[test]
fn long_forms_may_name_low_chunk_streams() {
    // The three-byte form of 64.
    let messages = read_all(&hex("01 0000 000000 000001 08 01000000 61")).unwrap();
    assert_eq!(messages, [message(64, 1, 8, 0, *b"a")]);
}

#[test]
fn large_messages_are_split_and_joined() {
    let body: Vec<u8> = (0..1000u32).map(|n| n as u8).collect();
    let sent = message(6, 1, 9, 7, body);
    let mut out = Vec::new();
    Writer::new().write(&sent, &mut out).unwrap();
    // 1000 bytes are 8 chunks of at most 128: one header of 12 and seven of 1.
    assert_eq!(out.len(), 1000 + 12 + 7);
    assert_eq!(read_all(&out).unwrap(), [sent]);
}

#[test]
fn extended_timestamps_stand_on_every_format_3_chunk() {
    for (time, extended) in [(0xFF_FFFEu32, false), (0xFF_FFFF, true), (0x0123_4567, true), (u32::MAX, true)] {
        let sent = message(6, 1, 9, time, [9u8; 300]);
        let mut out = Vec::new();
        Writer::new().write(&sent, &mut out).unwrap();
        let (head, next) = if extended { (12 + 4, 1 + 4) } else { (12, 1) };
        assert_eq!(out.len(), 300 + head + 2 * next);
        let mut expected = vec![0xC6];
        expected.extend(time.to_be_bytes().iter().filter(|_| extended));
        assert_eq!(out[head + 128..][..next], expected);
        assert_eq!(read_all(&out).unwrap(), std::slice::from_ref(&sent));
        let payload = std::slice::from_ref(&sent.payload);
        let shared = encode_message(sent.chunk_stream, sent.stream, sent.kind, time, 128, payload);
        assert_eq!(shared, out, "the shared form is what a fresh writer writes");
    }
}

#[test]
fn extended_timestamps_may_be_missing_on_format_3() {
    // The encoder splits at 128 and leaves the extended timestamp out; the next payload bytes differ from it, wholly, late
    // or only in the last byte, and the message ends less than four bytes later.
    for tail in [vec![7u8; 100], vec![1, 0x23, 0x45, 0x68], vec![1, 0x23], vec![9]] {
        let mut bytes = hex("06 ffffff");
        let length = u32::try_from(128 + tail.len()).unwrap();
        bytes.extend_from_slice(&length.to_be_bytes()[1..]);
        bytes.extend_from_slice(&hex("09 01000000 01234567"));
        bytes.extend_from_slice(&[5; 128]);
        bytes.push(0xC6);
        bytes.extend_from_slice(&tail);
        // Another message right behind, which must not be swallowed by the peek.
        bytes.extend_from_slice(&hex("04 000001 000001 08 01000000 61"));
        let body = [vec![5; 128], tail].concat();
        let expected = [message(6, 1, 9, 0x0123_4567, body), message(4, 1, 8, 1, *b"a")];
        for step in [1, 2, 3, 5, 18, 19, 1000] {
            assert_eq!(read_in_steps(&mut reader(), &bytes, step).unwrap(), expected, "{step} bytes at a time");
        }
    }
}

#[test]
fn extended_deltas_may_be_repeated_as_the_absolute_time() {
    // A format 1 chunk with an extended delta, whose format 3 chunk repeats the message's absolute time instead.
    let mut bytes = hex("06 000002 000001 09 01000000 61  46 ffffff 000082 09 01000000");
    bytes.extend_from_slice(&[5; 128]);
    bytes.extend_from_slice(&hex("c6 01000002 0505"));
    let expected = [message(6, 1, 9, 2, *b"a"), message(6, 1, 9, 0x0100_0002, [5u8; 130])];
    assert_eq!(read_all(&bytes).unwrap(), expected);
}

#[test]
fn messages_interleave_on_different_chunk_streams() {
    let mut bytes = hex("06 000001 000082 09 01000000");
    bytes.extend_from_slice(&[1; 128]);
    bytes.extend_from_slice(&hex("04 000002 000001 08 01000000 61"));
    bytes.extend_from_slice(&hex("c6 0101"));
    let expected = [message(4, 1, 8, 2, *b"a"), message(6, 1, 9, 1, [1u8; 130])];
    assert_eq!(read_all(&bytes).unwrap(), expected);
}

#[test]
fn a_new_chunk_size_holds_from_the_next_chunk_even_within_a_message() {
    let mut reader = reader();
    let mut bytes = hex("06 000001 000190 09 01000000");
    bytes.extend_from_slice(&[1; 128]);
    assert_eq!(read_in_steps(&mut reader, &bytes, usize::MAX).unwrap(), []);
    reader.set_chunk_size(1000).unwrap();
    let mut rest = vec![0xC6];
    rest.extend_from_slice(&[2; 272]);
    let body = [vec![1; 128], vec![2; 272]].concat();
    assert_eq!(read_in_steps(&mut reader, &rest, 7).unwrap(), [message(6, 1, 9, 1, body)]);
}

#[test]
fn illegal_chunk_sizes_are_errors_and_large_ones_cost_nothing() {
    let mut reader = reader();
    for size in [0, 0x8000_0000, u32::MAX] {
        assert_eq!(reader.set_chunk_size(size).unwrap_err().cause, Cause::ChunkSize(size));
    }
    for size in [1, 0xFF_FFFF, 0x100_0000, 0x7FFF_FFFF] {
        reader.set_chunk_size(size).unwrap();
        assert_eq!(reader.chunk_size(), size);
    }
    assert_eq!(reader.partial_bytes(), 0);
}

#[test]
fn abort_drops_what_came_and_its_budget() {
    let mut reader = reader();
    let mut bytes = hex("06 000001 000190 09 01000000");
    bytes.extend_from_slice(&[1; 128]);
    read_in_steps(&mut reader, &bytes, usize::MAX).unwrap();
    assert_eq!(reader.partial_bytes(), 128);
    reader.abort(ChunkStreamId(6));
    reader.abort(ChunkStreamId(77));
    assert_eq!(reader.partial_bytes(), 0);
    let next = read_in_steps(&mut reader, &hex("46 000005 000001 09 62"), 1).unwrap();
    assert_eq!(next, [message(6, 1, 9, 6, *b"b")]);
    assert!(reader.take_cut_short().is_none());
}

#[test]
fn headers_that_refer_to_nothing_are_errors() {
    for (bytes, format) in [("c3 61", 3), ("83 000001 61", 2)] {
        let error = read_all(&hex(bytes)).unwrap_err();
        assert_eq!(error.cause, Cause::NoHeader(format));
        assert_eq!(error.place.chunk_stream, Some(ChunkStreamId(3)));
    }
}

#[test]
fn format_1_may_begin_a_chunk_stream() {
    // librtmp does so for pings and window sizes on chunk stream 2.
    assert_eq!(read_all(&hex("42 000000 000004 05 000f4240")).unwrap(), [message(2, 0, 5, 0, hex("000f4240"))]);
}

#[test]
fn a_message_cut_short_by_the_next_is_reported() {
    let mut reader = reader();
    let mut bytes = hex("06 000001 000190 09 01000000");
    bytes.extend_from_slice(&[1; 128]);
    bytes.extend_from_slice(&hex("06 000002 000001 09 01000000 62"));
    assert_eq!(read_in_steps(&mut reader, &bytes, 5).unwrap(), [message(6, 1, 9, 2, *b"b")]);
    assert_eq!(reader.take_cut_short().unwrap().cause, Cause::CutShort { received: 128, length: 400 });
    assert_eq!(reader.partial_bytes(), 0);
}

#[test]
fn a_full_header_that_repeats_itself_continues_the_message() {
    for again in ["06 000001 000082 09 01000000", "46 000001 000082 09"] {
        let mut bytes = hex("06 000001 000082 09 01000000");
        bytes.extend_from_slice(&[1; 128]);
        bytes.extend_from_slice(&hex(again));
        bytes.extend_from_slice(&[1; 2]);
        let mut reader = reader();
        assert_eq!(read_in_steps(&mut reader, &bytes, 11).unwrap(), [message(6, 1, 9, 1, [1u8; 130])]);
        assert!(reader.take_cut_short().is_none());
    }
}

#[test]
fn the_65th_chunk_stream_is_an_error() {
    let mut reader = reader();
    for csid in 2..66u8 {
        let mut bytes = if csid < 64 { vec![csid] } else { vec![0, csid - 64] };
        bytes.extend_from_slice(&hex("000000 000001 08 01000000 61"));
        read_in_steps(&mut reader, &bytes, usize::MAX).unwrap();
    }
    let error = read_in_steps(&mut reader, &hex("00 10 000000 000001 08 01000000 61"), usize::MAX).unwrap_err();
    assert_eq!(error.cause, Cause::TooManyChunkStreams(64));
    assert!(error.cause.is_limit());
}

#[test]
fn bodies_grow_with_received_bytes_only() {
    let mut reader = reader();
    reader.set_chunk_size(1).unwrap();
    // 60 chunk streams each claim 16 MB and send one byte.
    for csid in 3..63u8 {
        let bytes = [vec![csid], hex("000000 ffffff 09 01000000 61")].concat();
        assert_eq!(read_in_steps(&mut reader, &bytes, usize::MAX).unwrap(), []);
    }
    assert_eq!(reader.partial_bytes(), 60);
    let held: usize = reader.lanes.iter().map(|lane| lane.body.capacity()).sum();
    assert!(held <= 60 * FIRST_ALLOCATION, "{held} bytes held for 60 received");
}

#[test]
fn partial_messages_share_one_budget() {
    let mut reader = Reader::new(64, 1000);
    let head = |csid: u8, length: &str| [vec![csid], hex("000000"), hex(length), hex("09 01000000")].concat();
    // A length that can never fit is refused at once.
    let error = read_in_steps(&mut reader, &head(3, "0003e9"), usize::MAX).unwrap_err();
    assert_eq!(error.cause, Cause::OverBudget { wanted: 1001, budget: 1000 });
    // Together they do not fit.
    let mut reader = Reader::new(64, 1000);
    for csid in 3..10 {
        read_in_steps(&mut reader, &[head(csid, "000200"), vec![0; 128]].concat(), usize::MAX).unwrap();
    }
    let error = read_in_steps(&mut reader, &[head(10, "000200"), vec![0; 128]].concat(), usize::MAX).unwrap_err();
    assert_eq!(error.cause, Cause::OverBudget { wanted: 1024, budget: 1000 });
}

#[test]
fn a_finished_body_wastes_no_memory() {
    let mut reader = reader();
    let body = vec![3u8; 100_000];
    let sent = message(6, 1, 9, 7, body);
    let bytes = encode_message(sent.chunk_stream, sent.stream, sent.kind, 7, 128, std::slice::from_ref(&sent.payload));
    let mut input = &bytes[..50_000];
    assert!(reader.read(&mut input).unwrap().is_none());
    let mut input = &bytes[50_000..bytes.len() - 1];
    assert!(reader.read(&mut input).unwrap().is_none());
    assert_eq!(reader.lanes[0].body.capacity(), 100_000);
}

#[test]
fn encode_message_is_empty_beyond_24_bits_of_length() {
    let huge = Bytes::from(vec![0; crate::message::MAX_LENGTH + 1]);
    let encode = |payload: &[Bytes]| {
        encode_message(ChunkStreamId(6), MessageStreamId(1), MessageType::VIDEO, 0, 60_000, payload)
    };
    assert!(encode(std::slice::from_ref(&huge)).is_empty());
    assert!(!encode(&[huge.slice(1..)]).is_empty());
    assert_eq!(encode(&[]).as_ref(), hex("06 000000 000000 09 01000000"));
    let error = Writer::new().write(&message(6, 1, 9, 0, huge.to_vec()), &mut Vec::new()).unwrap_err();
    assert_eq!(error.fault(), crate::error::Fault::Us);
}

fn any_message() -> impl Strategy<Value = Message> {
    let csid = prop_oneof![3u32..8, 60u32..70, 318u32..322, Just(65_599)];
    let time = prop_oneof![0u32..1000, 0xFF_FF00u32..0x100_00FF, any::<u32>()];
    let body = prop_oneof![0usize..5, 120usize..140, 0usize..2000];
    (csid, 0u32..3, 8u8..=9, time, body, any::<u8>())
        .prop_map(|(csid, msid, kind, time, length, fill)| message(csid, msid, kind, time, vec![fill; length]))
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_back_in_any_split(
        messages in proptest::collection::vec(any_message(), 1..20),
        size in prop_oneof![Just(1u32), 2u32..300, Just(60_000)],
        steps in proptest::collection::vec(1usize..200, 1..8),
    ) {
        let (mut writer, mut reader) = (Writer::new(), reader());
        writer.set_chunk_size(size);
        reader.set_chunk_size(size).unwrap();
        let mut bytes = Vec::new();
        for message in &messages {
            writer.write(message, &mut bytes).unwrap();
        }
        let mut read = Vec::new();
        let mut rest = bytes.as_slice();
        for step in steps.iter().cycle() {
            let (mut now, later) = rest.split_at(rest.len().min(*step));
            while let Some(message) = reader.read(&mut now).unwrap() {
                read.push(message);
            }
            rest = later;
            if rest.is_empty() { break; }
        }
        prop_assert_eq!(read, messages);
        prop_assert_eq!(reader.partial_bytes(), 0);
        prop_assert_eq!(reader.offset(), bytes.len() as u64);
    }

    #[test]
    fn shared_encoding_reads_back(
        message in any_message(),
        size in prop_oneof![Just(1u32), 2u32..300, Just(60_000)],
        cut in any::<prop::sample::Index>(),
    ) {
        let (a, b) = message.payload.split_at(cut.index(message.payload.len() + 1));
        let parts = [Bytes::copy_from_slice(a), Bytes::copy_from_slice(b)];
        let bytes =
            encode_message(message.chunk_stream, message.stream, message.kind, message.timestamp, size, &parts);
        let mut reader = reader();
        reader.set_chunk_size(size).unwrap();
        let read = read_in_steps(&mut reader, &bytes, usize::MAX).unwrap();
        prop_assert_eq!(read, [message]);
    }

    #[test]
    fn any_bytes_end_in_messages_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..3000), step in 1usize..50) {
        let mut whole = Reader::new(64, 256 << 10);
        let mut pieces = Reader::new(64, 256 << 10);
        let one = read_in_steps(&mut whole, &bytes, usize::MAX);
        let other = read_in_steps(&mut pieces, &bytes, step);
        prop_assert_eq!(one.map_err(|e| e.cause), other.map_err(|e| e.cause));
    }
}
