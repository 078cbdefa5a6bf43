//! VPCodecConfigurationRecord (VP codecs in ISOBMFF): the sequence header of VP8 and VP9; it tells no picture size, key frames do.

use crate::VideoParams;
use crate::bits::Bits;

/// Profile, level and bit depth; with or without the version and flags of the box before them.
pub fn params(record: &[u8]) -> Option<VideoParams> {
    let fields = record.strip_prefix(&[1, 0, 0, 0]).unwrap_or(record);
    let [profile, level, depth, ..] = fields else { return None };
    Some(VideoParams {
        profile: u32::from(*profile),
        level: u32::from(*level),
        bit_depth: depth >> 4,
        ..VideoParams::default()
    })
}

/// Width and height of a VP8 key frame (RFC 6386 9.1).
pub fn vp8_size(frame: &[u8]) -> Option<(u32, u32)> {
    match frame {
        [tag, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..] if tag & 1 == 0 => {
            let size = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            Some((size(*w0, *w1), size(*h0, *h1)))
        }
        _ => None,
    }
}

/// Width and height of a VP9 key frame (VP9 bitstream specification 6.2).
pub fn vp9_size(frame: &[u8]) -> Option<(u32, u32)> {
    const SRGB: u32 = 7;
    let mut b = Bits::new(frame);
    if b.u(2)? != 2 {
        return None;
    }
    let profile = u32::from(b.flag()?) | (u32::from(b.flag()?) << 1);
    if profile == 3 {
        b.flag()?;
    }
    // show_existing_frame, and frame_type: 0 is a key frame.
    if b.u(2)? != 0 {
        return None;
    }
    b.skip(2)?;
    if b.u(24)? != 0x49_8342 {
        return None;
    }
    if profile >= 2 {
        b.flag()?;
    }
    let more = profile & 1 == 1;
    if b.u(3)? == SRGB {
        b.skip(usize::from(more))?;
    } else {
        b.skip(if more { 4 } else { 1 })?;
    }
    Some((b.u(16)?.saturating_add(1), b.u(16)?.saturating_add(1)))
}
