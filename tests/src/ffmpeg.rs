//! Both generations of ffmpeg, and rtmpdump: what people really publish and play with.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::process::Process;

/// Which ffmpeg.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ffmpeg {
    /// Debian's: legacy codecs only.
    Old,
    /// Version 7 or later: Enhanced RTMP.
    New,
}

impl Ffmpeg {
    /// A command to add arguments to. It says only what is wrong, and reads no terminal.
    pub fn command(self) -> Command {
        let mut command = match self {
            Ffmpeg::Old => Command::new("ffmpeg"),
            Ffmpeg::New => Command::new(newer()),
        };
        command.args(["-hide_banner", "-nostdin", "-nostats", "-y", "-loglevel", "warning"]);
        command
    }

    /// Publishes a file as it is, at its own pace, to its end.
    pub fn publish(self, file: &Path, url: &str) -> Process {
        self.publish_with(file, &[], url)
    }

    /// The same, with more options for the output.
    pub fn publish_with(self, file: &Path, more: &[String], url: &str) -> Process {
        let mut command = self.command();
        command.arg("-re").arg("-i").arg(file).args(["-c", "copy"]).args(more).args(["-f", "flv", url]);
        Process::start("ffmpeg publishing", &mut command)
    }

    /// Plays picture and sound into a file without decoding, until the stream ends.
    pub fn record(self, url: &str, file: &Path) -> Process {
        self.record_with(&[], url, file)
    }

    /// The same, with more options for the input.
    pub fn record_with(self, more: &[String], url: &str, file: &Path) -> Process {
        let mut command = self.command();
        command.args(more).args(["-i", url, "-map", "0:v", "-map", "0:a", "-c", "copy", "-f", "flv"]).arg(file);
        Process::start("ffmpeg playing", &mut command)
    }

    /// Decodes a file: one line per decoded frame, with a digest of its picture or sound. Panics if a decoder complains.
    pub fn decode(self, file: &Path, stream: &str) -> Vec<String> {
        self.digests(file, stream, &["-fps_mode", "passthrough"])
    }

    /// The same of frames as they are coded: what a decoder makes of one may depend on those before it.
    pub fn packets(self, file: &Path, stream: &str) -> Vec<String> {
        self.digests(file, stream, &["-c", "copy"])
    }

    fn digests(self, file: &Path, stream: &str, how: &[&str]) -> Vec<String> {
        let mut command = self.command();
        command.args(["-xerror", "-i"]).arg(file).args(["-map", stream]).args(how).args(["-f", "framemd5", "-"]);
        let (status, said) = Process::run("ffmpeg reading", &mut command);
        assert!(status.success(), "{}: {said}", file.display());
        // Lines of the digest begin with the number of the stream; anything else but comments is a complaint.
        let frames = said.lines().filter(|l| l.starts_with("0,"));
        let complaint = said.lines().find(|l| !l.is_empty() && !l.starts_with("0,") && !l.starts_with('#'));
        assert!(complaint.is_none(), "{}: {complaint:?}", file.display());
        frames.map(|l| l.rsplit(',').next().unwrap_or_default().trim().to_owned()).collect()
    }
}

fn newer() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        if let Some(named) = std::env::var_os("WEIR_FFMPEG_NEW") {
            return named.into();
        }
        let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
        let cache = std::env::var_os("XDG_CACHE_HOME").map_or(home.join(".cache"), PathBuf::from);
        let found = glob(
            &cache.join("weir/ffmpeg-venv/lib"),
            &["python3", "site-packages", "imageio_ffmpeg", "binaries", "ffmpeg-"],
        );
        found.expect("`tests/run setup` installs a second ffmpeg; or WEIR_FFMPEG_NEW names one")
    })
}

fn glob(folder: &Path, names: &[&str]) -> Option<PathBuf> {
    let Some((first, rest)) = names.split_first() else { return Some(folder.to_owned()) };
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    entries.filter(|e| e.file_name().to_string_lossy().starts_with(first)).find_map(|e| glob(&e.path(), rest))
}

/// Records with rtmpdump, which writes every byte as it came, until the stream ends.
pub fn rtmpdump(url: &str, file: &Path) -> Process {
    Process::start("rtmpdump", Command::new("rtmpdump").args(["--live", "--timeout", "120", "-r", url, "-o"]).arg(file))
}
