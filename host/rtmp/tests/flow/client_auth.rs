//! Clients that show certificates of their own.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rtmp::ConnectionSettings;
use rtmp::tls::{ClientAuth, Tls, TlsSettings};
use rustls::{ClientConfig, version};

use crate::issued::Issued;
use crate::process;
use crate::server::Server;
use crate::tls::connect;

async fn serve(own: &Issued, client_auth: ClientAuth) -> Server {
    let tls = Tls::load(&TlsSettings { client_auth, ..own.settings() }).unwrap();
    Server::start_for(ConnectionSettings { tls: Some(tls), ..Default::default() }).await
}

/// Whether the server talks RTMP with this client. In TLS 1.3 a client learns of a refusal behind its handshake.
async fn is_let_in(address: SocketAddr, config: ClientConfig) -> bool {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let talk = async {
        let mut stream = connect(address, Arc::new(config)).await?;
        let mut hello = vec![0; 1537];
        hello[0] = 3;
        stream.write_all(&hello).await?;
        let mut answer = vec![0; 3073];
        stream.read_exact(&mut answer).await?;
        io::Result::Ok(())
    };
    tokio::time::timeout(process::PATIENCE, talk).await.expect("an end").is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_must_show_a_certificate_and_whose_is_taken() {
    let own = Issued::new();
    let (authority, other) = (Issued::authority(), Issued::authority());
    let (encoder, stranger) = (authority.client(), other.client());
    let ca = authority.certificate.clone();
    // Without a certificate, with a good one, with one of another authority.
    for (client_auth, expected) in [
        (ClientAuth::Off, [true, true, true]),
        (ClientAuth::Optional(ca.clone()), [true, true, false]),
        (ClientAuth::Required(ca), [false, true, false]),
    ] {
        let server = serve(&own, client_auth.clone()).await;
        for version in [&version::TLS12, &version::TLS13] {
            let clients = [own.trusted(version), own.trusted_by(&encoder, version), own.trusted_by(&stranger, version)];
            for (client, expected) in clients.into_iter().zip(expected) {
                assert_eq!(is_let_in(server.address, client).await, expected, "{client_auth:?} {version:?}");
            }
        }
        let refused = 2 * expected.iter().filter(|in_| !**in_).count() as u64;
        server.counted("the refusals", |counters| counters.tls_failed == refused).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_another_authoritys_time_does_not_resume() {
    let own = Issued::new();
    let (authority, other) = (Issued::authority(), Issued::authority());
    let server = serve(&own, ClientAuth::Required(authority.certificate.clone())).await;
    let config = own.trusted_by(&authority.client(), &version::TLS12);
    assert!(is_let_in(server.address, config.clone()).await);
    let required = ClientAuth::Required(other.certificate.clone());
    server.handle().set_tls(Tls::load(&TlsSettings { client_auth: required, ..own.settings() }).unwrap());
    // With the ticket of the first time.
    assert!(!is_let_in(server.address, config).await);
}
