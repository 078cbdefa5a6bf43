//! What all these tests need: guests built from source, a runtime, frames.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use filter::counters::Report;
use filter::session::{ConnectionInfo, EndReason, StreamKey};
use filter::{Ended, Filter, MediaChain, Runtime, RuntimeConfig, Spec, StreamInfo};
use media::{Body, Content, FourCc, Frame, Kind, Metadata, flv};

/// Far longer than anything here takes: machines are shared.
const PATIENCE: Duration = Duration::from_secs(60);

/// The wasm file of a filter in `filters/`, built once per run.
pub(crate) fn wasm(filter: &str) -> PathBuf {
    static BUILT: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(path) = built.get(filter) {
        return path.clone();
    }
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../filters").join(filter);
    let path = guest_build::build(&dir, &mut |_| {}).unwrap_or_else(|e| panic!("{filter}: {e}")).wasm;
    built.insert(filter.to_owned(), path.clone());
    path
}

/// A runtime whose compiled code is shared by all tests.
pub(crate) fn runtime() -> Runtime {
    let cache_dir = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("filter-code"));
    Runtime::new(RuntimeConfig { cache_dir, ..RuntimeConfig::default() }).unwrap()
}

/// One whose clock stands still: instances are opened between two frames, so that it is known which frame is the first that they see.
pub(crate) fn still() -> Runtime {
    let cache_dir = Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("filter-code"));
    let clock = filter::Clock::stopped_at(1_700_000_000_000).0;
    Runtime::new(RuntimeConfig { cache_dir, clock, ..RuntimeConfig::default() }).unwrap()
}

/// Another generation takes over at the first boundary, and the one before is let go.
pub(crate) fn cold(mut spec: Spec) -> Spec {
    spec.swap.warm_up.frames = 0;
    spec.swap.probation = std::time::Duration::ZERO;
    spec
}

/// A filter of `filters/` with a configuration.
pub(crate) fn spec(filter: &str, config: serde_json::Value) -> Spec {
    Spec { config, ..Spec::new("it", wasm(filter)) }
}

/// Loads it; it must be good.
pub(crate) async fn load(runtime: &Runtime, spec: Spec) -> Arc<Filter> {
    let (filter, loaded) = runtime.load(spec).await;
    loaded.unwrap();
    filter
}

/// Loads a filter of `filters/conformance/media`, in a runtime of its own.
pub(crate) async fn conformance(config: serde_json::Value) -> Arc<Filter> {
    load(&runtime(), spec("conformance/media", config)).await
}

/// Looks until there is something, and says what there is instead if it does not come: other threads send no word of what they did. Nothing
/// else here sleeps.
pub(crate) fn found<T, E: std::fmt::Display>(what: &str, mut look: impl FnMut() -> Result<T, E>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match look() {
            Ok(found) => return found,
            Err(instead) => assert!(Instant::now() < deadline, "in vain waited for: {what}; {instead}"),
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Lets other tasks of this thread go on until it is so.
pub(crate) async fn comes(what: &str, is: impl Fn() -> bool) {
    let coming = async {
        while !is() {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, coming).await;
    assert!(in_time.is_ok(), "in vain waited for: {what}");
}

/// Waits until a report says so.
pub(crate) fn until(filter: &Filter, what: &str, mut wanted: impl FnMut(&Report) -> bool) -> Report {
    found(what, || {
        let report = filter.counters();
        if wanted(&report) { Ok(report) } else { Err(report.to_string()) }
    })
}

pub(crate) fn stream(name: &str) -> StreamInfo {
    StreamInfo {
        id: 7,
        key: StreamKey { app: "live".into(), name: name.into(), query: vec![] },
        publisher: Arc::new(ConnectionInfo { id: 1, peer_ip: "127.0.0.1".into(), ..ConnectionInfo::default() }),
        tags: vec![("plan".into(), "gold".into())],
        viewer: None,
    }
}

/// A chain of one filter for `live/cam`.
pub(crate) fn chain(filter: &Arc<Filter>) -> MediaChain {
    MediaChain::open(std::slice::from_ref(filter), stream("cam"))
}

/// Pushes frames one by one and gives what came out.
pub(crate) fn push(chain: &mut MediaChain, frames: impl IntoIterator<Item = Frame>) -> Result<Vec<Frame>, Ended> {
    let mut out = Vec::new();
    for frame in frames {
        chain.push(frame, &mut out)?;
    }
    Ok(out)
}

/// All that comes out of a whole stream.
pub(crate) fn all(filter: &Arc<Filter>, frames: impl IntoIterator<Item = Frame>) -> Vec<Frame> {
    let mut chain = chain(filter);
    let mut out = push(&mut chain, frames).unwrap();
    chain.end(EndReason::SourceEnded, &mut out);
    out
}

fn parts(kind: Kind, codec: FourCc, content: Content, key: bool) -> flv::Parts {
    flv::Parts { kind, track: 0, codec, content, key, disposable: false, cts_ms: 0 }
}

fn came(kind: Kind, body: Body, dts_ms: i64) -> Frame {
    match kind {
        Kind::Video => flv::video(body.to_bytes(), dts_ms * 1000),
        _ => flv::audio(body.to_bytes(), dts_ms * 1000),
    }
}

/// NAL units behind length prefixes of four bytes.
pub(crate) fn avc_payload(units: &[&[u8]]) -> Vec<u8> {
    units.iter().flat_map(|u| [&(u.len() as u32).to_be_bytes()[..], u].concat()).collect()
}

/// An H.264 frame as it comes from an encoder.
pub(crate) fn avc(dts_ms: i64, key: bool, units: &[&[u8]]) -> Frame {
    let parts = parts(Kind::Video, FourCc::AVC1, Content::Coded, key);
    came(Kind::Video, flv::build(&parts, &Body::from(avc_payload(units))).0, dts_ms)
}

/// A decoder configuration record for units with four-byte lengths, and `more` behind it.
pub(crate) fn avc_header(dts_ms: i64, more: &[u8]) -> Frame {
    let record = [&[1, 100, 0, 40, 0xff, 0xe0, 0][..], more].concat();
    let parts = parts(Kind::Video, FourCc::AVC1, Content::Header, false);
    came(Kind::Video, flv::build(&parts, &Body::from(record)).0, dts_ms)
}

pub(crate) fn aac(dts_ms: i64) -> Frame {
    let parts = parts(Kind::Audio, FourCc::MP4A, Content::Coded, false);
    came(Kind::Audio, flv::build(&parts, &Body::from(vec![0x21; 200])).0, dts_ms)
}

pub(crate) fn aac_header(dts_ms: i64) -> Frame {
    let parts = parts(Kind::Audio, FourCc::MP4A, Content::Header, false);
    came(Kind::Audio, flv::build(&parts, &Body::from(vec![0x12, 0x10])).0, dts_ms)
}

pub(crate) fn alaw(dts_ms: i64) -> Frame {
    let parts = parts(Kind::Audio, FourCc::ALAW, Content::Coded, false);
    came(Kind::Audio, flv::build(&parts, &Body::from(vec![0xd5; 160])).0, dts_ms)
}

pub(crate) fn data(dts_ms: i64, meta: Metadata) -> Frame {
    let parts = parts(Kind::Data, FourCc::UNKNOWN, Content::Data, false);
    let frame = flv::frame(&parts, dts_ms * 1000, dts_ms * 1000, &Body::from(Bytes::from_static(b"amf of the sender")));
    Frame { metadata: Some(Arc::new(meta)), from_filter: false, ..frame }
}

/// A key frame every `gop` frames of 40 ms: AUD and SEI before the slice, whose last byte tells the frame.
pub(crate) fn video(frames: std::ops::Range<u8>, gop: u8) -> Vec<Frame> {
    frames
        .map(|n| {
            let key = n % gop == 0;
            avc(i64::from(n) * 40, key, &[&[9, 0xf0], &[6, 5, 1, 0, 0x80], &[if key { 0x65 } else { 0x41 }, 1, 2, n]])
        })
        .collect()
}

/// What tells the frames of [`video`] apart.
pub(crate) fn numbers(frames: &[Frame]) -> Vec<u8> {
    let coded = frames.iter().filter(|f| f.kind == Kind::Video && f.content == Content::Coded);
    coded.map(|f| f.payload().to_bytes().last().copied().unwrap_or(255)).collect()
}

/// Bodies and times: what a player would see.
pub(crate) fn seen(frames: &[Frame]) -> Vec<(Kind, i64, Vec<u8>)> {
    frames.iter().map(|f| (f.kind, f.dts_us, f.body.to_bytes().to_vec())).collect()
}

/// The names of the data messages.
pub(crate) fn messages(frames: &[Frame]) -> Vec<String> {
    frames.iter().filter_map(|f| f.metadata.as_ref()).map(|m| m.name.clone()).collect()
}
