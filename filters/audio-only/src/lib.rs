//! Makes a stream with the sound alone beside each stream: `live/cam_audio` of `live/cam`.
//!
//! Every track of sound goes into it as it came: its frames share their bytes with the stream's own.

mod config;

use guest_sdk::{
    Beside, Config, Description, Fault, Frame, FrameMeta, Interest, MediaFilter, MediaKind, Metadata, SavedState,
    StreamInfo, Subscription, TrackInfo, Verdict,
};

pub use crate::config::Settings;

/// Keeps the stream of sound.
pub struct AudioOnly {
    sound: Beside,
}

/// Fields of onMetaData that speak of the picture.
const OF_PICTURE: [&str; 4] = ["width", "height", "framerate", "fps"];

impl MediaFilter for AudioOnly {
    type Settings = Settings;

    fn describe() -> Description {
        let summary = "Makes a stream with the sound alone beside each stream.";
        Description::new("audio-only", env!("CARGO_PKG_VERSION"), summary)
            .with_config_schema(include_str!("../config.schema.json"))
    }

    fn configure(config: Config) -> Result<Settings, Fault> {
        Settings::read(&config)
    }

    fn open(settings: &Settings, _: StreamInfo, _: Option<SavedState>) -> Result<AudioOnly, Fault> {
        Ok(AudioOnly { sound: Beside::new(&settings.suffix) })
    }

    fn subscribe(&self) -> Subscription {
        Subscription::to([Interest::audio()]).with_headers().with_metadata()
    }

    fn on_header(&mut self, track: &TrackInfo, _: &[u8], frame: &mut Frame<'_>) -> Result<Verdict, Fault> {
        if track.kind == MediaKind::Audio {
            self.sound.track(track, Some(frame.retain()));
        }
        Ok(Verdict::Pass)
    }

    fn on_metadata(&mut self, mut metadata: Metadata) -> Result<Verdict, Fault> {
        if metadata.name == "onMetaData" {
            metadata.fields.retain(|(path, _)| !OF_PICTURE.contains(&path.as_str()) && !path.starts_with("video"));
            self.sound.metadata(metadata);
        }
        Ok(Verdict::Pass)
    }

    fn on_frame(&mut self, meta: &FrameMeta, frame: &mut Frame<'_>) -> Verdict {
        // What cannot be published has been told in the log; the stream itself goes on.
        let _ = self.sound.push(*meta, &frame.retain());
        Verdict::Pass
    }
}

guest_sdk::export_media!(AudioOnly);
