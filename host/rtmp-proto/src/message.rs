//! One message and its types (RTMP 1.0 §6.1, §7.1).

use crate::id::{ChunkStreamId, MessageStreamId};
use bytes::Bytes;

/// The largest body: the length field has 24 bits.
pub const MAX_LENGTH: usize = 0xFF_FFFF;

/// A message type id (RTMP 1.0 §6.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessageType(pub u8);

impl MessageType {
    /// Set Chunk Size (§5.4.1).
    pub const SET_CHUNK_SIZE: Self = Self(1);
    /// Abort Message (§5.4.2).
    pub const ABORT: Self = Self(2);
    /// Acknowledgement (§5.4.3).
    pub const ACKNOWLEDGEMENT: Self = Self(3);
    /// User Control Messages (§6.2).
    pub const USER_CONTROL: Self = Self(4);
    /// Window Acknowledgement Size (§5.4.4).
    pub const WINDOW_ACK_SIZE: Self = Self(5);
    /// Set Peer Bandwidth (§5.4.5).
    pub const PEER_BANDWIDTH: Self = Self(6);
    /// Audio (§7.1.4).
    pub const AUDIO: Self = Self(8);
    /// Video (§7.1.5).
    pub const VIDEO: Self = Self(9);
    /// Data in AMF3 (§7.1.2).
    pub const DATA_AMF3: Self = Self(15);
    /// Shared object in AMF3 (§7.1.3).
    pub const SHARED_OBJECT_AMF3: Self = Self(16);
    /// Command in AMF3 (§7.1.1).
    pub const COMMAND_AMF3: Self = Self(17);
    /// Data in AMF0 (§7.1.2).
    pub const DATA: Self = Self(18);
    /// Shared object in AMF0 (§7.1.3).
    pub const SHARED_OBJECT: Self = Self(19);
    /// Command in AMF0 (§7.1.1).
    pub const COMMAND: Self = Self(20);
    /// Aggregate (§7.1.6).
    pub const AGGREGATE: Self = Self(22);

    /// Whether this type belongs to the connection itself (§5.4, §6.2) rather than to a stream.
    pub fn is_control(self) -> bool {
        matches!(self.0, 1..=6)
    }
}

/// The three kinds of message that carry media.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// An FLV audio tag body.
    Audio,
    /// An FLV video tag body.
    Video,
    /// An AMF0 data message: a name and its values.
    Data,
}

impl MediaKind {
    /// The type id on the wire.
    pub fn message_type(self) -> MessageType {
        match self {
            MediaKind::Audio => MessageType::AUDIO,
            MediaKind::Video => MessageType::VIDEO,
            MediaKind::Data => MessageType::DATA,
        }
    }

    /// The chunk stream on which this program sends this kind.
    pub fn chunk_stream(self) -> ChunkStreamId {
        match self {
            MediaKind::Audio => crate::chunk::AUDIO,
            MediaKind::Video => crate::chunk::VIDEO,
            MediaKind::Data => crate::chunk::DATA,
        }
    }
}

/// A whole message, as the chunk reader joins it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The chunk stream it came on.
    pub chunk_stream: ChunkStreamId,
    /// The message stream it belongs to.
    pub stream: MessageStreamId,
    /// What it is.
    pub kind: MessageType,
    /// Milliseconds, 32 bits, wrapping.
    pub timestamp: u32,
    /// The body.
    pub payload: Bytes,
}
