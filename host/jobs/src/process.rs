//! A program with all that it starts: signals, its end.
//!
//! * It leads a process group of its own: a signal reaches all that it has started and that has not left the group.
//! * It is started, waited for and reaped by a thread of its own, which lives as long as it does. While the thread holds its
//!   number nobody else can have it, so no signal reaches a stranger; and what the kernel does at the end of a parent, it does at
//!   the end of the thread.
//! * It does not outlive the router, even a killed one: `setpriv` asks the kernel for that, where it is installed. Without it, a
//!   program ends when its connections to the router break.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use tokio::net::unix::pipe;
use tokio::sync::oneshot;

/// Stack of a thread that waits.
const STACK: usize = 256 << 10;

/// What to start, and on what terms.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) environment: Vec<(String, OsString)>,
    pub(crate) dir: Option<PathBuf>,
    pub(crate) nice: u8,
    /// 0: no bound.
    pub(crate) memory_bytes: u64,
    /// The cores it may run on; none: all.
    pub(crate) cpus: Vec<u16>,
    /// 0: no bound.
    pub(crate) cpu_seconds: u64,
}

/// A running program. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Process {
    group: Group,
    pid: u32,
    exit: oneshot::Receiver<ExitStatus>,
    stdout: Option<pipe::Receiver>,
    stderr: Option<pipe::Receiver>,
}

/// The number of its group, until its leader is reaped.
#[derive(Clone, Debug)]
struct Group(Arc<Mutex<Option<Pid>>>);

struct Begun {
    group: Group,
    pid: u32,
    stdout: Option<OwnedFd>,
    stderr: Option<OwnedFd>,
}

impl Launch {
    /// The whole command line: the programs that set the terms replace themselves by the next one, and at last by the program.
    fn command(&self) -> io::Result<Command> {
        let mut line: Vec<OsString> = Vec::new();
        if let Some(setpriv) = tool("setpriv") {
            line.extend([setpriv.into(), "--pdeathsig".into(), "KILL".into(), "--".into()]);
        }
        if self.nice > 0 {
            let nice = tool("nice").ok_or_else(|| missing("nice", "nice"))?;
            line.extend([nice.into(), "-n".into(), self.nice.to_string().into()]);
        }
        if !self.cpus.is_empty() {
            let taskset = tool("taskset").ok_or_else(|| missing("cpus", "taskset"))?;
            let list: Vec<_> = self.cpus.iter().map(u16::to_string).collect();
            line.extend([taskset.into(), "-c".into(), list.join(",").into()]);
        }
        let bounds = [("data", "memory", self.memory_bytes), ("cpu", "cpu_time", self.cpu_seconds)];
        let bounds: Vec<_> = bounds.into_iter().filter(|(_, _, most)| *most > 0).collect();
        if let Some((_, key, _)) = bounds.first() {
            line.push(tool("prlimit").ok_or_else(|| missing(key, "prlimit"))?.into());
            line.extend(bounds.iter().map(|(what, _, most)| OsString::from(format!("--{what}={most}"))));
            line.push("--".into());
        }
        line.push(self.program.clone().into());
        line.extend(self.arguments.iter().map(OsString::from));
        let mut words = line.into_iter();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(dir) = &self.dir {
            command.current_dir(dir);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        Ok(command)
    }
}

/// A program of the system, wherever the child's `PATH` leads.
fn tool(name: &str) -> Option<PathBuf> {
    ["/usr/bin", "/bin", "/usr/local/bin"].iter().map(|folder| Path::new(folder).join(name)).find(|path| path.is_file())
}

fn missing(key: &str, program: &str) -> io::Error {
    let why = format!("`{key}` of its profile needs the program {program}, which is not in /usr/bin");
    io::Error::new(io::ErrorKind::NotFound, why)
}

impl Process {
    /// Starts it.
    ///
    /// # Errors
    /// The system's.
    pub(crate) async fn start(launch: &Launch) -> io::Result<Process> {
        let mut command = launch.command()?;
        let (began, begun) = oneshot::channel();
        let (ended, exit) = oneshot::channel();
        let thread = std::thread::Builder::new().name("encoder".into()).stack_size(STACK);
        thread.spawn(move || match command.spawn() {
            Ok(child) => mind(child, began, ended),
            // Nobody left to hear it: there is nothing to end either.
            Err(error) => drop(began.send(Err(error))),
        })?;
        let begun = begun.await.map_err(|_| io::Error::other("its thread has ended"))??;
        let mut process = Process { group: begun.group, pid: begun.pid, exit, stdout: None, stderr: None };
        process.stdout = begun.stdout.map(pipe::Receiver::from_owned_fd).transpose()?;
        process.stderr = begun.stderr.map(pipe::Receiver::from_owned_fd).transpose()?;
        Ok(process)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    pub(crate) fn take_stdout(&mut self) -> Option<pipe::Receiver> {
        self.stdout.take()
    }

    pub(crate) fn take_stderr(&mut self) -> Option<pipe::Receiver> {
        self.stderr.take()
    }

    /// Asks all of its group to end.
    pub(crate) fn terminate(&self) {
        self.group.signal(Signal::TERM);
    }

    /// Ends all of its group.
    pub(crate) fn kill(&self) {
        self.group.signal(Signal::KILL);
    }

    /// Waits for its end; what it left of its group is ended with it. May be cancelled and called again, until it has returned.
    pub(crate) async fn ended(&mut self) -> Option<ExitStatus> {
        (&mut self.exit).await.ok()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.group.signal(Signal::KILL);
    }
}

/// The life of a child, on a thread of its own.
fn mind(mut child: Child, began: oneshot::Sender<io::Result<Begun>>, ended: oneshot::Sender<ExitStatus>) {
    let pid = Pid::from_child(&child);
    let group = Group(Arc::new(Mutex::new(Some(pid))));
    let begun = Begun {
        group: group.clone(),
        pid: child.id(),
        stdout: child.stdout.take().map(OwnedFd::from),
        stderr: child.stderr.take().map(OwnedFd::from),
    };
    if began.send(Ok(begun)).is_err() {
        group.signal(Signal::KILL);
    }
    // Without reaping it: its number stays its own.
    let how = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while matches!(waitid(WaitId::Pid(pid), how), Err(Errno::INTR)) {}
    let status = {
        let mut number = group.lock();
        // What it left behind; that nothing is left is no fault.
        let _ = kill_process_group(pid, Signal::KILL);
        *number = None;
        child.wait()
    };
    if let Ok(status) = status {
        // Nobody may be left to hear it.
        let _ = ended.send(status);
    }
}

impl Group {
    fn signal(&self, signal: Signal) {
        if let Some(pid) = *self.lock() {
            // It may have ended a moment ago.
            let _ = kill_process_group(pid, signal);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Pid>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a program ended, as a shell says it: its exit code, or 128 and the signal's number.
pub(crate) fn code(status: ExitStatus) -> i32 {
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(-1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};
    use tokio::io::AsyncReadExt;

    fn shell(script: &str) -> Launch {
        Launch {
            program: "/bin/sh".into(),
            arguments: vec!["-c".into(), script.into()],
            environment: vec![("KEPT".into(), "yes".into()), ("PATH".into(), "/usr/bin:/bin".into())],
            dir: Some("/tmp".into()),
            nice: 3,
            memory_bytes: 1 << 30,
            cpus: vec![0],
            cpu_seconds: 60,
        }
    }

    async fn said(process: &mut Process) -> String {
        let mut text = String::new();
        process.take_stdout().unwrap().read_to_string(&mut text).await.unwrap();
        text
    }

    #[tokio::test]
    async fn it_runs_on_its_terms() {
        let mut process =
            Process::start(&shell("echo $KEPT:$HOME:$(pwd):$(nice):$(ulimit -d):$(ulimit -t):$(nproc); exit 7"))
                .await
                .unwrap();
        assert_eq!(said(&mut process).await.trim(), "yes::/tmp:3:1048576:60:1");
        assert_eq!(process.ended().await.map(code), Some(7));
        process.terminate();
    }

    /// Whether a process runs: a zombie does not.
    fn runs(pid: &str) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit(')').next().is_some_and(|rest| !rest.is_empty() && !rest.trim_start().starts_with('Z'))
    }

    async fn gone(pid: &str) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while runs(pid) {
            assert!(Instant::now() < deadline, "{pid} still runs");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn first_line(process: &mut Process) -> String {
        let mut pipe = process.take_stdout().unwrap();
        let mut line = Vec::new();
        loop {
            let byte = pipe.read_u8().await.unwrap();
            if byte == b'\n' {
                return String::from_utf8(line).unwrap();
            }
            line.push(byte);
        }
    }

    #[tokio::test]
    async fn what_it_starts_ends_with_it() {
        let mut process = Process::start(&shell("sleep 600 & echo $!; wait")).await.unwrap();
        let child = first_line(&mut process).await;
        assert!(runs(&child));
        process.terminate();
        assert_eq!(process.ended().await.map(code), Some(128 + 15));
        gone(&child).await;

        let mut process = Process::start(&shell("trap '' TERM; sleep 600 & echo $!; kill -9 $$")).await.unwrap();
        let child = first_line(&mut process).await;
        assert_eq!(process.ended().await.map(code), Some(128 + 9));
        gone(&child).await;

        let mut process = Process::start(&shell("sleep 600 & echo $!; wait")).await.unwrap();
        let (leader, child) = (process.pid().to_string(), first_line(&mut process).await);
        drop(process);
        gone(&child).await;
        gone(&leader).await;
    }

    #[tokio::test]
    async fn what_needs_more_of_the_cores_than_it_may_is_ended() {
        let launch = Launch { cpu_seconds: 1, ..shell("while :; do :; done") };
        let mut process = Process::start(&launch).await.unwrap();
        let code = process.ended().await.map(code);
        assert!(matches!(code, Some(137 | 152)), "SIGXCPU, or SIGKILL where both bounds are one: {code:?}");
    }

    #[tokio::test]
    async fn what_cannot_be_started_is_told() {
        let launch = Launch { dir: Some("/nowhere".into()), ..shell("true") };
        assert!(Process::start(&launch).await.is_err());
    }
}
