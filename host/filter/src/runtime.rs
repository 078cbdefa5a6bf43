//! Engines, cache and filters together.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use crate::cache::Cache;
use crate::counters::Counters;
use crate::engine::Engines;
use crate::generation::Workshop;
use crate::tape::watch::Watch;
use crate::{Clock, Description, Error, Filter, Spec, filter, kv, outbound};

/// What a [`Runtime`] needs to know.
#[derive(Clone, Debug)]
pub struct RuntimeConfig {
    /// Where compiled code is kept; none: compiled anew at each start.
    pub cache_dir: Option<PathBuf>,
    /// The time that guests see.
    pub clock: Clock,
    /// A filter file larger than this is refused, in bytes. Default 64 MiB.
    pub max_file_bytes: u64,
    /// A file that takes longer to compile is refused. Default 60 s.
    pub compile_time: Duration,
    /// Where filters' buckets are kept, and their bounds. Default: in memory only.
    pub kv: kv::Settings,
    /// What holds for the HTTP calls of all filters.
    pub outbound: outbound::Settings,
    /// Threads for filters that frames do not wait for, of all streams together; 0: four for each core, and at least 16. Default 0.
    pub aside_threads: usize,
    /// Told of every call of every filter. Default: nobody.
    pub watch: Option<Arc<Watch>>,
}

impl Default for RuntimeConfig {
    fn default() -> RuntimeConfig {
        RuntimeConfig {
            cache_dir: None,
            clock: Clock::real(),
            max_file_bytes: 64 << 20,
            compile_time: Duration::from_secs(60),
            kv: kv::Settings::default(),
            outbound: outbound::Settings::default(),
            aside_threads: 0,
            watch: None,
        }
    }
}

/// Engines, cache and filters. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Runtime {
    config: Arc<RuntimeConfig>,
    workshop: Arc<Workshop>,
    filters: Arc<Mutex<Vec<Weak<Filter>>>>,
}

impl Runtime {
    /// Sets up the engines and the thread that ends runaway calls.
    ///
    /// # Errors
    /// [`Error::Runtime`] if the machine refuses what wasmtime needs, or the cache directory is not safe to use.
    pub fn new(config: RuntimeConfig) -> Result<Runtime, Error> {
        let cache = Cache::open(config.cache_dir.as_deref())?;
        let workshop = Workshop::new(Engines::new()?, cache, &config)?;
        Ok(Runtime { config: Arc::new(config), workshop: Arc::new(workshop), filters: Arc::default() })
    }

    /// Makes a filter and loads it. The filter exists even when loading fails, which the second part tells: its hooks then follow
    /// `on_failure`, and a later [`Filter::reload`] can mend it.
    pub async fn load(&self, spec: Spec) -> (Arc<Filter>, Result<(), Error>) {
        let filter = self.idle(spec.clone());
        let loaded = filter.reload(spec).await.map(|_| ());
        (filter, loaded)
    }

    /// Makes a filter without loading it: its hooks follow `on_failure` until a [`Filter::reload`] goes well.
    pub fn idle(&self, spec: Spec) -> Arc<Filter> {
        let filter = Arc::new(Filter::new(spec, &self.workshop, &self.config));
        let mut filters = self.filters.lock().unwrap_or_else(PoisonError::into_inner);
        filters.retain(|f| f.strong_count() > 0);
        filters.push(Arc::downgrade(&filter));
        filter
    }

    /// What a filter says of itself, without a configuration and without keeping it: for looking into a file.
    ///
    /// # Errors
    /// As for loading: the file is bad, imports what is not granted, or fails when it starts.
    pub async fn describe(&self, spec: &Spec) -> Result<Description, Error> {
        let counters = Arc::new(Counters::default());
        let none = Arc::default();
        match filter::compile(&self.workshop, &self.config, &counters, spec, &none, |_| Ok(())).await? {
            filter::Compiled::New(generation) => Arc::new(*generation).describe(self.config.compile_time).await,
            filter::Compiled::Loaded(_) | filter::Compiled::NotPinned(_) => Ok(Description::default()),
        }
    }

    /// What every stream that is recorded has so far goes to a file.
    pub fn record(&self) {
        let filters = self.filters.lock().unwrap_or_else(PoisonError::into_inner);
        for filter in filters.iter().filter_map(Weak::upgrade) {
            filter.record();
        }
    }

    pub(crate) fn workshop(&self) -> &Arc<Workshop> {
        &self.workshop
    }

    /// The settings it was made with.
    pub fn config(&self) -> &RuntimeConfig {
        &self.config
    }

    /// Counters of all filters that exist, as tables to print.
    pub fn report(&self) -> String {
        let filters = self.filters.lock().unwrap_or_else(PoisonError::into_inner);
        filters.iter().filter_map(Weak::upgrade).map(|f| f.counters().to_string()).collect()
    }
}
