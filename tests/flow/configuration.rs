//! A configuration that is wrong says where, and a supervisor can tell it from a crash.

use weir_tests::process::Process;
use weir_tests::router::{Router, weir};
use weir_tests::workspace;

/// EX_CONFIG of sysexits.h.
const EX_CONFIG: i32 = 78;

#[test]
fn a_wrong_file_is_refused_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("weir.toml");
    for (text, words) in [
        ("[rtmp]\nlisten = [\"127.0.0.1:0\"]\nchunk_sise = 4096\n", &["weir.toml:3", "chunk_size"][..]),
        ("[rtmp]\nchunk_size = 0\n", &["weir.toml:2", "chunk_size"]),
        ("[rtmp]\nhandshake_timeout = \"ten seconds\"\n", &["weir.toml:2", "10s"]),
        ("[rtmp]\nlisten = [\"localhost\"]\n", &["weir.toml:2"]),
        ("[apps.live]\nsession = [\"tokne\"]\n[filters.token]\nsource = \"file:x\"\n", &["weir.toml:2", "token"]),
        ("[rtmp\n", &["weir.toml:1"]),
        (
            "[filters.x]\nsource = \"file:x\"\nconfig = { key = \"${env:NOT_SET_ANYWHERE}\" }\n",
            &["weir.toml:3", "NOT_SET_ANYWHERE"],
        ),
    ] {
        std::fs::write(&file, text).expect("the folder is writable");
        for command in ["run", "check"] {
            let (status, said) = Process::run("weir", weir().args([command, "--config"]).arg(&file));
            assert_eq!(status.code(), Some(EX_CONFIG), "weir {command} with {text:?}: {said}");
            for word in words {
                assert!(said.contains(word), "no '{word}' in what weir {command} says of {text:?}: {said}");
            }
        }
    }
    let (status, said) = Process::run("weir", weir().args(["run", "--config", "/nonexistent/weir.toml"]));
    assert_eq!(status.code(), Some(EX_CONFIG), "{said}");
    assert!(said.contains("/nonexistent/weir.toml"), "{said}");
}

#[test]
fn the_shipped_file_holds_every_key_with_its_default() {
    let (status, said) = Process::run("weir", weir().args(["config", "default"]));
    assert!(status.success(), "{said}");
    assert_eq!(said.trim_end(), workspace::read("config/weir.toml").trim_end());
    let (status, said) = Process::run("weir", weir().current_dir(workspace::root()).arg("check"));
    assert!(status.success(), "{said}");
}

#[test]
fn the_environment_overrides_the_file() {
    let mut show = weir();
    show.current_dir(workspace::root()).args(["config", "show"]).env("WEIR_RTMP__CHUNK_SIZE", "4096");
    let (status, said) = Process::run("weir", &mut show);
    assert!(status.success() && said.contains("4096"), "{said}");
    let mut wrong = weir();
    wrong.current_dir(workspace::root()).arg("check").env("WEIR_RTMP__CHUNK_SICE", "4096");
    let (status, said) = Process::run("weir", &mut wrong);
    assert_eq!(status.code(), Some(EX_CONFIG), "{said}");
    assert!(said.contains("WEIR_RTMP__CHUNK_SICE") && said.contains("chunk_size"), "{said}");
}

#[test]
fn secrets_are_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("weir.toml");
    let text = "[filters.x]\nsource = \"file:x.wasm\"\nconfig = { keys = [\"${env:WEIR_TEST_KEY}\"] }\nsecrets = { s = \"${env:WEIR_TEST_KEY}\" }\n";
    std::fs::write(&file, text).expect("the folder is writable");
    let (status, said) =
        Process::run("weir", weir().args(["config", "show", "--config"]).arg(&file).env("WEIR_TEST_KEY", "hunter2"));
    assert!(status.success(), "{said}");
    assert!(!said.contains("hunter2") && said.contains("${env:WEIR_TEST_KEY}"), "{said}");
}

#[test]
fn two_routers_on_one_address_are_told_apart() {
    let first = Router::start("[apps.live]");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("weir.toml");
    std::fs::write(&file, format!("[rtmp]\nlisten = [\"{}\"]\n[apps.live]\n", first.address)).expect("writable");
    let (status, said) = Process::run("weir", weir().args(["run", "--config"]).arg(&file));
    assert!(!status.success() && said.contains(&first.address.to_string()), "{status}: {said}");
}
