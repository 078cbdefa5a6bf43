//! What the host has of one stream for a guest: the frame in hand, what the guest sent, what it may still send, who looks on.
//!
//! It belongs to the stream and lies in the guest's store only while a call of that stream runs. An instance may serve many streams,
//! and in no call there is anything of another one to be found.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::counters::Hook;
use crate::frame::Hand;
use crate::host::Guest;
use crate::output::Output;
use crate::session::StreamKey;
use crate::tape::{Args, Outcome, Tape};
use crate::wasi::Lines;

/// See the module.
pub(crate) struct Desk {
    /// Never used twice; 0 is nobody's.
    pub(crate) id: u64,
    /// The stream, for log lines; empty for session filters.
    pub(crate) stream: Arc<str>,
    /// Whose calls these are, for what is remembered of them: the stream, and the viewer's address where it is for one viewer.
    pub(crate) party: Arc<str>,
    /// The name of that stream; empty for session filters.
    pub(crate) key: Arc<StreamKey>,
    /// The frame in hand and what the guest did to it.
    pub(crate) hand: Hand,
    /// What the guest sent.
    pub(crate) output: Output,
    /// What it printed of a line.
    pub(crate) lines: Lines,
    /// What notes its calls, if anybody wants to know.
    pub(crate) tape: Option<Box<Tape>>,
    /// What the last call used, for the tape.
    pub(crate) used: Used,
}

/// What a call used.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Used {
    pub(crate) copied_bytes: usize,
    pub(crate) host_calls: u32,
    pub(crate) memory_bytes: usize,
}

impl Desk {
    /// Of a stream that has this name in the log.
    pub(crate) fn new(guest: &Guest, stream: Arc<str>) -> Box<Desk> {
        static IDS: AtomicU64 = AtomicU64::new(1);
        Box::new(Desk {
            id: IDS.fetch_add(1, Relaxed),
            party: stream.clone(),
            stream,
            key: Arc::default(),
            hand: Hand::default(),
            output: Output::new(&guest.limits, guest.derive, guest.tracks),
            lines: Lines::default(),
            tape: None,
            used: Used::default(),
        })
    }

    /// A call begins.
    #[inline]
    pub(crate) fn begins(&mut self, hook: Hook, args: impl FnOnce() -> Args) {
        if let Some(tape) = &mut self.tape {
            tape.begin(hook, args());
        }
    }

    /// The call is over.
    #[inline]
    pub(crate) fn ends(&mut self, filter: &Arc<str>, outcome: impl FnOnce() -> Outcome) {
        if let Some(tape) = &mut self.tape {
            tape.finish(outcome(), self.used, filter);
        }
    }
}
