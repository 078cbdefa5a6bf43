//! Instances of one session filter, reused from call to call.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use filter_wit::session::exports::weir::filter::session as wit;
use filter_wit::session::{SessionFilter, SessionFilterPre};
use tokio::sync::{Semaphore, SemaphorePermit};
use wasmtime::{Store, UpdateDeadline};

use super::{ConnectionInfo, Decision, PlayRequest, PublishRequest, SessionRef, StreamKey, Summary};
use crate::convert;
use crate::counters::Hook;
use crate::engine::Engines;
use crate::failure::{Cause, Failure};
use crate::filter::Description;
use crate::host::{Guest, State};
use crate::tape::{Args, Outcome};
use crate::warnings::{Pass, Warning};

/// A guest that computes gives way to the runtime's other tasks this often, in ticks.
const SLICE_TICKS: u64 = 2;

/// Instances of a filter that waits for others.
const LEAST_WAITING: usize = 32;

/// See the module.
pub(crate) struct Pool {
    pre: SessionFilterPre<State>,
    guest: Arc<Guest>,
    engines: Arc<Engines>,
    idle: Mutex<Vec<Answerer>>,
    /// As many permits as there may be instances.
    room: Semaphore,
    /// As many permits as ends may be told of at a time. They wait here, and not in front of those who want an answer.
    ends: Semaphore,
    /// Ends that are told of, or wait for it.
    ending: AtomicUsize,
    asked: AtomicU64,
    /// Questions that an instance failed at.
    faults: AtomicU64,
}

/// A pool of which more than one question in so many fails is no good, once there are this many failures.
const MOST_FAULTS: (u64, u64) = (10, 5);

/// An instance that can be asked.
struct Answerer {
    store: Store<State>,
    guest: SessionFilter,
    /// Counts the instance as long as it is there.
    _counted: Counted,
}

/// An end that the filter is told of, or that waits for it.
pub(super) struct Ending<'a> {
    pool: &'a Pool,
    _turn: Option<SemaphorePermit<'a>>,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.pool.ending.fetch_sub(1, Relaxed);
    }
}

pub(crate) struct Counted(Arc<Guest>);

impl Counted {
    /// One instance more.
    pub(crate) fn new(guest: &Arc<Guest>) -> Counted {
        guest.counters.instance(1);
        Counted(guest.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.counters.instance(-1);
    }
}

/// A question to a session filter.
#[derive(Clone, Copy)]
pub(super) enum Ask<'a> {
    Connect(&'a ConnectionInfo),
    Publish(&'a PublishRequest),
    Play(&'a PlayRequest),
    Recheck(&'a SessionRef),
    Close(&'a SessionRef, &'a Summary),
}

impl Ask<'_> {
    /// In words, for whoever looks on.
    fn about(&self) -> String {
        let key = |key: &super::StreamKey| format!("{}/{}", key.app, key.name);
        match self {
            Ask::Connect(info) => format!("{} from {}", info.app, info.peer_ip),
            Ask::Publish(req) => format!("{} from {}", key(&req.key), req.conn.peer_ip),
            Ask::Play(req) => format!("{} from {}", key(&req.key), req.conn.peer_ip),
            Ask::Recheck(who) | Ask::Close(who, _) => who.key.as_ref().map_or_else(|| who.conn.app.clone(), key),
        }
    }

    pub(super) fn hook(&self) -> Hook {
        match self {
            Ask::Connect(_) => Hook::Connect,
            Ask::Publish(_) => Hook::Publish,
            Ask::Play(_) => Hook::Play,
            Ask::Recheck(_) => Hook::Recheck,
            Ask::Close(..) => Hook::Close,
        }
    }

    /// The stream that it is about; for a connection, who connects to what. By this a rollout tells sessions apart.
    pub(super) fn key(&self) -> StreamKey {
        let of = |conn: &ConnectionInfo| StreamKey { app: conn.app.clone(), name: conn.peer_ip.clone(), query: vec![] };
        match self {
            Ask::Connect(info) => of(info),
            Ask::Publish(req) => req.key.clone(),
            Ask::Play(req) => req.key.clone(),
            Ask::Recheck(who) | Ask::Close(who, _) => who.key.clone().unwrap_or_else(|| of(&who.conn)),
        }
    }
}

impl Pool {
    pub(crate) fn new(pre: SessionFilterPre<State>, guest: &Arc<Guest>, engines: &Arc<Engines>) -> Pool {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let most = match guest.limits.session_instances {
            0 if guest.outbound.is_some() => (cores * 2).max(LEAST_WAITING),
            0 => cores * 2,
            n => n,
        };
        Pool {
            pre,
            guest: guest.clone(),
            engines: engines.clone(),
            idle: Mutex::default(),
            room: Semaphore::new(most.min(Semaphore::MAX_PERMITS)),
            ends: Semaphore::new((most / 2).clamp(1, Semaphore::MAX_PERMITS)),
            ending: AtomicUsize::new(0),
            asked: AtomicU64::new(0),
            faults: AtomicU64::new(0),
        }
    }

    /// Starts an instance and asks what it says of itself.
    pub(crate) async fn describe(&self) -> Result<Description, Failure> {
        self.in_time(Hook::Describe, self.ask_description()).await
    }

    async fn ask_description(&self) -> Result<Description, Failure> {
        let mut answerer = self.start().await?;
        let limit = self.guest.limits.start_time;
        let lifecycle = answerer.guest.weir_filter_lifecycle();
        let described =
            self.timed(&mut answerer.store, Hook::Describe, limit, async |s| lifecycle.call_describe(s).await);
        Ok(convert::session_description(described.await?))
    }

    /// Starts and configures an instance, and keeps it for the first question.
    pub(crate) async fn warm(&self) -> Result<(), Failure> {
        let answerer = self.in_time(Hook::Configure, async { self.configured(self.start().await?).await }).await?;
        self.keep(answerer);
        Ok(())
    }

    /// Waiting has an end.
    async fn in_time<R>(&self, hook: Hook, what: impl Future<Output = Result<R, Failure>>) -> Result<R, Failure> {
        let wait = self.guest.limits.session_wait;
        let late = || Failure {
            hook,
            cause: Cause::Deadline,
            why: format!("no answer within {wait:?} (limits.session_wait)"),
            limit: Some("limits.session_wait"),
        };
        tokio::time::timeout(wait, what).await.unwrap_or_else(|_| Err(late()))
    }

    /// Why it is no good, if instances fail again and again, even if others answer in their place.
    pub(super) fn too_many_faults(&self) -> Option<String> {
        let (asked, faults) = (self.asked.load(Relaxed), self.faults.load(Relaxed));
        let (share, least) = MOST_FAULTS;
        (faults >= least && faults.saturating_mul(share) > asked)
            .then(|| format!("failed at {faults} of {asked} questions"))
    }

    /// Waits until it can be told of an end. None: too many wait already, and it is not told of this one.
    pub(super) async fn turn_to_end(&self) -> Option<Ending<'_>> {
        let most = self.guest.limits.session_closes;
        let take = |n: usize| (n < most).then_some(n + 1);
        if self.ending.fetch_update(Relaxed, Relaxed, take).is_err() {
            // Said once, when it begins; what follows is counted.
            if self.guest.counters.totals.untold_closes.fetch_add(1, Relaxed) == 0 {
                let filter = &*self.guest.name;
                tracing::warn!(target: "filter", filter, waiting = most, "more sessions end than it can be told of: it does not hear of all");
            }
            return None;
        }
        let mut ending = Ending { pool: self, _turn: None };
        ending._turn = Some(self.ends.acquire().await.ok()?);
        Some(ending)
    }

    /// Asks; if the instance fails, once more on a fresh one.
    pub(super) async fn ask(&self, ask: Ask<'_>) -> Result<Decision, Failure> {
        self.asked.fetch_add(1, Relaxed);
        let answer = self.in_time(ask.hook(), async {
            let failure = match self.ask_once(ask, true).await {
                Ok(decision) => return Ok(decision),
                Err(failure) => failure,
            };
            let guest = &self.guest;
            if let Some(Pass { held_back }) = guest.counters.warnings.pass(Warning::AskedAgain, &guest.clock) {
                tracing::warn!(target: "filter", filter = &*guest.name, held_back, "it failed in {failure}; asked once more");
            }
            failure.count(&self.guest.counters);
            self.faults.fetch_add(1, Relaxed);
            self.ask_once(ask, false).await
        });
        answer.await.inspect_err(|failure| failure.count(&self.guest.counters))
    }

    async fn ask_once(&self, ask: Ask<'_>, reuse: bool) -> Result<Decision, Failure> {
        let closed =
            |_| Failure { hook: ask.hook(), cause: Cause::Fault, why: "the pool is closed".into(), limit: None };
        let _place = self.room.acquire().await.map_err(closed)?;
        let idle = if reuse { self.lock().pop() } else { None };
        let mut answerer = match idle {
            Some(answerer) => answerer,
            None => self.configured(self.start().await?).await?,
        };
        let hooks = answerer.guest.weir_filter_session();
        let limit = self.guest.limits.session_time;
        answerer.store.data_mut().begins(ask.hook(), || Args::Session(ask.about()));
        let answered = self.timed(&mut answerer.store, ask.hook(), limit, async |store| {
            Ok(match ask {
                Ask::Connect(info) => hooks.call_on_connect(store, &convert::connection_info(info)).await?,
                Ask::Publish(req) => hooks.call_on_publish(store, &convert::publish_request(req)).await?,
                Ask::Play(req) => hooks.call_on_play(store, &convert::play_request(req)).await?,
                Ask::Recheck(who) => hooks.call_on_recheck(store, &convert::session_ref(who)).await?,
                Ask::Close(who, how) => {
                    hooks.call_on_close(store, &convert::session_ref(who), convert::summary(how)).await?;
                    wit::Decision::Abstain
                }
            })
        });
        let answered = answered.await;
        answerer.store.data_mut().ends(|| match &answered {
            Ok(decision) => Outcome::Answered(format!("{decision:?}")),
            Err(failure) => Outcome::failed(failure),
        });
        let decision = answered?;
        self.guest.counters.memory(answerer.store.data().limiter.bytes());
        self.keep(answerer);
        if !matches!(ask, Ask::Close(..)) {
            let answer = match &decision {
                wit::Decision::Abstain => 0,
                wit::Decision::Allow(_) => 1,
                wit::Decision::Deny(_) => 2,
                wit::Decision::Redirect(_) => 3,
            };
            self.guest.counters.answered(ask.hook(), answer);
        }
        Ok(convert::decision(decision))
    }

    fn keep(&self, answerer: Answerer) {
        self.lock().push(answerer);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Answerer>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn start(&self) -> Result<Answerer, Failure> {
        let mut store = store(&self.guest, &self.engines);
        store.data_mut().desk.tape = self.guest.tape("");
        let limit = self.guest.limits.start_time;
        let guest = self.timed(&mut store, Hook::Start, limit, async |store| self.pre.instantiate_async(store).await);
        let guest = guest.await?;
        self.guest.counters.memory(store.data().limiter.bytes());
        Ok(Answerer { store, guest, _counted: Counted::new(&self.guest) })
    }

    async fn configured(&self, mut answerer: Answerer) -> Result<Answerer, Failure> {
        let limit = self.guest.limits.start_time;
        let lifecycle = answerer.guest.weir_filter_lifecycle();
        let said = self.timed(&mut answerer.store, Hook::Configure, limit, async |s| lifecycle.call_configure(s).await);
        said.await?.map_err(|fault| Failure::said(Hook::Configure, &fault))?;
        Ok(answerer)
    }

    async fn timed<R>(
        &self,
        store: &mut Store<State>,
        hook: Hook,
        limit: std::time::Duration,
        call: impl AsyncFnOnce(&mut Store<State>) -> wasmtime::Result<R>,
    ) -> Result<R, Failure> {
        timed(&self.engines, store, hook, limit, call).await
    }
}

/// A store for an instance that answers on a fiber: one that computes gives way, and traps when its CPU time is used up.
pub(crate) fn store(guest: &Arc<Guest>, engines: &Engines) -> Store<State> {
    let mut store = Store::new(&engines.session, State::new(guest));
    store.limiter(|state| &mut state.limiter);
    store.set_hostcall_fuel(guest.limits.copied_bytes);
    store.epoch_deadline_callback(|mut store| {
        let state = store.data_mut();
        state.slices_left = state.slices_left.saturating_sub(1);
        Ok(match state.slices_left {
            0 => UpdateDeadline::Interrupt,
            _ => UpdateDeadline::YieldCustom(SLICE_TICKS, Box::pin(tokio::task::yield_now())),
        })
    });
    store
}

/// Runs one call within its CPU time and counts it.
pub(crate) async fn timed<R>(
    engines: &Engines,
    store: &mut Store<State>,
    hook: Hook,
    limit: std::time::Duration,
    call: impl AsyncFnOnce(&mut Store<State>) -> wasmtime::Result<R>,
) -> Result<R, Failure> {
    let state = store.data_mut();
    state.budget.begin();
    state.limiter.forget_refusal();
    let started = engines.stopwatch.raw();
    state.deadline.begin(limit, started);
    state.slices_left = (crate::engine::ticks(limit) / SLICE_TICKS).max(2);
    store.set_epoch_deadline(SLICE_TICKS);
    let armed = engines.arm();
    let result = call(store).await;
    let took = std::time::Duration::from_nanos(engines.stopwatch.delta_as_nanos(started, engines.stopwatch.raw()));
    drop(armed);
    let state = store.data();
    state.guest.counters.call(hook, took, None, state.budget.copied());
    result.map_err(|e| Failure::trapped(hook, &e, store.data()))
}
