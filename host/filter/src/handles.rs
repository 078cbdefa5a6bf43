//! Handles that a guest holds on things of the host's. An instance may serve many streams, and what one stream's calls made is of no
//! use to another's: each thing has an owner.
//!
//! A number is used again only when the guest has let go of its handle, so that a handle never comes to mean another thing.

use crate::limits::overstep;

/// Handles of streams that are over, or of other owners in time to come, that a guest may still hold: it forgets to let go of them.
const MOST_ORPHANS: usize = 65_536;

/// Things with owners, by number.
#[derive(Debug)]
pub(crate) struct Handles<T> {
    what: &'static str,
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
    orphans: usize,
}

#[derive(Debug)]
enum Slot<T> {
    Free,
    Of(u64, T),
    /// The guest still holds the handle of an owner that is over.
    Orphan,
}

impl<T> Handles<T> {
    /// `what` they are handles of, for messages.
    pub(crate) fn new(what: &'static str) -> Handles<T> {
        Handles { what, slots: Vec::new(), free: Vec::new(), orphans: 0 }
    }

    /// A handle for a thing of this owner.
    pub(crate) fn put(&mut self, owner: u64, thing: T) -> wasmtime::Result<u32> {
        if self.orphans > MOST_ORPHANS {
            return Err(overstep(format!(
                "{} handles of {}s of streams that are over were not let go",
                self.orphans, self.what
            )));
        }
        if let Some(at) = self.free.pop() {
            if let Some(slot) = self.slots.get_mut(at as usize) {
                *slot = Slot::Of(owner, thing);
            }
            return Ok(at);
        }
        // The last number is left out: it may mean something else.
        let at = u32::try_from(self.slots.len()).ok().filter(|at| *at < u32::MAX);
        let at = at.ok_or_else(|| overstep(format!("too many {}s", self.what)))?;
        self.slots.push(Slot::Of(owner, thing));
        Ok(at)
    }

    /// The thing, if it is the owner's.
    ///
    /// # Errors
    /// It is another's, or it is gone: no guest comes to such a handle by fair means.
    pub(crate) fn find(&self, owner: u64, handle: u32) -> wasmtime::Result<&T> {
        match self.slots.get(handle as usize) {
            Some(Slot::Of(of, thing)) if *of == owner => Ok(thing),
            other => Err(self.missing(other)),
        }
    }

    /// The same, to change it.
    pub(crate) fn find_mut(&mut self, owner: u64, handle: u32) -> wasmtime::Result<&mut T> {
        self.find(owner, handle)?;
        match self.slots.get_mut(handle as usize) {
            Some(Slot::Of(_, thing)) => Ok(thing),
            _ => Err(overstep(format!("a {} that is gone", self.what))),
        }
    }

    fn missing(&self, slot: Option<&Slot<T>>) -> wasmtime::Error {
        overstep(match slot {
            Some(Slot::Of(..) | Slot::Orphan) => format!("a {} of another stream", self.what),
            Some(Slot::Free) | None => format!("a {} that is gone", self.what),
        })
    }

    /// The guest lets go of a handle, in a call of whichever stream: whose it was, and the thing.
    pub(crate) fn remove(&mut self, handle: u32) -> Option<(u64, T)> {
        let slot = self.slots.get_mut(handle as usize)?;
        let was = std::mem::replace(slot, Slot::Free);
        match was {
            Slot::Free => return None,
            Slot::Orphan => self.orphans = self.orphans.saturating_sub(1),
            Slot::Of(..) => {}
        }
        self.free.push(handle);
        match was {
            Slot::Of(owner, thing) => Some((owner, thing)),
            Slot::Free | Slot::Orphan => None,
        }
    }

    /// The owner is over: its things go, its handles are dead until the guest lets go of them.
    pub(crate) fn leave(&mut self, owner: u64) {
        for slot in &mut self.slots {
            if matches!(slot, Slot::Of(of, _) if *of == owner) {
                *slot = Slot::Orphan;
                self.orphans += 1;
            }
        }
    }

    /// All things of an owner, with their handles.
    pub(crate) fn of(&mut self, owner: u64) -> impl Iterator<Item = (u32, &mut T)> {
        (0..).zip(&mut self.slots).filter_map(move |(at, slot)| match slot {
            Slot::Of(of, thing) if *of == owner => Some((at, thing)),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_its_owners_and_its_number_is_not_used_before_it_was_let_go() {
        let mut handles = Handles::new("packet");
        let (a, b) = (handles.put(1, "a").unwrap(), handles.put(2, "b").unwrap());
        assert_eq!((*handles.find(1, a).unwrap(), *handles.find_mut(2, b).unwrap()), ("a", "b"));
        let why = |e: wasmtime::Error| e.to_string();
        assert_eq!(handles.find(2, a).map_err(why), Err("a packet of another stream".into()));
        assert_eq!(handles.find(1, 9).map_err(why), Err("a packet that is gone".into()));
        handles.leave(1);
        assert_eq!(handles.find(1, a).map_err(why), Err("a packet of another stream".into()));
        assert_ne!(handles.put(3, "c").unwrap(), a, "the guest still holds it");
        assert_eq!((handles.remove(a), handles.remove(a)), (None, None));
        assert_eq!(handles.put(3, "d").unwrap(), a);
        assert_eq!(handles.remove(b), Some((2, "b")));
        assert_eq!(handles.of(3).map(|(at, thing)| (at, *thing)).collect::<Vec<_>>(), [(a, "d"), (2, "c")]);
    }

    #[test]
    fn dead_handles_are_bounded() {
        let mut handles = Handles::new("packet");
        for _ in 0..=MOST_ORPHANS {
            handles.put(1, ()).unwrap();
        }
        handles.leave(1);
        assert!(handles.put(2, ()).unwrap_err().to_string().contains("65537 handles of packets"));
        handles.remove(0);
        handles.put(2, ()).unwrap();
    }
}
