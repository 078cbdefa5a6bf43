//! A program under test: its lines as they come, its end.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use crate::{PATIENCE, wait};

/// A running program. Dropping it ends it.
pub struct Process {
    name: String,
    child: Child,
    lines: Arc<Lines>,
}

#[derive(Default)]
struct Lines {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    lines: Vec<String>,
    open: usize,
}

impl Process {
    /// Starts it; standard output and standard error are read line by line, in the order they come.
    pub fn start(name: &str, command: &mut Command) -> Process {
        Process::start_reading(name, command, Stdio::null())
    }

    /// The same, with something for it to read.
    pub fn start_reading(name: &str, command: &mut Command, input: Stdio) -> Process {
        command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|e| panic!("{name} does not start: {e}: {command:?}"));
        // What was handed over is the child's alone: it sees the end when the other side closes.
        command.stdin(Stdio::null());
        let lines = Arc::new(Lines::default());
        lines.state.lock().expect("lines").open = 2;
        read(child.stdout.take().expect("piped"), &lines);
        read(child.stderr.take().expect("piped"), &lines);
        Process { name: name.to_owned(), child, lines }
    }

    /// Runs it to its end: how it ended and what it said.
    pub fn run(name: &str, command: &mut Command) -> (ExitStatus, String) {
        let mut process = Process::start(name, command);
        let status = process.wait();
        (status, process.said())
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything it has said so far.
    pub fn said(&self) -> String {
        self.lines.state.lock().expect("lines").lines.join("\n")
    }

    /// How many lines it has said so far: where to look from in [`Process::line_after`].
    pub fn mark(&self) -> usize {
        self.lines.state.lock().expect("lines").lines.len()
    }

    /// How many of its lines so far, from `mark` on, are wanted.
    pub fn count(&self, mark: usize, wanted: impl Fn(&str) -> bool) -> usize {
        self.lines.state.lock().expect("lines").lines.iter().skip(mark).filter(|line| wanted(line)).count()
    }

    /// The first line that is wanted, said already or to come.
    pub fn line(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        self.line_after(0, what, wanted)
    }

    /// The same, among the lines from `mark` on.
    pub fn line_after(&self, mark: usize, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.lines.state.lock().expect("lines");
        let mut seen = mark;
        loop {
            if let Some(line) = state.lines.iter().skip(seen).find(|line| wanted(line)) {
                return line.clone();
            }
            seen = state.lines.len().max(mark);
            let left = deadline.saturating_duration_since(Instant::now());
            if state.open == 0 || left.is_zero() {
                let said = state.lines.join("\n");
                drop(state);
                panic!("{}: no {what} in what it said:\n{said}", self.name);
            }
            state = self.lines.changed.wait_timeout(state, left.min(Duration::from_secs(1))).expect("lines").0;
        }
    }

    /// Waits for its end by itself.
    pub fn wait(&mut self) -> ExitStatus {
        self.wait_for(PATIENCE * 4).unwrap_or_else(|| panic!("{} does not end; it said:\n{}", self.name, self.said()))
    }

    /// Waits so long for its end.
    pub fn wait_for(&mut self, patience: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + patience;
        let status = wait::within(patience, || self.child.try_wait().expect("a child can be waited for"))?;
        // What it said last may still be on its way.
        let left = deadline.saturating_duration_since(Instant::now());
        let state = self.lines.state.lock().expect("lines");
        drop(self.lines.changed.wait_timeout_while(state, left, |state| state.open > 0).expect("lines"));
        Some(status)
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().expect("a child can be waited for").is_none()
    }

    /// The processor time that it has taken, its own and the kernel's for it, in clock ticks (proc(5)).
    pub fn ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id())).expect("a running process");
        let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
        fields[11].parse::<u64>().expect("utime") + fields[12].parse::<u64>().expect("stime")
    }

    /// How often its threads have gone to sleep, and so how often they were woken (proc(5): `voluntary_ctxt_switches`).
    pub fn wakeups(&self) -> u64 {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.id())).expect("a running process");
        let of = |status: &str| {
            let count = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            count.and_then(|count| count.trim().parse::<u64>().ok()).expect("a count")
        };
        // A thread may end while it is looked at.
        let statuses =
            threads.flatten().filter_map(|thread| std::fs::read_to_string(thread.path().join("status")).ok());
        statuses.map(|status| of(&status)).sum()
    }

    /// Sends a signal by its name: TERM, HUP, USR2, KILL.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args([&format!("-{name}"), &id]).status().expect("kill runs");
        assert!(status.success(), "{} ({id}) takes no {name}", self.name);
    }

    /// Asserts that it ends well.
    pub fn succeeds(&mut self) {
        let status = self.wait();
        assert!(status.success(), "{}: {status} (signal {:?}); it said:\n{}", self.name, status.signal(), self.said());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.runs() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        if std::thread::panicking() {
            eprintln!("--- {} said:\n{}", self.name, self.said());
        }
    }
}

fn read(from: impl Read + Send + 'static, lines: &Arc<Lines>) {
    let lines = Arc::clone(lines);
    std::thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut raw = Vec::new();
        // Lines end with a line feed; ffmpeg's progress, which ends with a carriage return, comes with the next of them.
        while from.read_until(b'\n', &mut raw).is_ok_and(|n| n > 0) {
            let line = String::from_utf8_lossy(&raw).trim_end().to_owned();
            raw.clear();
            lines.state.lock().expect("lines").lines.push(line);
            lines.changed.notify_all();
        }
        lines.state.lock().expect("lines").open -= 1;
        lines.changed.notify_all();
    });
}
