//! Messages to chunks and back (RTMP 1.0 §5.3).
//!
//! [`Reader`] joins the peer's chunks, [`Writer`] makes chunks with the shortest headers, [`encode_message`] makes the
//! self-contained form of one message that many players can share.

mod encode;
mod header;
mod reader;
mod writer;

pub use encode::encode_message;
pub use header::{MAX_CHUNK_STREAM, MAX_HEADER_LEN};
pub use reader::Reader;
pub use writer::Writer;

use crate::id::ChunkStreamId;

/// The chunk size of both directions until Set Chunk Size (RTMP 1.0 §5.4.1).
pub const DEFAULT_CHUNK_SIZE: u32 = 128;
/// The largest chunk size a peer may set (RTMP 1.0 §5.4.1).
pub const MAX_CHUNK_SIZE: u32 = 0x7FFF_FFFF;

/// Protocol control (RTMP 1.0 §5.3.1.1).
pub const CONTROL: ChunkStreamId = ChunkStreamId(2);
/// Commands on the NetConnection.
pub const COMMAND: ChunkStreamId = ChunkStreamId(3);
/// Audio of a NetStream.
pub const AUDIO: ChunkStreamId = ChunkStreamId(4);
/// Commands and status on a NetStream.
pub const STATUS: ChunkStreamId = ChunkStreamId(5);
/// Video of a NetStream.
pub const VIDEO: ChunkStreamId = ChunkStreamId(6);
/// Data of a NetStream.
pub const DATA: ChunkStreamId = ChunkStreamId(7);
