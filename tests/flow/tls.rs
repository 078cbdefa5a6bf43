//! RTMPS as an operator sets it up: a certificate, its renewal, the load tool against it.

use weir_tests::certificate::issue;
use weir_tests::process::Process;
use weir_tests::router::{Router, weir};

pub(crate) fn tables(certificate: &str, key: &str) -> String {
    let pair = format!("{{ certificate = \"{certificate}\", key = \"{key}\" }}");
    format!("[rtmps]\nlisten = [\"127.0.0.1:0\"]\ncertificates = [{pair}]\n[apps.live]\n")
}

/// A run of the load tool: whether it was clean, and what it said.
pub(crate) fn bench(url: &str, more: &[&str]) -> (bool, String) {
    let mut command = weir();
    command.args(["bench", "mix", url, "--players", "3", "--warm-up", "100ms", "--time", "1s"]).args(more);
    let (status, said) = Process::run("weir bench", &mut command);
    (status.success(), said)
}

#[test]
fn a_certificate_is_renewed_while_the_router_runs_and_a_wrong_one_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["old", "new"] {
        issue(folder.path(), name);
    }
    let text = |certificate: &str, key: &str| Router::text("", &tables(certificate, key));
    std::fs::write(folder.path().join("weir.toml"), text("old.pem", "old.key")).expect("the folder is writable");
    let router = Router::start_in(folder);
    let port = router.rtmps_address().port();
    let url = format!("rtmps://localhost:{port}/live/cam");
    let file = |name: &str| router.file(name).display().to_string();
    let trusts = |name: &str| bench(&url, &["--ca", &file(name)]);

    let (clean, said) = trusts("old.pem");
    assert!(clean && said.contains("3 of 3"), "{said}");
    let (clean, said) = bench(&url, &["--insecure"]);
    assert!(clean, "{said}");
    for (clean, said) in [trusts("new.pem"), bench(&url, &[])] {
        assert!(!clean && said.contains("certificate is not trusted") && said.contains("--ca"), "{said}");
    }

    let mark = router.process.mark();
    router.write_config(&text("new.pem", "old.key"));
    router.process.signal("HUP");
    router.process.line_after(mark, "reason", |line| {
        line.contains("rtmps.certificates[0].key: ") && line.contains("does not belong to")
    });
    router.process.line_after(mark, "refusal", |line| line.contains("what was in force goes on"));
    let (clean, said) = trusts("old.pem");
    assert!(clean, "{said}");

    let mark = router.process.mark();
    router.write_config(&text("new.pem", "new.key"));
    router.process.signal("HUP");
    router.process.line_after(mark, "reload", |line| line.contains("configuration reloaded"));
    let (clean, said) = trusts("new.pem");
    assert!(clean, "{said}");
    let (clean, said) = trusts("old.pem");
    assert!(!clean, "{said}");
}

#[test]
fn a_plain_client_at_the_tls_port_is_told_in_the_log() {
    let folder = tempfile::tempdir().expect("a folder");
    issue(folder.path(), "own");
    let text = Router::text("", &tables("own.pem", "own.key"));
    std::fs::write(folder.path().join("weir.toml"), text).expect("the folder is writable");
    let router = Router::start_in(folder);
    let port = router.rtmps_address().port();
    let mut plain = weir();
    plain.args(["bench", "publish", &format!("rtmp://127.0.0.1:{port}/live/cam"), "--time", "1s"]);
    let (status, said) = Process::run("weir bench", &mut plain);
    assert!(!status.success(), "{said}");
    router
        .process
        .line("reason", |line| line.contains("TLS handshake failed") && line.contains("a plain rtmp:// client"));
    let report = router.report("rtmp sessions");
    assert!(report.contains("tls_failed=1"), "{report}");
}

#[test]
fn tls_at_the_plain_port_is_told_in_the_log() {
    let router = Router::start("[apps.live]\n");
    let mut secure = weir();
    secure.args(["bench", "publish", &format!("rtmps://{}/live/cam", router.address), "--insecure", "--time", "1s"]);
    let (status, said) = Process::run("weir bench", &mut secure);
    assert!(!status.success(), "{said}");
    router.process.line("reason", |line| line.contains("not RTMP but TLS") && line.contains("[rtmps] listen"));
}
