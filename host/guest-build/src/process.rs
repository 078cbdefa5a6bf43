//! Running a tool: a clean environment, a time limit, every line told and the last ones kept.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How a tool ended.
pub(crate) struct Output {
    /// It ended by itself, with success.
    pub(crate) ok: bool,
    /// Everything it wrote to its standard output, up to a bound.
    pub(crate) stdout: String,
    /// The last lines of everything that it wrote.
    pub(crate) tail: String,
}

/// Lines of a compiler's output that an error shows.
const TAIL: usize = 60;
/// Bytes of standard output that are kept.
const STDOUT: usize = 4 << 20;

/// What of the environment is the host build's own business, or a choice made for host code.
///
/// Under `cargo run` all of these are set or may be, and would send the guest's build to the wrong folder, flags or compiler.
fn leaks(name: &str) -> bool {
    const KEPT: [&str; 6] =
        ["CARGO_HOME", "CARGO_NET_", "CARGO_HTTP_", "CARGO_REGISTRIES_", "CARGO_REGISTRY_", "CARGO_SOURCE_"];
    const DROPPED: [&str; 18] = [
        "CARGO",
        "RUSTC",
        "RUSTDOC",
        "RUSTFLAGS",
        "RUSTDOCFLAGS",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTC_BOOTSTRAP",
        "MAKEFLAGS",
        "MFLAGS",
        "NUM_JOBS",
        "OUT_DIR",
        "TARGET",
        "HOST",
        "PROFILE",
        "OPT_LEVEL",
        "DEBUG",
        "RUSTC_LINKER",
    ];
    DROPPED.contains(&name)
        || (name.starts_with("CARGO_") && !KEPT.iter().any(|k| name == *k || (k.ends_with('_') && name.starts_with(k))))
}

/// A command in `dir` that inherits nothing of a host build.
pub(crate) fn command(program: &Path, dir: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(dir).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(leaks) {
            command.env_remove(name);
        }
    }
    command
}

enum Line {
    Out(String),
    Err(String),
}

fn read_lines(from: impl Read + Send + 'static, send: mpsc::Sender<Line>, line: fn(String) -> Line) {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(from);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|n| n > 0) {
            let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if send.send(line(text)).is_err() {
                return;
            }
        }
    });
}

/// Runs the command to its end, or ends it after `limit`. `told` hears every line of standard error.
pub(crate) fn run(mut command: Command, limit: Duration, told: &mut dyn FnMut(&str)) -> std::io::Result<Output> {
    let deadline = Instant::now() + limit;
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (send, lines) = mpsc::channel();
    if let Some(out) = child.stdout.take() {
        read_lines(out, send.clone(), Line::Out);
    }
    if let Some(err) = child.stderr.take() {
        read_lines(err, send.clone(), Line::Err);
    }
    drop(send);
    let mut stdout = String::new();
    let mut tail = VecDeque::new();
    let in_time = loop {
        match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                let (Line::Out(text) | Line::Err(text)) = &line;
                if let Line::Err(text) = &line {
                    told(text);
                } else if stdout.len() < STDOUT {
                    stdout.push_str(text);
                    stdout.push('\n');
                }
                tail.push_back(text.clone());
                if tail.len() > TAIL {
                    tail.pop_front();
                }
            }
            Err(RecvTimeoutError::Disconnected) => break true,
            Err(RecvTimeoutError::Timeout) => break false,
        }
    };
    if !in_time {
        tail.push_back(format!("ended after {} seconds without an answer", limit.as_secs()));
        child.kill()?;
    }
    let ok = child.wait()?.success() && in_time;
    Ok(Output { ok, stdout, tail: Vec::from(tail).join("\n") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        let mut command = command(Path::new("sh"), Path::new("."));
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_tool_that_hangs_is_ended() {
        let started = Instant::now();
        let out = run(sh("echo waiting; exec sleep 600"), Duration::from_millis(200), &mut |_| ()).unwrap();
        assert!(!out.ok);
        assert!(out.tail.contains("waiting") && out.tail.contains("ended after"), "{}", out.tail);
        assert!(started.elapsed() < Duration::from_secs(300));
    }

    #[test]
    fn the_end_of_the_output_is_kept_and_every_line_told() {
        let mut lines = 0;
        let script = "i=0; while [ $i -lt 200 ]; do echo line$i >&2; i=$((i+1)); done; echo result; exit 3";
        let out = run(sh(script), Duration::from_secs(60), &mut |_| lines += 1).unwrap();
        assert_eq!((out.ok, out.stdout.as_str(), lines), (false, "result\n", 200));
        assert!(out.tail.contains("line199") && !out.tail.contains("line100\n"));
    }

    #[test]
    fn what_belongs_to_the_host_build_does_not_leak() {
        for name in [
            "CARGO_TARGET_DIR",
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_MANIFEST_DIR",
            "CARGO_PKG_NAME",
            "CARGO",
            "CARGO_PROFILE_RELEASE_LTO",
            "CARGO_BUILD_TARGET",
            "CARGO_BUILD_RUSTFLAGS",
            "RUSTC_WORKSPACE_WRAPPER",
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
            "CARGO_MAKEFLAGS",
            "MAKEFLAGS",
        ] {
            assert!(leaks(name), "{name}");
        }
        for name in
            ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "CARGO_NET_OFFLINE", "HTTPS_PROXY"]
        {
            assert!(!leaks(name), "{name}");
        }
    }
}
