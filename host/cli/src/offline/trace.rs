//! `--trace`: every call of every filter, with what it called and logged.

use std::fmt::Write as _;

use filter::tape::watch::Seen;

use crate::telemetry;

/// A call with what happened in it.
pub(super) fn call(seen: &Seen) -> String {
    let Seen { filter, hook, about, outcome, notes, took, copied, host_calls, .. } = seen;
    let us = took.as_nanos() as f64 / 1e3;
    let mut text = String::new();
    let about = if about.is_empty() { String::new() } else { format!(" {about}") };
    let outcome = telemetry::escape(&outcome.to_string());
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "  {filter}: {}{} -> {outcome} ({us:.1} us, {host_calls} host calls, {copied} B copied)",
        hook.name(),
        telemetry::escape(&about)
    );
    for note in notes {
        let _ = writeln!(text, "      {}", telemetry::escape(note));
    }
    text
}

/// All of them.
pub(super) fn calls(seen: &[Seen]) -> String {
    seen.iter().map(call).collect()
}
