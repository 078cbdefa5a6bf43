//! Certificates of the tests' own making, and an authority for them, by the openssl program (Debian package openssl).

use std::net::SocketAddr;
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

/// Writes `NAME.pem` and `NAME.key`: a certificate for localhost, issued by nobody else, of a kind that may judge itself.
pub fn issue(folder: &Path, name: &str) {
    issue_with(folder, name, &[]);
}

/// The same with more arguments, which may also name an authority: `-CA`, `-CAkey`.
pub fn issue_with(folder: &Path, name: &str, more: &[&str]) {
    let mut openssl = Command::new("openssl");
    openssl
        .current_dir(folder)
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.pem")])
        .args(more);
    let (status, said) = Process::run("openssl", &mut openssl);
    assert!(status.success(), "{said}");
}

/// The same of a time that is over.
pub fn issue_expired(folder: &Path, name: &str) {
    issue(folder, name);
    let mut openssl = Command::new("openssl");
    let (pem, key) = (format!("{name}.pem"), format!("{name}.key"));
    openssl.current_dir(folder).args(["x509", "-days", "-1", "-in", &pem, "-signkey", &key, "-out", &pem]);
    let (status, said) = Process::run("openssl", &mut openssl);
    assert!(status.success(), "{said}");
}

/// The SHA-256 of a certificate file, as the router tells it.
pub fn sha256(file: &Path) -> String {
    fingerprint("openssl x509 -noout -fingerprint -sha256 -in \"$0\"", &file.display().to_string())
}

/// The SHA-256 of what a server shows to a new connection.
pub fn shown_at(address: SocketAddr) -> String {
    let shown = "openssl s_client -connect \"$0\" </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256";
    fingerprint(shown, &address.to_string())
}

fn fingerprint(script: &str, of: &str) -> String {
    let mut shell = Command::new("sh");
    shell.args(["-c", script, of]);
    let (_, said) = Process::run("openssl", &mut shell);
    let print = said.trim().split('=').nth(1).unwrap_or_else(|| panic!("{of}: {said}"));
    print.replace(':', "").to_ascii_lowercase()
}
