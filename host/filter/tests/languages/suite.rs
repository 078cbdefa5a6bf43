//! The checks, and the table of what held.

mod guest;
mod media;
mod session;
mod shared;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use guest::Guest;

/// Something that holds for a filter in any language; it panics if it does not.
type Check = (&'static str, fn(&Guest));

/// What the tools of a language cannot do: language, check, why. Each stands in the language's README.
const LIMITS: &[(&str, &str, &str)] = &[
    ("c", "settings: unknown key", NO_READER),
    ("0.1.0", "settings: unknown key", NO_READER),
    ("0.1.0", "remove units", CAME_LATER),
    ("0.1.0", "units of a type", CAME_LATER),
    ("python", "shared: streams are let go", NO_DROP),
];
const NO_DROP: &str =
    "componentize-py tells nobody when an object is let go; a stream that is not told of its end stays in the instance";
const CAME_LATER: &str = "`frame.remove-units` and `frame.units-of` came when this filter had been built";
const NO_READER: &str = "there is no reader of settings for C; a filter looks for its keys in the JSON text by itself";

/// Runs every check for these languages, prints the table, and fails if a cell does.
pub(crate) fn run(languages: &[&'static str]) {
    let checks: Vec<Check> = [media::CHECKS, session::CHECKS, shared::CHECKS].concat();
    let mut columns: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    let mut failed = Vec::new();
    // WEIR_CHECK=NAME: only those that begin so.
    let only = std::env::var("WEIR_CHECK").ok();
    let wanted = |name: &str| only.as_deref().is_none_or(|only| name.starts_with(only));
    for &language in languages {
        let started = Instant::now();
        let guest = Guest::new(language);
        let mut column = Vec::new();
        for (name, check) in &checks {
            let limit = LIMITS.iter().any(|(l, c, _)| (l, c) == (&language, name));
            let held = !wanted(name) || catch_unwind(AssertUnwindSafe(|| check(&guest))).is_ok();
            if held == limit && wanted(name) {
                failed
                    .push(format!("{language}: {name}{}", if limit { " holds, and is listed as a limit" } else { "" }));
            }
            column.push(held);
        }
        columns.insert(language, column);
        println!("{language}: {} checks in {:.1} s", checks.len(), started.elapsed().as_secs_f64());
    }
    println!("\n{}", table(languages, &checks, &columns));
    assert!(failed.is_empty(), "{}", failed.join("; "));
}

fn table(languages: &[&str], checks: &[Check], columns: &BTreeMap<&str, Vec<bool>>) -> String {
    let mut text = format!("| check | {} |\n|---|{}\n", languages.join(" | "), "---|".repeat(languages.len()));
    for (at, (name, _)) in checks.iter().enumerate() {
        let cell = |language: &&str| {
            let limit = LIMITS.iter().position(|(l, c, _)| (l, c) == (language, name));
            match (columns.get(language).and_then(|c| c.get(at)), limit) {
                (_, Some(n)) => format!("– {}", n + 1),
                (Some(true), None) => "✓".to_owned(),
                _ => "FAILS".to_owned(),
            }
        };
        let cells: Vec<_> = languages.iter().map(cell).collect();
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    }
    for (n, (language, check, why)) in LIMITS.iter().enumerate() {
        let _ = writeln!(text, "{}: {check} in {language}: {why}", n + 1);
    }
    text
}
