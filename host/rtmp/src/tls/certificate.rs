//! One certificate that a listener shows, and its key.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustls::InconsistentKeys;
use rustls::crypto::CryptoProvider;
use rustls::sign::CertifiedKey;
use sha2::{Digest, Sha256};

use super::error::Wrong;
use super::validity::{Moment, Validity};
use super::{CertificateError, Pair, Part, fingerprint, pem};

/// A certificate in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    path: PathBuf,
    names: Vec<String>,
    fingerprint: String,
    /// Unknown if the certificate writes its times in a way that no authority does.
    validity: Option<Validity>,
}

impl Certificate {
    /// The file that it was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The DNS names that it is for, in lower case; `*.example.org` for one label more.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// SHA-256 in lower-case hex.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// When it ends, as in `2027-01-31 23:59:59 UTC`.
    pub fn expires(&self) -> Option<String> {
        self.validity.map(|validity| validity.until.to_string())
    }

    /// Why it is not valid now; `None` if it is.
    pub fn is_out_of_date(&self, now: SystemTime) -> Option<String> {
        let Validity { from, until } = self.validity?;
        let now = Moment::from(now);
        if now > until {
            Some(format!("{}: the certificate expired on {until}", self.path.display()))
        } else if now < from {
            Some(format!("{}: the certificate is not valid before {from}", self.path.display()))
        } else {
            None
        }
    }

    pub(super) fn doubts(&self, is_default: bool, now: SystemTime) -> Vec<String> {
        let path = self.path.display();
        let mut doubts = Vec::new();
        doubts.extend(self.is_out_of_date(now).map(|why| format!("{why}: clients refuse it; renew it")));
        if self.names.is_empty() && !is_default {
            doubts.push(format!(
                "{path}: no client gets this certificate: there is no DNS name in it (subjectAltName), and it is not the first"
            ));
        }
        doubts
    }
}

/// Reads the pair at this place of the settings.
pub(super) fn load(
    at: usize,
    Pair { certificate, key }: &Pair,
    provider: &CryptoProvider,
    digest: &mut Sha256,
) -> Result<(Certificate, CertifiedKey), CertificateError> {
    let chain = pem::certificates(Part::Certificate(at), certificate)?;
    let private = pem::private_key(Part::Key(at), key)?;
    let wrong = |wrong| CertificateError::new(Part::Certificate(at), certificate, wrong);
    digest.update([0]);
    for (at, der) in chain.iter().enumerate() {
        webpki::EndEntityCert::try_from(der).map_err(|error| wrong(Wrong::malformed(at, error)))?;
        digest.update(der);
    }
    digest.update(private.secret_der());
    let signing = provider
        .key_provider
        .load_private_key(private)
        .map_err(|error| CertificateError::new(Part::Key(at), key, Wrong::UnknownKey(error)))?;
    let Some(own) = chain.first().cloned() else { return Err(wrong(Wrong::NoCertificate(String::new()))) };
    let certified = CertifiedKey::new(chain, signing);
    match certified.keys_match() {
        // A key that cannot tell its public half is not known to be wrong.
        Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => {}
        Err(rustls::Error::InconsistentKeys(_)) => {
            return Err(CertificateError::new(Part::Key(at), key, Wrong::Mismatch(certificate.clone())));
        }
        Err(error) => return Err(wrong(Wrong::malformed(0, error))),
    }
    let names = webpki::EndEntityCert::try_from(&own)
        .map(|parsed| parsed.valid_dns_names().map(str::to_ascii_lowercase).collect())
        .unwrap_or_default();
    let shown =
        Certificate { path: certificate.clone(), names, fingerprint: fingerprint(&own), validity: Validity::of(&own) };
    Ok((shown, certified))
}
