//! A viewer's own filters: between the frames of the ring, which all share, and those that this one gets.
//!
//! The chain runs on the viewer's task and only as far as the viewer reads: what a slow one has not taken waits in the ring, under
//! the ring's bounds, and not here. What may take long, such as opening it, is done elsewhere meanwhile: the viewer waits for that, and
//! nobody else does.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use fanout::{Entry, Event, Subscriber};
use filter::session::{EndReason, StreamKey};
use filter::viewers::{Full, Seat};
use filter::{Away, Ended, Filter, Viewer};
use tokio::time::Instant;

use crate::router::Shared;

mod work;

use work::{Went, Work};

/// See the module.
#[derive(Debug)]
pub(crate) struct Egress {
    _seats: Vec<Seat>,
    place: Place,
}

/// Where the work is.
#[derive(Debug)]
enum Place {
    Here(Box<Work>),
    Away(Away<Box<Work>>),
    /// The host failed in it.
    Lost,
}

impl Egress {
    /// Takes a place at each filter.
    pub(crate) fn seated(
        filters: &[Arc<Filter>],
        viewer: Viewer,
        key: &StreamKey,
        shared: &Arc<Shared>,
    ) -> Result<Egress, Full> {
        let seats = filters.iter().map(Filter::seat).collect::<Result<_, _>>()?;
        let work = Work::new(filters, viewer, key, shared);
        Ok(Egress { _seats: seats, place: Place::Here(Box::new(work)) })
    }

    /// Starts its instances.
    pub(crate) async fn open(mut self) -> Option<Egress> {
        if let Place::Here(work) = &mut self.place {
            work.is_to_open = true;
        }
        self.send_away();
        self.here().await;
        match self.place {
            Place::Here(_) => Some(self),
            Place::Away(_) | Place::Lost => None,
        }
    }

    /// Has the next turn of the work done elsewhere.
    fn send_away(&mut self) {
        self.place = match std::mem::replace(&mut self.place, Place::Lost) {
            Place::Here(work) => Place::Away(work.elsewhere()),
            other => other,
        };
    }

    /// Ready when the work is here, so that there is something to ask for.
    pub(crate) fn poll_here(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Place::Away(away) = &mut self.place {
            let came = std::task::ready!(Pin::new(away).poll(cx));
            self.place = came.map_or(Place::Lost, |mut work| {
                // Others have had their turn meanwhile.
                work.tired = false;
                Place::Here(work)
            });
        }
        Poll::Ready(())
    }

    /// Waits until the work is here.
    pub(crate) async fn here(&mut self) {
        std::future::poll_fn(|cx| self.poll_here(cx)).await;
    }

    /// Whether the work is elsewhere: nothing is at hand until it is here.
    pub(crate) fn is_away(&self) -> bool {
        matches!(self.place, Place::Away(_))
    }

    /// What is next for the viewer, if anything is at hand; frames are appended to `batch`. [`Event::Frames`] may come without any.
    ///
    /// # Errors
    /// A filter failed whose policy is to end the stream: for this viewer it is over.
    pub(crate) fn try_next(
        &mut self,
        subscriber: &mut Subscriber,
        batch: &mut Vec<Arc<Entry>>,
    ) -> Option<Result<Event, Ended>> {
        loop {
            let work = match &mut self.place {
                Place::Here(work) => work,
                Place::Away(_) => return None,
                Place::Lost => return Some(Err(lost())),
            };
            let had = batch.len();
            if work.ready.is_empty() && work.turn() == Went::TooLong {
                self.send_away();
                return None;
            }
            batch.append(&mut work.ready);
            if batch.len() > had || work.tired {
                return Some(Ok(Event::Frames));
            }
            if let Some(ended) = work.failed.take() {
                return Some(Err(ended));
            }
            match work.told.take() {
                Some(Event::Ended) if work.is_open() => {
                    work.told = Some(Event::Ended);
                    work.end = Some(EndReason::SourceEnded);
                }
                Some(event) => return Some(Ok(event)),
                None if work.is_leaving => return None,
                None => {
                    let event = subscriber.try_next(&mut work.came)?;
                    work.heard(event);
                }
            }
        }
    }

    /// Where the ring's frames go; to be filled when nothing is at hand, with word of it to [`heard`](Egress::heard). None while
    /// the work is elsewhere.
    pub(crate) fn room(&mut self) -> Option<&mut Vec<Arc<Entry>>> {
        match &mut self.place {
            Place::Here(work) => Some(&mut work.came),
            Place::Away(_) | Place::Lost => None,
        }
    }

    /// What the ring told behind the frames that came.
    pub(crate) fn heard(&mut self, event: Event) {
        if let Place::Here(work) = &mut self.place {
            work.heard(event);
        }
    }

    /// Whether it has had its turn; asked, it may have another.
    pub(crate) fn rests(&mut self) -> bool {
        match &mut self.place {
            Place::Here(work) => std::mem::take(&mut work.tired),
            Place::Away(_) | Place::Lost => false,
        }
    }

    /// When filters want to hear of the time although no frame comes.
    pub(crate) fn next_tick(&self) -> Option<Instant> {
        match &self.place {
            Place::Here(work) => work.next_tick(),
            Place::Away(_) | Place::Lost => None,
        }
    }

    /// Filters are to be told the time if it is due, with what is next.
    pub(crate) fn tick(&mut self) {
        if let Place::Here(work) = &mut self.place {
            work.tick();
        }
    }

    /// The viewer is leaving, and takes what filters still hold. False: it has come out, and there is nothing more.
    pub(crate) fn ends(&mut self, reason: EndReason) -> bool {
        match &mut self.place {
            Place::Here(work) => {
                work.is_leaving = true;
                work.end = Some(reason).filter(|_| work.is_open());
                work.is_open() || !work.ready.is_empty()
            }
            Place::Away(_) => true,
            Place::Lost => false,
        }
    }

    /// Why the viewer is gone, should it be gone before it ends.
    pub(crate) fn leaves_by(&mut self, reason: EndReason) {
        if let Place::Here(work) = &mut self.place {
            work.leaves_by = reason;
        }
    }
}

fn lost() -> Ended {
    Ended { filter: "of this viewer".to_owned(), why: "the host failed in a call".to_owned() }
}
