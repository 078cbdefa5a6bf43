//! The plain data of the contract, with what makes it pleasant in Rust.

pub use crate::bindings::exports::weir::filter::lifecycle::Description;
pub use crate::bindings::weir::filter::types::{
    Attributes, AudioParams, ConnectionInfo, EndReason, Fault, FrameFlags, FrameMeta, MediaKind, Metadata, PlayRequest,
    PublishRequest, SavedState, Scalar, StreamInfo, StreamKey, TlsInfo, TrackInfo, UnitInfo, VideoParams, ViewerInfo,
};

/// The number of a codec by its four ASCII bytes: `fourcc(b"avc1")`.
pub const fn fourcc(name: &[u8; 4]) -> u32 {
    u32::from_be_bytes(*name)
}

impl Description {
    /// A filter without settings that keeps no state.
    pub fn new(name: &str, version: &str, summary: &str) -> Description {
        Description {
            name: name.into(),
            version: version.into(),
            summary: summary.into(),
            config_schema: None,
            state_schema: 0,
        }
    }

    /// The JSON Schema of the filter's `config` table.
    pub fn with_config_schema(self, schema: &str) -> Description {
        Description { config_schema: Some(schema.into()), ..self }
    }

    /// The layout of what `snapshot` writes; from 1.
    pub fn with_state_schema(self, schema: u32) -> Description {
        Description { state_schema: schema, ..self }
    }
}

impl FrameMeta {
    /// A decoder can start here.
    pub fn is_key(&self) -> bool {
        self.flags.contains(FrameFlags::KEY)
    }

    /// Whether the frame holds a NAL unit or OBU of this type.
    pub fn has_unit(&self, unit_type: u8) -> bool {
        1u64.checked_shl(u32::from(unit_type)).is_some_and(|bit| self.unit_types & bit != 0)
    }
}

impl StreamKey {
    /// `app/name`, without the query.
    pub fn path(&self) -> String {
        format!("{}/{}", self.app, self.name)
    }

    /// The first argument of this name.
    pub fn argument(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }
}

impl Metadata {
    /// The first field of this path.
    pub fn field(&self, path: &str) -> Option<&Scalar> {
        self.fields.iter().find(|(p, _)| p == path).map(|(_, v)| v)
    }
}
