//! GStreamer: its own RTMP elements (rtmp2sink, rtmp2src) and librtmp as it brings it (rtmpsink).

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::flv::{self, Tag};
use crate::process::Process;
use crate::wait;

/// An element that publishes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sink {
    /// GStreamer's own.
    Rtmp2,
    /// librtmp's.
    Librtmp,
}

impl Sink {
    /// Publishes a file that flvmux multiplexes anew, at its own pace, to its end. `parser` is the element for its sound;
    /// `more` are properties of the sink.
    pub fn publish_muxed(self, file: &Path, parser: &str, location: &str, more: &[String]) -> Process {
        let mut command = launch();
        command.args(["filesrc", &format!("location={}", file.display()), "!", "flvdemux", "name=d"]);
        command
            .args(["flvmux", "name=m", "streamable=true", "!"])
            .args(self.element(location))
            .args(more)
            .arg("sync=true");
        command.args(["d.video", "!", "queue", "!", "h264parse", "!", "m.video"]);
        command.args(["d.audio", "!", "queue", "!", parser, "!", "m.audio"]);
        Process::start("gst-launch publishing", &mut command)
    }

    /// Publishes FLV tags as they are, at their own pace, to their end: what multiplexed them is somebody else's concern.
    ///
    /// The sinks take one tag per buffer; a datagram is one read of fdsrc's, and so one buffer.
    pub fn publish_as_is(self, tags: Vec<Tag>, location: &str, more: &[String]) -> Process {
        let (ours, theirs) = UnixDatagram::pair().expect("a pair of sockets");
        let mut command = launch();
        command.args(["fdsrc", "fd=0", "blocksize=1000000", "!", "queue", "!"]);
        command.args(self.element(location)).args(more).arg("sync=false");
        let process = Process::start_reading("gst-launch publishing", &mut command, Stdio::from(OwnedFd::from(theirs)));
        // librtmp wants the header of the file in front of the first tag.
        let mut header = if self == Sink::Librtmp { flv::HEADER.to_vec() } else { Vec::new() };
        std::thread::spawn(move || {
            let started = Instant::now();
            for tag in &tags {
                let due = Duration::from_millis(tag.time_ms.into());
                wait::due(started, due);
                header.extend(tag.encode());
                if ours.send(&header).is_err() {
                    return;
                }
                header.clear();
            }
            // An empty datagram is an empty read: the end.
            let _ = ours.send(&[]);
        });
        process
    }

    fn element(self, location: &str) -> [String; 2] {
        match self {
            Sink::Rtmp2 => ["rtmp2sink".into(), format!("location={location}")],
            Sink::Librtmp => ["rtmpsink".into(), format!("location={location} live=1")],
        }
    }
}

/// Records with rtmp2src, which writes every tag as it came, until the stream ends.
pub fn record(location: &str, more: &[String], file: &Path) -> Process {
    let mut command = launch();
    command.args(["rtmp2src", &format!("location={location}")]).args(more);
    command.args(["!", "filesink", &format!("location={}", file.display())]);
    Process::start("gst-launch playing", &mut command)
}

fn launch() -> Command {
    let mut command = Command::new("gst-launch-1.0");
    command.arg("-q");
    command
}
