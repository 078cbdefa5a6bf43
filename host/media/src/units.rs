//! The NAL units or OBUs of a frame, whatever its codec: one list, one bitmap, one way to edit.

use crate::nal::{self, Lengths, Nal, h264, h265, h266};
use crate::{Body, FourCc, Frame, Malformed, obu};

pub(crate) mod edit;
pub use edit::{Edit, Edited};

/// One NAL unit (H.264, H.265, H.266) or one OBU (AV1) of a payload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unit {
    /// Where it starts in the payload, behind its length prefix.
    pub offset: usize,
    /// Its bytes: from the NAL unit header, or from the OBU header with its size field if it has one. Never 0.
    pub size: usize,
    /// nal_unit_type or obu_type.
    pub unit_type: u8,
    /// Other frames may refer to it; true where that cannot be told.
    pub reference: bool,
    /// nuh_temporal_id_plus1 - 1, or the OBU extension's temporal_id.
    pub temporal_id: u8,
    /// nuh_layer_id, or the OBU extension's spatial_id.
    pub layer_id: u8,
}

impl Unit {
    /// Whether its type is in the set, bit n for type n as [`types`] has them.
    pub fn is_of(&self, types: u64) -> bool {
        types >> (self.unit_type & 63) & 1 == 1
    }
}

/// A payload with more units is not listed: frames have a few hundred at most, and a list must not outgrow its frame.
pub const MOST_UNITS: usize = 4096;

/// Whether a codec's payload is made of units.
pub fn has_units(codec: FourCc) -> bool {
    matches!(codec, FourCc::AVC1 | FourCc::HVC1 | FourCc::VVC1 | FourCc::AV01)
}

/// The units of a payload, in order; empty for codecs without units.
///
/// `unit_length_bytes` is 1 to 4, ignored for AV1. Length prefixes with nothing behind them are no units and are skipped.
/// A unit that runs over the end, or more than [`MOST_UNITS`], makes the whole payload malformed.
pub fn list(codec: FourCc, unit_length_bytes: u8, payload: &Body) -> Result<Vec<Unit>, Malformed> {
    let mut units = Vec::new();
    let mut over = None;
    each(codec, unit_length_bytes, payload, |unit| match units.len() {
        0..MOST_UNITS => units.push(unit),
        _ => over = over.or(Some(unit.offset)),
    })?;
    match over {
        None => Ok(units),
        Some(at) => Err(Malformed::new(at, "at most 4096 units")),
    }
}

/// Bit n is set if the payload holds a unit of type n; of a malformed payload, the types before the fault.
pub fn types(codec: FourCc, unit_length_bytes: u8, payload: &Body) -> u64 {
    let mut bits = 0u64;
    let _ = each(codec, unit_length_bytes, payload, |unit| bits |= 1u64 << (unit.unit_type & 63));
    bits
}

/// [`types`] of a frame's payload; nothing of the frame is shared for it.
pub fn types_in(frame: &Frame, unit_length_bytes: u8) -> u64 {
    let mut bits = 0u64;
    let _ = each_in(frame, unit_length_bytes, |unit| bits |= 1u64 << (unit.unit_type & 63));
    bits
}

/// Bit n is set if the unit with index n is of one of these types; of the first 64.
pub fn of_types(units: &[Unit], types: u64) -> u64 {
    let of = units.iter().take(64).enumerate().filter(|(_, unit)| unit.is_of(types));
    of.fold(0, |bits, (index, _)| bits | 1 << index)
}

/// [`each`] of a frame's payload; nothing of the frame is shared for it unless it is AV1.
pub fn each_in(frame: &Frame, unit_length_bytes: u8, mut seen: impl FnMut(Unit)) -> Result<(), Malformed> {
    if frame.codec == FourCc::AV01 {
        return each(frame.codec, unit_length_bytes, &frame.payload(), seen);
    }
    let at = frame.payload_at;
    let nals = nal::lengths_behind(unit_length_bytes, &frame.body, at);
    each_nal(frame.codec, nals, |unit| seen(Unit { offset: unit.offset.saturating_sub(at), ..unit }))
}

/// Calls `seen` for every unit before the first fault; allocates nothing.
pub fn each(codec: FourCc, unit_length_bytes: u8, payload: &Body, mut seen: impl FnMut(Unit)) -> Result<(), Malformed> {
    if codec != FourCc::AV01 {
        return each_nal(codec, nal::lengths(unit_length_bytes, payload), seen);
    }
    for obu in obu::walk(payload) {
        let obu = obu?;
        seen(Unit {
            offset: obu.offset,
            size: obu.size,
            unit_type: obu.obu_type,
            reference: obu::is_reference(obu.obu_type),
            temporal_id: obu.temporal_id,
            layer_id: obu.spatial_id,
        });
    }
    Ok(())
}

fn each_nal(codec: FourCc, nals: Lengths<'_>, mut seen: impl FnMut(Unit)) -> Result<(), Malformed> {
    let of: fn(&Nal) -> Unit = match codec {
        FourCc::AVC1 => avc,
        FourCc::HVC1 => hevc,
        FourCc::VVC1 => vvc,
        _ => return Ok(()),
    };
    for nal in nals {
        let nal = nal?;
        if nal.size > 0 {
            seen(of(&nal));
        }
    }
    Ok(())
}

fn avc(nal: &Nal) -> Unit {
    let [first, _] = nal.head;
    Unit {
        offset: nal.offset,
        size: nal.size,
        unit_type: h264::unit_type(first),
        reference: h264::is_reference(first),
        temporal_id: 0,
        layer_id: 0,
    }
}

fn hevc(nal: &Nal) -> Unit {
    let unit_type = h265::unit_type(nal.head[0]);
    Unit {
        offset: nal.offset,
        size: nal.size,
        unit_type,
        reference: h265::is_reference(unit_type),
        temporal_id: h265::temporal_id(nal.head),
        layer_id: h265::layer_id(nal.head),
    }
}

fn vvc(nal: &Nal) -> Unit {
    let unit_type = h266::unit_type(nal.head);
    Unit {
        offset: nal.offset,
        size: nal.size,
        unit_type,
        reference: h266::is_reference(unit_type),
        temporal_id: h266::temporal_id(nal.head),
        layer_id: h266::layer_id(nal.head),
    }
}
