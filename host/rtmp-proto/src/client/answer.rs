//! What a server answers (RTMP 1.0 §7.2), typed.

use crate::amf0::{Text, Value};
use crate::command::{self, Opening};
use crate::error::Error;
use crate::limits::Limits;
use crate::message::Message;

/// One command of a server.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// `_result`.
    Result {
        /// The number of the request.
        transaction: f64,
        /// The command object; connect's properties.
        object: Value,
        /// The first argument.
        value: Value,
    },
    /// `_error`.
    Error {
        /// The number of the request.
        transaction: f64,
        /// What it says.
        info: Info,
    },
    /// onStatus.
    Status(Info),
    /// close: the server ends the connection.
    Close,
    /// A call that asks nothing of us: onBWDone, onFCPublish, …
    Other(String),
}

/// An information object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// `status`, `warning` or `error`.
    pub level: String,
    /// The status code, or what the server said in its place.
    pub code: String,
    /// For people.
    pub description: String,
    /// Where to go instead: of a refused connect (`ex.redirect`) or a reconnect request (`tcUrl`).
    pub url: Option<String>,
}

impl Info {
    /// Whether it says that something failed. Codes decide where servers leave the level out.
    pub fn is_error(&self) -> bool {
        self.level == "error"
            || (self.level.is_empty()
                && [".Failed", ".Rejected", ".BadName", ".Denied", ".NotFound", "StreamNotFound", "InvalidApp"]
                    .iter()
                    .any(|end| self.code.ends_with(end)))
    }

    fn from_value(value: &Value) -> Info {
        let text = |value: Option<&Value>| value.and_then(Value::text).map(Text::to_printable);
        let field = |name: &str| text(value.field(name));
        let redirect = value.field("ex").and_then(|ex| text(ex.field("redirect")));
        Info {
            level: field("level").unwrap_or_default(),
            code: field("code").or_else(|| text(Some(value))).unwrap_or_default(),
            description: field("description").or_else(|| field("details")).unwrap_or_default(),
            url: redirect.or_else(|| field("tcUrl")),
        }
    }
}

impl Answer {
    /// Reads a command message (types 17 and 20).
    ///
    /// # Errors
    /// The values do not decode, exceed a limit, or do not start with a name.
    pub fn decode(message: &Message, limits: &Limits) -> Result<Answer, Error> {
        command::read(message, limits, |Opening { name, transaction, object }, next| {
            let value = next()?.unwrap_or(Value::Null);
            Ok(match name.as_bytes() {
                b"_result" => Answer::Result { transaction, object, value },
                b"_error" => Answer::Error { transaction, info: Info::from_value(&value) },
                b"onStatus" => Answer::Status(Info::from_value(&value)),
                b"close" => Answer::Close,
                _ => Answer::Other(name.to_printable()),
            })
        })
    }

    /// The information object that a result carries, as connect's does.
    pub(super) fn info(value: &Value) -> Info {
        Info::from_value(value)
    }
}
