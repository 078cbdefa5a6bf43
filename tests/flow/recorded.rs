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
        assert!(said.contains("deeds::Deed::perform"), "a backtrace with names: {said}");
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
