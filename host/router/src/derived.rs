//! Streams that a publication's media filters make beside it: `live/cam_audio` of `live/cam`.
//!
//! They leave the chain as values and become streams like any other here: a ring of their own, a place among what is published, a
//! line in the log. They end with their parent, and wait for it with their players when it is lost.

use std::sync::Arc;
use std::time::Duration;

use fanout::{Flush, Limits, Publisher, StreamKey as StreamName};
use filter::session::{Attributes, EndReason, StreamKey};
use filter::{Derivation, Derived, NotDerived, Parting};
use media::Frame;
use tokio::time::Instant;
use tracing::{Span, info_span};

use crate::publication::micros;
use crate::rate::millis;
use crate::router::Shown;
use crate::{App, Connection, Ingest, Policy, Published, Via, name};

/// The streams beside one publication.
#[derive(Debug)]
pub(crate) struct Beside {
    /// The publication's number.
    id: u64,
    of: StreamName,
    key: StreamKey,
    limits: Limits,
    flush: Flush,
    timestamps: Policy,
    window: Duration,
    born: Instant,
    /// What is added to the parent's time.
    base_us: i64,
    via: Via,
    streams: Vec<Stream>,
    inbox: Vec<Derived>,
    /// Names that were refused, and why, as the log says it: filters try again, the log does not.
    refused: Vec<(StreamName, String)>,
}

/// Refusals of one publication that are remembered; those of further names are in the log at debug only.
const MOST_REFUSED: usize = 32;

#[derive(Debug)]
struct Stream {
    number: u64,
    publisher: Publisher,
    base_us: i64,
    filter: Arc<str>,
    span: Span,
    born: Instant,
    shown: Shown,
}

impl Beside {
    pub(crate) fn new(id: u64, key: &StreamKey, app: &App, base_us: i64, born: Instant) -> Beside {
        Beside {
            id,
            of: StreamName::new(&key.app, &key.name),
            key: key.clone(),
            limits: app.gop_cache,
            flush: app.flush,
            timestamps: app.timestamps,
            window: app.reconnect_window,
            born,
            base_us,
            via: Via::default(),
            streams: Vec::new(),
            inbox: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Where the parent has been: they have been there too.
    pub(crate) fn came_through(&mut self, via: Via) {
        self.via = via;
    }

    /// Publishes what the filters have made since the last time.
    pub(crate) fn take(&mut self, ingest: &mut Ingest, by: &Connection) {
        ingest.take_derived(&mut self.inbox);
        if self.inbox.is_empty() {
            return;
        }
        let mut inbox = std::mem::take(&mut self.inbox);
        for derived in inbox.drain(..) {
            let stream = derived.stream;
            if let Err(why) = self.one(derived, by) {
                ingest.refuse_derived(stream, why);
            }
        }
        self.inbox = inbox;
    }

    fn one(&mut self, derived: Derived, by: &Connection) -> Result<(), NotDerived> {
        let Derived { stream, filter, what } = derived;
        let at = self.streams.iter().position(|s| s.number == stream);
        match what {
            Derivation::Opened { suffix, tags } => {
                let opened = self.open(stream, filter, &suffix, &tags, by)?;
                self.streams.push(opened);
            }
            Derivation::Frame(frame) => {
                let Some(of) = at.and_then(|at| self.streams.get_mut(at)) else { return Ok(()) };
                if of.push(*frame).is_err() {
                    if let Some(at) = at {
                        self.streams.swap_remove(at).end(EndReason::Replaced, Duration::ZERO);
                    }
                    return Err(NotDerived::NameTaken);
                }
            }
            Derivation::Closed => {
                if let Some(at) = at {
                    self.streams.swap_remove(at).end(EndReason::SourceEnded, Duration::ZERO);
                }
            }
        }
        Ok(())
    }

    fn open(
        &mut self,
        number: u64,
        filter: Arc<str>,
        suffix: &str,
        tags: &Attributes,
        by: &Connection,
    ) -> Result<Stream, NotDerived> {
        let key =
            StreamKey { app: self.key.app.clone(), name: format!("{}{suffix}", self.key.name), query: Vec::new() };
        let path = StreamName::new(&key.app, &key.name);
        let inner = by.inner();
        let (via, mut publisher) = self.place(&path, by).map_err(|(refusal, why)| {
            self.refuse(&path, &filter, why);
            refusal
        })?;
        self.refused.retain(|(name, _)| *name != path);
        publisher.set_flush(self.flush);
        let id = inner.shared().next_id();
        let span = info_span!(parent: None, "publish", conn = by.info().id, id, stream = %path);
        let told = tags.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ");
        span.in_scope(|| {
            tracing::info!(beside = %self.of, filter = &*filter, tags = told, waiting = publisher.subscribers(), "publishing");
        });
        let published = Published {
            id,
            key: inner.configured(&key),
            push_to: Vec::new(),
            via,
            publisher: by.shared_info(),
            tags: tags.clone(),
            egress: inner.shared().routes().find(&key.app).map(|route| route.app.egress_names()).unwrap_or_default(),
            derived_from: Some(self.of.clone()),
        };
        let base_us = self.base_us(&publisher);
        let shown = inner.shared().show(published);
        Ok(Stream { number, publisher, base_us, filter, span, born: Instant::now(), shown })
    }

    /// The name, if it is free; if not, what the filter is told and what the operator.
    fn place(&self, path: &StreamName, by: &Connection) -> Result<(Via, Publisher), (NotDerived, String)> {
        // Two filters of one publication: the first has it.
        if self.streams.iter().any(|s| s.publisher.key() == path && !s.publisher.is_replaced()) {
            return Err((NotDerived::NameTaken, "another filter makes one of this name".into()));
        }
        if path.as_str().len() > name::PATH_BYTES {
            return Err((NotDerived::Closed, "its name is too long".into()));
        }
        let shared = by.inner().shared();
        if shared.passes.reserved_for(path).is_some() {
            return Err((NotDerived::NameTaken, "the name is kept for what an encoder makes".into()));
        }
        let via = self.via.then(shared.mark(path.as_str())).map_err(|e| (NotDerived::Closed, e.to_string()))?;
        let published = shared.streams.publish_beside(path.clone(), &self.of, self.id, self.limits);
        let publisher = published.map_err(|e| {
            (if e == fanout::Error::Busy { NotDerived::NameTaken } else { NotDerived::Full }, e.to_string())
        })?;
        Ok((via, publisher))
    }

    /// Says why a name cannot be had: once, until that changes.
    fn refuse(&mut self, path: &StreamName, filter: &str, why: String) {
        let room = self.refused.len() < MOST_REFUSED;
        let known = self.refused.iter_mut().find(|(name, _)| name == path);
        let new = match &known {
            Some((_, known)) => *known != why,
            None => room,
        };
        if !new {
            return tracing::debug!(filter, stream = %path, "no stream beside this one: {why}");
        }
        tracing::warn!(filter, stream = %path, "no stream beside this one: {why}; it is tried again");
        match known {
            Some((_, known)) => *known = why,
            None => self.refused.push((path.clone(), why)),
        }
    }

    /// What is added to the time of a stream's frames: players that waited for it go on where they were, even if the parent had
    /// none. What the last publication left may end only after this one has begun: its filters see to their queues first.
    fn base_us(&self, publisher: &Publisher) -> i64 {
        let gap = |p: &fanout::Previous| self.born.saturating_duration_since(p.ended);
        let previous = publisher
            .previous()
            .filter(|p| self.timestamps == Policy::Repair && p.beside != Some(self.id) && gap(p) <= self.window);
        previous.map_or(self.base_us, |p| self.base_us.max(p.dts_us.saturating_add(micros(gap(&p)))))
    }

    /// When [`flush`](Beside::flush) is to be called; none: nothing waits.
    pub(crate) fn flush_at(&self) -> Option<Instant> {
        self.streams.iter().filter_map(|s| s.publisher.flush_at()).min()
    }

    /// Lets go what has waited long enough.
    pub(crate) fn flush(&mut self, now: Instant) {
        for stream in &mut self.streams {
            if stream.publisher.flush_at().is_some_and(|at| at <= now) {
                stream.publisher.flush();
            }
        }
    }

    /// The parent is over; `last` is what its filters made at the end, and those that are `parting` still have frames to see: its
    /// streams end when they have. `wait`: so long it may come back.
    pub(crate) fn end(
        mut self,
        last: Vec<Derived>,
        parting: Vec<Parting>,
        reason: EndReason,
        wait: Duration,
        by: &Connection,
    ) {
        self.last(last, by);
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if !parting.is_empty() => {
                let by = by.clone();
                runtime.spawn(async move {
                    for mut filter in parting {
                        while let Some(last) = filter.next().await {
                            self.last(last, &by);
                        }
                    }
                    self.over(reason, wait);
                });
            }
            _ => self.over(reason, wait),
        }
    }

    fn last(&mut self, last: Vec<Derived>, by: &Connection) {
        for derived in last {
            // Nobody is left to be told of a refusal.
            let _ = self.one(derived, by);
        }
    }

    fn over(self, reason: EndReason, wait: Duration) {
        for stream in self.streams {
            stream.end(reason, wait);
        }
    }
}

impl Stream {
    fn push(&mut self, frame: Frame) -> Result<(), fanout::Replaced> {
        let dts_us = frame.dts_us.saturating_add(self.base_us);
        self.publisher.push(Frame { dts_us, ..frame })
    }

    fn end(self, reason: EndReason, wait: Duration) {
        let Stream { publisher, filter, span, born, shown, .. } = self;
        let wait = if publisher.subscribers() == 0 { Duration::ZERO } else { wait };
        span.in_scope(|| {
            tracing::info!(
                ms = millis(born.elapsed()),
                filter = &*filter,
                frames_out = publisher.frames(),
                bytes_out = publisher.bytes(),
                subscribers = publisher.subscribers(),
                they_wait_ms = millis(wait),
                why = ?reason,
                "published"
            );
        });
        if !wait.is_zero()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let lost = publisher.lose();
            // Its players wait, and with them who watches what it is made from.
            let watched = shown.ended();
            runtime.spawn(async move {
                tokio::time::sleep(wait).await;
                drop((lost, watched));
            });
        }
    }
}
