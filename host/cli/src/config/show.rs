//! `weir config show`: the configuration in force.

use std::fmt::Write;

use super::{read::Shown, tree::Place};

/// The list that a table such as `apps.live.pull[0]` is in.
fn list(table: &str) -> Option<&str> {
    let (list, number) = table.strip_suffix(']')?.rsplit_once('[')?;
    number.bytes().all(|b| b.is_ascii_digit()).then_some(list)
}

/// TOML that reads back as the same configuration.
pub(crate) fn text(shown: &[Shown]) -> String {
    let mut text = String::new();
    let mut table: Option<&str> = None;
    for entry in shown {
        if table != Some(&entry.table) {
            if table.is_some() {
                text.push('\n');
            }
            // Writing to a string cannot fail.
            let _ = match list(&entry.table) {
                Some(list) => writeln!(text, "[[{list}]]"),
                None => writeln!(text, "[{}]", entry.table),
            };
            table = Some(&entry.table);
        }
        if entry.key.is_empty() {
            continue;
        }
        let line = format!("{} = {}", entry.key, entry.toml);
        let _ = match &entry.place {
            Place::Default => writeln!(text, "{line:<50} # default"),
            place => writeln!(text, "{line:<50} # {place}"),
        };
    }
    text
}
