//! `weir bench`: the command line of the load tool.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::bail;
use bench::{Plan, Stage, Stop, Trust, Work, clip, floor::Settings};
use clap::{Args, Subcommand, ValueEnum};

use crate::config::read_duration;

/// What the load tool does.
#[derive(Subcommand, Debug)]
pub(crate) enum Bench {
    /// Publish synthetic streams; also a test source for people without an encoder
    Publish {
        #[command(flatten)]
        load: Load,
        #[command(flatten)]
        clip: Clip,
        /// Streams to publish
        #[arg(long, short = 's', default_value_t = 1)]
        streams: u32,
    },
    /// Play streams that somebody publishes, and verify each frame that carries a stamp
    Play {
        #[command(flatten)]
        load: Load,
        /// Players in all, spread over the streams
        #[arg(long, short = 'p', default_value_t = 1)]
        players: u32,
        /// Streams there are
        #[arg(long, short = 's', default_value_t = 1)]
        streams: u32,
        #[command(flatten)]
        stuck: Stuck,
        /// The streams have no video: a player has joined when it hears something
        #[arg(long)]
        audio_only: bool,
    },
    /// Publish and play in one run
    Mix {
        #[command(flatten)]
        load: Load,
        #[command(flatten)]
        clip: Clip,
        /// Players in all, spread over the streams
        #[arg(long, short = 'p', default_value_t = 1)]
        players: u32,
        /// Streams to publish
        #[arg(long, short = 's', default_value_t = 1)]
        streams: u32,
        #[command(flatten)]
        stuck: Stuck,
    },
    /// Connect, play, leave as soon as playing starts, and again
    Storm {
        #[command(flatten)]
        load: Load,
        /// Connections at one time
        #[arg(long, short = 'c', default_value_t = 50)]
        concurrency: u32,
        /// Connections in all, at most
        #[arg(long, short = 'n', default_value_t = 100_000)]
        connections: u32,
    },
    /// Connect and do nothing: what does a connection cost?
    Idle {
        #[command(flatten)]
        load: Load,
        /// Connections
        #[arg(long, short = 'n', default_value_t = 100)]
        connections: u32,
        /// How far each goes
        #[arg(long, value_enum, default_value_t = Until::Connect)]
        until: Until,
    },
    /// Serve as the null server: each message leaves with one plain write per player. The least that any server can do
    Floor {
        /// Where to listen
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
        /// Audio leaves with the next video frame, at most 50 ms later
        #[arg(long)]
        hold_audio: bool,
        /// The core to stay on
        #[arg(long)]
        cpu: Option<usize>,
        /// When to end
        #[arg(long, default_value = "10m", value_parser = time)]
        time: Duration,
        /// Connections at one time, at most
        #[arg(long, default_value_t = 10_000)]
        connections: u32,
        /// Print JSON, one value per line
        #[arg(long)]
        json: bool,
    },
}

/// What all loads have in common.
#[derive(Args, Debug)]
pub(crate) struct Load {
    /// rtmp://HOST:PORT/APP/NAME or rtmps (the port may be left out); with several streams `{}` in it is the stream's number, or the number is appended
    url: String,
    /// With rtmps: a PEM file with the server's certificate or its issuer's [default: the issuers that this machine knows]
    #[arg(long, value_name = "FILE", conflicts_with = "insecure")]
    ca: Option<PathBuf>,
    /// With rtmps: take any certificate, for a test server of your own
    #[arg(long)]
    insecure: bool,
    /// How long to measure
    #[arg(long, short = 't', default_value = "10s", value_parser = time)]
    time: Duration,
    /// From the last connection's start to the measurement
    #[arg(long, default_value = "1s", value_parser = time)]
    warm_up: Duration,
    /// How long connections may take to start
    #[arg(long, default_value = "30s", value_parser = time)]
    start_timeout: Duration,
    /// Connections opened per second while the run starts
    #[arg(long, default_value_t = 500)]
    ramp: u32,
    /// Handshakes with a digest, as most real clients' are
    #[arg(long)]
    digest: bool,
    /// Payload bytes per chunk that we send
    #[arg(long, default_value_t = 4096)]
    chunk_size: u32,
    /// Cores for the load, one thread on each: `--cpus 1,2`
    #[arg(long, value_delimiter = ',')]
    cpus: Vec<usize>,
    /// A process of the server on this machine: report what it and its children cost
    #[arg(long, value_name = "PID")]
    server_pid: Option<u32>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// What publishers send.
#[derive(Args, Debug)]
pub(crate) struct Clip {
    /// Picture size in pixels
    #[arg(long, default_value = "320x180", value_parser = size)]
    size: (u32, u32),
    /// Pictures per second
    #[arg(long, default_value_t = 25)]
    fps: u32,
    /// From key frame to key frame
    #[arg(long, default_value = "2s", value_parser = time)]
    gop: Duration,
    /// Kilobits per second of video; 0: none
    #[arg(long, default_value_t = 1872)]
    video_kbps: u32,
    /// Kilobits per second of audio; 0: none
    #[arg(long, default_value_t = 128)]
    audio_kbps: u32,
    /// So many times faster than real time, timestamps too: 10 makes an hour of a stream pass in six minutes
    #[arg(long, default_value_t = 1)]
    speed: u32,
}

/// Players that do harm.
#[derive(Args, Debug)]
pub(crate) struct Stuck {
    /// Players more that play and then take nothing: the report says how many the server closed, which is no failure
    #[arg(long, value_name = "PLAYERS", default_value_t = 0)]
    stuck: u32,
}

/// How far idle connections go.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub(crate) enum Until {
    /// TCP, without a word
    Tcp,
    /// The answer to connect
    Connect,
}

/// Does it. A run in which somebody did not come through, or something was wrong, is a failure after its report.
pub(crate) fn run(bench: Bench) -> anyhow::Result<()> {
    let stop = stopped_by_signals()?;
    let default = clip::Settings::default();
    let nobody = Stuck { stuck: 0 };
    let speed = match &bench {
        Bench::Publish { clip, .. } | Bench::Mix { clip, .. } => clip.speed,
        _ => 1,
    };
    let (work, load, clip, stuck) = match bench {
        Bench::Publish { load, clip, streams } => (Work::Publish { streams }, load, clip.settings(), nobody),
        Bench::Play { load, players, streams, stuck, audio_only } => {
            let video_kbps = if audio_only { 0 } else { default.video_kbps };
            (Work::Play { streams, players }, load, clip::Settings { video_kbps, ..default }, stuck)
        }
        Bench::Mix { load, clip, players, streams, stuck } => {
            (Work::Mix { streams, players }, load, clip.settings(), stuck)
        }
        Bench::Storm { load, concurrency, connections } => {
            (Work::Storm { concurrency, connections }, load, default, nobody)
        }
        Bench::Idle { load, connections, until } => {
            let stage = match until {
                Until::Tcp => Stage::Tcp,
                Until::Connect => Stage::Connect,
            };
            (Work::Idle { connections, stage }, load, default, nobody)
        }
        Bench::Floor { listen, hold_audio, cpu, time, connections, json } => {
            let backlog = bench::floor::BACKLOG;
            return floor(&Settings { listen, hold_audio, cpu, time, connections, backlog }, &stop, json);
        }
    };
    let Load { url, ca, insecure, time, warm_up, start_timeout, ramp, digest, chunk_size, cpus, server_pid, json } =
        load;
    let Stuck { stuck } = stuck;
    let trust = match (ca, insecure) {
        (Some(file), _) => Trust::File(file),
        (None, true) => Trust::Anyone,
        (None, false) => Trust::System,
    };
    let plan = Plan {
        work,
        url,
        trust,
        clip,
        speed,
        digest,
        chunk_size,
        stuck,
        time,
        warm_up,
        start_timeout,
        ramp,
        cpus,
        server_pid,
    };
    let report = bench::run(&plan, &stop)?;
    crate::print(&if json { serde_json::to_string_pretty(&report)? + "\n" } else { report.to_string() })?;
    if !report.is_clean() {
        bail!("the run was not clean");
    }
    Ok(())
}

fn floor(settings: &Settings, stop: &Stop, json: bool) -> anyhow::Result<()> {
    // Scripts read the address from here, so it has to be out at once.
    let say = |text: String| crate::print(&(text + "\n"));
    let mut said = Ok(());
    let summary = bench::floor(settings, stop, |address| {
        let url = format!("rtmp://{address}/live/NAME");
        said =
            say(if json { serde_json::json!({ "listening": address }).to_string() } else { format!("serving {url}") });
    })?;
    said?;
    say(if json {
        serde_json::to_string(&summary)?
    } else {
        format!(
            "{} connections, {} messages in, {} writes and {} bytes out, {} players fell behind",
            summary.connections, summary.messages, summary.writes, summary.bytes, summary.dropped
        )
    })
}

/// The first INT or TERM ends the run with a report of what was; a second one ends the process.
fn stopped_by_signals() -> anyhow::Result<Stop> {
    let stop = Stop::default();
    let told = stop.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        runtime.block_on(async {
            use tokio::signal::unix::{SignalKind, signal};
            let (Ok(mut int), Ok(mut term)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else {
                return;
            };
            for code in [None, Some(130)] {
                tokio::select! { _ = int.recv() => {}, _ = term.recv() => {} }
                told.stop();
                if let Some(code) = code {
                    std::process::exit(code);
                }
            }
        });
    })?;
    Ok(stop)
}

impl Clip {
    fn settings(&self) -> clip::Settings {
        let Clip { size: (width, height), fps, gop, video_kbps, audio_kbps, speed: _ } = *self;
        clip::Settings { width, height, fps, gop, video_kbps, audio_kbps }
    }
}

fn time(text: &str) -> Result<Duration, String> {
    read_duration(text).ok_or_else(|| "a duration such as 10s, 500ms, 2m".to_owned())
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    parts.ok_or_else(|| "a size such as 640x360".to_owned())
}
