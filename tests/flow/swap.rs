//! A filter is replaced while streams run.

use std::thread::{JoinHandle, spawn};
use std::time::{Duration, Instant};

use weir_tests::encoder::Encoder;
use weir_tests::flow::receive;
use weir_tests::flv::{AUDIO, Tag, VIDEO};
use weir_tests::router::{PATIENT, Router, build_filter, put};
use weir_tests::rtmp::Client;
use weir_tests::{flow, numbered};

const STREAMS: usize = 50;
/// Filters in the chain; all of them are swapped in each round.
const FILTERS: usize = 4;
const ROUNDS: usize = 250;

/// The same module with another digest: a custom section (WebAssembly core §5.5.3), which no runtime acts on.
fn variant(module: &[u8], name: &str) -> Vec<u8> {
    let name_len = u8::try_from(name.len()).expect("a short name");
    let mut out = module.to_vec();
    out.extend_from_slice(&[0, name_len + 1, name_len]);
    out.extend_from_slice(name.as_bytes());
    out
}

/// Publishes numbered frames until it is told to stop.
fn publish(router: &Router, name: &str) -> Encoder {
    Encoder::start(router, "live", name, 2000, Duration::from_millis(33))
}

/// Plays until the stream ends: everything that came.
fn play(mut viewer: Client) -> JoinHandle<Vec<Tag>> {
    spawn(move || flow::rest(&mut viewer))
}

/// What the viewer of a numbered stream has to have seen: every number from its first on, once, in order.
fn assert_whole(name: &str, sent: u64, seen: &[Tag]) -> usize {
    let mut frames = 0;
    for kind in [VIDEO, AUDIO] {
        let numbers: Vec<u64> = seen.iter().filter(|t| t.kind == kind).filter_map(numbered::number).collect();
        let first = numbers.first().copied().expect("frames");
        let expected: Vec<u64> = (first..sent).collect();
        assert_eq!(numbers, expected, "{name}, kind {kind}");
        frames += numbers.len();
    }
    frames
}

#[test]
fn a_thousand_swaps_under_fifty_streams_lose_repeat_and_reorder_nothing() {
    let module = std::fs::read(build_filter("filters/nal-filter")).expect("the built filter");
    let variants = [variant(&module, "even"), variant(&module, "odd"), variant(&module, "third")];
    let folder = tempfile::tempdir().expect("a folder");
    let file = |n: usize| format!("nal{n}.wasm");
    let mut tables = String::new();
    for n in 0..FILTERS {
        put(&variants[0], &folder.path().join(file(n)));
        // One half is warmed before it takes over, the other is not; what it takes out differs, so that all have work.
        let warm = if n % 2 == 0 { "swap = { keep = 1 }" } else { "swap = { warm_up = { frames = 0 } }" };
        let drop = if n < 2 { "\"aud\", \"sei\"" } else { "" };
        tables += &format!(
            "[filters.nal{n}]\nsource = \"file:{}\"\nconfig = {{ h264 = {{ drop = [{drop}] }} }}\n{warm}\n",
            file(n)
        );
    }
    tables += &format!("[apps.live]\nmedia = [\"nal0\", \"nal1\", \"nal2\", \"nal3\"]\n{PATIENT}");
    std::fs::write(folder.path().join("weir.toml"), Router::text("", &tables)).expect("writable");
    let mut router = Router::start_in(folder);

    let names: Vec<String> = (0..STREAMS).map(|n| format!("cam{n}")).collect();
    let sources: Vec<_> = names.iter().map(|name| publish(&router, name)).collect();
    let viewers: Vec<_> = names.iter().map(|name| play(flow::player(&router, "live", name))).collect();

    let (mut refused, start) = (0, Instant::now());
    for round in 1..=ROUNDS {
        if round % 25 == 5 {
            // Cut in the middle, and then not a module at all.
            let bad = if round % 50 == 5 { module[..module.len() / 2].to_vec() } else { b"no module".to_vec() };
            let mark = router.process.mark();
            put(&bad, &router.file(&file(round % FILTERS)));
            router.process.line_after(mark, "word of the refusal", refusal);
            refused += 1;
        }
        let mark = router.process.mark();
        for n in 0..FILTERS {
            put(&variants[round % 3], &router.file(&file(n)));
        }
        for n in 0..FILTERS {
            let name = format!("nal{n}@");
            router.process.line_after(mark, "word of the swap", |line| switched(line) && line.contains(&name));
        }
    }
    let took = start.elapsed();
    sources.iter().for_each(Encoder::stop);

    let mut frames = 0;
    for (name, (source, viewer)) in names.iter().zip(sources.into_iter().zip(viewers)) {
        let sent = source.end();
        let seen = viewer.join().expect("a player that nobody closed");
        frames += assert_whole(name, sent, &seen);
        let unfiltered = seen.iter().filter(|t| t.is_picture() && numbered::has_all_units(t)).count();
        assert_eq!(unfiltered, 0, "{name}: pictures that no generation had filtered");
    }
    let stalls = router.report("swap_stall_us");
    assert!(router.process.runs());
    eprintln!(
        "{} swaps and {refused} refusals under {STREAMS} streams in {took:.1?}: {frames} frames, all there, once, in order; {stalls}",
        ROUNDS * FILTERS
    );
}

#[test]
fn a_generation_that_misbehaves_under_load_is_left_by_itself_and_no_viewer_sees_it() {
    let (good, bad) = (build_filter("filters/conformance/media"), build_filter("filters/conformance/hostile"));
    let with = |source: &std::path::Path, config: &str| {
        let swap = "swap = { slower_floor = \"0s\", warm_up = { frames = 0 } }";
        format!(
            "[filters.it]\nsource = \"file:{}\"\nconfig = {{ {config} }}\n{swap}\n[apps.live]\nmedia = [\"it\"]\n{PATIENT}",
            source.display()
        )
    };
    let router = Router::start(&with(&good, "mode = \"pass\""));
    let names: Vec<String> = (0..8).map(|n| format!("cam{n}")).collect();
    let sources: Vec<_> = names.iter().map(|name| publish(&router, name)).collect();
    let viewers: Vec<_> = names.iter().map(|name| play(flow::player(&router, "live", name))).collect();
    // What the slow one is compared with has to have been called some hundred times.
    let mut watcher = flow::player(&router, "live", "cam0");
    receive(&mut watcher, "frame 250", |m| numbered::number(&m.tag()).is_some_and(|n| n >= 250));
    drop(watcher);
    for (deed, why) in [("trap", "on-frame"), ("loop", "ran past its deadline"), ("dawdle", "slow: 99 of 100 calls")] {
        let mark = router.process.mark();
        router.reload(&with(&bad, &format!("deed = \"{deed}\", hook = \"frame\", after = 40")));
        router.process.line_after(mark, "word of the swap", switched);
        let line = router.process.line_after(mark, "word that it was given up", |l| l.contains("generation given up"));
        assert!(line.contains(why) && line.contains("live/cam"), "{line}");
        eprintln!("{deed}: {}", line.split("why=").nth(1).unwrap_or(&line));
        // It is not tried again.
        let mark = router.process.mark();
        router.process.signal("HUP");
        let line = router.process.line_after(mark, "word of the refusal", refusal);
        assert!(line.contains("was given up"), "{line}");
    }
    sources.iter().for_each(Encoder::stop);
    for (name, (source, viewer)) in names.iter().zip(sources.into_iter().zip(viewers)) {
        let sent = source.end();
        assert_whole(name, sent, &viewer.join().expect("a player that nobody closed"));
    }
}

#[test]
fn a_generation_that_differs_is_told_before_it_takes_anything_over() {
    let module = build_filter("filters/nal-filter");
    let with = |drop: &str| {
        format!(
            "[filters.nal]\nsource = \"file:{}\"\nconfig = {{ h264 = {{ drop = [{drop}] }} }}\nswap = {{ shadow = 100 }}\n\
             [apps.live]\nmedia = [\"nal\"]\n{PATIENT}",
            module.display()
        )
    };
    let router = Router::start(&with("\"aud\""));
    let source = publish(&router, "cam");
    let viewer = play(flow::player(&router, "live", "cam"));
    let mark = router.process.mark();
    router.reload(&with("\"aud\", \"sei\""));
    let line = router.process.line_after(mark, "word of the difference", refusal);
    assert!(line.contains("frames differ: live/cam frame"), "{line}");
    let sent = source.end();
    let seen = viewer.join().expect("a player that nobody closed");
    assert_whole("cam", sent, &seen);
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
    let source = publish(&router, "cam");
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
    source.end();
    let numbers: Vec<u64> = flow::tags(&seen).iter().filter(|t| t.kind == VIDEO).filter_map(numbered::number).collect();
    assert!(numbers.windows(2).all(|w| w[1] == w[0] + 1), "{numbers:?}");
}
