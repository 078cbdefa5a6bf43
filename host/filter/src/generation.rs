//! One version of a filter: these bytes with this configuration. It never changes; a change makes another.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use filter_wit::jobs::JobPlannerPre;
use filter_wit::media::{MediaFilterPre, weir::filter as wit};
use filter_wit::session::{SessionFilterPre, weir::filter::outbound as outbound_wit};
use sha2::{Digest, Sha256};
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Engine, Store, UpdateDeadline};

use crate::cache::{Cache, hex};
use crate::component::{self, Worlds};
use crate::counters::{Counters, Histogram};
use crate::crew::{Crew, Duty};
use crate::deadline::thread_cpu;
use crate::engine::Engines;
use crate::failure::{Cause, Failure};
use crate::filter::Description;
use crate::host::{Guest, LineRate, State};
use crate::instance::{Instance, Opening};
use crate::pace::Known;
use crate::session::pool::Pool;
use crate::shared::Shares;
use crate::spec::Isolation;
use crate::tape::recorder::Recorder;
use crate::tape::watch::Watch;
use crate::wants::Asked;
use crate::{Clock, Error, Placement, RuntimeConfig, Spec, kv, outbound, planner};

/// What making generations needs.
pub(crate) struct Workshop {
    pub(crate) engines: Arc<Engines>,
    pub(crate) cache: Cache,
    pub(crate) clock: Clock,
    pub(crate) crew: Crew,
    kv: kv::Store,
    outbound: outbound::Exchange,
    watch: Option<Arc<Watch>>,
    media: Linker<State>,
    session: Linker<State>,
}

impl std::fmt::Debug for Workshop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Workshop")
    }
}

/// See the module.
pub(crate) struct Generation {
    /// Never used twice: what the same bytes and settings make anew is another.
    pub(crate) id: u64,
    /// Name, digest of the bytes, hash of the configuration: `nal@1a2b3c4d.5e6f7a8b`.
    pub(crate) label: String,
    pub(crate) identity: Identity,
    pub(crate) worlds: Worlds,
    /// Functions that it imports, such as `weir:filter/kv.get`: what is not among them it cannot call.
    pub(crate) imports: Arc<[String]>,
    /// What it said of itself on trial.
    pub(crate) description: OnceLock<Description>,
    pub(crate) guest: Arc<Guest>,
    pub(crate) engines: Arc<Engines>,
    pub(crate) media: Option<MediaFilterPre<State>>,
    /// What its streams want to see.
    pub(crate) asked: Asked,
    /// Where many streams share an instance.
    pub(crate) shares: Option<Shares>,
    pub(crate) session: Option<Pool>,
    pub(crate) jobs: Option<JobPlannerPre<State>>,
    /// Times of `on-frame`, of its instances that are gone.
    pub(crate) frames: Histogram,
    /// Whether its calls are slow.
    pub(crate) pace: Known,
    /// Streams and requests on which it was left for the one before.
    left: AtomicU32,
    /// Why it is not to run any more.
    bad: OnceLock<String>,
}

impl std::fmt::Debug for Generation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.label)
    }
}

/// What two generations of a filter differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) bytes: [u8; 32],
    pub(crate) settings: [u8; 32],
}

impl Identity {
    pub(crate) fn new(spec: &Spec, bytes: &[u8]) -> Identity {
        let settings =
            format!("{} {:?} {:?} {:?} {:?}", spec.config, spec.secrets, spec.grants, spec.limits, spec.repair);
        // What is to be recorded makes another generation: its recordings begin where its instances do.
        let settings = format!("{settings} {:?} {:?}", spec.record, spec.isolation);
        // Elsewhere its answers mean something else.
        let settings = match spec.placement {
            Placement::Ingest => settings,
            placement => format!("{settings} {placement:?}"),
        };
        Identity { bytes: Sha256::digest(bytes).into(), settings: Sha256::digest(settings).into() }
    }

    /// As logs name it: `1a2b3c4d.5e6f7a8b`.
    pub(crate) fn label(&self) -> String {
        format!("{}.{}", short(&self.bytes), short(&self.settings))
    }
}

impl Workshop {
    pub(crate) fn new(engines: Engines, cache: Cache, config: &RuntimeConfig) -> Result<Workshop, Error> {
        let broken = |e: wasmtime::Error| Error::Runtime(format!("{e:#}"));
        let media = linker(&engines.media).map_err(broken)?;
        let mut session = linker(&engines.session).map_err(broken)?;
        // Not for media hooks: one async function in a linker makes every call of its engine an async one.
        outbound_wit::add_to_linker::<State, HasSelf<State>>(&mut session, |s| s).map_err(broken)?;
        Ok(Workshop {
            engines: Arc::new(engines),
            cache,
            clock: config.clock.clone(),
            crew: Crew::new(Duty::Aside, config.aside_threads),
            kv: kv::Store::new(config.kv.clone()),
            outbound: outbound::Exchange::new(config.outbound.clone()),
            watch: config.watch.clone(),
            media,
            session,
        })
    }

    /// Checks and compiles. Takes as long as the compiler needs: not for a thread that serves peers.
    pub(crate) fn make(&self, spec: &Spec, counters: &Arc<Counters>, bytes: &[u8]) -> Result<Generation, Error> {
        let checked = component::check(&spec.name, bytes, &spec.grants)?;
        let worlds = checked.inspection.worlds;
        let identity = Identity::new(spec, bytes);
        let label = format!("{}@{}.{}", spec.name, short(&identity.bytes), short(&identity.settings));
        let guest = Arc::new(Guest {
            name: spec.name.as_str().into(),
            limits: spec.limits.clone(),
            entropy: spec.grants.entropy,
            derive: spec.grants.derive && spec.placement != Placement::Observe,
            tracks: spec.grants.tracks && spec.placement != Placement::Observe,
            kv: self.kv.grant(&spec.name, &spec.grants)?,
            outbound: self.outbound.grant(spec, &self.engines)?,
            config_json: match &spec.config {
                serde_json::Value::Null => "{}".to_owned(),
                config => config.to_string(),
            },
            secrets: spec.secrets.clone(),
            clock: self.clock.clone(),
            counters: counters.clone(),
            lines: LineRate::new(spec.limits.log_lines_per_second),
            watch: self.watch.clone(),
            recorder: spec
                .record
                .as_ref()
                .map(|settings| Arc::new(Recorder::new(spec, settings, &label, &identity.bytes))),
            rehearses: false,
        });
        let mut generation = Generation {
            id: next_id(),
            label,
            identity,
            worlds,
            imports: Arc::default(),
            description: OnceLock::new(),
            guest,
            engines: self.engines.clone(),
            media: None,
            asked: Asked::default(),
            shares: (spec.isolation == Isolation::Shared).then(Shares::default),
            session: None,
            jobs: None,
            frames: Histogram::default(),
            pace: Known::default(),
            left: AtomicU32::new(0),
            bad: OnceLock::new(),
        };
        if worlds.media {
            let component = self.compile(spec, &self.engines.media, &checked.bytes)?;
            let mut linker = self.media.clone();
            let linked = crate::wasi::link(&mut linker, &component);
            linked.map_err(|e| mistyped(spec, &e))?;
            let pre = linker.instantiate_pre(&component).and_then(MediaFilterPre::new);
            generation.media = Some(pre.map_err(|e| mistyped(spec, &e))?);
            generation.imports = component::functions(&component);
        }
        // A planner answers as a session filter does.
        if worlds.session || worlds.jobs {
            let component = self.compile(spec, &self.engines.session, &checked.bytes)?;
            let mut linker = self.session.clone();
            let linked = crate::wasi::link(&mut linker, &component);
            linked.map_err(|e| mistyped(spec, &e))?;
            let pre = linker.instantiate_pre(&component).map_err(|e| mistyped(spec, &e))?;
            generation.imports = component::functions(&component);
            if worlds.jobs {
                generation.jobs = Some(JobPlannerPre::new(pre.clone()).map_err(|e| mistyped(spec, &e))?);
            }
            if worlds.session {
                let pre = SessionFilterPre::new(pre).map_err(|e| mistyped(spec, &e))?;
                generation.session = Some(Pool::new(pre, &generation.guest, &self.engines));
            }
        }
        Ok(generation)
    }

    fn compile(&self, spec: &Spec, engine: &Engine, bytes: &[u8]) -> Result<Component, Error> {
        let started = std::time::Instant::now();
        let (component, kept) = self
            .cache
            .compiled(engine, bytes)
            .map_err(|e| Error::Compile { name: spec.name.clone(), why: format!("{e:#}") })?;
        tracing::debug!(target: "filter", filter = spec.name, kept, "compiled in {:?}", started.elapsed());
        Ok(component)
    }
}

fn next_id() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Relaxed)
}

fn mistyped(spec: &Spec, e: &wasmtime::Error) -> Error {
    let why = format!("its interfaces are not those of {}: {e:#}", component::OFFERED);
    Error::World { name: spec.name.clone(), why }
}

fn short(digest: &[u8; 32]) -> String {
    hex(digest.get(..4).unwrap_or_default())
}

/// All interfaces for both engines: a filter may have hooks of several worlds. `frame` and `output` are of no use outside media hooks,
/// and say so.
fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wit::types::add_to_linker::<State, HasSelf<State>>(&mut linker, |s| s)?;
    wit::log::add_to_linker::<State, HasSelf<State>>(&mut linker, |s| s)?;
    wit::metrics::add_to_linker::<State, HasSelf<State>>(&mut linker, |s| s)?;
    wit::clock::add_to_linker::<State, HasSelf<State>>(&mut linker, |s| s)?;
    wit::config::add_to_linker::<State, HasSelf<State>>(&mut linker, |s| s)?;
    wit::entropy::add_to_linker::<State, HasSelf<State>>(&mut linker, |s| s)?;
    wit::kv::add_to_linker::<State, HasSelf<State>>(&mut linker, |s| s)?;
    wit::output::add_to_linker::<State, HasSelf<State>>(&mut linker, |s| s)?;
    wit::frame::add_to_linker::<State, HasSelf<State>>(&mut linker, |s| s)?;
    Ok(linker)
}

impl Generation {
    /// The media filter of this generation for streams on which nothing of what it does is to last: a trial, copies of live frames.
    pub(crate) fn rehearsal(&self, counters: &Arc<Counters>) -> Generation {
        Generation {
            id: next_id(),
            label: self.label.clone(),
            identity: self.identity,
            worlds: self.worlds,
            imports: self.imports.clone(),
            description: self.description.clone(),
            guest: Arc::new(self.guest.rehearsal(counters.clone())),
            engines: self.engines.clone(),
            media: self.media.clone(),
            asked: Asked::default(),
            // Streams that share instances do so here too, among themselves.
            shares: self.shares.as_ref().map(|_| Shares::default()),
            session: None,
            jobs: None,
            frames: Histogram::default(),
            pace: Known::default(),
            left: AtomicU32::new(0),
            bad: OnceLock::new(),
        }
    }

    /// What is the same for all generations of a filter, and for no other's.
    pub(crate) fn filter(&self) -> usize {
        Arc::as_ptr(&self.guest.counters).addr()
    }

    /// Whether it is not to run any more.
    pub(crate) fn is_bad(&self) -> bool {
        self.bad.get().is_some()
    }

    /// From now on it is bad. False if it was already.
    pub(crate) fn condemn(&self, why: &str) -> bool {
        self.bad.set(why.to_owned()).is_ok()
    }

    /// One more stream or request left it; how many have.
    pub(crate) fn was_left(&self) -> u32 {
        self.left.fetch_add(1, Relaxed).saturating_add(1)
    }

    /// Whether it keeps state from one generation to the next, as it says itself.
    pub(crate) fn keeps_state(&self) -> bool {
        self.description.get().is_none_or(|d| d.state_schema != 0)
    }

    /// SHA-256 of the file in lower-case hex.
    pub(crate) fn digest(&self) -> String {
        hex(&self.identity.bytes)
    }

    /// A store for one media instance. Its calls are looked at with every tick.
    pub(crate) fn media_store(&self) -> Store<State> {
        let mut store = Store::new(&self.engines.media, State::new(&self.guest));
        store.limiter(|state| &mut state.limiter);
        store.set_hostcall_fuel(self.guest.limits.copied_bytes);
        let engines = self.engines.clone();
        store.epoch_deadline_callback(move |mut store| {
            let deadline = &mut store.data_mut().deadline;
            let stopwatch = &engines.stopwatch;
            let waited = Duration::from_nanos(stopwatch.delta_as_nanos(deadline.started(), stopwatch.raw()));
            Ok(match deadline.is_over(waited, thread_cpu()) {
                true => UpdateDeadline::Interrupt,
                false => UpdateDeadline::Continue(1),
            })
        });
        store
    }

    /// What it says of itself. Nothing is configured.
    pub(crate) async fn describe(self: &Arc<Self>, time: Duration) -> Result<Description, Error> {
        match &self.session {
            Some(pool) => pool.describe().await.map_err(|f| self.failed(f)),
            None if self.media.is_some() => self.try_out(time, |it| Instance::describe(&it)).await,
            None => planner::describe(self).await.map_err(|f| self.failed(f)),
        }
    }

    /// Runs it on trial: start, configure, and for media filters open and subscribe on a stream without tracks.
    pub(crate) async fn probe(self: &Arc<Self>, time: Duration) -> Result<(), Error> {
        if let Some(pool) = &self.session {
            pool.warm().await.map_err(|f| self.failed(f))?;
        }
        if self.media.is_some() {
            self.try_out(time, Generation::try_media).await?;
        }
        if self.jobs.is_some() {
            planner::probe(self).await.map_err(|f| self.failed(f))?;
        }
        Ok(())
    }

    /// Media hooks are plain calls: on trial they have a thread to themselves.
    async fn try_out<R: Send + 'static>(
        self: &Arc<Self>,
        time: Duration,
        call: impl FnOnce(Arc<Generation>) -> Result<R, Failure> + Send + 'static,
    ) -> Result<R, Error> {
        let it = self.clone();
        let refuse = |why: String| Error::Probe { name: self.guest.name.to_string(), hook: "start", why, limit: None };
        match tokio::time::timeout(time, tokio::task::spawn_blocking(move || call(it))).await {
            Err(_) => Err(refuse(format!("no answer within {time:?}"))),
            Ok(Err(panic)) => Err(refuse(format!("the host panicked: {panic}"))),
            Ok(Ok(tried)) => tried.map_err(|f| self.failed(f)),
        }
    }

    fn failed(&self, failure: Failure) -> Error {
        Error::Probe {
            name: self.guest.name.to_string(),
            hook: failure.hook.name(),
            why: failure.why,
            limit: failure.limit,
        }
    }

    fn try_media(self: Arc<Self>) -> Result<(), Failure> {
        let (info, trial) = (Arc::default(), Arc::new(self.rehearsal(&self.guest.counters)));
        let opening = Opening { info: &info, tracks: &[], resume: None, attempt: 0 };
        match Instance::open(&trial, &opening) {
            // A stream without tracks may be nothing for it.
            Err(Failure { cause: Cause::Unsupported, .. }) => {}
            Err(failure) => return Err(failure),
            Ok(instance) => instance.close(crate::session::EndReason::Swapped),
        }
        Ok(())
    }
}
