//! How long a call of a media hook may take, once its limit is passed.
//!
//! Two bounds, for every kind of call the same:
//! * **The limit itself, in CPU time of the calling thread.** A machine that has not run the thread is not the guest's fault.
//! * **A ceiling in wall time**, four times the limit and [`FLOOR`] more: whoever waits for the call does not wait for ever because the
//!   machine is overloaded. A call that comes back within a tick of its next turn is none of those: it was only not run.
//!
//! Calls are looked at with every tick, on their own thread, where its CPU time is exact. What a call used before the first look is not
//! known and counts for nothing: one that is over ends up to that much late, a few ms ([`engine`](crate::engine)).

use std::time::Duration;

/// What every call has in wall time beside four times its limit: as long as a machine with hundreds of busy threads may leave one
/// out.
const FLOOR: Duration = Duration::from_millis(500);

/// The running call's; of one that has ended, how.
#[derive(Debug)]
pub(crate) struct Deadline {
    limit: Duration,
    /// As the engines' stopwatch counts.
    started: u64,
    /// CPU time of the thread at the first look.
    since: Option<Duration>,
    /// It was looked at behind the ceiling already.
    warned: bool,
    /// It was ended by the ceiling: after so much wall and CPU time.
    starved: Option<(Duration, Duration)>,
}

impl Deadline {
    pub(crate) fn new() -> Deadline {
        Deadline { limit: Duration::ZERO, started: 0, since: None, warned: false, starved: None }
    }

    /// A call begins, at this moment of the engines' stopwatch.
    #[inline]
    pub(crate) fn begin(&mut self, limit: Duration, started: u64) {
        self.limit = limit;
        self.started = started;
        self.since = None;
        self.warned = false;
        self.starved = None;
    }

    /// When it began.
    pub(crate) fn started(&self) -> u64 {
        self.started
    }

    /// A tick has passed, and the call still runs, since so long. Whether it is to end.
    pub(crate) fn is_over(&mut self, waited: Duration, cpu: Duration) -> bool {
        let used = cpu.saturating_sub(*self.since.get_or_insert(cpu));
        if used >= self.limit {
            return true;
        }
        if waited < self.limit.saturating_mul(4).saturating_add(FLOOR) {
            return false;
        }
        if !std::mem::replace(&mut self.warned, true) {
            return false;
        }
        self.starved = Some((waited, used));
        true
    }

    /// What is to be said of the end, beside that it ran past its deadline.
    pub(crate) fn why(&self) -> String {
        let limit = self.limit;
        match self.starved {
            None => format!("ran past its deadline of {limit:?}"),
            Some((waited, used)) => format!(
                "ran past its deadline: {waited:?} have passed, in which the machine ran it for {used:?} of the {limit:?} that it has"
            ),
        }
    }
}

/// CPU time of the calling thread.
pub(crate) fn thread_cpu() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    now.try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_call_has_its_limit_in_cpu_time_however_long_that_takes() {
        let mut deadline = Deadline::new();
        deadline.begin(ms(5), 0);
        // The thread had used 70 ms for others.
        assert!(!deadline.is_over(ms(1), ms(70)));
        assert!(!deadline.is_over(ms(400), ms(74)));
        assert!(deadline.is_over(ms(401), ms(75)));
        assert_eq!(deadline.why(), "ran past its deadline of 5ms");
        deadline.begin(ms(5), 0);
        assert!(!deadline.is_over(ms(2), ms(90)), "another call");
    }

    #[test]
    fn wall_time_has_a_ceiling_and_a_call_that_was_not_run_has_a_tick_to_come_back() {
        let mut deadline = Deadline::new();
        deadline.begin(ms(5), 0);
        assert!(!deadline.is_over(ms(519), ms(0)));
        assert!(!deadline.is_over(ms(9000), ms(1)), "its first turn behind the ceiling");
        assert!(deadline.is_over(ms(9001), ms(2)));
        let why = deadline.why();
        assert!(why.contains("9.001s have passed") && why.contains("2ms of the 5ms"), "{why}");
    }

    #[test]
    fn cpu_time_is_the_threads_own() {
        let before = thread_cpu();
        while thread_cpu() < before + ms(2) {}
        let fresh = std::thread::spawn(thread_cpu).join().unwrap();
        assert!(fresh < thread_cpu(), "it has not done what this one has");
    }
}
