//! The operator's settings.

use guest_sdk::{Config, Fault};
use serde::Deserialize;

/// Which pictures are stamped, and what becomes of stamps that are there.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    #[serde(default)]
    pub(crate) every: Every,
    #[serde(default)]
    pub(crate) existing: Existing,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Every {
    #[default]
    Frame,
    Keyframe,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Existing {
    #[default]
    Keep,
    Replace,
}

impl Settings {
    pub(crate) fn read(config: &Config) -> Result<Settings, Fault> {
        config.parse()
    }
}
