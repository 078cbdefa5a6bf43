//! Frames that a filter holds back, and the order of times behind it.

use std::collections::VecDeque;

use media::Frame;

use crate::output::Order;

/// Frames held by one filter of one stream, oldest first. They outlive an instance that fails.
#[derive(Debug, Default)]
pub(super) struct Held(
    /// None as long as it never held any.
    Option<Box<Row>>,
);

#[derive(Debug, Default)]
struct Row {
    frames: VecDeque<Frame>,
    bytes: usize,
}

impl Held {
    pub(super) fn push(&mut self, frame: Frame) {
        let row = self.0.get_or_insert_default();
        row.bytes += frame.body.len();
        row.frames.push_back(frame);
    }

    pub(super) fn pop(&mut self) -> Option<Frame> {
        let row = self.0.as_mut()?;
        let frame = row.frames.pop_front()?;
        row.bytes -= frame.body.len();
        Some(frame)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|row| row.frames.is_empty())
    }

    /// Whether there are more than may be.
    pub(super) fn is_over(&self, frames: usize, bytes: usize) -> bool {
        self.0.as_ref().is_some_and(|row| row.frames.len() > frames || row.bytes > bytes)
    }

    pub(super) fn clear(&mut self) {
        self.0 = None;
    }
}

/// What has left a filter, per track: times do not go back behind it.
///
/// Frames that merely pass keep their times, unless the filter itself made the track's time run ahead of them.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    /// Highest times that the filter itself caused, if it did.
    raised: Option<Box<Order>>,
}

impl Outgoing {
    /// Whether no frame needs its time looked at.
    pub(super) fn is_quiet(&self) -> bool {
        self.raised.is_none()
    }

    /// A frame whose time the filter chose: emitted, retimed, or released late. It is raised to what went before it.
    pub(super) fn chosen(&mut self, frame: Frame, last: &mut Order) -> Frame {
        let floor = last.last(frame.kind, frame.track);
        let frame = raise(frame, floor);
        last.note(frame.kind, frame.track, frame.dts_us);
        self.raised.get_or_insert_default().note(frame.kind, frame.track, frame.dts_us);
        frame
    }

    /// A frame that passes.
    #[inline]
    pub(super) fn passing(&mut self, frame: Frame, last: &mut Order) -> Frame {
        let frame = match &self.raised {
            Some(raised) => {
                let floor = raised.last(frame.kind, frame.track);
                raise(frame, floor)
            }
            None => frame,
        };
        last.note(frame.kind, frame.track, frame.dts_us);
        frame
    }
}

fn raise(frame: Frame, floor: i64) -> Frame {
    if frame.dts_us >= floor {
        return frame;
    }
    let pts = frame.pts_us().max(floor);
    frame.retimed(floor, pts)
}
