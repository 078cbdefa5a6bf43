//! The values of a data message (`onMetaData` and its kin), free of any wire form.

/// A data message: its name and its first argument.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Metadata {
    /// `onMetaData`, `onTextData`, `onCuePoint`, …
    pub name: String,
    /// What follows the name.
    pub value: Value,
}

/// One value; objects keep the order of their fields.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A boolean.
    Bool(bool),
    /// Text; bytes that were not UTF-8 are replaced.
    Text(String),
    /// Milliseconds since 1970-01-01 UTC.
    Date(f64),
    /// Null or undefined.
    #[default]
    Null,
    /// Named fields.
    Object(Vec<(String, Value)>),
    /// Values by position.
    Array(Vec<Value>),
}
