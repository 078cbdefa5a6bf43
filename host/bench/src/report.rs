//! What a run found out: for machines as it is, for people as a table.

mod table;

use crate::check::Faults;
use crate::histogram::Percentiles;
use crate::plan::{Plan, Work};
use crate::run::{Costs, Counted};
use crate::worker::Kind;
use serde::Serialize;
use std::time::Duration;

/// A report. Fields that make no sense for a kind of work are left out.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What was done.
    pub work: Work,
    /// To whom.
    pub url: String,
    /// `plain` or `digest`.
    pub handshake: &'static str,
    /// How long was measured.
    pub seconds: f64,
    /// The publishers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publishers: Option<Publishers>,
    /// The players.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub players: Option<Players>,
    /// Players that took nothing once they played.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stuck: Option<Stuck>,
    /// Connections that came and went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storm: Option<Storm>,
    /// Connections that did nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle: Option<Idle>,
    /// What the server cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<Server>,
    /// Cores that the load itself used.
    pub load_cores: f64,
    /// Why connections failed or ended.
    pub failures: Vec<Failure>,
}

/// What publishers did.
#[derive(Clone, Debug, Serialize)]
pub struct Publishers {
    /// Asked for.
    pub wanted: u32,
    /// Publishing at the end.
    pub publishing: u32,
    /// Sent within the measurement.
    pub messages: u64,
    /// Bytes of bodies.
    pub bytes: u64,
    /// How late frames were made, in milliseconds: more than a few say that the server or this machine is too slow.
    pub behind_ms: Percentiles,
}

/// What players got.
#[derive(Clone, Debug, Serialize)]
pub struct Players {
    /// Asked for.
    pub wanted: u32,
    /// Playing at the end.
    pub playing: u32,
    /// Received within the measurement.
    pub messages: u64,
    /// Bytes on the wire.
    pub bytes: u64,
    /// Megabits per second, of all players together.
    pub mbit_per_s: f64,
    /// Frames verified, over the whole run.
    pub verified: u64,
    /// Audio and video without a stamp, over the whole run: headers, and frames of other publishers.
    pub unstamped: u64,
    /// What was wrong, over the whole run.
    #[serde(flatten)]
    pub faults: Faults,
    /// From the publisher's stamp to the player, in milliseconds.
    pub video_latency_ms: Percentiles,
    /// The same of audio.
    pub audio_latency_ms: Percentiles,
    /// From the first SYN to Play.Start.
    pub start_ms: Percentiles,
    /// From the play command to the first key frame.
    pub join_ms: Percentiles,
    /// From the first SYN to the first key frame.
    pub picture_ms: Percentiles,
}

/// What became of players that took nothing once they played. That a server closes them is no failure.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Stuck {
    /// Asked for.
    pub wanted: u32,
    /// Came to play, over the whole run.
    pub played: u64,
    /// Of those, closed by the server, over the whole run.
    pub closed: u64,
}

/// How fast connections came to play.
#[derive(Clone, Debug, Serialize)]
pub struct Storm {
    /// Within the measurement.
    pub connections: u64,
    /// Per second.
    pub per_second: f64,
    /// From the first SYN to Play.Start, in milliseconds.
    pub start_ms: Percentiles,
}

/// What idle connections did.
#[derive(Clone, Debug, Serialize)]
pub struct Idle {
    /// Asked for.
    pub wanted: u32,
    /// There at the end.
    pub connected: u32,
    /// From the first SYN to the wanted stage, in milliseconds.
    pub start_ms: Percentiles,
}

/// What the server's process and its children cost.
#[derive(Clone, Debug, Serialize)]
pub struct Server {
    /// As given.
    pub pid: u32,
    /// Processes.
    pub processes: u32,
    /// Seconds on a core within the measurement.
    pub cpu_s: f64,
    /// Cores used.
    pub cores: f64,
    /// Seconds on a core per gigabyte (10^9) delivered to players.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_s_per_gb: Option<f64>,
    /// Microseconds on a core per connection that came and went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_us_per_connection: Option<f64>,
    /// Resident memory at the end, in KiB.
    pub rss_kib: u64,
    /// The same with shared pages divided by their users.
    pub pss_kib: u64,
    /// Proportional memory per publisher, in KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kib_per_publisher: Option<f64>,
    /// Proportional memory per player or idle connection, in KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kib_per_connection: Option<f64>,
}

/// Why, and how often.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// For people.
    pub reason: String,
    /// How often.
    pub count: u64,
}

impl Report {
    /// Whether everybody came through and nothing was wrong.
    pub fn is_clean(&self) -> bool {
        self.failures.is_empty()
            && self.publishers.as_ref().is_none_or(|p| p.publishing == p.wanted)
            && self.players.as_ref().is_none_or(|p| p.playing == p.wanted && p.faults.is_clean())
            && self.stuck.is_none_or(|s| s.played == u64::from(s.wanted))
            && self.idle.as_ref().is_none_or(|i| i.connected == i.wanted)
            && self.storm.as_ref().is_none_or(|s| s.start_ms.count > 0)
    }

    /// Whether there is nothing to report but failures.
    pub(crate) fn came_to_nothing(&self) -> bool {
        let anybody = self.publishers.as_ref().is_some_and(|p| p.publishing > 0)
            || self.players.as_ref().is_some_and(|p| p.playing > 0 || p.verified + p.unstamped > 0)
            || self.stuck.is_some_and(|s| s.played > 0)
            || self.storm.as_ref().is_some_and(|s| s.start_ms.count > 0)
            || self.idle.as_ref().is_some_and(|i| i.connected > 0);
        !anybody && !self.failures.is_empty()
    }
}

pub(crate) fn make(plan: &Plan, costs: &Costs, window: Duration, counted: &[Counted]) -> Report {
    let seconds = window.as_secs_f64().max(1e-9);
    let mut report = Report {
        work: plan.work,
        url: plan.url.clone(),
        handshake: if plan.digest { "digest" } else { "plain" },
        seconds,
        publishers: None,
        players: None,
        stuck: None,
        storm: None,
        idle: None,
        server: None,
        load_cores: costs.load_ns as f64 / 1e9 / seconds,
        failures: Vec::new(),
    };
    for Counted { kind, wanted, ready, tally } in counted {
        let (wanted, ready) = (*wanted, *ready);
        let start_ms = tally.start.percentiles();
        match kind {
            Kind::Publish => {
                report.publishers = Some(Publishers {
                    wanted,
                    publishing: ready,
                    messages: tally.sent.messages,
                    bytes: tally.sent.bytes,
                    behind_ms: tally.behind.percentiles(),
                });
            }
            Kind::Play => {
                report.players = Some(Players {
                    wanted,
                    playing: ready,
                    messages: tally.received.messages,
                    bytes: tally.received.bytes,
                    mbit_per_s: tally.received.bytes as f64 * 8.0 / 1e6 / seconds,
                    verified: tally.stamped,
                    unstamped: tally.unstamped,
                    faults: tally.faults,
                    video_latency_ms: tally.video_latency.percentiles(),
                    audio_latency_ms: tally.audio_latency.percentiles(),
                    start_ms,
                    join_ms: tally.join.percentiles(),
                    picture_ms: tally.picture.percentiles(),
                });
            }
            Kind::Stall => {
                report.stuck = Some(Stuck { wanted, played: start_ms.count, closed: tally.closed });
            }
            Kind::Visit => {
                let per_second = tally.connections as f64 / seconds;
                report.storm = Some(Storm { connections: tally.connections, per_second, start_ms });
            }
            Kind::Idle(_) => report.idle = Some(Idle { wanted, connected: ready, start_ms }),
        }
        report
            .failures
            .extend(tally.failures.iter().map(|(reason, count)| Failure { reason: reason.clone(), count: *count }));
    }
    report.failures.sort_by_key(|failure| std::cmp::Reverse(failure.count));
    report.server = server(plan, costs, seconds, &report);
    report
}

fn server(plan: &Plan, costs: &Costs, seconds: f64, report: &Report) -> Option<Server> {
    let (pid, before, from, to) = (plan.server_pid?, costs.before?, costs.from?, costs.to?);
    let cpu_s = to.cpu_ns.saturating_sub(from.cpu_ns) as f64 / 1e9;
    let grown = |from: u64, to: u64, by: u32| (by > 0).then(|| (to as f64 - from as f64) / 1024.0 / f64::from(by));
    let publishers = report.publishers.as_ref().map_or(0, |p| p.publishing);
    let others = report.players.as_ref().map(|p| p.playing).or(report.idle.as_ref().map(|i| i.connected)).unwrap_or(0);
    let settled = costs.publishing.unwrap_or(before);
    let with_publishers = if others > 0 { costs.publishing } else { Some(from) };
    let bytes = report.players.as_ref().map_or(0, |p| p.bytes);
    let visits = report.storm.as_ref().map_or(0, |s| s.connections);
    Some(Server {
        pid,
        processes: to.processes,
        cpu_s,
        cores: cpu_s / seconds,
        cpu_s_per_gb: (bytes > 0).then(|| cpu_s / (bytes as f64 / 1e9)),
        cpu_us_per_connection: (visits > 0).then(|| cpu_s * 1e6 / visits as f64),
        rss_kib: to.rss / 1024,
        pss_kib: to.pss / 1024,
        kib_per_publisher: with_publishers.and_then(|with| grown(before.pss, with.pss, publishers)),
        kib_per_connection: grown(settled.pss, costs.playing.unwrap_or(from).pss, others),
    })
}
