//! The world `media-filter`.

pub use crate::bindings::exports::weir::filter::media::{Boundary, Interest, Subscription, Verdict};
use crate::{
    Config, Description, EndReason, Fault, Frame, FrameMeta, MediaKind, Metadata, SavedState, StreamInfo, TrackInfo,
};

/// A filter of frames, sequence headers and metadata: one value per stream.
///
/// The host calls one hook of a stream at a time, frames in the order they came. A panic costs the stream its filter until the
/// next key frame; the frame in hand is then treated by the operator's `on_failure`.
pub trait MediaFilter: Sized + 'static {
    /// What `configure` makes of the operator's settings; shared by the streams of one instance.
    type Settings: 'static;

    /// What the filter says of itself. Asked without any configuration.
    fn describe() -> Description;

    /// Reads the settings, once per instance.
    ///
    /// # Errors
    /// [`Fault::InvalidConfig`] keeps the filter from being loaded.
    fn configure(config: Config) -> Result<Self::Settings, Fault>;

    /// A stream starts, or goes over to this generation (then with the state of the one before), or restarts after a fault.
    ///
    /// # Errors
    /// [`Fault::Unsupported`] leaves the stream to the operator's `on_failure`.
    fn open(settings: &Self::Settings, stream: StreamInfo, resume: Option<SavedState>) -> Result<Self, Fault>;

    /// What the filter wants to see; asked once, after `open`. The host calls it for nothing else.
    fn subscribe(&self) -> Subscription;

    /// A sequence header; `record` is the decoder configuration record. `Edited` with `frame.replace` puts another in its place.
    ///
    /// # Errors
    /// A fault counts as a failure of the filter.
    fn on_header(&mut self, track: &TrackInfo, record: &[u8], frame: &mut Frame<'_>) -> Result<Verdict, Fault> {
        let _ = (track, record, frame);
        Ok(Verdict::Pass)
    }

    /// A data message. `Edited` with [`output::set_metadata`](crate::output::set_metadata) puts another in its place.
    ///
    /// # Errors
    /// A fault counts as a failure of the filter.
    fn on_metadata(&mut self, metadata: Metadata) -> Result<Verdict, Fault> {
        let _ = metadata;
        Ok(Verdict::Pass)
    }

    /// A coded frame that the subscription asked for.
    fn on_frame(&mut self, meta: &FrameMeta, frame: &mut Frame<'_>) -> Verdict {
        let _ = (meta, frame);
        Verdict::Pass
    }

    /// Every `tick_ms` of the subscription, in stream time. `now` is in microseconds.
    fn on_tick(&mut self, now: i64) {
        let _ = now;
    }

    /// Last call for output: the stream ends or goes over to another generation.
    fn flush(&mut self) {}

    /// State for the next generation, of the schema that `describe` names.
    fn snapshot(&self) -> Option<SavedState> {
        None
    }

    /// Nothing is called afterwards.
    fn end(self, reason: EndReason) {
        let _ = reason;
    }
}

impl Interest {
    /// Every frame.
    pub fn any() -> Interest {
        Interest { kinds: Vec::new(), codecs: Vec::new(), only_keyframes: false, unit_types: 0 }
    }

    /// Every video frame.
    pub fn video() -> Interest {
        Interest { kinds: vec![MediaKind::Video], ..Interest::any() }
    }

    /// Every audio frame.
    pub fn audio() -> Interest {
        Interest { kinds: vec![MediaKind::Audio], ..Interest::any() }
    }

    /// Video frames of one codec that hold a unit of one of these types; bit n stands for type n, 0 for any.
    pub fn units(codec: u32, unit_types: u64) -> Interest {
        Interest { codecs: vec![codec], unit_types, ..Interest::video() }
    }
}

impl Subscription {
    /// Frames that any of these fits; no headers, no metadata; a new generation may take over at any frame.
    pub fn to(frames: impl IntoIterator<Item = Interest>) -> Subscription {
        Subscription {
            frames: frames.into_iter().collect(),
            headers: false,
            metadata: false,
            swap_at: Boundary::AnyFrame,
            max_hold_frames: 0,
            tick_ms: None,
        }
    }

    /// Sequence headers too.
    pub fn with_headers(self) -> Subscription {
        Subscription { headers: true, ..self }
    }

    /// Data messages too.
    pub fn with_metadata(self) -> Subscription {
        Subscription { metadata: true, ..self }
    }

    /// Where a stream may go over to a new generation.
    pub fn swap_at(self, boundary: Boundary) -> Subscription {
        Subscription { swap_at: boundary, ..self }
    }

    /// At most this many frames are held at a time.
    pub fn hold(self, frames: u32) -> Subscription {
        Subscription { max_hold_frames: frames, ..self }
    }

    /// `on_tick` this often in stream time, at least 10 ms.
    pub fn tick_ms(self, ms: u32) -> Subscription {
        Subscription { tick_ms: Some(ms), ..self }
    }
}
