//! What the operator wants recorded of a filter, and the files that come of it.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::recording::{self, Head};
use super::ring::Ring;
use super::scrub::Scrub;
use super::{Entry, Onlooker, Tape};
use crate::cache::hex;
use crate::{Grants, Spec, component};

/// `record` of a filter: while it is set, the newest calls of its streams are kept, and written to a file when a call traps or misses its
/// deadline, or when somebody asks ([`Runtime::record`](crate::Runtime::record)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where the files go; made if it is not there.
    pub folder: PathBuf,
    /// What is kept of one stream, in bytes: payloads, answers of host functions. Default 8 MiB.
    pub bytes: usize,
    /// What is kept of one stream, in time. Default 30 s.
    pub time: Duration,
    /// Which streams, as `app/name`; `*` stands for any characters. Default `*`.
    pub streams: String,
    /// Streams recorded at the same time: the first that come. Default 16.
    pub at_once: usize,
    /// Files of this filter in the folder; with so many no more is written. Default 20.
    pub files: usize,
    /// A stream that ends writes what it has too. Default false.
    pub at_end: bool,
}

impl Settings {
    /// The defaults, with files in this folder.
    pub fn to(folder: impl Into<PathBuf>) -> Settings {
        Settings {
            folder: folder.into(),
            bytes: 8 << 20,
            time: Duration::from_secs(30),
            streams: "*".into(),
            at_once: 16,
            files: 20,
            at_end: false,
        }
    }
}

/// Files written at the same time; a filter that fails everywhere at once does not need more.
const MOST_WRITERS: usize = 2;
/// Files whose names are kept.
const MOST_NAMED: usize = 16;
/// How a file ends.
pub const EXTENSION: &str = "weirrec";

/// One generation's recordings.
pub(crate) struct Recorder {
    settings: Settings,
    /// The head of every file, without what is the stream's.
    head: Head,
    scrub: Scrub,
    /// Those of the streams that are recorded.
    rings: Mutex<Vec<Weak<Mutex<Ring>>>>,
    live: Arc<AtomicUsize>,
    writing: AtomicUsize,
    written: Mutex<Written>,
}

/// What was written, and who still writes.
#[derive(Default)]
struct Written {
    files: Vec<PathBuf>,
    writers: Vec<JoinHandle<()>>,
}

/// A stream that is recorded.
pub(super) struct Seat(Arc<AtomicUsize>);

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// What a ring had when it was wanted.
pub(super) struct Kept {
    pub(super) stream: Arc<str>,
    pub(super) calls: Vec<Entry>,
    pub(super) dropped: u64,
    pub(super) reason: String,
}

impl Recorder {
    pub(crate) fn new(spec: &Spec, settings: &Settings, generation: &str, digest: &[u8]) -> Recorder {
        let scrub = Scrub::new(spec.secrets.values().chain(&spec.hidden));
        let config = if spec.config.is_null() { serde_json::json!({}) } else { spec.config.clone() };
        let Grants { entropy, derive, tracks, kv, .. } = &spec.grants;
        let named = [(entropy, "entropy"), (derive, "derive"), (tracks, "tracks")];
        let grants = named.into_iter().filter(|(has, _)| **has).map(|(_, name)| name.to_owned());
        let grants = grants.chain(kv.iter().map(|bucket| format!("kv:{bucket}")));
        let head = Head {
            filter: spec.name.clone(),
            generation: generation.to_owned(),
            digest: hex(digest),
            path: std::path::absolute(&spec.path).unwrap_or_else(|_| spec.path.clone()).display().to_string(),
            router: env!("CARGO_PKG_VERSION").to_owned(),
            contract: component::OFFERED.to_owned(),
            config: scrub.config(&config).to_string(),
            grants: grants.collect(),
            limits: (&spec.limits).into(),
            ..Head::default()
        };
        Recorder {
            settings: settings.clone(),
            head,
            scrub,
            rings: Mutex::default(),
            live: Arc::default(),
            writing: AtomicUsize::new(0),
            written: Mutex::default(),
        }
    }

    /// A tape for this stream, if it is to be recorded.
    pub(crate) fn tape(self: &Arc<Self>, stream: &str) -> Option<Box<Tape>> {
        if !fits(&self.settings.streams, stream) {
            return None;
        }
        let at_once = self.settings.at_once;
        self.live.fetch_update(Relaxed, Relaxed, |live| (live < at_once).then_some(live + 1)).ok()?;
        let seat = Seat(self.live.clone());
        let ring = Arc::new(Mutex::new(Ring::new(self, stream, seat)));
        let mut rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        rings.retain(|ring| ring.strong_count() > 0);
        rings.push(Arc::downgrade(&ring));
        drop(rings);
        Some(Tape::new(Onlooker::Ring(ring)))
    }

    /// What every stream has so far goes to a file, on a thread that writes one after the other: no stream waits, nor has a stream on
    /// which nothing comes to be waited for.
    pub(crate) fn ask(self: &Arc<Self>) {
        let rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if rings.iter().all(|ring| ring.strong_count() == 0) {
            return;
        }
        let this = self.clone();
        self.elsewhere("*", move || {
            for ring in rings.iter().filter_map(Weak::upgrade) {
                let kept = ring.lock().unwrap_or_else(PoisonError::into_inner).kept("asked for".into());
                drop(ring);
                this.put(kept);
            }
        });
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Writes a file, on a thread of its own: the caller serves a stream.
    pub(super) fn save(self: &Arc<Self>, kept: Kept) {
        let this = self.clone();
        self.elsewhere(&kept.stream.clone(), move || this.put(kept));
    }

    /// Runs what writes for `stream` on a thread of its own, unless there are enough of them.
    fn elsewhere(self: &Arc<Self>, stream: &str, write: impl FnOnce() + Send + 'static) {
        let filter = &self.head.filter;
        if self.writing.fetch_add(1, Relaxed) >= MOST_WRITERS {
            self.writing.fetch_sub(1, Relaxed);
            tracing::warn!(target: "filter", filter, stream, "not recorded: {MOST_WRITERS} other recordings of it are being written");
            return;
        }
        let this = self.clone();
        let work = move || {
            write();
            this.writing.fetch_sub(1, Relaxed);
        };
        match std::thread::Builder::new().name("filter-recording".into()).spawn(work) {
            Ok(writer) => {
                let mut written = self.written();
                written.writers.retain(|writer| !writer.is_finished());
                written.writers.push(writer);
            }
            Err(error) => {
                self.writing.fetch_sub(1, Relaxed);
                tracing::warn!(target: "filter", filter, stream, "not recorded: no thread: {error}");
            }
        }
    }

    /// Writes a file, and says so.
    fn put(&self, kept: Kept) {
        let (filter, stream) = (&self.head.filter, kept.stream.clone());
        match self.write(kept) {
            Ok(path) => {
                let mut written = self.written();
                written.files.truncate(MOST_NAMED - 1);
                written.files.insert(0, path.clone());
                drop(written);
                let file = path.display();
                tracing::info!(target: "filter", filter, stream = &*stream, "recorded; look at it with: weir filter run --replay {file}");
            }
            Err(error) => {
                tracing::warn!(target: "filter", filter, stream = &*stream, folder = %self.settings.folder.display(), "not recorded: {error}");
            }
        }
    }

    /// Waits for files that are being written. The newest files that were written, the newest first.
    pub(crate) fn settled(&self) -> Vec<PathBuf> {
        let writers = std::mem::take(&mut self.written().writers);
        for writer in writers {
            // One that has panicked has written nothing.
            let _ = writer.join();
        }
        self.written().files.clone()
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, kept: Kept) -> std::io::Result<PathBuf> {
        let folder = &self.settings.folder;
        // What is in there is the stream itself: not for everyone's eyes.
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let name = plain(&self.head.filter);
        let count = count(folder, &name)?;
        if count >= self.settings.files {
            let why = format!("{count} recordings of it are there (`record.files`): take some away");
            return Err(std::io::Error::other(why));
        }
        let unix_ms = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let made_unix_ms = u64::try_from(unix_ms).unwrap_or(u64::MAX);
        let Kept { stream, calls, dropped, reason } = kept;
        let head = Head {
            stream: stream.to_string(),
            reason: self.scrub.text(&reason),
            made_unix_ms,
            dropped,
            calls: calls.len() as u64,
            ..self.head.clone()
        };
        let bytes = recording::encode(&head, &calls, &self.scrub)?;
        for n in 0.. {
            let more = if n == 0 { String::new() } else { format!("-{n}") };
            let file = folder.join(format!("{name}-{}-{made_unix_ms}{more}.{EXTENSION}", plain(&stream)));
            let part = file.with_extension("part");
            let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part);
            let mut out = match made {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && n < 100 => continue,
                made => made?,
            };
            if file.exists() {
                fs::remove_file(&part)?;
                continue;
            }
            out.write_all(&bytes)?;
            drop(out);
            fs::rename(&part, &file)?;
            return Ok(file);
        }
        Err(std::io::Error::other("no free name for a file"))
    }
}

fn count(folder: &Path, name: &str) -> std::io::Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let file = entry?.file_name();
        let file = file.to_string_lossy();
        count += usize::from(file.starts_with(&format!("{name}-")) && file.ends_with(&format!(".{EXTENSION}")));
    }
    Ok(count)
}

/// A name that is safe in a file's.
fn plain(name: &str) -> String {
    const MOST: usize = 64;
    name.chars().take(MOST).map(|c| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' }).collect()
}

/// Whether a name fits a pattern in which `*` stands for any characters. Takes at most the product of both lengths.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(byte) if name.get(n) == Some(byte) => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, n) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, name, does) in [
            ("*", "live/cam", true),
            ("live/*", "live/cam", true),
            ("live/*", "stage/cam", false),
            ("*/cam", "live/eu/cam", true),
            ("l*e/c*m", "live/cam", true),
            ("l*e/c*m", "live/cams", false),
            ("live/cam", "live/cam", true),
            ("live/cam*", "live/cam", true),
            ("", "live/cam", false),
        ] {
            assert_eq!(fits(pattern, name), does, "{pattern} {name}");
        }
    }

    #[test]
    fn names_of_streams_are_no_paths() {
        assert_eq!(plain("live/../../etc/passwd\n"), "live_______etc_passwd_");
    }
}
