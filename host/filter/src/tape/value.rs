//! Answers of host functions as they are kept and given again.

use std::fmt;

use filter_wit::media::weir::filter::{kv, output, types};
use serde::{Deserialize, Serialize};

/// One answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Value {
    Unit,
    Flag(bool),
    Number(u64),
    Signed(i64),
    Text(String),
    Bytes(Vec<u8>),
    /// A secret: how long it is; none if there is none of that name.
    Secret(Option<u32>),
    Item(Option<(Vec<u8>, u64)>),
    Key(String, String),
    Refused(Refusal),
}

/// Why a host function said no.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Refusal {
    NoSuchBucket,
    Denied,
    TooLarge,
    Conflict,
    Unavailable(String),
    NoSuchTrack,
    NameTaken,
    Full,
    OutOfOrder,
    Closed,
}

impl Value {
    pub(super) fn weight(&self) -> usize {
        const FIXED: usize = std::mem::size_of::<(&str, Value)>();
        FIXED
            + match self {
                Value::Text(text) => text.len(),
                Value::Bytes(bytes) | Value::Item(Some((bytes, _))) => bytes.len(),
                _ => 0,
            }
    }
}

/// Bytes of an answer that are shown.
const SHOWN: usize = 16;

fn hex(bytes: &[u8]) -> String {
    let text: String = bytes.iter().take(SHOWN).map(|b| format!("{b:02x}")).collect();
    match bytes.len() > SHOWN {
        true => format!("{text}… ({} bytes)", bytes.len()),
        false => text,
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Unit => f.write_str("ok"),
            Value::Flag(flag) => write!(f, "{flag}"),
            Value::Number(n) => write!(f, "{n}"),
            Value::Signed(n) => write!(f, "{n}"),
            Value::Text(text) => write!(f, "{text:?}"),
            Value::Bytes(bytes) => f.write_str(&hex(bytes)),
            Value::Secret(None) | Value::Item(None) => f.write_str("none"),
            Value::Secret(Some(bytes)) => write!(f, "(hidden, {bytes} bytes)"),
            Value::Item(Some((bytes, version))) => write!(f, "{} version {version}", hex(bytes)),
            Value::Key(app, name) => write!(f, "{app}/{name}"),
            Value::Refused(why) => write!(f, "{why:?}"),
        }
    }
}

/// The type of an answer.
pub(crate) trait Told: Sized {
    fn tell(&self) -> Value;
    /// None: it is no answer of this type.
    fn of(value: Value) -> Option<Self>;
}

macro_rules! plain {
    ($($type:ty => $case:ident,)*) => { $(
        impl Told for $type {
            fn tell(&self) -> Value {
                Value::$case(self.clone())
            }
            fn of(value: Value) -> Option<$type> {
                if let Value::$case(value) = value { Some(value) } else { None }
            }
        }
    )* };
}

plain! {
    bool => Flag,
    u64 => Number,
    i64 => Signed,
    String => Text,
    Vec<u8> => Bytes,
}

impl Told for () {
    fn tell(&self) -> Value {
        Value::Unit
    }
    fn of(value: Value) -> Option<()> {
        (value == Value::Unit).then_some(())
    }
}

impl Told for u16 {
    fn tell(&self) -> Value {
        Value::Number(u64::from(*self))
    }
    fn of(value: Value) -> Option<u16> {
        if let Value::Number(number) = value { u16::try_from(number).ok() } else { None }
    }
}

impl Told for types::StreamKey {
    fn tell(&self) -> Value {
        Value::Key(self.app.clone(), self.name.clone())
    }
    fn of(value: Value) -> Option<types::StreamKey> {
        let Value::Key(app, name) = value else { return None };
        Some(types::StreamKey { app, name, query: Vec::new() })
    }
}

impl Told for output::Pressure {
    fn tell(&self) -> Value {
        Value::Number(match self {
            output::Pressure::Low => 0,
            output::Pressure::High => 1,
            output::Pressure::Full => 2,
        })
    }
    fn of(value: Value) -> Option<output::Pressure> {
        Some(match value {
            Value::Number(0) => output::Pressure::Low,
            Value::Number(1) => output::Pressure::High,
            Value::Number(2) => output::Pressure::Full,
            _ => return None,
        })
    }
}

/// An operator's secret: neither shown nor kept, a replay gets asterisks.
pub(crate) struct Secret(pub(crate) Option<String>);

/// A recording that claims a longer secret is not believed.
const MOST_SECRET: u32 = 1 << 20;

impl Told for Secret {
    fn tell(&self) -> Value {
        Value::Secret(self.0.as_ref().map(|text| u32::try_from(text.len()).unwrap_or(u32::MAX)))
    }
    fn of(value: Value) -> Option<Secret> {
        let Value::Secret(len) = value else { return None };
        Some(Secret(len.map(|len| "*".repeat(len.min(MOST_SECRET) as usize))))
    }
}

impl Told for Option<kv::Item> {
    fn tell(&self) -> Value {
        Value::Item(self.as_ref().map(|item| (item.value.clone(), item.version)))
    }
    fn of(value: Value) -> Option<Self> {
        let Value::Item(item) = value else { return None };
        Some(item.map(|(value, version)| kv::Item { value, version }))
    }
}

/// An error that a host function returns.
pub(crate) trait Refusing: Sized {
    fn refusal(&self) -> Refusal;
    fn of(refusal: Refusal) -> Option<Self>;
}

impl<T: Told, E: Refusing> Told for Result<T, E> {
    fn tell(&self) -> Value {
        match self {
            Ok(value) => value.tell(),
            Err(error) => Value::Refused(error.refusal()),
        }
    }
    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Refused(refusal) => E::of(refusal).map(Err),
            value => T::of(value).map(Ok),
        }
    }
}

impl Refusing for kv::KvError {
    fn refusal(&self) -> Refusal {
        match self {
            kv::KvError::NoSuchBucket => Refusal::NoSuchBucket,
            kv::KvError::Denied => Refusal::Denied,
            kv::KvError::TooLarge => Refusal::TooLarge,
            kv::KvError::Conflict => Refusal::Conflict,
            kv::KvError::Unavailable(why) => Refusal::Unavailable(why.clone()),
        }
    }
    fn of(refusal: Refusal) -> Option<kv::KvError> {
        Some(match refusal {
            Refusal::NoSuchBucket => kv::KvError::NoSuchBucket,
            Refusal::Denied => kv::KvError::Denied,
            Refusal::TooLarge => kv::KvError::TooLarge,
            Refusal::Conflict => kv::KvError::Conflict,
            Refusal::Unavailable(why) => kv::KvError::Unavailable(why),
            _ => return None,
        })
    }
}

impl Refusing for output::OutputError {
    fn refusal(&self) -> Refusal {
        match self {
            output::OutputError::Denied => Refusal::Denied,
            output::OutputError::NoSuchTrack => Refusal::NoSuchTrack,
            output::OutputError::NameTaken => Refusal::NameTaken,
            output::OutputError::Full => Refusal::Full,
            output::OutputError::OutOfOrder => Refusal::OutOfOrder,
            output::OutputError::Closed => Refusal::Closed,
        }
    }
    fn of(refusal: Refusal) -> Option<output::OutputError> {
        Some(match refusal {
            Refusal::Denied => output::OutputError::Denied,
            Refusal::NoSuchTrack => output::OutputError::NoSuchTrack,
            Refusal::NameTaken => output::OutputError::NameTaken,
            Refusal::Full => output::OutputError::Full,
            Refusal::OutOfOrder => output::OutputError::OutOfOrder,
            Refusal::Closed => output::OutputError::Closed,
            _ => return None,
        })
    }
}
