//! RTMPS to another server: who is trusted, and what is said of who is not.

use std::path::PathBuf;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use rtmp::dial::End;
use rtmp::dial::tls::{Client, Failure, Fingerprint, Trust};
use rtmp::tls::{ClientAuth, Pair, TlsSettings};
use rtmp::{ConnectionSettings, Tls};

use super::{Dial, METADATA, publisher, send_start, target};
use crate::process;
use crate::server::Server;
use crate::wait;

/// A certificate and its key.
struct Issued {
    certificate: PathBuf,
    key: PathBuf,
}

fn openssl(args: &str, files: &[(&str, &PathBuf)]) -> String {
    let mut openssl = Command::new("openssl");
    openssl.args(args.split(' '));
    for (arg, file) in files {
        openssl.arg(arg).arg(file);
    }
    let done = openssl.output().expect("these tests need openssl (Debian package openssl)");
    assert!(done.status.success(), "openssl: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

impl Issued {
    fn request(subject: &str, more: &str) -> (String, Issued) {
        let issued = Issued { certificate: process::fresh("dial-cert.pem"), key: process::fresh("dial-key.pem") };
        let args = "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj";
        (format!("{args} {subject} {more}"), issued)
    }

    /// As `openssl req -x509` makes it: an authority and a server in one.
    fn by_itself(name: &str, days: u32) -> Issued {
        let more = format!("-x509 -days {days} -addext subjectAltName=DNS:{name}");
        let (args, issued) = Issued::request(&format!("/CN={name}"), &more);
        openssl(&args, &[("-keyout", &issued.key), ("-out", &issued.certificate)]);
        issued
    }

    /// Signed by `authority`, for localhost and 127.0.0.1.
    fn by(authority: &Issued, days: &str) -> Issued {
        let request = process::fresh("dial.csr");
        let extensions = process::fresh("dial.ext");
        std::fs::write(&extensions, "subjectAltName=DNS:localhost,IP:127.0.0.1\n").unwrap();
        let (args, issued) = Issued::request("/CN=localhost", "-sha256");
        openssl(&args, &[("-keyout", &issued.key), ("-out", &request)]);
        openssl(
            &format!("x509 -req {days} -set_serial 1"),
            &[
                ("-in", &request),
                ("-CA", &authority.certificate),
                ("-CAkey", &authority.key),
                ("-extfile", &extensions),
                ("-out", &issued.certificate),
            ],
        );
        issued
    }

    fn fingerprint(&self) -> Fingerprint {
        let said = openssl("x509 -noout -fingerprint -sha256", &[("-in", &self.certificate)]);
        said.trim().rsplit_once('=').unwrap().1.parse().unwrap()
    }

    async fn serve(&self) -> Server {
        let pair = Pair { certificate: self.certificate.clone(), key: self.key.clone() };
        let settings = TlsSettings { certificates: vec![pair], client_auth: ClientAuth::Off };
        let tls = Some(Tls::load(&settings).unwrap());
        Server::start_for(ConnectionSettings { tls, ..ConnectionSettings::default() }).await
    }
}

/// Pushes a stream to `far`, asked for as `host`, and tells whether it came.
async fn push(far: &Server, host: &str, tls: Client) -> Result<(), End> {
    let near = Server::start().await;
    let (mut source, stream) = publisher(&near, "cam").await;
    send_start(&mut source, stream, METADATA, 0..2).await;
    let mut to = target(&format!("rtmps://{host}:{}/live/copy", far.address.port()));
    to.tls = tls;
    let dial = Dial::push(to, &near, "cam").await;
    let is_live = wait::until("an outcome", || match dial.progress.state() {
        rtmp::dial::State::Live => Ok(true),
        _ if dial.task.is_finished() => Ok(false),
        other => Err(format!("{other:?}")),
    });
    if is_live.await {
        far.live("live/copy").await;
        drop(source);
        assert_eq!(dial.end().await, End::LocalEnded);
        far.gone("live/copy").await;
        return Ok(());
    }
    Err(dial.end().await)
}

fn files(files: &[&Issued]) -> Client {
    Client::new(Trust::Files(files.iter().map(|issued| issued.certificate.clone()).collect()), None).unwrap()
}

fn failed(end: Result<(), End>) -> (Failure, String) {
    match end.unwrap_err() {
        End::Tls(failure) => (failure.clone(), End::Tls(failure).to_string()),
        other => panic!("not TLS: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_of_a_file_is_trusted_and_no_other() {
    let (ours, another) = (Issued::by_itself("ours.example", 2), Issued::by_itself("another.example", 2));
    let far = Issued::by(&ours, "-days 2").serve().await;
    push(&far, "localhost", files(&[&another, &ours])).await.unwrap();
    push(&far, "127.0.0.1", files(&[&ours])).await.unwrap();
    let (failure, said) = failed(push(&far, "localhost", files(&[&another])).await);
    assert!(matches!(failure, Failure::Untrusted { itself: false, .. }), "{failure:?}");
    assert!(said.contains("signed by an authority that is not trusted here: ours.example"), "{said}");
    let (failure, _) = failed(push(&far, "localhost", Client::default()).await);
    assert!(matches!(failure, Failure::Untrusted { .. } | Failure::Trust(_)), "{failure:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_must_be_the_certificates() {
    let issued = Issued::by_itself("media.example", 2);
    let far = issued.serve().await;
    let (failure, said) = failed(push(&far, "localhost", files(&[&issued])).await);
    assert_eq!(failure, Failure::WrongName { wanted: "localhost".into(), has: vec!["media.example".into()] });
    assert!(said.contains("is not for localhost but for media.example"), "{said}");
    let named = Client::new(Trust::Files(vec![issued.certificate.clone()]), Some("media.example")).unwrap();
    push(&far, "localhost", named).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fingerprint_is_enough_and_another_one_is_not() {
    let issued = Issued::by_itself("media.example", 2);
    let far = issued.serve().await;
    let pin = |fingerprint| Client::new(Trust::Fingerprints(vec![fingerprint]), None).unwrap();
    push(&far, "localhost", pin(issued.fingerprint())).await.unwrap();
    let (failure, said) = failed(push(&far, "localhost", pin(Fingerprint::of(b"another"))).await);
    assert_eq!(failure, Failure::Fingerprint(issued.fingerprint()));
    assert!(said.contains(&issued.fingerprint().to_string()), "{said}");
    push(&far, "localhost", Client::new(Trust::Anyone, None).unwrap()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_has_its_time() {
    let ours = Issued::by_itself("ours.example", 2);
    // It ends with the second in which it is made.
    let old = Issued::by(&ours, "-days 0");
    let second = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let made = second();
    wait::until("the end of its second", || if second() > made + 1 { Ok(()) } else { Err("not yet") }).await;
    let far = old.serve().await;
    let (failure, said) = failed(push(&far, "localhost", files(&[&ours])).await);
    assert!(matches!(failure, Failure::Expired(Some(_))), "{failure:?}");
    assert!(said.contains("the certificate has expired less than an hour ago"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_server_is_no_server_with_tls() {
    let far = Server::start().await;
    let (failure, said) = failed(push(&far, "localhost", Client::new(Trust::Anyone, None).unwrap()).await);
    assert!(matches!(failure, Failure::NotTls | Failure::Cut(_)), "{failure:?}");
    assert!(said.contains("does not speak TLS") || said.contains("without TLS"), "{said}");
}

#[test]
fn what_cannot_be_trusted_is_told() {
    let missing = Trust::Files(vec!["/nowhere/ca.pem".into()]);
    let said = Client::new(missing, None).unwrap_err().to_string();
    assert!(said.starts_with("/nowhere/ca.pem: cannot be read"), "{said}");
    let key = Issued::by_itself("media.example", 2).key;
    let said = Client::new(Trust::Files(vec![key]), None).unwrap_err().to_string();
    assert!(said.contains("holds no certificate"), "{said}");
    for nothing in [Trust::Files(Vec::new()), Trust::Fingerprints(Vec::new())] {
        assert!(Client::new(nothing, None).is_err());
    }
    assert!(Client::new(Trust::Anyone, Some("not a name")).is_err());
}
