//! From an input's timeline to the output's.

use tokio::time::Instant;

/// Where the frames of an input go.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    /// Added to an input's times; none until its first frame after a change.
    offset_us: Option<i64>,
    /// Nothing of the input goes before this: the end of the one before it.
    floor_us: i64,
    /// The highest time so far, and when that frame came.
    last: Option<(i64, Instant)>,
}

impl Mapping {
    /// The first frame of an input that is heard or seen decides where the input goes; the headers and data before it have the
    /// time at which they were sent, which may be hours ago.
    pub(super) fn begin(&mut self, dts_us: i64, arrived: Instant) {
        if self.offset_us.is_none() {
            self.place(dts_us, arrived);
        }
    }

    /// Another input follows.
    pub(super) fn change(&mut self) {
        self.offset_us = None;
        self.floor_us = self.last.map_or(0, |(last_us, _)| last_us.saturating_add(1_000));
    }

    /// Whether it is known where the input goes.
    pub(super) fn has_begun(&self) -> bool {
        self.offset_us.is_some()
    }

    /// The end of the input before it: the time of what comes before the first frame.
    pub(super) fn floor_us(&self) -> i64 {
        self.floor_us
    }

    /// The output's time of a frame that came to its input at `arrived`. The first one of an input goes as far behind the last
    /// one of the input before it as they came apart, so that the output keeps to real time; all others keep their distance
    /// to it.
    pub(super) fn place(&mut self, dts_us: i64, arrived: Instant) -> i64 {
        let offset_us = *self.offset_us.get_or_insert_with(|| {
            let start_us = self.last.map_or(0, |(last_us, then)| {
                let passed = arrived.saturating_duration_since(then).as_micros();
                last_us.saturating_add(i64::try_from(passed).unwrap_or(i64::MAX)).max(self.floor_us)
            });
            start_us.saturating_sub(dts_us)
        });
        let at_us = dts_us.saturating_add(offset_us).max(self.floor_us);
        if self.last.is_none_or(|(last_us, _)| at_us >= last_us) {
            self.last = Some((at_us, arrived));
        }
        at_us
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn inputs_follow_each_other_in_real_time() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut m = Mapping::default();
        assert_eq!([m.place(70_000, at(0)), m.place(60_000, at(5)), m.place(110_000, at(40))], [0, 0, 40_000]);
        // Two seconds of silence; the other input's key frame came half a second ago, its sound is a little earlier.
        m.change();
        assert_eq!([m.place(900_000_000, at(1540)), m.place(899_990_000, at(1541))], [1_540_000, 1_530_000]);
        assert_eq!(m.place(900_500_000, at(2040)), 2_040_000);
        // One whose key frame is older than what was sent before goes on behind that.
        m.change();
        assert_eq!([m.place(0, at(1000)), m.place(40_000, at(1040))], [2_041_000, 2_081_000]);
        // Its header was sent an hour ago, its key frame comes now.
        m.change();
        assert!(!m.has_begun());
        m.begin(3_600_000_000, at(1540));
        assert_eq!([m.place(0, at(0)), m.place(3_600_000_000, at(1540))], [2_082_000, 2_581_000]);
        assert_eq!(m.place(3_600_040_000, at(1580)), 2_621_000);
    }
}
