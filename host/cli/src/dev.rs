//! `weir dev`: a filter is built at every save, and the router takes the new file over.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::signal::unix::{SignalKind, signal};

use crate::arguments::Dev;
use crate::source;
use crate::watch::Watch;

/// Runs until it is interrupted, or until the router that it started ends.
pub(crate) fn run(dev: &Dev) -> anyhow::Result<()> {
    // A folder that is no filter is told before anything is started.
    guest_build::inputs(&dev.dir)?;
    if let Some(config) = dev.config.as_deref().filter(|config| !config.is_file()) {
        bail!("{}: there is no such file", config.display());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(serve(dev))
}

async fn serve(dev: &Dev) -> anyhow::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
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
            _ = interrupt.recv() => break,
            _ = terminate.recv() => break,
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
        Some(mut router) => end(&mut router).await,
        None => Ok(()),
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

/// Ends the router as a supervisor does: connections may end first.
async fn end(router: &mut Child) -> anyhow::Result<()> {
    let asked = Command::new("kill").args(["-TERM", &router.id().to_string()]).stderr(Stdio::null()).status().is_ok();
    let deadline = Instant::now() + if asked { DRAIN } else { Duration::ZERO };
    while router.try_wait()?.is_none() {
        if Instant::now() >= deadline {
            router.kill()?;
        }
        tokio::time::sleep(LOOK).await;
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
