//! Showing a stream to a media filter.

use std::collections::VecDeque;

use super::host::with;
use super::sample::{Sample, told};
use media::FourCc;
use media::units::{Edit, Unit};

use crate::{
    Boundary, Config, EndReason, Fault, Frame, FrameFlags, FrameMeta, MediaFilter, Metadata, SavedState, StreamInfo,
    Subscription, TrackInfo, Verdict,
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

/// What the filter does with the frame in hand during one call.
#[derive(Default)]
pub(crate) struct InHand {
    /// None in hooks without a frame: the functions of the frame fail there.
    sample: Option<Sample>,
    units: Vec<Unit>,
    edit: Edit,
    replaced: Option<Vec<u8>>,
    times: Option<(i64, i64)>,
    before: Vec<Step>,
    after: Vec<Item>,
    metadata: Vec<Metadata>,
}

enum Step {
    Emit(Item),
    Release(usize),
    Drop(usize),
}

impl InHand {
    fn of(sample: Sample) -> InHand {
        let units = sample.units();
        InHand { edit: Edit::new(units.len()), units, sample: Some(sample), ..InHand::default() }
    }

    /// The payload with the edits; none if no unit is left.
    fn edited(&self) -> Option<Vec<u8>> {
        if let Some(new) = &self.replaced {
            return Some(new.clone());
        }
        let sample = self.sample.as_ref()?;
        if self.edit.is_empty() {
            return Some(sample.payload());
        }
        let edit = self.edit.clone();
        let edited = edit.apply(FourCc(sample.meta.codec), sample.length_bytes, &sample.payload, &self.units);
        let edited = edited.unwrap_or_else(|e| panic!("frame: the edits make no frame: {e}"));
        (edited.units > 0).then(|| edited.payload.to_bytes().to_vec())
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

fn hand<R>(what: &str, f: impl FnOnce(&mut InHand) -> R) -> R {
    with(|h| f(h.in_hand.as_mut().unwrap_or_else(|| panic!("{what}: called outside a hook"))))
}

/// The functions of the frame in hand.
pub(crate) mod frame {
    use super::{InHand, Sample, hand, told};
    use crate::UnitInfo;
    use crate::output::Packet;

    fn in_hand<R>(f: impl FnOnce(&mut InHand, Sample) -> R) -> R {
        hand("frame", |h| {
            let sample = h.sample.clone().expect("frame: no frame is in hand here");
            f(h, sample)
        })
    }

    fn edit(index: u32, f: impl FnOnce(&mut super::Edit, usize) -> bool) {
        in_hand(|h, _| {
            assert!(h.replaced.is_none(), "frame: units cannot be edited after replace");
            assert!(f(&mut h.edit, index as usize), "frame: no unit has the index {index}");
        });
    }

    pub(crate) fn units() -> Vec<UnitInfo> {
        in_hand(|h, _| h.units.iter().map(told).collect())
    }

    pub(crate) fn read(offset: u32, len: u32) -> Vec<u8> {
        in_hand(|_, sample| super::clip(&sample.payload(), offset, len))
    }

    pub(crate) fn remove_unit(index: u32) {
        edit(index, |e, i| e.remove(i));
    }

    pub(crate) fn remove_units(types: u64) -> u32 {
        in_hand(|h, _| {
            assert!(h.replaced.is_none(), "frame: units cannot be edited after replace");
            h.edit.remove_types(&h.units, types) as u32
        })
    }

    pub(crate) fn replace_unit(index: u32, data: &[u8]) {
        edit(index, |e, i| e.replace(i, data.to_vec().into()));
    }

    pub(crate) fn insert_unit(before: u32, data: &[u8]) {
        edit(before, |e, i| e.insert(i, data.to_vec().into()));
    }

    pub(crate) fn replace(data: &[u8]) {
        in_hand(|h, _| h.replaced = Some(data.to_vec()));
    }

    pub(crate) fn retime(dts: i64, pts: i64) {
        in_hand(|h, _| h.times = Some((dts, pts)));
    }

    pub(crate) fn retain() -> Packet {
        in_hand(|_, sample| Packet::new(&sample.payload()))
    }
}

fn clip(bytes: &[u8], offset: u32, len: u32) -> Vec<u8> {
    bytes.iter().skip(offset as usize).take(len as usize).copied().collect()
}

/// What a filter adds.
pub(crate) mod output {
    use std::cell::{Cell, RefCell};

    use super::{FrameFlags, FrameMeta, Item, Metadata, Step, TrackInfo, hand, with};
    use crate::StreamKey;
    pub use crate::bindings::weir::filter::output::{OutputError, Pressure};

    /// A payload: made by the guest, or a reference to a frame's.
    #[derive(Debug)]
    pub struct Packet(Vec<u8>);

    impl Packet {
        /// Of these bytes.
        pub fn new(data: &[u8]) -> Packet {
            Packet(data.to_vec())
        }

        /// In bytes.
        pub fn size(&self) -> u32 {
            u32::try_from(self.0.len()).unwrap_or(u32::MAX)
        }

        /// Copies the range, clipped to the payload.
        pub fn read(&self, offset: u32, len: u32) -> Vec<u8> {
            super::clip(&self.0, offset, len)
        }
    }

    fn item(meta: FrameMeta, pkt: &Packet) -> Item {
        let flags = meta.flags | FrameFlags::FROM_FILTER;
        Item::Frame(FrameMeta { flags, size: pkt.size(), ..meta }, pkt.0.clone())
    }

    /// A frame of the filter's own, before the one in hand.
    pub fn emit_before(meta: FrameMeta, pkt: &Packet) -> Result<(), OutputError> {
        hand("emit-before", |h| h.before.push(Step::Emit(item(meta, pkt))));
        Ok(())
    }

    /// The same, behind the frame in hand.
    pub fn emit_after(meta: FrameMeta, pkt: &Packet) -> Result<(), OutputError> {
        hand("emit-after", |h| h.after.push(item(meta, pkt)));
        Ok(())
    }

    /// Lets the oldest held frames go on.
    pub fn release_held(count: u32) {
        hand("release-held", |h| h.before.push(Step::Release(count as usize)));
    }

    /// Throws the oldest held frames away.
    pub fn drop_held(count: u32) {
        hand("drop-held", |h| h.before.push(Step::Drop(count as usize)));
    }

    /// The host's own bound.
    const MOST_TRACKS: usize = 16;

    /// A track beside those of the publisher, once [`grant_tracks`](crate::testing::grant_tracks) was called; its header goes on as an
    /// [`Item::Header`] before what is in hand.
    pub fn add_track(info: &TrackInfo, header: Option<&Packet>) -> Result<u16, OutputError> {
        let id = with(|h| {
            if !h.tracks {
                return Err(OutputError::Denied);
            }
            if info.kind == crate::MediaKind::Data {
                return Err(OutputError::NoSuchTrack);
            }
            if h.added.contains(&(info.kind, info.id)) {
                return Ok(info.id);
            }
            if h.added.len() == MOST_TRACKS {
                return Err(OutputError::Full);
            }
            let taken = |id: u16| h.known.contains(&(info.kind, id)) || h.added.contains(&(info.kind, id));
            let free = (1..).find(|id| !taken(*id)).unwrap_or_default();
            let id = if info.id != 0 && !taken(info.id) { info.id } else { free };
            h.added.push((info.kind, id));
            Ok(id)
        })?;
        if let Some(header) = header {
            hand("add-track", |h| h.before.push(Step::Emit(Item::Header(id, header.0.clone()))));
        }
        Ok(id)
    }

    /// A data message.
    pub fn set_metadata(meta: &Metadata) -> Result<(), OutputError> {
        hand("set-metadata", |h| h.metadata.push(meta.clone()));
        Ok(())
    }

    /// A stream beside this one, once [`grant_derive`](crate::testing::grant_derive) was called.
    #[derive(Debug)]
    pub struct Derived {
        suffix: String,
        open: Cell<bool>,
        tracks: RefCell<Vec<(crate::MediaKind, u16)>>,
    }

    impl Derived {
        /// Named like the parent with this suffix.
        pub fn new(suffix: &str, _: &[(String, String)]) -> Derived {
            Derived { suffix: suffix.into(), open: Cell::new(false), tracks: RefCell::default() }
        }

        /// The name it asks for.
        pub fn open(&self) -> Result<StreamKey, OutputError> {
            with(|h| {
                if !h.derive {
                    return Err(OutputError::Denied);
                }
                self.open.set(true);
                let (app, name) = h.stream.clone();
                Ok(StreamKey { app, name: format!("{name}{}", self.suffix), query: Vec::new() })
            })
        }

        /// How full the host's queue is.
        pub fn pressure(&self) -> Pressure {
            if self.open.get() { Pressure::Low } else { Pressure::Full }
        }

        /// A track of it.
        pub fn add_track(&self, info: &TrackInfo, header: Option<&Packet>) -> Result<u16, OutputError> {
            self.put(header.map(|header| Item::Header(info.id, header.0.clone())))?;
            self.tracks.borrow_mut().push((info.kind, info.id));
            Ok(info.id)
        }

        /// A frame of it.
        pub fn push(&self, meta: FrameMeta, pkt: &Packet) -> Result<(), OutputError> {
            self.put(None)?;
            if !self.tracks.borrow().contains(&(meta.kind, meta.track)) {
                return Err(OutputError::NoSuchTrack);
            }
            self.put(Some(item(meta, pkt)))
        }

        /// Its metadata.
        pub fn set_metadata(&self, meta: &Metadata) -> Result<(), OutputError> {
            self.put(Some(Item::Metadata(meta.clone())))
        }

        fn put(&self, item: Option<Item>) -> Result<(), OutputError> {
            with(|h| {
                if !h.derive {
                    return Err(OutputError::Denied);
                }
                if !self.open.get() {
                    return Err(OutputError::Closed);
                }
                if h.taken.contains(&self.suffix) {
                    self.open.set(false);
                    self.tracks.borrow_mut().clear();
                    return Err(OutputError::NameTaken);
                }
                h.derived.extend(item.map(|item| (self.suffix.clone(), item)));
                Ok(())
            })
        }
    }
}
