//! One test for each known defect of the server that this one grew from, as far as the server's side of the protocol is
//! concerned. The numbers are those of the list, and stand in the names: `tests/house` sees that none is missing. Those of the
//! client's side are in `tests/pair`, those that need a wire beside what they test.

use crate::clients::{accept, publish};
use crate::dialogue::{Dialogue, config, handshake, object};
use crate::media::{messages, tag};
use bytes::Bytes;
use rtmp_proto::amf0::{Value, encode_all};
use rtmp_proto::chunk::Writer;
use rtmp_proto::control::{Control, UserControl};
use rtmp_proto::handshake::Variant;
use rtmp_proto::message::Message;
use rtmp_proto::{
    Cause, ChunkStreamId, ClientConfig, ClientConnection, Event, HandshakeRandom, MediaKind, MessageStreamId,
    MessageType,
};
use std::collections::BTreeSet;
use std::time::Duration;

#[test]
fn defect_02_a_second_publisher_does_not_panic() {
    let mut dialogue = Dialogue::publishing(config());
    dialogue.command(8, 1, "publish", 0.0, &["cam".into(), "live".into()]);
    assert_eq!(dialogue.codes(), ["NetStream.Publish.BadName"]);
    dialogue.events();
    dialogue.message(4, 1, MessageType::AUDIO, 0, b"a");
    assert!(matches!(dialogue.events()[..], [Event::Message(_)]), "the first one goes on");
}

#[test]
fn defect_02_missing_app_and_an_empty_amf3_body_do_not_panic() {
    let mut dialogue = Dialogue::shaken(config());
    dialogue.connect_with(&[("flashVer", "x".into())]);
    assert_eq!(dialogue.codes(), ["NetConnection.Connect.InvalidApp"]);
    assert!(dialogue.server.is_closing());
    let mut dialogue = Dialogue::publishing(config());
    for kind in [MessageType::COMMAND_AMF3, MessageType::DATA_AMF3, MessageType::SHARED_OBJECT_AMF3] {
        dialogue.message(3, 1, kind, 0, &[]);
    }
    dialogue.message(4, 1, MessageType::AUDIO, 0, b"a");
    assert!(matches!(dialogue.events().last(), Some(Event::Message(_))), "the publish lives");
}

#[test]
fn defect_03_a_steady_publish_is_acknowledged() {
    for named in [false, true] {
        let mut settings = config();
        settings.window_ack_size = 1_000_000;
        let mut dialogue = Dialogue::publishing(settings);
        if named {
            dialogue.control(Control::WindowAckSize(100_000));
        }
        let window = if named { 100_000 } else { 1_000_000 };
        let mut acknowledged = Vec::new();
        for time in 0..300 {
            dialogue.message(6, 1, MessageType::VIDEO, time * 40, &[9; 10_000]);
            dialogue.events();
            // Until the next frame of a live encoder.
            dialogue.now += Duration::from_millis(40);
            if dialogue.server.next_timeout().is_some_and(|due| due <= dialogue.now) {
                dialogue.server.handle_timeout(dialogue.now).unwrap();
            }
            dialogue.pump();
            for message in std::mem::take(&mut dialogue.inbox) {
                let Ok(Some(Control::Acknowledgement(n))) = Control::decode(&message) else { panic!("{message:?}") };
                assert_eq!(u64::from(n), dialogue.server.bytes_received());
                acknowledged.push(n);
            }
        }
        assert!(acknowledged.len() >= 3_000_000 / window, "{} acknowledgements", acknowledged.len());
        for pair in acknowledged.windows(2) {
            assert!(usize::try_from(pair[1] - pair[0]).unwrap() < window, "never a whole window without one");
        }
    }
}

#[test]
fn defect_04_a_ping_is_answered_with_its_four_bytes() {
    let mut dialogue = Dialogue::connected(config());
    dialogue.control(Control::User(UserControl::PingRequest(0x0102_0304)));
    dialogue.pump();
    let [answer] = &dialogue.inbox[..] else { panic!("one answer") };
    assert_eq!(answer.payload.as_ref(), [0, 7, 1, 2, 3, 4]);
}

#[test]
fn defect_05_a_chunk_size_of_zero_closes() {
    let mut dialogue = Dialogue::publishing(config());
    let bytes = dialogue.encoded(2, 0, MessageType::SET_CHUNK_SIZE, 0, &[0; 4]);
    assert_eq!(dialogue.bytes(&bytes).unwrap_err().cause, Cause::ChunkSize(0));
}

#[test]
fn defect_05_chunk_streams_are_bounded() {
    let mut dialogue = Dialogue::publishing(config());
    let mut failed = None;
    for csid in 100..200 {
        let bytes = dialogue.encoded(csid, 1, MessageType::AUDIO, 0, b"a");
        if let Err(error) = dialogue.bytes(&bytes) {
            failed = Some(error);
            break;
        }
        dialogue.events();
    }
    assert!(failed.unwrap().to_string().starts_with("more than 64 chunk streams (at byte "));
}

#[test]
fn defect_06_metadata_and_data_messages_arrive() {
    let mut dialogue = Dialogue::publishing(config());
    for name in ["onMetaData", "onTextData", "onCuePoint", "myOwn"] {
        let body = encode_all(&[name.into(), object(&[("a", 1.0.into())])]);
        dialogue.message(4, 1, MessageType::DATA, 5, &body);
        let [Event::Message(message)] = &dialogue.events()[..] else { panic!("{name} is lost") };
        assert_eq!((message.kind, &message.payload[..]), (MediaKind::Data, &body[..]));
    }
}

#[test]
fn defect_07_a_stream_stops_and_publishes_again_on_one_connection() {
    let mut dialogue = Dialogue::publishing(config());
    for round in 0..3 {
        // Either of them is enough.
        if round != 1 {
            dialogue.command(3, 0, "FCUnpublish", 0.0, &["cam".into()]);
        }
        dialogue.command(3, 0, "deleteStream", 0.0, &[1.0.into()]);
        assert_eq!(dialogue.events(), [Event::PublishEnded { stream: MessageStreamId(1) }]);
        dialogue.command(3, 0, "createStream", 9.0, &[]);
        dialogue.command(8, 1, "publish", 0.0, &["cam".into(), "live".into()]);
        let request = dialogue.publish_request();
        assert!(dialogue.server.accept_publish(request.id, ""));
        let codes = dialogue.codes();
        assert_eq!(codes.last().unwrap(), "NetStream.Publish.Start", "round {round}");
        dialogue.message(4, 1, MessageType::AUDIO, 0, b"a");
        assert!(matches!(dialogue.events()[..], [Event::Message(_)]));
    }
}

#[test]
fn defect_07_close_stream_ends_what_the_stream_does() {
    let mut dialogue = Dialogue::publishing(config());
    dialogue.command(8, 1, "closeStream", 0.0, &[]);
    assert_eq!(dialogue.events(), [Event::PublishEnded { stream: MessageStreamId(1) }]);
    assert_eq!(dialogue.codes(), ["NetStream.Unpublish.Success"]);
    dialogue.command(8, 1, "publish", 0.0, &["cam".into(), "live".into()]);
    publish(&mut dialogue);
}

#[test]
fn defect_08_a_play_that_waits_does_not_stop_the_reading() {
    let mut dialogue = Dialogue::connected(config());
    dialogue.command(3, 0, "createStream", 2.0, &[]);
    dialogue.command(8, 1, "play", 0.0, &["cam".into()]);
    let request = dialogue.play_request();
    dialogue.command(3, 0, "createStream", 3.0, &[]);
    assert_eq!(dialogue.codes(), ["_result", "_result"]);
    assert!(dialogue.server.wants_input());
    dialogue.command(3, 0, "deleteStream", 0.0, &[1.0.into()]);
    assert_eq!(dialogue.events(), [Event::PlayEnded { stream: MessageStreamId(1) }]);
    assert!(!dialogue.server.accept_play(request.id, ""), "the player has left");
}

#[test]
fn defect_09_an_amf3_client_publishes() {
    let mut dialogue = Dialogue::shaken(config());
    dialogue.connect_with(&[("app", "live".into()), ("objectEncoding", 3.0.into())]);
    accept(&mut dialogue);
    let amf3 = |values: &[Value]| [&[0][..], &encode_all(values)].concat();
    dialogue.message(3, 0, MessageType::COMMAND_AMF3, 0, &amf3(&["createStream".into(), 2.0.into(), Value::Null]));
    assert_eq!(dialogue.codes(), ["_result"]);
    let publish_command = amf3(&["publish".into(), 0.0.into(), Value::Null, "cam".into(), "live".into()]);
    dialogue.message(8, 1, MessageType::COMMAND_AMF3, 0, &publish_command);
    publish(&mut dialogue);
    // onMetaData with its object in AMF3: {a: 5}.
    let mut body = amf3(&["@setDataFrame".into(), "onMetaData".into()]);
    body.extend_from_slice(&[0x11, 0x0A, 0x0B, 0x01, 0x03, b'a', 0x04, 0x05, 0x01]);
    dialogue.message(4, 1, MessageType::DATA_AMF3, 0, &body);
    let [Event::Message(message)] = &dialogue.events()[..] else { panic!("the metadata") };
    assert_eq!(message.payload, encode_all(&["onMetaData".into(), object(&[("a", 5.0.into())])]));
}

#[test]
fn defect_10_aggregates_become_their_parts() {
    let mut dialogue = Dialogue::publishing(config());
    let body = [tag(8, 1000, b"a"), tag(9, 1010, b"v"), tag(18, 1020, &encode_all(&["onCuePoint".into()]))].concat();
    dialogue.message(6, 1, MessageType::AGGREGATE, 50, &body);
    let seen: Vec<(MediaKind, u32)> = messages(&mut dialogue).iter().map(|m| (m.kind, m.timestamp)).collect();
    assert_eq!(seen, [(MediaKind::Audio, 50), (MediaKind::Video, 60), (MediaKind::Data, 70)]);
}

#[test]
fn defect_13_every_handshake_is_random_throughout() {
    let mut seen = BTreeSet::new();
    let mut fresh = |packet: &[u8]| {
        for block in packet[8..].chunks_exact(16) {
            assert!(seen.insert(block.to_vec()), "bytes that were sent before");
        }
    };
    for n in 0..4 {
        let random = HandshakeRandom([n; 32]);
        let mut server = Dialogue::new(rtmp_proto::ServerConfig::new(random));
        server.bytes(&handshake()[..1537]).unwrap();
        fresh(&server.take_bytes()[1..1537]);
        let random = HandshakeRandom([n + 100; 32]);
        let client = ClientConnection::new(ClientConfig::new("live", "rtmp://h/live", random), Duration::ZERO);
        let mut slices = Vec::new();
        client.pending_output(&mut slices);
        fresh(&slices[0][1..1537]);
    }
}

#[test]
fn defect_14_an_invalid_digest_is_downgraded_to_the_plain_handshake() {
    let mut hello = handshake();
    // A version says that there is a digest; none verifies.
    hello[5..9].copy_from_slice(&[128, 0, 7, 2]);
    let mut dialogue = Dialogue::new(config());
    dialogue.bytes(&hello).unwrap();
    assert_eq!(dialogue.server.handshake_variant(), Some(Variant::Plain));
    let answer = dialogue.take_bytes();
    assert_eq!(answer[1 + 1536 + 8..], hello[9..1537], "S2 repeats C1");
    dialogue.connect("live");
    accept(&mut dialogue);
}

#[test]
fn defect_18_a_play_that_we_refuse_is_told_at_once() {
    let mut dialogue = Dialogue::connected(config());
    dialogue.command(3, 0, "createStream", 2.0, &[]);
    dialogue.command(8, 1, "play", 0.0, &["cam".into()]);
    let request = dialogue.play_request();
    assert!(dialogue.server.reject(request.id, "", "no such stream"));
    assert_eq!(dialogue.codes(), ["_result", "NetStream.Play.StreamNotFound"]);
}

#[test]
fn defect_22_the_offset_between_audio_and_video_is_kept() {
    let mut dialogue = Dialogue::publishing(config());
    dialogue.message(4, 1, MessageType::AUDIO, 1000, b"a");
    dialogue.message(6, 1, MessageType::VIDEO, 1080, b"v");
    let times: Vec<u32> = dialogue
        .events()
        .iter()
        .map(|event| match event {
            Event::Message(message) => message.timestamp,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(times, [1000, 1080]);
    let mut player = Dialogue::playing(config());
    for (kind, time) in [(MediaKind::Audio, 1000), (MediaKind::Video, 1080)] {
        player.server.send_message(MessageStreamId(1), kind, time, &["x".into()]);
    }
    player.pump();
    assert_eq!(player.inbox.iter().map(|message| message.timestamp).collect::<Vec<_>>(), [1000, 1080]);
}

#[test]
fn defect_23_time_that_goes_back_arrives_as_it_is() {
    assert_times(&[100, 60, 2000, 20, 0, 0xFFFF_FFFF, 3, 0xFF_FFFF, 1]);
    // Not as a delta of almost 2^32, which not every reader takes modulo 2^32: as a whole header.
    let mut writer = Writer::new();
    for (time, format) in [(100, 0), (140, 1), (120, 0), (120, 2), (0xFFFF_FFFF, 0), (10, 2)] {
        let (chunk_stream, stream, kind) = (ChunkStreamId(4), MessageStreamId(1), MessageType::AUDIO);
        let payload = Bytes::from(vec![7; 1 + usize::from(time == 140)]);
        let mut bytes = Vec::new();
        writer.write(&Message { chunk_stream, stream, kind, timestamp: time, payload }, &mut bytes).unwrap();
        assert_eq!(bytes[0] >> 6, format, "{time}");
    }
}

#[test]
fn defect_24_extended_times_and_deltas_arrive_as_they_are() {
    assert_times(&[0, 0xFF_FFFE, 0xFF_FFFF, 0x100_0000, 0x0123_4567, 0x0333_4567, 0xFFFF_FFFF]);
    // A delta of more than 24 bits, with the shortest headers there are.
    let mut dialogue = Dialogue::publishing(config());
    for time in [5, 0x0200_0005, 0x0400_0005, 0x0600_0005] {
        dialogue.message(4, 1, MessageType::AUDIO, time, &[7; 300]);
        let [message] = &messages(&mut dialogue)[..] else { panic!("one message") };
        assert_eq!((message.timestamp, message.payload.len()), (time, 300));
    }
}

/// These times arrive at a player, and from a publisher.
fn assert_times(times: &[u32]) {
    let mut player = Dialogue::playing(config());
    for time in times {
        // Larger than a chunk, so that format 3 chunks repeat the extended timestamp.
        player.server.send_message(MessageStreamId(1), MediaKind::Video, *time, &[vec![1; 130_000].into()]);
    }
    player.pump();
    assert_eq!(player.inbox.iter().map(|message| message.timestamp).collect::<Vec<_>>(), times);
    assert!(player.inbox.iter().all(|message| message.payload.len() == 130_000));
    let mut publisher = Dialogue::publishing(config());
    for time in times {
        publisher.message(4, 1, MessageType::AUDIO, *time, &[7; 300]);
    }
    assert_eq!(messages(&mut publisher).iter().map(|message| message.timestamp).collect::<Vec<_>>(), times);
}
