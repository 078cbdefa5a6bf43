//! A configuration that is wrong says where, and a supervisor can tell it from a crash.

use weir_tests::process::Process;
use weir_tests::router::{Router, build_filter, put, weir};
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

#[test]
fn grants_that_do_not_fit_the_settings_are_found_by_the_check() {
    let [jwt, limits, audio] = ["filters/jwt-auth", "filters/limits", "filters/audio-only"]
        .map(|folder| build_filter(folder).display().to_string());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("weir.toml");
    let check = |filter: &str, module: &str, chain: &str, grants: &str, config: &str| {
        let text = format!(
            "[filters.{filter}]\nsource = \"file:{module}\"\ngrants = [{grants}]\nconfig = {{ {config} }}\n\
             [apps.live]\n{chain} = [\"{filter}\"]\n"
        );
        std::fs::write(&file, text).expect("the folder is writable");
        let (status, said) = Process::run("weir check", weir().args(["check", "--config"]).arg(&file));
        (status.code(), said)
    };
    let keys = "jwks = \"https://auth.example/keys\"";
    for (filter, module, chain, bad, good, config, why) in [
        (
            "jwt",
            &jwt,
            "session",
            "\"kv:jwt-auth\", \"http:https://other.example\"",
            "\"kv:jwt-auth\", \"http:https://auth.example\"",
            keys,
            "needs the grant \"http:https://auth.example\"",
        ),
        (
            "limits",
            &limits,
            "media",
            "\"kv:other\"",
            "\"kv:mine\"",
            "max_width = 640, bucket = \"mine\"",
            "needs the grant \"kv:mine\"",
        ),
        ("audio", &audio, "media", "", "\"derive\"", "", "needs the grant \"derive\""),
    ] {
        let (code, said) = check(filter, module, chain, bad, config);
        let place = format!("weir.toml:3: filters.{filter}.grants: ");
        assert!(code == Some(EX_CONFIG) && said.contains(why) && said.contains(&place), "{said}");
        let (code, said) = check(filter, module, chain, good, config);
        assert_eq!(code, Some(0), "{said}");
    }
    // Everybody would be refused for as long as it is not there.
    let (code, said) = check("gone", "nowhere.wasm", "session", "", "");
    let why = "filters.gone.source: there is no such file or folder; tried nowhere.wasm";
    assert!(code == Some(EX_CONFIG) && said.contains(why) && said.matches("no such file").count() == 1, "{said}");
}

#[test]
fn what_is_no_file_is_refused_and_not_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, pipe) = (folder.path().join("weir.toml"), folder.path().join("pipe.wasm"));
    let (status, said) = Process::run("mkfifo", std::process::Command::new("mkfifo").arg(&pipe));
    assert!(status.success(), "{said}");
    let text = "[apps.live]\nmedia = [\"f\"]\n[filters.f]\non_failure = \"bypass\"\nsource = \"file:pipe.wasm\"\n";
    std::fs::write(&file, text).expect("the folder is writable");
    let (status, said) = Process::run("weir check", weir().args(["check", "--config"]).arg(&file));
    assert_eq!(status.code(), Some(EX_CONFIG), "{said}");
    assert!(said.contains("weir.toml:5: filters.f.source: ") && said.contains("a named pipe (FIFO)"), "{said}");
    // The router starts all the same, and takes a file in its place.
    let router = Router::start(&text.replace("file:pipe.wasm", &format!("file:{}", pipe.display())));
    router.process.line("the refusal", |line| line.contains("filter not loaded") && line.contains("named pipe"));
    put(&std::fs::read(build_filter("filters/conformance/noop")).expect("a module"), &pipe);
    router.process.line("a filter", |line| line.contains("another generation in force"));
}

#[test]
fn settings_that_do_nothing_are_told_by_the_check() {
    let [token, nal, g711] = ["filters/token-auth", "filters/nal-filter", "filters/g711-transcode"]
        .map(|folder| build_filter(folder).display().to_string());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("weir.toml");
    let check = |module: &str, chain: &str, rest: &str| {
        let text = format!("[filters.f]\nsource = \"file:{module}\"\n{rest}\n[apps.live]\n{chain} = [\"f\"]\n");
        std::fs::write(&file, text).expect("the folder is writable");
        let (status, said) = Process::run("weir check", weir().args(["check", "--config"]).arg(&file));
        (status.code(), said)
    };
    const KEYS: &str = "config = { keys = [\"a\"] }\n";
    let (code, said) =
        check(&token, "session", &format!("{KEYS}placement = \"observe\"\nqueue = \"3s\"\nisolation = \"shared\""));
    assert_eq!(code, Some(0), "{said}");
    for line in
        ["weir.toml:4: filters.f.placement: ", "weir.toml:5: filters.f.queue: ", "weir.toml:6: filters.f.isolation: "]
    {
        assert!(said.contains(&format!("{line}it is used as a session filter")), "{said}");
    }
    let (code, said) = check(&token, "session", &format!("{KEYS}on_failure = \"bypass\""));
    assert!(
        code == Some(EX_CONFIG) && said.contains("weir.toml:4: filters.f.on_failure: ") && said.contains("\"allow\""),
        "{said}"
    );
    let (code, said) = check(&nal, "media", "on_failure = \"deny\"");
    assert!(
        code == Some(EX_CONFIG)
            && said.contains("weir.toml:3: filters.f.on_failure: ")
            && said.contains("\"end-stream\""),
        "{said}"
    );
    let (code, said) =
        check(&nal, "media", "limits = { viewers = 5, streams_per_instance = 7 }\ngrants = [\"push:*\"]");
    assert_eq!(code, Some(0), "{said}");
    for part in [
        "limits.viewers: ",
        "only with placement = \"egress\"",
        "only with isolation = \"shared\"",
        "weir.toml:4: filters.f.grants: ",
    ] {
        assert!(said.contains(part), "no {part} in {said}");
    }
    // One that is there to change frames changes none where they do not wait for it.
    let (code, said) = check(&nal, "media", "placement = \"observe\"");
    let why = "weir.toml:3: filters.f.placement: it does nothing with placement = \"observe\"; it does with \"ingest\" or \"egress\"";
    assert!(code == Some(EX_CONFIG) && said.contains(why), "{said}");
    // What its file cannot ask for.
    let (code, said) =
        check(&nal, "media", "grants = [\"kv:b\", \"derive\"]\nsecrets = { key = \"k\" }\nqueue = \"3s\"");
    assert_eq!(code, Some(0), "{said}");
    for part in [
        "weir.toml:3: filters.f.grants: \"kv:…\" does nothing",
        "weir.toml:3: filters.f.grants: \"derive\" does nothing",
        "weir.toml:4: filters.f.secrets: this filter asks for no secrets",
        "weir.toml:5: filters.f.queue: frames wait for it",
    ] {
        assert!(said.contains(part), "no {part} in {said}");
    }
    let (code, said) = check(&token, "session", "secrets = { key = \"k\" }\nconfig = { keys = [\"a\"] }");
    assert!(code == Some(0), "{said}");
    // What ends at a bound is not laid at the door of its settings.
    let (code, said) = check(&token, "session", &format!("{KEYS}limits = {{ memory = \"64KiB\" }}"));
    let why =
        "weir.toml:4: filters.f.limits.memory: failed in start on trial: it was refused memory beyond 65536 bytes";
    assert!(code == Some(EX_CONFIG) && said.contains(why), "{said}");
    // Every advice leads on: what it says to write is taken.
    let in_place = "config = { in_place = true }\n";
    for (rest, place, says) in [
        (format!("{in_place}placement = \"egress\""), 4, "it does with \"ingest\""),
        (format!("{in_place}grants = [\"derive\"]\nplacement = \"beside\""), 5, "it does with \"ingest\""),
        ("placement = \"observe\"".into(), 3, "it does with \"ingest\" or \"beside\""),
    ] {
        let (code, said) = check(&g711, "media", &rest);
        let told = format!("weir.toml:{place}: filters.f.placement: with `in_place` = ");
        assert!(code == Some(EX_CONFIG) && said.contains(&told) && said.contains(says), "{said}");
        assert!(!said.contains("write it into `grants`"), "{said}");
    }
    let (code, said) = check(&g711, "media", in_place);
    assert!(code == Some(0) && !said.contains("warning"), "{said}");
    let (code, said) = check(&g711, "media", "grants = [\"derive\"]\nplacement = \"beside\"");
    assert!(code == Some(0) && !said.contains("warning"), "{said}");
}

#[test]
fn a_folder_that_was_renamed_is_not_built_for_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let (old, new) = (folder.path().join("old-name"), folder.path().join("new-name"));
    let (status, said) = Process::run("weir filter new", weir().args(["filter", "new", "--lang", "c"]).arg(&old));
    assert!(status.success(), "{said}");
    std::fs::rename(&old, &new).expect("a folder of another name");
    let file = new.join("weir.toml");
    let (status, said) = Process::run("weir dev", weir().arg("dev").arg(&new).arg("--config").arg(&file));
    assert!(!status.success(), "{said}");
    let text = std::fs::read_to_string(&file).expect("the project's configuration");
    let line = text.lines().position(|line| line.contains("build/old_name.wasm")).expect("a source") + 1;
    assert!(
        said.contains(&format!("weir.toml:{line}: filters.old-name.source: \"build/old_name.wasm\" is not what ")),
        "{said}"
    );
    assert!(said.contains("write source = \"file:build/new_name.wasm\""), "{said}");
}

#[test]
fn where_nothing_ran_nothing_is_said_to_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let module = folder.path().join("x.wasm");
    put(b"no wasm", &module);
    let router =
        Router::start(&format!("[filters.x]\nsource = \"file:{}\"\n[apps.live]\nmedia = [\"x\"]", module.display()));
    let line = router.process.line("the refusal", |line| line.contains("filter not loaded"));
    assert!(line.contains("its on_failure holds"), "{line}");
    put(b"no wasm either", &module);
    let line = router.process.line("the next refusal", |line| line.contains("new generation refused"));
    assert!(line.contains("nothing ran, its on_failure holds"), "{line}");
    let good = std::fs::read(build_filter("filters/conformance/noop")).expect("a module");
    put(&good, &module);
    router.process.line("a filter", |line| line.contains("another generation in force"));
    let mark = router.process.mark();
    put(b"no wasm again", &module);
    let line = router.process.line_after(mark, "the last refusal", |line| line.contains("new generation refused"));
    assert!(line.contains("what ran goes on"), "{line}");
}

#[test]
fn a_filter_that_is_not_there_is_told_once_at_the_start() {
    let router = Router::start(
        "[filters.gone]\non_failure = \"bypass\"\nsource = \"file:nowhere.wasm\"\n[apps.live]\nmedia = [\"gone\"]\n",
    );
    let line = router.process.line("the refusal", |line| line.contains("filter not loaded"));
    assert!(line.contains("filters.gone.source: there is no such file or folder; tried nowhere.wasm"), "{line}");
    assert_eq!(router.process.said().matches("nowhere.wasm").count(), line.matches("nowhere.wasm").count());
}

#[test]
fn a_start_that_waits_for_a_filter_says_so() {
    let router = Router::start(&format!(
        "[filters.slow]\nsource = \"file:{}\"\nlimits = {{ start_time = \"4s\" }}\nconfig = {{ deed = \"loop\", hook = \"configure\" }}\n\
         [apps.live]\nmedia = [\"slow\"]\n",
        build_filter("filters/conformance/hostile").display()
    ));
    let said = router.process.said();
    let (waits, refused) = (said.find("it takes its time to load"), said.find("filter not loaded"));
    assert!(waits.is_some() && waits < refused, "{said}");
}

#[test]
fn what_a_filter_says_when_it_fails_on_trial_stands_before_its_stack() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("weir.toml");
    let text = format!(
        "[filters.f]\nsource = \"file:{}\"\nconfig = {{ deed = \"panic\", hook = \"configure\" }}\n[apps.live]\nmedia = [\"f\"]\n",
        build_filter("filters/conformance/hostile").display()
    );
    std::fs::write(&file, text).expect("the folder is writable");
    let (status, said) = Process::run("weir check", weir().args(["check", "--config"]).arg(&file));
    assert_eq!(status.code(), Some(EX_CONFIG), "{said}");
    let (why, stack) = said.split_once("wasm backtrace: ").unwrap_or_else(|| panic!("{said}"));
    assert!(why.contains("weir.toml:3: filters.f.config: failed in configure on trial: "), "{said}");
    assert!(why.contains("told to panic") && why.contains("lib.rs line=") && stack.contains("perform"), "{said}");
}
