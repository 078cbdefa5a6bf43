//! Timeouts, permits, slow players, the drain.

use std::time::Duration;

use router::Flush;
use rtmp::{ConnectionSettings, ListenSettings};
use rtmp_proto::MessageType;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::Client;
use crate::process::{self, PATIENCE, end, play_ffmpeg, publish};
use crate::server::Server;

const SHORT: Duration = Duration::from_millis(400);

/// Reads until the server closes.
async fn closed(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("the server must close");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_handshake_and_an_idle_peer_are_closed() {
    let server =
        Server::start_for(ConnectionSettings { handshake_timeout: SHORT, idle_timeout: SHORT, ..Default::default() })
            .await;
    let mut nothing = TcpStream::connect(server.address).await.unwrap();
    let mut half = TcpStream::connect(server.address).await.unwrap();
    half.write_all(&[3; 700]).await.unwrap();
    let mut idle = Client::connect(server.address, "live").await;
    let (mut silent, _) = Client::publishing(server.address, "silent").await;
    closed(&mut nothing).await;
    closed(&mut half).await;
    closed(&mut idle.stream).await;
    closed(&mut silent.stream).await;
    server.gone("live/silent").await;
    server.counted("all are gone", |c| c.open == 0).await;
    assert_eq!(server.counters().misbehaved, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_that_is_silent_and_reads_is_kept_and_pinged() {
    let server = Server::start_for(ConnectionSettings { idle_timeout: SHORT, ..Default::default() }).await;
    let mut player = Client::connect(server.address, "live").await;
    let stream = player.create_stream().await;
    player.play(stream, "quiet").await;
    let mut pings = 0;
    // Three pings come at half the idle timeout each: the player outlives it without a byte of its own.
    while pings < 3 {
        let message = player.next().await.expect("the player is kept");
        pings += u32::from(message.kind == MessageType::USER_CONTROL && message.payload[..2] == [0, 6]);
    }
    assert_eq!(server.counters().misbehaved, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_that_never_reads_is_closed_and_a_healthy_one_gets_everything() {
    let server = Server::start_for(ConnectionSettings { write_timeout: SHORT, ..Default::default() }).await;
    let (mut publisher, from) = Client::publishing(server.address, "slow").await;
    let mut healthy = Client::connect(server.address, "live").await;
    let mut stuck = Client::connect(server.address, "live").await;
    for player in [&mut healthy, &mut stuck] {
        let stream = player.create_stream().await;
        player.play(stream, "slow").await;
        player.status("NetStream.Play.Start").await;
    }
    // Frames until the stuck player's socket is full and its time is over; the healthy one reads each.
    let mut n = 0u32;
    let mut body = vec![0x17, 1, 0, 0, 0];
    body.resize(200_000, 7);
    while server.counters().open == 3 {
        body[5..9].copy_from_slice(&n.to_be_bytes());
        publisher.media(from, MessageType::VIDEO, n, &body).await;
        let got = healthy.next_media().await;
        assert!(got.payload[..] == body, "frame {n} comes whole and in order");
        n += 1;
    }
    assert_eq!(server.counters().misbehaved, 1);
    closed(&mut stuck.stream).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_player_skips_to_a_key_frame_and_stays() {
    let server = Server::start_with(ListenSettings::default(), |app| {
        app.gop_cache.frames = 40;
    })
    .await;
    let (mut publisher, from) = Client::publishing(server.address, "skip").await;
    let (mut player, _) = Client::playing(server.address, "skip").await;
    // Far more than sockets and one batch hold, in GOPs of ten frames, while the player reads nothing.
    let mut body = vec![0; 100_000];
    for n in 0..1000u32 {
        body[0] = if n % 10 == 0 { 0x17 } else { 0x27 };
        body[1] = 1;
        body[5..9].copy_from_slice(&n.to_be_bytes());
        publisher.media(from, MessageType::VIDEO, n * 40, &body).await;
    }
    publisher.ping().await;
    let number = |body: &[u8]| u32::from_be_bytes(body[5..9].try_into().unwrap());
    let (mut last, mut jumps) = (None, 0);
    loop {
        let got = player.next_media().await;
        let n = number(&got.payload);
        assert_eq!(got.payload.len(), body.len());
        if last.is_some_and(|last| n != last + 1) {
            assert!(last < Some(n), "never back");
            assert_eq!(n % 10, 0, "a jump lands on a key frame");
            jumps += 1;
        }
        last = Some(n);
        if n == 999 {
            break;
        }
    }
    assert!(jumps > 0, "the player was slow");
    assert_eq!(server.counters().misbehaved, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_that_acknowledges_and_never_reads_is_kept_little_for() {
    let server = Server::start().await;
    let (mut publisher, from) = Client::publishing(server.address, "hoard").await;
    let (mut player, _) = Client::playing(server.address, "hoard").await;
    // Every acknowledgement wakes the player's connection, which must not take more frames from the stream because of it.
    let body = [&[0x17, 1, 0, 0, 0], &[7; 200_000][..]].concat();
    for n in 0..400u32 {
        publisher.media(from, MessageType::VIDEO, n, &body).await;
        publisher.ping().await;
        player.send(2, 0, MessageType::ACKNOWLEDGEMENT, 0, &n.to_be_bytes()).await;
    }
    // What the kernel holds was written; what waits beyond it was taken and not written.
    drop(player);
    server.counted("the player is gone", |c| c.open == 1).await;
    let counters = server.counters();
    let taken = counters.messages_out * body.len() as u64;
    assert!(taken < counters.bytes_out + (2 << 20), "{taken} bytes were taken, {} written", counters.bytes_out);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_the_permits_a_connection_is_refused_and_a_place_that_is_free_is_given() {
    let server = Server::start_with(ListenSettings { max_connections: 2, ..Default::default() }, |_| {}).await;
    let first = Client::connect(server.address, "live").await;
    let _second = Client::connect(server.address, "live").await;
    let mut third = TcpStream::connect(server.address).await.unwrap();
    closed(&mut third).await;
    assert_eq!(server.counters().refused, 1);
    drop(first);
    server.counted("a place is free", |c| c.open == 1).await;
    Client::connect(server.address, "live").await;
}

/// Runs by itself in a process that may have few descriptors: the limit is the process's.
#[test]
fn accepting_goes_on_when_descriptors_come_back() {
    const INNER: &str = "limits::with_few_descriptors";
    let me = std::env::current_exe().unwrap();
    let run = std::process::Command::new("sh")
        .args(["-c", "ulimit -n 60 && exec \"$0\" --exact \"$1\" --nocapture"])
        .args([me.as_os_str(), INNER.as_ref()])
        .env("FEW_DESCRIPTORS", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&run.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_few_descriptors() {
    if std::env::var_os("FEW_DESCRIPTORS").is_none() {
        // The test above runs this one as it is meant.
        return;
    }
    let server = Server::start().await;
    let mut clients = Vec::new();
    while server.counters().accept_errors == 0 {
        match TcpStream::connect(server.address).await {
            Ok(stream) => clients.push(stream),
            // Both ends take from the same descriptors: leave one to the server, to fail on.
            Err(_) => drop(clients.pop()),
        }
        tokio::task::yield_now().await;
    }
    drop(clients);
    let mut client = Client::connect(server.address, "live").await;
    client.ping().await;
    assert_eq!(server.counters().panics, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_the_server_ends_takes_its_connection_with_it_unless_told_otherwise() {
    for keep_alive in [false, true] {
        let connection = ConnectionSettings { keep_alive, ..Default::default() };
        let server = Server::start_with(ListenSettings { connection, ..Default::default() }, |app| {
            app.on_duplicate = router::OnDuplicate::Replace;
        })
        .await;
        let (mut first, stream) = Client::publishing(server.address, "contested").await;
        let (mut second, _) = Client::publishing(server.address, "contested").await;
        first.status("NetStream.Publish.BadName").await;
        if keep_alive {
            first.publish(stream, "elsewhere").await;
            first.status("NetStream.Publish.Start").await;
        } else {
            assert!(first.next().await.is_none(), "closed");
        }
        second.ping().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_settings_hold_for_new_connections_only() {
    let server = Server::start().await;
    let mut before = Client::connect(server.address, "live").await;
    assert_eq!(before.server_chunk_size(), 60_000);
    server.handle().reconfigure(ConnectionSettings { chunk_size: 4321, ..Default::default() });
    let after = Client::connect(server.address, "live").await;
    assert_eq!(after.server_chunk_size(), 4321);
    before.ping().await;
    assert_eq!(before.server_chunk_size(), 60_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_drain_gives_everyone_a_clean_end() {
    let mut server = Server::start().await;
    let (mut publisher, _) = Client::publishing(server.address, "drained").await;
    let (mut player, _) = Client::playing(server.address, "drained").await;
    let mut waiting = Client::connect(server.address, "live").await;
    let other = waiting.create_stream().await;
    waiting.play(other, "never").await;
    server.subscribers("live/never", 1).await;
    let file = process::fresh("drained.flv");
    let by_ffmpeg = play_ffmpeg(&server.url("live/ffmpeg"), &file);
    let push = publish(process::source(), &server.url("live/ffmpeg"), true);
    server.gop("live/ffmpeg").await;
    server.subscribers("live/ffmpeg", 1).await;

    let served = server.shut_down();
    assert_eq!(publisher.until_closed().await, ["NetStream.Unpublish.Success", "NetConnection.Connect.AppShutdown"]);
    let said = player.until_closed().await;
    assert_eq!(said[0], "NetStream.Play.UnpublishNotify");
    assert_eq!(waiting.until_closed().await[0], "NetStream.Play.StreamNotFound");
    drop((publisher, player, waiting));
    let (ok, said) = end(by_ffmpeg).await;
    assert!(ok, "ffmpeg ends as at the end of a file: {said}");
    end(push).await;
    let counters = tokio::time::timeout(PATIENCE, served).await.expect("serve returns").unwrap();
    assert_eq!((counters.open, counters.panics), (0, 0));
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens any more");
}

/// What waits for others to leave together with has no later time.
#[tokio::test(flavor = "multi_thread")]
async fn the_drain_takes_along_what_waits() {
    let merge = Flush::Merge(Duration::from_secs(2));
    let mut server = Server::start_with(ListenSettings::default(), |app| app.flush = merge).await;
    let mut player = Client::connect(server.address, "live").await;
    let stream = player.create_stream().await;
    player.play(stream, "merged").await;
    server.subscribers("live/merged", 1).await;
    let (mut publisher, from) = Client::publishing(server.address, "merged").await;
    player.status("NetStream.Play.Start").await;
    for n in 0..20 {
        publisher.media(from, MessageType::AUDIO, n, &[0x2f, n as u8]).await;
    }
    publisher.ping().await;
    let served = server.shut_down();
    for n in 0..20 {
        assert_eq!(player.next_media().await.payload[..], [0x2f, n]);
    }
    player.status("NetStream.Play.UnpublishNotify").await;
    drop((publisher, player));
    served.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_drain_cuts_who_does_not_leave() {
    let settings = ListenSettings { drain_timeout: SHORT, ..Default::default() };
    let mut server = Server::start_with(settings, |_| {}).await;
    // Never reads, never closes.
    let _deaf = Client::connect(server.address, "live").await;
    let served = server.shut_down();
    let counters = tokio::time::timeout(PATIENCE, served).await.expect("serve returns by its deadline").unwrap();
    assert_eq!(counters.open, 0);
}
