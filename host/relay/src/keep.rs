//! What is tried again and again: all addresses of a relay, one after the other.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use retry::{Backoff, Tried};
use router::via;
use rtmp::dial::{End, Retry, Target};
use tokio::time::Instant;

use crate::attempt::Work;
use crate::status::{Board, Counters};
use crate::{Address, Link, State};

/// Tries one address after the other, and begins with the first again whenever one was live. It is done when there is
/// nothing left to relay; a pull never is.
pub(crate) struct Kept {
    pub(crate) work: Work,
    pub(crate) addresses: Vec<Address>,
    pub(crate) link: Arc<ArcSwap<Link>>,
    pub(crate) board: Arc<Board>,
    /// Why the last try ended.
    pub(crate) why: String,
}

impl retry::Work for Kept {
    async fn attempt(&mut self) -> Tried {
        let (mut all_refused, mut was_live) = (true, None);
        for address in &self.addresses {
            let (end, live) = one(&self.work, address, &self.link.load_full(), &self.board).await;
            if end == End::LocalEnded {
                return Tried::Done;
            }
            let refused = end.retry() == Retry::Later && !comes_and_goes(&end);
            if refused {
                Counters::add(&self.board.counters.refused);
            }
            all_refused &= refused;
            self.why = address.clean(&end.to_string());
            was_live = live;
            if live.is_some() {
                break;
            }
        }
        Tried::Again { live: was_live, refused: all_refused }
    }

    fn backoff(&self) -> Backoff {
        self.link.load().backoff
    }

    fn waits(&mut self, refused: bool, wait: Duration) {
        let state = if refused { State::Failed } else { State::Waiting };
        self.board.waits(state, std::mem::take(&mut self.why), wait);
    }
}

/// One try: how it ended, and how long it was live if it was.
async fn one(work: &Work, address: &Address, link: &Link, board: &Board) -> (End, Option<Duration>) {
    board.connects(&address.shown);
    let mut settings = link.dial.clone();
    settings.properties.push((via::PROPERTY.to_owned(), work.via.to_string()));
    let target = Target { url: address.url.clone(), tls: link.tls.clone(), settings };
    let mut live = None;
    let attempt = work.attempt(&target, board);
    tokio::pin!(attempt);
    let end = loop {
        tokio::select! {
            biased;
            end = &mut attempt => break end,
            () = board.progress.live(), if live.is_none() => {
                live = Some(Instant::now());
                board.lives();
            }
        }
    };
    (end, live.map(|since| since.elapsed()))
}

/// Whether a refusal says no more than that the stream is not there now.
fn comes_and_goes(end: &End) -> bool {
    matches!(end, End::Refused { code, .. } if code.ends_with("NotFound"))
}
