//! Servers that send us elsewhere.

use rtmp::dial::{End, RedirectError};
use rtmp_proto::{Event, MediaKind, MessageType, status};

use super::peer::Host;
use super::{
    AUDIO_HEADER, Dial, METADATA, VIDEO_HEADER, frame, number, publisher, send_start, target, unpublish, waiting_player,
};
use crate::server::Server;

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_followed_with_name_and_query() {
    let (host, other, near) = (Host::new().await, Host::new().await, Server::start().await);
    let dial = Dial::pull(target(&host.url("app/cam?k=1")), &near, "copy").await;
    let mut peer = host.accept().await;
    let request = peer.connect().await;
    peer.proto.redirect(request.id, &other.url("elsewhere"));
    peer.flush().await;
    let mut there = other.accept().await;
    let request = there.connect().await;
    assert_eq!((request.app.as_str(), request.tc_url), ("elsewhere", other.url("elsewhere")));
    there.proto.accept_connect(request.id);
    let Some(Event::Play(request)) = there.event().await else { panic!("no play") };
    assert_eq!(request.name, "cam?k=1");
    there.proto.accept_play(request.id, "");
    there.send(request.stream, MediaKind::Video, 0, &frame(0, 100)).await;
    near.live("live/copy").await;
    dial.live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_circle_of_redirects_ends() {
    let (host, other, near) = (Host::new().await, Host::new().await, Server::start().await);
    let dial = Dial::pull(target(&host.url("app/cam")), &near, "copy").await;
    for (at, to) in [(&host, &other), (&other, &host)] {
        let mut peer = at.accept().await;
        let request = peer.connect().await;
        peer.proto.redirect(request.id, &to.url("app"));
        peer.flush().await;
        while peer.event().await.is_some() {}
    }
    assert_eq!(dial.end().await, End::Redirect(RedirectError::Loop(host.url("app/cam"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_goes_on_where_the_server_asks_it_to() {
    let (host, far, near) = (Host::new().await, Server::start().await, Server::start().await);
    let (mut source, stream) = publisher(&near, "cam").await;
    send_start(&mut source, stream, METADATA, 0..1).await;
    let push = Dial::push(target(&host.url("live/copy")), &near, "cam").await;
    let mut peer = host.accept().await;
    let (id, ..) = peer.asked().await;
    peer.proto.accept_publish(id, "");
    while !matches!(peer.event().await, Some(Event::Message(message)) if message.payload.len() == 3000) {}
    assert!(peer.proto.request_reconnect(Some(&format!("//{}/live", far.address)), "go there"), "we understand it");
    peer.flush().await;
    while peer.event().await.is_some() {}
    let mut player = waiting_player(&far, "copy").await;
    far.live("live/copy").await;
    for n in 1..21 {
        source.media(stream, MessageType::VIDEO, n * 40, &frame(n, 3000)).await;
    }
    drop(source);
    let (mut before, mut numbers) = (Vec::new(), Vec::new());
    while numbers.last() != Some(&20) {
        let message = player.next().await.unwrap();
        match message.kind {
            MessageType::VIDEO if message.payload[1] == 1 => numbers.push(number(&message.payload)),
            MessageType::DATA | MessageType::VIDEO | MessageType::AUDIO => before.push(message.payload),
            _ => {}
        }
    }
    assert_eq!(numbers, (10..21).collect::<Vec<_>>(), "it begins at a key frame");
    for header in [METADATA, VIDEO_HEADER, AUDIO_HEADER] {
        assert!(before.iter().any(|body| body[..] == *header), "{before:?}");
    }
    assert_eq!(push.end().await, End::LocalEnded);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_goes_on_where_the_server_asks_it_to() {
    let (host, far, near) = (Host::new().await, Server::start().await, Server::start().await);
    let (mut source, published) = publisher(&far, "cam").await;
    send_start(&mut source, published, METADATA, 0..1).await;
    let pull = Dial::pull(target(&host.url("live/cam")), &near, "copy").await;
    let mut peer = host.accept().await;
    let (id, stream, _) = peer.asked().await;
    peer.proto.accept_play(id, "");
    peer.send(stream, MediaKind::Video, 0, &frame(0, 100)).await;
    near.live("live/copy").await;
    assert!(peer.proto.request_reconnect(Some(&far.url("live/cam")), "go there"), "we understand it");
    peer.flush().await;
    while peer.event().await.is_some() {}
    far.subscribers("live/cam", 1).await;
    near.live("live/copy").await;
    unpublish(&mut source, published).await;
    let end = pull.end().await;
    assert!(matches!(&end, End::RemoteEnded { code, .. } if code == status::PLAY_UNPUBLISH_NOTIFY), "{end:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dislikes_enhanced_rtmp_is_asked_without() {
    let (host, near) = (Host::new().await, Server::start().await);
    let dial = Dial::pull(target(&host.url("app/cam")), &near, "copy").await;
    let mut peer = host.accept().await;
    assert_eq!(peer.connect().await.caps_ex, 15);
    drop(peer);
    let mut peer = host.accept().await;
    let request = peer.connect().await;
    assert_eq!((request.caps_ex, request.fourccs.len()), (0, 0));
    drop(peer);
    let end = dial.end().await;
    assert!(matches!(end, End::RemoteEnded { .. } | End::Io(_)), "not a third time: {end:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_given_to_who_asks_for_it() {
    let (host, near) = (Host::new().await, Server::start().await);
    let url = host.url("app/cam").replace("rtmp://", "rtmp://user:pass@");
    let dial = Dial::pull(target(&url), &near, "copy").await;
    let reasons = [
        "[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : ",
        "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=user&salt=c2FsdA==&challenge=1&opaque=op",
        "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=authfailed&opaque=op",
    ];
    let mut queries = Vec::new();
    for reason in reasons {
        let mut peer = host.accept().await;
        let request = peer.connect().await;
        assert_eq!(request.app, "app");
        queries.push(request.query);
        peer.proto.reject(request.id, "NetConnection.Connect.Rejected", reason);
        peer.flush().await;
        while peer.event().await.is_some() {}
    }
    assert_eq!(queries[0], "");
    assert_eq!(queries[1], "authmod=adobe&user=user");
    assert!(queries[2].starts_with("authmod=adobe&user=user&challenge="), "{queries:?}");
    assert!(queries[2].ends_with("&opaque=op"), "{queries:?}");
    assert!(queries.iter().all(|query| !query.contains("pass")), "{queries:?}");
    let end = dial.end().await;
    assert!(matches!(end, End::Login(_)), "{end:?}");
}
