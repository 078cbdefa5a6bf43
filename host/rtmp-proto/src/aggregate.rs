//! Messages inside one message (RTMP 1.0 §7.1.6): FLV tags back to back.

use crate::cursor::{Cursor, share};
use crate::error::{Cause, Error, Place};
use crate::message::MessageType;
use bytes::Bytes;

/// Bytes of a tag's header and of the back pointer after it (FLV 10.1 E.4.1).
const HEADER_LEN: usize = 11;
const BACK_POINTER_LEN: usize = 4;

/// One message of an aggregate. Its stream is the aggregate's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: MessageType,
    /// Milliseconds, shifted to the aggregate's time.
    pub timestamp: u32,
    /// The body, sharing the aggregate's bytes.
    pub payload: Bytes,
}

/// Takes an aggregate apart, part by part, without copying.
#[derive(Clone, Debug)]
pub struct Reader {
    body: Bytes,
    position: usize,
    timestamp: u32,
    first: Option<u32>,
}

impl Reader {
    /// A reader of the body of an aggregate message with this timestamp.
    pub fn new(body: Bytes, timestamp: u32) -> Self {
        Reader { body, position: 0, timestamp, first: None }
    }

    fn part(&mut self) -> Option<Part> {
        let mut cursor = Cursor::new(&self.body);
        cursor.seek(self.position);
        let kind = MessageType(cursor.u8()?);
        let length = usize::try_from(cursor.u24()?).ok()?;
        let [b, c, d, a] = cursor.array()?;
        let time = u32::from_be_bytes([a, b, c, d]);
        // The stream id of the tag says nothing: the outer message's wins.
        cursor.u24()?;
        let start = self.position.checked_add(HEADER_LEN)?;
        cursor.take(length)?;
        let end = cursor.position();
        // The last back pointer is missing in the wild.
        self.position = end.saturating_add(BACK_POINTER_LEN);
        let first = *self.first.get_or_insert(time);
        Some(Part {
            kind,
            timestamp: self.timestamp.wrapping_add(time.wrapping_sub(first)),
            payload: share(&self.body, start, end),
        })
    }
}

impl Iterator for Reader {
    type Item = Result<Part, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.position >= self.body.len() {
            return None;
        }
        let at = self.position;
        let part = self.part();
        if part.is_none() {
            self.position = self.body.len();
        }
        Some(
            part.ok_or(Error { cause: Cause::AggregateTruncated, place: Place { body: Some(at), ..Place::default() } }),
        )
    }
}

#[cfg(test)]
mod tests;
