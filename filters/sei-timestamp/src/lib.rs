//! Writes the time of day into the pictures of H.264 and H.265.
//!
//! The time is the router's when the picture came in. It is inserted as a unit of its own: no byte of the picture is copied.

mod config;
mod stamp;

use guest_sdk::{
    Config, Description, Fault, Frame, FrameMeta, Interest, MediaFilter, SavedState, StreamInfo, Subscription, Verdict,
    clock, fourcc,
};

use crate::config::{Every, Existing};
use crate::stamp::Syntax;

pub use crate::config::Settings;

/// Stamps pictures.
pub struct SeiTimestamp {
    settings: Settings,
}

const CODECS: [(u32, Syntax); 2] = [(fourcc(b"avc1"), Syntax::Avc), (fourcc(b"hvc1"), Syntax::Hevc)];

impl MediaFilter for SeiTimestamp {
    type Settings = Settings;

    fn describe() -> Description {
        let summary = "Writes the time of day into the pictures of H.264 and H.265.";
        Description::new("sei-timestamp", env!("CARGO_PKG_VERSION"), summary)
            .with_config_schema(include_str!("../config.schema.json"))
    }

    fn configure(config: Config) -> Result<Settings, Fault> {
        Settings::read(&config)
    }

    fn open(settings: &Settings, _: StreamInfo, _: Option<SavedState>) -> Result<SeiTimestamp, Fault> {
        Ok(SeiTimestamp { settings: *settings })
    }

    fn subscribe(&self) -> Subscription {
        let only_keyframes = self.settings.every == Every::Keyframe;
        Subscription::to(CODECS.map(|(codec, _)| Interest { only_keyframes, ..Interest::units(codec, 0) }))
    }

    fn on_frame(&mut self, meta: &FrameMeta, frame: &mut Frame<'_>) -> Verdict {
        let Some((_, syntax)) = CODECS.into_iter().find(|(codec, _)| *codec == meta.codec) else {
            return Verdict::Pass;
        };
        let units = frame.units();
        // No slice: it is no picture, or cannot be walked to its end.
        let Some(slice) = units.iter().position(|unit| syntax.is_slice(unit.unit_type)) else { return Verdict::Pass };
        let is_stamp = |frame: &Frame<'_>, at: usize| {
            units.get(at).is_some_and(|unit| {
                unit.unit_type == syntax.sei()
                    && frame.read_unit(unit).windows(16).any(|bytes| bytes == syntax.identifier())
            })
        };
        let before = if meta.has_unit(syntax.sei()) { (0..slice).find(|at| is_stamp(frame, *at)) } else { None };
        let unit = syntax.unit(clock::unix_ms().saturating_mul(1000));
        match (before, self.settings.existing) {
            (Some(_), Existing::Keep) => return Verdict::Pass,
            (Some(at), Existing::Replace) => frame.replace_unit(at, &unit),
            (None, _) => frame.insert_unit(slice, &unit),
        }
        Verdict::Edited
    }
}

guest_sdk::export_media!(SeiTimestamp);
