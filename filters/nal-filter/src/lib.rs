//! Drops NAL units (H.264, H.265) and OBUs (AV1) by type.
//!
//! The host is told which types are wanted gone and calls for frames that hold one; such a unit is removed by its index, so no
//! payload byte is copied. Sequence headers are not touched; parameter sets inside frames stay unless they are named.

mod config;
mod units;

use guest_sdk::{
    Config, Description, Fault, Frame, FrameMeta, Interest, MediaFilter, SavedState, StreamInfo, Subscription, Verdict,
};

use crate::config::Rules;

/// Drops what its rules name.
pub struct NalFilter {
    rules: Rules,
}

impl MediaFilter for NalFilter {
    type Settings = Rules;

    fn describe() -> Description {
        Description::new("nal-filter", env!("CARGO_PKG_VERSION"), "Drops NAL units and OBUs by type.")
            .with_config_schema(include_str!("../config.schema.json"))
    }

    fn configure(config: Config) -> Result<Rules, Fault> {
        Rules::read(&config)
    }

    fn open(rules: &Rules, _: StreamInfo, _: Option<SavedState>) -> Result<NalFilter, Fault> {
        Ok(NalFilter { rules: *rules })
    }

    fn subscribe(&self) -> Subscription {
        let rules = self.rules.by_codec().into_iter().filter(|(_, types)| *types != 0);
        Subscription::to(rules.map(|(codec, types)| Interest::units(codec, types)))
    }

    fn on_frame(&mut self, meta: &FrameMeta, frame: &mut Frame<'_>) -> Verdict {
        let unwanted = self.rules.of(meta.codec);
        if meta.unit_types & unwanted == 0 {
            return Verdict::Pass;
        }
        if frame.remove_units(unwanted) == 0 {
            // It cannot be walked to its end: what it is, is not known.
            return Verdict::Pass;
        }
        if meta.unit_types & !unwanted == 0 { Verdict::Drop } else { Verdict::Edited }
    }
}

guest_sdk::export_media!(NalFilter);
