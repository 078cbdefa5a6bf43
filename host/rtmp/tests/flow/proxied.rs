//! A load balancer in front that says whose connection it passes on.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rtmp::{ConnectionSettings, Proxies};
use rustls::pki_types::ServerName;
use rustls::version;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::garbage::{Healthy, closed};
use crate::issued::Issued;
use crate::server::Server;

const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
const SHORT: Duration = Duration::from_millis(400);

fn from(text: &str) -> Proxies {
    Proxies::new([text.parse().unwrap()])
}

fn v2(command: u8, family: u8, body: &[u8]) -> Vec<u8> {
    [SIGNATURE, &[command, family], &u16::try_from(body.len()).unwrap().to_be_bytes(), body].concat()
}

/// Headers that are taken.
fn good() -> Vec<Vec<u8>> {
    let tcp4 = [192, 0, 2, 1, 198, 51, 100, 2, 0x1f, 0x90, 7, 0x8f];
    vec![
        b"PROXY TCP4 192.0.2.1 198.51.100.2 8080 1935\r\n".to_vec(),
        b"PROXY TCP6 2001:db8::1 ::1 8080 1935\r\n".to_vec(),
        b"PROXY UNKNOWN\r\n".to_vec(),
        v2(0x21, 0x11, &tcp4),
        v2(0x21, 0x11, &[&tcp4[..], &[4; 3000]].concat()),
        v2(0x21, 0x31, &[0; 216]),
        v2(0x20, 0x00, &[]),
    ]
}

/// Greets as RTMP does: whether the server answers so.
async fn greet(stream: &mut (impl AsyncReadExt + AsyncWriteExt + Unpin)) -> io::Result<()> {
    let mut hello = vec![0; 1537];
    hello[0] = 3;
    stream.write_all(&hello).await?;
    let mut answer = vec![0; 3073];
    stream.read_exact(&mut answer).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_are_taken_from_who_is_trusted_whole_and_in_pieces() {
    let settings = ConnectionSettings { proxies: from("127.0.0.0/8"), ..Default::default() };
    let server = Server::start_for(settings).await;
    for header in good() {
        let mut whole = TcpStream::connect(server.address).await.unwrap();
        whole.write_all(&header).await.unwrap();
        greet(&mut whole).await.unwrap_or_else(|e| panic!("{e}: {header:?}"));
        let mut slow = TcpStream::connect(server.address).await.unwrap();
        slow.set_nodelay(true).unwrap();
        for piece in header.chunks(header.len() / 20 + 1) {
            slow.write_all(piece).await.unwrap();
            tokio::task::yield_now().await;
        }
        greet(&mut slow).await.unwrap_or_else(|e| panic!("{e}: {header:?} in pieces"));
    }
    assert_eq!(server.counters().proxy_failed, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_trusted_must_send_one_in_time_and_a_bad_one_harms_nobody() {
    let settings = ConnectionSettings { proxies: from("127.0.0.1"), handshake_timeout: SHORT, ..Default::default() };
    let server = Server::start_for(settings).await;
    let mut rtmp = vec![3; 1537];
    rtmp[1..9].fill(0);
    let table: [&[u8]; 10] = [
        &rtmp,
        b"",
        b"PROXY",
        b"PROXY TCP4 192.0.2.1\r\n",
        &[b'P'; 200],
        &[b"PROXY UNKNOWN ", &[b'x'; 200][..]].concat(),
        &v2(0x21, 0x11, &[0; 4]),
        &v2(0x21, 0x99, &[0; 4]),
        &v2(0x20, 0x00, &[0; 20_000]),
        // Says more than it sends.
        &v2(0x21, 0x11, &[0; 100])[..50],
    ];
    for (before, bad) in table.into_iter().enumerate() {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let _ = stream.write_all(bad).await;
        closed(&mut stream).await;
        server.counted("the failure", |counters| counters.proxy_failed == before as u64 + 1).await;
    }
    // One time for the header and what follows it.
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"PROXY UNKNOWN\r\n").await.unwrap();
    closed(&mut stream).await;
    server.counted("it", |counters| counters.misbehaved == 1 && counters.open == 0).await;
    assert_eq!(server.counters().panics, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_everyone_else_a_header_is_refused_and_none_is_needed() {
    let settings = ConnectionSettings { proxies: from("10.0.0.0/8"), ..Default::default() };
    let server = Server::start_for(settings).await;
    Healthy::start(server.address).await.goes_on().await;
    for (count, header) in good().into_iter().enumerate() {
        let mut spoof = TcpStream::connect(server.address).await.unwrap();
        spoof.write_all(&header).await.unwrap();
        assert!(greet(&mut spoof).await.is_err(), "{header:?}");
        server.counted("it", |counters| counters.misbehaved == count as u64 + 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_header_comes_before_tls() {
    let issued = Issued::new();
    let settings = |proxies, tls_proxies| ConnectionSettings {
        tls: Some(issued.load()),
        proxies,
        tls_proxies,
        ..ConnectionSettings::default()
    };
    let connect = async |address: SocketAddr, header: &[u8]| {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(header).await?;
        let connector = TlsConnector::from(Arc::new(issued.trusted(&version::TLS13)));
        let mut stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await?;
        greet(&mut stream).await
    };
    let trusting = Server::start_for(settings(Proxies::default(), from("127.0.0.1"))).await;
    for header in good() {
        connect(trusting.address, &header).await.unwrap_or_else(|e| panic!("{e}: {header:?}"));
    }
    assert!(connect(trusting.address, b"").await.is_err());
    trusting.counted("the failure", |counters| counters.proxy_failed == 1).await;
    // What is trusted on plain addresses is not trusted here.
    let other = Server::start_for(settings(from("127.0.0.1"), Proxies::default())).await;
    connect(other.address, b"").await.unwrap();
    assert!(connect(other.address, &good()[0]).await.is_err());
    other.counted("the failure", |counters| counters.tls_failed == 1).await;
}
