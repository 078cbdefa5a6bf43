//! Calls that are recorded and made once more.

use std::path::{Path, PathBuf};

use filter::tape::recorder::{EXTENSION, Settings};
use filter::tape::recording::{Error, Reader};
use filter::tape::replay::{Replayed, Step};
use filter::{Grants, Isolation, Spec};
use serde_json::json;

use crate::kit::*;

/// The recordings of a folder, once there are so many.
fn recordings(folder: &Path, count: usize) -> Vec<PathBuf> {
    found(&format!("{count} recordings"), || {
        let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
        let mut files: Vec<_> = files.filter(|file| file.extension().is_some_and(|e| e == EXTENSION)).collect();
        files.sort();
        if files.len() >= count { Ok(files) } else { Err(files.len()) }
    })
}

async fn replay(bytes: &[u8], wasm: &Path) -> (Replayed, Vec<Step>) {
    let reader = Reader::new(bytes).unwrap();
    let spec = reader.head().spec(wasm).unwrap();
    let mut steps = Vec::new();
    let replayed = runtime().replay(&spec, reader, |step| steps.push(step.clone())).await.unwrap();
    (replayed, steps)
}

#[tokio::test]
async fn a_trap_is_recorded_and_comes_again_at_the_same_frame() {
    let rows = [("panic", "told to panic"), ("trap", "unreachable"), ("loop", "deadline")];
    for ((deed, word), isolation) in rows.into_iter().zip([Isolation::Stream, Isolation::Shared, Isolation::Shared]) {
        let folder = tempfile::tempdir().unwrap();
        let config = json!({ "deed": deed, "hook": "frame", "after": 30 });
        let record = Some(Settings::to(folder.path()));
        let it = Spec { record, isolation, ..spec("conformance/hostile", config) };
        let it = load(&runtime(), it).await;
        // Who came before has nothing to do with it.
        let _first = filter::MediaChain::open(std::slice::from_ref(&it), stream("first"));
        all(&it, [vec![avc_header(0, &[])], video(0..40, 100)].concat());
        let bytes = std::fs::read(&recordings(folder.path(), 1)[0]).unwrap();
        let reader = Reader::new(&bytes[..]).unwrap();
        assert_eq!((reader.head().stream.as_str(), reader.head().dropped), ("live/cam", 0));
        assert!(reader.head().reason.starts_with("on-frame"), "{}", reader.head().reason);
        let (replayed, steps) = replay(&bytes, &wasm("conformance/hostile")).await;
        assert_eq!((replayed.differing, replayed.strayed), (0, 0), "{deed}: {steps:?}");
        assert_eq!(replayed.failed.as_ref().map(|f| f.0), replayed.recorded.as_ref().map(|f| f.0));
        let last = steps.last().unwrap();
        assert!(last.seen.outcome.is_fatal() && last.seen.about.starts_with("#31 "), "{deed}: {last:?}");
        let told = format!("{} {:?}", last.seen.outcome, last.seen.notes);
        assert!(told.contains(word) && told.contains("deeds::Deed::perform"), "names of functions: {told}");
    }
}

#[tokio::test]
async fn a_trap_for_one_viewer_comes_again_for_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let config = json!({ "deed": "trap", "hook": "frame", "after": 3, "plan": "gold" });
    let it = Spec { record: Some(Settings::to(folder.path())), ..spec("conformance/hostile", config) };
    let it = load(&runtime(), it).await;
    for plan in ["silver", "gold"] {
        let tags = vec![("plan".to_owned(), plan.to_owned())];
        let viewer = Some(std::sync::Arc::new(filter::Viewer { id: 7, tags, ..filter::Viewer::default() }));
        let info = filter::StreamInfo { viewer, ..stream("cam") };
        let mut chain = filter::MediaChain::open(std::slice::from_ref(&it), info);
        push(&mut chain, video(0..5, 100)).unwrap();
        assert_eq!(it.counters().events.traps, u64::from(plan == "gold"));
    }
    let bytes = std::fs::read(&recordings(folder.path(), 1)[0]).unwrap();
    let (replayed, steps) = replay(&bytes, &wasm("conformance/hostile")).await;
    assert_eq!((replayed.differing, replayed.strayed), (0, 0), "{steps:?}");
    assert!(replayed.failed.is_some());
}

#[tokio::test]
async fn nothing_is_recorded_of_other_streams_and_without_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { streams: "stage/*".into(), ..Settings::to(folder.path().join("new")) };
    let config = json!({ "deed": "trap", "hook": "frame", "after": 3 });
    let it = load(&runtime(), Spec { record: Some(settings), ..spec("conformance/hostile", config) }).await;
    all(&it, video(0..10, 100));
    assert_eq!(it.counters().events.traps, 1);
    assert!(!folder.path().join("new").exists());
}

#[tokio::test]
async fn what_is_asked_for_begins_at_a_key_frame_within_its_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { bytes: 64 << 10, ..Settings::to(folder.path()) };
    let it = Spec { record: Some(settings), ..spec("conformance/media", json!({ "mode": "report" })) };
    let runtime = runtime();
    let it = load(&runtime, it).await;
    let mut chain = chain(&it);
    let mut out = Vec::new();
    let frame = |n: i64| avc(n * 40, n % 25 == 0, &[&[if n % 25 == 0 { 0x65 } else { 0x41 }; 1000]]);
    for frame in std::iter::once(avc_header(0, &[])).chain((0..500).map(frame)) {
        chain.push(frame, &mut out).unwrap();
    }
    // Nothing comes any more: the file is written all the same.
    runtime.record();
    let bytes = std::fs::read(&recordings(folder.path(), 1)[0]).unwrap();
    assert!(bytes.len() < 80 << 10, "{}", bytes.len());
    let head = Reader::new(&bytes[..]).unwrap().head().clone();
    assert!(head.dropped > 400 && head.reason == "asked for", "{head:?}");
    let (replayed, steps) = replay(&bytes, &wasm("conformance/media")).await;
    assert!(replayed.failed.is_none() && replayed.calls == head.calls, "{replayed:?}");
    let names: Vec<_> = steps.iter().map(|step| step.seen.hook.name()).collect();
    assert_eq!(names[..5], ["start", "configure", "open", "subscribe", "on-header"], "{names:?}");
    assert!(steps[5].seen.about.contains(" key "), "{:?}", steps[5]);
}

#[tokio::test]
async fn a_recording_holds_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let config = json!({ "deed": "panic", "hook": "frame", "after": 2, "stream": "hunter2-config" });
    let it = Spec {
        record: Some(Settings::to(folder.path())),
        secrets: [("key".to_owned(), "hunter2-secret".to_owned())].into(),
        hidden: ["hunter2-config".to_owned()].into(),
        ..spec("conformance/hostile", config)
    };
    let runtime = runtime();
    let it = load(&runtime, it).await;
    let mut info = stream("cam");
    info.key.query = vec![("token".into(), "hunter2-query".into())];
    info.tags = vec![("leak".into(), "hunter2-secret".into())];
    let mut conn = (*info.publisher).clone();
    conn.tc_url = "rtmp://host/live?hunter2-url".into();
    conn.extra = vec![("pageUrl".into(), "http://host/?hunter2-page".into())];
    info.publisher = std::sync::Arc::new(conn);
    let mut viewer =
        filter::Viewer { conn: info.publisher.clone(), tags: info.tags.clone(), ..filter::Viewer::default() };
    viewer.key.query = vec![("token".into(), "hunter2-viewer".into())];
    info.viewer = Some(std::sync::Arc::new(viewer));
    let mut chain = filter::MediaChain::open(std::slice::from_ref(&it), info);
    push(&mut chain, video(0..5, 100)).unwrap();
    runtime.record();
    let bytes = std::fs::read(&recordings(folder.path(), 1)[0]).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(!text.contains("hunter2") && text.contains("******"), "{text}");
}

#[tokio::test]
async fn answers_of_the_host_come_from_the_recording() {
    let folder = tempfile::tempdir().unwrap();
    let config = json!({ "deed": "panic", "hook": "frame", "after": 5 });
    let it = Spec {
        record: Some(Settings::to(folder.path())),
        grants: Grants::parse(["entropy", "kv:b"]).unwrap(),
        ..spec("conformance/hostile", config)
    };
    let it = load(&runtime(), it).await;
    all(&it, video(0..20, 100));
    let bytes = std::fs::read(&recordings(folder.path(), 1)[0]).unwrap();
    let head = Reader::new(&bytes[..]).unwrap().head().clone();
    assert_eq!(head.grants, ["entropy", "kv:b"]);
    // Another filter than was recorded asks for other things: that is told, and the replay goes on.
    let (replayed, _) = replay(&bytes, &wasm("nal-filter")).await;
    assert!(replayed.failed.is_none(), "{replayed:?}");
    assert!(replayed.recorded.is_some());
}

#[tokio::test]
async fn no_cut_and_no_flipped_bit_of_a_recording_does_harm() {
    let folder = tempfile::tempdir().unwrap();
    let config = json!({ "deed": "panic", "hook": "frame", "after": 2 });
    let it = Spec { record: Some(Settings::to(folder.path())), ..spec("conformance/hostile", config) };
    let it = load(&runtime(), it).await;
    all(&it, [vec![avc_header(0, &[])], video(0..5, 100)].concat());
    let good = std::fs::read(&recordings(folder.path(), 1)[0]).unwrap();
    let whole = Reader::new(&good[..]).unwrap().outcomes().unwrap().len();
    for end in 0..good.len() {
        match Reader::new(&good[..end]) {
            Ok(reader) => assert!(reader.outcomes().unwrap().len() < whole),
            Err(Error::Magic | Error::Malformed { .. }) => {}
            Err(other) => panic!("{end}: {other}"),
        }
    }
    let mut whole_ones = 0;
    for bit in 0..good.len() * 8 {
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let read = Reader::new(&bytes[..]).and_then(Reader::outcomes);
        whole_ones += usize::from(read.is_ok());
    }
    assert!(whole_ones > 0);
    let mut other = good.clone();
    other[7] = 2;
    assert!(matches!(Reader::new(&other[..]), Err(Error::Version(2))));
    // Lengths that are lies cost nothing.
    let lie = [&b"WEIRREC\x01"[..], &u32::MAX.to_le_bytes()].concat();
    assert!(Reader::new(&lie[..]).unwrap_err().to_string().contains("at most"));
    let long = [&b"WEIRREC\x01"[..], &8u32.to_le_bytes(), &[0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0]].concat();
    assert!(Reader::new(&long[..]).is_err());
}
