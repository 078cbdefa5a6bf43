//! What the driver of a client connection is told.

use super::answer::Info;
use crate::error::Error;
use crate::event::MediaMessage;
use crate::id::{MessageStreamId, RequestId};

/// One thing that the server did.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// connect was accepted.
    Connected(Box<ServerInfo>),
    /// connect was refused: the connection is of no further use.
    Refused {
        /// The status code and the reason.
        info: Info,
    },
    /// connect was answered with another place to go: the connection is of no further use.
    Redirected {
        /// Where.
        url: String,
        /// For people.
        description: String,
    },
    /// createStream was answered; publish or play is on its way.
    Asked {
        /// The request.
        id: RequestId,
        /// Its stream.
        stream: MessageStreamId,
    },
    /// A publish was admitted: send media on this stream.
    Publishing {
        /// The request.
        id: RequestId,
        /// Its stream.
        stream: MessageStreamId,
    },
    /// A play was admitted: media will come, or wait for a publisher.
    Playing {
        /// The request.
        id: RequestId,
        /// Its stream.
        stream: MessageStreamId,
    },
    /// A publish or play was refused or ended with an error; the connection stays.
    Failed {
        /// The request.
        id: RequestId,
        /// The status code and the reason.
        info: Info,
    },
    /// Media of a stream that plays.
    Message(MediaMessage),
    /// A status of a stream that goes on (`NetStream.Play.UnpublishNotify` and the like), or of the connection.
    Status {
        /// Its stream; 0 is the connection.
        stream: MessageStreamId,
        /// What it says.
        info: Info,
    },
    /// The data of a stream begins.
    StreamBegin(MessageStreamId),
    /// The data of a stream ended; a new publisher may begin it again.
    StreamEof(MessageStreamId),
    /// There is no data of a stream for a while.
    StreamDry(MessageStreamId),
    /// The server asks us to connect again and leave at a good moment; it serves on until then (E-RTMP v2, Reconnect
    /// Request).
    Reconnect {
        /// Where, absolute or relative; `None`: the same place.
        tc_url: Option<String>,
        /// For people.
        description: String,
    },
    /// The server closes the connection in good order.
    Closed,
    /// The server misbehaved and lives. Rate-limited.
    Ignored {
        /// What was ignored and where.
        reason: Error,
        /// How many more were ignored without an event since the last one.
        suppressed: u64,
    },
}

/// What the answer to connect says about the server. Text is printable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerInfo {
    /// `fmsVer`.
    pub version: String,
    /// The description of its answer.
    pub description: String,
    /// Enhanced capabilities: 1 reconnect, 2 multitrack, 4 ModEx, 8 nanosecond offset.
    pub caps_ex: u32,
}
