//! The operator's settings.

use std::collections::BTreeMap;

use guest_sdk::{Config, Fault};
use serde::Deserialize;

/// What to make of every stream that is large enough.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) rungs: Vec<Rung>,
    pub(crate) same_height: bool,
    /// Empty: all.
    pub(crate) apps: Vec<String>,
}

/// One rendition.
#[derive(Debug)]
pub(crate) struct Rung {
    pub(crate) height: u32,
    pub(crate) suffix: String,
    pub(crate) video_kbps: Option<u32>,
    pub(crate) audio_kbps: u32,
    pub(crate) profile: String,
    pub(crate) priority: u8,
    pub(crate) params: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default = "h264")]
    profile: String,
    renditions: Vec<RungTable>,
    #[serde(default)]
    same_height: bool,
    #[serde(default)]
    apps: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RungTable {
    height: u32,
    suffix: Option<String>,
    video_kbps: Option<u32>,
    #[serde(default = "usual_sound")]
    audio_kbps: u32,
    profile: Option<String>,
    priority: Option<u8>,
    #[serde(default)]
    params: BTreeMap<String, String>,
}

fn h264() -> String {
    "h264".into()
}

fn usual_sound() -> u32 {
    128
}

/// The parameters that this filter gives itself.
const OWN: [&str; 4] = ["width", "height", "video_kbps", "audio_kbps"];

impl Settings {
    pub(crate) fn read(config: &Config) -> Result<Settings, Fault> {
        let table: Table = config.parse()?;
        let wrong = |i: usize, what: String| Fault::InvalidConfig(format!("renditions[{i}].{what}"));
        if table.renditions.is_empty() {
            return Err(Fault::InvalidConfig(
                "renditions: empty; expected at least one, such as { height = 480 }".into(),
            ));
        }
        // Without a word about it the smallest goes first: it helps most, and costs least.
        let mut heights: Vec<u32> = table.renditions.iter().map(|r| r.height).collect();
        heights.sort_unstable();
        let mut rungs: Vec<Rung> = Vec::new();
        for (i, r) in table.renditions.into_iter().enumerate() {
            if !(16..=8192).contains(&r.height) || !r.height.is_multiple_of(2) {
                return Err(wrong(i, format!("height: {} is none; expected an even number from 16 to 8192", r.height)));
            }
            if r.video_kbps.is_some_and(|kbps| !(16..=200_000).contains(&kbps)) {
                return Err(wrong(i, "video_kbps: expected 16 to 200000".into()));
            }
            if !(8..=1024).contains(&r.audio_kbps) {
                return Err(wrong(i, "audio_kbps: expected 8 to 1024".into()));
            }
            let suffix = r.suffix.unwrap_or_else(|| format!("_{}p", r.height));
            let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
            if !(1..=64).contains(&suffix.len()) || !suffix.chars().all(plain) {
                return Err(wrong(
                    i,
                    format!("suffix: `{suffix}` is none; expected 1 to 64 letters, digits, -, _ and ."),
                ));
            }
            if rungs.iter().any(|other| other.suffix == suffix) {
                return Err(wrong(i, format!("suffix: `{suffix}` is there already; expected each once")));
            }
            if let Some(own) = OWN.iter().find(|own| r.params.contains_key(**own)) {
                return Err(wrong(i, format!("params.{own}: this one follows from the rendition; leave it out")));
            }
            let below = heights.iter().filter(|height| **height < r.height).count();
            let priority = r.priority.unwrap_or(u8::try_from(200usize.saturating_sub(below)).unwrap_or(0));
            let profile = r.profile.unwrap_or_else(|| table.profile.clone());
            rungs.push(Rung {
                height: r.height,
                suffix,
                video_kbps: r.video_kbps,
                audio_kbps: r.audio_kbps,
                profile,
                priority,
                params: r.params,
            });
        }
        Ok(Settings { rungs, same_height: table.same_height, apps: table.apps })
    }
}
