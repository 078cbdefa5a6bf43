//! One connection, client side: bytes and time in, events and bytes out.

mod dispatch;
mod verb;

use super::answer::Info;
use super::request::Request;
use super::session::{Outcome, Phase, Session};
use super::{ClientConfig, Event};
use crate::aggregate;
use crate::chunk::Reader;
use crate::connection::ignored::Throttle;
use crate::connection::output::Output;
use crate::control::{Control, UserControl};
use crate::error::{Cause, Error, Place};
use crate::handshake::{self, Cipher, Layout, Variant};
use crate::id::MessageStreamId;
use crate::window::Window;
use std::collections::VecDeque;
use std::io::IoSlice;
use std::time::Duration;

/// Bytes of S0, S1 and S2, where the chunks begin.
const HANDSHAKE_LEN: u64 = 1 + 2 * handshake::PACKET_LEN as u64;

/// The client's end of one RTMP connection.
///
/// [`feed`](Self::feed) takes as much as can be handled and says how much that was: less than offered while events wait
/// to be taken or output waits to be sent. The driver keeps the rest, does these things and feeds again.
#[derive(Debug)]
pub struct ClientConnection {
    config: ClientConfig,
    handshake: Option<Box<handshake::Client>>,
    variant: Option<Variant>,
    reader: Reader,
    session: Session,
    window: Window,
    output: Output,
    events: VecDeque<Event>,
    /// Media bytes in `events`.
    event_bytes: usize,
    /// An aggregate whose parts are not all out yet.
    aggregate: Option<(MessageStreamId, aggregate::Reader)>,
    throttle: Throttle,
    now: Duration,
    started: Duration,
    last_input: Duration,
    pinged: Option<Duration>,
}

impl ClientConnection {
    /// A connection whose link was just made, at `now`: C0 and C1 wait to be sent.
    pub fn new(config: ClientConfig, now: Duration) -> Self {
        let mut output = Output::default();
        let mut hello = Vec::new();
        let handshake = if config.rtmpe {
            handshake::Client::encrypted(config.random, config.digest.unwrap_or(Layout::KeyFirst), now, &mut hello)
        } else {
            handshake::Client::new(config.random, config.digest, now, &mut hello)
        };
        output.push(hello.into());
        ClientConnection {
            handshake: Some(Box::new(handshake)),
            variant: None,
            reader: Reader::new(config.limits.chunk_streams, config.limits.partial_bytes),
            session: Session::new(config.buffer_ms),
            window: Window::new(config.window_ack_size),
            output,
            events: VecDeque::new(),
            event_bytes: 0,
            aggregate: None,
            throttle: Throttle::default(),
            now,
            started: now,
            last_input: now,
            pinged: None,
            config,
        }
    }

    /// Takes bytes from the server; gives how many. See the type for when that is less than offered.
    ///
    /// # Errors
    /// The server broke the protocol or a limit: close the connection once the events so far are taken.
    pub fn feed(&mut self, now: Duration, bytes: &[u8]) -> Result<usize, Error> {
        self.now = now;
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
        self.aggregate.is_none() && !self.is_full() && !self.handshake.as_ref().is_some_and(|h| h.has_cipher())
    }

    /// What has been agreed on with a server of RTMPE, once, when S2 is in and all output so far, C2 with it, is sent: all bytes
    /// that come, from the first that [`feed`](Self::feed) did not take, are decrypted with it before they are fed, and all
    /// output from here on, beginning with connect, is encrypted. Until it is taken, `feed` takes nothing more.
    pub fn take_cipher(&mut self) -> Option<Box<Cipher>> {
        let handshake = self.handshake.as_mut().filter(|_| self.output.is_empty())?;
        let cipher = handshake.take_cipher()?;
        self.begin();
        Some(cipher)
    }

    /// The next thing the server did.
    pub fn next_event(&mut self) -> Option<Event> {
        if self.events.is_empty() && self.aggregate.is_some() {
            self.parts();
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

    /// Whether so much output waits that no more input is taken; a publisher should wait or drop too.
    pub fn output_full(&self) -> bool {
        self.output.bytes() > self.config.limits.output_bytes
    }

    /// Payload bytes per chunk in what we send: for messages that the driver chunks itself, to write them where no pending
    /// output is half written. They are to be reported by [`external_sent`](Self::external_sent).
    pub fn chunk_size(&self) -> u32 {
        self.output.chunk_size()
    }

    /// `n` bytes of whole messages were written that the driver had made itself.
    pub fn external_sent(&mut self, n: usize) {
        self.window.send(n);
    }

    /// When [`handle_timeout`](Self::handle_timeout) is to be called if nothing else happens.
    pub fn next_timeout(&self) -> Option<Duration> {
        let silence = match self.session.phase() {
            Phase::Closing => return None,
            Phase::Connecting => Some(self.started.saturating_add(self.config.connect_timeout)),
            Phase::Connected => {
                let answer = self.session.oldest_wait().map(|at| at.saturating_add(self.config.answer_timeout));
                let idle = (!self.config.idle_timeout.is_zero()).then(|| self.ping_at().min(self.idle_at()));
                answer.into_iter().chain(idle).min()
            }
        };
        silence.into_iter().chain(self.acknowledge_at()).min()
    }

    /// Time passed: a verb without an answer becomes [`Event::Failed`].
    ///
    /// # Errors
    /// connect was not answered in time, or the server fell silent: close the connection.
    pub fn handle_timeout(&mut self, now: Duration) -> Result<(), Error> {
        self.now = now;
        self.acknowledge();
        let place = Place { byte: Some(self.window.received()), ..Place::default() };
        match self.session.phase() {
            Phase::Closing => {}
            Phase::Connecting => {
                if now >= self.started.saturating_add(self.config.connect_timeout) {
                    return Err(Error { cause: Cause::ConnectTimeout(self.config.connect_timeout), place });
                }
            }
            Phase::Connected => {
                if let Some(since) = now.checked_sub(self.config.answer_timeout) {
                    let description = format!("no answer within {:?}", self.config.answer_timeout);
                    let info = Info { level: "error".into(), description, ..Info::default() };
                    let mut outcome = Outcome::default();
                    self.session.expire(since, &info, &mut outcome);
                    self.settle(outcome, place);
                }
                if !self.config.idle_timeout.is_zero() {
                    if now >= self.idle_at() {
                        return Err(Error { cause: Cause::IdleTimeout(self.config.idle_timeout), place });
                    }
                    if now >= self.ping_at() {
                        self.pinged = Some(now);
                        let ping = UserControl::PingRequest(handshake::milliseconds(now));
                        self.request(&Request::Control(Control::User(ping)));
                    }
                }
            }
        }
        Ok(())
    }

    /// Which handshake the server answered with; `None` until it did.
    pub fn handshake_variant(&self) -> Option<Variant> {
        self.variant
    }

    /// Whether connect was accepted.
    pub fn is_connected(&self) -> bool {
        self.session.phase() == Phase::Connected
    }

    /// Whether the connection is to be closed: it was refused, redirected, or the server said goodbye.
    pub fn is_closing(&self) -> bool {
        self.session.phase() == Phase::Closing
    }

    /// Bytes received so far.
    pub fn bytes_received(&self) -> u64 {
        self.window.received()
    }

    /// Bytes sent so far.
    pub fn bytes_sent(&self) -> u64 {
        self.window.sent()
    }

    /// Bytes sent and not acknowledged; `None` if the server never acknowledged.
    pub fn unacknowledged(&self) -> Option<u64> {
        self.window.unacknowledged()
    }

    /// Takes input as far as it can be handled.
    fn work(&mut self, input: &mut &[u8]) -> Result<(), Error> {
        loop {
            if self.session.phase() == Phase::Closing {
                *input = &[];
                self.aggregate = None;
                return Ok(());
            }
            if let Some(handshake) = &mut self.handshake {
                let mut answer = Vec::new();
                let result = handshake.read(input, &mut answer);
                self.output.push(answer.into());
                if let Some(variant) = result? {
                    self.variant = Some(variant);
                }
                if !handshake.is_done() {
                    return Ok(());
                }
                self.begin();
            }
            self.parts();
            if self.is_full() || self.aggregate.is_some() {
                return Ok(());
            }
            let message = self.reader.read(input)?;
            if let Some(error) = self.reader.take_cut_short() {
                self.ignore(error);
            }
            match message {
                Some(message) => self.dispatch(message)?,
                None => return Ok(()),
            }
        }
    }

    /// What follows the handshake.
    fn begin(&mut self) {
        self.handshake = None;
        self.reader.start_at(HANDSHAKE_LEN);
        self.output.set_chunk_size(self.config.chunk_size);
        let connect = Request::connect(&self.config, self.session.connect_transaction());
        self.request(&connect);
    }

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

    fn ping_at(&self) -> Duration {
        let since = self.pinged.unwrap_or(self.last_input).max(self.last_input);
        since.saturating_add(self.config.idle_timeout.checked_div(2).unwrap_or_default())
    }

    fn idle_at(&self) -> Duration {
        self.last_input.saturating_add(self.config.idle_timeout)
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
        for request in &outcome.requests {
            self.request(request);
        }
        for event in outcome.events {
            self.emit(event);
        }
        if let Some(cause) = outcome.ignored {
            self.ignore(Error { cause, place });
        }
    }

    fn request(&mut self, request: &Request) {
        self.output.message(&request.encode());
    }
}
