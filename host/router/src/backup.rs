//! Backup inputs: a stream that is fed from the best of several others.
//!
//! Every such stream has one task. It looks at the inputs a few times per second, reads the best one that is healthy, and
//! publishes what it reads as a stream like any other: an input is changed at a key frame, behind its headers, on one
//! timeline.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use fanout::{Entry, Event, Start, StreamKey as StreamName, Streams, Subscriber};
use filter::session::ConnectionInfo;
use media::{Content, Kind};
use tokio::sync::oneshot;
use tokio::time::{Instant, MissedTickBehavior};
use tracing::Instrument;

use self::mapping::Mapping;
use self::selection::{Health, Selection, Switch};
use crate::router::Shared;
use crate::{Connection, Publication, Via};

mod mapping;
mod selection;

/// A stream and what it is fed from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Backup {
    /// Its name in the application.
    pub stream: String,
    /// Names of streams of the same application, best first, published or pulled.
    pub inputs: Vec<String>,
    /// An input without a frame for so long is left.
    pub stall: Duration,
    /// A better input is gone back to when it has been healthy for so long.
    pub back_after: Duration,
}

impl Default for Backup {
    fn default() -> Backup {
        Backup {
            stream: String::new(),
            inputs: Vec::new(),
            stall: Duration::from_secs(2),
            back_after: Duration::from_secs(5),
        }
    }
}

/// How one of these streams is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BackupState {
    /// Its path.
    pub stream: String,
    /// The path of the input that feeds it; none if none does.
    pub input: Option<String>,
    /// Whether it is not the best one.
    pub degraded: bool,
    /// How often the input was changed.
    pub switches: u64,
}

/// All that run.
#[derive(Debug, Default)]
pub(crate) struct Backups(Mutex<Vec<Running>>);

#[derive(Debug)]
struct Running {
    app: String,
    backup: Backup,
    state: Arc<Mutex<BackupState>>,
    /// Dropped, it ends the task and with it the stream.
    _stop: oneshot::Sender<()>,
}

impl Backups {
    /// Starts what is new and stops what is gone; what stays is not disturbed. Outside a runtime nothing runs.
    pub(crate) fn set(&self, shared: &Arc<Shared>, wanted: Vec<(String, Backup)>) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|r| wanted.iter().any(|(app, backup)| *app == r.app && *backup == r.backup));
        for (app, backup) in wanted {
            if running.iter().any(|r| r.app == app && r.backup == backup) {
                continue;
            }
            let (stop, stopped) = oneshot::channel();
            let state = Arc::new(Mutex::new(BackupState {
                stream: StreamName::new(&app, &backup.stream).to_string(),
                ..BackupState::default()
            }));
            let output = Output::new(shared, &app, &backup, Arc::clone(&state));
            let span = tracing::info_span!(parent: None, "backup", stream = %output.name);
            runtime.spawn(output.run(stopped).instrument(span));
            running.push(Running { app, backup, state, _stop: stop });
        }
    }

    /// Ends all.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(crate) fn states(&self) -> Vec<BackupState> {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.iter().map(|r| r.state.lock().unwrap_or_else(PoisonError::into_inner).clone()).collect()
    }
}

/// What one task works with.
struct Output {
    shared: Weak<Shared>,
    streams: Streams,
    name: StreamName,
    inputs: Vec<StreamName>,
    stall: Duration,
    selection: Selection,
    /// The input that feeds it, and the one that is to, once it has a key frame.
    feed: Option<Feed>,
    next: Option<Feed>,
    publication: Option<Publication>,
    mapping: Mapping,
    /// It has been said that the name is taken.
    refused: bool,
    state: Arc<Mutex<BackupState>>,
}

struct Feed {
    input: usize,
    subscriber: Subscriber,
}

impl Output {
    fn new(shared: &Arc<Shared>, app: &str, backup: &Backup, state: Arc<Mutex<BackupState>>) -> Output {
        let inputs: Vec<_> = backup.inputs.iter().map(|input| StreamName::new(app, input)).collect();
        Output {
            shared: Arc::downgrade(shared),
            streams: shared.streams.clone(),
            name: StreamName::new(app, &backup.stream),
            selection: Selection::new(inputs.len(), backup.back_after),
            inputs,
            stall: backup.stall,
            feed: None,
            next: None,
            publication: None,
            mapping: Mapping::default(),
            refused: false,
            state,
        }
    }

    async fn run(mut self, mut stopped: oneshot::Receiver<()>) {
        let mut looks =
            tokio::time::interval((self.stall / 8).clamp(Duration::from_millis(20), Duration::from_millis(250)));
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut fed, mut coming) = (Vec::new(), Vec::new());
        loop {
            tokio::select! {
                biased;
                // The sender is only ever dropped.
                _ = &mut stopped => break,
                _ = looks.tick() => self.look().await,
                event = read(self.next.as_mut(), &mut coming) => {
                    if event == Event::Frames && !coming.is_empty() {
                        // It has its key frame, behind its headers.
                        self.take_over();
                        self.pass_on(&coming);
                        fed.clear();
                    }
                    coming.clear();
                }
                event = read(self.feed.as_mut(), &mut fed) => {
                    if event == Event::Frames {
                        self.pass_on(&fed);
                    }
                    fed.clear();
                }
                () = until(self.publication.as_ref().and_then(Publication::next_tick)) => self.keep_time(),
            }
        }
        // Its players wait, for another configuration may go on with the same stream.
    }

    /// Sees how the inputs are, and does what follows from it.
    async fn look(&mut self) {
        let now = Instant::now();
        let health = |name: &StreamName| {
            let newest = self.streams.newest(name);
            match newest {
                Some(newest) if now.saturating_duration_since(newest) <= self.stall => Health::Good,
                Some(_) => Health::Stalled,
                None => Health::Gone,
            }
        };
        let health: Vec<Health> = self.inputs.iter().map(health).collect();
        match self.selection.look(&health, now) {
            Some(Switch::Now(input)) => {
                self.next = self.subscribe(input, Start::Key);
                self.tell(input, "the one before it is gone or stalls, or there was none");
            }
            Some(Switch::AtKey(input)) => {
                self.next = self.subscribe(input, Start::NextKey);
                self.tell(input, "it is better, and has been healthy for long enough");
            }
            Some(Switch::Stay) => self.next = None,
            None => {}
        }
        if health.iter().all(|h| *h == Health::Gone) {
            // Its players wait for it as they do for any publisher that is lost.
            if self.publication.take().is_some() {
                tracing::warn!("no input is left");
            }
            self.feed = None;
            self.selection.leave();
            self.note(None);
        } else if self.publication.is_none() && (self.feed.is_some() || self.next.is_some()) {
            self.publish().await;
        }
    }

    fn subscribe(&self, input: usize, start: Start) -> Option<Feed> {
        let subscriber = self.streams.subscribe_from(self.inputs.get(input)?.clone(), start).ok()?;
        Some(Feed { input, subscriber })
    }

    fn tell(&self, input: usize, why: &str) {
        let name = self.inputs.get(input).map(ToString::to_string).unwrap_or_default();
        if input == 0 {
            tracing::info!(input = name, why, "changing over");
        } else {
            tracing::warn!(input = name, why, "changing over");
        }
    }

    /// Becomes the publisher of its name.
    async fn publish(&mut self) {
        let Some(shared) = self.shared.upgrade() else { return };
        let agent = format!("weir/{}", env!("CARGO_PKG_VERSION"));
        let info =
            ConnectionInfo { id: shared.next_id(), protocol: "backup".into(), agent, ..ConnectionInfo::default() };
        let published = match Connection::internal(shared, info, Via::default()) {
            Ok(door) => door.publish_filtered(self.name.as_str()).await,
            Err(refusal) => Err(refusal),
        };
        match published {
            Ok(publication) => {
                self.publication = Some(publication);
                self.mapping = Mapping::default();
                self.refused = false;
            }
            Err(refusal) => {
                if !std::mem::replace(&mut self.refused, true) {
                    tracing::warn!(code = refusal.code, why = refusal.description, "not published; trying on");
                }
            }
        }
    }

    /// What comes next comes from another input.
    fn take_over(&mut self) {
        let Some(next) = self.next.take() else { return };
        self.selection.switched(next.input);
        self.note(Some(next.input));
        self.feed = Some(next);
        self.mapping.change();
    }

    fn pass_on(&mut self, entries: &[Arc<Entry>]) {
        let Some(publication) = &mut self.publication else { return };
        let shown = |entry: &&Arc<Entry>| {
            entry.frame.kind != Kind::Data && matches!(entry.frame.content, Content::Coded | Content::Opaque)
        };
        if let Some(first) = entries.iter().find(shown) {
            self.mapping.begin(first.frame.dts_us, first.arrived());
        }
        for entry in entries {
            let dts_us = match self.mapping.has_begun() {
                true => self.mapping.place(entry.frame.dts_us, entry.arrived()),
                false => self.mapping.floor_us(),
            };
            let frame = media::Frame { dts_us, ..entry.frame.clone() };
            // It has no filters: those of its inputs' have seen the frame.
            if let Err(kick) = publication.push_frame(frame) {
                tracing::warn!(code = kick.code, why = kick.description, "not published any more");
                self.publication = None;
                return;
            }
        }
    }

    /// Lets frames leave that have waited long enough.
    fn keep_time(&mut self) {
        if let Some(publication) = &mut self.publication
            && publication.next_tick().is_some_and(|at| at <= Instant::now())
            && publication.tick().is_err()
        {
            self.publication = None;
        }
    }

    fn note(&self, input: Option<usize>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.input = input.and_then(|input| self.inputs.get(input)).map(ToString::to_string);
        state.degraded = input != Some(0);
        state.switches += u64::from(input.is_some());
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// The next event of an input; without one, or of one that is gone, none comes.
async fn read(feed: Option<&mut Feed>, batch: &mut Vec<Arc<Entry>>) -> Event {
    match feed {
        Some(feed) => feed.subscriber.next(batch).await,
        None => std::future::pending().await,
    }
}
