//! RTMP's 32-bit time and a stream's own timeline.

use media::Kind::{Audio, Video};
use media::time::{Policy, Timeline, Unwrap, timestamp_ms};
use proptest::prelude::*;

#[test]
fn the_wrap_is_removed_both_ways() {
    let mut u = Unwrap::new();
    let seen: Vec<i64> =
        [0xffff_fff0u32, 0xffff_ffff, 5, 0xffff_fffa, 40].into_iter().map(|t| u.unwrap_ms(t)).collect();
    assert_eq!(seen, [4_294_967_280, 4_294_967_295, 4_294_967_301, 4_294_967_290, 4_294_967_336]);
    let mut u = Unwrap::new();
    assert_eq!([u.unwrap_ms(5), u.unwrap_ms(0xffff_fffb), u.unwrap_ms(10)], [5, -5, 10]);
    // 4 h 40 min is the end of 24 bits and nothing else.
    let mut u = Unwrap::new();
    assert_eq!([u.unwrap_ms(0xff_ffff), u.unwrap_ms(0x100_0000)], [16_777_215, 16_777_216]);
}

#[test]
fn timestamps_wrap_on_the_way_out() {
    assert_eq!(timestamp_ms(1_999), 1);
    assert_eq!(timestamp_ms(4_294_967_301_000), 5);
    assert_eq!(timestamp_ms(-1_000), 0xffff_ffff);
}

/// A publisher's clocks, its tracks and the time that passes, without any of them being real.
struct Source {
    timeline: Timeline,
    now_ms: i64,
}

impl Source {
    fn new() -> Source {
        Source { timeline: Timeline::new(), now_ms: 77_000 }
    }

    /// A frame that comes now, in milliseconds.
    fn at(&mut self, kind: media::Kind, ms: i64) -> i64 {
        self.timeline.place(kind, 0, ms, self.now_ms) / 1000
    }

    /// One that comes after so many milliseconds.
    fn after(&mut self, wait_ms: i64, kind: media::Kind, ms: i64) -> i64 {
        self.now_ms += wait_ms;
        self.at(kind, ms)
    }

    /// So much of an even stream, both tracks `from` the publisher's time on, in real time: what comes out of the last frames.
    fn runs(&mut self, from: std::ops::Range<i64>) -> (i64, i64) {
        let mut last = (0, 0);
        for ms in from.step_by(20) {
            last.0 = self.at(Audio, ms);
            if ms % 40 == 0 {
                last.1 = self.at(Video, ms);
            }
            self.now_ms += 20;
        }
        last
    }
}

#[test]
fn a_start_near_zero_is_kept() {
    let mut s = Source::new();
    assert_eq!(s.at(Audio, 23), 23);
    assert_eq!(s.at(Video, 0), 0);
    assert_eq!(s.after(40, Video, 40), 40);
    assert_eq!(s.timeline.latest_us(), 40_000);
}

#[test]
fn a_late_start_is_moved_and_the_offset_of_audio_and_video_stays() {
    let mut t = Timeline::new();
    let audio = t.place(Audio, 0, 1_000_000, 0);
    let video = t.place(Video, 0, 999_900, 0);
    let other = t.place(Video, 1, 1_000_040, 0);
    assert!((0..=1_000_000).contains(&audio));
    assert_eq!(video - audio, -100_000);
    assert_eq!(other - audio, 40_000);
}

#[test]
fn time_does_not_go_back_within_a_track() {
    let mut s = Source::new();
    let placed: Vec<i64> = [0, 40, 30, 39, 80].into_iter().map(|ms| s.at(Video, ms)).collect();
    assert_eq!(placed, [0, 40, 40, 40, 80]);
    // Another track may be behind.
    assert_eq!(s.at(Audio, 10), 10);
    // Before the start of the stream there is nothing.
    assert_eq!(Source::new().at(Video, -5), 500);
    let mut s = Source::new();
    s.at(Audio, 0);
    assert_eq!(s.at(Video, -50), 0);
}

/// Presentation times where decoding times belong: three B-frames between two others.
#[test]
fn disorder_is_no_step() {
    let mut s = Source::new();
    for group in 0..500 {
        let base = group * 160;
        for ms in [160, 80, 40, 120] {
            let at = s.after(40, Video, base + ms);
            assert!((base..=base + 160).contains(&at), "{} became {at}", base + ms);
        }
    }
}

#[test]
fn a_gap_that_passed_is_a_gap() {
    let mut s = Source::new();
    s.runs(0..4000);
    s.now_ms += 60_000;
    assert_eq!((s.at(Audio, 64_000), s.at(Video, 64_000)), (64_000, 64_000));
    // The network held everything back for five seconds; the encoder dropped what it could not send, and all comes at once.
    let mut s = Source::new();
    s.runs(0..4000);
    s.now_ms += 5000;
    assert_eq!([s.at(Video, 4000), s.at(Video, 4040), s.at(Video, 8900)], [4000, 4040, 8900]);
}

#[test]
fn a_file_may_come_faster_than_it_plays() {
    let mut s = Source::new();
    for ms in (0..3_600_000).step_by(20) {
        assert_eq!(s.at(Audio, ms), ms);
        // Pictures that change every five seconds, between sounds that tell the time.
        if ms % 5000 == 0 {
            assert_eq!(s.at(Video, ms), ms);
        }
    }
}

/// Both tracks step by the same amount, video some frames before audio, or after: what comes out goes on, and the distance of
/// the two is what it was, to the millisecond.
#[test]
fn a_step_that_both_tracks_make_is_removed_for_both() {
    let hour = 3_600_000;
    for step in [hour, 1_100, 5_000, -1_100, -3_500, -hour, 0x7fff_ffff, -0x7fff_0000] {
        for late in [0, 1, 3, 10, 40] {
            for first in [Audio, Video] {
                let mut s = Source::new();
                let start = 2 * hour;
                let (audio, video) = s.runs(start..start + 8000);
                let (mut source, mut frames) = (start + 8000, 0);
                let mut last = [audio, video];
                while frames < 200 {
                    let steps = |kind| if kind == first || frames >= late { step } else { 0 };
                    let at = [s.at(Audio, source + steps(Audio)), s.at(Video, source + 7 + steps(Video))];
                    for (at, last) in at.iter().zip(last) {
                        assert!((0..=1000).contains(&(at - last)), "{step}, {late} late: {last} to {at}");
                    }
                    if frames > late {
                        assert_eq!(at[1] - at[0], 7, "{step}, {late} late, frame {frames}");
                    }
                    last = at;
                    source += 40;
                    s.now_ms += 40;
                    frames += 1;
                }
                let passed = last[0] - audio;
                assert!((8000 - 200..8000 + 200).contains(&passed), "{step}: {passed} ms in eight seconds");
            }
        }
    }
}

#[test]
fn steps_in_a_row_are_all_removed() {
    let mut s = Source::new();
    let (audio, _) = s.runs(0..8000);
    let mut last = audio;
    for from in [900_000, 40, 70_000, 0, 5_000_000, 4_990_000, 0] {
        let (audio, video) = s.runs(from..from + 4000);
        assert_eq!(audio - video, 20, "from {from}");
        assert!((3500..4500).contains(&(audio - last)), "from {from}: {last} to {audio}");
        last = audio;
    }
}

#[test]
fn a_restart_from_0_goes_on_and_waits_as_long_as_the_publisher_did() {
    let mut s = Source::new();
    s.runs(5_000_000..5_008_000);
    let before = s.timeline.latest_us() / 1000;
    s.now_ms += 3000;
    let video = s.at(Video, 0);
    assert!((3000..3100).contains(&(video - before)), "{before} to {video}");
    assert_eq!(s.at(Audio, 23) - video, 23);
    assert_eq!(s.after(40, Video, 40) - video, 40);
}

#[test]
fn a_small_step_back_that_stays_is_removed_and_audio_follows() {
    let mut s = Source::new();
    let (audio, video) = s.runs(0..8000);
    assert_eq!((audio, video), (7980, 7960));
    // Half a second back, for good.
    let (audio, video) = s.runs(7520..17_520);
    assert_eq!(audio - video, 20);
    // As much as sixteen pictures last is lost at most.
    assert!((17_000..17_990).contains(&audio), "{audio}");
}

#[test]
fn a_single_odd_timestamp_changes_nothing_behind_it() {
    let mut s = Source::new();
    s.runs(0..8000);
    for odd in [900_000, 0, 3_000_000_000] {
        let at = s.at(Video, odd);
        assert!((7900..8100).contains(&at), "{odd} became {at}");
    }
    let (audio, video) = s.runs(8000..30_000);
    assert!((29_970..=29_980).contains(&audio) && (29_950..=29_960).contains(&video), "{audio}, {video}");
}

#[test]
fn a_step_of_one_track_alone_is_its_own() {
    let mut s = Source::new();
    s.runs(0..8000);
    let mut last = (0, 0);
    for frame in 0..2000 {
        let ms = 8000 + frame * 40;
        last = (s.at(Audio, ms), s.at(Video, ms + 500_000));
        s.now_ms += 40;
        assert!((last.0 - last.1).abs() < 100, "{last:?}");
    }
    assert_eq!(last.0, 8000 + 1999 * 40, "audio is not touched");
    // Then both step, from where they are.
    let distance = last.0 - last.1;
    for frame in 0..50 {
        let ms = frame * 40;
        last = (s.at(Audio, ms), s.at(Video, ms + 500_000));
        s.now_ms += 40;
    }
    assert_eq!(last.0 - last.1, distance);
}

#[test]
fn tracks_with_clocks_of_their_own_start_together() {
    let mut s = Source::new();
    let video = s.at(Video, 1_700_000_000);
    let audio = s.at(Audio, 0);
    assert_eq!(audio, video);
    for ms in (40..4000).step_by(40) {
        s.now_ms += 40;
        assert_eq!(s.at(Video, 1_700_000_000 + ms) - video, ms);
        assert_eq!(s.at(Audio, ms) - audio, ms);
    }
}

/// Audio whose clock runs 0.3 % fast, or slow, for three hours: 32 seconds apart at the end if nobody helps.
#[test]
fn drift_is_held() {
    for rate in [1_003, 997] {
        let mut s = Source::new();
        let mut worst = 0;
        for ms in (0..3 * 3_600_000).step_by(20) {
            let audio = s.at(Audio, ms * rate / 1000);
            if ms % 40 == 0 {
                let video = s.at(Video, ms);
                worst = worst.max((audio - video).abs());
                assert!((video - ms).abs() < 50, "video is right: {ms} became {video}");
            }
            s.now_ms += 20;
        }
        assert!((500..800).contains(&worst), "{worst} ms apart at {rate}");
    }
}

/// What the network does to both, and an encoder under load to one, is no drift.
#[test]
fn no_drift_is_seen_in_jitter() {
    let mut s = Source::new();
    let (mut delay, mut video) = (0, 0);
    for frame in 0..200_000i64 {
        let ms = frame * 20;
        // Bursts of both, every seven seconds; pictures up to 400 ms late for minutes.
        delay = if frame % 350 == 0 { 900 } else { (delay - 20).max(0) };
        s.now_ms = s.now_ms.max(77_000 + ms + delay);
        assert_eq!(s.at(Audio, ms), ms);
        let late = if frame % 30_000 > 15_000 { 400 } else { 0 };
        // What it could not do in time it leaves out.
        if ms % 40 == 0 && ms - late > video {
            video = ms - late;
            assert_eq!(s.at(Video, video), video, "frame {frame}");
        }
    }
}

#[test]
fn pass_gives_what_came() {
    let mut t = Timeline::with(Policy::Pass);
    let mut u = Unwrap::new();
    for ms in [5_000_000u32, 0, 40, 0xffff_fff0, 16, 900_000, 3] {
        let placed = t.place(Video, 0, u.unwrap_ms(ms), 0);
        assert_eq!(timestamp_ms(placed), ms);
    }
}

/// The marks of 24, 31 and 32 bits, forward and back over them, at the clock that a publisher that runs for weeks has.
#[test]
fn nothing_happens_at_any_mark() {
    for mark in [0x00ff_ffffi64, 0x7fff_ffff, 0xffff_ffff, 2 * 0xffff_ffff] {
        let mut u = Unwrap::new();
        let mut t = Timeline::new();
        let start = mark - 4000;
        // Up to the mark as a publisher that began near 0 comes there.
        for (n, ms) in (0..start).step_by(900_000_000).chain([start]).enumerate() {
            u.unwrap_ms(ms as u32);
            t.place(Video, 0, ms, ms + 77);
            t.place(Audio, 0, ms, ms + 77);
            assert_eq!(t.latest_us() / 1000, ms, "step {n}");
        }
        for ms in (start..mark + 8000).step_by(20) {
            // Audio is 60 ms behind: it is before the mark when video is behind it.
            for (kind, ms) in [(Video, ms + 60), (Audio, ms)] {
                let placed = t.place(kind, 0, u.unwrap_ms(ms as u32), ms + 77);
                assert_eq!(placed, ms * 1000, "{kind:?} at {ms}");
                assert_eq!(timestamp_ms(placed), ms as u32);
            }
        }
    }
}

proptest! {
    #[test]
    fn unwrapping_follows_any_steps(start in any::<u32>(), steps in prop::collection::vec(-0x7fff_ffffi64..0x7fff_ffff, 0..50)) {
        let mut u = Unwrap::new();
        let mut want = i64::from(start);
        prop_assert_eq!(u.unwrap_ms(start), want);
        for step in steps {
            want += step;
            prop_assert_eq!(u.unwrap_ms(want as u32), want);
        }
    }

    #[test]
    fn no_track_goes_back(frames in prop::collection::vec((any::<bool>(), 0u8..3, any::<u32>()), 0..100)) {
        let (mut u, mut t) = (Unwrap::new(), Timeline::new());
        let mut last = std::collections::HashMap::new();
        for (now, (video, track, ts)) in frames.into_iter().enumerate() {
            let kind = if video { Video } else { Audio };
            let at = t.place(kind, track, u.unwrap_ms(ts), now as i64 * 10);
            let before = last.insert((video, track), at).unwrap_or(0);
            prop_assert!(at >= before);
            prop_assert!(t.latest_us() >= at);
        }
    }

    #[test]
    fn any_time_is_placed(times in prop::collection::vec(any::<i64>(), 0..20)) {
        for policy in [Policy::Repair, Policy::Pass] {
            let mut t = Timeline::with(policy);
            for ms in &times {
                t.place(Video, 0, *ms, *ms);
                t.place(Audio, 0, ms.wrapping_neg(), 0);
            }
        }
    }
}
