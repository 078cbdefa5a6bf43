//! The synthetic clip: one GOP and one audio frame, made once, that every stream repeats with stamps of its own.

mod bits;
mod picture;
mod sound;

use crate::error::Error;
use crate::stamp::{self, Stamp};
use bytes::Bytes;
use media::flv::{self, Parts};
use media::{Body, Content, FourCc, Kind, avc};
use std::time::Duration;

pub use sound::{SAMPLE_RATE, SAMPLES};

/// What the clip is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Pixels; even, 32 to 4096.
    pub width: u32,
    /// Pixels; even, 32 to 4096.
    pub height: u32,
    /// Pictures per second, 1 to 240.
    pub fps: u32,
    /// From key frame to key frame.
    pub gop: Duration,
    /// Kilobits per second of video; 0: no video.
    pub video_kbps: u32,
    /// Kilobits per second of audio, at most 255; 0: no audio.
    pub audio_kbps: u32,
}

impl Default for Settings {
    /// 2 Mbit/s: 25 pictures and 43 audio frames per second, a key frame every 2 s.
    fn default() -> Self {
        Settings { width: 320, height: 180, fps: 25, gop: Duration::from_secs(2), video_kbps: 1872, audio_kbps: 128 }
    }
}

/// A finished clip.
#[derive(Debug)]
pub struct Clip {
    settings: Settings,
    /// One GOP, the key frame first; two where every frame is a key frame.
    pictures: Vec<Template>,
    sound: Option<Template>,
    video_header: Option<Bytes>,
    audio_header: Option<Bytes>,
}

/// A tag body with a gap for a stamp.
#[derive(Debug)]
struct Template {
    body: Vec<u8>,
    stamp_at: usize,
    /// The checksum of everything but the stamp.
    rest: u64,
}

impl Clip {
    /// Makes the clip.
    ///
    /// # Errors
    /// A setting is out of its range, or the picture is too small or too large for the bitrate.
    pub fn new(settings: Settings) -> Result<Clip, Error> {
        let mut clip = Clip { settings, pictures: Vec::new(), sound: None, video_header: None, audio_header: None };
        if settings.video_kbps == 0 && settings.audio_kbps == 0 {
            return Err(Error::Clip("a stream needs video or audio".into()));
        }
        if settings.video_kbps > 0 {
            let video = picture::gop(&settings)?;
            let record = avc::Record::new(vec![video.sps.into()], vec![video.pps.into()])
                .and_then(|record| record.encode())
                .map_err(|error| Error::Clip(error.to_string()))?;
            clip.video_header = Some(tag(Kind::Video, Content::Header, true, record).0.into());
            for (at, picture) in video.pictures.into_iter().enumerate() {
                let key = at == 0 || video.all_keys;
                let mut access_unit = (picture.nal.len() as u32).to_be_bytes().to_vec();
                access_unit.extend_from_slice(&picture.nal);
                let (body, head) = tag(Kind::Video, Content::Coded, key, access_unit.into());
                clip.pictures.push(Template::new(body, head + 4 + picture.stamp_at));
            }
        }
        if settings.audio_kbps > 0 {
            let (frame, stamp_at) = sound::frame(settings.audio_kbps)?;
            clip.audio_header = Some(tag(Kind::Audio, Content::Header, false, sound::header()).0.into());
            let (body, head) = tag(Kind::Audio, Content::Coded, false, frame.into());
            clip.sound = Some(Template::new(body, head + stamp_at));
        }
        Ok(clip)
    }

    /// What the clip is like.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The tag body with the video decoder's configuration.
    pub fn video_header(&self) -> Option<&Bytes> {
        self.video_header.as_ref()
    }

    /// The tag body with the audio decoder's configuration.
    pub fn audio_header(&self) -> Option<&Bytes> {
        self.audio_header.as_ref()
    }

    /// The tag body of a picture; which one, the stamp's sequence says. `None`: there is no video.
    pub fn picture(&self, stamp: &Stamp) -> Option<Bytes> {
        let at = (stamp.sequence as usize).checked_rem(self.pictures.len())?;
        self.pictures.get(at).map(|template| template.stamped(stamp))
    }

    /// The tag body of an audio frame. `None`: there is no audio.
    pub fn sound(&self, stamp: &Stamp) -> Option<Bytes> {
        self.sound.as_ref().map(|template| template.stamped(stamp))
    }
}

impl Template {
    fn new(mut body: Vec<u8>, stamp_at: usize) -> Template {
        let rest = stamp::checksum(&body, stamp_at);
        Stamp::default().write(&mut body, stamp_at, rest);
        Template { body, stamp_at, rest }
    }

    fn stamped(&self, stamp: &Stamp) -> Bytes {
        let mut body = self.body.clone();
        stamp.write(&mut body, self.stamp_at, self.rest);
        body.into()
    }
}

/// A tag body in the legacy form, and the bytes before the payload.
fn tag(kind: Kind, content: Content, key: bool, payload: Bytes) -> (Vec<u8>, usize) {
    let codec = if kind == Kind::Video { FourCc::AVC1 } else { FourCc::MP4A };
    let parts = Parts { kind, track: 0, codec, content, key, disposable: false, cts_ms: 0 };
    let (body, head) = flv::build(&parts, &Body::from_slices(vec![payload]));
    (body.to_bytes().to_vec(), head)
}
