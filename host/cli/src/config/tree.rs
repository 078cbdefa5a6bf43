//! The configuration as a tree of values, each of which knows where it was written.

use std::{
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Error, Problem};
use crate::telemetry::escape;

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a file, at a line counted from 1.
    File(Arc<PathBuf>, usize),
    /// In the text that is built into the binary, at a line counted from 1.
    BuiltIn(usize),
    /// In an environment variable.
    Variable(String),
    /// Nowhere: the default holds.
    Default,
}

impl Place {
    /// The configuration file, if it was written in one.
    pub(crate) fn file(&self) -> Option<&Path> {
        if let Place::File(path, _) = self { Some(path) } else { None }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::File(path, line) => write!(f, "{}:{line}", escape(&path.display().to_string())),
            Place::BuiltIn(line) => write!(f, "built-in weir.toml:{line}"),
            Place::Variable(name) => write!(f, "environment variable {name}"),
            Place::Default => f.write_str("default"),
        }
    }
}

/// A value and where it was written.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// What TOML knows.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Flag(bool),
    Time(String),
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
}

impl Value {
    /// The kind of value in words, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "text",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a number with a fraction",
            Value::Flag(_) => "true or false",
            Value::Time(_) => "a date or time",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

impl Node {
    /// The value as one line of TOML.
    pub(crate) fn toml(&self) -> String {
        match &self.value {
            Value::Text(text) => quote(text),
            Value::Integer(n) => n.to_string(),
            Value::Float(n) => toml::Value::Float(*n).to_string(),
            Value::Flag(b) => b.to_string(),
            Value::Time(text) => text.clone(),
            Value::List(list) => format!("[{}]", list.iter().map(Node::toml).collect::<Vec<_>>().join(", ")),
            Value::Table(table) if table.is_empty() => "{}".into(),
            Value::Table(table) => {
                let fields: Vec<_> = table.iter().map(|(k, v)| format!("{} = {}", key(k), v.toml())).collect();
                format!("{{ {} }}", fields.join(", "))
            }
        }
    }
}

/// Text as a TOML string.
pub(crate) fn quote(text: &str) -> String {
    toml::Value::String(text.into()).to_string()
}

/// A key as TOML writes it: bare if it can be.
pub(crate) fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if bare {
        return name.into();
    }
    // A key stands on one line, whatever is in it. JSON's escapes are among TOML's, and so are those of what it leaves alone.
    escape(&serde_json::Value::from(name).to_string())
}

/// Which text is read: decides what places look like.
#[derive(Clone, Debug)]
pub(crate) enum Text {
    File(Arc<PathBuf>),
    BuiltIn,
    Variable(String),
}

/// Tells where in a text something stands.
struct Lines<'t> {
    of: &'t Text,
    /// Where each line ends. Found once: a large file has as many values as lines.
    ends: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &str, of: &'t Text) -> Lines<'t> {
        Lines { of, ends: text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at).collect() }
    }

    fn place(&self, span: &Range<usize>) -> Place {
        let line = self.ends.partition_point(|end| *end < span.start) + 1;
        match self.of {
            Text::File(path) => Place::File(path.clone(), line),
            Text::BuiltIn => Place::BuiltIn(line),
            Text::Variable(name) => Place::Variable(name.clone()),
        }
    }
}

/// Reads a whole TOML document. Every syntax error is reported, not only the first.
pub(crate) fn parse(text: &str, of: &Text) -> Result<BTreeMap<String, Node>, Error> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let lines = Lines::new(text, of);
    if errors.is_empty() {
        let mut problems = Vec::new();
        let table = self::table(table.get_ref(), &lines, &mut problems);
        return if problems.is_empty() { Ok(table) } else { Err(Error::Invalid(problems)) };
    }
    let problems = errors.iter().map(|e| {
        let place = lines.place(&e.span().unwrap_or_default());
        Problem { place, key: String::new(), what: format!("not valid TOML: {}", e.message().replace('\n', "; ")) }
    });
    Err(Error::Invalid(problems.collect()))
}

/// Reads one TOML value; `None` if the text is not one.
pub(crate) fn parse_value(text: &str, of: &Text) -> Option<Node> {
    let value = DeValue::parse(text).ok()?;
    let mut problems = Vec::new();
    let node = self::node(&value, &Lines::new(text, of), &mut problems);
    problems.is_empty().then_some(node)
}

fn table(from: &DeTable<'_>, lines: &Lines<'_>, problems: &mut Vec<Problem>) -> BTreeMap<String, Node> {
    let mut table = BTreeMap::new();
    for (key, value) in from {
        let mut node = self::node(value, lines, problems);
        // A table's own span starts at its header, a value's at the value: messages point to the key.
        node.place = lines.place(&key.span());
        table.insert(key.get_ref().to_string(), node);
    }
    table
}

fn node(from: &Spanned<DeValue<'_>>, lines: &Lines<'_>, problems: &mut Vec<Problem>) -> Node {
    let place = lines.place(&from.span());
    let mut wrong = |what: String| {
        problems.push(Problem { place: place.clone(), key: String::new(), what });
        Value::Flag(false)
    };
    let value = match from.get_ref() {
        DeValue::String(s) => Value::Text(s.to_string()),
        DeValue::Integer(n) => match i64::from_str_radix(n.as_str(), n.radix()) {
            Ok(n) => Value::Integer(n),
            Err(_) => wrong(format!("the integer {} is too large", n.as_str())),
        },
        DeValue::Float(n) => match n.as_str().parse() {
            Ok(n) => Value::Float(n),
            Err(_) => wrong(format!("{} is not a number", n.as_str())),
        },
        DeValue::Boolean(b) => Value::Flag(*b),
        DeValue::Datetime(t) => Value::Time(t.to_string()),
        DeValue::Array(list) => Value::List(list.iter().map(|v| self::node(v, lines, problems)).collect()),
        DeValue::Table(t) => Value::Table(self::table(t, lines, problems)),
    };
    Node { place, value }
}
