//! Certificates and keys from PEM files.

use std::path::Path;

use rustls::pki_types::pem::{self, SectionKind};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::error::Wrong;
use super::{CertificateError, Part};

/// The chain in a file, in its order; never empty.
pub(crate) fn certificates(part: Part, path: &Path) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let sections = read(part, path)?;
    let key = sections.iter().any(|section| section.key().is_some());
    let chain: Vec<_> = sections.into_iter().filter_map(Section::certificate).collect();
    if chain.is_empty() {
        return Err(CertificateError::new(part, path, Wrong::NoCertificate(instead(key, "private key", part))));
    }
    Ok(chain)
}

/// The first private key in a file.
pub(super) fn private_key(part: Part, path: &Path) -> Result<PrivateKeyDer<'static>, CertificateError> {
    let sections = read(part, path)?;
    if let Some(key) = sections.iter().find_map(Section::key) {
        return Ok(key);
    }
    let certificate = sections.iter().any(|section| section.kind == SectionKind::Certificate);
    Err(CertificateError::new(part, path, Wrong::NoKey(instead(certificate, "certificate", part))))
}

/// What a file holds instead of what it is for.
fn instead(it_does: bool, what: &str, part: Part) -> String {
    if it_does { format!(" but a {what}: is this the file for `{part}`?") } else { String::new() }
}

struct Section {
    kind: SectionKind,
    der: Vec<u8>,
}

impl Section {
    fn certificate(self) -> Option<CertificateDer<'static>> {
        (self.kind == SectionKind::Certificate).then(|| self.der.into())
    }

    fn key(&self) -> Option<PrivateKeyDer<'static>> {
        match self.kind {
            SectionKind::PrivateKey => Some(PrivateKeyDer::Pkcs8(self.der.clone().into())),
            SectionKind::RsaPrivateKey => Some(PrivateKeyDer::Pkcs1(self.der.clone().into())),
            SectionKind::EcPrivateKey => Some(PrivateKeyDer::Sec1(self.der.clone().into())),
            _ => None,
        }
    }
}

fn read(part: Part, path: &Path) -> Result<Vec<Section>, CertificateError> {
    let wrong = |wrong| CertificateError::new(part, path, wrong);
    let text = file(path).map_err(|error| wrong(Wrong::Unreadable(error)))?;
    // PKCS #8 has a label of its own; older keys say it in a header (RFC 1421 section 4.6.1.1).
    let encrypted = [&b"BEGIN ENCRYPTED PRIVATE KEY"[..], b"Proc-Type: 4,ENCRYPTED"];
    if encrypted.iter().any(|mark| text.windows(mark.len()).any(|window| window == *mark)) {
        return Err(wrong(Wrong::Encrypted));
    }
    let mut rest = &text[..];
    let mut sections = Vec::new();
    while let Some((kind, der)) = pem::from_buf(&mut rest).map_err(|error| wrong(Wrong::NotPem(says(&error))))? {
        sections.push(Section { kind, der });
    }
    Ok(sections)
}

/// What is in a file. A pipe that nobody writes to, or a device without an end, would be read for ever.
fn file(path: &Path) -> std::io::Result<Vec<u8>> {
    let kind = std::fs::metadata(path)?;
    if !kind.is_file() && !kind.is_dir() {
        return Err(std::io::Error::other("it is no regular file"));
    }
    std::fs::read(path)
}

fn says(error: &pem::Error) -> String {
    match error {
        // Its own text shows bytes as numbers.
        pem::Error::MissingSectionEnd { end_marker } => {
            format!("the line that ends {} is missing", String::from_utf8_lossy(end_marker).trim())
        }
        pem::Error::IllegalSectionStart { line } => format!("{:?} begins nothing", String::from_utf8_lossy(line)),
        other => other.to_string(),
    }
}
