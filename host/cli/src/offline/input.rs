//! The tags of an FLV file.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use media::flv::file::{Item, Reader, Tag};

/// A file that is read as it is needed.
pub(super) struct Input {
    path: PathBuf,
    file: File,
    reader: Reader,
    block: Vec<u8>,
}

impl Input {
    pub(super) fn open(path: &Path) -> anyhow::Result<Input> {
        let file = File::open(path).with_context(|| path.display().to_string())?;
        Ok(Input { path: path.into(), file, reader: Reader::new(), block: vec![0; 64 << 10] })
    }

    /// What to do with a file of another kind.
    fn hint(&self) -> String {
        let shown = self.path.display();
        format!(
            "; of what ffmpeg reads, such as MP4, make one: ffmpeg -i {shown} -c copy {}",
            self.path.with_extension("flv").display()
        )
    }

    /// The next tag, or `None` at the end. A tag that is cut off at the end is told and left out.
    pub(super) fn next(&mut self) -> anyhow::Result<Option<Tag>> {
        loop {
            let at = self.reader.position();
            match self.reader.next_item() {
                Ok(Some(Item::Tag(tag))) => return Ok(Some(tag)),
                Ok(Some(Item::Header { .. })) => continue,
                Ok(None) => {}
                Err(_) if at == 0 => bail!("{}: not an FLV file{}", self.path.display(), self.hint()),
                Err(error) => bail!("{}: byte {at}: not an FLV file: {error}", self.path.display()),
            }
            let n = self.file.read(&mut self.block).with_context(|| self.path.display().to_string())?;
            if n == 0 {
                if at == 0 {
                    bail!("{}: not an FLV file: it is too short", self.path.display());
                }
                if self.reader.pending() > 0 {
                    eprintln!("weir: {}: the last tag is cut off and left out", self.path.display());
                }
                return Ok(None);
            }
            self.reader.feed(self.block.get(..n).unwrap_or_default());
        }
    }
}
