//! Which servers are believed to be who they say they are.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::Wrong;

/// Whose certificates count. The machine's authorities are read when the first connection needs them.
#[derive(Debug)]
pub(crate) struct Tls {
    /// Authorities beside those of the machine.
    ca: Option<PathBuf>,
    config: OnceLock<Result<Arc<ClientConfig>, String>>,
}

impl Tls {
    pub(crate) fn new(ca: Option<PathBuf>) -> Tls {
        Tls { ca, config: OnceLock::new() }
    }

    /// Shakes hands with `host`, a name or an address.
    pub(crate) async fn connect(&self, host: &str, stream: TcpStream) -> Result<TlsStream<TcpStream>, Wrong> {
        let config = self.config.get_or_init(|| config(self.ca.as_deref())).clone().map_err(Wrong::Tls)?;
        let name = ServerName::try_from(host.to_owned()).map_err(|error| Wrong::Tls(error.to_string()))?;
        TlsConnector::from(config).connect(name, stream).await.map_err(|error| Wrong::Tls(error.to_string()))
    }
}

fn config(ca: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    if let Some(file) = ca {
        add(&mut roots, file).map_err(|why| format!("ca under [wasm.fetch]: {}: {why}", file.display()))?;
    }
    if roots.is_empty() {
        let why = found.errors.first().map(|error| format!("; {error}")).unwrap_or_default();
        return Err(format!(
            "this machine knows no authorities (Debian: install ca-certificates{why}); or name a file as ca under [wasm.fetch]"
        ));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn add(roots: &mut RootCertStore, file: &Path) -> Result<(), String> {
    let before = roots.len();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| error.to_string())? {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if roots.len() == before { Err("there is no certificate in it".to_owned()) } else { Ok(()) }
}
