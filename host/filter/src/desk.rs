//! What the host has of one stream for a guest: what the guest sent, what it may still send, who looks on.
//!
//! It belongs to the stream and lies in the guest's store only while a call of that stream runs. An instance may serve many streams,
//! and in no call there is anything of another one to be found.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::chain::StreamInfo;
use crate::counters::Hook;
use crate::output::Output;
use crate::pace::Gait;
use crate::tape::{Args, Outcome, Tape};
use crate::wasi::Lines;

/// See the module.
pub(crate) struct Desk {
    /// Never used twice; 0 is nobody's.
    pub(crate) id: u64,
    /// The stream; none for session filters.
    pub(crate) info: Option<Arc<StreamInfo>>,
    /// What the guest sent.
    pub(crate) output: Output,
    /// What it printed of a line, if it prints.
    pub(crate) lines: Option<Box<Lines>>,
    /// How long its calls take.
    pub(crate) gait: Gait,
    /// What notes its calls, if anybody wants to know.
    pub(crate) tape: Option<Box<Tape>>,
}

impl Desk {
    /// Of this stream.
    pub(crate) fn new(info: Option<&Arc<StreamInfo>>) -> Box<Desk> {
        static IDS: AtomicU64 = AtomicU64::new(1);
        Box::new(Desk {
            id: IDS.fetch_add(1, Relaxed),
            info: info.cloned(),
            output: Output::new(),
            lines: None,
            gait: Gait::default(),
            tape: None,
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
            tape.finish(outcome(), filter);
        }
    }
}
