//! What is demanded of a filter's file on this machine: its digest, a signature.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use supply::{Digest, Key, Wrong, signature};

use crate::config::{Origin, Source, search};

/// See the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Demands {
    digest: Option<Digest>,
    keys: Vec<Key>,
    signature: Option<PathBuf>,
}

impl Demands {
    /// What is demanded of this file.
    pub(crate) fn of(origin: &Origin, file: &Path, config_file: Option<&Path>) -> Demands {
        let signature = (!origin.keys.is_empty()).then(|| match &origin.signature {
            Some(Source::Local(path)) => search::first(path, config_file),
            _ => {
                let mut beside = file.as_os_str().to_owned();
                beside.push(".minisig");
                beside.into()
            }
        });
        Demands { digest: origin.digest, keys: origin.keys.clone(), signature }
    }

    /// The file of the signature: a change of it may make the difference.
    pub(crate) fn signature(&self) -> Option<&PathBuf> {
        self.signature.as_ref()
    }

    /// The only digest that the file may be loaded with; `None`: any. Reads the file, of at most `most` bytes, if it must be signed.
    ///
    /// # Errors
    /// There is no signature that holds.
    pub(crate) fn meet(&self, file: &Path, most: u64) -> anyhow::Result<Option<[u8; 32]>> {
        let Some(signature) = &self.signature else { return Ok(self.digest.map(|digest| digest.bytes())) };
        let unreadable = |error| anyhow::Error::from(error).context(format!("{}", file.display()));
        let mut bytes = Vec::new();
        filter::file::open(file)
            .map_err(unreadable)?
            .take(most.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        let found = Digest::of(&bytes);
        if let Some(expected) = self.digest.filter(|expected| *expected != found) {
            anyhow::bail!("{}: {}", file.display(), Wrong::Digest { expected, found });
        }
        signature::verify_file(&bytes, signature, &self.keys)?;
        Ok(Some(found.bytes()))
    }
}
