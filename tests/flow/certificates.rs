//! Certificates as operators have them: replaced under load, by files and by links; several; those of clients.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use weir_tests::certificate::{issue, issue_expired, issue_with, sha256, shown_at};
use weir_tests::process::Process;
use weir_tests::router::{Router, put, weir};

const IN_FORCE: &str = "certificate in force";
const REFUSED: &str = "certificates refused, what was in force goes on";

fn start(folder: tempfile::TempDir, keys: &str) -> Router {
    let text = Router::text("", &format!("[rtmps]\nlisten = [\"127.0.0.1:0\"]\n{keys}\n[apps.live]\n"));
    std::fs::write(folder.path().join("weir.toml"), text).expect("the folder is writable");
    Router::start_in(folder)
}

/// Turns a link in one step, as certbot does.
fn turn(to: &str, link: &Path) {
    let new = link.with_extension("new");
    symlink(to, &new).expect("the folder is writable");
    std::fs::rename(&new, link).expect("a link of the same folder");
}

fn read(file: &Path) -> Vec<u8> {
    std::fs::read(file).expect("a file")
}

/// The load tool, which fails if a frame is lost or a connection closed.
fn load(router: &Router, time: &str) -> Process {
    let mut command = weir();
    let url = format!("rtmps://localhost:{}/live/cam", router.rtmps_address().port());
    command.args(["bench", "mix", &url, "--insecure", "--players", "8", "--warm-up", "100ms", "--time", time]);
    Process::start("weir bench", &mut command)
}

/// Exchanges certificates as long as the load tool runs; each must be in force for new connections, and nobody is dropped.
fn exchange_under_load(router: &Router, mut exchange: impl FnMut(usize) -> String) {
    let mut bench = load(router, "6s");
    router.process.line("players", |line| line.contains(": playing "));
    let mut times = 0;
    while bench.runs() {
        times += 1;
        let mark = router.process.mark();
        let new = exchange(times);
        router.process.line_after(mark, "the new certificate", |line| line.contains(IN_FORCE) && line.contains(&new));
        assert_eq!(shown_at(router.rtmps_address()), new);
    }
    bench.succeeds();
    let said = bench.said();
    assert!(said.contains("8 of 8"), "{said}");
    assert!(times > 3, "only {times} exchanges in the time of the load");
    eprintln!("{times} exchanges under load, nobody was dropped");
}

#[test]
fn files_are_replaced_under_load() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["in-use", "0", "1"] {
        issue(folder.path(), name);
    }
    let prints = ["0.pem", "1.pem"].map(|name| sha256(&folder.path().join(name)));
    let router = start(folder, "certificates = [{ certificate = \"in-use.pem\", key = \"in-use.key\" }]");
    exchange_under_load(&router, |time| {
        let which = time % 2;
        for kind in ["pem", "key"] {
            put(&read(&router.file(&format!("{which}.{kind}"))), &router.file(&format!("in-use.{kind}")));
        }
        prints[which].clone()
    });
}

#[test]
fn links_are_turned_under_load() {
    let folder = tempfile::tempdir().expect("a folder");
    for sub in ["archive", "live"] {
        std::fs::create_dir(folder.path().join(sub)).expect("writable");
    }
    for name in ["0", "1"] {
        issue(&folder.path().join("archive"), name);
    }
    let prints = ["archive/0.pem", "archive/1.pem"].map(|name| sha256(&folder.path().join(name)));
    for kind in ["pem", "key"] {
        turn(&format!("../archive/0.{kind}"), &folder.path().join(format!("live/own.{kind}")));
    }
    let router = start(folder, "certificates = [{ certificate = \"live/own.pem\", key = \"live/own.key\" }]");
    exchange_under_load(&router, |time| {
        for kind in ["pem", "key"] {
            turn(&format!("../archive/{}.{kind}", time % 2), &router.file(&format!("live/own.{kind}")));
        }
        prints[time % 2].clone()
    });
}

#[test]
fn what_is_wrong_or_half_there_replaces_nothing_and_is_told_once() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["own", "new"] {
        issue(folder.path(), name);
    }
    issue_expired(folder.path(), "old");
    let router = start(folder, "certificates = [{ certificate = \"own.pem\", key = \"own.key\" }]");
    let address = router.rtmps_address();
    let own = sha256(&router.file("own.pem"));
    let new = sha256(&router.file("new.pem"));
    assert_eq!(shown_at(address), own);
    let begin = router.process.mark();
    // The certificate is there, its key is still to come; the same again says nothing new.
    let whole = read(&router.file("new.pem"));
    for bytes in [&whole[..], &whole[..], &whole[..whole.len() / 2]] {
        let mark = router.process.mark();
        put(bytes, &router.file("own.pem"));
        let half = bytes.len() < whole.len();
        if half || router.process.count(begin, |line| line.contains(REFUSED)) == 0 {
            router.process.line_after(mark, "refusal", |line| {
                line.contains(REFUSED) && line.contains(if half { "is not PEM" } else { "does not belong to" })
            });
        }
        assert_eq!(shown_at(address), own);
    }
    assert_eq!(router.process.count(begin, |line| line.contains(REFUSED)), 2);
    put(&whole, &router.file("own.pem"));
    put(&read(&router.file("new.key")), &router.file("own.key"));
    router.process.line_after(begin, "the new one", |line| line.contains(IN_FORCE) && line.contains(&new));
    assert_eq!(shown_at(address), new);
    // One that clients refuse does not replace one that they take, by the files or by a signal.
    let mark = router.process.mark();
    for kind in ["pem", "key"] {
        put(&read(&router.file(&format!("old.{kind}"))), &router.file(&format!("own.{kind}")));
    }
    let expired = |line: &str| line.contains("the certificate expired on 20");
    router.process.line_after(mark, "refusal", |line| line.contains(REFUSED) && expired(line));
    let mark = router.process.mark();
    router.process.signal("HUP");
    router.process.line_after(mark, "reason", expired);
    router.process.line_after(mark, "refusal", |line| line.contains("configuration refused"));
    assert_eq!(shown_at(address), new);
}

#[test]
fn a_router_starts_with_an_expired_certificate_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    issue_expired(folder.path(), "old");
    let router = start(folder, "certificates = [{ certificate = \"old.pem\", key = \"old.key\" }]");
    router.process.line("warning", |line| line.contains("WARN") && line.contains("the certificate expired on 20"));
    assert_eq!(shown_at(router.rtmps_address()), sha256(&router.file("old.pem")));
    let mut check = weir();
    check.args(["check", "--config"]).arg(router.file("weir.toml"));
    let (status, said) = Process::run("weir check", &mut check);
    assert!(status.success() && said.contains("clients refuse it; renew it"), "{said}");
}

#[test]
fn clients_are_known_by_their_certificates() {
    let folder = tempfile::tempdir().expect("a folder");
    issue(folder.path(), "own");
    issue_with(folder.path(), "authority", &["-addext", "keyUsage=keyCertSign"]);
    let by = |authority: &str| ["-CA".into(), format!("{authority}.pem"), "-CAkey".into(), format!("{authority}.key")];
    let client = |name: &str, by: [String; 4]| {
        let by = by.each_ref().map(String::as_str);
        let kind = ["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=clientAuth"];
        issue_with(folder.path(), name, &[&kind[..], &by].concat());
    };
    issue(folder.path(), "other");
    client("encoder", by("authority"));
    client("stranger", by("other"));
    // Without an extension openssl makes a certificate of version 1.
    let openssl = |arguments: &str| {
        let mut openssl = Command::new("openssl");
        let (status, said) = Process::run("openssl", openssl.current_dir(folder.path()).args(arguments.split(' ')));
        assert!(status.success(), "openssl {arguments}: {said}");
    };
    openssl("req -newkey rsa:2048 -nodes -subj /CN=old -keyout old.key -out old.csr");
    openssl("x509 -req -in old.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -out old.pem");
    issue_with(folder.path(), "ca", &["-CA", "authority.pem", "-CAkey", "authority.key"]);
    let router = start(
        folder,
        "certificates = [{ certificate = \"own.pem\", key = \"own.key\" }]\nclient_auth = \"required\"\nclient_ca = \"authority.pem\"",
    );
    let publish = |shows: Option<&str>| {
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args("-v error -f lavfi -i testsrc2=s=64x64:r=25 -t 1 -c:v libx264 -f flv".split(' '));
        if let Some(name) = shows {
            ffmpeg.arg("-cert_file").arg(router.file(&format!("{name}.pem")));
            ffmpeg.arg("-key_file").arg(router.file(&format!("{name}.key")));
        }
        ffmpeg.arg(format!("rtmps://localhost:{}/live/cam", router.rtmps_address().port()));
        Process::run("ffmpeg", &mut ffmpeg).0.success()
    };
    let print = sha256(&router.file("encoder.pem"));
    assert!(publish(Some("encoder")));
    router.process.line("who it is", |line| {
        line.contains(": connected ") && line.contains(&format!("client_cert_sha256=\"{print}\""))
    });
    for (shows, why) in [
        (None, "the peer showed no certificate"),
        (Some("stranger"), "no authority in client_ca has issued it"),
        (Some("old"), "it is of X.509 version 1"),
        (Some("ca"), "it is an authority's"),
    ] {
        let mark = router.process.mark();
        assert!(!publish(shows), "{shows:?}");
        router.process.line_after(mark, "reason", |line| line.contains("TLS handshake failed") && line.contains(why));
    }
    // The authorities are watched as well.
    let mark = router.process.mark();
    put(&read(&router.file("other.pem")), &router.file("authority.pem"));
    router.process.line_after(mark, "the change", |line| line.contains(IN_FORCE));
    assert!(publish(Some("stranger")));
    assert!(!publish(Some("encoder")));
}
