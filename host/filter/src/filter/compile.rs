//! From a file and settings to a generation: read, compared with what is loaded or pinned, compiled, tried out.

use std::io::Read;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{Filter, locked};
use crate::cache::hex;
use crate::counters::Counters;
use crate::generation::{Generation, Identity, Workshop};
use crate::lineup::Lineup;
use crate::runtime::RuntimeConfig;
use crate::{Error, Spec};

impl Filter {
    /// What the file and these settings come to: a generation that is loaded already, or a new one that has been tried out.
    pub(super) async fn make(&self, spec: &Spec) -> Result<Made, Error> {
        let lineup = self.lineup.load_full();
        let pin = spec.swap.pin.as_ref();
        let (bad, forced) = (self.bad.clone(), pin.is_some());
        let may_run = move |identity: &Identity| match (forced, locked(&bad).why(identity)) {
            (false, Some(why)) => Err(why.to_owned()),
            _ => Ok(()),
        };
        let found = match compile(&self.workshop, &self.config, &self.counters, spec, &lineup, may_run).await {
            Ok(Compiled::Loaded(generation)) => return Ok(Made { generation, pinned: false }),
            Ok(Compiled::New(generation)) => {
                let generation = Arc::new(*generation);
                let time = self.config.compile_time;
                let description = generation.describe(time).await?;
                generation.probe(time).await?;
                let _ = generation.description.set(description);
                return Ok(Made { generation, pinned: false });
            }
            Ok(Compiled::NotPinned(identity)) => identity.label(),
            Err(error) if pin.is_none() => return Err(error),
            Err(error) => error.to_string(),
        };
        let kept = pin.and_then(|pin| lineup.find(|identity| pin.holds(identity)));
        let pin = pin.map(ToString::to_string).unwrap_or_default();
        let none = || Error::Pinned { name: self.name.to_string(), pin, found };
        Ok(Made { generation: kept.ok_or_else(none)?, pinned: true })
    }
}

/// See [`Filter::make`].
pub(super) struct Made {
    pub(super) generation: Arc<Generation>,
    /// It is not what the file holds.
    pub(super) pinned: bool,
}

/// What a file and settings come to.
pub(crate) enum Compiled {
    /// It is loaded already.
    Loaded(Arc<Generation>),
    /// It is new.
    New(Box<Generation>),
    /// It is not what is pinned.
    NotPinned(Identity),
}

/// Reads, checks and compiles, on a thread of its own, unless it is loaded already.
pub(crate) async fn compile(
    workshop: &Arc<Workshop>,
    config: &RuntimeConfig,
    counters: &Arc<Counters>,
    spec: &Spec,
    lineup: &Arc<Lineup>,
    may_run: impl FnOnce(&Identity) -> Result<(), String> + Send + 'static,
) -> Result<Compiled, Error> {
    let (workshop, counters, lineup, most) =
        (workshop.clone(), counters.clone(), lineup.clone(), config.max_file_bytes);
    let task_spec = spec.clone();
    let task = tokio::task::spawn_blocking(move || {
        let spec = task_spec;
        let bytes = read(&spec, most)?;
        let identity = Identity::new(&spec, &bytes);
        if spec.swap.pin.as_ref().is_some_and(|pin| !pin.holds(&identity)) {
            return Ok(Compiled::NotPinned(identity));
        }
        let bad = |why| Error::Bad { name: spec.name.clone(), label: identity.label(), why };
        may_run(&identity).map_err(bad)?;
        if let Some(loaded) = lineup.find(|known| *known == identity) {
            return Ok(Compiled::Loaded(loaded));
        }
        workshop.make(&spec, &counters, &bytes).map(|made| Compiled::New(Box::new(made)))
    });
    let refuse = |why: String| Error::Compile { name: spec.name.clone(), why };
    match tokio::time::timeout(config.compile_time, task).await {
        Err(_) => Err(refuse(format!("it takes longer than {:?}", config.compile_time))),
        Ok(Err(panic)) => Err(refuse(format!("the compiler panicked: {panic}"))),
        Ok(Ok(made)) => made,
    }
}

/// A whole file, unless it is too large or not the one that was ordered.
fn read(spec: &Spec, most: u64) -> Result<Vec<u8>, Error> {
    let failed = |source| Error::Read { name: spec.name.clone(), path: spec.path.clone(), source };
    let mut bytes = Vec::new();
    let file = crate::file::open(&spec.path).map_err(failed)?;
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > most {
        let why = format!("it is larger than {most} bytes");
        return Err(Error::NotWasm { name: spec.name.clone(), why });
    }
    let found: [u8; 32] = Sha256::digest(&bytes).into();
    if let Some(expected) = spec.digest.filter(|expected| *expected != found) {
        let (name, path) = (spec.name.clone(), spec.path.clone());
        return Err(Error::Digest { name, path, expected: hex(&expected), found: hex(&found) });
    }
    Ok(bytes)
}
