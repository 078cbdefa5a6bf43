//! What the protocol promises, seen from outside: each of these has been got wrong by a router that people use.

use weir_tests::flow::{ended, player, publisher, receive, send, tags, unpublish};
use weir_tests::flv::{AUDIO, Tag, VIDEO};
use weir_tests::numbered;
use weir_tests::router::Router;
use weir_tests::rtmp::amf::Value;
use weir_tests::rtmp::{Client, Message};

#[test]
fn a_steady_publisher_is_acknowledged() {
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    let window = 100_000u32;
    source
        .send(Message { kind: 5, time_ms: 0, stream_id: 0, body: window.to_be_bytes().to_vec() })
        .expect("a connection");
    send(&mut source, &[numbered::header()]);
    for n in 0..60 {
        send(&mut source, &[numbered::video(n, 10_000)]);
    }
    let acknowledged =
        |m: &Message| (m.kind == 3).then(|| u32::from_be_bytes(m.body[..4].try_into().expect("four bytes")));
    let seen =
        receive(&mut source, "acknowledgement of half a megabyte", |m| acknowledged(m).is_some_and(|n| n > 500_000));
    let counts: Vec<u32> = seen.iter().filter_map(acknowledged).collect();
    assert!(counts.is_sorted(), "{counts:?}");
}

#[test]
fn a_ping_is_answered_with_its_own_four_bytes_even_while_playing() {
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    let mut viewer = player(&router, "live", "cam");
    let body = vec![0, 6, 1, 2, 3, 4];
    viewer.send(Message { kind: 4, time_ms: 0, stream_id: 0, body }).expect("a connection");
    receive(&mut viewer, "ping response", |m| m.kind == 4 && m.body == [0, 7, 1, 2, 3, 4]);
}

#[test]
fn one_connection_publishes_and_plays_several_streams() {
    let router = Router::start("[apps.live]");
    let mut both = publisher(&router, "live", "one");
    let first = both.stream_id;
    both.publish("two").expect("an answer").expect("a second stream");
    assert_ne!(first, both.stream_id);
    for (stream_id, n) in [(first, 10), (both.stream_id, 20)] {
        for tag in [numbered::header(), numbered::video(n * numbered::GOP, 100)] {
            both.send(Message { kind: tag.kind, time_ms: 0, stream_id, body: tag.body }).expect("a connection");
        }
    }
    both.play("one").expect("a connection");
    let playing = both.stream_id;
    let seen = receive(&mut both, "its own stream", |m| numbered::number(&m.tag()).is_some());
    let last = seen.last().expect("a message");
    assert_eq!(
        (last.stream_id, numbered::number(&last.tag())),
        (playing, Some(10 * numbered::GOP)),
        "media on play's stream"
    );
    let mut viewer = player(&router, "live", "two");
    receive(&mut viewer, "the second stream", |m| numbered::number(&m.tag()) == Some(20 * numbered::GOP));
}

#[test]
fn delete_stream_ends_the_stream_and_keeps_the_connection() {
    let router = Router::start_with("keep_alive = true", "[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    let mut viewer = player(&router, "live", "cam");
    for round in 1..4 {
        unpublish(&mut source, "cam");
        receive(&mut viewer, "end", ended);
        source.publish("cam").expect("an answer").expect("published again");
        let key = round * numbered::GOP;
        send(&mut source, &[numbered::header(), numbered::video(key, 100)]);
        receive(&mut viewer, "new key frame", |m| numbered::number(&m.tag()) == Some(key));
    }
}

#[test]
fn amf3_clients_are_understood() {
    let router = Router::start("[apps.live]");
    let mut client = Client::dial(router.address).expect("a handshake");
    // Type 17: a format byte, then AMF0 values.
    let call = |name: &str, transaction: f64, arguments: &[Value]| {
        let mut body = vec![0];
        Value::text(name).encode(&mut body);
        Value::Number(transaction).encode(&mut body);
        arguments.iter().for_each(|a| a.encode(&mut body));
        body
    };
    let connect = Value::object(&[("app", Value::text("live")), ("objectEncoding", Value::Number(3.0))]);
    let body = call("connect", 1.0, &[connect]);
    client.send(Message { kind: 17, time_ms: 0, stream_id: 0, body }).expect("a connection");
    let answered = |m: &Message, transaction: f64| {
        let body = if m.kind == 17 { &m.body[1..] } else { &m.body };
        [17, 20].contains(&m.kind)
            && weir_tests::rtmp::amf::decode_all(body)
                .starts_with(&[Value::text("_result"), Value::Number(transaction)])
    };
    receive(&mut client, "answer to connect", |m| answered(m, 1.0));
    // An empty body, and then a command all the same.
    client.send(Message { kind: 17, time_ms: 0, stream_id: 0, body: vec![] }).expect("a connection");
    let body = call("createStream", 2.0, &[Value::Null]);
    client.send(Message { kind: 17, time_ms: 0, stream_id: 0, body }).expect("a connection");
    receive(&mut client, "answer to createStream", |m| answered(m, 2.0));
}

#[test]
fn aggregates_are_taken_apart() {
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::audio_header(), numbered::video(0, 100)]);
    let mut viewer = player(&router, "live", "cam");
    let mut body = Vec::new();
    for tag in [numbered::video(1, 300), numbered::audio(1), numbered::video(2, 300)] {
        let size = u32::try_from(tag.body.len()).expect("a size");
        body.push(tag.kind);
        body.extend_from_slice(&size.to_be_bytes()[1..]);
        body.extend_from_slice(&tag.time_ms.to_be_bytes()[1..]);
        body.extend_from_slice(&[0, 0, 0, 0]);
        body.extend_from_slice(&tag.body);
        body.extend_from_slice(&(size + 11).to_be_bytes());
    }
    source.media(22, numbered::time_ms(1), body).expect("a connection");
    let seen = tags(&receive(&mut viewer, "frame 2", |m| m.kind == VIDEO && numbered::number(&m.tag()) == Some(2)));
    let numbers: Vec<_> = seen.iter().filter_map(|t| Some((t.kind, numbered::number(t)?))).collect();
    assert!(
        numbers.ends_with(&[(VIDEO, 1), (AUDIO, 1), (VIDEO, 2)])
            || numbers.ends_with(&[(AUDIO, 1), (VIDEO, 1), (VIDEO, 2)]),
        "{numbers:?}"
    );
    let at = |kind, n| seen.iter().find(|t| t.kind == kind && numbered::number(t) == Some(n)).expect("seen").time_ms;
    assert_eq!(at(VIDEO, 2) - at(VIDEO, 1), 40);
}

/// The times that a player sees for what a publisher sent at these times, relative to the first.
fn times(sent: &[(u8, u32)]) -> Vec<(u8, i64)> {
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    let mut viewer = Client::connect(router.address, "live").expect("connected");
    let tag = |at: usize, kind: u8, time_ms: u32| {
        let n = at as u64;
        let tag = if kind == VIDEO { numbered::video(n, 100) } else { numbered::audio(n) };
        Tag { time_ms, ..tag }
    };
    let start = sent[0].1;
    let headers = [numbered::header(), numbered::audio_header()].map(|t| Tag { time_ms: start, ..t });
    send(&mut source, &headers);
    viewer.play("cam").expect("a connection");
    viewer.status("NetStream.Play.Start").expect("an answer").expect("playing");
    for (at, (kind, time_ms)) in sent.iter().enumerate() {
        send(&mut source, &[tag(at, *kind, *time_ms)]);
    }
    let mut missing = sent.len();
    let seen = tags(&receive(&mut viewer, "every frame", |m| {
        missing -= usize::from(numbered::number(&m.tag()).is_some());
        missing == 0
    }));
    let mut got: Vec<(u64, u8, u32)> =
        seen.iter().filter_map(|t| Some((numbered::number(t)?, t.kind, t.time_ms))).collect();
    got.sort();
    let first = got[0].2;
    got.iter().map(|(_, kind, time)| (*kind, i64::from(time.wrapping_sub(first).cast_signed()))).collect()
}

#[test]
fn sound_and_picture_keep_their_distance() {
    let sent = [(VIDEO, 1000), (AUDIO, 1030), (VIDEO, 1040), (AUDIO, 1053), (VIDEO, 1080)];
    assert_eq!(times(&sent), [(VIDEO, 0), (AUDIO, 30), (VIDEO, 40), (AUDIO, 53), (VIDEO, 80)]);
}

#[test]
fn times_pass_the_24_bit_and_the_32_bit_limit() {
    let sent = [0xff_fff0u32, 0xff_ffff, 0x0100_0000, 0x0100_0028].map(|t| (VIDEO, t));
    assert_eq!(times(&sent), [0, 15, 16, 56].map(|t| (VIDEO, t)));
    let sent = [0xffff_fff0u32, 0xffff_ffff, 0x10, 0x38].map(|t| (VIDEO, t));
    assert_eq!(times(&sent), [0, 15, 32, 72].map(|t| (VIDEO, t)));
}

#[test]
fn time_that_goes_back_stays_small() {
    let sent = [(VIDEO, 2000), (AUDIO, 2010), (VIDEO, 2040), (VIDEO, 2035), (VIDEO, 2080)];
    for (kind, time) in times(&sent) {
        assert!((-1000..=1000).contains(&time), "kind {kind} at {time} ms");
    }
}

#[test]
fn ipv6_is_listened_on_and_spoken_to() {
    let folder = tempfile::tempdir().expect("a folder");
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        eprintln!("this machine has no IPv6");
        return;
    }
    std::fs::write(folder.path().join("weir.toml"), "[rtmp]\nlisten = [\"[::1]:0\"]\n[apps.live]\n").expect("writable");
    let router = Router::start_in(folder);
    assert!(router.address.is_ipv6());
    drop(publisher(&router, "live", "a/name/of/four"));
}
