//! What an OCI registry is asked (OCI Distribution Specification 1.1): a manifest, then its blob.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use ureq_proto::http::StatusCode;
use ureq_proto::http::header::{self, HeaderMap, HeaderValue};

use crate::challenge::Challenge;
use crate::client::{Client, Get, Got};
use crate::manifest::{self, Kind};
use crate::order::Credentials;
use crate::reference::Reference;
use crate::url::Url;
use crate::{Digest, Error, Seen, Wrong};

/// Bytes that an answer with a token may have.
const MOST_TOKEN: u64 = 256 << 10;

/// What came of asking for an artifact.
pub(crate) enum Pulled {
    /// The manifest is the one that was seen.
    Unchanged,
    /// The file, and what to know its manifest by.
    File(Vec<u8>, Seen),
}

/// Pulls the one file of an artifact, of at most `most` bytes.
pub(crate) async fn pull(
    client: &Client,
    reference: &Reference,
    credentials: &Credentials,
    kind: Kind,
    seen: Option<&Seen>,
    most: u64,
) -> Result<Pulled, Error> {
    let mut session = Session { client, reference, credentials, authorization: None };
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static(manifest::ACCEPT));
    headers.extend(seen.map(Seen::conditions).unwrap_or_default());
    let version = reference.version();
    let got = session.get(&format!("manifests/{version}"), headers, manifest::MOST).await?;
    let wrong = |wrong: Wrong| wrong.at(reference);
    match got.status {
        StatusCode::OK => {}
        StatusCode::NOT_MODIFIED if seen.is_some() => return Ok(Pulled::Unchanged),
        status => return Err(wrong(Wrong::status(status))),
    }
    let digest = Digest::of(&got.body);
    if let Some(expected) = reference.digest().filter(|expected| *expected != digest) {
        return Err(wrong(Wrong::Digest { expected, found: digest }));
    }
    if seen.is_some_and(|seen| seen.manifest == Some(digest)) {
        return Ok(Pulled::Unchanged);
    }
    let blob = manifest::blob(&got.body, kind).map_err(wrong)?;
    if blob.size > most {
        return Err(wrong(Wrong::TooLarge(most)));
    }
    let file = session.get(&format!("blobs/{}", blob.digest), HeaderMap::new(), most).await?;
    if file.status != StatusCode::OK {
        return Err(wrong(Wrong::status(file.status)));
    }
    let found = Digest::of(&file.body);
    if found != blob.digest {
        return Err(wrong(Wrong::Digest { expected: blob.digest, found }));
    }
    Ok(Pulled::File(file.body, Seen { manifest: Some(digest), ..Seen::of(&got.headers) }))
}

struct Session<'a> {
    client: &'a Client,
    reference: &'a Reference,
    credentials: &'a Credentials,
    /// What the registry accepted for what was asked before.
    authorization: Option<HeaderValue>,
}

impl Session<'_> {
    /// Asks, and once more with what the registry wants to hear.
    async fn get(&mut self, path: &str, headers: HeaderMap, most: u64) -> Result<Got, Error> {
        let url = self.reference.url(path).map_err(|error| Wrong::Protocol(error.to_string()).at(self.reference))?;
        let ask = async |authorization: Option<&HeaderValue>| {
            // Manifests and blobs are compared with digests, but a tag is whatever the registry says it is.
            let get = Get { url: &url, authorization, headers: headers.clone(), most, pinned: false };
            self.client.get(get).await
        };
        let got = ask(self.authorization.as_ref()).await?;
        if got.status != StatusCode::UNAUTHORIZED {
            return Ok(got);
        }
        let refused = Wrong::status(got.status).at(self.reference);
        let authorization = match Challenge::read(&got.headers) {
            None => return Err(refused),
            Some(Challenge::Basic) => authorization(self.credentials).ok_or(refused)?,
            Some(Challenge::Bearer { realm, service, scope }) => match self.credentials {
                Credentials::Bearer(_) => authorization(self.credentials).ok_or(refused)?,
                _ => self.token(&realm, service, scope).await?,
            },
        };
        let got = ask(Some(&authorization)).await?;
        self.authorization = Some(authorization);
        Ok(got)
    }

    /// Asks the registry's token service, with a name and a password or as nobody in particular.
    async fn token(&self, realm: &str, service: Option<String>, scope: Option<String>) -> Result<HeaderValue, Error> {
        #[derive(Deserialize)]
        struct Answer {
            token: Option<String>,
            access_token: Option<String>,
        }
        let unusable = |what: &str| Wrong::Artifact(format!("the registry's token service {what}")).at(self.reference);
        let scope = scope.unwrap_or_else(|| format!("repository:{}:pull", self.reference.repository()));
        let mut query = format!("scope={}", encoded(&scope));
        if let Some(service) = service {
            query = format!("service={}&{query}", encoded(&service));
        }
        let joint = if realm.contains('?') { '&' } else { '?' };
        let url: Url = format!("{realm}{joint}{query}").parse().map_err(|_| unusable("has no URL"))?;
        if url.is_open() {
            return Err(unusable("is to be asked over http, where anybody can listen: refused"));
        }
        let basic = authorization(self.credentials);
        let get = Get {
            url: &url,
            authorization: basic.as_ref(),
            headers: HeaderMap::new(),
            most: MOST_TOKEN,
            pinned: false,
        };
        let got = self.client.get(get).await?;
        if got.status != StatusCode::OK {
            return Err(Wrong::status(got.status).at(&url));
        }
        let answer: Answer = serde_json::from_slice(&got.body).map_err(|_| unusable("answered with no token"))?;
        let token = answer.token.or(answer.access_token).ok_or_else(|| unusable("answered with no token"))?;
        secret(&format!("Bearer {token}")).ok_or_else(|| unusable("answered with no token"))
    }
}

/// The header that says who is there.
pub(crate) fn authorization(credentials: &Credentials) -> Option<HeaderValue> {
    match credentials {
        Credentials::None => None,
        Credentials::Basic(user, password) => {
            secret(&format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
        }
        Credentials::Bearer(token) => secret(&format!("Bearer {token}")),
    }
}

fn secret(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// For a query: what is not a letter, digit or one of `-._~:/,` becomes `%XX`.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/,".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_written_and_not_shown() {
        let basic = authorization(&Credentials::Basic("Aladdin".into(), "open sesame".into())).unwrap();
        assert_eq!(basic, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(format!("{basic:?}"), "Sensitive");
        assert_eq!(authorization(&Credentials::Bearer("t".into())).unwrap(), "Bearer t");
        assert_eq!(authorization(&Credentials::Bearer("a\nb".into())), None);
        assert_eq!(format!("{:?}", Credentials::Basic("a".into(), "b".into())), "Basic(…)");
    }

    #[test]
    fn a_scope_survives_a_query() {
        assert_eq!(encoded("repository:a/b:pull,push x&y=ü"), "repository:a/b:pull,push%20x%26y%3D%C3%BC");
    }
}
