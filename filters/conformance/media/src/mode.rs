//! The settings.

use guest_sdk::{MediaKind, fourcc};
use serde::Deserialize;

/// The mode, and what holds for all modes.
#[derive(Clone, Deserialize)]
pub struct Settings {
    #[serde(flatten)]
    pub(crate) mode: Mode,
    /// What frames to ask for; none: all.
    pub(crate) interest: Option<Wanted>,
    #[serde(default)]
    pub(crate) swap_at: SwapAt,
    /// Written into the saved state in place of the filter's own.
    pub(crate) state_schema: Option<u32>,
    /// Lines in the log when a stream opens and ends.
    #[serde(default)]
    pub(crate) log_streams: bool,
}

#[derive(Clone, Deserialize)]
#[serde(tag = "mode", rename_all = "kebab-case")]
pub(crate) enum Mode {
    Pass,
    /// Drops every n-th frame.
    Drop {
        every: u64,
    },
    /// Holds frames; when one more comes, all that are held go on, or are dropped.
    Hold {
        frames: u32,
        #[serde(default)]
        drop: bool,
    },
    /// A frame of its own beside each, of these bytes or a copy.
    Emit {
        place: Place,
        data: Option<String>,
    },
    /// Each frame's payload goes on one frame later.
    Delay,
    Retime {
        offset_us: i64,
    },
    Replace {
        append: String,
    },
    /// Edits, and then answers `pass`: the edit must not count.
    EditThenPass {
        append: String,
    },
    RemoveUnit {
        unit_type: u8,
    },
    /// The same with the units found by their type, without a list.
    RemoveUnitOf {
        unit_type: u8,
    },
    ReplaceUnit {
        unit_type: u8,
        with: Vec<u8>,
    },
    InsertUnit {
        unit: Vec<u8>,
        #[serde(default)]
        at_end: bool,
    },
    /// An SEI before everything else in each picture of H.264 that names the viewer: the argument `viewer` of its play and its
    /// tags, and `text`.
    MarkViewer {
        #[serde(default)]
        text: String,
    },
    EditHeader {
        append: String,
    },
    DropHeader,
    FaultHeader,
    EditMetadata {
        field: String,
        text: String,
    },
    DropMetadata,
    /// A data message `onTick` this often.
    Tick {
        ms: u32,
    },
    /// A data message `onCount` with the number of frames, at each key frame; the number survives swaps.
    Count,
    /// Everything it is told goes to the log.
    Report,
    /// Asks for tracks and streams that are not granted, and logs the answers.
    Ungranted,
    /// A copy of the sound as a second track, with its header; by grant.
    AddTrack,
    /// Refuses every stream.
    Unsupported,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Place {
    Before,
    After,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SwapAt {
    #[default]
    AnyFrame,
    Keyframe,
    Header,
}

#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub(crate) struct Wanted {
    pub(crate) kinds: Vec<Kind>,
    pub(crate) codecs: Vec<String>,
    pub(crate) only_keyframes: bool,
    pub(crate) unit_types: Vec<u8>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    Audio,
    Video,
    Data,
}

impl From<Kind> for MediaKind {
    fn from(kind: Kind) -> MediaKind {
        match kind {
            Kind::Audio => MediaKind::Audio,
            Kind::Video => MediaKind::Video,
            Kind::Data => MediaKind::Data,
        }
    }
}

/// A codec by its four letters; anything else is no codec.
pub(crate) fn codec(name: &str) -> u32 {
    name.as_bytes().try_into().map_or(0, fourcc)
}
