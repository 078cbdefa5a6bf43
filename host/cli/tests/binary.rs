//! The binary as a supervisor and a person at a terminal see it.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

/// EX_CONFIG of sysexits.h.
const EX_CONFIG: i32 = 78;

/// The binary with nothing in its environment but what is given.
fn weir(dir: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
    command.env_clear().envs(variables.iter().copied()).current_dir(dir).args(arguments);
    command.output().expect("the binary runs")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn exit_codes() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("good.toml"), "[apps.live]\n").unwrap();
    fs::write(dir.path().join("bad.toml"), "[rtmp]\nlisten = 5\n").unwrap();
    fs::write(dir.path().join("binary.toml"), [0xFF, 0xFE]).unwrap();
    let table: &[(&[&str], i32)] = &[
        (&["version"], 0),
        (&["--help"], 0),
        (&["config", "default"], 0),
        (&["config", "show"], 0),
        (&["check", "--config", "good.toml"], 0),
        (&["--config", "good.toml", "check"], 0),
        (&["check", "--config", "bad.toml"], EX_CONFIG),
        (&["check", "--config", "binary.toml"], EX_CONFIG),
        (&["check", "--config", "missing.toml"], EX_CONFIG),
        (&["config", "show", "--config", "bad.toml"], EX_CONFIG),
        (&["run", "--config", "bad.toml"], EX_CONFIG),
        (&["--config", "bad.toml"], EX_CONFIG),
        (&["chekc"], 2),
        (&["--config", "good.toml", "check", "--config", "good.toml"], 2),
        (&["--config", "good.toml", "version"], 2),
        (&["filter"], 2),
        (&["filter", "build", "."], 1),
    ];
    for (arguments, code) in table {
        let output = weir(dir.path(), &[], arguments);
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}: {}{}", out(&output), err(&output));
        if *code != 0 {
            assert!(!err(&output).is_empty(), "{arguments:?} says why");
        }
    }
}

#[test]
fn a_wrong_configuration_says_where() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("f.toml"),
        "[rtmp]\nchunk_sise = 1\n[filters.a]\nsource = 'file:x'\nconfig.k = '${env:K}'",
    )
    .unwrap();
    let output = weir(dir.path(), &[("WEIR_LOG__LEVEL", "loud")], &["run", "--config", "f.toml"]);
    assert_eq!(output.status.code(), Some(EX_CONFIG));
    let said = err(&output);
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines[0], "f.toml:2: rtmp.chunk_sise: unknown key; did you mean `chunk_size`?", "{said}");
    assert_eq!(lines[1], "f.toml:5: filters.a.config.k: the environment variable K is not set", "{said}");
    assert!(lines[2].starts_with("environment variable WEIR_LOG__LEVEL: log.level: expected one of"), "{said}");
    assert_eq!(lines.len(), 3, "{said}");
}

#[test]
fn the_usual_file_is_read_if_it_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let shown = weir(dir.path(), &[], &["config", "show"]);
    assert!(out(&shown).starts_with("# in force: the built-in configuration"), "{}", out(&shown));
    fs::create_dir(dir.path().join("config")).unwrap();
    fs::write(dir.path().join("config/weir.toml"), "[rtmp]\nchunk_size = 4096\n").unwrap();
    let shown = weir(dir.path(), &[], &["config", "show"]);
    assert!(out(&shown).contains("# config/weir.toml:2"), "{}", out(&shown));
}

#[test]
fn secrets_do_not_show() {
    let dir = tempfile::tempdir().unwrap();
    let variables = [("WEIR_STREAM_KEY", "hunter2"), ("WEIR_FILTERS__TOKEN__SECRETS__PIN", "4711")];
    let output = weir(dir.path(), &variables, &["config", "show"]);
    assert!(output.status.success(), "{}", err(&output));
    let said = out(&output) + &err(&output);
    assert!(said.contains("${env:WEIR_STREAM_KEY") && !said.contains("hunter2") && !said.contains("4711"), "{said}");
}

#[test]
fn check_warns_of_what_is_valid_but_doubtful() {
    let dir = tempfile::tempdir().unwrap();
    let output = weir(dir.path(), &[], &["check"]);
    assert!(output.status.success());
    let said = err(&output);
    for doubt in
        ["WEIR_STREAM_KEY is not set", "filters.token: there is no such file or folder; tried filters/token-auth"]
    {
        assert!(said.contains(doubt), "{doubt}: {said}");
    }
    fs::write(dir.path().join("f.toml"), "[filters.a]\nsource = 'file:x.wasm'\n").unwrap();
    let said = err(&weir(dir.path(), &[], &["check", "--config", "f.toml"]));
    for doubt in ["filters.a: no application uses it", "there is no [apps.NAME]: everyone is refused"] {
        assert!(said.contains(doubt), "{doubt}: {said}");
    }
}

#[test]
fn the_default_configuration_is_the_shipped_file() {
    let dir = tempfile::tempdir().unwrap();
    let shipped = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/weir.toml")).unwrap();
    assert_eq!(out(&weir(dir.path(), &[], &["config", "default"])), shipped);
}
