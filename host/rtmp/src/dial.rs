//! Dialling: one connection to another server, to play from it or to publish to it.
//!
//! [`pull()`] and [`push()`] make one connection, use it and return when either side ends it. They follow redirects; they
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
//! | `session` | one connection's driver |
//! | `ask` | from a link to an admitted publish or play |
//! | `pull`, `push` | what a connection is made for |
//! | `backlog`, `metadata` | frames that wait for a slow server, and the form of the first of them |

mod ask;
mod backlog;
pub mod end;
mod link;
mod metadata;
pub mod progress;
mod pull;
mod push;
pub mod redirect;
mod session;
pub mod settings;
pub mod tls;

pub use end::{End, Fault, Retry, Stage};
pub use progress::{Progress, Snapshot, State};
pub use redirect::RedirectError;
pub use settings::DialSettings;

pub use rtmp_proto::client::{Url, url::UrlError};

use std::time::Duration;

use rtmp_proto::{ClientConfig, HandshakeRandom};
use tokio::time::Instant;

use self::ask::Over;
use self::progress::Busy;
use self::pull::Pull;
use self::push::Push;
use self::redirect::Way;
use self::session::{Counts, Session};

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
    let work = Work::Pull(Pull { connection, name });
    dial(target, work, progress).await
}

/// Publishes what `subscription` gives to `target`. Returns when either side ends: the subscription may be used again.
///
/// The server is dialled when there is something to send. One that is too slow costs nobody else: what waits for it is
/// bounded, and it skips to the newest key frame.
pub async fn push(target: &Target, subscription: &mut router::Subscription, progress: &Progress) -> End {
    let mut push = Push::new(subscription, &target.settings);
    if let Err(end) = push.first_frames().await {
        return end;
    }
    dial(target, Work::Push(push), progress).await
}

/// What a connection is made for.
enum Work<'a> {
    Pull(Pull<'a>),
    Push(Push<'a>),
}

/// Dials until a server takes us, and then until it is over.
async fn dial(target: &Target, mut work: Work<'_>, progress: &Progress) -> End {
    let _busy = Busy(progress);
    let mut way = Way::new(target);
    loop {
        let mut random = [0; 36];
        if getrandom::fill(&mut random).is_err() {
            // What the handshake fills its packets with is no secret; only the challenge of a login is weaker for it.
            tracing::warn!("the system gives no random bytes");
        }
        let [random @ .., a, b, c, d] = random;
        let begun = Instant::now();
        let over = connect(&way, target, &mut work, random, progress).await;
        if let Err(end) = way.turn(over, begun.elapsed(), u32::from_be_bytes([a, b, c, d])) {
            return end;
        }
    }
}

async fn connect(way: &Way<'_>, target: &Target, work: &mut Work<'_>, random: [u8; 32], progress: &Progress) -> Over {
    let link = match link::open(&way.url, target, progress).await {
        Ok(link) => link,
        Err(end) => return Over::End(end),
    };
    progress.enter(State::Handshaking);
    let settings = &target.settings;
    let mut config = ClientConfig::new(&way.app(), &way.tc_url(), HandshakeRandom(random));
    if let Some(flash_ver) = &settings.flash_ver {
        config.flash_ver.clone_from(flash_ver);
    }
    if !way.enhanced {
        config.caps_ex = None;
    }
    config.properties.clone_from(&settings.properties);
    config.digest = settings.digest;
    config.chunk_size = settings.chunk_size;
    config.buffer_ms = settings.buffer_ms;
    // The session has deadlines of its own, which know what they waited for.
    config.connect_timeout = Duration::MAX;
    config.answer_timeout = Duration::MAX;
    match work {
        Work::Pull(pull) => {
            let session = Session::new(link, config, settings, progress, Counts::Input);
            pull.run(session, &way.url.name, settings, progress).await
        }
        Work::Push(push) => {
            let session = Session::new(link, config, settings, progress, Counts::Output);
            push.run(session, &way.url.name, settings, progress).await
        }
    }
}
