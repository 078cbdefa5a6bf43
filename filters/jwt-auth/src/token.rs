//! JSON Web Tokens in the compact form (RFC 7519, RFC 7515 §3.1): `header.claims.signature`.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use guest_sdk::StreamKey;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::Sha256;

use crate::config::Settings;
use crate::keys::Key;

/// Signature algorithms (RFC 7518 §3.1, RFC 8037 §3.1). There is no `none`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub(crate) enum Algorithm {
    #[serde(rename = "RS256")]
    Rs256,
    #[serde(rename = "ES256")]
    Es256,
    #[serde(rename = "EdDSA")]
    EdDsa,
    #[serde(rename = "HS256")]
    Hs256,
}

impl Algorithm {
    fn name(self) -> &'static str {
        match self {
            Algorithm::Rs256 => "RS256",
            Algorithm::Es256 => "ES256",
            Algorithm::EdDsa => "EdDSA",
            Algorithm::Hs256 => "HS256",
        }
    }

    /// Whether a header or a key means it by this name. `Ed25519` is what RFC 9864 calls EdDSA of that curve.
    pub(crate) fn is(self, name: &str) -> bool {
        name == self.name() || (self == Algorithm::EdDsa && name == "Ed25519")
    }
}

/// Why a token opens nothing.
#[derive(Debug, PartialEq)]
pub(crate) enum Refusal {
    Missing,
    Malformed,
    Algorithm,
    /// No key of this name, and none could be looked for now.
    UnknownKey,
    Signature,
    Expired,
    NotYet,
    Issuer,
    Audience,
    /// It is for other streams.
    Stream,
    /// There are no keys to check it with.
    Unavailable,
}

impl Refusal {
    /// The text that the encoder shows.
    pub(crate) fn reason(&self, settings: &Settings, what: &str) -> String {
        match self {
            Refusal::Missing => {
                let name = settings.parameters.first().map_or("token", String::as_str);
                format!("a token is needed: add ?{name}=... to the stream name")
            }
            Refusal::Malformed => "the token is no JSON Web Token".into(),
            Refusal::Algorithm => "the token is signed in a way that is not accepted here".into(),
            Refusal::UnknownKey => "the token is signed with a key that is not known here".into(),
            Refusal::Signature => "the token's signature is not valid".into(),
            Refusal::Expired => "the token has expired".into(),
            Refusal::NotYet => "the token is not valid yet".into(),
            Refusal::Issuer => "the token is of another issuer".into(),
            Refusal::Audience => "the token is for another audience".into(),
            Refusal::Stream => format!("the token does not allow to {what} this stream"),
            Refusal::Unavailable => "authorization is not available".into(),
        }
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

/// A token before anything of it is believed.
pub(crate) struct Token<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<String>,
    /// What is signed.
    text: &'a str,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

/// A token longer than this is none, in bytes.
const MOST_BYTES: usize = 16 << 10;

impl<'a> Token<'a> {
    pub(crate) fn read(text: &'a str, settings: &Settings) -> Result<Token<'a>, Refusal> {
        let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| Refusal::Malformed);
        let (signed, signature) = text.rsplit_once('.').ok_or(Refusal::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(Refusal::Malformed)?;
        if text.len() > MOST_BYTES || claims.contains('.') {
            return Err(Refusal::Malformed);
        }
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| Refusal::Malformed)?;
        // RFC 7515 §4.1.11: what is critical and not understood is refused, and nothing is understood here.
        if header.crit.is_some() {
            return Err(Refusal::Algorithm);
        }
        let algorithm = settings.algorithms.iter().copied().find(|a| a.is(&header.alg)).ok_or(Refusal::Algorithm)?;
        Ok(Token { algorithm, kid: header.kid, text: signed, claims: decode(claims)?, signature: decode(signature)? })
    }

    /// Whether the secret has signed it.
    pub(crate) fn is_signed_with(&self, secret: &[u8]) -> bool {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return false };
        mac.update(self.text.as_bytes());
        self.algorithm == Algorithm::Hs256 && mac.verify_slice(&self.signature).is_ok()
    }

    /// Whether a key may have signed it: what kind of signature is checked is up to the key, never to the token.
    pub(crate) fn may_be_of(&self, key: &Key) -> bool {
        key.algorithm() == self.algorithm && (self.kid.is_none() || self.kid == key.kid)
    }

    pub(crate) fn is_signed_by(&self, key: &Key) -> bool {
        self.may_be_of(key) && key.verifies(self.text.as_bytes(), &self.signature)
    }

    /// Its claims, for who has checked the signature.
    pub(crate) fn claims(&self) -> Result<Claims, Refusal> {
        serde_json::from_slice(&self.claims).map(Claims).map_err(|_| Refusal::Malformed)
    }
}

/// What a token says.
pub(crate) struct Claims(Map<String, Value>);

impl Claims {
    /// Time, issuer and audience (RFC 7519 §4.1). Gives the unix time in milliseconds when it is over, leeway included.
    pub(crate) fn check(&self, settings: &Settings, now_ms: u64) -> Result<u64, Refusal> {
        // A token without an end would be a password.
        let until = self.time("exp").ok_or(Refusal::Expired)?.saturating_add(settings.leeway_ms);
        if now_ms >= until {
            return Err(Refusal::Expired);
        }
        let from = if self.0.contains_key("nbf") { self.time("nbf").ok_or(Refusal::Malformed)? } else { 0 };
        if now_ms.saturating_add(settings.leeway_ms) < from {
            return Err(Refusal::NotYet);
        }
        let any_of = |claim: &str, wanted: &[String]| {
            wanted.is_empty() || self.texts(claim).any(|text| wanted.iter().any(|wanted| wanted == text))
        };
        // An issuer is one text.
        if !settings.issuers.is_empty() && !self.0.get("iss").is_some_and(Value::is_string)
            || !any_of("iss", &settings.issuers)
        {
            return Err(Refusal::Issuer);
        }
        if !any_of("aud", &settings.audiences) {
            return Err(Refusal::Audience);
        }
        Ok(until)
    }

    /// Whether a claim names the stream.
    pub(crate) fn allows(&self, claim: &str, key: &StreamKey) -> bool {
        let path = key.path();
        self.texts(claim).any(|pattern| matches(pattern.as_bytes(), path.as_bytes()))
    }

    pub(crate) fn subject(&self) -> Option<&str> {
        self.0.get("sub").and_then(Value::as_str)
    }

    /// A time of the token in milliseconds: seconds in it, with or without a fraction.
    fn time(&self, claim: &str) -> Option<u64> {
        let seconds = self.0.get(claim)?.as_f64()?;
        (seconds.is_finite() && seconds >= 0.0).then_some((seconds * 1000.0) as u64)
    }

    /// One text or a list of them.
    fn texts<'a>(&'a self, claim: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let (one, more) = match self.0.get(claim) {
            Some(Value::Array(list)) => (None, list.as_slice()),
            one => (one, [].as_slice()),
        };
        one.into_iter().chain(more).filter_map(Value::as_str)
    }
}

/// Whether the whole text fits a pattern in which `*` stands for any text, also for none and across `/`.
pub(crate) fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where the last star stands, and where the text goes on behind what it took.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p) == text.get(t) {
            (p, t) = (p + 1, t + 1);
        } else if let Some((at, took)) = star {
            star = Some((at, took + 1));
            (p, t) = (at + 1, took + 1);
        } else {
            return false;
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|&b| b == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, fits) in [
            ("live/cam", "live/cam", true),
            ("live/cam", "live/cam2", false),
            ("live/cam", "live/ca", false),
            ("live/*", "live/cam", true),
            ("live/*", "live/", true),
            ("live/*", "alive/cam", false),
            ("live/*", "live/eu/cam", true),
            ("*/cam", "live/cam", true),
            ("*", "live/cam", true),
            ("live/*-hd", "live/cam-hd", true),
            ("live/*-hd", "live/cam-hd-sd", false),
            ("l*v*/c*m", "live/cam", true),
            ("live/**", "live/cam", true),
            ("", "live/cam", false),
            ("live/?am", "live/cam", false),
            ("live/c.m", "live/cam", false),
        ] {
            assert_eq!(matches(pattern.as_bytes(), text.as_bytes()), fits, "{pattern} {text}");
        }
        let hard = "a*".repeat(200) + "b";
        assert!(!matches(hard.as_bytes(), "a".repeat(2000).as_bytes()));
    }
}
