//! `weir filter run` gives what the router gives.

use weir_tests::flow::{assert_same, through};
use weir_tests::flv::{self, AUDIO, DATA, VIDEO};
use weir_tests::process::Process;
use weir_tests::router::{PATIENT, Router, build_filter, weir};
use weir_tests::{clip, sample};

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

/// `weir filter run` with these arguments: whether it went well, and what it said.
fn run(arguments: &[&str]) -> (bool, String) {
    let (status, said) = Process::run("weir filter run", weir().args(["filter", "run"]).args(arguments));
    (status.success(), said)
}

#[test]
fn a_golden_file_is_written_holds_and_tells_the_first_differences() {
    let module = build_filter("filters/nal-filter");
    let (module, clip) = (module.to_str().expect("UTF-8"), clip::h264());
    let clip = clip.to_str().expect("UTF-8");
    let folder = tempfile::tempdir().expect("a folder");
    const OTHER: &str = r#"{"h264":{"drop":["sei"]}}"#;
    for name in ["golden.txt", "golden.flv"] {
        let golden = folder.path().join(name);
        let golden = golden.to_str().expect("UTF-8");
        let base = [module, "--input", clip, "--quiet", "--expect", golden];
        let (fine, said) = run(&base);
        assert!(!fine && said.contains("--update writes it"), "{said}");
        for more in [&["--update"][..], &[], &[]] {
            let (fine, said) = run(&[&base[..], more].concat());
            assert!(fine, "{name}: {said}");
        }
        let (fine, said) = run(&[&base[..], &["--config-json", OTHER]].concat());
        assert!(!fine && said.contains(name) && said.contains("differences"), "{said}");
        assert!(said.contains("  - ") && said.contains("  + "), "the first differences: {said}");
    }
}

#[test]
fn a_trace_shows_calls_with_what_they_called_and_figures_are_per_hook() {
    let module = build_filter("filters/nal-filter");
    let (module, clip) = (module.to_str().expect("UTF-8"), clip::h264());
    let clip = clip.to_str().expect("UTF-8");
    let (fine, said) = run(&[module, "--input", clip, "--trace"]);
    assert!(fine, "{said}");
    for part in ["configure -> ok", "config.json()", "subscribe -> ", "on-frame #", "frame.remove-units(", "B copied"] {
        assert!(said.contains(part), "no {part}: {said}");
    }
    let (_, copied) = figures(&[module, "--input", clip]);
    assert_eq!(copied, 0, "units go by type without a byte copied");
}

#[test]
fn what_a_filter_reads_and_writes_is_told_as_copied() {
    let module = build_filter("filters/conformance/media");
    let (module, clip) = (module.to_str().expect("UTF-8"), clip::h264());
    let arguments = [module, "--input", clip.to_str().expect("UTF-8"), "--config-json"];
    // It takes each payload, and gives it back with a byte more.
    let (calls, copied) = figures(&[&arguments[..], &[r#"{"mode":"replace","append":"!"}"#]].concat());
    let samples = sample::samples(&flv::read(&clip));
    let payloads: usize = samples.iter().filter(|sample| !sample.record).map(|sample| sample.payload.len()).sum();
    assert_eq!(copied, 2 * 3 * payloads as u64 + calls);
    let (_, copied) = figures(&[&arguments[..], &[r#"{"mode":"pass"}"#]].concat());
    assert_eq!(copied, 0);
}

/// Runs a filter over a file three times: how often its `on-frame` was called, and how many bytes were copied in these calls.
fn figures(arguments: &[&str]) -> (u64, u64) {
    let (fine, said) = run(&[arguments, &["--repeat", "3"]].concat());
    let line = said.lines().find(|line| line.contains("on-frame")).unwrap_or_else(|| panic!("no figures: {said}"));
    let numbers: Vec<u64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [calls, p50, p99, max, copied, _] = numbers[..] else { panic!("figures: {line}") };
    assert!(fine && calls > 0 && calls % 3 == 0 && p50 <= p99 && p99 <= max, "{line}");
    assert!(said.contains("KiB of memory per instance"), "{said}");
    (calls, copied)
}

#[test]
fn session_filters_answer_a_list_of_questions_and_a_golden_file_holds_them() {
    let module = build_filter("filters/token-auth");
    let module = module.to_str().expect("UTF-8");
    let folder = tempfile::tempdir().expect("a folder");
    let questions = folder.path().join("questions.json");
    let text = r#"[
        { "do": "connect", "stream": "live" },
        { "do": "publish", "stream": "live/cam", "query": { "key": "k" } },
        { "do": "publish", "stream": "live/cam", "query": { "key": "wrong" }, "at": 1.5 },
        { "do": "recheck", "stream": "live/cam", "query": { "key": "k" } },
        { "do": "close", "stream": "live/cam" }
    ]"#;
    std::fs::write(&questions, text).expect("a file");
    let golden = folder.path().join("answers.txt");
    let base = [
        module,
        "--session",
        questions.to_str().expect("UTF-8"),
        "--config-json",
        r#"{"protect":["publish"],"keys":["k"]}"#,
        "--expect",
        golden.to_str().expect("UTF-8"),
    ];
    for more in [&["--update"][..], &[]] {
        let (fine, said) = run(&[&base[..], more].concat());
        assert!(
            fine && said.contains("0.000 publish live/cam allow") && said.contains("1.500 publish live/cam deny"),
            "{said}"
        );
    }
    std::fs::write(&questions, text.replace("wrong", "k")).expect("a file");
    let (fine, said) = run(&base);
    assert!(!fine && said.contains("1 differences"), "{said}");
    std::fs::write(&questions, "[{\"do\": \"dance\"}]").expect("a file");
    let (fine, said) = run(&base);
    assert!(!fine && said.contains("dance") && said.contains("connect, publish, play"), "{said}");
}

#[test]
fn inspect_tells_programs_and_people_of_every_shipped_filter() {
    let shipped =
        ["ip-allow", "metadata-edit", "nal-filter", "sei-timestamp", "token-auth", "conformance/media-granted"];
    for folder in shipped {
        let module = build_filter(&format!("filters/{folder}"));
        let mut inspect = weir();
        inspect.args(["filter", "inspect", "--json"]).arg(&module);
        let (status, said) = Process::run("weir filter inspect", &mut inspect);
        assert!(status.success(), "{folder}: {said}");
        let json: serde_json::Value = serde_json::from_str(&said).unwrap_or_else(|e| panic!("{folder}: {e}: {said}"));
        for key in ["name", "version", "summary", "sha256", "form", "contract"] {
            assert!(json[key].as_str().is_some_and(|text| !text.is_empty()), "{folder}: {key}: {said}");
        }
        assert!(json["memory_bytes"].as_u64().is_some_and(|bytes| bytes >= 65_536), "{folder}: {said}");
        assert!(json["worlds"].as_array().is_some_and(|worlds| !worlds.is_empty()), "{folder}: {said}");
    }
    let granted = build_filter("filters/conformance/media-granted");
    let (_, said) = Process::run("weir filter inspect", weir().args(["filter", "inspect"]).arg(&granted));
    assert!(said.contains("grants = [\"entropy\""), "a line to paste: {said}");
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in
        [("empty.wasm", &b""[..]), ("text.wasm", b"(module)"), ("cut.wasm", b"\0asm\x01\0\0\0\x01\xff")]
    {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).expect("a file");
        let (status, said) =
            Process::run("weir filter inspect", weir().args(["filter", "inspect", "--json"]).arg(&file));
        assert!(!status.success() && said.contains("not a usable wasm file"), "{name}: {said}");
    }
}
