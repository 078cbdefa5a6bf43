//! A certificate authority of a test's own.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::Process;

/// Nobody trusts it who was not told to.
pub struct Authority {
    folder: PathBuf,
    name: String,
}

impl Authority {
    /// Makes one whose files are in this folder.
    pub fn new(folder: &Path, name: &str) -> Authority {
        let authority = Authority { folder: folder.to_owned(), name: name.to_owned() };
        authority.openssl(name, &[], &format!("/CN={name}"), &["basicConstraints=critical,CA:TRUE"]);
        authority
    }

    /// Its own certificate, for clients.
    pub fn certificate(&self) -> PathBuf {
        self.folder.join(format!("{}.pem", self.name))
    }

    /// Issues `NAME.pem` and `NAME.key` for a server on this machine.
    pub fn issue(&self, name: &str) {
        let (certificate, key) = (format!("{}.pem", self.name), format!("{}.key", self.name));
        let extensions = ["subjectAltName=DNS:localhost,IP:127.0.0.1", "basicConstraints=CA:FALSE"];
        self.openssl(name, &["-CA", &certificate, "-CAkey", &key], "/CN=localhost", &extensions);
    }

    fn openssl(&self, name: &str, issuer: &[&str], subject: &str, extensions: &[&str]) {
        let mut openssl = Command::new("openssl");
        openssl.current_dir(&self.folder).args(["req", "-x509"]).args(issuer);
        openssl.args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]);
        openssl.args(["-subj", subject, "-keyout", &format!("{name}.key"), "-out", &format!("{name}.pem")]);
        for extension in extensions {
            openssl.args(["-addext", extension]);
        }
        let (status, said) = Process::run("openssl", &mut openssl);
        assert!(status.success(), "{said}");
    }
}
