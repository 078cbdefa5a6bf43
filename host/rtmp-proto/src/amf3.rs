//! Action message format 3, read only: what clients with object encoding 3 send.
//!
//! Values are given as their AMF0 equivalent: integers as numbers, byte arrays as text (of bytes), vectors as strict
//! arrays, dictionaries as associative arrays with printed keys.

use crate::amf0::Value;
use crate::cursor::Cursor;
use crate::error::{Error, Place};
use crate::limits::Limits;

mod decode;

pub(crate) use decode::Tables;

/// All values of a body that is AMF3 throughout.
///
/// # Errors
/// The body is cut off, breaks the format or exceeds a limit; the place is the offset within the body.
pub fn decode_all(body: &[u8], limits: &Limits) -> Result<Vec<Value>, Error> {
    let mut cursor = Cursor::new(body);
    let mut budget = crate::amf0::Budget::new(limits);
    let mut tables = Tables::default();
    let mut values = Vec::new();
    while !cursor.is_empty() {
        match tables.read(&mut cursor, &mut budget) {
            Ok(value) => values.push(value),
            Err(cause) => {
                return Err(Error { cause, place: Place { body: Some(cursor.position()), ..Place::default() } });
            }
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests;
