//! A line per frame: what came, what each filter answered, what went on.

use std::fmt::Write;

use filter::{Filter, chain::Traced, counters::Hook};
use media::{Frame, Kind};

/// The frame in hand.
#[derive(Clone, Copy)]
pub(super) struct Came {
    pub(super) kind: Kind,
    /// When it came, since the first.
    pub(super) at_us: i64,
    /// Bytes of its body as it came.
    pub(super) size: usize,
}

/// One line. Without a frame in hand it is of a tick, or of the stream's end. `timed`: with how long calls took, which is another time
/// with every run.
pub(super) fn line(came: Option<Came>, calls: &[Traced], out: &[Frame], timed: bool) -> String {
    let mut line = match came {
        Some(Came { kind, at_us, size }) => format!("{:>10.3} {} {size:>8} B ", at_us as f64 / 1e6, name(kind)),
        None => format!("{:>26} ", "-"),
    };
    for Traced { filter, hook, answer, took, .. } in calls {
        // Writing to a string cannot fail.
        let _ = match hook {
            Hook::Frame => write!(line, " {filter}: {answer}"),
            hook => write!(line, " {filter}: {} {answer}", hook.name()),
        };
        if timed {
            let _ = write!(line, " ({:.1} us)", took.as_nanos() as f64 / 1e3);
        }
    }
    if calls.is_empty() {
        line.push_str(" not asked");
    }
    let sizes: Vec<_> = out.iter().map(|frame| super::output::body(frame).len().to_string()).collect();
    let _ = match sizes.as_slice() {
        [] => writeln!(line, " -> nothing"),
        sizes => writeln!(line, " -> {} B", sizes.join(" + ")),
    };
    line
}

pub(super) fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Audio => "audio",
        Kind::Video => "video",
        Kind::Data => "data ",
    }
}

/// Whether a filter failed at any time.
pub(super) fn failed(filter: &Filter) -> bool {
    let events = filter.counters().events;
    events.traps + events.deadline_misses + events.faults + events.bypassed_frames + events.lost_frames > 0
}
