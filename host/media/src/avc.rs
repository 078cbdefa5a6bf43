//! AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1): the sequence header of H.264.

use bytes::Bytes;

use crate::read::Cursor;
use crate::{Malformed, VideoParams};

mod sps;
pub use sps::Sps;

/// The record; [`Record::encode`] gives back the bytes that [`Record::decode`] read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// AVCProfileIndication.
    pub profile: u8,
    /// profile_compatibility: the constraint flags.
    pub compatibility: u8,
    /// AVCLevelIndication: 31 is level 3.1.
    pub level: u8,
    /// Bytes of the length before each NAL unit, 1 to 4; 3 is not in the standard.
    pub unit_length_bytes: u8,
    /// Sequence parameter sets, NAL unit header included; at most 31.
    pub sps: Vec<Bytes>,
    /// Picture parameter sets; at most 255.
    pub pps: Vec<Bytes>,
    /// What stands behind the picture parameter sets: see [`Record::extension`].
    pub trailing: Bytes,
    /// Reserved bits before the length size and the number of sequence parameter sets: ones, by the standard.
    reserved: (u8, u8),
}

/// What records of the high profiles add.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extension {
    /// chroma_format_idc: 1 is 4:2:0.
    pub chroma_format: u8,
    /// Bits of a luma sample.
    pub bit_depth_luma: u8,
    /// Bits of a chroma sample.
    pub bit_depth_chroma: u8,
    /// Sequence parameter set extensions.
    pub sps_ext: Vec<Bytes>,
}

impl Record {
    /// A record of parameter sets, profile and level taken from the first sequence parameter set.
    pub fn new(sps: Vec<Bytes>, pps: Vec<Bytes>) -> Result<Record, Malformed> {
        let first = sps.first().and_then(|s| s.get(1..4));
        let Some(&[profile, compatibility, level]) = first else {
            return Err(Malformed::new(0, "sequence parameter set"));
        };
        Ok(Record {
            profile,
            compatibility,
            level,
            unit_length_bytes: 4,
            sps,
            pps,
            trailing: Bytes::new(),
            reserved: (0xfc, 0xe0),
        })
    }

    /// Reads a record.
    pub fn decode(record: &Bytes) -> Result<Record, Malformed> {
        let mut c = Cursor::new(record);
        if c.u8("configurationVersion")? != 1 {
            return Err(Malformed::new(0, "configurationVersion 1"));
        }
        let profile = c.u8("profile")?;
        let compatibility = c.u8("profile compatibility")?;
        let level = c.u8("level")?;
        let length = c.u8("length size")?;
        let count = c.u8("number of sequence parameter sets")?;
        let sps = sets(record, &mut c, count & 0x1f)?;
        let pps_count = c.u8("number of picture parameter sets")?;
        let pps = sets(record, &mut c, pps_count)?;
        Ok(Record {
            profile,
            compatibility,
            level,
            unit_length_bytes: (length & 3).saturating_add(1),
            sps,
            pps,
            trailing: record.slice(c.at()..),
            reserved: (length & 0xfc, count & 0xe0),
        })
    }

    /// Writes the record. Fails if there are more or longer parameter sets than its fields tell.
    pub fn encode(&self) -> Result<Bytes, Malformed> {
        let length = self.unit_length_bytes.checked_sub(1).filter(|n| *n < 4);
        let Some(length) = length else { return Err(Malformed::new(4, "length size of 1 to 4")) };
        let count = u8::try_from(self.sps.len()).ok().filter(|n| *n < 32);
        let Some(count) = count else { return Err(Malformed::new(5, "at most 31 sequence parameter sets")) };
        let Ok(pps_count) = u8::try_from(self.pps.len()) else {
            return Err(Malformed::new(5, "at most 255 picture parameter sets"));
        };
        let (r0, r1) = self.reserved;
        let mut out = vec![1, self.profile, self.compatibility, self.level, r0 | length, r1 | count];
        write_sets(&self.sps, &mut out)?;
        out.push(pps_count);
        write_sets(&self.pps, &mut out)?;
        out.extend_from_slice(&self.trailing);
        Ok(out.into())
    }

    /// The extension of the high profiles, if it is there.
    pub fn extension(&self) -> Option<Extension> {
        if !matches!(self.profile, 100 | 110 | 122 | 144) {
            return None;
        }
        let mut c = Cursor::new(&self.trailing);
        let chroma_format = c.u8("chroma format").ok()? & 3;
        let bit_depth_luma = (c.u8("luma bit depth").ok()? & 7).saturating_add(8);
        let bit_depth_chroma = (c.u8("chroma bit depth").ok()? & 7).saturating_add(8);
        let count = c.u8("number of extensions").ok()?;
        let sps_ext = sets(&self.trailing, &mut c, count).ok()?;
        Some(Extension { chroma_format, bit_depth_luma, bit_depth_chroma, sps_ext })
    }

    /// What the record says of the picture: best effort, from the first sequence parameter set.
    pub fn params(&self) -> VideoParams {
        let mut params = VideoParams {
            profile: u32::from(self.profile),
            level: u32::from(self.level),
            unit_length_bytes: self.unit_length_bytes,
            bit_depth: self.extension().map_or(0, |e| e.bit_depth_luma),
            ..VideoParams::default()
        };
        if let Some(sps) = self.sps.first().and_then(|s| Sps::decode(s)) {
            params.width = sps.width;
            params.height = sps.height;
            params.bit_depth = sps.bit_depth_luma;
            params.frame_rate = sps.frame_rate;
        }
        params
    }
}

/// Parameter sets behind lengths of 16 bits.
pub(crate) fn sets(record: &Bytes, c: &mut Cursor<'_>, count: u8) -> Result<Vec<Bytes>, Malformed> {
    let mut sets = Vec::new();
    for _ in 0..count {
        let size = usize::from(c.u16("parameter set length")?);
        let at = c.at();
        c.take(size, "parameter set")?;
        sets.push(record.slice(at..c.at()));
    }
    Ok(sets)
}

pub(crate) fn write_sets(sets: &[Bytes], out: &mut Vec<u8>) -> Result<(), Malformed> {
    for set in sets {
        let Ok(size) = u16::try_from(set.len()) else {
            return Err(Malformed::new(out.len(), "parameter set of at most 65,535 bytes"));
        };
        out.extend_from_slice(&size.to_be_bytes());
        out.extend_from_slice(set);
    }
    Ok(())
}
