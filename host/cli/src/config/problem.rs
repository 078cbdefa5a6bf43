//! What is wrong with a configuration, and where.

use std::path::PathBuf;

use super::tree::Place;
use crate::telemetry::{escape, lines};

/// A configuration that cannot be used. The binary exits with 78 (EX_CONFIG).
#[derive(Debug)]
pub(crate) enum Error {
    /// The file cannot be read.
    Unreadable(PathBuf, std::io::Error),
    /// It can, and a router that ran with it would let nobody in; what it is called.
    Closed(String),
    /// Everything that is wrong in it, in the order of the text.
    Invalid(Vec<Problem>),
}

/// Problems that are shown; who has mended these sees the next.
pub(super) const MOST_SHOWN: usize = 100;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Where it is written.
    pub(crate) place: Place,
    /// The key with its tables, such as `rtmp.chunk_size`; empty for what has none.
    pub(crate) key: String,
    /// What is wrong and what is expected.
    pub(crate) what: String,
}

impl std::error::Error for Error {}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Unreadable(path, error) => {
                write!(f, "{}: cannot be read: {error}", escape(&path.display().to_string()))
            }
            Error::Closed(origin) => {
                write!(f, "{origin}: there is no [apps.NAME], so everyone would be refused: ")?;
                f.write_str("the line [apps.live] makes an application that is open to all")
            }
            Error::Invalid(problems) => {
                let mut lines: Vec<_> = problems.iter().take(MOST_SHOWN).map(ToString::to_string).collect();
                let more = problems.len().saturating_sub(MOST_SHOWN);
                if more > 0 {
                    let file = problems.iter().find_map(|problem| problem.place.file());
                    let file =
                        file.map(|file| format!("{}: ", escape(&file.display().to_string()))).unwrap_or_default();
                    lines.push(format!("{file}and {more} more"));
                }
                f.write_str(&lines.join("\n"))
            }
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.key.as_str() {
            "" => write!(f, "{}: {}", self.place, lines(&self.what)),
            key => write!(f, "{}: {}: {}", self.place, escape(key), lines(&self.what)),
        }
    }
}

impl Problem {
    /// Sorts by the line, so that a long list reads like the file.
    pub(crate) fn order(&self) -> (u8, usize) {
        match &self.place {
            Place::File(_, line) | Place::BuiltIn(line) => (0, *line),
            Place::Variable(_) => (1, 0),
            Place::Default => (2, 0),
        }
    }
}
