//! The last of a filter beside a stream that has ended.

use std::sync::Arc;
use std::sync::atomic::Ordering::Release;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::Shared;
use crate::chain::Derived;

/// What is not part of the queue's bound: closing, and the end of the call that runs.
const GRACE: Duration = Duration::from_secs(1);

/// A filter beside a stream that has ended, while it still has frames to see. It ends by itself, and in time.
#[derive(Debug)]
pub struct Parting {
    shared: Arc<Shared>,
    until: Instant,
}

impl Parting {
    pub(super) fn new(shared: Arc<Shared>) -> Parting {
        let spec = shared.filter.spec();
        let until = Instant::now() + spec.queue.time + spec.limits.media_time + GRACE;
        Parting { shared, until }
    }

    /// What becomes of its streams, in order; none: it is over.
    pub async fn next(&mut self) -> Option<Vec<Derived>> {
        loop {
            {
                let mut state = self.shared.lock();
                self.shared.made.store(false, Release);
                if !state.derived.is_empty() {
                    return Some(std::mem::take(&mut state.derived));
                }
                if state.over {
                    return None;
                }
            }
            if timeout_at(self.until, self.shared.told.notified()).await.is_err() {
                self.shared.lose();
                self.shared.close(&mut self.shared.lock());
                return None;
            }
        }
    }
}
