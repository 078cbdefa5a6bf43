//! The streams that filters make beside the file's own, each in a file beside the output: `out_audio.flv` of `out.flv`.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use filter::{Derivation, Derived, NotDerived};
use router::Ingest;

use super::output::{self, Output};

/// See the module.
pub(super) struct Beside {
    /// Output and input; without an output nothing is written.
    paths: Option<(PathBuf, PathBuf)>,
    streams: Vec<Stream>,
    inbox: Vec<Derived>,
}

struct Stream {
    number: u64,
    suffix: Arc<str>,
    filter: Arc<str>,
    open: bool,
    output: Option<Output>,
    frames: u64,
    bytes: u64,
}

impl Beside {
    pub(super) fn new(output: Option<&Path>, input: &Path) -> Beside {
        let paths = output.map(|output| (output.to_owned(), input.to_owned()));
        Beside { paths, streams: Vec::new(), inbox: Vec::new() }
    }

    /// Writes what the filters have made since the last time.
    pub(super) fn take(&mut self, ingest: &mut Ingest) -> anyhow::Result<()> {
        ingest.take_derived(&mut self.inbox);
        for derived in std::mem::take(&mut self.inbox) {
            let stream = derived.stream;
            if !self.one(derived)? {
                ingest.refuse_derived(stream, NotDerived::NameTaken);
            }
        }
        Ok(())
    }

    /// Writes what was made at the end.
    pub(super) fn last(&mut self, derived: Vec<Derived>) -> anyhow::Result<()> {
        derived.into_iter().try_for_each(|derived| self.one(derived).map(|_| ()))
    }

    /// Whether there was no such stream yet, of one that begins.
    fn one(&mut self, derived: Derived) -> anyhow::Result<bool> {
        let Derived { stream, filter, what } = derived;
        match what {
            Derivation::Opened { suffix, .. } => return self.open(stream, filter, suffix),
            Derivation::Frame(frame) => {
                let Some(to) = self.streams.iter_mut().find(|s| s.open && s.number == stream) else { return Ok(true) };
                let body = output::body(&frame);
                to.frames += 1;
                to.bytes += body.len() as u64;
                if let Some(output) = &mut to.output {
                    output.write(&frame, &body)?;
                }
            }
            Derivation::Closed => {
                if let Some(closed) = self.streams.iter_mut().find(|s| s.number == stream) {
                    closed.open = false;
                }
            }
        }
        Ok(true)
    }

    fn open(&mut self, number: u64, filter: Arc<str>, suffix: Arc<str>) -> anyhow::Result<bool> {
        if let Some(known) = self.streams.iter_mut().find(|s| s.suffix == suffix) {
            if known.open {
                return Ok(false);
            }
            (known.number, known.filter, known.open) = (number, filter, true);
            return Ok(true);
        }
        let create = |(output, input): &(PathBuf, PathBuf)| Output::create(&named(output, &suffix), input);
        let output = self.paths.as_ref().map(create).transpose()?;
        self.streams.push(Stream { number, suffix, filter, open: true, output, frames: 0, bytes: 0 });
        Ok(true)
    }

    /// A line for each.
    pub(super) fn finish(self) -> anyhow::Result<String> {
        let mut summary = String::new();
        for Stream { suffix, filter, output, frames, bytes, .. } in self.streams {
            summary.push_str(&format!("beside   {suffix} by {filter}: {frames} frames, {bytes} bytes out\n"));
            if let Some(output) = output {
                output.finish()?;
            }
        }
        Ok(summary)
    }
}

/// `out.flv` with the suffix behind its stem.
fn named(output: &Path, suffix: &str) -> PathBuf {
    let mut name = output.file_stem().unwrap_or_default().to_owned();
    name.push(suffix);
    if let Some(extension) = output.extension() {
        name.push(".");
        name.push(extension);
    }
    output.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stand_beside_the_output() {
        for (output, name) in
            [("a/out.flv", "a/out_audio.flv"), ("out", "out_audio"), ("/x.y/o.p.flv", "/x.y/o.p_audio.flv")]
        {
            assert_eq!(named(Path::new(output), "_audio"), Path::new(name));
        }
    }
}
