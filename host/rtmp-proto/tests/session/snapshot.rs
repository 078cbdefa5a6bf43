//! Dialogues written down: what a client sees, message by message.

use crate::dialogue::{Dialogue, config, object};
use rtmp_proto::status::Level;
use rtmp_proto::{Event, MediaKind, MessageStreamId};

#[test]
fn connect() {
    let mut dialogue = Dialogue::shaken(config());
    dialogue.connect("live");
    let request = dialogue.connect_request();
    assert_eq!((request.app.as_str(), request.tc_url.as_str()), ("live", "rtmp://localhost/live"));
    assert!(dialogue.transcript().is_empty(), "nothing is said before the driver has answered");
    dialogue.server.accept_connect(request.id);
    assert_eq!(
        dialogue.transcript(),
        [
            "cs 2 ms 0: WindowAckSize(524288)",
            "cs 2 ms 0: PeerBandwidth { window: 524288, limit: Dynamic }",
            "cs 2 ms 0: SetChunkSize(60000)",
            "cs 2 ms 0: User(StreamBegin(MessageStreamId(0)))",
            "cs 3 ms 0: \"_result\" 1 {fmsVer: \"FMS/3,5,7,7009\", capabilities: 31, fourCcList: [\"*\", \"vp08\", \
             \"vp09\", \"av01\", \"avc1\", \"hvc1\", \"vvc1\", \"ac-3\", \"ec-3\", \"Opus\", \".mp3\", \"fLaC\", \"mp4a\"], \
             videoFourCcInfoMap: {*: 4, vp08: 4, vp09: 4, av01: 4, avc1: 4, hvc1: 4, vvc1: 4}, \
             audioFourCcInfoMap: {*: 4, ac-3: 4, ec-3: 4, Opus: 4, .mp3: 4, fLaC: 4, mp4a: 4}, capsEx: 15} \
             {level: \"status\", \
             code: \"NetConnection.Connect.Success\", description: \"Connection succeeded.\", objectEncoding: 0}",
        ]
    );
    assert_eq!(dialogue.server.chunk_size(), 60_000);
}

#[test]
fn connect_without_enhanced_rtmp() {
    let mut config = config();
    config.announce_enhanced = false;
    let mut dialogue = Dialogue::shaken(config);
    dialogue.connect_with(&[("app", "live".into()), ("objectEncoding", 3.0.into())]);
    let request = dialogue.connect_request();
    dialogue.server.accept_connect(request.id);
    assert_eq!(
        dialogue.transcript().last().unwrap(),
        "cs 3 ms 0: \"_result\" 1 {fmsVer: \"FMS/3,5,7,7009\", capabilities: 31} {level: \"status\", \
         code: \"NetConnection.Connect.Success\", description: \"Connection succeeded.\", objectEncoding: 3}"
    );
}

#[test]
fn connect_refused_and_redirected() {
    let mut dialogue = Dialogue::shaken(config());
    dialogue.connect("live");
    let request = dialogue.connect_request();
    assert!(dialogue.server.reject(request.id, "", "not you"));
    assert!(dialogue.server.is_closing());
    let refused = "cs 3 ms 0: \"_error\" 1 null {level: \"error\", code: \"NetConnection.Connect.Rejected\", ";
    assert_eq!(dialogue.transcript(), [format!("{refused}description: \"not you\"}}")]);

    let mut dialogue = Dialogue::shaken(config());
    dialogue.connect("live");
    let request = dialogue.connect_request();
    assert!(dialogue.server.redirect(request.id, "rtmp://b/live"));
    assert!(dialogue.server.is_closing());
    assert_eq!(
        dialogue.transcript(),
        [format!("{refused}description: \"Moved to rtmp://b/live\", ex: {{code: 302, redirect: \"rtmp://b/live\"}}}}")]
    );
}

#[test]
fn publish() {
    let mut dialogue = Dialogue::connected(config());
    dialogue.command(3, 0, "releaseStream", 2.0, &["cam?k=1".into()]);
    dialogue.command(3, 0, "FCPublish", 3.0, &["cam?k=1".into()]);
    dialogue.command(3, 0, "createStream", 4.0, &[]);
    dialogue.command(8, 1, "publish", 5.0, &["cam?k=1".into(), "live".into()]);
    assert_eq!(
        dialogue.transcript(),
        [
            "cs 3 ms 0: \"_result\" 2 null undefined",
            "cs 3 ms 0: \"_result\" 3 null undefined",
            "cs 3 ms 0: \"onFCPublish\" 0 null {level: \"status\", code: \"NetStream.Publish.Start\", \
             description: \"cam?k=1\"}",
            "cs 3 ms 0: \"_result\" 4 null 1",
        ]
    );
    let request = dialogue.publish_request();
    assert_eq!((request.name.as_str(), request.mode.as_str(), request.stream.0), ("cam?k=1", "live", 1));
    dialogue.server.accept_publish(request.id, "");
    assert_eq!(
        dialogue.transcript(),
        ["cs 5 ms 1: \"onStatus\" 0 null {level: \"status\", code: \"NetStream.Publish.Start\", \
          description: \"cam is now published.\"}"]
    );
    dialogue.command(3, 0, "FCUnpublish", 6.0, &["cam?k=1".into()]);
    dialogue.command(3, 0, "deleteStream", 7.0, &[1.0.into()]);
    assert_eq!(
        dialogue.transcript(),
        [
            "cs 3 ms 0: \"_result\" 6 null undefined",
            "cs 3 ms 0: \"onFCUnpublish\" 0 null {level: \"status\", code: \"NetStream.Unpublish.Success\", \
             description: \"cam?k=1\"}",
        ]
    );
    assert_eq!(dialogue.events(), [Event::PublishEnded { stream: MessageStreamId(1) }]);
}

#[test]
fn play_and_its_end() {
    let mut dialogue = Dialogue::connected(config());
    dialogue.command(3, 0, "createStream", 2.0, &[]);
    dialogue.command(8, 1, "getStreamLength", 3.0, &["cam".into()]);
    dialogue.command(8, 1, "play", 4.0, &["cam".into(), (-2000.0).into()]);
    assert_eq!(dialogue.transcript(), ["cs 3 ms 0: \"_result\" 2 null 1", "cs 3 ms 0: \"_result\" 3 null 0"]);
    let request = dialogue.play_request();
    assert!(dialogue.server.accept_play(request.id, ""));
    dialogue.server.send_message(request.stream, MediaKind::Audio, 5, &["ab".into(), "c".into()]);
    dialogue.server.send_message(request.stream, MediaKind::Video, 7, &["v".into()]);
    let gone = rtmp_proto::status::PLAY_UNPUBLISH_NOTIFY;
    dialogue.server.send_status(request.stream, Level::Status, gone, "cam is gone.");
    dialogue.server.stream_eof(request.stream);
    dialogue.server.stream_dry(request.stream);
    dialogue.server.stream_begin(request.stream);
    let status = "level: \"status\", code: \"NetStream.Play";
    assert_eq!(
        dialogue.transcript(),
        [
            "cs 2 ms 0: User(StreamBegin(MessageStreamId(1)))".to_owned(),
            format!("cs 5 ms 1: \"onStatus\" 0 null {{{status}.Reset\", description: \"Playing and resetting cam.\"}}"),
            format!("cs 5 ms 1: \"onStatus\" 0 null {{{status}.Start\", description: \"Started playing cam.\"}}"),
            "cs 4 ms 1: type 8 at 5: b\"abc\"".to_owned(),
            "cs 6 ms 1: type 9 at 7: b\"v\"".to_owned(),
            format!("cs 5 ms 1: \"onStatus\" 0 null {{{status}.UnpublishNotify\", description: \"cam is gone.\"}}"),
            "cs 2 ms 0: User(StreamEof(MessageStreamId(1)))".to_owned(),
            "cs 2 ms 0: User(StreamDry(MessageStreamId(1)))".to_owned(),
            "cs 2 ms 0: User(StreamBegin(MessageStreamId(1)))".to_owned(),
        ]
    );
    dialogue.command(8, 1, "pause", 0.0, &[true.into(), 100.0.into()]);
    dialogue.command(8, 1, "pause", 0.0, &[false.into(), 100.0.into()]);
    dialogue.command(8, 1, "seek", 0.0, &[100.0.into()]);
    dialogue.command(8, 1, "closeStream", 0.0, &[]);
    let codes: Vec<&str> =
        ["NetStream.Pause.Notify", "NetStream.Unpause.Notify", "NetStream.Seek.Notify", "NetStream.Play.Stop"].into();
    assert_eq!(dialogue.codes(), codes);
}

#[test]
fn reconnect_request() {
    let mut dialogue = Dialogue::shaken(config());
    dialogue.connect_with(&[("app", "live".into()), ("capsEx", 1.0.into())]);
    let request = dialogue.connect_request();
    assert_eq!(request.caps_ex, 1);
    dialogue.server.accept_connect(request.id);
    dialogue.transcript();
    assert!(dialogue.server.request_reconnect(Some("rtmp://b/live"), "going down"));
    assert_eq!(
        dialogue.transcript(),
        ["cs 3 ms 0: \"onStatus\" 0 null {level: \"status\", code: \"NetConnection.Connect.ReconnectRequest\", \
          description: \"going down\", tcUrl: \"rtmp://b/live\"}"]
    );
    assert!(!Dialogue::connected(config()).server.request_reconnect(None, "x"), "others would not understand it");
}

#[test]
fn unknown_commands_are_answered() {
    let mut dialogue = Dialogue::connected(config());
    dialogue.command(3, 0, "fly", 9.0, &[object(&[("x", 1.0.into())])]);
    dialogue.command(3, 0, "swim", 0.0, &[]);
    assert_eq!(
        dialogue.transcript(),
        ["cs 3 ms 0: \"_error\" 9 null {level: \"error\", code: \"NetConnection.Call.Failed\", \
          description: \"Method not found (fly).\"}"]
    );
    let reasons: Vec<String> = dialogue
        .events()
        .iter()
        .map(|event| match event {
            Event::Ignored { reason, .. } => reason.cause.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(reasons, ["unknown command \"fly\"", "unknown command \"swim\""]);
}
