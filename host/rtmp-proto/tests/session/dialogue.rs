//! The other end of a server connection: a client that speaks from the wire up.

use bytes::Bytes;
use rtmp_proto::amf0::{self, Value};
use rtmp_proto::chunk::{Reader, Writer};
use rtmp_proto::control::Control;
use rtmp_proto::message::Message;
use rtmp_proto::{
    ChunkStreamId, ConnectRequest, Error, Event, HandshakeRandom, Limits, MessageStreamId, MessageType, PlayRequest,
    PublishRequest, ServerConfig, ServerConnection,
};
use std::time::Duration;

/// A client and a server connection, joined by hand.
pub(crate) struct Dialogue {
    pub(crate) server: ServerConnection,
    pub(crate) now: Duration,
    writer: Writer,
    reader: Reader,
    /// What the client wrote and the server has not taken.
    pub(crate) unread: Vec<u8>,
    /// Everything the client received and no test looked at yet.
    pub(crate) inbox: Vec<Message>,
}

pub(crate) fn config() -> ServerConfig {
    ServerConfig::new(HandshakeRandom([42; 32]))
}

pub(crate) fn object(fields: &[(&str, Value)]) -> Value {
    Value::Object(fields.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
}

impl Dialogue {
    /// Before any byte.
    pub(crate) fn new(config: ServerConfig) -> Dialogue {
        Dialogue {
            server: ServerConnection::new(config, Duration::ZERO),
            now: Duration::ZERO,
            writer: Writer::new(),
            reader: Reader::new(64, 16 << 20),
            unread: Vec::new(),
            inbox: Vec::new(),
        }
    }

    /// After a plain handshake.
    pub(crate) fn shaken(config: ServerConfig) -> Dialogue {
        let mut dialogue = Dialogue::new(config);
        dialogue.bytes(&handshake()).unwrap();
        let answer = dialogue.take_bytes();
        assert_eq!(answer.len(), 1 + 2 * 1536);
        dialogue
    }

    /// After an accepted connect; its replies are dropped.
    pub(crate) fn connected(config: ServerConfig) -> Dialogue {
        let mut dialogue = Dialogue::shaken(config);
        dialogue.connect("live");
        let request = dialogue.connect_request();
        assert!(dialogue.server.accept_connect(request.id));
        dialogue.pump();
        dialogue.inbox.clear();
        dialogue
    }

    /// Publishing `cam` on stream 1; all replies are dropped.
    pub(crate) fn publishing(config: ServerConfig) -> Dialogue {
        let mut dialogue = Dialogue::connected(config);
        dialogue.command(3, 0, "createStream", 2.0, &[]);
        dialogue.command(3, 1, "publish", 3.0, &["cam".into(), "live".into()]);
        let request = dialogue.publish_request();
        assert!(dialogue.server.accept_publish(request.id, ""));
        dialogue.pump();
        dialogue.inbox.clear();
        dialogue
    }

    /// Playing `cam` on stream 1; all replies are dropped.
    pub(crate) fn playing(config: ServerConfig) -> Dialogue {
        let mut dialogue = Dialogue::connected(config);
        dialogue.command(3, 0, "createStream", 2.0, &[]);
        dialogue.command(8, 1, "play", 0.0, &["cam".into(), (-2000.0).into()]);
        let request = dialogue.play_request();
        assert!(dialogue.server.accept_play(request.id, ""));
        dialogue.pump();
        dialogue.inbox.clear();
        dialogue
    }

    /// Gives the server bytes, behind those it did not take before.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.unread.extend_from_slice(bytes);
        let taken = self.server.feed(self.now, &self.unread)?;
        self.unread.drain(..taken);
        Ok(())
    }

    pub(crate) fn message(&mut self, csid: u32, msid: u32, kind: MessageType, timestamp: u32, payload: &[u8]) {
        let bytes = self.encoded(csid, msid, kind, timestamp, payload);
        self.bytes(&bytes).unwrap();
    }

    /// The chunks of a message, without sending them.
    pub(crate) fn encoded(
        &mut self,
        csid: u32,
        msid: u32,
        kind: MessageType,
        timestamp: u32,
        payload: &[u8],
    ) -> Vec<u8> {
        let message = Message {
            chunk_stream: ChunkStreamId(csid),
            stream: MessageStreamId(msid),
            kind,
            timestamp,
            payload: Bytes::copy_from_slice(payload),
        };
        let mut bytes = Vec::new();
        self.writer.write(&message, &mut bytes).unwrap();
        bytes
    }

    pub(crate) fn control(&mut self, control: Control) {
        let (kind, payload) = control.encode();
        self.message(2, 0, kind, 0, &payload);
        if let Control::SetChunkSize(size) = control {
            self.writer.set_chunk_size(size);
        }
    }

    /// A command with a null object.
    pub(crate) fn command(&mut self, csid: u32, msid: u32, name: &str, transaction: f64, arguments: &[Value]) {
        let values = [&[name.into(), transaction.into(), Value::Null][..], arguments].concat();
        self.message(csid, msid, MessageType::COMMAND, 0, &amf0::encode_all(&values));
    }

    pub(crate) fn connect(&mut self, app: &str) {
        self.connect_with(&[("app", app.into()), ("tcUrl", format!("rtmp://localhost/{app}").as_str().into())]);
    }

    pub(crate) fn connect_with(&mut self, properties: &[(&str, Value)]) {
        let values = ["connect".into(), 1.0.into(), object(properties)];
        self.message(3, 0, MessageType::COMMAND, 0, &amf0::encode_all(&values));
    }

    /// Writes the server's output to the client, and offers the server what it had not taken.
    pub(crate) fn pump(&mut self) {
        loop {
            let bytes = self.take_bytes();
            let mut input = bytes.as_slice();
            while let Some(message) = self.reader.read(&mut input).unwrap() {
                if let Ok(Some(Control::SetChunkSize(size))) = Control::decode(&message) {
                    self.reader.set_chunk_size(size).unwrap();
                }
                self.inbox.push(message);
            }
            let before = self.unread.len();
            self.bytes(&[]).unwrap();
            if bytes.is_empty() && self.unread.len() == before {
                return;
            }
        }
    }

    /// The server's output, taken in writes of odd sizes.
    pub(crate) fn take_bytes(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        while self.server.has_output() {
            let mut slices = Vec::new();
            self.server.pending_output(&mut slices);
            let before = bytes.len();
            bytes.extend(slices.iter().flat_map(|slice| slice.iter().copied()).take(WRITE));
            let n = bytes.len() - before;
            self.server.sent(n);
        }
        bytes
    }

    pub(crate) fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.server.next_event()).collect()
    }

    pub(crate) fn connect_request(&mut self) -> ConnectRequest {
        match self.server.next_event() {
            Some(Event::Connect(request)) => *request,
            other => panic!("expected a connect, got {other:?}"),
        }
    }

    pub(crate) fn publish_request(&mut self) -> PublishRequest {
        match self.server.next_event() {
            Some(Event::Publish(request)) => request,
            other => panic!("expected a publish, got {other:?}"),
        }
    }

    pub(crate) fn play_request(&mut self) -> PlayRequest {
        match self.server.next_event() {
            Some(Event::Play(request)) => request,
            other => panic!("expected a play, got {other:?}"),
        }
    }

    /// What the client received since the last time, a line per message.
    pub(crate) fn transcript(&mut self) -> Vec<String> {
        self.pump();
        std::mem::take(&mut self.inbox).iter().map(line).collect()
    }

    /// The codes of onStatus, `_error` and the like, and `_result` of plain calls, since the last time.
    pub(crate) fn codes(&mut self) -> Vec<String> {
        self.pump();
        std::mem::take(&mut self.inbox).iter().filter_map(code).collect()
    }
}

/// Bytes per write: a size that cuts messages anywhere.
const WRITE: usize = 701;

/// C0, C1 and C2 of a plain handshake.
pub(crate) fn handshake() -> Vec<u8> {
    let mut bytes = vec![3];
    bytes.extend_from_slice(&[0; 8]);
    bytes.extend((0..1528u32).map(|n| (n % 251) as u8));
    bytes.extend_from_slice(&[0; 1536]);
    bytes
}

fn values(message: &Message) -> Vec<Value> {
    amf0::decode_all(&message.payload, &Limits::default()).unwrap()
}

fn code(message: &Message) -> Option<String> {
    if message.kind != MessageType::COMMAND {
        return None;
    }
    let values = values(message);
    let name = values[0].text().unwrap().to_printable();
    let code = values[3].field("code").and_then(Value::text).map(|text| text.to_printable());
    Some(code.unwrap_or(name))
}

fn line(message: &Message) -> String {
    let head = format!("cs {} ms {}", message.chunk_stream, message.stream);
    match Control::decode(message) {
        Ok(Some(control)) => format!("{head}: {control:?}"),
        _ if matches!(message.kind, MessageType::COMMAND | MessageType::DATA) => {
            let values: Vec<String> = values(message).iter().map(show).collect();
            format!("{head}: {}", values.join(" "))
        }
        _ => format!("{head}: type {} at {}: {:?}", message.kind.0, message.timestamp, message.payload),
    }
}

/// A value in one line.
fn show(value: &Value) -> String {
    let fields = |fields: &amf0::Fields| {
        let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{key}: {}", show(value))).collect();
        format!("{{{}}}", fields.join(", "))
    };
    match value {
        Value::Number(n) => n.to_string(),
        Value::Boolean(b) => b.to_string(),
        Value::String(text) => format!("{text:?}"),
        Value::Object(pairs) => fields(pairs),
        Value::EcmaArray(pairs) => format!("ecma{}", fields(pairs)),
        Value::StrictArray(values) => format!("[{}]", values.iter().map(show).collect::<Vec<_>>().join(", ")),
        Value::Null => "null".into(),
        Value::Undefined => "undefined".into(),
        other => format!("{other:?}"),
    }
}
