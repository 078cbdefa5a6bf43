//! The two filters of a language, and what they are shown.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use filter::session::{ConnectionInfo, EndReason, StreamKey};
use filter::tape::watch::Watch;
use filter::{Filter, Grants, Limits, MediaChain, Runtime, RuntimeConfig, Spec, StreamInfo};
use media::metadata::Value;
use media::{Body, Content, FourCc, Frame, Kind, Metadata, flv};
use serde_json::json;

/// What the clock of all guests says.
pub(crate) const NOW_MS: u64 = 1_700_000_000_000;
/// The text that all are configured with.
pub(crate) const TEXT: &str = "weir & Wehr";

/// The conformance filters of one language.
pub(crate) struct Guest {
    media: PathBuf,
    session: PathBuf,
    pub(crate) runtime: Runtime,
    watch: Arc<Watch>,
    tokio: tokio::runtime::Runtime,
}

impl Guest {
    /// Builds them from source; of a version of the contract, takes those that were built when it came out.
    pub(crate) fn new(language: &str) -> Guest {
        let is_version = language.starts_with(|first: char| first.is_ascii_digit());
        let wasm = |kind: &str| if is_version { kept(language, kind) } else { built(language, kind) };
        let watch = Watch::new(true);
        let config = RuntimeConfig {
            cache_dir: Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("filter-code")),
            clock: filter::Clock::stopped_at(NOW_MS).0,
            // A Python interpreter is 18 MB, and the machine may be busy.
            compile_time: Duration::from_secs(1200),
            watch: Some(watch.clone()),
            ..RuntimeConfig::default()
        };
        let tokio = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let runtime = Runtime::new(config).unwrap();
        Guest { media: wasm("media"), session: wasm("session"), runtime, watch, tokio }
    }

    pub(crate) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.tokio.block_on(future)
    }

    fn spec(&self, wasm: &Path, config: serde_json::Value, grants: &[&str]) -> Spec {
        let grants = [&["entropy", "kv:conformance"], grants].concat();
        // What is held here is what filters do, not how fast a busy machine is.
        let limits = Limits {
            memory_bytes: 32 << 20,
            media_time: Duration::from_secs(30),
            start_time: Duration::from_secs(60),
            session_time: Duration::from_secs(30),
            session_wait: Duration::from_secs(60),
            log_lines_per_second: 1000,
            ..Limits::default()
        };
        let secrets = BTreeMap::from([("key".to_owned(), "s3cret".to_owned())]);
        let mut spec =
            Spec { config, limits, secrets, grants: Grants::parse(grants).unwrap(), ..Spec::new("it", wasm) };
        // Another generation takes over at once.
        spec.swap.warm_up.frames = 0;
        spec.swap.probation = Duration::ZERO;
        spec
    }

    /// The media filter that does this.
    pub(crate) fn media_spec(&self, deed: &str, grants: &[&str]) -> Spec {
        self.spec(&self.media, json!({ "do": deed, "text": TEXT }), grants)
    }

    /// The session filter that does this.
    pub(crate) fn session_spec(&self, deed: &str) -> Spec {
        self.spec(&self.session, json!({ "do": deed, "text": TEXT }), &[])
    }

    pub(crate) fn load(&self, spec: Spec) -> Arc<Filter> {
        self.watch.take();
        let (filter, loaded) = self.wait(self.runtime.load(spec));
        loaded.unwrap();
        filter
    }

    pub(crate) fn media(&self, deed: &str) -> Arc<Filter> {
        self.load(self.media_spec(deed, &[]))
    }

    /// All that comes out of a whole stream, through a filter that does this.
    pub(crate) fn through(&self, deed: &str, frames: impl IntoIterator<Item = Frame>) -> Vec<Frame> {
        all(&self.media(deed), frames)
    }

    /// Why a filter with these settings is not loaded.
    pub(crate) fn refusal(&self, config: serde_json::Value) -> String {
        let both = [&self.media, &self.session].map(|wasm| {
            let loaded = self.wait(self.runtime.load(self.spec(wasm, config.clone(), &[]))).1;
            loaded.expect_err("it is loaded").to_string()
        });
        both.join("\n")
    }

    /// The lines of the log since a filter was loaded last.
    pub(crate) fn log(&self) -> Vec<String> {
        let notes = self.watch.take().into_iter().flat_map(|seen| seen.notes);
        notes.filter(|note| note.starts_with("log ")).collect()
    }
}

fn built(language: &str, kind: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guest-sdk").join(language).join("conformance");
    let built = guest_build::build(&folder.join(kind), &mut |_| {});
    built.unwrap_or_else(|e| panic!("{language}, {kind}: {e}")).wasm
}

/// A component that is never built again, from its text.
fn kept(version: &str, kind: &str) -> PathBuf {
    let name = format!("{version}-{kind}");
    let text =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/languages/kept").join(&name).with_added_extension("wat");
    let bytes = wat::parse_file(&text).unwrap_or_else(|e| panic!("{e}"));
    let wasm = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).with_added_extension("wasm");
    std::fs::write(&wasm, bytes).unwrap();
    wasm
}

pub(crate) fn stream() -> StreamInfo {
    let publisher = ConnectionInfo {
        id: 1,
        peer_ip: "192.0.2.7".into(),
        agent: "FMLE/3.0".into(),
        app: "live".into(),
        ..ConnectionInfo::default()
    };
    StreamInfo {
        id: 7,
        key: StreamKey {
            app: "live".into(),
            name: "cam".into(),
            query: vec![("a".into(), "1".into()), ("b".into(), "".into())],
        },
        publisher: Arc::new(publisher),
        tags: vec![("plan".into(), "gold".into()), ("n".into(), "2".into())],
        viewer: None,
    }
}

pub(crate) fn chain(filter: &Arc<Filter>) -> MediaChain {
    MediaChain::open(std::slice::from_ref(filter), stream())
}

pub(crate) fn push(chain: &mut MediaChain, frames: impl IntoIterator<Item = Frame>) -> Vec<Frame> {
    let mut out = Vec::new();
    for frame in frames {
        chain.push(frame, &mut out).unwrap();
    }
    out
}

pub(crate) fn all(filter: &Arc<Filter>, frames: impl IntoIterator<Item = Frame>) -> Vec<Frame> {
    let mut chain = chain(filter);
    let mut out = push(&mut chain, frames);
    chain.end(EndReason::SourceEnded, &mut out);
    out
}

fn frame(kind: Kind, codec: FourCc, content: Content, key: bool, payload: Vec<u8>, dts_ms: i64) -> Frame {
    let parts = flv::Parts { kind, track: 0, codec, content, key, disposable: false, cts_ms: 0 };
    let body = flv::build(&parts, &Body::from(payload)).0.to_bytes();
    if kind == Kind::Video { flv::video(body, dts_ms * 1000) } else { flv::audio(body, dts_ms * 1000) }
}

/// NAL units behind length prefixes of four bytes.
pub(crate) fn units(units: &[&[u8]]) -> Vec<u8> {
    units.iter().flat_map(|u| [&(u.len() as u32).to_be_bytes()[..], u].concat()).collect()
}

/// An H.264 frame as it comes from an encoder.
pub(crate) fn avc(dts_ms: i64, key: bool, of: &[&[u8]]) -> Frame {
    frame(Kind::Video, FourCc::AVC1, Content::Coded, key, units(of), dts_ms)
}

/// A decoder configuration record for units with four-byte lengths.
pub(crate) fn avc_header() -> Frame {
    frame(Kind::Video, FourCc::AVC1, Content::Header, false, vec![1, 100, 0, 40, 0xff, 0xe0, 0], 0)
}

pub(crate) fn aac(dts_ms: i64) -> Frame {
    frame(Kind::Audio, FourCc::MP4A, Content::Coded, false, vec![0x21; 20], dts_ms)
}

/// AAC-LC, 44.1 kHz, two channels.
pub(crate) fn aac_header() -> Frame {
    frame(Kind::Audio, FourCc::MP4A, Content::Header, false, vec![0x12, 0x10], 0)
}

/// An `onMetaData` with a value of every kind.
pub(crate) fn metadata() -> Frame {
    let fields = [
        ("width", Value::Number(1280.0)),
        ("stereo", Value::Bool(true)),
        ("encoder", Value::Text("Größe".into())),
        ("made", Value::Date(1.5e12)),
        ("none", Value::Null),
    ];
    let value = Value::Object(fields.map(|(k, v)| (k.to_owned(), v)).into());
    let parts = flv::Parts {
        kind: Kind::Data,
        track: 0,
        codec: FourCc::UNKNOWN,
        content: Content::Data,
        key: false,
        disposable: false,
        cts_ms: 0,
    };
    let frame = flv::frame(&parts, 0, 0, &Body::from(Bytes::from_static(b"amf of the sender")));
    Frame { metadata: Some(Arc::new(Metadata { name: "onMetaData".into(), value })), from_filter: false, ..frame }
}

/// Pictures of 40 ms, every fourth a key frame: AUD and SEI before the slice, whose last byte tells the frame.
pub(crate) fn video(frames: std::ops::Range<u8>) -> Vec<Frame> {
    frames
        .map(|n| {
            let key = n % 4 == 0;
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

/// Payloads of the coded frames.
pub(crate) fn payloads(frames: &[Frame]) -> Vec<Vec<u8>> {
    let coded = frames.iter().filter(|f| f.content == Content::Coded);
    coded.map(|f| f.payload().to_bytes().to_vec()).collect()
}

/// The messages of this name: their fields, as text.
pub(crate) fn messages(frames: &[Frame], name: &str) -> Vec<Vec<(String, String)>> {
    let text = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    let named = frames.iter().filter_map(|f| f.metadata.as_deref()).filter(|m| m.name == name);
    named
        .map(|m| match &m.value {
            Value::Object(fields) => fields.iter().map(|(k, v)| (k.clone(), text(v))).collect(),
            other => panic!("{other:?}"),
        })
        .collect()
}

/// The only message of this name.
pub(crate) fn message(frames: &[Frame], name: &str) -> Vec<(String, String)> {
    let mut all = messages(frames, name);
    assert_eq!(all.len(), 1, "{name}: {all:?}");
    all.remove(0)
}

/// Names and values as they are expected.
pub(crate) fn fields(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}
