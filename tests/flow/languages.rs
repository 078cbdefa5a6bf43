//! Filters in every language that needs no tools but a compiler; `tests/languages` has the others.

use weir_tests::languages::from_new_to_player;
use weir_tests::process::Process;
use weir_tests::router::{Router, weir};

#[test]
fn c() {
    from_new_to_player("c");
}

#[test]
fn rust() {
    from_new_to_player("rust");
}

#[test]
fn a_trap_in_c_names_the_functions_that_led_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = folder.path().join("mine");
    let (status, said) = Process::run("weir filter new", weir().args(["filter", "new", "--lang", "c"]).arg(&made));
    assert!(status.success(), "{said}");
    let source = made.join("filter.c");
    let text = std::fs::read_to_string(&source).expect("the source");
    let head = text.find("stream_filter_subscribe(").expect("the hook");
    let body = head + text[head..].find('{').expect("its body") + 1;
    let trap = "__attribute__((noinline)) void the_culprit(void) { volatile int no = 0; if (!no) __builtin_trap(); }\n";
    let first = text.find("typedef ").expect("a place for a function");
    let broken = [&text[..first], trap, &text[first..body], "\n    the_culprit();\n", &text[body..]].concat();
    std::fs::write(&source, broken).expect("the source is writable");
    let (status, said) = Process::run("weir filter build", weir().args(["filter", "build"]).arg(&made));
    assert!(status.success(), "{said}");
    let config = made.join("weir.toml");
    let (status, said) = Process::run("weir check", weir().arg("check").arg("--config").arg(&config));
    assert_eq!(status.code(), Some(78), "{said}");
    assert!(said.contains("failed in subscribe on trial") && said.contains("mine.wasm!the_culprit"), "{said}");

    // And what it says at the end of the trial is no line of the log: there was no stream.
    std::fs::write(&source, text).expect("the source is writable");
    let (status, said) = Process::run("weir filter build", weir().args(["filter", "build"]).arg(&made));
    assert!(status.success(), "{said}");
    let source = made.join("build/mine.wasm").display().to_string();
    let router =
        Router::start(&format!("[filters.mine]\nsource = \"file:{source}\"\n[apps.live]\nmedia = [\"mine\"]\n"));
    router.process.line("the filter", |line| line.contains("filter loaded"));
    assert!(!router.process.said().contains("count=0"), "{}", router.process.said());
}

#[test]
fn a_router_that_a_developer_runs_gets_the_signals_and_ends_with_weir_dev() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = folder.path().join("mine");
    let (status, said) = Process::run("weir filter new", weir().args(["filter", "new", "--lang", "c"]).arg(&made));
    assert!(status.success(), "{said}");
    let config = made.join("weir.toml");
    let mut command = weir();
    command.arg("dev").arg(&made).arg("--config").arg(&config).env("WEIR_RTMP__LISTEN", "[\"127.0.0.1:0\"]");
    let mut dev = Process::start("weir dev", &mut command);
    dev.line("the router", |line| line.contains("listens on "));
    dev.signal("USR2");
    dev.line("the report", |line| line.contains("report: rtmp sessions"));
    dev.signal("HUP");
    dev.line("the configuration", |line| line.contains("configuration reloaded"));
    dev.signal("INT");
    dev.line("the end of the router", |line| line.contains("weir::run: stopped"));
    dev.succeeds();
}
