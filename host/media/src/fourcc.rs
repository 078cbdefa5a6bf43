//! Codec names: four ASCII bytes, big-endian (E-RTMP v2, "FourCC").

use std::fmt;

/// A codec's name as a number, because the set of codecs is open. Zero is unknown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct FourCc(pub u32);

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $bytes:literal;)*) => {
        impl FourCc { $($(#[$doc])* pub const $name: FourCc = FourCc(u32::from_be_bytes(*$bytes));)* }
    };
}

names! {
    /// H.264 (legacy CodecID 7, and Enhanced).
    AVC1 = b"avc1";
    /// H.265 (Enhanced, and the legacy CodecID 12 of some encoders).
    HVC1 = b"hvc1";
    /// H.266.
    VVC1 = b"vvc1";
    /// AV1.
    AV01 = b"av01";
    /// VP8.
    VP08 = b"vp08";
    /// VP9.
    VP09 = b"vp09";
    /// Sorenson H.263 (legacy CodecID 2). Not an Enhanced RTMP name.
    FLV1 = b"flv1";
    /// On2 VP6 (legacy CodecID 4). Not an Enhanced RTMP name.
    VP6F = b"vp6f";
    /// On2 VP6 with alpha (legacy CodecID 5). Not an Enhanced RTMP name.
    VP6A = b"vp6a";
    /// AAC (legacy SoundFormat 10, and Enhanced).
    MP4A = b"mp4a";
    /// MP3 (legacy SoundFormat 2 and 14, and Enhanced).
    MP3 = b".mp3";
    /// Opus.
    OPUS = b"Opus";
    /// FLAC.
    FLAC = b"fLaC";
    /// AC-3.
    AC3 = b"ac-3";
    /// E-AC-3.
    EAC3 = b"ec-3";
    /// G.711 A-law (legacy SoundFormat 7). Not an Enhanced RTMP name.
    ALAW = b"alaw";
    /// G.711 mu-law (legacy SoundFormat 8). Not an Enhanced RTMP name.
    ULAW = b"ulaw";
    /// Speex (legacy SoundFormat 11). Not an Enhanced RTMP name.
    SPEEX = b"spex";
    /// PCM, little endian (legacy SoundFormat 0 and 3). Not an Enhanced RTMP name.
    LPCM = b"lpcm";
    /// Nellymoser (legacy SoundFormat 4, 5, 6). Not an Enhanced RTMP name.
    NELLY = b"nmos";
    /// ADPCM (legacy SoundFormat 1). Not an Enhanced RTMP name.
    ADPCM = b"swfa";
}

impl FourCc {
    /// No codec, or one without a name.
    pub const UNKNOWN: FourCc = FourCc(0);
}

impl fmt::Display for FourCc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0.to_be_bytes();
        if bytes.iter().all(|b| (0x20..0x7f).contains(b)) {
            for b in bytes {
                write!(f, "{}", char::from(b))?;
            }
            Ok(())
        } else {
            write!(f, "0x{:08x}", self.0)
        }
    }
}

impl fmt::Debug for FourCc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FourCc({self})")
    }
}
