//! Protocol control and user control messages (RTMP 1.0 §5.4, §6.2).

use crate::cursor::Cursor;
use crate::error::{Cause, Error, Place};
use crate::id::{ChunkStreamId, MessageStreamId};
use crate::message::{Message, MessageType};
use bytes::Bytes;

/// A control message. On the wire: message stream 0, chunk stream 2, time ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// The sender's chunks are of this size from now on.
    SetChunkSize(u32),
    /// The partial message on this chunk stream is given up.
    Abort(ChunkStreamId),
    /// Bytes received so far, modulo 2^32.
    Acknowledgement(u32),
    /// An event about a stream or the link.
    User(UserControl),
    /// The sender wants an acknowledgement each time this many bytes came.
    WindowAckSize(u32),
    /// The sender limits what the receiver may have in flight.
    PeerBandwidth {
        /// Bytes.
        window: u32,
        /// How it combines with an earlier limit.
        limit: BandwidthLimit,
    },
}

/// How a peer bandwidth combines with an earlier one (RTMP 1.0 §5.4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandwidthLimit {
    /// It replaces the earlier one.
    Hard,
    /// The smaller of the two.
    Soft,
    /// Hard if the earlier one was hard, else nothing.
    Dynamic,
}

/// A user control event (RTMP 1.0 §6.2, §7.1.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserControl {
    /// The stream's data begins.
    StreamBegin(MessageStreamId),
    /// The stream's data ended.
    StreamEof(MessageStreamId),
    /// There is no more data for a while.
    StreamDry(MessageStreamId),
    /// How much the client buffers.
    SetBufferLength {
        /// The stream.
        stream: MessageStreamId,
        /// Milliseconds.
        ms: u32,
    },
    /// The stream is a recorded one.
    StreamIsRecorded(MessageStreamId),
    /// Asks for a response with the same four bytes.
    PingRequest(u32),
    /// Answers a ping with its four bytes.
    PingResponse(u32),
    /// An event of another kind, with its first four bytes.
    Other {
        /// The event type.
        event: u16,
    },
}

impl Control {
    /// Reads a message of types 1 to 6; `None` if it is of another type.
    ///
    /// # Errors
    /// The body is shorter than its fields.
    pub fn decode(message: &Message) -> Result<Option<Control>, Error> {
        if !message.kind.is_control() {
            return Ok(None);
        }
        match Control::read(message.kind, &mut Cursor::new(&message.payload)) {
            Some(control) => Ok(Some(control)),
            None => Err(Error {
                cause: Cause::ShortControl(message.kind.0),
                place: Place { chunk_stream: Some(message.chunk_stream), ..Place::default() },
            }),
        }
    }

    fn read(kind: MessageType, cursor: &mut Cursor<'_>) -> Option<Control> {
        Some(match kind {
            MessageType::SET_CHUNK_SIZE => Control::SetChunkSize(cursor.u32()?),
            MessageType::ABORT => Control::Abort(ChunkStreamId(cursor.u32()?)),
            MessageType::ACKNOWLEDGEMENT => Control::Acknowledgement(cursor.u32()?),
            MessageType::WINDOW_ACK_SIZE => Control::WindowAckSize(cursor.u32()?),
            MessageType::PEER_BANDWIDTH => Control::PeerBandwidth {
                window: cursor.u32()?,
                // Some senders leave the type out; dynamic is what they mean.
                limit: match cursor.u8() {
                    Some(0) => BandwidthLimit::Hard,
                    Some(1) => BandwidthLimit::Soft,
                    _ => BandwidthLimit::Dynamic,
                },
            },
            _ => Control::User(UserControl::read(cursor)?),
        })
    }

    /// The type and the body on the wire.
    pub fn encode(&self) -> (MessageType, Bytes) {
        let number = |kind, n: u32| (kind, Bytes::copy_from_slice(&n.to_be_bytes()));
        match self {
            Control::SetChunkSize(size) => number(MessageType::SET_CHUNK_SIZE, *size),
            Control::Abort(id) => number(MessageType::ABORT, id.0),
            Control::Acknowledgement(bytes) => number(MessageType::ACKNOWLEDGEMENT, *bytes),
            Control::WindowAckSize(bytes) => number(MessageType::WINDOW_ACK_SIZE, *bytes),
            Control::PeerBandwidth { window, limit } => {
                let mut body = window.to_be_bytes().to_vec();
                body.push(match limit {
                    BandwidthLimit::Hard => 0,
                    BandwidthLimit::Soft => 1,
                    BandwidthLimit::Dynamic => 2,
                });
                (MessageType::PEER_BANDWIDTH, body.into())
            }
            Control::User(event) => (MessageType::USER_CONTROL, event.encode()),
        }
    }
}

impl UserControl {
    fn read(cursor: &mut Cursor<'_>) -> Option<UserControl> {
        let event = cursor.u16()?;
        Some(match event {
            0 => UserControl::StreamBegin(MessageStreamId(cursor.u32()?)),
            1 => UserControl::StreamEof(MessageStreamId(cursor.u32()?)),
            2 => UserControl::StreamDry(MessageStreamId(cursor.u32()?)),
            3 => UserControl::SetBufferLength { stream: MessageStreamId(cursor.u32()?), ms: cursor.u32()? },
            4 => UserControl::StreamIsRecorded(MessageStreamId(cursor.u32()?)),
            6 => UserControl::PingRequest(cursor.u32()?),
            7 => UserControl::PingResponse(cursor.u32()?),
            event => UserControl::Other { event },
        })
    }

    fn encode(&self) -> Bytes {
        let (event, first, second) = match *self {
            UserControl::StreamBegin(id) => (0u16, Some(id.0), None),
            UserControl::StreamEof(id) => (1, Some(id.0), None),
            UserControl::StreamDry(id) => (2, Some(id.0), None),
            UserControl::SetBufferLength { stream, ms } => (3, Some(stream.0), Some(ms)),
            UserControl::StreamIsRecorded(id) => (4, Some(id.0), None),
            UserControl::PingRequest(value) => (6, Some(value), None),
            UserControl::PingResponse(value) => (7, Some(value), None),
            UserControl::Other { event } => (event, None, None),
        };
        let mut body = event.to_be_bytes().to_vec();
        for value in [first, second].into_iter().flatten() {
            body.extend_from_slice(&value.to_be_bytes());
        }
        body.into()
    }
}

#[cfg(test)]
mod tests;
