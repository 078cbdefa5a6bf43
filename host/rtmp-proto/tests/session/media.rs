//! Media between accept, wait and end.

use crate::dialogue::{Dialogue, config, object};
use bytes::Bytes;
use rtmp_proto::amf0::{Value, encode_all};
use rtmp_proto::chunk::encode_message;
use rtmp_proto::{ChunkStreamId, Event, MediaKind, MediaMessage, MessageStreamId, MessageType};

pub(crate) fn messages(dialogue: &mut Dialogue) -> Vec<MediaMessage> {
    let events = dialogue.events();
    let message = |event| match event {
        Event::Message(message) => message,
        other => panic!("{other:?}"),
    };
    events.into_iter().map(message).collect()
}

pub(crate) fn tag(kind: u8, time: u32, body: &[u8]) -> Vec<u8> {
    let [a, b, c, d] = time.to_be_bytes();
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[kind][..], &length[1..], &[b, c, d, a, 0, 0, 0], body, &[0; 4]].concat()
}

#[test]
fn bodies_arrive_byte_for_byte_whatever_they_are() {
    let mut dialogue = Dialogue::publishing(config());
    let enhanced = b"\x97\x00\x00\x01\x02\x00hvc1 modex and what nobody knows yet";
    let large: Vec<u8> = (0..200_000u32).map(|n| n as u8).collect();
    for (csid, kind, body) in [
        (6, MessageType::VIDEO, &enhanced[..]),
        (4, MessageType::AUDIO, b""),
        (6, MessageType::VIDEO, &large),
        (4, MessageType::DATA, &[0xFF, 1, 2]),
    ] {
        dialogue.message(csid, 1, kind, 7, body);
        let [message] = &messages(&mut dialogue)[..] else { panic!("one message") };
        assert_eq!(message.payload, body);
    }
}

#[test]
fn set_data_frame_is_taken_off_and_the_rest_is_untouched() {
    let mut dialogue = Dialogue::publishing(config());
    let values = [Value::from("onMetaData"), object(&[("a", 1.0.into())])];
    let plain = encode_all(&values);
    let marked = [encode_all(&["@setDataFrame".into()]), plain.clone()].concat();
    // A last end marker that is missing, as some encoders write, is passed on as it is.
    let sloppy = plain[..plain.len() - 3].to_vec();
    for (sent, expected) in [(marked, plain.clone()), (plain.clone(), plain), (sloppy.clone(), sloppy)] {
        dialogue.message(4, 1, MessageType::DATA, 0, &sent);
        let [message] = &messages(&mut dialogue)[..] else { panic!("one message") };
        assert_eq!((message.kind, &message.payload[..]), (MediaKind::Data, &expected[..]));
    }
    let back = encode_all(&["@clearDataFrame".into(), "onMetaData".into()]);
    dialogue.message(4, 1, MessageType::DATA, 0, &back);
    let [message] = &messages(&mut dialogue)[..] else { panic!("one message") };
    assert_eq!(message.payload[..], back[..], "taken back: players and servers behind are told");
    dialogue.message(4, 1, MessageType::DATA, 0, &[]);
    dialogue.message(4, 1, MessageType::DATA, 0, &encode_all(&["@setDataFrame".into()]));
    dialogue.message(4, 1, MessageType::DATA_AMF3, 0, &[0]);
    assert_eq!(messages(&mut dialogue), []);
}

#[test]
fn an_aggregate_of_very_many_parts_comes_in_turns() {
    let mut dialogue = Dialogue::publishing(config());
    let body = tag(8, 0, b"").repeat(20_000);
    let bytes = dialogue.encoded(6, 1, MessageType::AGGREGATE, 0, &body);
    dialogue.bytes(&bytes).unwrap();
    let next = dialogue.encoded(6, 1, MessageType::VIDEO, 9, b"v");
    dialogue.bytes(&next).unwrap();
    assert!(!dialogue.server.wants_input(), "the parts have to go first");
    let mut seen = 0;
    while let Some(event) = dialogue.server.next_event() {
        assert!(matches!(event, Event::Message(_)));
        seen += 1;
    }
    assert_eq!(seen, 20_000);
    dialogue.pump();
    assert_eq!(messages(&mut dialogue).len(), 1);
    assert!(dialogue.server.wants_input());
}

#[test]
fn media_before_the_answer_waits_and_stays_in_order() {
    let mut dialogue = Dialogue::connected(config());
    dialogue.command(3, 0, "createStream", 2.0, &[]);
    dialogue.command(8, 1, "publish", 0.0, &["cam".into(), "live".into()]);
    for n in 0..100u32 {
        dialogue.message(4, 1, MessageType::AUDIO, n, &n.to_be_bytes());
    }
    let request = dialogue.publish_request();
    assert_eq!(messages(&mut dialogue), []);
    assert!(!dialogue.server.wants_input());
    assert!(!dialogue.unread.is_empty(), "the rest stays with the driver: nothing piles up inside");
    assert!(dialogue.server.accept_publish(request.id, ""));
    let mut seen = Vec::new();
    while seen.len() < 100 {
        seen.extend(messages(&mut dialogue).iter().map(|m| m.timestamp));
        dialogue.pump();
    }
    assert_eq!(seen, (0..100).collect::<Vec<_>>());
}

#[test]
fn media_of_a_refused_publish_is_dropped_and_the_connection_lives() {
    let mut dialogue = Dialogue::connected(config());
    dialogue.command(3, 0, "createStream", 2.0, &[]);
    dialogue.command(8, 1, "publish", 0.0, &["cam".into(), "live".into()]);
    dialogue.message(4, 1, MessageType::AUDIO, 0, b"a");
    dialogue.message(4, 1, MessageType::AUDIO, 1, b"b");
    let request = dialogue.publish_request();
    assert!(dialogue.server.reject(request.id, "", "no"));
    dialogue.pump();
    let events = dialogue.events();
    assert_eq!(events.len(), 2);
    assert!(events.iter().all(|event| matches!(event, Event::Ignored { .. })), "{events:?}");
    dialogue.command(8, 1, "publish", 0.0, &["other".into(), "live".into()]);
    assert_eq!(dialogue.publish_request().name, "other");
}

#[test]
fn other_commands_go_on_while_a_publish_waits() {
    let mut dialogue = Dialogue::connected(config());
    dialogue.command(3, 0, "createStream", 2.0, &[]);
    dialogue.command(3, 0, "createStream", 3.0, &[]);
    dialogue.command(8, 1, "publish", 0.0, &["a".into(), "live".into()]);
    let first = dialogue.publish_request();
    dialogue.command(8, 2, "publish", 0.0, &["b".into(), "live".into()]);
    let second = dialogue.publish_request();
    assert_eq!(dialogue.codes(), ["_result", "_result"]);
    assert!(dialogue.server.accept_publish(second.id, "") && dialogue.server.accept_publish(first.id, ""));
}

#[test]
fn a_publish_that_the_server_ends_is_over() {
    let mut dialogue = Dialogue::publishing(config());
    assert!(dialogue.server.end_stream(MessageStreamId(1)));
    assert!(!dialogue.server.end_stream(MessageStreamId(1)));
    dialogue.message(4, 1, MessageType::AUDIO, 0, b"a");
    assert!(matches!(dialogue.events()[..], [Event::Ignored { .. }]));
}

#[test]
fn players_media_is_refused() {
    let mut dialogue = Dialogue::playing(config());
    for kind in [MessageType::AUDIO, MessageType::DATA, MessageType::AGGREGATE, MessageType::SHARED_OBJECT] {
        dialogue.message(4, 1, kind, 0, b"a");
        assert!(matches!(dialogue.events()[..], [Event::Ignored { .. }]));
    }
}

#[test]
fn shared_media_goes_between_whole_messages() {
    let mut dialogue = Dialogue::playing(config());
    let stream = MessageStreamId(1);
    assert!(dialogue.server.at_message_boundary());
    dialogue.server.stream_dry(stream);
    dialogue.server.sent(3);
    assert!(!dialogue.server.at_message_boundary(), "a message is half written");
    let rest = dialogue.take_bytes();
    assert_eq!(rest.len(), 12 + 6 - 3);
    assert!(dialogue.server.at_message_boundary());
    let before = dialogue.server.bytes_sent();
    let size = dialogue.server.chunk_size();
    let shared = encode_message(ChunkStreamId(6), stream, MessageType::VIDEO, 5, size, &[Bytes::from_static(b"v")]);
    dialogue.server.external_sent(shared.len());
    assert_eq!(dialogue.server.bytes_sent(), before + shared.len() as u64);
}

#[test]
fn times_beyond_24_bits_and_the_wrap_arrive_whole() {
    let mut dialogue = Dialogue::publishing(config());
    let times = [0xFF_FFFE, 0xFF_FFFF, 0x100_0000, 0xFFFF_FFFF, 5, 3];
    for time in times {
        dialogue.message(4, 1, MessageType::AUDIO, time, &[7; 300]);
    }
    assert_eq!(messages(&mut dialogue).iter().map(|m| m.timestamp).collect::<Vec<_>>(), times);
}
