//! Configuration and filters anew, while streams run.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};

use jobs::Jobs;
use relay::Relay;
use router::Router;
use tokio::sync::mpsc;

use crate::{
    certificates::{self, Certificates},
    chains::Filters,
    config::{self, Loaded},
    idle, source, telemetry,
};

/// Everything that a reload may change.
pub(crate) struct Running {
    /// The configuration file that was asked for.
    pub(crate) file: Option<PathBuf>,
    pub(crate) loaded: Loaded,
    pub(crate) filters: Filters,
    pub(crate) certificates: Certificates,
    pub(crate) router: Router,
    pub(crate) rtmp: rtmp::Handle,
    pub(crate) relay: Arc<Relay>,
    pub(crate) jobs: Arc<Jobs>,
    /// Where the router listens for RTMP.
    pub(crate) listens: Vec<rtmp::Address>,
    pub(crate) log: telemetry::Handle,
}

impl Running {
    /// Reloads what changes on disk, and everything for each request; one after the other. Never returns while requests may come.
    pub(crate) async fn follow(mut self, mut requests: mpsc::Receiver<()>) {
        self.certificates.set(self.loaded.config.tls_files.clone());
        // What changed since the configuration was read.
        self.renew().await;
        loop {
            tokio::select! {
                request = requests.recv() => match request {
                    Some(()) => self.reread().await,
                    None => return,
                },
                change = self.filters.changes() => self.filters.reload(change).await,
                () = self.certificates.changed() => self.renew().await,
            }
        }
    }

    /// Reads the certificates again. Open connections go on as they began.
    async fn renew(&mut self) {
        let current = &mut self.loaded.config.rtmp.connection.tls;
        if let Some(tls) = self.certificates.reread(current.as_ref()).await {
            for doubt in tls.doubts(SystemTime::now()) {
                tracing::warn!("{doubt}");
            }
            certificates::tell(&tls);
            self.rtmp.set_tls(tls.clone());
            *current = Some(tls);
        }
    }

    /// Reads the configuration again. One with an error in it changes nothing.
    async fn reread(&mut self) {
        let (mut loaded, hints) = match read(self.file.clone()).await {
            Ok(read) => read,
            Err(why) => return refuse(&why),
        };
        if let Some(why) = unfinished(&self.loaded, &loaded) {
            return refuse(&why);
        }
        let (current, new) = (&self.loaded.config.rtmp.connection.tls, &mut loaded.config.rtmp.connection.tls);
        if let (Some(current), Some(new)) = (current, &mut *new) {
            if let Some(why) = certificates::worse(current, new, SystemTime::now()) {
                return refuse(&why);
            }
            if current == new {
                // Clients that have its tickets go on with them.
                *new = current.clone();
            } else {
                certificates::tell(new);
            }
        }
        warn(&hints);
        if let Err(error) = self.log.apply(&loaded.config.log) {
            tracing::error!("{error:#}");
        }
        for key in needs_restart(&self.loaded.config, &loaded.config) {
            tracing::warn!("{key} changed: it needs a restart");
        }
        self.filters.set(&loaded.config, loaded.file.as_deref()).await;
        self.router.reconfigure(self.filters.settings(&loaded.config));
        self.rtmp.reconfigure(loaded.config.rtmp.connection.clone());
        self.certificates.set(loaded.config.tls_files.clone());
        self.relay.reconfigure(loaded.config.relays());
        self.jobs.reconfigure(self.filters.jobs(&loaded.config, loaded.config.jobs.url(&self.listens)));
        tracing::info!(file = loaded.origin(), apps = loaded.config.apps.len(), "configuration reloaded");
        self.loaded = loaded;
        self.renew().await;
    }
}

/// How long a file may take that is read again: one on a server that is gone never comes.
const READ: Duration = Duration::from_secs(30);

/// A configuration with what is doubtful about it, or why there is none. Disks are waited for where nothing else is.
async fn read(file: Option<PathBuf>) -> Result<(Loaded, Vec<String>), String> {
    let name = file.as_ref().map_or_else(|| "the configuration".to_owned(), |file| file.display().to_string());
    let reading = tokio::task::spawn_blocking(move || {
        let loaded = config::load(file.as_deref())?;
        let hints = hints(&loaded);
        Ok((loaded, hints))
    });
    match tokio::time::timeout(READ, reading).await {
        Ok(Ok(read)) => read.map_err(|error: config::Error| error.to_string()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("{name} has not been read within {} s: is its disk there?", READ.as_secs())),
    }
}

fn refuse(why: &str) {
    for line in why.lines() {
        tracing::error!("{line}");
    }
    tracing::error!("configuration refused: what was in force goes on");
}

/// What a file looks like while it is being saved: gone, empty, or with its end missing, where the applications are. It reads
/// without an error, and would take every application away.
fn unfinished(running: &Loaded, loaded: &Loaded) -> Option<String> {
    let why = match (&running.file, &loaded.file) {
        // Another may be there, which nobody asked for.
        (Some(file), new) if new.as_ref() != Some(file) => format!("{} is gone", file.display()),
        (_, Some(file)) if loaded.blank => format!("{} is empty", file.display()),
        _ if loaded.config.apps.is_empty() && !running.config.apps.is_empty() => {
            format!("{}: there is no [apps.NAME], and some are in force", loaded.origin())
        }
        _ => return None,
    };
    Some(format!("{why}: send HUP again when it is saved; to refuse everyone, stop the router"))
}

/// Tells what is valid but doubtful.
pub(crate) fn warn(hints: &[String]) {
    for hint in hints {
        tracing::warn!("{hint}");
    }
}

/// What is valid but doubtful.
pub(crate) fn hints(loaded: &Loaded) -> Vec<String> {
    let notices = loaded.notices.iter().map(ToString::to_string);
    // Which filters are not there is said where they are loaded.
    let of_files = source::check(loaded, |_| true).into_iter().chain(doubts(loaded)).chain(programs(loaded));
    let idle = idle::settings(loaded, |_| None).into_iter().map(|idle| idle.problem.to_string());
    notices.chain(of_files).chain(idle).collect()
}

/// What is doubtful about certificates that can be used.
pub(crate) fn doubts(loaded: &Loaded) -> Vec<String> {
    let tls = loaded.config.rtmp.connection.tls.as_ref();
    tls.map(|tls| tls.doubts(SystemTime::now())).unwrap_or_default()
}

/// Programs of profiles that are not there. They may come while the router runs.
pub(crate) fn programs(loaded: &Loaded) -> Vec<String> {
    let missing = |(name, config::Written { place, profile }): (&String, &config::Written)| {
        let program = profile.program();
        let what = || format!("{place}: profiles.{name}.command: there is no program `{program}` in PATH");
        profile.find(&program).is_none().then(what)
    };
    loaded.config.profiles.iter().filter_map(missing).collect()
}

/// Keys that differ and that a running router cannot change.
fn needs_restart(old: &config::Config, new: &config::Config) -> Vec<&'static str> {
    let differs = [
        ("log.format", old.log.format != new.log.format),
        ("rtmp.listen", old.rtmp.addresses != new.rtmp.addresses),
        ("rtmp.unix_mode", old.rtmp.unix_mode != new.rtmp.unix_mode),
        ("rtmp.backlog", old.rtmp.backlog != new.rtmp.backlog),
        ("rtmp.max_connections", old.rtmp.max_connections != new.rtmp.max_connections),
        ("rtmps.listen", old.rtmp.tls_addresses != new.rtmp.tls_addresses),
        ("drain.deadline", old.rtmp.drain_timeout != new.rtmp.drain_timeout),
        ("[wasm]", old.wasm != new.wasm),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(key, _)| key).collect()
}
