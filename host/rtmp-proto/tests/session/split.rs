//! The bytes may come in any pieces: what happens is the same.

use crate::dialogue::{Dialogue, config, handshake, object};
use proptest::prelude::*;
use rtmp_proto::amf0::encode_all;
use rtmp_proto::control::{Control, UserControl};
use rtmp_proto::{Event, MessageStreamId, MessageType};

/// Everything a publisher writes, from C0 to deleteStream, without waiting for an answer.
fn script() -> Vec<u8> {
    let mut scribe = Dialogue::new(config());
    let mut bytes = handshake();
    let mut command = |scribe: &mut Dialogue, stream, values: &[rtmp_proto::amf0::Value]| {
        bytes.extend(scribe.encoded(3, stream, MessageType::COMMAND, 0, &encode_all(values)));
    };
    let null = rtmp_proto::amf0::Value::Null;
    command(&mut scribe, 0, &["connect".into(), 1.0.into(), object(&[("app", "live".into())])]);
    command(&mut scribe, 0, &["createStream".into(), 2.0.into(), null.clone()]);
    command(&mut scribe, 1, &["publish".into(), 0.0.into(), null.clone(), "cam".into(), "live".into()]);
    let (kind, payload) = Control::User(UserControl::SetBufferLength { stream: MessageStreamId(1), ms: 5 }).encode();
    bytes.extend(scribe.encoded(2, 0, kind, 0, &payload));
    for n in 0..20u32 {
        let body: Vec<u8> = (0..n * 37).map(|b| b as u8).collect();
        bytes.extend(scribe.encoded(4, 1, MessageType::AUDIO, n * 23, &body));
        bytes.extend(scribe.encoded(6, 1, MessageType::VIDEO, 0xFF_FFF0 + n * 40, &body));
    }
    let values = ["deleteStream".into(), 0.0.into(), null, 1.0.into()];
    bytes.extend(scribe.encoded(3, 0, MessageType::COMMAND, 0, &encode_all(&values)));
    bytes
}

/// Feeds pieces as a driver does; gives the events and everything written.
fn drive(bytes: &[u8], steps: &[usize]) -> (Vec<Event>, Vec<u8>) {
    let mut dialogue = Dialogue::new(config());
    let (mut events, mut written) = (Vec::new(), Vec::new());
    let mut rest = bytes;
    for step in steps.iter().cycle() {
        let (now, later) = rest.split_at(rest.len().min(*step));
        rest = later;
        let mut fresh = now;
        loop {
            dialogue.bytes(fresh).unwrap();
            fresh = &[];
            let mut progress = false;
            while let Some(event) = dialogue.server.next_event() {
                progress = true;
                match &event {
                    Event::Connect(request) => assert!(dialogue.server.accept_connect(request.id)),
                    Event::Publish(request) => assert!(dialogue.server.accept_publish(request.id, "")),
                    _ => {}
                }
                events.push(event);
            }
            let output = dialogue.take_bytes();
            progress |= !output.is_empty();
            written.extend(output);
            if !progress {
                break;
            }
        }
        if rest.is_empty() {
            break;
        }
    }
    assert!(dialogue.unread.is_empty());
    (events, written)
}

#[test]
fn a_whole_publish_in_one_piece() {
    let (events, _) = drive(&script(), &[usize::MAX]);
    let messages = events.iter().filter(|event| matches!(event, Event::Message(_))).count();
    assert_eq!(messages, 40);
    assert!(matches!(events.last(), Some(Event::PublishEnded { .. })));
}

#[test]
fn a_whole_publish_byte_by_byte() {
    assert_eq!(drive(&script(), &[1]), drive(&script(), &[usize::MAX]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_split_gives_the_same_events_and_bytes(steps in proptest::collection::vec(1usize..3000, 1..20)) {
        prop_assert_eq!(drive(&script(), &steps), drive(&script(), &[usize::MAX]));
    }

    #[test]
    fn any_bytes_after_the_handshake_end_well(
        garbage in proptest::collection::vec(any::<u8>(), 0..2000),
        phase in 0..3,
    ) {
        let mut dialogue = match phase {
            0 => Dialogue::shaken(config()),
            1 => Dialogue::publishing(config()),
            _ => Dialogue::playing(config()),
        };
        let mut fresh = garbage.as_slice();
        for _ in 0..1000 {
            if dialogue.bytes(fresh).is_err() {
                break;
            }
            fresh = &[];
            let events = dialogue.events().len();
            if events + dialogue.take_bytes().len() == 0 {
                break;
            }
        }
    }

    #[test]
    fn any_order_of_commands_ends_well(
        commands in proptest::collection::vec((0u32..4, 0usize..16, any::<bool>()), 0..60),
    ) {
        const NAMES: [&str; 16] = [
            "connect", "createStream", "publish", "play", "deleteStream", "closeStream", "FCPublish", "FCUnpublish",
            "pause", "seek", "receiveAudio", "releaseStream", "getStreamLength", "_checkbw", "nonsense", "play2",
        ];
        let mut dialogue = Dialogue::connected(config());
        let mut live = std::collections::BTreeSet::new();
        for (stream, name, accept) in commands {
            dialogue.command(3, stream, NAMES[name], 2.0, &["cam".into(), 1.0.into()]);
            dialogue.message(4, stream, MessageType::AUDIO, 0, b"a");
            for event in dialogue.events() {
                match event {
                    Event::Publish(request) => {
                        prop_assert!(live.insert(request.stream), "a stream does one thing at a time");
                        let answered = if accept {
                            dialogue.server.accept_publish(request.id, "")
                        } else {
                            live.remove(&request.stream);
                            dialogue.server.reject(request.id, "", "no")
                        };
                        prop_assert!(answered);
                    }
                    Event::Play(request) => {
                        prop_assert!(live.insert(request.stream), "a stream does one thing at a time");
                        prop_assert!(dialogue.server.accept_play(request.id, ""));
                    }
                    Event::PublishEnded { stream } | Event::PlayEnded { stream } => {
                        prop_assert!(live.remove(&stream), "an end belongs to a start");
                    }
                    _ => {}
                }
            }
            dialogue.pump();
        }
    }
}
