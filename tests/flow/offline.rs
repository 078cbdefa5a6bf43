//! `weir filter run` gives what the router gives.

use weir_tests::clip;
use weir_tests::flow::{assert_same, through};
use weir_tests::flv::{self, AUDIO, DATA, VIDEO};
use weir_tests::process::Process;
use weir_tests::router::{PATIENT, Router, build_filter, weir};

#[test]
fn the_offline_runner_gives_the_same_bytes_as_the_router() {
    let module = build_filter("filters/nal-filter");
    for clip in [clip::h264(), clip::hevc(), clip::av1()] {
        let router = Router::start(&format!(
            "[filters.nal]\nsource = \"file:{}\"\n[apps.live]\nmedia = [\"nal\"]\n{PATIENT}",
            module.display()
        ));
        let sent = flv::read(&clip);
        let online = through(&router, "live", "clip", &sent, &router.file("online.flv"));
        let out = router.file("offline.flv");
        let mut run = weir();
        run.args(["filter", "run"]).arg(&module).arg("--input").arg(&clip).arg("--output").arg(&out);
        let (status, said) = Process::run("weir filter run", &mut run);
        assert!(status.success(), "{said}");
        let offline = flv::read(&out);
        assert!(offline != sent, "nothing was filtered");
        for kind in [VIDEO, AUDIO] {
            assert_same(kind, &offline, &online);
        }
        let metadata = |tags: &[flv::Tag]| {
            tags.iter().find(|t| t.kind == DATA && t.body.starts_with(b"\x02\0\x0aonMetaData")).map(|t| t.body.clone())
        };
        assert_eq!(metadata(&offline), metadata(&online));
        let pictures = sent.iter().filter(|t| t.is_picture()).count();
        let edited = said.lines().filter(|l| l.contains("edited")).count();
        assert!(edited >= pictures / 2, "a line per verdict: {edited} of {pictures}:\n{said}");
        assert!(said.contains("frames"), "no summary: {said}");
    }
}

#[test]
fn two_runs_see_the_same_time() {
    let module = build_filter("filters/nal-filter");
    let folder = tempfile::tempdir().expect("a folder");
    let outputs = ["a.flv", "b.flv"].map(|name| {
        let out = folder.path().join(name);
        let mut run = weir();
        run.args(["filter", "run"]).arg(&module).arg("--input").arg(clip::h264()).arg("--output").arg(&out);
        Process::start("weir filter run", &mut run).succeeds();
        std::fs::read(out).expect("an output")
    });
    assert!(outputs[0] == outputs[1]);
}

#[test]
fn inspect_names_what_a_filter_is_and_wants() {
    let module = build_filter("filters/nal-filter");
    let (status, said) = Process::run("weir filter inspect", weir().args(["filter", "inspect"]).arg(&module));
    assert!(status.success(), "{said}");
    for word in ["nal-filter", "media", "sha256"] {
        assert!(said.to_lowercase().contains(word), "no '{word}': {said}");
    }
    let (status, said) = Process::run("weir filter inspect", weir().args(["filter", "inspect", "Cargo.toml"]));
    assert!(!status.success(), "{said}");
}
