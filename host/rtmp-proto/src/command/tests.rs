use super::*;
use crate::amf0::{Text, encode_all};
use crate::id::{ChunkStreamId, MessageStreamId};

fn message(kind: MessageType, payload: Vec<u8>) -> Message {
    Message { chunk_stream: ChunkStreamId(3), stream: MessageStreamId(1), kind, timestamp: 0, payload: payload.into() }
}

fn decode(values: &[Value]) -> Command {
    Command::decode(&message(MessageType::COMMAND, encode_all(values)), &Limits::default()).unwrap()
}

fn object(fields: &[(&str, Value)]) -> Value {
    Value::Object(fields.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
}

/// name, transaction, null, arguments.
fn call(name: &str, transaction: f64, arguments: &[Value]) -> Command {
    decode(&[&[name.into(), transaction.into(), Value::Null][..], arguments].concat())
}

#[test]
fn commands_of_real_clients() {
    let play = |start_ms, duration_ms, reset| Command::Play { name: "a?k=1".into(), start_ms, duration_ms, reset };
    let name = || Value::from("a?k=1");
    let named = |call, transaction| Command::Named { call, transaction, name: "a?k=1".into() };
    let n = Value::Number;
    let cases = [
        (call("createStream", 4.0, &[]), Command::CreateStream { transaction: 4.0 }),
        (call("releaseStream", 2.0, &[name()]), named(NamedCall::ReleaseStream, 2.0)),
        (call("FCPublish", 0.0, &[name()]), named(NamedCall::FcPublish, 0.0)),
        (call("FCUnpublish", 6.0, &[name()]), named(NamedCall::FcUnpublish, 6.0)),
        (call("FCSubscribe", 3.0, &[name()]), named(NamedCall::FcSubscribe, 3.0)),
        (call("FCUnsubscribe", 3.0, &[name()]), named(NamedCall::FcUnsubscribe, 3.0)),
        (
            call("publish", 5.0, &[name(), "live".into()]),
            Command::Publish { name: "a?k=1".into(), mode: "live".into() },
        ),
        (call("publish", 5.0, &[name()]), Command::Publish { name: "a?k=1".into(), mode: String::new() }),
        (call("publish", 5.0, &[false.into()]), Command::CloseStream),
        // ffmpeg, rtmp2src, rtmpdump, and what the specification's own defaults are.
        (call("play", 4.0, &[name(), n(-2000.0)]), play(-2000, -1000, true)),
        (call("play", 0.0, &[name(), n(-2.0)]), play(-2000, -1000, true)),
        (call("play", 0.0, &[name(), n(-1000.0)]), play(-1000, -1000, true)),
        (call("play", 0.0, &[name(), n(-1.0), n(-1.0), true.into()]), play(-1000, -1000, true)),
        (call("play", 0.0, &[name()]), play(-2000, -1000, true)),
        (call("play", 0.0, &[name(), n(0.0), n(3000.0), false.into()]), play(0, 3000, false)),
        (call("play", 0.0, &[name(), n(f64::NAN), n(f64::INFINITY), n(0.0)]), play(-2000, -1000, false)),
        (call("play", 0.0, &[false.into()]), Command::CloseStream),
        (call("play2", 0.0, &[object(&[("streamName", name()), ("start", n(-1.0))])]), play(-1000, -1000, true)),
        (call("deleteStream", 7.0, &[n(1.0)]), Command::DeleteStream { stream: Some(1) }),
        (call("deleteStream", 7.0, &[]), Command::DeleteStream { stream: None }),
        (call("deleteStream", 7.0, &[n(-1.5)]), Command::DeleteStream { stream: None }),
        (call("closeStream", 0.0, &[]), Command::CloseStream),
        (call("pause", 0.0, &[true.into(), n(1500.0)]), Command::Pause { paused: true, position_ms: 1500 }),
        (call("pauseRaw", 0.0, &[false.into()]), Command::Pause { paused: false, position_ms: 0 }),
        (call("seek", 0.0, &[n(1e300)]), Command::Seek { position_ms: i64::MAX }),
        (call("receiveAudio", 0.0, &[false.into()]), Command::ReceiveAudio(false)),
        (call("receiveVideo", 0.0, &[n(1.0)]), Command::ReceiveVideo(true)),
        (call("getStreamLength", 3.0, &[name()]), Command::StreamLength { transaction: 3.0 }),
        (call("_checkbw", 8.0, &[]), Command::CheckBandwidth { transaction: 8.0 }),
        (call("close", 0.0, &[]), Command::Close),
        (call("_result", 1.0, &[]), Command::Answer),
        (call("fly\n", 9.0, &[]), Command::Unknown { transaction: 9.0, name: "fly%0A".into() }),
    ];
    for (decoded, expected) in cases {
        assert_eq!(decoded, expected);
    }
}

#[test]
fn a_command_may_be_no_more_than_its_name() {
    assert_eq!(decode(&["createStream".into()]), Command::CreateStream { transaction: 0.0 });
    assert_eq!(decode(&["createStream".into(), f64::NAN.into()]), Command::CreateStream { transaction: 0.0 });
    for values in [&[][..], &[Value::Null], &[1.0.into(), "connect".into()]] {
        let result = Command::decode(&message(MessageType::COMMAND, encode_all(values)), &Limits::default());
        let error = result.unwrap_err();
        assert_eq!(error.cause, Cause::CommandName);
        assert_eq!(error.place.message_stream, Some(MessageStreamId(1)));
    }
}

#[test]
fn connect_tells_who_the_peer_is() {
    let text = |s: &str| Value::from(s);
    let peer = object(&[
        ("app", text("live?k=1")),
        ("tcUrl", text("rtmp://h/live")),
        ("flashVer", text("FMLE/3.0")),
        ("swfUrl", text("s")),
        ("pageUrl", text("p")),
        ("type", text("nonprivate")),
        ("objectEncoding", 3.0.into()),
        ("audioCodecs", 4071.0.into()),
        ("videoCodecs", 252.0.into()),
        ("capsEx", 3.0.into()),
        ("fourCcList", Value::StrictArray(vec![text("av01"), text("hvc1"), text("*"), text("toolong"), 1.0.into()])),
        ("videoFourCcInfoMap", object(&[("hvc1", 7.0.into()), ("vp09", 4.0.into())])),
        ("audioFourCcInfoMap", object(&[("Opus", 7.0.into())])),
        ("fpad", false.into()),
        ("odd", Value::Null),
    ]);
    let Command::Connect { transaction, peer } = decode(&["connect".into(), 1.0.into(), peer, text("user")]) else {
        panic!("a connect")
    };
    assert_eq!(transaction, 1.0);
    let expected = PeerInfo {
        app: Some("live?k=1".into()),
        tc_url: "rtmp://h/live".into(),
        flash_ver: "FMLE/3.0".into(),
        swf_url: "s".into(),
        page_url: "p".into(),
        kind: "nonprivate".into(),
        object_encoding: 3,
        audio_codecs: 4071,
        video_codecs: 252,
        fourccs: vec![*b"av01", *b"hvc1", *b"*   ", *b"vp09", *b"Opus"],
        caps_ex: 3,
        extra: [
            ("capsEx", "3"),
            ("videoFourCcInfoMap.hvc1", "7"),
            ("videoFourCcInfoMap.vp09", "4"),
            ("audioFourCcInfoMap.Opus", "7"),
            ("fpad", "false"),
            ("arg0", "user"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
    };
    assert_eq!(*peer, expected);
    assert!(peer.can_reconnect());
}

#[test]
fn what_connect_keeps_is_bounded() {
    let fields: Vec<(Text, Value)> =
        (0..5000).map(|n| (format!("k{n}").into(), Value::from("x".repeat(2000 * (n & 1)).as_str()))).collect();
    let Command::Connect { peer, .. } = decode(&["connect".into(), 1.0.into(), Value::Object(fields)]) else {
        panic!("a connect")
    };
    assert_eq!(peer.extra.len(), 64);
    assert!(peer.extra.iter().all(|(_, value)| value.is_empty()));
}

/// Defect 9: AMF3 clients are understood. Defect 2: an empty AMF3 body does not panic.
#[test]
fn amf3_commands() {
    let values = encode_all(&["createStream".into(), 2.0.into(), Value::Null]);
    let command = Command::CreateStream { transaction: 2.0 };
    for body in [[&[0][..], &values].concat(), values.clone()] {
        let decoded = Command::decode(&message(MessageType::COMMAND_AMF3, body), &Limits::default());
        assert_eq!(decoded.unwrap(), command);
    }
    // publish with its name written in AMF3.
    let mut body = [&[0][..], &encode_all(&["publish".into(), 0.0.into(), Value::Null])].concat();
    body.extend_from_slice(&[0x11, 0x06, 0x03, b'a', 0x11, 0x06, 0x09]);
    body.extend_from_slice(b"live");
    let decoded = Command::decode(&message(MessageType::COMMAND_AMF3, body), &Limits::default());
    assert_eq!(decoded.unwrap(), Command::Publish { name: "a".into(), mode: "live".into() });
    for body in [vec![], vec![0], vec![0, 0], vec![0x11]] {
        assert!(Command::decode(&message(MessageType::COMMAND_AMF3, body), &Limits::default()).is_err());
    }
    // A connect whose object is AMF3.
    let mut body = [&[0][..], &encode_all(&["connect".into(), 1.0.into()])].concat();
    body.extend_from_slice(&[0x11, 0x0A, 0x0B, 0x01, 0x07, b'a', b'p', b'p', 0x06, 0x09]);
    body.extend_from_slice(b"live\x01");
    let decoded = Command::decode(&message(MessageType::COMMAND_AMF3, body), &Limits::default()).unwrap();
    let Command::Connect { peer, .. } = decoded else { panic!("a connect") };
    assert_eq!(peer.app.as_deref(), Some("live"));
}
