//! A planner, asked and told by all streams in turn.

use std::sync::Arc;

use filter::planner::{JobEvent, Rendition, Unplanned};
use filter::{Filter, Planner, StreamInfo};
use media::track;
use tokio::sync::{mpsc, oneshot, watch};

use crate::status::Counters;

/// Questions and events that may wait for a planner.
const QUEUE: usize = 256;

/// One planner. Its task ends when the last one who holds this drops it.
#[derive(Debug)]
pub(crate) struct Planning {
    filter: Arc<Filter>,
    asks: mpsc::Sender<Ask>,
    counters: Arc<Counters>,
}

#[derive(Debug)]
enum Ask {
    Plan { stream: StreamInfo, tracks: Vec<track::Info>, answer: oneshot::Sender<Result<Vec<Rendition>, Unplanned>> },
    Told { stream: u64, suffix: String, event: JobEvent },
}

impl Planning {
    /// `turned` is told whenever another generation of it runs.
    pub(crate) fn new(filter: &Arc<Filter>, counters: &Arc<Counters>, turned: watch::Sender<u64>) -> Planning {
        let (asks, asked) = mpsc::channel(QUEUE);
        tokio::spawn(answer(Arc::clone(filter), asked, turned));
        Planning { filter: Arc::clone(filter), asks, counters: Arc::clone(counters) }
    }

    /// Whether it asks this filter.
    pub(crate) fn asks(&self, filter: &Arc<Filter>) -> bool {
        Arc::ptr_eq(&self.filter, filter)
    }

    pub(crate) fn name(&self) -> &str {
        self.filter.name()
    }

    pub(crate) async fn plan(&self, stream: StreamInfo, tracks: Vec<track::Info>) -> Result<Vec<Rendition>, Unplanned> {
        let gone = || Unplanned::Broken("nobody is there to ask it".into());
        let (answer, answered) = oneshot::channel();
        self.asks.send(Ask::Plan { stream, tracks, answer }).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Tells what became of a rendition. An event that a slow planner has no room for is counted, not waited for.
    pub(crate) fn tell(&self, stream: u64, suffix: &str, event: JobEvent) {
        if self.asks.try_send(Ask::Told { stream, suffix: suffix.to_owned(), event }).is_err() {
            Counters::add(&self.counters.untold);
        }
    }
}

async fn answer(filter: Arc<Filter>, mut asked: mpsc::Receiver<Ask>, turned: watch::Sender<u64>) {
    let mut generations = filter.generations();
    let mut planner = Planner::new(filter);
    loop {
        tokio::select! {
            ask = asked.recv() => match ask {
                Some(Ask::Plan { stream, tracks, answer }) => {
                    // Who asked may be gone.
                    drop(answer.send(planner.plan(&stream, &tracks).await));
                }
                Some(Ask::Told { stream, suffix, event }) => planner.told(stream, &suffix, &event).await,
                None => return,
            },
            // The sender lives in the filter, which the planner holds.
            Ok(()) = generations.changed() => turned.send_modify(|n| *n = n.wrapping_add(1)),
        }
    }
}
