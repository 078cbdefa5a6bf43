//! Playing from another server.

use rtmp::dial::{End, Retry, Stage};
use rtmp_proto::{MediaKind, MessageType, status};

use super::peer::Host;
use super::{Dial, METADATA, SHORT, frame, number, publisher, send_start, target, unpublish, waiting_player};
use crate::server::Server;

#[tokio::test(flavor = "multi_thread")]
async fn every_frame_comes_and_the_end_is_the_publishers() {
    let (far, near) = (Server::start().await, Server::start().await);
    let (mut source, stream) = publisher(&far, "cam").await;
    let mut player = waiting_player(&near, "copy").await;
    send_start(&mut source, stream, METADATA, 0..5).await;
    source.ping().await;
    let dial = Dial::pull(target(&far.url("live/cam?token=1")), &near, "copy").await;
    near.live("live/copy").await;
    dial.live().await;
    for n in 5..30 {
        source.media(stream, MessageType::VIDEO, n * 40, &frame(n, 3000)).await;
    }
    let (mut metadata, mut numbers) = (false, Vec::new());
    while numbers.last() != Some(&29) {
        let message = player.next().await.unwrap();
        match message.kind {
            MessageType::DATA if message.payload[..] == *METADATA => metadata = true,
            MessageType::VIDEO if message.payload[1] == 1 => {
                assert_eq!(message.payload[..], frame(number(&message.payload), 3000));
                numbers.push(number(&message.payload));
            }
            _ => {}
        }
    }
    assert!(metadata, "onMetaData came, without @setDataFrame");
    assert_eq!(numbers, (0..30).collect::<Vec<_>>());
    let snapshot = dial.progress.snapshot();
    assert!(snapshot.messages >= 32 && snapshot.bytes > 90_000, "{snapshot:?}");
    assert_eq!(snapshot.address, Some(far.address.to_string()));
    unpublish(&mut source, stream).await;
    let end = dial.end().await;
    assert!(matches!(&end, End::RemoteEnded { code, .. } if code == status::PLAY_UNPUBLISH_NOTIFY), "{end:?}");
    assert_eq!(end.retry(), Retry::Soon);
    near.gone("live/copy").await;
    player.status(status::PLAY_UNPUBLISH_NOTIFY).await;
    let counters = far.counters();
    assert_eq!((counters.misbehaved, counters.panics), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_plays_nothing_does_not_take_the_name() {
    let (host, near) = (Host::new().await, Server::start().await);
    let mut to = target(&host.url("app/cam"));
    to.settings.idle_timeout = SHORT;
    let dial = Dial::pull(to, &near, "copy").await;
    let mut peer = host.accept().await;
    let (id, stream, name) = peer.asked().await;
    assert_eq!(name, "cam");
    peer.proto.accept_play(id, "");
    peer.send(stream, MediaKind::Data, 0, METADATA).await;
    let drained = tokio::spawn(async move { while peer.event().await.is_some() {} });
    let end = dial.end().await;
    assert_eq!(end, End::Timeout(Stage::Media, SHORT));
    assert!(near.router.streams().is_empty(), "no word of it: {:?}", near.router.streams());
    drained.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_taken_here_ends_it() {
    let (host, near) = (Host::new().await, Server::start().await);
    let (_source, _) = publisher(&near, "copy").await;
    let dial = Dial::pull(target(&host.url("app/cam")), &near, "copy").await;
    let mut peer = host.accept().await;
    let (id, stream, _) = peer.asked().await;
    peer.proto.accept_play(id, "");
    peer.send(stream, MediaKind::Video, 0, &frame(0, 100)).await;
    let drained = tokio::spawn(async move { while peer.event().await.is_some() {} });
    let end = dial.end().await;
    assert!(matches!(&end, End::NotAdmitted(refusal) if refusal.code == status::PUBLISH_BAD_NAME), "{end:?}");
    drained.await.unwrap();
}
