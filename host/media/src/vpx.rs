//! VPCodecConfigurationRecord (VP codecs in ISOBMFF): the sequence header of VP8 and VP9. It tells no picture size.

use crate::VideoParams;

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
