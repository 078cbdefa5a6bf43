//! Leads a run: starts threads, waits for connections, opens and closes the measurement, makes the report.

use crate::affinity;
use crate::clip::Clip;
use crate::clock::now_ns;
use crate::error::Error;
use crate::plan::{Plan, Target, Work};
use crate::process::{Cost, cost};
use crate::report::{self, Report};
use crate::shared::{Progress, Stop};
use crate::tally::Tally;
use crate::worker::{Assignment, Kind, Worker};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::thread::JoinHandle;
use std::time::Duration;

/// How often the leader looks.
const LOOK: Duration = Duration::from_millis(2);

/// Does what the plan says; returns when it is done, when its times are over, or soon after `stop`.
///
/// # Errors
/// The plan makes no sense, the server's process cannot be watched, or nothing came through.
pub fn run(plan: &Plan, stop: &Stop) -> Result<Report, Error> {
    let target = plan.target()?;
    let clip = Arc::new(Clip::new(plan.clip)?);
    let (publishers, players) = plan.counts();
    affinity::allow_sockets(publishers + players + plan.stuck)?;
    let mut session = [0; 4];
    getrandom::fill(&mut session).map_err(|error| Error::Plan(error.to_string()))?;
    let mut leader = Leader {
        plan: Arc::new(plan.clone()),
        target: Arc::new(target),
        clip,
        stop: stop.clone(),
        session: u32::from_ne_bytes(session),
        groups: Vec::new(),
    };
    let outcome = leader.lead();
    // Threads end, whatever happened.
    let tallies = leader.end();
    let (costs, window) = outcome?;
    let tallies = tallies?;
    let report = report::make(plan, &costs, window, &tallies);
    if report.came_to_nothing() {
        return Err(Error::Nothing(format!("no connection came through: {}", reasons(&report.failures))));
    }
    Ok(report)
}

/// Why connections failed, each reason with their number if it is of several.
fn reasons(failures: &[report::Failure]) -> String {
    let reason = |f: &report::Failure| match f.count {
        1 => f.reason.clone(),
        n => format!("{} (of {n} connections)", f.reason),
    };
    failures.iter().map(reason).collect::<Vec<_>>().join("; ")
}

/// What the server's process cost at each stage.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Costs {
    /// Before any connection of ours.
    pub(crate) before: Option<Cost>,
    /// With the publishers.
    pub(crate) publishing: Option<Cost>,
    /// With the players, before any that get stuck.
    pub(crate) playing: Option<Cost>,
    /// With everybody, at the start and the end of the measurement.
    pub(crate) from: Option<Cost>,
    pub(crate) to: Option<Cost>,
    /// Our own, in the same time.
    pub(crate) load_ns: u64,
}

/// The connections of one kind.
pub(crate) struct Group {
    pub(crate) kind: Kind,
    pub(crate) count: u32,
    progress: Arc<Progress>,
    threads: Vec<JoinHandle<Result<Tally, Error>>>,
    /// How many were there at the end of the measurement.
    pub(crate) ready: u32,
}

/// One kind's counts.
pub(crate) struct Counted {
    pub(crate) kind: Kind,
    pub(crate) wanted: u32,
    pub(crate) ready: u32,
    pub(crate) tally: Tally,
}

struct Leader {
    plan: Arc<Plan>,
    target: Arc<Target>,
    clip: Arc<Clip>,
    stop: Stop,
    session: u32,
    groups: Vec<Group>,
}

impl Leader {
    /// All stages; gives what the server cost and how long the measurement took.
    fn lead(&mut self) -> Result<(Costs, Duration), Error> {
        let plan = Arc::clone(&self.plan);
        let measure = || plan.server_pid.map(cost).transpose();
        let mut costs = Costs { before: measure()?, ..Costs::default() };
        let (publishers, others) = plan.counts();
        if publishers > 0 {
            self.start(Kind::Publish, publishers)?;
            self.wait_for_all();
        }
        let kind = match plan.work {
            Work::Publish { .. } => None,
            Work::Play { .. } | Work::Mix { .. } => Some(Kind::Play),
            Work::Storm { .. } => Some(Kind::Visit),
            Work::Idle { stage, .. } => Some(Kind::Idle(stage)),
        };
        if let Some(kind) = kind {
            if publishers > 0 {
                // A usual GOP is in every cache before anybody joins.
                self.sleep(plan.clip.gop.min(Duration::from_secs(2)));
                costs.publishing = measure()?;
            }
            self.start(kind, others)?;
            if kind != Kind::Visit {
                self.wait_for_all();
            }
        }
        if plan.stuck > 0 {
            costs.playing = measure()?;
            self.start(Kind::Stall, plan.stuck)?;
            self.wait_for_all();
        }
        self.sleep(plan.warm_up);
        costs.from = measure()?;
        let load = || cost(std::process::id()).map_or(0, |cost| cost.cpu_ns);
        let (from, load_from) = (now_ns(), load());
        self.groups.iter().for_each(|group| group.progress.measure_from(from));
        self.sleep(plan.time);
        let to = now_ns();
        self.groups.iter().for_each(|group| group.progress.measure_to(to));
        costs.to = measure()?;
        costs.load_ns = load().saturating_sub(load_from);
        for group in &mut self.groups {
            group.ready = group.progress.ready.load(Relaxed);
        }
        Ok((costs, Duration::from_nanos(to - from)))
    }

    fn start(&mut self, kind: Kind, count: u32) -> Result<(), Error> {
        let step = u32::try_from(self.plan.cpus.len().max(1)).unwrap_or(1).min(count);
        let progress = Arc::new(Progress::default());
        let mut group = Group { kind, count, progress, threads: Vec::new(), ready: 0 };
        for first in 0..step {
            let worker = Worker::new(Assignment {
                plan: Arc::clone(&self.plan),
                target: Arc::clone(&self.target),
                clip: Arc::clone(&self.clip),
                progress: Arc::clone(&group.progress),
                stop: self.stop.clone(),
                session: self.session,
                cpu: self.plan.cpus.get(first as usize).copied(),
                kind,
                first,
                step,
                count,
            })?;
            let thread = std::thread::Builder::new()
                .name(format!("{kind:?}-{first}"))
                .spawn(move || worker.run())
                .map_err(Error::system("starting a thread"))?;
            group.threads.push(thread);
        }
        self.groups.push(group);
        Ok(())
    }

    /// Waits until each of the last group's connections is there or will never be.
    fn wait_for_all(&self) {
        let Some(group) = self.groups.last() else { return };
        let ramp = Duration::from_secs(u64::from(group.count / self.plan.ramp));
        let until = now_ns() + u64::try_from((self.plan.start_timeout + ramp).as_nanos()).unwrap_or(u64::MAX / 2);
        while now_ns() < until && !self.stop.is_stopped() && !self.is_broken() {
            let progress = &group.progress;
            if progress.ready.load(Relaxed) + progress.over.load(Relaxed) >= group.count {
                return;
            }
            std::thread::sleep(LOOK);
        }
    }

    fn sleep(&self, time: Duration) {
        let until = now_ns().saturating_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX / 2));
        loop {
            let left = until.saturating_sub(now_ns());
            if left == 0 || self.stop.is_stopped() || self.is_broken() {
                return;
            }
            std::thread::sleep(Duration::from_nanos(left).min(Duration::from_millis(50)));
        }
    }

    /// Whether a thread has ended by itself: only an error does that. Or there is nobody left to measure.
    fn is_broken(&self) -> bool {
        let counts = |group: &Group| group.count > 0 && !matches!(group.kind, Kind::Visit | Kind::Stall);
        let gone = |group: &Group| counts(group) && group.progress.over.load(Relaxed) >= group.count;
        self.groups.iter().any(|group| gone(group) || group.threads.iter().any(JoinHandle::is_finished))
    }

    /// Players first, so that no publisher's end looks like a fault to them.
    fn end(&mut self) -> Result<Vec<Counted>, Error> {
        let mut counted = Vec::new();
        while let Some(group) = self.groups.pop() {
            group.progress.ended.store(true, Relaxed);
            let mut tally = Tally::default();
            for thread in group.threads {
                let result = thread.join().map_err(|_| Error::Plan("a thread of the load panicked".into()))?;
                tally.merge(&result?);
            }
            counted.push(Counted { kind: group.kind, wanted: group.count, ready: group.ready, tally });
        }
        Ok(counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_of_one_connection_has_no_number() {
        let of = |count| report::Failure { reason: "connection refused".into(), count };
        assert_eq!(reasons(&[of(1)]), "connection refused");
        assert_eq!(reasons(&[of(3), of(1)]), "connection refused (of 3 connections); connection refused");
    }
}
