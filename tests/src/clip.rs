//! Media made for tests, once per build folder; none is committed.

use std::path::PathBuf;
use std::sync::Mutex;

use crate::ffmpeg::Ffmpeg;
use crate::flv::{self, Tag};
use crate::process::Process;
use crate::units::{self, Codec};
use crate::workspace;

/// Bump when a recipe changes.
const RECIPES: &str = "clips-3";

/// H.264 with access unit delimiters and SEI in every picture, and AAC: 8 seconds, a key frame every 2.
pub fn h264() -> PathBuf {
    let x264 = "aud=1:nal-hrd=vbr:bframes=2:scenecut=0";
    made("h264.flv", &["-c:v", "libx264", "-preset", "veryfast", "-x264-params", x264], &["-c:a", "aac"])
}

/// HEVC with the same, and AAC, as Enhanced RTMP.
pub fn hevc() -> PathBuf {
    let x265 = "aud=1:hrd=1:bframes=2:scenecut=0:log-level=none";
    made("hevc.flv", &["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", x265], &["-c:a", "aac"])
}

/// AV1 and Opus as Enhanced RTMP, with temporal delimiters and padding put into every picture (muxers take them out, some
/// encoders send them).
pub fn av1() -> PathBuf {
    let plain =
        made("av1-plain.flv", &["-c:v", "libaom-av1", "-cpu-used", "8", "-usage", "realtime"], &["-c:a", "libopus"]);
    let file = plain.with_file_name("av1.flv");
    let _one_at_a_time = MAKING.lock().unwrap_or_else(|e| e.into_inner());
    if !file.exists() {
        let mut tags = flv::read(&plain);
        tags.iter_mut().filter(|t| t.is_picture()).for_each(pad);
        flv::write(&file.with_extension("part"), &tags);
        std::fs::rename(file.with_extension("part"), &file).expect("the clip's folder is writable");
    }
    file
}

/// Sorenson H.263 and A-law: what came before H.264 and AAC.
pub fn legacy() -> PathBuf {
    made("legacy.flv", &["-c:v", "flv1"], &["-c:a", "pcm_alaw", "-ar", "8000", "-ac", "1"])
}

/// VP9 and FLAC as Enhanced RTMP.
pub fn vp9() -> PathBuf {
    made("vp9.flv", &["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"], &["-c:a", "flac"])
}

/// H.264 and two tracks of AAC: the second as Enhanced RTMP multitrack.
pub fn two_sounds() -> PathBuf {
    let tracks = ["-c:a", "aac", "-map", "0:v", "-map", "1:a", "-map", "1:a"];
    made("two-sounds.flv", &["-c:v", "libx264", "-preset", "veryfast"], &tracks)
}

/// H.264 and HEVC, AAC and Opus: four tracks, two of them as Enhanced RTMP multitrack.
pub fn four_tracks() -> PathBuf {
    let video = [
        "-map",
        "0:v",
        "-map",
        "0:v",
        "-c:v:0",
        "libx264",
        "-c:v:1",
        "libx265",
        "-x265-params",
        "log-level=none:scenecut=0",
    ];
    let audio = ["-preset", "ultrafast", "-map", "1:a", "-map", "1:a", "-c:a:0", "aac", "-c:a:1", "libopus"];
    made("four-tracks.flv", &video, &audio)
}

/// HEVC in HDR: ten bits, BT.2020, PQ, which Enhanced RTMP tells as colorInfo.
pub fn hdr() -> PathBuf {
    let colours = ["-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"];
    let video = [
        "-pix_fmt",
        "yuv420p10le",
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-x265-params",
        "log-level=none:scenecut=0",
    ];
    made("hdr.flv", &[&video[..], &colours].concat(), &["-c:a", "aac"])
}

/// H.264 and sound of this encoder.
pub fn sound(encoder: &str) -> PathBuf {
    made(&format!("{encoder}.flv"), &["-c:v", "libx264", "-preset", "ultrafast"], &["-c:a", encoder])
}

/// A picture codec and a sound codec, for every pair of them: 3 seconds, a key frame every second.
pub fn pair(video: &str, audio: &str) -> PathBuf {
    let video_options: &[&str] = match video {
        "h264" => &["-c:v", "libx264", "-preset", "veryfast", "-x264-params", "aud=1:nal-hrd=vbr:bframes=2:scenecut=0"],
        "hevc" => &[
            "-c:v",
            "libx265",
            "-preset",
            "ultrafast",
            "-x265-params",
            "aud=1:hrd=1:bframes=2:scenecut=0:log-level=none",
        ],
        "av1" => &["-c:v", "libaom-av1", "-cpu-used", "8", "-usage", "realtime"],
        other => panic!("no recipe for {other}"),
    };
    let audio_options: &[&str] = match audio {
        "aac" => &["-c:a", "aac"],
        "pcma" => &["-c:a", "pcm_alaw", "-ar", "8000", "-ac", "1"],
        "pcmu" => &["-c:a", "pcm_mulaw", "-ar", "8000", "-ac", "1"],
        "opus" => &["-c:a", "libopus", "-b:a", "64k"],
        "mp3" => &["-c:a", "libmp3lame", "-ar", "44100"],
        other => panic!("no recipe for {other}"),
    };
    let more = [&["-g", "25", "-t", "3"][..], audio_options].concat();
    // In two steps: of a file that is whole, every record is known before the first frame.
    let whole = made(&format!("pair-{video}-{audio}.mkv"), video_options, &more);
    let file = whole.with_extension("flv");
    let _one_at_a_time = MAKING.lock().unwrap_or_else(|e| e.into_inner());
    if !file.exists() {
        let mut command = Ffmpeg::New.command();
        command.arg("-i").arg(&whole).args(["-c", "copy", "-flvflags", "no_duration_filesize", "-f", "flv"]);
        Process::start("ffmpeg making a clip", command.arg(file.with_extension("part"))).succeeds();
        std::fs::rename(file.with_extension("part"), &file).expect("the clip's folder is writable");
    }
    file
}

fn pad(tag: &mut Tag) {
    let mut parts = units::split(Codec::Av1, tag.payload());
    if parts.first().is_none_or(|(kind, _)| *kind != 2) {
        parts.insert(0, (2, vec![0x12, 0x00]));
    }
    parts.push((15, vec![0x7a, 0x03, 0x55, 0x55, 0x80]));
    let prefix = tag.prefix();
    tag.body.truncate(prefix);
    tag.body.extend(units::join(Codec::Av1, &parts));
}

static MAKING: Mutex<()> = Mutex::new(());

fn made(name: &str, video: &[&str], audio: &[&str]) -> PathBuf {
    let folder = folder();
    let file = folder.join(name);
    let _one_at_a_time = MAKING.lock().unwrap_or_else(|e| e.into_inner());
    if !file.exists() {
        std::fs::create_dir_all(&folder).expect("the build folder is writable");
        let part = folder.join(format!("{name}.part"));
        let mut command = Ffmpeg::New.command();
        command.args(["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25,format=yuv420p"]);
        command.args(["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000", "-t", "8", "-g", "50"]);
        command.args(["-b:v", "400k", "-maxrate", "400k", "-bufsize", "400k"]).args(video).args(audio);
        command.args(["-flvflags", "no_duration_filesize"]);
        command.args(["-f", if name.ends_with(".mkv") { "matroska" } else { "flv" }]).arg(&part);
        Process::start("ffmpeg making a clip", &mut command).succeeds();
        std::fs::rename(&part, &file).expect("the clip's folder is writable");
    }
    file
}

fn folder() -> PathBuf {
    target().join(RECIPES)
}

/// The build folder that this test was built in.
pub fn target() -> PathBuf {
    // TARGET/release/deps/flow-0123456789abcdef
    let test = std::env::current_exe().expect("a test knows its own path");
    let target = test.ancestors().nth(3).map(PathBuf::from);
    target.unwrap_or_else(|| workspace::root().join("target"))
}
