//! `weir check`: whether a configuration is right, and whether its filters start with the settings in it.

mod schema;
mod unused;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use filter::{Runtime, RuntimeConfig, kv};

use crate::{
    chains,
    config::{self, Loaded, Problem},
    idle, reload, run,
    source::{self, Source},
    telemetry::lines,
    vouch::Demands,
};

/// Tells what is wrong, or that nothing is. Nothing is built, and nothing is left behind.
pub(crate) fn check(file: Option<&Path>) -> anyhow::Result<()> {
    let loaded = config::load_once(file)?.serves()?;
    for notice in &loaded.notices {
        warn(notice);
    }
    // A file that is not there is wrong, not doubtful, as long as somebody is to use it.
    let used = source::used(&loaded.config);
    for hint in source::check(&loaded, |name| used.contains(name))
        .into_iter()
        .chain(reload::doubts(&loaded))
        .chain(reload::programs(&loaded))
    {
        warn(&hint);
    }
    let problems = start_filters(&loaded)?;
    if !problems.is_empty() {
        return Err(config::Error::Invalid(problems).into());
    }
    let (apps, filters) = (loaded.config.apps.len(), loaded.config.filters.len());
    let (apps, filters) = (count(apps, "application"), count(filters, "filter"));
    crate::print(&format!("{}: valid ({apps}, {filters})\n", loaded.origin()))
}

/// Tells what is doubtful.
fn warn(what: &dyn std::fmt::Display) {
    eprintln!("warning: {}", lines(&what.to_string()));
}

fn count(n: usize, of: &str) -> String {
    if n == 1 { format!("1 {of}") } else { format!("{n} {of}s") }
}

/// Starts each filter on trial, as the router does: only the filter knows what its `config` may hold.
fn start_filters(loaded: &Loaded) -> anyhow::Result<Vec<Problem>> {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // No cache and no file of buckets: they belong to the router, which may run now, or as another user.
    let kv = kv::Settings { file: None, ..loaded.config.wasm.kv.clone() };
    let settings = RuntimeConfig { cache_dir: None, kv, ..run::runtime_config(&loaded.config.wasm) };
    let runtime = Runtime::new(settings)?;
    let (mut problems, mut filters) = (Vec::new(), BTreeMap::new());
    let used = source::used(&loaded.config);
    for (name, settings) in &loaded.config.filters {
        let config::Source::Local(path) = &settings.origin.source else {
            let place = &settings.place;
            warn(&format!("{place}: filters.{name}: its config is not checked: it is fetched when the router starts"));
            continue;
        };
        let source = match source::locate(path, loaded.file.as_deref()) {
            Ok(source) => source,
            Err((_, error)) => {
                // Of one that nobody uses it is said among the hints.
                if used.contains(name.as_str()) {
                    problems.push(at(loaded, name, settings, "source", format!("{error:#}")));
                }
                continue;
            }
        };
        if let Source::Folder { dir, wasm } = &source
            && !wasm.is_file()
        {
            let (place, dir) = (&settings.place, dir.display());
            warn(&format!("{place}: filters.{name}: its config is not checked before `weir filter build {dir}`"));
            continue;
        }
        let mut spec = chains::spec(name, settings, source.wasm().to_owned());
        let demands = Demands::of(&settings.origin, &spec.path, loaded.file.as_deref());
        match demands.meet(&spec.path, loaded.config.wasm.max_file_bytes) {
            Ok(digest) => spec.digest = digest,
            Err(error) => {
                problems.push(at(loaded, name, settings, "source", format!("{error:#}")));
                continue;
            }
        }
        let (filter, started) = tokio.block_on(runtime.load(spec));
        problems.extend(started.err().map(|error| problem(loaded, name, settings, &error)));
        let schema = filter.description().and_then(|said| said.config_schema).unwrap_or_default();
        for (key, what) in schema::unmet(&schema, &settings.config, &settings.grants, settings.placement) {
            problems.push(at(loaded, name, settings, key, what));
        }
        if filter.is_ready() {
            for (key, what) in unused::found(&filter.imports(), settings) {
                warn(&at(loaded, name, settings, key, what));
            }
        }
        filters.insert(name.clone(), filter);
    }
    problems.extend(chains::misplaced(&loaded.config, |name| filters.get(name)));
    for idle in idle::settings(loaded, |name| filters.get(name).filter(|filter| filter.is_ready()).map(|f| f.worlds()))
    {
        if idle.is_grave {
            problems.push(idle.problem);
        } else {
            warn(&idle.problem);
        }
    }
    let profiles = loaded.config.profiles.iter().map(|(name, of)| (name.clone(), Arc::clone(&of.profile))).collect();
    for (app, settings) in &loaded.config.apps {
        for filter in settings.jobs.iter().filter_map(|name| filters.get(name)).filter(|f| f.worlds().jobs) {
            for what in tokio.block_on(jobs::trial(filter, app, &profiles)) {
                let (place, key) = (settings.place.clone(), format!("apps.{}.jobs", config::key(app)));
                problems.push(Problem { place, key, what: format!("`{}`: {what}", filter.name()) });
            }
        }
    }
    problems.sort_by_key(Problem::order);
    Ok(problems)
}

/// What a filter that does not start has to say, at the key that is most likely to blame.
fn problem(loaded: &Loaded, name: &str, settings: &config::Filter, error: &filter::Error) -> Problem {
    let key = match error {
        filter::Error::Probe { limit, .. } => limit.unwrap_or("config"),
        filter::Error::NotGranted { .. } | filter::Error::Outbound { .. } => "grants",
        _ => "source",
    };
    let told = error.to_string();
    // The key names the filter already.
    let what = told.strip_prefix(&format!("filter `{name}`: ")).unwrap_or(&told).to_owned();
    at(loaded, name, settings, key, what)
}

/// What is wrong with a key of a filter, where that was written, or the filter if it was not.
fn at(loaded: &Loaded, name: &str, settings: &config::Filter, key: &str, what: String) -> Problem {
    let place = loaded.place_of(name, key).unwrap_or(&settings.place).clone();
    Problem { place, key: format!("filters.{name}.{key}"), what }
}
