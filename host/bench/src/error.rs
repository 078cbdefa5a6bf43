//! What can go wrong before or instead of a report.

use rtmp_proto::client::url::UrlError;

/// The one error of this crate. What a server does wrong is no error: the report says it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The clip cannot be made as asked for.
    #[error("{0}")]
    Clip(String),
    /// The URL is none.
    #[error("{url}: {source}")]
    Url {
        /// As given.
        url: String,
        /// Why.
        source: UrlError,
    },
    /// The plan makes no sense.
    #[error("{0}")]
    Plan(String),
    /// The host has no address.
    #[error("{host}: {source}")]
    Resolve {
        /// The host.
        host: String,
        /// Why.
        source: std::io::Error,
    },
    /// The server's certificate cannot be judged.
    #[error("TLS: {0}")]
    Tls(String),
    /// The operating system refused something.
    #[error("{what}: {source}")]
    System {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The server's process cannot be watched.
    #[error("process {pid}: {why}")]
    Process {
        /// The process.
        pid: u32,
        /// Why.
        why: String,
    },
    /// Nothing could be measured: no publisher or player came through.
    #[error("{0}")]
    Nothing(String),
}

impl Error {
    /// For `map_err`.
    pub(crate) fn system<E: Into<std::io::Error>>(what: impl Into<String>) -> impl FnOnce(E) -> Error {
        let what = what.into();
        move |source| Error::System { what, source: source.into() }
    }
}
