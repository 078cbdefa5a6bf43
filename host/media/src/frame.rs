//! One timed media unit.

use std::sync::Arc;

use crate::{Body, FourCc, Metadata};

/// Audio, video or data.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// RTMP message type 8.
    Audio,
    /// RTMP message type 9.
    Video,
    /// RTMP message types 15 and 18, without `@setDataFrame`.
    Data,
}

/// What the payload of a frame is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Content {
    /// A sequence header: the payload is the decoder configuration record.
    Header,
    /// Coded media.
    Coded,
    /// The track ends here; no payload.
    EndOfSequence,
    /// Enhanced RTMP video metadata (colorInfo): the payload is AMF0.
    VideoMetadata,
    /// Enhanced RTMP MultichannelConfig.
    MultichannelConfig,
    /// A data message.
    Data,
    /// Anything else: several tracks in one message, command frames, unknown packet types. Passes unread.
    Opaque,
}

/// One timed media unit (video: one access unit), carried as the FLV tag body that it came in.
///
/// The body is what the wire carries; `payload_at` tells where, behind the tag's own headers, the codec's bytes start.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Audio, video or data.
    pub kind: Kind,
    /// What the payload is.
    pub content: Content,
    /// Enhanced RTMP track id; 0 without multitrack.
    pub track: u8,
    /// The codec; [`FourCc::UNKNOWN`] for data and for what cannot be told.
    pub codec: FourCc,
    /// A decoder can start here.
    pub key: bool,
    /// No other frame refers to this one.
    pub disposable: bool,
    /// A frame that others refer to was dropped before this one.
    pub gap_before: bool,
    /// Made by a filter.
    pub from_filter: bool,
    /// Decoding time in microseconds on the stream's own timeline.
    pub dts_us: i64,
    /// Presentation time minus decoding time, in microseconds.
    pub cts_us: i64,
    /// The whole FLV tag body. Empty for a data message whose `metadata` a filter has changed: the writer encodes it.
    pub body: Body,
    /// Bytes of `body` before the payload.
    pub payload_at: usize,
    /// A data message's values, if they could be read.
    pub metadata: Option<Arc<Metadata>>,
}

impl Frame {
    /// Presentation time in microseconds.
    pub fn pts_us(&self) -> i64 {
        self.dts_us.saturating_add(self.cts_us)
    }

    /// The codec's bytes: what stands behind the headers of the tag body.
    pub fn payload(&self) -> Body {
        self.body.slice(self.payload_at, self.body.len())
    }
}
