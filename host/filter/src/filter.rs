//! One filter of the operator's file, and the generation of it that runs.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::sync::watch;

use crate::component::Worlds;
use crate::counters::{Counters, Report};
use crate::generation::{Generation, Identity, Workshop};
use crate::runtime::RuntimeConfig;
use crate::{Error, Spec};

/// A name in the operator's file. Streams and sessions hold it by `Arc`; what it runs may change under them.
#[derive(Debug)]
pub struct Filter {
    name: Arc<str>,
    spec: ArcSwap<Spec>,
    generation: ArcSwapOption<Generation>,
    /// Counts generations: what a stream compares to see that there is another.
    number: AtomicU64,
    /// The same number, for those who wait for another one.
    turned: watch::Sender<u64>,
    counters: Arc<Counters>,
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
        Filter {
            name: spec.name.as_str().into(),
            spec: ArcSwap::from_pointee(spec),
            generation: ArcSwapOption::empty(),
            number: AtomicU64::new(0),
            turned: watch::Sender::new(0),
            counters: Arc::new(Counters::default()),
            workshop: workshop.clone(),
            config: config.clone(),
            reloading: tokio::sync::Mutex::new(()),
        }
    }

    /// The operator's name for it.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn name_arc(&self) -> Arc<str> {
        self.name.clone()
    }

    /// Whether there is a generation to ask.
    pub fn is_ready(&self) -> bool {
        self.generation.load().is_some()
    }

    /// The generation that runs, as logs and reports name it.
    pub fn generation_label(&self) -> Option<String> {
        self.generation.load().as_ref().map(|g| g.label.clone())
    }

    /// Which hooks the generation that runs has; none of them without one.
    pub fn worlds(&self) -> Worlds {
        self.generation.load().as_ref().map_or_else(Worlds::default, |g| g.worlds)
    }

    /// What the generation that runs says of itself.
    pub fn description(&self) -> Option<Description> {
        self.generation.load().as_ref().and_then(|g| g.description.get().cloned())
    }

    /// What it did since the router started.
    pub fn counters(&self) -> Report {
        self.counters.report(&self.name, self.generation_label())
    }

    pub(crate) fn counters_inner(&self) -> &Counters {
        &self.counters
    }

    pub(crate) fn spec(&self) -> Arc<Spec> {
        self.spec.load_full()
    }

    pub(crate) fn generation(&self) -> Option<Arc<Generation>> {
        self.generation.load_full()
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
    pub async fn reload(&self, spec: Spec) -> Result<Reloaded, Error> {
        let _one = self.reloading.lock().await;
        let made = self.make(&spec).await;
        if made.is_err() {
            self.counters.totals.refused_reloads.fetch_add(1, Ordering::Relaxed);
        }
        let from = self.generation.load_full();
        let Some(made) = made.inspect_err(|_| self.adopt_if_idle(&spec))? else {
            // The failure policy is no part of a generation.
            self.spec.store(Arc::new(spec));
            return Ok(Reloaded::Unchanged);
        };
        let to = made.label.clone();
        self.spec.store(Arc::new(spec));
        self.generation.store(Some(made));
        let number = self.number.fetch_add(1, Ordering::Release) + 1;
        self.turned.send_replace(number);
        let from = from.map(|g| g.label.clone());
        Ok(Reloaded::Switched { from, to })
    }

    /// Without a generation the newest settings hold, even if what they name is bad: the failure policy is among them.
    fn adopt_if_idle(&self, spec: &Spec) {
        if self.generation.load().is_none() {
            self.spec.store(Arc::new(spec.clone()));
        }
    }

    async fn make(&self, spec: &Spec) -> Result<Option<Arc<Generation>>, Error> {
        let running = self.generation.load().as_ref().map(|g| g.identity);
        let made = compile(&self.workshop, &self.config, &self.counters, spec, running).await?;
        let Some(generation) = made.map(Arc::new) else { return Ok(None) };
        let time = self.config.compile_time;
        let description = generation.describe(time).await?;
        generation.probe(time).await?;
        let _ = generation.description.set(description);
        Ok(Some(generation))
    }
}

/// Reads, checks and compiles, on a thread of its own. None: it is what runs already.
pub(crate) async fn compile(
    workshop: &Arc<Workshop>,
    config: &RuntimeConfig,
    counters: &Arc<Counters>,
    spec: &Spec,
    running: Option<Identity>,
) -> Result<Option<Generation>, Error> {
    let (workshop, counters, most) = (workshop.clone(), counters.clone(), config.max_file_bytes);
    let task_spec = spec.clone();
    let task = tokio::task::spawn_blocking(move || {
        let spec = task_spec;
        let bytes = read(&spec.name, &spec.path, most)?;
        if running == Some(Identity::new(&spec, &bytes)) {
            return Ok(None);
        }
        workshop.make(&spec, &counters, &bytes).map(Some)
    });
    let refuse = |why: String| Error::Compile { name: spec.name.clone(), why };
    match tokio::time::timeout(config.compile_time, task).await {
        Err(_) => Err(refuse(format!("it takes longer than {:?}", config.compile_time))),
        Ok(Err(panic)) => Err(refuse(format!("the compiler panicked: {panic}"))),
        Ok(Ok(made)) => made,
    }
}

/// A whole file, unless it is too large.
fn read(name: &str, path: &Path, most: u64) -> Result<Vec<u8>, Error> {
    let failed = |source| Error::Read { name: name.to_owned(), path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > most {
        let why = format!("it is larger than {most} bytes");
        return Err(Error::NotWasm { name: name.to_owned(), why });
    }
    Ok(bytes)
}
