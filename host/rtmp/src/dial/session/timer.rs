//! One timer for everything that waits.

use std::task::Context;
use std::time::Duration;

use tokio::time::Instant;

use super::{End, Session};
use crate::dial::Stage;

impl Session<'_> {
    /// Whether the timer rang, and what was due is done.
    pub(super) fn poll_timer(&mut self, cx: &mut Context<'_>) -> Result<bool, End> {
        let Some(due) = self.due() else { return Ok(false) };
        if self.armed != Some(due) {
            self.timer.as_mut().reset(due);
            self.armed = Some(due);
        }
        if std::future::Future::poll(self.timer.as_mut(), cx).is_pending() {
            return Ok(false);
        }
        self.armed = None;
        let now = Instant::now();
        for (at, stage, limit) in self.deadlines() {
            if at.is_some_and(|at| at <= now) {
                return Err(End::Timeout(stage, limit));
            }
        }
        if self.at(self.proto.next_timeout()).is_some_and(|at| at <= now)
            && let Err(error) = self.proto.handle_timeout(self.started.elapsed())
        {
            return Err(End::Protocol(Box::new(error)));
        }
        Ok(true)
    }

    fn due(&self) -> Option<Instant> {
        let deadlines = self.deadlines().into_iter().filter_map(|(at, ..)| at);
        deadlines.chain(self.at(self.proto.next_timeout())).min()
    }

    fn deadlines(&self) -> [(Option<Instant>, Stage, Duration); 3] {
        let settings = self.settings;
        let (handshake, answer, write) = (settings.handshake_timeout, settings.answer_timeout, settings.write_timeout);
        let shaking = self.shaken.is_none().then_some(self.started);
        let asking = self.shaken.filter(|_| !self.proto.is_connected() && !self.proto.is_closing());
        let stuck = self.stuck.map(|(since, _)| since);
        [(shaking, Stage::Handshake, handshake), (asking, Stage::ConnectAnswer, answer), (stuck, Stage::Write, write)]
            .map(|(since, stage, limit)| (since.and_then(|since| since.checked_add(limit)), stage, limit))
    }

    fn at(&self, since_start: Option<Duration>) -> Option<Instant> {
        self.started.checked_add(since_start?)
    }
}
