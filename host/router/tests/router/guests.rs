//! Filters made of the conformance guests: they do what their configuration says.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use filter::counters::Hook;
use filter::{Filter, Grants, OnFailure, Runtime, RuntimeConfig, Spec};
use serde_json::Value;

/// Builds the guest in `filters/conformance/NAME`, if it is not built yet.
fn wasm(name: &str) -> PathBuf {
    built(&format!("conformance/{name}"))
}

/// Builds the filter in `filters/NAME`, if it is not built yet.
fn built(name: &str) -> PathBuf {
    static BUILDING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../filters").join(name);
    if guest_build::is_fresh(&dir) {
        return guest_build::artifact(&dir).unwrap();
    }
    guest_build::build(&dir, &mut |progress| println!("{progress}")).unwrap().wasm
}

/// A runtime; compiled code stays in cargo's folder for what tests leave behind.
pub(crate) struct Guests {
    runtime: Runtime,
}

impl Guests {
    pub(crate) fn new() -> Guests {
        let cache_dir = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled"));
        Guests { runtime: Runtime::new(RuntimeConfig { cache_dir, ..RuntimeConfig::default() }).unwrap() }
    }

    /// The guest `filters/conformance/NAME` with this configuration and policy (`deny`, `end-stream`, …).
    pub(crate) async fn load(&self, name: &str, config: Value, on_failure: &str) -> Arc<Filter> {
        let on_failure = OnFailure::parse(on_failure).unwrap();
        let (filter, loaded) = self.runtime.load(Spec { config, on_failure, ..Spec::new(name, wasm(name)) }).await;
        loaded.unwrap();
        filter
    }

    /// The shipped filter `filters/NAME` with this configuration, granted streams of its own.
    pub(crate) async fn derive(&self, name: &str, config: Value) -> Arc<Filter> {
        let grants = Grants::parse(["derive"]).unwrap();
        let (filter, loaded) = self.runtime.load(Spec { config, grants, ..Spec::new(name, built(name)) }).await;
        loaded.unwrap();
        filter
    }

    /// A session filter that answers as `config` says.
    pub(crate) async fn scripted(&self, config: Value) -> Arc<Filter> {
        self.load("session", config, "deny").await
    }

    /// A filter whose file is not there.
    pub(crate) async fn missing(&self) -> Arc<Filter> {
        let (filter, loaded) = self.runtime.load(Spec::new("missing", "/nonexistent/filter.wasm")).await;
        assert!(loaded.is_err());
        filter
    }
}

/// How often a filter's hook was called.
pub(crate) fn calls(filter: &Filter, hook: Hook) -> u64 {
    filter.counters().hook(hook).map_or(0, |h| h.latency.calls)
}
