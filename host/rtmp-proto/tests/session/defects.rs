//! One test for each known defect of the server that this one grew from, as far as the protocol is concerned. The numbers
//! are those of the list; the wire's parts test theirs in place.

use crate::dialogue::{Dialogue, config, object};
use rtmp_proto::amf0::encode_all;
use rtmp_proto::{Event, MediaKind, MessageStreamId, MessageType};

#[test]
fn defect_2_missing_app_and_an_empty_amf3_body_do_not_panic() {
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
fn defect_2_a_second_publisher_does_not_panic() {
    let mut dialogue = Dialogue::publishing(config());
    dialogue.command(8, 1, "publish", 0.0, &["cam".into(), "live".into()]);
    assert_eq!(dialogue.codes(), ["NetStream.Publish.BadName"]);
    dialogue.events();
    dialogue.message(4, 1, MessageType::AUDIO, 0, b"a");
    assert!(matches!(dialogue.events()[..], [Event::Message(_)]), "the first one goes on");
}

#[test]
fn defect_5_unlimited_chunk_streams() {
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
fn defect_6_metadata_and_data_messages_arrive() {
    let mut dialogue = Dialogue::publishing(config());
    for name in ["onMetaData", "onTextData", "onCuePoint", "myOwn"] {
        let body = encode_all(&[name.into(), object(&[("a", 1.0.into())])]);
        dialogue.message(4, 1, MessageType::DATA, 5, &body);
        let [Event::Message(message)] = &dialogue.events()[..] else { panic!("{name} is lost") };
        assert_eq!((message.kind, &message.payload[..]), (MediaKind::Data, &body[..]));
    }
}

#[test]
fn defect_7_stop_then_publish_again_on_one_connection() {
    let mut dialogue = Dialogue::publishing(config());
    for round in 0..3 {
        dialogue.command(3, 0, "FCUnpublish", 0.0, &["cam".into()]);
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
fn defect_8_a_play_that_waits_does_not_stop_the_reading() {
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
fn defect_18_a_failed_play_is_told_at_once() {
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
fn defects_23_and_24_backward_and_extended_times_arrive_as_they_are() {
    let mut player = Dialogue::playing(config());
    let times = [100, 60, 0xFF_FFFE, 0xFF_FFFF, 0x0123_4567, 0xFFFF_FFFF, 20, 0];
    for time in times {
        // Larger than a chunk, so that format 3 chunks repeat the extended timestamp.
        player.server.send_message(MessageStreamId(1), MediaKind::Video, time, &[vec![1; 130_000].into()]);
    }
    player.pump();
    assert_eq!(player.inbox.iter().map(|message| message.timestamp).collect::<Vec<_>>(), times);
    assert!(player.inbox.iter().all(|message| message.payload.len() == 130_000));
}
