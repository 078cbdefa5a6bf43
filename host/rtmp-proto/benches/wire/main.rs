//! What RTMP itself costs, both ways: `cargo bench -p rtmp-proto`.

mod clip;
mod handshake;
mod publisher;

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use publisher::{PIECE, Server};
use rtmp_proto::amf0::{Value, encode_all};
use rtmp_proto::chunk::{Reader, encode_message};
use rtmp_proto::command::Command;
use rtmp_proto::message::Message;
use rtmp_proto::{ChunkStreamId, Limits, MessageStreamId, MessageType};

/// What ffmpeg and OBS send in, and what Weir and others send out.
const CHUNK_SIZES: [u32; 2] = [4096, 60_000];

fn read(c: &mut Criterion) {
    let messages = clip::messages();
    let mut group = c.benchmark_group("chunks read");
    group.throughput(Throughput::Bytes(clip::body_bytes(&messages)));
    for size in CHUNK_SIZES {
        let wire = clip::chunks(&messages, size);
        let mut reader = Reader::new(64, 16 << 20);
        assert!(reader.set_chunk_size(size).is_ok());
        group.bench_function(size.to_string(), |b| {
            b.iter(|| {
                let mut seen = 0;
                for piece in wire.chunks(PIECE) {
                    let mut rest = piece;
                    while let Ok(Some(message)) = reader.read(&mut rest) {
                        black_box(message);
                        seen += 1;
                    }
                }
                assert_eq!(seen, messages.len());
            });
        });
    }
    group.finish();
}

fn write(c: &mut Criterion) {
    let messages = clip::messages();
    let mut group = c.benchmark_group("messages encoded");
    group.throughput(Throughput::Bytes(clip::body_bytes(&messages)));
    for size in CHUNK_SIZES {
        group.bench_function(size.to_string(), |b| {
            b.iter(|| {
                for m in &messages {
                    let payload = std::slice::from_ref(&m.payload);
                    black_box(encode_message(m.chunk_stream, m.stream, m.kind, m.timestamp, size, payload));
                }
            });
        });
    }
    group.finish();
}

/// A connect as OBS sends it.
fn connect() -> Message {
    let fields: [(&str, Value); 9] = [
        ("app", "live".into()),
        ("type", "nonprivate".into()),
        ("flashVer", "FMLE/3.0 (compatible; FMSc/1.0)".into()),
        ("swfUrl", "rtmp://media.example.com/live".into()),
        ("tcUrl", "rtmp://media.example.com/live".into()),
        ("fourCcList", Value::StrictArray(vec!["av01".into(), "hvc1".into()])),
        ("capsEx", 1.0.into()),
        ("audioCodecs", 3575.0.into()),
        ("videoCodecs", 252.0.into()),
    ];
    let object = Value::Object(fields.map(|(name, value)| (name.into(), value)).to_vec());
    Message {
        chunk_stream: ChunkStreamId(3),
        stream: MessageStreamId(0),
        kind: MessageType::COMMAND,
        timestamp: 0,
        payload: Bytes::from(encode_all(&["connect".into(), 1.0.into(), object])),
    }
}

fn command(c: &mut Criterion) {
    let (message, limits) = (connect(), Limits::default());
    assert!(matches!(Command::decode(&message, &limits), Ok(Command::Connect { .. })));
    c.bench_function("connect command decoded", |b| b.iter(|| Command::decode(black_box(&message), &limits)));
}

fn server(c: &mut Criterion) {
    let messages = clip::messages();
    let mut group = c.benchmark_group("publisher fed");
    group.throughput(Throughput::Bytes(clip::body_bytes(&messages)));
    for size in CHUNK_SIZES {
        let wire = clip::chunks(&messages, size);
        let mut server = Server::publishing(size);
        group.bench_function(size.to_string(), |b| {
            b.iter(|| assert_eq!(server.take(&wire), messages.len()));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(40).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    targets = read, write, command, server, handshake::shaken, handshake::encrypted
}
criterion_main!(benches);
