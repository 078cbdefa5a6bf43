//! The filters of a configuration as they run, and the applications that use them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use filter::{Placement, Reloaded, Runtime, Spec, component::Worlds};
use supply::Order;

use crate::{
    config::{self, Config, Problem},
    source::{self, Source},
    supplies::{Arrival, Supplied, Supplies},
    vouch::Demands,
    watch::Watch,
};

/// Every filter of the configuration, by name.
pub(crate) struct Filters {
    runtime: Runtime,
    /// `None`: the system has no watch to give.
    watch: Option<Watch>,
    supplies: Supplies,
    slots: BTreeMap<String, Slot>,
}

struct Slot {
    filter: Arc<filter::Filter>,
    spec: Spec,
    origin: Origin,
}

/// Where a filter's bytes are.
enum Origin {
    /// A file of this machine, with what is demanded of it.
    File(Demands),
    /// A file that was ordered elsewhere.
    Ordered(Box<Order>),
}

/// What may be another filter than before.
pub(crate) enum Change {
    /// Files of this machine.
    Files(Vec<PathBuf>),
    /// One from elsewhere.
    Arrived(Box<Arrival>),
}

impl Filters {
    /// No filters yet.
    pub(crate) fn new(runtime: Runtime) -> Filters {
        let watch = Watch::new().inspect_err(|error| {
            tracing::warn!(%error, "files cannot be watched: send HUP when a filter has changed");
        });
        Filters { runtime, watch: watch.ok(), supplies: Supplies::new(), slots: BTreeMap::new() }
    }

    /// Makes the filters those of `config`: new ones are loaded, known ones go over to what is new about them, the others
    /// end with their last stream. A filter that fails is reported and follows its `on_failure`; a known one goes on as it was.
    pub(crate) async fn set(&mut self, config: &Config, config_file: Option<&Path>) {
        let mut supplied = self.order(config, config_file).await;
        let mut wanted = Vec::new();
        for (name, settings) in &config.filters {
            wanted.push(match settings.origin.order(config_file) {
                Some(order) => {
                    // Nothing to load until it comes.
                    let mut spec = spec(name, settings, PathBuf::new());
                    if let Some(Supplied { file, digest, .. }) = supplied.get(name) {
                        (spec.path, spec.digest) = (file.clone(), Some(digest.bytes()));
                    }
                    (spec, Origin::Ordered(Box::new(order)), None)
                }
                None => {
                    let (file, missing) = prepare(name, settings, config_file).await;
                    let spec = spec(name, settings, file);
                    let demands = Demands::of(&settings.origin, &spec.path, config_file);
                    (spec, Origin::File(demands), missing)
                }
            });
        }
        // Before the files are read: a change behind the reading is then seen.
        if let Some(watch) = &mut self.watch {
            watch.set(wanted.iter().flat_map(|(spec, origin, _)| watched(spec, origin).cloned()));
        }
        let mut slots = BTreeMap::new();
        for (spec, origin, missing) in wanted {
            let name = spec.name.clone();
            let (slot, good) = match self.slots.remove(&name) {
                Some(Slot { filter, .. }) => {
                    let mut slot = Slot { filter, spec, origin };
                    let good = self.renew(&mut slot, missing).await;
                    (slot, good)
                }
                None => self.load(spec, origin, missing).await,
            };
            if let Some(supplied) = supplied.remove(&name) {
                self.supplies.follow(supplied, good);
            }
            slots.insert(name, slot);
        }
        for name in self.slots.keys() {
            tracing::info!(filter = name, "filter removed: it ends with its last stream");
        }
        self.slots = slots;
    }

    /// What there is of the filters that come from elsewhere.
    async fn order(&mut self, config: &Config, config_file: Option<&Path>) -> BTreeMap<String, Supplied> {
        let filters = config.filters.iter();
        let orders = filters.filter_map(|(name, filter)| Some((name.clone(), filter.origin.order(config_file)?)));
        self.supplies.find(config, orders.collect()).await
    }

    /// `missing` says why its file was not there a moment ago, in words that say more than that it cannot be read.
    async fn load(&self, mut spec: Spec, origin: Origin, missing: Option<String>) -> (Slot, bool) {
        let start = Instant::now();
        let name = spec.name.clone();
        let refused = |error: String| {
            let error = missing.as_ref().unwrap_or(&error);
            tracing::error!(filter = name, %error, "filter not loaded: its on_failure holds until it is");
        };
        let (filter, good) = match self.vouched(&mut spec, &origin).await {
            Ok(()) if spec.path.as_os_str().is_empty() => {
                // Why it did not come has been told.
                tracing::error!(filter = name, "filter not loaded: its on_failure holds until it is");
                (self.runtime.idle(spec.clone()), false)
            }
            Ok(()) => {
                let (filter, loaded) = patiently(&name, self.runtime.load(spec.clone())).await;
                match &loaded {
                    Ok(()) => {
                        let generation = filter.generation_label();
                        tracing::info!(filter = name, generation, took = ?start.elapsed(), "filter loaded");
                    }
                    Err(error) => refused(error.to_string()),
                }
                (filter, loaded.is_ok())
            }
            Err(error) => {
                refused(format!("{error:#}"));
                (self.runtime.idle(spec.clone()), false)
            }
        };
        (Slot { filter, spec, origin }, good)
    }

    /// Puts into the settings which bytes they may be loaded with.
    async fn vouched(&self, spec: &mut Spec, origin: &Origin) -> anyhow::Result<()> {
        let Origin::File(demands) = origin else { return Ok(()) };
        let (demands, file, most) = (demands.clone(), spec.path.clone(), self.runtime.config().max_file_bytes);
        spec.digest = tokio::task::spawn_blocking(move || demands.meet(&file, most)).await??;
        Ok(())
    }

    /// Goes over to what there is of a filter now; whether that is good.
    async fn renew(&self, slot: &mut Slot, missing: Option<String>) -> bool {
        let start = Instant::now();
        match self.vouched(&mut slot.spec, &slot.origin).await {
            // Why it did not come has been told.
            Ok(()) if slot.spec.path.as_os_str().is_empty() => false,
            Ok(()) => reload(&slot.filter, slot.spec.clone(), missing).await,
            Err(error) => {
                let (filter, took) = (slot.filter.name(), start.elapsed());
                let (stands, error) = (stands(&slot.filter), missing.unwrap_or_else(|| format!("{error:#}")));
                tracing::error!(filter, ?took, "new generation refused: {stands}: {error}");
                false
            }
        }
    }

    /// Waits until filters may be others than before. Cancel safe.
    pub(crate) async fn changes(&mut self) -> Change {
        let Filters { watch, supplies, .. } = self;
        let files = async {
            match watch {
                Some(watch) => watch.changed().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = files => Change::Files(changed),
            arrival = supplies.arrived() => Change::Arrived(Box::new(arrival)),
        }
    }

    /// Goes over to what has changed.
    pub(crate) async fn reload(&mut self, change: Change) {
        let mut slots = std::mem::take(&mut self.slots);
        match change {
            Change::Files(changed) => {
                for slot in slots.values_mut() {
                    if watched(&slot.spec, &slot.origin).any(|file| changed.contains(file)) {
                        self.renew(slot, None).await;
                    }
                }
            }
            Change::Arrived(arrival) => {
                let slot = slots
                    .get_mut(&arrival.name)
                    .filter(|slot| matches!(&slot.origin, Origin::Ordered(order) if **order == arrival.order));
                let good = match slot {
                    Some(slot) => {
                        let before = (slot.spec.path.clone(), slot.spec.digest);
                        let fetched = &arrival.fetched;
                        (slot.spec.path, slot.spec.digest) = (fetched.file.clone(), Some(fetched.digest.bytes()));
                        let good = self.renew(slot, None).await;
                        if !good {
                            (slot.spec.path, slot.spec.digest) = before;
                        }
                        good
                    }
                    // It was ordered by what held before.
                    None => false,
                };
                self.supplies.settle(*arrival, good);
            }
        }
        self.slots = slots;
    }

    /// Whether a filter is loaded.
    pub(crate) fn is_ready(&self, name: &str) -> bool {
        self.slots.get(name).is_some_and(|slot| slot.filter.is_ready())
    }

    /// What the router is told of `config`, whose filters these are. Filters in a chain that they have no hooks for are reported.
    pub(crate) fn settings(&self, config: &Config) -> router::Settings {
        for Problem { key, what, .. } in misplaced(config, |name| self.slots.get(name).map(|slot| &slot.filter)) {
            tracing::error!("{key}: {what}: its on_failure holds");
        }
        // The configuration has been checked: every name in a chain is a filter's.
        let chain = |names: &[String]| -> Vec<_> {
            names.iter().filter_map(|name| self.slots.get(name)).map(|slot| slot.filter.clone()).collect()
        };
        let app = |app: &config::App| {
            let (egress, media) =
                chain(&app.media).into_iter().partition(|filter| filter.placement() == Placement::Egress);
            router::App { session: chain(&app.session), media, egress, ..app.settings.clone() }
        };
        router::Settings {
            apps: config.apps.iter().map(|(name, settings)| (name.clone(), app(settings))).collect(),
            connections: config.limits.connections,
            bounds: config.limits.bounds,
        }
    }
}

impl Filters {
    /// What the encoders of `config` are told, whose filters these are; `url` is where they find the router.
    pub(crate) fn jobs(&self, config: &Config, url: String) -> jobs::Settings {
        let planners = |names: &[String]| {
            names.iter().filter_map(|name| self.slots.get(name)).map(|slot| slot.filter.clone()).collect()
        };
        let apps = config.apps.iter().filter(|(_, app)| !app.jobs.is_empty());
        jobs::Settings {
            slots: config.jobs.slots(),
            renditions: config.jobs.renditions,
            url,
            profiles: config.profiles.iter().map(|(name, of)| (name.clone(), Arc::clone(&of.profile))).collect(),
            planners: apps.map(|(name, app)| (name.trim_matches('/').to_owned(), planners(&app.jobs))).collect(),
        }
    }
}

/// Loaded filters in a chain that they have no hooks for.
pub(crate) fn misplaced<'f>(
    config: &Config,
    find: impl Fn(&str) -> Option<&'f Arc<filter::Filter>>,
) -> Vec<config::Problem> {
    let mut problems = Vec::new();
    for (app, settings) in &config.apps {
        let mut look = |chain: &str, names: &[String], fits: fn(Worlds) -> bool| {
            let filters = names.iter().filter_map(|name| find(name));
            for filter in filters.filter(|filter| filter.is_ready() && !fits(filter.worlds())) {
                let what = format!("`{}` has no hooks for that, it is a {}", filter.name(), filter.worlds());
                problems.push(Problem {
                    place: settings.place.clone(),
                    key: format!("apps.{}.{chain}", config::key(app)),
                    what,
                });
            }
        };
        look("session", &settings.session, |has| has.session);
        look("media", &settings.media, |has| has.media);
        look("jobs", &settings.jobs, |has| has.jobs);
    }
    problems
}

/// The files of a filter that are watched. What came from elsewhere is not: it changes when something else comes.
fn watched<'s>(spec: &'s Spec, origin: &'s Origin) -> impl Iterator<Item = &'s PathBuf> {
    let (file, signature) = match origin {
        Origin::File(demands) => (Some(&spec.path), demands.signature()),
        Origin::Ordered(_) => (None, None),
    };
    file.into_iter().chain(signature)
}

/// Finds a filter's file; a folder that was never built is built now. With why it is not there, if it is not: it may appear later.
async fn prepare(name: &str, settings: &config::Filter, config_file: Option<&Path>) -> (PathBuf, Option<String>) {
    let config::Source::Local(path) = &settings.origin.source else { return (PathBuf::new(), None) };
    let why = |error: &dyn std::fmt::Display| Some(format!("{}: filters.{name}.source: {error}", settings.place));
    let source = match source::locate(path, config_file) {
        Ok(source) => source,
        Err((path, error)) => return (path, why(&format!("{error:#}"))),
    };
    let mut missing = None;
    if let Source::Folder { dir, wasm } = &source
        && !wasm.is_file()
    {
        let dir = dir.clone();
        let built = tokio::task::spawn_blocking(move || source::compile(&dir)).await;
        match built {
            Ok(Ok(_)) => {}
            // The compiler's output has been shown as it came.
            Ok(Err(error)) => missing = why(&format!("not built: {error:#}")),
            Err(error) => missing = why(&format!("not built: {error}")),
        }
    }
    (source.wasm().to_owned(), missing)
}

/// A line for who waits: a filter in some languages is compiled for half a minute, and starts when that is done.
async fn patiently<R>(filter: &str, loading: impl Future<Output = R>) -> R {
    const SOON: Duration = Duration::from_secs(2);
    let mut loading = std::pin::pin!(loading);
    tokio::select! {
        biased;
        done = &mut loading => return done,
        () = tokio::time::sleep(SOON) => {}
    }
    tracing::info!(filter, "it takes its time to load: it is compiled, unless [wasm] cache_dir has it, and tried out");
    loading.await
}

/// What the runtime is told of a filter.
pub(crate) fn spec(name: &str, settings: &config::Filter, path: PathBuf) -> Spec {
    Spec {
        name: name.into(),
        path,
        digest: None,
        grants: settings.grants.clone(),
        limits: settings.limits.clone(),
        on_failure: settings.on_failure,
        placement: settings.placement,
        isolation: settings.isolation,
        queue: settings.queue.clone(),
        repair: settings.repair,
        config: settings.config.clone(),
        secrets: settings.secrets.clone(),
        swap: settings.swap.clone(),
        hidden: settings.hidden.clone(),
        record: settings.record.clone(),
    }
}

/// Whether what there is now is good.
async fn reload(filter: &Arc<filter::Filter>, spec: Spec, missing: Option<String>) -> bool {
    let start = Instant::now();
    let placement = filter.placement();
    let reloaded = patiently(filter.name(), filter.reload(spec)).await;
    // Whether there are such streams is not told by what runs: one that nobody plays has no filter of a viewer.
    if placement != filter.placement() {
        tracing::warn!(
            filter = filter.name(),
            from = placement.word(),
            to = filter.placement().word(),
            "placed elsewhere: streams that are there stay where they are and with what they run, whatever changes, until they are published anew"
        );
    }
    // What the operator's pin keeps out has not run.
    let good = matches!(&reloaded, Ok(Reloaded::Unchanged | Reloaded::Switched { .. } | Reloaded::Beside { .. }));
    match reloaded {
        Ok(Reloaded::Beside { to }) => {
            tracing::info!(filter = filter.name(), to, "new generation on trial, on copies of live frames");
        }
        Ok(Reloaded::Pinned { to }) => {
            tracing::info!(filter = filter.name(), to, "pinned: what the file holds is not loaded");
        }
        Ok(Reloaded::Unchanged) => tracing::debug!(filter = filter.name(), "filter unchanged"),
        Ok(Reloaded::Switched { from, to }) => {
            let from = from.as_deref().unwrap_or("nothing");
            tracing::info!(filter = filter.name(), from, to, took = ?start.elapsed(), "another generation in force");
        }
        Err(error) => {
            let (stands, error) = (stands(filter), missing.unwrap_or_else(|| error.to_string()));
            tracing::error!(filter = filter.name(), took = ?start.elapsed(), %error, "new generation refused: {stands}");
        }
    }
    good
}

/// What holds when something new was refused.
fn stands(filter: &filter::Filter) -> &'static str {
    if filter.is_ready() { "what ran goes on" } else { "nothing ran, its on_failure holds" }
}
