//! The operator's edits.

use std::collections::BTreeMap;

use guest_sdk::{Config, Fault, Scalar};
use serde::Deserialize;

/// What becomes of the fields: first those of `rename`, then of `remove`, then of `set`.
#[derive(Clone, Debug)]
pub struct Edits {
    pub(crate) messages: Vec<String>,
    rename: BTreeMap<String, String>,
    remove: Vec<String>,
    set: BTreeMap<String, Scalar>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default = "on_metadata")]
    messages: Vec<String>,
    #[serde(default)]
    rename: BTreeMap<String, String>,
    #[serde(default)]
    remove: Vec<String>,
    #[serde(default)]
    set: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected text, a number, true or false")]
enum Value {
    Bool(bool),
    Number(f64),
    Text(String),
}

fn on_metadata() -> Vec<String> {
    vec!["onMetaData".into()]
}

/// Whether a path is this field, or one inside it.
fn inside<'p>(path: &'p str, field: &str) -> Option<&'p str> {
    path.strip_prefix(field).filter(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl Edits {
    pub(crate) fn read(config: &Config) -> Result<Edits, Fault> {
        let table: Table = config.parse()?;
        let fields = table.rename.iter().flat_map(|(from, to)| [("rename", from), ("rename", to)]);
        let fields =
            fields.chain(table.remove.iter().map(|f| ("remove", f))).chain(table.set.keys().map(|f| ("set", f)));
        if let Some((key, _)) = fields.into_iter().find(|(_, field)| field.is_empty()) {
            return Err(Fault::InvalidConfig(format!("{key}: an empty name; expected the name of a field")));
        }
        let scalar = |value| match value {
            Value::Bool(b) => Scalar::Bool(b),
            Value::Number(n) => Scalar::Number(n),
            Value::Text(t) => Scalar::Text(t),
        };
        Ok(Edits {
            messages: table.messages,
            rename: table.rename,
            remove: table.remove,
            set: table.set.into_iter().map(|(field, value)| (field, scalar(value))).collect(),
        })
    }

    /// The fields with the edits; those that stay keep their order, and new ones stand at the end.
    pub(crate) fn apply(&self, fields: &[(String, Scalar)]) -> Vec<(String, Scalar)> {
        let new_name = |path: &str| {
            self.rename.iter().find_map(|(from, to)| inside(path, from).map(|rest| (to, format!("{to}{rest}"))))
        };
        // A name cannot stand twice: what had it before gives way to what is renamed to it.
        let taken: Vec<&String> = fields.iter().filter_map(|(path, _)| new_name(path)).map(|(to, _)| to).collect();
        let renamed = fields.iter().filter_map(|(path, value)| match new_name(path) {
            Some((_, new)) => Some((new, value.clone())),
            None if taken.iter().any(|to| inside(path, to).is_some()) => None,
            None => Some((path.clone(), value.clone())),
        });
        let mut out: Vec<(String, Scalar)> =
            renamed.filter(|(path, _)| !self.remove.iter().any(|field| inside(path, field).is_some())).collect();
        for (field, value) in &self.set {
            match out.iter_mut().find(|(path, _)| path == field) {
                Some(entry) => entry.1 = value.clone(),
                None => {
                    // A value takes the place of an object.
                    out.retain(|(path, _)| inside(path, field).is_none());
                    out.push((field.clone(), value.clone()));
                }
            }
        }
        out
    }
}
