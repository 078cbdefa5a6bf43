//! Which streams are planned: publications, settings, new generations of planners.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use filter::Filter;
use router::{Published, Router};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use crate::planning::Planning;
use crate::profile::Profile;
use crate::slots::Slots;
use crate::status::{Board, Counters};
use crate::{Snapshot, State, Status, stream};

/// What the operator orders.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Encoders at a time, over all streams.
    pub slots: usize,
    /// Renditions of one stream; more are refused.
    pub renditions: usize,
    /// Where encoders find this router: `rtmp://127.0.0.1:1935`.
    pub url: String,
    /// Profiles by name.
    pub profiles: BTreeMap<String, Arc<Profile>>,
    /// Planners by application, asked in this order: of two renditions with one suffix the first counts.
    pub planners: BTreeMap<String, Vec<Arc<Filter>>>,
}

impl Settings {
    /// No planners.
    pub fn none() -> Settings {
        Settings { slots: 0, renditions: 0, url: String::new(), profiles: BTreeMap::new(), planners: BTreeMap::new() }
    }

    /// The planners of an application.
    pub(crate) fn planners(&self, app: &str) -> &[Arc<Filter>] {
        self.planners.get(app).map(Vec::as_slice).unwrap_or_default()
    }
}

/// All encoders of a router. Dropping it kills them.
#[derive(Debug)]
pub struct Jobs {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What streams and encoders share.
pub(crate) struct Shared {
    pub(crate) router: Router,
    pub(crate) settings: watch::Sender<Arc<Settings>>,
    pub(crate) slots: Arc<Slots>,
    pub(crate) counters: Arc<Counters>,
    /// Changes when a planner may have another answer.
    pub(crate) turned: watch::Sender<u64>,
    plannings: Mutex<HashMap<String, Arc<Planning>>>,
    /// By the name of what is made.
    boards: Mutex<BTreeMap<String, Arc<Board>>>,
    /// Streams that are looked after.
    streams: Mutex<usize>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shared")
    }
}

impl Jobs {
    /// Begins what `settings` orders.
    pub fn start(router: Router, settings: Settings) -> Jobs {
        let shared = Shared {
            router,
            settings: watch::Sender::new(Arc::new(Settings::none())),
            slots: Arc::new(Slots::default()),
            counters: Arc::new(Counters::default()),
            turned: watch::Sender::new(0),
            plannings: Mutex::default(),
            boards: Mutex::default(),
            streams: Mutex::default(),
        };
        let shared = Arc::new(shared);
        shared.apply(settings);
        let task = tokio::spawn(supervise(Arc::clone(&shared)));
        Jobs { shared, task }
    }

    /// Puts other settings in force: all streams are planned anew. Encoders whose command line stays the same go on.
    pub fn reconfigure(&self, settings: Settings) {
        self.shared.apply(settings);
    }

    /// Ends all encoders, and returns when they are gone, or after `patience`; those that are left are killed when this is
    /// dropped.
    pub async fn end(&self, patience: Duration) {
        let settings = Settings { planners: BTreeMap::new(), ..Settings::clone(&self.shared.settings()) };
        self.shared.apply(settings);
        let gone = async {
            while *lock(&self.shared.streams) > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        // What is left is killed.
        let _ = timeout(patience, gone).await;
        self.task.abort();
    }

    /// Every encoder, by the name of what it makes.
    pub fn status(&self) -> Vec<Status> {
        lock(&self.shared.boards).values().map(|board| board.status()).collect()
    }

    /// All of them together.
    pub fn counters(&self) -> Snapshot {
        let (all, counters, (taken, slots)) = (self.status(), &self.shared.counters, self.shared.slots.taken());
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Snapshot {
            streams: count(*lock(&self.shared.streams)),
            jobs: count(all.len()),
            live: count(all.iter().filter(|status| status.state == State::Live).count()),
            slots_taken: count(taken),
            slots: count(slots),
            starts: counters.starts.load(Relaxed),
            restarts: counters.restarts.load(Relaxed),
            failures: counters.failures.load(Relaxed),
            killed: counters.killed.load(Relaxed),
            plans: counters.plans.load(Relaxed),
            refused: counters.refused.load(Relaxed),
            untold: counters.untold.load(Relaxed),
            panics: counters.panics.load(Relaxed),
        }
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    pub(crate) fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.borrow())
    }

    fn apply(&self, settings: Settings) {
        self.slots.set(settings.slots);
        let used = |planning: &Arc<Planning>| settings.planners.values().flatten().any(|filter| planning.asks(filter));
        lock(&self.plannings).retain(|_, planning| used(planning));
        self.settings.send_replace(Arc::new(settings));
    }

    /// Who asks this filter.
    pub(crate) fn planning(&self, filter: &Arc<Filter>) -> Arc<Planning> {
        let mut plannings = lock(&self.plannings);
        match plannings.get(filter.name()) {
            Some(planning) if planning.asks(filter) => Arc::clone(planning),
            _ => {
                let planning = Arc::new(Planning::new(filter, &self.counters, self.turned.clone()));
                plannings.insert(filter.name().to_owned(), Arc::clone(&planning));
                planning
            }
        }
    }

    /// Shows a board until the value is dropped.
    pub(crate) fn show(self: &Arc<Shared>, name: String, board: &Arc<Board>) -> Shown {
        lock(&self.boards).insert(name.clone(), Arc::clone(board));
        Shown { shared: Arc::clone(self), name, board: Arc::clone(board) }
    }

    /// What is published now under a public path.
    pub(crate) fn published(&self, path: &str) -> Option<Arc<Published>> {
        let all = self.router.publications();
        all.into_iter().rev().find(|published| self::path(published) == path)
    }
}

/// A board that can be seen.
pub(crate) struct Shown {
    shared: Arc<Shared>,
    name: String,
    board: Arc<Board>,
}

impl Drop for Shown {
    fn drop(&mut self) {
        let mut boards = lock(&self.shared.boards);
        // One that came after it stays.
        if boards.get(&self.name).is_some_and(|board| Arc::ptr_eq(board, &self.board)) {
            boards.remove(&self.name);
        }
    }
}

/// A stream that is looked after.
struct Counted(Arc<Shared>);

impl Drop for Counted {
    fn drop(&mut self) {
        *lock(&self.0.streams) -= 1;
    }
}

async fn supervise(shared: Arc<Shared>) {
    let mut settings = shared.settings.subscribe();
    let mut published = shared.router.published();
    // Dropped with this task, which ends them all.
    let mut tasks: JoinSet<()> = JoinSet::new();
    let mut streams: HashMap<String, tokio::task::Id> = HashMap::new();
    loop {
        let begin = |published: &Published, tasks: &mut JoinSet<()>, streams: &mut HashMap<_, _>| {
            let (path, app) = (path(published), &published.key.app);
            // What is made from a stream is not planned again: that would have no end.
            let planned = published.derived_from.is_none() && !shared.settings().planners(app).is_empty();
            if planned && !streams.contains_key(&path) {
                *lock(&shared.streams) += 1;
                let counted = Counted(Arc::clone(&shared));
                let care = stream::care(Arc::clone(&shared), path.clone(), app.clone());
                let task = tasks.spawn(async move {
                    care.await;
                    drop(counted);
                });
                streams.insert(path, task.id());
            }
        };
        tokio::select! {
            changed = settings.changed() => match changed {
                Ok(()) => {
                    settings.borrow_and_update();
                    shared.router.publications().iter().for_each(|published| begin(published, &mut tasks, &mut streams));
                }
                Err(_) => return,
            },
            new = published.next() => begin(&new, &mut tasks, &mut streams),
            Some(ended) = tasks.join_next_with_id() => {
                let id = match &ended {
                    Ok((id, ())) => *id,
                    Err(error) => error.id(),
                };
                if matches!(&ended, Err(error) if error.is_panic()) {
                    Counters::add(&shared.counters.panics);
                    tracing::error!("the care for a stream's encoders ended by a panic, a fault of the router");
                }
                let path = streams.iter().find(|(_, of)| **of == id).map(|(path, _)| path.clone());
                if let Some(path) = path {
                    streams.remove(&path);
                    // Its publisher may be back already, or the panic has left it alone.
                    if let Some(published) = shared.published(&path) {
                        begin(&published, &mut tasks, &mut streams);
                    }
                }
            }
        }
    }
}

/// The public path of a stream.
pub(crate) fn path(published: &Published) -> String {
    let key = &published.key;
    if key.app.is_empty() { key.name.clone() } else { format!("{}/{}", key.app, key.name) }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
