//! Frames for tests, made of units or bytes.

use crate::{FrameFlags, FrameMeta, MediaKind, UnitInfo, fourcc};

/// Reads type, reference, temporal id and layer id out of a unit's header.
type Header<'a> = &'a dyn Fn(&[u8]) -> (u8, bool, u8, u8);

/// A coded frame to show to a filter.
#[derive(Clone, Debug)]
pub struct Sample {
    pub(crate) meta: FrameMeta,
    pub(crate) payload: Vec<u8>,
    pub(crate) units: Vec<UnitInfo>,
    /// Bytes of the length before each unit; 0 for OBUs and for codecs without units.
    pub(crate) length_bytes: usize,
}

impl Sample {
    /// An H.264 access unit of these NAL units, with lengths of 4 bytes.
    pub fn h264(units: &[&[u8]]) -> Sample {
        let info = |u: &[u8]| (u[0] & 0x1f, u[0] & 0x60 != 0, 0, 0);
        Sample::of_units(fourcc(b"avc1"), units, 4, &info)
    }

    /// An H.265 access unit of these NAL units, with lengths of 4 bytes.
    pub fn hevc(units: &[&[u8]]) -> Sample {
        let info = |u: &[u8]| {
            let kind = (u[0] >> 1) & 0x3f;
            let layer = (u[0] & 1) << 5 | u[1] >> 3;
            (kind, kind > 15 || kind % 2 == 1, (u[1] & 7).saturating_sub(1), layer)
        };
        Sample::of_units(fourcc(b"hvc1"), units, 4, &info)
    }

    /// An AV1 temporal unit of these OBUs, header and size field included.
    pub fn av1(units: &[&[u8]]) -> Sample {
        let info = |u: &[u8]| {
            let extension = if u[0] & 4 != 0 { u[1] } else { 0 };
            ((u[0] >> 3) & 0xf, true, extension >> 5, (extension >> 3) & 3)
        };
        Sample::of_units(fourcc(b"av01"), units, 0, &info)
    }

    /// A frame of any other codec.
    pub fn bytes(kind: MediaKind, codec: u32, payload: &[u8]) -> Sample {
        let mut sample = Sample::of_units(codec, &[], 0, &|_| (0, true, 0, 0));
        sample.meta.kind = kind;
        sample.payload = payload.to_vec();
        sample.meta.size = size(payload.len());
        sample
    }

    /// An AAC frame.
    pub fn aac(payload: &[u8]) -> Sample {
        Sample::bytes(MediaKind::Audio, fourcc(b"mp4a"), payload)
    }

    fn of_units(codec: u32, units: &[&[u8]], length_bytes: usize, info: Header<'_>) -> Sample {
        let mut sample = Sample {
            meta: FrameMeta {
                track: 0,
                kind: MediaKind::Video,
                codec,
                flags: FrameFlags::empty(),
                dts: 0,
                pts: 0,
                size: 0,
                unit_types: 0,
                seq: 0,
                gop: 0,
            },
            payload: Vec::new(),
            units: Vec::new(),
            length_bytes: 4,
        };
        sample.length_bytes = length_bytes;
        for unit in units {
            let (unit_type, reference, temporal_id, layer_id) = info(unit);
            push_unit(&mut sample.payload, unit, length_bytes);
            sample.units.push(UnitInfo {
                offset: size(sample.payload.len() - unit.len()),
                size: size(unit.len()),
                unit_type,
                reference,
                temporal_id,
                layer_id,
            });
            sample.meta.unit_types |= 1 << unit_type;
        }
        sample.meta.size = size(sample.payload.len());
        sample
    }

    /// With lengths of 1, 2 or 4 bytes before the NAL units.
    pub fn with_length_bytes(self, length_bytes: usize) -> Sample {
        let mut sample = Sample { length_bytes, payload: Vec::new(), ..self.clone() };
        for unit in &mut sample.units {
            let from = unit.offset as usize;
            push_unit(&mut sample.payload, &self.payload[from..from + unit.size as usize], length_bytes);
            unit.offset = size(sample.payload.len()) - unit.size;
        }
        sample.meta.size = size(sample.payload.len());
        sample
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
        self.payload.clone()
    }
}

/// Appends a unit with its length.
pub(crate) fn push_unit(payload: &mut Vec<u8>, unit: &[u8], length_bytes: usize) {
    let length = size(unit.len()).to_be_bytes();
    payload.extend_from_slice(&length[length.len() - length_bytes..]);
    payload.extend_from_slice(unit);
}

fn size(len: usize) -> u32 {
    u32::try_from(len).expect("a test's frame is small")
}
