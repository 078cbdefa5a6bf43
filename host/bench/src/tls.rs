//! TLS for `rtmps` URLs: whom a client trusts.

use crate::error::Error;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Whose certificates count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Those of the issuers that this machine knows.
    #[default]
    System,
    /// Those in this PEM file, and what they have issued.
    File(PathBuf),
    /// Anybody's: whoever answers is talked to.
    Anyone,
}

/// The terms of all connections to one server. Nobody resumes: each connection stands for another client.
#[derive(Clone, Debug)]
pub(crate) struct Tls {
    pub(crate) config: Arc<ClientConfig>,
    pub(crate) name: ServerName<'static>,
}

impl Tls {
    pub(crate) fn new(host: &str, trust: &Trust) -> Result<Tls, Error> {
        let tls = |why: String| Error::Tls(why);
        let name = ServerName::try_from(host.to_owned()).map_err(|error| tls(format!("{host}: {error}")))?;
        let provider = Arc::new(ring::default_provider());
        let judgement = match trust {
            Trust::System => {
                let mut roots = RootCertStore::empty();
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                if roots.is_empty() {
                    return Err(tls(
                        "this machine knows no issuers of certificates (Debian: ca-certificates); name one with --ca"
                            .into(),
                    ));
                }
                Judgement::Issued { listed: Vec::new(), by: issuers(roots, &provider).map_err(tls)? }
            }
            Trust::File(path) => listed(path, &provider).map_err(|why| tls(format!("{}: {why}", path.display())))?,
            Trust::Anyone => Judgement::None,
        };
        let verifier = Arc::new(Verifier { provider: Arc::clone(&provider), judgement });
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| tls(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        config.resumption = Resumption::disabled();
        Ok(Tls { config: Arc::new(config), name })
    }
}

/// Judges a server's certificate. That the server holds its key is checked in any case, so that a handshake costs what it costs.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    judgement: Judgement,
}

#[derive(Debug)]
enum Judgement {
    /// Any certificate is taken.
    None,
    /// One that these issuers have signed, or one of the list itself: what `openssl req -x509` makes is issuer and server at
    /// once, which the rules for certificates of the web do not foresee.
    Issued { listed: Vec<CertificateDer<'static>>, by: Arc<WebPkiServerVerifier> },
}

/// Trusts the certificates of a file: as issuers, and for themselves.
fn listed(path: &Path, provider: &Arc<CryptoProvider>) -> Result<Judgement, String> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let listed = read.map_err(|error| error.to_string())?;
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(listed.iter().cloned());
    if roots.is_empty() {
        return Err("holds no certificate that can be used (-----BEGIN CERTIFICATE-----)".into());
    }
    Ok(Judgement::Issued { listed, by: issuers(roots, provider)? })
}

fn issuers(roots: RootCertStore, provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, String> {
    let built = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
    built.map_err(|error| error.to_string())
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
        match &self.judgement {
            Judgement::None => Ok(ServerCertVerified::assertion()),
            Judgement::Issued { listed, .. } if listed.iter().any(|one| one.as_ref() == end_entity.as_ref()) => {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            Judgement::Issued { by, .. } => {
                by.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
