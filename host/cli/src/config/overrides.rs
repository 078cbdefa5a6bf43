//! Environment variables that override keys of the file: `WEIR_RTMP__LISTEN='["127.0.0.1:2935"]'`.

use std::collections::BTreeMap;

use super::{
    Error, Problem,
    tree::{self, Node, Place, Text, Value},
};

const PREFIX: &str = "WEIR_";

/// Puts every `WEIR_TABLE__KEY` into the tree. A double underscore steps into a table; the value is TOML, or else text.
///
/// Variables without a double underscore are not overrides: they are free for `${env:NAME}`.
pub(crate) fn apply(
    root: &mut BTreeMap<String, Node>,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<(), Error> {
    let mut overrides: Vec<_> =
        variables.filter(|(name, _)| name.strip_prefix(PREFIX).is_some_and(|path| path.contains("__"))).collect();
    // A table's own variable comes before those of its keys.
    overrides.sort();
    let mut problems = Vec::new();
    for (name, text) in overrides {
        let path: Vec<_> = name.get(PREFIX.len()..).unwrap_or_default().split("__").collect();
        let place = Place::Variable(name.clone());
        if path.iter().any(|part| part.is_empty()) {
            let what = "expected WEIR_TABLE__KEY, with a name on both sides of each double underscore".into();
            problems.push(Problem { place, key: String::new(), what });
            continue;
        }
        let of = Text::Variable(name.clone());
        let node = tree::parse_value(&text, &of).unwrap_or(Node { place: place.clone(), value: Value::Text(text) });
        if let Err(what) = put(root, &path, node, &place) {
            problems.push(Problem { place, key: String::new(), what });
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn put(table: &mut BTreeMap<String, Node>, path: &[&str], node: Node, place: &Place) -> Result<(), String> {
    let Some((first, rest)) = path.split_first() else { return Ok(()) };
    let key = written(table, first);
    if rest.is_empty() {
        table.insert(key, node);
        return Ok(());
    }
    let empty = || Node { place: place.clone(), value: Value::Table(BTreeMap::new()) };
    match &mut table.entry(key.clone()).or_insert_with(empty).value {
        Value::Table(inner) => put(inner, rest, node, place),
        other => Err(format!("`{key}` is {}, not a table", other.kind())),
    }
}

/// The key that a part of a variable's name means: one that is there, letter case and dashes aside, or its lower case.
fn written(table: &BTreeMap<String, Node>, part: &str) -> String {
    let plain = |s: &str| s.to_ascii_lowercase().replace('-', "_");
    table.keys().find(|key| plain(key) == plain(part)).cloned().unwrap_or_else(|| part.to_ascii_lowercase())
}
