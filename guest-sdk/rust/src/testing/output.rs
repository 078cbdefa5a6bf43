//! What a filter adds: frames and tracks of its own, data messages, streams beside.

use std::cell::{Cell, RefCell};

use super::frame::{Step, clip, hand};
use super::host::with;
use super::media::Item;
pub use crate::bindings::weir::filter::output::{OutputError, Pressure};
use crate::{FrameFlags, FrameMeta, Metadata, StreamKey, TrackInfo};

/// A payload: made by the guest, or a reference to a frame's.
#[derive(Debug)]
pub struct Packet(Vec<u8>);

impl Packet {
    /// Of these bytes.
    pub fn new(data: &[u8]) -> Packet {
        Packet(data.to_vec())
    }

    /// In bytes.
    pub fn size(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// Copies the range, clipped to the payload.
    pub fn read(&self, offset: u32, len: u32) -> Vec<u8> {
        clip(&self.0, offset, len)
    }
}

fn item(meta: FrameMeta, pkt: &Packet) -> Item {
    let flags = meta.flags | FrameFlags::FROM_FILTER;
    Item::Frame(FrameMeta { flags, size: pkt.size(), ..meta }, pkt.0.clone())
}

/// A frame of the filter's own, before the one in hand.
pub fn emit_before(meta: FrameMeta, pkt: &Packet) -> Result<(), OutputError> {
    hand("emit-before", |h| h.before.push(Step::Emit(item(meta, pkt))));
    Ok(())
}

/// The same, behind the frame in hand.
pub fn emit_after(meta: FrameMeta, pkt: &Packet) -> Result<(), OutputError> {
    hand("emit-after", |h| h.after.push(item(meta, pkt)));
    Ok(())
}

/// Lets the oldest held frames go on.
pub fn release_held(count: u32) {
    hand("release-held", |h| h.before.push(Step::Release(count as usize)));
}

/// Throws the oldest held frames away.
pub fn drop_held(count: u32) {
    hand("drop-held", |h| h.before.push(Step::Drop(count as usize)));
}

/// The host's own bound.
const MOST_TRACKS: usize = 16;

/// A track beside those of the publisher, once [`grant_tracks`](crate::testing::grant_tracks) was called; its header goes on as an
/// [`Item::Header`] before what is in hand.
pub fn add_track(info: &TrackInfo, header: Option<&Packet>) -> Result<u16, OutputError> {
    let id = with(|h| {
        if !h.tracks {
            return Err(OutputError::Denied);
        }
        if info.kind == crate::MediaKind::Data {
            return Err(OutputError::NoSuchTrack);
        }
        if h.added.contains(&(info.kind, info.id)) {
            return Ok(info.id);
        }
        if h.added.len() == MOST_TRACKS {
            return Err(OutputError::Full);
        }
        let taken = |id: u16| h.known.contains(&(info.kind, id)) || h.added.contains(&(info.kind, id));
        let free = (1..).find(|id| !taken(*id)).unwrap_or_default();
        let id = if info.id != 0 && !taken(info.id) { info.id } else { free };
        h.added.push((info.kind, id));
        Ok(id)
    })?;
    if let Some(header) = header {
        hand("add-track", |h| h.before.push(Step::Emit(Item::Header(id, header.0.clone()))));
    }
    Ok(id)
}

/// A data message.
pub fn set_metadata(meta: &Metadata) -> Result<(), OutputError> {
    hand("set-metadata", |h| h.metadata.push(meta.clone()));
    Ok(())
}

/// A stream beside this one, once [`grant_derive`](crate::testing::grant_derive) was called.
#[derive(Debug)]
pub struct Derived {
    suffix: String,
    open: Cell<bool>,
    tracks: RefCell<Vec<(crate::MediaKind, u16)>>,
}

impl Derived {
    /// Named like the parent with this suffix.
    pub fn new(suffix: &str, _: &[(String, String)]) -> Derived {
        Derived { suffix: suffix.into(), open: Cell::new(false), tracks: RefCell::default() }
    }

    /// The name it asks for.
    pub fn open(&self) -> Result<StreamKey, OutputError> {
        with(|h| {
            if !h.derive {
                return Err(OutputError::Denied);
            }
            self.open.set(true);
            let (app, name) = h.stream.clone();
            Ok(StreamKey { app, name: format!("{name}{}", self.suffix), query: Vec::new() })
        })
    }

    /// How full the host's queue is.
    pub fn pressure(&self) -> Pressure {
        if self.open.get() { Pressure::Low } else { Pressure::Full }
    }

    /// A track of it.
    pub fn add_track(&self, info: &TrackInfo, header: Option<&Packet>) -> Result<u16, OutputError> {
        self.put(header.map(|header| Item::Header(info.id, header.0.clone())))?;
        self.tracks.borrow_mut().push((info.kind, info.id));
        Ok(info.id)
    }

    /// A frame of it.
    pub fn push(&self, meta: FrameMeta, pkt: &Packet) -> Result<(), OutputError> {
        self.put(None)?;
        if !self.tracks.borrow().contains(&(meta.kind, meta.track)) {
            return Err(OutputError::NoSuchTrack);
        }
        self.put(Some(item(meta, pkt)))
    }

    /// Its metadata.
    pub fn set_metadata(&self, meta: &Metadata) -> Result<(), OutputError> {
        self.put(Some(Item::Metadata(meta.clone())))
    }

    fn put(&self, item: Option<Item>) -> Result<(), OutputError> {
        with(|h| {
            if !h.derive {
                return Err(OutputError::Denied);
            }
            if !self.open.get() {
                return Err(OutputError::Closed);
            }
            if h.taken.contains(&self.suffix) {
                self.open.set(false);
                self.tracks.borrow_mut().clear();
                return Err(OutputError::NameTaken);
            }
            h.derived.extend(item.map(|item| (self.suffix.clone(), item)));
            Ok(())
        })
    }
}
