//! What a hostile filter does.

use std::hint::black_box;

use guest_sdk::{clock, log, metrics};
use serde::Deserialize;

/// One way to misbehave.
#[derive(Clone, Copy, PartialEq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// Never comes back.
    Loop,
    /// Executes `unreachable`.
    Trap,
    /// Panics with a message.
    Panic,
    /// Takes memory until there is no more.
    Grow,
    /// Calls itself without end.
    Recurse,
    /// Writes a hundred thousand lines to the log, then comes back.
    LogFlood,
    /// Calls the host for ever.
    CallFlood,
    /// Writes lines of a megabyte full of escape sequences, then comes back.
    LongLine,
    /// Invents metrics until the host has had enough, then comes back.
    MetricFlood,
    /// Takes its time, about a millisecond, then comes back: far longer than a call that does nothing takes on a machine that is busy.
    Dawdle,
    /// Takes much of its time, two milliseconds by the clock, then comes back.
    Toil,
}

impl Deed {
    /// Does it.
    pub fn perform(self) {
        match self {
            Deed::Loop => loop {
                black_box(());
            },
            Deed::Trap => trap(),
            Deed::Panic => panic!("told to panic"),
            Deed::Grow => {
                let mut taken: Vec<Vec<u8>> = Vec::new();
                loop {
                    taken.push(vec![1; 1 << 20]);
                    black_box(&taken);
                }
            }
            Deed::Recurse => {
                black_box(recurse(1));
            }
            Deed::LogFlood => {
                for n in 0..100_000 {
                    log::info(&format!("line {n}"));
                }
            }
            Deed::CallFlood => while clock::monotonic_ns() < u64::MAX {},
            Deed::LongLine => {
                let line = "\x1b[2J\x1b]0;mine\x07\r\n\u{202e}".repeat(80_000);
                for _ in 0..3 {
                    log::info(&line);
                }
            }
            Deed::Dawdle => idle(4_000_000),
            Deed::Toil => {
                let until = clock::monotonic_ns() + 2_000_000;
                while clock::monotonic_ns() < until {
                    idle(10_000);
                }
            }
            Deed::MetricFlood => {
                for n in 0..100_000 {
                    metrics::add(&format!("counter_{n}"), 1);
                }
            }
        }
    }
}

fn idle(turns: u32) {
    for n in 0..turns {
        black_box(n);
    }
}

fn trap() -> ! {
    #[cfg(target_arch = "wasm32")]
    core::arch::wasm32::unreachable();
    #[cfg(not(target_arch = "wasm32"))]
    std::process::abort();
}

#[allow(unconditional_recursion, reason = "that is the deed")]
fn recurse(n: u64) -> u64 {
    let frame = black_box([n; 64]);
    black_box(recurse(frame[3] + 1)) + frame[5]
}
