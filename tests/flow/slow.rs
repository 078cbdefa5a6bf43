//! Filters that take their time and never fail: their own streams wait for them, and lose nothing.

use std::thread::spawn;

use weir_tests::flow::{player, publisher, receive, send, tags};
use weir_tests::flv::{AUDIO, Tag, VIDEO};
use weir_tests::numbered;
use weir_tests::router::{PATIENT, Router, build_filter};
use weir_tests::rtmp::Message;

const PUBLISHERS: usize = 3;
/// More than they can take while the publishers send them.
const FRAMES: u64 = 130;

fn numbers(tags: &[Tag], kind: u8) -> Vec<u64> {
    tags.iter().filter(|tag| tag.kind == kind).filter_map(numbered::number).collect()
}

#[test]
fn publishers_of_slow_filters_wait_lose_nothing_and_hold_nobody_up() {
    let module = build_filter("filters/conformance/hostile");
    let tables = format!(
        "[filters.slow]\nsource = \"file:{}\"\nconfig = {{ deed = \"toil\" }}\non_failure = \"end-stream\"\n\
         limits = {{ media_time = \"9ms\" }}\n\
         [apps.live]\nmedia = [\"slow\"]\nreconnect_window = \"0s\"\n{PATIENT}\n[apps.fine]\n{PATIENT}\n",
        module.display()
    );
    // Who waits for its filter is not silent.
    let router = Router::start_with("idle_timeout = \"1s\"", &tables);
    let media = || (0..FRAMES).flat_map(|n| [numbered::video(n, 300), numbered::audio(n)]);
    let name = |n: usize| format!("cam{n}");
    let mut sources: Vec<_> = (0..PUBLISHERS).map(|n| publisher(&router, "live", &name(n))).collect();
    let viewers: Vec<_> = (0..PUBLISHERS).map(|n| player(&router, "live", &name(n))).collect();
    for source in &mut sources {
        send(source, &[numbered::header(), numbered::audio_header()]);
        send(source, &media().collect::<Vec<_>>());
    }
    // They close behind their last frame, long before their filters have seen it.
    drop(sources);
    let viewers: Vec<_> = viewers
        .into_iter()
        .map(|mut viewer| {
            spawn(move || {
                let ended = |m: &Message| m.status().is_some_and(|s| s.code == "NetStream.Play.UnpublishNotify");
                tags(&receive(&mut viewer, "the end of the stream", ended))
            })
        })
        .collect();
    let mut source = publisher(&router, "fine", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 300)]);
    let mut viewer = player(&router, "fine", "cam");
    for n in 1..50 {
        send(&mut source, &[numbered::video(n, 300)]);
        receive(&mut viewer, "the next frame", |m| m.kind == VIDEO && numbered::number(&m.tag()) == Some(n));
    }
    for viewer in viewers {
        let seen = viewer.join().expect("a viewer that got its stream");
        for kind in [VIDEO, AUDIO] {
            assert_eq!(numbers(&seen, kind), (0..FRAMES).collect::<Vec<_>>());
        }
    }
    // Nobody who waits works: the calls take 2 ms each, and all else next to nothing.
    let calls = PUBLISHERS as u64 * 2 * FRAMES;
    assert!(router.process.ticks() <= calls * 2 / 10 * 2 + 100, "{} ticks for {calls} calls", router.process.ticks());
}
