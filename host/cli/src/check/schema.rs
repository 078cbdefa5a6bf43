//! What a filter's settings ask of the rest of its table, as its JSON Schema says.
//!
//! `x-weir-grant`, the grant that is needed:
//!
//! | value | what is needed |
//! |---|---|
//! | `"kv"` | `kv:BUCKET` for the bucket that the key names |
//! | `"http"` | `http:ORIGIN` for the URL that the key holds |
//! | `"entropy"`, `"derive"`, `"tracks"` | that grant, whatever the key holds |
//! | `{ "false": "derive" }` | by what the key holds |
//!
//! `x-weir-placement`, the placements with which it does something: `["ingest", "beside"]`, or `{ "true": ["ingest"] }` by what the key
//! holds.
//!
//! Both stand at a key of the `config` table, or at the top of the schema for what is needed in any case. A key that is not written
//! has its `default`.

use filter::{Grants, Placement};
use serde_json::Value;

const GRANT: &str = "x-weir-grant";
const PLACEMENT: &str = "x-weir-placement";

/// What is wrong, in words, and in which key of the filter's table.
pub(super) fn unmet(
    schema: &str,
    config: &Value,
    grants: &Grants,
    placement: Placement,
) -> Vec<(&'static str, String)> {
    // A schema that cannot be read is for its author to mend; it says nothing here.
    let Ok(schema) = serde_json::from_str::<Value>(schema) else { return Vec::new() };
    let mut found = Vec::new();
    let mut look = |part: &Value, key: Option<&str>, value: &Value| {
        if let Some(what) = misplaced(part, key, value, placement) {
            // It is of no use to grant it what it needs there.
            return found.push(("placement", what));
        }
        found.extend(part.get(GRANT).map(|needed| missing(needed, key, value, grants, placement)).unwrap_or_default());
    };
    look(&schema, None, &Value::Null);
    for (key, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let value = config.get(key).or_else(|| property.get("default")).unwrap_or(&Value::Null);
        look(property, Some(key), value);
    }
    found
}

/// The grants that are missing.
fn missing(
    needed: &Value,
    key: Option<&str>,
    value: &Value,
    grants: &Grants,
    placement: Placement,
) -> Vec<(&'static str, String)> {
    let Some(grant) = needed.as_str().or_else(|| needed.get(text(value))?.as_str()) else { return Vec::new() };
    let values = match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect::<Vec<_>>(),
    };
    let write = |what: String| ("grants", format!("{what}: write it into `grants`"));
    let subject = key.map_or_else(|| "it".to_owned(), |key| format!("what `{key}` says"));
    let makes = |has: bool| match (has, placement) {
        (true, _) => Vec::new(),
        (false, Placement::Ingest | Placement::Beside) => vec![write(format!("{subject} needs the grant \"{grant}\""))],
        (false, Placement::Egress | Placement::Observe) => {
            let at = placement.word();
            let what = format!(
                "{subject} needs the grant \"{grant}\", and with placement = \"{at}\" nothing counts that it makes: write \"ingest\" \
                 or \"beside\", with that grant"
            );
            vec![("placement", what)]
        }
    };
    match (grant, key) {
        ("kv", Some(key)) => {
            let buckets = values.into_iter().filter(|bucket| !grants.kv.contains(*bucket));
            let what = |bucket| format!("`{key}` is the bucket {bucket:?}, which needs the grant \"kv:{bucket}\"");
            buckets.map(what).map(write).collect()
        }
        ("http", Some(key)) => {
            let what = |url: &str| {
                let origin = Grants::origin_of(url).unwrap_or_else(|| "ORIGIN".into());
                format!("`{key}` is a URL of {origin}, which needs the grant \"http:{origin}\"")
            };
            values.into_iter().filter(|url| !grants.may_call(url)).map(what).map(write).collect()
        }
        ("entropy", _) if !grants.entropy => vec![write(format!("{subject} needs the grant \"entropy\""))],
        ("derive", _) => makes(grants.derive),
        ("tracks", _) => makes(grants.tracks),
        _ => Vec::new(),
    }
}

/// What is wrong with the placement.
fn misplaced(part: &Value, key: Option<&str>, value: &Value, placement: Placement) -> Option<String> {
    let needed = part.get(PLACEMENT)?;
    let fitting = needed.as_array().or_else(|| needed.get(text(value))?.as_array())?;
    let fitting: Vec<_> = fitting.iter().filter_map(Value::as_str).collect();
    let at = placement.word();
    if fitting.is_empty() || fitting.contains(&at) {
        return None;
    }
    let with = key.map_or_else(String::new, |key| format!("with `{key}` = {value} "));
    Some(format!("{with}it does nothing with placement = \"{at}\"; it does with \"{}\"", fitting.join("\" or \"")))
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
        let check = |config: Value, grants: &[&str]| {
            let unmet = unmet(&schema, &config, &Grants::parse(grants).unwrap(), Placement::Ingest);
            assert!(unmet.iter().all(|(key, what)| *key == "grants" && what.ends_with(": write it into `grants`")));
            unmet.into_iter().map(|(_, what)| what.replace(": write it into `grants`", "")).collect::<Vec<_>>()
        };
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
        assert_eq!(unmet("{", &json!({}), &Grants::default(), Placement::Ingest), []);
    }

    #[test]
    fn a_placement_that_makes_a_setting_useless_is_told_and_no_advice_leads_back() {
        let schema = json!({
            "properties": {
                "in_place": {
                    "default": false,
                    "x-weir-grant": { "false": "derive" },
                    "x-weir-placement": { "true": ["ingest"], "false": ["ingest", "beside"] },
                },
            },
        })
        .to_string();
        let check = |schema: &str, in_place: bool, grants: &[&str], placement| {
            unmet(schema, &json!({ "in_place": in_place }), &Grants::parse(grants).unwrap(), placement)
        };
        for (in_place, grants, placement) in [
            (true, &[][..], Placement::Ingest),
            (false, &["derive"], Placement::Ingest),
            (false, &["derive"], Placement::Beside),
        ] {
            assert_eq!(check(&schema, in_place, grants, placement), [], "{in_place} {placement:?}");
        }
        let only = "with `in_place` = true it does nothing with placement = \"beside\"; it does with \"ingest\"";
        assert_eq!(check(&schema, true, &["derive"], Placement::Beside), [("placement", only.to_owned())]);
        let both = "with `in_place` = false it does nothing with placement = \"observe\"; it does with \"ingest\" or \"beside\"";
        assert_eq!(check(&schema, false, &[], Placement::Observe), [("placement", both.to_owned())]);
        // A schema that says nothing of placements: what needs the grant is of no use there all the same.
        let plain = r#"{ "x-weir-grant": "derive" }"#;
        for placement in [Placement::Observe, Placement::Egress] {
            let [(key, what)] = &check(plain, false, &[], placement)[..] else { panic!("one problem") };
            assert!(*key == "placement" && what.contains("write \"ingest\" or \"beside\""), "{what}");
        }
    }
}
