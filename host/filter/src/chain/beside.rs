//! The streams that one filter makes beside the one in hand. They leave the chain as values; who runs the chain publishes them.
//!
//! They belong to the filter, not to its instance: when a new generation, or an instance after a fault, opens the same suffix, it goes
//! on with the same stream. One that is not opened again in time ends.

use std::sync::Arc;

use media::{Frame, Kind};

use super::link::Link;
use super::{MediaChain, Stage};
use crate::output::Order;
use crate::output::derived::{NotDerived, Step};
use crate::session::Attributes;

/// How long a stream waits for a new instance to open it again, in stream time.
const ORPHAN_US: i64 = 10_000_000;

/// What becomes of a stream beside the one in hand.
#[derive(Clone, Debug)]
pub struct Derived {
    /// Which: a number that is never used twice.
    pub stream: u64,
    /// The filter that makes it.
    pub filter: Arc<str>,
    /// What happens.
    pub what: Derivation,
}

/// See [`Derived`].
#[derive(Clone, Debug)]
pub enum Derivation {
    /// It begins. Its name is the parent's with this behind it.
    Opened {
        /// Letters, digits, `-`, `_` and `.`, at most 64 of them.
        suffix: Arc<str>,
        /// What the filter says of it.
        tags: Attributes,
    },
    /// A frame, header or message of it, on the parent's timeline.
    Frame(Box<Frame>),
    /// It ends.
    Closed,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Beside {
    streams: Vec<Stream>,
    out: Vec<Derived>,
    /// Some stream has no instance that feeds it.
    orphaned: bool,
}

#[derive(Debug)]
struct Stream {
    suffix: Arc<str>,
    /// Its number outside.
    number: u64,
    /// Its number for the instance that feeds it.
    inner: Option<u64>,
    orphaned_at_us: i64,
    last: Order,
}

impl Beside {
    /// What the guest asked for in a call that has returned. Counts frames and bytes.
    pub(super) fn take(&mut self, steps: Vec<Step>, filter: &Arc<str>) -> (u64, u64) {
        let (mut frames, mut bytes) = (0, 0);
        for step in steps {
            match step {
                Step::Open { stream, suffix, tags } => self.open(stream, suffix, tags, filter),
                Step::Frame { stream, frame } => {
                    let Some(found) = self.streams.iter_mut().find(|s| s.inner == Some(stream)) else { continue };
                    frames += 1;
                    bytes += frame.body.len() as u64;
                    let frame = ordered(frame, &mut found.last);
                    let what = Derivation::Frame(Box::new(frame));
                    self.out.push(Derived { stream: found.number, filter: Arc::clone(filter), what });
                }
                Step::Close { stream } => {
                    let Some(at) = self.streams.iter().position(|s| s.inner == Some(stream)) else { continue };
                    let closed = self.streams.swap_remove(at);
                    self.closed(closed.number, filter);
                }
            }
        }
        (frames, bytes)
    }

    fn open(&mut self, inner: u64, suffix: Arc<str>, tags: Attributes, filter: &Arc<str>) {
        if let Some(known) = self.streams.iter_mut().find(|s| s.suffix == suffix) {
            known.inner = Some(inner);
            self.orphaned = self.streams.iter().any(|s| s.inner.is_none());
            return;
        }
        let last = Order::default();
        self.streams.push(Stream {
            suffix: Arc::clone(&suffix),
            number: inner,
            inner: Some(inner),
            orphaned_at_us: 0,
            last,
        });
        let what = Derivation::Opened { suffix, tags };
        self.out.push(Derived { stream: inner, filter: Arc::clone(filter), what });
    }

    fn closed(&mut self, number: u64, filter: &Arc<str>) {
        self.out.push(Derived { stream: number, filter: Arc::clone(filter), what: Derivation::Closed });
    }

    /// The instance that fed them is gone.
    pub(super) fn orphan(&mut self, now_us: i64) {
        for stream in &mut self.streams {
            if stream.inner.take().is_some() {
                stream.orphaned_at_us = now_us;
                self.orphaned = true;
            }
        }
    }

    pub(super) fn is_orphaned(&self) -> bool {
        self.orphaned
    }

    /// Ends those that nobody opened again.
    pub(super) fn reap(&mut self, now_us: i64, filter: &Arc<str>) {
        let is_over = |s: &Stream| s.inner.is_none() && now_us.saturating_sub(s.orphaned_at_us) >= ORPHAN_US;
        while let Some(at) = self.streams.iter().position(is_over) {
            let over = self.streams.swap_remove(at);
            self.closed(over.number, filter);
        }
        self.orphaned = self.streams.iter().any(|s| s.inner.is_none());
    }

    /// What became of them since the last time.
    pub(super) fn hand_over(&mut self, out: &mut Vec<Derived>) {
        out.append(&mut self.out);
    }

    /// Those that there are.
    pub(super) fn numbers(&self) -> Vec<u64> {
        self.streams.iter().map(|stream| stream.number).collect()
    }

    /// The stream is none after all. The number that the instance knows it by, if there is one.
    fn refuse(&mut self, number: u64) -> Option<u64> {
        let at = self.streams.iter().position(|s| s.number == number)?;
        self.streams.swap_remove(at).inner
    }
}

/// Times do not go back behind those of an instance before this one.
fn ordered(frame: Frame, last: &mut Order) -> Frame {
    let floor = last.last(frame.kind, frame.track);
    let frame = match frame.dts_us < floor && frame.kind != Kind::Data {
        true => frame.retimed(floor, frame.pts_us().max(floor)),
        false => frame,
    };
    last.note(frame.kind, frame.track, frame.dts_us);
    frame
}

impl MediaChain {
    /// What became of streams beside this one since the last time, in order.
    pub fn take_derived(&mut self, out: &mut Vec<Derived>) {
        for stage in &mut self.stages {
            match stage {
                Stage::Inline(link) => link.hand_over_beside(out),
                Stage::Aside(aside) => aside.hand_over(out),
            }
        }
    }

    /// A stream that was opened cannot be: its filter is told so. It is not to be told of again.
    pub fn refuse_derived(&mut self, stream: u64, why: NotDerived) {
        for stage in &mut self.stages {
            match stage {
                Stage::Inline(link) => link.refuse_derived(stream, why),
                Stage::Aside(aside) => aside.refuse(stream, why),
            }
        }
    }
}

impl Link {
    /// Tells the guest, if the stream is one of its own.
    pub(super) fn refuse_derived(&mut self, stream: u64, why: NotDerived) {
        let Some(inner) = self.beside.as_mut().and_then(|beside| beside.refuse(stream)) else { return };
        if let Some(live) = &mut self.live {
            live.refuse_derived(inner, why);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(stream: u64, suffix: &str) -> Step {
        Step::Open { stream, suffix: suffix.into(), tags: Vec::new() }
    }

    fn frame(stream: u64, dts_us: i64) -> Step {
        let parts = media::flv::Parts {
            kind: Kind::Audio,
            track: 0,
            codec: media::FourCc::MP4A,
            content: media::Content::Coded,
            key: false,
            disposable: false,
            cts_ms: 0,
        };
        Step::Frame { stream, frame: media::flv::frame(&parts, dts_us, dts_us, &media::Body::from(vec![1])) }
    }

    fn told(beside: &mut Beside) -> Vec<(u64, &'static str, i64)> {
        let one = |d: Derived| match d.what {
            Derivation::Opened { .. } => (d.stream, "opened", 0),
            Derivation::Frame(frame) => (d.stream, "frame", frame.dts_us),
            Derivation::Closed => (d.stream, "closed", 0),
        };
        beside.out.drain(..).map(one).collect()
    }

    #[test]
    fn another_instance_goes_on_with_the_stream_and_time_does_not_go_back() {
        let filter: Arc<str> = "f".into();
        let mut beside = Beside::default();
        beside.take(vec![open(1, "_a"), open(2, "_b"), frame(1, 500)], &filter);
        assert_eq!(told(&mut beside), [(1, "opened", 0), (2, "opened", 0), (1, "frame", 500)]);
        beside.orphan(1000);
        assert!(beside.is_orphaned());
        beside.take(vec![frame(1, 600), open(7, "_a"), frame(7, 400), frame(7, 700)], &filter);
        assert_eq!(told(&mut beside), [(1, "frame", 500), (1, "frame", 700)], "the old instance is not heard");
        beside.reap(1000 + ORPHAN_US - 1, &filter);
        assert!(told(&mut beside).is_empty());
        beside.reap(1000 + ORPHAN_US, &filter);
        assert_eq!(told(&mut beside), [(2, "closed", 0)]);
        assert!(!beside.is_orphaned());
        beside.take(vec![Step::Close { stream: 7 }, frame(7, 800)], &filter);
        assert_eq!(told(&mut beside), [(1, "closed", 0)]);
    }
}
