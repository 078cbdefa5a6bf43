//! Servers that refuse, and servers that are half dead: every dial ends, with the reason.

use std::time::Duration;

use rtmp::ListenSettings;
use rtmp::dial::{End, Fault, Retry, Stage};
use tokio::io::AsyncWriteExt;

use super::peer::Host;
use super::{Dial, METADATA, SHORT, publisher, send_start, target};
use crate::process::PATIENCE;
use crate::server::Server;

fn refused(end: &End) -> (&str, &str) {
    match end {
        End::Refused { code, description } => {
            assert_eq!((end.fault(), end.retry()), (Fault::Server, Retry::Later));
            (code, description)
        }
        other => panic!("not refused but {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_hears_why_at_once() {
    let far = Server::start_with(ListenSettings::default(), |app| app.play_wait = Duration::ZERO).await;
    let near = Server::start().await;
    let end = Dial::pull(target(&far.url("other/cam")), &near, "copy").await.end().await;
    let (code, description) = refused(&end);
    assert_eq!(code, "NetConnection.Connect.InvalidApp");
    assert!(description.contains("there is no application `other`"), "{description}");
    let end = Dial::pull(target(&far.url("live/cam")), &near, "copy").await.end().await;
    assert_eq!(refused(&end), ("NetStream.Play.StreamNotFound", "`live/cam` has no publisher"));
    assert!(end.to_string().contains("`live/cam` has no publisher"), "{end}");
    assert!(near.router.streams().is_empty());

    let (_taken, _) = publisher(&far, "taken").await;
    let (mut source, stream) = publisher(&near, "cam").await;
    send_start(&mut source, stream, METADATA, 0..1).await;
    let end = Dial::push(target(&far.url("live/taken")), &near, "cam").await.end().await;
    assert_eq!(refused(&end), ("NetStream.Publish.BadName", "`live/taken` has a publisher already"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_nothing_is_left_in_time() {
    let (host, near) = (Host::new().await, Server::start().await);
    let short = |url: &str| {
        let mut to = target(url);
        to.settings.handshake_timeout = SHORT;
        to.settings.answer_timeout = SHORT;
        to
    };
    let dial = Dial::pull(short(&host.url("app/cam")), &near, "copy").await;
    let silent = host.accept_raw().await;
    let end = dial.end().await;
    assert_eq!(end, End::Timeout(Stage::Handshake, SHORT));
    assert_eq!((end.fault(), end.retry()), (Fault::Network, Retry::Soon));
    drop(silent);

    let dial = Dial::pull(short(&host.url("app/cam")), &near, "copy").await;
    let mut peer = host.accept().await;
    peer.connect().await;
    assert_eq!(dial.end().await, End::Timeout(Stage::ConnectAnswer, SHORT));

    let dial = Dial::pull(short(&host.url("app/cam")), &near, "copy").await;
    let mut peer = host.accept().await;
    peer.asked().await;
    assert_eq!(dial.end().await, End::Timeout(Stage::Answer, SHORT));

    let mut tls = short(&host.url("app/cam").replace("rtmp://", "rtmps://"));
    tls.tls = rtmp::dial::tls::Client::new(rtmp::dial::tls::Trust::Anyone, None).unwrap();
    let dial = Dial::pull(tls, &near, "copy").await;
    let silent = host.accept_raw().await;
    assert_eq!(dial.end().await, End::Timeout(Stage::Tls, SHORT));
    drop(silent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_or_speaks_something_else() {
    let (host, near) = (Host::new().await, Server::start().await);
    let url = host.url("app/cam");
    let dial = Dial::pull(target(&url), &near, "copy").await;
    let mut other = host.accept_raw().await;
    other.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    let end = dial.end().await;
    assert!(matches!(end, End::Protocol(_)), "{end:?}");
    assert!(end.to_string().contains("not RTMP"), "{end}");
    drop((other, host));
    let end = Dial::pull(target(&url), &near, "copy").await.end().await;
    assert!(matches!(&end, End::Unreachable { why, .. } if why.contains("refused")), "{end:?}");
    let end = Dial::pull(target("rtmp://no-such-host.invalid/app/cam"), &near, "copy").await.end().await;
    assert!(matches!(&end, End::Unresolved { host, .. } if host == "no-such-host.invalid"), "{end:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_in_the_middle_is_noticed() {
    let (near, host) = (Server::start().await, Host::new().await);
    let dial = Dial::push(target(&host.url("app/copy")), &near, "cam").await;
    near.subscribers("live/cam", 1).await;
    let (mut source, stream) = publisher(&near, "cam").await;
    let mut peer = host.accept_after(send_start(&mut source, stream, METADATA, 0..1)).await;
    let (id, ..) = peer.asked().await;
    peer.proto.accept_publish(id, "");
    peer.flush().await;
    dial.live().await;
    drop(peer);
    let end = tokio::time::timeout(PATIENCE, dial.end()).await.unwrap();
    assert!(matches!(end, End::RemoteEnded { .. } | End::Io(_)), "{end:?}");
    assert_eq!(end.retry(), Retry::Soon);
}
