//! HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 8.3.3.1): the sequence header of H.265.

use bytes::Bytes;

use crate::avc::{sets, write_sets};
use crate::nal::h265;
use crate::read::Cursor;
use crate::{Malformed, VideoParams};

mod sps;
pub use sps::Sps;

/// Records with more NAL units are refused; real ones have a handful.
const MOST_UNITS: usize = 1024;

/// Bytes before the number of arrays.
const HEAD: usize = 22;

/// The record; [`Record::encode`] gives back the bytes that [`Record::decode`] read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// The bytes before the number of arrays, told by the methods.
    pub head: [u8; HEAD],
    /// NAL units by type.
    pub arrays: Vec<Array>,
    /// What stands behind the arrays.
    pub trailing: Bytes,
}

/// NAL units of one type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Array {
    /// array_completeness, a reserved bit, NAL_unit_type.
    pub header: u8,
    /// The NAL units.
    pub units: Vec<Bytes>,
}

impl Array {
    /// NAL_unit_type.
    pub fn unit_type(&self) -> u8 {
        self.header & 0x3f
    }

    /// All units of this type are here and none in the stream.
    pub fn is_complete(&self) -> bool {
        self.header & 0x80 != 0
    }
}

impl Record {
    /// Reads a record. Version 0 passes as 1: early encoders wrote it.
    pub fn decode(record: &Bytes) -> Result<Record, Malformed> {
        let mut c = Cursor::new(record);
        let Ok(head) = <[u8; HEAD]>::try_from(c.take(HEAD, "hvcC")?) else { return c.fail("hvcC") };
        if head[0] > 1 {
            return Err(Malformed::new(0, "configurationVersion 1"));
        }
        let count = c.u8("number of arrays")?;
        let mut arrays = Vec::new();
        let mut left = MOST_UNITS;
        for _ in 0..count {
            let header = c.u8("array type")?;
            let units = c.u16("number of NAL units")?;
            let mut array = Array { header, units: Vec::new() };
            let Some(rest) = left.checked_sub(usize::from(units)) else { return c.fail("at most 1024 NAL units") };
            left = rest;
            for _ in 0..units {
                array.units.append(&mut sets(record, &mut c, 1)?);
            }
            arrays.push(array);
        }
        Ok(Record { head, arrays, trailing: record.slice(c.at()..) })
    }

    /// Writes the record. Fails if there are more or longer NAL units than its fields tell.
    pub fn encode(&self) -> Result<Bytes, Malformed> {
        let mut out = self.head.to_vec();
        let Ok(count) = u8::try_from(self.arrays.len()) else {
            return Err(Malformed::new(HEAD, "at most 255 arrays"));
        };
        out.push(count);
        for array in &self.arrays {
            out.push(array.header);
            let Ok(units) = u16::try_from(array.units.len()) else {
                return Err(Malformed::new(out.len(), "at most 65,535 NAL units"));
            };
            out.extend_from_slice(&units.to_be_bytes());
            write_sets(&array.units, &mut out)?;
        }
        out.extend_from_slice(&self.trailing);
        Ok(out.into())
    }

    /// general_profile_idc: 1 Main, 2 Main 10.
    pub fn profile(&self) -> u8 {
        self.head[1] & 0x1f
    }

    /// general_tier_flag.
    pub fn high_tier(&self) -> bool {
        self.head[1] & 0x20 != 0
    }

    /// general_level_idc: 30 times the level.
    pub fn level(&self) -> u8 {
        self.head[12]
    }

    /// chroma_format_idc: 1 is 4:2:0.
    pub fn chroma_format(&self) -> u8 {
        self.head[16] & 3
    }

    /// Bits of a luma sample.
    pub fn bit_depth_luma(&self) -> u8 {
        (self.head[17] & 7).saturating_add(8)
    }

    /// Frames in 256 seconds; 0 if not told.
    pub fn average_frame_rate(&self) -> u16 {
        u16::from_be_bytes([self.head[19], self.head[20]])
    }

    /// Bytes of the length before each NAL unit: 1, 2 or 4.
    pub fn unit_length_bytes(&self) -> u8 {
        (self.head[21] & 3).saturating_add(1)
    }

    /// The NAL units of one type, of all arrays.
    pub fn units(&self, unit_type: u8) -> impl Iterator<Item = &Bytes> {
        self.arrays.iter().filter(move |a| a.unit_type() == unit_type).flat_map(|a| &a.units)
    }

    /// What the record says of the picture: best effort, size and frame rate from the first sequence parameter set.
    pub fn params(&self) -> VideoParams {
        let mut params = VideoParams {
            profile: u32::from(self.profile()),
            level: u32::from(self.level()),
            bit_depth: self.bit_depth_luma(),
            unit_length_bytes: self.unit_length_bytes(),
            frame_rate: crate::bits::fraction(u64::from(self.average_frame_rate()), 256),
            ..VideoParams::default()
        };
        if let Some(sps) = self.units(h265::SPS).next().and_then(|s| Sps::decode(s)) {
            params.width = sps.width;
            params.height = sps.height;
            params.bit_depth = sps.bit_depth_luma;
            if sps.frame_rate != (0, 0) {
                params.frame_rate = sps.frame_rate;
            }
        }
        params
    }
}
