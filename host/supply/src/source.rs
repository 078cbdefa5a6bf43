//! Where a file is fetched from.

use std::fmt;
use std::str::FromStr;

use crate::reference::{Reference, ReferenceError};
use crate::url::{Url, UrlError};

/// A place outside this machine's own files. Shown without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remote {
    /// `https://…`, `http://…`.
    Http(Url),
    /// `oci://…`.
    Oci(Reference),
}

/// Why a text is no such place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// It begins like a URL.
    #[error("{0}")]
    Url(#[from] UrlError),
    /// It begins like a reference.
    #[error("{0}")]
    Reference(#[from] ReferenceError),
}

impl Remote {
    /// Whether a text means such a place: it begins with `http:`, `https:` or `oci:`.
    pub fn is_meant(text: &str) -> bool {
        ["http:", "https:", "oci:"].iter().any(|scheme| text.starts_with(scheme))
    }

    /// Whether it is named by a digest: what stands there never changes.
    pub fn is_fixed(&self) -> bool {
        matches!(self, Remote::Oci(reference) if reference.digest().is_some())
    }

    /// Where its signature stands if nobody says otherwise.
    pub(crate) fn signature(&self) -> Remote {
        match self {
            Remote::Http(url) => Remote::Http(url.with_suffix(".minisig")),
            Remote::Oci(reference) => Remote::Oci(reference.signature()),
        }
    }

    /// The server that credentials are meant for.
    pub(crate) fn server(&self) -> Result<Url, UrlError> {
        match self {
            Remote::Http(url) => Ok(url.clone()),
            Remote::Oci(reference) => reference.url(""),
        }
    }

    /// What tells two sources apart. Not to be shown.
    pub(crate) fn identity(&self) -> String {
        match self {
            Remote::Http(url) => url.identity(),
            Remote::Oci(reference) => reference.to_string(),
        }
    }
}

impl FromStr for Remote {
    type Err = RemoteError;

    fn from_str(text: &str) -> Result<Remote, RemoteError> {
        match text.strip_prefix("oci:") {
            Some(rest) => Ok(Remote::Oci(Reference::parse(rest.strip_prefix("//").unwrap_or(rest))?)),
            None => Ok(Remote::Http(text.parse()?)),
        }
    }
}

impl fmt::Display for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remote::Http(url) => url.fmt(f),
            Remote::Oci(reference) => reference.fmt(f),
        }
    }
}
