//! The operator's settings.

use guest_sdk::{Beside, Config, Fault};
use serde::Deserialize;

/// What the operator may choose.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What stands behind the stream's name.
    pub suffix: String,
    /// Whether the sound is in it, all of it.
    pub audio: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { suffix: "_key".into(), audio: false }
    }
}

impl Settings {
    pub(crate) fn read(config: &Config) -> Result<Settings, Fault> {
        let settings: Settings = config.parse()?;
        if !Beside::is_suffix(&settings.suffix) {
            let what = "expected 1 to 64 letters, digits, `-`, `_` and `.`, such as `_key`";
            return Err(Fault::InvalidConfig(format!("suffix: {what}")));
        }
        Ok(settings)
    }
}
