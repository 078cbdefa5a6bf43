//! `jwt-auth` with keys of openssl, fetched from a server.

use std::net::TcpListener;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use weir_tests::PATIENCE;
use weir_tests::backend::Backend;
use weir_tests::certificate::Authority;
use weir_tests::ffmpeg::Ffmpeg;
use weir_tests::flow::{player, publisher, receive, send};
use weir_tests::jwt::{Key, Kind};
use weir_tests::process::Process;
use weir_tests::router::{Router, build_filter};
use weir_tests::rtmp::Client;
use weir_tests::{clip, numbered};

fn unix() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs()
}

fn claims(more: Value) -> Value {
    let mut claims = json!({ "iss": "tests", "exp": unix() + 600, "publish": ["live/alice-*"], "play": "live/*" });
    claims.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    claims
}

fn router(origin: &str, more: &str) -> Router {
    let module = build_filter("filters/jwt-auth");
    Router::start(&format!(
        "[wasm.kv]\nfile = \"none\"\n[filters.jwt]\nsource = \"file:{}\"\ngrants = [\"http:{origin}\", \"kv:jwt-auth\"]\n\
         config = {{ jwks = \"{origin}/jwks.json\", issuer = \"tests\", hold_ms = 0{more} }}\n[apps.live]\nsession = [\"jwt\"]\n",
        module.display(),
    ))
}

/// A server of keys that the test may change.
fn keys(first: &[&Key]) -> (Backend, Arc<Mutex<Vec<Value>>>) {
    let set: Arc<Mutex<Vec<Value>>> = Arc::new(Mutex::new(first.iter().map(|key| key.jwk()).collect()));
    let theirs = Arc::clone(&set);
    let backend =
        Backend::start(move |_| (200, vec![], json!({ "keys": *theirs.lock().expect("no panic") }).to_string()));
    (backend, set)
}

fn refused(router: &Router, name: &str) -> String {
    let mut client = Client::connect(router.address, "live").expect("connected");
    client.publish(name).expect("an answer").expect_err("refused").description
}

#[test]
fn tokens_of_rsa_and_ec_keys_open_their_streams() {
    let folder = tempfile::tempdir().expect("a folder");
    let (rsa, ec) = (Key::new(folder.path(), Kind::Rsa, "rsa"), Key::new(folder.path(), Kind::Ec, "ec"));
    let (backend, _) = keys(&[&rsa, &ec]);
    let router = router(&backend.url(""), "");
    for key in [&rsa, &ec] {
        let token = key.sign(&claims(json!({})));
        let mut source = publisher(&router, "live", &format!("alice-1?token={token}"));
        send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
        let mut viewer = player(&router, "live", &format!("alice-1?token={token}"));
        receive(&mut viewer, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
        assert_eq!(refused(&router, &format!("bob?token={token}")), "the token does not allow to publish this stream");
        let old = key.sign(&claims(json!({ "exp": unix() - 60 })));
        assert_eq!(refused(&router, &format!("alice-2?token={old}")), "the token has expired");
        let foreign = key.sign(&claims(json!({ "iss": "others" })));
        assert_eq!(refused(&router, &format!("alice-2?token={foreign}")), "the token is of another issuer");
    }
    let stranger = Key::new(folder.path(), Kind::Rsa, "stranger");
    let token = stranger.sign(&claims(json!({})));
    assert_eq!(
        refused(&router, &format!("alice-2?token={token}")),
        "the token is signed with a key that is not known here"
    );
    let mut stock = Ffmpeg::New.publish(&clip::h264(), &router.url("live/alice-3"));
    assert!(!stock.wait().success());
    assert!(stock.said().contains("a token is needed"), "{}", stock.said());
    let mut stock = Ffmpeg::Old
        .publish(&clip::h264(), &router.url(&format!("live/alice-3?token={}", rsa.sign(&claims(json!({}))))));
    stock.succeeds();
}

#[test]
fn a_stream_ends_with_its_token() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = Key::new(folder.path(), Kind::Ec, "ec");
    let (backend, _) = keys(&[&key]);
    let router = router(&backend.url(""), ", leeway = \"0s\"");
    let token = key.sign(&claims(json!({ "exp": unix() + 4 })));
    let mut source = publisher(&router, "live", &format!("alice-1?token={token}"));
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    let seen = receive(&mut source, "the end of the token", |m| m.status().is_some_and(|s| s.level == "error"));
    assert_eq!(seen.last().and_then(|m| m.status()).expect("a status").description, "the token has expired");
}

#[test]
fn a_new_key_is_found_and_keys_outlive_their_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let (old, new) = (Key::new(folder.path(), Kind::Ec, "old"), Key::new(folder.path(), Kind::Ec, "new"));
    let (backend, set) = keys(&[&old]);
    let router = router(&backend.url(""), ", refetch = \"1s\"");
    drop(publisher(&router, "live", &format!("alice-1?token={}", old.sign(&claims(json!({}))))));
    set.lock().expect("no panic").push(new.jwk());
    let token = new.sign(&claims(json!({})));
    let started = Instant::now();
    let admitted = loop {
        let mut client = Client::connect(router.address, "live").expect("connected");
        match client.publish(&format!("alice-2?token={token}")).expect("an answer") {
            Ok(()) => break client,
            Err(status) => assert!(started.elapsed() < PATIENCE, "{status:?}"),
        }
    };
    backend.stop();
    drop((admitted, publisher(&router, "live", &format!("alice-3?token={token}"))));
}

#[test]
fn keys_come_over_tls_from_who_the_operator_trusts() {
    let folder = tempfile::tempdir().expect("a folder");
    let authority = Authority::new(folder.path(), "authority");
    authority.issue("keys");
    let key = Key::new(folder.path(), Kind::Rsa, "rsa");
    std::fs::write(folder.path().join("jwks.json"), json!({ "keys": [key.jwk()] }).to_string()).expect("written");
    let address = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port");
    let mut openssl = Command::new("openssl");
    openssl.current_dir(folder.path()).args(["s_server", "-accept", &address.to_string(), "-WWW"]);
    openssl.args(["-cert", "keys.pem", "-key", "keys.key"]);
    let server = Process::start("openssl s_server", &mut openssl);
    server.line("that it listens", |line| line.contains("ACCEPT"));
    let origin = format!("https://{address}");
    let token = key.sign(&claims(json!({})));

    let stranger = router(&origin, "");
    assert_eq!(refused(&stranger, &format!("alice-1?token={token}")), "authorization is not available");
    stranger.process.line("why", |line| line.contains("no TLS") && line.contains("certificate"));

    let module = build_filter("filters/jwt-auth");
    let trusting = Router::start(&format!(
        "[wasm.kv]\nfile = \"none\"\n[wasm.http]\nca = \"{}\"\n[filters.jwt]\nsource = \"file:{}\"\ngrants = [\"http:{origin}\", \"kv:jwt-auth\"]\n\
         config = {{ jwks = \"{origin}/jwks.json\", issuer = \"tests\" }}\n[apps.live]\nsession = [\"jwt\"]\n",
        authority.certificate().display(),
        module.display(),
    ));
    drop(publisher(&trusting, "live", &format!("alice-1?token={token}")));
}
