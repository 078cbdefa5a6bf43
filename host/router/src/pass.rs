//! Passes: programs that work for the router come in as peers, and bring a secret in place of what session filters ask for.
//!
//! A pass is good for one thing (to play this stream, or to publish under this name), for one connection at a time, and as
//! long as its [`Pass`] lives. It stands in the path of the URL, before the application: clients cut URLs at different places,
//! but all of them send the path, and they send it with the connect command, where session filters would be asked already. A
//! connection that brings one is the house's own: filters do not see it, it does not count as a player, and it never takes a
//! name over.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fanout::StreamKey as StreamName;
use tokio::sync::watch;

use crate::via::Via;

/// What the first segment of a path begins with if it is a secret. No application has such a name.
const SIGN: char = '~';
/// Bytes of a secret.
const SECRET_BYTES: usize = 16;

/// What a pass is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Good {
    /// To play this stream.
    Play(StreamName),
    /// To publish under this name what has been at these places.
    Publish { name: StreamName, via: Via, derived_from: StreamName },
}

/// How far somebody has come with a pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Used {
    /// Nobody has it in use.
    #[default]
    Not,
    /// A connection has it.
    Connected,
    /// The connection plays or publishes.
    Streaming,
}

/// All passes and the names that are kept for them.
#[derive(Debug, Default)]
pub(crate) struct Passes {
    by_secret: Mutex<HashMap<String, Arc<Entry>>>,
    /// Names, what each is made from, and how often it is held.
    reserved: Mutex<HashMap<StreamName, (StreamName, usize)>>,
}

struct Entry {
    good: Good,
    used: watch::Sender<Used>,
    revoked: watch::Sender<bool>,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.good)
    }
}

impl Passes {
    pub(crate) fn issue(self: &Arc<Passes>, good: Good) -> Result<Pass, getrandom::Error> {
        let mut bytes = [0; SECRET_BYTES];
        getrandom::fill(&mut bytes)?;
        let secret: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let entry = Entry { good, used: watch::Sender::default(), revoked: watch::Sender::default() };
        let entry = Arc::new(entry);
        lock(&self.by_secret).insert(secret.clone(), Arc::clone(&entry));
        Ok(Pass { passes: Arc::clone(self), secret, entry })
    }

    /// The pass in a path, and the path behind it: none if there is none in it, an error if it is not good, or not any more.
    pub(crate) fn enter<'p>(&self, path: &'p str) -> Option<Result<(Holder, &'p str), NotGood>> {
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        let secret = first.strip_prefix(SIGN)?;
        let entry = lock(&self.by_secret).get(secret).cloned();
        let entered = entry.filter(|entry| {
            entry.used.send_if_modified(|used| {
                let free = *used == Used::Not;
                if free {
                    *used = Used::Connected;
                }
                free
            })
        });
        Some(entered.map(|entry| (Holder { entry }, rest)).ok_or(NotGood))
    }

    /// Keeps a name for what is made from `from`; none if it is kept for another stream already.
    pub(crate) fn reserve(self: &Arc<Passes>, name: StreamName, from: &StreamName) -> Option<Reserved> {
        let mut reserved = lock(&self.reserved);
        let (of, holders) = reserved.entry(name.clone()).or_insert_with(|| (from.clone(), 0));
        if of != from {
            return None;
        }
        *holders += 1;
        drop(reserved);
        Some(Reserved { passes: Arc::clone(self), name })
    }

    /// What a name is kept for.
    pub(crate) fn reserved_for(&self, name: &StreamName) -> Option<StreamName> {
        lock(&self.reserved).get(name).map(|(from, _)| from.clone())
    }
}

/// The secret in an address is not good, or not any more.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("this address is not good any more")]
pub(crate) struct NotGood;

/// A pass as it was issued. Dropping it takes it back, and ends whoever came in by it.
#[derive(Debug)]
pub struct Pass {
    passes: Arc<Passes>,
    secret: String,
    entry: Arc<Entry>,
}

impl Pass {
    /// What stands behind the host in a URL that brings it: the secret, application and name. Not for the log.
    pub fn path(&self) -> String {
        let (Good::Play(name) | Good::Publish { name, .. }) = &self.entry.good;
        format!("{SIGN}{}/{name}", self.secret)
    }

    /// The secret alone, to be taken out of what others say of the URL.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// What becomes of it.
    pub fn used(&self) -> watch::Receiver<Used> {
        self.entry.used.subscribe()
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        lock(&self.passes.by_secret).remove(&self.secret);
        self.entry.revoked.send_replace(true);
    }
}

/// A name that nobody else may publish under, until it is dropped.
#[derive(Debug)]
pub struct Reserved {
    passes: Arc<Passes>,
    name: StreamName,
}

impl Drop for Reserved {
    fn drop(&mut self) {
        let mut reserved = lock(&self.passes.reserved);
        if let Some((_, holders)) = reserved.get_mut(&self.name) {
            *holders -= 1;
            if *holders == 0 {
                reserved.remove(&self.name);
            }
        }
    }
}

/// A connection that came in by a pass.
#[derive(Debug)]
pub(crate) struct Holder {
    entry: Arc<Entry>,
}

impl Holder {
    pub(crate) fn good(&self) -> &Good {
        &self.entry.good
    }

    pub(crate) fn streams(&self) {
        self.entry.used.send_replace(Used::Streaming);
    }

    /// Returns when the pass was taken back. The future stands on its own.
    pub(crate) fn revoked(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut revoked = self.entry.revoked.subscribe();
        let entry = Arc::clone(&self.entry);
        async move {
            // The sender lives in the entry.
            let _ = revoked.wait_for(|revoked| *revoked).await;
            drop(entry);
        }
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.entry.used.send_replace(Used::Not);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
