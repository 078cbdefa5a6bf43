//! Message → frame → filters. The server and the offline runner both use this, so their bytes are equal.

use std::sync::Arc;

use bytes::Bytes;
use filter::{Derived, Ended, Filter, MediaChain, NotDerived, Pace, Parting, StreamInfo, Traced};
use media::time::{Policy, Timeline, Unwrap};
use media::track::Tracks;
use media::{Body, Content, FourCc, Frame, Kind, Metadata, flv};

use filter::session::EndReason;

/// The way of one publisher's messages through its media filters.
#[derive(Debug)]
pub struct Ingest {
    unwrap: Unwrap,
    policy: Policy,
    timeline: Timeline,
    started: bool,
    data_us: i64,
    tracks: Tracks,
    malformed: u64,
    chain: MediaChain,
}

impl Ingest {
    /// Opens the filters for a stream, whose timestamps are treated as `policy` says.
    pub fn new(filters: &[Arc<Filter>], info: StreamInfo, policy: Policy) -> Ingest {
        Ingest {
            unwrap: Unwrap::new(),
            policy,
            timeline: Timeline::with(policy),
            started: false,
            data_us: 0,
            tracks: Tracks::new(),
            malformed: 0,
            chain: MediaChain::open(filters, info),
        }
    }

    /// Takes the body of an audio, video or data message with its 32-bit timestamp in milliseconds, which comes at `now_ms`
    /// of any clock that does not go back; what the filters make of it is appended to `out`. A data message brings its values
    /// if they could be read.
    ///
    /// # Errors
    /// A filter failed whose policy is to end the stream; `out` holds what came before.
    pub fn push(
        &mut self,
        kind: Kind,
        timestamp_ms: u32,
        now_ms: i64,
        body: Bytes,
        metadata: Option<Metadata>,
        out: &mut Vec<Frame>,
    ) -> Result<(), Ended> {
        let frame = self.frame(kind, timestamp_ms, now_ms, body, metadata);
        self.filter(frame, out)
    }

    /// The frame of a message, on the stream's timeline.
    #[inline]
    pub(crate) fn frame(
        &mut self,
        kind: Kind,
        timestamp_ms: u32,
        now_ms: i64,
        body: Bytes,
        metadata: Option<Metadata>,
    ) -> Frame {
        match kind {
            Kind::Audio => self.media(flv::audio(body, 0), timestamp_ms, now_ms),
            Kind::Video => self.media(flv::video(body, 0), timestamp_ms, now_ms),
            Kind::Data => self.data(timestamp_ms, now_ms, body, metadata),
        }
    }

    /// A frame whose time is on the stream's timeline already, and whose track is to be known.
    pub(crate) fn observe(&mut self, frame: &Frame) {
        if frame.kind != Kind::Data {
            self.tracks.observe(frame);
        }
    }

    /// Takes a frame that has its time and is known.
    ///
    /// # Errors
    /// As [`push`](Ingest::push).
    #[inline]
    pub(crate) fn filter(&mut self, frame: Frame, out: &mut Vec<Frame>) -> Result<(), Ended> {
        self.chain.push(frame, out)
    }

    /// Where the filters are to be called, if not here: how long their calls for this frame may take, or, without one, for the
    /// time; and in whose name.
    #[inline]
    pub(crate) fn slow(&mut self, frame: Option<&Frame>) -> Option<(Pace, Arc<Filter>)> {
        let pace = match frame {
            Some(frame) => self.chain.pace_of(frame),
            None => self.chain.pace(),
        };
        if pace == Pace::Quick {
            return None;
        }
        self.chain.slowest().map(|filter| (pace, filter.clone()))
    }

    fn media(&mut self, mut frame: Frame, timestamp_ms: u32, now_ms: i64) -> Frame {
        let time_ms = self.unwrap.unwrap_ms(timestamp_ms);
        frame.dts_us = self.timeline.place(frame.kind, frame.track, time_ms, now_ms);
        self.started = true;
        match frame.content {
            Content::Opaque => self.opaque(&frame),
            _ => _ = self.tracks.observe(&frame),
        }
        frame
    }

    /// Several tracks in one message, what no specification knows, or what is broken; all of it passes.
    fn opaque(&mut self, frame: &Frame) {
        match flv::split(frame) {
            Ok(parts) => parts.iter().for_each(|part| _ = self.tracks.observe(part)),
            // Without a byte it is silence (E-RTMP v2, "Enhanced Audio").
            Err(_) => self.malformed += u64::from(!frame.body.is_empty()),
        }
    }

    /// Data messages never move the timeline: encoders stamp them with 0 in mid-stream.
    fn data(&mut self, timestamp_ms: u32, now_ms: i64, body: Bytes, metadata: Option<Metadata>) -> Frame {
        let time_ms = self.unwrap.clone().unwrap_ms(timestamp_ms);
        match self.policy {
            Policy::Pass => self.data_us = time_ms.saturating_mul(1000),
            Policy::Repair if self.started => {
                let placed = self.timeline.clone().place(Kind::Data, 0, time_ms, now_ms);
                // One that would be behind the newest picture or sound by much, or before it, is at it.
                self.data_us = self.data_us.max(placed);
            }
            Policy::Repair => {}
        }
        Frame {
            kind: Kind::Data,
            content: Content::Data,
            track: 0,
            codec: FourCc::UNKNOWN,
            key: false,
            disposable: false,
            gap_before: false,
            from_filter: false,
            dts_us: self.data_us,
            cts_us: 0,
            body: Body::from(body),
            payload_at: 0,
            metadata: metadata.map(Arc::new),
        }
    }

    /// When [`tick`](Ingest::tick) is due if no frame comes, in microseconds of stream time; none: never.
    pub fn next_tick_us(&self) -> Option<i64> {
        self.chain.next_tick_us()
    }

    /// Tells the filters that the stream's time is `now_us` although no frame came. Frames tell it by themselves.
    ///
    /// # Errors
    /// As [`push`](Ingest::push).
    pub fn tick(&mut self, now_us: i64, out: &mut Vec<Frame>) -> Result<(), Ended> {
        self.chain.tick(now_us, out)
    }

    /// Whether [`collect`](Ingest::collect) is to be called soon, even if no frame comes.
    pub fn is_busy(&self) -> bool {
        self.chain.is_busy()
    }

    /// Takes what filters have made that frames do not wait for. Frames do this too.
    ///
    /// # Errors
    /// As [`push`](Ingest::push).
    pub fn collect(&mut self, out: &mut Vec<Frame>) -> Result<(), Ended> {
        self.chain.collect(out)
    }

    /// The latest time of the stream, in microseconds.
    pub fn now_us(&self) -> i64 {
        self.timeline.latest_us()
    }

    /// The tracks as the publisher sends them.
    pub fn tracks(&self) -> &Tracks {
        &self.tracks
    }

    /// Audio and video messages whose headers could not be read; they passed as they were.
    pub fn malformed(&self) -> u64 {
        self.malformed
    }

    /// From now on calls of filters are noted, for [`take_trace`](Ingest::take_trace) to hand out.
    pub fn trace(&mut self) {
        self.chain.trace();
    }

    /// The calls of filters since the last time.
    pub fn take_trace(&mut self) -> Vec<Traced> {
        self.chain.take_trace()
    }

    /// What the filters have made of streams beside this one since the last time, in order.
    pub fn take_derived(&mut self, out: &mut Vec<Derived>) {
        self.chain.take_derived(out);
    }

    /// A stream that a filter has opened beside this one cannot be.
    pub fn refuse_derived(&mut self, stream: u64, why: NotDerived) {
        self.chain.refuse_derived(stream, why);
    }

    /// The stream is about to end: filters beside it still have frames to see, and what they make of them comes of these.
    pub fn part(&mut self, reason: EndReason) -> Vec<Parting> {
        self.chain.part(reason)
    }

    /// The stream ends: held frames come out. What goes into streams beside it is returned; those end too.
    pub fn end(self, reason: EndReason, out: &mut Vec<Frame>) -> Vec<Derived> {
        self.chain.end(reason, out)
    }
}
