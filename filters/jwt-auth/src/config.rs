//! The operator's settings.

use guest_sdk::{Config, Fault, Role, secret};
use serde::Deserialize;

use crate::token::Algorithm;

/// Whose tokens count, and what they open.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) publish: bool,
    pub(crate) play: bool,
    pub(crate) jwks: Option<Jwks>,
    /// The key of HS256.
    pub(crate) secret: Option<Vec<u8>>,
    pub(crate) algorithms: Vec<Algorithm>,
    /// Empty: anybody's.
    pub(crate) issuers: Vec<String>,
    /// Empty: for anybody.
    pub(crate) audiences: Vec<String>,
    pub(crate) leeway_ms: u64,
    pub(crate) publish_claim: String,
    pub(crate) play_claim: String,
    /// Arguments that may carry a token.
    pub(crate) parameters: Vec<String>,
    pub(crate) hold_ms: u32,
}

/// Where keys come from.
#[derive(Clone, Debug)]
pub(crate) struct Jwks {
    pub(crate) url: String,
    /// Keys older than this are fetched anew.
    pub(crate) refresh_ms: u64,
    /// Keys older than this are not used any more.
    pub(crate) max_age_ms: u64,
    /// An unknown key is looked for no more often than this.
    pub(crate) refetch_ms: u64,
    pub(crate) timeout_ms: u32,
    /// The bucket that all instances share.
    pub(crate) bucket: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default = "both")]
    protect: Vec<Protected>,
    jwks: Option<String>,
    secret: Option<String>,
    algorithms: Option<Vec<Algorithm>>,
    issuer: Option<OneOrMore>,
    audience: Option<OneOrMore>,
    #[serde(default = "half_a_minute")]
    leeway: String,
    #[serde(default = "publish")]
    publish_claim: String,
    #[serde(default = "play")]
    play_claim: String,
    #[serde(default = "token_and_jwt")]
    parameters: Vec<String>,
    #[serde(default = "ten_minutes")]
    refresh: String,
    #[serde(default = "a_day")]
    max_age: String,
    #[serde(default = "half_a_minute")]
    refetch: String,
    #[serde(default = "three_seconds")]
    timeout: String,
    #[serde(default = "jwt_auth")]
    bucket: String,
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
#[serde(untagged, expecting = "expected a text or a list of texts")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

fn both() -> Vec<Protected> {
    vec![Protected::Publish, Protected::Play]
}

fn token_and_jwt() -> Vec<String> {
    vec!["token".into(), "jwt".into()]
}

fn publish() -> String {
    "publish".into()
}

fn play() -> String {
    "play".into()
}

fn half_a_minute() -> String {
    "30s".into()
}

fn ten_minutes() -> String {
    "10m".into()
}

fn a_day() -> String {
    "24h".into()
}

fn three_seconds() -> String {
    "3s".into()
}

fn jwt_auth() -> String {
    "jwt-auth".into()
}

fn half_a_second() -> u32 {
    500
}

fn wrong(what: impl Into<String>) -> Fault {
    Fault::InvalidConfig(what.into())
}

/// A duration as the router's own file has them, in milliseconds.
fn duration(at: &str, text: &str, least_ms: u64) -> Result<u64, Fault> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor: Option<u64> = match unit {
        "ms" => Some(1),
        "s" => Some(1000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        "d" => Some(86_400_000),
        _ => None,
    };
    let ms = factor.and_then(|factor| number.parse::<u64>().ok()?.checked_mul(factor));
    let most = 30 * 86_400_000;
    let expected =
        || wrong(format!("{at}: expected a time such as \"10s\" (units ms, s, m, h, d) of {least_ms}ms to 30d"));
    ms.filter(|ms| (least_ms..=most).contains(ms)).ok_or_else(expected)
}

fn list(at: &str, given: Option<OneOrMore>) -> Result<Vec<String>, Fault> {
    let list = match given {
        None => return Ok(Vec::new()),
        Some(OneOrMore::One(one)) => vec![one],
        Some(OneOrMore::More(more)) => more,
    };
    // An empty list would mean anybody.
    if list.is_empty() || list.iter().any(String::is_empty) {
        return Err(wrong(format!("{at}: empty; expected some text, or leave the key out")));
    }
    Ok(list)
}

impl Settings {
    pub(crate) fn read(config: &Config) -> Result<Settings, Fault> {
        let table: Table = config.parse()?;
        if table.protect.is_empty() {
            return Err(wrong("protect: empty; expected \"publish\", \"play\" or both"));
        }
        if table.jwks.is_none() && table.secret.is_none() {
            return Err(wrong("jwks: missing; expected the URL of the keys, or `secret`, or nobody could get in"));
        }
        if table.jwks.as_ref().is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
            return Err(wrong("jwks: expected a URL that begins with https:// or http://"));
        }
        let key = match &table.secret {
            None => None,
            Some(name) => {
                let none = || wrong(format!("secret: there is no `{name}` under the filter's `secrets`"));
                let key = secret(name).ok_or_else(none)?.into_bytes();
                // RFC 7518 §3.2: a key of the size of the hash, or larger.
                if key.len() < 32 {
                    return Err(wrong(format!("secret: `{name}` is too short; expected at least 32 bytes")));
                }
                Some(key)
            }
        };
        let algorithms = match table.algorithms {
            Some(list) if list.is_empty() => {
                return Err(wrong("algorithms: empty; expected \"RS256\", \"ES256\", \"EdDSA\" or \"HS256\""));
            }
            Some(list) => list,
            None => {
                let public = [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa];
                let of_jwks = table.jwks.iter().flat_map(|_| public);
                of_jwks.chain(key.iter().map(|_| Algorithm::Hs256)).collect()
            }
        };
        for algorithm in &algorithms {
            match (algorithm, &key, &table.jwks) {
                (Algorithm::Hs256, None, _) => return Err(wrong("algorithms: HS256 needs `secret`")),
                (Algorithm::Hs256, ..) | (_, _, Some(_)) => {}
                (_, _, None) => return Err(wrong("algorithms: all but HS256 need `jwks`")),
            }
        }
        if table.publish_claim.is_empty() || table.play_claim.is_empty() {
            return Err(wrong("publish_claim, play_claim: expected the name of a claim"));
        }
        if table.parameters.is_empty() || table.parameters.iter().any(String::is_empty) {
            return Err(wrong("parameters: expected the names of arguments"));
        }
        if table.hold_ms > 10_000 {
            return Err(wrong("hold_ms: expected at most 10000"));
        }
        let refresh_ms = duration("refresh", &table.refresh, 1000)?;
        let max_age_ms = duration("max_age", &table.max_age, 1000)?;
        if max_age_ms < refresh_ms {
            return Err(wrong("max_age: less than `refresh`"));
        }
        let refetch_ms = duration("refetch", &table.refetch, 1000)?;
        let timeout_ms = u32::try_from(duration("timeout", &table.timeout, 100)?).unwrap_or(u32::MAX);
        let bucket = table.bucket;
        Ok(Settings {
            publish: table.protect.contains(&Protected::Publish),
            play: table.protect.contains(&Protected::Play),
            jwks: table.jwks.map(|url| Jwks { url, refresh_ms, max_age_ms, refetch_ms, timeout_ms, bucket }),
            secret: key,
            algorithms,
            issuers: list("issuer", table.issuer)?,
            audiences: list("audience", table.audience)?,
            leeway_ms: duration("leeway", &table.leeway, 0)?,
            publish_claim: table.publish_claim,
            play_claim: table.play_claim,
            parameters: table.parameters,
            hold_ms: table.hold_ms,
        })
    }

    pub(crate) fn protects(&self, role: Role) -> bool {
        match role {
            Role::Publishing => self.publish,
            Role::Playing => self.play,
            Role::Connecting => false,
        }
    }
}
