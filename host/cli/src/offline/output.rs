//! The FLV file that a player would have written.

use std::{
    fs::File,
    io::{BufWriter, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use media::{Body, Frame, Kind, flv::file};

/// A file that is being written.
pub(super) struct Output {
    path: PathBuf,
    file: BufWriter<File>,
    tag: Vec<u8>,
    audio: bool,
    video: bool,
}

/// Where the header says what the file holds (FLV 10.1 E.2).
const FLAGS_AT: u64 = 4;

impl Output {
    /// Makes or empties the file, which must not be the one that is read.
    pub(super) fn create(path: &Path, input: &Path) -> anyhow::Result<Output> {
        let same = path.canonicalize().is_ok_and(|path| input.canonicalize().is_ok_and(|input| path == input));
        if same {
            bail!("{}: it is the input", path.display());
        }
        let file = File::create(path).with_context(|| path.display().to_string())?;
        let mut output =
            Output { path: path.into(), file: BufWriter::new(file), tag: Vec::new(), audio: false, video: false };
        output.put(&file::header(true, true))?;
        Ok(output)
    }

    /// One frame as a tag, with the time that a player gets.
    pub(super) fn write(&mut self, frame: &Frame, body: &Body) -> anyhow::Result<()> {
        match frame.kind {
            Kind::Audio => self.audio = true,
            Kind::Video => self.video = true,
            Kind::Data => {}
        }
        // Truncation is the wrap that RTMP time has.
        let timestamp_ms = frame.dts_us.div_euclid(1000) as u32;
        let mut tag = std::mem::take(&mut self.tag);
        tag.clear();
        file::write(frame.kind, timestamp_ms, body, &mut tag).context("a frame is too large for a tag")?;
        self.put(&tag)?;
        self.tag = tag;
        Ok(())
    }

    /// Writes what is left, and into the header what the file holds.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        let header = file::header(self.audio, self.video);
        let context = || self.path.display().to_string();
        self.file.flush().with_context(context)?;
        let file = self.file.get_mut();
        // A pipe keeps the header that it got.
        if file.seek(SeekFrom::Start(FLAGS_AT)).is_ok() {
            let flags = header.get(usize::try_from(FLAGS_AT)?..).and_then(|rest| rest.first()).copied().unwrap_or(5);
            file.write_all(&[flags]).with_context(context)?;
        }
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.file.write_all(bytes).with_context(|| self.path.display().to_string())
    }
}

/// What the wire carries for a frame: a data message that a filter has changed is encoded here, as for a player.
pub(super) fn body(frame: &Frame) -> Body {
    match &frame.metadata {
        Some(metadata) if frame.kind == Kind::Data && frame.body.is_empty() => Body::from(rtmp::data::encode(metadata)),
        _ => frame.body.clone(),
    }
}
