//! The operator's settings.

use guest_sdk::{Beside, Config, Fault, fourcc};
use serde::Deserialize;

/// What the operator may choose.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What the sound becomes.
    pub to: Law,
    /// In place of the stream's own sound. If not, there is a second stream.
    pub in_place: bool,
    /// What stands behind the second stream's name.
    pub suffix: String,
    /// Whether the pictures are in the second stream.
    pub video: bool,
}

/// The two laws of G.711.
#[derive(Clone, Copy, PartialEq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Law {
    /// A-law.
    Pcma,
    /// Mu-law.
    Pcmu,
}

impl Law {
    pub(crate) fn codec(self) -> u32 {
        match self {
            Law::Pcma => fourcc(b"alaw"),
            Law::Pcmu => fourcc(b"ulaw"),
        }
    }

    /// SoundFormat of FLV, for onMetaData.
    pub(crate) fn format(self) -> f64 {
        match self {
            Law::Pcma => 7.0,
            Law::Pcmu => 8.0,
        }
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { to: Law::Pcma, in_place: false, suffix: "_g711".into(), video: true }
    }
}

impl Settings {
    pub(crate) fn read(config: &Config) -> Result<Settings, Fault> {
        let settings: Settings = config.parse()?;
        if !Beside::is_suffix(&settings.suffix) {
            let what = "expected 1 to 64 letters, digits, `-`, `_` and `.`, such as `_g711`";
            return Err(Fault::InvalidConfig(format!("suffix: {what}")));
        }
        Ok(settings)
    }
}
