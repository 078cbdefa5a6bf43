//! `weir bench` against the router, as an operator runs it.

use std::process::Command;

use serde_json::Value;
use weir_tests::process::Process;
use weir_tests::router::{Router, weir};
use weir_tests::workspace;

/// The report, and whether the run was clean.
fn bench(arguments: &[&str]) -> (bool, Value) {
    let mut command = weir();
    command.arg("bench").args(arguments).args(["--json", "--warm-up", "100ms", "--time", "1s"]);
    let (status, said) = Process::run("weir bench", &mut command);
    let json = said.rfind('}').and_then(|end| said.get(..=end)).unwrap_or_else(|| panic!("no report: {said}"));
    (status.success(), serde_json::from_str(json).unwrap_or_else(|e| panic!("{e}: {said}")))
}

#[test]
fn publishers_and_players_get_what_was_sent() {
    let router = Router::start("[apps.live]");
    let pid = router.process.id().to_string();
    for handshake in [&[][..], &["--digest"]] {
        let url = router.url("live/load?k=1");
        let arguments = ["mix", &url, "--streams", "3", "--players", "12", "--server-pid", &pid];
        let (clean, report) = bench(&[&arguments[..], handshake].concat());
        assert!(clean, "{report}");
        assert_eq!(report["players"]["playing"], 12);
        assert!(report["players"]["verified"].as_u64() > Some(0), "{report}");
        assert_eq!(report["failures"], Value::Array(Vec::new()));
        for figure in ["cpu_s_per_gb", "kib_per_publisher", "kib_per_connection"] {
            assert!(report["server"][figure].is_number(), "{figure} is missing: {report}");
        }
    }
}

#[test]
fn a_join_begins_with_the_cached_key_frame() {
    let router = Router::start("[apps.live]");
    // One key frame in a minute: without the cache nobody would see a picture.
    let (clean, report) = bench(&["mix", &router.url("live/load"), "--players", "5", "--gop", "1m"]);
    assert!(clean && report["players"]["playing"] == 5, "{report}");
    assert_eq!(report["players"]["join_ms"]["count"], 5, "{report}");
}

#[test]
fn players_do_not_notice_who_is_stuck() {
    let router = Router::start("[apps.live]");
    let (clean, report) = bench(&["mix", &router.url("live/load"), "--players", "5", "--stuck", "2"]);
    assert!(clean && report["players"]["playing"] == 5, "{report}");
    assert_eq!((&report["stuck"]["wanted"], &report["stuck"]["played"]), (&2.into(), &2.into()), "{report}");
}

#[test]
fn storms_and_idlers_come_through() {
    let router = Router::start("[apps.live]");
    let pid = router.process.id().to_string();
    let url = router.url("live/load");
    let (clean, report) = bench(&["idle", &url, "--connections", "50", "--server-pid", &pid]);
    assert!(clean && report["idle"]["connected"] == 50, "{report}");
    let mut source = weir();
    source.args(["bench", "publish", &url, "--time", "10m"]);
    let mut source = Process::start("weir bench publish", &mut source);
    let (clean, report) = bench(&["play", &url, "--players", "2"]);
    assert!(clean && report["players"]["playing"] == 2, "{report}");
    let (clean, report) = bench(&["storm", &url, "--connections", "200", "--server-pid", &pid]);
    assert!(clean, "{report}");
    assert!(report["storm"]["start_ms"]["count"].as_u64() > Some(0), "{report}");
    source.signal("INT");
    source.line("report", |line| line.contains("publishers") && line.contains("1 of 1"));
    source.succeeds();
}

#[test]
fn streams_go_faster_than_real_time() {
    let router = Router::start("[apps.live]");
    let (clean, report) = bench(&["mix", &router.url("live/load"), "--players", "2", "--speed", "10"]);
    assert!(clean, "{report}");
    // 25 pictures and 43 sounds a second, for two players.
    assert!(report["players"]["verified"].as_u64() > Some(2 * 68 * 3), "{report}");
}

#[test]
fn a_soak_finds_nothing() {
    let mut soak = Command::new(workspace::root().join("tests/soak"));
    soak.args(["--streams", "3", "--players", "2", "--visits", "5"]);
    soak.args(["--speed", "10", "--time", "6s", "--sample", "400ms"]);
    soak.env("WEIR_BIN", weir().get_program());
    let (status, said) = Process::run("soak", &mut soak);
    assert!(
        status.success() && said.contains("soak: ok") && said.contains("publishers 3 of 3, players 6 of 6"),
        "{said}"
    );
}

#[test]
fn a_refusal_is_told_with_its_reason() {
    let router = Router::start("[apps.live]");
    let mut command = weir();
    command.args(["bench", "publish", &router.url("nowhere/load")]);
    let (status, said) = Process::run("weir bench", &mut command);
    assert!(!status.success() && said.contains("refused"), "{said}");
}
