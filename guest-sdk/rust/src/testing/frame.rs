//! The frame in hand: what a filter reads of it and does with it during one call.

use media::FourCc;
use media::units::{Edit, Unit};

use super::host::with;
use super::media::Item;
use super::output::Packet;
use super::sample::{Sample, told};
use crate::{Metadata, UnitInfo};

/// What the filter does with the frame in hand during one call.
#[derive(Default)]
pub(crate) struct InHand {
    /// None in hooks without a frame: the functions of the frame fail there.
    sample: Option<Sample>,
    units: Vec<Unit>,
    edit: Edit,
    replaced: Option<Vec<u8>>,
    pub(super) times: Option<(i64, i64)>,
    pub(super) before: Vec<Step>,
    pub(super) after: Vec<Item>,
    pub(super) metadata: Vec<Metadata>,
}

/// What goes on or is thrown away before the frame in hand.
pub(super) enum Step {
    Emit(Item),
    Release(usize),
    Drop(usize),
}

impl InHand {
    pub(super) fn of(sample: Sample) -> InHand {
        let units = sample.units();
        InHand { edit: Edit::new(units.len()), units, sample: Some(sample), ..InHand::default() }
    }

    /// The payload with the edits; none if no unit is left.
    pub(super) fn edited(&self) -> Option<Vec<u8>> {
        if let Some(new) = &self.replaced {
            return Some(new.clone());
        }
        let sample = self.sample.as_ref()?;
        if self.edit.is_empty() {
            return Some(sample.payload());
        }
        let edit = self.edit.clone();
        let edited = edit.apply(FourCc(sample.meta.codec), sample.length_bytes, &sample.payload, &self.units);
        let edited = edited.unwrap_or_else(|e| panic!("frame: the edits make no frame: {e}"));
        (edited.units > 0).then(|| edited.payload.to_bytes().to_vec())
    }
}

pub(super) fn hand<R>(what: &str, f: impl FnOnce(&mut InHand) -> R) -> R {
    with(|h| f(h.in_hand.as_mut().unwrap_or_else(|| panic!("{what}: called outside a hook"))))
}

pub(super) fn clip(bytes: &[u8], offset: u32, len: u32) -> Vec<u8> {
    bytes.iter().skip(offset as usize).take(len as usize).copied().collect()
}

fn in_hand<R>(f: impl FnOnce(&mut InHand, Sample) -> R) -> R {
    hand("frame", |h| {
        let sample = h.sample.clone().expect("frame: no frame is in hand here");
        f(h, sample)
    })
}

fn edit(index: u32, f: impl FnOnce(&mut Edit, usize) -> bool) {
    in_hand(|h, _| {
        assert!(h.replaced.is_none(), "frame: units cannot be edited after replace");
        assert!(f(&mut h.edit, index as usize), "frame: no unit has the index {index}");
    });
}

pub(crate) fn units() -> Vec<UnitInfo> {
    in_hand(|h, _| h.units.iter().map(told).collect())
}

pub(crate) fn read(offset: u32, len: u32) -> Vec<u8> {
    in_hand(|_, sample| clip(&sample.payload(), offset, len))
}

pub(crate) fn remove_unit(index: u32) {
    edit(index, |e, i| e.remove(i));
}

pub(crate) fn remove_units(types: u64) -> u32 {
    in_hand(|h, _| {
        assert!(h.replaced.is_none(), "frame: units cannot be edited after replace");
        h.edit.remove_types(&h.units, types) as u32
    })
}

pub(crate) fn units_of(types: u64) -> u64 {
    in_hand(|h, _| media::units::of_types(&h.units, types))
}

pub(crate) fn replace_unit(index: u32, data: &[u8]) {
    edit(index, |e, i| e.replace(i, data.to_vec().into()));
}

pub(crate) fn insert_unit(before: u32, data: &[u8]) {
    edit(before, |e, i| e.insert(i, data.to_vec().into()));
}

pub(crate) fn replace(data: &[u8]) {
    in_hand(|h, _| h.replaced = Some(data.to_vec()));
}

pub(crate) fn retime(dts: i64, pts: i64) {
    in_hand(|h, _| h.times = Some((dts, pts)));
}

pub(crate) fn retain() -> Packet {
    in_hand(|_, sample| Packet::new(&sample.payload()))
}
