//! Peers that send what is no RTMP, or harmful RTMP: they are closed, and nobody else notices.

use std::net::SocketAddr;

use rtmp_proto::MessageType;
use rtmp_proto::amf0::{self, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::Client;
use crate::process::PATIENCE;
use crate::server::Server;

/// A stream with one publisher and one player, to see that it goes on.
pub struct Healthy {
    publisher: Client,
    stream: u32,
    player: Client,
    sent: u8,
}

impl Healthy {
    pub async fn start(address: SocketAddr) -> Healthy {
        let (publisher, stream) = Client::publishing(address, "healthy").await;
        let (player, _) = Client::playing(address, "healthy").await;
        Healthy { publisher, stream, player, sent: 0 }
    }

    pub async fn goes_on(&mut self) {
        self.sent += 1;
        let body = [0x2f, 1, self.sent];
        self.publisher.media(self.stream, MessageType::AUDIO, u32::from(self.sent) * 10, &body).await;
        assert_eq!(self.player.next_media().await.payload[..], body);
    }
}

/// Reads until the server closes.
pub async fn closed(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    // A reset is a close, too: the server does not read what it closes on to its end.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("the server must close");
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_is_closed_and_nobody_else_notices() {
    let server = Server::start().await;
    let mut healthy = Healthy::start(server.address).await;
    healthy.goes_on().await;
    let noise = |n: usize| (0..n).map(|i| (i as u32).wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect::<Vec<u8>>();

    // What does not begin as RTMP does.
    for hello in [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(), b"\x16\x03\x01\x02\x00\x01".to_vec(), noise(10_000)] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let _ = stream.write_all(&hello).await;
        closed(&mut stream).await;
        healthy.goes_on().await;
    }
    // Noise behind a good handshake, and behind connect.
    for behind_connect in [false, true] {
        let mut client = match behind_connect {
            false => Client::open(server.address).await,
            true => Client::connect(server.address, "live").await,
        };
        let mut bad = vec![0xC3];
        bad.extend(noise(200_000));
        // A chunk of format 3 on a chunk stream that never had a header.
        let _ = client.stream.write_all(&[0xC0 | 40]).await;
        let _ = client.stream.write_all(&bad).await;
        closed(&mut client.stream).await;
        healthy.goes_on().await;
    }
    // Messages that claim 16 MiB on many chunk streams, before connect: over the budget.
    let mut client = Client::open(server.address).await;
    for csid in 3..60u8 {
        let mut header = vec![csid, 0, 0, 0, 0xff, 0xff, 0xff, 20, 0, 0, 0, 0];
        header.extend([0; 128]);
        if client.stream.write_all(&header).await.is_err() {
            break;
        }
    }
    closed(&mut client.stream).await;
    healthy.goes_on().await;
    // Chunk size 0.
    let mut client = Client::connect(server.address, "live").await;
    client.send(2, 0, MessageType::SET_CHUNK_SIZE, 0, &[0, 0, 0, 0]).await;
    closed(&mut client.stream).await;
    healthy.goes_on().await;
    // Deeply nested AMF.
    let mut client = Client::connect(server.address, "live").await;
    let mut body = amf0::encode_all(&[Value::from("connect"), Value::from(1.0)]);
    body.extend([3, 0, 1, b'a'].repeat(5_000));
    client.send(3, 0, MessageType::COMMAND, 0, &body).await;
    closed(&mut client.stream).await;
    healthy.goes_on().await;

    server.counted("the garbage is gone", |c| c.open == 2).await;
    let counters = server.counters();
    assert_eq!(counters.panics, 0);
    assert_eq!(counters.misbehaved, 8, "each was noticed: {counters:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_huge_chunk_size_and_a_peer_that_leaves_in_mid_message_are_harmless() {
    let server = Server::start().await;
    let mut healthy = Healthy::start(server.address).await;
    let mut client = Client::connect(server.address, "live").await;
    client.send(2, 0, MessageType::SET_CHUNK_SIZE, 0, &0x7fff_ffffu32.to_be_bytes()).await;
    client.set_chunk_size(0x7fff_ffff);
    let stream = client.create_stream().await;
    client.publish(stream, "huge").await;
    client.status("NetStream.Publish.Start").await;
    let large: Vec<u8> = [0x17, 1, 0, 0, 0].into_iter().chain((0..3_000_000u32).map(|i| i as u8)).collect();
    client.media(stream, MessageType::VIDEO, 0, &large).await;
    let mut player = Client::connect(server.address, "live").await;
    let playing = player.create_stream().await;
    player.play(playing, "huge").await;
    let got = player.next_media().await;
    assert!(got.payload[..] == large, "one chunk of 3 MB arrives as it is");
    // Half a message, then nothing more.
    client.stream.write_all(&[6, 0, 0, 0, 0xff, 0xff, 0, 9, 1, 0, 0, 0, 1, 2, 3]).await.unwrap();
    drop(client);
    server.gone("live/huge").await;
    healthy.goes_on().await;
    assert_eq!(server.counters().panics, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_pings_by_a_peer_that_never_reads_stops_being_read() {
    let server = Server::start().await;
    let mut healthy = Healthy::start(server.address).await;
    let mut client = Client::connect(server.address, "live").await;
    let ping = [2, 0, 0, 0, 0, 0, 6, 4, 0, 0, 0, 0, 0, 6, 1, 2, 3, 4];
    // createStream in between: its replies do not merge, so the reply queue fills.
    let command = {
        let body = amf0::encode_all(&[Value::from("createStream"), Value::from(9.0), Value::Null]);
        let mut bytes = vec![3, 0, 0, 0, 0, 0, body.len() as u8, 20, 0, 0, 0, 0];
        bytes.extend(body);
        bytes
    };
    let flood: Vec<u8> = [&ping[..], &command[..]].concat().repeat(1000);
    // Our writes block once the server stops reading: that is the back-pressure. If it never did, it would have to keep
    // the answers to all of it.
    let mut written = 0u64;
    while let Ok(n) = tokio::time::timeout(std::time::Duration::from_millis(500), client.stream.write(&flood)).await {
        match n {
            Ok(n) => written += n as u64,
            Err(_) => break,
        }
        assert!(written < 1 << 30, "the server reads on and on");
    }
    healthy.goes_on().await;
    assert_eq!(server.counters().panics, 0);
}
