//! A report for people.

use super::{Players, Report, Server};
use crate::histogram::Percentiles;
use std::fmt;

/// Width of the names.
const NAME: usize = 22;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.is_clean() { "ok" } else { "NOT CLEAN" };
        writeln!(f, "{}  {:.1} s measured, {} handshake: {word}", self.url, self.seconds, self.handshake)?;
        if let Some(p) = &self.publishers {
            line(f, "publishers", &format!("{} of {}", p.publishing, p.wanted))?;
            line(f, "  sent", &flow(p.messages, p.bytes, self.seconds))?;
            times(f, "  frames late by", &p.behind_ms)?;
        }
        if let Some(p) = &self.players {
            players(f, p, self.seconds)?;
        }
        if let Some(s) = &self.stuck {
            line(f, "stuck players", &format!("{} of {}, {} closed by the server", s.played, s.wanted, s.closed))?;
        }
        if let Some(s) = &self.storm {
            line(f, "connections", &format!("{}, {:.0} per second", s.connections, s.per_second))?;
            times(f, "  to Play.Start", &s.start_ms)?;
        }
        if let Some(i) = &self.idle {
            line(f, "idle connections", &format!("{} of {}", i.connected, i.wanted))?;
            times(f, "  to there", &i.start_ms)?;
        }
        if let Some(s) = &self.server {
            server(f, s)?;
        }
        line(f, "load", &format!("{:.2} cores", self.load_cores))?;
        for failure in &self.failures {
            line(f, "failed", &format!("{} x {}", failure.count, failure.reason))?;
        }
        Ok(())
    }
}

fn players(f: &mut fmt::Formatter<'_>, p: &Players, seconds: f64) -> fmt::Result {
    line(f, "players", &format!("{} of {}", p.playing, p.wanted))?;
    line(f, "  received", &flow(p.messages, p.bytes, seconds))?;
    let faults = &p.faults;
    let found = [
        (faults.lost, "lost"),
        (faults.reordered, "reordered"),
        (faults.repeated, "repeated"),
        (faults.corrupt, "corrupt"),
        (faults.misrouted, "of other streams"),
        (faults.backwards, "back in time"),
    ];
    let wrong: Vec<String> = found.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let wrong = if wrong.is_empty() { "none wrong".to_owned() } else { wrong.join(", ") };
    line(f, "  verified", &format!("{} frames, {wrong}; {} without a stamp", p.verified, p.unstamped))?;
    times(f, "  video latency", &p.video_latency_ms)?;
    times(f, "  audio latency", &p.audio_latency_ms)?;
    times(f, "  to Play.Start", &p.start_ms)?;
    times(f, "  play to key frame", &p.join_ms)?;
    times(f, "  all to key frame", &p.picture_ms)
}

fn server(f: &mut fmt::Formatter<'_>, s: &Server) -> fmt::Result {
    let processes = if s.processes == 1 { String::new() } else { format!(", {} processes", s.processes) };
    line(f, "server", &format!("{:.3} CPU-s, {:.1} % of a core{processes}", s.cpu_s, s.cores * 100.0))?;
    if let Some(cost) = s.cpu_s_per_gb {
        line(f, "  per GB delivered", &format!("{cost:.3} CPU-s"))?;
    }
    if let Some(cost) = s.cpu_us_per_connection {
        line(f, "  per connection", &format!("{cost:.1} us"))?;
    }
    line(f, "  memory", &format!("{} KiB resident, {} KiB proportional", s.rss_kib, s.pss_kib))?;
    if let Some(kib) = s.kib_per_publisher {
        line(f, "  per publisher", &format!("{kib:.1} KiB"))?;
    }
    if let Some(kib) = s.kib_per_connection {
        line(f, "  per connection", &format!("{kib:.1} KiB"))?;
    }
    Ok(())
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, text: &str) -> fmt::Result {
    writeln!(f, "  {name:NAME$}{text}")
}

fn times(f: &mut fmt::Formatter<'_>, name: &str, p: &Percentiles) -> fmt::Result {
    if p.count == 0 {
        return Ok(());
    }
    let text = format!("p50 {:.2}  p90 {:.2}  p99 {:.2}  max {:.2} ms", p.p50, p.p90, p.p99, p.max);
    line(f, name, &text)
}

fn flow(messages: u64, bytes: u64, seconds: f64) -> String {
    let mbit = bytes as f64 * 8.0 / 1e6 / seconds;
    format!("{messages} messages, {:.1} MB, {mbit:.1} Mbit/s", bytes as f64 / 1e6)
}
