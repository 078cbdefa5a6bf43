//! A stream beside the one that is filtered, with what it takes to keep one.

use crate::output::{Derived, OutputError, Packet};
use crate::{FrameMeta, MediaKind, Metadata, TrackInfo, log};

/// A name that was in use is tried again after this, in microseconds of stream time.
const RETRY_US: i64 = 1_000_000;

/// A derived stream that is published when there is a frame for it, and published again when its name was in use. By grant:
/// `derive`.
///
/// Tracks and metadata are remembered until then. Nothing of it fails loudly: what cannot be published is told in the log, once.
pub struct Beside {
    suffix: String,
    derived: Derived,
    life: Life,
    tracks: Vec<(TrackInfo, Option<Packet>)>,
    metadata: Option<Metadata>,
    told: bool,
}

enum Life {
    /// Not published; to be tried from this time on.
    Waits(i64),
    Open,
}

impl Beside {
    /// Named like the stream that is filtered, with this suffix; nothing is published yet. `suffix` has 1 to 64 letters, digits,
    /// `-`, `_` and `.`; anything else traps.
    pub fn new(suffix: &str) -> Beside {
        Beside {
            suffix: suffix.into(),
            derived: Derived::new(suffix, &[]),
            life: Life::Waits(i64::MIN),
            tracks: Vec::new(),
            metadata: None,
            told: false,
        }
    }

    /// Whether text can be a suffix.
    pub fn is_suffix(text: &str) -> bool {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        (1..=64).contains(&text.len()) && text.bytes().all(fits)
    }

    /// A track and its sequence header, which [`Frame::retain`](crate::Frame::retain) gives in `on_header` without a copy; again
    /// for a header that changes.
    pub fn track(&mut self, info: &TrackInfo, header: Option<Packet>) {
        self.tracks.retain(|(known, _)| (known.kind, known.id) != (info.kind, info.id));
        self.tracks.push((info.clone(), header));
        if let (Life::Open, Some((info, header))) = (&self.life, self.tracks.last()) {
            let added = self.derived.add_track(info, header.as_ref());
            self.heard(added.map(|_| ()), i64::MIN);
        }
    }

    /// Its `onMetaData`.
    pub fn metadata(&mut self, metadata: Metadata) {
        if let Life::Open = self.life {
            let set = self.derived.set_metadata(&metadata);
            self.heard(set, i64::MIN);
        }
        self.metadata = Some(metadata);
    }

    /// A frame. A track that is not known is made, without a header, as sound of G.711 needs none.
    ///
    /// # Errors
    /// It does not go on: not granted, no such name, over the budget, or behind an earlier frame of its track.
    pub fn push(&mut self, meta: FrameMeta, packet: &Packet) -> Result<(), OutputError> {
        let known = self.tracks.iter().any(|(info, _)| (info.kind, info.id) == (meta.kind, meta.track));
        if !known && meta.kind != MediaKind::Data {
            let extra = Vec::new();
            let (id, kind, codec) = (meta.track, meta.kind, meta.codec);
            self.track(&TrackInfo { id, kind, codec, video: None, audio: None, extra }, None);
        }
        if let Life::Waits(until) = self.life {
            if meta.dts < until {
                return Err(OutputError::Closed);
            }
            let opened = self.open();
            self.heard(opened, meta.dts);
            opened?;
        }
        let pushed = self.derived.push(meta, packet);
        self.heard(pushed, meta.dts);
        pushed
    }

    fn open(&mut self) -> Result<(), OutputError> {
        self.derived.open()?;
        self.life = Life::Open;
        if let Some(metadata) = &self.metadata {
            self.derived.set_metadata(metadata)?;
        }
        for (info, header) in &self.tracks {
            self.derived.add_track(info, header.as_ref())?;
        }
        Ok(())
    }

    /// What is not published is tried again later.
    fn heard(&mut self, result: Result<(), OutputError>, now: i64) {
        let why = match result {
            Ok(()) => {
                return;
            }
            Err(OutputError::NameTaken) => "its name is in use; it is tried again every second",
            Err(OutputError::Closed) => "it was refused; it is tried again every second",
            Err(OutputError::Denied) => "the filter needs grants = [\"derive\"]",
            Err(OutputError::Full | OutputError::NoSuchTrack | OutputError::OutOfOrder) => return,
        };
        self.life = Life::Waits(now.saturating_add(RETRY_US));
        if !std::mem::replace(&mut self.told, true) {
            log::warn(&format!("no stream with {} behind its name: {why}", self.suffix));
        }
    }
}
