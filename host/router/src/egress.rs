//! A viewer's own filters: between the frames of the ring, which all share, and those that this one gets.
//!
//! The chain runs on the viewer's task and only as far as the viewer reads: what a slow one has not taken waits in the ring, under
//! the ring's bounds, and not here.

use std::sync::Arc;
use std::time::Duration;

use fanout::{Entry, Event, StreamKey as StreamName, Subscriber};
use filter::session::{EndReason, StreamKey};
use filter::viewers::{Full, Seat};
use filter::{Ended, Filter, MediaChain, StreamInfo, Viewer};
use media::Frame;
use tokio::time::Instant;

use crate::publication::micros;
use crate::router::Shared;

/// Work for one viewer after which other tasks of the thread get their turn.
const TURN: Duration = Duration::from_millis(2);
/// Frames that a batch usually holds.
const FEW: usize = 16;

/// See the module.
#[derive(Debug)]
pub(crate) struct Egress {
    filters: Vec<Arc<Filter>>,
    _seats: Vec<Seat>,
    viewer: Arc<Viewer>,
    /// The public name.
    key: StreamKey,
    shared: Arc<Shared>,
    /// There from the first frame of a publisher until its end is told.
    chain: Option<MediaChain>,
    /// What came from the ring, and how much of it went through the chain.
    came: Vec<Arc<Entry>>,
    through: usize,
    /// What the ring told behind it.
    told: Option<Event>,
    /// What filters made without a frame in hand.
    ready: Vec<Arc<Entry>>,
    failed: Option<Ended>,
    made: Vec<Frame>,
    /// The newest time of the stream that the chain has seen, and when.
    now: (i64, Instant),
    /// It has worked long enough for once.
    tired: bool,
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
        Ok(Egress {
            filters: filters.to_vec(),
            _seats: seats,
            viewer: Arc::new(viewer),
            key: key.clone(),
            shared: Arc::clone(shared),
            chain: None,
            came: Vec::new(),
            through: 0,
            told: None,
            ready: Vec::new(),
            failed: None,
            made: Vec::new(),
            now: (0, Instant::now()),
            tired: false,
        })
    }

    /// Starts its instances where no frame of another waits for it.
    pub(crate) async fn open(mut self) -> Option<Egress> {
        let span = tracing::Span::current();
        let opened = tokio::task::spawn_blocking(move || {
            self.chain = Some(span.in_scope(|| self.opened()));
            self
        });
        opened.await.ok()
    }

    fn opened(&self) -> MediaChain {
        let published = self.shared.published_as(&StreamName::new(&self.key.app, &self.key.name));
        let mut info =
            StreamInfo { key: self.key.clone(), viewer: Some(Arc::clone(&self.viewer)), ..StreamInfo::default() };
        if let Some(published) = published {
            info.id = published.id;
            info.key.query.clone_from(&published.key.query);
            info.publisher = Arc::clone(&published.publisher);
            info.tags.clone_from(&published.tags);
        }
        MediaChain::open(&self.filters, info)
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
            let had = batch.len();
            batch.append(&mut self.ready);
            self.work(batch);
            if batch.len() > had || self.tired {
                return Some(Ok(Event::Frames));
            }
            if let Some(ended) = self.failed.take() {
                return Some(Err(ended));
            }
            match self.told.take() {
                Some(Event::Ended) => {
                    self.end(EndReason::SourceEnded, batch);
                    if batch.len() > had {
                        self.told = Some(Event::Ended);
                        return Some(Ok(Event::Frames));
                    }
                    return Some(Ok(Event::Ended));
                }
                Some(event) => return Some(Ok(event)),
                None => {}
            }
            let event = subscriber.try_next(&mut self.came)?;
            self.heard(event);
        }
    }

    /// Where the ring's frames go; to be filled when nothing is at hand, with word of it to [`heard`](Egress::heard).
    pub(crate) fn room(&mut self) -> &mut Vec<Arc<Entry>> {
        &mut self.came
    }

    /// What the ring told behind the frames that came.
    pub(crate) fn heard(&mut self, event: Event) {
        self.told = Some(event).filter(|event| *event != Event::Frames);
    }

    /// Sends what came through the chain, for one turn.
    fn work(&mut self, batch: &mut Vec<Arc<Entry>>) {
        if self.through >= self.came.len() {
            return;
        }
        let mut chain = self.chain.take().unwrap_or_else(|| self.opened());
        let started = Instant::now();
        while let Some(entry) = self.came.get(self.through) {
            self.through += 1;
            let pushed = chain.push(entry.frame.clone(), &mut self.made);
            batch.extend(self.made.drain(..).map(|frame| entry.made(frame)));
            self.now = (self.now.0.max(entry.frame.dts_us), started);
            if let Err(ended) = pushed {
                self.failed = Some(ended);
                self.through = self.came.len();
            } else if started.elapsed() >= TURN {
                self.tired = true;
                break;
            }
        }
        self.chain = Some(chain);
        if self.through >= self.came.len() {
            self.through = 0;
            self.came.clear();
            if self.came.capacity() > FEW {
                self.came = Vec::new();
            }
        }
    }

    /// Whether it has had its turn; asked, it may have another.
    pub(crate) fn rests(&mut self) -> bool {
        std::mem::take(&mut self.tired)
    }

    /// When filters want to hear of the time although no frame comes.
    pub(crate) fn next_tick(&self) -> Option<Instant> {
        // Not while something waits: frames tell the time by themselves, and what a viewer that takes nothing has not taken must
        // not grow.
        let waits = !self.came.is_empty() || !self.ready.is_empty() || self.failed.is_some();
        let chain = self.chain.as_ref().filter(|_| !waits)?;
        let wait_us = chain.next_tick_us()?.saturating_sub(self.now.0);
        self.now.1.checked_add(Duration::from_micros(u64::try_from(wait_us).unwrap_or(0)))
    }

    /// Tells filters the time if it is due. What they make of it is there for the next [`try_next`](Egress::try_next).
    pub(crate) fn tick(&mut self) {
        if self.next_tick().is_none_or(|at| at > Instant::now()) {
            return;
        }
        let now_us = self.now.0.saturating_add(micros(self.now.1.elapsed()));
        let Some(chain) = &mut self.chain else { return };
        self.failed = chain.tick(now_us, &mut self.made).err();
        self.ready.extend(self.made.drain(..).map(|frame| Arc::new(Entry::new(frame))));
    }

    /// The publisher, or the viewer, is gone: what filters still hold comes out.
    pub(crate) fn end(&mut self, reason: EndReason, batch: &mut Vec<Arc<Entry>>) {
        self.now.0 = 0;
        let Some(chain) = self.chain.take() else { return };
        // Nothing can be made beside a viewer's stream: filters with such grants are not placed here.
        let _ = chain.end(reason, &mut self.made);
        batch.extend(self.made.drain(..).map(|frame| Arc::new(Entry::new(frame))));
    }
}
