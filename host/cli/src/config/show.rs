//! `weir config show`: the configuration in force.

use std::fmt::Write;

use super::{read::Shown, tree::Place};

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
            let _ = writeln!(text, "[{}]", entry.table);
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
