//! One dialled connection's driver: bytes and time into the protocol, its events to who asks, frames to the socket.

mod farewell;
mod input;
mod output;
mod timer;

use std::future::poll_fn;
use std::io::ErrorKind;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use rtmp_proto::client::Event;
use rtmp_proto::client::answer::Info;
use rtmp_proto::{ClientConfig, ClientConnection};
use tokio::time::{Instant, Sleep};

use super::link::Duplex;
use super::{DialSettings, End, Progress};
use crate::outbox::Outbox;

/// Bytes of one read.
const READ_BYTES: usize = 32 * 1024;
/// Reads before other tasks, and the deadlines of whoever waits here, get their turn: fewer than the runtime allows at a time, for
/// beyond that it would not let timers fire either.
const READS: u32 = 32;
/// Bytes that wait here at which no more frames are taken: what waits elsewhere can still be skipped.
const WINDOW_BYTES: usize = 256 * 1024;

/// Which of the two directions carries the media, and is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Counts {
    Input,
    Output,
}

/// A connection whose link is made. Whatever waits on it may be dropped and begun again: nothing is lost.
pub(super) struct Session<'a> {
    link: Box<dyn Duplex>,
    pub(super) proto: ClientConnection,
    /// Input that the protocol does not take yet.
    kept: Vec<u8>,
    scratch: Box<[u8]>,
    outbox: Outbox,
    settings: &'a DialSettings,
    progress: &'a Progress,
    counts: Counts,
    /// Bytes written that have been counted.
    counted: u64,
    started: Instant,
    /// When the handshake was over.
    shaken: Option<Instant>,
    timer: Pin<Box<Sleep>>,
    armed: Option<Instant>,
    /// Whether the last write would have blocked, since when, and the outbox's progress then.
    stuck: Option<(Instant, u64)>,
    /// Nothing can be written any more, for this reason.
    deaf: Option<ErrorKind>,
    /// Why nothing more comes in.
    over: Option<End>,
    /// The last thing that the server said against us: the reason if it then closes.
    pub(super) complaint: Option<Info>,
    /// Who waits for room: until fewer bytes than these wait, or none if 0.
    wants_room: Option<usize>,
    /// Reads in a row.
    reads: u32,
}

/// What a session waits for.
#[derive(Debug)]
pub(super) enum Happened {
    /// The server did something.
    Event(Event),
    /// There is room for frames again.
    Room,
}

impl<'a> Session<'a> {
    pub(super) fn new(
        link: Box<dyn Duplex>,
        config: ClientConfig,
        settings: &'a DialSettings,
        progress: &'a Progress,
        counts: Counts,
    ) -> Session<'a> {
        let started = Instant::now();
        Session {
            link,
            proto: ClientConnection::new(config, std::time::Duration::ZERO),
            kept: Vec::new(),
            scratch: vec![0; READ_BYTES].into(),
            outbox: Outbox::default(),
            settings,
            progress,
            counts,
            counted: 0,
            started,
            shaken: None,
            timer: Box::pin(tokio::time::sleep_until(started)),
            armed: None,
            stuck: None,
            deaf: None,
            over: None,
            complaint: None,
            wants_room: None,
            reads: 0,
        }
    }

    /// Does what there is to do until something happens.
    ///
    /// # Errors
    /// The connection is over; all that came before has been told.
    pub(super) async fn next(&mut self) -> Result<Happened, End> {
        poll_fn(|cx| self.poll(cx)).await
    }

    /// Whether the RTMP handshake is over.
    pub(super) fn is_shaken(&self) -> bool {
        self.shaken.is_some()
    }

    /// What happened already.
    pub(super) fn next_now(&mut self) -> Option<Event> {
        self.proto.next_event()
    }

    /// Whether frames are taken.
    pub(super) fn has_room(&self) -> bool {
        self.outbox.len() < WINDOW_BYTES && !self.outbox.is_full()
    }

    /// Asks to be told when there is room.
    pub(super) fn await_room(&mut self) {
        self.wants_room = Some(WINDOW_BYTES / 2);
    }

    /// Asks to be told when all is written.
    pub(super) fn await_written(&mut self) {
        self.wants_room = Some(0);
    }

    /// Puts a whole chunked message behind what waits.
    pub(super) fn send(&mut self, message: Bytes) {
        if message.is_empty() || self.deaf.is_some() {
            return;
        }
        self.proto.external_sent(message.len());
        self.progress.add_messages(1);
        self.outbox.push(message);
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Happened, End>> {
        loop {
            self.write(cx);
            if let Some(event) = self.proto.next_event() {
                return Poll::Ready(Ok(Happened::Event(event)));
            }
            if self.wants_room.is_some_and(|below| self.outbox.len() < below || self.is_written()) {
                self.wants_room = None;
                return Poll::Ready(Ok(Happened::Room));
            }
            if self.feed_kept() {
                continue;
            }
            if self.kept.is_empty()
                && let Some(end) = self.over.take()
            {
                return Poll::Ready(Err(end));
            }
            if self.proto.wants_input() && self.read(cx) {
                self.reads += 1;
                if self.reads < READS {
                    continue;
                }
                cx.waker().wake_by_ref();
            }
            self.reads = 0;
            if let Some(kind) = self.deaf {
                // What the server had said before is heard by now.
                return Poll::Ready(Err(self.over.take().unwrap_or(End::Io(kind))));
            }
            match self.poll_timer(cx) {
                Ok(false) => return Poll::Pending,
                Ok(true) => {}
                Err(end) => return Poll::Ready(Err(end)),
            }
        }
    }
}
