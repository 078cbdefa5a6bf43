//! One filter of the operator's file, and the generation of it that runs.

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::{Error, Spec};

/// A name in the operator's file. Streams and sessions hold it by `Arc`; what it runs may change under them.
#[derive(Debug)]
pub struct Filter {
    name: Arc<str>,
    spec: ArcSwap<Spec>,
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

impl Filter {
    pub(crate) fn new(spec: Spec) -> Filter {
        Filter { name: spec.name.as_str().into(), spec: ArcSwap::from_pointee(spec) }
    }

    /// The operator's name for it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether there is a generation to ask.
    pub fn is_ready(&self) -> bool {
        false
    }

    pub(crate) fn spec(&self) -> Arc<Spec> {
        self.spec.load_full()
    }

    /// Reads the file again and, if bytes or configuration differ, checks, compiles and probes it, and puts it in place.
    ///
    /// # Errors
    /// Whatever is wrong with the new one; the one that runs is untouched then.
    pub async fn reload(&self, spec: Spec) -> Result<Reloaded, Error> {
        let read = std::fs::metadata(&spec.path);
        match read {
            Err(source) => Err(Error::Read { name: spec.name, path: spec.path, source }),
            Ok(_) => Err(Error::Compile { name: spec.name, why: "the compiler is not connected in this build".into() }),
        }
    }
}
