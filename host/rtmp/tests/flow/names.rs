//! Several certificates at one address: which one a client gets.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::time::SystemTime;

use rtmp::ConnectionSettings;
use rtmp::tls::{ClientAuth, Tls, TlsSettings};
use rustls::client::Resumption;
use rustls::version;

use crate::issued::Issued;
use crate::server::Server;
use crate::tls::connect_to;

fn load(certificates: &[&Issued]) -> Tls {
    let certificates = certificates.iter().map(|issued| issued.pair()).collect();
    Tls::load(&TlsSettings { certificates, client_auth: ClientAuth::Off }).unwrap()
}

/// The SHA-256 of the certificate that openssl is shown.
fn shown_to_openssl(address: SocketAddr, arguments: &[&str]) -> String {
    let script =
        "openssl s_client -connect \"$0\" \"$@\" </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256";
    let output = Command::new("sh").args(["-c", script, &address.to_string()]).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let print = said.trim().split('=').nth(1).unwrap_or_else(|| panic!("{arguments:?}: {said}"));
    print.replace(':', "").to_ascii_lowercase()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_gets_the_certificate_of_the_name_that_it_asks_for() {
    let first = Issued::named("DNS:first.example.org");
    let second = Issued::named("DNS:Second.example.org,DNS:*.stage.example.org");
    let third = Issued::named("DNS:first.example.org,DNS:cam.stage.example.org");
    let tls = load(&[&first, &second, &third]);
    let prints: Vec<_> = tls.certificates().iter().map(|certificate| certificate.fingerprint().to_owned()).collect();
    assert_eq!(tls.certificates()[1].names(), ["second.example.org", "*.stage.example.org"]);
    let server = Server::start_for(ConnectionSettings { tls: Some(tls), ..Default::default() }).await;
    let table = [
        // Both name it.
        ("first.example.org", 0),
        ("second.example.org", 1),
        ("SECOND.example.org", 1),
        ("any.stage.example.org", 1),
        // A name before a wildcard.
        ("cam.stage.example.org", 2),
        // A wildcard is for one label, and not for none.
        ("a.b.stage.example.org", 0),
        ("stage.example.org", 0),
        ("unknown.example.org", 0),
    ];
    let address = server.address;
    for (name, expected) in table {
        let (issued, versions) = ([&first, &second, &third][expected], [&version::TLS12, &version::TLS13]);
        for version in versions {
            let mut config = issued.trusted(version);
            config.resumption = Resumption::disabled();
            let connected = connect_to(name, address, Arc::new(config)).await;
            // The default is shown for names that are not in it, and the client says no.
            let named = !["a.b.stage.example.org", "stage.example.org", "unknown.example.org"].contains(&name);
            assert_eq!(connected.is_ok(), named, "{name}: {connected:?}");
        }
        let shown =
            tokio::task::spawn_blocking(move || shown_to_openssl(address, &["-servername", name])).await.unwrap();
        assert_eq!(shown, prints[expected], "{name}");
    }
    let without = tokio::task::spawn_blocking(move || shown_to_openssl(address, &["-noservername"])).await.unwrap();
    assert_eq!(without, prints[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_certificates_for_a_name_a_client_gets_the_one_that_it_can_verify() {
    let rsa = Issued::with("DNS:localhost", &["rsa", "rsa_keygen_bits:2048"]);
    let ecdsa = Issued::new();
    let tls = load(&[&ecdsa, &rsa]);
    let prints: Vec<_> = tls.certificates().iter().map(|certificate| certificate.fingerprint().to_owned()).collect();
    let server = Server::start_for(ConnectionSettings { tls: Some(tls), ..Default::default() }).await;
    let address = server.address;
    for (algorithms, expected) in [("ECDSA+SHA256", 0), ("RSA-PSS+SHA256", 1)] {
        let arguments = ["-servername", "localhost", "-sigalgs", algorithms];
        let shown = tokio::task::spawn_blocking(move || shown_to_openssl(address, &arguments)).await.unwrap();
        assert_eq!(shown, prints[expected], "{algorithms}");
    }
}

#[test]
fn what_is_doubtful_about_certificates_is_told() {
    let (good, expired) = (Issued::new(), Issued::expired());
    let tls = load(&[&good, &expired]);
    let doubts = tls.doubts(SystemTime::now());
    let [over, nameless] = &doubts[..] else { panic!("{doubts:?}") };
    assert!(over.contains("the certificate expired on 20") && over.contains("renew it"), "{over}");
    assert!(over.starts_with(expired.certificate.to_str().unwrap()), "{over}");
    assert!(nameless.contains("no client gets this certificate"), "{nameless}");
    assert!(load(&[&good]).doubts(SystemTime::now()).is_empty());
    let early = load(&[&good]).doubts(SystemTime::UNIX_EPOCH);
    assert!(early[0].contains("not valid before 20"), "{early:?}");
    // The same text as openssl's date.
    let date = Command::new("sh")
        .args(["-c", "date -u -d \"$(openssl x509 -noout -enddate -in \"$0\" | cut -d= -f2)\" '+%F %T UTC'"])
        .arg(&good.certificate)
        .output()
        .unwrap();
    assert_eq!(
        load(&[&good]).certificates()[0].expires().as_deref(),
        Some(String::from_utf8_lossy(&date.stdout).trim())
    );
    // Equal by what is in the files.
    assert_eq!(load(&[&good]), load(&[&good]));
    assert_ne!(load(&[&good]), load(&[&good, &expired]));
}
