//! The operator's bounds.

use guest_sdk::{Config, Fault};
use serde::Deserialize;

/// Whose value a viewer's place is kept under must fit what a bucket takes.
const MOST_VIEWERS: u32 = 2000;

/// What is allowed; none: anything.
#[derive(Clone, Debug)]
pub struct Limits {
    pub(crate) kbps: Option<u32>,
    pub(crate) duration_ms: Option<u64>,
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    pub(crate) fps: Option<f64>,
    pub(crate) video: Option<Vec<u32>>,
    pub(crate) audio: Option<Vec<u32>>,
    pub(crate) viewers: Option<u32>,
    pub(crate) recheck_ms: u32,
    pub(crate) bucket: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    max_kbps: Option<u32>,
    max_duration_s: Option<u64>,
    max_width: Option<u32>,
    max_height: Option<u32>,
    max_fps: Option<f64>,
    video_codecs: Option<Vec<String>>,
    audio_codecs: Option<Vec<String>>,
    max_viewers: Option<u32>,
    #[serde(default = "second")]
    recheck_ms: u32,
    #[serde(default = "bucket")]
    bucket: String,
}

fn second() -> u32 {
    1000
}

fn bucket() -> String {
    "limits".into()
}

impl Limits {
    pub(crate) fn read(config: &Config) -> Result<Limits, Fault> {
        let table: Table = config.parse()?;
        let wrong = |what: String| Err(Fault::InvalidConfig(what));
        let zeros = [
            ("max_kbps", table.max_kbps == Some(0)),
            ("max_duration_s", table.max_duration_s == Some(0)),
            ("max_width", table.max_width == Some(0)),
            ("max_height", table.max_height == Some(0)),
            ("max_fps", table.max_fps.is_some_and(|fps| !(fps > 0.0 && fps <= 1000.0))),
        ];
        if let Some((key, _)) = zeros.iter().find(|(_, wrong)| *wrong) {
            return wrong(format!(
                "{key}: expected more than 0{}",
                if *key == "max_fps" { ", at most 1000" } else { "" }
            ));
        }
        if table.max_viewers.is_some_and(|most| most > MOST_VIEWERS) {
            return wrong(format!("max_viewers: expected at most {MOST_VIEWERS}"));
        }
        if !(100..=60_000).contains(&table.recheck_ms) {
            return wrong("recheck_ms: expected 100 to 60000".into());
        }
        let limits = Limits {
            kbps: table.max_kbps,
            duration_ms: table.max_duration_s.map(|s| s.saturating_mul(1000)),
            width: table.max_width,
            height: table.max_height,
            fps: table.max_fps,
            video: codecs("video_codecs", table.video_codecs)?,
            audio: codecs("audio_codecs", table.audio_codecs)?,
            viewers: table.max_viewers,
            recheck_ms: table.recheck_ms,
            bucket: table.bucket,
        };
        if limits.kbps.is_none() && limits.duration_ms.is_none() && limits.viewers.is_none() && !limits.looks_at_media()
        {
            return wrong("max_kbps: missing; expected at least one limit".into());
        }
        Ok(limits)
    }

    /// Whether it takes frames or headers to see that a limit is kept.
    pub(crate) fn looks_at_media(&self) -> bool {
        self.width.is_some()
            || self.height.is_some()
            || self.fps.is_some()
            || self.video.is_some()
            || self.audio.is_some()
    }
}

fn codecs(key: &str, names: Option<Vec<String>>) -> Result<Option<Vec<u32>>, Fault> {
    let one = |(i, name): (usize, String)| match <[u8; 4]>::try_from(name.as_bytes()) {
        Ok(bytes) => Ok(u32::from_be_bytes(bytes)),
        Err(_) => {
            let what =
                format!("{key}[{i}]: `{name}`: expected a FourCC of four characters, such as avc1, hvc1 or mp4a");
            Err(Fault::InvalidConfig(what))
        }
    };
    names.map(|names| names.into_iter().enumerate().map(one).collect()).transpose()
}
