//! What a relay or a load tool does, end to end.

use crate::pair::{Pair, client_config, server_config};
use bytes::Bytes;
use rtmp_proto::client::Event as ClientEvent;
use rtmp_proto::handshake::{Layout, Variant};
use rtmp_proto::{Event, MediaKind, MessageStreamId, status};
use std::time::Duration;

fn body(n: usize) -> Bytes {
    (0..n).map(|i| (i % 251) as u8).collect::<Vec<u8>>().into()
}

#[test]
fn connect_says_who_and_where() {
    for digest in [None, Some(Layout::DigestFirst), Some(Layout::KeyFirst)] {
        let mut config = client_config();
        config.digest = digest;
        let mut server = server_config();
        server.check_c2 = true;
        let mut pair = Pair::new(config, server);
        let request = pair.connect_request();
        assert_eq!((request.app.as_str(), request.tc_url.as_str()), ("live", "rtmp://localhost/live"));
        assert_eq!((request.caps_ex, request.fourccs.as_slice()), (15, &[*b"*   "][..]));
        let variant = digest.map_or(Variant::Plain, Variant::Digest);
        assert_eq!((pair.client.handshake_variant(), pair.server.handshake_variant()), (Some(variant), Some(variant)));
        assert!(pair.server.accept_connect(request.id));
        let info = pair.server_info();
        assert_eq!(info.caps_ex, 15);
        assert!(info.version.starts_with("FMS/"));
        assert!(pair.client.is_connected());
    }
}

#[test]
fn a_stream_is_published_to_its_last_byte_and_again_on_the_same_connection() {
    let mut pair = Pair::connected();
    for round in 0..3 {
        let id = pair.client.publish("cam?k=1").unwrap();
        let request = pair.publish_request();
        assert_eq!((request.name.as_str(), request.mode.as_str()), ("cam?k=1", "live"));
        assert!(pair.server.accept_publish(request.id, ""));
        let ClientEvent::Publishing { id: answered, stream } = pair.client_event() else { panic!("not admitted") };
        assert_eq!((answered, stream), (id, request.stream));
        for (at, (kind, n)) in
            [(MediaKind::Data, 20), (MediaKind::Video, 70_000), (MediaKind::Audio, 1), (MediaKind::Video, 4096)]
                .into_iter()
                .enumerate()
        {
            // Data is the name and values of AMF0.
            let payload = if kind == MediaKind::Data { Bytes::from_static(b"\x02\0\x01a\x05") } else { body(n) };
            assert!(pair.client.send_message(stream, kind, at as u32 * 40, std::slice::from_ref(&payload)));
            let Event::Message(message) = pair.server_event() else { panic!("no message") };
            assert_eq!((message.kind, message.timestamp, message.payload), (kind, at as u32 * 40, payload), "{round}");
        }
        assert!(pair.client.stop(id));
        assert!(!pair.client.send_message(stream, MediaKind::Audio, 0, &[body(1)]));
        assert_eq!(pair.server_event(), Event::PublishEnded { stream });
    }
}

#[test]
fn a_stream_is_played() {
    for split in [usize::MAX, 701, 7] {
        let mut pair = Pair::connected();
        pair.split = split;
        let id = pair.client.play("cam").unwrap();
        let request = pair.play_request();
        assert_eq!((request.name.as_str(), request.start_ms, request.duration_ms), ("cam", -2000, -1000));
        let stream = request.stream;
        assert!(pair.server.accept_play(request.id, ""));
        let sent = [(MediaKind::Video, body(70_000)), (MediaKind::Audio, body(300)), (MediaKind::Video, body(2))];
        for (at, (kind, payload)) in sent.iter().enumerate() {
            pair.server.send_message(stream, *kind, 0xFF_FFF0 + at as u32 * 10, std::slice::from_ref(payload));
        }
        let mut got = Vec::new();
        let mut said = Vec::new();
        while let Some(event) = pair.maybe_client_event() {
            match event {
                ClientEvent::Message(message) if message.kind != MediaKind::Data => got.push(message),
                ClientEvent::Message(_) => {}
                other => said.push(other),
            }
        }
        assert!(said.contains(&ClientEvent::StreamBegin(stream)));
        assert!(said.contains(&ClientEvent::Playing { id, stream }));
        let got: Vec<_> = got.into_iter().map(|m| (m.kind, m.timestamp, m.payload)).collect();
        let expected: Vec<_> = sent
            .into_iter()
            .enumerate()
            .map(|(at, (kind, payload))| (kind, 0xFF_FFF0 + at as u32 * 10, payload))
            .collect();
        assert_eq!(got, expected, "split {split}");
        // The publisher goes; the player stays.
        pair.server.stream_eof(stream);
        assert_eq!(pair.client_event(), ClientEvent::StreamEof(stream));
        assert!(pair.client.stop(id));
        assert!(std::iter::from_fn(|| pair.maybe_server_event()).any(|e| e == Event::PlayEnded { stream }));
    }
}

#[test]
fn refusals_reach_the_one_who_asked() {
    let mut pair = Pair::new(client_config(), server_config());
    let request = pair.connect_request();
    assert!(pair.server.reject(request.id, "", "not today"));
    let ClientEvent::Refused { info } = pair.client_event() else { panic!("not refused") };
    assert_eq!((info.code.as_str(), info.description.as_str()), (status::CONNECT_REJECTED, "not today"));
    assert!(pair.client.is_closing());
    assert!(pair.client.publish("cam").is_none());

    let mut pair = Pair::connected();
    let first = pair.client.publish("cam").unwrap();
    let request = pair.publish_request();
    assert!(pair.server.reject(request.id, "NetStream.Publish.Denied", "wrong token"));
    let ClientEvent::Failed { id, info } = pair.client_event() else { panic!("not refused") };
    assert_eq!((id, info.code.as_str(), info.description.as_str()), (first, "NetStream.Publish.Denied", "wrong token"));
    let second = pair.client.play("cam").unwrap();
    let request = pair.play_request();
    assert!(pair.server.reject(request.id, "", "no such stream"));
    let ClientEvent::Failed { id, info } = pair.client_event() else { panic!("not refused") };
    assert_eq!((id, info.code.as_str()), (second, status::PLAY_STREAM_NOT_FOUND));
    assert!(pair.client.is_connected(), "the connection lives on");
}

#[test]
fn redirections_are_events() {
    let mut pair = Pair::new(client_config(), server_config());
    let request = pair.connect_request();
    assert!(pair.server.redirect(request.id, "rtmp://other/live"));
    let ClientEvent::Redirected { url, .. } = pair.client_event() else { panic!("not redirected") };
    assert_eq!(url, "rtmp://other/live");

    let mut pair = Pair::connected();
    pair.client.play("cam").unwrap();
    let request = pair.play_request();
    assert!(pair.server.redirect(request.id, "rtmp://other/live"));
    let ClientEvent::Reconnect { tc_url, .. } = pair.client_event() else { panic!("not redirected") };
    assert_eq!(tc_url.as_deref(), Some("rtmp://other/live"));
}

#[test]
fn several_streams_share_a_connection() {
    let mut pair = Pair::connected();
    let names = ["a", "b", "c"];
    let ids = names.map(|name| pair.client.play(name).unwrap());
    let streams = ids.map(|id| {
        let request = pair.play_request();
        assert!(pair.server.accept_play(request.id, ""));
        loop {
            if let ClientEvent::Playing { id: answered, stream } = pair.client_event() {
                assert_eq!((answered, stream), (id, request.stream));
                return stream;
            }
        }
    });
    for (at, stream) in streams.into_iter().enumerate() {
        pair.server.send_message(stream, MediaKind::Audio, 0, &[body(at + 1)]);
    }
    let mut got = Vec::new();
    while let Some(event) = pair.maybe_client_event() {
        if let ClientEvent::Message(message) = event
            && message.kind == MediaKind::Audio
        {
            got.push((message.stream, message.payload.len()));
        }
    }
    assert_eq!(got, streams.into_iter().zip(1..).collect::<Vec<_>>());
}

#[test]
fn both_ends_acknowledge_and_answer_pings() {
    let mut server = server_config();
    server.window_ack_size = 10_000;
    let mut pair = Pair::new(client_config(), server);
    let request = pair.connect_request();
    assert!(pair.server.accept_connect(request.id));
    pair.server_info();
    pair.client.play("cam").unwrap();
    let request = pair.play_request();
    assert!(pair.server.accept_play(request.id, ""));
    for _ in 0..10 {
        pair.server.send_message(request.stream, MediaKind::Video, 0, &[body(5000)]);
        pair.run();
        while pair.client.next_event().is_some() {}
    }
    if let Some(pause) = pair.client.next_timeout() {
        pair.now = pause;
        pair.client.handle_timeout(pause).unwrap();
        pair.run();
    }
    let open = pair.server.unacknowledged().expect("the client acknowledges");
    assert!(open < 10_000, "{open} bytes are not acknowledged");

    // A silent publisher is pinged, and its answer keeps it.
    let mut pair = Pair::connected();
    pair.now = Duration::from_secs(6);
    pair.server.handle_timeout(pair.now).unwrap();
    pair.run();
    pair.now = Duration::from_secs(11);
    pair.server.handle_timeout(pair.now).unwrap();
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let mut pair = Pair::new(client_config(), server_config());
    assert_eq!(pair.client.next_timeout(), Some(Duration::from_secs(10)));
    assert!(pair.client.handle_timeout(Duration::from_secs(9)).is_ok());
    assert!(pair.client.handle_timeout(Duration::from_secs(10)).is_err());

    // A play that nobody answers fails; the connection stays.
    let mut pair = Pair::connected();
    let id = pair.client.play("cam").unwrap();
    pair.play_request();
    pair.now = Duration::from_secs(10);
    assert_eq!(pair.client.next_timeout(), Some(pair.now));
    pair.client.handle_timeout(pair.now).unwrap();
    let ClientEvent::Failed { id: failed, info } = pair.client_event() else { panic!("not failed") };
    assert_eq!(failed, id);
    assert!(info.description.contains("no answer"));
}

#[test]
fn a_silent_server_is_pinged_and_then_gone() {
    let mut config = client_config();
    config.idle_timeout = Duration::from_secs(10);
    let mut pair = Pair::new(config, server_config());
    let request = pair.connect_request();
    pair.server.accept_connect(request.id);
    pair.server_info();
    pair.now = Duration::from_secs(5);
    assert_eq!(pair.client.next_timeout(), Some(pair.now));
    pair.client.handle_timeout(pair.now).unwrap();
    // The ping's answer counts.
    pair.run();
    pair.now = Duration::from_secs(10);
    pair.client.handle_timeout(pair.now).unwrap();
    assert!(pair.client.handle_timeout(Duration::from_secs(15)).is_err(), "nothing came since");
}

#[test]
fn a_stream_id_of_its_own_is_not_needed_in_media() {
    let mut pair = Pair::connected();
    pair.client.play("cam").unwrap();
    let request = pair.play_request();
    assert!(pair.server.accept_play(request.id, ""));
    pair.server.send_message(MessageStreamId(0), MediaKind::Audio, 0, &[body(9)]);
    let mut stream = None;
    while let Some(event) = pair.maybe_client_event() {
        if let ClientEvent::Message(message) = event
            && message.kind == MediaKind::Audio
        {
            stream = Some(message.stream);
        }
    }
    assert_eq!(stream, Some(request.stream));
}
