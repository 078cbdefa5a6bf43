//! `[log]`.

use super::{
    kind::{Choice, Integer, Parsed},
    read::Table,
};

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Log {
    /// A level, or levels by target: `info,router=debug`.
    pub(crate) level: String,
    pub(crate) format: Format,
    /// Lines of one kind about peers that come and go, per second; 0: no limit.
    pub(crate) peer_lines: u32,
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Colours on a terminal, plain otherwise.
    Auto,
    Plain,
    Color,
    /// One JSON object per line.
    Json,
}

impl Default for Log {
    fn default() -> Log {
        Log { level: "info".into(), format: Format::Auto, peer_lines: 100 }
    }
}

const FORMATS: &[(&str, Format)] =
    &[("auto", Format::Auto), ("plain", Format::Plain), ("color", Format::Color), ("json", Format::Json)];

/// A level filter that has been understood once.
struct Level(String);

impl std::str::FromStr for Level {
    type Err = ();
    fn from_str(text: &str) -> Result<Level, ()> {
        // The filter itself takes any word for a target, so that "inof" would silence everything but it.
        let mut levels = text.split(',').map(|part| part.rsplit_once('=').map_or(part, |(_, level)| level));
        let known = levels.all(|l| matches!(l.trim(), "off" | "error" | "warn" | "info" | "debug" | "trace"));
        let parsed = tracing_subscriber::EnvFilter::builder().parse(text);
        if known && parsed.is_ok() { Ok(Level(text.into())) } else { Err(()) }
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

pub(super) fn read(mut table: Table<'_, '_>) -> Log {
    let default = Log::default();
    let level = "one of \"off\", \"error\", \"warn\", \"info\", \"debug\", \"trace\", or such as \"info,router=debug\"";
    let log = Log {
        level: table.read("level", Parsed::<Level>::new(level), Level(default.level)).0,
        format: table.read("format", Choice(FORMATS), default.format),
        peer_lines: table.read("peer_lines_per_second", Integer(0..=1_000_000), default.peer_lines),
    };
    table.finish();
    log
}
