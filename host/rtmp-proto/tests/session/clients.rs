//! The command orders of real clients, as a sniffing listener saw them.

use crate::dialogue::{Dialogue, config, object};
use rtmp_proto::amf0::encode_all;
use rtmp_proto::control::{Control, UserControl};
use rtmp_proto::{Event, MediaKind, MessageStreamId, MessageType};

const AUDIO: &[u8] = b"\xaf\x01audio";
const VIDEO: &[u8] = b"\x17\x01\0\0\0video";

fn metadata() -> Vec<u8> {
    encode_all(&["@setDataFrame".into(), "onMetaData".into(), object(&[("width", 320.0.into())])])
}

/// Accepts the connect that waits.
pub(crate) fn accept(dialogue: &mut Dialogue) {
    let request = dialogue.connect_request();
    assert_eq!(request.app, "live");
    assert!(dialogue.server.accept_connect(request.id));
    dialogue.pump();
    dialogue.inbox.clear();
}

/// Sends metadata, audio and video, and sees them come out.
fn media(dialogue: &mut Dialogue, data: u32, audio: u32, video: u32, stream: u32) {
    dialogue.message(data, stream, MessageType::DATA, 0, &metadata());
    dialogue.message(audio, stream, MessageType::AUDIO, 0, AUDIO);
    dialogue.message(video, stream, MessageType::VIDEO, 0, VIDEO);
    dialogue.message(audio, stream, MessageType::AUDIO, 23, AUDIO);
    dialogue.message(video, stream, MessageType::VIDEO, 40, VIDEO);
    let seen: Vec<(MediaKind, u32)> = dialogue
        .events()
        .into_iter()
        .map(|event| match event {
            Event::Message(message) => (message.kind, message.timestamp),
            other => panic!("{other:?}"),
        })
        .collect();
    use MediaKind::{Audio, Data, Video};
    assert_eq!(seen, [(Data, 0), (Audio, 0), (Video, 0), (Audio, 23), (Video, 40)]);
}

pub(crate) fn publish(dialogue: &mut Dialogue) {
    let request = dialogue.publish_request();
    assert_eq!((request.name.as_str(), request.stream.0), ("cam", 1));
    assert!(dialogue.server.accept_publish(request.id, ""));
    assert_eq!(dialogue.codes(), ["NetStream.Publish.Start"]);
}

fn ended(dialogue: &mut Dialogue) {
    assert_eq!(dialogue.events(), [Event::PublishEnded { stream: MessageStreamId(1) }]);
}

#[test]
fn ffmpeg_publishes() {
    let mut dialogue = Dialogue::shaken(config());
    dialogue.connect("live");
    // Set Chunk Size comes right behind connect, before its answer, and the answer comes late.
    dialogue.control(Control::SetChunkSize(60_000));
    accept(&mut dialogue);
    for (name, transaction) in [("releaseStream", 2.0), ("FCPublish", 3.0)] {
        dialogue.command(3, 0, name, transaction, &["cam".into()]);
    }
    dialogue.command(3, 0, "createStream", 4.0, &[]);
    assert_eq!(dialogue.codes(), ["_result", "_result", "NetStream.Publish.Start", "_result"]);
    dialogue.command(8, 1, "publish", 5.0, &["cam".into(), "live".into()]);
    publish(&mut dialogue);
    media(&mut dialogue, 4, 4, 6, 1);
    dialogue.command(3, 0, "FCUnpublish", 6.0, &["cam".into()]);
    dialogue.command(3, 0, "deleteStream", 7.0, &[1.0.into()]);
    ended(&mut dialogue);
}

#[test]
fn obs_publishes() {
    let mut dialogue = Dialogue::shaken(config());
    dialogue.control(Control::SetChunkSize(4096));
    dialogue.connect_with(&[
        ("app", "live".into()),
        ("type", "nonprivate".into()),
        ("flashVer", "FMLE/3.0 (compatible; FMSc/1.0)".into()),
        ("swfUrl", "rtmp://localhost/live".into()),
        ("tcUrl", "rtmp://localhost/live".into()),
    ]);
    accept(&mut dialogue);
    dialogue.command(3, 0, "releaseStream", 2.0, &["cam".into()]);
    dialogue.command(3, 0, "FCPublish", 3.0, &["cam".into()]);
    dialogue.command(3, 0, "createStream", 4.0, &[]);
    dialogue.codes();
    dialogue.command(4, 1, "publish", 5.0, &["cam".into(), "live".into()]);
    publish(&mut dialogue);
    media(&mut dialogue, 4, 4, 4, 1);
    dialogue.command(3, 0, "FCUnpublish", 6.0, &["cam".into()]);
    dialogue.command(3, 0, "deleteStream", 7.0, &[1.0.into()]);
    ended(&mut dialogue);
}

#[test]
fn rtmp2sink_publishes() {
    let mut dialogue = Dialogue::shaken(config());
    dialogue.connect("live");
    accept(&mut dialogue);
    dialogue.control(Control::WindowAckSize(2_500_000));
    dialogue.command(3, 0, "releaseStream", 0.0, &["cam".into()]);
    dialogue.command(3, 0, "FCPublish", 0.0, &["cam".into()]);
    dialogue.command(3, 0, "createStream", 2.0, &[]);
    assert_eq!(dialogue.codes(), ["NetStream.Publish.Start", "_result"], "transaction 0 wants no result");
    dialogue.command(3, 1, "publish", 0.0, &["cam".into(), "live".into()]);
    // Set Chunk Size and a first onMetaData come before the answer.
    dialogue.control(Control::SetChunkSize(60_000));
    dialogue.message(4, 1, MessageType::DATA, 0, &metadata());
    publish(&mut dialogue);
    let [Event::Message(first)] = &dialogue.events()[..] else { panic!("the metadata that came early") };
    assert_eq!(first.kind, MediaKind::Data);
    media(&mut dialogue, 4, 5, 6, 1);
    dialogue.command(3, 0, "FCUnpublish", 0.0, &["cam".into()]);
    ended(&mut dialogue);
}

#[test]
fn librtmp_publishes() {
    let mut dialogue = Dialogue::shaken(config());
    // No Set Chunk Size ever: 128 stays. Everything of the stream goes on chunk stream 4.
    dialogue.connect("live");
    accept(&mut dialogue);
    dialogue.command(3, 0, "releaseStream", 2.0, &["cam".into()]);
    dialogue.command(3, 0, "FCPublish", 3.0, &["cam".into()]);
    dialogue.command(3, 0, "createStream", 4.0, &[]);
    dialogue.codes();
    dialogue.command(4, 1, "publish", 5.0, &["cam".into(), "live".into()]);
    publish(&mut dialogue);
    media(&mut dialogue, 4, 4, 4, 1);
    dialogue.command(3, 0, "deleteStream", 6.0, &[1.0.into()]);
    ended(&mut dialogue);
}

#[test]
fn flash_media_live_encoder_publishes() {
    let mut dialogue = Dialogue::shaken(config());
    dialogue.connect("live");
    accept(&mut dialogue);
    dialogue.command(3, 0, "releaseStream", 2.0, &["cam".into()]);
    dialogue.command(3, 0, "FCPublish", 3.0, &["cam".into()]);
    dialogue.command(3, 0, "createStream", 4.0, &[]);
    dialogue.command(3, 0, "_checkbw", 5.0, &[]);
    assert_eq!(dialogue.codes(), ["_result", "_result", "NetStream.Publish.Start", "_result", "_result"]);
    dialogue.command(8, 1, "publish", 0.0, &["cam".into(), "live".into()]);
    publish(&mut dialogue);
    media(&mut dialogue, 4, 4, 4, 1);
    dialogue.command(3, 0, "FCUnpublish", 6.0, &["cam".into()]);
    dialogue.command(8, 1, "closeStream", 0.0, &[]);
    dialogue.command(3, 0, "deleteStream", 0.0, &[1.0.into()]);
    ended(&mut dialogue);
}

#[test]
fn an_eager_encoder_sends_everything_at_once() {
    // connect, createStream, publish and media before a single answer; stream 1 is guessed.
    let mut dialogue = Dialogue::shaken(config());
    dialogue.connect("live");
    dialogue.command(3, 0, "createStream", 2.0, &[]);
    dialogue.command(8, 1, "publish", 3.0, &["cam".into(), "live".into()]);
    dialogue.message(4, 1, MessageType::AUDIO, 0, AUDIO);
    dialogue.message(6, 1, MessageType::VIDEO, 1, VIDEO);
    accept(&mut dialogue);
    publish(&mut dialogue);
    let kinds: Vec<u32> = dialogue
        .events()
        .iter()
        .map(|event| match event {
            Event::Message(message) => message.timestamp,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(kinds, [0, 1], "nothing is lost and the order is kept");
}

#[test]
fn an_encoder_without_create_stream_publishes() {
    for stream in [0, 1] {
        let mut dialogue = Dialogue::connected(config());
        dialogue.command(3, stream, "publish", 2.0, &["cam".into(), "live".into()]);
        let request = dialogue.publish_request();
        assert_eq!(request.stream, MessageStreamId(stream));
        assert!(dialogue.server.accept_publish(request.id, ""));
        assert_eq!(dialogue.codes(), ["NetStream.Publish.Start"]);
        media(&mut dialogue, 4, 4, 6, stream);
    }
}

fn plays(dialogue: &mut Dialogue, start_ms: i64) {
    let request = dialogue.play_request();
    assert_eq!((request.name.as_str(), request.start_ms, request.stream.0), ("cam", start_ms, 1));
    assert!(dialogue.server.accept_play(request.id, ""));
    assert_eq!(dialogue.codes(), ["NetStream.Play.Reset", "NetStream.Play.Start"]);
    dialogue.server.send_message(request.stream, MediaKind::Video, 9, &[VIDEO.into()]);
    dialogue.pump();
    let message = dialogue.inbox.pop().unwrap();
    assert_eq!((message.stream, message.timestamp, message.payload.as_ref()), (request.stream, 9, VIDEO));
}

#[test]
fn ffmpeg_and_mpv_play() {
    let mut dialogue = Dialogue::shaken(config());
    dialogue.connect_with(&[
        ("app", "live".into()),
        ("flashVer", "LNX 9,0,124,2".into()),
        ("tcUrl", "rtmp://localhost/live".into()),
        ("fpad", false.into()),
        ("capabilities", 15.0.into()),
        ("audioCodecs", 4071.0.into()),
        ("videoCodecs", 252.0.into()),
        ("videoFunction", 1.0.into()),
    ]);
    let request = dialogue.connect_request();
    assert_eq!((request.audio_codecs, request.video_codecs), (4071, 252));
    assert!(dialogue.server.accept_connect(request.id));
    dialogue.pump();
    dialogue.inbox.clear();
    dialogue.control(Control::WindowAckSize(2_500_000));
    dialogue.command(3, 0, "createStream", 2.0, &[]);
    dialogue.command(8, 0, "getStreamLength", 3.0, &["cam".into()]);
    assert_eq!(dialogue.codes(), ["_result", "_result"]);
    dialogue.command(8, 1, "play", 4.0, &["cam".into(), (-2000.0).into()]);
    plays(&mut dialogue, -2000);
    let stream = MessageStreamId(1);
    dialogue.control(Control::User(UserControl::SetBufferLength { stream, ms: 3000 }));
    assert_eq!(dialogue.events(), [Event::BufferLength { stream, ms: 3000 }]);
    dialogue.command(8, 1, "deleteStream", 0.0, &[1.0.into()]);
    assert_eq!(dialogue.events(), [Event::PlayEnded { stream }]);
}

#[test]
fn rtmp2src_plays() {
    let mut dialogue = Dialogue::shaken(config());
    dialogue.connect("live");
    accept(&mut dialogue);
    dialogue.control(Control::WindowAckSize(2_500_000));
    dialogue.control(Control::WindowAckSize(2_500_000));
    // A buffer length for a stream that does not exist yet.
    dialogue.control(Control::User(UserControl::SetBufferLength { stream: MessageStreamId(0), ms: 3000 }));
    assert!(matches!(dialogue.events()[..], [Event::BufferLength { .. }]));
    dialogue.command(3, 0, "createStream", 2.0, &[]);
    dialogue.codes();
    dialogue.command(3, 1, "play", 0.0, &["cam".into(), (-2.0).into()]);
    plays(&mut dialogue, -2000);
}

#[test]
fn rtmpdump_plays() {
    let mut dialogue = Dialogue::shaken(config());
    dialogue.connect_with(&[("app", "live".into()), ("audioCodecs", 3191.0.into())]);
    accept(&mut dialogue);
    dialogue.control(Control::WindowAckSize(5_000_000));
    dialogue.control(Control::User(UserControl::SetBufferLength { stream: MessageStreamId(0), ms: 300 }));
    dialogue.events();
    dialogue.command(3, 0, "createStream", 2.0, &[]);
    dialogue.command(3, 0, "FCSubscribe", 3.0, &["cam".into()]);
    assert_eq!(dialogue.codes(), ["_result", "_result", "NetStream.Play.Start"]);
    dialogue.command(8, 1, "play", 4.0, &["cam".into(), (-1000.0).into()]);
    plays(&mut dialogue, -1000);
}

#[test]
fn several_streams_share_a_connection() {
    let mut dialogue = Dialogue::connected(config());
    for transaction in [2.0, 3.0, 4.0] {
        dialogue.command(3, 0, "createStream", transaction, &[]);
    }
    for (stream, name) in [(1, "a"), (2, "b")] {
        dialogue.command(8, stream, "publish", 0.0, &[name.into(), "live".into()]);
        let request = dialogue.publish_request();
        assert!(dialogue.server.accept_publish(request.id, ""));
    }
    dialogue.command(8, 3, "play", 0.0, &["a".into()]);
    let request = dialogue.play_request();
    assert!(dialogue.server.accept_play(request.id, ""));
    for (csid, stream) in [(4, 1), (14, 2), (4, 1)] {
        dialogue.message(csid, stream, MessageType::AUDIO, 5, AUDIO);
    }
    let streams: Vec<u32> = dialogue
        .events()
        .iter()
        .map(|event| match event {
            Event::Message(message) => message.stream.0,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(streams, [1, 2, 1]);
    dialogue.command(3, 0, "deleteStream", 0.0, &[1.0.into()]);
    dialogue.message(14, 2, MessageType::AUDIO, 9, AUDIO);
    let events = dialogue.events();
    assert!(
        matches!(&events[..], [Event::PublishEnded { stream: MessageStreamId(1) }, Event::Message(_)]),
        "{events:?}"
    );
}
