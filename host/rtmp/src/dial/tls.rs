//! Whom a dialled connection trusts, and why not.

mod certificate;
mod failure;
mod fingerprint;
mod verifier;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

pub use self::failure::Failure;
pub use self::fingerprint::{Fingerprint, FingerprintError};
use self::verifier::Verifier;
use crate::tls::{CertificateError, Part, pem};

/// Whose certificates count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Those of the authorities that this machine knows. They are read when the first connection needs them.
    #[default]
    System,
    /// Those in these PEM files, and what they have issued.
    Files(Vec<PathBuf>),
    /// Those with one of these fingerprints, whatever name they are for, whoever issued them, and also after they expired.
    Fingerprints(Vec<Fingerprint>),
    /// Anybody's: what is sent can be read and changed by who sits in between.
    Anyone,
}

/// The terms of TLS towards one server. Cheap to clone; clones resume each other's sessions.
#[derive(Clone, Default)]
pub struct Client(Arc<Inner>);

#[derive(Default)]
struct Inner {
    trust: Trust,
    /// In place of the URL's host.
    name: Option<ServerName<'static>>,
    config: OnceLock<Result<Arc<ClientConfig>, TrustError>>,
}

/// What is to be trusted cannot be used. The operator's fault; the text says what to do.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// A file cannot be read, or holds no certificates.
    #[error("{0}")]
    File(Arc<CertificateError>),
    /// No file, or no fingerprint, was named.
    #[error("nothing is named that could be trusted")]
    Nothing,
    /// No certificate of the files or of the machine can be used as an authority's.
    #[error("none of the certificates can be used as an authority's: {0}")]
    Unusable(String),
    /// The system has no authorities.
    #[error(
        "this machine knows no authorities (Debian: install ca-certificates{0}); name a file with the certificate of the server's authority, or the server's fingerprint"
    )]
    NoAuthorities(String),
    /// The name that the server is to be asked for is none.
    #[error("{0:?} is neither the name of a host nor an IP address")]
    Name(String),
}

impl Client {
    /// Trusts `trust`. The certificate must be for `name`, if given, which is also what the server is asked for (SNI); else
    /// for the URL's host.
    ///
    /// # Errors
    /// A file cannot be read, or does not hold what it should; `name` is no name.
    pub fn new(trust: Trust, name: Option<&str>) -> Result<Client, TrustError> {
        let name = name.map(server_name).transpose()?;
        let system = trust == Trust::System;
        let client = Client(Arc::new(Inner { trust, name, config: OnceLock::new() }));
        if !system {
            client.config()?;
        }
        Ok(client)
    }

    /// Whether a connection could be made: reads the machine's authorities, if it is these that are trusted.
    ///
    /// # Errors
    /// The machine knows none.
    pub fn check(&self) -> Result<(), TrustError> {
        self.config().map(|_| ())
    }

    /// Shakes hands with `host`, of which a URL tells.
    pub(super) async fn connect(&self, host: &str, stream: TcpStream) -> Result<TlsStream<TcpStream>, Failure> {
        let config = self.config().map_err(|error| Failure::Trust(error.to_string()))?;
        let name = match &self.0.name {
            Some(name) => name.clone(),
            None => server_name(host).map_err(|error| Failure::Trust(error.to_string()))?,
        };
        Ok(TlsConnector::from(config).connect(name, stream).await?)
    }

    fn config(&self) -> Result<Arc<ClientConfig>, TrustError> {
        self.0.config.get_or_init(|| config(&self.0.trust).map(Arc::new)).clone()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("trust", &self.0.trust).field("name", &self.0.name).finish()
    }
}

fn server_name(name: &str) -> Result<ServerName<'static>, TrustError> {
    ServerName::try_from(name.to_owned()).map_err(|_| TrustError::Name(name.to_owned()))
}

fn config(trust: &Trust) -> Result<ClientConfig, TrustError> {
    let provider = Arc::new(ring::default_provider());
    let verifier = match trust {
        Trust::System => {
            let found = rustls_native_certs::load_native_certs();
            if found.certs.is_empty() {
                let why = found.errors.first().map(|error| format!("; {error}")).unwrap_or_default();
                return Err(TrustError::NoAuthorities(why));
            }
            Verifier::issued(Vec::new(), authorities(&found.certs, &provider)?, &provider)
        }
        Trust::Files(files) => {
            let mut listed = Vec::new();
            for file in files {
                listed.extend(
                    pem::certificates(Part::Certificate(0), file).map_err(|error| TrustError::File(Arc::new(error)))?,
                );
            }
            if listed.is_empty() {
                return Err(TrustError::Nothing);
            }
            let authorities = authorities(&listed, &provider)?;
            Verifier::issued(listed, authorities, &provider)
        }
        Trust::Fingerprints(fingerprints) if fingerprints.is_empty() => return Err(TrustError::Nothing),
        Trust::Fingerprints(fingerprints) => Verifier::pinned(fingerprints.clone(), &provider),
        Trust::Anyone => Verifier::anyone(&provider),
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|error| TrustError::Unusable(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}

fn authorities(
    certificates: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, TrustError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates.iter().cloned());
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| TrustError::Unusable(error.to_string()))
}
