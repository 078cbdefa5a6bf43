//! Reading for many at once.

use std::sync::Arc;

use tokio::sync::watch;

use crate::Entry;
use crate::stream::Stream;
use crate::subscriber::BATCH_BYTES;

/// A place in a stream: the next frame to deliver, of one publisher.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    pub(crate) session: u64,
    pub(crate) at: u64,
}

/// Reads a stream for subscribers that only go on from where they are, so that those at one place share one look. It is
/// no subscriber itself: what is not plain going on, each of them learns from its own [`Subscriber`](crate::Subscriber).
#[derive(Debug)]
pub struct Follower {
    stream: Arc<Stream>,
    turns: watch::Receiver<()>,
}

impl Follower {
    pub(crate) fn new(stream: Arc<Stream>) -> Follower {
        let turns = stream.turns();
        Follower { stream, turns }
    }

    /// Waits until there may be something new since the last call. May be cancelled and called again.
    pub async fn turned(&mut self) {
        // The sender lives in the stream that this holds: no error can come.
        if self.turns.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Appends the frames from `from` on to `batch`, about 1 MiB of bodies at most, and gives the place behind them: `from`
    /// itself if there is nothing new. `None` if it does not simply go on from there: the publisher is gone, or another
    /// one came, or the frames there are gone.
    pub fn read(&self, from: Position, batch: &mut Vec<Arc<Entry>>) -> Option<Position> {
        let state = self.stream.read();
        let ring = &state.ring;
        if ring.is_over() || ring.session() != from.session || from.at < ring.first() {
            return None;
        }
        let copied = ring.copy(from.at, BATCH_BYTES as usize, batch);
        Some(Position { at: from.at + copied, ..from })
    }
}
