//! What a client costs before its first chunk, and what RTMPE costs behind it.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput};
use rtmp_proto::handshake::{Client, Layout, Server};
use rtmp_proto::{Cipher, HandshakeRandom};

const RANDOM: HandshakeRandom = HandshakeRandom([1; 32]);

/// C0 and C1 of a client.
fn hello(layout: Option<Layout>, rtmpe: bool) -> (Client, Vec<u8>) {
    let (random, mut hello) = (HandshakeRandom([2; 32]), Vec::new());
    let client = match layout {
        Some(layout) if rtmpe => Client::encrypted(random, layout, Duration::ZERO, &mut hello),
        layout => Client::new(random, layout, Duration::ZERO, &mut hello),
    };
    (client, hello)
}

/// The server's part.
pub(crate) fn shaken(c: &mut Criterion) {
    let mut group = c.benchmark_group("handshake");
    for (name, layout, rtmpe) in
        [("plain", None, false), ("digest", Some(Layout::KeyFirst), false), ("rtmpe", Some(Layout::KeyFirst), true)]
    {
        let (_, hello) = hello(layout, rtmpe);
        group.bench_function(name, |b| {
            b.iter(|| {
                let mut output = Vec::new();
                let made = Server::new(RANDOM, false, true).read(Duration::ZERO, &mut hello.as_slice(), &mut output);
                assert!(made.is_ok_and(|variant| variant.is_some()));
                black_box(output)
            });
        });
    }
    group.finish();
}

/// The server's bytes to a player.
pub(crate) fn encrypted(c: &mut Criterion) {
    let mut bytes = vec![7; 64 << 10];
    let mut group = c.benchmark_group("bytes encrypted");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    let Some(mut cipher) = cipher() else { return };
    group.bench_function("rtmpe", |b| b.iter(|| cipher.encrypt(black_box(&mut bytes))));
    group.finish();
}

fn cipher() -> Option<Box<Cipher>> {
    let (_, mut wire) = hello(Some(Layout::KeyFirst), true);
    wire.extend_from_slice(&[0; 1536]);
    let mut server = Server::new(RANDOM, false, true);
    server.read(Duration::ZERO, &mut wire.as_slice(), &mut Vec::new()).ok()?;
    server.take_cipher()
}
