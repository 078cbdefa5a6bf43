//! The filters of one stream, and the frames between them.

use std::sync::Arc;

use media::Frame;

use crate::Filter;
use crate::session::{Attributes, ConnectionInfo, EndReason, StreamKey};

/// The stream that filters are opened for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamInfo {
    /// Never used twice in the life of a router.
    pub id: u64,
    /// The public name, after any rename.
    pub key: StreamKey,
    /// Who publishes it.
    pub publisher: ConnectionInfo,
    /// What the session filters left with their `allow`.
    pub tags: Attributes,
}

/// A filter whose `on_failure` is `end-stream` failed: the publication is over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("filter `{filter}` failed: {why}")]
pub struct Ended {
    /// Which filter.
    pub filter: String,
    /// What happened, for the log.
    pub why: String,
}

/// The filters of one stream in order. Runs on the publisher's task; one call at a time, frames in the order they came.
#[derive(Debug)]
pub struct MediaChain {
    filters: Vec<Arc<Filter>>,
}

impl MediaChain {
    /// Opens an instance of each filter for this stream. A filter that cannot be opened is treated by its `on_failure`.
    pub fn open(filters: &[Arc<Filter>], info: StreamInfo) -> MediaChain {
        let _ = info;
        MediaChain { filters: filters.to_vec() }
    }

    /// Whether there is no filter.
    pub fn is_empty(&self) -> bool {
        self.filters.is_empty()
    }

    /// Sends a frame through all filters; what comes out is appended to `out`, in order.
    ///
    /// # Errors
    /// [`Ended`] if a filter failed whose policy is to end the stream. `out` holds what came out before.
    pub fn push(&mut self, frame: Frame, out: &mut Vec<Frame>) -> Result<(), Ended> {
        out.push(frame);
        Ok(())
    }

    /// When [`MediaChain::tick`] wants to be called next, in microseconds of stream time; none: not at all.
    pub fn next_tick_us(&self) -> Option<i64> {
        None
    }

    /// Tells filters the stream's time, if they asked for it and it is due. Frames do this too, so it is needed only when none come.
    ///
    /// # Errors
    /// As [`MediaChain::push`].
    pub fn tick(&mut self, now_us: i64, out: &mut Vec<Frame>) -> Result<(), Ended> {
        let _ = (now_us, out);
        Ok(())
    }

    /// The stream ends: filters flush, held frames come out, instances go.
    pub fn end(self, reason: EndReason, out: &mut Vec<Frame>) {
        let _ = (reason, out);
    }
}
