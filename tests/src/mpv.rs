//! mpv: a player that shows what it gets, and keeps the packets as they came.

use std::path::Path;
use std::process::Command;

use crate::process::Process;

/// Plays without a screen or a loudspeaker and records the packets, until the stream ends.
pub fn record(url: &str, more: &[String], file: &Path) -> Process {
    let mut command = Command::new("mpv");
    command.args(["--no-config", "--vo=null", "--ao=null", "--ao-null-untimed=yes", "--untimed", "--really-quiet"]);
    command.args(more).arg(format!("--stream-record={}", file.display())).arg(url);
    Process::start("mpv", &mut command)
}
