//! Streams beside the one that is filtered: `output.derived`, by grant `derive`.
//!
//! A handle of the guest names such a stream by its suffix. What the guest asks of it is staged; the chain takes it when the call
//! has returned. Whether the name is free shows only then: until the stream is refused, it counts as open.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use filter_wit::media::weir::filter::{output, types};
use media::{Body, Content, FourCc, Frame, Kind, flv};
use wasmtime::component::Resource;

use super::{EMIT_HEAD_START, Order, data_frame, made};
use crate::convert;
use crate::host::State;
use crate::limits::overstep;
use crate::session::{Attributes, StreamKey};

/// Bytes of a suffix.
const MOST_SUFFIX_BYTES: usize = 64;
/// Tracks of one derived stream.
const MOST_TRACKS: usize = 64;
/// The handle of a stream that is one too many.
const SURPLUS: u32 = u32::MAX;

/// One thing that a guest asked of a stream beside its own, which the number names.
pub(crate) enum Step {
    Open { stream: u64, suffix: Arc<str>, tags: Attributes },
    Frame { stream: u64, frame: Frame },
    Close { stream: u64 },
}

/// Why a stream beside another is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotDerived {
    /// Its name is in use.
    NameTaken,
    /// As many streams are published as may be.
    Full,
    /// It may not be, or not any more.
    Closed,
}

/// The handles that one instance has.
pub(crate) struct Derivations {
    granted: bool,
    most: usize,
    handles: Vec<Option<Handle>>,
    pub(crate) staged: Vec<Step>,
}

struct Handle {
    suffix: Arc<str>,
    tags: Attributes,
    life: Life,
    tracks: Vec<(Kind, u8)>,
    last: Order,
}

enum Life {
    New,
    Open(u64),
    Refused(NotDerived),
}

impl Handle {
    fn stream(&self) -> Result<u64, output::OutputError> {
        match self.life {
            Life::Open(stream) => Ok(stream),
            Life::New => Err(output::OutputError::Closed),
            Life::Refused(why) => Err(said(why)),
        }
    }
}

fn said(why: NotDerived) -> output::OutputError {
    match why {
        NotDerived::NameTaken => output::OutputError::NameTaken,
        NotDerived::Full => output::OutputError::Full,
        NotDerived::Closed => output::OutputError::Closed,
    }
}

impl Derivations {
    pub(crate) fn new(granted: bool, most: usize) -> Derivations {
        Derivations { granted, most, handles: Vec::new(), staged: Vec::new() }
    }

    /// The stream of this number is none.
    pub(crate) fn refuse(&mut self, stream: u64, why: NotDerived) {
        let of = |h: &&mut Handle| matches!(h.life, Life::Open(open) if open == stream);
        if let Some(handle) = self.handles.iter_mut().flatten().find(of) {
            handle.life = Life::Refused(why);
            handle.tracks.clear();
        }
    }

    fn put(&mut self, handle: Handle) -> u32 {
        if let Some(at) = self.handles.iter().position(Option::is_none) {
            if let Some(slot) = self.handles.get_mut(at) {
                *slot = Some(handle);
            }
            return u32::try_from(at).unwrap_or(SURPLUS);
        }
        if self.handles.len() >= self.most {
            return SURPLUS;
        }
        self.handles.push(Some(handle));
        u32::try_from(self.handles.len() - 1).unwrap_or(SURPLUS)
    }

    fn find(&mut self, handle: &Resource<output::Derived>) -> Result<&mut Handle, output::OutputError> {
        if !self.granted {
            return Err(output::OutputError::Denied);
        }
        self.handles.get_mut(handle.rep() as usize).and_then(Option::as_mut).ok_or(output::OutputError::Full)
    }

    fn open(&mut self, handle: &Resource<output::Derived>) -> Result<Arc<str>, output::OutputError> {
        static STREAMS: AtomicU64 = AtomicU64::new(1);
        let suffix = Arc::clone(&self.find(handle)?.suffix);
        let open = |h: &Handle| matches!(h.life, Life::Open(_)) && h.suffix == suffix;
        let other = |(at, h): (usize, &Option<Handle>)| at != handle.rep() as usize && h.as_ref().is_some_and(open);
        if self.handles.iter().enumerate().any(other) {
            return Err(output::OutputError::NameTaken);
        }
        let handle = self.find(handle)?;
        if !matches!(handle.life, Life::Open(_)) {
            let stream = STREAMS.fetch_add(1, Ordering::Relaxed);
            handle.life = Life::Open(stream);
            let tags = handle.tags.clone();
            self.staged.push(Step::Open { stream, suffix: Arc::clone(&suffix), tags });
        }
        Ok(suffix)
    }

    fn close(&mut self, handle: &Resource<output::Derived>) {
        if let Some(Handle { life: Life::Open(stream), .. }) =
            self.handles.get_mut(handle.rep() as usize).and_then(Option::take)
        {
            self.staged.push(Step::Close { stream });
        }
    }
}

fn is_suffix(text: &str) -> bool {
    (1..=MOST_SUFFIX_BYTES).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

impl State {
    /// Stages a frame of a derived stream, if the budget has room.
    fn derive(&mut self, stream: u64, frame: Frame, bytes: usize) -> Result<(), output::OutputError> {
        if !self.output.affords(bytes) {
            return Err(output::OutputError::Full);
        }
        self.output.derived.staged.push(Step::Frame { stream, frame });
        Ok(())
    }

    fn derived_track(
        &mut self,
        handle: &Resource<output::Derived>,
        info: &types::TrackInfo,
        header: Option<Body>,
    ) -> Result<u16, output::OutputError> {
        let now_us = self.output.now_us;
        let found = self.output.derived.find(handle)?;
        let stream = found.stream()?;
        let kind = convert::kind(info.kind);
        let track = u8::try_from(info.id).map_err(|_| output::OutputError::NoSuchTrack)?;
        let known = found.tracks.contains(&(kind, track));
        if kind == Kind::Data || (!known && found.tracks.len() >= MOST_TRACKS) {
            return Err(output::OutputError::NoSuchTrack);
        }
        let dts_us = now_us.max(found.last.last(kind, track));
        if let Some(header) = header {
            let frame = header_frame(kind, track, FourCc(info.codec), dts_us, &header);
            self.derive(stream, frame, header.len())?;
        }
        let found = self.output.derived.find(handle)?;
        if !known {
            found.tracks.push((kind, track));
        }
        Ok(info.id)
    }

    fn derived_frame(
        &mut self,
        handle: &Resource<output::Derived>,
        meta: &types::FrameMeta,
        payload: &Body,
    ) -> Result<(), output::OutputError> {
        let found = self.output.derived.find(handle)?;
        let stream = found.stream()?;
        let kind = convert::kind(meta.kind);
        let track = u8::try_from(meta.track).map_err(|_| output::OutputError::NoSuchTrack)?;
        if kind != Kind::Data && !found.tracks.contains(&(kind, track)) {
            return Err(output::OutputError::NoSuchTrack);
        }
        if meta.dts < found.last.last(kind, track) {
            return Err(output::OutputError::OutOfOrder);
        }
        self.derive(stream, made(meta, kind, track, payload), payload.len())?;
        self.output.derived.find(handle)?.last.note(kind, track, meta.dts);
        Ok(())
    }
}

/// A sequence header of a filter's own.
pub(super) fn header_frame(kind: Kind, track: u8, codec: FourCc, dts_us: i64, record: &Body) -> Frame {
    let parts = flv::Parts { kind, track, codec, content: Content::Header, key: false, disposable: false, cts_ms: 0 };
    flv::frame(&parts, dts_us, dts_us, record)
}

impl output::HostDerived for State {
    fn new(&mut self, suffix: String, tags: types::Attributes) -> wasmtime::Result<Resource<output::Derived>> {
        let bytes = tags.iter().fold(suffix.len(), |n, (name, value)| n + name.len() + value.len());
        self.budget.host_call(bytes)?;
        if !self.output.derived.granted {
            return Ok(Resource::new_own(SURPLUS));
        }
        if !is_suffix(&suffix) {
            let what = format!("`{}` is no suffix of a stream", suffix.escape_debug());
            return Err(overstep(format!("{what}: 1 to {MOST_SUFFIX_BYTES} letters, digits, `-`, `_` and `.`")));
        }
        let handle =
            Handle { suffix: suffix.into(), tags, life: Life::New, tracks: Vec::new(), last: Order::default() };
        Ok(Resource::new_own(self.output.derived.put(handle)))
    }

    fn open(
        &mut self,
        handle: Resource<output::Derived>,
    ) -> wasmtime::Result<Result<types::StreamKey, output::OutputError>> {
        self.budget.host_call(0)?;
        let key = self.key.clone();
        let StreamKey { app, name, .. } = &*key;
        let named = |suffix: Arc<str>| types::StreamKey {
            app: app.clone(),
            name: format!("{name}{suffix}"),
            query: Vec::new(),
        };
        self.told("derived.open", String::new, |it| Ok(it.output.derived.open(&handle).map(named)))
    }

    fn pressure(&mut self, handle: Resource<output::Derived>) -> wasmtime::Result<output::Pressure> {
        self.budget.host_call(0)?;
        self.told("derived.pressure", String::new, |it| {
            if it.output.derived.find(&handle).and_then(|h| h.stream()).is_err() {
                return Ok(output::Pressure::Full);
            }
            let left = it.output.credit - it.output.staged_bytes as f64;
            Ok(match left {
                left if left <= 0.0 => output::Pressure::Full,
                left if left < EMIT_HEAD_START / 4.0 => output::Pressure::High,
                _ => output::Pressure::Low,
            })
        })
    }

    fn add_track(
        &mut self,
        handle: Resource<output::Derived>,
        info: types::TrackInfo,
        header: Option<Resource<output::Packet>>,
    ) -> wasmtime::Result<Result<u16, output::OutputError>> {
        self.budget.host_call(0)?;
        let header = header.map(|packet| self.output.packets.find(&packet).cloned()).transpose()?;
        self.told("derived.add-track", || info.id.to_string(), |it| Ok(it.derived_track(&handle, &info, header)))
    }

    fn push(
        &mut self,
        handle: Resource<output::Derived>,
        meta: types::FrameMeta,
        packet: Resource<output::Packet>,
    ) -> wasmtime::Result<Result<(), output::OutputError>> {
        self.budget.host_call(0)?;
        let payload = self.output.packets.find(&packet)?.clone();
        let about = || format!("dts {}, {} bytes", meta.dts, payload.len());
        self.told("derived.push", about, |it| Ok(it.derived_frame(&handle, &meta, &payload)))
    }

    fn set_metadata(
        &mut self,
        handle: Resource<output::Derived>,
        meta: types::Metadata,
    ) -> wasmtime::Result<Result<(), output::OutputError>> {
        let bytes = convert::metadata_bytes(&meta);
        self.budget.host_call(bytes)?;
        let metadata = convert::from_flat(meta, self.output.original.as_deref()).map_err(overstep)?;
        let now_us = self.output.now_us;
        self.told("derived.set-metadata", String::new, |it| {
            let found = it.output.derived.find(&handle).and_then(|h| Ok((h.stream()?, h.last.is_empty())));
            // ffmpeg takes onMetaData that has a time for a subtitle: what stands before the first frame has none.
            let at_us = |begins: bool| if begins { 0 } else { now_us };
            Ok(found.and_then(|(stream, begins)| it.derive(stream, data_frame(metadata, at_us(begins)), bytes)))
        })
    }

    fn drop(&mut self, handle: Resource<output::Derived>) -> wasmtime::Result<()> {
        self.output.derived.close(&handle);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handle(suffix: &str) -> Handle {
        Handle { suffix: suffix.into(), tags: Vec::new(), life: Life::New, tracks: Vec::new(), last: Order::default() }
    }

    fn of(rep: u32) -> Resource<output::Derived> {
        Resource::new_own(rep)
    }

    #[test]
    fn a_suffix_is_opened_once_and_again_when_it_was_refused() {
        let mut derived = Derivations::new(true, 2);
        let (a, b) = (derived.put(handle("_a")), derived.put(handle("_a")));
        assert_eq!(derived.put(handle("_c")), SURPLUS, "one too many");
        assert!(derived.open(&of(a)).is_ok() && derived.open(&of(a)).is_ok());
        assert!(matches!(derived.open(&of(b)), Err(output::OutputError::NameTaken)));
        let [Step::Open { stream, .. }] = derived.staged.as_slice() else { panic!("opened once") };
        let stream = *stream;
        derived.refuse(stream, NotDerived::NameTaken);
        let refused = derived.find(&of(a)).unwrap().stream();
        assert!(matches!(refused, Err(output::OutputError::NameTaken)));
        assert!(derived.open(&of(a)).is_ok());
        derived.close(&of(a));
        assert!(matches!(derived.staged.last(), Some(Step::Close { stream: closed }) if *closed != stream));
        assert!(matches!(derived.open(&of(SURPLUS)), Err(output::OutputError::Full)));
    }

    #[test]
    fn suffixes_lead_nowhere_else() {
        assert!(["_audio", "-720p", ".low", "x"].into_iter().all(is_suffix));
        assert!(!["", "/x", "a b", "?k=v", "é", &"x".repeat(65)].into_iter().any(is_suffix));
    }
}
