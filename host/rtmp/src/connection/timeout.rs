//! One timer for everything that waits.

use std::task::Context;
use std::time::Duration;

use rtmp_proto::MessageStreamId;
use tokio::time::Instant;

use super::close::{End, Phase};
use super::{Connection, Role};

impl Connection {
    /// Sets the timer to what is due next. One that rings too early is only set again: what moves a deadline back, as
    /// every byte does, costs nothing.
    pub(super) fn arm(&mut self) {
        let Some(due) = self.due() else { return };
        if self.armed.is_none_or(|armed| due < armed) {
            let at = self.started.checked_add(due).unwrap_or(self.started);
            self.timer.as_mut().reset(at);
            self.armed = Some(due);
            self.signal.set();
        }
    }

    fn due(&self) -> Option<Duration> {
        let stuck = self.stuck.map(|(since, _)| since.saturating_add(self.settings.write_timeout));
        match &self.phase {
            Phase::Running => {
                let ticks = self.streams.iter().filter_map(|s| match &s.role {
                    Role::Publishes(publication, _) => publication.next_tick().map(|at| self.since_start(at)),
                    Role::Plays(player, _) => player.next_tick().map(|at| self.since_start(at)),
                    _ => None,
                });
                ticks.chain(self.proto.next_timeout()).chain(stuck).chain(self.leave_by).min()
            }
            Phase::Flushing(..) => stuck,
            Phase::Lingering(_, until) => Some(*until),
            Phase::Over(_) => None,
        }
    }

    fn since_start(&self, at: Instant) -> Duration {
        at.saturating_duration_since(self.started)
    }

    /// Whether the timer rang; what was due when this poll began is done then. Not what is due by the clock: a poll that
    /// has just read, and was held up since, must not take that for silence of the peer.
    pub(super) fn poll_timer(&mut self, cx: &mut Context<'_>) -> bool {
        if self.armed.is_none() || self.timer.as_mut().poll(cx).is_pending() {
            return false;
        }
        self.armed = None;
        self.report();
        match &self.phase {
            Phase::Running => self.expire(),
            Phase::Flushing(_) => self.expire_stuck(),
            Phase::Lingering(_, until) if *until <= self.now => self.over(End::Closed),
            Phase::Lingering(..) | Phase::Over(_) => {}
        }
        true
    }

    fn expire(&mut self) {
        let now = self.now;
        if self.proto.next_timeout().is_some_and(|due| due <= now)
            && let Err(error) = self.proto.handle_timeout(now)
        {
            return self.close(End::Broken(Box::new(error)));
        }
        if self.leave_by.is_some_and(|by| by <= now) {
            return self.end_streams();
        }
        self.expire_stuck();
        let mut over: Vec<(MessageStreamId, router::Kick)> = Vec::new();
        for stream in &mut self.streams {
            match &mut stream.role {
                Role::Publishes(publication, _) => {
                    if publication.next_tick().is_some_and(|at| at <= Instant::now())
                        && let Err(kick) = publication.tick()
                    {
                        over.push((stream.id, kick));
                    }
                    self.behind |= publication.is_away();
                }
                Role::Plays(player, _) => player.tick(),
                Role::AsksToPublish(..) | Role::AsksToPlay(..) => {}
            }
        }
        for (stream, kick) in over {
            self.kicked(stream, kick);
        }
    }

    fn expire_stuck(&mut self) {
        let Some((since, _)) = self.stuck else { return };
        if since.saturating_add(self.settings.write_timeout) <= self.now {
            self.over(End::Stuck { waiting: self.outbox.len() });
        }
    }
}
