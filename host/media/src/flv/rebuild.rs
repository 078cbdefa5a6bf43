//! Frames changed by a filter: another payload, other times. The tag's own headers stay.

use bytes::Bytes;

use super::audio_tag::{self, AudioHeader};
use super::enhanced::{CODED_FRAMES, CODED_FRAMES_X};
use super::video_tag::{self, VideoHeader};
use super::{composition_ms, has_composition_time};
use crate::units::edit::Place;
use crate::units::{Edit, Unit};
use crate::{Body, Content, FourCc, Frame, Kind, Malformed};

impl Frame {
    /// The same frame with another payload behind the tag's own headers, which are shared; size fields are corrected.
    pub fn with_payload(&self, payload: Body) -> Frame {
        let head = self.body.head(self.payload_at);
        let head = sized_head(self, &head, payload.len()).unwrap_or(head);
        self.with_body(head, payload)
    }

    /// The same frame with some of its units edited: [`Edit::apply`] and [`Frame::with_payload`] in one, which puts the body together
    /// once. `units` is the list of its payload. The edit is used up, whatever comes of it. Also how many units there are, and how many
    /// bytes are not shared with the old payload.
    ///
    /// # Errors
    /// Those of [`Edit::apply`].
    pub fn with_edit(
        &self,
        edit: &mut Edit,
        unit_length_bytes: u8,
        units: &[Unit],
    ) -> Result<(Frame, usize, usize), Malformed> {
        let place =
            Place { codec: self.codec, unit_length_bytes, body: &self.body, payload_at: self.payload_at, units };
        let mut made = edit.make(place)?;
        let mut payload_at = self.payload_at;
        if payload_at >= LEAST_SIZED {
            let head = self.body.head(payload_at);
            if let Some(head) = sized_head(self, &head, made.body.len().saturating_sub(payload_at)) {
                let payload = made.body.slice(payload_at, made.body.len());
                payload_at = head.len();
                made.body = Body::join(head, payload);
            }
        }
        let frame = Frame { payload_at, body: made.body, metadata: self.metadata.clone(), ..*self };
        Ok((frame, made.units, made.copied_bytes))
    }

    /// The same frame around another body.
    fn with_body(&self, head: Bytes, payload: Body) -> Frame {
        Frame {
            payload_at: head.len(),
            body: Body::join(head, payload),
            metadata: self.metadata.clone(),
            kind: self.kind,
            content: self.content,
            track: self.track,
            codec: self.codec,
            key: self.key,
            disposable: self.disposable,
            gap_before: self.gap_before,
            from_filter: self.from_filter,
            dts_us: self.dts_us,
            cts_us: self.cts_us,
        }
    }

    /// The same frame at another time.
    ///
    /// Where the tag carries a composition time it is rewritten (in milliseconds, 24 bits), and CodedFramesX becomes
    /// CodedFrames when one is needed. Other frames have presentation time = decoding time: `pts_us` is ignored.
    pub fn retimed(&self, dts_us: i64, pts_us: i64) -> Frame {
        let mut frame = Frame { dts_us, ..self.clone() };
        let head = self.body.head(self.payload_at);
        if self.kind != Kind::Video || self.content != Content::Coded {
            return frame;
        }
        let Ok((frame_type, mut header, _)) = video_tag::decode_head(&head, self.body.len()) else { return frame };
        let new = composition_ms(dts_us, pts_us);
        let changed = match &mut header {
            VideoHeader::LegacyPackets { cts_ms, .. } => std::mem::replace(cts_ms, new) != new,
            VideoHeader::Enhanced { header, cts_ms } if has_composition_time(header.codec) => {
                if header.packet_type == CODED_FRAMES_X && new != 0 {
                    header.packet_type = CODED_FRAMES;
                    *cts_ms = Some(new);
                    true
                } else {
                    cts_ms.as_mut().is_some_and(|cts_ms| std::mem::replace(cts_ms, new) != new)
                }
            }
            _ => return frame,
        };
        frame.cts_us = pts_us.saturating_sub(dts_us);
        if changed {
            let payload = self.payload();
            let mut out = Vec::with_capacity(head.len().saturating_add(3));
            video_tag::write_head(frame_type, &header, payload.len(), &mut out);
            frame.payload_at = out.len();
            frame.body = Body::join(Bytes::from(out), payload);
        }
        frame
    }
}

impl Frame {
    /// Whether only the tag can tell the channels of this sound: legacy headers of G.711, PCM, ADPCM and Nellymoser (FLV 10.1 E.4.2.1).
    fn tells_channels(&self) -> bool {
        self.kind == Kind::Audio
            && self.content == Content::Coded
            && self.payload_at == 1
            && matches!(self.codec, FourCc::ALAW | FourCc::ULAW | FourCc::LPCM | FourCc::ADPCM | FourCc::NELLY)
    }

    /// Two channels, as far as only the tag's header can tell it: of G.711, PCM, ADPCM and Nellymoser.
    pub fn is_stereo(&self) -> bool {
        self.tells_channels() && self.body.byte(0).is_some_and(|flags| flags & 1 == 1)
    }

    /// The same frame with one or two channels in the tag's header, where that tells them; the payload is shared.
    pub fn with_stereo(self, stereo: bool) -> Frame {
        match self.body.byte(0) {
            Some(flags) if self.tells_channels() && (flags & 1 == 1) != stereo => {
                let payload = self.payload();
                self.with_body(Bytes::copy_from_slice(&[flags ^ 1]), payload)
            }
            _ => self,
        }
    }
}

/// No head without an extra byte for the kind of multitrack is sized.
const LEAST_SIZED: usize = 10;

/// The head with its size field corrected, if it has one.
fn sized_head(frame: &Frame, head: &Bytes, payload: usize) -> Option<Bytes> {
    if head.len() < LEAST_SIZED {
        return None;
    }
    let total = frame.body.len();
    let mut out = Vec::with_capacity(head.len());
    match frame.kind {
        Kind::Data => return None,
        Kind::Video => {
            let (frame_type, header, _) = video_tag::decode_head(head, total).ok()?;
            match &header {
                VideoHeader::Enhanced { header: enhanced, .. } if enhanced.is_sized() => {
                    video_tag::write_head(frame_type, &header, payload, &mut out);
                }
                _ => return None,
            }
        }
        Kind::Audio => {
            let (header, _) = audio_tag::decode_head(head, total).ok()?;
            match &header {
                AudioHeader::Enhanced(enhanced) if enhanced.is_sized() => {
                    audio_tag::write_head(&header, payload, &mut out);
                }
                _ => return None,
            }
        }
    }
    Some(Bytes::from(out))
}
