//! Who publishes and who plays, what each of them can do, and why it cannot do the rest.

use std::path::{Path, PathBuf};

use weir_tests::ffmpeg::{self, Ffmpeg};
use weir_tests::flv::{self, Tag};
use weir_tests::gstreamer::{self, Sink};
use weir_tests::obs::Obs;
use weir_tests::process::Process;
use weir_tests::{PATIENCE, clip, mpv};

use super::cell::{self, Omits};

/// A picture codec and a sound codec.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Set {
    video: &'static str,
    audio: &'static str,
}

impl Set {
    pub(super) const H264_AAC: Set = Set { video: "h264", audio: "aac" };

    /// Every pair.
    pub(super) fn all() -> impl Iterator<Item = Set> {
        let videos = ["h264", "hevc", "av1"].into_iter();
        videos
            .flat_map(|video| ["aac", "pcma", "pcmu", "opus", "mp3"].into_iter().map(move |audio| Set { video, audio }))
    }

    /// As it is printed.
    pub(super) fn name(self) -> String {
        format!("{}-{}", self.video, self.audio)
    }

    /// Its clip.
    pub(super) fn clip(self) -> PathBuf {
        clip::pair(self.video, self.audio)
    }

    /// Whether FLV could carry it before Enhanced RTMP.
    fn is_legacy(self) -> bool {
        self.video == "h264" && self.audio != "opus"
    }

    /// GStreamer's parser of its sound; G.711 needs none.
    fn parser(self) -> &'static str {
        match self.audio {
            "aac" => "aacparse",
            "mp3" => "mpegaudioparse",
            _ => "identity",
        }
    }
}

const NO_ENHANCED: &str =
    "ffmpeg 5 knows no Enhanced RTMP, nor does mpv 0.35, which is built on it: no HEVC, AV1 or Opus in FLV";

/// GStreamer takes authorities from the system alone. It is told to check everything but who the authority is.
const ANY_AUTHORITY: &str = "tls-validation-flags=bad-identity+not-activated+expired+revoked+insecure+generic-error";

fn ffmpeg_trusting(authority: &Path) -> Vec<String> {
    vec!["-tls_verify".into(), "1".into(), "-ca_file".into(), authority.display().to_string()]
}

/// Who publishes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Publisher {
    FfmpegOld,
    FfmpegNew,
    Rtmp2Sink,
    Librtmp,
    Obs,
}

impl Publisher {
    pub(super) const ALL: [Publisher; 5] =
        [Publisher::FfmpegOld, Publisher::FfmpegNew, Publisher::Rtmp2Sink, Publisher::Librtmp, Publisher::Obs];

    /// How it is printed, with who made its FLV.
    pub(super) fn label(self, set: Set) -> &'static str {
        match (self, set.is_legacy()) {
            (Publisher::FfmpegOld, _) => "ffmpeg 5",
            (Publisher::FfmpegNew, _) => "ffmpeg >= 7",
            (Publisher::Rtmp2Sink, true) => "flvmux ! rtmp2sink",
            (Publisher::Rtmp2Sink, false) => "rtmp2sink, FLV as it is",
            (Publisher::Librtmp, true) => "flvmux ! librtmp",
            (Publisher::Librtmp, false) => "librtmp, FLV as it is",
            (Publisher::Obs, _) => "OBS",
        }
    }

    /// Whether it can publish this, and why not.
    pub(super) fn can(self, set: Set) -> Result<(), &'static str> {
        match self {
            Publisher::FfmpegOld if !set.is_legacy() => Err(NO_ENHANCED),
            Publisher::Obs if set != Set::H264_AAC => Err("OBS 29.0 sends H.264 and AAC alone"),
            // GStreamer's flvmux knows no Enhanced RTMP either, but its sinks and librtmp send any FLV that they are given.
            _ => Ok(()),
        }
    }

    /// The same over RTMPS, where the server's authority is one of its own.
    pub(super) fn can_over_tls(self, set: Set) -> Result<(), &'static str> {
        match self {
            Publisher::Obs => Err("OBS trusts the authorities that the system knows, and no other"),
            _ => self.can(set),
        }
    }

    /// Whether it looks at certificates at all. librtmp does not.
    pub(super) fn verifies(self) -> bool {
        self != Publisher::Librtmp
    }

    /// Options to trust this authority.
    pub(super) fn trusting(self, authority: &Path) -> Vec<String> {
        match self {
            Publisher::Rtmp2Sink => vec![ANY_AUTHORITY.into()],
            _ => self.strictly(authority),
        }
    }

    /// Options to trust this authority alone, or the system's where a client takes no other.
    pub(super) fn strictly(self, authority: &Path) -> Vec<String> {
        match self {
            Publisher::FfmpegOld | Publisher::FfmpegNew => ffmpeg_trusting(authority),
            Publisher::Rtmp2Sink | Publisher::Librtmp | Publisher::Obs => Vec::new(),
        }
    }

    /// Starts it, to publish under `name` of an application's URL.
    pub(super) fn start(self, set: Set, clip: &Path, application: &str, name: &str, more: Vec<String>) -> Source {
        let url = format!("{application}/{name}");
        let muxed = |sink: Sink, location: &str| match set.is_legacy() {
            true => sink.publish_muxed(clip, set.parser(), location, &more),
            false => sink.publish_as_is(flv::read(clip), location, &more),
        };
        match self {
            Publisher::FfmpegOld => Source::Ending(Ffmpeg::Old.publish_with(clip, &more, &url)),
            Publisher::FfmpegNew => Source::Ending(Ffmpeg::New.publish_with(clip, &more, &url)),
            Publisher::Rtmp2Sink => Source::Ending(muxed(Sink::Rtmp2, &url)),
            Publisher::Librtmp => Source::Ending(muxed(Sink::Librtmp, &url)),
            Publisher::Obs => Source::Endless(Box::new(Obs::publish(application, name, clip))),
        }
    }
}

/// A publisher at work.
pub(super) enum Source {
    /// It ends with its file.
    Ending(Process),
    /// It goes on until it is told to stop.
    Endless(Box<Obs>),
}

impl Source {
    pub(super) fn is_endless(&self) -> bool {
        matches!(self, Source::Endless(_))
    }

    pub(super) fn stop(&self) {
        if let Source::Endless(obs) = self {
            obs.process.signal("TERM");
        }
    }

    /// Waits for its end, which is to be a good one if it is its own.
    pub(super) fn ends(&mut self) {
        match self {
            Source::Ending(process) => process.succeeds(),
            Source::Endless(obs) => drop(obs.process.wait()),
        }
    }
}

/// Who plays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Player {
    FfmpegOld,
    FfmpegNew,
    Rtmp2Src,
    Rtmpdump,
    Mpv,
    /// The tests' own client, which hands out every message.
    Own,
}

impl Player {
    /// The programs.
    pub(super) const ALL: [Player; 5] =
        [Player::FfmpegOld, Player::FfmpegNew, Player::Rtmp2Src, Player::Rtmpdump, Player::Mpv];

    pub(super) fn label(self) -> &'static str {
        match self {
            Player::FfmpegOld => "ffmpeg 5",
            Player::FfmpegNew => "ffmpeg>=7",
            Player::Rtmp2Src => "rtmp2src",
            Player::Rtmpdump => "rtmpdump",
            Player::Mpv => "mpv",
            Player::Own => "raw",
        }
    }

    /// Whether it can play this, and why not.
    pub(super) fn can(self, set: Set) -> Result<(), &'static str> {
        match self {
            Player::FfmpegOld | Player::Mpv if !set.is_legacy() => Err(NO_ENHANCED),
            _ => Ok(()),
        }
    }

    /// Whether it looks at certificates at all. rtmpdump does not.
    pub(super) fn verifies(self) -> bool {
        self != Player::Rtmpdump
    }

    /// Options to trust this authority.
    pub(super) fn trusting(self, authority: &Path) -> Vec<String> {
        match self {
            Player::Rtmp2Src => vec![ANY_AUTHORITY.into()],
            _ => self.strictly(authority),
        }
    }

    /// Options to trust this authority alone, or the system's where a client takes no other.
    pub(super) fn strictly(self, authority: &Path) -> Vec<String> {
        match self {
            Player::FfmpegOld | Player::FfmpegNew => ffmpeg_trusting(authority),
            Player::Mpv => vec!["--tls-verify=yes".into(), format!("--tls-ca-file={}", authority.display())],
            Player::Rtmp2Src | Player::Rtmpdump | Player::Own => Vec::new(),
        }
    }

    /// Starts a program that plays into a file until the stream ends, with more options of its own.
    pub(super) fn start(self, url: &str, more: Vec<String>, file: &Path) -> Process {
        let more = more.as_slice();
        match self {
            Player::FfmpegOld => Ffmpeg::Old.record_with(more, url, file),
            Player::FfmpegNew => Ffmpeg::New.record_with(more, url, file),
            Player::Rtmp2Src => gstreamer::record(url, more, file),
            Player::Rtmpdump => ffmpeg::rtmpdump(url, file),
            Player::Mpv => mpv::record(url, more, file),
            Player::Own => panic!("this one is no program"),
        }
    }

    /// Waits until it has seen the end of the stream.
    pub(super) fn finished(self, process: &mut Process) -> Result<(), String> {
        let status = process.wait_for(PATIENCE).ok_or_else(|| format!("does not end; it said:\n{}", process.said()))?;
        // rtmpdump calls a stream that ends an incomplete download.
        if status.success() || self == Player::Rtmpdump {
            Ok(())
        } else {
            Err(format!("{status}; it said:\n{}", process.said()))
        }
    }

    /// Whether its file holds what was sent.
    pub(super) fn compare(self, sent: &[Tag], file: &Path) -> Result<(), String> {
        let got = std::fs::read(file).ok().and_then(|bytes| flv::parse(&bytes)).ok_or("it wrote no FLV file")?;
        match self {
            Player::Rtmpdump => cell::same_tags(sent, &got, Omits::Tiny),
            Player::Rtmp2Src => cell::same_tags(sent, &got, Omits::TinyAndLast),
            Player::Own => cell::same_tags(sent, &got, Omits::Nothing),
            Player::FfmpegOld | Player::FfmpegNew | Player::Mpv => cell::same_samples(sent, &got),
        }
    }
}
