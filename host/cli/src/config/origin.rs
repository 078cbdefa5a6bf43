//! Where a filter comes from, and what is demanded of it: `source`, `digest`, `trusted_keys`, `signature`, `refresh`, `credentials`.

use std::{path::Path, str::FromStr, time::Duration};

use supply::{Credentials, Digest, Key, Order, Place, Remote, Trust};

use super::{
    fetch::{self, Fetch},
    kind::{Kind, Text, Time},
    read::{Context, Table},
    search,
    tree::{Node, Value, quote},
};

const SOURCE: &str = "text such as \"file:filters/my-filter\" (a .wasm file or a source folder), \
\"https://HOST/FILE.wasm\" or \"oci://REGISTRY/REPOSITORY:TAG\"";

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) source: Source,
    pub(crate) digest: Option<Digest>,
    /// One of them must have signed it; none: nobody.
    pub(crate) keys: Vec<Key>,
    /// Where the signature stands, if not beside the file.
    pub(crate) signature: Option<Source>,
    /// How often the server is asked; zero: never.
    pub(crate) refresh: Duration,
    pub(crate) credentials: Credentials,
}

/// A file of this machine as it was written, without `file:`, or one elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Local(String),
    Remote(Remote),
}

impl FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Source, String> {
        if Remote::is_meant(text) {
            return text.parse().map(Source::Remote).map_err(|error: supply::source::RemoteError| error.to_string());
        }
        let path = text.strip_prefix("file:");
        match path.unwrap_or(text) {
            path if path.is_empty() || path.contains("://") => Err(format!("expected {SOURCE}")),
            path => Ok(Source::Local(path.to_owned())),
        }
    }
}

impl Origin {
    /// The order, if it comes from elsewhere.
    pub(crate) fn order(&self, config_file: Option<&Path>) -> Option<Order> {
        let Source::Remote(source) = &self.source else { return None };
        let trust = (!self.keys.is_empty()).then(|| Trust {
            keys: self.keys.clone(),
            signature: self.signature.as_ref().map(|signature| match signature {
                Source::Local(path) => Place::File(search::first(path, config_file)),
                Source::Remote(remote) => Place::Remote(remote.clone()),
            }),
        });
        let (digest, credentials) = (self.digest, self.credentials.clone());
        Some(Order { source: source.clone(), digest, credentials, trust })
    }
}

/// Reads the keys of one filter. Without a usable source there is nothing: that has been reported.
pub(super) fn read(table: &mut Table<'_, '_>, all: &Fetch) -> Option<Origin> {
    let text = table.require("source", Given);
    let source = text.and_then(|text| parsed::<Source>(table, "source", &text));
    let digest = optional(table, "digest", |text: &str| {
        text.parse()
            .map_err(|()| "expected sha256: and 64 hexadecimal digits, as `weir filter inspect` prints".to_owned())
    });
    let keys = table.read("trusted_keys", fetch::keys(), all.trusted_keys.clone());
    let signature = optional(table, "signature", Source::from_str);
    if signature.is_some() && keys.is_empty() {
        let what = "there is no key to check it with: write `trusted_keys`, here or under [wasm]";
        table.context().problem(&table.place_of("signature"), &table.name("signature"), what);
    }
    let refresh = match source {
        // It means nothing to a file: `config show` does not print it, and `check` refuses it.
        Some(Source::Local(_)) => {
            table.node("refresh");
            all.refresh
        }
        _ => table.read("refresh", Time(fetch::REFRESH), all.refresh),
    };
    let credentials = credentials(table);
    let origin = Origin { source: source?, digest, keys, signature, refresh, credentials };
    check(table, &origin);
    Some(origin)
}

fn check(table: &Table<'_, '_>, origin: &Origin) {
    let problem = |key: &str, what: &str| table.context().problem(&table.place_of(key), &table.name(key), what);
    match &origin.source {
        Source::Local(_) => {
            for key in ["refresh", "credentials"].into_iter().filter(|key| is_said(table, key)) {
                problem(key, "only for what is fetched (https, oci): a file is watched, and a change is seen at once");
            }
            if matches!(origin.signature, Some(Source::Remote(_))) {
                problem("signature", "the signature of a file is a file too");
            }
        }
        Source::Remote(_) => {
            if let Some(Err(error)) = origin.order(None).map(|order| order.check()) {
                problem("source", &error.to_string());
            }
        }
    }
}

/// Whether a key is written, with something in it.
pub(super) fn is_said(table: &Table<'_, '_>, key: &str) -> bool {
    match table.peek(key) {
        None => false,
        Some(Value::Table(entries)) => !entries.is_empty(),
        Some(_) => true,
    }
}

/// `{}`, `{ user, password }` or `{ token }`. Their values are never shown.
fn credentials(table: &mut Table<'_, '_>) -> Credentials {
    let mut table = table.inline("credentials");
    let mut secret = |key: &str| super::filters::secret(&mut table, key);
    let (user, password, token) = (secret("user"), secret("password"), secret("token"));
    let credentials = match (user, password, token) {
        (None, None, None) => Credentials::None,
        (Some(user), Some(password), None) => Credentials::Basic(user, password),
        (None, None, Some(token)) => Credentials::Bearer(token),
        _ => {
            let what = "expected { user = \"…\", password = \"…\" } or { token = \"…\" }";
            table.context().problem(table.place(), table.path(), what);
            Credentials::None
        }
    };
    table.finish();
    credentials
}

/// Text that may be empty: then it is not there.
fn optional<T>(table: &mut Table<'_, '_>, key: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
    let text = table.read(key, Text, String::new());
    if text.is_empty() {
        return None;
    }
    told(table, key, parse(&text))
}

fn parsed<T: FromStr<Err = String>>(table: &Table<'_, '_>, key: &str, text: &str) -> Option<T> {
    told(table, key, text.parse())
}

fn told<T>(table: &Table<'_, '_>, key: &str, parsed: Result<T, String>) -> Option<T> {
    parsed.map_err(|what| table.context().problem(&table.place_of(key), &table.name(key), what)).ok()
}

/// Text that names a source.
struct Given;

impl Kind for Given {
    type Out = String;
    fn expects(&self) -> String {
        SOURCE.into()
    }
    fn read(&self, node: &Node, _: &str, context: &Context<'_>) -> Option<String> {
        context.text(node).filter(|text| !text.is_empty())
    }
    fn write(&self, value: &String) -> String {
        quote(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_paths_or_places() {
        let source = |text: &str| text.parse::<Source>();
        for (text, path) in [("file:a/b", "a/b"), ("a/b.wasm", "a/b.wasm"), ("/a b", "/a b"), ("file:/a", "/a")] {
            assert_eq!(source(text), Ok(Source::Local(path.into())));
        }
        for text in ["https://h/f.wasm", "http://127.0.0.1/f", "oci://h/a:1", "oci:h/a:1"] {
            assert!(matches!(source(text), Ok(Source::Remote(_))), "{text}");
        }
        for text in ["", "file:", "ftp://h/f", "https:f", "oci://h"] {
            assert!(source(text).is_err(), "{text}");
        }
    }
}
