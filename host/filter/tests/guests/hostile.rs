//! Guests that misbehave: the stream goes on by its policy and nobody else notices.

use filter::spec::MediaFailure;
use filter::{Limits, OnFailure, Spec};
use media::metadata::Value;
use media::{Frame, Metadata};
use serde_json::json;

use crate::kit::*;

/// Ten seconds of video with a header, metadata and audio in it: every hook is called.
fn frames() -> Vec<Frame> {
    let mut frames = vec![avc_header(0, &[]), data(0, Metadata { name: "onMetaData".into(), value: Value::Null })];
    frames.extend(video(0..250, 25));
    frames.insert(9, aac(250));
    frames
}

fn hostile(deed: &str, hook: &str) -> Spec {
    spec("conformance/hostile", json!({ "deed": deed, "hook": hook, "stream": "live/cam" }))
}

#[tokio::test]
async fn whatever_a_guest_does_the_stream_goes_on_as_it_came() {
    let runtime = runtime();
    for hook in ["open", "subscribe", "frame", "header", "metadata", "tick", "flush", "snapshot", "end"] {
        for deed in ["loop", "trap", "panic", "grow", "recurse"] {
            let it = load(&runtime, hostile(deed, hook)).await;
            let out = all(&it, frames());
            assert!(seen(&out) == seen(&frames()), "{deed} in {hook}");
            let report = it.counters();
            let failures = report.events.traps + report.events.deadline_misses;
            // A snapshot is only asked for when another generation comes.
            assert_eq!(failures > 0, hook != "snapshot", "{deed} in {hook}: {report}");
            if hook != "snapshot" {
                // Growing and recursing may run into the deadline before they run into their limit.
                let late = report.events.deadline_misses > 0;
                assert!(late || deed != "loop", "{deed} in {hook}: {report}");
                assert!(!late || !["trap", "panic"].contains(&deed), "{deed} in {hook}: {report}");
            }
            let other = all_of(&it, "other", frames());
            assert!(seen(&other) == seen(&frames()), "{deed} in {hook} disturbs another stream");
        }
    }
}

/// The whole of another stream.
fn all_of(filter: &std::sync::Arc<filter::Filter>, name: &str, frames: Vec<Frame>) -> Vec<Frame> {
    let mut chain = filter::MediaChain::open(std::slice::from_ref(filter), stream(name));
    let mut out = push(&mut chain, frames).unwrap();
    chain.end(filter::session::EndReason::SourceEnded, &mut out);
    out
}

#[tokio::test]
async fn what_only_a_media_filter_can_do_wrong_ends_its_call() {
    let runtime = runtime();
    let rows = [
        ("bad-index", "frame", true),
        ("huge-replace", "frame", true),
        ("unit-flood", "frame", true),
        ("retain-flood", "frame", true),
        ("no-frame", "tick", true),
        ("out-of-order", "frame", false),
        ("log-flood", "frame", false),
        ("long-line", "frame", false),
        ("metric-flood", "frame", false),
        ("call-flood", "frame", true),
        ("fault", "header", true),
    ];
    for (deed, hook, fails) in rows {
        // Floods that come back take longer than a media call may on a busy machine; here only what they do counts.
        let limits = Limits { media_time: std::time::Duration::from_secs(5), ..Limits::default() };
        let it = load(&runtime, Spec { limits, ..hostile(deed, hook) }).await;
        // A first frame of audio has nothing before it: no time is out of order there.
        let frames: Vec<_> = frames().into_iter().filter(|f| f.kind != media::Kind::Audio).collect();
        assert!(seen(&all(&it, frames.clone())) == seen(&frames), "{deed}");
        let events = it.counters().events;
        assert_eq!(events.traps + events.faults > 0, fails, "{deed}: {}", it.counters());
    }
    let it = load(&runtime, hostile("log-flood", "frame")).await;
    all(&it, video(0..1, 1));
    assert!(it.counters().events.log_lines_dropped > 1000, "{}", it.counters());
}

/// What a filter may say, however odd, is heard; what came goes on untouched between it.
#[tokio::test]
async fn odd_frames_and_odd_metadata_come_beside_what_came() {
    let runtime = runtime();
    for deed in ["alien-frame", "odd-metadata"] {
        let it = load(&runtime, hostile(deed, "frame")).await;
        let out = all(&it, frames());
        let came: Vec<Frame> = out.iter().filter(|f| !f.from_filter).cloned().collect();
        assert!(seen(&came) == seen(&frames()), "{deed}");
        assert!(out.len() > came.len(), "{deed}: {}", it.counters());
        // Nobody downstream trips over them: another filter looks at every one.
        let next = load(&runtime, spec("conformance/media", json!({ "mode": "report" }))).await;
        assert!(seen(&all(&next, out.clone())) == seen(&out), "{deed}");
        let events = next.counters().events;
        assert_eq!((events.traps, events.deadline_misses), (0, 0), "{deed}");
    }
}

#[tokio::test]
async fn a_loop_far_into_a_stream_is_one_missed_deadline() {
    let config = json!({ "deed": "loop", "hook": "frame", "after": 999 });
    let it = load(&runtime(), spec("conformance/hostile", config)).await;
    let frames: Vec<Frame> =
        (0..1500).map(|n| avc(n * 40, n % 25 == 0, &[&[if n % 25 == 0 { 0x65 } else { 0x41 }, 1]])).collect();
    assert!(seen(&all(&it, frames.clone())) == seen(&frames));
    let report = it.counters();
    assert_eq!((report.events.deadline_misses, report.events.restarts), (1, 1), "{report}");
    assert_eq!((report.streams, report.instances), (0, 0), "what it held is given back: {report}");
}

#[tokio::test]
async fn whoever_traps_on_every_frame_or_every_second_one_is_left_out() {
    let runtime = runtime();
    for after in [0, 1] {
        let config = json!({ "deed": "trap", "hook": "frame", "after": after });
        let it = load(&runtime, spec("conformance/hostile", config)).await;
        // Every frame is one to start again at.
        let frames: Vec<Frame> = (0..1500).map(|n| avc(n * 40, true, &[&[0x65, 1]])).collect();
        assert!(seen(&all(&it, frames.clone())) == seen(&frames));
        let report = it.counters();
        assert_eq!((report.events.traps, report.events.breaker_trips), (5, 1), "{report}");
        assert_eq!(report.instances, 0, "{report}");
    }
}

#[tokio::test]
async fn emissions_end_at_the_budget() {
    let it = load(&runtime(), hostile("emit-flood", "frame")).await;
    let frames = video(0..50, 25);
    let out = all(&it, frames.clone());
    let bytes = |frames: &[Frame]| frames.iter().map(|f| f.body.len()).sum::<usize>();
    assert!(out.len() > frames.len());
    assert!(bytes(&out) <= 3 * bytes(&frames) + (2 << 20), "{} bytes out of {}", bytes(&out), bytes(&frames));
    assert_eq!(it.counters().events.traps, 0);
}

#[tokio::test]
async fn a_failed_filter_comes_back_at_a_key_frame_and_the_fifth_fault_is_the_last() {
    // Every instance passes 30 frames, then traps: with a key frame per second that is once in two.
    let config = json!({ "deed": "trap", "hook": "frame", "after": 30 });
    let it = load(&runtime(), spec("conformance/hostile", config)).await;
    let mut chain = chain(&it);
    let frames: Vec<Frame> =
        (0..1500).map(|n| avc(n * 40, n % 25 == 0, &[&[if n % 25 == 0 { 0x65 } else { 0x41 }, 1]])).collect();
    let out = push(&mut chain, frames.clone()).unwrap();
    assert!(seen(&out) == seen(&frames));
    let events = it.counters().events;
    assert_eq!((events.traps, events.restarts, events.breaker_trips), (5, 4, 1), "{}", it.counters());
    assert!(events.bypassed_frames > 1000);
}

#[tokio::test]
async fn drop_to_key_loses_frames_until_the_filter_is_back() {
    let config = json!({ "deed": "trap", "hook": "frame", "after": 30 });
    let on_failure = OnFailure::parse("drop-to-key").unwrap();
    assert_eq!(on_failure.media, MediaFailure::DropToKey);
    let it = load(&runtime(), Spec { on_failure, ..spec("conformance/hostile", config) }).await;
    let mut chain = chain(&it);
    let out = push(&mut chain, video(0..60, 25)).unwrap();
    let there: Vec<u8> = (0..30).chain(50..60).collect();
    assert_eq!(numbers(&out), there);
    let mark = out.iter().position(|f| f.gap_before);
    assert_eq!(mark, Some(30), "the first frame behind the gap says so");
}

#[tokio::test]
async fn a_header_that_a_failed_filter_had_changed_is_put_right() {
    let runtime = still();
    let it = load(&runtime, spec("conformance/media", json!({ "mode": "edit-header", "append": "mine" }))).await;
    let limits = Limits { copied_bytes: 1000, ..Limits::default() };
    let failing = Spec { limits, ..spec("conformance/media", json!({ "mode": "replace", "append": "!" })) };
    let mut chain = chain(&it);
    let mut out = push(&mut chain, [avc_header(0, &[])]).unwrap();
    assert_ne!(out[0].body, avc_header(0, &[]).body);
    // The next generation reads frames, and this one is more than it may copy.
    it.reload(cold(failing)).await.unwrap();
    out.clear();
    out.extend(push(&mut chain, [avc(40, true, &[&[0x65; 5000]])]).unwrap());
    assert_eq!(it.counters().events.traps, 1);
    assert_eq!(out[0].body, avc_header(0, &[]).body, "the original goes on before the frames that belong to it");
    assert_eq!((out.len(), out[1].body.clone()), (2, avc(40, true, &[&[0x65; 5000]]).body));
}

#[tokio::test]
async fn end_stream_ends_the_stream() {
    let config = json!({ "deed": "panic", "hook": "frame", "after": 2 });
    let on_failure = OnFailure::parse("end-stream").unwrap();
    let it = load(&runtime(), Spec { on_failure, ..spec("conformance/hostile", config) }).await;
    let mut chain = chain(&it);
    let mut out = Vec::new();
    let mut ended = None;
    for frame in video(0..5, 5) {
        ended = chain.push(frame, &mut out).err().or(ended);
    }
    assert_eq!(numbers(&out), [0, 1]);
    let ended = ended.expect("the stream has ended");
    assert_eq!(ended.filter, "it");
    assert!(
        ended.why.contains("on-frame") && ended.why.contains("deeds"),
        "names of the guest's functions: {}",
        ended.why
    );
}

#[tokio::test]
async fn what_is_held_when_a_filter_fails_goes_on() {
    let runtime = still();
    let holder = load(&runtime, spec("conformance/media", json!({ "mode": "hold", "frames": 4 }))).await;
    let mut chain = chain(&holder);
    let mut out = push(&mut chain, video(0..3, 8)).unwrap();
    assert!(out.is_empty());
    // The next generation cannot be opened: the old one stays, and what it flushed is not lost.
    holder.reload(cold(hostile("trap", "frame"))).await.unwrap();
    out.extend(push(&mut chain, video(3..6, 8)).unwrap());
    assert_eq!(numbers(&out), [0, 1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn a_filter_that_fails_on_trial_is_refused() {
    let runtime = runtime();
    for deed in ["loop", "trap", "panic", "grow", "recurse"] {
        for hook in ["configure", "open", "subscribe"] {
            let spec = spec("conformance/hostile", json!({ "deed": deed, "hook": hook }));
            let (it, loaded) = runtime.load(spec).await;
            let text = loaded.expect_err(&format!("{deed} in {hook}")).to_string();
            assert!(text.contains("`it`") && text.contains(hook), "{text}");
            assert!(!it.is_ready());
            assert!(seen(&all(&it, frames())) == seen(&frames()), "without a generation frames pass by");
        }
    }
}

#[tokio::test]
async fn memory_ends_at_its_limit() {
    let limits = Limits { memory_bytes: 4 << 20, ..Limits::default() };
    let it = load(&runtime(), Spec { limits, ..hostile("grow", "frame") }).await;
    all(&it, frames());
    let report = it.counters();
    assert!((1 << 20..=4 << 20).contains(&report.memory_bytes), "{report}");
    let limits = Limits { memory_bytes: 1 << 16, ..Limits::default() };
    let (_, loaded) = runtime().load(Spec { limits, ..hostile("grow", "frame") }).await;
    assert!(loaded.unwrap_err().to_string().contains("65536"), "less than it starts with");
}

#[tokio::test]
async fn frames_that_are_no_frames_reach_guests_without_harm() {
    let runtime = runtime();
    for mode in [
        json!({ "mode": "report" }),
        json!({ "mode": "remove-unit", "unit_type": 1 }),
        json!({ "mode": "insert-unit", "unit": [6] }),
    ] {
        let it = load(&runtime, spec("conformance/media", mode.clone())).await;
        let mut odd: Vec<Vec<u8>> = vec![vec![], vec![0], vec![0, 0, 0, 9, 1], vec![0xff; 64]];
        odd.push((0..100_000u32).flat_map(|_| [0, 0, 0, 1, 1]).collect());
        let mut chain = chain(&it);
        for (n, payload) in odd.into_iter().enumerate() {
            let parts = media::flv::Parts {
                kind: media::Kind::Video,
                track: 0,
                codec: media::FourCc::AVC1,
                content: media::Content::Coded,
                key: true,
                disposable: false,
                cts_ms: 0,
            };
            let frame = media::flv::frame(&parts, n as i64, n as i64, &media::Body::from(payload));
            push(&mut chain, [frame]).unwrap();
        }
        push(
            &mut chain,
            [media::flv::video(bytes::Bytes::new(), 99), media::flv::audio(bytes::Bytes::from_static(&[0xff]), 99)],
        )
        .unwrap();
        assert_eq!(it.counters().events.deadline_misses, 0, "{mode}");
    }
}
