//! The reading end of a stream.

use std::sync::Arc;

use tokio::sync::watch;

use crate::cursor::Cursor;
use crate::stream::Stream;
use crate::streams::Streams;
use crate::{Entry, Follower, Position, Start, StreamKey};

/// Bytes of bodies after which a batch ends: what a subscriber that stops in mid-batch can keep alive. Wide enough for
/// the headers and the GOP of a usual stream.
pub(crate) const BATCH_BYTES: u32 = 1 << 20;

/// What a subscriber is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// The batch holds frames.
    Frames,
    /// A publisher came to a subscriber that was waiting.
    Started,
    /// The publisher is gone, after its last frame. The subscriber may stay and wait for the next one.
    Ended,
    /// The subscriber is too slow, and slow ones are to end: see [`Slow`](crate::limits::Slow). It gets nothing more.
    TooSlow,
}

/// A reader of one stream. Dropping it ends it.
///
/// A subscriber of a live stream starts at the newest key frame, behind the headers as they were there. One that was
/// there before the publisher gets its every frame. One that falls out of the ring jumps to the newest key frame and gets
/// the headers that changed in between. One whose publisher was lost and came back goes on with its frames, video from the
/// first key frame on. No frame comes twice, none out of order.
#[derive(Debug)]
pub struct Subscriber {
    streams: Streams,
    stream: Arc<Stream>,
    turns: watch::Receiver<()>,
    cursor: Cursor,
    /// The number behind the session whose end this subscriber has taken note of; 0: none. Thousands have one: an `Option` is larger.
    told: u64,
}

impl Subscriber {
    pub(crate) fn new(streams: Streams, stream: Arc<Stream>, start: Start) -> Subscriber {
        let turns = stream.turns();
        let (cursor, told) = {
            let mut state = stream.write();
            state.subscribers += 1;
            let cursor = Cursor::new(&state.ring, start, BATCH_BYTES);
            let told = (!state.ring.is_live()).then(|| cursor.session());
            state.told += usize::from(told.is_some());
            (cursor, told)
        };
        let told = told.map_or(0, |session| session + 1);
        Subscriber { streams, stream, turns, cursor, told }
    }

    /// The stream's name.
    pub fn key(&self) -> &StreamKey {
        &self.stream.key
    }

    /// Whether there is a publisher now.
    pub fn is_live(&self) -> bool {
        self.stream.read().ring.is_live()
    }

    /// Waits for what comes next and appends frames to `batch`. May be cancelled and called again: nothing is lost.
    ///
    /// A batch holds about 1 MiB of bodies at most; the next call goes on behind it at once.
    pub async fn next(&mut self, batch: &mut Vec<Arc<Entry>>) -> Event {
        loop {
            self.turns.borrow_and_update();
            if let Some(event) = self.try_next(batch) {
                return event;
            }
            // The sender lives in the stream that this subscriber holds: no error can come.
            if self.turns.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// As [`next`](Subscriber::next), without waiting.
    pub fn try_next(&mut self, batch: &mut Vec<Arc<Entry>>) -> Option<Event> {
        let event = self.cursor.advance(&self.stream.read().ring, batch);
        if event == Some(Event::Ended) {
            self.tell();
        }
        event
    }

    /// Lets frames go that wait for others: there will be no later time for them.
    pub fn flush(&self) {
        self.stream.write().ring.release();
    }

    /// Where it stands, if it reads the stream frame by frame: not before it has started, nor when it has fallen behind.
    pub fn position(&self) -> Option<Position> {
        self.cursor.position()
    }

    /// Everything before `position`, which a [`Follower`] gave, was delivered for it.
    pub fn move_to(&mut self, position: Position) {
        self.cursor.move_to(position);
    }

    /// Whether more has come than what is before `position`.
    pub fn has_news(&self, position: Position) -> bool {
        let state = self.stream.read();
        let ring = &state.ring;
        ring.is_over() || ring.session() != position.session || position.at < ring.released()
    }

    /// Reads the stream for this subscriber and others that stand at the same place.
    pub fn follower(&self) -> Follower {
        Follower::new(Arc::clone(&self.stream))
    }

    /// A number that no other stream of this process has or will have, also not one that takes this one's name later.
    pub fn stream_id(&self) -> u64 {
        self.stream.id
    }

    /// Frames that were skipped by jumps.
    pub fn skipped(&self) -> u64 {
        self.cursor.skipped
    }

    /// How often it fell out of the ring and jumped.
    pub fn jumps(&self) -> u64 {
        u64::from(self.cursor.jumps)
    }

    fn tell(&mut self) {
        let session = self.cursor.session();
        let mut state = self.stream.write();
        if state.ring.session() == session && state.ring.is_over() {
            self.told = session + 1;
            state.told += 1;
            state.release();
        }
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.streams.unsubscribe(&self.stream, self.told.checked_sub(1));
    }
}
