//! A server that does what it should not.

use crate::pair::Pair;
use crate::pair::client_config;
use bytes::Bytes;
use proptest::prelude::*;
use rtmp_proto::chunk::encode_message;
use rtmp_proto::client::Event as ClientEvent;
use rtmp_proto::{ChunkStreamId, ClientConnection, MediaKind, MessageStreamId, MessageType};
use std::time::Duration;

fn message(kind: MessageType, stream: u32, payload: &[u8]) -> Bytes {
    let payload = [Bytes::copy_from_slice(payload)];
    encode_message(ChunkStreamId(9), MessageStreamId(stream), kind, 0, 60_000, &payload)
}

/// The client right after S2.
fn shaken() -> ClientConnection {
    let mut client = ClientConnection::new(client_config(), Duration::ZERO);
    let answer = [&[3u8][..], &[0; 2 * 1536]].concat();
    assert_eq!(client.feed(Duration::ZERO, &answer).unwrap(), answer.len());
    client
}

proptest! {
    #[test]
    fn noise_is_survived_or_refused(noise in prop::collection::vec(any::<u8>(), 0..4000)) {
        let mut client = shaken();
        let mut rest = noise.as_slice();
        while !rest.is_empty() {
            match client.feed(Duration::ZERO, rest) {
                Ok(0) => break,
                Ok(n) => rest = &rest[n..],
                Err(_) => break,
            }
            while client.next_event().is_some() {}
        }
    }

    #[test]
    fn garbled_commands_are_survived_or_refused(
        body in prop::collection::vec(any::<u8>(), 0..200),
        kind in prop::sample::select(vec![1u8, 2, 3, 4, 5, 6, 8, 9, 15, 17, 18, 20, 22, 99]),
    ) {
        let mut pair = Pair::connected();
        let bytes = message(MessageType(kind), 1, &body);
        if pair.client.feed(Duration::ZERO, &bytes).is_ok() {
            while pair.client.next_event().is_some() {}
        }
    }
}

#[test]
fn media_that_nobody_asked_for_is_ignored_with_a_reason() {
    let mut pair = Pair::connected();
    pair.server.send_message(MessageStreamId(1), MediaKind::Video, 0, &[Bytes::from_static(b"abc")]);
    let ClientEvent::Ignored { reason, .. } = pair.client_event() else { panic!("not ignored") };
    assert!(reason.to_string().contains("does not play"), "{reason}");
    for _ in 0..100 {
        pair.server.send_message(MessageStreamId(1), MediaKind::Video, 0, &[Bytes::from_static(b"abc")]);
    }
    let told = std::iter::from_fn(|| pair.maybe_client_event()).count();
    assert!(told < 20, "{told} lines for one fault");
}

#[test]
fn input_stops_while_events_wait() {
    let mut pair = Pair::connected();
    pair.client.play("cam").unwrap();
    let request = pair.play_request();
    pair.server.accept_play(request.id, "");
    pair.run();
    while pair.client.next_event().is_some() {}
    let one = message(MessageType::VIDEO, request.stream.0, &[7; 50_000]);
    let many = one.repeat(100);
    let taken = pair.client.feed(Duration::ZERO, &many).unwrap();
    assert!(taken < 2 << 20, "{taken} bytes are held");
    assert!(!pair.client.wants_input());
    let (mut rest, mut got) = (&many[taken..], 0);
    loop {
        while let Some(event) = pair.client.next_event() {
            got += usize::from(matches!(event, ClientEvent::Message(_)));
        }
        if rest.is_empty() {
            break;
        }
        let n = pair.client.feed(Duration::ZERO, rest).unwrap();
        rest = &rest[n..];
    }
    assert_eq!(got, 100, "nothing is lost by waiting");
}

#[test]
fn an_aggregate_comes_apart() {
    let mut pair = Pair::connected();
    pair.client.play("cam").unwrap();
    let request = pair.play_request();
    pair.server.accept_play(request.id, "");
    pair.run();
    while pair.client.next_event().is_some() {}
    let tag =
        |kind: u8, time: u8, body: u8| [&[kind, 0, 0, 1, 0, 0, time, 0, 0, 0, 0, body][..], &[0, 0, 0, 12]].concat();
    let body = [tag(8, 100, 1), tag(9, 140, 2)].concat();
    let bytes = encode_message(ChunkStreamId(9), request.stream, MessageType::AGGREGATE, 1000, 60_000, &[body.into()]);
    pair.client.feed(Duration::ZERO, &bytes).unwrap();
    let got: Vec<_> = std::iter::from_fn(|| pair.client.next_event())
        .filter_map(|event| match event {
            ClientEvent::Message(m) => Some((m.kind, m.timestamp, m.payload.to_vec())),
            _ => None,
        })
        .collect();
    assert_eq!(got, [(MediaKind::Audio, 1000, vec![1]), (MediaKind::Video, 1040, vec![2])]);
}
