//! Certificates of the tests' own making, by the openssl program.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use rtmp::Tls;
use rtmp::tls::{ClientAuth, Pair, TlsSettings};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};

use crate::process;

/// A certificate and its key, as files.
pub struct Issued {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Issued {
    /// For localhost and 127.0.0.1, issued by itself.
    pub fn new() -> Issued {
        Issued::with("DNS:localhost,IP:127.0.0.1", &["ec", "ec_paramgen_curve:prime256v1"])
    }

    /// For these names, as openssl writes them: `DNS:a.example.org`.
    pub fn named(names: &str) -> Issued {
        Issued::with(names, &["ec", "ec_paramgen_curve:prime256v1"])
    }

    /// With a key of this algorithm and option.
    pub fn with(names: &str, [algorithm, option]: &[&str; 2]) -> Issued {
        let issued = Issued::files();
        let names = format!("subjectAltName={names}");
        issued.openssl(&[
            "req",
            "-x509",
            "-newkey",
            algorithm,
            "-pkeyopt",
            option,
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            &names,
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ]);
        issued
    }

    /// Of a time that is over, and for no name.
    pub fn expired() -> Issued {
        let issued = Issued::authority();
        let mut again = Command::new("openssl");
        again.args(["x509", "-days", "-1", "-in"]).arg(&issued.certificate).arg("-signkey").arg(&issued.key);
        again.arg("-out").arg(&issued.certificate);
        let made = again.output().expect("openssl");
        assert!(made.status.success(), "openssl: {}", String::from_utf8_lossy(&made.stderr));
        issued
    }

    /// An authority.
    pub fn authority() -> Issued {
        let issued = Issued::files();
        issued.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=authority",
        ]);
        issued
    }

    /// A client's, issued by this authority.
    pub fn client(&self) -> Issued {
        let issued = Issued::files();
        let (ca, key) = (self.certificate.to_str().unwrap(), self.key.to_str().unwrap());
        issued.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=encoder",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-addext",
            "extendedKeyUsage=clientAuth",
            "-CA",
            ca,
            "-CAkey",
            key,
        ]);
        issued
    }

    fn files() -> Issued {
        Issued { certificate: process::fresh("fullchain.pem"), key: process::fresh("privkey.pem") }
    }

    fn openssl(&self, arguments: &[&str]) {
        let mut openssl = Command::new("openssl");
        openssl.args(arguments).arg("-keyout").arg(&self.key).arg("-out").arg(&self.certificate);
        let made = openssl.output().expect("these tests need openssl (Debian package openssl)");
        assert!(made.status.success(), "openssl: {}", String::from_utf8_lossy(&made.stderr));
    }

    pub fn pair(&self) -> Pair {
        Pair { certificate: self.certificate.clone(), key: self.key.clone() }
    }

    pub fn settings(&self) -> TlsSettings {
        TlsSettings { certificates: vec![self.pair()], client_auth: ClientAuth::Off }
    }

    pub fn load(&self) -> Tls {
        Tls::load(&self.settings()).unwrap()
    }

    /// What a client that trusts it and nobody else connects with.
    pub fn trusted(&self, version: &'static SupportedProtocolVersion) -> ClientConfig {
        self.trust(version).with_no_client_auth()
    }

    /// The same with a certificate to show.
    pub fn trusted_by(&self, client: &Issued, version: &'static SupportedProtocolVersion) -> ClientConfig {
        let key = PrivateKeyDer::from_pem_file(&client.key).unwrap();
        self.trust(version).with_client_auth_cert(vec![client.der()], key).unwrap()
    }

    fn trust(
        &self,
        version: &'static SupportedProtocolVersion,
    ) -> rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert> {
        let mut roots = RootCertStore::empty();
        roots.add(self.der()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        config.with_protocol_versions(&[version]).unwrap().with_root_certificates(roots)
    }

    pub fn der(&self) -> CertificateDer<'static> {
        first(&self.certificate)
    }
}

fn first(file: &Path) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(file).unwrap()
}
