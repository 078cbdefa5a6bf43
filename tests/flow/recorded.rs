//! What a running router keeps of a filter's calls, and `weir filter run --replay`.

use std::path::{Path, PathBuf};

use weir_tests::flow::{player, publisher, receive, send};
use weir_tests::numbered;
use weir_tests::process::Process;
use weir_tests::router::{Router, build_filter, weir};

/// A router whose application `live` has a filter that does `deed` on every frame after the tenth.
fn router_with(module: &Path, deed: &str) -> Router {
    Router::start(&format!(
        "[filters.hostile]\nsource = \"file:{}\"\n\
         config = {{ deed = \"{deed}\", after = 10, stream = \"live/cam\" }}\n\
         secrets = {{ key = \"open-sesame\" }}\nrecord = {{ folder = \"recordings\", streams = \"live/*\" }}\n\
         [apps.live]\nmedia = [\"hostile\"]",
        module.display()
    ))
}

/// The file that the log names.
fn recording(router: &Router) -> PathBuf {
    let line = router.process.line("a recording", |line| line.contains("--replay "));
    let (_, rest) = line.split_once("--replay ").expect("the line names a file");
    rest.split(".weirrec").next().map(|path| PathBuf::from(format!("{path}.weirrec"))).expect("a file")
}

fn replay(file: &Path, more: &[&Path]) -> (bool, String) {
    let mut run = weir();
    run.args(["filter", "run"]).args(more).arg("--replay").arg(file);
    let (status, said) = Process::run("weir filter run --replay", &mut run);
    (status.success(), said)
}

#[test]
fn a_trap_in_the_router_is_recorded_and_comes_again_offline() {
    let module = build_filter("filters/conformance/hostile");
    let good = build_filter("filters/nal-filter");
    for deed in ["panic", "loop"] {
        let router = router_with(&module, deed);
        let mut source = publisher(&router, "live", "cam?token=open-token");
        send(&mut source, &[numbered::header()]);
        // No further key frame, at which the filter would start anew and fail once more.
        let frames: Vec<_> = (0..20).map(|n| numbered::video(n, 500)).collect();
        send(&mut source, &frames);
        let file = recording(&router);
        assert!(file.starts_with(router.file("recordings")), "beside the configuration: {}", file.display());
        let bytes = std::fs::read(&file).expect("a recording");
        for secret in ["open-sesame", "open-token"] {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} stands in it");
        }
        // The eleventh frame is number 10 of the stream behind its header.
        let (fine, said) = replay(&file, &[]);
        assert!(!fine && said.contains("reproduced: it fails in on-frame") && said.contains("on-frame #11 "), "{said}");
        assert_eq!(said.matches("deeds::Deed::perform").count(), 1, "one backtrace, with names: {said}");
        let (fine, said) = replay(&file, &[&good]);
        assert!(fine && said.contains("does not fail any more"), "another filter does well: {said}");
    }
}

#[test]
fn a_signal_asks_for_a_recording() {
    let module = build_filter("filters/conformance/noop");
    let router = Router::start(&format!(
        "[filters.noop]\nsource = \"file:{}\"\nrecord = {{ folder = \"recordings\" }}\n[apps.live]\nmedia = [\"noop\"]",
        module.display()
    ));
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 500)]);
    let mut viewer = player(&router, "live", "cam");
    receive(&mut viewer, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
    router.process.signal("USR1");
    router.process.line("word of the request", |line| line.contains("write what they have"));
    send(&mut source, &[numbered::video(1, 500)]);
    let (fine, said) = replay(&recording(&router), &[]);
    assert!(fine && said.contains("asked for") && said.contains(" 0 with another outcome"), "{said}");
}

/// `weir filter record` with these arguments, its files in this folder.
fn record(filter: &Path, from: &str, folder: &Path, more: &[&str]) -> Process {
    let mut run = weir();
    run.args(["filter", "record"]).arg(filter).args(["--from", from, "--folder"]).arg(folder).args(more);
    Process::start("weir filter record", &mut run)
}

fn over(mut run: Process) -> (std::process::ExitStatus, String) {
    (run.wait(), run.said())
}

/// The only recording there is.
fn only(folder: &Path) -> PathBuf {
    let files: Vec<_> = std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    let [file] = files.as_slice() else { panic!("one recording: {files:?}") };
    file.clone()
}

#[test]
fn an_author_records_a_stream_of_a_server_until_the_filter_traps() {
    let module = build_filter("filters/conformance/hostile");
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 500)]);
    let folder = router.file("mine");
    let settings = r#"{"deed":"panic","after":10}"#;
    let run = record(&module, &router.url("live/cam?key=open-token"), &folder, &["--config-json", settings]);
    router.process.line("a player", |line| line.contains("stream=live/cam") && line.contains(": playing "));
    send(&mut source, &(1..20).map(|n| numbered::video(n, 500)).collect::<Vec<_>>());
    let (status, said) = over(run);
    assert!(!status.success() && said.contains("recorded ") && said.contains("failed: "), "{said}");
    let (fine, said) = replay(&only(&folder), &[]);
    assert!(!fine && said.contains("reproduced: it fails in on-frame") && said.contains("on live/cam: "), "{said}");
}

#[test]
fn a_recording_ends_with_its_stream_its_time_or_a_signal() {
    let module = build_filter("filters/conformance/noop");
    let clip = weir_tests::clip::h264();
    let folder = tempfile::tempdir().expect("a folder");
    let calls = |name: &str, why: &str| {
        let (fine, said) = replay(&only(&folder.path().join(name)), &[]);
        assert!(fine && said.contains(why) && said.contains(" 0 with another outcome"), "{said}");
        let number = said.lines().find_map(|line| line.split_once(" calls, ")).expect("a number of calls").0;
        number.parse::<u32>().expect("a number")
    };
    for (name, more) in [("whole", &[][..]), ("half", &["--time", "500ms"])] {
        let run = record(&module, clip.to_str().expect("UTF-8"), &folder.path().join(name), more);
        let (status, said) = over(run);
        assert!(status.success(), "{said}");
    }
    let stopped = "stopped before the stream's end";
    assert!(calls("half", stopped) < calls("whole", "the stream ended"), "--time stops before the end");
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 500)]);
    let run = record(&module, &router.url("live/cam"), &folder.path().join("asked"), &[]);
    run.line("its beginning", |line| line.contains("recording live/cam"));
    run.signal("INT");
    let (status, said) = over(run);
    assert!(status.success() && calls("asked", stopped) > 0, "{said}");
}

#[test]
fn what_cannot_be_recorded_is_told_in_few_words() {
    let module = build_filter("filters/conformance/noop");
    let folder = tempfile::tempdir().expect("a folder");
    let mp4 = folder.path().join("a clip.mp4");
    std::fs::write(&mp4, b"\0\0\0\x20ftypisom").expect("a file");
    let (status, said) = over(record(&module, mp4.to_str().expect("UTF-8"), folder.path(), &[]));
    assert!(!status.success() && said.contains("make one: ffmpeg -i ") && said.contains("a clip.flv"), "{said}");
    // A Weir says itself that nobody publishes, after its play_wait: there is time for that, and no table of nothing.
    let router = Router::start("[apps.live]\nplay_wait = \"10s\"");
    let (status, said) = over(record(&module, &router.url("live/nobody"), folder.path(), &[]));
    assert!(!status.success() && said.contains("NetStream.Play.StreamNotFound"), "{said}");
    assert!(said.contains("does somebody publish live/nobody there?") && !said.contains("traps="), "{said}");
}

#[test]
fn a_recorded_stream_has_the_tags_that_session_filters_would_leave() {
    let module = build_filter("filters/conformance/noop");
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 500)]);
    let folder = router.file("tagged");
    let more = ["--tag", "plan=gold-and-silver", "--time", "500ms"];
    let (status, said) = over(record(&module, &router.url("live/cam"), &folder, &more));
    assert!(status.success(), "{said}");
    let bytes = std::fs::read(only(&folder)).expect("a recording");
    let tag = b"gold-and-silver";
    assert!(bytes.windows(tag.len()).any(|part| part == tag), "the tag stands in it");
}

#[test]
fn a_server_without_the_stream_leaves_no_recording() {
    let module = build_filter("filters/conformance/noop");
    let router = Router::start("[apps.live]\nplay_wait = \"0s\"");
    let folder = router.file("none");
    let (status, said) = over(record(&module, &router.url("live/nobody?key=open-token"), &folder, &[]));
    assert!(!status.success() && said.contains("refuses") && !said.contains("open-token"), "{said}");
    assert!(!folder.exists());
}

#[test]
fn a_replay_of_a_file_that_is_cut_off_says_so_and_fails() {
    let module = build_filter("filters/conformance/noop");
    let folder = tempfile::tempdir().expect("a folder");
    let clip = weir_tests::clip::h264();
    let (status, said) = over(record(&module, clip.to_str().expect("UTF-8"), folder.path(), &[]));
    assert!(status.success(), "{said}");
    let file = only(folder.path());
    let bytes = std::fs::read(&file).expect("a recording");
    // Where each part begins, behind the magic number.
    let mut parts = vec![8];
    while let Some(len) = parts.last().and_then(|at| bytes.get(*at..at + 4)) {
        let len = u32::from_le_bytes(len.try_into().expect("four bytes"));
        parts.push(parts.last().expect("one") + 4 + len as usize);
    }
    assert_eq!(parts.pop(), Some(bytes.len()));
    let last = *parts.last().expect("a last call");
    // Between two calls, and in the middle of the last.
    for end in [last, last + 5, parts[parts.len() - 3]] {
        std::fs::write(&file, &bytes[..end]).expect("a file");
        let (fine, said) = replay(&file, &[]);
        let missing = if end < last { 3 } else { 1 };
        assert!(!fine && said.contains(&format!("cut off: {missing} of its calls are missing")), "{end}: {said}");
    }
}

#[test]
fn what_is_no_recording_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x.weirrec");
    for (bytes, word) in
        [(&b"FLV\x01"[..], "not a recording"), (b"WEIRREC\x09", "version 9"), (b"WEIRREC\x01", "cut off")]
    {
        std::fs::write(&file, bytes).expect("a file");
        let (fine, said) = replay(&file, &[]);
        assert!(!fine && said.contains(word) && said.contains("x.weirrec"), "{said}");
    }
}
