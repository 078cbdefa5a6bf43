//! Compiled code on disk, so that a filter is compiled once per change and not once per start.
//!
//! One file per (bytes of the component, settings of the engine): a mark, the SHA-256 of what follows, and wasmtime's serialized
//! component. Writing is atomic (another file, then a rename). A file that is cut, altered or of another wasmtime is deleted and
//! compiled anew.
//!
//! Serialized components are machine code: whoever can write them can run code in the router. So the directory must belong to the
//! user that runs the router and must not be writable by others; it is made so, and refused otherwise.

use std::fs;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::Error;

const MARK: &[u8; 8] = b"weircwa1";
/// The oldest files beyond this many are deleted.
const MOST_FILES: usize = 128;

/// Where compiled code is kept; nowhere is possible too.
#[derive(Debug)]
pub(crate) struct Cache {
    dir: Option<PathBuf>,
    counter: AtomicU64,
}

impl Cache {
    /// Makes the directory, mode 0700, if it is not there.
    pub(crate) fn open(dir: Option<&Path>) -> Result<Cache, Error> {
        if let Some(dir) = dir {
            let refuse = |why: String| Error::Runtime(format!("cache directory {}: {why}", dir.display()));
            fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|e| refuse(e.to_string()))?;
            let meta = fs::metadata(dir).map_err(|e| refuse(e.to_string()))?;
            if !meta.is_dir() {
                return Err(refuse("it is not a directory".into()));
            }
            if fs::metadata("/proc/self").is_ok_and(|me| me.uid() != meta.uid()) {
                return Err(refuse("it belongs to another user".into()));
            }
            if meta.mode() & 0o022 != 0 {
                return Err(refuse("others may write to it; chmod go-w it".into()));
            }
        }
        Ok(Cache { dir: dir.map(Path::to_owned), counter: AtomicU64::new(0) })
    }

    /// The compiled component, from the cache if it is there; otherwise compiled and kept. Tells whether it was there.
    pub(crate) fn compiled(&self, engine: &Engine, bytes: &[u8]) -> wasmtime::Result<(Component, bool)> {
        let Some(dir) = &self.dir else { return Ok((Component::new(engine, bytes)?, false)) };
        let path = dir.join(format!("{}.cwasm", key(engine, bytes)));
        if let Some(component) = read(engine, &path) {
            return Ok((component, true));
        }
        let component = Component::new(engine, bytes)?;
        if let Err(e) = self.write(dir, &path, &component.serialize()?) {
            tracing::warn!(file = %path.display(), "compiled code cannot be kept: {e}");
        }
        Ok((component, false))
    }

    fn write(&self, dir: &Path, path: &Path, code: &[u8]) -> std::io::Result<()> {
        let n = self.counter.fetch_add(1, Ordering::Relaxed);
        let temporary = path.with_extension(format!("{}-{n}.tmp", std::process::id()));
        let written = (|| {
            let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
            file.write_all(MARK)?;
            file.write_all(&Sha256::digest(code))?;
            file.write_all(code)?;
            file.sync_data()?;
            fs::rename(&temporary, path)
        })();
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        prune(dir);
        written
    }
}

fn key(engine: &Engine, bytes: &[u8]) -> String {
    // SipHash with fixed keys: the same in every process, which is all that is asked of it.
    let mut settings = std::hash::DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut settings);
    let mut all = Sha256::new();
    all.update(settings.finish().to_be_bytes());
    all.update(bytes);
    hex(&all.finalize()[..])
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        text
    })
}

fn read(engine: &Engine, path: &Path) -> Option<Component> {
    let bytes = fs::read(path).ok()?;
    let code = bytes.strip_prefix(MARK).and_then(|rest| rest.split_at_checked(32));
    let component = match code {
        Some((sum, code)) if Sha256::digest(code)[..] == *sum => {
            // SAFETY: `deserialize` runs whatever machine code it is given, so the bytes must be wasmtime's own. They are: the
            // directory is ours alone (checked by `open`), every file in it was written by `write` from `Component::serialize`, and
            // the sum tells a damaged file. wasmtime itself refuses code of another version or of other engine settings.
            #[allow(unsafe_code)]
            let component = unsafe { Component::deserialize(engine, code) };
            component.map_err(|e| format!("{e:#}"))
        }
        _ => Err("the file is damaged".into()),
    };
    match component {
        Ok(component) => {
            // The age that `prune` goes by is that of the last use.
            let _ =
                fs::File::options().append(true).open(path).and_then(|f| f.set_modified(std::time::SystemTime::now()));
            Some(component)
        }
        Err(why) => {
            tracing::debug!(file = %path.display(), "compiled code is not used: {why}");
            let _ = fs::remove_file(path);
            None
        }
    }
}

fn prune(dir: &Path) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    let mut files: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|e| e.path().extension().is_some_and(|x| x == "cwasm"))
        .filter_map(|e| Some((e.metadata().ok()?.modified().ok()?, e.path())))
        .collect();
    files.sort_unstable();
    for (_, path) in files.iter().take(files.len().saturating_sub(MOST_FILES)) {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::engine::Engines;

    fn files(dir: &Path) -> Vec<PathBuf> {
        fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect()
    }

    #[test]
    fn code_is_kept_once_per_engine_and_damaged_files_are_written_anew() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("code");
        let engines = Engines::new().unwrap();
        let bytes = wat::parse_str("(component)").unwrap();
        let cache = Cache::open(Some(&dir)).unwrap();
        assert_eq!(fs::metadata(&dir).unwrap().mode() & 0o777, 0o700);
        assert!(!cache.compiled(&engines.media, &bytes).unwrap().1);
        assert!(Cache::open(Some(&dir)).unwrap().compiled(&engines.media, &bytes).unwrap().1);
        let path = files(&dir).pop().unwrap();
        let good = fs::read(&path).unwrap();
        let mut flipped = good.clone();
        flipped[good.len() / 2] ^= 1;
        for bad in [&good[..good.len() / 2], &flipped, b"", b"weircwa1"] {
            fs::write(&path, bad).unwrap();
            assert!(!cache.compiled(&engines.media, &bytes).unwrap().1, "a damaged file was used");
            assert_eq!(fs::read(&path).unwrap(), good, "it was not written anew");
        }
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(files(&dir).len(), 1, "nothing temporary stays");
    }

    #[test]
    fn a_directory_that_others_may_write_to_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let text = Cache::open(Some(dir.path())).unwrap_err().to_string();
        assert!(text.contains("others may write"), "{text}");
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(Cache::open(Some(&file)).is_err());
    }

    #[test]
    fn only_so_many_files_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        for n in 0..MOST_FILES + 9 {
            fs::write(dir.path().join(format!("{n}.cwasm")), "").unwrap();
        }
        prune(dir.path());
        assert_eq!(files(dir.path()).len(), MOST_FILES);
    }
}
