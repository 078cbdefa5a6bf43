//! H.264 NAL unit types (ITU-T H.264 Table 7-1).

use super::names;

names! {
    /// Slice of a picture that is not an IDR picture.
    SLICE = 1;
    /// Slice data partition A.
    SLICE_A = 2;
    /// Slice data partition B.
    SLICE_B = 3;
    /// Slice data partition C.
    SLICE_C = 4;
    /// Slice of an IDR picture.
    IDR = 5;
    /// Supplemental enhancement information.
    SEI = 6;
    /// Sequence parameter set.
    SPS = 7;
    /// Picture parameter set.
    PPS = 8;
    /// Access unit delimiter.
    AUD = 9;
    /// End of sequence.
    END_OF_SEQUENCE = 10;
    /// End of stream.
    END_OF_STREAM = 11;
    /// Filler data.
    FILLER = 12;
    /// Sequence parameter set extension.
    SPS_EXTENSION = 13;
    /// Prefix NAL unit.
    PREFIX = 14;
    /// Subset sequence parameter set.
    SUBSET_SPS = 15;
    /// Depth parameter set.
    DPS = 16;
    /// Slice of an auxiliary picture.
    AUXILIARY_SLICE = 19;
    /// Slice extension.
    SLICE_EXTENSION = 20;
    /// Slice extension for depth views.
    SLICE_EXTENSION_DEPTH = 21;
}

/// nal_unit_type in the first byte of a unit.
pub fn unit_type(first: u8) -> u8 {
    first & 0x1f
}

/// nal_ref_idc is not 0.
pub fn is_reference(first: u8) -> bool {
    first & 0x60 != 0
}

/// Whether units of this type carry coded slices.
pub fn is_vcl(unit_type: u8) -> bool {
    matches!(unit_type, SLICE..=IDR)
}
