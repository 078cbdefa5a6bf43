//! The names of unit types.

use std::ops::RangeInclusive;

/// A name and the types that it stands for.
pub(crate) type Name = (&'static str, &'static [RangeInclusive<u8>]);

/// One codec's table.
pub(crate) struct Codec {
    /// The largest type.
    pub(crate) last: u8,
    pub(crate) names: &'static [Name],
    /// What is dropped unless the operator says otherwise.
    pub(crate) default: &'static [&'static str],
}

/// ITU-T H.264, table 7-1.
pub(crate) const H264: Codec = Codec {
    last: 31,
    names: &[
        ("slice", &[1..=1]),
        ("partition-a", &[2..=2]),
        ("partition-b", &[3..=3]),
        ("partition-c", &[4..=4]),
        ("idr", &[5..=5]),
        ("sei", &[6..=6]),
        ("sps", &[7..=7]),
        ("pps", &[8..=8]),
        ("aud", &[9..=9]),
        ("end-of-sequence", &[10..=10]),
        ("end-of-stream", &[11..=11]),
        ("filler", &[12..=12]),
        ("sps-extension", &[13..=13]),
        ("prefix", &[14..=14]),
        ("subset-sps", &[15..=15]),
        ("depth-parameter-set", &[16..=16]),
        ("auxiliary-slice", &[19..=19]),
        ("slice-extension", &[20..=20]),
        ("slice-extension-depth", &[21..=21]),
        ("reserved", &[17..=18, 22..=23]),
        ("unspecified", &[0..=0, 24..=31]),
    ],
    default: &[
        "aud",
        "end-of-sequence",
        "end-of-stream",
        "filler",
        "sps-extension",
        "prefix",
        "subset-sps",
        "depth-parameter-set",
        "auxiliary-slice",
        "slice-extension",
        "slice-extension-depth",
        "reserved",
        "unspecified",
    ],
};

/// ITU-T H.265, table 7-1.
pub(crate) const HEVC: Codec = Codec {
    last: 63,
    names: &[
        ("trail-n", &[0..=0]),
        ("trail-r", &[1..=1]),
        ("tsa-n", &[2..=2]),
        ("tsa-r", &[3..=3]),
        ("stsa-n", &[4..=4]),
        ("stsa-r", &[5..=5]),
        ("radl-n", &[6..=6]),
        ("radl-r", &[7..=7]),
        ("rasl-n", &[8..=8]),
        ("rasl-r", &[9..=9]),
        ("bla-w-lp", &[16..=16]),
        ("bla-w-radl", &[17..=17]),
        ("bla-n-lp", &[18..=18]),
        ("idr-w-radl", &[19..=19]),
        ("idr-n-lp", &[20..=20]),
        ("cra", &[21..=21]),
        ("vps", &[32..=32]),
        ("sps", &[33..=33]),
        ("pps", &[34..=34]),
        ("aud", &[35..=35]),
        ("end-of-sequence", &[36..=36]),
        ("end-of-bitstream", &[37..=37]),
        ("filler", &[38..=38]),
        ("prefix-sei", &[39..=39]),
        ("suffix-sei", &[40..=40]),
        ("sei", &[39..=40]),
        ("reserved", &[10..=15, 22..=31, 41..=47]),
        ("unspecified", &[48..=63]),
    ],
    default: &["aud", "end-of-sequence", "end-of-bitstream", "filler", "reserved", "unspecified"],
};

/// AV1 bitstream specification, section 6.2.2.
pub(crate) const AV1: Codec = Codec {
    last: 15,
    names: &[
        ("sequence-header", &[1..=1]),
        ("temporal-delimiter", &[2..=2]),
        ("frame-header", &[3..=3]),
        ("tile-group", &[4..=4]),
        ("metadata", &[5..=5]),
        ("frame", &[6..=6]),
        ("redundant-frame-header", &[7..=7]),
        ("tile-list", &[8..=8]),
        ("padding", &[15..=15]),
        ("reserved", &[0..=0, 9..=14]),
    ],
    default: &["temporal-delimiter", "tile-list", "padding"],
};

impl Codec {
    /// The types of a name, as bits.
    pub(crate) fn types(&self, name: &str) -> Option<u64> {
        let (_, ranges) = self.names.iter().find(|(n, _)| *n == name)?;
        Some(ranges.iter().cloned().flatten().fold(0, |bits, t| bits | 1 << t))
    }

    /// What is dropped unless the operator says otherwise, as bits.
    pub(crate) fn default_types(&self) -> u64 {
        self.default.iter().filter_map(|name| self.types(name)).fold(0, |a, b| a | b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_name() {
        for codec in [H264, HEVC, AV1] {
            let named = codec.names.iter().filter_map(|(n, _)| codec.types(n)).fold(0, |a, b| a | b);
            assert_eq!(named, u64::MAX >> (63 - codec.last));
        }
    }

    #[test]
    fn the_defaults_keep_what_a_decoder_needs() {
        let kept =
            |codec: &Codec| -> Vec<u8> { (0..=codec.last).filter(|t| codec.default_types() & 1 << t == 0).collect() };
        assert_eq!(kept(&H264), [1, 2, 3, 4, 5, 6, 7, 8]);
        let vcl = (0..=9).chain(16..=21);
        assert_eq!(kept(&HEVC), vcl.chain(32..=34).chain(39..=40).collect::<Vec<u8>>());
        assert_eq!(kept(&AV1), [0, 1, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14]);
    }
}
