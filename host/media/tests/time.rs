//! RTMP's 32-bit time and a stream's own timeline.

use media::Kind::{Audio, Video};
use media::time::{Timeline, Unwrap, timestamp_ms};
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

#[test]
fn a_start_near_zero_is_kept() {
    let mut t = Timeline::new();
    assert_eq!(t.place(Audio, 0, 23), 23_000);
    assert_eq!(t.place(Video, 0, 0), 0);
    assert_eq!(t.place(Video, 0, 40), 40_000);
    assert_eq!(t.latest_us(), 40_000);
}

#[test]
fn a_late_start_is_moved_and_the_offset_of_audio_and_video_stays() {
    let mut t = Timeline::new();
    let audio = t.place(Audio, 0, 1_000_000);
    let video = t.place(Video, 0, 999_900);
    let other = t.place(Video, 1, 1_000_040);
    assert!((0..=1_000_000).contains(&audio));
    assert_eq!(video - audio, -100_000);
    assert_eq!(other - audio, 40_000);
}

#[test]
fn time_does_not_go_back_within_a_track() {
    let mut t = Timeline::new();
    let placed: Vec<i64> = [0, 40, 30, 39, 80].into_iter().map(|ms| t.place(Video, 0, ms)).collect();
    assert_eq!(placed, [0, 40_000, 40_000, 40_000, 80_000]);
    // Another track may be behind.
    assert_eq!(t.place(Audio, 0, 10), 10_000);
    // Before the start of the stream there is nothing.
    assert_eq!(Timeline::new().place(Video, 0, -5), 500_000);
    let mut t = Timeline::new();
    t.place(Audio, 0, 0);
    assert_eq!(t.place(Video, 0, -50), 0);
}

#[test]
fn a_gap_stays_a_gap() {
    let mut t = Timeline::new();
    t.place(Video, 0, 0);
    assert_eq!(t.place(Video, 0, 60_000), 60_000_000);
}

#[test]
fn a_clock_that_starts_anew_goes_on_where_the_stream_is() {
    let mut t = Timeline::new();
    t.place(Audio, 0, 100_000);
    t.place(Video, 0, 100_020);
    let last = t.latest_us();
    // Video starts anew; audio still has frames of the old clock, then follows with the new one's distance.
    assert_eq!(t.place(Video, 0, 0), last);
    assert_eq!(t.place(Audio, 0, 100_023), last + 3_000);
    assert_eq!(t.place(Video, 0, 40), last + 40_000);
    assert_eq!(t.place(Audio, 0, 60), last + 60_000);
    assert_eq!(t.place(Video, 0, 80), last + 80_000);
}

#[test]
fn another_publisher_goes_on() {
    let mut t = Timeline::new();
    t.resume(5, 5);
    t.place(Audio, 0, 0);
    t.place(Video, 0, 10_000);
    t.place(Audio, 0, 9_990);
    t.resume(70_000, 20);
    assert_eq!(t.place(Video, 0, 70_000), 10_020_000);
    assert_eq!(t.place(Audio, 0, 70_010), 10_030_000);
    assert_eq!(t.place(Video, 0, 70_040), 10_060_000);
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
        for (video, track, ts) in frames {
            let kind = if video { Video } else { Audio };
            let at = t.place(kind, track, u.unwrap_ms(ts));
            let before = last.insert((video, track), at).unwrap_or(0);
            prop_assert!(at >= before);
            prop_assert!(t.latest_us() >= at);
        }
    }

    #[test]
    fn any_time_is_placed(times in prop::collection::vec(any::<i64>(), 0..20)) {
        let mut t = Timeline::new();
        for ms in times {
            t.place(Video, 0, ms);
            t.resume(ms, ms);
        }
    }
}
