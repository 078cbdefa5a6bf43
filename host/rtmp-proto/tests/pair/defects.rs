//! One test for each known defect of the client that this one grew from; the server's are in `tests/session`.

use crate::pair::{Pair, client_config};
use bytes::Bytes;
use rtmp_proto::amf0::{Value, encode_all};
use rtmp_proto::chunk::encode_message;
use rtmp_proto::client::{Event as ClientEvent, Url};
use rtmp_proto::{ChunkStreamId, ClientConnection, Event, MediaKind, MessageStreamId, MessageType};
use std::time::Duration;

/// What the server says in these values, alone.
fn says(pair: &mut Pair, stream: u32, values: &[Value]) {
    let body = [Bytes::from(encode_all(values))];
    let bytes = encode_message(ChunkStreamId(3), MessageStreamId(stream), MessageType::COMMAND, 0, 60_000, &body);
    assert_eq!(pair.client.feed(pair.now, &bytes).unwrap(), bytes.len());
}

fn object(fields: &[(&str, Value)]) -> Value {
    Value::Object(fields.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
}

#[test]
fn defect_02_a_reply_without_code_or_object_does_not_panic() {
    let bare = [Value::Null, Value::Undefined, 1.0.into(), "text".into(), object(&[]), object(&[("code", 5.0.into())])];
    for info in &bare {
        for name in ["_result", "_error", "onStatus", "onFCPublish", "close"] {
            let mut pair = Pair::connected();
            let id = pair.client.publish("cam").unwrap();
            let request = pair.publish_request();
            says(&mut pair, 1, &[name.into(), 0.0.into(), Value::Null, info.clone()]);
            says(&mut pair, 1, &[name.into(), 2.0.into()]);
            says(&mut pair, 1, &[name.into()]);
            if name != "close" {
                assert!(pair.server.accept_publish(request.id, ""));
                let admitted = |event| matches!(event, ClientEvent::Publishing { id: of, .. } if of == id);
                assert!(std::iter::from_fn(|| pair.maybe_client_event()).any(admitted), "{name} of {info:?}");
            }
        }
    }
    // The same before connect is answered: old servers send no code, and are taken at their word.
    for info in bare {
        let mut client = ClientConnection::new(client_config(), Duration::ZERO);
        client.feed(Duration::ZERO, &[&[3][..], &[0; 2 * 1536]].concat()).unwrap();
        let body = [Bytes::from(encode_all(&["_result".into(), 1.0.into(), Value::Null, info]))];
        let bytes = encode_message(ChunkStreamId(3), MessageStreamId(0), MessageType::COMMAND, 0, 128, &body);
        client.feed(Duration::ZERO, &bytes).unwrap();
        assert!(client.next_event().is_some());
    }
}

#[test]
fn defect_15_a_url_of_three_segments_is_an_application_of_two_and_a_name() {
    let url = Url::parse("rtmp://h/a/b/cam?k=1").unwrap();
    assert_eq!((url.app.as_str(), url.name.as_str(), url.tc_url().as_str()), ("a/b", "cam?k=1", "rtmp://h/a/b"));
    let mut config = client_config();
    (config.app, config.tc_url) = (url.app.clone(), url.tc_url());
    let mut pair = Pair::new(config, crate::pair::server_config());
    let request = pair.connect_request();
    assert_eq!((request.app.as_str(), request.tc_url.as_str()), ("a/b", "rtmp://h/a/b"));
    assert!(pair.server.accept_connect(request.id));
    pair.client.publish(&url.name).unwrap();
    assert_eq!(pair.publish_request().name, "cam?k=1");
}

#[test]
fn defect_16_a_url_with_an_ipv6_address() {
    for (text, host, port) in [
        ("rtmp://[2001:db8::1]/live/cam", "2001:db8::1", 1935),
        ("rtmp://[2001:db8::1]:1936/live/cam", "2001:db8::1", 1936),
        ("rtmps://[::1]/live/cam", "::1", 443),
    ] {
        let url = Url::parse(text).unwrap();
        assert_eq!((url.host.as_str(), url.port, url.to_string().as_str()), (host, port, text));
    }
}

#[test]
fn defect_17_a_publisher_is_told_that_it_may_begin() {
    let mut pair = Pair::connected();
    let id = pair.client.publish("cam").unwrap();
    let request = pair.publish_request();
    assert!(!pair.client.send_message(request.stream, MediaKind::Audio, 0, &[Bytes::from_static(b"a")]), "not yet");
    assert!(pair.server.accept_publish(request.id, ""));
    assert_eq!(pair.client_event(), ClientEvent::Publishing { id, stream: request.stream });
    assert!(pair.client.send_message(request.stream, MediaKind::Audio, 0, &[Bytes::from_static(b"a")]));
    assert!(matches!(pair.server_event(), Event::Message(_)));
}

#[test]
fn defect_18_an_error_and_a_failed_play_are_told_at_once() {
    // createStream that ends in `_error`.
    let mut pair = Pair::connected();
    let id = pair.client.play("cam").unwrap();
    let info = object(&[("level", "error".into()), ("code", "NetConnection.Call.Failed".into())]);
    for transaction in 2..10 {
        says(&mut pair, 0, &["_error".into(), f64::from(transaction).into(), Value::Null, info.clone()]);
    }
    let ClientEvent::Failed { id: of, info } = pair.client.next_event().expect("an event at once") else {
        panic!("not a failure")
    };
    assert_eq!((of, info.code.as_str()), (id, "NetConnection.Call.Failed"));
    // A play that the server refuses.
    let mut pair = Pair::connected();
    let id = pair.client.play("cam").unwrap();
    let request = pair.play_request();
    assert!(pair.server.reject(request.id, "", "no such stream"));
    let ClientEvent::Failed { id: of, info } = pair.client_event() else { panic!("not a failure") };
    assert_eq!((of, info.code.as_str()), (id, "NetStream.Play.StreamNotFound"));
    assert_eq!(pair.now, Duration::ZERO, "without waiting for a timeout");
}
