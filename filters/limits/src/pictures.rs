//! How many pictures come per second, and which codecs have no sequence header to be known by.

use guest_sdk::{MediaKind, fourcc};

/// Codecs whose frames come without a header before them.
pub(crate) const WITHOUT_HEADER: [(MediaKind, u32); 9] = [
    (MediaKind::Audio, fourcc(b"alaw")),
    (MediaKind::Audio, fourcc(b"ulaw")),
    (MediaKind::Audio, fourcc(b".mp3")),
    (MediaKind::Audio, fourcc(b"spex")),
    (MediaKind::Audio, fourcc(b"lpcm")),
    (MediaKind::Audio, fourcc(b"ac-3")),
    (MediaKind::Audio, fourcc(b"ec-3")),
    (MediaKind::Video, fourcc(b"flv1")),
    (MediaKind::Video, fourcc(b"vp6f")),
];

const WINDOW_US: i64 = 2_000_000;
/// Encoders that make exactly what is allowed are not sent away for a timestamp that was rounded.
const SLACK: f64 = 1.05;

/// Counts over windows of two seconds of stream time.
pub(crate) struct Pictures {
    most: Option<f64>,
    from: Option<i64>,
    count: u32,
    /// Windows in a row with too many: one may be a burst after a hole.
    over: u32,
}

impl Pictures {
    pub(crate) fn new(most: Option<f64>) -> Pictures {
        Pictures { most, from: None, count: 0, over: 0 }
    }

    /// Notes a picture; gives how many there were per second if that is too many, twice in a row.
    pub(crate) fn too_many(&mut self, dts_us: i64) -> Option<f64> {
        let most = self.most?;
        let from = *self.from.get_or_insert(dts_us);
        let passed = dts_us.saturating_sub(from);
        if passed < WINDOW_US {
            self.count = self.count.saturating_add(1);
            return None;
        }
        let fps = f64::from(self.count) * 1e6 / passed as f64;
        (self.from, self.count) = (Some(dts_us), 1);
        self.over = if fps > most * SLACK { self.over.saturating_add(1) } else { 0 };
        (self.over >= 2).then_some(fps)
    }
}
