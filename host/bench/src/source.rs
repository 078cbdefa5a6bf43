//! When a publisher sends what.

use crate::clip::{Clip, SAMPLE_RATE, SAMPLES};
use crate::stamp::Stamp;
use bytes::Bytes;
use rtmp_proto::MediaKind;
use rtmp_proto::amf0::{Value, encode_all};
use std::sync::Arc;

const SECOND: u64 = 1_000_000_000;

/// One stream's frames, paced by the clock.
#[derive(Debug)]
pub(crate) struct Source {
    clip: Arc<Clip>,
    session: u32,
    stream: u32,
    phase_ns: u64,
    /// Media passes so many times faster than the clock.
    speed: u64,
    started_ns: u64,
    video: u32,
    audio: u32,
}

/// One message.
pub(crate) struct Made {
    pub(crate) kind: MediaKind,
    pub(crate) timestamp: u32,
    pub(crate) body: Bytes,
    /// Nanoseconds after its time.
    pub(crate) behind_ns: u64,
}

impl Source {
    /// A stream whose frames are due `phase_ns` after whole frame intervals of the clock.
    pub(crate) fn new(clip: Arc<Clip>, session: u32, stream: u32, phase_ns: u64, speed: u32) -> Source {
        Source { clip, session, stream, phase_ns, speed: speed.max(1).into(), started_ns: 0, video: 0, audio: 0 }
    }

    /// The first frame is due as soon as the phase allows.
    pub(crate) fn begin(&mut self, now_ns: u64) {
        let frame = (SECOND / u64::from(self.clip.settings().fps.max(1)) / self.speed).max(1);
        self.started_ns = now_ns.div_ceil(frame) * frame + self.phase_ns;
    }

    /// What comes before the first frame: metadata and decoder configurations.
    pub(crate) fn headers(&self) -> Vec<(MediaKind, Bytes)> {
        let mut out = vec![(MediaKind::Data, metadata(&self.clip))];
        out.extend(self.clip.video_header().map(|body| (MediaKind::Video, body.clone())));
        out.extend(self.clip.audio_header().map(|body| (MediaKind::Audio, body.clone())));
        out
    }

    /// When the next frame is due.
    pub(crate) fn due_ns(&self) -> u64 {
        let next = [self.video_due(), self.audio_due()].into_iter().flatten().min();
        self.started_ns.saturating_add(next.map_or(u64::MAX / 2, |due| due / self.speed))
    }

    /// The frame that is due, stamped with `now_ns`.
    pub(crate) fn make(&mut self, now_ns: u64) -> Option<Made> {
        let (video, audio) = (self.video_due(), self.audio_due());
        let is_video = match (video, audio) {
            (Some(video), Some(audio)) => video <= audio,
            (video, _) => video.is_some(),
        };
        let (kind, due, sequence) = if is_video {
            (MediaKind::Video, video?, &mut self.video)
        } else {
            (MediaKind::Audio, audio?, &mut self.audio)
        };
        let stamp = Stamp { session: self.session, stream: self.stream, sequence: *sequence, clock_ns: now_ns };
        *sequence = sequence.wrapping_add(1);
        let body = if is_video { self.clip.picture(&stamp) } else { self.clip.sound(&stamp) }?;
        let behind_ns = now_ns.saturating_sub(self.started_ns + due / self.speed);
        // 32 bits that wrap, as everywhere in RTMP.
        Some(Made { kind, timestamp: (due / 1_000_000) as u32, body, behind_ns })
    }

    fn video_due(&self) -> Option<u64> {
        let settings = self.clip.settings();
        (settings.video_kbps > 0).then(|| u64::from(self.video) * SECOND / u64::from(settings.fps.max(1)))
    }

    fn audio_due(&self) -> Option<u64> {
        let frames = u64::from(self.audio);
        // 2^32 frames of nanoseconds do not fit in 64 bits at once.
        let exact = u128::from(frames) * u128::from(SAMPLES) * u128::from(SECOND) / u128::from(SAMPLE_RATE);
        (self.clip.settings().audio_kbps > 0).then_some(exact as u64)
    }
}

/// `@setDataFrame` `onMetaData`, as encoders send it.
fn metadata(clip: &Clip) -> Bytes {
    let settings = clip.settings();
    let number = |n: u32| Value::Number(n.into());
    let mut fields = vec![("encoder".into(), "weir bench".into())];
    if settings.video_kbps > 0 {
        fields.extend([
            ("width".into(), number(settings.width)),
            ("height".into(), number(settings.height)),
            ("framerate".into(), number(settings.fps)),
            ("videodatarate".into(), number(settings.video_kbps)),
            ("videocodecid".into(), number(7)),
        ]);
    }
    if settings.audio_kbps > 0 {
        fields.extend([
            ("audiodatarate".into(), number(settings.audio_kbps)),
            ("audiosamplerate".into(), number(SAMPLE_RATE as u32)),
            ("stereo".into(), false.into()),
            ("audiocodecid".into(), number(10)),
        ]);
    }
    encode_all(&["@setDataFrame".into(), "onMetaData".into(), Value::EcmaArray(fields)]).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clip::Settings;
    use crate::stamp::Found;

    fn run(settings: Settings, seconds: u64) -> Vec<Made> {
        run_at(1, settings, seconds)
    }

    fn run_at(speed: u32, settings: Settings, seconds: u64) -> Vec<Made> {
        let clip = Arc::new(Clip::new(settings).unwrap());
        let start = 5 * SECOND;
        let mut source = Source::new(clip, 9, 4, 0, speed);
        source.begin(start);
        let mut made = Vec::new();
        while source.due_ns() < start + seconds * SECOND {
            let now = source.due_ns();
            made.push(source.make(now).unwrap());
        }
        made
    }

    #[test]
    fn a_second_has_its_messages_in_order() {
        let made = run(Settings::default(), 10);
        let of = |kind| made.iter().filter(|m| m.kind == kind).count();
        assert_eq!((of(MediaKind::Video), of(MediaKind::Audio)), (250, 431));
        assert!(made.windows(2).all(|pair| pair[0].timestamp <= pair[1].timestamp));
        assert!(made.iter().all(|m| m.behind_ns == 0));
        let bytes: usize = made.iter().map(|m| m.body.len()).sum();
        let kbps = bytes * 8 / 10 / 1000;
        assert!((1900..2100).contains(&kbps), "{kbps} kbit/s");
    }

    #[test]
    fn at_ten_times_the_speed_a_second_holds_ten() {
        let (usual, fast) = (run(Settings::default(), 10), run_at(10, Settings::default(), 1));
        assert_eq!(usual.len(), fast.len());
        assert!(usual.iter().zip(&fast).all(|(a, b)| (a.kind, a.timestamp) == (b.kind, b.timestamp)));
        assert!(fast.iter().all(|m| m.behind_ns == 0));
    }

    #[test]
    fn stamps_count_each_kind_by_itself() {
        for kind in [MediaKind::Video, MediaKind::Audio] {
            let numbers: Vec<u32> = run(Settings::default(), 2)
                .into_iter()
                .filter(|m| m.kind == kind)
                .map(|m| match Stamp::find(&m.body) {
                    Found::Whole(stamp) => {
                        assert_eq!((stamp.session, stamp.stream), (9, 4));
                        stamp.sequence
                    }
                    other => panic!("{other:?}"),
                })
                .collect();
            assert!(numbers.iter().enumerate().all(|(at, n)| at as u32 == *n));
        }
    }

    #[test]
    fn either_kind_may_be_missing() {
        let made = run(Settings { audio_kbps: 0, ..Settings::default() }, 1);
        assert!(made.len() == 25 && made.iter().all(|m| m.kind == MediaKind::Video));
        let made = run(Settings { video_kbps: 0, ..Settings::default() }, 1);
        assert!(made.len() == 44 && made.iter().all(|m| m.kind == MediaKind::Audio));
    }
}
