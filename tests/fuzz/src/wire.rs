//! Small pieces of the protocol: aggregates, commands, URLs, time.

use crate::choices::Choices;
use crate::memory;
use bytes::Bytes;
use media::Kind;
use media::time::{Timeline, Unwrap, timestamp_ms};
use rtmp_proto::client::Url;
use rtmp_proto::client::answer::Answer;
use rtmp_proto::command::Command;
use rtmp_proto::control::Control;
use rtmp_proto::message::Message;
use rtmp_proto::{ChunkStreamId, Limits, MessageStreamId, MessageType, aggregate};

/// Any bytes as an aggregate: its parts lie in it one after another, and nothing follows an error.
pub fn aggregate(input: &[u8]) {
    let mut choices = Choices::new(input);
    let timestamp = choices.time();
    let body = Bytes::copy_from_slice(choices.rest());
    let parts: Vec<_> =
        memory::within(64 * body.len() + 1024, || aggregate::Reader::new(body.clone(), timestamp).collect());
    let mut at = 0;
    for (n, part) in parts.iter().enumerate() {
        let Ok(part) = part else {
            assert_eq!(n + 1, parts.len(), "nothing follows an error");
            break;
        };
        let head = &body[at..at + 11];
        assert_eq!(part.kind.0, head[0]);
        assert_eq!(part.payload, body[at + 11..at + 11 + part.payload.len()]);
        if n == 0 {
            assert_eq!(part.timestamp, timestamp, "the first part has the aggregate's time");
        }
        at += 11 + part.payload.len() + 4;
    }
}

/// Any body as a message of any type, read by either side.
pub fn message(input: &[u8]) {
    let mut choices = Choices::new(input);
    let kinds = [MessageType::COMMAND, MessageType::COMMAND_AMF3];
    let kind = if choices.flag() { kinds[choices.below(2)] } else { MessageType(choices.byte() % 24) };
    let payload = Bytes::copy_from_slice(choices.rest());
    let message = Message { chunk_stream: ChunkStreamId(3), stream: MessageStreamId(1), kind, timestamp: 0, payload };
    let limits = Limits { amf_depth: 8, amf_elements: 200, amf_repeated_bytes: 512, ..Limits::default() };
    match Control::decode(&message) {
        Ok(Some(control)) => {
            let (kind, payload) = control.encode();
            let again = Control::decode(&Message { kind, payload, ..message.clone() });
            assert_eq!(again, Ok(Some(control)), "a control message is written as it was read");
        }
        Ok(None) => assert!(!kind.is_control()),
        Err(_) => assert!(kind.is_control()),
    }
    memory::within(200 * 400 + 16 * message.payload.len() + 8192, || {
        let command = Command::decode(&message, &limits);
        let answer = Answer::decode(&message, &limits);
        // The answer's side reads less of a body, so it accepts no less.
        assert!(answer.is_ok() || command.is_err());
    });
}

/// Any text as a URL: what is understood is written in a form that is understood the same.
pub fn url(input: &[u8]) {
    let mut choices = Choices::new(input);
    let scheme = ["", "rtmp://", "rtmps://", "rtmp://[::1]", "RTMP://user:pass@host:1935/"][choices.below(5)];
    let text = format!("{scheme}{}", String::from_utf8_lossy(choices.rest()));
    let Ok(url) = memory::within(16 * text.len() + 1024, || Url::parse(&text)) else { return };
    assert!(!url.host.is_empty() && !url.app.is_empty() && url.port > 0);
    // A login is not shown with the URL.
    assert_eq!(Url::parse(&url.to_string()), Ok(Url { login: None, ..url.clone() }), "{url}");
    assert!(url.to_string().starts_with(&url.tc_url()));
}

/// Timestamps in any order: what is unwrapped wraps back, and no track's time goes back or below 0.
pub fn time(input: &[u8]) {
    let mut choices = Choices::new(input);
    let (mut unwrap, mut timeline) = (Unwrap::new(), Timeline::new());
    let mut last = [[0; 4]; 3];
    let mut now_ms = 0;
    while !choices.is_empty() {
        let choice = choices.byte();
        let timestamp = choices.time();
        let whole = unwrap.unwrap_ms(timestamp);
        assert_eq!(whole as u32, timestamp);
        let (kind, track) = (usize::from(choice % 3), choice >> 2 & 3);
        now_ms += i64::from(choice >> 4) * 10;
        let placed = timeline.place([Kind::Audio, Kind::Video, Kind::Data][kind], track, whole, now_ms);
        let before = std::mem::replace(&mut last[kind][usize::from(track)], placed);
        assert!(placed >= before && placed <= timeline.latest_us());
        assert_eq!(i64::from(timestamp_ms(placed)), placed / 1000 % (1 << 32));
    }
}
