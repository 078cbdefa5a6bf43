//! The handshake of an accepted connection.

use std::io;
use std::time::Instant;

use rustls::{AlertDescription, CertificateError, InvalidMessage};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::{Tls, fingerprint};
use crate::connection::Origin;
use crate::counters::Counters;
use crate::foreign::Foreign;
use crate::socket::Socket;

/// Why a connection has no TLS.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the peer did not finish in time")]
    Late,
    #[error("the server shuts down")]
    Drained,
    #[error("what came is not TLS: {0}")]
    NotTls(&'static str),
    #[error("the peer does not take our certificate ({0:?}): it does not know the issuer, or the name is another one")]
    Untrusted(AlertDescription),
    #[error("the peer showed no certificate, and client_auth is \"required\"")]
    Anonymous,
    #[error("the peer's certificate is not taken: {0}")]
    Stranger(&'static str),
    #[error("the peer's certificate is not taken: {0}")]
    Odd(CertificateError),
    #[error("{0}")]
    Broken(rustls::Error),
    #[error("{0}")]
    Network(io::Error),
}

/// Shakes hands until the handshake timeout is over or the listener drains. A failure is counted and told in the log;
/// `None` then.
pub(crate) async fn accept(tls: &Tls, socket: Socket, origin: &Origin) -> Option<Box<TlsStream<Socket>>> {
    let Origin { id, peer, accepted, settings, .. } = origin;
    let deadline = *accepted + settings.handshake_timeout;
    let outcome = tokio::select! {
        shaken = tokio::time::timeout_at(deadline, shake(tls, socket)) => shaken.unwrap_or(Err(Failure::Late)),
        _ = origin.shared.drain.begun() => Err(Failure::Drained),
    };
    match outcome {
        Ok(stream) => {
            let (_, session) = stream.get_ref();
            tracing::debug!(
                id, %peer,
                version = ?session.protocol_version(),
                cipher = ?session.negotiated_cipher_suite().map(|suite| suite.suite()),
                sni = session.server_name(),
                kind = ?session.handshake_kind(),
                client_cert_sha256 = session.peer_certificates().and_then(|chain| chain.first()).map(fingerprint),
                "TLS"
            );
            Some(Box::new(stream))
        }
        Err(failure) => {
            tell(&failure, origin);
            None
        }
    }
}

async fn shake(tls: &Tls, socket: Socket) -> Result<TlsStream<Socket>, Failure> {
    // To say what came, should it be no TLS: rustls only knows that it is none.
    let mut first = [0; 16];
    let seen = socket.peek(&mut first).await.map_err(Failure::Network)?;
    let first = first.get(..seen).unwrap_or_default();
    let shaken = TlsAcceptor::from(tls.config()).accept(socket).await;
    shaken.map_err(|error| match Failure::from(error) {
        Failure::NotTls(_) => Failure::NotTls(match Foreign::of(first) {
            Some(foreign) => foreign.at_tls(),
            None => UNKNOWN,
        }),
        failure => failure,
    })
}

const UNKNOWN: &str = "a plain rtmp:// client, or one of another protocol";

fn tell(failure: &Failure, Origin { id, peer, shared, .. }: &Origin) {
    if let Failure::Drained = failure {
        return;
    }
    Counters::add(&shared.counters.tls_failed, 1);
    // Who only looks whether the port is open, as health checks do, has said nothing wrong.
    if let Failure::Network(error) = failure {
        tracing::debug!(id, %peer, %error, "gone before the end of the TLS handshake");
    } else if let Some(held_back) = shared.warnings.pass(Instant::now()) {
        tracing::warn!(id, %peer, why = %failure, held_back, "TLS handshake failed");
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)) => Failure::NotTls(UNKNOWN),
            Some(rustls::Error::NoCertificatesPresented) => Failure::Anonymous,
            Some(rustls::Error::InvalidCertificate(why)) => match why {
                CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                    Failure::Stranger("no authority in client_ca has issued it")
                }
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                    Failure::Stranger("it has expired")
                }
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                    Failure::Stranger("it is not valid yet")
                }
                CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                    Failure::Stranger("it is not for clients (extendedKeyUsage lacks clientAuth)")
                }
                CertificateError::BadEncoding => Failure::Stranger("it cannot be read"),
                CertificateError::UnhandledCriticalExtension => {
                    Failure::Stranger("it has a critical extension that is not known here")
                }
                CertificateError::UnsupportedSignatureAlgorithmContext { .. }
                | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
                    Failure::Stranger("it is signed by an algorithm that is not known here, such as SHA-1")
                }
                other => odd(other),
            },
            Some(rustls::Error::AlertReceived(
                alert @ (AlertDescription::UnknownCA
                | AlertDescription::BadCertificate
                | AlertDescription::CertificateUnknown
                | AlertDescription::CertificateExpired),
            )) => Failure::Untrusted(*alert),
            Some(broken) => Failure::Broken(broken.clone()),
            None => Failure::Network(error),
        }
    }
}

/// What has no name of its own comes as another crate's, whose words are those of its source.
fn odd(error: &CertificateError) -> Failure {
    const WORDS: [(&str, &str); 4] = [
        (
            "UnsupportedCertVersion",
            "it is of X.509 version 1 or 2, and must be of version 3 (openssl: issue it with an extension)",
        ),
        ("CaUsedAsEndEntity", "it is an authority's (basicConstraints says CA:TRUE), and must be a client's"),
        ("PathLenConstraintViolated", "there are more authorities between it and client_ca than these allow (pathlen)"),
        ("NameConstraintViolation", "its name is not among those that its authority may give"),
    ];
    let said = error.to_string();
    let known = WORDS.iter().find(|(theirs, _)| said.contains(theirs));
    known.map_or_else(|| Failure::Odd(error.clone()), |(_, ours)| Failure::Stranger(ours))
}
