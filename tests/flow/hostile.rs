//! Peers that send nonsense: closed or ignored, and nobody else notices.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use weir_tests::flow::{player, publisher, receive, send};
use weir_tests::flv::VIDEO;
use weir_tests::router::Router;
use weir_tests::rtmp::amf::Value;
use weir_tests::rtmp::{Client, Message};
use weir_tests::{PATIENCE, numbered, wait};

/// A stream that must not notice what happens beside it.
struct Bystander {
    source: Client,
    viewer: Client,
    sent: u64,
}

impl Bystander {
    fn on(router: &Router) -> Bystander {
        let mut source = publisher(router, "live", "calm");
        send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
        let mut viewer = player(router, "live", "calm");
        receive(&mut viewer, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
        Bystander { source, viewer, sent: 0 }
    }

    /// The next frame arrives, and nothing else before it.
    fn goes_on(&mut self, after: &str) {
        self.sent += 1;
        send(&mut self.source, &[numbered::video(self.sent, 100)]);
        let seen = receive(&mut self.viewer, &format!("frame after {after}"), |m| m.kind == VIDEO);
        let got = seen.last().and_then(|m| numbered::number(&m.tag()));
        assert_eq!(got, Some(self.sent), "after {after}");
    }
}

fn amf(values: &[Value]) -> Vec<u8> {
    let mut body = Vec::new();
    values.iter().for_each(|v| v.encode(&mut body));
    body
}

fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut byte = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    (0..count).map(|_| byte()).collect()
}

#[test]
fn a_storm_of_peers_is_no_storm_of_lines() {
    let router = Router::start("[log]\npeer_lines_per_second = 1\n[apps.live]");
    let said = |part: &str| router.process.count(0, |line| line.contains(part));
    let mut peers = 0;
    wait::until("word of what was held back", || {
        drop(Client::connect(router.address, "live").expect("connected"));
        peers += 1;
        said("too many lines of one kind") > 0
    });
    assert!(said(" connected ") < peers, "{peers} peers");
    let word = router.process.line("word", |line| line.contains("too many lines of one kind"));
    assert!(word.contains("held_back=") && word.contains("WARN") && !word.contains("conn{"), "{word}");
}

#[test]
fn strangers_are_closed_and_disturb_nobody() {
    let router = Router::start_with("handshake_timeout = \"500ms\"\nidle_timeout = \"1h\"", "[apps.live]");
    let mut bystander = Bystander::on(&router);
    let mut hello = vec![3];
    hello.extend(noise(1536));
    let strangers: Vec<(&str, Vec<u8>)> = vec![
        ("a web browser", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec()),
        ("noise", noise(5000)),
        ("silence", vec![]),
        ("half a handshake", hello[..700].to_vec()),
        ("noise behind a handshake", [hello.clone(), noise(1536), noise(20_000)].concat()),
        ("a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec()),
    ];
    for (name, bytes) in strangers {
        let mut stream = TcpStream::connect(router.address).expect("connected");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
        let _ = stream.write_all(&bytes);
        let mut sink = Vec::new();
        if let Err(e) = stream.read_to_end(&mut sink) {
            assert_ne!(e.kind(), std::io::ErrorKind::WouldBlock, "{name} is still connected");
        }
        bystander.goes_on(name);
    }
}

#[test]
fn an_invalid_digest_falls_back_to_the_plain_handshake() {
    let router = Router::start("[apps.live]");
    let mut stream = TcpStream::connect(router.address).expect("connected");
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
    let mut c1 = noise(1536);
    // A version says that there is a digest; there is none.
    c1[4..8].copy_from_slice(&[128, 0, 7, 2]);
    stream.write_all(&[&[3], c1.as_slice()].concat()).expect("a connection");
    let mut answer = vec![0; 1 + 1536 * 2];
    stream.read_exact(&mut answer).expect("S0, S1 and S2");
    assert_eq!(answer[1537 + 8..], c1[8..], "S2 repeats C1");
    let s1 = &answer[1..1537];
    assert!(s1[8..].iter().filter(|b| **b == 0).count() < 100, "S1 is not random");
}

#[test]
fn bad_messages_end_their_sender_at_most() {
    let router = Router::start_with("idle_timeout = \"1h\"", "[apps.live]");
    let mut bystander = Bystander::on(&router);
    let control = |kind: u8, body: &[u8]| Message { kind, time_ms: 0, stream_id: 0, body: body.to_vec() };
    let mut deep = amf(&[Value::text("connect"), Value::Number(1.0)]);
    for _ in 0..100_000 {
        deep.extend_from_slice(&[3, 0, 1, b'a']);
    }
    let many: Vec<(String, Value)> = (0..60_000).map(|n| (format!("k{n}"), Value::Null)).collect();
    let wide = amf(&[Value::text("connect"), Value::Number(1.0), Value::Object(many)]);
    let no_app = amf(&[Value::text("connect"), Value::Number(1.0), Value::object(&[("flashVer", Value::Null)])]);
    let connected: Vec<(&str, Vec<Message>)> = vec![
        ("chunk size 0", vec![control(1, &[0, 0, 0, 0])]),
        ("chunk size with the top bit", vec![control(1, &[0x80, 0, 0, 1])]),
        ("short control messages", (1..=6).map(|kind| control(kind, &[1])).collect()),
        ("empty messages of every type", (1..=25).map(|kind| control(kind, &[])).collect()),
        ("a result without information", vec![control(20, &amf(&[Value::text("_result"), Value::Number(9.0)]))]),
        (
            "a status without code",
            vec![control(20, &amf(&[Value::text("onStatus"), Value::Number(0.0), Value::Null, Value::object(&[])]))],
        ),
        (
            "an unknown command",
            vec![control(20, &amf(&[Value::text("selfDestruct"), Value::Number(7.0), Value::Null]))],
        ),
        ("a command that is a number", vec![control(20, &amf(&[Value::Number(1.0)]))]),
        ("nonsense as AMF", vec![control(20, &noise(300)), control(18, &noise(300)), control(17, &noise(300))]),
        ("deep nesting", vec![control(20, &deep)]),
        ("deep metadata", vec![Message { kind: 18, stream_id: 1, ..control(18, &deep) }]),
        ("too many keys", vec![control(20, &wide)]),
        ("media without a stream", vec![control(9, &noise(50)), Message { stream_id: 77, ..control(8, &noise(50)) }]),
        ("a broken aggregate", vec![Message { stream_id: 1, ..control(22, &noise(400)) }]),
        (
            "deleteStream of a stranger",
            vec![control(
                20,
                &amf(&[Value::text("deleteStream"), Value::Number(0.0), Value::Null, Value::Number(9e18)]),
            )],
        ),
    ];
    for (name, messages) in &connected {
        // Before connect, after it, and while publishing.
        for stage in 0..3 {
            let mut client = match stage {
                0 => Client::dial(router.address).expect("a handshake"),
                1 => Client::connect(router.address, "live").expect("connected"),
                _ => publisher(&router, "live", "bad"),
            };
            for message in messages {
                if client.send(message.clone()).is_err() {
                    break;
                }
            }
            settle(&mut client);
            bystander.goes_on(name);
        }
    }
    let mut missing = Client::dial(router.address).expect("a handshake");
    missing.send(control(20, &no_app)).expect("a connection");
    receive_end(&mut missing);
    bystander.goes_on("connect without an application");
}

/// What was sent has been read when the router has closed its side, or has answered a ping behind it.
fn settle(client: &mut Client) {
    let ping = Message { kind: 4, time_ms: 0, stream_id: 0, body: vec![0, 6, 9, 9, 9, 9] };
    if client.send(ping).is_err() {
        return;
    }
    while let Ok(Some(message)) = client.message_within(Duration::from_secs(2)) {
        if message.kind == 4 && message.body == [0, 7, 9, 9, 9, 9] {
            return;
        }
    }
}

/// Reads whatever comes until the router refuses or closes.
fn receive_end(client: &mut Client) {
    while let Ok(message) = client.message() {
        if message.status().is_some() {
            return;
        }
    }
}

#[test]
fn memory_is_not_taken_on_a_declared_length() {
    let router = Router::start_with("idle_timeout = \"1h\"", "[apps.live]");
    let mut bystander = Bystander::on(&router);
    let before = resident_kb(router.process.id());
    let mut clients = Vec::new();
    for _ in 0..50 {
        let mut client = Client::dial(router.address).expect("a handshake");
        // Sixty chunk streams, each with the beginning of a message of 16 MB.
        for csid in 3..63u8 {
            let _ = client.raw(&[csid, 0, 0, 0, 0xff, 0xff, 0xff, 9, 1, 0, 0, 0, 1, 2, 3]);
        }
        clients.push(client);
    }
    bystander.goes_on("fifty promises of a gigabyte");
    let grown = resident_kb(router.process.id()).saturating_sub(before);
    eprintln!("{grown} kB for 50 connections that promise 1 GB each");
    assert!(grown < 50_000, "{grown} kB");
}

#[test]
fn a_flood_of_chunk_streams_is_cut() {
    let router = Router::start_with("idle_timeout = \"1h\"", "[apps.live]");
    let mut bystander = Bystander::on(&router);
    let mut client = publisher(&router, "live", "flood");
    for id in 0..2000u16 {
        let [low, high] = id.to_le_bytes();
        if client.raw(&[1, low, high, 0, 0, 0, 0xff, 0xff, 0xff, 9, 1, 0, 0, 0, 1, 2, 3]).is_err() {
            break;
        }
    }
    assert!(client.closed_by_peer(), "two thousand chunk streams are open");
    bystander.goes_on("a flood of chunk streams");
}

#[test]
fn a_flood_of_pings_costs_nobody_else() {
    let router = Router::start_with("write_timeout = \"1s\"\nidle_timeout = \"1h\"", "[apps.live]");
    let mut bystander = Bystander::on(&router);
    let flood = TcpStream::connect(router.address).expect("connected");
    drop(flood);
    let mut client = Client::connect(router.address, "live").expect("connected");
    let ping =
        weir_tests::rtmp::chunk::encode(&Message { kind: 4, time_ms: 0, stream_id: 0, body: vec![0, 6, 1, 2, 3, 4] });
    let many = ping.repeat(10_000);
    // It never reads the answers.
    for _ in 0..20 {
        if client.raw(&many).is_err() {
            break;
        }
        bystander.goes_on("ten thousand pings");
    }
}

#[test]
fn a_player_that_does_not_read_delays_nobody() {
    let router = Router::start_with("write_timeout = \"1s\"\nidle_timeout = \"1h\"", "[apps.live]");
    let mut bystander = Bystander::on(&router);
    let mut source = publisher(&router, "live", "big");
    send(&mut source, &[numbered::header(), numbered::video(0, 1000)]);
    let mut stuck = player(&router, "live", "big");
    let mut viewer = player(&router, "live", "big");
    receive(&mut stuck, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
    for n in 1..=400 {
        send(&mut source, &[numbered::video(n, 100_000)]);
        if n % 100 == 0 {
            receive(&mut viewer, "the newest frame", |m| numbered::number(&m.tag()) == Some(n));
            bystander.goes_on("a player that does not read");
        }
    }
    router.process.line("end of the player", |l| l.contains("the peer does not read"));
    drop(stuck);
}

#[test]
fn a_half_closed_publisher_frees_its_name() {
    let router = Router::start("[apps.live]");
    let mut stream = TcpStream::connect(router.address).expect("connected");
    stream.write_all(&[&[3], noise(1536).as_slice()].concat()).expect("a connection");
    stream.shutdown(Shutdown::Write).expect("a socket");
    let mut sink = Vec::new();
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
    let ended = stream.read_to_end(&mut sink);
    assert!(ended.is_ok() || ended.is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset));
    drop(publisher(&router, "live", "cam"));
}

fn resident_kb(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("a running process");
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).expect("VmRSS");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Names, texts and URLs of a peer stand in the log; what they hold must not.
#[test]
fn a_peer_cannot_forge_a_line_of_the_log() {
    let router = Router::start("[apps.live]");
    let mark = router.process.mark();
    let forged = "x\n2026-01-01T00:00:00Z ERROR forged\u{1b}[2J\r\u{2028}y";
    let mut client = Client::dial(router.address).expect("a handshake");
    let control = |kind: u8, body: &[u8]| Message { kind, time_ms: 0, stream_id: 0, body: body.to_vec() };
    let connect = Value::object(&[
        ("app", Value::text("live")),
        ("flashVer", Value::text(forged)),
        ("tcUrl", Value::text(forged)),
    ]);
    client.send(control(20, &amf(&[Value::text("connect"), Value::Number(1.0), connect]))).expect("a connection");
    receive(&mut client, "answer", |m| m.command().is_some());
    client.send(control(20, &amf(&[Value::text(forged), Value::Number(2.0), Value::Null]))).expect("a connection");
    // Admitted or not: either is told.
    let _ = client.publish(forged).expect("a connection");
    drop(client);
    router.process.line_after(mark, "name of the command", |l| l.contains("forged"));
    router.report("rtmp sessions");
    let bad = |line: &str| line.starts_with("2026-01-01T00:00:00Z ERROR") || line.contains(['\u{1b}', '\u{2028}']);
    assert_eq!(router.process.count(mark, bad), 0, "{}", router.process.said());
}
