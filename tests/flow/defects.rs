//! Known defects of the server that this one grew from, as far as only the whole router shows them. The numbers are those of
//! the list; `tests/house` sees that each has its test somewhere.

use crate::tls::{bench, tables};
use weir_tests::certificate::issue;
use weir_tests::flow::{player, publisher, receive, send, tags};
use weir_tests::flv::{Tag, VIDEO};
use weir_tests::router::Router;
use weir_tests::{numbered, wait};

/// A router with a certificate that only whoever was given it trusts, and its RTMPS URL.
fn secure() -> (Router, String) {
    let folder = tempfile::tempdir().expect("a folder");
    issue(folder.path(), "own");
    let text = Router::text("", &tables("own.pem", "own.key"));
    std::fs::write(folder.path().join("weir.toml"), text).expect("the folder is writable");
    let router = Router::start_in(folder);
    let line = router.process.line("RTMPS address", |line| line.starts_with("RTMPS on 127.0.0.1:"));
    let port = line.trim_start_matches("RTMPS on 127.0.0.1:").split(':').next().expect("a port");
    let url = format!("rtmps://localhost:{port}/live/cam");
    (router, url)
}

#[test]
fn defect_01_the_rtmps_port_is_served() {
    let (router, url) = secure();
    let (clean, said) = bench(&url, &["--ca", &router.file("own.pem").display().to_string()]);
    assert!(clean && said.contains("3 of 3"), "{said}");
}

/// Of the load tool; what dials for a relay tests its own.
#[test]
fn defect_20_a_client_takes_no_certificate_that_it_does_not_trust() {
    let (_router, url) = secure();
    let (clean, said) = bench(&url, &[]);
    assert!(!clean && said.contains("certificate is not trusted"), "{said}");
}

/// An Enhanced body: a first byte, a FourCC, what follows.
fn enhanced(time_ms: u32, first: u8, fourcc: &[u8; 4], rest: &[u8]) -> Tag {
    Tag { kind: VIDEO, time_ms, body: [&[first], &fourcc[..], rest].concat() }
}

/// What a player that is there gets of these video tags, up to the last of them.
fn played(router: &Router, name: &str, sent: &[Tag]) -> Vec<Tag> {
    let mut source = publisher(router, "live", name);
    send(&mut source, &sent[..2]);
    let mut viewer = player(router, "live", name);
    receive(&mut viewer, "the first picture", |m| m.body == sent[1].body);
    send(&mut source, &sent[2..]);
    let last = &sent.last().expect("a tag").body;
    let mut seen = sent[..2].to_vec();
    seen.extend(tags(&receive(&mut viewer, "the last picture", |m| m.body == *last)));
    seen
}

fn assert_bodies(sent: &[Tag], seen: &[Tag]) {
    let bodies = |tags: &[Tag]| tags.iter().map(|t| t.body.clone()).collect::<Vec<_>>();
    assert_eq!(bodies(seen), bodies(sent));
}

#[test]
fn defect_02_a_codec_may_change_on_the_fly() {
    let router = Router::start("[apps.live]");
    let sent = [
        numbered::header(),
        numbered::video(0, 100),
        numbered::video(1, 100),
        enhanced(80, 0x90, b"hvc1", b"\x01no record that anybody can read"),
        enhanced(80, 0x91, b"hvc1", b"\0\0\0\0\0\0\x02\x26\x01"),
        enhanced(120, 0xa1, b"hvc1", b"\0\0\0\0\0\0\x02\x02\x01"),
        enhanced(160, 0x90, b"av01", &[0x81, 5, 12, 0]),
        enhanced(160, 0x91, b"av01", &[0x32, 1, 0x30]),
        // And back, with sizes that mean nothing any more.
        Tag { time_ms: 200, ..numbered::header() },
        Tag { time_ms: 200, ..numbered::video(0, 300) },
    ];
    assert_bodies(&sent, &played(&router, "changing", &sent));
}

#[test]
fn defect_12_av1_arrives_as_it_was_sent() {
    let router = Router::start("[apps.live]");
    let record = [0x81, 5, 12, 0, 0x0a, 11, 0, 0, 0, 4, 0x47, 0x3f, 0x9f, 0xa3, 0xd8, 0xfc, 0x80];
    // Temporal delimiter, sequence header, a frame in two OBUs, padding; one with an extension, one without a size.
    let picture = [0x12, 0, 0x0a, 1, 0, 0x1a, 2, 1, 2, 0x22, 3, 3, 4, 5, 0x7a, 2, 0, 0x80];
    let layers = [0x36, 0x28, 2, 6, 7, 0x30, 8, 9];
    let sent = [
        enhanced(0, 0x90, b"av01", &record),
        enhanced(0, 0x91, b"av01", &picture),
        enhanced(40, 0xa1, b"av01", &layers),
        enhanced(80, 0xb1, b"av01", &[0x32, 0x81, 0x01, 1]),
        enhanced(120, 0xd4, b"av01", b"\x02\0\x09colorInfo\x03\0\0\x09"),
        enhanced(120, 0x91, b"av01", &picture),
        enhanced(160, 0xa3, b"av01", &[0x32, 1, 5]),
    ];
    assert_bodies(&sent, &played(&router, "av1", &sent));
}

#[test]
fn defect_19_players_that_do_not_read_cost_no_processor_time() {
    let router = Router::start_with("write_timeout = \"1h\"\nidle_timeout = \"1h\"", "[apps.live]");
    let mut source = publisher(&router, "live", "big");
    send(&mut source, &[numbered::header(), numbered::video(0, 1000)]);
    let stuck: Vec<_> = (0..8).map(|_| player(&router, "live", "big")).collect();
    let mut viewer = player(&router, "live", "big");
    // More than any socket holds: from here on each of them waits in a write.
    for n in 1..=200 {
        send(&mut source, &[numbered::video(n, 100_000)]);
    }
    receive(&mut viewer, "the newest frame", |m| numbered::number(&m.tag()) == Some(200));
    let used = wait::growth(std::time::Duration::from_secs(2), || router.process.ticks());
    eprintln!("{used} ticks in 2 s");
    // A lock that is spun on takes all of a core: 200.
    assert!(used <= 20, "{used} hundredths of a second of CPU while nothing moves");
    drop(stuck);
}
