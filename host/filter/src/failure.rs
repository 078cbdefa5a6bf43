//! How a call can fail, in words for the log.

use wasmtime::Trap;

use crate::convert;
use crate::counters::{Counters, Hook};
use crate::host::State;
use crate::limits::Overstep;

use std::sync::atomic::Ordering::Relaxed;

/// A call that did not do what it was asked.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) hook: Hook,
    pub(crate) cause: Cause,
    pub(crate) why: String,
    /// The key of the configuration whose bound it ran into, such as `limits.memory`.
    pub(crate) limit: Option<&'static str>,
}

/// See [`Failure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The guest trapped, or the host ended the call for what it did. The instance is not used again.
    Trap,
    /// It ran too long. The instance is not used again.
    Deadline,
    /// The guest itself said that it cannot.
    Fault,
    /// `fault.unsupported`: this stream is nothing for it.
    Unsupported,
    /// `fault.incompatible-state`.
    IncompatibleState,
    /// A call of another stream ended the instance that this one shared with it. Nothing was called.
    Evicted,
    /// It failed too often for other viewers of the stream. Nothing was called.
    LeftOut,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.hook.name(), self.why)
    }
}

impl Failure {
    /// What ended a call from below.
    pub(crate) fn trapped(hook: Hook, error: &wasmtime::Error, state: &State) -> Failure {
        if let Some(Trap::Interrupt) = error.downcast_ref() {
            return Failure {
                hook,
                cause: Cause::Deadline,
                why: format!("{}; {}", state.deadline.why(), one_line(error)),
                limit: Some(hook.time_limit()),
            };
        }
        let why = match error.downcast_ref::<Overstep>() {
            Some(overstep) => format!("{overstep}; {}", one_line(error)),
            None => one_line(error),
        };
        // What a trap that follows comes from.
        let (why, limit) = match state.limiter.refused() {
            Some(refused) => (format!("{refused}; {why}"), Some(refused.key())),
            None => (why, error.downcast_ref().and_then(|overstep: &Overstep| overstep.limit)),
        };
        // What led to a trap stands in the stack of an interpreter as little as in that of a panic's handler.
        let why = match state.complaint() {
            Some(complaint) => format!("{complaint}; {why}"),
            None => why,
        };
        Failure { hook, cause: Cause::Trap, why, limit }
    }

    /// What the guest said itself.
    pub(crate) fn said(hook: Hook, fault: &filter_wit::media::weir::filter::types::Fault) -> Failure {
        use filter_wit::media::weir::filter::types::Fault;
        let cause = match fault {
            Fault::Unsupported(_) => Cause::Unsupported,
            Fault::IncompatibleState => Cause::IncompatibleState,
            Fault::InvalidConfig(_) | Fault::Internal(_) => Cause::Fault,
        };
        Failure { hook, cause, why: convert::fault(fault).chars().take(512).collect(), limit: None }
    }

    /// The instance is gone, and it is another stream's doing.
    #[cold]
    pub(crate) fn evicted(hook: Hook) -> Failure {
        let why = "the instance that it shares was ended by a call of another stream".into();
        Failure { hook, cause: Cause::Evicted, why, limit: None }
    }

    pub(crate) fn count(&self, counters: &Counters) {
        let counter = match self.cause {
            Cause::Trap => &counters.totals.traps,
            Cause::Deadline => &counters.totals.deadline_misses,
            Cause::Fault | Cause::Unsupported | Cause::IncompatibleState => &counters.totals.faults,
            Cause::Evicted => &counters.totals.evictions,
            Cause::LeftOut => return,
        };
        counter.fetch_add(1, Relaxed);
    }
}

/// What stands between what happened and where, in the text of a failure.
const BACKTRACE: &str = " | wasm backtrace: ";

/// What happened, without where: a failure's text up to its backtrace.
pub fn brief(why: &str) -> &str {
    why.split(BACKTRACE).next().unwrap_or(why)
}

/// An error with its causes, and behind them the wasm backtrace, on one line.
fn one_line(error: &wasmtime::Error) -> String {
    let parts = |text: &str| -> String {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        lines.join(" | ")
    };
    let text = format!("{error:?}");
    let text = match text.split_once("Caused by:") {
        Some((at, cause)) => match at.split_once("wasm backtrace:") {
            Some((_, frames)) => format!("{}{BACKTRACE}{}", parts(cause), parts(frames)),
            None => parts(&text),
        },
        None => parts(&text),
    };
    text.chars().take(4096).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_stands_before_where_and_alone_if_that_is_enough() {
        let at =
            "error while executing at wasm backtrace:\n    0: 0xfb - f.wasm!deeds::perform\n    1: 0x53 - f.wasm!act";
        let error = wasmtime::Error::msg("wasm trap: unreachable").context(at);
        let text = one_line(&error);
        assert_eq!(
            text,
            "wasm trap: unreachable | wasm backtrace: 0: 0xfb - f.wasm!deeds::perform | 1: 0x53 - f.wasm!act"
        );
        assert_eq!(brief(&text), "wasm trap: unreachable");
        assert_eq!(brief("no backtrace at all"), "no backtrace at all");
    }
}
