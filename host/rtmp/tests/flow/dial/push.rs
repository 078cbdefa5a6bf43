//! Publishing to another server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rtmp::dial::{End, Retry};
use rtmp_proto::event::Event;
use rtmp_proto::{MediaKind, MessageType, status};

use super::peer::Host;
use super::{Dial, METADATA, frame, number, publisher, send_start, target, waiting_player};
use crate::server::Server;

#[tokio::test(flavor = "multi_thread")]
async fn every_frame_goes_and_the_end_is_ours() {
    let (near, far) = (Server::start().await, Server::start().await);
    let mut player = waiting_player(&far, "copy").await;
    let dial = Dial::push(target(&far.url("live/copy")), &near, "cam").await;
    near.subscribers("live/cam", 1).await;
    let (mut source, stream) = publisher(&near, "cam").await;
    send_start(&mut source, stream, METADATA, 0..30).await;
    drop(source);
    let mut numbers = Vec::new();
    let mut data = Vec::new();
    while numbers.last() != Some(&29) {
        let message = player.next().await.unwrap();
        match message.kind {
            MessageType::DATA => data.push(message.payload),
            MessageType::VIDEO if message.payload[1] == 1 => numbers.push(number(&message.payload)),
            _ => {}
        }
    }
    assert_eq!(numbers, (0..30).collect::<Vec<_>>());
    assert!(data.iter().any(|body| body[..] == *METADATA), "{data:?}");
    let progress = Arc::clone(&dial.progress);
    assert_eq!(dial.end().await, End::LocalEnded);
    assert_eq!(End::LocalEnded.retry(), Retry::No);
    let snapshot = progress.snapshot();
    assert_eq!((snapshot.messages, snapshot.skipped), (33, 0), "{snapshot:?}");
    far.gone("live/copy").await;
    player.status(status::PLAY_UNPUBLISH_NOTIFY).await;
    assert_eq!(far.counters().misbehaved, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_is_what_publishers_say() {
    let (near, host) = (Server::start().await, Host::new().await);
    let mut to = target(&host.url("app/inst/copy?key=1&x=%20"));
    to.settings.flash_ver = Some("Encoder/1".into());
    to.settings.chunk_size = 1000;
    let dial = Dial::push(to, &near, "cam").await;
    near.subscribers("live/cam", 1).await;
    let (mut source, stream) = publisher(&near, "cam").await;
    send_start(&mut source, stream, METADATA, 0..3).await;
    let mut peer = host.accept().await;
    let request = peer.connect().await;
    assert_eq!((request.app.as_str(), request.tc_url.as_str()), ("app/inst", host.url("app/inst").as_str()));
    assert_eq!((request.flash_ver.as_str(), request.caps_ex), ("Encoder/1", 15));
    assert_eq!(request.fourccs, [*b"*   "]);
    peer.proto.accept_connect(request.id);
    let Some(Event::Publish(request)) = peer.event().await else { panic!("no publish") };
    assert_eq!((request.name.as_str(), request.mode.as_str()), ("copy?key=1&x=%20", "live"));
    peer.proto.accept_publish(request.id, "");
    let mut kinds = Vec::new();
    while kinds.len() < 6 {
        if let Some(Event::Message(message)) = peer.event().await {
            kinds.push((message.kind, message.payload.len()));
        }
    }
    let video = (MediaKind::Video, 3000);
    let headers = [(MediaKind::Video, 11), (MediaKind::Audio, 4)];
    assert_eq!(kinds, [&[(MediaKind::Data, METADATA.len())], &headers[..], &[video; 3]].concat());
    drop(source);
    loop {
        match peer.event().await {
            Some(Event::PublishEnded { .. }) => break,
            Some(_) => {}
            None => panic!("closed without deleteStream"),
        }
    }
    drop(peer);
    assert_eq!(dial.end().await, End::LocalEnded);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_server_skips_to_a_key_frame() {
    let (near, host) = (Server::start().await, Host::new().await);
    let mut to = target(&host.url("app/copy"));
    to.settings.backlog_time = Duration::from_millis(200);
    let dial = Dial::push(to, &near, "cam").await;
    near.subscribers("live/cam", 1).await;
    let (mut source, stream) = publisher(&near, "cam").await;
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let publishing = tokio::spawn(async move {
        send_start(&mut source, stream, METADATA, 0..0).await;
        let mut n = 0;
        while !stopped.load(Ordering::Relaxed) {
            source.media(stream, MessageType::VIDEO, n * 40, &frame(n, 100_000)).await;
            n += 1;
        }
        source
    });
    let mut peer = host.accept().await;
    let (id, ..) = peer.asked().await;
    peer.proto.accept_publish(id, "");
    peer.flush().await;
    // Nothing is read until more was sent than sockets hold.
    dial.until("frames are skipped", |p| p.snapshot().skipped > 0).await;
    let (mut last, mut jumps) = (None, 0);
    while jumps == 0 {
        let Some(Event::Message(message)) = peer.event().await else { continue };
        if message.kind != MediaKind::Video || message.payload[1] != 1 {
            continue;
        }
        let n = number(&message.payload);
        assert_eq!(message.payload.len(), 100_000);
        if last.is_some_and(|last| n != last + 1) {
            assert!(last < Some(n), "never back");
            assert_eq!(n % 10, 0, "a jump lands on a key frame");
            jumps += 1;
        }
        last = Some(n);
    }
    stop.store(true, Ordering::Relaxed);
    drop(publishing.await.unwrap());
    let drained = tokio::spawn(async move { while peer.event().await.is_some() {} });
    assert_eq!(dial.end().await, End::LocalEnded);
    drained.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_nothing_is_left() {
    let (near, host) = (Server::start().await, Host::new().await);
    let mut to = target(&host.url("app/copy"));
    to.settings.write_timeout = super::SHORT;
    let dial = Dial::push(to, &near, "cam").await;
    near.subscribers("live/cam", 1).await;
    let (mut source, stream) = publisher(&near, "cam").await;
    let mut peer = host.accept_after(send_start(&mut source, stream, METADATA, 0..1)).await;
    let (id, ..) = peer.asked().await;
    peer.proto.accept_publish(id, "");
    peer.flush().await;
    let publishing = tokio::spawn(async move {
        for n in 1.. {
            source.media(stream, MessageType::VIDEO, n * 40, &frame(n, 100_000)).await;
        }
    });
    let end = dial.end().await;
    publishing.abort();
    assert_eq!(end, End::Timeout(rtmp::dial::Stage::Write, super::SHORT));
}
