//! What a client asks (RTMP 1.0 §7.2), typed, and its form on the wire.

use super::ClientConfig;
use crate::amf0::{Value, encode_all};
use crate::chunk;
use crate::control::Control;
use crate::id::{ChunkStreamId, MessageStreamId};
use crate::message::MessageType;
use crate::reply::Encoded;

/// The chunk stream of publish and play, as Flash and ffmpeg use it.
const STREAM_COMMAND: ChunkStreamId = ChunkStreamId(8);
/// Enhanced RTMP `FourCcInfoMask`: can decode, encode and forward.
const ALL: f64 = 7.0;

/// One request of a client.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// A control message.
    Control(Control),
    /// connect (§7.2.1.1).
    Connect {
        /// Its number.
        transaction: f64,
        /// The application.
        app: String,
        /// The URL without the stream name.
        tc_url: String,
        /// Who we are.
        flash_ver: String,
        /// Further properties.
        properties: Vec<(String, String)>,
        /// Enhanced capabilities; `None`: none are announced.
        caps_ex: Option<u32>,
    },
    /// createStream (§7.2.1.3).
    CreateStream {
        /// Its number.
        transaction: f64,
    },
    /// releaseStream, FCPublish, FCUnpublish.
    Named {
        /// The command.
        command: &'static str,
        /// Its number.
        transaction: f64,
        /// The stream name.
        name: String,
    },
    /// publish (§7.2.2.6).
    Publish {
        /// On which stream.
        stream: MessageStreamId,
        /// Its number.
        transaction: f64,
        /// The name with its query.
        name: String,
        /// `live`, `record` or `append`.
        mode: String,
    },
    /// play (§7.2.2.1).
    Play {
        /// On which stream.
        stream: MessageStreamId,
        /// Its number.
        transaction: f64,
        /// The name with its query.
        name: String,
        /// Milliseconds; -2000: live, else recorded; -1000: live only.
        start_ms: i64,
        /// Milliseconds; -1000: to the end.
        duration_ms: i64,
    },
    /// deleteStream (§7.2.2.3).
    DeleteStream {
        /// Which.
        stream: MessageStreamId,
        /// Its number.
        transaction: f64,
    },
}

impl Request {
    /// The connect of a configuration.
    pub fn connect(config: &ClientConfig, transaction: f64) -> Request {
        Request::Connect {
            transaction,
            app: config.app.clone(),
            tc_url: config.tc_url.clone(),
            flash_ver: config.flash_ver.clone(),
            properties: config.properties.clone(),
            caps_ex: config.caps_ex,
        }
    }

    /// The form on the wire, in AMF0.
    pub fn encode(&self) -> Encoded {
        let connection = MessageStreamId(0);
        let null = Value::Null;
        match self {
            Request::Control(control) => {
                let (kind, payload) = control.encode();
                Encoded { chunk_stream: chunk::CONTROL, stream: connection, kind, payload }
            }
            Request::Connect { transaction, app, tc_url, flash_ver, properties: more, caps_ex } => {
                let mut properties: Vec<(&str, Value)> = vec![
                    ("app", app.as_str().into()),
                    ("type", "nonprivate".into()),
                    ("flashVer", flash_ver.as_str().into()),
                    ("tcUrl", tc_url.as_str().into()),
                    ("fpad", false.into()),
                    ("capabilities", 15.0.into()),
                    ("audioCodecs", 4071.0.into()),
                    ("videoCodecs", 252.0.into()),
                    ("videoFunction", 1.0.into()),
                    ("objectEncoding", 0.0.into()),
                ];
                if let Some(bits) = caps_ex {
                    let all = || object(vec![("*", ALL.into())]);
                    properties.push(("fourCcList", Value::StrictArray(vec!["*".into()])));
                    properties.push(("videoFourCcInfoMap", all()));
                    properties.push(("audioFourCcInfoMap", all()));
                    properties.push(("capsEx", f64::from(*bits).into()));
                }
                properties.extend(more.iter().map(|(key, value)| (key.as_str(), value.as_str().into())));
                command(chunk::COMMAND, connection, &["connect".into(), (*transaction).into(), object(properties)])
            }
            Request::CreateStream { transaction } => {
                command(chunk::COMMAND, connection, &["createStream".into(), (*transaction).into(), null])
            }
            Request::Named { command: name_of_command, transaction, name } => command(
                chunk::COMMAND,
                connection,
                &[(*name_of_command).into(), (*transaction).into(), null, name.as_str().into()],
            ),
            Request::Publish { stream, transaction, name, mode } => command(
                STREAM_COMMAND,
                *stream,
                &["publish".into(), (*transaction).into(), null, name.as_str().into(), mode.as_str().into()],
            ),
            Request::Play { stream, transaction, name, start_ms, duration_ms } => {
                let mut values = vec!["play".into(), (*transaction).into(), null, name.as_str().into()];
                values.push(number(*start_ms));
                // To the end is what leaving it out says, and servers exist that know no other form.
                if *duration_ms >= 0 {
                    values.push(number(*duration_ms));
                }
                command(STREAM_COMMAND, *stream, &values)
            }
            Request::DeleteStream { stream, transaction } => command(
                chunk::COMMAND,
                connection,
                &["deleteStream".into(), (*transaction).into(), null, f64::from(stream.0).into()],
            ),
        }
    }
}

fn object(fields: Vec<(&str, Value)>) -> Value {
    Value::Object(fields.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

fn command(chunk_stream: ChunkStreamId, stream: MessageStreamId, values: &[Value]) -> Encoded {
    Encoded { chunk_stream, stream, kind: MessageType::COMMAND, payload: encode_all(values).into() }
}

fn number(ms: i64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "times of streams are far below 2^53")]
    let n = ms as f64;
    n.into()
}
