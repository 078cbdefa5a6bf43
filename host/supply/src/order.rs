//! A source with what is demanded of it.

use std::fmt;
use std::path::PathBuf;

use crate::{Digest, Key, Remote};

/// What is to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// From where.
    pub source: Remote,
    /// The file must have this digest.
    pub digest: Option<Digest>,
    /// What the source's server is told when it asks who is there.
    pub credentials: Credentials,
    /// Who must have signed the file; `None`: nobody.
    pub trust: Option<Trust>,
}

/// Who must have signed a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// One of these, at least one.
    pub keys: Vec<Key>,
    /// Where the signature stands; `None`: beside the file, with `.minisig` behind its name.
    pub signature: Option<Place>,
}

/// Where a signature stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a file of this machine.
    File(PathBuf),
    /// Elsewhere. Credentials are for the source's server only.
    Remote(Remote),
}

/// What a server is told when it asks who is there. Never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Nothing but what the URL says before `@`.
    #[default]
    None,
    /// User and password; a registry's token service is told them too.
    Basic(String, String),
    /// A token, as it is.
    Bearer(String),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Credentials::None => "None",
            Credentials::Basic(..) => "Basic(…)",
            Credentials::Bearer(_) => "Bearer(…)",
        })
    }
}

/// Why an order is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// Plain HTTP without a digest.
    #[error(
        "over http anybody on the way can put another file in its place: use https, or pin the file with digest = \"sha256:…\""
    )]
    Open,
    /// Plain HTTP with a secret.
    #[error("over http anybody on the way can read the credentials: use https")]
    Secret,
}

impl Order {
    /// An order without demands.
    pub fn new(source: Remote) -> Order {
        Order { source, digest: None, credentials: Credentials::None, trust: None }
    }

    /// Whether it would be safe.
    ///
    /// # Errors
    /// Plain HTTP to another machine without a digest, or with credentials.
    pub fn check(&self) -> Result<(), OrderError> {
        let Remote::Http(url) = &self.source else { return Ok(()) };
        match (url.is_open(), self.credentials != Credentials::None || url.login().is_some()) {
            (true, true) => Err(OrderError::Secret),
            (true, false) if self.digest.is_none() => Err(OrderError::Open),
            _ => Ok(()),
        }
    }

    /// Whether what is ordered never changes: there is no need to ask again.
    pub fn is_fixed(&self) -> bool {
        self.digest.is_some() || self.source.is_fixed()
    }

    pub(crate) fn signature(&self, trust: &Trust) -> Place {
        trust.signature.clone().unwrap_or_else(|| Place::Remote(self.source.signature()))
    }
}
