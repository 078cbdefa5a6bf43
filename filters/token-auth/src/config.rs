//! The operator's settings.

use guest_sdk::{Config, Fault};
use serde::Deserialize;

/// Who is asked for what.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) publish: bool,
    pub(crate) play: bool,
    pub(crate) keys: Vec<Key>,
    /// Arguments that may carry a key.
    pub(crate) parameters: Vec<String>,
    pub(crate) signed: Option<Signed>,
    pub(crate) recheck_ms: Option<u32>,
    pub(crate) hold_ms: u32,
}

#[derive(PartialEq, Debug)]
pub(crate) struct Key {
    pub(crate) key: String,
    /// The public name of the one stream that it opens; none: it opens every stream.
    pub(crate) name: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) keys: Vec<String>,
    pub(crate) secret: String,
    pub(crate) expire: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default = "publish_only")]
    protect: Vec<Protected>,
    #[serde(default)]
    keys: Vec<KeyEntry>,
    #[serde(default = "key_and_token")]
    parameters: Vec<String>,
    signed: Option<SignedTable>,
    recheck_ms: Option<u32>,
    #[serde(default = "half_a_second")]
    hold_ms: u32,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Protected {
    Publish,
    Play,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a key, or a table with `key` and `name`")]
enum KeyEntry {
    Any(String),
    Named(NamedKey),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedKey {
    key: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignedTable {
    key: OneOrMore,
    #[serde(default = "secret")]
    secret: String,
    #[serde(default = "expire")]
    expire: String,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a key or a list of keys")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

fn publish_only() -> Vec<Protected> {
    vec![Protected::Publish]
}

fn key_and_token() -> Vec<String> {
    vec!["key".into(), "token".into()]
}

fn half_a_second() -> u32 {
    500
}

fn secret() -> String {
    "secret".into()
}

fn expire() -> String {
    "expire".into()
}

fn wrong(what: impl Into<String>) -> Fault {
    Fault::InvalidConfig(what.into())
}

fn filled(at: &str, text: String) -> Result<String, Fault> {
    if text.is_empty() { Err(wrong(format!("{at}: empty; expected some text"))) } else { Ok(text) }
}

impl Settings {
    pub(crate) fn read(config: &Config) -> Result<Settings, Fault> {
        let table: Table = config.parse()?;
        if table.protect.is_empty() {
            return Err(wrong("protect: empty; expected \"publish\", \"play\" or both"));
        }
        let keys = keys(table.keys)?;
        let signed = table.signed.map(signed).transpose()?;
        if keys.is_empty() && signed.is_none() {
            return Err(wrong("keys: missing; expected `keys` or `signed`, or nobody could get in"));
        }
        let parameters = table.parameters.into_iter().enumerate();
        let parameters = parameters.map(|(i, p)| filled(&format!("parameters[{i}]"), p)).collect::<Result<_, _>>()?;
        match table.recheck_ms {
            Some(0..100) => return Err(wrong("recheck_ms: expected at least 100")),
            _ if table.hold_ms > 10_000 => return Err(wrong("hold_ms: expected at most 10000")),
            _ => {}
        }
        Ok(Settings {
            publish: table.protect.contains(&Protected::Publish),
            play: table.protect.contains(&Protected::Play),
            keys,
            parameters,
            signed,
            recheck_ms: table.recheck_ms,
            hold_ms: table.hold_ms,
        })
    }
}

fn keys(entries: Vec<KeyEntry>) -> Result<Vec<Key>, Fault> {
    let mut keys: Vec<Key> = Vec::new();
    for (i, entry) in entries.into_iter().enumerate() {
        let key = match entry {
            KeyEntry::Any(key) => Key { key: filled(&format!("keys[{i}]"), key)?, name: None },
            KeyEntry::Named(n) => {
                let name = filled(&format!("keys[{i}].name"), n.name)?;
                Key { key: filled(&format!("keys[{i}].key"), n.key)?, name: Some(name) }
            }
        };
        if keys.iter().any(|k| k.key == key.key) {
            return Err(wrong(format!("keys[{i}]: this key stands in the list already; expected each key once")));
        }
        keys.push(key);
    }
    Ok(keys)
}

fn signed(table: SignedTable) -> Result<Signed, Fault> {
    let keys = match table.key {
        OneOrMore::One(key) => vec![key],
        OneOrMore::More(keys) => keys,
    };
    if keys.is_empty() {
        return Err(wrong("signed.key: empty; expected a key or a list of keys"));
    }
    Ok(Signed {
        keys: keys.into_iter().map(|k| filled("signed.key", k)).collect::<Result<_, _>>()?,
        secret: filled("signed.secret", table.secret)?,
        expire: filled("signed.expire", table.expire)?,
    })
}
