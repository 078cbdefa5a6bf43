//! AV1 open bitstream units: where they are and what they are called (AV1 bitstream specification 5.3).

use crate::body::Reader;
use crate::nal::names;
use crate::{Body, Malformed};

names! {
    /// Sequence header.
    SEQUENCE_HEADER = 1;
    /// Temporal delimiter.
    TEMPORAL_DELIMITER = 2;
    /// Frame header.
    FRAME_HEADER = 3;
    /// Tile group.
    TILE_GROUP = 4;
    /// Metadata.
    METADATA = 5;
    /// Frame header and tile group in one.
    FRAME = 6;
    /// Frame header, repeated.
    REDUNDANT_FRAME_HEADER = 7;
    /// Tile list.
    TILE_LIST = 8;
    /// Padding.
    PADDING = 15;
}

/// One OBU's place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Obu {
    /// Where its header starts.
    pub offset: usize,
    /// All its bytes: header, size field and payload.
    pub size: usize,
    /// obu_type.
    pub obu_type: u8,
    /// It carries its size; without one it goes to the end.
    pub has_size: bool,
    /// Bytes before its payload: header, extension and size field.
    pub header_bytes: usize,
    /// Temporal id, 0 without extension.
    pub temporal_id: u8,
    /// Spatial id, 0 without extension.
    pub spatial_id: u8,
}

/// Walks over OBUs; ends behind the first error.
#[derive(Debug)]
pub struct Obus<'a> {
    reader: Reader<'a>,
    broken: bool,
}

/// Starts a walk.
pub fn walk(payload: &Body) -> Obus<'_> {
    Obus { reader: payload.reader(), broken: false }
}

impl Iterator for Obus<'_> {
    type Item = Result<Obu, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.broken || self.reader.left() == 0 {
            return None;
        }
        let obu = one(&mut self.reader);
        self.broken = obu.is_err();
        Some(obu)
    }
}

fn one(r: &mut Reader<'_>) -> Result<Obu, Malformed> {
    let offset = r.at();
    let fail = |at, what| Err(Malformed::new(at, what));
    let Some(header) = r.u8() else { return fail(offset, "OBU header") };
    if header & 0x80 != 0 {
        return fail(offset, "OBU header with its first bit 0");
    }
    let (mut temporal_id, mut spatial_id) = (0, 0);
    if header & 0x04 != 0 {
        let Some(extension) = r.u8() else { return fail(r.at(), "OBU extension") };
        temporal_id = extension >> 5;
        spatial_id = (extension >> 3) & 3;
    }
    let has_size = header & 0x02 != 0;
    let payload = if has_size { leb128(r)? as usize } else { r.left() };
    let header_bytes = r.at().saturating_sub(offset);
    if payload > r.left() {
        return fail(offset, "OBU inside the frame");
    }
    r.skip(payload);
    Ok(Obu {
        offset,
        size: r.at().saturating_sub(offset),
        obu_type: (header >> 3) & 0x0f,
        has_size,
        header_bytes,
        temporal_id,
        spatial_id,
    })
}

/// leb128() of the AV1 specification 4.10.5: at most eight bytes, at most 2^32 - 1.
fn leb128(r: &mut Reader<'_>) -> Result<u32, Malformed> {
    let start = r.at();
    let mut value = 0u64;
    for i in 0..8u32 {
        let Some(byte) = r.u8() else { return Err(Malformed::new(start, "OBU size")) };
        value |= u64::from(byte & 0x7f) << i.saturating_mul(7);
        if byte & 0x80 == 0 {
            return u32::try_from(value).map_err(|_| Malformed::new(start, "OBU size of 32 bits"));
        }
    }
    Err(Malformed::new(start, "OBU size of at most eight bytes"))
}

/// Appends a number as leb128(), in as few bytes as it takes.
pub fn write_leb128(value: u32, out: &mut Vec<u8>) {
    let mut left = value;
    loop {
        let byte = (left & 0x7f) as u8;
        left >>= 7;
        if left == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

/// Whether other frames may refer to what an OBU of this type carries.
pub fn is_reference(obu_type: u8) -> bool {
    !matches!(obu_type, TEMPORAL_DELIMITER | METADATA | TILE_LIST | PADDING)
}
