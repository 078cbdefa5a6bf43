//! Another generation while streams run.

use filter::spec::MediaFailure;
use filter::{Limits, Reloaded, Spec};
use media::metadata::Value;
use media::{Content, Frame};
use serde_json::json;

use crate::kit::*;

/// Time stands still between two frames: a new instance is there before the next.
fn runtime() -> filter::Runtime {
    still()
}

/// Streams go over at the first boundary, and nothing stays behind.
fn spec(filter: &str, config: serde_json::Value) -> Spec {
    cold(crate::kit::spec(filter, config))
}

fn count(frames: &[Frame]) -> Vec<f64> {
    let values = frames.iter().filter_map(|f| f.metadata.as_ref()).filter_map(|m| match &m.value {
        Value::Object(fields) => fields.first(),
        _ => None,
    });
    values.map(|(_, value)| if let Value::Number(n) = value { *n } else { f64::NAN }).collect()
}

#[tokio::test]
async fn state_goes_over_between_two_frames_and_none_is_lost() {
    let counting = |n: u32| spec("conformance/media", json!({ "mode": "count", "log_streams": n.is_multiple_of(2) }));
    let it = load(&runtime(), counting(0)).await;
    let mut chain = chain(&it);
    let mut out = Vec::new();
    for (n, frame) in video(0..200, 10).into_iter().enumerate() {
        if n > 0 && n % 20 == 5 {
            let reloaded = it.reload(counting(n as u32 / 20 + 1)).await.unwrap();
            assert!(matches!(reloaded, Reloaded::Switched { from: Some(_), .. }));
        }
        out.extend(push(&mut chain, [frame]).unwrap());
    }
    assert_eq!(numbers(&out), (0..200).collect::<Vec<u8>>());
    let keys: Vec<f64> = (0..20).map(|n| f64::from(n * 10 + 1)).collect();
    assert_eq!(count(&out), keys, "the count survives ten swaps");
    let report = it.counters();
    assert_eq!((report.events.swaps, report.events.traps, report.instances), (10, 0, 1));
}

#[tokio::test]
async fn another_failure_policy_holds_for_streams_that_run() {
    let mut spec = spec("conformance/hostile", json!({ "deed": "trap", "hook": "frame", "after": 5 }));
    let it = load(&runtime(), spec.clone()).await;
    let mut chain = chain(&it);
    push(&mut chain, video(0..3, 10)).unwrap();
    spec.on_failure.media = MediaFailure::EndStream;
    assert_eq!(it.reload(spec).await.unwrap(), Reloaded::Unchanged);
    push(&mut chain, video(3..10, 10)).unwrap_err();
    assert_eq!(it.counters().events.swaps, 0);
}

#[tokio::test]
async fn many_swaps_under_many_streams_lose_repeat_and_reorder_nothing() {
    const STREAMS: usize = 20;
    let with = |n: u32| {
        spec("conformance/media", json!({ "mode": "replace", "append": if n.is_multiple_of(2) { "a" } else { "b" } }))
    };
    let it = load(&runtime(), with(0)).await;
    let mut chains: Vec<_> =
        (0..STREAMS).map(|n| filter::MediaChain::open(std::slice::from_ref(&it), stream(&n.to_string()))).collect();
    let mut outs = vec![Vec::new(); STREAMS];
    for n in 0..100u32 {
        for frame in video(2 * n as u8..2 * n as u8 + 2, 10) {
            for (chain, out) in chains.iter_mut().zip(&mut outs) {
                chain.push(frame.clone(), out).unwrap();
            }
        }
        it.reload(with(n + 1)).await.unwrap();
    }
    for out in &outs {
        let payloads: Vec<_> = out.iter().map(|f| f.payload().to_bytes()).collect();
        let order: Vec<u8> = payloads.iter().map(|p| p[p.len() - 2]).collect();
        assert_eq!(order, (0..200).collect::<Vec<u8>>());
        let by: String = payloads.iter().map(|p| char::from(p[p.len() - 1])).collect();
        assert_eq!(by, "aabb".repeat(50), "each generation filters the frames that come while it runs");
    }
    let report = it.counters();
    assert_eq!((report.instances, report.events.swaps), (STREAMS as u64, 99 * STREAMS as u64), "{report}");
}

#[tokio::test]
async fn a_stream_goes_over_at_the_boundary_that_its_filter_declares() {
    for (boundary, at) in [("any-frame", 3), ("keyframe", 5), ("header", 8)] {
        let with = |append: &str| {
            spec("conformance/media", json!({ "mode": "replace", "append": append, "swap_at": boundary }))
        };
        let it = load(&runtime(), with("a")).await;
        let mut chain = chain(&it);
        let mut frames = video(0..12, 5);
        frames.insert(8, avc_header(320, &[]));
        frames.insert(0, avc_header(0, &[]));
        let mut out = push(&mut chain, frames.drain(..4)).unwrap();
        it.reload(with("b")).await.unwrap();
        out.extend(push(&mut chain, frames).unwrap());
        let coded = out.iter().filter(|f| f.content == Content::Coded);
        let by: String = coded.map(|f| char::from(*f.payload().to_bytes().last().unwrap())).collect();
        assert_eq!(by, "a".repeat(at) + &"b".repeat(12 - at), "{boundary}");
    }
}

#[tokio::test]
async fn state_that_the_new_one_cannot_read_is_left_behind() {
    let it = load(&runtime(), spec("conformance/media", json!({ "mode": "count", "state_schema": 9 }))).await;
    let mut chain = chain(&it);
    let mut out = push(&mut chain, video(0..6, 5)).unwrap();
    it.reload(spec("conformance/media", json!({ "mode": "count" }))).await.unwrap();
    out.extend(push(&mut chain, video(6..12, 5)).unwrap());
    assert_eq!(count(&out), [1.0, 6.0, 5.0]);
    assert_eq!(it.counters().events.swaps, 1);
}

#[tokio::test]
async fn a_new_generation_sees_the_headers_and_what_it_makes_of_them_goes_on() {
    let it = load(&runtime(), spec("conformance/media", json!({ "mode": "pass" }))).await;
    let mut chain = chain(&it);
    let header = avc_header(0, &[]);
    push(&mut chain, [header.clone()]).unwrap();
    push(&mut chain, video(0..2, 5)).unwrap();
    it.reload(spec("conformance/media", json!({ "mode": "edit-header", "append": "new" }))).await.unwrap();
    let out = push(&mut chain, video(2..3, 5)).unwrap();
    assert_eq!(out[0].content, Content::Header);
    assert_eq!(out[0].body.to_bytes(), [&header.body.to_bytes()[..], b"new"].concat());
    assert_eq!((out.len(), out[0].dts_us), (2, 80_000));
    it.reload(spec("conformance/media", json!({ "mode": "pass" }))).await.unwrap();
    let out = push(&mut chain, video(3..5, 5)).unwrap();
    assert_eq!(out[0].body, header.body, "and the original when its editor is gone");
    assert_eq!(out.len(), 3);
}

#[tokio::test]
async fn a_bad_file_changes_nothing_and_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("it.wasm");
    let good = std::fs::read(wasm("conformance/media")).unwrap();
    std::fs::write(&path, &good).unwrap();
    let with = |config| Spec { config, ..Spec::new("it", &path) };
    let pass = || with(json!({ "mode": "replace", "append": "!" }));
    let it = load(&runtime(), pass()).await;
    let mut chain = chain(&it);
    let mut out = push(&mut chain, video(0..2, 50)).unwrap();
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 0x10;
    let bad: &[(&str, Vec<u8>)] = &[
        ("cut", good[..good.len() / 2].to_vec()),
        ("empty", vec![]),
        ("not wasm", b"#!/bin/sh\n".to_vec()),
        ("another world", std::fs::read(wasm("conformance/media-granted")).unwrap()),
    ];
    for (n, (what, bytes)) in bad.iter().enumerate() {
        std::fs::write(&path, bytes).unwrap();
        assert!(it.reload(pass()).await.is_err(), "{what}");
        out.extend(push(&mut chain, video(2 + n as u8..3 + n as u8, 50)).unwrap());
    }
    std::fs::write(&path, &good).unwrap();
    let text = it.reload(with(json!({ "mode": "no such mode" }))).await.unwrap_err().to_string();
    assert!(text.contains("configure") && text.contains("invalid configuration"), "{text}");
    assert_eq!(it.reload(pass()).await.unwrap(), Reloaded::Unchanged);
    assert_eq!(out.len(), 2 + bad.len());
    assert!(out.iter().all(|f| f.payload().to_bytes().ends_with(b"!")));
    assert_eq!(it.counters().events.refused_reloads, 1 + bad.len() as u64);
    std::fs::remove_file(&path).unwrap();
    assert!(it.reload(pass()).await.unwrap_err().to_string().contains("cannot read"));
    assert!(it.is_ready());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_never_returns_does_not_keep_the_next_generation_away() {
    let mut hangs = spec("conformance/hostile", json!({ "deed": "loop", "hook": "frame", "after": 3 }));
    hangs.limits.media_time = std::time::Duration::from_secs(1);
    let it = load(&runtime(), hangs).await;
    let mut chain = chain(&it);
    let (near, far) = std::sync::mpsc::channel();
    let stream = std::thread::spawn(move || {
        let mut out = push(&mut chain, video(0..3, 50)).unwrap();
        near.send(()).unwrap();
        // Frame 3 hangs until its time is over.
        out.extend(push(&mut chain, video(3..6, 50)).unwrap());
        (chain, out)
    });
    far.recv().unwrap();
    it.reload(spec("conformance/media", json!({ "mode": "replace", "append": "!" }))).await.unwrap();
    let (mut chain, mut out) = stream.join().unwrap();
    assert_eq!(numbers(&out), [0, 1, 2, 3, 4, 5]);
    // After a fault it goes on at a key frame.
    out = push(&mut chain, video(6..9, 3)).unwrap();
    let ends: Vec<Vec<u8>> =
        out.iter().map(|f| f.payload().to_bytes().iter().rev().take(2).rev().copied().collect()).collect();
    assert_eq!(ends, [vec![6, b'!'], vec![7, b'!'], vec![8, b'!']]);
    assert_eq!(it.counters().instances, 1);
}

#[tokio::test]
async fn a_generation_that_cannot_be_opened_on_a_live_stream_leaves_the_old_one() {
    let it = load(&runtime(), spec("conformance/media", json!({ "mode": "replace", "append": "!" }))).await;
    let mut chain = chain(&it);
    let mut out = push(&mut chain, video(0..3, 50)).unwrap();
    // It opens on trial, and fails for `live/cam` only.
    let next = spec("conformance/hostile", json!({ "deed": "trap", "hook": "open", "stream": "live/cam" }));
    it.reload(next).await.unwrap();
    out.extend(push(&mut chain, video(3..6, 50)).unwrap());
    assert!(out.iter().all(|f| f.payload().to_bytes().ends_with(b"!")) && out.len() == 6);
    let events = it.counters().events;
    assert_eq!((events.traps, events.swaps), (1, 0), "it is tried once per stream");
}

#[tokio::test]
async fn a_filter_that_was_not_there_takes_part_once_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("it.wasm");
    let spec = || Spec { config: json!({ "mode": "replace", "append": "!" }), ..Spec::new("it", &path) };
    let (it, loaded) = runtime().load(spec()).await;
    assert!(loaded.unwrap_err().to_string().contains("it.wasm"));
    let mut chain = chain(&it);
    let mut out = push(&mut chain, video(0..3, 5)).unwrap();
    std::fs::copy(wasm("conformance/media"), &path).unwrap();
    assert!(matches!(it.reload(spec()).await.unwrap(), Reloaded::Switched { from: None, .. }));
    out.extend(push(&mut chain, video(3..7, 5)).unwrap());
    let edited: Vec<bool> = out.iter().map(|f| f.payload().to_bytes().ends_with(b"!")).collect();
    assert_eq!(edited, [false, false, false, false, false, true, true], "from the next key frame");
}

#[tokio::test]
async fn what_makes_a_generation_is_bytes_and_settings() {
    let it = load(&runtime(), spec("conformance/media", json!({ "mode": "pass" }))).await;
    let same = spec("conformance/media", json!({ "mode": "pass" }));
    assert_eq!(it.reload(same.clone()).await.unwrap(), Reloaded::Unchanged);
    let first = it.generation_label().unwrap();
    let limits = Limits { memory_bytes: 8 << 20, ..Limits::default() };
    assert!(matches!(it.reload(Spec { limits, ..same }).await.unwrap(), Reloaded::Switched { .. }));
    let second = it.generation_label().unwrap();
    assert_eq!(first.split('.').next(), second.split('.').next(), "the same bytes");
    assert_ne!(first, second);
    assert_eq!(it.description().unwrap().name, "conformance");
    assert!(it.worlds().media && !it.worlds().session);
    let bad = spec("conformance/media", json!({ "mode": "no such mode" }));
    assert_eq!(runtime().describe(&bad).await.unwrap().state_schema, 1, "a description needs no configuration");
    let said = runtime().describe(&spec("conformance/session", json!(3))).await.unwrap();
    assert_eq!(said.name, "scripted");
}
