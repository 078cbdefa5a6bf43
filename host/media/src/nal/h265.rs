//! H.265 NAL unit types (ITU-T H.265 Table 7-1).

use super::names;

names! {
    /// Trailing picture, sub-layer non-reference.
    TRAIL_N = 0;
    /// Trailing picture, sub-layer reference.
    TRAIL_R = 1;
    /// Temporal sub-layer access picture, sub-layer non-reference.
    TSA_N = 2;
    /// Temporal sub-layer access picture, sub-layer reference.
    TSA_R = 3;
    /// Step-wise temporal sub-layer access picture, sub-layer non-reference.
    STSA_N = 4;
    /// Step-wise temporal sub-layer access picture, sub-layer reference.
    STSA_R = 5;
    /// Random access decodable leading picture, sub-layer non-reference.
    RADL_N = 6;
    /// Random access decodable leading picture, sub-layer reference.
    RADL_R = 7;
    /// Random access skipped leading picture, sub-layer non-reference.
    RASL_N = 8;
    /// Random access skipped leading picture, sub-layer reference.
    RASL_R = 9;
    /// Broken link access picture with leading pictures.
    BLA_W_LP = 16;
    /// Broken link access picture with decodable leading pictures.
    BLA_W_RADL = 17;
    /// Broken link access picture without leading pictures.
    BLA_N_LP = 18;
    /// Instantaneous decoding refresh picture with decodable leading pictures.
    IDR_W_RADL = 19;
    /// Instantaneous decoding refresh picture without leading pictures.
    IDR_N_LP = 20;
    /// Clean random access picture.
    CRA = 21;
    /// Video parameter set.
    VPS = 32;
    /// Sequence parameter set.
    SPS = 33;
    /// Picture parameter set.
    PPS = 34;
    /// Access unit delimiter.
    AUD = 35;
    /// End of sequence.
    EOS = 36;
    /// End of bitstream.
    EOB = 37;
    /// Filler data.
    FILLER = 38;
    /// Supplemental enhancement information before the slices.
    PREFIX_SEI = 39;
    /// Supplemental enhancement information behind the slices.
    SUFFIX_SEI = 40;
}

/// nal_unit_type in the first byte of a unit.
pub fn unit_type(first: u8) -> u8 {
    (first >> 1) & 0x3f
}

/// nuh_layer_id in the first two bytes of a unit.
pub fn layer_id(head: [u8; 2]) -> u8 {
    ((head[0] & 1) << 5) | (head[1] >> 3)
}

/// nuh_temporal_id_plus1 - 1.
pub fn temporal_id(head: [u8; 2]) -> u8 {
    (head[1] & 7).saturating_sub(1)
}

/// Whether other pictures may refer to a unit of this type: not sub-layer non-reference pictures (even types below 16),
/// and none of the delimiters, fillers and messages.
pub fn is_reference(unit_type: u8) -> bool {
    match unit_type {
        0..=15 => unit_type & 1 == 1,
        AUD..=SUFFIX_SEI => false,
        _ => true,
    }
}

/// Whether units of this type carry coded slices.
pub fn is_vcl(unit_type: u8) -> bool {
    unit_type < 32
}
