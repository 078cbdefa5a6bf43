//! Job planners: which encodings of a stream to make, and what became of them. They mirror `jobs` in `wit/hooks.wit`.

use std::sync::Arc;

use filter_wit::jobs::JobPlanner;
use media::track;
use wasmtime::Store;

use crate::chain::StreamInfo;
use crate::counters::Hook;
use crate::failure::{Cause, Failure};
use crate::filter::Description;
use crate::generation::Generation;
use crate::host::State;
use crate::session::Attributes;
use crate::session::pool::{Counted, store, timed};
use crate::warnings::{Pass, Warning};
use crate::{Filter, convert};

/// An encoding that a planner wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendition {
    /// Behind the parent's name: the name of what is made.
    pub suffix: String,
    /// A profile of the operator's file.
    pub profile: String,
    /// Values for its placeholders.
    pub params: Attributes,
    /// Higher goes first when slots are short.
    pub priority: u8,
}

/// What became of an encoding.
#[derive(Clone, Debug, PartialEq)]
pub enum JobEvent {
    /// It publishes.
    Started,
    /// How fast it is.
    Progress {
        /// Frames per second.
        fps: f32,
        /// Against real time: below 1 it falls behind.
        speed: f32,
    },
    /// It publishes again; how often so far.
    Restarted(u32),
    /// Its encoder ended: the exit code, 128 and the signal's number if it was a signal.
    Ended(i32),
    /// It does not get as far as publishing, and why.
    Failed(String),
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unplanned {
    /// The planner says itself that it has none: that is its answer.
    #[error("{0}")]
    Said(String),
    /// It could not be asked, or failed. What it planned before still holds.
    #[error("{0}")]
    Broken(String),
}

/// One instance of a planner's newest generation, for all streams. It is opened when it is needed, and again after a fault.
#[derive(Debug)]
pub struct Planner {
    filter: Arc<Filter>,
    opened: Option<Opened>,
}

struct Opened {
    generation: Arc<Generation>,
    store: Store<State>,
    guest: JobPlanner,
    /// Counts the instance as long as it is there.
    _counted: Counted,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opened({})", self.generation.label)
    }
}

impl Planner {
    /// Nothing runs yet.
    pub fn new(filter: Arc<Filter>) -> Planner {
        Planner { filter, opened: None }
    }

    /// Which encodings of a stream to make.
    ///
    /// # Errors
    /// The planner has no plan, or cannot be asked.
    pub async fn plan(&mut self, stream: &StreamInfo, tracks: &[track::Info]) -> Result<Vec<Rendition>, Unplanned> {
        let mut opened = self.take().await?;
        let (hooks, info) = (opened.guest.weir_filter_jobs(), convert::stream_info(stream, tracks, 0));
        let (engines, guest) = (&opened.generation.engines, &opened.generation.guest);
        let (limit, wait) = (guest.limits.session_time, guest.limits.session_wait);
        let call = timed(engines, &mut opened.store, Hook::Plan, limit, async |s| hooks.call_plan(s, &info).await);
        let planned = match tokio::time::timeout(wait, call).await {
            Ok(planned) => planned,
            Err(_) => Err(late(Hook::Plan, wait)),
        };
        let planned = planned.map_err(|failure| self.broken(&failure, guest))?;
        guest.counters.memory(opened.store.data().limiter.bytes());
        let answer = planned.map_err(|fault| {
            let failure = Failure::said(Hook::Plan, &fault);
            failure.count(&guest.counters);
            Unplanned::Said(failure.why)
        });
        self.opened = Some(opened);
        Ok(answer?.into_iter().map(convert::rendition).collect())
    }

    /// Tells what became of one. A planner that fails at that is in the log, and starts anew with the next call.
    pub async fn told(&mut self, stream: u64, suffix: &str, event: &JobEvent) {
        let Ok(mut opened) = self.take().await else { return };
        let (hooks, event) = (opened.guest.weir_filter_jobs(), convert::job_event(event));
        let (engines, guest) = (&opened.generation.engines, &opened.generation.guest);
        let (limit, wait) = (guest.limits.session_time, guest.limits.session_wait);
        let call = timed(engines, &mut opened.store, Hook::Job, limit, async |s| {
            hooks.call_on_job(s, stream, suffix, &event).await
        });
        let told = match tokio::time::timeout(wait, call).await {
            Ok(told) => told,
            Err(_) => Err(late(Hook::Job, wait)),
        };
        match told {
            Ok(()) => self.opened = Some(opened),
            Err(failure) => {
                let why = self.broken(&failure, guest);
                if let Some(Pass { held_back }) = guest.counters.warnings.pass(Warning::Failed, &guest.clock) {
                    tracing::warn!(target: "filter", filter = self.filter.name(), held_back, "it failed in {why}");
                }
            }
        }
    }

    /// The instance of the generation that runs now. Who takes it puts it back if it is still good.
    async fn take(&mut self) -> Result<Opened, Unplanned> {
        let missing = |why: &str| Unplanned::Broken(why.to_owned());
        let generation = self.filter.generation().ok_or_else(|| missing("it is not loaded"))?;
        if generation.jobs.is_none() {
            return Err(missing("it has no hooks for jobs"));
        }
        match self.opened.take() {
            Some(opened) if Arc::ptr_eq(&opened.generation, &generation) => Ok(opened),
            _ => open(&generation).await.map_err(|failure| self.broken(&failure, &generation.guest)),
        }
    }

    fn broken(&self, failure: &Failure, guest: &crate::host::Guest) -> Unplanned {
        failure.count(&guest.counters);
        Unplanned::Broken(failure.to_string())
    }
}

fn late(hook: Hook, wait: std::time::Duration) -> Failure {
    Failure {
        hook,
        cause: Cause::Deadline,
        why: format!("no answer within {wait:?} (limits.session_wait)"),
        limit: Some("limits.session_wait"),
    }
}

/// An instance that is not configured.
async fn start(generation: &Arc<Generation>) -> Result<Opened, Failure> {
    let none = || Failure { hook: Hook::Start, cause: Cause::Trap, why: "it is no job planner".into(), limit: None };
    let pre = generation.jobs.as_ref().ok_or_else(none)?;
    let mut store = store(&generation.guest, &generation.engines);
    let limit = generation.guest.limits.start_time;
    let guest =
        timed(&generation.engines, &mut store, Hook::Start, limit, async |s| pre.instantiate_async(s).await).await?;
    generation.guest.counters.memory(store.data().limiter.bytes());
    Ok(Opened { _counted: Counted::new(&generation.guest), generation: Arc::clone(generation), store, guest })
}

/// Waiting has an end: a planner may call others.
async fn in_time<R>(
    generation: &Arc<Generation>,
    hook: Hook,
    what: impl Future<Output = Result<R, Failure>>,
) -> Result<R, Failure> {
    let wait = generation.guest.limits.session_wait;
    tokio::time::timeout(wait, what).await.unwrap_or_else(|_| Err(late(hook, wait)))
}

async fn open(generation: &Arc<Generation>) -> Result<Opened, Failure> {
    in_time(generation, Hook::Configure, configured(generation)).await
}

async fn configured(generation: &Arc<Generation>) -> Result<Opened, Failure> {
    let mut opened = start(generation).await?;
    let lifecycle = opened.guest.weir_filter_lifecycle();
    let limit = generation.guest.limits.start_time;
    let said = timed(&generation.engines, &mut opened.store, Hook::Configure, limit, async |s| {
        lifecycle.call_configure(s).await
    });
    said.await?.map_err(|fault| Failure::said(Hook::Configure, &fault))?;
    Ok(opened)
}

/// What a planner says of itself. Nothing is configured.
pub(crate) async fn describe(generation: &Arc<Generation>) -> Result<Description, Failure> {
    in_time(generation, Hook::Describe, ask_description(generation)).await
}

async fn ask_description(generation: &Arc<Generation>) -> Result<Description, Failure> {
    let mut opened = start(generation).await?;
    let lifecycle = opened.guest.weir_filter_lifecycle();
    let limit = generation.guest.limits.start_time;
    let described = timed(&generation.engines, &mut opened.store, Hook::Describe, limit, async |s| {
        lifecycle.call_describe(s).await
    });
    Ok(convert::planner_description(described.await?))
}

/// Starts and configures one on trial.
pub(crate) async fn probe(generation: &Arc<Generation>) -> Result<(), Failure> {
    open(generation).await.map(|_| ())
}
