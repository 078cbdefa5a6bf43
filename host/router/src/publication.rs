//! The writing end of a stream, as admitted.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use fanout::Publisher;
use filter::session::{EndReason, Grant, StreamKey};
use filter::{Away, Ended, Filter, Pace, StreamInfo};
use media::{Frame, Kind, Metadata, track};
use tokio::time::Instant;
use tracing::Span;

use crate::derived::Beside;
use crate::rate::{Rate, millis};
use crate::router::Shown;
use crate::session::Session;
use crate::{App, Connection, Ingest, Kick, Policy, Via};

/// How often filters beside a stream are asked what they have made when no frame comes.
const COLLECT_EVERY: Duration = Duration::from_millis(20);

/// A publisher that was let in, with its media filters. [`end`](Publication::end) ends the stream; dropping it says that the
/// publisher was lost: its players wait for it as long as the application's `reconnect_window`.
#[derive(Debug)]
pub struct Publication {
    id: u64,
    key: StreamKey,
    /// There until the end, unless it is away.
    ingest: Option<Ingest>,
    /// Its filters are called elsewhere, for they take their time.
    away: Option<Away<Back>>,
    /// Messages that could not be read, as far as it was known when it went away.
    malformed: u64,
    /// There until the end.
    publisher: Option<Publisher>,
    session: Session,
    connection: Connection,
    rate: Rate,
    /// Added to the publisher's time: where the one before it stopped, for players that stayed.
    base_us: i64,
    /// How long players wait if the publisher is lost.
    window: Duration,
    born: Instant,
    last_push: Instant,
    frames_in: u64,
    bytes_in: u64,
    out: Vec<Frame>,
    /// When filters that frames do not wait for were last asked what they have made.
    collected: Instant,
    /// Streams that its filters make beside it; there until the end.
    beside: Option<Beside>,
    /// Its place among what is published.
    shown: Option<Shown>,
}

/// What comes back from elsewhere.
#[derive(Debug)]
struct Back {
    ingest: Ingest,
    out: Vec<Frame>,
    ended: Option<Ended>,
}

impl Publication {
    pub(crate) fn begin(
        id: u64,
        key: StreamKey,
        app: &App,
        grant: &Grant,
        session: Session,
        mut publisher: Publisher,
        connection: Connection,
    ) -> Publication {
        let now = Instant::now();
        publisher.set_flush(app.flush);
        let base_us = publisher
            .previous()
            .filter(|p| app.timestamps == Policy::Repair && now.duration_since(p.ended) <= app.reconnect_window)
            .map_or(0, |p| p.dts_us.saturating_add(micros(now.duration_since(p.ended))));
        let (publisher_info, tags) = (connection.shared_info(), grant.tags.clone());
        let info = StreamInfo { id, key: key.clone(), publisher: publisher_info, tags, viewer: None };
        let ingest = session.span().in_scope(|| Ingest::new(&app.media, info, app.timestamps));
        session.span().in_scope(|| {
            tracing::info!(
                peer = connection.info().peer_ip,
                agent = connection.info().agent,
                filters = app.media.len(),
                waiting = publisher.subscribers(),
                "publishing"
            );
        });
        let beside = (!app.media.is_empty()).then(|| Beside::new(id, &key, app, base_us, now));
        Publication {
            id,
            key,
            ingest: Some(ingest),
            away: None,
            malformed: 0,
            publisher: Some(publisher),
            session,
            connection,
            rate: Rate::new(now),
            base_us,
            window: app.reconnect_window,
            born: now,
            last_push: now,
            frames_in: 0,
            bytes_in: 0,
            out: Vec::new(),
            collected: now,
            beside,
            shown: None,
        }
    }

    /// From now on until its end it stands among what is published, as a stream that has been at `via`.
    pub(crate) fn shown(mut self, place: Shown, via: Via) -> Publication {
        self.shown = Some(place);
        if let Some(beside) = &mut self.beside {
            beside.came_through(via);
        }
        self
    }

    /// The public name, after any rename.
    pub fn key(&self) -> &StreamKey {
        &self.key
    }

    /// Its number, never used twice in the life of the router.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The span of this publication.
    pub fn span(&self) -> &Span {
        self.session.span()
    }

    /// Subscribers now.
    pub fn subscribers(&self) -> usize {
        self.publisher.as_ref().map_or(0, Publisher::subscribers)
    }

    /// The publisher has ended its stream: players are told at once.
    pub fn end(mut self) {
        self.window = Duration::ZERO;
    }

    /// Takes the body of an audio, video or data message with its timestamp in milliseconds, and a data message's values if
    /// they could be read.
    ///
    /// Never waits: if the filters take their time, the message [is away](Publication::is_away) behind this. Whatever is pushed or done before
    /// it [is back](Publication::poll_back) waits for it, with the thread that it is on.
    ///
    /// # Errors
    /// The publication is over: say why to the peer and drop it.
    pub fn push(&mut self, kind: Kind, timestamp_ms: u32, body: Bytes, metadata: Option<Metadata>) -> Result<(), Kick> {
        self.last_push = Instant::now();
        self.frames_in += 1;
        self.bytes_in += body.len() as u64;
        if let Some(kbps) = self.session.max_kbps()
            && self.rate.exceeds(kbps, body.len(), self.last_push)
        {
            let why = format!("more than {kbps} kbit/s over ten seconds");
            self.session.kick(Kick::new("NetStream.Publish.Denied", why, EndReason::Limit));
        }
        if let Some(kick) = self.session.kicked_already() {
            return Err(kick);
        }
        self.be_back()?;
        let Some(ingest) = &mut self.ingest else { return Ok(()) };
        let now_ms = i64::try_from(self.last_push.duration_since(self.born).as_millis()).unwrap_or(i64::MAX);
        let frame = ingest.frame(kind, timestamp_ms, now_ms, body, metadata);
        self.filter(frame)
    }

    #[inline]
    fn filter(&mut self, frame: Frame) -> Result<(), Kick> {
        let Some(ingest) = &mut self.ingest else { return Ok(()) };
        if let Some((pace, filter)) = ingest.slow(Some(&frame)) {
            self.send_away(pace, &filter, move |ingest, out| ingest.filter(frame, out));
            return Ok(());
        }
        let ended = ingest.filter(frame, &mut self.out).err();
        self.deliver(ended)
    }

    /// Has the filters called where no other stream waits for it.
    #[cold]
    fn send_away(
        &mut self,
        pace: Pace,
        filter: &Arc<Filter>,
        call: impl FnOnce(&mut Ingest, &mut Vec<Frame>) -> Result<(), Ended> + Send + 'static,
    ) {
        let Some(mut ingest) = self.ingest.take() else { return };
        self.malformed = ingest.malformed();
        let mut out = std::mem::take(&mut self.out);
        self.away = Some(filter.elsewhere(pace, move || {
            let ended = call(&mut ingest, &mut out).err();
            Back { ingest, out, ended }
        }));
    }

    /// Whether the filters are at work elsewhere: what comes next is to wait.
    #[inline]
    pub fn is_away(&self) -> bool {
        self.away.is_some()
    }

    /// Ready when no filter is at work elsewhere.
    ///
    /// # Errors
    /// As [`push`](Publication::push).
    pub fn poll_back(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Kick>> {
        let Some(away) = &mut self.away else { return Poll::Ready(Ok(())) };
        let back = std::task::ready!(Pin::new(away).poll(cx));
        self.away = None;
        Poll::Ready(self.took_back(back))
    }

    /// Waits until no filter is at work elsewhere.
    ///
    /// # Errors
    /// As [`push`](Publication::push).
    pub async fn back(&mut self) -> Result<(), Kick> {
        std::future::poll_fn(|cx| self.poll_back(cx)).await
    }

    /// The same for who cannot wait.
    #[inline]
    fn be_back(&mut self) -> Result<(), Kick> {
        match self.away.take() {
            None => Ok(()),
            Some(away) => self.took_back(away.now()),
        }
    }

    fn took_back(&mut self, back: Option<Back>) -> Result<(), Kick> {
        let Some(Back { ingest, out, ended }) = back else {
            let why = "the host failed in a call of a filter";
            self.session.kick(Kick::new("NetStream.Publish.Denied", why, EndReason::Failed));
            return self.session.kicked_already().map_or(Ok(()), Err);
        };
        self.ingest = Some(ingest);
        self.out = out;
        self.deliver(ended)
    }

    /// When something came last.
    pub fn last_push(&self) -> Instant {
        self.last_push
    }

    /// Audio and video messages so far whose headers could not be read; they passed as they were.
    pub fn malformed(&self) -> u64 {
        self.ingest.as_ref().map_or(self.malformed, Ingest::malformed)
    }

    /// Takes a frame whose time is on the stream's timeline already. Never waits.
    ///
    /// # Errors
    /// As [`push`](Publication::push).
    pub(crate) fn push_frame(&mut self, frame: Frame) -> Result<(), Kick> {
        self.last_push = Instant::now();
        self.frames_in += 1;
        self.bytes_in += frame.body.len() as u64;
        self.be_back()?;
        let Some(ingest) = &mut self.ingest else { return Ok(()) };
        ingest.observe(&frame);
        self.filter(frame)
    }

    /// When to call [`tick`](Publication::tick) if nothing is pushed before; none: no frame waits to leave, and no filter
    /// asked for it.
    pub fn next_tick(&self) -> Option<Instant> {
        let flush_at = self.publisher.as_ref().and_then(Publisher::flush_at);
        let beside = self.beside.as_ref().and_then(Beside::flush_at);
        self.filters_tick_at().into_iter().chain(self.collect_at()).chain(flush_at).chain(beside).min()
    }

    /// While a filter beside the stream is at work: what it makes is not to wait for the next frame.
    fn collect_at(&self) -> Option<Instant> {
        self.ingest.as_ref().filter(|ingest| ingest.is_busy()).map(|_| self.collected + COLLECT_EVERY)
    }

    fn filters_tick_at(&self) -> Option<Instant> {
        let ingest = self.ingest.as_ref()?;
        let wait_us = ingest.next_tick_us()?.saturating_sub(ingest.now_us());
        self.last_push.checked_add(Duration::from_micros(u64::try_from(wait_us).unwrap_or(0)))
    }

    /// Lets the stream's time go on although nothing comes: frames that have waited long enough leave, filters see the
    /// time.
    ///
    /// # Errors
    /// As [`push`](Publication::push).
    pub fn tick(&mut self) -> Result<(), Kick> {
        let now = Instant::now();
        if let Some(publisher) = &mut self.publisher
            && publisher.flush_at().is_some_and(|at| at <= now)
        {
            publisher.flush();
        }
        if let Some(beside) = &mut self.beside {
            beside.flush(now);
        }
        if self.collect_at().is_some_and(|at| at <= now)
            && let Some(ingest) = &mut self.ingest
        {
            self.collected = now;
            if let Some((pace, filter)) = ingest.slow(None) {
                self.send_away(pace, &filter, Ingest::collect);
                return Ok(());
            }
            let ended = ingest.collect(&mut self.out).err();
            self.deliver(ended)?;
        }
        if self.filters_tick_at().is_none_or(|at| at > now) {
            return Ok(());
        }
        let Some(ingest) = &mut self.ingest else { return Ok(()) };
        let now_us = ingest.now_us().saturating_add(micros(self.last_push.elapsed()));
        if let Some((pace, filter)) = ingest.slow(None) {
            self.send_away(pace, &filter, move |ingest, out| ingest.tick(now_us, out));
            return Ok(());
        }
        let ended = ingest.tick(now_us, &mut self.out).err();
        self.deliver(ended)
    }

    /// Returns when the publication must end: a filter says no when asked again, a limit of its allowance is reached, or
    /// another publisher takes the name over. The future stands on its own.
    pub fn kicked(&self) -> impl Future<Output = Kick> + Send + use<> {
        let kicked = self.session.kicked();
        let replaced = self.publisher.as_ref().map(Publisher::replaced);
        let replaced = async move {
            match replaced {
                Some(replaced) => replaced.await,
                None => std::future::pending().await,
            }
        };
        async move {
            tokio::select! {
                biased;
                kick = kicked => kick,
                () = replaced => taken_over(),
            }
        }
    }

    fn deliver(&mut self, ended: Option<Ended>) -> Result<(), Kick> {
        let base_us = self.base_us;
        let frames = self.out.drain(..).map(|mut frame| {
            frame.dts_us = frame.dts_us.saturating_add(base_us);
            frame
        });
        if self.publisher.as_mut().is_none_or(|publisher| publisher.push_all(frames).is_err()) {
            self.session.kick(taken_over());
        }
        if let (Some(beside), Some(ingest)) = (&mut self.beside, &mut self.ingest) {
            beside.take(ingest, &self.connection);
        }
        if let Some(ended) = ended {
            // The filter's fault has been warned of, for all its streams as often as is good for the log.
            self.session.span().in_scope(|| tracing::info!("{ended}"));
            let why = format!("filter `{}` failed", ended.filter);
            self.session.kick(Kick::new("NetStream.Publish.Denied", why, EndReason::Failed));
        }
        match self.session.kicked_already() {
            Some(kick) => Err(kick),
            None => Ok(()),
        }
    }
}

impl Drop for Publication {
    fn drop(&mut self) {
        // What came before the end counts.
        let _ = self.be_back();
        let watched = self.shown.take().and_then(Shown::ended);
        if self.publisher.as_ref().is_some_and(Publisher::is_replaced) {
            self.session.ends_by(EndReason::Replaced);
        }
        let reason = self.session.reason();
        self.session.ends_by(reason);
        let mut tracks = String::new();
        let malformed = self.malformed();
        if let Some(mut ingest) = self.ingest.take() {
            let parting = ingest.part(reason);
            tracks = described(ingest.tracks().all());
            let last = ingest.end(reason, &mut self.out);
            if let Some(beside) = self.beside.take() {
                // Who took the name over makes them too.
                let stay = matches!(reason, EndReason::SourceEnded | EndReason::Replaced);
                beside.end(last, parting, reason, if stay { self.window } else { Duration::ZERO }, &self.connection);
            }
            // What a filter held goes to the players; what comes after a kick is of no interest.
            let _ = self.deliver(None);
        }
        let traffic = self.session.traffic();
        traffic.bytes_in.store(self.bytes_in, Ordering::Relaxed);
        if let Some(connection) = self.connection.inner().session() {
            connection.traffic().bytes_in.fetch_add(self.bytes_in, Ordering::Relaxed);
        }
        let Some(publisher) = self.publisher.take() else { return };
        // Who was sent away does not come back.
        let wait = if reason == EndReason::SourceEnded { self.window } else { Duration::ZERO };
        let wait = if publisher.subscribers() == 0 { Duration::ZERO } else { wait };
        let (frames_out, bytes_out, subscribers) = (publisher.frames(), publisher.bytes(), publisher.subscribers());
        // The name is free before anybody reads that it is.
        let lost = if wait.is_zero() {
            drop(publisher);
            None
        } else {
            Some(publisher.lose())
        };
        self.session.span().in_scope(|| {
            tracing::info!(
                ms = millis(self.session.age()),
                frames_in = self.frames_in,
                bytes_in = self.bytes_in,
                malformed,
                frames_out,
                bytes_out,
                subscribers,
                they_wait_ms = millis(wait),
                tracks,
                why = ?reason,
                "published"
            );
        });
        if let Some(lost) = lost
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move {
                tokio::time::sleep(wait).await;
                drop((lost, watched));
            });
        }
    }
}

/// `video avc1 1280x720, audio mp4a`
fn described(tracks: &[track::Info]) -> String {
    let one = |track: &track::Info| {
        let kind = if track.kind == Kind::Video { "video" } else { "audio" };
        let size = track.video.map(|v| format!(" {}x{}", v.width, v.height)).unwrap_or_default();
        format!("{kind} {}{size}", track.codec)
    };
    tracks.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn taken_over() -> Kick {
    Kick::new("NetStream.Publish.BadName", "another publisher has taken the name over", EndReason::Replaced)
}

pub(crate) fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}
