//! Peers that ask for too much, or bring what cannot be read: what it costs is theirs alone.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use rtmp::ConnectionSettings;
use rtmp_proto::MessageType;
use rtmp_proto::amf0::{self, Value};
use socket2::SockRef;
use tokio::io::AsyncWriteExt;

use crate::client::Client;
use crate::garbage::{Healthy, closed};
use crate::process::PATIENCE;
use crate::server::Server;

/// A command whose answer waits in no queue but the peer's own.
fn question() -> Vec<u8> {
    let body = amf0::encode_all(&[Value::from("getStreamLength"), Value::from(9.0), Value::Null, "cam".into()]);
    let mut bytes = vec![3, 0, 0, 0, 0, 0, body.len() as u8, 20, 0, 0, 0, 0];
    bytes.extend(body);
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_nobody_takes_end_their_connection() {
    let write_timeout = Duration::from_millis(400);
    let server = Server::start_for(ConnectionSettings { write_timeout, ..Default::default() }).await;
    let mut healthy = Healthy::start(server.address).await;
    let mut asker = Client::connect(server.address, "live").await;
    let questions = question().repeat(1000);
    let asking = async { while asker.stream.write_all(&questions).await.is_ok() {} };
    tokio::time::timeout(PATIENCE, asking).await.expect("it asks on and on");
    closed(&mut asker.stream).await;
    server.counted("the asker is gone", |c| c.open == 2).await;
    assert_eq!(server.counters().misbehaved, 1);
    healthy.goes_on().await;
}

/// The whole server on one thread: whoever keeps it, keeps it from everybody.
#[tokio::test]
async fn peers_that_send_without_end_take_no_worker() {
    let server = Server::start().await;
    let mut healthy = Healthy::start(server.address).await;
    let mut floods = Vec::new();
    let over = Arc::new(AtomicBool::new(false));
    for n in 0..4 {
        let (client, stream) = Client::publishing(server.address, &format!("flood{n}")).await;
        let mut socket = client.stream.into_std().unwrap();
        socket.set_nonblocking(false).unwrap();
        let over = over.clone();
        // Messages of one byte: as much work per byte as there can be.
        let messages: Vec<u8> = [4, 0, 0, 0, 0, 0, 1, 8, stream as u8, 0, 0, 0, 0x2f].repeat(4096);
        floods.push(std::thread::spawn(move || {
            let mut written = 0u64;
            while !over.load(Relaxed) && socket.write_all(&messages).is_ok() {
                written += messages.len() as u64;
            }
            written
        }));
    }
    for _ in 0..30 {
        healthy.goes_on().await;
    }
    over.store(true, Relaxed);
    for flood in floods {
        let written = tokio::task::spawn_blocking(|| flood.join().unwrap()).await.unwrap();
        assert!(written > 0, "every flood was read from");
    }
    assert_eq!(server.counters().panics, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_and_frames_that_cannot_be_read_end_nobody() {
    let server = Server::start().await;
    let mut healthy = Healthy::start(server.address).await;
    let (mut publisher, from) = Client::publishing(server.address, "odd").await;
    let (mut player, _) = Client::playing(server.address, "odd").await;
    let noise: Vec<u8> = (0..300u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    let heads: [&[u8]; 14] = [
        b"\x17\0\0\0\0",
        b"\x17\x01\0\0\0",
        b"\x1c\0\0\0\0",
        b"\x90hvc1",
        b"\x91hvc1",
        b"\x90av01",
        b"\x91av01",
        b"\x90vvc1",
        b"\x96\x11avc1",
        b"\x96\x20",
        b"\x97\xff\xff",
        b"\xd4hvc1",
        b"\x17",
        b"\xff",
    ];
    for (n, head) in heads.into_iter().enumerate() {
        for tail in [&noise[..], &[], &[0], &[0xff; 40], &[1, 0x64, 0, 0x1f, 0xff, 0xff, 0xff, 0xff]] {
            let body = [head, tail].concat();
            publisher.media(from, MessageType::VIDEO, n as u32, &body).await;
            assert!(player.next_media().await.payload[..] == body, "{body:?}");
        }
    }
    for head in [&b"\xaf\0"[..], b"\xaf\x01", b"\x90Opus", b"\x94mp4a", b"\x95\x20", b"\x97\0", b"\x2f", b"\xf0"] {
        for tail in [&noise[..], &[], &[0xff; 3]] {
            let body = [head, tail].concat();
            publisher.media(from, MessageType::AUDIO, 20, &body).await;
            assert!(player.next_media().await.payload[..] == body, "{body:?}");
        }
    }
    // Who comes now gets a start all the same.
    publisher.media(from, MessageType::VIDEO, 30, b"\x17\x01\0\0\0key").await;
    let (mut late, _) = Client::playing(server.address, "odd").await;
    while !late.next_media().await.payload.ends_with(b"key") {}
    healthy.goes_on().await;
    assert_eq!((server.counters().panics, server.counters().misbehaved), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_free_at_once_after_a_reset() {
    // Who comes back within the window goes on with the stream; without one, it is gone.
    let server = Server::start_with(Default::default(), |app| app.reconnect_window = Duration::ZERO).await;
    for _ in 0..5 {
        let (publisher, _) = Client::publishing(server.address, "again").await;
        // No goodbye and no FIN.
        SockRef::from(&publisher.stream).set_linger(Some(Duration::ZERO)).unwrap();
        drop(publisher);
        server.gone("live/again").await;
    }
}
