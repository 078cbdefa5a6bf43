//! `weir run`: assembly, signals, drain.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use filter::{Clock, Runtime, RuntimeConfig};
use jobs::Jobs;
use relay::Relay;
use router::Router;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::{mpsc, oneshot},
};

use crate::{
    certificates::{self, Certificates},
    chains::Filters,
    config::{self, Loaded, Wasm},
    greeting,
    reload::{self, Running},
    report, telemetry,
};

/// Runs until a signal ends it.
pub(crate) fn run(file: Option<&Path>) -> anyhow::Result<()> {
    // First the configuration: nothing is started that it may forbid.
    let loaded = config::load(file)?.serves()?;
    // Then the log, for everything behind has something to say.
    let log = telemetry::start(&loaded.config.log)?;
    let tokio = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?;
    let outcome = tokio.block_on(serve(file, loaded, log));
    // What still blocks, such as a build that a signal has cut short, is not waited for.
    tokio.shutdown_background();
    outcome
}

async fn serve(file: Option<&Path>, loaded: Loaded, log: telemetry::Handle) -> anyhow::Result<()> {
    tracing::info!(version = env!("CARGO_PKG_VERSION"), config = loaded.origin(), "starting");
    reload::warn(&reload::hints(&loaded));
    if let Some(tls) = &loaded.config.rtmp.connection.tls {
        certificates::tell(tls);
    }
    // Signals before anything that takes time: HUP, USR1 and USR2 would end the process until they are caught.
    let mut signals = Signals::new()?;
    // The sockets before the filters: a taken port is known at once, not after a build. Who comes early waits to be accepted.
    let listener = rtmp::Listener::bind(loaded.config.rtmp.clone())?;
    let (plain, tls, rtmp) = (listener.addresses(), listener.tls_addresses(), listener.handle());
    // The filters before the router: its chains are made of them.
    let runtime = Runtime::new(runtime_config(&loaded.config.wasm))?;
    let mut filters = Filters::new(runtime.clone());
    tokio::select! {
        () = filters.set(&loaded.config, loaded.file.as_deref()) => {}
        _ = signals.end() => return Ok(()),
    }
    // The router before the listener serves: it is the one door.
    let router = Router::new(filters.settings(&loaded.config));
    let (stop, stopped) = oneshot::channel();
    let mut serving = tokio::spawn(listener.serve(router.clone(), async {
        // A sender that is gone means the same.
        let _ = stopped.await;
    }));
    let listens = greeting::Listens { plain: &plain, tls: &tls };
    crate::print(&greeting::text(&loaded.config, &listens, &|name| filters.is_ready(name)))?;
    // Relays behind the door and the listener: they come in by the one, and what they fetch goes out by the other.
    let relay = Arc::new(Relay::start(router.clone(), loaded.config.relays()));
    // Encoders likewise: they come in as peers.
    let jobs = Arc::new(Jobs::start(router.clone(), filters.jobs(&loaded.config, loaded.config.jobs.url(&plain))));
    // Reloads last: there must be something to change.
    let (reread, requests) = mpsc::channel(1);
    let deadline = loaded.config.rtmp.drain_timeout;
    let running = Running {
        file: file.map(Into::into),
        loaded,
        filters,
        certificates: Certificates::new(),
        router: router.clone(),
        rtmp: rtmp.clone(),
        relay: Arc::clone(&relay),
        jobs: Arc::clone(&jobs),
        listens: plain,
        log,
    };
    let following = tokio::spawn(running.follow(requests));

    loop {
        tokio::select! {
            received = signals.next() => match received {
                Received::End(name) => {
                    tracing::info!(signal = name, ?deadline, "draining; a second signal ends at once");
                    break;
                }
                Received::Reread => {
                    // Full: a request is waiting already, and it will read the newest file.
                    let _ = reread.try_send(());
                }
                Received::Record => {
                    tracing::info!("recorded streams write what they have");
                    runtime.record();
                }
                Received::Report => report::log(&runtime, &router, &rtmp, &relay, &jobs),
            },
            ended = &mut serving => {
                ended.context("the RTMP listener ended")?;
                return Ok(());
            }
        }
    }
    // No reload may undo the drain.
    following.abort();
    router.close();
    relay.drain();
    let _ = stop.send(());
    tokio::select! {
        () = drained(serving, relay, jobs, &router) => {
            tracing::info!("stopped");
            Ok(())
        }
        name = signals.end() => {
            tracing::warn!(signal = name, "stopped at once");
            Ok(())
        }
    }
}

/// How long the last frames of streams may take to other servers.
const PUSHING: Duration = Duration::from_secs(1);

/// How long encoders may take to end.
const ENCODING: Duration = Duration::from_secs(3);

/// Waits for the connections, and for the filters to hear of their end.
async fn drained(
    serving: tokio::task::JoinHandle<rtmp::Snapshot>,
    relay: Arc<Relay>,
    jobs: Arc<Jobs>,
    router: &Router,
) {
    if let Err(error) = serving.await {
        tracing::error!(%error, "the RTMP listener ended");
    }
    // Every publisher is gone: what is still pushed are last frames.
    relay.ended(PUSHING).await;
    // Encoders have lost both their ends by now.
    jobs.end(ENCODING).await;
    // The listener has its own deadline; a filter that does not return from `on-close` gets a little more.
    const TELLING: Duration = Duration::from_secs(1);
    if tokio::time::timeout(TELLING, router.closed()).await.is_err() {
        tracing::warn!("some filters have not heard of the end of their sessions");
    }
}

/// What the wasm runtime is told.
pub(crate) fn runtime_config(wasm: &Wasm) -> RuntimeConfig {
    RuntimeConfig {
        cache_dir: wasm.cache_dir.clone(),
        clock: Clock::real(),
        max_file_bytes: wasm.max_file_bytes,
        compile_time: wasm.compile_time,
        kv: wasm.kv.clone(),
        outbound: wasm.http.clone(),
        aside_threads: wasm.aside_threads,
        watch: None,
    }
}

/// The signals that a router knows.
struct Signals {
    term: Signal,
    int: Signal,
    hup: Signal,
    usr1: Signal,
    usr2: Signal,
}

impl Signals {
    fn new() -> anyhow::Result<Signals> {
        let catch = |kind| signal(kind).context("signals cannot be caught");
        Ok(Signals {
            term: catch(SignalKind::terminate())?,
            int: catch(SignalKind::interrupt())?,
            hup: catch(SignalKind::hangup())?,
            usr1: catch(SignalKind::user_defined1())?,
            usr2: catch(SignalKind::user_defined2())?,
        })
    }

    /// The next signal. Cancel safe.
    async fn next(&mut self) -> Received {
        tokio::select! {
            () = arrival(&mut self.term) => Received::End("TERM"),
            () = arrival(&mut self.int) => Received::End("INT"),
            () = arrival(&mut self.hup) => Received::Reread,
            () = arrival(&mut self.usr1) => Received::Record,
            () = arrival(&mut self.usr2) => Received::Report,
        }
    }

    /// The next signal that asks for the end; others that come meanwhile are dropped. Cancel safe.
    async fn end(&mut self) -> &'static str {
        loop {
            if let Received::End(name) = self.next().await {
                return name;
            }
        }
    }
}

/// What a signal asks for.
enum Received {
    End(&'static str),
    Reread,
    Record,
    Report,
}

/// Cancel safe.
async fn arrival(signal: &mut Signal) {
    if signal.recv().await.is_none() {
        // No more signals of this kind can come.
        std::future::pending::<()>().await;
    }
}
