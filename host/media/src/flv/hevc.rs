//! H.265 on both of its ways: as the legacy CodecID 12 of many encoders and players, and as `hvc1` of Enhanced RTMP.
//!
//! Both carry the same record and the same NAL units; only what stands before them differs. Legacy bodies have no place for
//! colorInfo and ModEx.

use bytes::Bytes;

use super::enhanced::{self, CODED_FRAMES, CODED_FRAMES_X, SEQUENCE_END, SEQUENCE_START};
use super::video_tag::{self, DISPOSABLE, INTER, VideoHeader, VideoTag};
use crate::metadata::{Metadata, Value};
use crate::{Body, Content, FourCc, Frame, Kind};

/// The legacy CodecID that encoders and players agreed on without a standard.
pub const CODEC_ID: u8 = 12;
/// The field of onMetaData that names the codec.
const CODEC_FIELD: &str = "videocodecid";

/// How H.265 is carried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HevcForm {
    /// CodecID 12, packet type, composition time: as H.264.
    Legacy,
    /// `hvc1` (E-RTMP v2, "Enhanced Video").
    Enhanced,
}

/// A frame in a form of H.265.
#[derive(Clone, PartialEq, Debug)]
pub enum Carried {
    /// It has that form, or is nothing that has forms.
    AsItIs,
    /// This body instead of its own; the payload is shared.
    Body(Body),
    /// These values instead of its own.
    Metadata(Metadata),
    /// That form has no place for it.
    NotAtAll,
}

impl HevcForm {
    /// Whether [`carry`](HevcForm::carry) may give another body; looks at one byte.
    pub fn concerns(self, frame: &Frame) -> bool {
        match frame.kind {
            Kind::Audio => false,
            Kind::Video => {
                frame.codec == FourCc::HVC1
                    && frame.track == 0
                    && frame.content != Content::Opaque
                    && frame.body.byte(0).is_some_and(|first| (first & 0x80 == 0) == (self == HevcForm::Enhanced))
            }
            Kind::Data => frame.metadata.as_ref().is_some_and(|m| m.name == "onMetaData"),
        }
    }

    /// The frame in this form. Of video that is track 0 of H.265; of data `videocodecid` in onMetaData. Composition times
    /// stay. A message with several tracks stays what it is.
    pub fn carry(self, frame: &Frame) -> Carried {
        if !self.concerns(frame) {
            return Carried::AsItIs;
        }
        match (&frame.metadata, frame.kind) {
            (Some(metadata), Kind::Data) => self.metadata(metadata).map_or(Carried::AsItIs, Carried::Metadata),
            _ => self.video(frame).unwrap_or(Carried::AsItIs),
        }
    }

    fn video(self, frame: &Frame) -> Option<Carried> {
        let head = frame.body.head(frame.payload_at);
        let (frame_type, header, _) = video_tag::decode_head(&head, frame.body.len()).ok()?;
        let (payload, packet_type) = match frame.content {
            Content::Header if is_record(&header) => (frame.payload(), SEQUENCE_START),
            Content::Coded => (frame.payload(), CODED_FRAMES),
            Content::EndOfSequence => (Body::new(), SEQUENCE_END),
            Content::VideoMetadata => return Some(Carried::NotAtAll),
            _ => return None,
        };
        let cts_ms = VideoTag { frame_type, header, payload: Bytes::new() }.cts_ms();
        let coded = packet_type == CODED_FRAMES;
        let (frame_type, header) = match self {
            // Legacy FLV knows disposable frames of Sorenson H.263 only (FLV 10.1 E.4.3.1).
            HevcForm::Legacy => (
                if frame_type == DISPOSABLE { INTER } else { frame_type },
                VideoHeader::LegacyPackets { codec_id: CODEC_ID, packet_type, cts_ms: if coded { cts_ms } else { 0 } },
            ),
            HevcForm::Enhanced => {
                let short = coded && cts_ms == 0;
                let packet_type = if short { CODED_FRAMES_X } else { packet_type };
                let header =
                    enhanced::Header { packet_type, mod_ex: Bytes::new(), multitrack: None, codec: FourCc::HVC1 };
                (frame_type, VideoHeader::Enhanced { header, cts_ms: (coded && !short).then_some(cts_ms) })
            }
        };
        let mut out = Vec::with_capacity(8);
        video_tag::write_head(frame_type, &header, payload.len(), &mut out);
        Some(Carried::Body(Body::join(Bytes::from(out), payload)))
    }

    fn metadata(self, metadata: &Metadata) -> Option<Metadata> {
        let Value::Object(fields) = &metadata.value else { return None };
        let at = fields.iter().position(|(name, _)| name == CODEC_FIELD)?;
        let (legacy, enhanced) = (f64::from(CODEC_ID), f64::from(FourCc::HVC1.0));
        let number = match (self, &fields.get(at)?.1) {
            (HevcForm::Legacy, Value::Number(n)) if *n == enhanced => legacy,
            (HevcForm::Legacy, Value::Text(name)) if name == "hvc1" => legacy,
            (HevcForm::Enhanced, Value::Number(n)) if *n == legacy => enhanced,
            _ => return None,
        };
        let mut fields = fields.clone();
        fields.get_mut(at)?.1 = Value::Number(number);
        Some(Metadata { name: metadata.name.clone(), value: Value::Object(fields) })
    }
}

/// Not an MPEG-2 TS descriptor.
fn is_record(header: &VideoHeader) -> bool {
    match header {
        VideoHeader::Enhanced { header, .. } => header.packet_type == SEQUENCE_START,
        _ => true,
    }
}
