//! What a hostile peer gets: a closed connection or a reason, and bounded memory.

use crate::dialogue::{Dialogue, config, handshake};
use rtmp_proto::amf0::{Value, encode_all};
use rtmp_proto::control::{Control, UserControl};
use rtmp_proto::{Cause, Error, Event, Fault, MessageType, ServerConnection};
use std::time::Duration;

/// What feeding these bytes ends in.
fn fatal(dialogue: &mut Dialogue, bytes: &[u8]) -> Error {
    let error = dialogue.bytes(bytes).unwrap_err();
    assert_eq!(error.fault(), Fault::Peer);
    error
}

fn ignored(dialogue: &mut Dialogue) -> Vec<Cause> {
    let cause = |event| match event {
        Event::Ignored { reason, .. } => reason.cause,
        other => panic!("{other:?}"),
    };
    dialogue.events().into_iter().map(cause).collect()
}

#[test]
fn partial_messages_have_a_small_budget_before_connect_and_a_large_one_after() {
    let head = |length: u32| {
        let [_, a, b, c] = length.to_be_bytes();
        [6, 0, 0, 0, a, b, c, 20, 0, 0, 0, 0]
    };
    let mut dialogue = Dialogue::shaken(config());
    let error = fatal(&mut dialogue, &head((256 << 10) + 1));
    assert_eq!(error.cause, Cause::OverBudget { wanted: (256 << 10) + 1, budget: 256 << 10 });
    assert_eq!(error.place.byte, Some(3073 + 12));
    let mut dialogue = Dialogue::connected(config());
    dialogue.bytes(&head(0xFF_FFFF)).unwrap();
}

#[test]
fn chunk_sizes_that_make_no_sense_close() {
    for size in [0u32, 0x8000_0000, u32::MAX] {
        let mut dialogue = Dialogue::connected(config());
        let bytes = dialogue.encoded(2, 0, MessageType::SET_CHUNK_SIZE, 0, &size.to_be_bytes());
        assert_eq!(fatal(&mut dialogue, &bytes).cause, Cause::ChunkSize(size));
    }
    let mut dialogue = Dialogue::publishing(config());
    dialogue.control(Control::SetChunkSize(0x7FFF_FFFF));
    dialogue.message(6, 1, MessageType::VIDEO, 0, &[1; 100_000]);
    assert!(matches!(dialogue.events()[..], [Event::Message(_)]));
}

#[test]
fn hostile_amf_closes_before_and_after_connect() {
    let name = |name: &str| encode_all(&[name.into(), 1.0.into()]);
    let deep = [name("connect"), [3, 0, 1, b'a'].repeat(1000)].concat();
    let wide = [name("connect"), vec![3], [0, 1, b'a', 5].repeat(60_000), vec![0, 0, 9]].concat();
    for (body, cause) in [(deep, Cause::AmfDepth(32)), (wide, Cause::AmfElements(16_384))] {
        for mut dialogue in [Dialogue::shaken(config()), Dialogue::publishing(config())] {
            let bytes = dialogue.encoded(3, 0, MessageType::COMMAND, 0, &body);
            assert_eq!(fatal(&mut dialogue, &bytes).cause, cause);
        }
    }
}

#[test]
fn an_error_behind_a_pending_connect_comes_out_at_the_next_call() {
    for timer in [false, true] {
        let mut dialogue = Dialogue::shaken(config());
        dialogue.connect("live");
        let deep = [encode_all(&["fly".into(), 1.0.into()]), [3, 0, 1, b'a'].repeat(1000)].concat();
        dialogue.message(3, 0, MessageType::COMMAND, 0, &deep);
        let request = dialogue.connect_request();
        assert!(dialogue.server.accept_connect(request.id));
        assert_eq!(dialogue.events(), []);
        assert!(!dialogue.server.wants_input());
        // It is due at once, for a driver that waits for the timer.
        assert_eq!(dialogue.server.next_timeout(), Some(Duration::ZERO));
        let error =
            if timer { dialogue.server.handle_timeout(Duration::ZERO).unwrap_err() } else { fatal(&mut dialogue, b"") };
        assert_eq!(error.cause, Cause::AmfDepth(32));
    }
}

#[test]
fn hostile_metadata_is_dropped_and_the_publish_lives() {
    let mut dialogue = Dialogue::publishing(config());
    let deep = [encode_all(&["onMetaData".into()]), [3, 0, 1, b'a'].repeat(10_000)].concat();
    dialogue.message(4, 1, MessageType::DATA, 0, &deep);
    assert_eq!(ignored(&mut dialogue), [Cause::AmfDepth(32)]);
    dialogue.message(4, 1, MessageType::DATA_AMF3, 0, &[0, 2, 0, 1, b'a', 0x11, 0xFF]);
    assert_eq!(ignored(&mut dialogue), [Cause::AmfMarker(0xFF)]);
    dialogue.message(4, 1, MessageType::AUDIO, 0, b"a");
    assert!(matches!(dialogue.events()[..], [Event::Message(_)]));
}

#[test]
fn garbage_instead_of_connect_closes_and_later_it_is_ignored() {
    let body = [2, 0, 9, b'x'];
    let mut dialogue = Dialogue::shaken(config());
    let bytes = dialogue.encoded(3, 0, MessageType::COMMAND, 0, &body);
    let error = fatal(&mut dialogue, &bytes);
    assert_eq!(error.cause, Cause::AmfTruncated);
    assert_eq!(
        error.to_string(),
        "an AMF value is cut off (at byte 3089, chunk stream 3, message stream 0, body offset 3)"
    );
    let mut dialogue = Dialogue::connected(config());
    dialogue.message(3, 0, MessageType::COMMAND, 0, &body);
    dialogue.message(3, 0, MessageType::COMMAND, 0, &[]);
    dialogue.message(3, 0, MessageType(99), 0, &[]);
    dialogue.message(2, 0, MessageType::SET_CHUNK_SIZE, 0, &[1]);
    dialogue.message(2, 0, MessageType::USER_CONTROL, 0, &[0, 99, 1]);
    assert_eq!(
        ignored(&mut dialogue),
        [
            Cause::AmfTruncated,
            Cause::CommandName,
            Cause::UnknownMessageType(99),
            Cause::ShortControl(1),
            Cause::UnknownUserControl(99),
        ]
    );
}

#[test]
fn commands_before_connect_do_nothing() {
    let mut dialogue = Dialogue::shaken(config());
    dialogue.command(3, 0, "createStream", 2.0, &[]);
    dialogue.command(3, 1, "publish", 3.0, &["cam".into()]);
    dialogue.message(4, 1, MessageType::AUDIO, 0, b"a");
    assert_eq!(ignored(&mut dialogue).len(), 3);
    assert!(dialogue.transcript().is_empty());
}

#[test]
fn a_second_connect_is_ignored_with_a_reason() {
    let mut dialogue = Dialogue::connected(config());
    dialogue.connect("other");
    assert_eq!(ignored(&mut dialogue), [Cause::Repeated("connect")]);
    assert_eq!(dialogue.codes(), ["NetConnection.Call.Failed"]);
    assert_eq!(dialogue.server.next_event(), None);
}

#[test]
fn a_ping_flood_costs_one_answer_at_a_time() {
    let mut dialogue = Dialogue::connected(config());
    let mut flood = Vec::new();
    for n in 0..10_000u32 {
        let (kind, payload) = Control::User(UserControl::PingRequest(n)).encode();
        flood.extend(dialogue.encoded(2, 0, kind, 0, &payload));
    }
    dialogue.bytes(&flood).unwrap();
    let answers = dialogue.transcript();
    assert!(answers.len() <= 3, "{} answers", answers.len());
    assert_eq!(answers.last().unwrap(), "cs 2 ms 0: User(PingResponse(9999))");
}

#[test]
fn a_flood_of_commands_stops_being_read_until_the_answers_are_sent() {
    let mut dialogue = Dialogue::connected(config());
    let mut flood = Vec::new();
    for n in 0..20_000 {
        let body = encode_all(&["getStreamLength".into(), f64::from(n).into(), Value::Null, "a".into()]);
        flood.extend(dialogue.encoded(3, 0, MessageType::COMMAND, 0, &body));
    }
    dialogue.bytes(&flood).unwrap();
    assert!(dialogue.server.output_full() && !dialogue.server.wants_input());
    assert!(!dialogue.unread.is_empty());
    let before = dialogue.unread.len();
    dialogue.bytes(&[]).unwrap();
    assert_eq!(dialogue.unread.len(), before, "nothing more is taken");
    assert!(dialogue.take_bytes().len() < (256 << 10) + 1000);
    assert!(dialogue.server.wants_input());
    dialogue.pump();
    assert!(dialogue.unread.is_empty(), "once the client reads, everything is answered");
}

#[test]
fn media_stops_being_read_until_its_events_are_taken() {
    let mut dialogue = Dialogue::publishing(config());
    dialogue.control(Control::SetChunkSize(60_000));
    let mut all = Vec::new();
    for time in 0..2000 {
        all.extend(dialogue.encoded(4, 1, MessageType::AUDIO, time, &[1; 10]));
    }
    dialogue.bytes(&all).unwrap();
    assert!(!dialogue.server.wants_input());
    assert_eq!(dialogue.events().len(), 256);
    let mut large = Dialogue::publishing(config());
    large.control(Control::SetChunkSize(60_000));
    let mut all = Vec::new();
    for time in 0..20 {
        all.extend(large.encoded(6, 1, MessageType::VIDEO, time, &vec![1; 300_000]));
    }
    large.bytes(&all).unwrap();
    assert_eq!(large.events().len(), 4, "1 MiB of media at a time");
    large.pump();
    assert_eq!(large.events().len(), 4);
}

#[test]
fn warnings_are_rate_limited_and_counted() {
    let mut dialogue = Dialogue::connected(config());
    for _ in 0..100 {
        dialogue.message(4, 1, MessageType::AUDIO, 0, b"a");
    }
    assert_eq!(ignored(&mut dialogue).len(), 8);
    dialogue.now = Duration::from_secs(1);
    dialogue.message(4, 1, MessageType::AUDIO, 0, b"a");
    let [Event::Ignored { suppressed, .. }] = dialogue.events()[..] else { panic!("one event") };
    assert_eq!(suppressed, 92);
}

#[test]
fn streams_of_a_connection_are_bounded() {
    let mut dialogue = Dialogue::connected(config());
    for n in 0..33 {
        dialogue.command(3, 0, "createStream", f64::from(n + 2), &[]);
    }
    let codes = dialogue.codes();
    assert_eq!(codes.iter().filter(|code| *code == "_result").count(), 32);
    assert_eq!(codes.last().unwrap(), "NetConnection.Call.Failed");
}

#[test]
fn what_is_not_rtmp_is_named() {
    let mut dialogue = Dialogue::new(config());
    assert_eq!(fatal(&mut dialogue, b"GET / HTTP/1.1\r\n").cause, Cause::NotRtmp(b'G'));
    let mut dialogue = Dialogue::new(config());
    let mut bytes = handshake();
    bytes[0] = 6;
    assert_eq!(fatal(&mut dialogue, &bytes).cause, Cause::Encrypted(6));
    let mut checking = config();
    checking.check_c2 = true;
    let mut dialogue = Dialogue::new(checking);
    assert_eq!(fatal(&mut dialogue, &handshake()).cause, Cause::BadC2);
}

#[test]
fn after_goodbye_nothing_is_read() {
    let mut dialogue = Dialogue::publishing(config());
    dialogue.command(3, 0, "close", 0.0, &[]);
    assert!(matches!(dialogue.events()[..], [Event::PublishEnded { .. }]));
    assert!(dialogue.server.is_closing());
    dialogue.bytes(&[0xFF; 5000]).unwrap();
    assert!(dialogue.unread.is_empty() && dialogue.events().is_empty());
    assert_eq!(dialogue.server.next_timeout(), None);
}

/// A server holds one for every peer that is connected, however silent. What only the handshake, a fault or an aggregate needs
/// is boxed and gone when it is over.
#[test]
fn a_connection_stays_small() {
    let bytes = size_of::<ServerConnection>();
    assert!(bytes <= 768, "{bytes}");
}
