//! The reading end of a stream, as admitted.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use fanout::{Entry, Follower, Position, StreamKey as StreamName, Subscriber};
use filter::session::EndReason;
use media::flv::HevcForm;
use tokio::time::timeout;
use tracing::Span;

use crate::demand::{Wanted, Watching};
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
    frames: u64,
    bytes: u64,
    too_slow: bool,
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
            frames: 0,
            bytes: 0,
            too_slow: false,
            _watching: watching,
        })
    }

    /// In which form the player gets H.265; none: as it came.
    pub(crate) fn shown(mut self, hevc: Option<HevcForm>) -> Subscription {
        self.hevc = hevc;
        self
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

    /// As [`next`](Subscription::next), without waiting.
    pub fn try_next(&mut self, batch: &mut Vec<Arc<Entry>>) -> Option<Event> {
        if let Some(kick) = self.session.kicked_already() {
            return Some(Event::Kicked(kick));
        }
        let had = batch.len();
        let event = self.subscriber.try_next(batch)?;
        self.count(batch.get(had..).unwrap_or_default());
        Some(self.told(event))
    }

    /// Lets frames go that wait for others: there will be no later time for them.
    pub fn flush(&self) {
        self.subscriber.flush();
    }

    /// Where it stands, if all that is to come to it is frame after frame; see [`Subscriber::position`].
    pub fn position(&self) -> Option<Position> {
        self.subscriber.position()
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

    fn count(&mut self, entries: &[Arc<Entry>]) {
        self.frames += entries.len() as u64;
        self.bytes += entries.iter().map(|e| e.frame.body.len() as u64).sum::<u64>();
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let reason = self.session.reason();
        self.session.ends_by(reason);
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
