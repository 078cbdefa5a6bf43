//! AMF0 values (Adobe AMF 0, §2).

/// What commands are made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Marker 0.
    Number(f64),
    /// Marker 1.
    Bool(bool),
    /// Marker 2, and 12 when read.
    Text(String),
    /// Marker 3, and 8 when read.
    Object(Vec<(String, Value)>),
    /// Markers 5 and 6.
    Null,
    /// Marker 10.
    Array(Vec<Value>),
}

impl Value {
    /// Text.
    pub fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    /// An object.
    pub fn object(fields: &[(&str, Value)]) -> Value {
        Value::Object(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        if let Value::Number(n) = self { Some(*n) } else { None }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(t) = self { Some(t) } else { None }
    }

    /// A field of an object.
    pub fn field(&self, name: &str) -> Option<&Value> {
        if let Value::Object(fields) = self { fields.iter().find(|(n, _)| n == name).map(|(_, v)| v) } else { None }
    }

    /// Appends its wire form.
    pub fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Value::Number(n) => {
                out.push(0);
                out.extend_from_slice(&n.to_be_bytes());
            }
            Value::Bool(b) => out.extend_from_slice(&[1, u8::from(*b)]),
            Value::Text(t) => {
                out.push(2);
                name(t, out);
            }
            Value::Object(fields) => {
                out.push(3);
                for (key, value) in fields {
                    name(key, out);
                    value.encode(out);
                }
                out.extend_from_slice(&[0, 0, 9]);
            }
            Value::Null => out.push(5),
            Value::Array(values) => {
                out.push(10);
                out.extend_from_slice(&u32::try_from(values.len()).expect("a count").to_be_bytes());
                values.iter().for_each(|v| v.encode(out));
            }
        }
    }
}

fn name(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(&u16::try_from(text.len()).expect("a short text").to_be_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// Every value of a message body. What is not understood ends the list.
pub fn decode_all(mut bytes: &[u8]) -> Vec<Value> {
    let mut values = Vec::new();
    while let Some(value) = decode(&mut bytes) {
        values.push(value);
    }
    values
}

fn decode(bytes: &mut &[u8]) -> Option<Value> {
    let marker = take(bytes, 1)?[0];
    Some(match marker {
        0 => Value::Number(f64::from_be_bytes(take(bytes, 8)?.try_into().ok()?)),
        1 => Value::Bool(take(bytes, 1)?[0] != 0),
        2 => Value::Text(text(bytes)?),
        3 => Value::Object(fields(bytes)?),
        5 | 6 => Value::Null,
        8 => {
            take(bytes, 4)?;
            Value::Object(fields(bytes)?)
        }
        10 => {
            let count = u32::from_be_bytes(take(bytes, 4)?.try_into().ok()?);
            Value::Array((0..count).map(|_| decode(bytes)).collect::<Option<_>>()?)
        }
        12 => {
            let size = u32::from_be_bytes(take(bytes, 4)?.try_into().ok()?);
            Value::Text(String::from_utf8_lossy(take(bytes, usize::try_from(size).ok()?)?).into_owned())
        }
        _ => return None,
    })
}

fn fields(bytes: &mut &[u8]) -> Option<Vec<(String, Value)>> {
    let mut fields = Vec::new();
    loop {
        let key = text(bytes)?;
        if key.is_empty() && bytes.first() == Some(&9) {
            take(bytes, 1)?;
            return Some(fields);
        }
        fields.push((key, decode(bytes)?));
    }
}

fn text(bytes: &mut &[u8]) -> Option<String> {
    let size = u16::from_be_bytes(take(bytes, 2)?.try_into().ok()?);
    Some(String::from_utf8_lossy(take(bytes, size.into())?).into_owned())
}

fn take<'a>(bytes: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    let (head, tail) = bytes.split_at_checked(n)?;
    *bytes = tail;
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_the_wire() {
        let values = [
            Value::text("connect"),
            Value::Number(1.0),
            Value::object(&[
                ("app", Value::text("live")),
                ("list", Value::Array(vec![Value::Bool(true), Value::Null])),
            ]),
        ];
        let mut bytes = Vec::new();
        values.iter().for_each(|v| v.encode(&mut bytes));
        assert_eq!(decode_all(&bytes), values);
        assert_eq!(decode_all(&bytes[..bytes.len() - 1]), values[..2]);
    }
}
