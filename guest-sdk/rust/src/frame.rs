//! The frame in hand.

use std::marker::PhantomData;

use crate::UnitInfo;
use crate::host::imports::frame;
use crate::output::Packet;

/// The frame (or sequence header) that a hook was called for. It costs nothing unless it is asked.
///
/// Edits count when the hook answers `Edited` or `Hold`; with any other answer they are thrown away.
pub struct Frame<'a> {
    in_hand: PhantomData<&'a mut *const ()>,
}

impl Frame<'_> {
    pub(crate) fn in_hand() -> Self {
        Frame { in_hand: PhantomData }
    }

    /// The NAL units or OBUs, in order, as they came. Empty for other codecs and for payloads that cannot be walked.
    pub fn units(&self) -> Vec<UnitInfo> {
        frame::units()
    }

    /// Copies `len` bytes from `offset`, clipped to the payload as it came.
    pub fn read(&self, offset: u32, len: u32) -> Vec<u8> {
        frame::read(offset, len)
    }

    /// Copies one unit.
    pub fn read_unit(&self, unit: &UnitInfo) -> Vec<u8> {
        frame::read(unit.offset, unit.size)
    }

    /// Copies the whole payload as it came.
    pub fn payload(&self) -> Vec<u8> {
        frame::read(0, u32::MAX)
    }

    /// Removes a unit by its index in `units`; no byte is copied. A frame without units left is dropped. An index out of range traps.
    pub fn remove_unit(&mut self, index: usize) {
        frame::remove_unit(as_u32(index));
    }

    /// Removes every unit whose type is in the set (bit n for type n, as in [`FrameMeta::unit_types`](crate::FrameMeta)), without a list
    /// of units; how many were removed. A frame without units left is dropped.
    pub fn remove_units(&mut self, types: u64) -> u32 {
        frame::remove_units(types)
    }

    /// Which units are of these types (bit n for type n, as in [`FrameMeta::unit_types`](crate::FrameMeta)), of the first 64: their indices
    /// in `units`, rising, without a list of units. Of the frame as it came, so that units may be edited on the way.
    pub fn units_of(&self, types: u64) -> impl Iterator<Item = usize> + use<> {
        let mut found = frame::units_of(types);
        std::iter::from_fn(move || {
            let index = found.trailing_zeros();
            found &= found.wrapping_sub(1);
            (index < u64::BITS).then_some(index as usize)
        })
    }

    /// Puts another unit, without length prefix, in the place of one.
    pub fn replace_unit(&mut self, index: usize, data: &[u8]) {
        frame::replace_unit(as_u32(index), data);
    }

    /// Puts a unit before the one with this index; at the end when the index equals the number of units.
    pub fn insert_unit(&mut self, before: usize, data: &[u8]) {
        frame::insert_unit(as_u32(before), data);
    }

    /// Puts another payload in place of the whole.
    pub fn replace(&mut self, payload: &[u8]) {
        frame::replace(payload);
    }

    /// Changes the times, in microseconds. A `dts` before the track's last one is raised to it.
    pub fn retime(&mut self, dts: i64, pts: i64) {
        frame::retime(dts, pts);
    }

    /// A reference to the payload as it came, which outlives the call; no byte is copied.
    pub fn retain(&self) -> Packet {
        frame::retain()
    }
}

fn as_u32(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
