//! Sequence headers: shown once, and again to every new instance.

use media::track::Info;
use media::{Body, Content, FourCc, Frame, Kind};

use super::Moment;
use super::link::{Asked, Link};
use super::newcomer::Made;
use crate::counters::Hook;
use crate::failure::Failure;
use crate::instance::Answer;

/// The sequence header of a track: as it came, and as it went on.
///
/// Every stream has one per track and filter as long as it runs, so it holds of the frame that came only what headers differ in.
#[derive(Debug)]
pub(super) struct Header {
    body: Body,
    cts_us: i64,
    /// Messages are shorter than 16 MiB.
    payload_at: u32,
    codec: FourCc,
    kind: Kind,
    track: u8,
    key: bool,
    disposable: bool,
    gap_before: bool,
    from_filter: bool,
    /// None: as it came.
    went: Option<Box<Went>>,
}

#[derive(Debug)]
enum Went {
    Changed(Frame),
    Dropped,
}

impl Header {
    fn new(frame: &Frame) -> Header {
        let Frame { kind, track, codec, key, disposable, gap_before, from_filter, cts_us, payload_at, .. } = *frame;
        let body = frame.body.clone();
        let payload_at = u32::try_from(payload_at).unwrap_or(u32::MAX);
        Header { body, payload_at, cts_us, codec, kind, track, key, disposable, gap_before, from_filter, went: None }
    }

    /// As it came, at this time.
    pub(super) fn came(&self, dts_us: i64) -> Frame {
        let Header { payload_at, cts_us, codec, kind, track, key, disposable, gap_before, from_filter, .. } = *self;
        Frame {
            kind,
            content: Content::Header,
            track,
            codec,
            key,
            disposable,
            gap_before,
            from_filter,
            dts_us,
            cts_us,
            body: self.body.clone(),
            payload_at: payload_at as usize,
            metadata: None,
        }
    }

    fn is_of(&self, kind: Kind, track: u8) -> bool {
        (self.kind, self.track) == (kind, track)
    }

    /// What went on, at this time; none if nothing did.
    fn went(&self, dts_us: i64) -> Option<Frame> {
        match self.went.as_deref() {
            None => Some(self.came(dts_us)),
            Some(Went::Changed(frame)) => Some(Frame { dts_us, ..frame.clone() }),
            Some(Went::Dropped) => None,
        }
    }

    /// Whether what went on has another body than this, or nothing went on.
    fn went_otherwise(&self, body: &Body) -> bool {
        match self.went.as_deref() {
            None => self.body != *body,
            Some(Went::Changed(frame)) => frame.body != *body,
            Some(Went::Dropped) => true,
        }
    }
}

impl Link {
    /// A sequence header: shown when it is another than the one before. One that comes again is treated as it was then.
    pub(super) fn header(&mut self, frame: Frame, out: &mut Vec<Frame>) -> Option<Asked> {
        if let Some(went) = self.again(&frame) {
            if let Some(frame) = went {
                self.pass(frame, out);
            }
            return None;
        }
        self.remember(&frame);
        let Some(live) = self.live.as_mut().filter(|live| live.headers) else {
            self.pass(frame, out);
            return None;
        };
        let info = info_of(&frame);
        Some((Hook::Header, live.on_header(frame, &info, &mut self.last)))
    }

    /// What became of this header when it came before, at the time of this one; none if it is another than the last.
    fn again(&self, frame: &Frame) -> Option<Option<Frame>> {
        let known = self.headers.iter().find(|h| h.is_of(frame.kind, frame.track))?;
        let same = known.body == frame.body && known.codec == frame.codec;
        same.then(|| known.went(frame.dts_us))
    }

    /// Keeps a header for instances to come; as far as is known it goes on as it came.
    pub(super) fn remember(&mut self, frame: &Frame) {
        let header = Header::new(frame);
        match self.headers.iter_mut().find(|h| h.is_of(frame.kind, frame.track)) {
            Some(known) => *known = header,
            None => {
                // There are few, and every stream has them.
                self.headers.reserve_exact(1);
                self.headers.push(header);
            }
        }
    }

    pub(super) fn header_went(&mut self, kind: Kind, track: u8, went: Option<Frame>) {
        if let Some(header) = self.headers.iter_mut().find(|h| h.is_of(kind, track)) {
            header.went = Some(Box::new(went.map_or(Went::Dropped, Went::Changed)));
        }
    }

    /// The filter is gone and frames pass as they come: so must the headers that it had changed or dropped.
    pub(super) fn restore_headers(&mut self, at: &Moment, out: &mut Vec<Frame>) {
        for index in 0..self.headers.len() {
            let Some(header) = self.headers.get_mut(index) else { return };
            if header.went_otherwise(&header.body) {
                header.went = None;
                let frame = header.came(at.now_us);
                self.pass(frame, out);
            }
        }
    }

    /// A new instance sees every header that there is. Where what it makes of one differs from what went on last time, that goes on.
    ///
    /// # Errors
    /// It failed at one; the rest has not been shown.
    pub(super) fn show_headers_again(&mut self, at: &Moment, out: &mut Vec<Frame>) -> Result<(), Failure> {
        for index in 0..self.headers.len() {
            let Some(header) = self.headers.get(index) else { break };
            let came = header.came(at.now_us);
            let Some(live) = &mut self.live else { break };
            let made = match live.headers {
                true => match live.on_header(came.clone(), &info_of(&came), &mut self.last) {
                    Ok(Answer::Pass(frame)) => Some(frame),
                    Ok(Answer::Edited(edited) | Answer::Hold(edited)) => edited.frame,
                    Ok(Answer::Drop(_)) => None,
                    Err(refused) => return Err(refused.failure),
                },
                false => Some(came),
            };
            self.staged(out);
            self.header_again(index, made, out);
            self.after(out);
        }
        Ok(())
    }

    /// The headers as they came, at the last times of their tracks behind this filter: what else comes of them is not before that.
    pub(super) fn headers_as_they_came(&self) -> Vec<Frame> {
        let came = |header: &Header| header.came(self.last.last(header.kind, header.track).max(0));
        self.headers.iter().map(came).collect()
    }

    /// What an instance made of the headers while it was warmed goes on, where it differs from what went on last time.
    pub(super) fn headers_made(&mut self, made: Vec<Made>, at: &Moment, out: &mut Vec<Frame>) {
        for Made { kind, track, went, sent } in made {
            let Some(index) = self.headers.iter().position(|h| h.is_of(kind, track)) else { continue };
            for frame in sent {
                self.emit(Frame { dts_us: frame.dts_us.max(at.now_us), ..frame }, out);
            }
            self.header_again(index, went.map(|frame| Frame { dts_us: at.now_us, ..frame }), out);
        }
    }

    fn header_again(&mut self, index: usize, made: Option<Frame>, out: &mut Vec<Frame>) {
        let Some(header) = self.headers.get_mut(index) else { return };
        let Some(made) = made else { return };
        let differs = header.went_otherwise(&made.body);
        header.went = (header.body != made.body).then(|| Box::new(Went::Changed(made.clone())));
        if differs {
            self.pass(made, out);
        }
    }
}

/// What a sequence header says of its track.
pub(crate) fn info_of(frame: &Frame) -> Info {
    let mut info = Info::new(frame.kind, frame.track, frame.codec);
    info.set_header(frame.codec, frame.payload().to_bytes());
    info
}
