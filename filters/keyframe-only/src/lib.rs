//! Makes a stream with the key frames alone beside each stream: `live/cam_key` of `live/cam`.
//!
//! For previews and walls of many pictures. The frames share their bytes with the stream's own.

mod config;

use guest_sdk::{
    Beside, Config, Description, Fault, Frame, FrameMeta, Interest, MediaFilter, MediaKind, Metadata, SavedState,
    StreamInfo, Subscription, TrackInfo, Verdict,
};

pub use crate::config::Settings;

/// Keeps the stream of key frames.
pub struct KeyframeOnly {
    settings: Settings,
    key_frames: Beside,
}

/// Fields of onMetaData that are not true of key frames alone.
const OF_ALL_FRAMES: [&str; 3] = ["framerate", "fps", "videodatarate"];

impl MediaFilter for KeyframeOnly {
    type Settings = Settings;

    fn describe() -> Description {
        let summary = "Makes a stream with the key frames alone beside each stream.";
        Description::new("keyframe-only", env!("CARGO_PKG_VERSION"), summary)
            .with_config_schema(include_str!("../config.schema.json"))
    }

    fn configure(config: Config) -> Result<Settings, Fault> {
        Settings::read(&config)
    }

    fn open(settings: &Settings, _: StreamInfo, _: Option<SavedState>) -> Result<KeyframeOnly, Fault> {
        Ok(KeyframeOnly { settings: settings.clone(), key_frames: Beside::new(&settings.suffix) })
    }

    fn subscribe(&self) -> Subscription {
        let key_frames = Interest { only_keyframes: true, ..Interest::video() };
        let sound = self.settings.audio.then(Interest::audio);
        Subscription::to([key_frames].into_iter().chain(sound)).with_headers().with_metadata()
    }

    fn on_header(&mut self, track: &TrackInfo, _: &[u8], frame: &mut Frame<'_>) -> Result<Verdict, Fault> {
        if track.kind == MediaKind::Video || self.settings.audio {
            self.key_frames.track(track, Some(frame.retain()));
        }
        Ok(Verdict::Pass)
    }

    fn on_metadata(&mut self, mut metadata: Metadata) -> Result<Verdict, Fault> {
        if metadata.name == "onMetaData" {
            let of_sound = |path: &str| path.starts_with("audio") || path == "stereo";
            metadata.fields.retain(|(path, _)| {
                !OF_ALL_FRAMES.contains(&path.as_str()) && (self.settings.audio || !of_sound(path))
            });
            self.key_frames.metadata(metadata);
        }
        Ok(Verdict::Pass)
    }

    fn on_frame(&mut self, meta: &FrameMeta, frame: &mut Frame<'_>) -> Verdict {
        // What cannot be published has been told in the log; the stream itself goes on.
        let _ = self.key_frames.push(*meta, &frame.retain());
        Verdict::Pass
    }
}

guest_sdk::export_media!(KeyframeOnly);
