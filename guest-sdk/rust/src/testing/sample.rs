//! Frames for tests, made of units or bytes.

use media::{Body, FourCc, units};

use crate::{FrameFlags, FrameMeta, MediaKind, UnitInfo};

/// A coded frame to show to a filter.
#[derive(Clone, Debug)]
pub struct Sample {
    pub(crate) meta: FrameMeta,
    pub(crate) payload: Body,
    /// Bytes of the length before each NAL unit.
    pub(crate) length_bytes: u8,
}

impl Sample {
    /// An H.264 access unit of these NAL units, with lengths of 4 bytes.
    pub fn h264(units: &[&[u8]]) -> Sample {
        Sample::of_units(FourCc::AVC1, units)
    }

    /// An H.265 access unit of these NAL units, with lengths of 4 bytes.
    pub fn hevc(units: &[&[u8]]) -> Sample {
        Sample::of_units(FourCc::HVC1, units)
    }

    /// An AV1 temporal unit of these OBUs, header and size field included.
    pub fn av1(units: &[&[u8]]) -> Sample {
        Sample::of_units(FourCc::AV01, units)
    }

    /// An AAC frame.
    pub fn aac(payload: &[u8]) -> Sample {
        Sample::bytes(MediaKind::Audio, FourCc::MP4A.0, payload)
    }

    /// A frame of any codec, whatever its bytes are.
    pub fn bytes(kind: MediaKind, codec: u32, payload: &[u8]) -> Sample {
        let meta = FrameMeta {
            track: 0,
            kind,
            codec,
            flags: FrameFlags::empty(),
            dts: 0,
            pts: 0,
            size: 0,
            unit_types: 0,
            seq: 0,
            gop: 0,
        };
        Sample { meta, payload: Body::new(), length_bytes: 4 }.with_payload(payload.to_vec())
    }

    fn of_units(codec: FourCc, units: &[&[u8]]) -> Sample {
        let length_bytes = if codec == FourCc::AV01 { 0 } else { 4 };
        Sample::bytes(MediaKind::Video, codec.0, &join(units.iter().copied(), length_bytes))
    }

    fn with_payload(mut self, payload: Vec<u8>) -> Sample {
        self.meta.size = u32::try_from(payload.len()).expect("a test's frame is small");
        self.payload = payload.into();
        self.meta.unit_types = units::types(FourCc(self.meta.codec), self.length_bytes, &self.payload);
        self
    }

    /// With lengths of 1, 2 or 4 bytes before the NAL units.
    pub fn with_length_bytes(self, length_bytes: u8) -> Sample {
        let payload = self.payload();
        let units = self.units();
        let units = units.iter().map(|u| &payload[u.offset..u.offset + u.size]);
        let payload = join(units, usize::from(length_bytes));
        Sample { length_bytes, ..self }.with_payload(payload)
    }

    /// As a key frame.
    pub fn key(mut self) -> Sample {
        self.meta.flags |= FrameFlags::KEY;
        self
    }

    /// With these flags.
    pub fn flags(mut self, flags: FrameFlags) -> Sample {
        self.meta.flags |= flags;
        self
    }

    /// At these times, in milliseconds.
    pub fn at_ms(mut self, dts: i64, pts: i64) -> Sample {
        self.meta.dts = dts * 1000;
        self.meta.pts = pts * 1000;
        self
    }

    /// On another track than 0.
    pub fn on_track(mut self, track: u16) -> Sample {
        self.meta.track = track;
        self
    }

    /// Its bytes.
    pub fn payload(&self) -> Vec<u8> {
        self.payload.to_bytes().to_vec()
    }

    /// Its units; none if it cannot be walked.
    pub(crate) fn units(&self) -> Vec<units::Unit> {
        units::list(FourCc(self.meta.codec), self.length_bytes, &self.payload).unwrap_or_default()
    }
}

/// A unit as the filter is told of it.
pub(crate) fn told(unit: &units::Unit) -> UnitInfo {
    UnitInfo {
        offset: u32::try_from(unit.offset).unwrap_or(u32::MAX),
        size: u32::try_from(unit.size).unwrap_or(u32::MAX),
        unit_type: unit.unit_type,
        reference: unit.reference,
        temporal_id: unit.temporal_id,
        layer_id: unit.layer_id,
    }
}

fn join<'a>(units: impl Iterator<Item = &'a [u8]>, length_bytes: usize) -> Vec<u8> {
    let mut payload = Vec::new();
    for unit in units {
        let length = u32::try_from(unit.len()).expect("a test's unit is small").to_be_bytes();
        payload.extend_from_slice(&length[length.len() - length_bytes..]);
        payload.extend_from_slice(unit);
    }
    payload
}
