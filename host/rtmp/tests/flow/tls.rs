//! RTMPS: the same streams over TLS, and who comes without it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rtmp::ConnectionSettings;
use rtmp::tls::{ClientAuth, Pair, Part, Tls, TlsSettings};
use rtmp_proto::MessageType;
use rustls::client::Resumption;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, HandshakeKind, version};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::client::Client;
use crate::crowd::publishes_until_the_player_is_closed;
use crate::flv::{self, AUDIO, VIDEO};
use crate::garbage::{Healthy, closed};
use crate::issued::Issued;
use crate::process::{self, end, start};
use crate::server::Server;

const SHORT: Duration = Duration::from_millis(400);

pub async fn serve(issued: &Issued, connection: ConnectionSettings) -> Server {
    Server::start_for(ConnectionSettings { tls: Some(issued.load()), ..connection }).await
}

pub async fn connect(address: SocketAddr, config: Arc<ClientConfig>) -> std::io::Result<TlsStream<TcpStream>> {
    connect_to("localhost", address, config).await
}

/// Asks for the certificate of a name.
pub async fn connect_to(
    name: &str,
    address: SocketAddr,
    config: Arc<ClientConfig>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await.unwrap();
    TlsConnector::from(config).connect(ServerName::try_from(name.to_owned()).unwrap(), stream).await
}

/// The first words of RTMP, until the server has said its own.
pub async fn greet(stream: &mut TlsStream<TcpStream>) {
    let mut hello = vec![0; 1537];
    hello[0] = 3;
    stream.write_all(&hello).await.unwrap();
    let mut answer = vec![0; 3073];
    stream.read_exact(&mut answer).await.unwrap();
}

/// A plain port in front of a server with TLS, for clients that have none.
pub async fn tunnel(to: SocketAddr, config: ClientConfig) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let config = Arc::new(config);
    tokio::spawn(async move {
        while let Ok((mut plain, _)) = listener.accept().await {
            let config = config.clone();
            tokio::spawn(async move {
                let mut secure = connect(to, config).await.unwrap();
                let _ = copy_bidirectional(&mut plain, &mut secure).await;
            });
        }
    });
    address
}

/// RTMPE inside would be for nothing.
#[tokio::test]
async fn rtmpe_inside_is_refused() {
    let issued = Issued::new();
    let server = serve(&issued, ConnectionSettings::default()).await;
    let config = Arc::new(issued.trusted(&version::TLS13));
    let mut stream = connect(server.address, config).await.unwrap();
    stream.write_all(&[6]).await.unwrap();
    let mut rest = Vec::new();
    let _ =
        tokio::time::timeout(process::PATIENCE, stream.read_to_end(&mut rest)).await.expect("the server must close");
    assert!(rest.is_empty());
    server.counted("misbehaviour", |counters| counters.misbehaved == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ffmpeg_publishes_and_plays_the_same_bytes() {
    let issued = Issued::new();
    let server = serve(&issued, ConnectionSettings::default()).await;
    let url = format!("rtmps://localhost:{}/live/secret", server.address.port());
    let trust = ["-tls_verify", "1", "-ca_file", issued.certificate.to_str().unwrap()];
    let (file, source) = (process::fresh("played.flv"), process::source());
    let (said, file_name) = (["-v", "info", "-nostats"], file.to_str().unwrap());
    let play = [&said[..], &["-y"], &trust, &["-i", &url, "-c", "copy", "-copyts", "-f", "flv", file_name]].concat();
    let player = start("ffmpeg", &play);
    server.subscribers("live/secret", 1).await;
    let publish = [&said[..], &["-i", source.to_str().unwrap(), "-c", "copy"], &trust, &["-f", "flv", &url]].concat();
    let (ok, said) = end(start("ffmpeg", &publish)).await;
    assert!(ok, "{said}");
    let (ok, said) = end(player).await;
    assert!(ok, "{said}");
    let (sent, played) = (flv::read(source), flv::read(&file));
    for kind in [AUDIO, VIDEO] {
        assert!(!flv::bodies(&sent, kind).is_empty());
        assert!(flv::bodies(&played, kind) == flv::bodies(&sent, kind), "bodies of kind {kind}");
    }
    let counters = server.counters();
    assert_eq!((counters.tls_failed, counters.misbehaved, counters.panics), (0, 0, 0), "{counters:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_of_every_size_pass_over_both_versions() {
    let issued = Issued::new();
    let server = serve(&issued, ConnectionSettings::default()).await;
    for version in [&version::TLS12, &version::TLS13] {
        let address = tunnel(server.address, issued.trusted(version)).await;
        let (mut publisher, stream) = Client::publishing(address, "sizes").await;
        let (mut player, _) = Client::playing(address, "sizes").await;
        // Around a record of 16 KiB, around what TLS takes at once, and more than sockets hold.
        for (time, size) in [10, 16_383, 16_384, 16_385, 65_536, 65_537, 3_000_000, 1].into_iter().enumerate() {
            let body: Vec<u8> = [0x17, 1, 0, 0, 0].into_iter().chain((0..size).map(|i: u32| (i / 7) as u8)).collect();
            publisher.media(stream, MessageType::VIDEO, time as u32, &body).await;
            assert!(player.next_media().await.payload[..] == body, "{size} bytes over {version:?}");
        }
        drop(publisher);
        server.gone("live/sizes").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_that_never_reads_is_closed() {
    let issued = Issued::new();
    let server = serve(&issued, ConnectionSettings { write_timeout: SHORT, ..Default::default() }).await;
    let address = tunnel(server.address, issued.trusted(&version::TLS13)).await;
    let (mut publisher, stream) = Client::publishing(address, "stuck").await;
    let (_stuck, _) = Client::playing(address, "stuck").await;
    publishes_until_the_player_is_closed(&server, &mut publisher, stream).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_finish_the_handshake_is_cut_and_who_brings_no_tls_harms_nobody() {
    let issued = Issued::new();
    let server = serve(&issued, ConnectionSettings { handshake_timeout: SHORT, ..Default::default() }).await;
    let mut healthy = Healthy::start(tunnel(server.address, issued.trusted(&version::TLS13)).await).await;
    healthy.goes_on().await;
    let mut failed = 0;
    // Silence; a client hello that ends early; a plain RTMP client; HTTP; noise; a record that is too long.
    let mut rtmp = vec![3; 1537];
    rtmp[1..9].fill(0);
    let noise: Vec<u8> = (0..10_000u32).map(|i| i.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    for hello in [
        &b""[..],
        b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
        &rtmp,
        b"GET / HTTP/1.1\r\n\r\n",
        &noise,
        b"\x16\x03\x03\xff\xff\x01",
    ] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(hello).await.unwrap();
        closed(&mut stream).await;
        failed += 1;
        server.counted("the failure", |c| c.tls_failed == failed).await;
        healthy.goes_on().await;
    }
    // TLS, and then no RTMP: one time for both.
    let config = Arc::new(issued.trusted(&version::TLS13));
    let mut silent = connect(server.address, config).await.unwrap();
    let _ = tokio::time::timeout(process::PATIENCE, silent.read_u8()).await.expect("closed");
    server.counted("it", |c| c.misbehaved == 1 && c.open == 2).await;
    let counters = server.counters();
    assert_eq!((counters.tls_failed, counters.panics), (failed, 0), "{counters:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_tls_1_2_resume_and_a_new_certificate_holds_for_new_connections() {
    let (old, new) = (Issued::new(), Issued::new());
    let server = serve(&old, ConnectionSettings::default()).await;
    // Tickets of TLS 1.3 would come behind the handshake, among the data, where librtmp cannot take them.
    for (version, second) in [(&version::TLS12, HandshakeKind::Resumed), (&version::TLS13, HandshakeKind::Full)] {
        let config = Arc::new(old.trusted(version));
        for kind in [HandshakeKind::Full, second] {
            let mut stream = connect(server.address, config.clone()).await.unwrap();
            assert_eq!(stream.get_ref().1.handshake_kind(), Some(kind), "{version:?}");
            greet(&mut stream).await;
        }
    }
    let mut healthy = Healthy::start(tunnel(server.address, old.trusted(&version::TLS13)).await).await;
    server.handle().reconfigure(ConnectionSettings { tls: Some(new.load()), ..Default::default() });
    connect(server.address, Arc::new(new.trusted(&version::TLS13))).await.unwrap();
    let mut strict = old.trusted(&version::TLS13);
    strict.resumption = Resumption::disabled();
    let refused = connect(server.address, Arc::new(strict)).await.unwrap_err();
    assert!(refused.to_string().contains("certificate"), "{refused}");
    server.counted("the client's refusal", |c| c.tls_failed == 1).await;
    healthy.goes_on().await;
    // Without a certificate the sockets keep the one they have.
    server.handle().reconfigure(ConnectionSettings::default());
    connect(server.address, Arc::new(new.trusted(&version::TLS12))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_drain_says_goodbye_and_waits_for_no_handshake() {
    let issued = Issued::new();
    let mut server = serve(&issued, ConnectionSettings::default()).await;
    let mut undecided = TcpStream::connect(server.address).await.unwrap();
    let mut stream = connect(server.address, Arc::new(issued.trusted(&version::TLS13))).await.unwrap();
    greet(&mut stream).await;
    server.counted("both", |c| c.open == 2).await;
    let served = server.shut_down();
    closed(&mut undecided).await;
    // An end without close_notify would be an error here.
    assert_eq!(stream.read_to_end(&mut Vec::new()).await.unwrap(), 0);
    drop(stream);
    let counters = tokio::time::timeout(process::PATIENCE, served).await.unwrap().unwrap();
    assert_eq!((counters.open, counters.tls_failed), (0, 0));
}

#[test]
fn files_that_cannot_be_used_are_told_with_the_reason() {
    let (one, other) = (Issued::new(), Issued::new());
    let written = |name: &str, text: &[u8]| {
        let path = process::fresh(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let empty = written("empty.pem", b"");
    let whole = std::fs::read(&one.certificate).unwrap();
    let half = written("half.pem", &whole[..whole.len() / 2]);
    const HOLLOW: &[u8] = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let hollow = written("hollow.pem", HOLLOW);
    let second = written("second.pem", &[&whole[..], HOLLOW].concat());
    let locked =
        written("locked.pem", b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
    let unknown = written("unknown.pem", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    let missing = process::fresh("missing.pem");
    let (chain, private) = (Part::Certificate(0), Part::Key(0));
    let cases: &[(&Path, &Path, Part, &str)] = &[
        (&missing, &one.key, chain, "cannot be read: No such file"),
        (&one.certificate, &missing, private, "cannot be read: No such file"),
        (&process::folder(), &one.key, chain, "cannot be read: Is a directory"),
        (&empty, &one.key, chain, "holds no certificate (-----BEGIN CERTIFICATE-----)"),
        (&one.key, &one.key, chain, "but a private key: is this the file for `certificate`?"),
        (&one.certificate, &one.certificate, private, "but a certificate: is this the file for `key`?"),
        (&half, &one.key, chain, "is not PEM: the line that ends CERTIFICATE is missing"),
        (
            &hollow,
            &one.key,
            chain,
            "certificate 1 in it cannot be used (TrailingData(SignedData)): it was cut or edited",
        ),
        (&second, &one.key, chain, "certificate 2 in it cannot be used"),
        (&one.certificate, &empty, private, "holds no private key (-----BEGIN PRIVATE KEY-----)"),
        (&one.certificate, &locked, private, "the private key is encrypted"),
        (&one.certificate, &unknown, private, "holds no private key of a kind that can be used"),
        (&one.certificate, &other.key, private, "does not belong to the first certificate in"),
    ];
    let pair = |certificate: &Path, key: &Path| Pair { certificate: certificate.into(), key: key.into() };
    for (certificate, key, part, text) in cases {
        for before in [0, 1] {
            // Of two it is the second one that is blamed.
            let mut certificates = vec![pair(&one.certificate, &one.key); before];
            certificates.push(pair(certificate, key));
            let error = Tls::load(&TlsSettings { certificates, client_auth: ClientAuth::Off }).unwrap_err();
            let expected = match part {
                Part::Key(_) => Part::Key(before),
                _ => Part::Certificate(before),
            };
            assert_eq!(error.part, expected, "{error}");
            let blamed = if *part == private { key } else { certificate };
            let said = error.to_string();
            assert!(said.starts_with(&format!("{}: ", blamed.display())) && said.contains(text), "{text}: {said}");
            assert!(!said.contains("peer"), "{said}");
        }
    }
    for (ca, text) in [(&missing, "cannot be read"), (&one.key, "for `client_ca`?"), (&hollow, "certificate 1 in it")] {
        for client_auth in [ClientAuth::Optional(ca.clone()), ClientAuth::Required(ca.clone())] {
            let error = Tls::load(&TlsSettings { client_auth, ..one.settings() }).unwrap_err();
            let said = error.to_string();
            assert!(error.part == Part::ClientCa && said.contains(text) && !said.contains("peer"), "{text}: {said}");
        }
    }
    let none = Tls::load(&TlsSettings::default()).unwrap_err().to_string();
    assert_eq!(none, "there is no certificate to show");
}
