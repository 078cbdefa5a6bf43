//! How a connection ends: last words, the socket, one line in the log.

use std::fmt;
use std::io::ErrorKind;
use std::sync::atomic::Ordering::Relaxed;
use std::task::Context;
use std::time::Duration;

use rtmp_proto::status::Level;
use rtmp_proto::{Error, MessageStreamId};
use tokio::time::Instant;

use super::{Connection, Door, Role};
use crate::counters::Counters;

/// How long a peer may take to close its side after ours.
const LINGER: Duration = Duration::from_secs(1);
/// Traffic that the shared counters need not know of yet: connections on several cores would fight for them.
const UNREPORTED_BYTES: u64 = 1 << 20;
/// What is said to everyone when the server goes.
const SHUTTING_DOWN: &str = "The server is shutting down.";
/// The application is gone (the code that servers of the field send for it).
const APP_SHUTDOWN: &str = "NetConnection.Connect.AppShutdown";

/// How far the end is.
#[derive(Debug)]
pub(super) enum Phase {
    Running,
    /// The last words are on their way.
    Flushing(End),
    /// Our side is closed; the peer's is open until it closes it, or until then.
    Lingering(End, Duration),
    Over(End),
}

/// Why a connection ended.
#[derive(Debug)]
pub(super) enum End {
    /// The peer closed it.
    Closed,
    /// The peer said so, or was not let in.
    Goodbye,
    /// A publish or play was refused, and the connection with it.
    Refused,
    /// What it was allowed is over.
    Kicked,
    /// The server is shutting down.
    Drained,
    /// The network.
    Failed(ErrorKind),
    /// The peer broke the protocol or a limit, or fell silent.
    Broken(Box<Error>),
    /// The peer speaks another protocol.
    Foreign(&'static str),
    /// The peer does not read.
    Stuck { waiting: usize },
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Closed => f.write_str("the peer closed it"),
            End::Goodbye => f.write_str("the peer left or was not let in"),
            End::Refused => f.write_str("refused"),
            End::Kicked => f.write_str("ended by the server"),
            End::Drained => f.write_str("the server shuts down"),
            End::Failed(kind) => write!(f, "{kind}"),
            End::Broken(error) => write!(f, "{error}"),
            End::Foreign(what) => write!(f, "not RTMP but {what}"),
            End::Stuck { waiting } => write!(f, "the peer does not read ({waiting} bytes wait for it)"),
        }
    }
}

impl End {
    /// Whether the peer is to blame.
    fn is_misbehaviour(&self) -> bool {
        matches!(self, End::Broken(_) | End::Foreign(_) | End::Stuck { .. })
    }
}

impl Connection {
    /// Ends the streams, sends what is to be said and closes. The first reason counts.
    pub(super) fn close(&mut self, end: End) {
        if matches!(self.phase, Phase::Running) {
            let span = self.span.clone();
            let _in = span.enter();
            // Who broke the rules or fell silent may come back; who left, or was sent away, does not.
            if !end.is_misbehaviour() {
                self.end_publications(|_| true);
            }
            self.phase = Phase::Flushing(end);
            self.streams.clear();
            self.door = Door::Shut;
            self.kept = Vec::new();
        }
    }

    /// Nothing can be said any more. The first reason counts.
    pub(super) fn over(&mut self, end: End) {
        self.phase = match std::mem::replace(&mut self.phase, Phase::Running) {
            Phase::Running => Phase::Over(end),
            Phase::Flushing(first) | Phase::Lingering(first, _) | Phase::Over(first) => Phase::Over(first),
        };
    }

    /// Everything is with the kernel: closes our side if that was what we waited for.
    pub(super) fn flushed(&mut self, cx: &mut Context<'_>) {
        if !matches!(self.phase, Phase::Flushing(_)) {
            return;
        }
        let shut = self.link.poll_shutdown(cx);
        if shut.is_pending() {
            // TLS has a last word of its own, and the socket does not take it.
            self.stuck = Some((self.now, self.outbox.progress()));
        }
        self.phase = match std::mem::replace(&mut self.phase, Phase::Running) {
            Phase::Flushing(end) if shut.is_ready() => Phase::Lingering(end, self.now.saturating_add(LINGER)),
            other => other,
        };
    }

    /// The server is going, at the latest at `by`: who understands it is asked to leave, everyone else is told and closed.
    pub(super) fn drain_by(&mut self, by: Instant) {
        self.leave_by = Some(by.saturating_duration_since(self.started));
        let busy = self.streams.iter().any(|s| matches!(s.role, Role::Publishes(..) | Role::Plays(..)));
        if !(busy && self.proto.request_reconnect(None, SHUTTING_DOWN)) {
            self.end_streams();
        }
    }

    /// A clean end for every stream, and then for the connection, as soon as players have the last that there is for them.
    pub(super) fn end_streams(&mut self) {
        self.leave_by = None;
        self.ending = true;
    }

    /// Whether the streams have been ended now.
    pub(super) fn poll_end(&mut self, cx: &mut Context<'_>) -> bool {
        if !self.ending || !matches!(self.phase, Phase::Running) {
            return false;
        }
        let mut waits = false;
        for stream in &mut self.streams {
            if let Role::Plays(player, _) = &mut stream.role {
                waits |= player.poll_the_last(cx.waker()).is_pending();
            }
        }
        if !waits {
            self.have_ended();
        }
        !waits
    }

    fn have_ended(&mut self) {
        for stream in std::mem::take(&mut self.streams) {
            match stream.role {
                Role::AsksToPublish(request, _) | Role::AsksToPlay(request, _) => {
                    self.proto.reject(request, "", SHUTTING_DOWN);
                }
                Role::Publishes(publication, _) => {
                    publication.end();
                    self.say(stream.id, rtmp_proto::status::UNPUBLISH_SUCCESS, SHUTTING_DOWN);
                    self.proto.end_stream(stream.id);
                }
                Role::Plays(mut player, _) => {
                    while let Some(message) = player.next_message(self.proto.chunk_size()) {
                        self.proto.external_sent(message.len());
                        self.traffic.messages_out += 1;
                        self.outbox.push(message);
                    }
                    self.say_unpublished(stream.id);
                    self.proto.end_stream(stream.id);
                }
            }
        }
        match &self.door {
            Door::Shut => {}
            Door::Asked(request, _) => {
                self.proto.reject(*request, "", SHUTTING_DOWN);
            }
            Door::Open(..) => {
                self.proto.send_status(MessageStreamId(0), Level::Error, APP_SHUTDOWN, SHUTTING_DOWN);
            }
        }
        self.close(End::Drained);
    }

    /// Brings the shared counters up to date if they are far behind; the timer does it in any case.
    pub(super) fn report_much(&mut self) {
        let [bytes_in, bytes_out, ..] = self.traffic.reported;
        let behind = self.traffic.bytes_in.wrapping_sub(bytes_in) + self.outbox.written().wrapping_sub(bytes_out);
        if behind > UNREPORTED_BYTES {
            self.report();
        }
    }

    /// Brings the shared counters up to date.
    pub(super) fn report(&mut self) {
        let counters = &self.shared.counters;
        let totals =
            [self.traffic.bytes_in, self.outbox.written(), self.traffic.messages_in, self.traffic.messages_out];
        let shared = [&counters.bytes_in, &counters.bytes_out, &counters.messages_in, &counters.messages_out];
        for ((total, reported), shared) in totals.iter().zip(&mut self.traffic.reported).zip(shared) {
            Counters::add(shared, total.saturating_sub(*reported));
            *reported = *total;
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.get_off();
        self.report();
        let span = self.span.clone();
        let _in = span.enter();
        self.streams.clear();
        let cut = End::Drained;
        let (end, how) = match &self.phase {
            Phase::Over(end) => (end, "closed"),
            Phase::Flushing(end) | Phase::Lingering(end, _) => (end, "cut"),
            Phase::Running => (&cut, "cut"),
        };
        let ms = self.started.elapsed().as_millis();
        let (bytes_in, bytes_out) = (self.traffic.bytes_in, self.outbox.written());
        let (messages_in, messages_out) = (self.traffic.messages_in, self.traffic.messages_out);
        if end.is_misbehaviour() {
            self.shared.counters.misbehaved.fetch_add(1, Relaxed);
            if let End::Stuck { .. } = end {
                self.shared.counters.closed_stuck.fetch_add(1, Relaxed);
            }
            if let Some(held_back) = self.shared.warnings.pass(std::time::Instant::now()) {
                tracing::warn!(why = %end, ms, bytes_in, bytes_out, messages_in, messages_out, held_back, "{how}");
                return;
            }
        }
        if self.introduced {
            tracing::info!(why = %end, ms, bytes_in, bytes_out, messages_in, messages_out, "{how}");
        } else {
            tracing::debug!(why = %end, ms, bytes_in, bytes_out, "{how}");
        }
    }
}
