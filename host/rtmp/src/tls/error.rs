//! What can be wrong with a certificate file, in words that say what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rustls::server::VerifierBuilderError;

/// A file that cannot be used. The operator's fault; the text says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{}{wrong}", name(path))]
pub struct CertificateError {
    /// Which file is to blame.
    pub part: Part,
    path: PathBuf,
    wrong: Wrong,
}

/// One of the files; certificates count from 0 in the order of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A chain.
    Certificate(usize),
    /// A private key.
    Key(usize),
    /// The authorities that clients' certificates are issued by.
    ClientCa,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Certificate(_) => "certificate",
            Part::Key(_) => "key",
            Part::ClientCa => "client_ca",
        })
    }
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
pub(super) enum Wrong {
    #[error("there is no certificate to show")]
    None,
    #[error("cannot be read: {0}{hint}", hint = hint(.0))]
    Unreadable(io::Error),
    #[error("is not PEM: {0}; a file that ends early or was edited by hand looks like this: write it anew")]
    NotPem(String),
    #[error("holds no certificate (-----BEGIN CERTIFICATE-----){0}")]
    NoCertificate(String),
    #[error("holds no private key (-----BEGIN PRIVATE KEY-----){0}")]
    NoKey(String),
    #[error(
        "the private key is encrypted, and nobody is there to type its passphrase: `openssl pkey -in FILE -out NEW` writes it without"
    )]
    Encrypted,
    #[error(
        "holds no private key of a kind that can be used ({0}): RSA of 2048 bits or more, ECDSA on P-256 or P-384, or Ed25519"
    )]
    UnknownKey(rustls::Error),
    #[error(
        "certificate {at} in it cannot be used ({why}): it was cut or edited, or is not X.509 version 3; write it anew"
    )]
    Malformed {
        /// Counted from 1.
        at: usize,
        why: String,
    },
    #[error("this private key does not belong to the first certificate in {}: take the two files of one issue, the server's own certificate before those of its issuers", .0.display())]
    Mismatch(PathBuf),
    #[error("its authorities cannot be used: {0}")]
    Authorities(VerifierBuilderError),
    #[error("cannot be used: {0}")]
    Unusable(rustls::Error),
}

impl CertificateError {
    pub(super) fn new(part: Part, path: &Path, wrong: Wrong) -> CertificateError {
        CertificateError { part, path: path.into(), wrong }
    }
}

impl Wrong {
    /// The certificate at this place in a file, counted from 0. The library's words for it are those for a peer's.
    pub(super) fn malformed(at: usize, why: impl fmt::Display) -> Wrong {
        let why = why.to_string();
        let why = why.strip_prefix("invalid peer certificate: ").unwrap_or(&why).to_owned();
        Wrong::Malformed { at: at.saturating_add(1), why }
    }
}

fn name(path: &Path) -> String {
    if path.as_os_str().is_empty() { String::new() } else { format!("{}: ", path.display()) }
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "; the user that runs the router needs the right to read it and to enter the folders above it"
        }
        _ => "",
    }
}
