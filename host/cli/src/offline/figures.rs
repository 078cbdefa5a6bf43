//! `--repeat`: what a filter costs, over several runs.

use std::{collections::BTreeMap, fmt::Write as _};

use filter::tape::watch::{Seen, Watch};

use super::Offline;

/// Runs before the ones that count.
const WARM_UP: u32 = 1;
/// Calls of one hook that are kept; of more, figures are of the first ones.
const MOST_CALLS: usize = 10_000_000;

/// What was measured of one hook.
#[derive(Default)]
struct Hook {
    ns: Vec<u64>,
    copied: u64,
    host_calls: u64,
}

/// What was measured of the filters.
#[derive(Default)]
pub(super) struct Figures {
    hooks: BTreeMap<(String, &'static str), Hook>,
    memory: BTreeMap<String, usize>,
}

impl Figures {
    pub(super) fn note(&mut self, seen: Vec<Seen>) {
        for seen in seen {
            let memory = self.memory.entry(seen.filter.to_string()).or_default();
            *memory = (*memory).max(seen.memory);
            let hook = self.hooks.entry((seen.filter.to_string(), seen.hook.name())).or_default();
            if hook.ns.len() < MOST_CALLS {
                hook.ns.push(u64::try_from(seen.took.as_nanos()).unwrap_or(u64::MAX));
            }
            hook.copied += seen.copied as u64;
            hook.host_calls += u64::from(seen.host_calls);
        }
    }

    fn text(mut self, runs: u32) -> String {
        let mut text = format!("{runs} runs, and {WARM_UP} before them that does not count; nanoseconds per call\n");
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:<20} {:<12} {:>9} {:>9} {:>9} {:>10} {:>12} {:>10}",
            "filter", "hook", "calls", "p50 ns", "p99 ns", "max ns", "copied B", "host calls"
        );
        for ((filter, name), hook) in &mut self.hooks {
            hook.ns.sort_unstable();
            let at = |percent: usize| hook.ns.get((hook.ns.len() * percent / 100).min(hook.ns.len().saturating_sub(1)));
            let [p50, p99, max] = [at(50), at(99), hook.ns.last()].map(|ns| ns.copied().unwrap_or(0));
            let calls = hook.ns.len();
            let (copied, host_calls) = (hook.copied, hook.host_calls);
            let _ = writeln!(
                text,
                "{filter:<20} {name:<12} {calls:>9} {p50:>9} {p99:>9} {max:>10} {copied:>12} {host_calls:>10}"
            );
        }
        for (filter, bytes) in &self.memory {
            let _ = writeln!(text, "{filter}: at most {} KiB of memory per instance", bytes / 1024);
        }
        text
    }
}

/// Runs the file so often, silently, each time with a fresh clock and fresh instances.
pub(super) fn run(arguments: &Offline, runs: u32) -> anyhow::Result<()> {
    let mut figures = Figures::default();
    for nth in 0..WARM_UP.saturating_add(runs) {
        let watch = Watch::new(false);
        let run = super::file::prepare(arguments, Some(&watch), super::Voice::Silent)?;
        // What loading it took is no figure of a stream.
        watch.take();
        let mut ignored = Figures::default();
        let into = if nth < WARM_UP { &mut ignored } else { &mut figures };
        run.file(Some((&watch, into)))?;
    }
    crate::print(&figures.text(runs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_calls() {
        let mut figures = Figures::default();
        let hook = figures.hooks.entry(("f".into(), "on-frame")).or_default();
        hook.ns = (1..=100).rev().collect();
        let text = figures.text(3);
        let line = text.lines().find(|line| line.contains("on-frame")).unwrap();
        let words: Vec<_> = line.split_whitespace().collect();
        assert_eq!(words[2..6], ["100", "51", "100", "100"]);
    }
}
