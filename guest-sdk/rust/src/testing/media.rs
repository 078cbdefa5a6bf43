//! Showing a stream to a media filter.

use std::collections::VecDeque;

use super::frame::{InHand, Step};
use super::host::with;
use super::sample::Sample;
use crate::{
    Boundary, Config, EndReason, Fault, Frame, FrameMeta, MediaFilter, Metadata, SavedState, StreamInfo, Subscription,
    TrackInfo, Verdict,
};

/// One thing that goes on to the next filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A coded frame and its payload.
    Frame(FrameMeta, Vec<u8>),
    /// A sequence header.
    Header(u16, Vec<u8>),
    /// A data message.
    Metadata(Metadata),
}

/// What came of one call.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The filter's answer; none if it did not ask for this.
    pub verdict: Option<Verdict>,
    /// What goes on, in order.
    pub out: Vec<Item>,
    /// What went into streams beside this one, each with the suffix of its stream.
    pub derived: Vec<(String, Item)>,
}

impl Outcome {
    /// The payloads of the frames that go on.
    pub fn frames(&self) -> Vec<Vec<u8>> {
        self.out.iter().filter_map(|i| if let Item::Frame(_, p) = i { Some(p.clone()) } else { None }).collect()
    }

    /// The times of the frames that go on, as (dts, pts) in microseconds.
    pub fn times(&self) -> Vec<(i64, i64)> {
        self.out.iter().filter_map(|i| if let Item::Frame(m, _) = i { Some((m.dts, m.pts)) } else { None }).collect()
    }

    /// What went into the stream with this suffix.
    pub fn beside(&self, suffix: &str) -> Vec<Item> {
        self.derived.iter().filter(|(of, _)| of == suffix).map(|(_, item)| item.clone()).collect()
    }

    /// The data messages that go on.
    pub fn metadata(&self) -> Vec<&Metadata> {
        self.out.iter().filter_map(|i| if let Item::Metadata(m) = i { Some(m) } else { None }).collect()
    }
}

/// A stream that a filter is open for.
pub struct Media<F> {
    filter: F,
    subscription: Subscription,
    held: VecDeque<Item>,
    seq: u64,
    gop: u64,
}

impl<F: MediaFilter> Media<F> {
    /// Configures the filter with the operator's table, as JSON, and opens it for a stream `live/cam`.
    ///
    /// # Errors
    /// What the filter says of the table or the stream.
    pub fn open(config: &str) -> Result<Media<F>, Fault> {
        Media::open_stream(config, stream("live/cam"), None)
    }

    /// The same for any stream, with the state of an earlier generation.
    ///
    /// # Errors
    /// What the filter says of the table, the stream or the state.
    pub fn open_stream(config: &str, info: StreamInfo, resume: Option<SavedState>) -> Result<Media<F>, Fault> {
        with(|h| {
            h.config = config.into();
            h.stream = (info.key.app.clone(), info.key.name.clone());
            h.known = info.tracks.iter().map(|t| (t.kind, t.id)).collect();
            h.added.clear();
        });
        let settings = F::configure(Config::new(config.into()))?;
        let filter = F::open(&settings, info, resume)?;
        let subscription = filter.subscribe();
        Ok(Media { filter, subscription, held: VecDeque::new(), seq: 0, gop: 0 })
    }

    /// What the filter asked for.
    pub fn subscription(&self) -> &Subscription {
        &self.subscription
    }

    /// Whether a new generation may take over before this frame.
    pub fn may_swap_before(&self, sample: &Sample) -> bool {
        match self.subscription.swap_at {
            Boundary::AnyFrame => true,
            Boundary::Keyframe => sample.meta.is_key(),
            Boundary::Header => false,
        }
    }

    /// Shows a frame, if the filter asked for such, and tells what goes on.
    pub fn frame(&mut self, sample: &Sample) -> Outcome {
        let mut meta = sample.meta;
        known(meta.kind, meta.track);
        meta.seq = self.seq;
        self.seq += 1;
        if meta.kind == crate::MediaKind::Video && meta.track == 0 && meta.is_key() {
            self.gop += 1;
        }
        meta.gop = self.gop;
        if !self.subscription.frames.iter().any(|i| fits(i, &meta)) {
            return Outcome { verdict: None, out: vec![Item::Frame(meta, sample.payload())], derived: Vec::new() };
        }
        let hand = InHand::of(sample.clone());
        let (verdict, hand) = self.call(hand, |f| f.on_frame(&meta, &mut Frame::in_hand()));
        let item = |edited: bool| {
            let payload = if edited { hand.edited()? } else { sample.payload() };
            let mut meta = meta;
            if let (true, Some((dts, pts))) = (edited, hand.times) {
                meta.dts = dts;
                meta.pts = pts;
            }
            Some(Item::Frame(meta, payload))
        };
        let mut out = Vec::new();
        self.before(&hand, &mut out);
        match verdict {
            Verdict::Pass => out.extend(item(false)),
            Verdict::Edited => out.extend(item(true)),
            Verdict::Hold if self.subscription.max_hold_frames == 0 => out.extend(item(false)),
            Verdict::Hold => {
                self.held.extend(item(true));
                while self.held.len() > self.subscription.max_hold_frames as usize {
                    out.extend(self.held.pop_front());
                }
            }
            Verdict::Drop => {}
        }
        out.extend(hand.after);
        out.extend(hand.metadata.into_iter().map(Item::Metadata));
        Outcome { verdict: Some(verdict), out, derived: derived() }
    }

    /// Shows a sequence header.
    ///
    /// # Errors
    /// What the filter says of it.
    pub fn header(&mut self, track: &TrackInfo, record: &[u8]) -> Result<Outcome, Fault> {
        let as_it_came = Item::Header(track.id, record.to_vec());
        known(track.kind, track.id);
        if !self.subscription.headers {
            return Ok(Outcome { verdict: None, out: vec![as_it_came], derived: Vec::new() });
        }
        let hand = InHand::of(Sample::bytes(track.kind, 0, record));
        let (verdict, hand) = self.call(hand, |f| f.on_header(track, record, &mut Frame::in_hand()));
        let verdict = verdict?;
        let mut out = Vec::new();
        self.before(&hand, &mut out);
        match verdict {
            Verdict::Pass | Verdict::Hold => out.push(as_it_came),
            Verdict::Edited => out.extend(hand.edited().map(|r| Item::Header(track.id, r))),
            Verdict::Drop => {}
        }
        out.extend(hand.after);
        out.extend(hand.metadata.into_iter().map(Item::Metadata));
        Ok(Outcome { verdict: Some(verdict), out, derived: derived() })
    }

    /// Shows a data message.
    ///
    /// # Errors
    /// What the filter says of it.
    pub fn metadata(&mut self, metadata: Metadata) -> Result<Outcome, Fault> {
        if !self.subscription.metadata {
            return Ok(Outcome { verdict: None, out: vec![Item::Metadata(metadata)], derived: Vec::new() });
        }
        let as_it_came = metadata.clone();
        let (verdict, hand) = self.call(InHand::default(), |f| f.on_metadata(metadata));
        let verdict = verdict?;
        let mut out = Vec::new();
        self.before(&hand, &mut out);
        match verdict {
            Verdict::Pass | Verdict::Hold => out.push(Item::Metadata(as_it_came)),
            Verdict::Edited => out.extend(hand.metadata.last().cloned().map(Item::Metadata)),
            Verdict::Drop => {}
        }
        out.extend(hand.after);
        Ok(Outcome { verdict: Some(verdict), out, derived: derived() })
    }

    /// Lets the stream's time come, in microseconds.
    pub fn tick(&mut self, now: i64) -> Outcome {
        self.without_frame(|f| f.on_tick(now))
    }

    /// Last call for output; what is still held afterwards goes on.
    pub fn flush(&mut self) -> Outcome {
        let mut outcome = self.without_frame(|f| f.flush());
        outcome.out.extend(self.held.drain(..));
        outcome
    }

    /// The state for the next generation.
    pub fn snapshot(&mut self) -> Option<SavedState> {
        self.call(InHand::default(), |f| f.snapshot()).0
    }

    /// Ends the filter.
    pub fn end(self, reason: EndReason) {
        self.filter.end(reason);
    }

    fn without_frame(&mut self, call: impl FnOnce(&mut F)) -> Outcome {
        let ((), hand) = self.call(InHand::default(), call);
        let mut out = Vec::new();
        self.before(&hand, &mut out);
        out.extend(hand.after);
        out.extend(hand.metadata.into_iter().map(Item::Metadata));
        Outcome { verdict: None, out, derived: derived() }
    }

    fn call<R>(&mut self, hand: InHand, call: impl FnOnce(&mut F) -> R) -> (R, InHand) {
        with(|h| h.in_hand = Some(hand));
        let answer = call(&mut self.filter);
        (answer, with(|h| h.in_hand.take()).unwrap_or_default())
    }

    /// What goes on before the frame in hand.
    fn before(&mut self, hand: &InHand, out: &mut Vec<Item>) {
        for step in &hand.before {
            match step {
                Step::Emit(item) => out.push(item.clone()),
                Step::Release(n) => out.extend(self.held.drain(..self.held.len().min(*n))),
                Step::Drop(n) => drop(self.held.drain(..self.held.len().min(*n))),
            }
        }
    }
}

/// What went into streams beside this one since the last call.
fn derived() -> Vec<(String, Item)> {
    with(|h| std::mem::take(&mut h.derived))
}

/// The publisher has this track.
fn known(kind: crate::MediaKind, track: u16) {
    with(|h| {
        if !h.known.contains(&(kind, track)) {
            h.known.push((kind, track));
        }
    });
}

fn fits(interest: &crate::Interest, meta: &FrameMeta) -> bool {
    (interest.kinds.is_empty() || interest.kinds.contains(&meta.kind))
        && (interest.codecs.is_empty() || interest.codecs.contains(&meta.codec))
        && (!interest.only_keyframes || meta.is_key())
        && (interest.unit_types == 0 || interest.unit_types & meta.unit_types != 0)
}

/// A stream `app/name` from an encoder, its tracks not known yet.
pub fn stream(path: &str) -> StreamInfo {
    let key = super::key(path);
    StreamInfo {
        id: 1,
        publisher: super::connection(&key.app),
        key,
        tracks: Vec::new(),
        tags: Vec::new(),
        viewer: None,
        attempt: 0,
    }
}
