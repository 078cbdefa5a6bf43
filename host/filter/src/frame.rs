//! The frame in hand: `weir:filter/frame`. Units are listed when they are asked for; edits are collected and applied when the call
//! has returned.

use bytes::Bytes;
use filter_wit::media::weir::filter::{frame, output, types};
use media::units::{self, Edit};
use media::{Body, Frame, Unit};
use wasmtime::component::Resource;

use crate::host::State;
use crate::limits::overstep;

/// A payload of more units than this passes for one that cannot be walked.
const MOST_UNITS: usize = 16_384;
/// Room for so many units is kept from frame to frame.
const FEW_UNITS: usize = 32;
/// Host memory that one listed unit stands for: `unit-info` in the guest.
const UNIT_INFO_BYTES: usize = 16;

/// The frame that a call is about, and what the guest wants done with it.
#[derive(Default)]
pub(crate) struct Hand {
    frame: Option<Frame>,
    /// In `on-header` there are no units.
    header: bool,
    unit_length_bytes: u8,
    /// None as long as the guest has never looked into a frame. Its room is kept from frame to frame, whatever stream they are of.
    work: Option<Box<Work>>,
}

/// What was learned of a frame, and what is to be done with it.
#[derive(Default)]
struct Work {
    /// The frame's payload, once somebody needed it.
    payload: Option<Body>,
    /// The units, once somebody needed them: `is_listed`.
    units: Vec<Unit>,
    is_listed: bool,
    /// What to do with the units, once there was anything: `is_edited`.
    edit: Edit,
    is_edited: bool,
    replaced: Option<Bytes>,
    retimed: Option<(i64, i64)>,
}

impl Work {
    fn forget(&mut self) {
        self.payload = None;
        self.is_listed = false;
        match self.units.capacity() > FEW_UNITS {
            true => self.units = Vec::new(),
            false => self.units.clear(),
        }
        self.forget_edit();
        self.replaced = None;
        self.retimed = None;
    }

    fn forget_edit(&mut self) {
        if std::mem::take(&mut self.is_edited) {
            self.edit.begin(0);
        }
    }
}

/// What edits made of a frame.
pub(crate) struct Applied {
    /// None: no unit was left.
    pub(crate) frame: Option<Frame>,
    /// Bytes not shared with the old payload.
    pub(crate) copied_bytes: usize,
    /// Times were changed.
    pub(crate) retimed: bool,
}

impl Applied {
    /// No frame is left.
    pub(crate) fn nothing() -> Applied {
        Applied { frame: None, copied_bytes: 0, retimed: false }
    }
}

impl Hand {
    /// Takes a frame in hand for a call. Nothing is left of the last: it was given back or applied.
    #[inline]
    pub(crate) fn take(&mut self, frame: &mut Option<Frame>, header: bool, unit_length_bytes: u8) {
        self.frame = frame.take();
        self.header = header;
        self.unit_length_bytes = unit_length_bytes;
    }

    /// The frame as it came; nothing is in hand afterwards.
    #[inline]
    pub(crate) fn give_back(&mut self) -> Option<Frame> {
        if let Some(work) = &mut self.work {
            work.forget();
        }
        self.frame.take()
    }

    /// The decoding time of the frame in hand and its track, for the order of what is emitted around it.
    pub(crate) fn frame(&self) -> Option<&Frame> {
        self.frame.as_ref()
    }

    /// Applies what was collected; nothing is in hand afterwards. Without a frame in hand nothing is left of it.
    ///
    /// # Errors
    /// A new unit that does not fit: too long for the length prefix, or no whole OBU. The frame is still in hand, as it came.
    pub(crate) fn apply(&mut self) -> Result<Applied, media::Malformed> {
        let Some(work) = &mut self.work else {
            return Ok(Applied { frame: self.frame.take(), ..Applied::nothing() });
        };
        let (replaced, retimed) = (work.replaced.take(), work.retimed.take());
        let Some(frame) = &self.frame else { return Ok(Applied::nothing()) };
        let mut copied_bytes = 0;
        let edited = if let Some(data) = replaced {
            copied_bytes = data.len();
            Some(frame.with_payload(Body::from(data)))
        } else if std::mem::take(&mut work.is_edited) && !work.edit.is_empty() {
            let (edited, units, copied) = frame.with_edit(&mut work.edit, self.unit_length_bytes, &work.units)?;
            copied_bytes = copied;
            if units == 0 {
                self.give_back();
                return Ok(Applied { copied_bytes, ..Applied::nothing() });
            }
            Some(edited)
        } else {
            None
        };
        let came = self.give_back();
        let frame = match retimed {
            Some((dts, pts)) => edited.or(came).map(|frame| frame.retimed(dts, pts)),
            None => edited.or(came),
        };
        Ok(Applied { frame, copied_bytes, retimed: retimed.is_some() })
    }

    /// The frame in hand, and what is known of it.
    fn in_hand(&mut self) -> wasmtime::Result<(&Frame, &mut Work)> {
        match &self.frame {
            Some(frame) => Ok((frame, self.work.get_or_insert_default())),
            None => Err(overstep(
                "weir:filter/frame was called without a frame in hand: it works in on-frame and on-header",
            )),
        }
    }

    fn payload(&mut self) -> wasmtime::Result<&Body> {
        let (frame, work) = self.in_hand()?;
        Ok(work.payload.get_or_insert_with(|| frame.payload()))
    }

    fn listed(&mut self) -> wasmtime::Result<&[Unit]> {
        Ok(&self.walked()?.units)
    }

    /// With its units listed.
    fn walked(&mut self) -> wasmtime::Result<&mut Work> {
        let (header, unit_length_bytes) = (self.header, self.unit_length_bytes);
        let (frame, work) = self.in_hand()?;
        if !work.is_listed {
            if !header {
                list(frame, unit_length_bytes, &mut work.units);
            }
            work.is_listed = true;
        }
        Ok(work)
    }

    /// Removes the units of these types; how many there are.
    fn remove_types(&mut self, types: u64) -> wasmtime::Result<u32> {
        let Work { edit, units, .. } = self.edited()?;
        Ok(edit.remove_types(units, types) as u32)
    }

    fn edit(&mut self) -> wasmtime::Result<&mut Edit> {
        Ok(&mut self.edited()?.edit)
    }

    /// With an edit begun.
    fn edited(&mut self) -> wasmtime::Result<&mut Work> {
        let work = self.walked()?;
        if work.replaced.is_some() {
            return Err(overstep("units cannot be edited after frame.replace"));
        }
        if !work.is_edited {
            work.edit.begin(work.units.len());
            work.is_edited = true;
        }
        Ok(work)
    }
}

fn list(frame: &Frame, unit_length_bytes: u8, list: &mut Vec<Unit>) {
    let walked = units::each_in(frame, unit_length_bytes, |unit| {
        if list.len() <= MOST_UNITS {
            list.push(unit);
        }
    });
    if walked.is_err() || list.len() > MOST_UNITS {
        list.clear();
    }
}

/// A range of a payload, clipped.
pub(crate) fn copy(payload: &Body, offset: u32, len: u32) -> Vec<u8> {
    let from = (offset as usize).min(payload.len());
    let to = from.saturating_add(len as usize).min(payload.len());
    let mut out = Vec::with_capacity(to - from);
    payload.copy_range(from, to, &mut out);
    out
}

fn no_unit(what: &str, index: u32, count: usize) -> wasmtime::Error {
    overstep(format!("{what}: there is no unit {index}, the frame has {count}"))
}

impl frame::Host for State {
    fn units(&mut self) -> wasmtime::Result<Vec<types::UnitInfo>> {
        let list: Vec<_> = self.hand.listed()?.iter().map(crate::convert::unit_info).collect();
        self.budget.host_call(list.len() * UNIT_INFO_BYTES)?;
        self.noted(|| format!("frame.units() -> {} units", list.len()));
        Ok(list)
    }

    fn read(&mut self, offset: u32, len: u32) -> wasmtime::Result<Vec<u8>> {
        let bytes = copy(self.hand.payload()?, offset, len);
        self.budget.host_call(bytes.len())?;
        self.noted(|| format!("frame.read({offset}, {len}) -> {} bytes", bytes.len()));
        Ok(bytes)
    }

    fn remove_unit(&mut self, index: u32) -> wasmtime::Result<()> {
        self.budget.host_call(0)?;
        self.noted(|| format!("frame.remove-unit({index})"));
        if self.hand.edit()?.remove(index as usize) {
            return Ok(());
        }
        Err(no_unit("frame.remove-unit", index, self.hand.listed()?.len()))
    }

    fn remove_units(&mut self, types: u64) -> wasmtime::Result<u32> {
        self.budget.host_call(0)?;
        let removed = self.hand.remove_types(types)?;
        self.noted(|| format!("frame.remove-units({types:#x}) -> {removed} units"));
        Ok(removed)
    }

    fn units_of(&mut self, types: u64) -> wasmtime::Result<u64> {
        self.budget.host_call(0)?;
        let found = units::of_types(self.hand.listed()?, types);
        self.noted(|| format!("frame.units-of({types:#x}) -> {found:#x}"));
        Ok(found)
    }

    fn replace_unit(&mut self, index: u32, data: Vec<u8>) -> wasmtime::Result<()> {
        self.budget.host_call(data.len())?;
        self.noted(|| format!("frame.replace-unit({index}, {} bytes)", data.len()));
        if self.hand.edit()?.replace(index as usize, Bytes::from(data)) {
            return Ok(());
        }
        Err(no_unit("frame.replace-unit", index, self.hand.listed()?.len()))
    }

    fn insert_unit(&mut self, before: u32, data: Vec<u8>) -> wasmtime::Result<()> {
        self.budget.host_call(data.len())?;
        self.noted(|| format!("frame.insert-unit({before}, {} bytes)", data.len()));
        if self.hand.edit()?.insert(before as usize, Bytes::from(data)) {
            return Ok(());
        }
        Err(no_unit("frame.insert-unit", before, self.hand.listed()?.len()))
    }

    fn replace(&mut self, data: Vec<u8>) -> wasmtime::Result<()> {
        self.budget.host_call(data.len())?;
        self.noted(|| format!("frame.replace({} bytes)", data.len()));
        let (_, work) = self.hand.in_hand()?;
        work.forget_edit();
        work.replaced = Some(Bytes::from(data));
        Ok(())
    }

    fn retime(&mut self, dts: i64, pts: i64) -> wasmtime::Result<()> {
        self.budget.host_call(0)?;
        self.noted(|| format!("frame.retime({dts}, {pts})"));
        let (_, work) = self.hand.in_hand()?;
        work.retimed = Some((dts, pts));
        Ok(())
    }

    fn retain(&mut self) -> wasmtime::Result<Resource<output::Packet>> {
        self.budget.host_call(0)?;
        self.noted(|| "frame.retain()".into());
        let payload = self.hand.payload()?.clone();
        self.keep(payload)
    }
}
