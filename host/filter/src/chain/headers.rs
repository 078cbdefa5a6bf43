//! Sequence headers: shown once, and again to every new instance.

use media::track::Info;
use media::{Frame, Kind};

use super::Moment;
use super::link::{Asked, Link};
use super::newcomer::Made;
use crate::counters::Hook;
use crate::failure::Failure;
use crate::instance::Answer;

/// The sequence header of a track: as it came, and as it went on.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) came: Frame,
    went: Went,
}

#[derive(Debug)]
enum Went {
    AsItCame,
    Changed(Box<Frame>),
    Dropped,
}

impl Header {
    fn is_of(&self, kind: Kind, track: u8) -> bool {
        (self.came.kind, self.came.track) == (kind, track)
    }

    fn went(&self) -> Option<&Frame> {
        match &self.went {
            Went::AsItCame => Some(&self.came),
            Went::Changed(frame) => Some(frame),
            Went::Dropped => None,
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
        let same = known.came.body == frame.body && known.came.codec == frame.codec;
        same.then(|| known.went().map(|went| Frame { dts_us: frame.dts_us, ..went.clone() }))
    }

    /// Keeps a header for instances to come; as far as is known it goes on as it came.
    pub(super) fn remember(&mut self, frame: &Frame) {
        let header = Header { came: frame.clone(), went: Went::AsItCame };
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
            header.went = went.map_or(Went::Dropped, |frame| Went::Changed(Box::new(frame)));
        }
    }

    /// The filter is gone and frames pass as they come: so must the headers that it had changed or dropped.
    pub(super) fn restore_headers(&mut self, at: &Moment, out: &mut Vec<Frame>) {
        for index in 0..self.headers.len() {
            let Some(header) = self.headers.get_mut(index) else { return };
            let differs = header.went().is_none_or(|went| went.body != header.came.body);
            if differs {
                header.went = Went::AsItCame;
                let frame = Frame { dts_us: at.now_us, ..header.came.clone() };
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
            let came = Frame { dts_us: at.now_us, ..header.came.clone() };
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
        let differs = header.went().is_none_or(|went| went.body != made.body);
        header.went = match header.came.body == made.body {
            true => Went::AsItCame,
            false => Went::Changed(Box::new(made.clone())),
        };
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
