//! The door itself: settings in force, streams, identities, what still runs.

use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use arc_swap::ArcSwap;
use fanout::{StreamKey as StreamName, Streams, Summary};
use filter::session::ConnectionInfo;
use tokio::sync::watch;

use crate::backup::Backups;
use crate::demand::{Beside, Demand};
use crate::feed::{List, Listed};
use crate::pass::{Good, Passes};
use crate::settings::Routes;
use crate::via::Mark;
use crate::{BackupState, Connection, Feed, Pass, Published, Refusal, Reserved, Settings, Via, Wanted, Watchers};

/// The one door to filters and streams. Clones are the same router.
#[derive(Clone, Debug)]
pub struct Router {
    shared: Arc<Shared>,
}

/// What all sessions share.
#[derive(Debug)]
pub(crate) struct Shared {
    routes: ArcSwap<Routes>,
    pub(crate) streams: Streams,
    backups: Backups,
    ids: AtomicU64,
    connections: AtomicUsize,
    closing: AtomicBool,
    /// Tasks that tell filters of ended sessions.
    telling: watch::Sender<usize>,
    pub(crate) demand: Arc<Demand>,
    pub(crate) published: Arc<List<Published>>,
    pub(crate) passes: Arc<Passes>,
    /// Makes the marks of this node: nobody else knows its keys, and a node that starts anew has others.
    marks: RandomState,
}

impl Router {
    /// A router without streams.
    pub fn new(settings: Settings) -> Router {
        let streams = Streams::new(settings.bounds);
        let shared = Shared {
            routes: ArcSwap::from_pointee(Routes::new(settings)),
            streams,
            backups: Backups::default(),
            ids: AtomicU64::new(1),
            connections: AtomicUsize::new(0),
            closing: AtomicBool::new(false),
            telling: watch::Sender::new(0),
            demand: Arc::new(Demand::new()),
            published: List::new(),
            passes: Arc::default(),
            marks: RandomState::new(),
        };
        let router = Router { shared: Arc::new(shared) };
        router.shared.backups.set(&router.shared, router.shared.routes().backups());
        router
    }

    /// Puts new settings in force for every connect, publish and play from now on. What runs goes on as it was admitted.
    pub fn reconfigure(&self, settings: Settings) {
        self.shared.streams.set_bounds(settings.bounds);
        self.shared.routes.store(Arc::new(Routes::new(settings)));
        self.shared.backups.set(&self.shared, self.shared.routes().backups());
    }

    /// A number for a connection, never used twice in the life of this router.
    pub fn connection_id(&self) -> u64 {
        self.shared.next_id()
    }

    /// Admits a connection: finds its application and asks that application's session filters.
    ///
    /// `info.app` may carry a query; filters see it without.
    ///
    /// # Errors
    /// No such application, too many connections, the router is closing, or a filter says no or sends the peer elsewhere.
    pub async fn connect(&self, info: ConnectionInfo) -> Result<Connection, Refusal> {
        Connection::admit(Arc::clone(&self.shared), info).await
    }

    /// The streams that are fed from others.
    pub fn backups(&self) -> Vec<BackupState> {
        self.shared.backups.states()
    }

    /// A way in for the house's own work, which the operator ordered: pulls and pushes. `info.app` does not matter; the
    /// names that it publishes and plays are whole paths, such as `live/cam`. `via` are the servers that stand behind it.
    ///
    /// It is the same door: bounds, media filters, counters, logs and the end of the router hold as for everyone. Only the
    /// session filters are not asked, since nobody asks to be let in: what came from a peer (the name that a play waits
    /// for) has been through them. It never takes a name over from a publisher, and what it plays does not count as being
    /// watched; nor does it wait for a publisher.
    ///
    /// # Errors
    /// Too many connections, or the router is closing.
    pub fn internal(&self, info: ConnectionInfo, via: Via) -> Result<Connection, Refusal> {
        Connection::internal(Arc::clone(&self.shared), info, via)
    }

    /// A secret for a program that works for the router: to play the stream of this public path. Such a play waits for a
    /// publisher as others do.
    ///
    /// # Errors
    /// The machine has no random bytes.
    pub fn play_pass(&self, path: &str) -> Result<Pass, getrandom::Error> {
        self.shared.passes.issue(Good::Play(StreamName::new("", path)))
    }

    /// The same, to publish under this public path what is made from the stream `of`.
    ///
    /// # Errors
    /// The machine has no random bytes.
    pub fn publish_pass(&self, path: &str, of: &Published) -> Result<Pass, getrandom::Error> {
        let derived_from = StreamName::new(&of.key.app, &of.key.name);
        let good = Good::Publish { name: StreamName::new("", path), via: of.via.clone(), derived_from };
        self.shared.passes.issue(good)
    }

    /// Keeps a public path for what is made from the stream `of`: nobody else may publish there, as long as the value lives.
    /// Who publishes there already is left alone. None if it is kept for another stream.
    pub fn reserve(&self, path: &str, of: &Published) -> Option<Reserved> {
        let from = StreamName::new(&of.key.app, &of.key.name);
        self.shared.passes.reserve(StreamName::new("", path), &from)
    }

    /// Whether a public path has a publisher now.
    pub fn is_live(&self, path: &str) -> bool {
        self.shared.streams.is_live(&StreamName::new("", path))
    }

    /// The demand feed: names that a play waits for, now and from now on. Who can fetch such a stream publishes it by
    /// [`internal`](Router::internal) within the application's `play_wait`.
    pub fn wanted(&self) -> Feed<Wanted> {
        self.shared.demand.wanted()
    }

    /// The players of a stream, by its public path; it need not exist. Those of streams that are made from it, by its filters or by
    /// encoders, count too as long as these are there or waited for.
    pub fn watchers(&self, path: &str) -> Watchers {
        self.shared.demand.watchers(StreamName::new("", path))
    }

    /// What is published, now and from now on.
    pub fn published(&self) -> Feed<Published> {
        self.shared.published.reader()
    }

    /// What is published at this moment, the oldest first.
    pub fn publications(&self) -> Vec<Arc<Published>> {
        self.shared.published.all()
    }

    /// Where a stream that would come to this node under this public path has been then.
    ///
    /// # Errors
    /// It has been here already, or at too many places.
    pub fn here(&self, via: &Via, path: &str) -> Result<Via, crate::via::Loop> {
        via.then(self.shared.mark(path))
    }

    /// All streams, published or waited for, in order of their names.
    pub fn streams(&self) -> Vec<Summary> {
        self.shared.streams.list()
    }

    /// Connections now.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    /// Admits nobody from now on. What runs goes on until its owner drops it; its end counts as a shutdown.
    pub fn close(&self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        self.shared.backups.clear();
    }

    /// Returns when every connection is gone and the filters have been told so. May be cancelled and called again.
    pub async fn closed(&self) {
        let mut telling = self.shared.telling.subscribe();
        let idle = |telling: &usize| *telling == 0 && self.connections() == 0;
        // The sender lives in the router.
        let _ = telling.wait_for(idle).await;
    }
}

impl Shared {
    /// What is published under a name, if anything is.
    pub(crate) fn published_as(&self, name: &StreamName) -> Option<Arc<Published>> {
        self.published.newest(|published| StreamName::new(&published.key.app, &published.key.name) == *name)
    }

    pub(crate) fn routes(&self) -> Arc<Routes> {
        self.routes.load_full()
    }

    pub(crate) fn next_id(&self) -> u64 {
        self.ids.fetch_add(1, Ordering::Relaxed)
    }

    /// Lists what is published, until the value is dropped.
    pub(crate) fn show(&self, published: Published) -> Shown {
        let from = published.derived_from.clone();
        let name = StreamName::new(&published.key.app, &published.key.name);
        let _beside = from.and_then(|from| self.demand.beside(name, from));
        Shown { _listed: self.published.enter(published), _beside }
    }

    /// What other nodes are told of a stream of this one.
    pub(crate) fn mark(&self, path: &str) -> Mark {
        Mark::new(self.marks.hash_one(path))
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    /// Takes one of `limit` places for a connection.
    pub(crate) fn take_place(self: &Arc<Shared>, limit: usize) -> Option<Place> {
        let take = |n: usize| (n < limit).then_some(n + 1);
        let taken = self.connections.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        taken.ok().map(|_| Place(Arc::clone(self)))
    }

    /// Runs what is left to do for a session that has ended. Outside a runtime there is nobody to run it.
    pub(crate) fn in_background(self: &Arc<Shared>, work: impl Future<Output = ()> + Send + 'static) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        self.telling.send_modify(|n| *n += 1);
        let told = Told(Arc::clone(self));
        runtime.spawn(async move {
            work.await;
            drop(told);
        });
    }
}

/// A stream's place among what is published. If it is made from another one, its players count as that one's.
#[derive(Debug)]
pub(crate) struct Shown {
    _listed: Listed<Published>,
    _beside: Option<Beside>,
}

impl Shown {
    /// It is not published any more; what there is left to hold as long as players wait for it.
    pub(crate) fn ended(self) -> Option<Beside> {
        self._beside
    }
}

/// One connection's place among those allowed.
#[derive(Debug)]
pub(crate) struct Place(Arc<Shared>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::Relaxed);
        self.0.telling.send_modify(|_| {});
    }
}

/// Counts one background task out, however it ends.
struct Told(Arc<Shared>);

impl Drop for Told {
    fn drop(&mut self) {
        self.0.telling.send_modify(|n| *n -= 1);
    }
}
