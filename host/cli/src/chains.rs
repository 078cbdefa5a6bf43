//! The filters of a configuration as they run, and the applications that use them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use filter::{Reloaded, Runtime, Spec, component::Worlds};

use crate::{
    config::{self, Config, Problem},
    source::{self, Source},
    watch::Watch,
};

/// Every filter of the configuration, by name.
pub(crate) struct Filters {
    runtime: Runtime,
    /// `None`: the system has no watch to give.
    watch: Option<Watch>,
    slots: BTreeMap<String, Slot>,
}

struct Slot {
    filter: Arc<filter::Filter>,
    spec: Spec,
}

impl Filters {
    /// No filters yet.
    pub(crate) fn new(runtime: Runtime) -> Filters {
        let watch = Watch::new().inspect_err(|error| {
            tracing::warn!(%error, "files cannot be watched: send HUP when a filter has changed");
        });
        Filters { runtime, watch: watch.ok(), slots: BTreeMap::new() }
    }

    /// Makes the filters those of `config`: new ones are loaded, known ones go over to what is new about them, the others
    /// end with their last stream. A filter that fails is reported and follows its `on_failure`; a known one goes on as it was.
    pub(crate) async fn set(&mut self, config: &Config, config_file: Option<&Path>) {
        let mut specs = Vec::new();
        for (name, settings) in &config.filters {
            specs.push(spec(name, settings, prepare(name, settings, config_file).await));
        }
        // Before the files are read: a change behind the reading is then seen.
        if let Some(watch) = &mut self.watch {
            watch.set(specs.iter().map(|spec| spec.path.clone()));
        }
        let mut slots = BTreeMap::new();
        for spec in specs {
            let name = spec.name.clone();
            let filter = match self.slots.remove(&name) {
                Some(Slot { filter, .. }) => {
                    reload(&filter, spec.clone()).await;
                    filter
                }
                None => self.load(spec.clone()).await,
            };
            slots.insert(name, Slot { filter, spec });
        }
        for name in self.slots.keys() {
            tracing::info!(filter = name, "filter removed: it ends with its last stream");
        }
        self.slots = slots;
    }

    async fn load(&self, spec: Spec) -> Arc<filter::Filter> {
        let start = Instant::now();
        let (filter, loaded) = self.runtime.load(spec).await;
        match loaded {
            Ok(()) => {
                let generation = filter.generation_label();
                tracing::info!(filter = filter.name(), generation, took = ?start.elapsed(), "filter loaded");
            }
            Err(error) => {
                tracing::error!(filter = filter.name(), %error, "filter not loaded: its on_failure holds until it is");
            }
        }
        filter
    }

    /// Waits until files of filters change; returns which. Cancel safe.
    pub(crate) async fn changes(&mut self) -> Vec<PathBuf> {
        match &mut self.watch {
            Some(watch) => watch.changed().await,
            None => std::future::pending().await,
        }
    }

    /// Reloads the filters whose files are among `changed`.
    pub(crate) async fn reload(&self, changed: &[PathBuf]) {
        for slot in self.slots.values().filter(|slot| changed.contains(&slot.spec.path)) {
            reload(&slot.filter, slot.spec.clone()).await;
        }
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
        let chain = |names: &[String]| {
            names.iter().filter_map(|name| self.slots.get(name)).map(|slot| slot.filter.clone()).collect()
        };
        let app = |app: &config::App| router::App {
            session: chain(&app.session),
            media: chain(&app.media),
            ..app.settings.clone()
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
                problems.push(Problem { place: settings.place.clone(), key: format!("apps.{app}.{chain}"), what });
            }
        };
        look("session", &settings.session, |has| has.session);
        look("media", &settings.media, |has| has.media);
        look("jobs", &settings.jobs, |has| has.jobs);
    }
    problems
}

/// Finds a filter's file; a folder that was never built is built now. What goes wrong is reported, and the file may appear later.
async fn prepare(name: &str, settings: &config::Filter, config_file: Option<&Path>) -> PathBuf {
    let source = match source::locate(&settings.source, config_file) {
        Ok(source) => source,
        Err((path, error)) => {
            tracing::error!(filter = name, "{}: filters.{name}.source: {error:#}", settings.place);
            return path;
        }
    };
    if let Source::Folder { dir, wasm } = &source
        && !wasm.is_file()
    {
        let dir = dir.clone();
        let built = tokio::task::spawn_blocking(move || source::compile(&dir)).await;
        match built {
            Ok(Ok(_)) => {}
            // The compiler's output has been shown as it came.
            Ok(Err(error)) => tracing::error!(filter = name, "not built: {error:#}"),
            Err(error) => tracing::error!(filter = name, %error, "not built"),
        }
    }
    source.wasm().to_owned()
}

/// What the runtime is told of a filter.
pub(crate) fn spec(name: &str, settings: &config::Filter, path: PathBuf) -> Spec {
    Spec {
        name: name.into(),
        path,
        grants: settings.grants.clone(),
        limits: settings.limits.clone(),
        on_failure: settings.on_failure,
        repair: settings.repair,
        config: settings.config.clone(),
        secrets: settings.secrets.clone(),
        swap: settings.swap.clone(),
        hidden: settings.hidden.clone(),
        record: settings.record.clone(),
    }
}

async fn reload(filter: &Arc<filter::Filter>, spec: Spec) {
    let start = Instant::now();
    match filter.reload(spec).await {
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
            tracing::error!(filter = filter.name(), took = ?start.elapsed(), %error, "new generation refused: what ran goes on");
        }
    }
}
