//! TLS for RTMPS: the certificate that a listener shows, and the terms of its handshakes.

pub(crate) mod accept;
pub(crate) mod pem;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{InconsistentKeys, ServerConfig};

/// What handshakes are answered with: TLS 1.3 or 1.2, one certificate whatever name is asked for, tickets to resume TLS 1.2.
///
/// Cheap to clone. Tickets are encrypted with keys of its own, changed every six hours: who resumes with a ticket of
/// another one makes a full handshake. TLS 1.3 has none: its tickets come among the first data, and librtmp (rtmpdump, GStreamer's
/// rtmpsink and others) takes one for a broken connection. All that is lost is one signature per return.
#[derive(Clone)]
pub struct Tls(Arc<ServerConfig>);

impl Tls {
    /// Reads a certificate chain and its private key, both PEM: an RSA key of at least 2048 bits, an ECDSA key on P-256 or
    /// P-384, or an Ed25519 key.
    ///
    /// # Errors
    /// A file cannot be read or does not hold what it should, or the two do not belong together.
    pub fn load(certificate: &Path, key: &Path) -> Result<Tls, CertificateError> {
        let chain = pem::certificates(certificate)?;
        let private = pem::private_key(key)?;
        let provider = Arc::new(ring::default_provider());
        let signing = provider
            .key_provider
            .load_private_key(private)
            .map_err(|error| CertificateError::new(Part::Key, key, Wrong::UnknownKey(error)))?;
        let certified = CertifiedKey::new(chain, signing);
        match certified.keys_match() {
            // A key that cannot tell its public half is not known to be wrong.
            Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => {}
            Err(rustls::Error::InconsistentKeys(_)) => {
                return Err(CertificateError::new(Part::Key, key, Wrong::Mismatch(certificate.into())));
            }
            Err(error) => return Err(CertificateError::new(Part::Certificate, certificate, Wrong::Malformed(error))),
        }
        let failed = |error| CertificateError::new(Part::Key, key, Wrong::Unusable(error));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(failed)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
        config.ticketer = ring::Ticketer::new().map_err(failed)?;
        config.send_tls13_tickets = 0;
        Ok(Tls(Arc::new(config)))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

/// A certificate or key that cannot be used. The operator's fault; the text says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{}: {wrong}", path.display())]
pub struct CertificateError {
    /// Which of the two files is to blame.
    pub part: Part,
    path: PathBuf,
    wrong: Wrong,
}

/// One of the two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The chain.
    Certificate,
    /// The private key.
    Key,
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
enum Wrong {
    #[error("cannot be read: {0}{hint}", hint = hint(.0))]
    Unreadable(io::Error),
    #[error("is not PEM: {0}; a file that ends early or was edited by hand looks like this: write it anew")]
    NotPem(String),
    #[error("holds no certificate (-----BEGIN CERTIFICATE-----){found}", found = found(*.key, "private key", "certificate"))]
    NoCertificate {
        /// Whether there is a key in it instead.
        key: bool,
    },
    #[error("holds no private key (-----BEGIN PRIVATE KEY-----){found}", found = found(*.certificate, "certificate", "key"))]
    NoKey {
        /// Whether there is a certificate in it instead.
        certificate: bool,
    },
    #[error(
        "the private key is encrypted, and nobody is there to type its passphrase: `openssl pkey -in FILE -out NEW` writes it without"
    )]
    Encrypted,
    #[error(
        "holds no private key of a kind that can be used ({0}): RSA of 2048 bits or more, ECDSA on P-256 or P-384, or Ed25519"
    )]
    UnknownKey(rustls::Error),
    #[error("its first certificate cannot be used: {0}")]
    Malformed(rustls::Error),
    #[error("this private key does not belong to the first certificate in {}: take the two files of one issue, the server's own certificate before those of its issuers", .0.display())]
    Mismatch(PathBuf),
    #[error("cannot be used: {0}")]
    Unusable(rustls::Error),
}

impl CertificateError {
    fn new(part: Part, path: &Path, wrong: Wrong) -> CertificateError {
        CertificateError { part, path: path.into(), wrong }
    }
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "; the user that runs the router needs the right to read it and to enter the folders above it"
        }
        _ => "",
    }
}

fn found(other: bool, what: &str, key: &str) -> String {
    if other { format!(" but a {what}: is this the file for `{key}`?") } else { String::new() }
}
