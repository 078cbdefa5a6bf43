//! One stream: its tracks, its plan, its jobs.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use filter::StreamInfo;
use filter::planner::{JobEvent, Rendition, Unplanned};
use media::track::{self, Tracks};
use media::{Content, Kind};
use router::{ConnectionInfo, Entry, Event, Published, Subscription, Via};
use tokio::sync::{oneshot, watch};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep_until};
use tracing::{Instrument, info_span};

use crate::Order;
use crate::job::{Job, Task, Wanted};
use crate::planning::Planning;
use crate::status::{Board, Counters};
use crate::supervisor::Shared;

/// A stream that has not shown both picture and sound by then has only one of them.
const SETTLE: Duration = Duration::from_secs(2);
/// Tracks that change do so together.
const TOGETHER: Duration = Duration::from_millis(300);

/// Looks after the encoders of a stream, from its first frame to its end, which comes behind its reconnect window.
pub(crate) async fn care(shared: Arc<Shared>, path: String, app: String) {
    let mut stream = Stream {
        shared,
        path,
        app,
        tracks: Tracks::new(),
        planned: None,
        due: None,
        id: Arc::default(),
        plans: HashMap::new(),
        lanes: BTreeMap::new(),
        jobs: JoinSet::new(),
    };
    let end = stream.follow().await;
    stream.end(end).await;
}

struct Stream {
    shared: Arc<Shared>,
    path: String,
    app: String,
    tracks: Tracks,
    /// What the plan was made for.
    planned: Option<Vec<track::Info>>,
    due: Option<Instant>,
    /// The publication's number in the plan that is in force.
    id: Arc<AtomicU64>,
    /// What each planner wants, by its name.
    plans: HashMap<String, Vec<Rendition>>,
    /// By suffix.
    lanes: BTreeMap<String, Lane>,
    /// Dropped with the stream, which kills what runs.
    jobs: JoinSet<()>,
}

/// One rendition: the job that makes it.
struct Lane {
    order: Order,
    wanted: watch::Sender<Wanted>,
    task: AbortHandle,
    /// Closes when the job is over.
    over: oneshot::Receiver<()>,
}

impl Stream {
    /// Follows the stream to its end; says how it ended.
    async fn follow(&mut self) -> Wanted {
        let mut settings = self.shared.settings.subscribe();
        let mut turned = self.shared.turned.subscribe();
        let mut batch: Vec<Arc<Entry>> = Vec::new();
        let mut subscription = match self.subscribe().await {
            Some(subscription) => subscription,
            None => return Wanted::StreamEnded,
        };
        loop {
            tokio::select! {
                event = subscription.next(&mut batch) => {
                    batch.iter().for_each(|entry| self.observe(entry));
                    batch.clear();
                    match event {
                        Event::Frames | Event::Started => {}
                        Event::Ended => return Wanted::StreamEnded,
                        // It was too slow, as on a machine that has no time for anything.
                        Event::Kicked(_) => match self.subscribe().await {
                            Some(again) => subscription = again,
                            None => return Wanted::StreamEnded,
                        },
                    }
                }
                () = due(self.due) => {
                    self.due = None;
                    self.plan().await;
                }
                changed = settings.changed() => {
                    settings.borrow_and_update();
                    if changed.is_err() || self.shared.settings().planners(&self.app).is_empty() {
                        return Wanted::No;
                    }
                    self.replan();
                }
                Ok(()) = turned.changed() => self.replan(),
                Some(ended) = self.jobs.join_next_with_id() => self.ended(ended),
            }
        }
    }

    /// Reads the stream as a player does that nobody counts. None: it is over.
    async fn subscribe(&self) -> Option<Subscription> {
        let router = &self.shared.router;
        let info = ConnectionInfo {
            id: router.connection_id(),
            protocol: "rtmp".into(),
            peer_ip: "internal".into(),
            agent: "Weir jobs".into(),
            ..ConnectionInfo::default()
        };
        let played = match router.internal(info, Via::default()) {
            Ok(connection) => connection.play(&self.path, -1000, -1).await,
            Err(refusal) => Err(refusal),
        };
        played.inspect_err(|refusal| tracing::debug!(stream = self.path, "not planned: {refusal}")).ok()
    }

    fn observe(&mut self, entry: &Entry) {
        let frame = &entry.frame;
        if frame.kind == Kind::Data {
            return;
        }
        match frame.content {
            Content::Opaque => track::parts(frame).iter().for_each(|part| _ = self.tracks.observe(part)),
            _ => _ = self.tracks.observe(frame),
        }
        let known = self.tracks.all();
        if known.is_empty() || self.planned.as_deref() == Some(known) {
            return;
        }
        let now = Instant::now();
        let has = |kind| known.iter().any(|track| track.kind == kind && (kind == Kind::Audio || track.video.is_some()));
        let wait = match self.planned {
            None if has(Kind::Video) && has(Kind::Audio) => Duration::ZERO,
            None => SETTLE,
            Some(_) => TOGETHER,
        };
        let at = now + wait;
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// Asks all planners again, if they were asked before.
    fn replan(&mut self) {
        if self.planned.is_some() {
            self.due = Some(Instant::now());
        }
    }

    async fn plan(&mut self) {
        // Between two publishers there is nothing to plan; the next one shows its tracks.
        let Some(published) = self.shared.published(&self.path) else { return };
        let tracks = self.tracks.all().to_vec();
        self.planned = Some(tracks.clone());
        self.id.store(published.id, Relaxed);
        let settings = self.shared.settings();
        let mut wanted: Vec<(Arc<Planning>, Order)> = Vec::new();
        let planners = settings.planners(&self.app).to_vec();
        self.plans.retain(|name, _| planners.iter().any(|filter| filter.name() == name));
        for filter in &planners {
            let planning = self.shared.planning(filter);
            self.ask(&planning, &published, &tracks).await;
            for rendition in self.plans.get(filter.name()).into_iter().flatten() {
                let refused = match Order::new(rendition, &settings.profiles) {
                    Ok(order) if wanted.iter().any(|(_, other)| other.suffix == order.suffix) => {
                        format!("there is a rendition `{}` already", order.suffix)
                    }
                    Ok(_) if wanted.len() >= settings.renditions => {
                        format!("a stream may have {} renditions (jobs.renditions)", settings.renditions)
                    }
                    Ok(order) => {
                        wanted.push((Arc::clone(&planning), order));
                        continue;
                    }
                    Err(refused) => refused.to_string(),
                };
                Counters::add(&self.shared.counters.refused);
                tracing::warn!(stream = self.path, filter = filter.name(), "rendition refused: {refused}");
                planning.tell(published.id, &rendition.suffix, JobEvent::Failed(refused));
            }
        }
        self.reconcile(wanted, &published);
    }

    /// Asks one planner; what it wanted before holds if it cannot answer.
    async fn ask(&mut self, planning: &Planning, published: &Published, tracks: &[track::Info]) {
        let info = StreamInfo {
            id: published.id,
            key: published.key.clone(),
            publisher: Arc::clone(&published.publisher),
            tags: published.tags.clone(),
            viewer: None,
        };
        let (stream, filter) = (&self.path, planning.name());
        match planning.plan(info, tracks.to_vec()).await {
            Ok(renditions) => {
                Counters::add(&self.shared.counters.plans);
                let suffixes: Vec<&str> = renditions.iter().map(|r| r.suffix.as_str()).collect();
                tracing::info!(stream, filter, renditions = ?suffixes, "planned");
                self.plans.insert(filter.to_owned(), renditions);
            }
            Err(Unplanned::Said(why)) => {
                Counters::add(&self.shared.counters.plans);
                tracing::info!(stream, filter, why, "nothing planned");
                self.plans.remove(filter);
            }
            Err(Unplanned::Broken(why)) => {
                tracing::warn!(stream, filter, "not planned: {why}; what it planned before holds");
            }
        }
    }

    /// Ends what is not wanted any more, begins what is new, leaves all else alone.
    fn reconcile(&mut self, mut wanted: Vec<(Arc<Planning>, Order)>, published: &Arc<Published>) {
        // Who stands first in the line is decided here; of equals the first in the plan.
        wanted.sort_by_key(|(_, order)| std::cmp::Reverse(order.priority));
        for (suffix, lane) in &self.lanes {
            if wanted.iter().all(|(_, order)| order.suffix != *suffix) {
                lane.wanted.send_if_modified(|wanted| std::mem::replace(wanted, Wanted::No) == Wanted::Yes);
            }
        }
        for (planning, order) in wanted {
            let before = self.lanes.get(&order.suffix);
            let runs = before.is_some_and(|lane| lane.order.runs_as(&order) && *lane.wanted.borrow() == Wanted::Yes);
            if runs {
                continue;
            }
            let before = self.lanes.remove(&order.suffix).map(|lane| {
                lane.wanted.send_replace(Wanted::No);
                lane.over
            });
            self.begin(planning, order, published, before);
        }
    }

    fn begin(
        &mut self,
        planning: Arc<Planning>,
        order: Order,
        published: &Arc<Published>,
        before: Option<oneshot::Receiver<()>>,
    ) {
        let name = format!("{}{}", self.path, order.suffix);
        let span = info_span!("job", stream = %name, profile = %order.name);
        let board = Arc::new(Board::new(name.clone(), order.name.clone(), Arc::clone(&self.shared.counters)));
        let shown = self.shared.show(name, &board);
        let (wanted, told) = watch::channel(Wanted::Yes);
        let (done, over) = oneshot::channel::<()>();
        let job = Job::new(Task {
            shared: Arc::clone(&self.shared),
            planning,
            stream: Arc::clone(&self.id),
            parent: Arc::clone(published),
            from: self.path.clone(),
            order: order.clone(),
            board,
            wanted: told,
        });
        let (priority, params) = (order.priority, order.params.clone());
        let work = async move {
            if let Some(before) = before {
                // The name is its until it is gone.
                let _ = before.await;
            }
            tracing::info!(priority, ?params, "job begins");
            job.run().await;
            tracing::info!("job ends");
            drop((done, shown));
        };
        let task = self.jobs.spawn(work.instrument(span));
        self.lanes.insert(order.suffix.clone(), Lane { order, wanted, task, over });
    }

    /// A job is over: one that nobody ended was ended by a panic, and begins anew.
    fn ended(&mut self, ended: Result<(tokio::task::Id, ()), tokio::task::JoinError>) {
        let id = match &ended {
            Ok((id, ())) => *id,
            Err(error) => error.id(),
        };
        if matches!(&ended, Err(error) if error.is_panic()) {
            Counters::add(&self.shared.counters.panics);
            tracing::error!(stream = self.path, "a job ended by a panic, a fault of the router; it begins anew");
            self.replan();
        }
        self.lanes.retain(|_, lane| lane.task.id() != id);
    }

    /// Ends all jobs, and waits for their programs.
    async fn end(mut self, how: Wanted) {
        for lane in self.lanes.values() {
            lane.wanted.send_if_modified(|wanted| std::mem::replace(wanted, how) == Wanted::Yes);
        }
        while let Some(ended) = self.jobs.join_next_with_id().await {
            self.ended(ended);
        }
    }
}

async fn due(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
