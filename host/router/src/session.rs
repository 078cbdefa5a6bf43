//! The terms of an allowance, held by timers, and the word to the filters when it is over.

use std::future::Future;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use filter::SessionChain;
use filter::session::{Attributes, Decision, EndReason, Grant, SessionRef, Summary};
use tokio::sync::Notify;
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
    /// The filters that are told of its end, if there are any, and whose it is: as it was admitted, its tags may have changed
    /// since.
    told: Option<Box<(SessionChain, SessionRef)>>,
    span: Span,
    born: Instant,
    terms: Arc<Terms>,
    timer: Option<JoinHandle<()>>,
    traffic: Traffic,
    reason: Option<EndReason>,
}

/// What holds for a session, and may be set anew when its filters are asked again.
#[derive(Debug)]
struct Terms {
    /// Said once. Thousands of sessions wait for what nearly never comes: a channel for it would be most of a session.
    kick: OnceLock<Box<Kick>>,
    kicked: Notify,
    tags: Mutex<Attributes>,
    /// 0: no limit.
    max_kbps: AtomicU32,
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
        let born = Instant::now();
        let terms = Arc::new(Terms {
            kick: OnceLock::new(),
            kicked: Notify::new(),
            tags: Mutex::new(grant.tags.clone()),
            max_kbps: AtomicU32::new(grant.max_kbps.unwrap_or(0)),
        });
        let deadline = deadline(born, grant);
        let interval = interval(grant);
        let timer = (deadline.is_some() || interval.is_some()).then(|| {
            let watch =
                Watch { chain: chain.clone(), asked, who: who.clone(), terms: Arc::clone(&terms), deadline, interval };
            tokio::spawn(watch.run().instrument(span.clone()))
        });
        let told = (!chain.is_empty()).then(|| Box::new((chain, who)));
        Session { shared, told, span, born, terms, timer, traffic: Traffic::default(), reason: None }
    }

    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    pub(crate) fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    pub(crate) fn age(&self) -> Duration {
        self.born.elapsed()
    }

    /// Kilobits per second that the session may not stay above.
    pub(crate) fn max_kbps(&self) -> Option<u32> {
        Some(self.terms.max_kbps.load(Ordering::Relaxed)).filter(|kbps| *kbps != 0)
    }

    /// Ends the session by our own decision; the first reason stays.
    pub(crate) fn kick(&self, why: Kick) {
        self.terms.kick(why);
    }

    /// It ends when `over` returns. Not for a session that has terms of its own.
    pub(crate) fn ends_when(&mut self, over: impl Future<Output = Kick> + Send + 'static) {
        let terms = Arc::clone(&self.terms);
        let watch = async move { terms.kick(over.await) };
        if let Some(timer) = self.timer.replace(tokio::spawn(watch.instrument(self.span.clone()))) {
            timer.abort();
        }
    }

    /// Whether anything but our own decision can end it.
    pub(crate) fn may_be_kicked(&self) -> bool {
        self.timer.is_some()
    }

    /// Why the session must end, if it must.
    pub(crate) fn kicked_already(&self) -> Option<Kick> {
        self.terms.kick.get().map(|kick| Kick::clone(kick))
    }

    /// Returns when the session must end.
    pub(crate) fn kicked(&self) -> impl Future<Output = Kick> + Send + use<> {
        let terms = Arc::clone(&self.terms);
        async move {
            loop {
                // It hears what comes from here on, so that no kick falls between the look and the wait.
                let kicked = terms.kicked.notified();
                if let Some(kick) = terms.kick.get() {
                    return Kick::clone(kick);
                }
                kicked.await;
            }
        }
    }

    /// Says why it ends, for what is told on drop.
    pub(crate) fn ends_by(&mut self, reason: EndReason) {
        self.reason.get_or_insert(reason);
    }

    /// Why it ends, as far as is known.
    pub(crate) fn reason(&self) -> EndReason {
        let kicked = || self.terms.kick.get().map(|k| k.reason);
        let shutdown = || self.shared.is_closing().then_some(EndReason::Shutdown);
        self.reason.or_else(kicked).or_else(shutdown).unwrap_or(EndReason::SourceEnded)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let timer = self.timer.take();
        if let Some(timer) = &timer {
            timer.abort();
        }
        let Some(told) = self.told.take() else { return };
        let (chain, mut who) = *told;
        let how = Summary {
            bytes_in: self.traffic.bytes_in.load(Ordering::Relaxed),
            bytes_out: self.traffic.bytes_out.load(Ordering::Relaxed),
            duration_ms: millis(self.born.elapsed()),
            reason: self.reason(),
        };
        who.tags = self.terms.tags();
        let told = async move {
            // A filter that is being asked again at this moment is to hear of the end behind that, not beside it.
            if let Some(timer) = timer {
                let _ = timer.await;
            }
            chain.on_close(&who, how).await;
        };
        self.shared.in_background(told.instrument(self.span.clone()));
    }
}

impl Terms {
    fn kick(&self, why: Kick) {
        if self.kick.set(Box::new(why)).is_ok() {
            self.kicked.notify_waiters();
        }
    }

    fn tags(&self) -> Attributes {
        self.tags.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What an allowance says anew takes the place of what was said before; what it does not mention stays.
    fn renew(&self, grant: &Grant) {
        if let Some(kbps) = grant.max_kbps {
            self.max_kbps.store(kbps, Ordering::Relaxed);
        }
        let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        tags.retain(|(name, _)| grant.tags.iter().all(|(new, _)| new != name));
        tags.extend(grant.tags.iter().cloned());
    }
}

/// What waits beside a session for its time to be over or its filters to change their mind.
struct Watch {
    chain: SessionChain,
    asked: Asked,
    who: SessionRef,
    terms: Arc<Terms>,
    deadline: Option<Instant>,
    interval: Option<Duration>,
}

impl Watch {
    async fn run(mut self) {
        let mut next = self.next();
        loop {
            tokio::select! {
                biased;
                () = until(self.deadline) => {
                    let why = "the time allowed for this session is over";
                    return self.terms.kick(Kick::new(self.asked.over(), why, EndReason::Limit));
                }
                decision = recheck(next, &self.chain, &self.who, &self.terms) => {
                    if let Some(kick) = self.heard(decision) {
                        return self.terms.kick(kick);
                    }
                    next = self.next();
                }
            }
        }
    }

    fn next(&self) -> Option<Instant> {
        self.interval.and_then(|interval| Instant::now().checked_add(interval))
    }

    fn heard(&mut self, decision: Decision) -> Option<Kick> {
        let refusal = match decision {
            Decision::Abstain => return None,
            Decision::Allow(grant) => {
                self.terms.renew(&grant);
                self.interval = interval(&grant).or(self.interval);
                self.deadline = deadline(Instant::now(), &grant).or(self.deadline);
                return None;
            }
            Decision::Deny(denial) => Refusal::denied(self.asked, denial),
            Decision::Redirect(to) => Refusal::redirected(self.asked, to),
        };
        Some(refusal.into_kick(EndReason::Denied))
    }
}

async fn recheck(at: Option<Instant>, chain: &SessionChain, who: &SessionRef, terms: &Terms) -> Decision {
    until(at).await;
    let who = SessionRef { tags: terms.tags(), ..who.clone() };
    chain.on_recheck(&who).await
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

fn deadline(from: Instant, grant: &Grant) -> Option<Instant> {
    grant.max_duration_ms.and_then(|ms| from.checked_add(Duration::from_millis(ms)))
}

fn interval(grant: &Grant) -> Option<Duration> {
    grant.recheck_ms.map(|ms| Duration::from_millis(u64::from(ms)).max(RECHECK_MIN))
}
