//! What odd clients say, as vectors: what comes in, what is answered, what the driver is told. Each is fed whole, byte by
//! byte, and in pieces of mixed sizes, and must come to the same.
//!
//! Where a habit was seen on the wire or reported of a product, the vector says so. What stock clients send from connect to
//! the end is in `clients`.

mod chunks;
mod commands;
mod encoders;
mod handshakes;
mod players;

use crate::dialogue::{handshake, object};
use bytes::Bytes;
use rtmp_proto::amf0::{self, Value};
use rtmp_proto::chunk::{Reader, Writer};
use rtmp_proto::control::{Control, UserControl};
use rtmp_proto::message::Message;
use rtmp_proto::{
    ChunkStreamId, Event, HandshakeRandom, Limits, MediaKind, MessageStreamId, MessageType, ServerConfig,
    ServerConnection,
};
use std::time::Duration;

/// One client's words and what they must lead to.
pub(crate) struct Vector {
    name: &'static str,
    /// The client waits for the answers to one turn before it begins the next.
    turns: Vec<Vec<u8>>,
    writer: Writer,
    /// `_result`, `_error`, status codes and user control events of the server, in order; without the answers to connect.
    answers: Vec<&'static str>,
    /// What reaches the driver, in order, a line each; without connect.
    events: Vec<&'static str>,
    /// Whether it ends in an error.
    fatal: bool,
}

impl Vector {
    /// A client that has said nothing yet.
    pub(crate) fn new(name: &'static str) -> Vector {
        let (answers, events) = (Vec::new(), Vec::new());
        Vector { name, turns: vec![Vec::new()], writer: Writer::new(), answers, events, fatal: false }
    }

    /// A client behind a plain handshake and connect.
    pub(crate) fn connected(name: &'static str) -> Vector {
        Vector::new(name).raw(&handshake()).connect(&[]).wait()
    }

    /// A client that has asked to publish `cam` on stream 1.
    pub(crate) fn publishing(name: &'static str) -> Vector {
        let vector = Vector::connected(name).command(3, 0, "createStream", 2.0, &[]).wait();
        let mut vector = vector.command(8, 1, "publish", 3.0, &["cam".into(), "live".into()]).wait();
        vector.answers = vec!["_result", "NetStream.Publish.Start"];
        vector.events = vec!["publish cam (live) on 1"];
        vector
    }

    /// A client that has asked to play `cam` on stream 1.
    pub(crate) fn playing(name: &'static str) -> Vector {
        let vector = Vector::connected(name).command(3, 0, "createStream", 2.0, &[]).wait();
        let mut vector = vector.command(8, 1, "play", 3.0, &["cam".into()]).wait();
        vector.answers = vec!["_result", "begin 1", "NetStream.Play.Reset", "NetStream.Play.Start"];
        vector.events = vec!["play cam from -2000 on 1"];
        vector
    }

    /// Bytes as they are.
    pub(crate) fn raw(mut self, bytes: &[u8]) -> Vector {
        self.turns.last_mut().unwrap().extend_from_slice(bytes);
        self
    }

    /// Reads answers before it goes on.
    pub(crate) fn wait(mut self) -> Vector {
        self.turns.push(Vec::new());
        self
    }

    pub(crate) fn message(mut self, csid: u32, msid: u32, kind: MessageType, timestamp: u32, body: &[u8]) -> Vector {
        let message = Message {
            chunk_stream: ChunkStreamId(csid),
            stream: MessageStreamId(msid),
            kind,
            timestamp,
            payload: Bytes::copy_from_slice(body),
        };
        self.writer.write(&message, self.turns.last_mut().unwrap()).unwrap();
        self
    }

    pub(crate) fn audio(self, csid: u32, msid: u32, timestamp: u32, body: &[u8]) -> Vector {
        self.message(csid, msid, MessageType::AUDIO, timestamp, body)
    }

    pub(crate) fn video(self, csid: u32, msid: u32, timestamp: u32, body: &[u8]) -> Vector {
        self.message(csid, msid, MessageType::VIDEO, timestamp, body)
    }

    pub(crate) fn control(mut self, control: Control) -> Vector {
        let (kind, payload) = control.encode();
        self = self.message(2, 0, kind, 0, &payload);
        if let Control::SetChunkSize(size) = control {
            self.writer.set_chunk_size(size);
        }
        self
    }

    pub(crate) fn connect(self, more: &[(&str, Value)]) -> Vector {
        let properties = [&[("app", Value::from("live"))], more].concat();
        let values = ["connect".into(), 1.0.into(), object(&properties)];
        self.message(3, 0, MessageType::COMMAND, 0, &amf0::encode_all(&values))
    }

    /// A command with a null object.
    pub(crate) fn command(self, csid: u32, msid: u32, name: &str, transaction: f64, arguments: &[Value]) -> Vector {
        let values = [&[name.into(), transaction.into(), Value::Null][..], arguments].concat();
        self.message(csid, msid, MessageType::COMMAND, 0, &amf0::encode_all(&values))
    }

    pub(crate) fn answers(mut self, answers: &[&'static str]) -> Vector {
        self.answers.extend(answers);
        self
    }

    pub(crate) fn events(mut self, events: &[&'static str]) -> Vector {
        self.events.extend(events);
        self
    }

    pub(crate) fn fatal(mut self) -> Vector {
        self.fatal = true;
        self
    }

    /// Feeds it in every way.
    fn hold(&self) {
        let whole = self.drive(&mut |_| usize::MAX);
        assert_eq!(whole.answers, self.answers, "{}: answers", self.name);
        assert_eq!(whole.events, self.events, "{}: events", self.name);
        assert_eq!(whole.fatal, self.fatal, "{}: its end", self.name);
        assert_eq!(self.drive(&mut |_| 1), whole, "{}: byte by byte", self.name);
        for seed in 1..20u32 {
            let mut state = seed;
            let mut size = |_| {
                state = state.wrapping_mul(0x0019_660D).wrapping_add(0x3C6E_F35F);
                1 + (state >> 8) as usize % [3, 20, 150, 2000][seed as usize % 4]
            };
            assert_eq!(self.drive(&mut size), whole, "{}: split {seed}", self.name);
        }
    }

    /// A driver that admits everything, fed in pieces of these sizes.
    fn drive(&self, size: &mut dyn FnMut(()) -> usize) -> Seen {
        let mut config = ServerConfig::new(HandshakeRandom([42; 32]));
        // Acknowledgements depend on the clock, which stands still here.
        config.window_ack_size = u32::MAX;
        let mut host = Host {
            server: ServerConnection::new(config, Duration::ZERO),
            reader: Reader::new(64, 16 << 20),
            unread: Vec::new(),
            shaken: 1 + 2 * 1536,
            seen: Seen::default(),
        };
        for turn in &self.turns {
            let mut rest = turn.as_slice();
            while !rest.is_empty() && !host.seen.fatal {
                let (now, later) = rest.split_at(size(()).min(rest.len()));
                rest = later;
                host.unread.extend_from_slice(now);
                host.settle();
            }
        }
        host.seen
    }
}

#[derive(Debug, Default, PartialEq)]
struct Seen {
    answers: Vec<String>,
    events: Vec<String>,
    fatal: bool,
}

struct Host {
    server: ServerConnection,
    reader: Reader,
    unread: Vec<u8>,
    /// Bytes of the handshake that the client has not got yet.
    shaken: usize,
    seen: Seen,
}

impl Host {
    /// Feeds, answers and writes until nothing moves.
    fn settle(&mut self) {
        loop {
            let before = self.unread.len();
            match self.server.feed(Duration::ZERO, &self.unread) {
                Ok(taken) => drop(self.unread.drain(..taken)),
                Err(_) => self.seen.fatal = true,
            }
            let mut moved = self.unread.len() != before;
            while let Some(event) = self.server.next_event() {
                moved = true;
                let answered = match &event {
                    Event::Connect(request) => self.server.accept_connect(request.id),
                    Event::Publish(request) => self.server.accept_publish(request.id, ""),
                    Event::Play(request) => self.server.accept_play(request.id, ""),
                    _ => true,
                };
                assert!(answered, "{event:?}");
                self.seen.events.extend(told(&event));
            }
            moved |= self.write();
            if self.seen.fatal || !moved {
                return;
            }
        }
    }

    fn write(&mut self) -> bool {
        let mut slices = Vec::new();
        self.server.pending_output(&mut slices);
        let bytes: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
        self.server.sent(bytes.len());
        let skip = self.shaken.min(bytes.len());
        self.shaken -= skip;
        let mut input = &bytes[skip..];
        while let Some(message) = self.reader.read(&mut input).unwrap() {
            if let Ok(Some(Control::SetChunkSize(size))) = Control::decode(&message) {
                self.reader.set_chunk_size(size).unwrap();
            }
            self.seen.answers.extend(answer(&message));
        }
        !bytes.is_empty()
    }
}

/// An event as a line.
fn told(event: &Event) -> Option<String> {
    Some(match event {
        Event::Connect(_) => return None,
        Event::Publish(request) => format!("publish {} ({}) on {}", request.name, request.mode, request.stream),
        Event::Play(request) => format!("play {} from {} on {}", request.name, request.start_ms, request.stream),
        Event::Message(message) => {
            let kind = match message.kind {
                MediaKind::Audio => "audio",
                MediaKind::Video => "video",
                MediaKind::Data => "data",
            };
            format!("{kind} of {} bytes at {} on {}", message.payload.len(), message.timestamp, message.stream)
        }
        Event::PublishEnded { stream } => format!("publish ends on {stream}"),
        Event::PlayEnded { stream } => format!("play ends on {stream}"),
        Event::Pause { stream, paused, position_ms } => format!("pause {paused} at {position_ms} on {stream}"),
        Event::Seek { stream, position_ms } => format!("seek to {position_ms} on {stream}"),
        Event::ReceiveAudio { stream, on } => format!("audio {on} on {stream}"),
        Event::ReceiveVideo { stream, on } => format!("video {on} on {stream}"),
        Event::BufferLength { stream, ms } => format!("buffer of {ms} on {stream}"),
        Event::Ignored { reason, .. } => format!("ignored: {}", reason.cause),
        other => format!("{other:?}"),
    })
}

/// A message of the server in a word; `None` for what every connect is answered with, and for data.
fn answer(message: &Message) -> Option<String> {
    match Control::decode(message) {
        Ok(Some(Control::User(UserControl::StreamBegin(MessageStreamId(0))))) => return None,
        Ok(Some(Control::User(UserControl::StreamBegin(stream)))) => return Some(format!("begin {stream}")),
        Ok(Some(Control::User(UserControl::StreamEof(stream)))) => return Some(format!("end {stream}")),
        Ok(Some(Control::User(UserControl::PingResponse(value)))) => return Some(format!("pong {value}")),
        Ok(Some(Control::User(other))) => return Some(format!("{other:?}")),
        Ok(Some(_)) => return None,
        _ => {}
    }
    if message.kind != MessageType::COMMAND {
        return None;
    }
    let values = amf0::decode_all(&message.payload, &Limits::default()).unwrap();
    let code = values.get(3).and_then(|info| info.field("code")).and_then(Value::text).map(|text| text.to_printable());
    let word = code.unwrap_or_else(|| values[0].text().unwrap().to_printable());
    (word != "NetConnection.Connect.Success").then_some(word)
}

#[test]
fn every_vector_holds() {
    let all = [encoders::vectors(), players::vectors(), commands::vectors(), chunks::vectors(), handshakes::vectors()];
    let all: Vec<Vector> = all.into_iter().flatten().collect();
    assert!(all.len() >= 60, "{} vectors", all.len());
    let failed: Vec<&str> =
        all.iter().filter(|vector| std::panic::catch_unwind(|| vector.hold()).is_err()).map(|v| v.name).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}
