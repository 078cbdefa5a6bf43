//! What a guest sends beside the frame in hand, and the payloads that it keeps: `weir:filter/output`.
//!
//! Everything here is staged: the chain takes it when the call has returned, or throws it away.

use bytes::Bytes;
use filter_wit::media::weir::filter::{output, types};
use media::{Body, Content, Frame, Kind, Metadata, flv};
use wasmtime::component::Resource;

use crate::convert;
use crate::frame::copy;
use crate::host::State;
use crate::limits::overstep;

pub(crate) mod derived;
mod packets;
mod tracks;
use derived::Step;
use packets::LEAST_PACKET;
pub(crate) use packets::Stray;
use tracks::Added;

/// Emitted bytes that are free at the start of a stream.
const EMIT_HEAD_START: f64 = (1 << 20) as f64;

/// One thing to happen before the frame in hand, in the order in which the guest asked for it.
pub(crate) enum Before {
    /// A frame of the guest's own.
    Emit(Frame),
    /// The oldest held frames go on.
    Release(u32),
    /// The oldest held frames are thrown away.
    Drop(u32),
}

/// See the module.
pub(crate) struct Output {
    /// None as long as the guest has sent nothing: most filters never do.
    pub(crate) staged: Option<Box<Staged>>,
    /// The message in hand of `on-metadata`.
    pub(crate) original: Option<std::sync::Arc<Metadata>>,
    /// Stream time of the call, for messages of the guest's own.
    pub(crate) now_us: i64,
    /// Tracks beside track 0 that exist.
    pub(crate) tracks: Box<[(Kind, u8)]>,
    /// Bytes that may still be emitted.
    pub(crate) credit: f64,
    /// Bytes of the payloads that the guest keeps.
    kept_bytes: usize,
    /// In a call of which nothing is to last: the buckets that it writes to.
    pub(crate) rehearsal: Option<Box<crate::kv::Granted>>,
}

/// What the guest has sent in the running call, and the tracks that it has added.
#[derive(Default)]
pub(crate) struct Staged {
    pub(crate) before: Vec<Before>,
    pub(crate) after: Vec<Frame>,
    /// In `on-metadata`: what goes on in place of the message in hand.
    pub(crate) metadata: Option<Metadata>,
    last: Order,
    bytes: usize,
    /// What it asked for of streams beside this one.
    pub(crate) derived: Vec<Step>,
    /// Tracks of the guest's own.
    added: Added,
}

/// The last decoding time per track.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    times: Vec<(Kind, u8, i64)>,
}

impl Order {
    pub(crate) fn last(&self, kind: Kind, track: u8) -> i64 {
        self.times.iter().find(|(k, t, _)| (*k, *t) == (kind, track)).map_or(i64::MIN, |(.., dts)| *dts)
    }

    /// Notes a time; an earlier one than the last changes nothing.
    #[inline]
    pub(crate) fn note(&mut self, kind: Kind, track: u8, dts_us: i64) {
        match self.times.iter_mut().find(|(k, t, _)| (*k, *t) == (kind, track)) {
            Some((.., last)) => *last = (*last).max(dts_us),
            None => {
                // There are few, and every stream has them.
                self.times.reserve_exact(1);
                self.times.push((kind, track, dts_us));
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    fn clear(&mut self) {
        self.times.clear();
    }
}

impl Output {
    pub(crate) fn new() -> Output {
        Output {
            staged: None,
            original: None,
            now_us: 0,
            tracks: Box::default(),
            credit: EMIT_HEAD_START,
            kept_bytes: 0,
            rehearsal: None,
        }
    }

    /// What the guest has sent in this call, for more of it.
    pub(crate) fn staged(&mut self) -> &mut Staged {
        self.staged.get_or_insert_default()
    }

    /// A call begins at this stream time.
    #[inline]
    pub(crate) fn begin(&mut self, now_us: i64) {
        self.now_us = now_us;
        if let Some(staged) = &mut self.staged {
            staged.before.clear();
            staged.after.clear();
            staged.metadata = None;
            staged.last.clear();
            staged.bytes = 0;
        }
    }

    /// Whether the call asked for anything.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        let nothing = |it: &Staged| it.before.is_empty() && it.after.is_empty() && it.derived.is_empty();
        self.staged.as_deref().is_none_or(nothing)
    }

    /// What was staged counts.
    pub(crate) fn spend(&mut self) {
        if let Some(staged) = &mut self.staged {
            self.credit -= std::mem::take(&mut staged.bytes) as f64;
        }
    }

    /// Frames to go behind the one in hand.
    #[inline]
    pub(crate) fn take_after(&mut self) -> Option<Vec<Frame>> {
        let staged = self.staged.as_mut().filter(|staged| !staged.after.is_empty())?;
        Some(std::mem::take(&mut staged.after))
    }

    /// What the guest asked for of streams beside this one is not to happen any more.
    pub(crate) fn forget_derived(&mut self) {
        if let Some(staged) = &mut self.staged {
            staged.derived.clear();
        }
    }

    fn has_track(&self, kind: Kind, track: u8) -> bool {
        self.tracks.contains(&(kind, track)) || self.staged.as_ref().is_some_and(|staged| staged.added.has(kind, track))
    }

    /// Bytes that could be staged now.
    fn room(&self) -> f64 {
        self.credit - self.staged.as_ref().map_or(0, |staged| staged.bytes) as f64
    }

    /// Stages bytes if the budget has room for them.
    fn affords(&mut self, bytes: usize) -> bool {
        let credit = self.credit;
        let staged = self.staged();
        let bytes = staged.bytes.saturating_add(bytes.max(LEAST_PACKET));
        let fits = bytes as f64 <= credit;
        if fits {
            staged.bytes = bytes;
        }
        fits
    }
}

impl State {
    /// The last time of a track behind this filter, with what is staged.
    fn last(&self, kind: Kind, track: u8) -> i64 {
        let staged = self.desk.output.staged.as_ref().map_or(i64::MIN, |staged| staged.last.last(kind, track));
        self.last.last(kind, track).max(staged)
    }

    fn emission(
        &mut self,
        meta: &types::FrameMeta,
        packet: &Resource<output::Packet>,
        after: bool,
    ) -> wasmtime::Result<Result<Frame, output::OutputError>> {
        self.budget.host_call(0)?;
        let payload = self.packet(packet)?.clone();
        let kind = convert::kind(meta.kind);
        let Ok(track) = u8::try_from(meta.track) else { return Ok(Err(output::OutputError::NoSuchTrack)) };
        if track != 0 && !self.desk.output.has_track(kind, track) {
            return Ok(Err(output::OutputError::NoSuchTrack));
        }
        let last = self.last(kind, track);
        let beside = self.hand.frame().filter(|f| (f.kind, f.track) == (kind, track)).map(|f| f.dts_us);
        let fits = meta.dts >= last
            && match beside {
                Some(dts) if after => meta.dts >= dts,
                Some(dts) => meta.dts <= dts,
                None => true,
            };
        if !fits {
            return Ok(Err(output::OutputError::OutOfOrder));
        }
        if !self.desk.output.affords(payload.len()) {
            return Ok(Err(output::OutputError::Full));
        }
        self.desk.output.staged().last.note(kind, track, meta.dts);
        Ok(Ok(made(meta, kind, track, &payload)))
    }
}

/// A frame of the guest's own. The payload is shared.
fn made(meta: &types::FrameMeta, kind: Kind, track: u8, payload: &Body) -> Frame {
    let end = meta.flags.contains(types::FrameFlags::END_OF_SEQUENCE);
    let parts = flv::Parts {
        kind,
        track,
        codec: media::FourCc(meta.codec),
        content: match kind {
            Kind::Data => Content::Data,
            _ if end => Content::EndOfSequence,
            _ => Content::Coded,
        },
        key: meta.flags.contains(types::FrameFlags::KEY),
        disposable: meta.flags.contains(types::FrameFlags::DISPOSABLE),
        cts_ms: 0,
    };
    let frame = flv::frame(&parts, meta.dts, meta.pts, payload);
    frame.with_stereo(meta.flags.contains(types::FrameFlags::STEREO))
}

impl output::HostPacket for State {
    fn new(&mut self, data: Vec<u8>) -> wasmtime::Result<Resource<output::Packet>> {
        self.budget.host_call(data.len())?;
        self.noted(|| format!("output.packet({} bytes)", data.len()));
        self.keep(Body::from(Bytes::from(data)))
    }

    fn size(&mut self, packet: Resource<output::Packet>) -> wasmtime::Result<u32> {
        self.budget.host_call(0)?;
        Ok(u32::try_from(self.packet(&packet)?.len()).unwrap_or(u32::MAX))
    }

    fn read(&mut self, packet: Resource<output::Packet>, offset: u32, len: u32) -> wasmtime::Result<Vec<u8>> {
        let bytes = copy(self.packet(&packet)?, offset, len);
        self.budget.host_call(bytes.len())?;
        Ok(bytes)
    }

    fn drop(&mut self, packet: Resource<output::Packet>) -> wasmtime::Result<()> {
        self.let_go_of_packet(&packet);
        Ok(())
    }
}

impl output::Host for State {
    fn emit_before(
        &mut self,
        meta: types::FrameMeta,
        packet: Resource<output::Packet>,
    ) -> wasmtime::Result<Result<(), output::OutputError>> {
        self.told(
            "output.emit-before",
            || format!("dts {}, pts {}", meta.dts, meta.pts),
            |it| {
                let emitted = it.emission(&meta, &packet, false)?;
                Ok(emitted.map(|frame| it.desk.output.staged().before.push(Before::Emit(frame))))
            },
        )
    }

    fn emit_after(
        &mut self,
        meta: types::FrameMeta,
        packet: Resource<output::Packet>,
    ) -> wasmtime::Result<Result<(), output::OutputError>> {
        self.told(
            "output.emit-after",
            || format!("dts {}, pts {}", meta.dts, meta.pts),
            |it| {
                let emitted = it.emission(&meta, &packet, true)?;
                Ok(emitted.map(|frame| it.desk.output.staged().after.push(frame)))
            },
        )
    }

    fn release_held(&mut self, count: u32) -> wasmtime::Result<()> {
        self.budget.host_call(0)?;
        self.noted(|| format!("output.release-held({count})"));
        self.desk.output.staged().before.push(Before::Release(count));
        Ok(())
    }

    fn drop_held(&mut self, count: u32) -> wasmtime::Result<()> {
        self.budget.host_call(0)?;
        self.noted(|| format!("output.drop-held({count})"));
        self.desk.output.staged().before.push(Before::Drop(count));
        Ok(())
    }

    fn add_track(
        &mut self,
        info: types::TrackInfo,
        header: Option<Resource<output::Packet>>,
    ) -> wasmtime::Result<Result<u16, output::OutputError>> {
        self.budget.host_call(0)?;
        let header = header.map(|packet| self.packet(&packet).cloned()).transpose()?;
        self.told("output.add-track", || info.id.to_string(), |it| Ok(it.added_track(&info, header)))
    }

    fn set_metadata(&mut self, meta: types::Metadata) -> wasmtime::Result<Result<(), output::OutputError>> {
        let bytes = convert::metadata_bytes(&meta);
        self.budget.host_call(bytes)?;
        self.noted(|| format!("output.set-metadata: {}, {} values", meta.name, meta.fields.len()));
        let original = self.desk.output.original.as_deref();
        let metadata = convert::from_flat(meta, original).map_err(overstep)?;
        if original.is_some() {
            self.desk.output.staged().metadata = Some(metadata);
            return Ok(Ok(()));
        }
        self.told("output.set-metadata", String::new, |it| {
            if !it.desk.output.affords(bytes) {
                return Ok(Err(output::OutputError::Full));
            }
            let frame = data_frame(metadata, it.desk.output.now_us);
            it.desk.output.staged().before.push(Before::Emit(frame));
            Ok(Ok(()))
        })
    }
}

/// A data message of a filter's own; the writer encodes it.
fn data_frame(metadata: Metadata, dts_us: i64) -> Frame {
    let parts = flv::Parts {
        kind: Kind::Data,
        track: 0,
        codec: media::FourCc::UNKNOWN,
        content: Content::Data,
        key: false,
        disposable: false,
        cts_ms: 0,
    };
    let frame = flv::frame(&parts, dts_us, dts_us, &Body::new());
    Frame { metadata: Some(std::sync::Arc::new(metadata)), ..frame }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_per_kind_and_track_and_never_goes_back() {
        let mut order = Order::default();
        order.note(Kind::Video, 0, 40);
        order.note(Kind::Video, 0, 30);
        order.note(Kind::Audio, 0, 10);
        assert_eq!((order.last(Kind::Video, 0), order.last(Kind::Audio, 0)), (40, 10));
        assert_eq!(order.last(Kind::Video, 1), i64::MIN);
    }
}
