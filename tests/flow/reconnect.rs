//! Reconnect requests: who understands them is asked, everyone else is told.

use crate::terms::router_with;
use weir_tests::flow::{ended, player, publisher, receive, send};
use weir_tests::numbered;
use weir_tests::router::Router;
use weir_tests::rtmp::amf::Value;
use weir_tests::rtmp::{Client, Message};

const ELSEWHERE: &str = "rtmp://203.0.113.5/live/x";

/// A peer that says that it can reconnect.
fn able(router: &Router) -> Client {
    let more = [("capsEx", Value::Number(1.0))];
    Client::connect_as(router.address, "live", &more).expect("connected").0
}

/// The information object of a reconnect request, which must have the shape that is specified.
fn request(message: &Message) -> Option<Value> {
    let values = message.command()?;
    let code = values.last()?.field("code")?.as_text()?;
    if code != "NetConnection.Connect.ReconnectRequest" {
        return None;
    }
    assert_eq!(message.stream_id, 0, "{values:?}");
    assert_eq!(values[..3], [Value::text("onStatus"), Value::Number(0.0), Value::Null]);
    let info = values[3].clone();
    assert_eq!(info.field("level"), Some(&Value::text("status")), "{info:?}");
    assert!(info.field("description").and_then(Value::as_text).is_some_and(|d| !d.is_empty()), "{info:?}");
    Some(info)
}

#[test]
fn on_drain_who_can_is_asked_and_served_until_it_leaves() {
    let router = Router::start("[drain]\ndeadline = \"1h\"\n[apps.live]");
    let mut source = able(&router);
    source.publish("cam").expect("an answer").expect("published");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    let mut viewer = able(&router);
    viewer.play("cam").expect("a connection");
    receive(&mut viewer, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
    let mut plain = player(&router, "live", "cam");
    router.process.signal("TERM");
    for peer in [&mut source, &mut viewer] {
        let said = receive(peer, "the request", |m| request(m).is_some());
        let info = said.last().and_then(request).expect("a request");
        assert_eq!(info.field("tcUrl"), None, "the same place again: {info:?}");
    }
    let said = receive(&mut plain, "its end", ended);
    assert!(!said.iter().any(|m| request(m).is_some()), "it would not understand: {said:?}");
    // Until the client leaves, it is served.
    send(&mut source, &[numbered::video(1, 100)]);
    receive(&mut viewer, "frame 1", |m| numbered::number(&m.tag()) == Some(1));
}

#[test]
fn a_redirected_play_and_publish_are_asked_to_go_there() {
    for (answers, publishes) in [
        (format!("publish = {{ redirect = {{ url = \"{ELSEWHERE}\" }} }}"), true),
        (format!("play = {{ redirect = {{ url = \"{ELSEWHERE}\" }} }}"), false),
    ] {
        let router = router_with(&answers);
        for can in [true, false] {
            let mut peer =
                if can { able(&router) } else { Client::connect(router.address, "live").expect("connected") };
            peer.create_stream().expect("a stream");
            let (command, id) = (if publishes { "publish" } else { "play" }, peer.stream_id);
            peer.command(id, command, 0.0, &[Value::Null, Value::text("cam"), Value::text("live")])
                .expect("a connection");
            if can {
                let said = receive(&mut peer, "the request", |m| request(m).is_some());
                let info = said.last().and_then(request).expect("a request");
                assert_eq!(info.field("tcUrl"), Some(&Value::text(ELSEWHERE)));
                assert!(!said.iter().any(|m| m.status().is_some_and(|s| s.level == "error")), "{said:?}");
            } else {
                let said = receive(&mut peer, "the refusal", |m| m.status().is_some_and(|s| s.level == "error"));
                let status = said.last().and_then(|m| m.status()).expect("a status");
                assert!(status.description.contains(ELSEWHERE), "{status:?}");
                assert!(!said.iter().any(|m| request(m).is_some()), "{said:?}");
            }
            assert!(peer.closed_by_peer());
        }
    }
}

#[test]
fn a_redirected_connect_is_refused_with_the_other_place() {
    let router = router_with(&format!("connect = {{ redirect = {{ url = \"{ELSEWHERE}\" }} }}"));
    for caps in [0.0, 1.0] {
        let mut peer = Client::dial(router.address).expect("a handshake");
        let said = Value::object(&[("app", Value::text("live")), ("capsEx", Value::Number(caps))]);
        peer.command(0, "connect", 1.0, &[said]).expect("a connection");
        let seen = receive(&mut peer, "the refusal", |m| m.status().is_some_and(|s| s.level == "error"));
        let values = seen.last().and_then(|m| m.command()).expect("a command");
        let ex = values.last().and_then(|info| info.field("ex")).expect("ex").clone();
        assert_eq!(ex.field("code"), Some(&Value::Number(302.0)), "{ex:?}");
        assert_eq!(ex.field("redirect"), Some(&Value::text(ELSEWHERE)), "{ex:?}");
    }
}

#[test]
fn a_second_thought_sends_elsewhere() {
    let router = router_with(&format!(
        "publish = {{ allow = {{ recheck_ms = 100 }} }}, recheck = {{ redirect = {{ url = \"{ELSEWHERE}\" }} }}"
    ));
    let mut source = able(&router);
    source.publish("cam").expect("an answer").expect("published");
    let said = receive(&mut source, "the end", |m| m.status().is_some_and(|s| s.level == "error"));
    let asked = said.iter().find_map(request).expect("it is asked before it is ended");
    assert_eq!(asked.field("tcUrl"), Some(&Value::text(ELSEWHERE)));
    let mut plain = publisher(&router, "live", "other");
    let said = receive(&mut plain, "the end", |m| m.status().is_some_and(|s| s.level == "error"));
    assert!(!said.iter().any(|m| request(m).is_some()), "{said:?}");
    let status = said.last().and_then(|m| m.status()).expect("a status");
    assert!(status.description.contains(ELSEWHERE), "{status:?}");
}
