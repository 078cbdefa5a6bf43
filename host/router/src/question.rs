//! A question to an application's session filters, from its being put until a session comes of it, or nothing.

use std::sync::Arc;
use std::time::Duration;

use filter::session::{Decision, EndReason, Grant, Reached, SessionRef, Summary};
use tokio::time::Instant;
use tracing::{Instrument, Span};

use crate::rate::millis;
use crate::refusal::{Asked, Refusal};
use crate::router::Shared;

/// The longest that a denial can be held back.
const HOLD_MAX: Duration = Duration::from_secs(10);

/// Dropped before the chain has said yes, it tells the filters that it has reached so: one that keeps count gives the place back.
pub(crate) struct Question {
    shared: Arc<Shared>,
    who: SessionRef,
    reached: Reached,
    put: Instant,
    reason: Option<EndReason>,
}

impl Question {
    /// About `who`, whose tags are those from before.
    pub(crate) fn new(shared: &Arc<Shared>, who: SessionRef) -> Question {
        let (shared, reached) = (Arc::clone(shared), Reached::default());
        Question { shared, who, reached, put: Instant::now(), reason: None }
    }

    /// Where the chain notes whom it has asked.
    pub(crate) fn reaches(&mut self) -> &mut Reached {
        &mut self.reached
    }

    /// Turns what the chain said into terms, or a refusal after its hold time. If nobody has an opinion, everyone may. After a yes
    /// a session has to begin at once: it is what tells the filters from then on.
    pub(crate) async fn answered(mut self, asked: Asked, decision: Decision) -> Result<Grant, Refusal> {
        let (refusal, hold_ms) = match decision {
            Decision::Abstain => return Ok(self.settled(Grant::default())),
            Decision::Allow(grant) => return Ok(self.settled(grant)),
            Decision::Deny(denial) => {
                let hold_ms = denial.hold_ms;
                (Refusal::denied(asked, denial), hold_ms)
            }
            Decision::Redirect(to) => (Refusal::redirected(asked, to), 0),
        };
        self.reason = Some(EndReason::Denied);
        // Before the hold: nobody else is to wait for the place.
        drop(self);
        let hold = Duration::from_millis(u64::from(hold_ms)).min(HOLD_MAX);
        if !hold.is_zero() {
            tokio::time::sleep(hold).await;
        }
        Err(refusal)
    }

    fn settled(&mut self, grant: Grant) -> Grant {
        self.reached = Reached::default();
        grant
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        if self.reached.is_empty() {
            return;
        }
        let shutdown = || self.shared.is_closing().then_some(EndReason::Shutdown);
        let how = Summary {
            bytes_in: 0,
            bytes_out: 0,
            duration_ms: millis(self.put.elapsed()),
            reason: self.reason.or_else(shutdown).unwrap_or(EndReason::SourceEnded),
        };
        let (reached, who) = (std::mem::take(&mut self.reached), self.who.clone());
        self.shared.in_background(reached.close(who, how).instrument(Span::current()));
    }
}
