//! One connection, server side: bytes and time in, events and bytes out.

mod answer;
mod config;
pub(crate) mod data;
mod dispatch;
pub(crate) mod ignored;
pub(crate) mod output;

pub use config::ServerConfig;

use crate::aggregate;
use crate::chunk::Reader;
use crate::control::{Control, UserControl};
use crate::error::{Cause, Error, Place};
use crate::event::Event;
use crate::handshake::{self, Cipher, Variant};
use crate::id::MessageStreamId;
use crate::message::Message;
use crate::server::{Outcome, Phase, Session};
use crate::window::Window;
use ignored::Throttle;
use output::Output;
use std::collections::VecDeque;
use std::io::IoSlice;
use std::time::Duration;

/// Bytes of C0, C1 and C2, where the chunks begin.
const HANDSHAKE_LEN: u64 = 1 + 2 * handshake::PACKET_LEN as u64;

/// The server's end of one RTMP connection.
///
/// [`feed`](Self::feed) takes as much as can be handled and says how much that was. It takes less than offered while
/// something has to happen first: events wait to be taken, output waits to be sent, a connect or publish request waits for
/// its answer, or the cipher of RTMPE waits to be taken. The driver keeps the rest, does these things and feeds again.
///
/// ```
/// use rtmp_proto::{Event, HandshakeRandom, ServerConfig, ServerConnection};
/// use std::{io::Write, time::Duration};
///
/// /// One turn of a driver: `held` is what was read from the socket and not taken yet.
/// fn turn(
///     connection: &mut ServerConnection,
///     now: Duration,
///     held: &mut Vec<u8>,
///     socket: &mut impl Write,
/// ) -> Result<(), Box<dyn std::error::Error>> {
///     loop {
///         let taken = connection.feed(now, held)?;
///         held.drain(..taken);
///         let mut events = 0;
///         while let Some(event) = connection.next_event() {
///             events += 1;
///             match event {
///                 Event::Connect(request) => connection.accept_connect(request.id),
///                 Event::Publish(request) => connection.accept_publish(request.id, ""),
///                 Event::Play(request) => connection.reject(request.id, "", "nothing to play here"),
///                 _ => true,
///             };
///         }
///         while connection.has_output() {
///             let mut slices = Vec::new();
///             connection.pending_output(&mut slices);
///             let written = socket.write_vectored(&slices)?;
///             connection.sent(written);
///         }
///         if taken == 0 && events == 0 {
///             return Ok(());
///         }
///     }
/// }
///
/// let mut connection = ServerConnection::new(ServerConfig::new(HandshakeRandom([7; 32])), Duration::ZERO);
/// let mut written = Vec::new();
/// turn(&mut connection, Duration::ZERO, &mut [&[3u8][..], &[0; 1536]].concat(), &mut written).unwrap();
/// assert_eq!(written.len(), 1 + 2 * 1536); // S0, S1 and S2
/// ```
#[derive(Debug)]
pub struct ServerConnection {
    config: ServerConfig,
    /// Dropped when it is done, which is soon.
    handshake: Option<Box<handshake::Server>>,
    variant: Option<Variant>,
    reader: Reader,
    session: Session,
    window: Window,
    output: Output,
    events: VecDeque<Event>,
    /// Media bytes in `events`.
    event_bytes: usize,
    /// A whole message that cannot be handled yet.
    stalled: Option<Message>,
    /// An aggregate whose parts are not all out yet.
    aggregate: Option<Box<(MessageStreamId, aggregate::Reader)>>,
    throttle: Throttle,
    /// An error that came up outside `feed`.
    failure: Option<Box<Error>>,
    now: Duration,
    started: Duration,
    last_input: Duration,
    /// When the driver said that it had something of the peer to deal with.
    heard: Duration,
    pinged: Option<Duration>,
}

impl ServerConnection {
    /// A connection that was just accepted, at `now`.
    pub fn new(config: ServerConfig, now: Duration) -> Self {
        let caps_ex = config.announce_enhanced.then_some(config.caps_ex);
        ServerConnection {
            handshake: Some(Box::new(handshake::Server::new(config.random, config.check_c2, config.rtmpe))),
            variant: None,
            reader: Reader::new(config.limits.chunk_streams, config.limits.partial_bytes_before_connect),
            session: Session::new(config.limits.message_streams, caps_ex),
            window: Window::new(config.window_ack_size),
            output: Output::default(),
            events: VecDeque::new(),
            event_bytes: 0,
            stalled: None,
            aggregate: None,
            throttle: Throttle::default(),
            failure: None,
            now,
            started: now,
            last_input: now,
            heard: now,
            pinged: None,
            config,
        }
    }

    /// Takes bytes from the peer; gives how many. See the type for when that is less than offered.
    ///
    /// # Errors
    /// The peer broke the protocol or a limit: close the connection once the events so far are taken and the output is
    /// sent.
    pub fn feed(&mut self, now: Duration, bytes: &[u8]) -> Result<usize, Error> {
        self.now = now;
        if let Some(error) = self.failure.take() {
            return Err(*error);
        }
        if !bytes.is_empty() {
            self.last_input = now;
            self.pinged = None;
        }
        let mut input = bytes;
        let worked = self.work(&mut input);
        let taken = bytes.len().saturating_sub(input.len());
        self.window.receive(taken);
        worked?;
        self.acknowledge();
        Ok(taken)
    }

    /// Whether [`feed`](Self::feed) would take bytes now.
    pub fn wants_input(&self) -> bool {
        self.failure.is_none()
            && self.stalled.is_none()
            && self.aggregate.is_none()
            && !self.is_full()
            && !self.handshake.as_ref().is_some_and(|h| h.has_cipher())
    }

    /// What has been agreed on with a peer that asked for RTMPE, once, when C2 is in and all output so far is sent: all bytes
    /// that come, from the first that [`feed`](Self::feed) did not take, are decrypted with it before they are fed, and all
    /// output from here on is encrypted. Until it is taken, `feed` takes nothing more.
    pub fn take_cipher(&mut self) -> Option<Box<Cipher>> {
        let handshake = self.handshake.as_mut().filter(|_| self.output.is_empty())?;
        handshake.take_cipher()
    }

    /// The next thing the peer did.
    pub fn next_event(&mut self) -> Option<Event> {
        if self.events.is_empty() && self.failure.is_none() && (self.stalled.is_some() || self.aggregate.is_some()) {
            let mut nothing: &[u8] = &[];
            if let Err(error) = self.work(&mut nothing) {
                self.failure = Some(Box::new(error));
            }
        }
        let event = self.events.pop_front()?;
        if let Event::Message(message) = &event {
            self.event_bytes = self.event_bytes.saturating_sub(message.payload.len());
        }
        Some(event)
    }

    /// Appends what is to be written, oldest first. Borrowed: nothing is copied.
    pub fn pending_output<'a>(&'a self, slices: &mut Vec<IoSlice<'a>>) {
        self.output.slices(slices);
    }

    /// `n` bytes of the pending output were written.
    pub fn sent(&mut self, n: usize) {
        self.window.send(n);
        self.output.sent(n);
    }

    /// Whether there is something to write.
    pub fn has_output(&self) -> bool {
        !self.output.is_empty()
    }

    /// Whether so much output waits that no more input is taken.
    pub fn output_full(&self) -> bool {
        self.output.bytes() > self.config.limits.output_bytes
    }

    /// The driver wrote `n` bytes of shared media itself.
    pub fn external_sent(&mut self, n: usize) {
        self.window.send(n);
    }

    /// Whether no message is half written, so that the driver may write whole messages of its own before the pending
    /// output goes on.
    pub fn at_message_boundary(&self) -> bool {
        self.output.at_boundary()
    }

    /// The peer is not silent: what it has sent waits for the driver, which does not read on until it has dealt with that.
    pub fn has_been_heard(&mut self, now: Duration) {
        self.heard = now;
    }

    /// When [`handle_timeout`](Self::handle_timeout) is to be called if nothing else happens.
    pub fn next_timeout(&self) -> Option<Duration> {
        if self.failure.is_some() {
            return Some(self.now);
        }
        let silence = match self.session.phase() {
            Phase::Closing => return None,
            Phase::New => Some(self.started.saturating_add(self.config.handshake_timeout)),
            _ if self.config.idle_timeout.is_zero() => None,
            _ if self.may_be_silent() => Some(self.ping_at()),
            _ => Some(self.ping_at().min(self.idle_at())),
        };
        silence.into_iter().chain(self.acknowledge_at()).min()
    }

    /// Time passed.
    ///
    /// # Errors
    /// The peer was too slow or fell silent, or an error waits: close the connection.
    pub fn handle_timeout(&mut self, now: Duration) -> Result<(), Error> {
        self.now = now;
        if let Some(error) = self.failure.take() {
            return Err(*error);
        }
        self.acknowledge();
        let place = Place { byte: Some(self.window.received()), ..Place::default() };
        match self.session.phase() {
            Phase::Closing => {}
            Phase::New => {
                if now >= self.started.saturating_add(self.config.handshake_timeout) {
                    return Err(Error { cause: Cause::HandshakeTimeout(self.config.handshake_timeout), place });
                }
            }
            _ if self.config.idle_timeout.is_zero() => {}
            _ => {
                if !self.may_be_silent() && now >= self.idle_at() {
                    return Err(Error { cause: Cause::IdleTimeout(self.config.idle_timeout), place });
                }
                if now >= self.ping_at() {
                    self.pinged = Some(now);
                    self.control(Control::User(UserControl::PingRequest(handshake::milliseconds(now))));
                }
            }
        }
        Ok(())
    }

    /// Which handshake the peer used; `None` until it was answered.
    pub fn handshake_variant(&self) -> Option<Variant> {
        self.variant
    }

    /// Whether the connection is to be closed as soon as its output is sent: connect was refused, or the peer said goodbye.
    pub fn is_closing(&self) -> bool {
        self.session.phase() == Phase::Closing
    }

    /// The chunk size of what we send: to encode shared messages with.
    pub fn chunk_size(&self) -> u32 {
        self.output.chunk_size()
    }

    /// Bytes received so far.
    pub fn bytes_received(&self) -> u64 {
        self.window.received()
    }

    /// Bytes sent so far, with what the driver sent itself.
    pub fn bytes_sent(&self) -> u64 {
        self.window.sent()
    }

    /// Bytes sent and not acknowledged; `None` if the peer never acknowledged. Never a reason to stop sending: many
    /// players acknowledge late or not at all.
    pub fn unacknowledged(&self) -> Option<u64> {
        self.window.unacknowledged()
    }

    /// Takes input as far as it can be handled.
    fn work(&mut self, input: &mut &[u8]) -> Result<(), Error> {
        loop {
            if self.session.phase() == Phase::Closing {
                *input = &[];
                self.stalled = None;
                self.aggregate = None;
                return Ok(());
            }
            if let Some(handshake) = &mut self.handshake {
                let mut answer = Vec::new();
                let result = handshake.read(self.now, input, &mut answer);
                self.output.push(answer.into());
                if let Some(variant) = result? {
                    self.variant = Some(variant);
                }
                if !handshake.is_done() {
                    return Ok(());
                }
                self.handshake = None;
                self.reader.start_at(HANDSHAKE_LEN);
            }
            if self.is_full() {
                return Ok(());
            }
            if let Some(message) = self.stalled.take() {
                self.stalled = self.dispatch(message)?;
                if self.stalled.is_some() {
                    return Ok(());
                }
            } else if let Some(mut rest) = self.aggregate.take() {
                let (stream, parts) = &mut *rest;
                if let Some(part) = parts.next() {
                    let stream = *stream;
                    self.aggregate = Some(rest);
                    self.part(stream, part);
                }
            } else {
                self.stalled = self.reader.read(input)?;
                if let Some(error) = self.reader.take_cut_short() {
                    self.ignore(error);
                }
                if self.stalled.is_none() {
                    return Ok(());
                }
            }
        }
    }

    /// Gives back the room that nothing occupies now. For a driver to call when the connection has nothing to do but wait:
    /// what a command takes is more than thousands of silent connections can keep.
    pub fn rest(&mut self) {
        self.events.shrink_to_fit();
        self.output.shrink();
    }

    /// Whether output or events have to go first.
    fn is_full(&self) -> bool {
        self.output_full()
            || self.events.len() >= self.config.limits.events
            || self.event_bytes >= self.config.limits.event_bytes
    }

    fn acknowledge(&mut self) {
        if self.handshake.is_none()
            && let Some(sequence) = self.window.take_due(self.last_input, self.now)
        {
            self.output.acknowledge(sequence);
        }
    }

    fn acknowledge_at(&self) -> Option<Duration> {
        self.window.due(self.last_input).filter(|_| self.handshake.is_none())
    }

    fn may_be_silent(&self) -> bool {
        self.session.may_be_silent() || self.stalled.is_some()
    }

    fn ping_at(&self) -> Duration {
        let heard = self.last_input.max(self.heard);
        let since = self.pinged.unwrap_or(heard).max(heard);
        since.saturating_add(self.config.idle_timeout.checked_div(2).unwrap_or_default())
    }

    fn idle_at(&self) -> Duration {
        self.last_input.max(self.heard).saturating_add(self.config.idle_timeout)
    }

    fn emit(&mut self, event: Event) {
        if let Event::Message(message) = &event {
            self.event_bytes = self.event_bytes.saturating_add(message.payload.len());
        }
        self.events.push_back(event);
    }

    fn ignore(&mut self, reason: Error) {
        if let Some(suppressed) = self.throttle.admit(self.now) {
            self.emit(Event::Ignored { reason, suppressed });
        }
    }

    /// Queues what a transition made.
    fn settle(&mut self, outcome: Outcome, place: Place) {
        for reply in outcome.replies {
            self.output.message(&reply.encode());
        }
        for event in outcome.events {
            self.emit(event);
        }
        if let Some(cause) = outcome.ignored {
            self.ignore(Error { cause, place });
        }
    }

    fn control(&mut self, control: Control) {
        self.output.message(&crate::reply::Reply::Control(control).encode());
    }
}
