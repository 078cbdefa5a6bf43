//! The same over RTMPE: what a listener sees, and what the ends understand.

use crate::pair::{Pair, client_config, server_config};
use bytes::Bytes;
use proptest::prelude::*;
use rtmp_proto::chunk::DEFAULT_CHUNK_SIZE;
use rtmp_proto::client::Event as ClientEvent;
use rtmp_proto::handshake::{Layout, Variant};
use rtmp_proto::{Cause, ClientConnection, Event, MediaKind, ServerConnection};
use std::io::IoSlice;
use std::time::Duration;

fn encrypted(split: usize) -> Pair {
    let (mut client, mut server) = (client_config(), server_config());
    (client.rtmpe, server.rtmpe, server.check_c2) = (true, true, true);
    let mut pair = Pair::new(client, server);
    pair.split = split;
    pair
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_stream_is_published_and_played_in_any_split(split in 1usize..5000) {
        let mut pair = encrypted(split);
        let request = pair.connect_request();
        let variants = (pair.client.handshake_variant(), pair.server.handshake_variant());
        let [digest_first, key_first] = [Layout::DigestFirst, Layout::KeyFirst].map(|at| Some(Variant::Encrypted(at)));
        prop_assert_eq!(variants, (digest_first, key_first));
        pair.server.accept_connect(request.id);
        pair.server_info();
        let payload = Bytes::from(vec![7; 20_000]);

        pair.client.publish("up").unwrap();
        let request = pair.publish_request();
        pair.server.accept_publish(request.id, "");
        let ClientEvent::Publishing { stream, .. } = pair.client_event() else { panic!("not admitted") };
        pair.client.send_message(stream, MediaKind::Video, 40, std::slice::from_ref(&payload));
        let Event::Message(message) = pair.server_event() else { panic!("no message") };
        prop_assert!(message.payload == payload);

        pair.client.play("down").unwrap();
        let request = pair.play_request();
        pair.server.accept_play(request.id, "");
        pair.server.send_message(request.stream, MediaKind::Video, 40, std::slice::from_ref(&payload));
        let mut events = std::iter::from_fn(|| pair.maybe_client_event());
        let got = events.find_map(|event| match event {
            ClientEvent::Message(message) if message.kind == MediaKind::Video => Some(message.payload),
            _ => None,
        });
        prop_assert!(got == Some(payload));
        prop_assert!(pair.ciphers.0.is_some() && pair.ciphers.1.is_some());
    }
}

#[test]
fn a_listener_sees_no_word_of_it() {
    for rtmpe in [true, false] {
        let (mut client, mut server) = (client_config(), server_config());
        (client.rtmpe, server.rtmpe) = (rtmpe, true);
        let (mut client, mut server) =
            (ClientConnection::new(client, Duration::ZERO), ServerConnection::new(server, Duration::ZERO));
        let hello = take(&mut client);
        server.feed(Duration::ZERO, &hello).unwrap();
        let mut slices = Vec::new();
        server.pending_output(&mut slices);
        let answer = joined(&slices);
        let n = answer.len();
        client.feed(Duration::ZERO, &answer).unwrap();
        server.sent(n);
        let c2 = take(&mut client);
        let cipher = client.take_cipher();
        let mut rest = take(&mut client);
        if let Some(mut cipher) = cipher {
            assert!(rest.windows(7).any(|window| window == b"connect"));
            cipher.encrypt(&mut rest);
        }
        let readable = [c2, rest].concat().windows(7).any(|window| window == b"connect");
        assert_eq!(readable, !rtmpe);
    }
}

/// What a client has to say, as sent.
fn take(client: &mut ClientConnection) -> Vec<u8> {
    let mut slices = Vec::new();
    client.pending_output(&mut slices);
    let bytes = joined(&slices);
    client.sent(bytes.len());
    bytes
}

fn joined(slices: &[IoSlice<'_>]) -> Vec<u8> {
    slices.iter().flat_map(|slice| slice.iter().copied()).collect()
}

/// An ffmpeg that publishes over RTMPE cannot take one.
#[test]
fn only_who_plays_is_told_a_chunk_size() {
    let mut pair = encrypted(usize::MAX);
    let request = pair.connect_request();
    pair.server.accept_connect(request.id);
    pair.server_info();
    pair.client.publish("up").unwrap();
    let request = pair.publish_request();
    pair.server.accept_publish(request.id, "");
    pair.run();
    assert_eq!(pair.server.chunk_size(), DEFAULT_CHUNK_SIZE);
    for _ in 0..2 {
        pair.client.play("down").unwrap();
        let request = pair.play_request();
        pair.server.accept_play(request.id, "");
        assert_eq!(pair.server.chunk_size(), server_config().chunk_size);
    }
}

#[test]
fn a_cipher_that_nobody_takes_holds_the_input_and_the_deadline_stands() {
    let (mut client, mut server) = (client_config(), server_config());
    (client.rtmpe, server.rtmpe) = (true, true);
    let mut server = ServerConnection::new(server, Duration::ZERO);
    let hello = take(&mut ClientConnection::new(client, Duration::ZERO));
    server.feed(Duration::ZERO, &hello).unwrap();
    assert!(server.wants_input());
    // A C2 of anything, and more.
    let end = vec![1; 1536 + 5000];
    assert_eq!(server.feed(Duration::ZERO, &end).unwrap(), 1536);
    assert!(!server.wants_input());
    assert!(server.take_cipher().is_none(), "S0 S1 S2 are not sent, and go in the clear");
    assert_eq!(server.feed(Duration::ZERO, &end[1536..]).unwrap(), 0);
    server.sent(1 + 2 * 1536);
    assert!(server.take_cipher().is_some());
    assert!(server.wants_input());
    let late = server_config().handshake_timeout;
    assert_eq!(server.next_timeout(), Some(late));
    assert!(matches!(server.handle_timeout(late).unwrap_err().cause, Cause::HandshakeTimeout(_)));
}

#[test]
fn a_server_without_it_and_a_client_that_wants_it_do_not_meet() {
    let mut config = client_config();
    config.rtmpe = true;
    let mut client = ClientConnection::new(config, Duration::ZERO);
    let hello = take(&mut client);
    let mut server = ServerConnection::new(server_config(), Duration::ZERO);
    assert_eq!(server.feed(Duration::ZERO, &hello).unwrap_err().cause, Cause::Encrypted(6));
    assert_eq!(client.feed(Duration::ZERO, &[3]).unwrap_err().cause, Cause::InTheClear);
}
