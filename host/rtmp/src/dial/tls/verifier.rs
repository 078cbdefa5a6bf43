//! Judging the certificate that a server shows, and saying why it is refused.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, OtherError, SignatureScheme};

use super::certificate::Certificate;
use super::{Failure, Fingerprint};

/// One rule, and the proof that the server holds the key of what it shows.
#[derive(Debug)]
pub(super) struct Verifier {
    rule: Rule,
    algorithms: WebPkiSupportedAlgorithms,
}

#[derive(Debug)]
enum Rule {
    /// Issued by an authority, or one of the listed ones itself.
    Issued {
        listed: Vec<CertificateDer<'static>>,
        authorities: Arc<WebPkiServerVerifier>,
    },
    Pinned(Vec<Fingerprint>),
    Anyone,
}

impl Verifier {
    pub(super) fn issued(
        listed: Vec<CertificateDer<'static>>,
        authorities: Arc<WebPkiServerVerifier>,
        provider: &CryptoProvider,
    ) -> Verifier {
        Verifier { rule: Rule::Issued { listed, authorities }, algorithms: provider.signature_verification_algorithms }
    }

    pub(super) fn pinned(fingerprints: Vec<Fingerprint>, provider: &CryptoProvider) -> Verifier {
        Verifier { rule: Rule::Pinned(fingerprints), algorithms: provider.signature_verification_algorithms }
    }

    pub(super) fn anyone(provider: &CryptoProvider) -> Verifier {
        Verifier { rule: Rule::Anyone, algorithms: provider.signature_verification_algorithms }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match &self.rule {
            Rule::Anyone => {}
            Rule::Pinned(fingerprints) => {
                let shown = Fingerprint::of(end_entity);
                if !fingerprints.contains(&shown) {
                    return Err(refuse(Failure::Fingerprint(shown)));
                }
            }
            Rule::Issued { listed, authorities } => {
                let judged = authorities.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
                if let Err(error) = judged {
                    // What `openssl req -x509` makes is an authority and a server in one, which the rules for certificates
                    // of the web do not foresee. Its time was looked at before that was found.
                    if !listed.contains(end_entity) || is_about_time(&error) {
                        return Err(explained(error, end_entity, server_name));
                    }
                    let parsed = ParsedCertificate::try_from(end_entity)?;
                    verify_server_name(&parsed, server_name)
                        .map_err(|error| explained(error, end_entity, server_name))?;
                }
            }
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

fn is_about_time(error: &rustls::Error) -> bool {
    use CertificateError as E;
    let rustls::Error::InvalidCertificate(error) = error else { return false };
    matches!(error, E::Expired | E::ExpiredContext { .. } | E::NotValidYet | E::NotValidYetContext { .. })
}

fn explained(error: rustls::Error, end_entity: &CertificateDer<'_>, wanted: &ServerName<'_>) -> rustls::Error {
    use CertificateError as E;
    let rustls::Error::InvalidCertificate(error) = error else { return error };
    refuse(match error {
        E::UnknownIssuer => {
            let Certificate { issuer, subject, .. } = Certificate::read(end_entity);
            let itself = issuer == subject;
            Failure::Untrusted { issuer, itself, fingerprint: Fingerprint::of(end_entity) }
        }
        E::Expired => Failure::Expired(None),
        E::ExpiredContext { time, not_after } => {
            let ago = time.as_secs().saturating_sub(not_after.as_secs());
            Failure::Expired(Some(Duration::from_secs(ago)))
        }
        E::NotValidYet | E::NotValidYetContext { .. } => Failure::NotYet,
        E::NotValidForName | E::NotValidForNameContext { .. } => {
            Failure::WrongName { wanted: wanted.to_str().into_owned(), has: Certificate::read(end_entity).names }
        }
        other => Failure::Certificate(format!("{other}; its fingerprint is {}", Fingerprint::of(end_entity))),
    })
}

fn refuse(why: Failure) -> rustls::Error {
    rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(why))))
}
