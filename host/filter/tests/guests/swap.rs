//! Another generation takes over: warmed before, on probation behind it, beside the one before if that is wanted.

use std::sync::Arc;
use std::time::Duration;

use filter::counters::Report;
use filter::rollout::{Rollout, Shadow};
use filter::session::{ConnectionInfo, Decision, PublishRequest, Reached, StreamKey};
use filter::{Filter, MediaChain, Reloaded, SessionChain, Spec};
use media::{Content, Frame};
use serde_json::json;

use crate::kit::*;

fn replace(append: &str) -> Spec {
    spec("conformance/media", json!({ "mode": "replace", "append": append }))
}

fn hostile(deed: &str, after: u64) -> Spec {
    hot(spec("conformance/hostile", json!({ "deed": deed, "hook": "frame", "after": after })))
}

/// Takes over at the first boundary.
fn hot(mut spec: Spec) -> Spec {
    spec.swap.warm_up.frames = 0;
    spec
}

/// The last byte of every coded frame: who touched it, or its own number.
fn last(frames: &[Frame]) -> String {
    let coded = frames.iter().filter(|f| f.content == Content::Coded);
    coded
        .map(|f| char::from(*f.payload().to_bytes().last().unwrap()))
        .map(|c| if c.is_ascii_alphabetic() { c } else { '.' })
        .collect()
}

/// The number of every frame of [`video`], whoever touched it.
fn order(frames: &[Frame]) -> Vec<u8> {
    let coded = frames.iter().filter(|f| f.content == Content::Coded);
    let number = |payload: &[u8]| match payload {
        [.., n, b'a'..=b'z'] if payload.len() > 20 => *n,
        [.., n] => *n,
        [] => 255,
    };
    coded.map(|f| number(&f.payload().to_bytes())).collect()
}

#[tokio::test]
async fn a_newcomer_is_warmed_from_a_key_frame_on_and_what_it_answers_is_thrown_away() {
    let emit = |boundary: &str| {
        spec("conformance/media", json!({ "mode": "emit", "place": "after", "data": "x", "swap_at": boundary }))
    };
    for (boundary, takes_over_at, warmed) in [("any-frame", 6, 1), ("keyframe", 10, 5)] {
        let pass = json!({ "mode": "pass", "swap_at": boundary });
        let it = load(&still(), spec("conformance/media", pass)).await;
        let mut chain = chain(&it);
        let mut frames = video(0..15, 5);
        frames.insert(0, avc_header(0, &[]));
        let mut out = push(&mut chain, frames.drain(..4)).unwrap();
        it.reload(emit(boundary)).await.unwrap();
        out.extend(push(&mut chain, frames).unwrap());
        let events = it.counters().events;
        assert_eq!((events.swaps, events.warm_up_frames), (1, warmed), "{boundary}");
        assert_eq!(events.emitted_frames, 15 - takes_over_at, "{boundary}: only frames that it was really asked about");
        assert_eq!(it.counters().stalls.calls, 1);
        assert_eq!(it.counters().instances, 2, "the one before stays at hand");
    }
}

#[tokio::test]
async fn who_asks_for_no_frames_is_not_warmed_and_a_stream_does_not_wait_for_ever() {
    let it = load(&still(), replace("a")).await;
    let mut chain = chain(&it);
    let mut out = push(&mut chain, video(0..3, 200)).unwrap();
    let mut next = replace("b");
    next.swap.warm_up.time = Duration::from_millis(400);
    it.reload(next).await.unwrap();
    out.extend(push(&mut chain, video(3..20, 200)).unwrap());
    assert_eq!(last(&out), "a".repeat(14) + "bbbbbb", "no key frame came within 400 ms behind 120 ms");
    let none = json!({ "mode": "replace", "append": "c", "interest": { "codecs": ["hvc1"] } });
    it.reload(hot(spec("conformance/media", none))).await.unwrap();
    let out = push(&mut chain, video(20..22, 200)).unwrap();
    assert_eq!(numbers(&out), [20, 21]);
}

#[tokio::test]
async fn a_generation_that_traps_is_left_at_once_and_given_up_for_all_streams() {
    for deed in ["trap", "loop", "panic"] {
        let it = load(&still(), replace("a")).await;
        let label = it.generation_label();
        let mut cam = chain(&it);
        let mut other = MediaChain::open(std::slice::from_ref(&it), stream("other"));
        let mut out = push(&mut cam, video(0..3, 50)).unwrap();
        let mut out2 = push(&mut other, video(0..3, 50)).unwrap();
        it.reload(hostile(deed, 4)).await.unwrap();
        for frame in video(3..12, 50) {
            out.extend(push(&mut cam, [frame.clone()]).unwrap());
            out2.extend(push(&mut other, [frame]).unwrap());
        }
        // Four frames were let by; the one that it failed at went through the one before, as all behind it.
        assert_eq!(last(&out), "aaa....aaaaa", "{deed}");
        assert_eq!(last(&out2), "aaa....aaaaa", "{deed}: what was well with it goes back too");
        assert_eq!(order(&out), (0..12).collect::<Vec<u8>>());
        let events = it.counters().events;
        assert_eq!(
            (events.rollbacks, events.bad_generations, events.bypassed_frames, events.lost_frames),
            (1, 1, 0, 0)
        );
        assert_eq!(it.generation_label(), label);
        let error = it.reload(hostile(deed, 4)).await.unwrap_err().to_string();
        assert!(error.contains("was given up (live/cam: on-frame"), "{error}");
        let new = MediaChain::open(std::slice::from_ref(&it), stream("new"));
        assert_eq!(last(&push(&mut { new }, video(0..2, 50)).unwrap()), "aa");
        // Forced all the same: nothing takes it back.
        let label = error.split("pin = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        let mut forced = hostile(deed, 4);
        forced.swap.pin = Some(label.parse().unwrap());
        assert!(matches!(it.reload(forced).await.unwrap(), Reloaded::Switched { .. }));
        let out = push(&mut cam, video(12..20, 50)).unwrap();
        assert_eq!(last(&out), ".".repeat(8));
        assert_eq!(it.counters().events.bad_generations, 1);
    }
}

#[tokio::test]
async fn one_that_fails_as_it_is_replaced_is_nothing_to_go_back_to() {
    let flush = hot(spec("conformance/hostile", json!({ "deed": "trap", "hook": "flush" })));
    let it = load(&still(), flush).await;
    let mut cam = chain(&it);
    let mut out = push(&mut cam, video(0..3, 50)).unwrap();
    it.reload(hostile("trap", 2)).await.unwrap();
    out.extend(push(&mut cam, video(3..8, 50)).unwrap());
    assert_eq!(numbers(&out), [0, 1, 2, 3, 4, 5, 6, 7]);
    let events = it.counters().events;
    assert_eq!((events.swaps, events.traps, events.rollbacks, events.bad_generations), (1, 2, 0, 0));
}

/// A hundred frames, this many seconds behind the start.
fn later(second: i64) -> impl Iterator<Item = Frame> {
    video(0..100, 10).into_iter().map(move |f| Frame { dts_us: f.dts_us / 4 + second * 1_000_000, ..f })
}

#[tokio::test]
async fn a_generation_that_is_much_slower_is_left_and_the_state_goes_back() {
    let count = || hot(spec("conformance/media", json!({ "mode": "count" })));
    let it = load(&still(), count()).await;
    let mut cam = chain(&it);
    let mut out = Vec::new();
    for second in 0..3 {
        out.extend(push(&mut cam, later(second)).unwrap());
    }
    let mut slow = hostile("dawdle", 0);
    slow.swap.slower_floor = Duration::from_micros(50);
    it.reload(slow).await.unwrap();
    for second in 3..8 {
        out.extend(push(&mut cam, later(second)).unwrap());
    }
    let report = it.counters();
    assert_eq!((report.events.rollbacks, report.events.bad_generations, report.events.traps), (1, 1, 0), "{report}");
    assert_eq!(numbers(&out), (0..8).flat_map(|_| 0..100).collect::<Vec<u8>>());
    let error = it.reload(hostile("dawdle", 0)).await.unwrap_err().to_string();
    assert!(error.contains("slow: 99 of 100 calls within"), "{error}");
}

#[tokio::test]
async fn after_its_probation_there_is_no_way_back() {
    let it = load(&still(), replace("a")).await;
    let mut cam = chain(&it);
    push(&mut cam, video(0..2, 50)).unwrap();
    let mut next = hostile("trap", 20);
    next.swap.probation = Duration::from_millis(200);
    it.reload(next).await.unwrap();
    let out = push(&mut cam, video(2..40, 50)).unwrap();
    assert_eq!(numbers(&out), (2..40).collect::<Vec<u8>>(), "on_failure holds: bypass");
    let report = it.counters();
    assert_eq!((report.events.rollbacks, report.events.bad_generations, report.events.traps), (0, 0, 1));
    assert_eq!(report.instances, 0);
}

#[tokio::test]
async fn back_and_forth_with_state() {
    let counting =
        |n: u32| hot(spec("conformance/media", json!({ "mode": "count", "log_streams": n.is_multiple_of(2) })));
    let it = load(&still(), counting(0)).await;
    let mut cam = chain(&it);
    let mut out = Vec::new();
    for n in 0..40u32 {
        out.extend(push(&mut cam, video(n as u8 * 5..n as u8 * 5 + 5, 5)).unwrap());
        it.reload(counting(n + 1)).await.unwrap();
    }
    let counts: Vec<f64> = out.iter().filter_map(|f| f.metadata.as_ref()).map(|m| number(m)).collect();
    assert_eq!(counts, (0..40).map(|n| f64::from(n * 5 + 1)).collect::<Vec<_>>());
    let report = it.counters();
    assert_eq!((report.events.swaps, report.instances), (39, 2), "both generations are kept, and one idle instance");
}

fn number(metadata: &media::Metadata) -> f64 {
    match &metadata.value {
        media::metadata::Value::Object(fields) => match fields.first() {
            Some((_, media::metadata::Value::Number(n))) => *n,
            _ => f64::NAN,
        },
        _ => f64::NAN,
    }
}

#[tokio::test]
async fn a_share_of_the_streams_goes_over_and_then_the_rest() {
    let rolled = |append: &str, rollout| {
        let mut spec = hot(replace(append));
        spec.swap.rollout = rollout;
        spec
    };
    let it = load(&still(), rolled("a", Rollout::All)).await;
    let open = |n: usize| MediaChain::open(std::slice::from_ref(&it), stream(&format!("cam{n}")));
    let mut chains: Vec<_> = (0..100).map(open).collect();
    let tell = |chains: &mut Vec<MediaChain>, from: u8| -> String {
        chains.iter_mut().map(|c| last(&push(c, video(from..from + 1, 50)).unwrap())).collect()
    };
    assert_eq!(tell(&mut chains, 0), "a".repeat(100));
    it.reload(rolled("b", Rollout::Percent(25))).await.unwrap();
    let quarter = tell(&mut chains, 1);
    let share = quarter.matches('b').count();
    assert!((10..=40).contains(&share), "{quarter}");
    let mut more: Vec<_> = (0..100).map(open).collect();
    assert_eq!(tell(&mut more, 0), quarter, "a stream that begins is on the side where its name belongs");
    it.reload(rolled("c", Rollout::Percent(25))).await.unwrap();
    assert_eq!(tell(&mut chains, 2), quarter.replace('b', "c"), "the others stay on what ran for all");
    it.reload(rolled("c", Rollout::New)).await.unwrap();
    assert_eq!(tell(&mut chains, 3), quarter.replace('b', "c"), "what runs stays");
    let mut new: Vec<_> = (200..210).map(open).collect();
    assert_eq!(tell(&mut new, 0), "c".repeat(10));
    assert_eq!(it.reload(rolled("c", Rollout::All)).await.unwrap(), Reloaded::Unchanged);
    assert_eq!(tell(&mut chains, 4), "c".repeat(100));
}

#[tokio::test]
async fn a_pinned_generation_runs_whatever_the_file_holds() {
    let pinned = |append: &str, pin: Option<&str>| {
        let mut spec = hot(replace(append));
        spec.swap.pin = pin.map(|pin| pin.parse().unwrap());
        spec
    };
    let it = load(&still(), pinned("a", None)).await;
    let first = it.generation_label().unwrap();
    let pin = first.split('@').nth(1).unwrap();
    let mut cam = chain(&it);
    let mut out = push(&mut cam, video(0..1, 50)).unwrap();
    it.reload(pinned("b", None)).await.unwrap();
    out.extend(push(&mut cam, video(1..2, 50)).unwrap());
    // Back by hand, to one that is kept; then the file changes and nothing follows.
    assert!(matches!(it.reload(pinned("b", Some(pin))).await.unwrap(), Reloaded::Switched { to, .. } if to == first));
    out.extend(push(&mut cam, video(2..3, 50)).unwrap());
    assert_eq!(it.reload(pinned("c", Some(pin))).await.unwrap(), Reloaded::Pinned { to: first.clone() });
    out.extend(push(&mut cam, video(3..4, 50)).unwrap());
    assert_eq!(last(&out), "abaa");
    let text = it.reload(pinned("c", Some("0123"))).await.unwrap_err().to_string();
    assert!(text.contains("pinned to 0123"), "{text}");
    it.reload(pinned("c", None)).await.unwrap();
    assert_eq!(last(&push(&mut cam, video(4..5, 50)).unwrap()), "c");
}

fn request() -> PublishRequest {
    let conn = Arc::new(ConnectionInfo { app: "live".into(), ..ConnectionInfo::default() });
    let key = StreamKey { app: "live".into(), name: "cam".into(), query: vec![] };
    PublishRequest { conn, key, mode: "live".into(), takes_over: false }
}

#[tokio::test]
async fn a_question_that_a_new_session_filter_fails_at_is_put_to_the_one_before() {
    let with = |publish| spec("conformance/session", json!({ "publish": publish, "play": { "misbehave": "trap" } }));
    let it = load(&runtime(), with(json!({ "allow": { "tags": { "by": "old" } } }))).await;
    let label = it.generation_label();
    let chain = SessionChain::new(vec![it.clone()]);
    it.reload(with(json!({ "misbehave": "trap" }))).await.unwrap();
    assert_ne!(it.generation_label(), label);
    for _ in 0..3 {
        assert!(
            matches!(chain.on_publish(&request(), &mut Reached::default()).await, Decision::Allow(grant) if grant.tags[0].1 == "old")
        );
        assert_eq!(it.generation_label(), label, "given up with the first question");
    }
    let events = it.counters().events;
    assert_eq!((events.rollbacks, events.bad_generations, events.traps), (1, 1, 2), "asked once more before");
    // What both fail at is denied, and no fault of the new one.
    it.reload(with(json!({ "allow": {} }))).await.unwrap();
    let play = filter::session::PlayRequest { conn: request().conn, key: request().key, start_ms: -2, duration_ms: -1 };
    assert!(matches!(chain.on_play(&play, &mut Reached::default()).await, Decision::Deny(_)));
    assert_eq!(it.counters().events.bad_generations, 1);
    // Behind the probation it fails closed.
    let mut next = with(json!({ "misbehave": "trap" }));
    next.config["recheck_ms"] = json!(500);
    next.swap.probation = Duration::ZERO;
    it.reload(next).await.unwrap();
    assert!(matches!(chain.on_publish(&request(), &mut Reached::default()).await, Decision::Deny(_)));
}

/// Pushes frames one by one, giving other threads room, until a report says so.
fn flows_until(chain: &mut MediaChain, out: &mut Vec<Frame>, it: &Filter, wanted: impl Fn(&Report) -> bool) {
    let mut n = 0;
    until(it, "what the frames bring about", |report| {
        if wanted(report) {
            return true;
        }
        let one = &video(0..1, 1)[0];
        let frame = if n % 10 == 0 { one.clone() } else { avc(0, false, &[&[0x41, 1, 2, 7]]) };
        let at = out.iter().map(|f| f.dts_us).max().unwrap_or(0) + 40_000;
        chain.push(Frame { dts_us: at, ..frame }, out).unwrap();
        n += 1;
        false
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_is_opened_beside_the_stream() {
    let it = load(&runtime(), replace("a")).await;
    let mut cam = chain(&it);
    let mut out = push(&mut cam, video(0..2, 10)).unwrap();
    it.reload(replace("b")).await.unwrap();
    flows_until(&mut cam, &mut out, &it, |report| report.events.swaps == 1);
    assert!(it.counters().events.warm_up_frames >= 1);
    out.extend(push(&mut cam, video(200..201, 10)).unwrap());
    let by = last(&out);
    assert!(by.starts_with("aa") && by.ends_with('b') && !by.contains("ba") && !by.contains('.'), "{by}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_differs_beside_the_running_one_never_takes_over() {
    let beside = |append: &str, log: bool| {
        let mut spec = spec("conformance/media", json!({ "mode": "replace", "append": append, "log_streams": log }));
        spec.swap.shadow = Shadow::Frames(30);
        spec
    };
    let it = load(&runtime(), beside("a", false)).await;
    let mut cam = chain(&it);
    let mut out = push(&mut cam, video(0..2, 10)).unwrap();
    assert!(matches!(it.reload(beside("b", false)).await.unwrap(), Reloaded::Beside { .. }));
    flows_until(&mut cam, &mut out, &it, |report| report.events.refused_reloads == 1);
    let events = it.counters().events;
    assert!(events.shadow_frames > 0 && events.shadow_differences == events.shadow_frames, "{events:?}");
    assert_eq!((events.swaps, last(&out)), (0, "a".repeat(out.len())));
    let text = it.reload(beside("b", false)).await.unwrap_err().to_string();
    assert!(text.contains("frames differ: live/cam frame"), "{text}");
    // One that traps is not let near, one that does the same takes over.
    let mut trap = hostile("trap", 5);
    trap.swap.shadow = Shadow::Frames(30);
    it.reload(trap).await.unwrap();
    flows_until(&mut cam, &mut out, &it, |report| report.events.refused_reloads == 3);
    it.reload(beside("a", true)).await.unwrap();
    flows_until(&mut cam, &mut out, &it, |report| report.events.swaps == 1);
    assert_eq!(last(&out), "a".repeat(out.len()));
}

/// Resident memory of this process, in KiB.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// `WEIR_SWAPS=10000` for the long form.
#[tokio::test]
async fn many_swaps_leave_no_memory_behind() {
    let swaps: u32 = std::env::var("WEIR_SWAPS").ok().and_then(|n| n.parse().ok()).unwrap_or(600);
    // Three by turns and only one of them kept: each is loaded anew.
    let turn = |n: u32| {
        let mut spec = hot(replace(["a", "b", "c"][n as usize % 3]));
        spec.swap.keep = 1;
        spec
    };
    let it = load(&still(), turn(0)).await;
    let mut chains: Vec<_> =
        (0..4).map(|n| MediaChain::open(std::slice::from_ref(&it), stream(&n.to_string()))).collect();
    let mut settled = 0;
    for n in 1..=swaps {
        it.reload(turn(n)).await.unwrap();
        for chain in &mut chains {
            assert_eq!(last(&push(chain, video(0..1, 1)).unwrap()), ["a", "b", "c"][n as usize % 3]);
        }
        if n == swaps / 4 {
            settled = resident_kib();
        }
    }
    let end = resident_kib();
    eprintln!("{swaps} swaps of 4 streams: {settled} KiB after a quarter, {end} KiB at the end; {}", it.counters());
    assert_eq!(it.counters().events.swaps, u64::from(swaps) * 4);
    assert!(end < settled + 16 * 1024, "from {settled} to {end} KiB");
}
