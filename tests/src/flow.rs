//! The usual moves of a publisher and a player.

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::ffmpeg::Ffmpeg;
use crate::flv::{DATA, Tag};
use crate::router::Router;
use crate::rtmp::{Client, Message, amf::Value};
use crate::{PATIENCE, ffmpeg, flv};

/// A publisher on `app`/`name`, admitted.
pub fn publisher(router: &Router, app: &str, name: &str) -> Client {
    let mut client = Client::connect(router.address, app).expect("the router accepts the connection");
    client.publish(name).expect("an answer").unwrap_or_else(|s| panic!("{app}/{name} is refused: {s:?}"));
    client
}

/// A player on `app`/`name` that has its Play.Start.
pub fn player(router: &Router, app: &str, name: &str) -> Client {
    let mut client = Client::connect(router.address, app).expect("the router accepts the connection");
    client.play(name).expect("a connection");
    client.status("NetStream.Play.Start").expect("an answer").unwrap_or_else(|s| panic!("{app}/{name}: {s:?}"));
    client
}

/// Sends tags as an encoder does: data with `@setDataFrame`.
pub fn send(publisher: &mut Client, tags: &[Tag]) {
    for tag in tags {
        let mut body = Vec::new();
        if tag.kind == DATA {
            Value::text("@setDataFrame").encode(&mut body);
        }
        body.extend_from_slice(&tag.body);
        publisher.media(tag.kind, tag.time_ms, body).expect("the router reads");
    }
}

/// Reads until a message is wanted; it and everything before it.
pub fn receive(player: &mut Client, what: &str, mut wanted: impl FnMut(&Message) -> bool) -> Vec<Message> {
    let deadline = Instant::now() + PATIENCE;
    let mut seen = Vec::new();
    while Instant::now() < deadline {
        let message = player.message().unwrap_or_else(|e| panic!("no {what}: {e}; seen: {}", told(&seen)));
        let found = wanted(&message);
        seen.push(message);
        if found {
            return seen;
        }
    }
    panic!("no {what}; seen: {}", told(&seen));
}

/// Whether a player is told that the stream has ended.
pub fn ended(message: &Message) -> bool {
    message.status().is_some_and(|s| s.code == "NetStream.Play.UnpublishNotify")
}

/// All media up to the end of the stream, however long that goes on: what has a deadline is the next message.
pub fn rest(player: &mut Client) -> Vec<Tag> {
    let mut seen = Vec::new();
    loop {
        let message =
            player.message().unwrap_or_else(|e| panic!("no end of the stream: {e}; {} tags before", seen.len()));
        if ended(&message) {
            return seen;
        }
        if message.is_media() {
            seen.push(message.tag());
        }
    }
}

/// The media among messages.
pub fn tags(messages: &[Message]) -> Vec<Tag> {
    messages.iter().filter(|m| m.is_media()).map(Message::tag).collect()
}

fn told(messages: &[Message]) -> String {
    let lines = messages.iter().map(|m| match m.command() {
        Some(values) => format!("{values:?}"),
        None => format!("{} {:?}", m.stream_id, m.tag()),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Ends a publication as encoders do, keeping the connection.
pub fn unpublish(publisher: &mut Client, name: &str) {
    publisher.command(0, "FCUnpublish", 0.0, &[Value::Null, Value::text(name)]).expect("a connection");
    let id = f64::from(publisher.stream_id);
    publisher.command(0, "deleteStream", 0.0, &[Value::Null, Value::Number(id)]).expect("a connection");
}

/// Publishes tags to `app`/`name` and records them with rtmpdump, from the first to the last.
///
/// The recorder joins when the first GOP has begun, and the rest is sent when it has joined.
pub fn through(router: &Router, app: &str, name: &str, all: &[Tag], file: &Path) -> Vec<Tag> {
    recorded_from(&router.url(&format!("{app}/{name}")), router, app, name, all, file)
}

/// The same, with a URL of the recorder's own.
pub fn recorded_from(url: &str, router: &Router, app: &str, name: &str, all: &[Tag], file: &Path) -> Vec<Tag> {
    let mut publisher = publisher(router, app, name);
    let begun = all.iter().position(Tag::is_key).expect("a key frame") + 1;
    send(&mut publisher, &all[..begun]);
    let mut recorder = ffmpeg::rtmpdump(url, file);
    router.process.line("player", |l| l.contains(&format!("stream={app}/{name}")) && l.contains(": playing "));
    send(&mut publisher, &all[begun..]);
    unpublish(&mut publisher, name);
    recorder.wait();
    flv::read(file)
}

/// Publishes a clip with ffmpeg as `live/cam` and records these streams of `live`, which are waited for from the start: their files.
pub fn recorded(router: &Router, clip: &Path, names: &[&str]) -> Vec<PathBuf> {
    let files: Vec<_> = names.iter().map(|name| router.file(&format!("{name}.flv"))).collect();
    let start = |(name, file): (&&str, &PathBuf)| ffmpeg::rtmpdump(&router.url(&format!("live/{name}")), file);
    let mut players: Vec<_> = names.iter().zip(&files).map(start).collect();
    for name in names {
        router.wait_for_players(&format!("live/{name}"), 1);
    }
    Ffmpeg::Old.publish(clip, &router.url("live/cam")).succeeds();
    players.iter_mut().for_each(|player| _ = player.wait());
    files
}

/// Asserts that one kind of media came through to a player that joined at the first key frame: every tag, in order, byte for
/// byte, with the times between them.
///
/// Video of five bytes (an end of sequence) and sound of one are not looked at: rtmpdump leaves them out of its file.
pub fn assert_same(kind: u8, sent: &[Tag], got: &[Tag]) {
    let key = sent.iter().position(Tag::is_key).unwrap_or_default();
    let of = |tags: &[Tag], from: usize| -> Vec<Tag> {
        let joined = tags.iter().enumerate().filter(|(at, tag)| *at >= from || !tag.is_coded()).map(|(_, tag)| tag);
        let recorded = joined.filter(|t| t.kind == kind && t.body.len() > if kind == flv::VIDEO { 5 } else { 1 });
        recorded.cloned().collect()
    };
    let (sent, got) = (of(sent, key), of(got, 0));
    for (at, (a, b)) in sent.iter().zip(&got).enumerate() {
        assert!(a.body == b.body, "tag {at} of kind {kind} differs:\nsent {a:?}\ngot  {b:?}");
    }
    assert_eq!(sent.len(), got.len(), "tags of kind {kind}");
    // A joiner gets headers with the time of the key frame.
    let times = |tags: &[Tag]| -> Vec<u32> {
        let times: Vec<u32> = tags.iter().filter(|t| t.is_coded()).map(|t| t.time_ms).collect();
        times.iter().map(|t| t.wrapping_sub(times[0])).collect()
    };
    assert_eq!(times(&sent), times(&got), "times of kind {kind}");
}
