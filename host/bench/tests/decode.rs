//! A real decoder reads the synthetic clip without a complaint.

use bench::clip::{Clip, SAMPLE_RATE, SAMPLES, Settings};
use bench::stamp::Stamp;
use media::flv::file;
use media::{Body, Kind};
use std::process::Command;
use std::time::Duration;

/// An FLV file with `seconds` of the clip.
fn flv(clip: &Clip, seconds: u64) -> Vec<u8> {
    let settings = clip.settings();
    let mut out = file::header(settings.audio_kbps > 0, settings.video_kbps > 0).to_vec();
    let mut write = |kind, ms: u64, body: bytes::Bytes| {
        file::write(kind, ms as u32, &Body::from_slices(vec![body]), &mut out).unwrap();
    };
    for (kind, header) in [(Kind::Video, clip.video_header()), (Kind::Audio, clip.audio_header())] {
        if let Some(header) = header {
            write(kind, 0, header.clone());
        }
    }
    let mut tags = Vec::new();
    for n in 0..u64::from(settings.fps) * seconds {
        let stamp = Stamp { session: 1, stream: 2, sequence: n as u32, clock_ns: n };
        tags.extend(clip.picture(&stamp).map(|body| (n * 1000 / u64::from(settings.fps), Kind::Video, body)));
    }
    for n in 0..SAMPLE_RATE * seconds / SAMPLES {
        let stamp = Stamp { session: 1, stream: 2, sequence: n as u32, clock_ns: n };
        tags.extend(clip.sound(&stamp).map(|body| (n * SAMPLES * 1000 / SAMPLE_RATE, Kind::Audio, body)));
    }
    tags.sort_by_key(|(ms, ..)| *ms);
    for (ms, kind, body) in tags {
        write(kind, ms, body);
    }
    out
}

/// Decodes everything; gives the digest of each picture. Any complaint fails.
fn decode(name: &str, bytes: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join(format!("{name}.flv"));
    std::fs::write(&input, bytes).unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new("ffmpeg")
            .args(["-hide_banner", "-v", "warning", "-xerror", "-err_detect", "explode", "-i"])
            .arg(&input)
            .args(arguments)
            .output()
            .expect("ffmpeg is installed (tests/run setup)");
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && complaints.is_empty(), "{name}: {complaints}");
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["-f", "null", "-"]);
    let digests = run(&["-map", "0:v?", "-map", "0:a?", "-f", "framemd5", "-"]);
    digests
        .lines()
        .filter(|line| line.starts_with("0,"))
        .filter_map(|line| line.rsplit(',').next())
        .map(|digest| digest.trim().to_owned())
        .collect()
}

#[test]
fn the_picture_decodes_and_moves() {
    for (name, settings) in [
        ("default", Settings::default()),
        ("keys", Settings { gop: Duration::from_millis(40), ..Settings::default() }),
        ("low", Settings { video_kbps: 150, audio_kbps: 32, ..Settings::default() }),
        ("full", Settings { video_kbps: 15_000, fps: 30, gop: Duration::from_secs(1), ..Settings::default() }),
        ("large", Settings { width: 1920, height: 1080, video_kbps: 6000, ..Settings::default() }),
        ("odd", Settings { width: 638, height: 358, audio_kbps: 0, ..Settings::default() }),
    ] {
        let clip = Clip::new(settings).unwrap();
        let digests = decode(name, &flv(&clip, 3));
        assert_eq!(digests.len() as u32, 3 * settings.fps, "{name}: pictures are missing");
        let moves = digests.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert_eq!(moves, digests.len() - 1, "{name}: a picture repeats");
    }
}

#[test]
fn sound_alone_decodes_as_silence() {
    for kbps in [32, 128, 255] {
        let settings = Settings { video_kbps: 0, audio_kbps: kbps, ..Settings::default() };
        let clip = Clip::new(settings).unwrap();
        let digests = decode("sound", &flv(&clip, 2));
        assert!(digests.len() as u64 >= SAMPLE_RATE * 2 / SAMPLES - 1, "{kbps}: {} frames", digests.len());
    }
}
