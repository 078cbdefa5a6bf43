//! The file behind the buckets, and the thread that writes it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use bytes::Bytes;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

use super::{Entry, WRITE_EVERY};

/// Bucket and key → version, until when (0: for ever), value.
const ENTRIES: TableDefinition<'_, (&str, &str), (u64, u64, &[u8])> = TableDefinition::new("entries");

/// Changes that may wait to be written: a disk that fails or a guest that writes without end does not fill the memory.
const MOST_PENDING: usize = 100_000;

/// Dropping it writes what is left.
pub(super) struct File {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
}

struct Shared {
    database: Database,
    pending: Mutex<Pending>,
    changed: Condvar,
}

/// The newest state of what has changed since the last write: no more than there are keys.
#[derive(Default)]
struct Pending {
    entries: HashMap<(Arc<str>, Arc<str>), Option<Entry>>,
    over: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut said = false;
        loop {
            let mut pending = self.lock();
            while pending.entries.is_empty() && !pending.over {
                pending = self.changed.wait(pending).unwrap_or_else(PoisonError::into_inner);
            }
            let over = pending.over;
            if !over {
                drop(pending);
                // What comes meanwhile is written in one go.
                std::thread::park_timeout(WRITE_EVERY);
                pending = self.lock();
            }
            let entries = std::mem::take(&mut pending.entries);
            let over = over || pending.over;
            drop(pending);
            match self.write(&entries) {
                Ok(()) => said = false,
                Err(error) => {
                    if !std::mem::replace(&mut said, true) {
                        tracing::error!(%error, "filters' buckets cannot be written: they live in memory until it works again");
                    }
                    let mut pending = self.lock();
                    for (at, entry) in entries {
                        pending.entries.entry(at).or_insert(entry);
                    }
                }
            }
            if over {
                return;
            }
        }
    }

    fn write(&self, entries: &HashMap<(Arc<str>, Arc<str>), Option<Entry>>) -> Result<(), redb::Error> {
        let transaction = self.database.begin_write()?;
        {
            let mut table = transaction.open_table(ENTRIES)?;
            for ((bucket, key), entry) in entries {
                match entry {
                    Some(e) => table.insert((&**bucket, &**key), (e.version, e.until_ms.unwrap_or(0), &*e.value))?,
                    None => table.remove((&**bucket, &**key))?,
                };
            }
        }
        transaction.commit()?;
        Ok(())
    }
}

impl File {
    pub(super) fn open(path: &Path) -> Result<File, String> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|e| format!("the folder cannot be made: {e}"))?;
        }
        let database = Database::create(path).map_err(|e| match e {
            redb::DatabaseError::DatabaseAlreadyOpen => "another router uses it: give each its own".to_owned(),
            other => other.to_string(),
        })?;
        let shared = Arc::new(Shared { database, pending: Mutex::default(), changed: Condvar::new() });
        let writer = {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new().name("kv".into()).spawn(move || shared.run()).map_err(|e| e.to_string())?
        };
        Ok(File { shared, writer: Some(writer) })
    }

    /// Everything in it that is not over its time.
    pub(super) fn read(&self, mut each: impl FnMut(&str, &str, Entry)) -> Result<(), String> {
        let mut read = || -> Result<(), redb::Error> {
            let transaction = self.shared.database.begin_read()?;
            let table = match transaction.open_table(ENTRIES) {
                Ok(table) => table,
                // A new file.
                Err(redb::TableError::TableDoesNotExist(_)) => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            for row in table.iter()? {
                let (at, entry) = row?;
                let (bucket, key) = at.value();
                let (version, until, value) = entry.value();
                let until_ms = Some(until).filter(|until| *until != 0);
                each(bucket, key, Entry { value: Bytes::copy_from_slice(value), version, until_ms });
            }
            Ok(())
        };
        read().map_err(|e| e.to_string())
    }

    /// Whether no more changes should come before some are written.
    pub(super) fn is_behind(&self) -> bool {
        self.shared.lock().entries.len() >= MOST_PENDING
    }

    /// Soon. Never waits for the disk.
    pub(super) fn write(&self, bucket: Arc<str>, key: Arc<str>, entry: Option<Entry>) {
        self.shared.lock().entries.insert((bucket, key), entry);
        self.shared.changed.notify_one();
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.shared.lock().over = true;
        self.shared.changed.notify_one();
        if let Some(writer) = self.writer.take() {
            writer.thread().unpark();
            let _ = writer.join();
        }
    }
}
