//! Chunk headers, byte by byte (RTMP 1.0 §5.3.1).

use crate::cursor::Cursor;

/// The largest chunk stream id: 64 + 255 + 256 × 255.
pub const MAX_CHUNK_STREAM: u32 = 65_599;
/// The longest header: 3 basic, 11 message, 4 extended timestamp.
pub const MAX_HEADER_LEN: usize = 18;
/// The 24-bit value that says an extended timestamp follows.
pub(crate) const EXTENDED: u32 = 0xFF_FFFF;

/// The fields that a chunk header may carry, by format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// 0 to 3: how much the header leaves out.
    pub(crate) format: u8,
    pub(crate) chunk_stream: u32,
    /// Formats 0 (absolute) and 1, 2 (delta): the 24-bit field.
    pub(crate) time: u32,
    /// Formats 0 and 1.
    pub(crate) length: u32,
    /// Formats 0 and 1.
    pub(crate) kind: u8,
    /// Format 0.
    pub(crate) stream: u32,
}

impl Header {
    /// Basic and message header, without an extended timestamp. `None`: more bytes are needed.
    pub(crate) fn read(cursor: &mut Cursor<'_>) -> Option<Header> {
        let first = cursor.u8()?;
        let chunk_stream = match first & 0x3F {
            0 => u32::from(cursor.u8()?).saturating_add(64),
            // The long form is the one little-endian id of the basic header.
            1 => u32::from(u16::from_le_bytes(cursor.array()?)).saturating_add(64),
            id => id.into(),
        };
        let mut header = Header { format: first >> 6, chunk_stream, time: 0, length: 0, kind: 0, stream: 0 };
        if header.format <= 2 {
            header.time = cursor.u24()?;
        }
        if header.format <= 1 {
            header.length = cursor.u24()?;
            header.kind = cursor.u8()?;
        }
        if header.format == 0 {
            header.stream = u32::from_le_bytes(cursor.array()?);
        }
        Some(header)
    }

    /// Writes basic and message header and, if `time` needs it, the extended timestamp. `time` is the whole value.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        basic(self.format, self.chunk_stream, out);
        let field = self.time.min(EXTENDED);
        if self.format <= 2 {
            let [_, a, b, c] = field.to_be_bytes();
            out.extend_from_slice(&[a, b, c]);
        }
        if self.format <= 1 {
            let [_, a, b, c] = self.length.to_be_bytes();
            out.extend_from_slice(&[a, b, c, self.kind]);
        }
        if self.format == 0 {
            out.extend_from_slice(&self.stream.to_le_bytes());
        }
        if field == EXTENDED {
            out.extend_from_slice(&self.time.to_be_bytes());
        }
    }
}

/// The basic header in its shortest form.
fn basic(format: u8, chunk_stream: u32, out: &mut Vec<u8>) {
    let format = format << 6;
    let [a, b, ..] = chunk_stream.saturating_sub(64).to_le_bytes();
    match chunk_stream {
        // Ids below 2 name the long forms; such a caller gets the lowest id that can be written.
        0..=1 => out.push(format | 2),
        2..=63 => out.push(format | u8::try_from(chunk_stream).unwrap_or(2)),
        64..=319 => out.extend_from_slice(&[format, a]),
        _ => out.extend_from_slice(&[format | 1, a, b]),
    }
}
