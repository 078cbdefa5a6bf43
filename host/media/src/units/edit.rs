//! A payload with units taken out, replaced or put in, sharing every byte that stays.

use bytes::Bytes;

use super::Unit;
use crate::{Body, FourCc, Malformed, obu};

/// What to do with the units of one payload; a value, applied later or thrown away. Made ready for another payload it keeps its room.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// How many units the payload has.
    count: usize,
    /// Units not kept, each index once: removed, or replaced by other bytes.
    gone: Vec<(usize, Option<Bytes>)>,
    /// Units put before the one with this index, in the order in which they came.
    inserted: Vec<(usize, Bytes)>,
    /// Where the slices of a new body are laid out.
    made: Vec<Bytes>,
}

/// What an edit made.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The new payload.
    pub payload: Body,
    /// How many units it has.
    pub units: usize,
    /// Bytes that are not shared with the old payload: new units, and length prefixes or OBU headers written anew.
    pub copied_bytes: usize,
}

/// A body that an edit made.
pub(crate) struct Made {
    pub(crate) body: Body,
    pub(crate) units: usize,
    pub(crate) copied_bytes: usize,
}

/// Where the edited units lie.
pub(crate) struct Place<'a> {
    pub(crate) codec: FourCc,
    pub(crate) unit_length_bytes: u8,
    pub(crate) body: &'a Body,
    /// The payload begins behind so many bytes, which stay.
    pub(crate) payload_at: usize,
    pub(crate) units: &'a [Unit],
}

/// Room for so many is kept.
const FEW: usize = 32;

fn cleared<T>(list: &mut Vec<T>) {
    match list.capacity() > FEW {
        true => *list = Vec::new(),
        false => list.clear(),
    }
}

impl Edit {
    /// No edits of a payload with this many units.
    pub fn new(count: usize) -> Edit {
        Edit { count, ..Edit::default() }
    }

    /// No edits of another payload, with this many units.
    pub fn begin(&mut self, count: usize) {
        self.count = count;
        cleared(&mut self.gone);
        cleared(&mut self.inserted);
        cleared(&mut self.made);
    }

    /// Whether applying it would change nothing.
    pub fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.inserted.is_empty()
    }

    /// Takes a unit out. False if there is no such unit.
    pub fn remove(&mut self, index: usize) -> bool {
        self.put(index, None)
    }

    /// Takes out every unit whose type is in the set, bit n for type n; how many there are. `units` is the payload's list.
    pub fn remove_types(&mut self, units: &[Unit], types: u64) -> usize {
        let goes = |unit: &Unit| unit.is_of(types);
        let before = self.gone.len();
        let all = units.iter().take(self.count).enumerate().filter(|(_, unit)| goes(unit));
        self.gone.extend(all.map(|(index, _)| (index, None)));
        let removed = self.gone.len().saturating_sub(before);
        if before > 0 {
            // Those of before that are of these types have been said anew.
            let mut at = 0usize;
            self.gone.retain(|(index, _)| {
                at = at.saturating_add(1);
                at > before || !units.get(*index).is_some_and(goes)
            });
        }
        removed
    }

    /// Puts a unit (without length prefix) in the place of another; the last call for an index counts, and an empty
    /// unit removes. False if there is no such unit.
    pub fn replace(&mut self, index: usize, unit: Bytes) -> bool {
        self.put(index, if unit.is_empty() { None } else { Some(unit) })
    }

    /// Puts a unit (without length prefix) before the one with this index, or at the end; several inserted at one index
    /// keep their order, and an empty one is none. False if the index is beyond the end.
    pub fn insert(&mut self, before: usize, unit: Bytes) -> bool {
        if before > self.count {
            return false;
        }
        if !unit.is_empty() {
            self.inserted.push((before, unit));
        }
        true
    }

    fn put(&mut self, index: usize, unit: Option<Bytes>) -> bool {
        if index >= self.count {
            return false;
        }
        match self.gone.iter_mut().find(|(i, _)| *i == index) {
            Some(entry) => entry.1 = unit,
            None => self.gone.push((index, unit)),
        }
        true
    }

    /// The new payload. `units` is the list that [`super::list`] made of `payload`.
    ///
    /// Length prefixes with nothing behind them are left out. Fails if a new unit is too long for the length prefix, or
    /// is no whole OBU.
    pub fn apply(
        mut self,
        codec: FourCc,
        unit_length_bytes: u8,
        payload: &Body,
        units: &[Unit],
    ) -> Result<Edited, Malformed> {
        let made = self.make(Place { codec, unit_length_bytes, body: payload, payload_at: 0, units })?;
        Ok(Edited { payload: made.body, units: made.units, copied_bytes: made.copied_bytes })
    }

    /// The new body, with what stands before the payload. What was asked is used up, whatever comes of it.
    pub(crate) fn make(&mut self, place: Place<'_>) -> Result<Made, Malformed> {
        let slices = std::mem::take(&mut self.made);
        // Stable: what was inserted at one index keeps its order.
        self.inserted.sort_by_key(|(before, _)| *before);
        self.gone.sort_unstable_by_key(|(index, _)| *index);
        let (mut gone, mut inserted) = (self.gone.drain(..).peekable(), self.inserted.drain(..).peekable());
        let av1 = place.codec == FourCc::AV01;
        let mut out = Output {
            body: place.body,
            payload_at: place.payload_at,
            slices,
            // What stands before the payload is in one slice with the units behind it, if they stay.
            kept: (0, place.payload_at),
            prefix: if av1 { 0 } else { place.unit_length_bytes },
            av1,
            units: 0,
            copied: 0,
            unsized_last: None,
        };
        for (index, unit) in place.units.iter().enumerate() {
            while let Some((_, new)) = inserted.next_if(|(before, _)| *before <= index) {
                out.fresh(&new)?;
            }
            match gone.next_if(|(i, _)| *i == index) {
                None => out.keep(unit)?,
                Some((_, Some(new))) => out.fresh(&new)?,
                Some((_, None)) => {}
            }
        }
        for (_, new) in inserted {
            out.fresh(&new)?;
        }
        let (mut slices, units, copied_bytes) = out.finish();
        let body = Body::drained(&mut slices);
        self.made = slices;
        Ok(Made { body, units, copied_bytes })
    }
}

struct Output<'a> {
    body: &'a Body,
    payload_at: usize,
    slices: Vec<Bytes>,
    /// The range of the old body that is kept and not in `slices` yet.
    kept: (usize, usize),
    prefix: u8,
    av1: bool,
    units: usize,
    copied: usize,
    /// The last unit is an OBU without a size field: it waits to see whether another follows.
    unsized_last: Option<Body>,
}

impl Output<'_> {
    fn keep(&mut self, unit: &Unit) -> Result<(), Malformed> {
        self.give_size();
        let at = unit.offset.saturating_add(self.payload_at);
        let from = at.saturating_sub(usize::from(self.prefix));
        let to = at.saturating_add(unit.size);
        self.units = self.units.saturating_add(1);
        if self.av1 && self.body.byte(at).is_some_and(|header| header & 0x02 == 0) {
            self.flush();
            self.unsized_last = Some(self.body.slice(from, to));
            return Ok(());
        }
        if self.kept.1 == from && self.kept.0 < self.kept.1 {
            self.kept.1 = to;
        } else {
            self.flush();
            self.kept = (from, to);
        }
        Ok(())
    }

    fn fresh(&mut self, unit: &Bytes) -> Result<(), Malformed> {
        self.give_size();
        self.flush();
        self.copied = self.copied.saturating_add(unit.len());
        if self.av1 {
            return self.fresh_obus(unit);
        }
        self.units = self.units.saturating_add(1);
        let most = match self.prefix {
            1 => 0xff,
            2 => 0xffff,
            3 => 0xff_ffff,
            4 => 0xffff_ffff,
            _ => return Err(Malformed::new(0, "length size of 1 to 4")),
        };
        let size = u32::try_from(unit.len()).ok().filter(|n| *n <= most);
        let Some(size) = size else { return Err(Malformed::new(0, "unit that its length prefix can tell")) };
        let bytes = size.to_be_bytes();
        let skip = bytes.len().saturating_sub(usize::from(self.prefix));
        self.copied = self.copied.saturating_add(usize::from(self.prefix));
        self.slices.push(Bytes::copy_from_slice(bytes.get(skip..).unwrap_or_default()));
        self.slices.push(unit.clone());
        Ok(())
    }

    fn fresh_obus(&mut self, unit: &Bytes) -> Result<(), Malformed> {
        for new in obu::walk(&Body::from(unit.clone())) {
            let new = new?;
            self.units = self.units.saturating_add(1);
            let bytes = unit.slice(new.offset..new.offset.saturating_add(new.size));
            if new.has_size {
                self.slices.push(bytes);
            } else {
                self.unsized_last = Some(Body::from(bytes));
            }
        }
        Ok(())
    }

    /// An OBU without a size field is not the last any more: it gets one.
    fn give_size(&mut self) {
        let Some(obu) = self.unsized_last.take() else { return };
        let Some(header) = obu.byte(0) else { return };
        let at = if header & 0x04 != 0 { 2 } else { 1 };
        let payload = obu.slice(at, obu.len());
        let mut head = Vec::with_capacity(7);
        head.push(header | 0x02);
        obu.copy_range(1, at, &mut head);
        obu::write_leb128(payload.len() as u32, &mut head);
        self.copied = self.copied.saturating_add(head.len());
        self.slices.push(Bytes::from(head));
        self.slices.extend_from_slice(payload.slices());
    }

    fn flush(&mut self) {
        let (from, to) = std::mem::take(&mut self.kept);
        if from < to {
            self.body.share_range(from, to, &mut self.slices);
        }
    }

    /// The slices, how many units they hold, and how many of their bytes are new.
    fn finish(mut self) -> (Vec<Bytes>, usize, usize) {
        self.flush();
        if let Some(obu) = self.unsized_last.take() {
            self.slices.extend_from_slice(obu.slices());
        }
        (self.slices, self.units, self.copied)
    }
}
