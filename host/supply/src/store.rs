//! The folder with the last good file of each source.
//!
//! A file is named by its digest, and an entry, a small JSON file named by its source, says which one that is. Both are written beside
//! their place, brought to the disk and renamed: a process that is killed leaves the old one or the new one. A file that is read has
//! the digest that its name says, or is not used.

use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use tempfile::{NamedTempFile, TempDir};

use crate::{Digest, Remote};

/// A file that no entry names is deleted when it is older than this: until then somebody may be about to load it.
const ORPHANED: Duration = Duration::from_secs(600);
const PART: &str = "part-";

/// The folder.
#[derive(Debug)]
pub(crate) struct Store {
    dir: PathBuf,
    /// Removed with the store, where nothing is to be kept.
    _temporary: Option<TempDir>,
}

/// What is known about the last good file of a source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// For people.
    pub(crate) source: String,
    pub(crate) digest: String,
    /// Seconds since 1970.
    pub(crate) fetched: u64,
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
    pub(crate) manifest: Option<String>,
    /// The text of the signature that it came with.
    pub(crate) signature: Option<String>,
}

impl Store {
    /// Makes the folder, mode 0700, if it is not there. Without one, files are kept in a temporary folder, until the end.
    pub(crate) fn open(dir: Option<&Path>) -> io::Result<Store> {
        let Some(dir) = dir else {
            let temporary = tempfile::Builder::new().prefix("weir-filters-").tempdir()?;
            return Ok(Store { dir: temporary.path().to_owned(), _temporary: Some(temporary) });
        };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        let (meta, refuse) = (fs::metadata(dir)?, |why: &str| Err(io::Error::other(why.to_owned())));
        if !meta.is_dir() {
            return refuse("it is not a folder");
        }
        if fs::metadata("/proc/self").is_ok_and(|me| me.uid() != meta.uid()) {
            return refuse("it belongs to another user");
        }
        if meta.mode() & 0o022 != 0 {
            return refuse("others may write to it; chmod go-w it");
        }
        // Paths are handed on: what they mean must not depend on where the process stands.
        let store = Store { dir: dir.canonicalize()?, _temporary: None };
        store.sweep();
        Ok(store)
    }

    /// What is known about a source.
    pub(crate) fn entry(&self, source: &Remote) -> Option<Entry> {
        let text = fs::read(self.entry_path(source)).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// A file with its bytes, if they are what its name says.
    pub(crate) fn read(&self, digest: Digest, most: u64) -> io::Result<(PathBuf, Vec<u8>)> {
        let (path, mut bytes) = (self.file_path(digest), Vec::new());
        fs::File::open(&path)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            return Err(io::Error::other(format!("it is larger than {most} bytes")));
        }
        let found = Digest::of(&bytes);
        if found != digest {
            return Err(io::Error::other(format!("it is damaged: expected {digest}, found {found}")));
        }
        Ok((path, bytes))
    }

    /// Puts a file there. No entry names it yet.
    pub(crate) fn put(&self, digest: Digest, bytes: &[u8]) -> io::Result<PathBuf> {
        self.sweep();
        let path = self.file_path(digest);
        // Also if it is there already: it may be damaged, and it is young again.
        self.write(&path, bytes)?;
        Ok(path)
    }

    /// Names the last good file of a source.
    pub(crate) fn keep(&self, source: &Remote, entry: &Entry) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(entry).map_err(io::Error::other)?;
        self.write(&self.entry_path(source), &text)
    }

    /// Deletes a file, unless an entry names it.
    pub(crate) fn discard(&self, digest: Digest) {
        if !self.named().contains(&digest.to_string()) {
            let _ = fs::remove_file(self.file_path(digest));
        }
    }

    /// Writes beside the place, to the disk, then over what was there.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut part = NamedTempFile::with_prefix_in(PART, &self.dir)?;
        part.write_all(bytes)?;
        part.as_file().sync_all()?;
        part.persist(path).map_err(|error| error.error)?;
        // The rename too is to be there after a loss of power.
        fs::File::open(&self.dir)?.sync_all()
    }

    /// The digests that entries name.
    fn named(&self) -> Vec<String> {
        let entries = self.files().filter(|path| path.extension().is_some_and(|extension| extension == "json"));
        let entries = entries.filter_map(|path| serde_json::from_slice::<Entry>(&fs::read(path).ok()?).ok());
        entries.map(|entry| entry.digest).collect()
    }

    /// Deletes what a killed process left, and files that nobody names any more.
    fn sweep(&self) {
        let named = self.named();
        let old = |path: &Path| {
            let modified = fs::metadata(path).and_then(|meta| meta.modified()).ok();
            modified.and_then(|at| SystemTime::now().duration_since(at).ok()).is_some_and(|age| age > ORPHANED)
        };
        for path in self.files() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let orphan = match name.strip_suffix(".wasm") {
                Some(hex) => !named.contains(&format!("sha256:{hex}")),
                None => name.starts_with(PART),
            };
            if orphan && old(&path) {
                let _ = fs::remove_file(path);
            }
        }
    }

    fn files(&self) -> impl Iterator<Item = PathBuf> + use<> {
        fs::read_dir(&self.dir).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()))
    }

    fn file_path(&self, digest: Digest) -> PathBuf {
        self.dir.join(format!("{}.wasm", digest.hex()))
    }

    fn entry_path(&self, source: &Remote) -> PathBuf {
        self.dir.join(format!("{}.json", Digest::of(source.identity().as_bytes()).hex()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Remote {
        text.parse().unwrap()
    }

    fn entry(digest: Digest) -> Entry {
        Entry {
            source: "x".into(),
            digest: digest.to_string(),
            fetched: 1,
            etag: None,
            last_modified: None,
            manifest: None,
            signature: None,
        }
    }

    #[test]
    fn what_is_kept_is_there_for_the_next_process() {
        let dir = tempfile::tempdir().unwrap();
        let (dir, of) = (dir.path().join("a/b"), source("https://h/f.wasm?version=1"));
        let digest = Digest::of(b"file");
        let store = Store::open(Some(&dir)).unwrap();
        store.put(digest, b"file").unwrap();
        assert!(store.entry(&of).is_none(), "what was not kept is not known");
        store.keep(&of, &entry(digest)).unwrap();
        drop(store);
        let store = Store::open(Some(&dir)).unwrap();
        assert_eq!(store.entry(&of).unwrap().digest, digest.to_string());
        assert_eq!(store.read(digest, 4).unwrap().1, b"file");
        assert!(store.entry(&source("https://h/f.wasm?version=2")).is_none());
        store.discard(digest);
        assert!(store.read(digest, 4).is_ok(), "what an entry names stays");
    }

    #[test]
    fn a_damaged_file_is_not_used() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(Some(&dir.path().join("d"))).unwrap();
        let digest = Digest::of(b"file");
        let path = store.put(digest, b"file").unwrap();
        fs::write(&path, "fil").unwrap();
        assert!(store.read(digest, 100).unwrap_err().to_string().contains("damaged"));
        store.put(digest, b"file").unwrap();
        assert!(store.read(digest, 100).is_ok());
        assert!(store.read(digest, 3).is_err(), "it is not read beyond its bound");
    }

    #[test]
    fn leftovers_are_swept_and_what_is_named_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("d");
        let store = Store::open(Some(&dir)).unwrap();
        let old = SystemTime::now() - 2 * ORPHANED;
        let age = |path: &Path| fs::File::options().append(true).open(path).unwrap().set_modified(old).unwrap();
        let [named, orphan, young] = [b"a", b"b", b"c"].map(|bytes| store.put(Digest::of(bytes), bytes).unwrap());
        store.keep(&source("https://h/f"), &entry(Digest::of(b"a"))).unwrap();
        let (part, other) = (dir.join("part-1"), dir.join("other"));
        fs::write(&part, "").unwrap();
        fs::write(&other, "").unwrap();
        for path in [&named, &orphan, &part, &other] {
            age(path);
        }
        store.sweep();
        let there = [&named, &orphan, &young, &part, &other].map(|path| path.exists());
        assert_eq!(there, [true, false, true, false, true]);
    }

    #[test]
    fn a_folder_that_others_may_write_to_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).unwrap();
        assert!(Store::open(Some(dir.path())).unwrap_err().to_string().contains("chmod go-w"));
        let temporary = Store::open(None).unwrap();
        let path = temporary.put(Digest::of(b"a"), b"a").unwrap();
        drop(temporary);
        assert!(!path.exists());
    }
}
