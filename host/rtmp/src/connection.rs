//! One connection's driver: bytes and time into the protocol, its events to the router, frames and replies to the socket.
//!
//! It is one future, polled by hand, for three reasons: any number of publications and plays share one socket without a
//! task or a channel each; what rarely happens (admissions, kicks, timers, the drain) is polled only when it woke us; and
//! the fixed order input → events → output → timeout is plain to see.

mod admission;
mod close;
mod events;
mod input;
mod output;
mod ride;
mod signal;
mod timeout;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use router::{Kick, Publication, Refusal, Router, Subscription};
use rtmp_proto::{HandshakeRandom, MessageStreamId, RequestId, ServerConfig, ServerConnection};
use tokio::time::{Instant, Sleep};
use tracing::Span;

use self::close::{End, Phase};
use self::signal::Signal;
use crate::ConnectionSettings;
use crate::address::Peer;
use crate::counters::Open;
use crate::egress::Player;
use crate::link::Link;
use crate::listener::Shared;
use crate::outbox::Outbox;

/// Rounds of input, events and output before other tasks get their turn (limits, rule 7).
const ROUNDS: usize = 4;
/// And so is time: filters may take some milliseconds for each of a hundred messages that have come together.
const TURN: Duration = Duration::from_millis(2);

type Future<T> = Pin<Box<dyn std::future::Future<Output = T> + Send>>;

/// All that a connection starts from.
pub(crate) struct Origin {
    pub(crate) id: u64,
    pub(crate) peer: Peer,
    pub(crate) accepted: Instant,
    pub(crate) settings: Arc<ConnectionSettings>,
    pub(crate) router: Router,
    pub(crate) shared: Arc<Shared>,
    pub(crate) open: Open,
    /// From the system's random source.
    pub(crate) random: [u8; 32],
}

/// A connection from accept to close. Completes when all is over; dropping it cuts the connection.
pub(crate) struct Connection {
    id: u64,
    peer: Peer,
    span: Span,
    link: Link,
    settings: Arc<ConnectionSettings>,
    router: Router,
    shared: Arc<Shared>,
    proto: ServerConnection,
    /// Input that the protocol does not take yet.
    kept: Vec<u8>,
    /// Whether the peer has sent a connect command: who has not is worth a line to a developer only.
    introduced: bool,
    /// Whether the socket will wake us when there is input.
    reading: bool,
    outbox: Outbox,
    /// Bytes received when replies began to be held.
    held_since: Option<u64>,
    door: Door,
    streams: Vec<Stream>,
    /// The player whose turn it is.
    turn: usize,
    /// Filters have taken their time in this turn: the rest has to wait for the next.
    tired: bool,
    /// Filters take so much time that it is done elsewhere: the rest has to wait for that.
    behind: bool,
    phase: Phase,
    /// The peer sends nothing more: it is over when the last that came is dealt with.
    leaving: Option<Box<End>>,
    /// Whether a player rides: nothing is written meanwhile but by the walk over its stream's players.
    riding: bool,
    /// Whether the last write would have blocked, since when, and the outbox's progress then.
    stuck: Option<(Duration, u64)>,
    started: Instant,
    now: Duration,
    timer: Pin<Box<Sleep>>,
    /// What the timer is set to.
    armed: Option<Duration>,
    drain: Future<Instant>,
    /// Peers that were asked to reconnect may stay so long.
    leave_by: Option<Duration>,
    /// The streams are to end, and the connection with them.
    ending: bool,
    /// Wakes us for everything that happens rarely.
    signal: Arc<Signal>,
    traffic: Traffic,
    /// Dropped last.
    _open: Open,
}

/// Whether the connect command was let in.
enum Door {
    Shut,
    Asked(RequestId, Future<Result<router::Connection, Refusal>>),
    /// The second only where something may end it.
    Open(router::Connection, Option<Future<Kick>>),
}

/// What one NetStream does.
struct Stream {
    id: MessageStreamId,
    role: Role,
}

enum Role {
    AsksToPublish(RequestId, Future<Result<Box<Publication>, Refusal>>),
    AsksToPlay(RequestId, Future<Result<Box<Subscription>, Refusal>>),
    Publishes(Box<Publication>, Future<Kick>),
    /// The second only where something may end it.
    Plays(Box<Player>, Option<Future<Kick>>),
}

/// What has gone over the connection, and how much of it the shared counters know.
#[derive(Default)]
struct Traffic {
    bytes_in: u64,
    messages_in: u64,
    messages_out: u64,
    reported: [u64; 4],
}

impl Traffic {
    /// Counts what the shared counters know already.
    fn rode(&mut self, bytes: u64, messages: u64) {
        self.messages_out += messages;
        let [_, bytes_out, _, messages_out] = &mut self.reported;
        *bytes_out += bytes;
        *messages_out += messages;
    }
}

impl Connection {
    pub(crate) fn new(origin: Origin, link: Link) -> Connection {
        let Origin { id, peer, accepted: started, settings, router, shared, open, random } = origin;
        let mut config = ServerConfig::new(HandshakeRandom(random));
        config.chunk_size = settings.chunk_size;
        config.check_c2 = settings.check_c2;
        // Inside TLS it would hide nothing from anyone.
        config.rtmpe = settings.rtmpe && matches!(link, Link::Plain { .. });
        config.handshake_timeout = settings.handshake_timeout;
        config.idle_timeout = settings.idle_timeout;
        let drain = {
            let shared = Arc::clone(&shared);
            async move { shared.drain.begun().await }
        };
        Connection {
            id,
            peer,
            span: tracing::info_span!("conn", id, %peer),
            link,
            settings,
            router,
            shared,
            proto: ServerConnection::new(config, Duration::ZERO),
            kept: Vec::new(),
            introduced: false,
            reading: false,
            outbox: Outbox::default(),
            held_since: None,
            door: Door::Shut,
            streams: Vec::new(),
            turn: 0,
            tired: false,
            behind: false,
            phase: Phase::Running,
            leaving: None,
            riding: false,
            stuck: None,
            started,
            now: Duration::ZERO,
            timer: Box::pin(tokio::time::sleep_until(started)),
            armed: Some(Duration::ZERO),
            drain: Box::pin(drain),
            leave_by: None,
            ending: false,
            signal: Arc::new(Signal::new()),
            traffic: Traffic::default(),
            _open: open,
        }
    }

    /// One round; whether there is reason for another one at once.
    fn round(&mut self, cx: &mut Context<'_>) -> bool {
        let mut again = self.read(cx);
        again |= self.take_events(cx);
        again |= self.leave(cx);
        again |= self.poll_rare(cx);
        again |= self.poll_end(cx);
        // What came before its goodbye counts.
        if self.proto.is_closing() && !self.behind && !self.tired {
            self.close(End::Goodbye);
        }
        again |= self.write(cx);
        again |= self.start_cipher();
        self.report_much();
        // Input that had to wait for what this round did.
        let reads = matches!(self.phase, Phase::Running) && self.leaving.is_none();
        again | (reads && !self.reading && self.proto.wants_input())
    }
}

impl std::future::Future for Connection {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        this.now = this.started.elapsed();
        this.tired = false;
        this.get_off();
        for _ in 0..ROUNDS {
            let again = this.round(cx);
            if matches!(this.phase, Phase::Over(_)) {
                return Poll::Ready(());
            }
            if this.tired {
                break;
            }
            if !again {
                this.arm();
                // A timer that was set to another time is not registered until it is polled.
                if !this.poll_rare(cx) && this.board(cx) {
                    return Poll::Pending;
                }
            }
        }
        match this.tired {
            // Behind everybody else, and behind what has come for them: woken at once it would be first to hear of that.
            true => _ = std::pin::pin!(tokio::task::yield_now()).poll(cx),
            false => cx.waker().wake_by_ref(),
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every player and every idle peer costs one: what is large and seldom there belongs in a box that goes when it is over,
    /// and what all share behind an `Arc`.
    #[test]
    fn a_connection_stays_small() {
        let bytes = size_of::<Connection>();
        assert!(bytes <= 1280, "{bytes}");
        let bytes = size_of::<Player>() + size_of::<Subscription>();
        assert!(bytes <= 384, "{bytes}");
    }
}
