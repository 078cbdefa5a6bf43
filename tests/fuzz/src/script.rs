//! What a peer writes, made of an input: commands, media, control messages, and bytes that are none of these.

use crate::choices::Choices;
use bytes::Bytes;
use rtmp_proto::amf0::{self, Value};
use rtmp_proto::chunk::Writer;
use rtmp_proto::control::{BandwidthLimit, Control, UserControl};
use rtmp_proto::message::Message;
use rtmp_proto::{ChunkStreamId, MessageStreamId, MessageType};

/// One end's writer.
#[derive(Debug)]
pub struct Scribe {
    writer: Writer,
    commands: &'static [&'static str],
}

/// What clients say.
pub const CLIENT: &[&str] = &[
    "connect",
    "createStream",
    "publish",
    "play",
    "deleteStream",
    "closeStream",
    "releaseStream",
    "FCPublish",
    "FCUnpublish",
    "FCSubscribe",
    "FCUnsubscribe",
    "pause",
    "seek",
    "receiveAudio",
    "receiveVideo",
    "getStreamLength",
    "_checkbw",
    "play2",
    "close",
    "_result",
    "nonsense",
];

/// What servers say.
pub const SERVER: &[&str] = &["_result", "_error", "onStatus", "close", "onBWDone", "onFCPublish", "nonsense"];

const CODES: &[&str] = &[
    "NetConnection.Connect.Success",
    "NetConnection.Connect.Rejected",
    "NetConnection.Connect.ReconnectRequest",
    "NetStream.Publish.Start",
    "NetStream.Publish.BadName",
    "NetStream.Play.Start",
    "NetStream.Play.StreamNotFound",
    "NetStream.Play.UnpublishNotify",
    "NetStream.Play.Stop",
    "NetStream.Unpublish.Success",
    "",
];

fn object(fields: &[(&str, Value)]) -> Value {
    Value::Object(fields.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
}

impl Scribe {
    /// A writer that knows these commands.
    pub fn new(commands: &'static [&'static str]) -> Scribe {
        Scribe { writer: Writer::new(), commands }
    }

    /// Appends one thing that the peer says.
    pub fn say(&mut self, choices: &mut Choices<'_>, out: &mut Vec<u8>) {
        match choices.byte() % 16 {
            0..=5 => self.command(choices, out),
            6..=8 => {
                let kind = [MessageType::AUDIO, MessageType::VIDEO][choices.below(2)];
                let body = choices.bytes(60).to_vec();
                self.message(4 + u32::from(choices.byte() & 3), choices, kind, body, out);
            }
            9 => {
                let kind = [MessageType::DATA, MessageType::DATA_AMF3][choices.below(2)];
                let name = ["@setDataFrame", "@clearDataFrame", "onMetaData", "onTextData"][choices.below(4)];
                let mut body = amf0::encode_all(&[name.into(), object(&[("width", 320.0.into())])]);
                body.extend_from_slice(choices.bytes(30));
                self.message(4, choices, kind, body, out);
            }
            10 => self.aggregate(choices, out),
            11 | 12 => self.control(choices, out),
            13 => {
                let kind = MessageType(choices.byte() % 26);
                let body = choices.bytes(60).to_vec();
                self.message(3 + u32::from(choices.byte()), choices, kind, body, out);
            }
            // Bytes of no form, which may well end the connection.
            14 => out.extend_from_slice(choices.bytes(20)),
            _ => {
                // A message that is never finished, or that goes on where the next raw bytes say.
                let length = choices.byte();
                out.extend_from_slice(&[10 + (choices.byte() & 7), 0, 0, 0, 0, 0, length, 9, 1, 0, 0, 0]);
                out.extend_from_slice(choices.bytes(usize::from(length).min(128)));
            }
        }
    }

    /// The connect command of an ordinary client.
    pub fn connect(&mut self, out: &mut Vec<u8>) {
        let values = ["connect".into(), 1.0.into(), object(&[("app", "live".into())])];
        self.write(3, 0, MessageType::COMMAND, 0, amf0::encode_all(&values), out);
    }

    fn command(&mut self, choices: &mut Choices<'_>, out: &mut Vec<u8>) {
        let name = self.commands[choices.below(self.commands.len())];
        let transaction = f64::from(choices.byte() & 7);
        let mut values: Vec<Value> = vec![name.into(), transaction.into()];
        let text = |choices: &mut Choices<'_>| Value::from(["cam", "cam?key=1", "", "a", "other"][choices.below(5)]);
        let number =
            |choices: &mut Choices<'_>| Value::from([0.0, 1.0, 2.0, -2.0, -2000.0, 1e9, f64::NAN][choices.below(7)]);
        match name {
            "connect" => values.push(object(&[
                ("app", text(choices)),
                ("tcUrl", "rtmp://h/live?x".into()),
                ("objectEncoding", number(choices)),
                ("capsEx", number(choices)),
                ("fourCcList", Value::StrictArray(vec![text(choices), "*".into()])),
            ])),
            "_result" | "_error" | "onStatus" => {
                let info = [
                    ("level", ["status", "error", "", "warning"][choices.below(4)].into()),
                    ("code", CODES[choices.below(CODES.len())].into()),
                    ("tcUrl", text(choices)),
                    ("ex", object(&[("redirect", text(choices))])),
                ];
                values.push(if choices.flag() { Value::Null } else { object(&[("capsEx", number(choices))]) });
                values.push(match choices.byte() & 3 {
                    0 => number(choices),
                    1 => Value::Undefined,
                    _ => object(&info),
                });
            }
            _ => {
                values.push(Value::Null);
                for _ in 0..choices.below(5) {
                    values.push(match choices.byte() & 3 {
                        0 | 1 => text(choices),
                        2 => number(choices),
                        _ => Value::Boolean(choices.flag()),
                    });
                }
            }
        }
        let mut body = amf0::encode_all(&values);
        if choices.byte() & 0xE0 == 0xE0 {
            body.truncate(choices.byte().into());
        }
        let kind = if choices.byte() & 0xC0 == 0xC0 {
            body.insert(0, 0);
            MessageType::COMMAND_AMF3
        } else {
            MessageType::COMMAND
        };
        self.message(3, choices, kind, body, out);
    }

    fn aggregate(&mut self, choices: &mut Choices<'_>, out: &mut Vec<u8>) {
        let mut body = Vec::new();
        for _ in 0..choices.below(6) {
            let (kind, time) = ([8, 9, 18, 99][choices.below(4)], choices.byte());
            let part = choices.bytes(30);
            body.extend_from_slice(&[kind, 0, 0, part.len() as u8, 0, 0, time, 0, 0, 0, 0]);
            body.extend_from_slice(part);
            body.extend_from_slice(&[0, 0, 0, 11 + part.len() as u8]);
        }
        body.extend_from_slice(choices.bytes(4));
        self.message(4, choices, MessageType::AGGREGATE, body, out);
    }

    fn control(&mut self, choices: &mut Choices<'_>, out: &mut Vec<u8>) {
        let stream = MessageStreamId(choices.below(4) as u32);
        let control = match choices.byte() % 10 {
            0 => Control::SetChunkSize([1, 2, 50, 128, 4096, 0x7FFF_FFFF][choices.below(6)]),
            1 => Control::Abort(ChunkStreamId(4 + choices.below(10) as u32)),
            2 => Control::Acknowledgement(choices.u32()),
            3 => Control::WindowAckSize(1 + u32::from(choices.u16())),
            4 => {
                let limits = [BandwidthLimit::Hard, BandwidthLimit::Soft, BandwidthLimit::Dynamic];
                Control::PeerBandwidth { window: choices.u16().into(), limit: limits[choices.below(3)] }
            }
            5 => Control::User(UserControl::PingRequest(choices.byte().into())),
            6 => Control::User(UserControl::PingResponse(choices.byte().into())),
            7 => Control::User(UserControl::SetBufferLength { stream, ms: choices.u16().into() }),
            8 => Control::User(UserControl::StreamBegin(stream)),
            _ => Control::User(UserControl::StreamEof(stream)),
        };
        let (kind, payload) = control.encode();
        self.write(2, 0, kind, 0, payload.to_vec(), out);
        if let Control::SetChunkSize(size) = control {
            self.writer.set_chunk_size(size);
        }
    }

    fn message(
        &mut self,
        chunk_stream: u32,
        choices: &mut Choices<'_>,
        kind: MessageType,
        body: Vec<u8>,
        out: &mut Vec<u8>,
    ) {
        let stream = [1, 1, 1, 0, 2, 3, 77, 1][choices.below(8)];
        let timestamp = choices.time();
        self.write(chunk_stream, stream, kind, timestamp, body, out);
    }

    fn write(
        &mut self,
        chunk_stream: u32,
        stream: u32,
        kind: MessageType,
        timestamp: u32,
        body: Vec<u8>,
        out: &mut Vec<u8>,
    ) {
        let message = Message {
            chunk_stream: ChunkStreamId(chunk_stream),
            stream: MessageStreamId(stream),
            kind,
            timestamp,
            payload: Bytes::from(body),
        };
        self.writer.write(&message, out).expect("a short message");
    }
}
