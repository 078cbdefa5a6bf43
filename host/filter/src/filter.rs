//! One filter of the operator's file, and the generation of it that runs.

mod compile;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::sync::watch;

use compile::Made;
pub(crate) use compile::{Compiled, compile};

use crate::chain::Departed;
use crate::chain::circuit::Circuits;
use crate::component::Worlds;
use crate::counters::{Counters, Report};
use crate::crew::Crew;
use crate::engine::Engines;
use crate::generation::{Generation, Workshop};
use crate::lineup::{Bad, Lineup};
use crate::rollout::Shadow;
use crate::runtime::RuntimeConfig;
use crate::session::StreamKey;
use crate::shadow::{Passed, Run};
use crate::{Clock, Error, Placement, Spec};

/// A name in the operator's file. Streams and sessions hold it by `Arc`; what it runs may change under them.
#[derive(Debug)]
pub struct Filter {
    name: Arc<str>,
    spec: ArcSwap<Spec>,
    lineup: ArcSwap<Lineup>,
    /// Counts changes of the lineup: what a stream compares to see that there is one.
    number: AtomicU64,
    /// The same number, for those who wait for another one.
    turned: watch::Sender<u64>,
    /// Held while the lineup is changed.
    bad: Arc<Mutex<Bad>>,
    /// A generation that runs beside, before it takes anything over.
    shadow: ArcSwapOption<Run>,
    counters: Arc<Counters>,
    /// Viewers that it works for one by one.
    viewers: AtomicUsize,
    /// As many permits as it is called at a time where a call may take long: a core is left to those who serve peers, if there
    /// is more than one, and streams of one filter do not wait for what another does.
    patient: Arc<tokio::sync::Semaphore>,
    departed: Arc<Departed>,
    /// Of their streams, the breakers that they have in common.
    circuits: Circuits,
    workshop: Arc<Workshop>,
    config: Arc<RuntimeConfig>,
    /// One reload at a time.
    reloading: tokio::sync::Mutex<()>,
}

/// What a reload did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reloaded {
    /// Bytes and configuration are those that run already.
    Unchanged,
    /// Another generation runs; each stream goes over at its own boundary.
    Switched {
        /// What ran before; none if there was nothing.
        from: Option<String>,
        /// What runs now.
        to: String,
    },
    /// Another generation runs beside the one that runs, on copies of live frames; the log says what came of it.
    Beside {
        /// Which.
        to: String,
    },
    /// The file holds another generation than the one that the operator has pinned, which runs on.
    Pinned {
        /// What runs.
        to: String,
    },
}

/// What a filter says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// Its author's name for it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// One line for the operator.
    pub summary: String,
    /// JSON Schema of the `config` table.
    pub config_schema: Option<String>,
    /// The layout that `snapshot` writes; 0 if it keeps no state.
    pub state_schema: u32,
}

impl Filter {
    pub(crate) fn new(spec: Spec, workshop: &Arc<Workshop>, config: &Arc<RuntimeConfig>) -> Filter {
        let counters = Arc::<Counters>::default();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Filter {
            patient: Arc::new(tokio::sync::Semaphore::new(cores.saturating_sub(1).max(1))),
            name: spec.name.as_str().into(),
            spec: ArcSwap::from_pointee(spec),
            lineup: ArcSwap::default(),
            number: AtomicU64::new(0),
            turned: watch::Sender::new(0),
            bad: Arc::default(),
            shadow: ArcSwapOption::empty(),
            departed: Departed::new(&counters),
            counters,
            viewers: AtomicUsize::new(0),
            circuits: Circuits::default(),
            workshop: workshop.clone(),
            config: config.clone(),
            reloading: tokio::sync::Mutex::new(()),
        }
    }

    /// The operator's name for it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its streams have recorded goes to files.
    pub(crate) fn record(&self) {
        for recorder in self.lineup.load().all().filter_map(|it| it.guest.recorder.as_ref()) {
            recorder.ask();
        }
    }

    /// Waits for recordings that are being written; the newest files of the generations that run, the newest first. It blocks: for a
    /// program that ends after it.
    pub fn recordings(&self) -> Vec<PathBuf> {
        let lineup = self.lineup.load();
        lineup.all().filter_map(|it| it.guest.recorder.as_ref()).flat_map(|recorder| recorder.settled()).collect()
    }

    pub(crate) fn name_arc(&self) -> Arc<str> {
        self.name.clone()
    }

    /// Where its media hooks run, for what begins now.
    pub fn placement(&self) -> Placement {
        self.spec.load().placement
    }

    /// Whether there is a generation to ask.
    pub fn is_ready(&self) -> bool {
        self.lineup.load().newest.is_some()
    }

    /// The generation that runs, as logs and reports name it.
    pub fn generation_label(&self) -> Option<String> {
        self.lineup.load().newest.as_ref().map(|g| g.label.clone())
    }

    /// Which hooks the generation that runs has; none of them without one.
    pub fn worlds(&self) -> Worlds {
        self.lineup.load().newest.as_ref().map_or_else(Worlds::default, |g| g.worlds)
    }

    /// The functions that the generation that runs imports, such as `weir:filter/kv.get`, also of WASI; none without one.
    pub fn imports(&self) -> Arc<[String]> {
        self.lineup.load().newest.as_ref().map_or_else(Arc::default, |g| g.imports.clone())
    }

    /// What the generation that runs says of itself.
    pub fn description(&self) -> Option<Description> {
        self.lineup.load().newest.as_ref().and_then(|g| g.description.get().cloned())
    }

    /// What it did since the router started.
    pub fn counters(&self) -> Report {
        let spec = self.spec.load();
        let place = self.worlds().media.then_some((spec.placement, spec.isolation));
        Report { place, ..self.counters.report(&self.name, self.generation_label()) }
    }

    pub(crate) fn counters_inner(&self) -> &Counters {
        &self.counters
    }

    pub(crate) fn viewers(&self) -> &AtomicUsize {
        &self.viewers
    }

    /// Streams that have ended, and of which frames wait for it.
    pub(crate) fn departed(&self) -> &Arc<Departed> {
        &self.departed
    }

    pub(crate) fn circuits(&self) -> &Circuits {
        &self.circuits
    }

    /// The time that its guests see.
    pub(crate) fn clock(&self) -> &Clock {
        &self.workshop.clock
    }

    /// What is the same for all work of this filter, and for no other's.
    pub(crate) fn id(&self) -> usize {
        Arc::as_ptr(&self.counters).addr()
    }

    pub(crate) fn engines(&self) -> &Engines {
        &self.workshop.engines
    }

    /// Turns for its calls that may take long.
    pub(crate) fn patient(&self) -> &Arc<tokio::sync::Semaphore> {
        &self.patient
    }

    /// Threads for calls that no frame waits for.
    pub(crate) fn crew(&self) -> &Crew {
        &self.workshop.crew
    }

    pub(crate) fn spec(&self) -> Arc<Spec> {
        self.spec.load_full()
    }

    pub(crate) fn lineup(&self) -> Arc<Lineup> {
        self.lineup.load_full()
    }

    /// What a stream or session of this name is to run; `mine` is what it runs.
    pub(crate) fn target(
        &self,
        key: impl FnOnce() -> StreamKey,
        mine: Option<&Arc<Generation>>,
    ) -> Option<Arc<Generation>> {
        self.lineup.load().target(self.spec.load().swap.rollout, key, mine)
    }

    /// A stream or request left a generation for the one before it. If enough have, it is given up for all.
    pub(crate) fn left(&self, generation: &Arc<Generation>, why: &str) {
        self.counters.totals.rollbacks.fetch_add(1, Ordering::Relaxed);
        if generation.was_left() >= self.spec.load().swap.bad_after {
            self.condemn(generation, why);
        }
    }

    /// A generation is bad: streams go back to the one before, and it is not loaded again until it is forced. Nothing happens
    /// if there is none to go back to, or if the operator has pinned it.
    pub(crate) fn condemn(&self, generation: &Arc<Generation>, why: &str) {
        let mut bad = self.changing();
        if self.spec.load().swap.pin.is_some() {
            return;
        }
        let Some(lineup) = self.lineup.load().without(generation) else { return };
        if !generation.condemn(why) {
            return;
        }
        bad.note(generation.identity, why);
        let to = lineup.newest.as_ref().map(|g| g.label.clone());
        self.lineup.store(Arc::new(lineup));
        self.turn();
        drop(bad);
        self.counters.totals.bad_generations.fetch_add(1, Ordering::Relaxed);
        let (name, from) = (self.name(), &generation.label);
        tracing::error!(target: "filter", filter = name, from, to, why, "generation given up: all streams go back to the one before");
    }

    /// The lineup is another: streams are to look.
    fn turn(&self) {
        let number = self.number.fetch_add(1, Ordering::Release) + 1;
        self.turned.send_replace(number);
    }

    /// What runs, for those that have no stream.
    pub(crate) fn generation(&self) -> Option<Arc<Generation>> {
        self.lineup.load().newest.clone()
    }

    fn changing(&self) -> MutexGuard<'_, Bad> {
        locked(&self.bad)
    }

    /// Counts generations: it changes when another one runs.
    pub fn generations(&self) -> watch::Receiver<u64> {
        self.turned.subscribe()
    }

    #[inline]
    pub(crate) fn number(&self) -> u64 {
        self.number.load(Ordering::Acquire)
    }

    /// Reads the file again and, if bytes or configuration differ, checks, compiles and probes it, and puts it in place.
    ///
    /// # Errors
    /// Whatever is wrong with the new one; the one that runs is untouched then.
    pub async fn reload(self: &Arc<Self>, spec: Spec) -> Result<Reloaded, Error> {
        let _one = self.reloading.lock().await;
        let made = self.make(&spec).await;
        if made.is_err() {
            self.counters.totals.refused_reloads.fetch_add(1, Ordering::Relaxed);
        }
        let Made { generation, pinned } = made.inspect_err(|_| self.adopt_if_idle(&spec))?;
        let to = generation.label.clone();
        if let Some(run) = self.shadow() {
            if run.generation.identity == generation.identity {
                return Ok(Reloaded::Beside { to });
            }
            self.end_shadow(&run);
        }
        if self.is_to_run_beside(&generation, &spec) {
            self.run_beside(generation, spec);
            return Ok(Reloaded::Beside { to });
        }
        self.take_over(generation, spec, pinned)
    }

    /// Puts a generation in place.
    fn take_over(&self, generation: Arc<Generation>, spec: Spec, pinned: bool) -> Result<Reloaded, Error> {
        let mut bad = self.changing();
        match bad.why(&generation.identity) {
            Some(_) if spec.swap.pin.is_some() => bad.forgive(&generation.identity),
            // It was given up while it was looked for.
            Some(why) => {
                let (name, label) = (self.name.to_string(), generation.identity.label());
                return Err(Error::Bad { name, label, why: why.to_owned() });
            }
            None => {}
        }
        let before = self.lineup.load_full();
        let to = generation.label.clone();
        let spec = Arc::new(spec);
        let old = self.spec.swap(spec.clone());
        if before.newest.as_ref().is_some_and(|g| g.id == generation.id) {
            // These are no part of a generation: streams that run take them over as they are.
            if old.swap != spec.swap {
                self.lineup.store(Arc::new(before.adjusted(&spec.swap)));
            }
            if (&old.swap, &old.on_failure, &old.queue) != (&spec.swap, &spec.on_failure, &spec.queue) {
                self.turn();
            }
            return Ok(if pinned { Reloaded::Pinned { to } } else { Reloaded::Unchanged });
        }
        self.lineup.store(Arc::new(before.with(generation, &spec.swap)));
        self.turn();
        drop(bad);
        let from = before.newest.as_ref().map(|g| g.label.clone());
        Ok(Reloaded::Switched { from, to })
    }

    /// The generation that runs beside, if there is one.
    pub(crate) fn shadow(&self) -> Option<Arc<Run>> {
        self.shadow.load_full()
    }

    /// A generation that filters streams is tried beside the one before if the operator wants it, and if there are streams.
    fn is_to_run_beside(&self, generation: &Generation, spec: &Spec) -> bool {
        let lineup = self.lineup.load();
        spec.swap.shadow != Shadow::Off
            && generation.media.is_some()
            && spec.swap.pin.is_none()
            && lineup.newest.as_ref().is_some_and(|g| g.media.is_some())
            && !lineup.all().any(|g| g.id == generation.id)
            && self.counters.report(&self.name, None).streams > 0
    }

    /// Runs a generation on copies, and puts it in place if it does well.
    fn run_beside(self: &Arc<Self>, generation: Arc<Generation>, spec: Spec) {
        let beside = Filter::new(spec.clone(), &self.workshop, &self.config);
        let beside = Filter { name: format!("{} (beside)", self.name).into(), ..beside };
        // What it writes and counts is thrown away with the rest.
        let newest = Some(Arc::new(generation.rehearsal(&beside.counters)));
        beside.lineup.store(Arc::new(Lineup { newest, ..Lineup::default() }));
        let run = Arc::new(Run::new(generation.clone(), Arc::new(beside), spec.swap.clone()));
        self.shadow.store(Some(run.clone()));
        self.number.fetch_add(1, Ordering::Release);
        let filter = self.clone();
        tokio::spawn(async move {
            let result = run.result(|| filter.counters()).await;
            let _one = filter.reloading.lock().await;
            if filter.shadow().is_some_and(|now| Arc::ptr_eq(&now, &run)) {
                filter.end_shadow(&run);
                filter.ran_beside(generation, spec, result);
            }
        });
    }

    fn end_shadow(&self, run: &Run) {
        run.end();
        self.shadow.store(None);
        self.number.fetch_add(1, Ordering::Release);
    }

    fn ran_beside(&self, generation: Arc<Generation>, spec: Spec, result: Result<Passed, String>) {
        let (name, to) = (self.name(), generation.label.clone());
        match result {
            Ok(Passed { compared, differed, examples }) => {
                let examples = examples.join("; ");
                tracing::info!(target: "filter", filter = name, to, compared, differed, examples, "it ran well beside the generation before");
                match self.take_over(generation, spec, false) {
                    Ok(Reloaded::Switched { from, to }) => {
                        tracing::info!(target: "filter", filter = name, from, to, "another generation in force");
                    }
                    Ok(_) => {}
                    Err(error) => {
                        tracing::error!(target: "filter", filter = name, %error, "new generation refused: what ran goes on")
                    }
                }
            }
            Err(why) => {
                let why = format!("beside the generation before, {why}");
                let _ = generation.condemn(&why);
                self.changing().note(generation.identity, &why);
                self.counters.totals.bad_generations.fetch_add(1, Ordering::Relaxed);
                self.counters.totals.refused_reloads.fetch_add(1, Ordering::Relaxed);
                tracing::error!(target: "filter", filter = name, to, why, "new generation refused: what ran goes on");
            }
        }
    }

    /// Without a generation the newest settings hold, even if what they name is bad: the failure policy is among them.
    fn adopt_if_idle(&self, spec: &Spec) {
        if self.lineup.load().newest.is_none() {
            self.spec.store(Arc::new(spec.clone()));
        }
    }
}

fn locked(bad: &Mutex<Bad>) -> MutexGuard<'_, Bad> {
    bad.lock().unwrap_or_else(PoisonError::into_inner)
}
