//! A router on a socket file.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};

use weir_tests::process::Process;
use weir_tests::router::{Router, weir};

#[test]
fn the_socket_file_has_its_mode_shows_its_peers_and_goes_with_the_router() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("weir.sock");
    // As a router that was killed leaves it.
    drop(UnixListener::bind(&path).expect("writable"));
    let listen = format!("listen = [\"127.0.0.1:0\", \"unix:{}\"]\nunix_mode = \"600\"", path.display());
    let text = Router::text("", "[apps.live]\n").replace("listen = [\"127.0.0.1:0\"]", &listen);
    std::fs::write(folder.path().join("weir.toml"), text).expect("writable");
    let mut router = Router::start_in(folder);
    router.process.line("socket file", |line| line.contains(&format!(", unix:{}", path.display())));
    assert_eq!(std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);

    let mut peer = UnixStream::connect(&path).expect("a listener");
    std::io::Write::write_all(&mut peer, b"GET / HTTP/1.1\r\n\r\n").expect("room");
    let shown = "peer=unix:uid=";
    let id = format!(":pid={}", std::process::id());
    router
        .process
        .line("peer", |line| line.contains(shown) && line.contains(&id) && line.contains("not RTMP but HTTP"));

    // A second router leaves the first one's socket alone.
    let mut second = weir();
    second.current_dir(path.parent().expect("a folder")).args(["run", "--config", "weir.toml"]);
    let (status, said) = Process::run("weir", &mut second);
    assert!(!status.success() && said.contains("another program listens there"), "{said}");
    UnixStream::connect(&path).expect("the first one still listens");

    router.process.signal("TERM");
    router.process.succeeds();
    assert!(!path.exists(), "the file is left behind");
}
