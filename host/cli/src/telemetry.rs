//! The log: one line per event on standard error, without raw control characters.

mod json;
mod peers;

use std::{
    io::{self, IsTerminal, Write},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use anyhow::Context;
use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Registry,
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
    reload,
    util::SubscriberInitExt,
};

use crate::config::{Format, Log};

/// Changes what a log that runs lets through.
pub(crate) struct Handle {
    filter: reload::Handle<EnvFilter, Registry>,
    peer_lines: Arc<AtomicU32>,
}

/// Starts the log. What is logged before is lost.
pub(crate) fn start(log: &Log) -> anyhow::Result<Handle> {
    let (filter, handle) = reload::Layer::new(filter(log)?);
    let color = match log.format {
        Format::Color => true,
        // NO_COLOR (no-color.org): set and not empty means none.
        Format::Auto => io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        Format::Plain | Format::Json => false,
    };
    let layer = fmt::layer().with_ansi(false).with_writer(Lines { color });
    let peer_lines = Arc::new(AtomicU32::new(log.peer_lines));
    let registry = tracing_subscriber::registry().with(filter).with(peers::Peers::new(peer_lines.clone()));
    match log.format {
        Format::Json => registry.with(layer.event_format(json::Json)).try_init(),
        _ => registry.with(layer).try_init(),
    }
    .context("the log cannot start")?;
    std::panic::set_hook(Box::new(panicked));
    Ok(Handle { filter: handle, peer_lines })
}

/// A panic is caught where its task ends; here it gets its line, with where it was.
fn panicked(panic: &std::panic::PanicHookInfo<'_>) {
    let at = panic.location().map(ToString::to_string).unwrap_or_default();
    let why = panic.payload_as_str().unwrap_or("no message");
    let thread = std::thread::current().name().unwrap_or_default().to_owned();
    tracing::error!(at, thread, "panic, a fault of the router: {why}");
}

impl Handle {
    /// Puts another level and another limit in force.
    pub(crate) fn apply(&self, log: &Log) -> anyhow::Result<()> {
        self.peer_lines.store(log.peer_lines, Ordering::Relaxed);
        self.filter.reload(filter(log)?).context("the log's level cannot change")
    }
}

fn filter(log: &Log) -> anyhow::Result<EnvFilter> {
    EnvFilter::builder().parse(&log.level).context("log.level")
}

/// Writes whole lines to standard error.
#[derive(Clone, Copy)]
struct Lines {
    color: bool,
}

/// Writes one line, in its level's colour.
struct Line {
    color: Option<&'static str>,
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line;
    fn make_writer(&'a self) -> Line {
        Line { color: None }
    }
    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Line {
        let color = match *meta.level() {
            Level::ERROR => Some("\x1b[31m"),
            Level::WARN => Some("\x1b[33m"),
            Level::DEBUG | Level::TRACE => Some("\x1b[2m"),
            _ => None,
        };
        Line { color: color.filter(|_| self.color) }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let mut line = escape(text.trim_end_matches('\n'));
        if let Some(color) = self.color {
            line = format!("{color}{line}\x1b[0m");
        }
        line.push('\n');
        // One call per line: lines of several threads do not mix.
        io::stderr().lock().write_all(line.as_bytes())?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Text that cannot move a cursor, ring a bell or forge a line: control characters become `\u001b`, which is JSON too.
pub(crate) fn escape(text: &str) -> String {
    // U+2028 and U+2029 end a line for some readers, the bidirectional controls turn one around.
    let unsafe_char =
        |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if unsafe_char(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// The same for text of several lines.
pub(crate) fn lines(text: &str) -> String {
    text.lines().map(escape).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        let table = [
            ("live/cam", "live/cam"),
            ("a\nb\r\tc", "a\\u000ab\\u000d\\u0009c"),
            ("\x1b[31mred\x1b[0m\x07", "\\u001b[31mred\\u001b[0m\\u0007"),
            ("\u{9b}2J\u{7f}", "\\u009b2J\\u007f"),
            ("\u{202e}txt.exe\u{2028}", "\\u202etxt.exe\\u2028"),
            ("größer ü 日本", "größer ü 日本"),
        ];
        for (raw, escaped) in table {
            assert_eq!(escape(raw), escaped);
        }
    }
}
