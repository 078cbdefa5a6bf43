//! The reading end of a stream, as admitted.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use fanout::{Entry, Follower, Position, StreamKey as StreamName, Subscriber};
use filter::Ended;
use filter::session::EndReason;
use media::flv::HevcForm;
use tokio::time::{Instant, timeout};
use tracing::{Instrument, Span};

use crate::demand::{Wanted, Watching};
use crate::egress::Egress;
use crate::rate::millis;
use crate::refusal::Asked;
use crate::session::Session;
use crate::{Connection, Kick, Refusal, Via};

/// A player that was let in. Dropping it ends it.
#[derive(Debug)]
pub struct Subscription {
    id: u64,
    subscriber: Subscriber,
    session: Session,
    connection: Connection,
    hevc: Option<HevcForm>,
    /// Its own filters.
    egress: Option<Box<Egress>>,
    frames: u64,
    bytes: u64,
    too_slow: bool,
    /// It has given the last there is: see [`poll_finish`](Subscription::poll_finish).
    finished: bool,
    /// It counts as a player.
    _watching: Option<Watching>,
}

/// What a subscription is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// The batch holds frames.
    Frames,
    /// Another publisher came, or the same one after its end was told.
    Started,
    /// The publisher is gone, after its last frame, and has not come back in time. The subscription may stay and wait for the
    /// next one.
    Ended,
    /// The subscription is over: say why to the peer and drop it.
    Kicked(Kick),
}

impl Subscription {
    /// Waits for a publisher, at most `wait`.
    pub(crate) async fn begin(
        id: u64,
        name: &StreamName,
        mut session: Session,
        mut subscriber: Subscriber,
        wait: Duration,
        connection: Connection,
        player: Option<(Watching, Wanted)>,
    ) -> Result<Subscription, Refusal> {
        let (watching, wanted) = player.unzip();
        if !subscriber.is_live() {
            let _waiting = watching.as_ref().zip(wanted).map(|(watching, wanted)| watching.wait(wanted));
            let kicked = session.kicked();
            let started = async {
                // Nothing but a start can come to a subscriber without a publisher.
                subscriber.next(&mut Vec::new()).await;
            };
            let came = async {
                tokio::select! {
                    biased;
                    kick = kicked => Err(kick),
                    () = started => Ok(()),
                }
            };
            let refusal = match timeout(wait, came).await {
                Ok(Ok(())) => None,
                Ok(Err(Kick { code, description, disconnect, redirect, reason })) => {
                    session.ends_by(reason);
                    // A play whose time is over before it began has failed.
                    let code = if reason == EndReason::Limit { Asked::Play.denied().to_owned() } else { code };
                    Some(Refusal { code, description, disconnect, redirect })
                }
                Err(_) => {
                    session.ends_by(EndReason::Failed);
                    let why = format!("`{name}` has no publisher");
                    Some(Refusal::new("NetStream.Play.StreamNotFound", why))
                }
            };
            if let Some(refusal) = refusal {
                return Err(refusal);
            }
        }
        session.span().in_scope(|| {
            tracing::info!(peer = connection.info().peer_ip, agent = connection.info().agent, "playing");
        });
        Ok(Subscription {
            id,
            subscriber,
            session,
            connection,
            hevc: None,
            egress: None,
            frames: 0,
            bytes: 0,
            too_slow: false,
            finished: false,
            _watching: watching,
        })
    }

    /// In which form the player gets H.265; none: as it came.
    pub(crate) fn shown(mut self, hevc: Option<HevcForm>) -> Subscription {
        self.hevc = hevc;
        self
    }

    /// Puts filters of its own between the stream and what it gets.
    pub(crate) async fn through(mut self, egress: Egress) -> Result<Subscription, Refusal> {
        let span = self.session.span().clone();
        match egress.open().instrument(span).await {
            Some(egress) => {
                self.egress = Some(Box::new(egress));
                Ok(self)
            }
            None => {
                self.session.ends_by(EndReason::Failed);
                Err(Refusal::new(Asked::Play.denied(), "the filters of this play cannot be started"))
            }
        }
    }

    /// The public name of the stream, app and name in one.
    pub fn name(&self) -> &str {
        self.subscriber.key().as_str()
    }

    /// Its number, never used twice in the life of the router.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Whether the stream has a publisher now.
    pub fn is_live(&self) -> bool {
        self.subscriber.is_live()
    }

    /// The span of this subscription.
    pub fn span(&self) -> &Span {
        self.session.span()
    }

    /// The form in which it is to get H.265; none: as it was sent.
    pub fn hevc(&self) -> Option<HevcForm> {
        self.hevc
    }

    /// Waits for what comes next and appends frames to `batch`, about 1 MiB of bodies at most. A stream that is live when
    /// the subscription begins starts with its frames: metadata, headers and GOP in one batch. May be cancelled and called
    /// again: nothing is lost.
    pub async fn next(&mut self, batch: &mut Vec<Arc<Entry>>) -> Event {
        if self.egress.is_some() {
            return self.next_filtered(batch).await;
        }
        let had = batch.len();
        let event = if self.session.may_be_kicked() {
            tokio::select! {
                biased;
                kick = self.session.kicked() => return Event::Kicked(kick),
                event = self.subscriber.next(batch) => event,
            }
        } else {
            self.subscriber.next(batch).await
        };
        self.count(batch.get(had..).unwrap_or_default());
        self.told(event)
    }

    async fn next_filtered(&mut self, batch: &mut Vec<Arc<Entry>>) -> Event {
        loop {
            if let Some(event) = self.try_next(batch) {
                return event;
            }
            let Some(egress) = &mut self.egress else { continue };
            let next = async {
                match egress.room() {
                    Some(room) => {
                        let event = self.subscriber.next(room).await;
                        egress.heard(event);
                    }
                    None => egress.here().await,
                }
            };
            tokio::select! {
                biased;
                kick = self.session.kicked() => return Event::Kicked(kick),
                () = next => {}
            }
        }
    }

    /// As [`next`](Subscription::next), without waiting.
    pub fn try_next(&mut self, batch: &mut Vec<Arc<Entry>>) -> Option<Event> {
        if let Some(kick) = self.session.kicked_already() {
            return Some(Event::Kicked(kick));
        }
        let had = batch.len();
        let event = match &mut self.egress {
            None => Ok(self.subscriber.try_next(batch)?),
            Some(egress) => {
                let span = self.session.span().clone();
                span.in_scope(|| egress.try_next(&mut self.subscriber, batch))?
            }
        };
        self.count(batch.get(had..).unwrap_or_default());
        Some(match event {
            Ok(event) => self.told(event),
            Err(ended) => Event::Kicked(self.failed(&ended)),
        })
    }

    /// Whether its own filters have worked for so long that other tasks are to have a turn before it is asked for more. Asked
    /// once, it may go on.
    pub fn rests(&mut self) -> bool {
        self.egress.as_mut().is_some_and(|egress| egress.rests())
    }

    /// When to call [`tick`](Subscription::tick) if nothing comes before; none: no filter asked for it.
    pub fn next_tick(&self) -> Option<Instant> {
        self.egress.as_ref().and_then(|egress| egress.next_tick())
    }

    /// Lets its own filters see the time; what they make of it comes with what is next.
    pub fn tick(&mut self) {
        if let Some(egress) = &mut self.egress {
            let span = self.session.span().clone();
            span.in_scope(|| egress.tick());
        }
    }

    /// Whether its own filters are at work elsewhere: see [`poll_filters`](Subscription::poll_filters).
    pub fn waits_for_filters(&self) -> bool {
        self.egress.as_ref().is_some_and(|egress| egress.is_away())
    }

    /// Ready when its own filters can be asked for what is next; they cannot while something of theirs is done elsewhere.
    pub fn poll_filters(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.egress.as_mut().map_or(Poll::Ready(()), |egress| egress.poll_here(cx))
    }

    /// What is on its way through its own filters, and what they hold: there will be no later time for it. One turn: while it is
    /// pending other tasks get theirs. Once it is ready, it stays so.
    pub fn poll_finish(&mut self, cx: &mut Context<'_>, batch: &mut Vec<Arc<Entry>>) -> Poll<()> {
        if !self.finished {
            std::task::ready!(self.poll_last(cx, batch));
            self.finished = true;
        }
        Poll::Ready(())
    }

    /// Whether [`poll_finish`](Subscription::poll_finish) has been ready.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    fn poll_last(&mut self, cx: &mut Context<'_>, batch: &mut Vec<Arc<Entry>>) -> Poll<()> {
        std::task::ready!(self.poll_filters(cx));
        if self.egress.is_none() {
            return Poll::Ready(());
        }
        let had = batch.len();
        let next = self.try_next(batch);
        let reason = self.session.reason();
        let Some(egress) = &mut self.egress else { return Poll::Ready(()) };
        let more = match next {
            Some(Event::Frames) => batch.len() > had || egress.rests(),
            _ => egress.is_away(),
        };
        if !more && !egress.ends(reason) {
            return Poll::Ready(());
        }
        if egress.poll_here(cx).is_ready() {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }

    /// Lets frames go that wait for others: there will be no later time for them.
    pub fn flush(&self) {
        self.subscriber.flush();
    }

    /// Where it stands, if all that is to come to it is frame after frame as everybody gets it; see [`Subscriber::position`].
    pub fn position(&self) -> Option<Position> {
        self.subscriber.position().filter(|_| self.egress.is_none())
    }

    /// Whether more has come than what is before `position`.
    pub fn has_news(&self, position: Position) -> bool {
        self.subscriber.has_news(position)
    }

    /// Someone else delivered these frames, with these bytes of bodies, up to `position`.
    pub fn delivered(&mut self, position: Position, frames: u64, bytes: u64) {
        self.subscriber.move_to(position);
        self.frames += frames;
        self.bytes += bytes;
    }

    /// Reads the stream for this subscription and others that stand at the same place.
    pub fn follower(&self) -> Follower {
        self.subscriber.follower()
    }

    /// Where the stream has been, for another server that asked for it; of any other player, nowhere.
    pub fn via(&self) -> Via {
        self.connection.inner().relayed(self.subscriber.key()).unwrap_or_default()
    }

    /// A number that no other stream has or will have.
    pub fn stream_id(&self) -> u64 {
        self.subscriber.stream_id()
    }

    /// Whether anything can end it but its own connection; if so, [`kicked`](Subscription::kicked) is to be watched.
    pub fn may_be_kicked(&self) -> bool {
        self.session.may_be_kicked()
    }

    /// Returns when the subscription must end. The future stands on its own.
    pub fn kicked(&self) -> impl Future<Output = Kick> + Send + use<> {
        self.session.kicked()
    }

    /// Frames that were skipped because the player fell behind, or could do nothing with them.
    pub fn skipped(&self) -> u64 {
        self.subscriber.skipped()
    }

    /// How often it fell behind and jumped to a key frame.
    pub fn jumps(&self) -> u64 {
        self.subscriber.jumps()
    }

    /// Whether it has ended because the player fell behind.
    pub fn is_too_slow(&self) -> bool {
        self.too_slow
    }

    fn told(&mut self, event: fanout::Event) -> Event {
        match event {
            fanout::Event::Frames => Event::Frames,
            fanout::Event::Started => Event::Started,
            fanout::Event::Ended => Event::Ended,
            fanout::Event::TooSlow => {
                let why = "the player is too slow for the stream";
                let kick = Kick::new("NetStream.Play.InsufficientBW", why, EndReason::Limit);
                self.session.kick(Kick { disconnect: true, ..kick.clone() });
                self.too_slow = true;
                Event::Kicked(Kick { disconnect: true, ..kick })
            }
        }
    }

    /// A filter of its own failed, and `on_failure` is to end the stream: this player's, and nobody else's.
    fn failed(&mut self, ended: &Ended) -> Kick {
        // The filter's fault has been warned of, for all its viewers as often as is good for the log.
        self.session.span().in_scope(|| tracing::info!("{ended}"));
        let why = format!("filter `{}` failed", ended.filter);
        let kick = Kick::new(Asked::Play.denied(), why, EndReason::Failed);
        self.session.kick(kick.clone());
        kick
    }

    fn count(&mut self, entries: &[Arc<Entry>]) {
        self.frames += entries.len() as u64;
        self.bytes += entries.iter().map(|e| e.frame.body.len() as u64).sum::<u64>();
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let reason = self.session.reason();
        self.session.ends_by(reason);
        if let Some(mut egress) = self.egress.take() {
            egress.leaves_by(reason);
            let span = self.session.span().clone();
            span.in_scope(|| drop(egress));
        }
        self.session.traffic().bytes_out.store(self.bytes, Ordering::Relaxed);
        if let Some(connection) = self.connection.inner().session() {
            connection.traffic().bytes_out.fetch_add(self.bytes, Ordering::Relaxed);
        }
        self.session.span().in_scope(|| {
            tracing::info!(
                ms = millis(self.session.age()),
                frames = self.frames,
                bytes = self.bytes,
                jumps = self.subscriber.jumps(),
                skipped = self.subscriber.skipped(),
                too_slow = self.too_slow,
                why = ?reason,
                "played"
            );
        });
    }
}
