//! Data messages: without `@setDataFrame`, in AMF0, within the limits. `@clearDataFrame` is passed on as the name that it is.

use crate::amf0::{Decoder, Value, encode_all, first_text};
use crate::command::values;
use crate::cursor::share;
use crate::error::Error;
use crate::limits::Limits;
use crate::message::Message;
use bytes::Bytes;

/// How an encoder says «keep this and give it to later players» (RTMP 1.0 §7.1.2 and practice).
const SET: &[u8] = b"@setDataFrame";
/// The body to pass on; `None`: nothing to pass on.
///
/// Bytes that are AMF0 already are shared, not copied, and need not decode to their end: players have seen worse than a
/// missing end marker.
///
/// # Errors
/// The values exceed a limit, or AMF3 values do not decode.
pub(crate) fn normalize(message: &Message, limits: &Limits) -> Result<Option<Bytes>, Error> {
    let (body, _) = values(message);
    let mut decoder = Decoder::new(&body, limits);
    let mut decoded = Vec::new();
    let end = loop {
        match decoder.read() {
            Ok(Some(value)) => decoded.push(value),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    if let Err(error) = end
        && (error.cause.is_limit() || decoder.switched_to_amf3())
    {
        return Err(error);
    }
    if decoder.switched_to_amf3() {
        let name = decoded.first().and_then(Value::text).map(|t| t.as_bytes());
        let skip = usize::from(name == Some(SET));
        return Ok(Some(encode_all(decoded.get(skip..).unwrap_or_default()).into()));
    }
    let rest = match first_text(&body) {
        Some((SET, end)) => share(&body, end, body.len()),
        _ => body.clone(),
    };
    Ok((!rest.is_empty()).then_some(rest))
}
