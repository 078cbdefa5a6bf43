//! TLS for RTMPS: the certificates that a listener shows, whom it lets in, and the terms of its handshakes.

pub(crate) mod accept;
mod certificate;
mod error;
pub(crate) mod pem;
mod resolve;
mod validity;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig};
use sha2::{Digest, Sha256};

pub use self::certificate::Certificate;
use self::error::Wrong;
pub use self::error::{CertificateError, Part};

/// The files that TLS is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsSettings {
    /// At least one. A client gets the first one with the name that it asks for; without such a name, the first of all.
    pub certificates: Vec<Pair>,
    /// Whether clients show certificates of their own.
    pub client_auth: ClientAuth,
}

/// A certificate chain and its private key, both PEM files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The server's certificate, followed by those of its issuers.
    pub certificate: PathBuf,
    /// RSA of at least 2048 bits, ECDSA on P-256 or P-384, or Ed25519; not encrypted.
    pub key: PathBuf,
}

/// Whether clients show certificates. One that is shown must be issued, directly or not, by one of the authorities in the PEM
/// file, and valid; else the handshake fails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ClientAuth {
    /// None is asked for.
    #[default]
    Off,
    /// Who shows none is let in.
    Optional(PathBuf),
    /// Who shows none is not.
    Required(PathBuf),
}

/// What handshakes are answered with: TLS 1.3 or 1.2, a certificate for each name, tickets to resume TLS 1.2.
///
/// Cheap to clone. Two are equal if their files hold the same. Tickets are encrypted with keys of its own, changed every six hours:
/// who resumes with a ticket of another one makes a full handshake. TLS 1.3 has none: its tickets come among the first data, and
/// librtmp (rtmpdump, GStreamer's rtmpsink and others) takes one for a broken connection. All that is lost is one signature per
/// return.
#[derive(Clone)]
pub struct Tls(Arc<Inner>);

struct Inner {
    config: Arc<ServerConfig>,
    certificates: Vec<Certificate>,
    /// SHA-256 over everything that was read.
    digest: [u8; 32],
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// The first file that cannot be read or does not hold what it should, or whose key belongs to another certificate.
    pub fn load(settings: &TlsSettings) -> Result<Tls, CertificateError> {
        let provider = Arc::new(ring::default_provider());
        let mut digest = Sha256::new();
        let mut loaded = Vec::new();
        for (at, pair) in settings.certificates.iter().enumerate() {
            loaded.push(certificate::load(at, pair, &provider, &mut digest)?);
        }
        let Some(Pair { certificate, .. }) = settings.certificates.first() else {
            return Err(CertificateError::new(Part::Certificate(0), "".as_ref(), Wrong::None));
        };
        let verifier = verifier(&settings.client_auth, &provider, &mut digest)?;
        let (certificates, keys): (Vec<_>, Vec<_>) = loaded.into_iter().unzip();
        let failed = |error| CertificateError::new(Part::Certificate(0), certificate, Wrong::Unusable(error));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(failed)?
            .with_client_cert_verifier(verifier)
            .with_cert_resolver(Arc::new(resolve::ByName::new(&certificates, keys)));
        config.ticketer = ring::Ticketer::new().map_err(failed)?;
        config.send_tls13_tickets = 0;
        Ok(Tls(Arc::new(Inner { config: Arc::new(config), certificates, digest: digest.finalize().into() })))
    }

    /// What is shown, in the order of the settings.
    pub fn certificates(&self) -> &[Certificate] {
        &self.0.certificates
    }

    /// What is doubtful about certificates that can be used all the same, one sentence each.
    pub fn doubts(&self, now: SystemTime) -> Vec<String> {
        let of = |(at, certificate): (usize, &Certificate)| certificate.doubts(at == 0, now);
        self.certificates().iter().enumerate().flat_map(of).collect()
    }

    fn config(&self) -> Arc<ServerConfig> {
        self.0.config.clone()
    }
}

impl PartialEq for Tls {
    fn eq(&self, other: &Tls) -> bool {
        self.0.digest == other.0.digest
    }
}

impl Eq for Tls {}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tls").field(&self.0.certificates).finish()
    }
}

/// Judges what clients show.
fn verifier(
    auth: &ClientAuth,
    provider: &Arc<CryptoProvider>,
    digest: &mut Sha256,
) -> Result<Arc<dyn ClientCertVerifier>, CertificateError> {
    let (file, required) = match auth {
        ClientAuth::Off => return Ok(WebPkiClientVerifier::no_client_auth()),
        ClientAuth::Optional(file) => (file, false),
        ClientAuth::Required(file) => (file, true),
    };
    digest.update([1 + u8::from(required)]);
    let wrong = |wrong| CertificateError::new(Part::ClientCa, file, wrong);
    let mut roots = RootCertStore::empty();
    for (at, authority) in pem::certificates(Part::ClientCa, file)?.into_iter().enumerate() {
        digest.update(&authority);
        roots.add(authority).map_err(|error| wrong(Wrong::malformed(at, error)))?;
    }
    let builder = WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone());
    let builder = if required { builder } else { builder.allow_unauthenticated() };
    builder.build().map_err(|error| wrong(Wrong::Authorities(error)))
}

/// SHA-256 of a certificate in lower-case hex, as filters get it.
pub(crate) fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    Sha256::digest(certificate).iter().map(|byte| format!("{byte:02x}")).collect()
}
