//! What a client asks (RTMP 1.0 §7.2), typed.

mod connect;

pub use connect::PeerInfo;

use crate::amf0::{Decoder, Text, Value};
use crate::cursor::share;
use crate::error::{Cause, Error, Place};
use crate::limits::Limits;
use crate::message::{Message, MessageType};
use bytes::Bytes;

/// One command of a client. `transaction` is what an answer must repeat; 0 asks for none (but see
/// [`CreateStream`](Command::CreateStream)).
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// connect (§7.2.1.1).
    Connect {
        /// The number to answer with.
        transaction: f64,
        /// What the client says about itself.
        peer: Box<PeerInfo>,
    },
    /// createStream (§7.2.1.3); answered even if the number is 0.
    CreateStream {
        /// The number to answer with.
        transaction: f64,
    },
    /// releaseStream, FCPublish, FCUnpublish, FCSubscribe, FCUnsubscribe: announcements by name.
    Named {
        /// Which of them.
        call: NamedCall,
        /// The number to answer with.
        transaction: f64,
        /// The stream name.
        name: String,
    },
    /// publish (§7.2.2.6).
    Publish {
        /// The name with its query, as sent.
        name: String,
        /// `live`, `record`, `append`; as sent.
        mode: String,
    },
    /// play (§7.2.2.1) and play2 (§7.2.2.2).
    Play {
        /// The name with its query, as sent.
        name: String,
        /// Milliseconds; -2000: live, else recorded; -1000: live only.
        start_ms: i64,
        /// Milliseconds; -1000: to the end.
        duration_ms: i64,
        /// Whether it replaces what plays.
        reset: bool,
    },
    /// deleteStream (§7.2.2.3), of the stream named in it.
    DeleteStream {
        /// The stream; `None`: the one the command came on.
        stream: Option<u32>,
    },
    /// closeStream: the stream stays, what it did ends.
    CloseStream,
    /// pause (§7.2.2.8), also pauseRaw.
    Pause {
        /// Whether to pause or to go on.
        paused: bool,
        /// Milliseconds; where the client is.
        position_ms: i64,
    },
    /// seek (§7.2.2.7).
    Seek {
        /// Milliseconds.
        position_ms: i64,
    },
    /// receiveAudio (§7.2.2.4).
    ReceiveAudio(bool),
    /// receiveVideo (§7.2.2.5).
    ReceiveVideo(bool),
    /// getStreamLength: how long is this recording?
    StreamLength {
        /// The number to answer with.
        transaction: f64,
    },
    /// _checkbw, checkBandwidth: measure, or say it is done.
    CheckBandwidth {
        /// The number to answer with.
        transaction: f64,
    },
    /// close, of the NetConnection.
    Close,
    /// _result, _error, onStatus and the like: an answer to something we sent. Nothing to do.
    Answer,
    /// What nobody knows.
    Unknown {
        /// The number to answer with.
        transaction: f64,
        /// Its name, printable.
        name: String,
    },
}

/// The announcements that Flash Media Live Encoder introduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NamedCall {
    /// The name is about to be published: let go of an old publisher.
    ReleaseStream,
    /// A publish of the name will follow.
    FcPublish,
    /// The publish of the name ends.
    FcUnpublish,
    /// A play of the name will follow.
    FcSubscribe,
    /// The play of the name ends.
    FcUnsubscribe,
}

impl Command {
    /// Reads a command message (types 17 and 20).
    ///
    /// # Errors
    /// The values do not decode, exceed a limit, or do not start with a name.
    pub fn decode(message: &Message, limits: &Limits) -> Result<Command, Error> {
        read(message, limits, |Opening { name, transaction, object }, next| {
            let mut arguments = Vec::new();
            while let Some(value) = next()? {
                arguments.push(value);
            }
            Ok(Command::from_values(name.as_bytes(), transaction, &object, &arguments))
        })
    }

    fn from_values(name: &[u8], transaction: f64, object: &Value, arguments: &[Value]) -> Command {
        let text = |at: usize| arguments.get(at).and_then(Value::text).map(|t| t.to_printable()).unwrap_or_default();
        let number = |at: usize| arguments.get(at).and_then(Value::number);
        let named = |call| Command::Named { call, transaction, name: text(0) };
        match name {
            b"connect" => Command::Connect { transaction, peer: Box::new(PeerInfo::from_values(object, arguments)) },
            b"createStream" => Command::CreateStream { transaction },
            b"releaseStream" => named(NamedCall::ReleaseStream),
            b"FCPublish" => named(NamedCall::FcPublish),
            b"FCUnpublish" => named(NamedCall::FcUnpublish),
            b"FCSubscribe" => named(NamedCall::FcSubscribe),
            b"FCUnsubscribe" => named(NamedCall::FcUnsubscribe),
            // A publish of `false` is how old clients stop.
            b"publish" if matches!(arguments.first(), Some(Value::Boolean(false))) => Command::CloseStream,
            b"publish" => Command::Publish { name: text(0), mode: text(1) },
            b"play" if matches!(arguments.first(), Some(Value::Boolean(false))) => Command::CloseStream,
            b"play" => Command::Play {
                name: text(0),
                start_ms: start(number(1)),
                duration_ms: duration(number(2)),
                reset: arguments.get(3).and_then(Value::boolean).unwrap_or(true),
            },
            b"play2" => {
                let field = |name: &str| arguments.first().and_then(|v| v.field(name));
                Command::Play {
                    name: field("streamName").and_then(Value::text).map(|t| t.to_printable()).unwrap_or_default(),
                    start_ms: start(field("start").and_then(Value::number)),
                    duration_ms: duration(field("len").and_then(Value::number)),
                    reset: true,
                }
            }
            b"deleteStream" => Command::DeleteStream { stream: number(0).and_then(whole) },
            b"closeStream" => Command::CloseStream,
            b"pause" | b"pauseRaw" => Command::Pause {
                paused: arguments.first().and_then(Value::boolean).unwrap_or(true),
                position_ms: milliseconds(number(1)).unwrap_or(0),
            },
            b"seek" => Command::Seek { position_ms: milliseconds(number(0)).unwrap_or(0) },
            b"receiveAudio" => Command::ReceiveAudio(arguments.first().and_then(Value::boolean).unwrap_or(true)),
            b"receiveVideo" => Command::ReceiveVideo(arguments.first().and_then(Value::boolean).unwrap_or(true)),
            b"getStreamLength" => Command::StreamLength { transaction },
            b"_checkbw" | b"checkBandwidth" => Command::CheckBandwidth { transaction },
            b"close" => Command::Close,
            b"_result" | b"_error" | b"onStatus" | b"onBWDone" | b"onFCPublish" | b"onFCSubscribe" => Command::Answer,
            other => Command::Unknown { transaction, name: crate::amf0::Text::from(other).to_printable() },
        }
    }
}

/// What every command begins with.
pub(crate) struct Opening {
    pub(crate) name: Text,
    /// What an answer repeats.
    pub(crate) transaction: f64,
    /// The command object.
    pub(crate) object: Value,
}

/// The value that follows, if there is one.
pub(crate) type Next<'a> = dyn FnMut() -> Result<Option<Value>, Error> + 'a;

/// Reads how a command message (types 17 and 20) begins, and `rest` the values behind that.
///
/// # Errors
/// The values do not decode, exceed a limit, or do not start with a name.
pub(crate) fn read<T>(
    message: &Message,
    limits: &Limits,
    rest: impl FnOnce(Opening, &mut Next<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let (body, skipped) = values(message);
    let place = |error: Error| Error {
        place: Place {
            body: error.place.body.map(|at| at.saturating_add(skipped)),
            chunk_stream: Some(message.chunk_stream),
            message_stream: Some(message.stream),
            ..error.place
        },
        ..error
    };
    let mut decoder = Decoder::new(&body, limits);
    let mut next = || decoder.read().map_err(place);
    let Some(Value::String(name)) = next()? else { return Err(place(Cause::CommandName.nowhere())) };
    let transaction = next()?.and_then(|v| v.number()).filter(|n| n.is_finite()).unwrap_or(0.0);
    let object = next()?.unwrap_or(Value::Null);
    rest(Opening { name, transaction, object }, &mut next)
}

/// The AMF0 values of a command or data message. The AMF3 types start with a format byte of 0 before them.
pub(crate) fn values(message: &Message) -> (Bytes, usize) {
    let amf3 = matches!(message.kind, MessageType::COMMAND_AMF3 | MessageType::DATA_AMF3);
    let skipped = usize::from(amf3 && message.payload.first() == Some(&0));
    (share(&message.payload, skipped, message.payload.len()), skipped)
}

/// A number that is a whole one of 32 bits.
fn whole(n: f64) -> Option<u32> {
    // The cast saturates and makes NaN 0; comparing back tells.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked by the comparison")]
    let cast = n as u32;
    (f64::from(cast) == n).then_some(cast)
}

/// Whole milliseconds.
fn milliseconds(n: Option<f64>) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "saturation is the wanted end of the range")]
    n.filter(|n| n.is_finite()).map(|n| n as i64)
}

/// play's start: clients write the special values -2 and -1 in seconds or in milliseconds.
fn start(n: Option<f64>) -> i64 {
    match milliseconds(n) {
        None | Some(-2) => -2000,
        Some(-1) => -1000,
        Some(ms) => ms,
    }
}

/// play's duration: -1, in seconds or in milliseconds, is to the end.
fn duration(n: Option<f64>) -> i64 {
    match milliseconds(n) {
        None | Some(-1) => -1000,
        Some(ms) => ms,
    }
}

#[cfg(test)]
mod tests;
