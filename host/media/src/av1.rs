//! AV1CodecConfigurationRecord (AV1 in ISOBMFF 2.3.3): the sequence header of AV1.

use bytes::Bytes;

use crate::read::Cursor;
use crate::{Body, Malformed, VideoParams, obu};

mod sequence;
pub use sequence::Sequence;

/// The record; [`Record::encode`] gives back the bytes that [`Record::decode`] read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// The four bytes before the OBUs, told by the methods.
    pub head: [u8; 4],
    /// configOBUs: the sequence header OBU, and metadata.
    pub config_obus: Bytes,
}

impl Record {
    /// Reads a record.
    pub fn decode(record: &Bytes) -> Result<Record, Malformed> {
        let mut c = Cursor::new(record);
        let Ok(head) = <[u8; 4]>::try_from(c.take(4, "av1C")?) else { return c.fail("av1C") };
        if head[0] != 0x81 {
            return Err(Malformed::new(0, "marker and version 1"));
        }
        Ok(Record { head, config_obus: record.slice(4..) })
    }

    /// Reads the AV1 video descriptor of MPEG-2 TS (AV1 in MPEG-2 TS 2.2), which has the same four bytes behind its tag
    /// and length and no OBUs.
    pub fn from_descriptor(descriptor: &Bytes) -> Result<Record, Malformed> {
        match descriptor.get(..2) {
            Some([0x80, 4]) => Record::decode(&descriptor.slice(2..descriptor.len().min(6))),
            _ => Err(Malformed::new(0, "AV1 video descriptor")),
        }
    }

    /// Writes the record.
    pub fn encode(&self) -> Bytes {
        let mut out = self.head.to_vec();
        out.extend_from_slice(&self.config_obus);
        out.into()
    }

    /// seq_profile: 0 Main, 1 High, 2 Professional.
    pub fn profile(&self) -> u8 {
        self.head[1] >> 5
    }

    /// seq_level_idx_0.
    pub fn level(&self) -> u8 {
        self.head[1] & 0x1f
    }

    /// seq_tier_0.
    pub fn high_tier(&self) -> bool {
        self.head[2] & 0x80 != 0
    }

    /// Bits of a sample.
    pub fn bit_depth(&self) -> u8 {
        match self.head[2] & 0x60 {
            0x60 => 12,
            0x40 => 10,
            _ => 8,
        }
    }

    /// No chroma.
    pub fn is_monochrome(&self) -> bool {
        self.head[2] & 0x10 != 0
    }

    /// The sequence header of the record's OBUs.
    pub fn sequence(&self) -> Option<Sequence> {
        Sequence::find(&Body::from(self.config_obus.clone()))
    }

    /// What the record says of the picture: best effort.
    pub fn params(&self) -> VideoParams {
        let sequence = self.sequence().unwrap_or_default();
        VideoParams {
            width: sequence.width,
            height: sequence.height,
            profile: u32::from(self.profile()),
            level: u32::from(self.level()),
            bit_depth: self.bit_depth(),
            frame_rate: sequence.frame_rate,
            unit_length_bytes: 0,
        }
    }
}

impl Sequence {
    /// The first sequence header among OBUs: of a record, or of a key frame.
    pub fn find(obus: &Body) -> Option<Sequence> {
        let unit = obu::walk(obus).map_while(Result::ok).find(|o| o.obu_type == obu::SEQUENCE_HEADER)?;
        let from = unit.offset.saturating_add(unit.header_bytes);
        let payload = obus.slice(from, unit.offset.saturating_add(unit.size)).to_bytes();
        Sequence::decode(&payload)
    }
}
