//! Why there is no file.

use std::time::Duration;

use crate::Digest;

/// What was asked, and what came of it.
#[derive(Debug, thiserror::Error)]
#[error("{at}: {wrong}")]
pub struct Error {
    /// The URL or file, without secrets.
    pub at: String,
    /// What was wrong.
    pub wrong: Wrong,
}

/// Whose fault it is and what can be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Wrong {
    /// Nobody is there, or the way is cut.
    #[error("{0}")]
    Network(String),
    /// The server cannot prove who it is, or nobody is trusted.
    #[error("TLS: {0}")]
    Tls(String),
    /// It does not speak HTTP, or not as it should.
    #[error("{0}")]
    Protocol(String),
    /// It refuses.
    #[error("the server answered {0}{1}")]
    Status(u16, &'static str),
    /// It sends elsewhere, and that is not followed.
    #[error("redirected to {0}, which is not followed: {1}")]
    Redirect(String, &'static str),
    /// More than this many bytes.
    #[error("the file is larger than {0} bytes (max_file under [wasm])")]
    TooLarge(u64),
    /// It takes longer than this.
    #[error("not done after {0:?} (timeout under [wasm.fetch])")]
    Timeout(Duration),
    /// What came is something else.
    #[error("what came is no WebAssembly file: {0}")]
    NotWasm(String),
    /// What came is not what was ordered.
    #[error("the digest is wrong: expected {expected}, found {found}")]
    Digest {
        /// What the order says.
        expected: Digest,
        /// What came has.
        found: Digest,
    },
    /// There is no artifact of ours under this name.
    #[error("{0}")]
    Artifact(String),
    /// There is no signature.
    #[error("no signature: {0}; sign it with `minisign -Sm FILE`, or name the place of the signature with `signature`")]
    Unsigned(String),
    /// There is one, and it does not hold.
    #[error("the signature does not hold: {0}")]
    Signature(String),
    /// The folder does not take it.
    #[error("{0}")]
    Disk(String),
}

impl Wrong {
    pub(crate) fn at(self, at: impl ToString) -> Error {
        Error { at: at.to_string(), wrong: self }
    }

    pub(crate) fn status(status: ureq_proto::http::StatusCode) -> Wrong {
        let hint = match status.as_u16() {
            401 | 403 => ": it wants other credentials (`credentials` of the filter)",
            404 => ": there is nothing under this name",
            _ => "",
        };
        Wrong::Status(status.as_u16(), hint)
    }
}
