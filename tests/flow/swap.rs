//! A filter is replaced while streams run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::Duration;

use weir_tests::flow::{publisher, receive, send, unpublish};
use weir_tests::flv::{AUDIO, Tag, VIDEO};
use weir_tests::router::{PATIENT, Router, build_filter, put};
use weir_tests::rtmp::Client;
use weir_tests::{flow, numbered};

const STREAMS: usize = 20;
const SWAPS: usize = 100;

/// The same module with another digest: a custom section (WebAssembly core §5.5.3), which no runtime acts on.
fn variant(module: &[u8], name: &str) -> Vec<u8> {
    let name_len = u8::try_from(name.len()).expect("a short name");
    let mut out = module.to_vec();
    out.extend_from_slice(&[0, name_len + 1, name_len]);
    out.extend_from_slice(name.as_bytes());
    out
}

/// Publishes numbered frames until told to stop; how many there were.
fn publish(router: &Router, name: &str, stop: &Arc<AtomicBool>) -> JoinHandle<u64> {
    let mut source = publisher(router, "live", name);
    send(&mut source, &[numbered::header(), numbered::audio_header(), numbered::video(0, 2000), numbered::audio(0)]);
    let (stop, name) = (Arc::clone(stop), name.to_owned());
    spawn(move || {
        let mut next = 1;
        while !stop.load(Ordering::Relaxed) {
            send(&mut source, &[numbered::video(next, 2000), numbered::audio(next)]);
            next += 1;
            sleep(Duration::from_millis(20));
        }
        unpublish(&mut source, &name);
        next
    })
}

/// Plays until the stream ends: everything that came.
fn play(mut viewer: Client) -> JoinHandle<Vec<Tag>> {
    spawn(move || {
        let seen = receive(&mut viewer, "end of the stream", |m| {
            m.status().is_some_and(|s| s.code == "NetStream.Play.UnpublishNotify")
        });
        flow::tags(&seen)
    })
}

#[test]
fn a_hundred_swaps_under_twenty_streams_lose_repeat_and_reorder_nothing() {
    let module = std::fs::read(build_filter("filters/nal-filter")).expect("the built filter");
    let variants = [variant(&module, "even"), variant(&module, "odd")];
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("nal.wasm");
    put(&variants[0], &file);
    let tables = format!(
        "[filters.nal]\nsource = \"file:nal.wasm\"\nconfig = {{ h264 = {{ drop = [\"aud\", \"sei\"] }} }}\n\
         [apps.live]\nmedia = [\"nal\"]\n{PATIENT}"
    );
    std::fs::write(folder.path().join("weir.toml"), Router::text("", &tables)).expect("writable");
    let mut router = Router::start_in(folder);

    let stop = Arc::new(AtomicBool::new(false));
    let names: Vec<String> = (0..STREAMS).map(|n| format!("cam{n}")).collect();
    let sources: Vec<_> = names.iter().map(|name| publish(&router, name, &stop)).collect();
    let viewers: Vec<_> = names.iter().map(|name| play(flow::player(&router, "live", name))).collect();

    let mut refused = 0;
    for swap in 1..=SWAPS {
        if swap % 10 == 5 {
            // Cut in the middle, and then not a module at all.
            let bad = if swap % 20 == 5 { module[..module.len() / 2].to_vec() } else { b"no module".to_vec() };
            let mark = router.process.mark();
            put(&bad, &router.file("nal.wasm"));
            router.process.line_after(mark, "word of the refusal", refusal);
            refused += 1;
        }
        let mark = router.process.mark();
        put(&variants[swap % 2], &router.file("nal.wasm"));
        router.process.line_after(mark, "word of the swap", switched);
    }
    stop.store(true, Ordering::Relaxed);

    let mut frames = 0;
    for (name, (source, viewer)) in names.iter().zip(sources.into_iter().zip(viewers)) {
        let sent = source.join().expect("a publisher that nobody closed");
        let seen = viewer.join().expect("a player that nobody closed");
        for kind in [VIDEO, AUDIO] {
            let numbers: Vec<u64> = seen.iter().filter(|t| t.kind == kind).filter_map(numbered::number).collect();
            let first = numbers.first().copied().expect("frames");
            let expected: Vec<u64> = (first..sent).collect();
            assert_eq!(numbers, expected, "{name}, kind {kind}");
            frames += numbers.len();
        }
        let unfiltered = seen.iter().filter(|t| t.is_picture() && numbered::has_all_units(t)).count();
        assert_eq!(unfiltered, 0, "{name}: pictures that no generation had filtered");
    }
    assert!(router.process.runs());
    eprintln!(
        "{SWAPS} swaps and {refused} refusals under {STREAMS} streams: {frames} frames, all there, once, in order"
    );
}

fn switched(line: &str) -> bool {
    line.contains("another generation in force")
}

fn refusal(line: &str) -> bool {
    line.contains("new generation refused")
}

#[test]
fn a_new_configuration_takes_over_in_running_streams() {
    let module = build_filter("filters/nal-filter");
    let with = |drop: &str| {
        format!(
            "[filters.nal]\nsource = \"file:{}\"\nconfig = {{ h264 = {{ drop = [{drop}] }} }}\n[apps.live]\nmedia = [\"nal\"]",
            module.display()
        )
    };
    let router = Router::start(&with(""));
    let of_nal = |line: &str| line.contains("filter=\"nal\"") || line.contains("filter=nal");
    let told = |mark| router.process.count(mark, of_nal);
    router.process.line_after(0, "word of the load", of_nal);
    assert_eq!(told(0), 1, "a filter that is loaded has one line");
    let stop = Arc::new(AtomicBool::new(false));
    let source = publish(&router, "cam", &stop);
    let mut viewer = flow::player(&router, "live", "cam");
    let mut seen =
        receive(&mut viewer, "an untouched frame", |m| m.tag().is_picture() && numbered::has_all_units(&m.tag()));
    let mark = router.process.mark();
    router.reload(&with("\"aud\", \"sei\""));
    router.process.line_after(mark, "word of the swap", switched);
    assert_eq!(told(mark), 1, "a generation that comes into force has one line");
    seen.extend(receive(&mut viewer, "a filtered frame", |m| {
        m.tag().is_picture() && !numbered::has_all_units(&m.tag())
    }));
    router.reload(&with(""));
    seen.extend(receive(&mut viewer, "an untouched frame", |m| {
        m.tag().is_picture() && numbered::has_all_units(&m.tag())
    }));
    stop.store(true, Ordering::Relaxed);
    source.join().expect("a publisher that nobody closed");
    let numbers: Vec<u64> = flow::tags(&seen).iter().filter(|t| t.kind == VIDEO).filter_map(numbered::number).collect();
    assert!(numbers.windows(2).all(|w| w[1] == w[0] + 1), "{numbers:?}");
}
