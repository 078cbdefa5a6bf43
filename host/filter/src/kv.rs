//! Small values that filters keep: buckets, shared by all instances and generations that have the grant.
//!
//! A bucket lives in memory, within bounds, and is written behind to a file: no call of a guest waits for a disk. What was written
//! in the last [`WRITE_EVERY`] before the machine or the process dies may be lost; an orderly end loses nothing.

mod file;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use filter_wit::media::weir::filter::{kv as wit, log};

use self::file::File;
use crate::host::State;
use crate::{Error, spec};

/// How long a change waits at most before it is written to the file.
const WRITE_EVERY: Duration = Duration::from_millis(100);
/// The longest key, in bytes.
pub(crate) const MOST_KEY: usize = 512;
/// What an entry costs beside its key and value, as far as bounds go.
const ENTRY: usize = 64;

/// Where buckets are kept and what each may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The file; none: in memory only, forgotten when the process ends.
    pub file: Option<PathBuf>,
    /// Keys of one bucket. Default 10,000.
    pub keys: usize,
    /// Keys and values of one bucket together, in bytes. Default 16 MiB.
    pub bytes: usize,
    /// One value, in bytes. Default 64 KiB.
    pub value_bytes: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { file: None, keys: 10_000, bytes: 16 << 20, value_bytes: 64 << 10 }
    }
}

/// All buckets. The file is opened when the first filter has a grant.
pub(crate) struct Store {
    settings: Settings,
    open: Mutex<Option<Arc<Open>>>,
}

/// The buckets that one generation may use, by name.
pub(crate) type Granted = BTreeMap<String, Bucket>;

struct Open {
    buckets: Mutex<HashMap<Arc<str>, Arc<Mutex<Entries>>>>,
    /// The last version given; never the same twice, also across restarts.
    version: AtomicU64,
    file: Option<File>,
}

/// One bucket. Clones are the same bucket.
#[derive(Clone)]
pub(crate) struct Bucket {
    name: Arc<str>,
    entries: Arc<Mutex<Entries>>,
    /// What it belongs to: the file ends with its last user.
    open: Arc<Open>,
    settings: Settings,
    /// Of a scratch copy: what it lies over. It is read and not written.
    below: Option<Arc<Mutex<Entries>>>,
}

/// The same buckets for a guest of which nothing is to last: it reads what is there, and what it writes only this copy has.
pub(crate) fn scratch(granted: &Granted) -> Granted {
    granted.iter().map(|(name, bucket)| (name.clone(), bucket.scratch())).collect()
}

#[derive(Default)]
struct Entries {
    by_key: HashMap<Arc<str>, Entry>,
    bytes: usize,
}

/// A value with its terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) value: Bytes,
    pub(crate) version: u64,
    /// Unix time in milliseconds from which on it is gone.
    pub(crate) until_ms: Option<u64>,
}

impl Entry {
    fn is_gone(&self, now_ms: u64) -> bool {
        self.until_ms.is_some_and(|until| until <= now_ms)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store {
    pub(crate) fn new(settings: Settings) -> Store {
        Store { settings, open: Mutex::default() }
    }

    /// The buckets of a filter's grants. Reads the file if nobody has yet.
    pub(crate) fn grant(&self, filter: &str, grants: &spec::Grants) -> Result<Granted, Error> {
        if grants.kv.is_empty() {
            return Ok(Granted::new());
        }
        let mut current = lock(&self.open);
        let open = match &*current {
            Some(open) => Arc::clone(open),
            None => {
                let open = Open::new(&self.settings).map_err(|why| {
                    let file = self.settings.file.clone().unwrap_or_default();
                    Error::Kept { name: filter.to_owned(), file, why }
                })?;
                current.insert(Arc::new(open)).clone()
            }
        };
        Ok(grants.kv.iter().map(|name| (name.clone(), open.bucket(&open, name, &self.settings))).collect())
    }
}

impl Open {
    fn new(settings: &Settings) -> Result<Open, String> {
        let mut buckets: HashMap<Arc<str>, Arc<Mutex<Entries>>> = HashMap::new();
        let mut version = now_us();
        let file = settings.file.as_deref().map(File::open).transpose()?;
        if let Some(file) = &file {
            file.read(|bucket, key, entry| {
                version = version.max(entry.version);
                let bucket = buckets.entry(bucket.into()).or_default();
                lock(bucket).put(key.into(), entry);
            })?;
        }
        Ok(Open { buckets: Mutex::new(buckets), version: AtomicU64::new(version), file })
    }

    fn bucket(&self, this: &Arc<Open>, name: &str, settings: &Settings) -> Bucket {
        let name: Arc<str> = name.into();
        let entries = lock(&self.buckets).entry(Arc::clone(&name)).or_default().clone();
        Bucket { name, entries, open: Arc::clone(this), settings: settings.clone(), below: None }
    }
}

/// Versions begin where the clock is, so that those lost with the last writes are not given again.
fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(0)
}

impl Entries {
    fn put(&mut self, key: Arc<str>, entry: Entry) {
        self.bytes += weight(&key, &entry);
        if let Some(old) = self.by_key.insert(Arc::clone(&key), entry) {
            self.bytes -= weight(&key, &old);
        }
    }

    fn remove(&mut self, key: &str) -> bool {
        match self.by_key.remove_entry(key) {
            Some((key, entry)) => {
                self.bytes -= weight(&key, &entry);
                true
            }
            None => false,
        }
    }

    fn live(&self, key: &str, now_ms: u64) -> Option<&Entry> {
        self.by_key.get(key).filter(|entry| !entry.is_gone(now_ms))
    }

    /// Whether another entry has room beside the others; `key` gives its place up.
    fn has_room(&self, key: &str, entry: &Entry, settings: &Settings) -> bool {
        let old = self.by_key.get(key).map_or(0, |old| weight(key, old));
        let keys = self.by_key.len() + usize::from(old == 0);
        keys <= settings.keys && self.bytes - old + weight(key, entry) <= settings.bytes
    }
}

fn weight(key: &str, entry: &Entry) -> usize {
    key.len() + entry.value.len() + ENTRY
}

impl Bucket {
    fn scratch(&self) -> Bucket {
        Bucket { entries: Arc::default(), below: Some(Arc::clone(&self.entries)), ..self.clone() }
    }

    pub(crate) fn get(&self, key: &str, now_ms: u64) -> Option<Entry> {
        self.found(&lock(&self.entries), key, now_ms)
    }

    fn found(&self, own: &Entries, key: &str, now_ms: u64) -> Option<Entry> {
        match &self.below {
            // What a scratch copy has, if only that it was deleted, hides what is below.
            Some(below) if !own.by_key.contains_key(key) => lock(below).live(key, now_ms).cloned(),
            _ => own.live(key, now_ms).cloned(),
        }
    }

    /// Writes what `value` makes of what is there; gives the new version.
    fn update<T>(
        &self,
        key: &str,
        ttl_ms: Option<u64>,
        now_ms: u64,
        value: impl FnOnce(Option<&Entry>) -> Result<(Bytes, T), wit::KvError>,
    ) -> Result<(u64, T), wit::KvError> {
        if key.len() > MOST_KEY {
            return Err(wit::KvError::TooLarge);
        }
        let mut entries = lock(&self.entries);
        let (value, result) = value(self.found(&entries, key, now_ms).as_ref())?;
        if value.len() > self.settings.value_bytes {
            return Err(wit::KvError::TooLarge);
        }
        let version = self.open.version.fetch_add(1, Relaxed) + 1;
        let entry = Entry { value, version, until_ms: ttl_ms.map(|ms| now_ms.saturating_add(ms)) };
        if !entries.has_room(key, &entry, &self.settings) {
            self.sweep(&mut entries, now_ms);
            if !entries.has_room(key, &entry, &self.settings) {
                return Err(wit::KvError::Unavailable("the bucket is full".into()));
            }
        }
        if self.file().is_some_and(File::is_behind) {
            return Err(wit::KvError::Unavailable("more changes than the disk takes".into()));
        }
        let key: Arc<str> = key.into();
        self.note(&key, Some(&entry));
        entries.put(key, entry);
        Ok((version, result))
    }

    pub(crate) fn set(&self, key: &str, value: Vec<u8>, ttl_ms: Option<u64>, now_ms: u64) -> Result<u64, wit::KvError> {
        self.update(key, ttl_ms, now_ms, |_| Ok((value.into(), ()))).map(|(version, ())| version)
    }

    pub(crate) fn compare_and_set(
        &self,
        key: &str,
        expect: Option<u64>,
        value: Vec<u8>,
        ttl_ms: Option<u64>,
        now_ms: u64,
    ) -> Result<u64, wit::KvError> {
        let written = self.update(key, ttl_ms, now_ms, |old| match old.map(|old| old.version) == expect {
            true => Ok((value.into(), ())),
            false => Err(wit::KvError::Conflict),
        });
        written.map(|(version, ())| version)
    }

    pub(crate) fn add(&self, key: &str, delta: i64, ttl_ms: Option<u64>, now_ms: u64) -> Result<i64, wit::KvError> {
        let unavailable = |why: &str| wit::KvError::Unavailable(why.into());
        let written = self.update(key, ttl_ms, now_ms, |old| {
            let have: i64 = match old {
                None => 0,
                Some(old) => std::str::from_utf8(&old.value)
                    .ok()
                    .and_then(|text| text.parse().ok())
                    .ok_or_else(|| unavailable("the value is not a decimal number"))?,
            };
            let sum = have.checked_add(delta).ok_or_else(|| unavailable("the sum is too large"))?;
            Ok((sum.to_string().into(), sum))
        });
        written.map(|(_, sum)| sum)
    }

    pub(crate) fn delete(&self, key: &str) {
        let mut entries = lock(&self.entries);
        if self.below.is_some() {
            let gone = Entry { value: Bytes::new(), version: 0, until_ms: Some(0) };
            if entries.has_room(key, &gone, &self.settings) {
                entries.put(key.into(), gone);
            }
        } else if entries.remove(key) {
            self.note(&key.into(), None);
        }
    }

    /// Takes out what is over its time. In a scratch copy that would show what is below.
    fn sweep(&self, entries: &mut Entries, now_ms: u64) {
        if self.below.is_some() {
            return;
        }
        let gone: Vec<Arc<str>> =
            entries.by_key.iter().filter(|(_, e)| e.is_gone(now_ms)).map(|(key, _)| Arc::clone(key)).collect();
        for key in gone {
            entries.remove(&key);
            self.note(&key, None);
        }
    }

    fn file(&self) -> Option<&File> {
        self.open.file.as_ref().filter(|_| self.below.is_none())
    }

    /// Tells the file, under the bucket's lock: changes of a key are written in their order.
    fn note(&self, key: &Arc<str>, entry: Option<&Entry>) {
        if let Some(file) = self.file() {
            file.write(Arc::clone(&self.name), Arc::clone(key), entry.cloned());
        }
    }
}

impl State {
    /// A bucket that is granted. One that is not is told to the operator: the guest can only say that something is wrong.
    fn bucket(&mut self, bucket: &str, bytes: usize) -> wasmtime::Result<Result<(Bucket, u64), wit::KvError>> {
        self.budget.host_call(bucket.len() + bytes)?;
        let now_ms = self.guest.clock.unix_ms();
        let found = self.desk.output.rehearsal.as_deref().unwrap_or(&self.guest.kv).get(bucket).cloned();
        if found.is_none() {
            let name = &self.guest.name;
            let what = format!("not granted: add \"kv:{bucket}\" to `grants` of [filters.{name}]");
            self.say(log::Level::Warn, &what, &[]);
        }
        Ok(found.map(|bucket| (bucket, now_ms)).ok_or(wit::KvError::Denied))
    }
}

impl wit::Host for State {
    fn get(&mut self, bucket: String, key: String) -> wasmtime::Result<Result<Option<wit::Item>, wit::KvError>> {
        let found = self.bucket(&bucket, key.len())?;
        let item = self.told(
            "kv.get",
            || format!("{bucket:?}, {key:?}"),
            |_| {
                let get = |(bucket, now_ms): (Bucket, u64)| bucket.get(&key, now_ms);
                Ok(found.map(get).map(|entry| entry.map(|e| wit::Item { value: e.value.to_vec(), version: e.version })))
            },
        )?;
        let bytes = item.as_ref().ok().and_then(Option::as_ref).map_or(0, |item| item.value.len());
        self.budget.host_call(bytes)?;
        Ok(item)
    }

    fn set(
        &mut self,
        bucket: String,
        key: String,
        value: Vec<u8>,
        ttl_ms: Option<u64>,
    ) -> wasmtime::Result<Result<u64, wit::KvError>> {
        let found = self.bucket(&bucket, key.len() + value.len())?;
        let size = value.len();
        self.told(
            "kv.set",
            || format!("{bucket:?}, {key:?}, {size} bytes"),
            |_| Ok(found.and_then(|(bucket, now_ms)| bucket.set(&key, value, ttl_ms, now_ms))),
        )
    }

    fn compare_and_set(
        &mut self,
        bucket: String,
        key: String,
        expect: Option<u64>,
        value: Vec<u8>,
        ttl_ms: Option<u64>,
    ) -> wasmtime::Result<Result<u64, wit::KvError>> {
        let found = self.bucket(&bucket, key.len() + value.len())?;
        let size = value.len();
        self.told(
            "kv.compare-and-set",
            || format!("{bucket:?}, {key:?}, {expect:?}, {size} bytes"),
            |_| Ok(found.and_then(|(bucket, now_ms)| bucket.compare_and_set(&key, expect, value, ttl_ms, now_ms))),
        )
    }

    fn add(
        &mut self,
        bucket: String,
        key: String,
        delta: i64,
        ttl_ms: Option<u64>,
    ) -> wasmtime::Result<Result<i64, wit::KvError>> {
        let found = self.bucket(&bucket, key.len())?;
        self.told(
            "kv.add",
            || format!("{bucket:?}, {key:?}, {delta}"),
            |_| Ok(found.and_then(|(bucket, now_ms)| bucket.add(&key, delta, ttl_ms, now_ms))),
        )
    }

    fn delete(&mut self, bucket: String, key: String) -> wasmtime::Result<Result<(), wit::KvError>> {
        let found = self.bucket(&bucket, key.len())?;
        self.told("kv.delete", || format!("{bucket:?}, {key:?}"), |_| Ok(found.map(|(bucket, _)| bucket.delete(&key))))
    }
}

#[cfg(test)]
mod tests;
