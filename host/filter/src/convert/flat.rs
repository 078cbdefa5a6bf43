//! Metadata as paths with dots and back: WIT has no recursive types.
//!
//! A name's own dots and backslashes stand behind a backslash. A path does not tell an array from an object, so the original
//! message decides where there is one; elsewhere names 0, 1, 2, … in order make an array.

use filter_wit::media::weir::filter::types::{self, Scalar};
use media::Metadata;
use media::metadata::Value;

/// A guest cannot nest values deeper than this, nor send more of them.
const MOST_DEPTH: usize = 32;
const MOST_VALUES: usize = 16_384;

pub(crate) fn flatten(meta: &Metadata) -> types::Metadata {
    let mut fields = Vec::new();
    let mut path = String::new();
    walk(&meta.value, &mut path, 0, &mut fields);
    types::Metadata { name: meta.name.clone(), fields }
}

/// Bytes that the message is copied as, about.
pub(crate) fn metadata_bytes(meta: &types::Metadata) -> usize {
    let text = |value: &Scalar| if let Scalar::Text(text) = value { text.len() } else { 8 };
    meta.fields.iter().fold(meta.name.len(), |n, (path, value)| n + path.len() + text(value) + 8)
}

fn walk(value: &Value, path: &mut String, depth: usize, out: &mut Vec<(String, Scalar)>) {
    if depth > MOST_DEPTH || out.len() >= MOST_VALUES {
        return;
    }
    let scalar = match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                below(path, |path| escape(name, path), |path| walk(value, path, depth + 1, out));
            }
            return;
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, value) in items.iter().enumerate() {
                below(path, |path| path.push_str(&index.to_string()), |path| walk(value, path, depth + 1, out));
            }
            return;
        }
        Value::Number(n) => Scalar::Number(*n),
        Value::Bool(b) => Scalar::Bool(*b),
        Value::Text(text) => Scalar::Text(text.clone()),
        Value::Date(ms) => Scalar::Date(*ms),
        Value::Null | Value::Object(_) | Value::Array(_) => Scalar::Null,
    };
    out.push((path.clone(), scalar));
}

fn below(path: &mut String, name: impl FnOnce(&mut String), then: impl FnOnce(&mut String)) {
    let end = path.len();
    if end > 0 {
        path.push('.');
    }
    name(path);
    then(path);
    path.truncate(end);
}

fn escape(name: &str, path: &mut String) {
    for c in name.chars() {
        if matches!(c, '.' | '\\') {
            path.push('\\');
        }
        path.push(c);
    }
}

/// The names of a path, escapes undone.
fn names(path: &str) -> Result<Vec<String>, String> {
    let mut names = vec![String::new()];
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        let c = match c {
            '.' => {
                names.push(String::new());
                continue;
            }
            '\\' => {
                chars.next().ok_or_else(|| format!("metadata path `{}` ends in a backslash", path.escape_debug()))?
            }
            c => c,
        };
        if let Some(name) = names.last_mut() {
            name.push(c);
        }
    }
    if names.len() > MOST_DEPTH {
        return Err(format!("metadata nested deeper than {MOST_DEPTH}"));
    }
    Ok(names)
}

/// A tree of named children; arrays are told apart in the end.
enum Node {
    Leaf(Value),
    Branch(Vec<(String, Node)>),
}

/// The message that a guest made, shaped after the one it was made from, if there is one.
///
/// # Errors
/// Too many values, or too deep.
pub(crate) fn from_flat(meta: types::Metadata, original: Option<&Metadata>) -> Result<Metadata, String> {
    if meta.fields.len() > MOST_VALUES {
        return Err(format!("metadata with more than {MOST_VALUES} values"));
    }
    let like = original.map(|m| &m.value);
    if let [(path, _)] = meta.fields.as_slice()
        && path.is_empty()
    {
        let value = meta.fields.into_iter().next().map(|(_, scalar)| leaf(scalar));
        return Ok(Metadata { name: meta.name, value: shape(Node::Leaf(value.unwrap_or_default()), like) });
    }
    let mut root = Vec::new();
    for (path, scalar) in meta.fields {
        insert(&mut root, &names(&path)?, leaf(scalar));
    }
    Ok(Metadata { name: meta.name, value: shape(Node::Branch(root), like) })
}

fn leaf(scalar: Scalar) -> Value {
    match scalar {
        Scalar::Number(n) => Value::Number(n),
        Scalar::Bool(b) => Value::Bool(b),
        Scalar::Text(text) => Value::Text(text),
        Scalar::Date(ms) => Value::Date(ms),
        Scalar::Null => Value::Null,
    }
}

fn insert(into: &mut Vec<(String, Node)>, names: &[String], value: Value) {
    let [name, rest @ ..] = names else { return };
    if rest.is_empty() {
        into.push((name.clone(), Node::Leaf(value)));
        return;
    }
    // Fields of one object come together, so the last of this name is looked at: linear for any message.
    match into.last_mut() {
        Some((last, Node::Branch(children))) if last == name => insert(children, rest, value),
        _ => {
            let mut children = Vec::new();
            insert(&mut children, rest, value);
            into.push((name.clone(), Node::Branch(children)));
        }
    }
}

fn shape(node: Node, like: Option<&Value>) -> Value {
    match node {
        // An empty object or array is flattened to null.
        Node::Leaf(Value::Null) => match like {
            Some(Value::Object(fields)) if fields.is_empty() => Value::Object(Vec::new()),
            Some(Value::Array(items)) if items.is_empty() => Value::Array(Vec::new()),
            _ => Value::Null,
        },
        Node::Leaf(value) => value,
        Node::Branch(children) => {
            let numbered = children.iter().enumerate().all(|(i, (name, _))| *name == i.to_string());
            if numbered && !children.is_empty() && !matches!(like, Some(Value::Object(_))) {
                let old = |i: usize| match like {
                    Some(Value::Array(items)) => items.get(i),
                    _ => None,
                };
                return Value::Array(children.into_iter().enumerate().map(|(i, (_, n))| shape(n, old(i))).collect());
            }
            let fields = children.into_iter().enumerate().map(|(i, (name, node))| {
                let old = match like {
                    // Most fields stay where they were; where not, they are looked for.
                    Some(Value::Object(fields)) => fields
                        .get(i)
                        .filter(|(old, _)| *old == name)
                        .or_else(|| fields.iter().take(256).find(|(old, _)| *old == name))
                        .map(|(_, value)| value),
                    _ => None,
                };
                let value = shape(node, old);
                (name, value)
            });
            Value::Object(fields.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(fields: &[(&str, Value)]) -> Value {
        Value::Object(fields.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect())
    }

    fn sample() -> Metadata {
        let track = object(&[("language", Value::Text("eng".into())), ("length", Value::Date(5.0))]);
        let value = object(&[
            ("width", Value::Number(1920.0)),
            ("a.b\\c", Value::Bool(true)),
            ("trackInfo", Value::Array(vec![track, Value::Null])),
            ("nothing", Value::Array(vec![])),
            ("empty", object(&[])),
            ("numbers", object(&[("0", Value::Number(1.0)), ("1", Value::Number(2.0))])),
            ("twice", Value::Number(1.0)),
            ("twice", Value::Number(2.0)),
            ("", Value::Text("no name".into())),
        ]);
        Metadata { name: "onMetaData".into(), value }
    }

    #[test]
    fn paths_are_escaped_and_indexed() {
        let flat = flatten(&sample());
        let paths: Vec<&str> = flat.fields.iter().map(|(p, _)| p.as_str()).collect();
        assert_eq!(
            paths,
            [
                "width",
                "a\\.b\\\\c",
                "trackInfo.0.language",
                "trackInfo.0.length",
                "trackInfo.1",
                "nothing",
                "empty",
                "numbers.0",
                "numbers.1",
                "twice",
                "twice",
                ""
            ]
        );
        assert_eq!(flat.name, "onMetaData");
    }

    #[test]
    fn there_and_back_is_the_same_where_the_original_is_known() {
        for value in
            [sample().value, Value::Null, Value::Text("caption".into()), Value::Array(vec![Value::Number(1.0)])]
        {
            let meta = Metadata { name: "onTextData".into(), value };
            assert_eq!(from_flat(flatten(&meta), Some(&meta)).unwrap(), meta);
        }
    }

    #[test]
    fn without_an_original_numbered_names_make_an_array() {
        let fields = vec![
            ("a.0".to_owned(), Scalar::Number(1.0)),
            ("a.1".to_owned(), Scalar::Null),
            ("b.1".to_owned(), Scalar::Null),
        ];
        let meta = from_flat(types::Metadata { name: "onMetaData".into(), fields }, None).unwrap();
        let a = Value::Array(vec![Value::Number(1.0), Value::Null]);
        assert_eq!(meta.value, object(&[("a", a), ("b", object(&[("1", Value::Null)]))]));
    }

    #[test]
    fn a_changed_field_keeps_its_place_and_the_rest_its_shape() {
        let original = sample();
        let mut flat = flatten(&original);
        flat.fields[0].1 = Scalar::Number(640.0);
        flat.fields.retain(|(path, _)| path != "twice");
        let Value::Object(fields) = from_flat(flat, Some(&original)).unwrap().value else { panic!("an object") };
        assert_eq!(fields.first(), Some(&("width".to_owned(), Value::Number(640.0))));
        assert!(matches!(fields.iter().find(|(n, _)| n == "numbers"), Some((_, Value::Object(_)))));
        assert!(!fields.iter().any(|(n, _)| n == "twice"));
    }

    #[test]
    fn hostile_shapes_are_refused_or_bounded() {
        let deep = ".".repeat(MOST_DEPTH + 1);
        let one = |path: String| types::Metadata { name: "x".into(), fields: vec![(path, Scalar::Null)] };
        assert!(from_flat(one(deep), None).unwrap_err().contains("deeper"));
        assert!(from_flat(one("a\\".into()), None).unwrap_err().contains("backslash"));
        let many = types::Metadata { name: "x".into(), fields: vec![("a".into(), Scalar::Null); MOST_VALUES + 1] };
        assert!(from_flat(many, None).is_err());
        let nested = (0..10_000).fold(Value::Null, |v, _| Value::Array(vec![v]));
        assert!(flatten(&Metadata { name: "x".into(), value: nested.clone() }).fields.is_empty());
        // A value this deep is taken apart level by level: dropping it at once would need a deep stack.
        let mut value = nested;
        while let Value::Array(mut items) = value {
            value = items.pop().unwrap();
        }
    }
}
