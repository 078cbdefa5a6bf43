//! Filters come from elsewhere: fetched, verified, kept, asked for again.

mod faults;
mod registry;
mod signatures;

use std::net::TcpListener;
use std::sync::OnceLock;
use std::thread::spawn;
use std::time::Duration;

use weir_tests::certificate::Authority;
use weir_tests::encoder::Encoder;
use weir_tests::flv::{AUDIO, VIDEO};
use weir_tests::process::Process;
use weir_tests::router::{PATIENT, Router, build_filter, weir};
use weir_tests::rtmp::Client;
use weir_tests::web::{Reply, Web};
use weir_tests::{flow, numbered};

const TRIED: &str = "filter loaded";
const SWITCHED: &str = "another generation in force";

/// A filter that lets nobody in without a key.
fn token() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| std::fs::read(build_filter("filters/token-auth")).expect("the built filter"))
}

/// The same module with another digest: a custom section (WebAssembly core §5.5.3), which no runtime acts on.
fn variant(module: &[u8], name: &str) -> Vec<u8> {
    let length = u8::try_from(name.len()).expect("a short name");
    [module, &[0, length + 1, length], name.as_bytes()].concat()
}

/// Tables of a router with the filter `token` from `source`. What is fetched is kept in its own folder.
fn tables(source: &str, fetch: &str, filter: &str) -> String {
    // Built before a router waits for it.
    let _ = token();
    format!(
        "[wasm.fetch]\ndir = \"kept\"\n{fetch}\n[filters.token]\nsource = \"{source}\"\n{filter}\n\
         config = {{ protect = [\"publish\"], keys = [\"k\"] }}\n[apps.live]\nsession = [\"token\"]\n"
    )
}

fn start(source: &str, fetch: &str, filter: &str) -> Router {
    Router::start(&tables(source, fetch, filter))
}

/// Whether somebody with this key may publish.
fn admits(router: &Router, key: &str) -> bool {
    let mut client = match Client::connect(router.address, "live") {
        Ok(client) => client,
        // A filter that is not there refuses the connection already.
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => return false,
        Err(error) => panic!("no connection: {error}"),
    };
    client.publish(&format!("cam?key={key}")).expect("an answer").is_ok()
}

/// Asserts that the filter runs, rather than its failure policy.
fn assert_runs(router: &Router) {
    assert!(admits(router, "k"), "who has the key is refused: {}", router.process.said());
    assert!(!admits(router, "x"), "who has none is let in");
}

fn line(router: &Router, mark: usize, words: &[&str]) -> String {
    router.process.line_after(mark, &words.join(" … "), |line| words.iter().all(|word| line.contains(word)))
}

/// A port of this machine at which nobody listens.
fn closed_port() -> std::net::SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

fn sha256(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("f"), bytes).expect("writable");
    let mut command = std::process::Command::new("sha256sum");
    command.arg(folder.path().join("f"));
    let (_, said) = Process::run("sha256sum", &mut command);
    format!("sha256:{}", said.split(' ').next().expect("a digest"))
}

#[test]
fn a_first_start_without_the_network_refuses_everyone_until_it_comes() {
    let address = closed_port();
    let router = start(&format!("http://{address}/f.wasm"), "refresh = \"500ms\"", "");
    let told = line(&router, 0, &["not fetched, and nothing was kept", "filter=\"token\"", "no connection"]);
    assert!(told.contains("ERROR") && told.contains(&format!("http://{address}/f.wasm")), "{told}");
    assert!(!admits(&router, "k"), "nobody is let in by a filter that is not there");
    let mark = router.process.mark();
    let _web = Web::start_at(address, |_| Reply::ok(token()));
    line(&router, mark, &[SWITCHED, "token@"]);
    assert_runs(&router);
}

#[test]
fn a_restart_without_the_network_goes_on_with_the_last_good_file() {
    let web = Web::start(|_| Reply::ok(token()));
    let tables = tables(&web.url("f.wasm"), "refresh = \"1s\"", "");
    let mut router = Router::start(&tables);
    assert_runs(&router);
    drop(web);
    router.kill_and_restart(&tables);
    line(&router, 0, &["found what was fetched", "ago", &sha256(token())]);
    assert_runs(&router);
    let told = line(&router, 0, &["WARN", "not fetched", "what was fetched", "ago goes on"]);
    assert!(told.contains("filter=\"token\"") && told.contains("took="), "{told}");
    assert_runs(&router);
}

#[test]
fn what_was_kept_and_is_damaged_is_not_used() {
    let web = Web::start(|_| Reply::ok(token()));
    let tables = tables(&web.url("f.wasm"), "", "");
    let mut router = Router::start(&tables);
    assert_runs(&router);
    let kept: Vec<_> = std::fs::read_dir(router.file("kept")).expect("a folder").flatten().map(|f| f.path()).collect();
    let file = kept.iter().find(|file| file.extension().is_some_and(|x| x == "wasm")).expect("a kept file");
    std::fs::write(file, variant(token(), "forged")).expect("writable");
    drop(web);
    router.kill_and_restart(&tables);
    line(&router, 0, &["WARN", "not used", "damaged"]);
    assert!(!admits(&router, "k"), "what is not what was kept does not run");
}

#[test]
fn a_new_file_takes_over_under_a_stream_and_loses_nothing() {
    let nal = std::fs::read(build_filter("filters/nal-filter")).expect("the built filter");
    let serve = |name: &'static str| {
        let bytes = variant(&nal, name);
        move |request: &weir_tests::web::Request| Reply::ok(bytes.clone()).tagged(&format!("\"{name}\""), request)
    };
    let web = Web::start(serve("first"));
    let router = Router::start(&format!(
        "[wasm.fetch]\ndir = \"kept\"\nrefresh = \"300ms\"\n[filters.nal]\nsource = \"{}\"\n\
         config = {{ h264 = {{ drop = [\"aud\", \"sei\"] }} }}\n[apps.live]\nmedia = [\"nal\"]\n{PATIENT}",
        web.url("nal.wasm")
    ));
    let source = Encoder::start(&router, "live", "cam", 2000, Duration::from_millis(20));
    let mut viewer = flow::player(&router, "live", "cam");
    let watching = spawn(move || flow::rest(&mut viewer));
    for name in ["second", "third", "fourth"] {
        // That what is there is not sent again is part of it.
        let known = web.requests().len();
        web.wait_for("question for something else", |request| request.header("if-none-match").is_some());
        let mark = router.process.mark();
        web.answer(serve(name));
        line(&router, mark, &[SWITCHED, "nal@"]);
        assert!(web.requests().len() > known);
    }
    let sent = source.end();
    let seen = watching.join().expect("a player that nobody closed");
    for kind in [VIDEO, AUDIO] {
        let numbers: Vec<u64> = seen.iter().filter(|t| t.kind == kind).filter_map(numbered::number).collect();
        let first = numbers.first().copied().expect("frames");
        assert_eq!(numbers, (first..sent).collect::<Vec<_>>(), "kind {kind}");
    }
    assert_eq!(seen.iter().filter(|t| t.is_picture() && numbered::has_all_units(t)).count(), 0);
}

#[test]
fn hup_asks_again() {
    let web = Web::start(|request| Reply::ok(token()).tagged("\"1\"", request));
    let tables = tables(&web.url("f.wasm"), "refresh = \"0s\"", "");
    let router = Router::start(&tables);
    assert_runs(&router);
    let (mark, asked) = (router.process.mark(), web.requests().len());
    web.answer(|request| Reply::ok(variant(token(), "new")).tagged("\"2\"", request));
    assert_eq!(asked, web.requests().len(), "with 0s it is not asked again by itself");
    router.process.signal("HUP");
    line(&router, mark, &[SWITCHED, "token@"]);
    assert_runs(&router);
}

#[test]
fn https_needs_an_authority_that_is_trusted_and_stays_https() {
    let folder = tempfile::tempdir().expect("a folder");
    let authority = Authority::new(folder.path(), "authority");
    authority.issue("server");
    let web = Web::start_tls(folder.path(), "server", |request| match request.path.as_str() {
        "/moved.wasm" => Reply::status(302).with("Location", "/f.wasm"),
        "/down.wasm" => Reply::status(302).with("Location", "http://127.0.0.1:9/f.wasm?key=s3cret"),
        "/round.wasm" => Reply::status(307).with("Location", "/round.wasm"),
        _ => Reply::ok(token()),
    });
    let stranger = start(&web.url("f.wasm"), "", "");
    line(&stranger, 0, &["ERROR", "not fetched", "TLS", "certificate"]);
    assert!(!admits(&stranger, "k"));

    let ca = format!("ca = {:?}", authority.certificate());
    let router = start(&web.url("moved.wasm"), &ca, "");
    assert_runs(&router);
    for (path, says) in [("down.wasm", "https stays https"), ("round.wasm", "there were five before it")] {
        let refused = start(&web.url(path), &ca, "");
        let told = line(&refused, 0, &["ERROR", "not fetched", says]);
        assert!(!told.contains("s3cret"), "{told}");
    }
}

#[test]
fn a_pin_takes_nothing_else_and_needs_no_second_question() {
    let web = Web::start(|_| Reply::ok(token()));
    let other = sha256(b"other");
    let refused = start(&web.url("f.wasm"), "", &format!("digest = \"{other}\""));
    line(&refused, 0, &["ERROR", "not fetched", &format!("expected {other}, found {}", sha256(token()))]);
    assert!(!admits(&refused, "k"));

    let pinned = format!("digest = \"{}\"", sha256(token()));
    let tables = tables(&web.url("g.wasm"), "", &pinned);
    let mut router = Router::start(&tables);
    assert_runs(&router);
    let asked = web.requests().len();
    router.kill_and_restart(&tables);
    assert_runs(&router);
    assert_eq!(web.requests().len(), asked, "what cannot change is not asked for");

    // A file of this machine is held to it as well.
    let file = router.file("f.wasm");
    std::fs::write(&file, variant(token(), "other")).expect("writable");
    let local = start(&format!("file:{}", file.display()), "", &pinned);
    line(&local, 0, &["ERROR", "filter not loaded", "the digest is wrong", &sha256(token())]);
    let mark = local.process.mark();
    std::fs::write(&file, token()).expect("writable");
    line(&local, mark, &[SWITCHED]);
    assert_runs(&local);
}

#[test]
fn secrets_of_sources_are_told_to_their_server_and_not_to_the_log() {
    let web = Web::start(|request| match request.header("authorization") {
        // `Aladdin:open sesame` (RFC 7617 §2).
        Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==") => Reply::ok(token()),
        _ => Reply::status(401),
    });
    let mut url = web.url("f.wasm?sig=s3cret");
    let refused = start(&url, "", "");
    line(&refused, 0, &["not fetched", "the server answered 401", "credentials"]);
    let credentials = "credentials = { user = \"Aladdin\", password = \"open sesame\" }";
    let router = start(&url, "", credentials);
    assert_runs(&router);
    url = url.replace("http://", "http://Aladdin:open%20sesame@");
    let in_url = start(&url, "", "");
    assert_runs(&in_url);
    for router in [&refused, &router, &in_url] {
        let said = router.process.said();
        assert!(!said.contains("s3cret") && !said.contains("sesame"), "{said}");
        assert!(said.contains("f.wasm?…"), "{said}");
    }
    web.wait_for("query", |request| request.path == "/f.wasm?sig=s3cret");
}

#[test]
fn check_fetches_nothing_and_inspect_does() {
    let web = Web::start(|_| Reply::ok(token()));
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("weir.toml");
    let check = |source: &str, filter: &str| {
        std::fs::write(&config, Router::text("", &tables(source, "", filter))).expect("writable");
        Process::run("weir check", weir().args(["check", "--config"]).arg(&config))
    };
    let (status, said) = check(&web.url("f.wasm"), "");
    assert!(status.success() && said.contains("its config is not checked"), "{said}");
    assert!(web.requests().is_empty());
    for (source, filter, says) in [
        ("oci://h/UPPER:1", "", "no repository"),
        ("http://filters.example/f.wasm", "", "pin the file with digest"),
        ("https://h/f.wasm", "digest = \"sha256:12\"", "64 hexadecimal digits"),
        ("https://h/f.wasm", "trusted_keys = [\"RWx\"]", "public key of minisign"),
        ("https://h/f.wasm", "signature = \"f.minisig\"", "no key to check it with"),
        ("https://h/f.wasm", "credentials = { user = \"u\" }", "user = \"…\", password"),
        ("file:f.wasm", "refresh = \"1m\"", "a file is watched"),
        ("ftp://h/f.wasm", "", "expected text such as"),
    ] {
        let (status, said) = check(source, filter);
        assert_eq!(status.code(), Some(78), "{said}");
        assert!(said.contains(says), "{source} {filter}: {said}");
    }

    let (status, said) = Process::run("weir filter inspect", weir().args(["filter", "inspect", &web.url("f.wasm")]));
    assert!(status.success() && said.contains("session-filter"), "{said}");
    assert!(said.contains(sha256(token()).trim_start_matches("sha256:")), "{said}");
    let (status, said) = Process::run("weir filter inspect", weir().args(["filter", "inspect", &web.url("")]));
    assert!(status.success(), "{said}");
    web.answer(|_| Reply::status(404));
    let (status, said) = Process::run("weir filter inspect", weir().args(["filter", "inspect", &web.url("f.wasm")]));
    assert!(!status.success() && said.contains("404"), "{said}");
}
