//! `[rtmps]`.

use std::path::PathBuf;

use ::rtmp::{
    DEFAULT_TLS_PORT, ListenSettings, Tls,
    tls::{ClientAuth, Pair, Part, TlsSettings},
};

use super::{
    kind::{Choice, Kind, List, Text},
    listen,
    read::{Context, Table},
    search,
    tree::{Node, Place, Value, quote},
};

/// Reads the table into the listener's settings; gives the files. Without a certificate there is no RTMPS.
pub(super) fn read(mut table: Table<'_, '_>, listener: &mut ListenSettings) -> Option<TlsSettings> {
    let usual = vec![std::net::SocketAddr::from((std::net::Ipv6Addr::UNSPECIFIED, DEFAULT_TLS_PORT)).into()];
    let listen = listen::addresses(&mut table, usual.clone());
    let pairs = table.read("certificates", List(PairKind), Vec::new());
    let ca = table.read("client_ca", Text, String::new());
    let auth =
        table.read("client_auth", Choice(&[("off", None), ("optional", Some(false)), ("required", Some(true))]), None);
    listener.connection.tls_proxies = listen::proxies(table.inline("proxy_protocol"));
    let problem = |key: &str, what: String| table.context().problem(&table.place_of(key), &table.name(key), what);
    // A list that could not be read has been reported, and is no empty one.
    let written = matches!(table.peek("certificates"), Some(Value::List(list)) if !list.is_empty());
    let client_auth = client_auth(&table, &ca, auth);
    if !written && table.peek("certificates").is_none_or(|value| matches!(value, Value::List(_))) {
        // An empty list is nothing to listen on, as there is nothing to show.
        if listen != usual && !listen.is_empty() {
            problem("listen", "there is no RTMPS without `certificates`, each a `certificate` and its `key`".into());
        } else if listener.addresses.is_empty() {
            problem("listen", "nothing to listen on: [rtmp] listen is empty, and RTMPS has no certificate".into());
        }
    }
    let mut files = None;
    if !pairs.is_empty()
        && let (Some(found), Some(client_auth)) = (find(table.context(), &pairs), client_auth)
    {
        let settings = TlsSettings { certificates: found, client_auth };
        match Tls::load(&settings) {
            Ok(tls) => {
                if listen.is_empty() {
                    problem("listen", "an address is missing: without one nobody sees the certificate".into());
                }
                let fixed = |address: &::rtmp::Address| address.tcp().is_none_or(|address| address.port() != 0);
                for both in listen.iter().filter(|a| fixed(a) && listener.addresses.contains(a)) {
                    problem("listen", format!("{both} is taken by [rtmp] listen: RTMPS needs an address of its own"));
                }
                listener.connection.tls = Some(tls);
                listener.tls_addresses = listen;
                files = Some(settings);
            }
            Err(error) => {
                let written = match error.part {
                    Part::Certificate(at) => pairs.get(at).and_then(|pair| pair.certificate.as_ref()),
                    Part::Key(at) => pairs.get(at).and_then(|pair| pair.key.as_ref()),
                    Part::ClientCa => None,
                };
                match written {
                    Some(written) => table.context().problem(&written.place, &written.key, error.to_string()),
                    None => problem("client_ca", error.to_string()),
                }
            }
        }
    }
    table.finish();
    files
}

/// Whose certificates clients show; `None` has been reported.
fn client_auth(table: &Table<'_, '_>, ca: &str, required: Option<bool>) -> Option<ClientAuth> {
    let path = |key: &str| Written { text: ca.to_owned(), place: table.place_of(key), key: table.name(key) };
    match (required, ca) {
        (None, "") => Some(ClientAuth::Off),
        (None, _) => {
            let what = "is not looked at while `client_auth` is \"off\": write \"optional\" or \"required\"";
            table.context().problem(&table.place_of("client_ca"), &table.name("client_ca"), what);
            None
        }
        (Some(_), "") => {
            let what = "`client_ca` is missing: a PEM file of the authorities that clients' certificates are issued by";
            table.context().problem(&table.place_of("client_auth"), &table.name("client_auth"), what);
            None
        }
        (Some(true), _) => Some(ClientAuth::Required(path("client_ca").find(table.context())?)),
        (Some(false), _) => Some(ClientAuth::Optional(path("client_ca").find(table.context())?)),
    }
}

/// The files of all pairs; `None` has been reported.
fn find(context: &Context<'_>, written: &[WrittenPair]) -> Option<Vec<Pair>> {
    let found: Vec<Option<Pair>> = written
        .iter()
        .map(|pair| {
            let certificate = pair.certificate.as_ref().and_then(|written| written.find(context));
            let key = pair.key.as_ref().and_then(|written| written.find(context));
            Some(Pair { certificate: certificate?, key: key? })
        })
        .collect();
    found.into_iter().collect()
}

/// A path as it stands in the configuration.
struct Written {
    text: String,
    place: Place,
    key: String,
}

impl Written {
    fn find(&self, context: &Context<'_>) -> Option<PathBuf> {
        if self.text.starts_with('~') {
            context.problem(&self.place, &self.key, "`~` is not expanded here: write the whole path");
            return None;
        }
        search::file(&self.text, self.place.file()).map_err(|what| context.problem(&self.place, &self.key, what)).ok()
    }
}

/// `{ certificate = "…", key = "…" }`; what is missing has been reported.
struct WrittenPair {
    certificate: Option<Written>,
    key: Option<Written>,
}

struct PairKind;

impl Kind for PairKind {
    type Out = WrittenPair;
    fn expects(&self) -> String {
        "{ certificate = \"…\", key = \"…\" }, the paths of two PEM files".into()
    }
    fn read(&self, node: &Node, key: &str, context: &Context<'_>) -> Option<WrittenPair> {
        let Value::Table(entries) = &node.value else { return None };
        const KNOWN: [(&str, &str); 2] = [
            ("certificate", "the path of its certificate chain, a PEM file"),
            ("key", "the path of its private key, a PEM file"),
        ];
        for (name, unknown) in entries.iter().filter(|(name, _)| KNOWN.iter().all(|(known, _)| known != name)) {
            let what = match context.nearest(name, KNOWN.iter().map(|(known, _)| *known)) {
                Some(near) => format!("unknown key; did you mean `{near}`?"),
                None => "unknown key; known here: certificate, key".to_owned(),
            };
            context.problem(&unknown.place, &format!("{key}.{name}"), what);
        }
        let [certificate, private] = KNOWN.map(|(name, what)| {
            let full = format!("{key}.{name}");
            let Some(node) = entries.get(name) else {
                context.problem(&node.place, key, format!("`{name}` is missing: {what}"));
                return None;
            };
            let text = context.value(&full, node, &Text)?;
            if text.is_empty() {
                context.problem(&node.place, &full, format!("is empty; write {what}"));
                return None;
            }
            Some(Written { text, place: node.place.clone(), key: full })
        });
        Some(WrittenPair { certificate, key: private })
    }
    fn write(&self, pair: &WrittenPair) -> String {
        let text = |written: &Option<Written>| quote(written.as_ref().map_or("", |written| &written.text));
        format!("{{ certificate = {}, key = {} }}", text(&pair.certificate), text(&pair.key))
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, path::Path, process::Command, sync::Arc};

    use ::rtmp::tls::ClientAuth;

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

    fn pair(certificate: &str, key: &str) -> String {
        format!("{{ certificate = '{certificate}', key = '{key}' }}")
    }

    #[test]
    fn without_a_certificate_there_is_no_rtmps_and_with_one_there_is() {
        let folder = tempfile::tempdir().unwrap();
        issue(folder.path(), "own");
        issue(folder.path(), "other");
        for off in ["", "certificates = []\nlisten = ['[::]:443']\nclient_auth = 'off'\nclient_ca = ''"] {
            let config = read(folder.path(), off).unwrap().config;
            assert!(config.rtmp.connection.tls.is_none() && config.rtmp.tls_addresses.is_empty());
            assert_eq!(config.tls_files, None);
        }
        // Found beside the configuration file.
        let own = pair("own.pem", "own.key");
        let config = read(folder.path(), &format!("certificates = [{own}]")).unwrap().config;
        assert_eq!(config.rtmp.connection.tls.unwrap().certificates().len(), 1);
        assert_eq!(config.rtmp.tls_addresses, ["[::]:443".parse().unwrap()]);
        let text = format!(
            "certificates = [{own}, {}]\nlisten = ['127.0.0.1:8443', 'unix:/run/weir.sock']\n\
             client_auth = 'optional'\nclient_ca = 'other.pem'\nproxy_protocol.from = ['10.0.0.0/8']",
            pair("other.pem", "other.key")
        );
        let config = read(folder.path(), &text).unwrap().config;
        let addresses = ["127.0.0.1:8443".parse().unwrap(), "unix:/run/weir.sock".parse().unwrap()];
        assert_eq!(config.rtmp.tls_addresses, addresses);
        assert_eq!(config.rtmp.connection.tls.unwrap().certificates().len(), 2);
        let files = config.tls_files.unwrap();
        assert_eq!(files.certificates[1].key, folder.path().join("other.key"));
        assert_eq!(files.client_auth, ClientAuth::Optional(folder.path().join("other.pem")));
        assert_ne!(config.rtmp.connection.tls_proxies, config.rtmp.connection.proxies);
        // The other way to write a list of tables.
        let tables = "[[rtmps.certificates]]\ncertificate = 'own.pem'\nkey = 'own.key'\n";
        let file = Origin::File(Arc::new(folder.path().join("weir.toml")));
        assert_eq!(parse(tables, &file, &BTreeMap::new()).unwrap().config.tls_files.unwrap().certificates.len(), 1);
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
        let good = pair("own.pem", "own.key");
        let of = |certificate: &str, key: &str| format!("certificates = [\n{}]", pair(certificate, key));
        let table = [
            (
                "certificates = [{ certificate = 'own.pem' }]".to_owned(),
                format!("{at}:2: rtmps.certificates[0]: `key` is missing: the path of its private key, a PEM file"),
            ),
            (
                "certificates = [{ key = 'own.key' }]".to_owned(),
                format!("{at}:2: rtmps.certificates[0]: `certificate` is missing: the path of its certificate chain"),
            ),
            (
                "certificates = [{ cert = 'own.pem', certificate = 'own.pem', key = 'own.key' }]".to_owned(),
                format!("{at}:2: rtmps.certificates[0].cert: unknown key; known here: certificate, key"),
            ),
            (
                "certificates = ['own.pem']".to_owned(),
                format!("{at}:2: rtmps.certificates[0]: expected {{ certificate = \"…\", key = \"…\" }}"),
            ),
            (
                "certificate = 'own.pem'".to_owned(),
                format!("{at}:2: rtmps.certificate: unknown key; did you mean `certificates`?"),
            ),
            (
                "listen = ['[::]:8443']".to_owned(),
                format!(
                    "{at}:2: rtmps.listen: there is no RTMPS without `certificates`, each a `certificate` and its `key`"
                ),
            ),
            (
                of("gone.pem", "own.key"),
                format!(
                    "{at}:3: rtmps.certificates[0].certificate: there is no such file; tried gone.pem, {}",
                    path("gone.pem")
                ),
            ),
            (
                of("/gone/fullchain.pem", "own.key"),
                format!(
                    "{at}:3: rtmps.certificates[0].certificate: /gone/fullchain.pem: cannot be read: No such file or directory (os error 2)"
                ),
            ),
            (
                of("~/own.pem", "own.key"),
                format!("{at}:3: rtmps.certificates[0].certificate: `~` is not expanded here: write the whole path"),
            ),
            (
                of("empty.pem", "own.key"),
                format!(
                    "{at}:3: rtmps.certificates[0].certificate: {}: holds no certificate (-----BEGIN CERTIFICATE-----)",
                    path("empty.pem")
                ),
            ),
            (
                format!("certificates = [{good},\n{}]", pair("own.pem", "other.key")),
                format!(
                    "{at}:3: rtmps.certificates[1].key: {}: this private key does not belong to the first certificate in {own}",
                    path("other.key")
                ),
            ),
            (
                format!("certificates = [{good}]\nclient_auth = 'required'"),
                format!("{at}:3: rtmps.client_auth: `client_ca` is missing"),
            ),
            (
                format!("certificates = [{good}]\nclient_ca = 'own.pem'"),
                format!("{at}:3: rtmps.client_ca: is not looked at while `client_auth` is \"off\""),
            ),
            (
                format!("certificates = [{good}]\nclient_ca = 'own.key'\nclient_auth = 'optional'"),
                format!(
                    "{at}:3: rtmps.client_ca: {}: holds no certificate (-----BEGIN CERTIFICATE-----) but a private key",
                    path("own.key")
                ),
            ),
            (
                format!("certificates = [{good}]\nproxy_protocol = {{ from = ['10.1.0.0/8'] }}"),
                format!(
                    "{at}:3: rtmps.proxy_protocol.from[0]: \"10.1.0.0/8\": has bits behind its length; the network is 10.0.0.0/8"
                ),
            ),
        ];
        for (text, expected) in table {
            let error = read(folder.path(), &text).err().unwrap_or_else(|| panic!("accepted: {text}"));
            assert!(error.starts_with(&expected), "{text}:\n{error}\n{expected}");
        }
    }

    #[test]
    fn there_is_something_to_listen_on_and_nothing_twice() {
        let folder = tempfile::tempdir().unwrap();
        issue(folder.path(), "own");
        let files = format!("certificates = [{}]\n", pair("own.pem", "own.key"));
        let whole = |text: &str| {
            let file = Origin::File(Arc::new(folder.path().join("weir.toml")));
            parse(text, &file, &BTreeMap::new()).map(drop).map_err(|error| error.to_string())
        };
        let none = whole("[rtmp]\nlisten = []\n").unwrap_err();
        assert!(none.contains("nothing to listen on"), "{none}");
        let hidden = whole(&format!("[rtmps]\nlisten = []\n{files}")).unwrap_err();
        assert!(hidden.contains("weir.toml:2") && hidden.contains("an address is missing"), "{hidden}");
        for taken in ["[::]:1935", "unix:/run/weir.sock"] {
            let twice = format!("[rtmp]\nlisten = [\"{taken}\"]\n[rtmps]\nlisten = [\"{taken}\"]\n{files}");
            let twice = whole(&twice).unwrap_err();
            let told = format!("{taken} is taken by [rtmp] listen");
            assert!(twice.contains("weir.toml:4") && twice.contains(&told), "{twice}");
        }
        whole(&format!("[rtmp]\nlisten = []\n[rtmps]\n{files}")).unwrap();
    }
}
