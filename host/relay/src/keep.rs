//! The retry loop, the only one of the house.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use router::via;
use rtmp::dial::{End, Retry, Target};
use tokio::time::{Instant, sleep};

use crate::attempt::Work;
use crate::backoff::Tries;
use crate::status::{Board, Counters};
use crate::{Address, Link, State};

/// Tries one address after the other, and waits when none was live, longer and longer; begins with the first again whenever
/// one was. Returns when there is nothing left to relay; a pull never does.
pub(crate) async fn keep(work: Work, addresses: Vec<Address>, link: Arc<ArcSwap<Link>>, board: Arc<Board>) {
    let born = Instant::now();
    let mut tries = Tries::default();
    loop {
        let mut all_refused = true;
        let mut why = String::new();
        for address in &addresses {
            let (end, live) = one(&work, address, &link.load_full(), &board).await;
            if let Some(time) = live {
                tries.was_live(time, born.elapsed());
            }
            if end == End::LocalEnded {
                return;
            }
            let refused = end.retry() == Retry::Later && !comes_and_goes(&end);
            if refused {
                Counters::add(&board.counters.refused);
            }
            all_refused &= refused;
            why = address.clean(&end.to_string());
            if live.is_some() {
                break;
            }
        }
        let backoff = link.load().backoff;
        let wait = tries.wait(backoff, all_refused, born.elapsed(), rand::random());
        board.waits(if all_refused { State::Failed } else { State::Waiting }, why, wait);
        sleep(wait).await;
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
