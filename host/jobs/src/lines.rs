//! What a program says: its progress, and the last lines for the log.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;

use crate::profile::Progress;

/// Bytes of a line; what is behind them is left out.
const MOST_LINE_BYTES: usize = 512;

/// What was heard so far.
#[derive(Clone, Debug)]
pub(crate) struct Heard(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    progress: Progress,
    most: usize,
    /// Secrets, which nobody is shown.
    hide: Vec<String>,
    tail: VecDeque<String>,
    fps: Option<f32>,
    speed: Option<f32>,
}

impl Heard {
    pub(crate) fn new(progress: Progress, most: usize, hide: Vec<String>) -> Heard {
        let state = State { progress, most, hide, tail: VecDeque::new(), fps: None, speed: None };
        Heard(Arc::new(Mutex::new(state)))
    }

    /// Hears a program's standard error, or its standard output, to the end.
    pub(crate) async fn listen(self, mut pipe: pipe::Receiver, is_error: bool) {
        let mut line = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(n @ 1..) = pipe.read(&mut buffer).await {
            for byte in buffer.iter().take(n) {
                match byte {
                    // ffmpeg's statistics end with a carriage return.
                    b'\n' | b'\r' => {
                        self.line(&line, is_error);
                        line.clear();
                    }
                    _ if line.len() < MOST_LINE_BYTES => line.push(*byte),
                    _ => {}
                }
            }
        }
        self.line(&line, is_error);
    }

    fn line(&self, raw: &[u8], is_error: bool) {
        let text = String::from_utf8_lossy(raw);
        let text = text.trim();
        let mut state = self.lock();
        let is_progress = state.progress == Progress::Ffmpeg && state.read_progress(text);
        if text.is_empty() || is_progress || !is_error || state.most == 0 {
            return;
        }
        let mut shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        for secret in &state.hide {
            shown = shown.replace(secret, "***");
        }
        if state.tail.len() >= state.most {
            state.tail.pop_front();
        }
        state.tail.push_back(shown);
    }

    /// Frames per second, and speed against real time, if both are known.
    pub(crate) fn progress(&self) -> Option<(f32, f32)> {
        let state = self.lock();
        state.fps.zip(state.speed)
    }

    /// The last lines, without secrets.
    pub(crate) fn tail(&self) -> Vec<String> {
        self.lock().tail.iter().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether it is a line about progress.
    fn read_progress(&mut self, line: &str) -> bool {
        let (fps, speed) = (value(line, "fps="), value(line, "speed="));
        self.fps = fps.or(self.fps);
        self.speed = speed.or(self.speed);
        line.starts_with("frame=") || line.starts_with("size=")
    }
}

/// A number behind a name, as in `frame=  123 fps= 25 speed=1.01x`.
fn value(line: &str, name: &str) -> Option<f32> {
    let at = line
        .match_indices(name)
        .map(|(at, _)| at)
        .find(|at| line.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with(char::is_whitespace)))?;
    let rest = line.get(at + name.len()..)?.trim_start();
    let number = rest.split_whitespace().next()?.trim_end_matches('x');
    number.parse().ok().filter(|n: &f32| n.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(progress: Progress, lines: &[(&str, bool)]) -> Heard {
        let heard = Heard::new(progress, 2, vec!["s3cret".into()]);
        for (line, is_error) in lines {
            heard.line(line.as_bytes(), *is_error);
        }
        heard
    }

    #[test]
    fn both_ways_of_ffmpeg_are_understood() {
        let by_option = heard(
            Progress::Ffmpeg,
            &[("frame=10", false), ("fps=24.97", false), ("speed=   1x", false), ("progress=continue", false)],
        );
        assert_eq!(by_option.progress(), Some((24.97, 1.0)));
        let by_statistics = heard(
            Progress::Ffmpeg,
            &[("frame=  123 fps= 25 q=28.0 size=     512kB time=00:00:04.92 bitrate= 852.5kbits/s speed=1.01x", true)],
        );
        assert_eq!(by_statistics.progress(), Some((25.0, 1.01)));
        assert!(by_statistics.tail().is_empty());
        let not_yet = heard(Progress::Ffmpeg, &[("fps=0.0", false), ("speed=N/A", false)]);
        assert_eq!(not_yet.progress(), None);
        assert_eq!(heard(Progress::None, &[("fps=25 speed=1x", false)]).progress(), None);
    }

    #[test]
    fn the_last_lines_are_kept_without_secrets() {
        let heard = heard(
            Progress::None,
            &[
                ("first", true),
                ("on stdout", false),
                ("", true),
                ("rtmp://h/~s3cret/a: \u{1b}[31mno", true),
                ("last", true),
            ],
        );
        assert_eq!(heard.tail(), ["rtmp://h/~***/a:  [31mno", "last"]);
    }
}
