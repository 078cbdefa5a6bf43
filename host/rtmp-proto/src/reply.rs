//! What a server answers (RTMP 1.0 §7.2), typed, and its form on the wire.

use crate::amf0::{Value, encode_all};
use crate::chunk;
use crate::control::Control;
use crate::id::{ChunkStreamId, MessageStreamId};
use crate::message::MessageType;
use crate::status::{self, Level};
use bytes::Bytes;
use std::borrow::Cow;

/// The server version that players and encoders are told. They look for nothing in it but «FMS» and a number.
const SERVER_VERSION: &str = "FMS/3,5,7,7009";
/// Server capabilities as Flash Media Server states them.
const CAPABILITIES: f64 = 31.0;
/// Enhanced RTMP `FourCcInfoMask`: can forward.
const CAN_FORWARD: f64 = 4.0;
/// All codecs; a client that looks for its own name only, finds it behind this.
const ANY_CODEC: &str = "*";
/// The video codecs that E-RTMP v2 names.
const VIDEO_CODECS: [&str; 6] = ["vp08", "vp09", "av01", "avc1", "hvc1", "vvc1"];
/// The audio codecs that E-RTMP v2 names.
const AUDIO_CODECS: [&str; 6] = ["ac-3", "ec-3", "Opus", ".mp3", "fLaC", "mp4a"];

/// One answer or announcement of a server.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// A control message.
    Control(Control),
    /// connect succeeded.
    Connected {
        /// The number of the connect command.
        transaction: f64,
        /// The AMF version the client asked for: 0 or 3.
        object_encoding: u8,
        /// Enhanced capabilities to announce; `None`: none at all.
        caps_ex: Option<u32>,
    },
    /// connect was refused.
    Refused {
        /// The number of the connect command.
        transaction: f64,
        /// The status code.
        code: Cow<'static, str>,
        /// For people.
        description: String,
        /// Where to go instead.
        redirect: Option<String>,
    },
    /// A command gave a value (`None`: nothing).
    Result {
        /// The number of the command.
        transaction: f64,
        /// The value.
        value: Option<f64>,
    },
    /// A command failed.
    Failed {
        /// The number of the command.
        transaction: f64,
        /// For people.
        description: String,
    },
    /// onFCPublish, onFCUnpublish, onFCSubscribe, onFCUnsubscribe.
    Named {
        /// The method.
        method: &'static str,
        /// The status code.
        code: &'static str,
        /// The stream name.
        description: String,
    },
    /// onStatus on a stream, or on the connection (stream 0).
    Status {
        /// The stream.
        stream: MessageStreamId,
        /// How serious.
        level: Level,
        /// The status code.
        code: Cow<'static, str>,
        /// For people.
        description: String,
    },
    /// onPlayStatus: all of a play that was asked for was sent.
    Complete {
        /// The stream.
        stream: MessageStreamId,
    },
    /// |RtmpSampleAccess: the player may read samples.
    SampleAccess {
        /// The stream.
        stream: MessageStreamId,
    },
    /// The client is asked to connect again (E-RTMP v2, Reconnect Request).
    Reconnect {
        /// Where, absolute or relative; `None`: here.
        tc_url: Option<String>,
        /// For people.
        description: String,
    },
}

/// A reply's body and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The chunk stream.
    pub chunk_stream: ChunkStreamId,
    /// The message stream.
    pub stream: MessageStreamId,
    /// The message type.
    pub kind: MessageType,
    /// The body.
    pub payload: Bytes,
}

fn object(fields: Vec<(&str, Value)>) -> Value {
    Value::Object(fields.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

fn info(level: Level, code: &str, description: &str) -> Vec<(&'static str, Value)> {
    vec![("level", level.as_str().into()), ("code", code.into()), ("description", description.into())]
}

fn command(stream: MessageStreamId, values: &[Value]) -> Encoded {
    let chunk_stream = if stream.0 == 0 { chunk::COMMAND } else { chunk::STATUS };
    Encoded { chunk_stream, stream, kind: MessageType::COMMAND, payload: encode_all(values).into() }
}

impl Reply {
    /// Whether this must not be sent: an answer to a command that asked for none.
    pub fn is_unwanted(&self) -> bool {
        matches!(self, Reply::Result { transaction, .. } | Reply::Failed { transaction, .. } if *transaction == 0.0)
    }

    /// The form on the wire. Commands are AMF0, which clients of either object encoding read.
    pub fn encode(&self) -> Encoded {
        let connection = MessageStreamId(0);
        match self {
            Reply::Control(control) => {
                let (kind, payload) = control.encode();
                Encoded { chunk_stream: chunk::CONTROL, stream: connection, kind, payload }
            }
            Reply::Connected { transaction, object_encoding, caps_ex } => {
                let mut properties: Vec<(&str, Value)> =
                    vec![("fmsVer", SERVER_VERSION.into()), ("capabilities", CAPABILITIES.into())];
                if let Some(bits) = caps_ex {
                    let names = |codecs: &[&'static str]| [&[ANY_CODEC], codecs].concat();
                    let forwards = |codecs: &[&'static str]| {
                        object(names(codecs).into_iter().map(|name| (name, CAN_FORWARD.into())).collect())
                    };
                    let list = names(&[VIDEO_CODECS, AUDIO_CODECS].concat()).into_iter().map(Value::from);
                    properties.push(("fourCcList", Value::StrictArray(list.collect())));
                    properties.push(("videoFourCcInfoMap", forwards(&VIDEO_CODECS)));
                    properties.push(("audioFourCcInfoMap", forwards(&AUDIO_CODECS)));
                    properties.push(("capsEx", f64::from(*bits).into()));
                }
                let mut info = info(Level::Status, status::CONNECT_SUCCESS, "Connection succeeded.");
                info.push(("objectEncoding", f64::from(*object_encoding).into()));
                command(connection, &["_result".into(), (*transaction).into(), object(properties), object(info)])
            }
            Reply::Refused { transaction, code, description, redirect } => {
                let mut info = info(Level::Error, code, description);
                if let Some(url) = redirect {
                    info.push(("ex", object(vec![("code", 302.0.into()), ("redirect", url.as_str().into())])));
                }
                command(connection, &["_error".into(), (*transaction).into(), Value::Null, object(info)])
            }
            Reply::Result { transaction, value } => {
                let value = value.map_or(Value::Undefined, Value::Number);
                command(connection, &["_result".into(), (*transaction).into(), Value::Null, value])
            }
            Reply::Failed { transaction, description } => {
                let info = object(info(Level::Error, status::CALL_FAILED, description));
                command(connection, &["_error".into(), (*transaction).into(), Value::Null, info])
            }
            Reply::Named { method, code, description } => {
                let info = object(info(Level::Status, code, description));
                command(connection, &[(*method).into(), 0.0.into(), Value::Null, info])
            }
            Reply::Status { stream, level, code, description } => {
                let info = object(info(*level, code, description));
                command(*stream, &["onStatus".into(), 0.0.into(), Value::Null, info])
            }
            // A data message, not a command, as players know it.
            Reply::Complete { stream } => Encoded {
                chunk_stream: chunk::DATA,
                stream: *stream,
                kind: MessageType::DATA,
                payload: encode_all(&[
                    "onPlayStatus".into(),
                    object(vec![("level", Level::Status.as_str().into()), ("code", status::PLAY_COMPLETE.into())]),
                ])
                .into(),
            },
            Reply::SampleAccess { stream } => Encoded {
                chunk_stream: chunk::DATA,
                stream: *stream,
                kind: MessageType::DATA,
                payload: encode_all(&["|RtmpSampleAccess".into(), true.into(), true.into()]).into(),
            },
            Reply::Reconnect { tc_url, description } => {
                let mut info = info(Level::Status, status::RECONNECT_REQUEST, description);
                if let Some(url) = tc_url {
                    info.push(("tcUrl", url.as_str().into()));
                }
                command(connection, &["onStatus".into(), 0.0.into(), Value::Null, object(info)])
            }
        }
    }
}
