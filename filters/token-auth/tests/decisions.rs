//! Who gets in, and what the others are told.

use guest_sdk::testing::{Session, log, play, publish, session, set_unix_ms, unix_ms};
use guest_sdk::{Decision, Denial, Fault, Grant, Role, SessionFilter};
use token_auth::TokenAuth;

fn open(config: &str) -> Session<TokenAuth> {
    Session::open(config).unwrap()
}

fn granted(decision: Decision) -> Grant {
    match decision {
        Decision::Allow(grant) => grant,
        other => panic!("{other:?}"),
    }
}

fn denied(decision: Decision) -> Denial {
    match decision {
        Decision::Deny(denial) => denial,
        other => panic!("{other:?}"),
    }
}

fn tag<'g>(grant: &'g Grant, name: &str) -> &'g str {
    grant.tags.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str()).unwrap()
}

#[test]
fn a_key_in_either_argument_lets_in() {
    let mut filter = open(r#"{ "keys": ["other", "right"] }"#);
    for path in ["live/cam?key=right", "live/cam?token=right", "live/cam?a=b&key=wrong&token=right"] {
        let grant = granted(filter.on_publish(&publish(path)));
        assert_eq!((tag(&grant, "auth"), &grant.rename, grant.recheck_ms), ("key", &None, None), "{path}");
    }
}

#[test]
fn without_a_right_key_the_reason_is_given() {
    let mut filter = open(r#"{ "keys": ["right"] }"#);
    let cases = [
        ("live/cam", "a key is needed: add ?key=... to the stream name"),
        ("live/cam?key=wrong", "the key is not valid"),
        ("live/cam?key=", "the key is not valid"),
        ("live/cam?key=rightt", "the key is not valid"),
        ("live/cam?other=right", "a key is needed: add ?key=... to the stream name"),
        ("live/right", "a key is needed: add ?key=... to the stream name"),
    ];
    for (path, reason) in cases {
        let denial = denied(filter.on_publish(&publish(path)));
        assert_eq!((denial.code.as_str(), denial.reason.as_str()), ("NetStream.Publish.Denied", reason), "{path}");
        assert_eq!((denial.disconnect, denial.hold_ms), (false, 500));
    }
}

#[test]
fn no_key_ever_stands_in_the_log() {
    let mut filter = open(r#"{ "keys": ["right", { "key": "hidden", "name": "cam" }] }"#);
    for path in ["live/hidde?key=righ", "live/cam?token=hiddem"] {
        denied(filter.on_publish(&publish(path)));
    }
    let lines = log();
    assert_eq!(lines.len(), 2);
    let text = format!("{lines:?}");
    assert!(text.contains("192.0.2.7") && !text.contains("righ") && !text.contains("hidde"), "{text}");
}

#[test]
fn players_need_no_key_unless_told_but_a_wrong_one_is_refused() {
    let mut filter = open(r#"{ "keys": ["right"] }"#);
    assert_eq!(filter.on_play(&play("live/cam")), Decision::Abstain);
    granted(filter.on_play(&play("live/cam?key=right")));
    assert_eq!(denied(filter.on_play(&play("live/cam?key=wrong"))).code, "NetStream.Play.Failed");

    let mut filter = open(r#"{ "keys": ["right"], "protect": ["play"] }"#);
    denied(filter.on_play(&play("live/cam")));
    granted(filter.on_play(&play("live/cam?key=right")));
    assert_eq!(filter.on_publish(&publish("live/cam")), Decision::Abstain);

    let mut filter = open(r#"{ "keys": ["right"], "protect": ["publish", "play"] }"#);
    denied(filter.on_play(&play("live/cam")));
    denied(filter.on_publish(&publish("live/cam")));
    let connection = guest_sdk::testing::connection("live");
    assert_eq!(filter.on_connect(&connection), Decision::Abstain, "who connects has not said what for");
}

#[test]
fn a_named_key_stands_for_its_stream() {
    let mut filter = open(r#"{ "keys": [{ "key": "f3a9", "name": "cam1" }, { "key": "b777", "name": "cam2" }] }"#);
    let grant = granted(filter.on_publish(&publish("live/eu/f3a9")));
    let rename = grant.rename.as_ref().unwrap();
    assert_eq!((rename.path(), tag(&grant, "auth")), ("live/eu/cam1".into(), "named-key"));

    assert_eq!(granted(filter.on_publish(&publish("live/cam1?key=f3a9"))).rename, None);
    denied(filter.on_publish(&publish("live/cam2?key=f3a9")));
    denied(filter.on_publish(&publish("live/cam1")));
}

#[test]
fn arguments_may_have_other_names() {
    let mut filter = open(r#"{ "keys": ["right"], "parameters": ["pass"], "hold_ms": 0 }"#);
    granted(filter.on_publish(&publish("live/cam?pass=right")));
    let denial = denied(filter.on_publish(&publish("live/cam?key=right")));
    assert_eq!((denial.reason.as_str(), denial.hold_ms), ("a key is needed: add ?pass=... to the stream name", 0));
}

/// The signature is what md5sum makes of "s3cretlive/cam695a0000".
const SIGNED: &str = "live/cam?secret=3cfc93584a0d256e96aa49e0789c4624&expire=695a0000";
const EXPIRE: u64 = 0x695a_0000;

#[test]
fn a_signed_url_opens_its_stream_until_it_expires() {
    let mut filter = open(r#"{ "signed": { "key": "s3cret" } }"#);
    set_unix_ms((EXPIRE - 60) * 1000);
    let grant = granted(filter.on_publish(&publish(SIGNED)));
    assert_eq!((tag(&grant, "auth"), grant.recheck_ms), ("signature", Some(61_000)));
    granted(
        filter.on_publish(&publish(
            &SIGNED.replace("3cfc93584a0d256e96aa49e0789c4624", "3CFC93584A0D256E96AA49E0789C4624"),
        )),
    );

    set_unix_ms(EXPIRE * 1000 + 999);
    assert_eq!(granted(filter.on_publish(&publish(SIGNED))).recheck_ms, Some(100), "the last second counts");
    set_unix_ms((EXPIRE + 1) * 1000);
    assert_eq!(denied(filter.on_publish(&publish(SIGNED))).reason, "the signed URL has expired");
}

#[test]
fn a_signature_fits_one_stream_and_one_time() {
    let mut filter = open(r#"{ "signed": { "key": "s3cret" } }"#);
    set_unix_ms((EXPIRE - 60) * 1000);
    let does_not_fit = "the signature does not fit this stream";
    let cases = [
        (SIGNED.replace("live/cam", "live/other"), does_not_fit),
        (SIGNED.replace("live/cam", "eu/cam"), does_not_fit),
        (SIGNED.replace("695a0000", "695a0001"), does_not_fit),
        (SIGNED.replace("695a0000", "695A0000"), does_not_fit),
        (SIGNED.replace("695a0000", "tomorrow"), "the expiry time is not a hexadecimal number"),
        ("live/cam?secret=&expire=695a0000".into(), does_not_fit),
        ("live/cam?expire=695a0000".into(), "a signed URL is needed, with secret and expire"),
        ("live/cam".into(), "a signed URL is needed, with secret and expire"),
    ];
    for (path, reason) in cases {
        assert_eq!(denied(filter.on_publish(&publish(&path))).reason, reason, "{path}");
    }
}

#[test]
fn an_old_key_signs_while_a_new_one_replaces_it_and_arguments_have_other_names() {
    set_unix_ms((EXPIRE - 60) * 1000);
    let mut filter = open(r#"{ "signed": { "key": ["new", "s3cret"], "secret": "s", "expire": "e" } }"#);
    granted(filter.on_publish(&publish(&SIGNED.replace("secret=", "s=").replace("expire=", "e="))));
    denied(filter.on_publish(&publish(SIGNED)));
}

#[test]
fn a_running_session_ends_when_its_url_expires() {
    let mut filter = open(r#"{ "signed": { "key": "s3cret" } }"#);
    set_unix_ms((EXPIRE - 10) * 1000);
    let running = session(Role::Publishing, SIGNED, Vec::new());
    assert_eq!(granted(filter.on_recheck(&running)).recheck_ms, Some(11_000));
    set_unix_ms(unix_ms() + 11_000);
    assert_eq!(denied(filter.on_recheck(&running)).reason, "the signed URL has expired");
}

#[test]
fn a_key_taken_out_of_the_list_ends_its_sessions() {
    let named = r#"{ "keys": [{ "key": "f3a9", "name": "cam1" }], "recheck_ms": 5000 }"#;
    let mut filter = open(named);
    assert_eq!(granted(filter.on_publish(&publish("live/f3a9"))).recheck_ms, Some(5000));
    let running = session(Role::Publishing, "live/f3a9", Vec::new());
    let again = granted(filter.on_recheck(&running));
    assert_eq!((again.recheck_ms, again.rename), (Some(5000), None));
    let mut filter = open(&named.replace("f3a9", "new"));
    denied(filter.on_recheck(&running));
}

#[test]
fn keys_and_signatures_work_side_by_side() {
    let mut filter = open(r#"{ "keys": ["right"], "signed": { "key": "s3cret" } }"#);
    set_unix_ms((EXPIRE - 60) * 1000);
    assert_eq!(tag(&granted(filter.on_publish(&publish(SIGNED))), "auth"), "signature");
    assert_eq!(tag(&granted(filter.on_publish(&publish("live/cam?key=right"))), "auth"), "key");
    denied(filter.on_publish(&publish(&format!("{}0&key=right", SIGNED))));
}

#[test]
fn a_wrong_configuration_is_refused_with_the_key_and_what_is_expected() {
    let cases = [
        ("{}", "keys: missing; expected `keys` or `signed`"),
        (r#"{ "keys": [] }"#, "keys: missing; expected `keys` or `signed`"),
        (r#"{ "keys": [""] }"#, "keys[0]: empty; expected some text"),
        (r#"{ "keys": "right" }"#, "keys: invalid type: string \"right\", expected a sequence"),
        (r#"{ "keys": [7] }"#, "keys[0]: expected a key, or a table with `key` and `name`"),
        (r#"{ "keys": ["a", { "key": "a", "name": "x" }] }"#, "keys[1]: this key stands in the list already"),
        (r#"{ "keys": [{ "key": "a", "name": "" }] }"#, "keys[0].name: empty"),
        (r#"{ "keys": ["a"], "protect": [] }"#, "protect: empty; expected \"publish\", \"play\" or both"),
        (
            r#"{ "keys": ["a"], "protect": ["watch"] }"#,
            "protect[0]: unknown variant `watch`, expected `publish` or `play`",
        ),
        (r#"{ "keys": ["a"], "recheck_ms": 5 }"#, "recheck_ms: expected at least 100"),
        (r#"{ "keys": ["a"], "hold_ms": 20000 }"#, "hold_ms: expected at most 10000"),
        (r#"{ "signed": {} }"#, "signed: missing field `key`"),
        (r#"{ "signed": { "key": "" } }"#, "signed.key: empty"),
        (r#"{ "signed": { "key": [] } }"#, "signed.key: empty; expected a key or a list of keys"),
        (r#"{ "key": "a" }"#, "key: unknown field `key`, expected one of `protect`, `keys`"),
    ];
    for (config, expect) in cases {
        match Session::<TokenAuth>::open(config) {
            Err(Fault::InvalidConfig(text)) => assert!(text.starts_with(expect), "{config}: {text}"),
            Err(other) => panic!("{config}: {other:?}"),
            Ok(_) => panic!("{config}: accepted"),
        }
    }
}

#[test]
fn its_schema_names_every_key() {
    let schema = TokenAuth::describe().config_schema.unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let keys: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["hold_ms", "keys", "parameters", "protect", "recheck_ms", "signed"]);
}
