//! What a filter asked to see, as a test of a few nanoseconds.

use std::sync::{Arc, Mutex, PoisonError};

use media::{FourCc, Frame, Kind};

use crate::convert::Interest;

/// Whether a frame is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Want {
    /// Not, whatever is in it.
    #[default]
    No,
    /// Whatever is in it.
    Yes,
    /// If it holds a unit of one of these types.
    Units(u64),
}

/// The interests of one filter, and what they come to for the codec that each kind has now.
#[derive(Clone, Debug)]
pub(crate) struct Wants {
    interests: Arc<[Interest]>,
    video: Memo<Want>,
    /// Nothing but video has units.
    audio: Memo<bool>,
    data: Memo<bool>,
}

/// None: nothing is known yet.
#[derive(Clone, Copy, Debug, Default)]
struct Memo<W> {
    codec: Option<FourCc>,
    /// For frames that are no key frames, and for those that are.
    want: [W; 2],
}

impl<W: Copy> Memo<W> {
    #[inline]
    fn of(&mut self, frame: &Frame, want: impl Fn(bool) -> W) -> W {
        if self.codec != Some(frame.codec) {
            *self = Memo { codec: Some(frame.codec), want: [want(false), want(true)] };
        }
        if frame.key { self.want[1] } else { self.want[0] }
    }
}

/// What the streams of a generation asked for: as a rule all the same, and then it is there once.
#[derive(Debug, Default)]
pub(crate) struct Asked(Mutex<Arc<[Interest]>>);

impl Asked {
    pub(crate) fn wants(&self, interests: Vec<Interest>) -> Wants {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if **last != *interests {
            *last = interests.into();
        }
        Wants::new(last.clone())
    }
}

impl Wants {
    pub(crate) fn new(interests: Arc<[Interest]>) -> Wants {
        Wants { interests, video: Memo::default(), audio: Memo::default(), data: Memo::default() }
    }

    /// Whether there is no frame that it would be shown.
    pub(crate) fn is_empty(&self) -> bool {
        self.interests.is_empty()
    }

    #[inline]
    pub(crate) fn of(&mut self, frame: &Frame) -> Want {
        let want = |key| sum(&self.interests, frame.kind, frame.codec, key);
        let whole = |key| want(key) == Want::Yes;
        let wanted = match frame.kind {
            Kind::Video => return self.video.of(frame, want),
            Kind::Audio => self.audio.of(frame, whole),
            Kind::Data => self.data.of(frame, whole),
        };
        if wanted { Want::Yes } else { Want::No }
    }
}

fn sum(interests: &[Interest], kind: Kind, codec: FourCc, key: bool) -> Want {
    let mut types = 0;
    for i in interests {
        let fits = (i.kinds.is_empty() || i.kinds.contains(&kind))
            && (i.codecs.is_empty() || i.codecs.contains(&codec))
            && (key || !i.only_keyframes);
        match (fits, i.unit_types) {
            (false, _) => {}
            (true, 0) => return Want::Yes,
            (true, bits) => types |= bits,
        }
    }
    if types == 0 { Want::No } else { Want::Units(types) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: Kind, codec: FourCc, key: bool) -> Frame {
        let parts = media::flv::Parts {
            kind,
            track: 0,
            codec,
            content: media::Content::Coded,
            key,
            disposable: false,
            cts_ms: 0,
        };
        media::flv::frame(&parts, 0, 0, &media::Body::from(vec![1]))
    }

    fn interest(kinds: &[Kind], codecs: &[FourCc], only_keyframes: bool, unit_types: u64) -> Interest {
        Interest { kinds: kinds.to_vec(), codecs: codecs.to_vec(), only_keyframes, unit_types }
    }

    #[test]
    fn every_field_must_match_and_any_interest_will_do() {
        use Kind::{Audio, Video};
        let avc = FourCc::AVC1;
        let hevc = FourCc::HVC1;
        let rows: &[(&[Interest], Kind, FourCc, bool, Want)] = &[
            (&[], Video, avc, true, Want::No),
            (&[interest(&[], &[], false, 0)], Audio, FourCc::ALAW, false, Want::Yes),
            (&[interest(&[Video], &[], false, 0)], Audio, FourCc::MP4A, false, Want::No),
            (&[interest(&[], &[avc], false, 0)], Video, hevc, false, Want::No),
            (&[interest(&[], &[], true, 0)], Video, avc, false, Want::No),
            (&[interest(&[], &[], true, 0)], Video, avc, true, Want::Yes),
            (&[interest(&[Video], &[avc], false, 64)], Video, avc, false, Want::Units(64)),
            (&[interest(&[], &[avc], false, 64), interest(&[], &[], true, 512)], Video, avc, true, Want::Units(576)),
            (&[interest(&[], &[avc], false, 64), interest(&[], &[], false, 0)], Video, avc, true, Want::Yes),
        ];
        for (i, (interests, kind, codec, key, want)) in rows.iter().enumerate() {
            assert_eq!(Wants::new((*interests).into()).of(&frame(*kind, *codec, *key)), *want, "row {i}");
        }
    }

    #[test]
    fn another_codec_is_another_question() {
        let asked = Asked::default();
        let mut wants = asked.wants(vec![interest(&[], &[FourCc::HVC1], false, 0)]);
        for _ in 0..2 {
            assert_eq!(wants.of(&frame(Kind::Video, FourCc::AVC1, false)), Want::No);
            assert_eq!(wants.of(&frame(Kind::Video, FourCc::HVC1, false)), Want::Yes);
            assert_eq!(wants.of(&frame(Kind::Audio, FourCc::MP4A, false)), Want::No);
        }
    }
}
