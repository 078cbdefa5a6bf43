//! `[rtmps]`.

use std::{net::SocketAddr, path::PathBuf};

use ::rtmp::{
    DEFAULT_TLS_PORT, ListenSettings, Tls,
    tls::{CertificateError, Part},
};

use super::{
    kind::{List, Parsed, Text},
    read::Table,
    search,
};

/// Reads the table into the listener's settings. Without a certificate there is no RTMPS.
pub(super) fn read(mut table: Table<'_, '_>, listener: &mut ListenSettings) {
    let usual = vec![SocketAddr::from((std::net::Ipv6Addr::UNSPECIFIED, DEFAULT_TLS_PORT))];
    let address =
        Parsed::<SocketAddr>::new("an address and port in quotes, such as \"[::]:443\" or \"127.0.0.1:8443\"");
    let listen = table.read("listen", List(address), usual.clone());
    let certificate = table.read("certificate", Text, String::new());
    let key = table.read("key", Text, String::new());
    let problem = |key: &str, what: String| table.context().problem(&table.place_of(key), &table.name(key), what);
    match (certificate.as_str(), key.as_str()) {
        ("", "") if listen != usual => {
            problem(
                "listen",
                "there is no RTMPS without a `certificate` and its `key`, each the path of a PEM file".into(),
            );
        }
        ("", "") if listener.addresses.is_empty() => {
            problem("listen", "nothing to listen on: [rtmp] listen is empty, and RTMPS has no certificate".into());
        }
        ("", "") => {}
        (_, "") => problem("certificate", "`key` is missing: the path of its private key, a PEM file".into()),
        ("", _) => problem("key", "`certificate` is missing: the path of its certificate chain, a PEM file".into()),
        (certificate, private) => match load(&table, certificate, private) {
            Ok(tls) => {
                if listen.is_empty() {
                    problem("listen", "an address is missing: without one nobody sees the certificate".into());
                }
                for both in listen.iter().filter(|a| a.port() != 0 && listener.addresses.contains(a)) {
                    problem("listen", format!("{both} is taken by [rtmp] listen: RTMPS needs a port of its own"));
                }
                listener.connection.tls = Some(tls);
                listener.tls_addresses = listen;
            }
            Err((key, what)) => problem(key, what),
        },
    }
    table.finish();
}

/// The certificate and key of two files; else the key to blame and what is wrong.
fn load(table: &Table<'_, '_>, certificate: &str, key: &str) -> Result<Tls, (&'static str, String)> {
    let find = |name: &'static str, path: &str| -> Result<PathBuf, (&'static str, String)> {
        let found = search::find(path, table.place_of(name).file());
        found.map_err(|tried| (name, format!("there is no such file; tried {tried}")))
    };
    let (certificate, key) = (find("certificate", certificate)?, find("key", key)?);
    Tls::load(&certificate, &key).map_err(|error: CertificateError| {
        let name = match error.part {
            Part::Certificate => "certificate",
            Part::Key => "key",
        };
        (name, error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, path::Path, process::Command, sync::Arc};

    use super::super::{Loaded, parse, tree::Text as Origin};

    /// What a configuration file in `folder` with this table means.
    fn read(folder: &Path, table: &str) -> Result<Loaded, String> {
        let file = Origin::File(Arc::new(folder.join("weir.toml")));
        parse(&format!("[rtmps]\n{table}"), &file, &BTreeMap::new()).map_err(|error| error.to_string())
    }

    fn issue(folder: &Path, name: &str) {
        let made = Command::new("openssl")
            .current_dir(folder)
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
            .args(["-subj", "/CN=localhost", "-keyout", &format!("{name}.key"), "-out", &format!("{name}.pem")])
            .output()
            .expect("these tests need openssl (Debian package openssl)");
        assert!(made.status.success(), "openssl: {}", String::from_utf8_lossy(&made.stderr));
    }

    #[test]
    fn without_a_certificate_there_is_no_rtmps_and_with_one_there_is() {
        let folder = tempfile::tempdir().unwrap();
        issue(folder.path(), "own");
        for off in ["", "certificate = ''\nkey = ''\nlisten = ['[::]:443']"] {
            let rtmp = read(folder.path(), off).unwrap().config.rtmp;
            assert!(rtmp.connection.tls.is_none() && rtmp.tls_addresses.is_empty());
        }
        // Found beside the configuration file.
        let rtmp = read(folder.path(), "certificate = 'own.pem'\nkey = 'own.key'").unwrap().config.rtmp;
        assert!(rtmp.connection.tls.is_some());
        assert_eq!(rtmp.tls_addresses, ["[::]:443".parse().unwrap()]);
        let text = "certificate = 'own.pem'\nkey = 'own.key'\nlisten = ['127.0.0.1:8443']";
        assert_eq!(read(folder.path(), text).unwrap().config.rtmp.tls_addresses, ["127.0.0.1:8443".parse().unwrap()]);
    }

    #[test]
    fn what_is_wrong_is_said_at_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        for name in ["own", "other"] {
            issue(folder.path(), name);
        }
        fs::write(path("empty.pem"), "").unwrap();
        let at = path("weir.toml");
        let own = path("own.pem");
        let table = [
            (
                "certificate = 'own.pem'",
                format!("{at}:2: rtmps.certificate: `key` is missing: the path of its private key, a PEM file"),
            ),
            (
                "key = 'own.key'",
                format!("{at}:2: rtmps.key: `certificate` is missing: the path of its certificate chain, a PEM file"),
            ),
            (
                "listen = ['[::]:8443']",
                format!(
                    "{at}:2: rtmps.listen: there is no RTMPS without a `certificate` and its `key`, each the path of a PEM file"
                ),
            ),
            ("cert = 'own.pem'", format!("{at}:2: rtmps.cert: unknown key; known here: listen, certificate, key")),
            (
                "key = 'own.key'\ncertificate = 'gone.pem'",
                format!("{at}:3: rtmps.certificate: there is no such file; tried gone.pem, {}", path("gone.pem")),
            ),
            (
                "key = 'own.key'\ncertificate = '/gone/fullchain.pem'",
                format!(
                    "{at}:3: rtmps.certificate: /gone/fullchain.pem: cannot be read: No such file or directory (os error 2)"
                ),
            ),
            (
                "key = 'own.key'\ncertificate = 'empty.pem'",
                format!(
                    "{at}:3: rtmps.certificate: {}: holds no certificate (-----BEGIN CERTIFICATE-----)",
                    path("empty.pem")
                ),
            ),
            (
                "key = 'other.key'\ncertificate = 'own.pem'",
                format!(
                    "{at}:2: rtmps.key: {}: this private key does not belong to the first certificate in {own}",
                    path("other.key")
                ),
            ),
        ];
        for (text, expected) in table {
            let error = read(folder.path(), text).err().unwrap_or_else(|| panic!("accepted: {text}"));
            assert!(error.starts_with(&expected), "{text}:\n{error}\n{expected}");
        }
    }

    #[test]
    fn there_is_something_to_listen_on_and_nothing_twice() {
        let folder = tempfile::tempdir().unwrap();
        issue(folder.path(), "own");
        let files = "certificate = \"own.pem\"\nkey = \"own.key\"\n";
        let whole = |text: &str| {
            let file = Origin::File(Arc::new(folder.path().join("weir.toml")));
            parse(text, &file, &BTreeMap::new()).map(drop).map_err(|error| error.to_string())
        };
        let none = whole("[rtmp]\nlisten = []\n").unwrap_err();
        assert!(none.contains("nothing to listen on"), "{none}");
        let hidden = whole(&format!("[rtmps]\nlisten = []\n{files}")).unwrap_err();
        assert!(hidden.contains("weir.toml:2") && hidden.contains("an address is missing"), "{hidden}");
        let twice = format!("[rtmp]\nlisten = [\"[::]:1935\"]\n[rtmps]\nlisten = [\"[::]:1935\"]\n{files}");
        let twice = whole(&twice).unwrap_err();
        assert!(twice.contains("weir.toml:4") && twice.contains("[::]:1935 is taken by [rtmp] listen"), "{twice}");
        whole(&format!("[rtmp]\nlisten = []\n[rtmps]\n{files}")).unwrap();
    }
}
