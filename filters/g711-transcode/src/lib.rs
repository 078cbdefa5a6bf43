//! Turns sound into G.711: AAC-LC into PCMA or PCMU with 8 kHz and one channel, and one of the two into the other.
//!
//! In place of the stream's own sound, or in a second stream beside it: `live/cam_g711` of `live/cam`.

mod config;
mod decoder;
pub mod resample;

use guest_sdk::output::{self, Packet};
use guest_sdk::{
    Beside, Config, Description, Fault, Frame, FrameFlags, FrameMeta, Interest, MediaFilter, MediaKind, Metadata,
    SavedState, Scalar, StreamInfo, Subscription, TrackInfo, Verdict, fourcc, log, metrics,
};

use crate::config::Law;
use crate::decoder::Aac;

pub use crate::config::Settings;

const AAC: u32 = fourcc(b"mp4a");
/// AAC-LC, 44.1 kHz, stereo, and a frame of silence in it: makes the decoder's tables before the first frame.
const SILENCE: (&[u8], &[u8]) = (&[0x12, 0x10], &[0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c]);

/// Keeps the decoder of one stream.
pub struct G711Transcode {
    settings: Settings,
    aac: Option<Aac>,
    /// There is none if it goes in place.
    beside: Option<Beside>,
    told: bool,
    /// The sound that is not turned, if the log has it.
    foreign: Option<Vec<u8>>,
}

/// What becomes of a frame of sound.
enum Sound {
    /// It is what is wanted.
    AsItCame,
    /// In the wanted law, with so many channels.
    Coded(Vec<u8>, FrameFlags),
    /// It cannot be decoded.
    Lost,
    /// It is of no codec that is known here.
    Foreign,
}

impl G711Transcode {
    fn sound(&mut self, meta: &FrameMeta, frame: &Frame<'_>) -> Sound {
        let to = self.settings.to;
        if meta.codec == to.codec() {
            return Sound::AsItCame;
        }
        if meta.codec == Law::Pcma.codec() || meta.codec == Law::Pcmu.codec() {
            return Sound::Coded(decoder::other_law(&frame.payload(), to), meta.flags & FrameFlags::STEREO);
        }
        let (AAC, Some(aac)) = (meta.codec, &mut self.aac) else {
            if meta.codec != AAC {
                let mark = meta.codec.to_be_bytes();
                let name = String::from_utf8_lossy(&mark).into_owned();
                self.tell_foreign(
                    &mark,
                    &format!("sound of the codec {name:?} is not turned, only AAC-LC and G.711 are"),
                );
            }
            return Sound::Foreign;
        };
        match aac.decode(&frame.payload(), to) {
            Ok(bytes) => Sound::Coded(bytes, FrameFlags::empty()),
            Err(why) => {
                metrics::add("undecodable_frames", 1);
                self.tell(&format!("frames cannot be decoded: {why}"));
                Sound::Lost
            }
        }
    }

    /// Sound that is not turned: once for each that comes. `mark` tells them apart.
    fn tell_foreign(&mut self, mark: &[u8], what: &str) {
        if self.foreign.as_deref() == Some(mark) {
            return;
        }
        self.foreign = Some(mark.to_vec());
        let then = match &self.beside {
            Some(_) => "none of it goes into the second stream",
            None => "it passes as it came",
        };
        log::warn(&format!("{what}: {then}"));
    }

    fn tell(&mut self, what: &str) {
        if !std::mem::replace(&mut self.told, true) {
            log::warn(what);
        }
    }
}

impl MediaFilter for G711Transcode {
    type Settings = Settings;

    fn describe() -> Description {
        let summary = "Turns sound into G.711, and one G.711 law into the other.";
        Description::new("g711-transcode", env!("CARGO_PKG_VERSION"), summary)
            .with_config_schema(include_str!("../config.schema.json"))
    }

    fn configure(config: Config) -> Result<Settings, Fault> {
        let settings = Settings::read(&config)?;
        let warm = Aac::new(SILENCE.0).and_then(|mut aac| aac.decode(SILENCE.1, settings.to));
        warm.map_err(|why| Fault::Internal(format!("the decoder does not work: {why}")))?;
        Ok(settings)
    }

    fn open(settings: &Settings, _: StreamInfo, _: Option<SavedState>) -> Result<G711Transcode, Fault> {
        let beside = (!settings.in_place).then(|| Beside::new(&settings.suffix));
        Ok(G711Transcode { settings: settings.clone(), aac: None, beside, told: false, foreign: None })
    }

    fn subscribe(&self) -> Subscription {
        let pictures = (self.beside.is_some() && self.settings.video).then(Interest::video);
        Subscription::to([Interest::audio()].into_iter().chain(pictures)).with_headers().with_metadata()
    }

    fn on_header(&mut self, track: &TrackInfo, record: &[u8], frame: &mut Frame<'_>) -> Result<Verdict, Fault> {
        if track.kind == MediaKind::Video {
            if let Some(beside) = self.beside.as_mut().filter(|_| self.settings.video) {
                beside.track(track, Some(frame.retain()));
            }
            return Ok(Verdict::Pass);
        }
        if track.id != 0 {
            return Ok(Verdict::Pass);
        }
        self.aac = None;
        if track.codec != AAC {
            return Ok(Verdict::Pass);
        }
        match Aac::new(record) {
            Ok(aac) => self.aac = Some(aac),
            Err(why) => {
                let what = decoder::kind(record);
                let what = format!("{what} is not decoded, only AAC-LC with one or two channels is ({why})");
                self.tell_foreign(record, &what);
            }
        }
        // Without a decoder it stays as it is.
        Ok(if self.beside.is_none() && self.aac.is_some() { Verdict::Drop } else { Verdict::Pass })
    }

    fn on_metadata(&mut self, mut metadata: Metadata) -> Result<Verdict, Fault> {
        if metadata.name != "onMetaData" {
            return Ok(Verdict::Pass);
        }
        let of_picture = |path: &str| path.starts_with("video") || ["width", "height", "framerate"].contains(&path);
        if self.beside.is_some() && !self.settings.video {
            metadata.fields.retain(|(path, _)| !of_picture(path));
        }
        for (path, value) in &mut metadata.fields {
            match path.as_str() {
                "audiocodecid" => *value = Scalar::Number(self.settings.to.format()),
                "audiosamplerate" => *value = Scalar::Number(f64::from(resample::RATE)),
                "audiosamplesize" => *value = Scalar::Number(16.0),
                "audiochannels" => *value = Scalar::Number(1.0),
                "audiodatarate" => *value = Scalar::Number(64.0),
                "stereo" => *value = Scalar::Bool(false),
                _ => {}
            }
        }
        match &mut self.beside {
            Some(beside) => {
                beside.metadata(metadata);
                Ok(Verdict::Pass)
            }
            None => {
                output::set_metadata(&metadata).map_err(|e| Fault::Internal(format!("{e:?}")))?;
                Ok(Verdict::Edited)
            }
        }
    }

    fn on_frame(&mut self, meta: &FrameMeta, frame: &mut Frame<'_>) -> Verdict {
        if meta.kind == MediaKind::Video {
            if let Some(beside) = &mut self.beside {
                // What cannot be published has been told in the log; the stream itself goes on.
                let _ = beside.push(*meta, &frame.retain());
            }
            return Verdict::Pass;
        }
        if meta.track != 0 || meta.flags.contains(FrameFlags::END_OF_SEQUENCE) {
            return Verdict::Pass;
        }
        let sound = self.sound(meta, frame);
        let codec = self.settings.to.codec();
        match (&mut self.beside, sound) {
            (_, Sound::Foreign) | (None, Sound::AsItCame) | (Some(_), Sound::Lost) => Verdict::Pass,
            (None, Sound::Lost) => Verdict::Drop,
            (Some(beside), Sound::AsItCame) => {
                let _ = beside.push(*meta, &frame.retain());
                Verdict::Pass
            }
            (Some(beside), Sound::Coded(bytes, flags)) => {
                if !bytes.is_empty() {
                    let _ = beside.push(FrameMeta { codec, flags, ..*meta }, &Packet::new(&bytes));
                }
                Verdict::Pass
            }
            (None, Sound::Coded(bytes, flags)) => {
                let made = FrameMeta { codec, flags, ..*meta };
                if !bytes.is_empty()
                    && let Err(e) = output::emit_before(made, &Packet::new(&bytes))
                {
                    self.tell(&format!("sound does not go on: {e:?}"));
                }
                Verdict::Drop
            }
        }
    }
}

guest_sdk::export_media!(G711Transcode);
