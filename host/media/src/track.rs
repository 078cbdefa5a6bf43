//! What is known of a stream's tracks, learned from its sequence headers and first frames.

use bytes::Bytes;

use crate::{Content, FourCc, Frame, Kind, flv};

pub mod params;

/// What the decoder configuration record of a video track says; 0 where it says nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct VideoParams {
    /// Picture width in luma samples, cropping applied.
    pub width: u32,
    /// Picture height in luma samples, cropping applied.
    pub height: u32,
    /// profile_idc (H.264), general_profile_idc (H.265), seq_profile (AV1).
    pub profile: u32,
    /// level_idc (H.264), general_level_idc (H.265), seq_level_idx_0 (AV1).
    pub level: u32,
    /// Bits of a luma sample.
    pub bit_depth: u8,
    /// Frames per second as numerator and denominator; 0/0 if not told.
    pub frame_rate: (u32, u32),
    /// Bytes of the length before each NAL unit: 1, 2 or 4; 0 for codecs without NAL units.
    pub unit_length_bytes: u8,
}

/// What is known of an audio track; 0 where nothing is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AudioParams {
    /// In hertz.
    pub sample_rate: u32,
    /// How many there are.
    pub channels: u8,
    /// Bits of a sample.
    pub bits: u8,
    /// audioObjectType (AAC, ISO/IEC 14496-3).
    pub object_type: u8,
}

/// One track.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Info {
    /// Enhanced RTMP track id; 0 is the default track.
    pub id: u8,
    /// Audio or video.
    pub kind: Kind,
    /// The codec.
    pub codec: FourCc,
    /// The decoder configuration record; empty for codecs without one, and before it came.
    pub header: Bytes,
    /// Present for video whose record could be read.
    pub video: Option<VideoParams>,
    /// Present for audio.
    pub audio: Option<AudioParams>,
}

impl Info {
    /// A track of which nothing is known but its name.
    pub fn new(kind: Kind, id: u8, codec: FourCc) -> Info {
        let audio = (kind == Kind::Audio).then(|| params::audio(codec, &[]));
        Info { id, kind, codec, header: Bytes::new(), video: None, audio }
    }

    /// Takes a decoder configuration record; what cannot be read of it stays unknown.
    pub fn set_header(&mut self, codec: FourCc, header: Bytes) {
        match self.kind {
            Kind::Video => self.video = params::video(codec, &header),
            _ => self.audio = Some(params::audio(codec, &header)),
        }
        self.codec = codec;
        self.header = header;
    }

    /// Coded frames could add nothing.
    fn is_known(&self) -> bool {
        match (&self.audio, &self.video) {
            (Some(audio), _) => !self.header.is_empty() || audio.sample_rate != 0 && audio.channels != 0,
            // The records of VP8 and VP9 tell no picture size.
            (None, Some(video)) => video.width != 0 || !matches!(self.codec, FourCc::VP08 | FourCc::VP09),
            (None, None) => !self.header.is_empty(),
        }
    }

    /// Bytes of the length before each NAL unit; 4, which nearly all encoders use, while the record is not known, and 0
    /// for codecs without NAL units.
    pub fn unit_length_bytes(&self) -> u8 {
        match (&self.video, self.codec) {
            (Some(video), _) => video.unit_length_bytes,
            (None, FourCc::AVC1 | FourCc::HVC1 | FourCc::VVC1) => 4,
            _ => 0,
        }
    }
}

/// Longer sequence headers teach nothing and are not kept; real ones have a few kilobytes at most.
pub const MOST_HEADER_BYTES: usize = 64 * 1024;

/// What a frame taught.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Change<'a> {
    /// The track as it is known now.
    pub info: &'a Info,
    /// It was not known before.
    pub new: bool,
}

/// The tracks of one stream. Bounded by their ids: 256 of audio, 256 of video.
#[derive(Clone, Debug, Default)]
pub struct Tracks {
    tracks: Vec<Info>,
}

impl Tracks {
    /// No tracks.
    pub fn new() -> Tracks {
        Tracks::default()
    }

    /// All tracks, in the order in which they came.
    pub fn all(&self) -> &[Info] {
        &self.tracks
    }

    /// One track.
    pub fn find(&self, kind: Kind, id: u8) -> Option<&Info> {
        self.tracks.iter().find(|t| t.id == id && t.kind == kind)
    }

    /// Bytes of the length before each NAL unit of a track; 4 if it is not known.
    pub fn unit_length_bytes(&self, id: u8) -> u8 {
        self.find(Kind::Video, id).map_or(4, Info::unit_length_bytes)
    }

    /// Learns from a frame: sequence headers, channel configurations, and coded frames of a track whose header said
    /// nothing (there is none for MP3 or G.711, and it may be empty). Tells what changed; the same again changes nothing.
    ///
    /// A message with several tracks teaches nothing here: [`flv::split`] it first.
    pub fn observe(&mut self, frame: &Frame) -> Option<Change<'_>> {
        if frame.kind == Kind::Data || frame.codec == FourCc::UNKNOWN {
            return None;
        }
        let learns = matches!(frame.content, Content::Header | Content::Coded | Content::MultichannelConfig);
        if !learns {
            return None;
        }
        let known = self.tracks.iter().position(|t| t.id == frame.track && t.kind == frame.kind);
        let done = known.and_then(|i| self.tracks.get(i)).is_some_and(|t| t.codec == frame.codec && t.is_known());
        if done && frame.content == Content::Coded {
            return None;
        }
        if frame.content == Content::Header && frame.body.len() > MOST_HEADER_BYTES {
            return None;
        }
        let (index, new) = match known {
            Some(index) => (index, false),
            None => {
                // There are few, and every stream has them.
                self.tracks.reserve_exact(1);
                self.tracks.push(Info::new(frame.kind, frame.track, frame.codec));
                (self.tracks.len().saturating_sub(1), true)
            }
        };
        let info = self.tracks.get_mut(index)?;
        let before = info.clone();
        if before.codec != frame.codec {
            *info = Info::new(frame.kind, frame.track, frame.codec);
        }
        match frame.content {
            // A copy: a slice would keep the whole buffer alive that the socket was read into.
            Content::Header => {
                let payload = frame.payload();
                // Of the right size it is kept as it is.
                let mut header = Vec::with_capacity(payload.len().min(MOST_HEADER_BYTES));
                payload.copy_range(0, MOST_HEADER_BYTES, &mut header);
                if !new && before.codec == frame.codec && before.header == header {
                    return None;
                }
                info.set_header(frame.codec, header.into());
            }
            Content::MultichannelConfig => {
                if let (Some(audio), Some(count)) = (&mut info.audio, frame.payload().byte(1)) {
                    audio.channels = count;
                }
            }
            _ => match (&mut info.audio, frame.body.byte(0)) {
                (Some(audio), Some(first)) => params::from_coded_audio(frame.codec, first, &frame.payload(), audio),
                _ if frame.key => params::from_key_frame(frame.codec, &frame.payload(), &mut info.video),
                _ => {}
            },
        }
        let changed = new || *info != before;
        changed.then_some(Change { info, new })
    }
}

/// As [`Tracks::observe`] for messages with several tracks: the frames of [`flv::split`], or the frame itself.
pub fn parts(frame: &Frame) -> Vec<Frame> {
    match frame.content {
        Content::Opaque => flv::split(frame).unwrap_or_default(),
        _ => vec![frame.clone()],
    }
}
