//! Behind a load balancer that says whose connections it passes on.

use std::io::{Read, Write};
use std::net::TcpStream;

use weir_tests::certificate::issue;
use weir_tests::router::Router;
use weir_tests::rtmp::Client;

fn connect(router: &Router, header: &[u8]) -> std::io::Result<Client> {
    Client::connect_behind(router.address, header, "live")
}

#[test]
fn the_real_peer_is_in_the_log_and_before_the_filters() {
    let router = Router::start_with("proxy_protocol = { from = [\"127.0.0.0/8\"] }", "[apps.live]\n");
    let v2 = |command: u8, family: u8, body: &[u8]| {
        let length = u16::try_from(body.len()).expect("short").to_be_bytes();
        [b"\r\n\r\n\0\r\nQUIT\n", &[command, family][..], &length, body].concat()
    };
    let v6 = [&[0x20, 1, 0xd, 0xb8][..], &[0; 11], &[7], &[0; 16], &[0x1f, 0x90, 7, 0x8f]].concat();
    let table = [
        (b"PROXY TCP4 192.0.2.1 198.51.100.2 8080 1935\r\n".to_vec(), "192.0.2.1:8080", "192.0.2.1"),
        (b"PROXY TCP6 2001:db8::9 ::1 8080 1935\r\n".to_vec(), "[2001:db8::9]:8080", "2001:db8::9"),
        (b"PROXY TCP6 ::ffff:192.0.2.5 ::1 8080 1935\r\n".to_vec(), "192.0.2.5:8080", "192.0.2.5"),
        (v2(0x21, 0x11, &[192, 0, 2, 3, 1, 1, 1, 1, 0x1f, 0x90, 0, 1, 4, 0, 1, 9]), "192.0.2.3:8080", "192.0.2.3"),
        (v2(0x21, 0x21, &v6), "[2001:db8::7]:8080", "2001:db8::7"),
        (v2(0x21, 0x31, &[0; 216]), "unix", "unix"),
        (v2(0x20, 0x11, &[192, 0, 2, 3, 1, 1, 1, 1, 0x1f, 0x90, 0, 1]), "127.0.0.1:", "127.0.0.1"),
    ];
    for (at, (header, peer, ip)) in table.iter().enumerate() {
        let mark = router.process.mark();
        let mut client = connect(&router, header).unwrap_or_else(|e| panic!("{e}: {peer}"));
        client.publish(&format!("cam{at}")).expect("an answer").expect("admitted");
        router.process.line_after(mark, "peer", |line| line.contains(&format!("peer={peer}")));
        // What the router, and so every filter, is told.
        let told = |line: &str| line.contains(": publishing ") && line.contains(&format!("peer=\"{ip}\""));
        router.process.line_after(mark, "publisher", told);
    }
}

#[test]
fn a_header_from_anyone_else_is_refused_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    issue(folder.path(), "own");
    let tables = "proxy_protocol = { from = [\"10.0.0.0/8\"] }\n[rtmps]\nlisten = [\"127.0.0.1:0\"]\n\
                  certificates = [{ certificate = \"own.pem\", key = \"own.key\" }]\n";
    let text = Router::text(tables, "[apps.live]\n");
    std::fs::write(folder.path().join("weir.toml"), text).expect("writable");
    let router = Router::start_in(folder);
    connect(&router, b"").expect("no header is needed");
    let header = b"PROXY TCP4 192.0.2.1 198.51.100.2 8080 1935\r\n";
    assert!(connect(&router, header).is_err());
    router.process.line("reason", |line| {
        line.contains("not RTMP but a PROXY header, from an address that rtmp.proxy_protocol does not name")
    });
    let mut stream = TcpStream::connect(router.rtmps_address()).expect("a listener");
    stream.write_all(header).expect("room");
    let _ = stream.read_to_end(&mut Vec::new());
    router.process.line("reason", |line| {
        line.contains("a PROXY header, from an address that rtmps.proxy_protocol does not name")
    });
    assert!(!router.process.said().contains("192.0.2.1"), "who says so is not who it is");
    // Reloaded for those to come.
    let text = Router::text("proxy_protocol = { from = [\"127.0.0.1\"] }", "[apps.live]\n");
    let mark = router.process.mark();
    router.write_config(&text);
    router.process.signal("HUP");
    router.process.line_after(mark, "reload", |line| line.contains("configuration reloaded"));
    connect(&router, header).expect("now it is trusted");
    assert!(connect(&router, b"").is_err());
    router.process.line_after(mark, "reason", |line| {
        line.contains("must begin with a PROXY header") && line.contains("no PROXY header came")
    });
    let report = router.report("rtmp sessions");
    assert!(report.contains("proxy_failed=1"), "{report}");
}
