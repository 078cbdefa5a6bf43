//! The writing end of a stream.

use std::future::Future;
use std::sync::Arc;

use media::Frame;
use tokio::time::Instant;

use crate::stream::Stream;
use crate::streams::Streams;
use crate::{Entry, Flush, StreamKey};

/// The only publisher of a stream. Dropping it ends the stream, [`lose`](Publisher::lose) leaves it to the next one; both free
/// the name at once.
#[derive(Debug)]
pub struct Publisher {
    streams: Streams,
    stream: Arc<Stream>,
    session: u64,
    previous: Option<Previous>,
    flush: Flush,
    /// Until when the frames that wait may wait for others.
    flush_at: Option<Instant>,
    frames: u64,
    bytes: u64,
}

/// What an earlier publisher of the same name left to subscribers that are still there.
#[derive(Clone, Copy, Debug)]
pub struct Previous {
    /// The highest decoding time that they were sent, in microseconds.
    pub dts_us: i64,
    /// When it ended.
    pub ended: Instant,
    /// By whom it was made [beside](Streams::publish_beside) another stream, if it was.
    pub beside: Option<u64>,
}

/// A stream whose publisher is gone and may come back: subscribers are told nothing until this is dropped, and nothing at all
/// if another publisher comes before.
#[derive(Debug)]
pub struct Interrupted {
    streams: Streams,
    stream: Arc<Stream>,
    session: u64,
}

impl Drop for Interrupted {
    fn drop(&mut self) {
        self.streams.give_up(&self.stream, self.session);
    }
}

/// Another publisher has taken the name over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("another publisher has taken the stream over")]
pub struct Replaced;

impl Publisher {
    pub(crate) fn new(streams: Streams, stream: Arc<Stream>, session: u64, previous: Option<Previous>) -> Publisher {
        Publisher { streams, stream, session, previous, flush: Flush::Immediate, flush_at: None, frames: 0, bytes: 0 }
    }

    /// Sets when frames leave; at once if this is never called. Who sets anything else than [`Flush::Immediate`] has to call
    /// [`flush`](Publisher::flush) at [`flush_at`](Publisher::flush_at).
    pub fn set_flush(&mut self, flush: Flush) {
        self.flush = flush;
    }

    /// The stream's name.
    pub fn key(&self) -> &StreamKey {
        &self.stream.key
    }

    /// What subscribers of this name got from the publisher before this one; none if nobody stayed.
    pub fn previous(&self) -> Option<Previous> {
        self.previous
    }

    /// Hands a frame to the stream; never waits.
    pub fn push(&mut self, frame: Frame) -> Result<(), Replaced> {
        self.push_all(std::iter::once(frame))
    }

    /// Hands frames to the stream in one turn: subscribers are woken once, now or when the frames may wait no longer. Never
    /// blocks.
    pub fn push_all(&mut self, frames: impl IntoIterator<Item = Frame>) -> Result<(), Replaced> {
        let now = Instant::now();
        let mut frames = frames.into_iter().peekable();
        if frames.peek().is_none() {
            return if self.is_replaced() { Err(Replaced) } else { Ok(()) };
        }
        {
            let mut state = self.stream.write();
            if state.ring.session() != self.session {
                return Err(Replaced);
            }
            // With nobody to wait for it, waiting would cost a timer and save nothing.
            let flush = if state.subscribers == 0 { Flush::Immediate } else { self.flush };
            let video = state.ring.has_video(now);
            let mut due = self.flush_at;
            for frame in frames {
                let at = now + flush.patience(&frame, video);
                due = Some(due.map_or(at, |due| due.min(at)));
                let bytes = frame.body.len() as u64;
                state.ring.push(Arc::new(Entry::at(frame, now, self.bytes)));
                self.frames += 1;
                self.bytes += bytes;
            }
            if due.is_some_and(|due| due > now) && !state.ring.holds_much() {
                self.flush_at = due;
                return Ok(());
            }
            state.ring.release();
            self.flush_at = None;
        }
        self.stream.turn();
        Ok(())
    }

    /// When [`flush`](Publisher::flush) is to be called; none: no frame waits.
    pub fn flush_at(&self) -> Option<Instant> {
        self.flush_at
    }

    /// Lets the frames go that wait for others.
    pub fn flush(&mut self) {
        if self.flush_at.take().is_some() {
            {
                let mut state = self.stream.write();
                if state.ring.session() != self.session {
                    return;
                }
                state.ring.release();
            }
            self.stream.turn();
        }
    }

    /// Whether another publisher has taken the name over.
    pub fn is_replaced(&self) -> bool {
        self.stream.read().ring.session() != self.session
    }

    /// Returns when another publisher takes the name over. The future stands on its own.
    pub fn replaced(&self) -> impl Future<Output = ()> + Send + use<> {
        let (stream, session) = (Arc::clone(&self.stream), self.session);
        async move {
            // The sender lives in the stream that this future holds: no error can come.
            if stream.sessions().wait_for(|newest| *newest > session).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// The publisher is gone without a word. The name is free; subscribers wait until the [`Interrupted`] is dropped, and go on
    /// with the next publisher that comes before, as if it were the same.
    pub fn lose(self) -> Interrupted {
        self.streams.interrupt(&self.stream, self.session);
        // Its own drop finds the stream interrupted, and leaves it so.
        Interrupted { streams: self.streams.clone(), stream: Arc::clone(&self.stream), session: self.session }
    }

    /// Subscribers now.
    pub fn subscribers(&self) -> usize {
        self.stream.read().subscribers
    }

    /// Frames pushed so far.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Bytes of frame bodies pushed so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.streams.unpublish(&self.stream, self.session);
    }
}
