//! The terms of an allowance, held by timers, and the word to the filters when it is over.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use filter::SessionChain;
use filter::session::{Decision, EndReason, Grant, SessionRef, Summary};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use tracing::{Instrument, Span};

use crate::rate::millis;
use crate::refusal::{Asked, Kick, Refusal};
use crate::router::Shared;

/// A filter that asks to be asked again more often than this is asked this often.
const RECHECK_MIN: Duration = Duration::from_millis(100);

/// A connection, publication or subscription that was allowed. Its end, by drop, is told to the filters.
#[derive(Debug)]
pub(crate) struct Session {
    shared: Arc<Shared>,
    chain: SessionChain,
    who: SessionRef,
    span: Span,
    born: Instant,
    kick: Arc<watch::Sender<Option<Kick>>>,
    timer: Option<JoinHandle<()>>,
    traffic: Arc<Traffic>,
    reason: Option<EndReason>,
}

/// Bytes of frame bodies that went through a connection.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) bytes_in: AtomicU64,
    pub(crate) bytes_out: AtomicU64,
}

impl Session {
    /// Begins on the terms of `grant`: asks again and ends in time, by a task of its own if there is anything to wait for.
    pub(crate) fn begin(
        shared: Arc<Shared>,
        chain: SessionChain,
        asked: Asked,
        who: SessionRef,
        grant: &Grant,
        span: Span,
    ) -> Session {
        let kick = Arc::new(watch::Sender::new(None));
        let born = Instant::now();
        let deadline = grant.max_duration_ms.and_then(|ms| born.checked_add(Duration::from_millis(ms)));
        let recheck = grant.recheck_ms.map(|ms| Duration::from_millis(u64::from(ms)).max(RECHECK_MIN));
        let timer = (deadline.is_some() || recheck.is_some()).then(|| {
            let (chain, who, kick) = (chain.clone(), who.clone(), Arc::clone(&kick));
            let watch = async move {
                let why = watch(&chain, asked, &who, deadline, recheck).await;
                kick.send_if_modified(|k| k.is_none() && k.replace(why).is_none());
            };
            tokio::spawn(watch.instrument(span.clone()))
        });
        let traffic = Arc::default();
        Session { shared, chain, who, span, born, kick, timer, traffic, reason: None }
    }

    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    pub(crate) fn traffic(&self) -> &Arc<Traffic> {
        &self.traffic
    }

    pub(crate) fn age(&self) -> Duration {
        self.born.elapsed()
    }

    /// Ends the session by our own decision; the first reason stays.
    pub(crate) fn kick(&self, why: Kick) {
        self.kick.send_if_modified(|k| k.is_none() && k.replace(why).is_none());
    }

    /// Why the session must end, if it must.
    pub(crate) fn kicked_already(&self) -> Option<Kick> {
        self.kick.borrow().clone()
    }

    /// Returns when the session must end.
    pub(crate) fn kicked(&self) -> impl Future<Output = Kick> + Send + use<> {
        let mut kick = self.kick.subscribe();
        async move {
            let why = match kick.wait_for(Option::is_some).await {
                Ok(why) => why.clone(),
                Err(_) => None,
            };
            match why {
                Some(why) => why,
                // The session is gone without a kick: nobody is left to be told.
                None => std::future::pending().await,
            }
        }
    }

    /// Says why it ends, for what is told on drop.
    pub(crate) fn ends_by(&mut self, reason: EndReason) {
        self.reason.get_or_insert(reason);
    }

    /// Why it ends, as far as is known.
    pub(crate) fn reason(&self) -> EndReason {
        let kicked = || self.kick.borrow().as_ref().map(|k| k.reason);
        let shutdown = || self.shared.is_closing().then_some(EndReason::Shutdown);
        self.reason.or_else(kicked).or_else(shutdown).unwrap_or(EndReason::SourceEnded)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.abort();
        }
        if self.chain.is_empty() {
            return;
        }
        let how = Summary {
            bytes_in: self.traffic.bytes_in.load(Ordering::Relaxed),
            bytes_out: self.traffic.bytes_out.load(Ordering::Relaxed),
            duration_ms: millis(self.born.elapsed()),
            reason: self.reason(),
        };
        let (chain, who) = (self.chain.clone(), self.who.clone());
        let told = async move { chain.on_close(&who, how).await };
        self.shared.in_background(told.instrument(self.span.clone()));
    }
}

/// Returns why the session must end, once it must.
async fn watch(
    chain: &SessionChain,
    asked: Asked,
    who: &SessionRef,
    deadline: Option<Instant>,
    recheck: Option<Duration>,
) -> Kick {
    let ended = async {
        match deadline {
            Some(at) => sleep_until(at).await,
            None => std::future::pending().await,
        }
    };
    let refused = async {
        match recheck {
            Some(interval) => rechecks(chain, asked, who, interval).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        () = ended => Kick::new(asked.denied(), "the time allowed for this session is over", EndReason::Limit),
        kick = refused => kick,
    }
}

/// Asks again and again until the answer is no.
async fn rechecks(chain: &SessionChain, asked: Asked, who: &SessionRef, mut interval: Duration) -> Kick {
    loop {
        tokio::time::sleep(interval).await;
        match chain.on_recheck(who).await {
            Decision::Abstain => {}
            Decision::Allow(grant) => {
                let next = grant.recheck_ms.map(|ms| Duration::from_millis(u64::from(ms)).max(RECHECK_MIN));
                interval = next.unwrap_or(interval);
            }
            Decision::Deny(denial) => return Refusal::denied(asked, denial).into_kick(EndReason::Denied),
            Decision::Redirect(to) => return Refusal::redirected(asked, to).into_kick(EndReason::Denied),
        }
    }
}
