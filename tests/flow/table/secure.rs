//! The same over RTMPS, with a certificate authority of one's own.

use std::path::PathBuf;

use weir_tests::PATIENCE;
use weir_tests::certificate::Authority;
use weir_tests::process::Process;
use weir_tests::router::{PATIENT, Router};

use super::clients::{Player, Publisher, Set, Source};
use super::{KEYS, failures, jobs, one_publish, side_by_side, table, told};

/// Where a router listens for TLS, and who vouches for it.
pub(super) struct Secure {
    port: u16,
    /// The authority's certificate.
    pub(super) authority: PathBuf,
}

impl Secure {
    /// An URL of an application or a stream.
    pub(super) fn url(&self, path: &str) -> String {
        format!("rtmps://localhost:{}/{path}", self.port)
    }
}

/// A router with a certificate of an authority that nobody knows, and another authority that has nothing to do with it.
fn start() -> (Router, Secure, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let authority = Authority::new(folder.path(), "authority");
    authority.issue("own");
    let (authority, other) = (authority.certificate(), Authority::new(folder.path(), "other").certificate());
    let rtmps =
        "[rtmps]\nlisten = [\"127.0.0.1:0\"]\ncertificates = [{ certificate = \"own.pem\", key = \"own.key\" }]";
    let text = Router::text("", &format!("{rtmps}\n[apps.live]\n{KEYS}\n{PATIENT}"));
    std::fs::write(folder.path().join("weir.toml"), text).expect("the folder is writable");
    let router = Router::start_in(folder);
    let line = router.process.line("RTMPS address", |line| line.starts_with("RTMPS on 127.0.0.1:"));
    let port = line.trim_start_matches("RTMPS on 127.0.0.1:").split(':').next().and_then(|port| port.parse().ok());
    (router, Secure { port: port.expect("a port"), authority }, other)
}

#[test]
fn over_tls_every_player_gets_what_every_publisher_sent() {
    let (router, secure, _) = start();
    let jobs = jobs(Publisher::can_over_tls);
    let outcomes = side_by_side(&jobs, |(publisher, set)| one_publish(&router, Some(&secure), *publisher, *set));
    told(&table("over RTMPS", Publisher::can_over_tls, &jobs, &outcomes));
    let failures = failures(&jobs, &outcomes);
    assert!(failures.is_empty(), "{} cells fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn clients_that_verify_do_not_talk_to_a_stranger() {
    let (router, secure, other) = start();
    let wrong = Secure { authority: other, ..secure };
    let set = Set::H264_AAC;
    let clip = set.clip();
    let gives_up = |who: &str, process: &mut Process| {
        let status = process.wait_for(PATIENCE).unwrap_or_else(|| panic!("{who} goes on: {}", process.said()));
        assert!(!status.success(), "{who} talks to a stranger: {}", process.said());
    };
    let mut clients = 0;
    for player in Player::ALL.into_iter().filter(|player| player.verifies()) {
        let options = player.strictly(&wrong.authority);
        gives_up(player.label(), &mut player.start(&wrong.url("live/cam"), options, &router.file("out.flv")));
        clients += 1;
    }
    for publisher in Publisher::ALL.into_iter().filter(|publisher| publisher.verifies()) {
        let options = publisher.strictly(&wrong.authority);
        match publisher.start(set, &clip, &wrong.url("live"), "cam", options) {
            Source::Ending(mut process) => gives_up(publisher.label(set), &mut process),
            Source::Endless(obs) => {
                drop(obs.process.line("refusal", |line| line.contains("[rtmp stream") && line.contains("failed")))
            }
        }
        clients += 1;
    }
    // Each of them came, and none got further than the certificate.
    let report = router.report("report: rtmp sessions");
    let accepted = report.split(" accepted=").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok());
    assert!(accepted >= Some(clients), "{clients} clients: {report}");
    let connected = router.process.count(0, |line| line.contains(": connected "));
    assert_eq!(connected, 0, "{}", router.process.said());
}
