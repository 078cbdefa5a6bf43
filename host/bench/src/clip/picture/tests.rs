use super::*;
use std::time::Duration;

fn settings(width: u32, height: u32, fps: u32, gop_ms: u64, video_kbps: u32) -> Settings {
    Settings { width, height, fps, gop: Duration::from_millis(gop_ms), video_kbps, audio_kbps: 0 }
}

#[test]
fn the_bitrate_is_what_was_asked_for() {
    for (width, height, fps, gop_ms, kbps) in [
        (320, 180, 25, 2000, 2000),
        (320, 180, 25, 2000, 200),
        (320, 180, 30, 1000, 10_000),
        (1920, 1080, 25, 2000, 6000),
        (640, 360, 50, 500, 20_000),
        (320, 180, 25, 40, 2000),
    ] {
        let gop = gop(&settings(width, height, fps, gop_ms, kbps)).unwrap();
        let frames = gop.pictures.len() as u64;
        let bytes: u64 = gop.pictures.iter().map(|p| p.nal.len() as u64).sum();
        let reached = bytes * 8 * u64::from(fps) / frames / 1000;
        let off = reached.abs_diff(kbps.into()) * 100 / u64::from(kbps);
        assert!(off <= 12, "{width}x{height} at {fps}: {reached} for {kbps} kbit/s");
    }
}

#[test]
fn no_start_code_is_inside() {
    let gop = gop(&settings(1920, 1080, 25, 2000, 4000)).unwrap();
    for nal in [&gop.sps, &gop.pps].into_iter().chain(gop.pictures.iter().map(|p| &p.nal)) {
        assert!(nal.windows(3).all(|w| !(w[0] == 0 && w[1] == 0 && w[2] <= 2)));
    }
}

#[test]
fn the_parameter_sets_say_what_was_asked_for() {
    for (width, height) in [(320, 180), (1920, 1080), (32, 32), (638, 358)] {
        let gop = gop(&settings(width, height, 25, 2000, 4000))
            .unwrap_or_else(|_| gop(&settings(width, height, 25, 2000, 200)).unwrap());
        let record = media::avc::Record::new(vec![gop.sps.into()], vec![gop.pps.into()]).unwrap();
        let params = record.params();
        assert_eq!((params.width, params.height), (width, height));
    }
}

#[test]
fn what_cannot_be_is_refused_with_the_reason() {
    for (settings, word) in [
        (settings(321, 180, 25, 2000, 2000), "even"),
        (settings(16, 16, 25, 2000, 2000), "from 32"),
        (settings(320, 180, 0, 2000, 2000), "per second"),
        (settings(320, 180, 25, 0, 2000), "GOP"),
        (settings(320, 180, 25, 2000, 100_000), "at most"),
        (settings(320, 180, 25, 2000, 10), "at least"),
    ] {
        let error = gop(&settings).err().expect("refused").to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn the_stamp_has_room_in_every_picture() {
    let gop = gop(&settings(320, 180, 25, 2000, 2000)).unwrap();
    assert_eq!(gop.pictures.len(), 50);
    for picture in gop.pictures {
        assert_eq!(picture.nal[picture.stamp_at..picture.stamp_at + stamp::LEN], [0x50; stamp::LEN]);
    }
}
