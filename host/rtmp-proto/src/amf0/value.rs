//! What an AMF message says.

use std::fmt;

/// The fields of an object, in the order of the wire.
pub type Fields = Vec<(Text, Value)>;

/// One AMF value. AMF3 values are held as their AMF0 equivalent.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A boolean.
    Boolean(bool),
    /// Text, of any length.
    String(Text),
    /// An anonymous object.
    Object(Fields),
    /// Null.
    Null,
    /// Undefined.
    Undefined,
    /// An associative array.
    EcmaArray(Fields),
    /// An array by position.
    StrictArray(Vec<Value>),
    /// A point in time.
    Date {
        /// Milliseconds since 1970-01-01 UTC.
        unix_ms: f64,
        /// Reserved, should be 0 (AMF0 §2.13).
        zone: i16,
    },
    /// A value that the sender could not write.
    Unsupported,
    /// An XML document.
    Xml(Text),
    /// An object of a named class.
    TypedObject {
        /// The class.
        class: Text,
        /// Its fields.
        fields: Fields,
    },
}

/// Text of a peer: bytes that should be UTF-8.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(Box<[u8]>);

impl Text {
    /// The bytes as sent.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Readable text that keeps different bytes different: what is not UTF-8, and control characters, become `%XX`.
    pub fn to_printable(&self) -> String {
        let mut out = String::with_capacity(self.0.len());
        for part in self.0.utf8_chunks() {
            for c in part.valid().chars() {
                if c.is_control() {
                    let mut bytes = [0; 4];
                    c.encode_utf8(&mut bytes).bytes().for_each(|b| escape(&mut out, b));
                } else {
                    out.push(c);
                }
            }
            part.invalid().iter().for_each(|b| escape(&mut out, *b));
        }
        out
    }
}

/// Appends `%XX`.
fn escape(out: &mut String, byte: u8) {
    let digit = |n: u8| char::from_digit(n.into(), 16).unwrap_or('0').to_ascii_uppercase();
    out.push('%');
    out.push(digit(byte >> 4));
    out.push(digit(byte & 15));
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text(text.as_bytes().into())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text(text.into_bytes().into())
    }
}

impl From<&[u8]> for Text {
    fn from(bytes: &[u8]) -> Self {
        Text(bytes.into())
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other.as_bytes()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_printable())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_printable(), f)
    }
}

impl Value {
    /// The first field of this name, of any kind of object.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields()?.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The fields of any kind of object.
    pub fn fields(&self) -> Option<&Fields> {
        match self {
            Value::Object(fields) | Value::EcmaArray(fields) | Value::TypedObject { fields, .. } => Some(fields),
            _ => None,
        }
    }

    /// The text, if this is a string.
    pub fn text(&self) -> Option<&Text> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number; booleans count as 0 and 1, as some clients send them for numbers.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(n) => Some(*n),
            Value::Boolean(b) => Some(f64::from(u8::from(*b))),
            _ => None,
        }
    }

    /// The boolean; a number counts as true unless it is 0.
    pub fn boolean(&self) -> Option<bool> {
        match self {
            Value::Boolean(b) => Some(*b),
            Value::Number(n) => Some(*n != 0.0),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.into())
    }
}

impl From<f64> for Value {
    fn from(n: f64) -> Self {
        Value::Number(n)
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Value::Boolean(b)
    }
}
