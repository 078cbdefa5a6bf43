//! What players read afterwards.

use guest_sdk::testing::{Media, Sample};
use guest_sdk::{Fault, MediaFilter, Metadata, Scalar, Verdict};
use metadata_edit::MetadataEdit;

fn text(value: &str) -> Scalar {
    Scalar::Text(value.into())
}

fn message(name: &str) -> Metadata {
    let fields = [
        ("width", Scalar::Number(1280.0)),
        ("encoder", text("Lavf58")),
        ("trackInfo.0.language", text("eng")),
        ("trackInfo.1.language", text("deu")),
        ("trackInformation", Scalar::Bool(true)),
    ];
    Metadata { name: name.into(), fields: fields.map(|(k, v)| (k.to_owned(), v)).into() }
}

/// The fields after the edits, as `path=value`.
fn edited(config: &str) -> Vec<String> {
    let outcome = Media::<MetadataEdit>::open(config).unwrap().metadata(message("onMetaData")).unwrap();
    let show = |v: &Scalar| match v {
        Scalar::Number(n) => n.to_string(),
        Scalar::Bool(b) => b.to_string(),
        Scalar::Text(t) => t.clone(),
        Scalar::Date(_) | Scalar::Null => "-".into(),
    };
    outcome.metadata()[0].fields.iter().map(|(k, v)| format!("{k}={}", show(v))).collect()
}

const AS_IT_CAME: [&str; 5] =
    ["width=1280", "encoder=Lavf58", "trackInfo.0.language=eng", "trackInfo.1.language=deu", "trackInformation=true"];

#[test]
fn a_value_is_set_in_its_place_and_a_new_one_stands_at_the_end() {
    let fields = edited(r#"{ "set": { "encoder": "weir", "live": true, "level": 4.1 } }"#);
    assert_eq!(fields[1], "encoder=weir");
    assert_eq!(fields[5..], ["level=4.1", "live=true"]);
    assert_eq!((fields[0].as_str(), &fields[2..5]), (AS_IT_CAME[0], &AS_IT_CAME.map(String::from)[2..]));
}

#[test]
fn an_object_is_removed_with_all_inside_it_and_nothing_else() {
    assert_eq!(
        edited(r#"{ "remove": ["trackInfo", "nothing"] }"#),
        ["width=1280", "encoder=Lavf58", "trackInformation=true"]
    );
    assert_eq!(edited(r#"{ "remove": ["trackInfo.0"] }"#).len(), 4);
}

#[test]
fn a_field_and_an_object_are_renamed_in_their_places() {
    let fields = edited(r#"{ "rename": { "encoder": "source", "trackInfo": "tracks" } }"#);
    let expect =
        ["width=1280", "source=Lavf58", "tracks.0.language=eng", "tracks.1.language=deu", "trackInformation=true"];
    assert_eq!(fields, expect);
}

#[test]
fn what_is_renamed_replaces_what_had_the_name() {
    let fields = edited(r#"{ "rename": { "encoder": "trackInfo", "nothing": "width" } }"#);
    assert_eq!(fields, ["width=1280", "trackInfo=Lavf58", "trackInformation=true"]);
    let swapped = edited(r#"{ "rename": { "encoder": "width", "width": "encoder" } }"#);
    assert_eq!(swapped[..2], ["encoder=1280", "width=Lavf58"]);
}

#[test]
fn rename_comes_before_remove_and_remove_before_set() {
    let config = r#"{ "rename": { "encoder": "source" }, "remove": ["source", "width"], "set": { "width": 640 } }"#;
    let fields = edited(config);
    assert!(!fields.iter().any(|f| f.contains("Lavf58")), "{fields:?}");
    assert_eq!(fields.last().unwrap(), "width=640");
}

#[test]
fn a_value_takes_the_place_of_an_object() {
    let fields = edited(r#"{ "set": { "trackInfo": "none" } }"#);
    assert_eq!(fields, ["width=1280", "encoder=Lavf58", "trackInformation=true", "trackInfo=none"]);
}

#[test]
fn nothing_to_change_means_pass() {
    let mut stream = Media::<MetadataEdit>::open(r#"{ "set": { "width": 1280 }, "remove": ["no"] }"#).unwrap();
    let outcome = stream.metadata(message("onMetaData")).unwrap();
    assert_eq!((outcome.verdict, outcome.metadata()), (Some(Verdict::Pass), vec![&message("onMetaData")]));
}

#[test]
fn only_the_listed_messages_are_edited() {
    let edits = r#""set": { "server": "weir" }"#;
    let mut stream = Media::<MetadataEdit>::open(&format!("{{ {edits} }}")).unwrap();
    assert_eq!(stream.metadata(message("onCuePoint")).unwrap().verdict, Some(Verdict::Pass));
    let mut stream = Media::<MetadataEdit>::open(&format!("{{ {edits}, \"messages\": [\"onCuePoint\"] }}")).unwrap();
    assert_eq!(stream.metadata(message("onCuePoint")).unwrap().verdict, Some(Verdict::Edited));
    assert_eq!(stream.metadata(message("onMetaData")).unwrap().verdict, Some(Verdict::Pass));
}

#[test]
fn frames_cost_nothing() {
    let mut stream = Media::<MetadataEdit>::open(r#"{ "set": { "server": "weir" } }"#).unwrap();
    assert_eq!(stream.frame(&Sample::h264(&[b"\x65idr"]).key()).verdict, None);
}

#[test]
fn a_wrong_configuration_is_refused_with_the_key_and_what_is_expected() {
    let cases = [
        (r#"{ "set": { "a": [1] } }"#, "set.a: expected text, a number, true or false"),
        (r#"{ "set": { "": 1 } }"#, "set: an empty name"),
        (r#"{ "rename": { "a": "" } }"#, "rename: an empty name"),
        (r#"{ "remove": "a" }"#, "remove: invalid type: string \"a\", expected a sequence"),
        (
            r#"{ "delete": ["a"] }"#,
            "delete: unknown field `delete`, expected one of `messages`, `rename`, `remove`, `set`",
        ),
    ];
    for (config, expect) in cases {
        match Media::<MetadataEdit>::open(config) {
            Err(Fault::InvalidConfig(text)) => assert!(text.starts_with(expect), "{config}: {text}"),
            Err(other) => panic!("{config}: {other:?}"),
            Ok(_) => panic!("{config}: accepted"),
        }
    }
}

#[test]
fn its_schema_names_every_key() {
    let schema = MetadataEdit::describe().config_schema.unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let keys: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["messages", "remove", "rename", "set"]);
}
