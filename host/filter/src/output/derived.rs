//! Streams beside the one that is filtered: `output.derived`, by grant `derive`.
//!
//! A handle of the guest names such a stream by its suffix. What the guest asks of it is staged; the chain takes it when the call
//! has returned. Whether the name is free shows only then: until the stream is refused, it counts as open.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use filter_wit::media::weir::filter::{output, types};
use media::{Body, Content, FourCc, Frame, Kind, flv};
use wasmtime::component::Resource;

use super::{EMIT_HEAD_START, Order, Stray, data_frame, made};
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

/// What a handle of the guest stands for.
pub(crate) struct Handle {
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

impl State {
    /// A stream beside that of the desk is none.
    pub(crate) fn refuse_derived(&mut self, stream: u64, why: NotDerived) {
        let of = |h: &&mut Handle| matches!(h.life, Life::Open(open) if open == stream);
        if let Some(handle) = self.derived.of(self.desk.id).map(|(_, handle)| handle).find(of) {
            handle.life = Life::Refused(why);
            handle.tracks.clear();
        }
    }

    fn put_derived(&mut self, handle: Handle) -> wasmtime::Result<u32> {
        let desk = self.desk.id;
        match self.derived.of(desk).count() < self.guest.limits.derived_streams {
            true => self.derived.put(desk, handle),
            false => Ok(SURPLUS),
        }
    }

    fn find_derived(&mut self, handle: &Resource<output::Derived>) -> Found<'_> {
        if !self.guest.derive {
            return Ok(Err(output::OutputError::Denied));
        }
        match handle.rep() {
            SURPLUS => Ok(Err(output::OutputError::Full)),
            rep => self.derived.find_mut(self.desk.id, rep).map(Ok),
        }
    }

    fn open_derived(
        &mut self,
        handle: &Resource<output::Derived>,
    ) -> wasmtime::Result<Result<Arc<str>, output::OutputError>> {
        static STREAMS: AtomicU64 = AtomicU64::new(1);
        let suffix = match self.find_derived(handle)? {
            Ok(found) => Arc::clone(&found.suffix),
            Err(why) => return Ok(Err(why)),
        };
        let open = |h: &Handle| matches!(h.life, Life::Open(_)) && h.suffix == suffix;
        if self.derived.of(self.desk.id).any(|(at, h)| at != handle.rep() && open(h)) {
            return Ok(Err(output::OutputError::NameTaken));
        }
        if let Ok(handle) = self.find_derived(handle)?
            && !matches!(handle.life, Life::Open(_))
        {
            let stream = STREAMS.fetch_add(1, Ordering::Relaxed);
            handle.life = Life::Open(stream);
            let tags = handle.tags.clone();
            let step = Step::Open { stream, suffix: Arc::clone(&suffix), tags };
            self.desk.output.staged().derived.push(step);
        }
        Ok(Ok(suffix))
    }

    fn close_derived(&mut self, handle: &Resource<output::Derived>) {
        let Some((owner, Handle { life: Life::Open(stream), .. })) = self.derived.remove(handle.rep()) else { return };
        match owner == self.desk.id {
            true => self.desk.output.staged().derived.push(Step::Close { stream }),
            false => self.strays.push(Stray::Derived { owner, stream }),
        }
    }
}

/// What a handle stands for; the error that the guest is told; or a trap, for a handle that is not the stream's.
type Found<'a> = wasmtime::Result<Result<&'a mut Handle, output::OutputError>>;

fn is_suffix(text: &str) -> bool {
    (1..=MOST_SUFFIX_BYTES).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

impl State {
    /// Stages a frame of a derived stream, if the budget has room.
    fn derive(&mut self, stream: u64, frame: Frame, bytes: usize) -> Result<(), output::OutputError> {
        let output = &mut self.desk.output;
        if !output.affords(bytes) {
            return Err(output::OutputError::Full);
        }
        output.staged().derived.push(Step::Frame { stream, frame });
        Ok(())
    }

    fn derived_track(
        &mut self,
        handle: &Resource<output::Derived>,
        info: &types::TrackInfo,
        header: Option<Body>,
    ) -> wasmtime::Result<Result<u16, output::OutputError>> {
        let now_us = self.desk.output.now_us;
        let found = match self.find_derived(handle)? {
            Ok(found) => found,
            Err(why) => return Ok(Err(why)),
        };
        let kind = convert::kind(info.kind);
        let (stream, track) = match (found.stream(), u8::try_from(info.id)) {
            (Err(why), _) => return Ok(Err(why)),
            (_, Err(_)) => return Ok(Err(output::OutputError::NoSuchTrack)),
            (Ok(stream), Ok(track)) => (stream, track),
        };
        let known = found.tracks.contains(&(kind, track));
        if kind == Kind::Data || (!known && found.tracks.len() >= MOST_TRACKS) {
            return Ok(Err(output::OutputError::NoSuchTrack));
        }
        let dts_us = now_us.max(found.last.last(kind, track));
        if let Some(header) = header {
            let frame = header_frame(kind, track, FourCc(info.codec), dts_us, &header);
            if let Err(why) = self.derive(stream, frame, header.len()) {
                return Ok(Err(why));
            }
        }
        if let (Ok(found), false) = (self.find_derived(handle)?, known) {
            found.tracks.push((kind, track));
        }
        Ok(Ok(info.id))
    }

    fn derived_frame(
        &mut self,
        handle: &Resource<output::Derived>,
        meta: &types::FrameMeta,
        payload: &Body,
    ) -> wasmtime::Result<Result<(), output::OutputError>> {
        let found = match self.find_derived(handle)? {
            Ok(found) => found,
            Err(why) => return Ok(Err(why)),
        };
        let kind = convert::kind(meta.kind);
        let (stream, track) = match (found.stream(), u8::try_from(meta.track)) {
            (Err(why), _) => return Ok(Err(why)),
            (_, Err(_)) => return Ok(Err(output::OutputError::NoSuchTrack)),
            (Ok(stream), Ok(track)) => (stream, track),
        };
        if kind != Kind::Data && !found.tracks.contains(&(kind, track)) {
            return Ok(Err(output::OutputError::NoSuchTrack));
        }
        if meta.dts < found.last.last(kind, track) {
            return Ok(Err(output::OutputError::OutOfOrder));
        }
        let staged = self.derive(stream, made(meta, kind, track, payload), payload.len());
        if let (Ok(()), Ok(found)) = (&staged, self.find_derived(handle)?) {
            found.last.note(kind, track, meta.dts);
        }
        Ok(staged)
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
        if !self.guest.derive {
            return Ok(Resource::new_own(SURPLUS));
        }
        if !is_suffix(&suffix) {
            let what = format!("`{}` is no suffix of a stream", suffix.escape_debug());
            return Err(overstep(format!("{what}: 1 to {MOST_SUFFIX_BYTES} letters, digits, `-`, `_` and `.`")));
        }
        let handle =
            Handle { suffix: suffix.into(), tags, life: Life::New, tracks: Vec::new(), last: Order::default() };
        Ok(Resource::new_own(self.put_derived(handle)?))
    }

    fn open(
        &mut self,
        handle: Resource<output::Derived>,
    ) -> wasmtime::Result<Result<types::StreamKey, output::OutputError>> {
        self.budget.host_call(0)?;
        let info = self.desk.info.clone().unwrap_or_default();
        let StreamKey { app, name, .. } = &info.key;
        let named = |suffix: Arc<str>| types::StreamKey {
            app: app.clone(),
            name: format!("{name}{suffix}"),
            query: Vec::new(),
        };
        self.told("derived.open", String::new, |it| Ok(it.open_derived(&handle)?.map(named)))
    }

    fn pressure(&mut self, handle: Resource<output::Derived>) -> wasmtime::Result<output::Pressure> {
        self.budget.host_call(0)?;
        self.told("derived.pressure", String::new, |it| {
            if it.find_derived(&handle)?.and_then(|h| h.stream()).is_err() {
                return Ok(output::Pressure::Full);
            }
            Ok(match it.desk.output.room() {
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
        let header = header.map(|packet| self.packet(&packet).cloned()).transpose()?;
        self.told("derived.add-track", || info.id.to_string(), |it| it.derived_track(&handle, &info, header))
    }

    fn push(
        &mut self,
        handle: Resource<output::Derived>,
        meta: types::FrameMeta,
        packet: Resource<output::Packet>,
    ) -> wasmtime::Result<Result<(), output::OutputError>> {
        self.budget.host_call(0)?;
        let payload = self.packet(&packet)?.clone();
        let about = || format!("dts {}, {} bytes", meta.dts, payload.len());
        self.told("derived.push", about, |it| it.derived_frame(&handle, &meta, &payload))
    }

    fn set_metadata(
        &mut self,
        handle: Resource<output::Derived>,
        meta: types::Metadata,
    ) -> wasmtime::Result<Result<(), output::OutputError>> {
        let bytes = convert::metadata_bytes(&meta);
        self.budget.host_call(bytes)?;
        let metadata = convert::from_flat(meta, self.desk.output.original.as_deref()).map_err(overstep)?;
        let now_us = self.desk.output.now_us;
        self.told("derived.set-metadata", String::new, |it| {
            let found = it.find_derived(&handle)?.and_then(|h| Ok((h.stream()?, h.last.is_empty())));
            // ffmpeg takes onMetaData that has a time for a subtitle: what stands before the first frame has none.
            let at_us = |begins: bool| if begins { 0 } else { now_us };
            Ok(found.and_then(|(stream, begins)| it.derive(stream, data_frame(metadata, at_us(begins)), bytes)))
        })
    }

    fn drop(&mut self, handle: Resource<output::Derived>) -> wasmtime::Result<()> {
        self.close_derived(&handle);
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

    fn state() -> State {
        crate::host::tests::state(|guest| (guest.derive, guest.limits.derived_streams) = (true, 2))
    }

    #[test]
    fn a_suffix_is_opened_once_and_again_when_it_was_refused() {
        let mut it = state();
        let [a, b, c] = ["_a", "_a", "_c"].map(|suffix| it.put_derived(handle(suffix)).unwrap());
        assert_eq!(c, SURPLUS, "one too many");
        assert!((0..2).all(|_| it.open_derived(&of(a)).unwrap().is_ok()));
        assert!(matches!(it.open_derived(&of(b)).unwrap(), Err(output::OutputError::NameTaken)));
        let [Step::Open { stream, .. }] = it.desk.output.staged().derived.as_slice() else { panic!("opened once") };
        let stream = *stream;
        it.refuse_derived(stream, NotDerived::NameTaken);
        let refused = it.find_derived(&of(a)).unwrap().unwrap().stream();
        assert!(matches!(refused, Err(output::OutputError::NameTaken)));
        assert!(it.open_derived(&of(a)).unwrap().is_ok());
        it.close_derived(&of(a));
        let staged = &it.desk.output.staged().derived;
        assert!(matches!(staged.last(), Some(Step::Close { stream: closed }) if *closed != stream));
        assert!(matches!(it.open_derived(&of(SURPLUS)).unwrap(), Err(output::OutputError::Full)));
    }

    #[test]
    fn another_streams_handle_is_refused_and_may_be_let_go() {
        let mut it = state();
        let mine = it.put_derived(handle("_a")).unwrap();
        assert!(it.open_derived(&of(mine)).unwrap().is_ok());
        let mut other = crate::desk::Desk::new(None);
        std::mem::swap(&mut it.desk, &mut other);
        assert!(it.find_derived(&of(mine)).err().unwrap().to_string().contains("of another stream"));
        let [theirs, surplus] = ["_a", "_b"].map(|suffix| it.put_derived(handle(suffix)).unwrap());
        assert!(it.open_derived(&of(theirs)).unwrap().is_ok(), "names are free per stream");
        assert_ne!(surplus, SURPLUS, "the number of streams is bounded per stream");
        it.close_derived(&of(mine));
        assert!(it.desk.output.staged().derived.iter().all(|step| matches!(step, Step::Open { .. })));
        std::mem::swap(&mut it.desk, &mut other);
        it.settle_strays();
        let staged = &it.desk.output.staged().derived;
        assert!(
            matches!(staged.as_slice(), [Step::Open { stream, .. }, Step::Close { stream: closed }] if stream == closed)
        );
    }

    #[test]
    fn suffixes_lead_nowhere_else() {
        assert!(["_audio", "-720p", ".low", "x"].into_iter().all(is_suffix));
        assert!(!["", "/x", "a b", "?k=v", "é", &"x".repeat(65)].into_iter().any(is_suffix));
    }
}
