//! The report that USR2 asks for: filters, connections and streams, to the log.

use filter::Runtime;
use jobs::Jobs;
use relay::Relay;
use router::Router;

/// Writes it, a line per fact.
pub(crate) fn log(runtime: &Runtime, router: &Router, rtmp: &rtmp::Handle, relay: &Relay, jobs: &Jobs) {
    tracing::info!(connections = router.connections(), streams = router.streams().len(), "report");
    let rtmp::Snapshot {
        accepted,
        open,
        refused,
        accept_errors,
        tls_failed,
        proxy_failed,
        misbehaved,
        publishes,
        plays,
        denied,
        ..
    } = rtmp.counters();
    tracing::info!(
        accepted,
        open,
        refused,
        accept_errors,
        tls_failed,
        proxy_failed,
        misbehaved,
        publishes,
        plays,
        denied,
        "report: rtmp sessions"
    );
    let rtmp::Snapshot { jumps, skipped, closed_slow, closed_stuck, .. } = rtmp.counters();
    tracing::info!(jumps, skipped, closed_slow, closed_stuck, "report: rtmp slow players");
    let rtmp::Snapshot { bytes_in, bytes_out, messages_in, malformed, messages_out, panics, .. } = rtmp.counters();
    tracing::info!(bytes_in, bytes_out, messages_in, malformed, messages_out, panics, "report: rtmp traffic");
    for stream in router.streams() {
        let router::Summary { key, live, subscribers, frames, bytes, gop } = stream;
        tracing::info!(stream = %key, live, subscribers, frames, bytes, gop, "report: stream");
    }
    for router::BackupState { stream, input, degraded, switches } in router.backups() {
        tracing::info!(stream, input, degraded, switches, "report: backup");
    }
    let relay::Snapshot { pulls, pushes, live, tries, lives, refused, over_limit, panics } = relay.counters();
    tracing::info!(pulls, pushes, live, tries, lives, refused, over_limit, panics, "report: relays");
    for one in relay.status() {
        let relay::Status { kind, stream, target, state, since, tries, lives, why, bytes, messages, skipped } = one;
        let since_ms = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            %kind,
            stream,
            target_url = target,
            %state,
            since_ms,
            tries,
            lives,
            bytes,
            messages,
            skipped,
            why,
            "report: relay"
        );
    }
    log_jobs(jobs);
    for line in runtime.report().lines() {
        tracing::info!("report: {line}");
    }
}

fn log_jobs(jobs: &Jobs) {
    let jobs::Snapshot { streams, jobs: wanted, live, slots_taken, slots, .. } = jobs.counters();
    let jobs::Snapshot { starts, restarts, failures, killed, plans, refused, untold, panics, .. } = jobs.counters();
    tracing::info!(
        streams,
        jobs = wanted,
        live,
        slots_taken,
        slots,
        starts,
        restarts,
        failures,
        killed,
        plans,
        refused,
        untold,
        panics,
        "report: jobs"
    );
    for one in jobs.status() {
        let jobs::Status { stream, profile, state, since, pid, starts, lives, fps, speed, why } = one;
        let since_ms = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        let (fps, speed) = (decimal(fps), decimal(speed));
        tracing::info!(stream, profile, %state, since_ms, pid, starts, lives, fps, speed, why, "report: job");
    }
}

/// The same decimal number with more bits: 0.3 stays 0.3, where a plain conversion gives 0.30000001192092896.
fn decimal(n: f32) -> f64 {
    n.to_string().parse().unwrap_or_else(|_| f64::from(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_encoders_keep_their_digits() {
        for (n, shown) in [(0.3, "0.3"), (24.97, "24.97"), (0.0, "0"), (1.01, "1.01"), (1e-7, "0.0000001")] {
            assert_eq!(decimal(n).to_string(), shown);
        }
    }
}
