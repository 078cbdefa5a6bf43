//! Which tokens open which streams. `tokens.json` holds tokens of another make (openssl), good from 2026-01-01 00:00 to 01:00 UTC.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use guest_sdk::testing::{
    Session, grant_bucket, http_requests, play, publish, reply, reply_http, session, set_secret, set_unix_ms, unix_ms,
};
use guest_sdk::{Decision, Denial, Fault, Grant, Role, SessionFilter, outbound::CallError};
use hmac::{Hmac, KeyInit, Mac};
use jwt_auth::JwtAuth;
use serde_json::{Value, json};

const URL: &str = "https://auth.example/jwks.json";
const SECRET: &str = "a secret of thirty-two bytes or so";

fn golden(algorithm: &str) -> (Value, String) {
    let all: Value = serde_json::from_str(include_str!("tokens.json")).unwrap();
    (all[algorithm]["jwk"].clone(), all[algorithm]["token"].as_str().unwrap().to_owned())
}

fn set_of(algorithms: &[&str]) -> String {
    let keys: Vec<Value> = algorithms.iter().map(|a| golden(a).0).collect();
    json!({ "keys": keys }).to_string()
}

fn with_jwks(more: Value) -> Session<JwtAuth> {
    let mut config = json!({ "jwks": URL });
    config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Session::open(&config.to_string()).unwrap()
}

fn with_secret(more: Value) -> Session<JwtAuth> {
    set_secret("hmac", SECRET);
    let mut config = json!({ "secret": "hmac" });
    config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Session::open(&config.to_string()).unwrap()
}

fn encode(json: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(json.to_string())
}

fn signed(header: Value, claims: &Value, key: &[u8]) -> String {
    let text = format!("{}.{}", encode(&header), encode(claims));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    format!("{text}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// A token of the secret that is good for a minute, with these claims put in.
fn token(more: Value) -> String {
    let mut claims = json!({ "exp": unix_ms() / 1000 + 60, "publish": "live/*", "play": "live/*" });
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    signed(json!({ "alg": "HS256" }), &claims, SECRET.as_bytes())
}

fn path(name: &str, token: &str) -> String {
    format!("{name}?token={token}")
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

fn refused(filter: &mut Session<JwtAuth>, token: &str) -> String {
    denied(filter.on_publish(&publish(&path("live/cam", token)))).reason
}

#[test]
fn tokens_of_another_make_open_their_streams() {
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        let mut filter = with_jwks(json!({ "issuer": "https://auth.example", "audience": ["weir"] }));
        reply(200, &[], set_of(&["RS256", "ES256", "EdDSA"]));
        let (_, token) = golden(algorithm);
        let grant = granted(filter.on_publish(&publish(&path("live/alice-1", &token))));
        assert_eq!(grant.tags, [("auth".into(), "jwt".into()), ("user".into(), "alice".into())]);
        assert_eq!(grant.recheck_ms, Some(3_630_000), "to its end and the leeway");
        granted(filter.on_play(&play(&path("live/bob", &token))));
        let no = denied(filter.on_publish(&publish(&path("live/bob", &token))));
        assert_eq!(
            (no.code.as_str(), no.reason.as_str()),
            ("NetStream.Publish.Denied", "the token does not allow to publish this stream")
        );
        denied(filter.on_play(&play(&path("other/bob", &token))));

        let (head, signature) = token.rsplit_once('.').unwrap();
        let flipped = signature.replacen(&signature[10..11], if &signature[10..11] == "A" { "B" } else { "A" }, 1);
        for bad in [format!("{head}.{flipped}"), format!("{head}."), format!("{head}.{}", &signature[..40])] {
            assert_eq!(refused(&mut filter, &bad), "the token's signature is not valid", "{algorithm}");
        }
        let (_, other) = golden(if algorithm == "RS256" { "ES256" } else { "RS256" });
        let mixed = format!("{head}.{}", other.rsplit_once('.').unwrap().1);
        assert_eq!(refused(&mut filter, &mixed), "the token's signature is not valid");
    }
    assert_eq!(http_requests().len(), 3, "one fetch per instance");
    assert_eq!(http_requests()[0].url, URL);
}

#[test]
fn no_algorithm_is_taken_on_the_tokens_word() {
    let (jwk, token) = golden("RS256");
    let claims = json!({ "exp": unix_ms() / 1000 + 60, "publish": "*", "play": "*" });
    let mut filter = with_jwks(json!({}));
    reply(200, &[], set_of(&["RS256"]));
    granted(filter.on_publish(&publish(&path("live/alice-1", &token))));
    // The classic: a signature of HS256 whose secret is the public key.
    let public = BASE64_URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    for key in [public.as_slice(), jwk["n"].as_str().unwrap().as_bytes(), b""] {
        for header in [json!({ "alg": "HS256" }), json!({ "alg": "HS256", "kid": "r1" })] {
            let forged = signed(header, &claims, key);
            assert_eq!(refused(&mut filter, &forged), "the token is signed in a way that is not accepted here");
        }
    }
    for header in [
        json!({ "alg": "none" }),
        json!({ "alg": "None" }),
        json!({ "alg": "NONE" }),
        json!({ "alg": "" }),
        json!({ "alg": "RS512" }),
    ] {
        let unsigned = format!("{}.{}.", encode(&header), encode(&claims));
        assert_eq!(refused(&mut filter, &unsigned), "the token is signed in a way that is not accepted here");
    }
    let claiming = |header: Value| signed(header, &claims, b"x");
    assert_eq!(
        refused(&mut filter, &claiming(json!({ "alg": "ES256", "kid": "r1" }))),
        "the token is signed with a key that is not known here"
    );
    assert_eq!(
        refused(&mut filter, &claiming(json!({ "alg": "RS256", "kid": "r1" }))),
        "the token's signature is not valid"
    );
    let critical = json!({ "alg": "RS256", "kid": "r1", "crit": ["b64"], "b64": false });
    assert_eq!(refused(&mut filter, &claiming(critical)), "the token is signed in a way that is not accepted here");
    // A secret beside it changes nothing for public keys, and an algorithm that is not on the list is none.
    set_secret("hmac", SECRET);
    let mut filter = with_jwks(json!({ "secret": "hmac", "algorithms": ["HS256", "ES256"] }));
    assert_eq!(refused(&mut filter, &token), "the token is signed in a way that is not accepted here");
    granted(
        filter.on_publish(&publish(&path("live/cam", &signed(json!({ "alg": "HS256" }), &claims, SECRET.as_bytes())))),
    );
}

#[test]
fn what_is_no_token_is_refused() {
    let mut filter = with_secret(json!({}));
    let good = token(json!({}));
    let parts: Vec<_> = good.split('.').collect();
    let large = signed(json!({ "alg": "HS256" }), &json!({ "x": "y".repeat(20_000) }), SECRET.as_bytes());
    let rest = [parts[0], parts[1]].join(".");
    for bad in [
        "x",
        "..",
        "a.b.c",
        &rest,
        &format!("{good}.{good}"),
        &format!("{}=.{}.{}", parts[0], parts[1], parts[2]),
        &large,
    ] {
        assert_eq!(refused(&mut filter, bad), "the token is no JSON Web Token", "{bad}");
    }
    assert_eq!(refused(&mut filter, ""), "a token is needed: add ?token=... to the stream name");
    let other = signed(
        json!({ "alg": "HS256" }),
        &json!({ "exp": 9_999_999_999u64, "publish": "*" }),
        b"another secret of thirty-two bytes",
    );
    assert_eq!(refused(&mut filter, &other), "the token's signature is not valid");
}

#[test]
fn times_issuer_and_audience_are_checked() {
    let now = unix_ms() / 1000;
    let mut filter = with_secret(json!({ "issuer": ["a", "b"], "audience": "weir", "leeway": "10s" }));
    let with = |more: Value| {
        let mut base = json!({ "iss": "b", "aud": ["x", "weir"] });
        base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        token(base)
    };
    for fine in [
        json!({}),
        json!({ "aud": "weir" }),
        json!({ "exp": now - 9 }),
        json!({ "exp": now as f64 + 0.5 }),
        json!({ "nbf": now + 10 }),
    ] {
        granted(filter.on_publish(&publish(&path("live/cam", &with(fine)))));
    }
    for (bad, reason) in [
        (json!({ "exp": now - 10 }), "the token has expired"),
        (json!({ "exp": null }), "the token has expired"),
        (json!({ "exp": "9999999999" }), "the token has expired"),
        (json!({ "exp": -1 }), "the token has expired"),
        (json!({ "nbf": now + 11 }), "the token is not valid yet"),
        (json!({ "nbf": "now" }), "the token is no JSON Web Token"),
        (json!({ "iss": "c" }), "the token is of another issuer"),
        (json!({ "iss": ["a"] }), "the token is of another issuer"),
        (json!({ "iss": null }), "the token is of another issuer"),
        (json!({ "aud": "weird" }), "the token is for another audience"),
        (json!({ "aud": [] }), "the token is for another audience"),
        (json!({ "publish": null }), "the token does not allow to publish this stream"),
        (json!({ "publish": [] }), "the token does not allow to publish this stream"),
        (json!({ "publish": [1, { "live/cam": true }] }), "the token does not allow to publish this stream"),
        (json!({ "publish": "live/camera" }), "the token does not allow to publish this stream"),
    ] {
        assert_eq!(refused(&mut filter, &with(bad)), reason);
    }
}

#[test]
fn claims_and_arguments_have_the_names_that_the_operator_gave() {
    let more = json!({ "publish_claim": "https://weir.example/push", "parameters": ["key"], "protect": ["publish"] });
    let mut filter = with_secret(more);
    let good = token(json!({ "publish": [], "https://weir.example/push": ["live/cam"] }));
    granted(filter.on_publish(&publish(&format!("live/cam?key={good}"))));
    assert_eq!(refused(&mut filter, &good), "a token is needed: add ?key=... to the stream name");
    assert!(matches!(filter.on_play(&play("live/cam")), Decision::Abstain), "nobody asked for one");
    denied(filter.on_play(&play("live/cam?key=wrong")));
}

#[test]
fn a_session_ends_with_its_token() {
    let mut filter = with_secret(json!({ "leeway": "0s" }));
    let token = token(json!({ "sub": "alice" }));
    let grant = granted(filter.on_publish(&publish(&path("live/cam", &token))));
    assert_eq!(grant.recheck_ms, Some(60_000));
    let running = session(Role::Publishing, &path("live/cam", &token), grant.tags);
    set_unix_ms(unix_ms() + 59_900);
    assert_eq!(granted(filter.on_recheck(&running)).recheck_ms, Some(100));
    set_unix_ms(unix_ms() + 100);
    assert_eq!(denied(filter.on_recheck(&running)).reason, "the token has expired");
}

#[test]
fn keys_are_kept_refreshed_and_used_while_their_server_is_away() {
    let mut filter = with_jwks(json!({ "refresh": "10m", "max_age": "20m" }));
    let (_, token) = golden("ES256");
    let stream = publish(&path("live/alice-1", &token));
    reply_http(Err(CallError::Timeout));
    assert_eq!(denied(filter.on_publish(&stream)).reason, "authorization is not available");
    assert_eq!(denied(filter.on_publish(&stream)).reason, "authorization is not available");
    assert_eq!(http_requests().len(), 1, "a server that is away is not asked by everybody");
    set_unix_ms(unix_ms() + 5000);
    reply(200, &[], set_of(&["ES256"]));
    granted(filter.on_publish(&stream));
    set_unix_ms(unix_ms() + 600_000);
    for broken in ["not json", "{}", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"] {
        reply(200, &[], broken);
        granted(filter.on_publish(&stream));
        set_unix_ms(unix_ms() + 5000);
    }
    assert_eq!(http_requests().len(), 6);
    set_unix_ms(unix_ms() + 600_000);
    reply(404, &[], set_of(&["ES256"]));
    assert_eq!(denied(filter.on_publish(&stream)).reason, "authorization is not available", "too old by now");
}

#[test]
fn an_unknown_key_is_looked_for_once_in_a_while() {
    let mut filter = with_jwks(json!({ "refetch": "30s" }));
    let (_, old) = golden("ES256");
    let (_, new) = golden("EdDSA");
    reply(200, &[], set_of(&["ES256"]));
    granted(filter.on_publish(&publish(&path("live/alice-1", &old))));
    for _ in 0..5 {
        assert_eq!(refused(&mut filter, &new), "the token is signed with a key that is not known here");
    }
    assert_eq!(http_requests().len(), 1, "it was fetched just now");
    set_unix_ms(unix_ms() + 30_000);
    reply(200, &[], set_of(&["ES256", "EdDSA"]));
    granted(filter.on_publish(&publish(&path("live/alice-1", &new))));
    granted(filter.on_publish(&publish(&path("live/alice-1", &old))));
    assert_eq!(http_requests().len(), 2);
}

#[test]
fn instances_share_a_bucket() {
    grant_bucket("keys");
    let (_, token) = golden("RS256");
    let stream = publish(&path("live/alice-1", &token));
    let more = || json!({ "bucket": "keys" });
    reply(200, &[], set_of(&["RS256"]));
    granted(with_jwks(more()).on_publish(&stream));
    granted(with_jwks(more()).on_publish(&stream));
    assert_eq!(http_requests().len(), 1);
}

#[test]
fn weak_and_foreign_keys_are_left_out() {
    let (rsa, token) = golden("RS256");
    let with = |name: &str, value: Value| {
        let mut key = rsa.clone();
        key[name] = value;
        json!({ "keys": [key] }).to_string()
    };
    for set in [
        with("use", json!("enc")),
        with("alg", json!("RS512")),
        with("key_ops", json!(["sign"])),
        with("n", json!(BASE64_URL_SAFE_NO_PAD.encode([0xc5; 128]))),
        with("n", json!("")),
        with("e", json!("AA")),
        with("kty", json!("oct")),
    ] {
        let mut filter = with_jwks(json!({}));
        reply(200, &[], set.clone());
        assert_eq!(
            denied(filter.on_publish(&publish(&path("live/alice-1", &token)))).reason,
            "authorization is not available",
            "{set}"
        );
    }
}

#[test]
fn a_wrong_configuration_is_refused_with_the_key_and_what_is_expected() {
    set_secret("short", "short");
    set_secret("good", SECRET);
    let cases = [
        ("{}", "jwks: missing; expected the URL of the keys, or `secret`"),
        (r#"{ "jwks": "auth.example" }"#, "jwks: expected a URL"),
        (r#"{ "secret": "gone" }"#, "secret: there is no `gone`"),
        (r#"{ "secret": "short" }"#, "secret: `short` is too short; expected at least 32 bytes"),
        (r#"{ "secret": "good", "algorithms": [] }"#, "algorithms: empty"),
        (r#"{ "secret": "good", "algorithms": ["none"] }"#, "algorithms[0]: unknown variant `none`"),
        (r#"{ "secret": "good", "algorithms": ["RS256"] }"#, "algorithms: all but HS256 need `jwks`"),
        (r#"{ "jwks": "https://a", "algorithms": ["HS256"] }"#, "algorithms: HS256 needs `secret`"),
        (r#"{ "jwks": "https://a", "issuer": [] }"#, "issuer: empty"),
        (r#"{ "jwks": "https://a", "audience": "" }"#, "audience: empty"),
        (r#"{ "jwks": "https://a", "protect": [] }"#, "protect: empty"),
        (r#"{ "jwks": "https://a", "leeway": "soon" }"#, "leeway: expected a time such as"),
        (r#"{ "jwks": "https://a", "refresh": "2d" }"#, "max_age: less than `refresh`"),
        (r#"{ "jwks": "https://a", "refetch": "0s" }"#, "refetch: expected a time"),
        (r#"{ "jwks": "https://a", "publish_claim": "" }"#, "publish_claim, play_claim"),
        (r#"{ "jwks": "https://a", "parameters": [] }"#, "parameters: expected"),
        (r#"{ "jwks": "https://a", "hold_ms": 20000 }"#, "hold_ms: expected at most 10000"),
        (r#"{ "jwk": "https://a" }"#, "jwk: unknown field `jwk`"),
    ];
    for (config, expect) in cases {
        match Session::<JwtAuth>::open(config) {
            Err(Fault::InvalidConfig(text)) => assert!(text.starts_with(expect), "{config}: {text}"),
            Err(other) => panic!("{config}: {other:?}"),
            Ok(_) => panic!("{config}: accepted"),
        }
    }
}

#[test]
fn its_schema_names_every_key() {
    let schema: Value = serde_json::from_str(&JwtAuth::describe().config_schema.unwrap()).unwrap();
    let keys: Vec<_> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    let known = [
        "algorithms",
        "audience",
        "bucket",
        "hold_ms",
        "issuer",
        "jwks",
        "leeway",
        "max_age",
        "parameters",
        "play_claim",
        "protect",
        "publish_claim",
        "refetch",
        "refresh",
        "secret",
        "timeout",
    ];
    assert_eq!(keys, known);
}
