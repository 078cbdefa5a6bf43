//! Which relays there are: orders, demand, publications.

use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use router::{Published, Router, StreamKey, Via, Wanted};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tracing::{Instrument, info_span};

use crate::attempt::Work;
use crate::keep::Kept;
use crate::settings::Which;
use crate::status::{Board, Counters};
use crate::{Address, Hide, Kind, Link, Pull, Push, Settings, Snapshot, State, Status, Template};

/// URLs that filters may name for one stream.
const GRANTED: usize = 16;
/// How often the log hears of what peers can cause.
const WARN_EVERY: Duration = Duration::from_secs(1);

/// All relays of a router. Dropping it ends them.
#[derive(Debug)]
pub struct Relay {
    shared: Arc<Shared>,
    settings: watch::Sender<Arc<Settings>>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    router: Router,
    counters: Arc<Counters>,
    boards: Mutex<HashMap<Id, Arc<Board>>>,
}

/// One relay: a name has one source, and goes to one place once.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Id {
    Pull {
        path: String,
    },
    Push {
        path: String,
        /// With its secrets: they tell two places apart.
        url: String,
    },
}

impl Relay {
    /// Begins what `settings` orders.
    pub fn start(router: Router, settings: Settings) -> Relay {
        let shared =
            Arc::new(Shared { router, counters: Arc::new(Counters::default()), boards: Mutex::new(HashMap::new()) });
        let (settings, changes) = watch::channel(Arc::new(settings));
        let supervisor = Supervisor {
            shared: Arc::clone(&shared),
            settings: Arc::clone(&changes.borrow()),
            jobs: HashMap::new(),
            tasks: JoinSet::new(),
            warned: None,
        };
        let task = tokio::spawn(supervisor.run(changes));
        Relay { shared, settings, task }
    }

    /// Puts other settings in force. What they order as before is not touched.
    pub fn reconfigure(&self, settings: Settings) {
        self.settings.send_replace(Arc::new(settings));
    }

    /// Ends all pulls; pushes end with their streams.
    pub fn drain(&self) {
        let pushes = self.settings.borrow().pushes.clone();
        self.settings.send_replace(Arc::new(Settings { pulls: Vec::new(), pushes }));
    }

    /// Ends all that is left once nothing is live any more, or after `patience`.
    pub async fn ended(&self, patience: Duration) {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline && self.status().iter().any(|status| status.state == State::Live) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.task.abort();
    }

    /// Every relay, pulls first, by the name of its stream.
    pub fn status(&self) -> Vec<Status> {
        let boards: Vec<Arc<Board>> = self.shared.boards().values().cloned().collect();
        let mut all: Vec<Status> = boards.iter().map(|board| board.status()).collect();
        all.sort_by(|a, b| (a.kind, &a.stream, &a.target).cmp(&(b.kind, &b.stream, &b.target)));
        all
    }

    /// All of them together.
    pub fn counters(&self) -> Snapshot {
        let all = self.status();
        let count = |wanted: &dyn Fn(&Status) -> bool| all.iter().filter(|status| wanted(status)).count() as u64;
        let counters = &self.shared.counters;
        Snapshot {
            pulls: count(&|status| status.kind == Kind::Pull),
            pushes: count(&|status| status.kind == Kind::Push),
            live: count(&|status| status.state == State::Live),
            tries: counters.tries.load(Relaxed),
            lives: counters.lives.load(Relaxed),
            refused: counters.refused.load(Relaxed),
            over_limit: counters.over_limit.load(Relaxed),
            panics: counters.panics.load(Relaxed),
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn boards(&self) -> MutexGuard<'_, HashMap<Id, Arc<Board>>> {
        self.boards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Supervisor {
    shared: Arc<Shared>,
    settings: Arc<Settings>,
    jobs: HashMap<Id, Job>,
    /// Dropped with the supervisor, which ends them all.
    tasks: JoinSet<Id>,
    warned: Option<Instant>,
}

/// A relay that runs.
struct Job {
    order: Order,
    key: StreamKey,
    link: Arc<ArcSwap<Link>>,
    task: AbortHandle,
    /// It was ended and has not come to its end yet.
    dying: bool,
}

/// On whose word it runs.
#[derive(Clone)]
enum Order {
    Pull(Arc<Pull>, Via),
    Push(Arc<Push>),
    /// A session filter's, for the life of what it let in.
    Granted,
}

impl Supervisor {
    async fn run(mut self, mut changes: watch::Receiver<Arc<Settings>>) {
        let (mut wanted, mut published) = (self.shared.router.wanted(), self.shared.router.published());
        self.pull_always();
        loop {
            tokio::select! {
                changed = changes.changed() => match changed {
                    Ok(()) => {
                        let settings = Arc::clone(&changes.borrow_and_update());
                        self.apply(settings);
                        // What already waits may be ordered now.
                        wanted = self.shared.router.wanted();
                    }
                    // The relay is gone.
                    Err(_) => return,
                },
                wanted = wanted.next() => self.fetch(&wanted),
                published = published.next() => self.carry(&published),
                Some(ended) = self.tasks.join_next_with_id() => {
                    let task = match &ended {
                        Ok((task, _)) => *task,
                        Err(error) => error.id(),
                    };
                    let panicked = matches!(&ended, Err(error) if error.is_panic());
                    if panicked {
                        Counters::add(&self.shared.counters.panics);
                        tracing::error!("a relay ended by a panic, a fault of the router; it begins anew");
                    }
                    self.ended(task, panicked);
                }
            }
        }
    }

    /// Ends what is not ordered any more, begins what is new, leaves all else alone.
    fn apply(&mut self, settings: Arc<Settings>) {
        self.settings = settings;
        let ids: Vec<Id> = self.jobs.keys().cloned().collect();
        for id in ids {
            let Some(job) = self.jobs.get(&id) else { continue };
            match self.ordered(&id, job) {
                Some(Some(link)) => job.link.store(Arc::new(link)),
                // Its terms are no part of the order.
                Some(None) => {}
                None => self.end(&id, "the configuration changed"),
            }
        }
        self.pull_always();
        for published in self.shared.router.publications() {
            self.carry(&published);
        }
    }

    /// Whether a job is still ordered as it runs: the link that holds for it now, if there is one in the order.
    fn ordered(&self, id: &Id, job: &Job) -> Option<Option<Link>> {
        match &job.order {
            Order::Pull(pull, _) => {
                let now = match &pull.which {
                    Which::Always(name) => self.always(&pull.app, name),
                    Which::OnDemand { .. } => self.on_demand(&job.key),
                };
                now.filter(|now| *now == pull).map(|now| Some(now.link.clone()))
            }
            Order::Push(push) => {
                let fits = |now: &&Arc<Push>| *now == push && self.id_of(now, &job.key).as_ref() == Some(id);
                self.settings.pushes.iter().find(fits).map(|now| Some(now.link.clone()))
            }
            Order::Granted => Some(None),
        }
    }

    fn always(&self, app: &str, name: &str) -> Option<&Arc<Pull>> {
        let is = |pull: &&Arc<Pull>| pull.app == app && matches!(&pull.which, Which::Always(n) if n == name);
        self.settings.pulls.iter().find(is)
    }

    fn on_demand(&self, key: &StreamKey) -> Option<&Arc<Pull>> {
        self.settings.pulls.iter().find(|pull| pull.captures(key).is_some())
    }

    fn id_of(&self, push: &Push, key: &StreamKey) -> Option<Id> {
        let address = push.address(key)?.ok()?;
        Some(Id::Push { path: path(key), url: address.url.to_string() })
    }

    /// Begins the pulls that need no demand and do not run.
    fn pull_always(&mut self) {
        for pull in self.settings.pulls.clone() {
            if let Which::Always(name) = &pull.which {
                let key = StreamKey { app: pull.app.clone(), name: name.clone(), query: Vec::new() };
                if let Ok(via) = self.shared.router.here(&Via::default(), &path(&key)) {
                    self.pull(&pull, key, &[Some(name.clone())], via, None);
                }
            }
        }
    }

    /// A play waits for a stream.
    fn fetch(&mut self, wanted: &Wanted) {
        let key = &wanted.key;
        if self.jobs.contains_key(&Id::Pull { path: path(key) }) {
            return;
        }
        let Some((pull, captures)) =
            self.settings.pulls.iter().find_map(|pull| Some((Arc::clone(pull), pull.captures(key)?)))
        else {
            return;
        };
        let same =
            |job: &&Job| matches!(&job.order, Order::Pull(other, _) if Arc::ptr_eq(other, &pull) || *other == pull);
        let most = if let Which::OnDemand { most, .. } = pull.which { most } else { usize::MAX };
        if self.jobs.values().filter(same).count() >= most {
            Counters::add(&self.shared.counters.over_limit);
            self.warn(|| tracing::warn!(stream = path(key), most, "not pulled: as many as max_streams allows are"));
            return;
        }
        self.pull(&pull, key.clone(), &captures, wanted.via.clone(), None);
    }

    fn pull(
        &mut self,
        pull: &Arc<Pull>,
        key: StreamKey,
        captures: &[Option<String>],
        via: Via,
        delay: Option<Duration>,
    ) {
        let id = Id::Pull { path: path(&key) };
        if self.jobs.contains_key(&id) {
            return;
        }
        let addresses = match pull.addresses(&key, captures) {
            Ok(addresses) => addresses,
            Err(error) => return self.warn(|| tracing::warn!(stream = path(&key), "not pulled: {error}")),
        };
        let idle = if let Which::OnDemand { idle, .. } = pull.which { Some(idle) } else { None };
        let order = Order::Pull(Arc::clone(pull), via.clone());
        let begun = Begun { id, order, key, via, addresses, link: pull.link.clone(), idle, delay };
        self.begin(begun);
    }

    /// A stream is published.
    fn carry(&mut self, published: &Published) {
        let key = &published.key;
        let mut wanted: Vec<(Id, Order, Address, Link)> = Vec::new();
        for push in &self.settings.pushes {
            match push.address(key) {
                None => {}
                Some(Ok(address)) => {
                    let id = Id::Push { path: path(key), url: address.url.to_string() };
                    wanted.push((id, Order::Push(Arc::clone(push)), address, push.link.clone()));
                }
                Some(Err(error)) => tracing::warn!(stream = path(key), "not pushed: {error}"),
            }
        }
        for url in published.push_to.iter().take(GRANTED) {
            match Template::literal(url, Hide::Name).and_then(|template| template.address(key, &[])) {
                Ok(address) => {
                    let id = Id::Push { path: path(key), url: address.url.to_string() };
                    wanted.push((id, Order::Granted, address, Link::default()));
                }
                Err(error) => tracing::warn!(stream = path(key), "not pushed to where a filter wants it: {error}"),
            }
        }
        // What an earlier publisher of the name brought, and this one does not.
        let of = |id: &Id| matches!(id, Id::Push { path: of, .. } if *of == path(key));
        let others: Vec<Id> =
            self.jobs.keys().filter(|id| of(id) && wanted.iter().all(|(w, ..)| w != *id)).cloned().collect();
        for id in others {
            self.end(&id, "the stream's new publisher does not go there");
        }
        for (id, order, address, link) in wanted {
            if self.jobs.contains_key(&id) {
                continue;
            }
            let (key, via, addresses) = (key.clone(), published.via.clone(), vec![address]);
            self.begin(Begun { id, order, key, via, addresses, link, idle: None, delay: None });
        }
    }

    fn begin(&mut self, begun: Begun) {
        let Begun { id, order, key, via, addresses, link, idle, delay } = begun;
        let (kind, path) = match &id {
            Id::Pull { path } => (Kind::Pull, path.clone()),
            Id::Push { path, .. } => (Kind::Push, path.clone()),
        };
        let board = Arc::new(Board::new(kind, path.clone(), Arc::clone(&self.shared.counters)));
        self.shared.boards().insert(id.clone(), Arc::clone(&board));
        let span = info_span!("relay", %kind, stream = %path);
        let shown: Vec<&str> = addresses.iter().map(|address| address.shown.as_str()).collect();
        span.in_scope(|| tracing::info!(target_url = shown.join(", "), on_demand = idle.is_some(), "relay begins"));
        let router = self.shared.router.clone();
        let watchers = idle.map(|idle| (router.watchers(&path), idle));
        let work = Work { kind, router, path, via };
        let link = Arc::new(ArcSwap::from_pointee(link));
        let own = id.clone();
        let kept = retry::keep(Kept { work, addresses, link: Arc::clone(&link), board, why: String::new() });
        let relay = async move {
            if let Some(delay) = delay {
                tokio::time::sleep(delay).await;
            }
            match watchers {
                Some((mut watchers, idle)) => tokio::select! {
                    () = kept => {}
                    () = watchers.gone(idle) => tracing::info!(idle = ?idle, "nobody watches any more"),
                },
                None => kept.await,
            }
            tracing::info!("relay ends");
            own
        };
        let task = self.tasks.spawn(relay.instrument(span));
        self.jobs.insert(id, Job { order, key, link, task, dying: false });
    }

    fn end(&mut self, id: &Id, why: &str) {
        if let Some(job) = self.jobs.get_mut(id)
            && !job.dying
        {
            let (Id::Pull { path } | Id::Push { path, .. }) = id;
            tracing::info!(stream = path, why, "relay ended");
            job.dying = true;
            job.task.abort();
        }
    }

    /// A task has ended: what is left to do about its stream is begun anew.
    fn ended(&mut self, task: tokio::task::Id, panicked: bool) {
        let found = self.jobs.iter().find(|(_, job)| job.task.id() == task).map(|(id, _)| id.clone());
        let Some((id, job)) = found.and_then(|id| self.jobs.remove_entry(&id)) else { return };
        self.shared.boards().remove(&id);
        let delay = panicked.then(|| job.link.load().backoff.first);
        match (&id, job.order) {
            (Id::Pull { path }, Order::Pull(_, via)) => {
                // Someone may have come at the last moment, or wait for what the configuration orders anew.
                let pull = match self.on_demand(&job.key) {
                    Some(pull) if self.shared.router.watchers(path).now() > 0 => Some(Arc::clone(pull)),
                    _ => None,
                };
                if let Some((pull, captures)) =
                    pull.and_then(|pull| Some((Arc::clone(&pull), pull.captures(&job.key)?)))
                {
                    self.pull(&pull, job.key, &captures, via, delay);
                }
                self.pull_always();
            }
            (Id::Push { path: of, .. }, _) => {
                let again = self.shared.router.publications();
                if let Some(published) = again.iter().rev().find(|published| path(&published.key) == *of) {
                    self.carry(published);
                }
            }
            (Id::Pull { .. }, _) => {}
        }
    }

    fn warn(&mut self, say: impl FnOnce()) {
        if self.warned.is_none_or(|at| at.elapsed() >= WARN_EVERY) {
            self.warned = Some(Instant::now());
            say();
        }
    }
}

/// A relay that is about to run.
struct Begun {
    id: Id,
    order: Order,
    key: StreamKey,
    via: Via,
    addresses: Vec<Address>,
    link: Link,
    /// Ends when nobody has watched for so long.
    idle: Option<Duration>,
    delay: Option<Duration>,
}

/// Application and name in one.
fn path(key: &StreamKey) -> String {
    if key.app.is_empty() { key.name.clone() } else { format!("{}/{}", key.app, key.name) }
}
