//! What names an artifact in an OCI registry: `REGISTRY/REPOSITORY:TAG`, `REGISTRY/REPOSITORY@sha256:…`.

use std::fmt;
use std::str::FromStr;

use crate::Digest;
use crate::url::{Url, is_loopback};

/// An artifact in a registry (OCI Distribution Specification 1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Host, with a port if it is not the usual one.
    registry: String,
    repository: String,
    tag: Option<String>,
    /// Of the manifest.
    digest: Option<Digest>,
}

/// Why a text is no reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// Host and repository are not both there.
    #[error("expected oci://REGISTRY/REPOSITORY:TAG or oci://REGISTRY/REPOSITORY@sha256:…")]
    Form,
    /// The registry is no host.
    #[error("`{0}` is no host of a registry")]
    Registry(String),
    /// Letters that a repository cannot have.
    #[error("`{0}` is no repository: lower-case letters, digits, `.`, `_`, `-` and `/`")]
    Repository(String),
    /// Letters that a tag cannot have.
    #[error("`{0}` is no tag: up to 128 letters, digits, `.`, `_` and `-`")]
    Tag(String),
    /// Not SHA-256.
    #[error("`{0}` is no digest: sha256: and 64 hexadecimal digits")]
    Digest(String),
}

impl Reference {
    /// What stands behind `oci://`.
    pub(crate) fn parse(text: &str) -> Result<Reference, ReferenceError> {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => {
                (name, Some(digest.parse().map_err(|()| ReferenceError::Digest(digest.to_owned()))?))
            }
            None => (text, None),
        };
        let (registry, rest) = name.split_once('/').ok_or(ReferenceError::Form)?;
        let (repository, tag) = match rest.rsplit_once(':') {
            Some((repository, tag)) => (repository, Some(tag.to_owned())),
            None => (rest, None),
        };
        if registry.is_empty() || repository.is_empty() {
            return Err(ReferenceError::Form);
        }
        let part = |part: &str| {
            let (first, last) = (part.bytes().next(), part.bytes().last());
            [first, last].iter().all(|end| end.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
        };
        if repository.len() > 255 || !repository.split('/').all(part) {
            return Err(ReferenceError::Repository(repository.to_owned()));
        }
        let is_tag = |tag: &String| {
            (1..=128).contains(&tag.len())
                && !tag.starts_with(['.', '-'])
                && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        if let Some(tag) = tag.as_ref().filter(|tag| !is_tag(tag)) {
            return Err(ReferenceError::Tag(tag.clone()));
        }
        let it = Reference { registry: registry.to_owned(), repository: repository.to_owned(), tag, digest };
        it.url("").map_err(|_| ReferenceError::Registry(registry.to_owned()))?;
        Ok(it)
    }

    /// A path of the registry. As other clients do, registries on this machine are spoken to without TLS.
    pub(crate) fn url(&self, path: &str) -> Result<Url, crate::url::UrlError> {
        let https: Url = format!("https://{}/", self.registry).parse()?;
        let scheme = if is_loopback(https.host()) { "http" } else { "https" };
        Url::from_str(&format!("{scheme}://{}/v2/{}/{path}", self.registry, self.repository))
    }

    pub(crate) fn repository(&self) -> &str {
        &self.repository
    }

    /// The digest of the manifest, if it is named by it: then it never changes.
    pub fn digest(&self) -> Option<Digest> {
        self.digest
    }

    /// What the registry is asked for: a digest rather than a tag; `latest` if neither is written.
    pub(crate) fn version(&self) -> String {
        match (&self.digest, &self.tag) {
            (Some(digest), _) => digest.to_string(),
            (None, Some(tag)) => tag.clone(),
            (None, None) => "latest".to_owned(),
        }
    }

    /// Where its detached signature stands: in the same repository, under a tag made of its own name.
    pub(crate) fn signature(&self) -> Reference {
        // A tag has no colon: as others do, a dash.
        let tag = format!("{}.minisig", self.version().replace(':', "-"));
        Reference { tag: Some(tag), digest: None, ..self.clone() }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "oci://{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        match &self.digest {
            Some(digest) => write!(f, "@{digest}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn references_are_read_and_written() {
        for (text, asks) in [
            (
                "ghcr.io/acme/filters/token:1.2".to_owned(),
                "https://ghcr.io/v2/acme/filters/token/manifests/1.2".to_owned(),
            ),
            ("r.example:5000/a".into(), "https://r.example:5000/v2/a/manifests/latest".into()),
            ("127.0.0.1:5000/a:x".into(), "http://127.0.0.1:5000/v2/a/manifests/x".into()),
            (format!("r.example/a@{DIGEST}"), format!("https://r.example/v2/a/manifests/{DIGEST}")),
            (format!("r.example/a:1@{DIGEST}"), format!("https://r.example/v2/a/manifests/{DIGEST}")),
        ] {
            let it = Reference::parse(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(it.to_string(), format!("oci://{text}"));
            assert_eq!(it.url(&format!("manifests/{}", it.version())).unwrap().identity(), asks);
        }
    }

    #[test]
    fn what_is_none_is_told() {
        for (text, says) in [
            ("ghcr.io", "expected oci://"),
            ("/a:1", "expected oci://"),
            ("h/", "expected oci://"),
            ("h/A:1", "no repository"),
            ("h/a//b:1", "no repository"),
            ("h/a:", "no tag"),
            ("h/a:-x", "no tag"),
            ("h/a@sha256:12", "no digest"),
            ("h:port/a:1", "no host"),
        ] {
            let error = Reference::parse(text).unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn a_signature_has_a_tag_of_its_own() {
        let of = |text: &str| Reference::parse(text).unwrap().signature().to_string();
        assert_eq!(of("h/a:1.2"), "oci://h/a:1.2.minisig");
        assert_eq!(of("h/a"), "oci://h/a:latest.minisig");
        assert_eq!(of(&format!("h/a@{DIGEST}")), format!("oci://h/a:{}.minisig", DIGEST.replace(':', "-")));
    }
}
