//! The registry: names, who may publish, bounds.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::stream::Stream;
use crate::{Bounds, Limits, Previous, Publisher, Start, Subscriber};

/// A stream's name: app + "/" + name. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamKey(Arc<str>);

impl StreamKey {
    /// The name `app/name`; `name` alone if there is no app.
    pub fn new(app: &str, name: &str) -> StreamKey {
        StreamKey(if app.is_empty() { Arc::from(name) } else { Arc::from(format!("{app}/{name}")) })
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StreamKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for StreamKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Why a name cannot be published or subscribed to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    /// The name has a publisher, who is left alone.
    #[error("the stream has a publisher already")]
    Busy,
    /// [`Bounds::streams`] is reached.
    #[error("{0} streams are published, which is the limit")]
    TooManyStreams(usize),
    /// [`Bounds::waiting`] is reached.
    #[error("{0} unpublished streams are waited for, which is the limit")]
    TooManyWaiting(usize),
    /// [`Bounds::subscribers`] is reached.
    #[error("the stream has {0} subscribers, which is the limit")]
    TooManySubscribers(usize),
}

/// One stream in a listing.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Its name.
    pub key: StreamKey,
    /// Whether it has a publisher.
    pub live: bool,
    /// Subscribers, waiting ones too.
    pub subscribers: usize,
    /// Frames in the ring.
    pub frames: usize,
    /// Bytes of frame bodies in the ring.
    pub bytes: usize,
    /// Whether a joiner would start at once at a key frame.
    pub gop: bool,
}

/// What a new publisher says to the one that is there.
enum Claim<'k> {
    /// Nothing: it does not come.
    New,
    /// To go, unless it is one beside another stream.
    Replace {
        /// Its subscribers stay with the new one.
        goes_on: bool,
    },
    /// To go if it is beside this stream too.
    Beside { of: &'k StreamKey, by: u64 },
}

impl Claim<'_> {
    /// Whether a publisher that is beside that stream, or beside none, has to give way.
    fn takes(&self, beside: Option<&(StreamKey, u64)>) -> bool {
        match self {
            Claim::New => false,
            Claim::Replace { .. } => beside.is_none(),
            Claim::Beside { of, .. } => beside.is_some_and(|(other, _)| other == *of),
        }
    }

    fn goes_on(&self) -> bool {
        match self {
            Claim::New => false,
            Claim::Replace { goes_on } => *goes_on,
            Claim::Beside { .. } => true,
        }
    }

    fn beside(&self) -> Option<(StreamKey, u64)> {
        if let Claim::Beside { of, by } = self { Some(((*of).clone(), *by)) } else { None }
    }
}

/// All streams by name. Clones are the same registry.
#[derive(Clone, Debug, Default)]
pub struct Streams {
    shared: Arc<Mutex<Registry>>,
}

#[derive(Debug, Default)]
struct Registry {
    bounds: Bounds,
    streams: HashMap<StreamKey, Arc<Stream>>,
    /// How many of them have a publisher.
    live: usize,
}

impl Streams {
    /// An empty registry.
    pub fn new(bounds: Bounds) -> Streams {
        let registry = Registry { bounds, ..Registry::default() };
        Streams { shared: Arc::new(Mutex::new(registry)) }
    }

    /// Changes the bounds; what exists stays even if it is over them.
    pub fn set_bounds(&self, bounds: Bounds) {
        self.lock().bounds = bounds;
    }

    /// Becomes the publisher of a name that has none.
    pub fn publish(&self, key: StreamKey, limits: Limits) -> Result<Publisher, Error> {
        self.admit(key, limits, &Claim::New)
    }

    /// Becomes the publisher of a name; the one it may have is told that it is [`Replaced`](crate::Replaced). If `goes_on`,
    /// its subscribers are not told: they go on with this one. A stream that is published
    /// [`beside`](Streams::publish_beside) another is not given up so.
    pub fn replace(&self, key: StreamKey, limits: Limits, goes_on: bool) -> Result<Publisher, Error> {
        self.admit(key, limits, &Claim::Replace { goes_on })
    }

    /// Becomes the publisher of a name that has none, or one that was published beside the same stream `of`, which is told
    /// that it is [`Replaced`](crate::Replaced); its subscribers go on with this one. `by` is the caller's number for the publisher
    /// of `of`: by it a later one [tells](crate::Previous::beside) its own from those of an earlier.
    pub fn publish_beside(&self, key: StreamKey, of: &StreamKey, by: u64, limits: Limits) -> Result<Publisher, Error> {
        self.admit(key, limits, &Claim::Beside { of, by })
    }

    fn admit(&self, key: StreamKey, limits: Limits, claim: &Claim<'_>) -> Result<Publisher, Error> {
        let mut registry = self.lock();
        let bounds = registry.bounds;
        let known = registry.streams.get(&key).cloned();
        let live = known.as_ref().is_some_and(|s| s.read().ring.is_live());
        if live && !known.as_ref().is_some_and(|s| claim.takes(s.read().beside.as_ref())) {
            return Err(Error::Busy);
        }
        if !live && registry.live >= bounds.streams {
            return Err(Error::TooManyStreams(bounds.streams));
        }
        let stream = known.unwrap_or_else(|| registry.add(key));
        registry.live += usize::from(!live);
        let (session, previous) = {
            let mut state = stream.write();
            let ended = if live { Some(Instant::now()) } else { state.ended.take() };
            let dts_us = state.ring.newest_dts_us();
            let beside = state.beside.as_ref().map(|(_, by)| *by);
            let previous = ended.filter(|_| state.subscribers > 0).map(|ended| Previous { dts_us, ended, beside });
            if state.told >= state.subscribers {
                state.ring.clear();
            }
            state.ring.start(limits, live && claim.goes_on());
            state.beside = claim.beside();
            state.told = 0;
            (state.ring.session(), previous)
        };
        stream.begin(session);
        drop(registry);
        stream.turn();
        Ok(Publisher::new(self.clone(), stream, session, previous))
    }

    /// Subscribes to a name, whether it has a publisher yet or not; starts at the newest key frame.
    pub fn subscribe(&self, key: StreamKey) -> Result<Subscriber, Error> {
        self.subscribe_from(key, Start::Key)
    }

    /// As [`subscribe`](Streams::subscribe), with a start of the subscriber's choice if there is a publisher.
    pub fn subscribe_from(&self, key: StreamKey, start: Start) -> Result<Subscriber, Error> {
        let mut registry = self.lock();
        let bounds = registry.bounds;
        let stream = match registry.streams.get(&key) {
            Some(stream) => Arc::clone(stream),
            None if registry.streams.len() - registry.live >= bounds.waiting => {
                return Err(Error::TooManyWaiting(bounds.waiting));
            }
            None => registry.add(key),
        };
        if stream.read().subscribers >= bounds.subscribers {
            return Err(Error::TooManySubscribers(bounds.subscribers));
        }
        Ok(Subscriber::new(self.clone(), stream, start))
    }

    /// Whether [`replace`](Streams::replace) would make a publisher give way.
    pub fn is_replaceable(&self, key: &StreamKey) -> bool {
        let replaceable = |s: &Arc<Stream>| {
            let state = s.read();
            state.ring.is_live() && state.beside.is_none()
        };
        self.lock().streams.get(key).is_some_and(replaceable)
    }

    /// Whether the name has a publisher now.
    pub fn is_live(&self, key: &StreamKey) -> bool {
        self.lock().streams.get(key).is_some_and(|s| s.read().ring.is_live())
    }

    /// When the newest frame of a stream came; none if it has no publisher, or one that has sent nothing yet.
    pub fn newest(&self, key: &StreamKey) -> Option<Instant> {
        self.lock().streams.get(key).and_then(|s| s.read().ring.newest())
    }

    /// All names, published or waited for, in order.
    pub fn list(&self) -> Vec<Summary> {
        let streams: Vec<Arc<Stream>> = self.lock().streams.values().cloned().collect();
        let mut list: Vec<Summary> = streams.iter().map(|s| summary(s)).collect();
        list.sort_by(|a, b| a.key.cmp(&b.key));
        list
    }

    pub(crate) fn unpublish(&self, stream: &Arc<Stream>, session: u64) {
        let mut registry = self.lock();
        {
            let mut state = stream.write();
            if state.ring.session() != session || !state.ring.is_live() {
                return;
            }
            state.ring.end();
            state.ended = Some(Instant::now());
            registry.live -= 1;
        }
        registry.remove_unused(stream);
        drop(registry);
        stream.turn();
    }

    /// The publisher of this session is gone and may come back.
    pub(crate) fn interrupt(&self, stream: &Arc<Stream>, session: u64) {
        let mut registry = self.lock();
        {
            let mut state = stream.write();
            if state.ring.session() != session || !state.ring.is_live() {
                return;
            }
            state.ring.interrupt();
            state.ended = Some(Instant::now());
            registry.live -= 1;
        }
        registry.remove_unused(stream);
        drop(registry);
        stream.turn();
    }

    /// It did not come back.
    pub(crate) fn give_up(&self, stream: &Arc<Stream>, session: u64) {
        {
            let mut state = stream.write();
            if state.ring.session() != session || !state.ring.is_interrupted() {
                return;
            }
            state.ring.end();
            state.release();
        }
        stream.turn();
    }

    pub(crate) fn unsubscribe(&self, stream: &Arc<Stream>, told: Option<u64>) {
        let mut registry = self.lock();
        {
            let mut state = stream.write();
            state.subscribers -= 1;
            if !state.ring.is_live() && told == Some(state.ring.session()) {
                state.told -= 1;
            }
            state.release();
        }
        registry.remove_unused(stream);
    }

    fn lock(&self) -> MutexGuard<'_, Registry> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Registry {
    fn add(&mut self, key: StreamKey) -> Arc<Stream> {
        let stream = Arc::new(Stream::new(key.clone()));
        self.streams.insert(key, Arc::clone(&stream));
        stream
    }

    /// A name nobody publishes and nobody waits for costs nothing.
    fn remove_unused(&mut self, stream: &Arc<Stream>) {
        let current = self.streams.get(&stream.key).is_some_and(|s| Arc::ptr_eq(s, stream));
        if current && stream.read().is_unused() {
            self.streams.remove(&stream.key);
        }
    }
}

fn summary(stream: &Stream) -> Summary {
    let state = stream.read();
    Summary {
        key: stream.key.clone(),
        live: state.ring.is_live(),
        subscribers: state.subscribers,
        frames: state.ring.len(),
        bytes: state.ring.bytes(),
        gop: state.ring.has_gop(),
    }
}
