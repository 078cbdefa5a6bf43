//! Writing AMF0.

use super::marker as m;
use super::value::{Text, Value};

/// Appends one value. Text over 65,535 bytes takes the long form; a field name is cut there, as the format has no longer
/// one.
pub fn encode(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Number(n) => {
            out.push(m::NUMBER);
            out.extend_from_slice(&n.to_be_bytes());
        }
        Value::Boolean(b) => out.extend_from_slice(&[m::BOOLEAN, u8::from(*b)]),
        Value::String(text) => match u16::try_from(text.as_bytes().len()) {
            Ok(length) => {
                out.push(m::STRING);
                out.extend_from_slice(&length.to_be_bytes());
                out.extend_from_slice(text.as_bytes());
            }
            Err(_) => long(m::LONG_STRING, text, out),
        },
        Value::Object(fields) => {
            out.push(m::OBJECT);
            encode_fields(fields, out);
        }
        Value::Null => out.push(m::NULL),
        Value::Undefined => out.push(m::UNDEFINED),
        Value::EcmaArray(fields) => {
            out.push(m::ECMA_ARRAY);
            out.extend_from_slice(&count(fields.len()));
            encode_fields(fields, out);
        }
        Value::StrictArray(values) => {
            out.push(m::STRICT_ARRAY);
            out.extend_from_slice(&count(values.len()));
            values.iter().for_each(|value| encode(value, out));
        }
        Value::Date { unix_ms, zone } => {
            out.push(m::DATE);
            out.extend_from_slice(&unix_ms.to_be_bytes());
            out.extend_from_slice(&zone.to_be_bytes());
        }
        Value::Unsupported => out.push(m::UNSUPPORTED),
        Value::Xml(text) => long(m::XML_DOCUMENT, text, out),
        Value::TypedObject { class, fields } => {
            out.push(m::TYPED_OBJECT);
            name(class, out);
            encode_fields(fields, out);
        }
    }
}

/// All values, one after another.
pub fn encode_all(values: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    values.iter().for_each(|value| encode(value, &mut out));
    out
}

fn encode_fields(fields: &[(Text, Value)], out: &mut Vec<u8>) {
    for (key, value) in fields {
        name(key, out);
        encode(value, out);
    }
    out.extend_from_slice(&[0, 0, m::OBJECT_END]);
}

fn name(text: &Text, out: &mut Vec<u8>) {
    let length = u16::try_from(text.as_bytes().len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(text.as_bytes().get(..length.into()).unwrap_or_default());
}

fn long(marker: u8, text: &Text, out: &mut Vec<u8>) {
    out.push(marker);
    out.extend_from_slice(&count(text.as_bytes().len()));
    out.extend_from_slice(text.as_bytes());
}

fn count(n: usize) -> [u8; 4] {
    u32::try_from(n).unwrap_or(u32::MAX).to_be_bytes()
}
