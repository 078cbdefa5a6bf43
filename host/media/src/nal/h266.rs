//! H.266 NAL unit types (ITU-T H.266 Table 5).

use super::names;

names! {
    /// Trailing picture.
    TRAIL = 0;
    /// Step-wise temporal sub-layer access picture.
    STSA = 1;
    /// Random access decodable leading picture.
    RADL = 2;
    /// Random access skipped leading picture.
    RASL = 3;
    /// Instantaneous decoding refresh picture with decodable leading pictures.
    IDR_W_RADL = 7;
    /// Instantaneous decoding refresh picture without leading pictures.
    IDR_N_LP = 8;
    /// Clean random access picture.
    CRA = 9;
    /// Gradual decoding refresh picture.
    GDR = 10;
    /// Operating point information.
    OPI = 12;
    /// Decoding capability information.
    DCI = 13;
    /// Video parameter set.
    VPS = 14;
    /// Sequence parameter set.
    SPS = 15;
    /// Picture parameter set.
    PPS = 16;
    /// Adaptation parameter set before the slices.
    PREFIX_APS = 17;
    /// Adaptation parameter set behind the slices.
    SUFFIX_APS = 18;
    /// Picture header.
    PICTURE_HEADER = 19;
    /// Access unit delimiter.
    AUD = 20;
    /// End of sequence.
    EOS = 21;
    /// End of bitstream.
    EOB = 22;
    /// Supplemental enhancement information before the slices.
    PREFIX_SEI = 23;
    /// Supplemental enhancement information behind the slices.
    SUFFIX_SEI = 24;
    /// Filler data.
    FILLER = 25;
}

/// nal_unit_type, in the second byte of a unit.
pub fn unit_type(head: [u8; 2]) -> u8 {
    head[1] >> 3
}

/// nuh_layer_id.
pub fn layer_id(head: [u8; 2]) -> u8 {
    head[0] & 0x3f
}

/// nuh_temporal_id_plus1 - 1.
pub fn temporal_id(head: [u8; 2]) -> u8 {
    (head[1] & 7).saturating_sub(1)
}

/// Whether other pictures may refer to a unit of this type; slices do not tell.
pub fn is_reference(unit_type: u8) -> bool {
    !matches!(unit_type, AUD..=FILLER)
}
