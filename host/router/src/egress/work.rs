//! What a viewer's filters have to do, turn by turn: on the viewer's task, or elsewhere where a turn may take long.

use std::sync::Arc;
use std::time::Duration;

use fanout::{Entry, Event, StreamKey as StreamName};
use filter::session::{EndReason, StreamKey};
use filter::{Away, Ended, Filter, MediaChain, Pace, StreamInfo, Viewer};
use media::Frame;
use tokio::runtime::Handle;
use tokio::time::Instant;

use crate::Published;
use crate::publication::micros;
use crate::router::Shared;

/// Work for one viewer after which other tasks of the thread get their turn.
const TURN: Duration = Duration::from_millis(2);
/// Frames that a batch usually holds.
const FEW: usize = 16;

/// See the module.
#[derive(Debug)]
pub(super) struct Work {
    filters: Vec<Arc<Filter>>,
    viewer: Arc<Viewer>,
    /// The public name.
    key: StreamKey,
    shared: Arc<Shared>,
    /// There from the first frame of a publisher until its end is told.
    chain: Option<MediaChain>,
    /// The chain is to be opened although no frame has come.
    pub(super) is_to_open: bool,
    /// What came from the ring, and how much of it went through the chain.
    pub(super) came: Vec<Arc<Entry>>,
    through: usize,
    /// What the ring told behind it.
    pub(super) told: Option<Event>,
    /// What has come out.
    pub(super) ready: Vec<Arc<Entry>>,
    pub(super) failed: Option<Ended>,
    made: Vec<Frame>,
    /// The newest time of the stream that the chain has seen, and when.
    now: (i64, Instant),
    /// Filters are to be told this time.
    tick_us: Option<i64>,
    /// Behind all that came, the chain is to end.
    pub(super) end: Option<EndReason>,
    /// Nothing more is to come from the ring.
    pub(super) is_leaving: bool,
    /// Why it ends if nobody says so before it goes.
    pub(super) leaves_by: EndReason,
    /// It has worked long enough for once.
    pub(super) tired: bool,
}

/// How a turn went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Went {
    Well,
    /// The next step may take longer than it was to: it is for elsewhere.
    TooLong,
}

impl Work {
    pub(super) fn new(filters: &[Arc<Filter>], viewer: Viewer, key: &StreamKey, shared: &Arc<Shared>) -> Work {
        Work {
            filters: filters.to_vec(),
            viewer: Arc::new(viewer),
            key: key.clone(),
            shared: Arc::clone(shared),
            chain: None,
            is_to_open: false,
            came: Vec::new(),
            through: 0,
            told: None,
            ready: Vec::new(),
            failed: None,
            made: Vec::new(),
            now: (0, Instant::now()),
            tick_us: None,
            end: None,
            is_leaving: false,
            leaves_by: EndReason::SourceEnded,
            tired: false,
        }
    }

    /// Whether there is a chain.
    pub(super) fn is_open(&self) -> bool {
        self.chain.is_some()
    }

    /// The next turn, where it may take long.
    pub(super) fn elsewhere(mut self: Box<Self>) -> Away<Box<Work>> {
        let (filter, pace) = (self.slowest(), self.pace().max(Pace::Slow));
        let work = move || {
            self.go(pace);
            self
        };
        match filter {
            Some(filter) => filter.elsewhere(pace, work),
            None => Away::done(work()),
        }
    }

    /// In whose name it works elsewhere. A viewer without filters of its own has no egress.
    fn slowest(&self) -> Option<Arc<Filter>> {
        self.chain.as_ref().and_then(MediaChain::slowest).or_else(|| self.filters.first()).cloned()
    }

    /// How long the next step may take.
    fn pace(&mut self) -> Pace {
        let due = self.is_due();
        let Some(chain) = &mut self.chain else { return Pace::Long };
        let next = self.came.get(self.through).map_or(Pace::Quick, |entry| chain.pace_of(&entry.frame));
        if due { next.max(chain.pace()) } else { next }
    }

    fn is_due(&self) -> bool {
        self.tick_us.is_some() || self.end.is_some()
    }

    /// The next turn, here.
    pub(super) fn turn(&mut self) -> Went {
        self.go(Pace::Quick)
    }

    /// Sends what came through the chain, for one turn; tells it the time, and its end, where that is due.
    fn go(&mut self, most: Pace) -> Went {
        if self.is_due() && self.chain.as_ref().is_some_and(|chain| chain.pace() > most) {
            return Went::TooLong;
        }
        if let (Some(now_us), Some(chain)) = (self.tick_us.take(), &mut self.chain) {
            self.failed = chain.tick(now_us, &mut self.made).err();
            self.ready.extend(self.made.drain(..).map(|frame| Arc::new(Entry::new(frame))));
        }
        if self.through < self.came.len() || self.is_to_open {
            if most < Pace::Long && self.chain.is_none() {
                return Went::TooLong;
            }
            let asked = std::mem::take(&mut self.is_to_open);
            if asked && self.came.is_empty() && self.published().is_none() {
                // Its publisher is there and not announced yet. With the first frame it is known to whom the filters are opened.
                return Went::Well;
            }
            let mut chain = self.chain.take().unwrap_or_else(|| self.opened());
            let went = self.push(&mut chain, most);
            self.chain = Some(chain);
            self.tidy();
            if went == Went::TooLong {
                return went;
            }
        }
        if self.through >= self.came.len()
            && let Some(reason) = self.end.take()
        {
            self.finish(reason);
        }
        Went::Well
    }

    fn push(&mut self, chain: &mut MediaChain, most: Pace) -> Went {
        let started = Instant::now();
        while let Some(entry) = self.came.get(self.through) {
            if chain.pace_of(&entry.frame) > most {
                // What is ready goes first: it does not have to wait for this.
                return if self.ready.is_empty() { Went::TooLong } else { Went::Well };
            }
            self.through += 1;
            let pushed = chain.push(entry.frame.clone(), &mut self.made);
            self.ready.extend(self.made.drain(..).map(|frame| entry.made(frame)));
            self.now = (self.now.0.max(entry.frame.dts_us), started);
            if let Err(ended) = pushed {
                self.failed = Some(ended);
                self.through = self.came.len();
            } else if started.elapsed() >= TURN {
                self.tired = true;
                break;
            }
        }
        Went::Well
    }

    fn tidy(&mut self) {
        if self.through >= self.came.len() {
            self.through = 0;
            self.came.clear();
            if self.came.capacity() > FEW {
                self.came = Vec::new();
            }
        }
    }

    fn published(&self) -> Option<Arc<Published>> {
        self.shared.published_as(&StreamName::new(&self.key.app, &self.key.name))
    }

    fn opened(&self) -> MediaChain {
        let published = self.published();
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

    /// What the ring told behind the frames that came.
    pub(super) fn heard(&mut self, event: Event) {
        self.told = Some(event).filter(|event| *event != Event::Frames);
    }

    /// When filters want to hear of the time although no frame comes.
    pub(super) fn next_tick(&self) -> Option<Instant> {
        // Not while something waits: frames tell the time by themselves, and what a viewer that takes nothing has not taken must
        // not grow.
        let waits = !self.came.is_empty() || !self.ready.is_empty() || self.failed.is_some() || self.tick_us.is_some();
        let chain = self.chain.as_ref().filter(|_| !waits)?;
        let wait_us = chain.next_tick_us()?.saturating_sub(self.now.0);
        self.now.1.checked_add(Duration::from_micros(u64::try_from(wait_us).unwrap_or(0)))
    }

    /// Has the time told with the next turn, if it is due.
    pub(super) fn tick(&mut self) {
        if self.next_tick().is_some_and(|at| at <= Instant::now()) {
            self.tick_us = Some(self.now.0.saturating_add(micros(self.now.1.elapsed())));
        }
    }

    /// The publisher, or the viewer, is gone: what filters still hold comes out.
    fn finish(&mut self, reason: EndReason) {
        self.now.0 = 0;
        self.tick_us = None;
        let Some(chain) = self.chain.take() else { return };
        // Nothing can be made beside a viewer's stream: filters with such grants are not placed here.
        let _ = chain.end(reason, &mut self.made);
        self.ready.extend(self.made.drain(..).map(|frame| Arc::new(Entry::new(frame))));
    }
}

impl Drop for Work {
    /// The viewer is gone. Filters are told; nobody is there for what comes out.
    fn drop(&mut self) {
        let Some(chain) = self.chain.take() else { return };
        let (reason, pace, filter) = (self.leaves_by, chain.pace(), chain.slowest().cloned());
        let end = move || _ = chain.end(reason, &mut Vec::new());
        match (filter, Handle::try_current()) {
            (Some(filter), Ok(runtime)) if pace > Pace::Quick => {
                runtime.spawn(filter.elsewhere(pace, end));
            }
            _ => end(),
        }
    }
}
