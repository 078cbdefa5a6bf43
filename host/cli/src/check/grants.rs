//! Grants that a filter's settings need, as its JSON Schema says with `x-weir-grant`.
//!
//! | value | what is needed |
//! |---|---|
//! | `"kv"` | `kv:BUCKET` for the bucket that the key names |
//! | `"http"` | `http:ORIGIN` for the URL that the key holds |
//! | `"entropy"`, `"derive"`, `"tracks"` | that grant, whatever the key holds |
//! | `{ "false": "derive" }` | by what the key holds |
//!
//! It stands at a key of the `config` table, or at the top of the schema for what is needed in any case. A key that is not written
//! has its `default`.

use filter::Grants;
use serde_json::Value;

const KEYWORD: &str = "x-weir-grant";

/// What is missing, in words.
pub(super) fn missing(schema: &str, config: &Value, grants: &Grants) -> Vec<String> {
    // A schema that cannot be read is for its author to mend; it says nothing here.
    let Ok(schema) = serde_json::from_str::<Value>(schema) else { return Vec::new() };
    let mut found = Vec::new();
    let mut need = |needed: &Value, key: Option<&str>, value: &Value| {
        let Some(grant) = needed.as_str().or_else(|| needed.get(text(value))?.as_str()) else { return };
        let values = match value {
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect::<Vec<_>>(),
        };
        match (grant, key) {
            ("kv", Some(key)) => {
                for bucket in values.into_iter().filter(|bucket| !grants.kv.contains(*bucket)) {
                    found.push(format!("`{key}` is the bucket {bucket:?}, which needs the grant \"kv:{bucket}\""));
                }
            }
            ("http", Some(key)) => {
                for url in values.into_iter().filter(|url| !grants.may_call(url)) {
                    let origin = Grants::origin_of(url).unwrap_or_else(|| "ORIGIN".into());
                    found.push(format!("`{key}` is a URL of {origin}, which needs the grant \"http:{origin}\""));
                }
            }
            ("entropy", _) if !grants.entropy => found.push(plain("entropy", key)),
            ("derive", _) if !grants.derive => found.push(plain("derive", key)),
            ("tracks", _) if !grants.tracks => found.push(plain("tracks", key)),
            _ => {}
        }
    };
    if let Some(needed) = schema.get(KEYWORD) {
        need(needed, None, &Value::Null);
    }
    for (key, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let value = config.get(key).or_else(|| property.get("default")).unwrap_or(&Value::Null);
        if let Some(needed) = property.get(KEYWORD) {
            need(needed, Some(key), value);
        }
    }
    found
}

/// A value as the name of a case.
fn text(value: &Value) -> &str {
    match value {
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::String(text) => text,
        _ => "",
    }
}

fn plain(grant: &str, key: Option<&str>) -> String {
    match key {
        Some(key) => format!("what `{key}` says needs the grant \"{grant}\""),
        None => format!("it needs the grant \"{grant}\""),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_settings_need_is_found_and_what_is_granted_is_not() {
        let schema = json!({
            "x-weir-grant": "derive",
            "properties": {
                "bucket": { "x-weir-grant": "kv", "default": "mine" },
                "url": { "x-weir-grant": "http" },
                "issuer": {},
                "in_place": { "x-weir-grant": { "false": "tracks" }, "default": false },
            },
        })
        .to_string();
        let check = |config: Value, grants: &[&str]| missing(&schema, &config, &Grants::parse(grants).unwrap());
        let all = check(json!({ "url": "https://Auth.example/x?key=s3cret", "issuer": "https://other.example" }), &[]);
        assert_eq!(
            all,
            [
                "it needs the grant \"derive\"",
                "`bucket` is the bucket \"mine\", which needs the grant \"kv:mine\"",
                "what `in_place` says needs the grant \"tracks\"",
                "`url` is a URL of https://auth.example, which needs the grant \"http:https://auth.example\"",
            ]
        );
        let granted = ["derive", "kv:other", "http:https://auth.example"];
        let config = json!({ "url": ["https://auth.example:443/x"], "bucket": "other", "in_place": true });
        assert_eq!(check(config, &granted), [""; 0]);
        assert_eq!(check(json!({ "in_place": true }), &["derive", "kv:mine"]), [""; 0], "no URL, no call");
        assert_eq!(missing("{", &json!({}), &Grants::default()), [""; 0]);
    }
}
