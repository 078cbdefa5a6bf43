//! A frame in a ring, with the wire forms that were made of it.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use media::Frame;
use tokio::time::Instant;

/// Wire forms that stay with a frame. Subscribers of one kind share one form; what comes after these is made again for
/// each caller, so that peers who choose odd settings cannot make a frame grow.
const FORMS_KEPT: usize = 8;

/// One frame of a stream, shared by everyone who reads it.
#[derive(Debug)]
pub struct Entry {
    /// The frame.
    pub frame: Frame,
    arrived: Instant,
    /// Bytes of bodies that its publisher handed in before.
    offset: u64,
    forms: OnceLock<Box<Form>>,
}

#[derive(Debug)]
struct Form {
    key: u64,
    bytes: Bytes,
    next: OnceLock<Box<Form>>,
}

impl Entry {
    /// A frame as it arrives now. Publishers make their own entries; this is for frames outside a stream.
    pub fn new(frame: Frame) -> Entry {
        Entry::at(frame, Instant::now(), 0)
    }

    pub(crate) fn at(frame: Frame, arrived: Instant, offset: u64) -> Entry {
        Entry { frame, arrived, offset, forms: OnceLock::new() }
    }

    /// What was made of this one for a single reader: as if it had arrived with it. A frame that is still the same stays the
    /// shared one, with its wire forms.
    pub fn made(self: &Arc<Entry>, frame: Frame) -> Arc<Entry> {
        if is_same(&self.frame, &frame) {
            return Arc::clone(self);
        }
        Arc::new(Entry::at(frame, self.arrived, self.offset))
    }

    /// Bytes of bodies from the start of this one to the end of `newer`, of the same publisher.
    pub(crate) fn bytes_to(&self, newer: &Entry) -> u64 {
        (newer.offset + newer.frame.body.len() as u64).saturating_sub(self.offset)
    }

    /// When the publisher handed the frame in. Headers that are sent again carry the time of the key frame behind them.
    pub fn arrived(&self) -> Instant {
        self.arrived
    }

    /// The wire form of this frame named `key`: made by `encode` the first time anyone asks for it, shared from then on.
    ///
    /// The key is the caller's: everything that changes the form must be in it. `encode` runs at most once per call, and
    /// once per key over all callers as long as no more than eight keys are in use for one frame.
    pub fn form(&self, key: u64, encode: impl FnOnce(&Frame) -> Bytes) -> Bytes {
        let mut encode = Some(encode);
        let mut slot = &self.forms;
        for _ in 0..FORMS_KEPT {
            let form = slot.get_or_init(|| {
                let bytes = encode.take().map(|e| e(&self.frame)).unwrap_or_default();
                Box::new(Form { key, bytes, next: OnceLock::new() })
            });
            if form.key == key {
                return form.bytes.clone();
            }
            slot = &form.next;
        }
        encode.take().map(|e| e(&self.frame)).unwrap_or_default()
    }
}

/// Whether nobody could tell one from the other.
fn is_same(a: &Frame, b: &Frame) -> bool {
    let marks =
        |f: &Frame| (f.kind, f.content, f.track, f.codec, f.key, f.disposable, f.dts_us, f.cts_us, f.payload_at);
    let metadata = match (&a.metadata, &b.metadata) {
        (None, None) => true,
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        _ => false,
    };
    metadata && marks(a) == marks(b) && a.body.is_shared_with(&b.body)
}
