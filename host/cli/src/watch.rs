//! Files that change on disk: tells which of the watched paths hold something else than before.
//!
//! Folders are watched, not files: a file replaced by a rename, a link that is turned, and a file that is not there yet all
//! show in the folder. Where links stand in the way to a file, so are the folders of the links and of what they point to. What counts is the file's own state, so that an event too many costs one look and no reload.

use std::{
    collections::{BTreeMap, BTreeSet},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};

use notify::{EventKind, RecursiveMode, Watcher, event::AccessKind, event::AccessMode};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};

/// A folder must be quiet for so long before its files are looked at: a file that is being written changes many times.
const QUIET: Duration = Duration::from_millis(100);
/// But a folder that is never quiet is looked at after so long.
const PATIENCE: Duration = Duration::from_secs(2);

/// Watches paths until it is dropped.
pub(crate) struct Watch {
    watcher: notify::RecommendedWatcher,
    events: mpsc::Receiver<()>,
    /// A note was taken and the look it asks for is still to come.
    due: bool,
    folders: BTreeSet<PathBuf>,
    states: BTreeMap<PathBuf, Option<State>>,
}

/// What tells two contents of a path apart without reading them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Watch {
    /// Watches nothing yet.
    ///
    /// # Errors
    /// If the system has no watch to give.
    pub(crate) fn new() -> Result<Watch, notify::Error> {
        // One waiting note is enough: it means "look again".
        let (note, events) = mpsc::channel(1);
        let watcher = notify::recommended_watcher(move |event: Result<notify::Event, notify::Error>| {
            let matters = match event {
                Ok(event) => match event.kind {
                    EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
                    EventKind::Access(_) => false,
                    _ => true,
                },
                // Events may have been lost.
                Err(_) => true,
            };
            if matters {
                // Full: a note is waiting already. Closed: nobody watches any more.
                let _ = note.try_send(());
            }
        })?;
        Ok(Watch { watcher, events, due: false, folders: BTreeSet::new(), states: BTreeMap::new() })
    }

    /// Watches exactly these paths from now on, whether or not they are there.
    pub(crate) fn set(&mut self, paths: impl IntoIterator<Item = PathBuf>) {
        let old = std::mem::take(&mut self.states);
        self.states = paths.into_iter().map(|path| (path, None)).collect();
        // The watch before the look: a change between the two is seen by one of them.
        self.follow();
        for (path, now) in &mut self.states {
            // A path that was watched already keeps its old state: a change in between is not lost.
            *now = old.get(path).copied().unwrap_or_else(|| state(path));
        }
    }

    /// Waits for a change; returns the paths that hold something else than at the last call. Cancel safe.
    pub(crate) async fn changed(&mut self) -> Vec<PathBuf> {
        loop {
            if !self.due && self.events.recv().await.is_none() {
                // The watcher lives as long as `self`, so this is never reached; waiting is right all the same.
                std::future::pending::<()>().await;
            }
            self.due = true;
            let latest = Instant::now() + PATIENCE;
            while let Ok(Some(())) = timeout_at(latest.min(Instant::now() + QUIET), self.events.recv()).await {
                if Instant::now() >= latest {
                    break;
                }
            }
            self.due = false;
            // Before the look: a folder that has come since may hold what was missing.
            self.follow();
            let mut changed = Vec::new();
            for (path, old) in &mut self.states {
                let new = state(path);
                if *old != new {
                    *old = new;
                    changed.push(path.clone());
                }
            }
            if !changed.is_empty() {
                return changed;
            }
        }
    }

    /// Watches every folder in which something decides what a path holds.
    fn follow(&mut self) {
        let folders: BTreeSet<_> = self.states.keys().flat_map(|path| folders(path)).collect();
        for gone in self.folders.difference(&folders) {
            // It fails if the folder itself is gone, and then there is nothing to end.
            let _ = self.watcher.unwatch(gone);
        }
        let mut watched = BTreeSet::new();
        for folder in folders {
            // Again for those watched already: a folder that was removed and made anew is another folder.
            match self.watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    watched.insert(folder);
                }
                Err(error) => {
                    tracing::warn!(folder = %folder.display(), %error, "changes of files here are not seen")
                }
            }
        }
        self.folders = watched;
    }
}

/// The folder of every link on the way to a path, and that of what is at its end; where something is missing, the nearest one
/// above it that is there.
fn folders(path: &Path) -> BTreeSet<PathBuf> {
    /// As many links as the system follows (`path_resolution(7)`).
    const LINKS: usize = 40;
    let mut folders = BTreeSet::new();
    // One name for one folder: the system counts watches by folder, not by name.
    let mut add = |folder: PathBuf| folders.insert(folder.canonicalize().unwrap_or(folder));
    let mut path = path.to_owned();
    'links: for _ in 0..LINKS {
        let mut at = PathBuf::new();
        let mut rest = path.components();
        while let Some(part) = rest.next() {
            at.push(part);
            if let Ok(to) = std::fs::read_link(&at) {
                let folder = parent(&at);
                path = folder.join(to).join(rest.as_path());
                add(folder);
                continue 'links;
            }
        }
        break;
    }
    let mut folder = parent(&path);
    while !folder.is_dir() && folder != Path::new(".") && folder.parent().is_some() {
        folder = parent(&folder);
    }
    add(folder);
    folders
}

/// The folder that a path stands in: the working directory for a bare name.
fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => ".".into(),
        Some(folder) => folder.into(),
        None => path.into(),
    }
}

fn state(path: &Path) -> Option<State> {
    let meta = std::fs::metadata(path).ok()?;
    Some(State {
        device: meta.dev(),
        inode: meta.ino(),
        size: meta.size(),
        modified: (meta.mtime(), meta.mtime_nsec()),
        changed: (meta.ctime(), meta.ctime_nsec()),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    async fn changes(watch: &mut Watch) -> Vec<String> {
        let changed = tokio::time::timeout(Duration::from_secs(20), watch.changed()).await.expect("a change is seen");
        changed.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
    }

    fn watch(paths: &[&Path]) -> Watch {
        let mut watch = Watch::new().unwrap();
        watch.set(paths.iter().map(|path| path.to_path_buf()));
        watch
    }

    #[tokio::test]
    async fn a_file_written_in_place() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (dir.path().join("a.wasm"), dir.path().join("b.wasm"));
        fs::write(&a, "1").unwrap();
        fs::write(&b, "1").unwrap();
        let mut watch = watch(&[&a, &b]);
        fs::write(&b, "22").unwrap();
        assert_eq!(changes(&mut watch).await, ["b.wasm"]);
    }

    #[tokio::test]
    async fn a_file_replaced_by_a_rename_again_and_again() {
        let dir = tempfile::tempdir().unwrap();
        let (file, new) = (dir.path().join("f.wasm"), dir.path().join("new"));
        fs::write(&file, "0").unwrap();
        let mut watch = watch(&[&file]);
        for n in 1..4 {
            fs::write(&new, n.to_string()).unwrap();
            fs::rename(&new, &file).unwrap();
            assert_eq!(changes(&mut watch).await, ["f.wasm"]);
        }
    }

    #[tokio::test]
    async fn a_file_in_a_folder_that_is_not_there_yet() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x/y/f.wasm");
        let mut watch = watch(&[&file]);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "1").unwrap();
        assert_eq!(changes(&mut watch).await, ["f.wasm"]);
        fs::remove_dir_all(dir.path().join("x")).unwrap();
        assert_eq!(changes(&mut watch).await, ["f.wasm"]);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "2").unwrap();
        assert_eq!(changes(&mut watch).await, ["f.wasm"]);
    }

    #[tokio::test]
    async fn a_link_that_is_turned() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::create_dir_all(path("v1")).unwrap();
        fs::create_dir_all(path("v2")).unwrap();
        fs::write(path("v1/f.wasm"), "1").unwrap();
        fs::write(path("v2/f.wasm"), "2").unwrap();
        std::os::unix::fs::symlink(path("v1/f.wasm"), path("f.wasm")).unwrap();
        let mut watch = watch(&[&path("f.wasm")]);
        std::os::unix::fs::symlink(path("v2/f.wasm"), path("new")).unwrap();
        fs::rename(path("new"), path("f.wasm")).unwrap();
        assert_eq!(changes(&mut watch).await, ["f.wasm"]);
    }

    #[tokio::test]
    async fn links_to_files_elsewhere_and_to_folders_are_followed() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let link = |to: &str, at: &str| {
            std::os::unix::fs::symlink(to, path("new")).unwrap();
            fs::rename(path("new"), path(at)).unwrap();
        };
        for folder in ["etc", "live", "archive", "v1", "v2"] {
            fs::create_dir(path(folder)).unwrap();
        }
        fs::write(path("archive/cert1.pem"), "1").unwrap();
        fs::write(path("archive/cert2.pem"), "2").unwrap();
        fs::write(path("v1/f.pem"), "1").unwrap();
        fs::write(path("v2/f.pem"), "2").unwrap();
        // As an operator's link to certbot's link, and as releases are deployed.
        link("../archive/cert1.pem", "live/cert.pem");
        link("../live/cert.pem", "etc/cert.pem");
        link("v1", "current");
        let (cert, f) = (path("etc/cert.pem"), path("current/f.pem"));
        let mut watch = watch(&[&cert, &f]);
        link("../archive/cert2.pem", "live/cert.pem");
        assert_eq!(changes(&mut watch).await, ["cert.pem"]);
        fs::write(path("archive/cert2.pem"), "in place").unwrap();
        assert_eq!(changes(&mut watch).await, ["cert.pem"]);
        for (to, text) in [("v2", "another"), ("v1", "and back")] {
            link(to, "current");
            assert_eq!(changes(&mut watch).await, ["f.pem"]);
            fs::write(path(to).join("f.pem"), text).unwrap();
            assert_eq!(changes(&mut watch).await, ["f.pem"]);
        }
    }

    #[tokio::test]
    async fn a_change_between_two_settings_is_not_lost() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("f.wasm");
        fs::write(&file, "1").unwrap();
        let mut watch = watch(&[&file]);
        fs::write(&file, "22").unwrap();
        watch.set([file.clone(), dir.path().join("g.wasm")]);
        assert_eq!(changes(&mut watch).await, ["f.wasm"]);
    }

    #[tokio::test]
    async fn other_files_and_reading_are_no_change() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("f.wasm");
        fs::write(&file, "1").unwrap();
        let mut watch = watch(&[&file]);
        fs::write(dir.path().join("other"), "1").unwrap();
        fs::read(&file).unwrap();
        // The next change that is reported is the next one of the file.
        let changed = watch.changed();
        tokio::pin!(changed);
        assert!(tokio::time::timeout(Duration::from_millis(300), &mut changed).await.is_err());
        fs::write(&file, "22").unwrap();
        assert_eq!(changed.await, [file]);
    }
}
