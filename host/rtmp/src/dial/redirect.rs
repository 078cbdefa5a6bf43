//! Where a server sends us.

use rtmp_proto::client::url::UrlError;

/// Why a redirect is not followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectError {
    /// It leads back to where we were sent from.
    #[error("in a circle, back to {0}")]
    Loop(String),
    /// One after the other.
    #[error("more than {max} times in a row, the last time to {url}")]
    TooMany {
        /// What is followed.
        max: u32,
        /// The last one.
        url: String,
    },
    /// To what is no URL of a stream.
    #[error("to {url:?}, which cannot be understood: {why}")]
    Url {
        /// What the server said.
        url: String,
        /// What is wrong with it.
        why: UrlError,
    },
    /// From rtmps:// to rtmp://: names and keys would go in the clear.
    #[error("to {0}, without TLS, from a URL with TLS: that is not followed")]
    Downgrade(String),
}
