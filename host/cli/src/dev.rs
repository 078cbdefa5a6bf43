//! `weir dev`: a filter is built at every save, and the router takes the new file over.

use std::io::IsTerminal;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::signal::unix::{self, SignalKind, signal};

use crate::arguments::Dev;
use crate::config::{self, search};
use crate::source;
use crate::watch::Watch;

/// Runs until it is interrupted, or until the router that it started ends.
pub(crate) fn run(dev: &Dev) -> anyhow::Result<()> {
    // A folder that is no filter is told before anything is started.
    guest_build::inputs(&dev.dir)?;
    if let Some(config) = dev.config.as_deref().filter(|config| !config.is_file()) {
        bail!("{}: there is no such file", config.display());
    }
    if let Some(config) = &dev.config {
        is_used(config, &dev.dir)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(serve(dev))
}

async fn serve(dev: &Dev) -> anyhow::Result<()> {
    let mut signals = Signals::new()?;
    let mut watch = Watch::new().context("the system has no watch to give")?;
    watch.set(guest_build::inputs(&dev.dir)?);
    build(&dev.dir).await;
    let mut router = match &dev.config {
        Some(config) => Some(start(config)?),
        None => {
            advise(&dev.dir)?;
            None
        }
    };
    loop {
        tokio::select! {
            signal = signals.next() => {
                if let Some(router) = &router {
                    pass(signal, router);
                }
                if matches!(signal, Signal::INT | Signal::TERM) {
                    break;
                }
            }
            status = ended(&mut router) => {
                let status = status?;
                if status.success() {
                    return Ok(());
                }
                bail!("the router ended: {status}");
            }
            _ = watch.changed() => {
                build(&dev.dir).await;
                // A source may have come, or another be imported.
                if let Ok(inputs) = guest_build::inputs(&dev.dir) {
                    watch.set(inputs);
                }
            }
        }
    }
    match router {
        Some(mut router) => end(&mut router, &mut signals).await,
        None => Ok(()),
    }
}

/// The signals that the router knows. It is in a group of its own, so that it hears of them from us, and once.
struct Signals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    hangup: unix::Signal,
    user1: unix::Signal,
    user2: unix::Signal,
    /// Whether there is a terminal that may go.
    terminal: bool,
}

impl Signals {
    fn new() -> std::io::Result<Signals> {
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            user1: signal(SignalKind::user_defined1())?,
            user2: signal(SignalKind::user_defined2())?,
            terminal: std::io::stdin().is_terminal(),
        })
    }

    /// The next one. That the terminal is gone is an end; the same signal without that is the router's, which reads its file anew.
    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::INT,
            _ = self.terminate.recv() => Signal::TERM,
            _ = self.user1.recv() => Signal::USR1,
            _ = self.user2.recv() => Signal::USR2,
            _ = self.hangup.recv() => match self.terminal && !std::io::stdin().is_terminal() {
                true => Signal::TERM,
                false => Signal::HUP,
            },
        }
    }
}

fn pass(signal: Signal, router: &Child) {
    if let Some(pid) = i32::try_from(router.id()).ok().and_then(Pid::from_raw) {
        // One that has ended is found so when it is looked at.
        let _ = kill_process(pid, signal);
    }
}

/// Refuses a configuration in which no filter is what the folder builds: saves would change nothing.
fn is_used(file: &Path, dir: &Path) -> anyhow::Result<()> {
    let loaded = config::load(Some(file))?;
    let wasm = guest_build::artifact(dir).context("the folder is not the source of a filter")?;
    let (built, folder) = (real(&wasm), real(dir));
    let mut lines = Vec::new();
    for (name, filter) in &loaded.config.filters {
        let config::Source::Local(path) = &filter.origin.source else { continue };
        // One that has never been built may appear at any of the places.
        let found = match source::locate(path, loaded.file.as_deref()) {
            Ok(source) => vec![source.wasm().to_owned()],
            Err(_) => search::places(path, loaded.file.as_deref()),
        };
        let found: Vec<_> = found.iter().map(|path| real(path)).collect();
        if found.contains(&built) {
            return Ok(());
        }
        if found.iter().any(|path| path.starts_with(&folder)) {
            let place = loaded.place_of(name, "source").unwrap_or(&filter.place);
            let write = written(&built, loaded.file.as_deref());
            lines.push(format!(
                "{place}: filters.{name}.source: {path:?} is not what {} builds: write source = {write:?}",
                dir.display()
            ));
        }
    }
    match lines.as_slice() {
        [] => bail!(
            "{}: no filter in it is what {} builds: add a table with source = {:?}",
            file.display(),
            dir.display(),
            written(&built, loaded.file.as_deref())
        ),
        lines => bail!("{}", lines.join("\n")),
    }
}

/// What to write for a file: from the configuration's folder on, if it is below that.
fn written(wasm: &Path, config_file: Option<&Path>) -> String {
    let beside = config_file
        .and_then(Path::parent)
        .map(|folder| real(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }));
    let below = beside.and_then(|folder| wasm.strip_prefix(&folder).ok().map(Path::to_owned));
    format!("file:{}", below.as_deref().unwrap_or(wasm).display())
}

/// A path without links and dots, whether or not its last parts are there.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    match there.map(|(above, real)| (path.strip_prefix(above), real)) {
        // Joined with nothing a file would become a folder.
        Some((Ok(rest), real)) if rest.as_os_str().is_empty() => real,
        Some((Ok(rest), real)) => real.join(rest),
        _ => path,
    }
}

/// How often the router is looked at: nothing else tells of its end here.
const LOOK: Duration = Duration::from_millis(200);
/// The router's own drain is shorter unless its file says otherwise.
const DRAIN: Duration = Duration::from_secs(30);

async fn ended(router: &mut Option<Child>) -> std::io::Result<ExitStatus> {
    let Some(router) = router else { return std::future::pending().await };
    loop {
        if let Some(status) = router.try_wait()? {
            return Ok(status);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Waits for the end of a router that has been told of it: its connections may end first, unless it is told once more.
async fn end(router: &mut Child, signals: &mut Signals) -> anyhow::Result<()> {
    let deadline = Instant::now() + DRAIN;
    while router.try_wait()?.is_none() {
        if Instant::now() >= deadline {
            router.kill()?;
        }
        if let Ok(signal) = tokio::time::timeout(LOOK, signals.next()).await {
            pass(signal, router);
        }
    }
    Ok(())
}

/// Builds once; what is wrong is told and changes nothing.
async fn build(dir: &Path) {
    let dir = dir.to_owned();
    let built = tokio::task::spawn_blocking(move || source::compile(&dir)).await;
    match built {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => eprintln!("weir dev: {error:#}; what runs goes on"),
        Err(error) => eprintln!("weir dev: {error}"),
    }
}

/// A router in a process of its own: it can be ended like any other.
fn start(config: &Path) -> anyhow::Result<Child> {
    let weir = std::env::current_exe().context("this program's own file")?;
    let mut command = Command::new(weir);
    // In a group of its own: Ctrl-C reaches us, and we tell it once.
    command.arg("run").arg("--config").arg(config).stdin(Stdio::null()).process_group(0);
    command.spawn().context("the router")
}

/// What a router's file needs to run the filter.
fn advise(dir: &Path) -> anyhow::Result<()> {
    let wasm = guest_build::artifact(dir).context("the folder is not the source of a filter")?;
    let stem = wasm.file_stem().map(|s| s.to_string_lossy().replace('_', "-")).unwrap_or_default();
    crate::print(&format!(
        "A router takes every build over if its file says:\n  [filters.{stem}]\n  source = {:?}\n\
         and an application names it: media = [\"{stem}\"], or session = [\"{stem}\"]. Watching.\n",
        format!("file:{}", wasm.display())
    ))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_router_runs_what_the_folder_builds_or_the_line_to_change_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let (old, new) = (dir.path().join("old"), dir.path().join("new"));
        guest_build::create(&old, guest_build::Language::C, guest_build::Kind::Media).unwrap();
        is_used(&old.join("weir.toml"), &old).unwrap();
        fs::rename(&old, &new).unwrap();
        let file = new.join("weir.toml");
        let error = is_used(&file, &new).unwrap_err().to_string();
        assert!(error.contains("write source = \"file:build/new.wasm\""), "{error}");
        // What was built before lies there still.
        fs::create_dir(new.join("build")).unwrap();
        fs::write(new.join("build/old.wasm"), "").unwrap();
        assert!(is_used(&file, &new).is_err());
        let text = fs::read_to_string(&file).unwrap();
        for source in ["file:build/new.wasm", new.to_str().unwrap()] {
            fs::write(&file, text.replace("file:build/old.wasm", source)).unwrap();
            is_used(&file, &new).unwrap();
        }
        fs::write(&file, "[apps.live]").unwrap();
        let error = is_used(&file, &new).unwrap_err().to_string();
        assert!(error.contains("no filter in it is what ") && error.contains("file:build/new.wasm"), "{error}");
    }
}
