//! The door itself: settings in force, streams, identities, what still runs.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use arc_swap::ArcSwap;
use fanout::{Streams, Summary};
use filter::session::ConnectionInfo;
use tokio::sync::watch;

use crate::backup::Backups;
use crate::settings::Routes;
use crate::{BackupState, Connection, Refusal, Settings};

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
    pub(crate) fn routes(&self) -> Arc<Routes> {
        self.routes.load_full()
    }

    pub(crate) fn next_id(&self) -> u64 {
        self.ids.fetch_add(1, Ordering::Relaxed)
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
