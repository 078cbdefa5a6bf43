//! `--expect`: what a run gives, compared with what it gave when it was right.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use media::{Frame, flv::file::Tag};

use super::{input::Input, output, output::Output};

/// Differences that are shown.
const SHOWN: usize = 5;

/// What is expected of a run.
pub(super) enum Golden {
    /// Lines of text: verdicts without their times, or decisions.
    Lines { file: PathBuf, update: bool, lines: Vec<String> },
    /// An FLV file, tag by tag.
    Flv { file: PathBuf, tags: Box<Input>, at: usize, different: Vec<String>, count: usize },
    /// An FLV file that is written.
    Write(Box<Output>),
}

impl Golden {
    /// `update` writes the file; without it the file must be there. A name that ends in `.flv` is for frames, all others for lines.
    pub(super) fn open(file: &Path, update: bool, input: Option<&Path>) -> anyhow::Result<Golden> {
        let flv = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("flv"));
        if !update && !file.is_file() {
            bail!("--expect: {}: there is no such file; --update writes it", file.display());
        }
        Ok(match (flv, update) {
            (false, _) => Golden::Lines { file: file.into(), update, lines: Vec::new() },
            (true, true) => Golden::Write(Box::new(Output::create(file, input.unwrap_or(Path::new("")))?)),
            (true, false) => {
                let tags = Box::new(Input::open(file)?);
                Golden::Flv { file: file.into(), tags, at: 0, different: Vec::new(), count: 0 }
            }
        })
    }

    pub(super) fn wants_lines(&self) -> bool {
        matches!(self, Golden::Lines { .. })
    }

    pub(super) fn line(&mut self, text: &str) {
        if let Golden::Lines { lines, .. } = self {
            lines.extend(text.lines().map(|line| line.trim_end().to_owned()));
        }
    }

    /// A frame that goes out.
    pub(super) fn frame(&mut self, frame: &Frame) -> anyhow::Result<()> {
        match self {
            Golden::Lines { .. } => {}
            Golden::Write(output) => output.write(frame, &output::body(frame))?,
            Golden::Flv { tags, at, different, count, .. } => {
                let expected = tags.next()?;
                let got = frame_text(frame);
                let same = expected.as_ref().is_some_and(|tag| same(tag, frame));
                if !same {
                    *count += 1;
                    if different.len() < SHOWN {
                        let expected = expected.map_or("nothing more".into(), |tag| tag_text(&tag));
                        different.push(format!("tag {at}:\n  - {expected}\n  + {got}\n"));
                    }
                }
                *at += 1;
            }
        }
        Ok(())
    }

    /// The run is over.
    ///
    /// # Errors
    /// It is not as expected; the first differences have been printed.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let (file, count, different) = match self {
            Golden::Write(output) => return output.finish(),
            Golden::Lines { file, update: true, lines } => {
                let mut text = lines.join("\n");
                text.push('\n');
                return fs::write(&file, text).with_context(|| file.display().to_string());
            }
            Golden::Lines { file, lines, .. } => {
                let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
                let expected: Vec<_> = text.lines().map(str::trim_end).collect();
                let (count, different) = compare(&expected, &lines);
                (file, count, different)
            }
            Golden::Flv { file, mut tags, at, mut different, mut count } => {
                while let Some(tag) = tags.next()? {
                    count += 1;
                    if different.len() < SHOWN {
                        different.push(format!("tag {}:\n  - {}\n  + nothing more\n", at + count - 1, tag_text(&tag)));
                    }
                }
                (file, count, different)
            }
        };
        if count == 0 {
            return Ok(());
        }
        crate::print(&format!("\nexpected (-) and got (+):\n{}", different.concat()))?;
        bail!("not as {} expects: {count} differences; if this is right, --update writes it", file.display())
    }
}

fn compare(expected: &[&str], got: &[String]) -> (usize, Vec<String>) {
    let (mut count, mut different) = (0, Vec::new());
    for n in 0..expected.len().max(got.len()) {
        let (expected, got) = (expected.get(n).copied(), got.get(n).map(String::as_str));
        if expected == got {
            continue;
        }
        count += 1;
        if different.len() < SHOWN {
            let mut text = format!("line {}:\n", n + 1);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  - {}", expected.unwrap_or("nothing more"));
            let _ = writeln!(text, "  + {}", got.unwrap_or("nothing more"));
            different.push(text);
        }
    }
    (count, different)
}

fn same(tag: &Tag, frame: &Frame) -> bool {
    tag.kind() == Some(frame.kind)
        // Truncation is the wrap that RTMP time has.
        && tag.timestamp_ms == frame.dts_us.div_euclid(1000) as u32
        && output::body(frame).to_bytes() == tag.body
}

fn tag_text(tag: &Tag) -> String {
    let kind = tag.kind().map_or("no media", super::verdicts::name);
    text(kind, tag.timestamp_ms, &tag.body)
}

fn frame_text(frame: &Frame) -> String {
    let ms = frame.dts_us.div_euclid(1000) as u32;
    text(super::verdicts::name(frame.kind), ms, &output::body(frame).to_bytes())
}

fn text(kind: &str, ms: u32, body: &[u8]) -> String {
    let sum = <sha2::Sha256 as sha2::Digest>::digest(body);
    let sum: String = sum.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{} at {ms} ms, {} bytes, sha256 {sum}…", kind.trim(), body.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_differences_are_shown_and_all_are_counted() {
        let got: Vec<String> = (0..20).map(|n| format!("line {n}")).collect();
        let same: Vec<&str> = got.iter().map(String::as_str).collect();
        assert_eq!(compare(&same, &got).0, 0);
        let (count, shown) = compare(&["line 0", "other"], &got);
        assert_eq!((count, shown.len()), (19, SHOWN));
        assert_eq!(shown[0], "line 2:\n  - other\n  + line 1\n");
        assert_eq!(shown[1], "line 3:\n  - nothing more\n  + line 2\n");
    }
}
