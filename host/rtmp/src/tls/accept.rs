//! The handshake of an accepted connection.

use std::io;
use std::time::Instant;

use rustls::{AlertDescription, InvalidMessage};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::Tls;
use crate::connection::Origin;
use crate::counters::Counters;

/// Why a connection has no TLS.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the peer did not finish in time")]
    Late,
    #[error("the server shuts down")]
    Drained,
    #[error("what came is not TLS: a plain rtmp:// client, or one of another protocol")]
    NotTls,
    #[error("the peer does not take our certificate ({0:?}): it does not know the issuer, or the name is another one")]
    Untrusted(AlertDescription),
    #[error("{0}")]
    Broken(rustls::Error),
    #[error("{0}")]
    Network(io::Error),
}

/// Shakes hands until the handshake timeout is over or the listener drains. A failure is counted and told in the log;
/// `None` then.
pub(crate) async fn accept(tls: &Tls, stream: TcpStream, origin: &Origin) -> Option<Box<TlsStream<TcpStream>>> {
    let Origin { id, peer, accepted, settings, .. } = origin;
    let deadline = *accepted + settings.handshake_timeout;
    let outcome = tokio::select! {
        shaken = tokio::time::timeout_at(deadline, TlsAcceptor::from(tls.0.clone()).accept(stream)) => match shaken {
            Ok(shaken) => shaken.map_err(Failure::from),
            Err(_) => Err(Failure::Late),
        },
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
            Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)) => Failure::NotTls,
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
