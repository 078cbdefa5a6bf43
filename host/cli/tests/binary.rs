//! The binary as a supervisor and a person at a terminal see it.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
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
        (&["filter", "run", "--help"], 0),
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
        (&["filter", "run", "f.wasm"], 2),
        (&["filter", "inspect", "missing.wasm"], 1),
        (&["filter", "build", "."], 1),
        (&["filter", "run", "missing.wasm", "--input", "missing.flv"], 1),
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
    let built_in = "# in force: the built-in configuration (there is no config/weir.toml, no weir.toml here)";
    assert!(out(&shown).starts_with(built_in), "{}", out(&shown));
    // As in the folder of a filter's project.
    fs::write(dir.path().join("weir.toml"), "[rtmp]\nchunk_size = 512\n[apps.live]\n").unwrap();
    let shown = weir(dir.path(), &[], &["config", "show"]);
    assert!(out(&shown).contains("# weir.toml:2"), "{}", out(&shown));
    let checked = weir(dir.path(), &[], &["check"]);
    assert!(out(&checked).starts_with("weir.toml: valid"), "{}", out(&checked));
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
fn check_tells_what_is_missing_and_warns_of_what_is_doubtful() {
    let dir = tempfile::tempdir().unwrap();
    let output = weir(dir.path(), &[], &["check"]);
    assert_eq!(output.status.code(), Some(EX_CONFIG), "a filter that is not there lets nobody in");
    let said = err(&output);
    for word in [
        "WEIR_STREAM_KEY is not set",
        "filters.token.source: there is no such file or folder; tried filters/token-auth",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
    fs::write(dir.path().join("f.toml"), "[apps.live]\n[filters.a]\nsource = 'file:x.wasm'\n").unwrap();
    let said = err(&weir(dir.path(), &[], &["check", "--config", "f.toml"]));
    assert!(said.contains("filters.a: no application uses it"), "{said}");
}

/// A named pipe.
fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo runs").success());
}

#[test]
fn a_configuration_that_is_no_file_is_refused_and_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    pipe(&dir.path().join("pipe"));
    fs::create_dir(dir.path().join("folder")).unwrap();
    fs::File::create(dir.path().join("huge")).unwrap().set_len((16 << 20) + 1).unwrap();
    for (file, why) in [
        ("pipe", "pipe: cannot be read: this is a named pipe (FIFO); a regular file is needed; only `weir check`"),
        ("/dev/zero", "/dev/zero: cannot be read: this is a device; a regular file is needed"),
        ("folder", "folder: cannot be read: this is a folder; a regular file is needed"),
        ("huge", "huge: cannot be read: it has more than 16777216 bytes"),
    ] {
        for command in [&["check"][..], &["run"], &["config", "show"]] {
            let output = weir(dir.path(), &[], &[command, &["--config", file]].concat());
            assert_eq!(output.status.code(), Some(EX_CONFIG), "{command:?} {file}");
            assert!(err(&output).starts_with(why), "{command:?}: {}", err(&output));
        }
    }
}

#[test]
fn what_a_program_writes_is_checked_and_not_run() {
    let dir = tempfile::tempdir().unwrap();
    let piped = |command: &str, text: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_weir"))
            .env_clear()
            .current_dir(dir.path())
            .args([command, "--config", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        // One that does not read it is gone by now.
        let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes());
        child.wait_with_output().expect("the binary ends")
    };
    let good = piped("check", "[apps.live]\n");
    assert!(out(&good).starts_with("<stdin>: valid (1 application"), "{}{}", out(&good), err(&good));
    let bad = err(&piped("check", "[apps.live]\nplay_weit = '1s'\n"));
    assert!(bad.starts_with("<stdin>:2: apps.live.play_weit: unknown key"), "{bad}");
    let run = piped("run", "[apps.live]\n");
    assert_eq!(run.status.code(), Some(EX_CONFIG));
    assert!(err(&run).contains("only `weir check` and `weir config show`"), "{}", err(&run));
}

#[test]
fn paths_that_lead_to_something_else_are_told_before_they_are_needed() {
    let dir = tempfile::tempdir().unwrap();
    pipe(&dir.path().join("pipe"));
    fs::write(dir.path().join("file"), "").unwrap();
    fs::create_dir(dir.path().join("folder")).unwrap();
    let filter = |rest: &str| format!("[filters.f]\nsource = 'file:f.wasm'\n{rest}");
    for (text, why) in [
        (filter("record.folder = 'pipe'"), "record.folder: pipe: this is a named pipe (FIFO); a folder is needed"),
        (filter("record.folder = 'file/below'"), "record.folder: file: this is a file; a folder is needed"),
        ("[wasm]\ncache_dir = 'file'".into(), "wasm.cache_dir: file: this is a file; a folder is needed"),
        ("[wasm.fetch]\ndir = 'pipe'".into(), "wasm.fetch.dir: pipe: this is a named pipe (FIFO); a folder is needed"),
        ("[wasm.fetch]\nca = 'pipe'".into(), "wasm.fetch.ca: pipe: this is a named pipe (FIFO); a regular file"),
        ("[wasm.kv]\nfile = 'folder'".into(), "wasm.kv.file: folder: this is a folder; a regular file is needed"),
        ("[wasm.http]\nca = '/dev/zero'".into(), "wasm.http.ca: /dev/zero: this is a device; a regular file is needed"),
        (
            "[[apps.live.push]]\nto = 'rtmps://h/a/{stream}'\nca = 'folder'".into(),
            "apps.live.push[0].ca: folder: this is a folder; a regular file is needed",
        ),
        (
            "[rtmp]\nlisten = ['unix:file']".into(),
            "rtmp.listen[0]: file: there is a file, and no socket: remove it, or take another path",
        ),
        ("[apps.'.']".into(), "apps.\".\": no URL leads to it: its name holds control characters, or `.`"),
        ("[apps.'']".into(), "apps.\"\": an application's name is missing"),
        ("[apps.'live//']".into(), "apps.\"live//\": this application is there already"),
        ("[apps.\"a\\nb\\u202E\"]".into(), "apps.\"a\\nb\\u202e\": no URL leads to it"),
    ] {
        // A line feed in its name, as somebody may make to have a line of their own in what is printed.
        let file = "weir\n\u{1b}[31m.toml";
        fs::write(dir.path().join(file), format!("[apps.live]\n{text}\n")).unwrap();
        for command in ["check", "run"] {
            let output = weir(dir.path(), &[], &[command, "--config", file]);
            assert_eq!(output.status.code(), Some(EX_CONFIG), "{command} {text}: {}", err(&output));
            let said = err(&output);
            assert!(said.starts_with("weir\\u000a\\u001b[31m.toml:") && said.contains(why), "{command}: {said}");
        }
    }
    fs::write(dir.path().join("weir.toml"), "[apps.'eu/live']\n").unwrap();
    let good = weir(dir.path(), &[], &["check"]);
    assert!(good.status.success(), "an application of two segments is none that is wrong: {}", err(&good));
}

#[test]
fn a_configuration_without_an_application_is_refused_wherever_it_comes_from() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("weir.toml"), "[rtmp]\n").unwrap();
    for command in ["check", "run"] {
        let output = weir(dir.path(), &[], &[command]);
        assert_eq!(output.status.code(), Some(EX_CONFIG), "{command}");
        let said = err(&output);
        assert!(said.starts_with("weir.toml: there is no [apps.NAME], so everyone would be refused"), "{said}");
    }
}

#[test]
fn the_default_configuration_is_the_shipped_file() {
    let dir = tempfile::tempdir().unwrap();
    let shipped = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/weir.toml")).unwrap();
    assert_eq!(out(&weir(dir.path(), &[], &["config", "default"])), shipped);
}

/// A router that was started; dropping it ends it.
struct Router {
    child: Child,
    said: Receiver<String>,
}

impl Router {
    /// Starts it in `dir` and waits until it listens.
    fn start(dir: &Path, arguments: &[&str]) -> (Router, SocketAddr) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
        command.env_clear().current_dir(dir).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        let (say, said) = channel();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let also = say.clone();
        std::thread::spawn(move || BufReader::new(stdout).lines().map_while(Result::ok).all(|l| say.send(l).is_ok()));
        std::thread::spawn(move || BufReader::new(stderr).lines().map_while(Result::ok).all(|l| also.send(l).is_ok()));
        let router = Router { child, said };
        let line = router.line(" listens on ");
        let address = line.rsplit(' ').next().unwrap().parse().unwrap_or_else(|_| panic!("an address: {line}"));
        (router, address)
    }

    /// Waits for a line with this in it.
    fn line(&self, part: &str) -> String {
        loop {
            let line = self.said.recv_timeout(Duration::from_secs(60));
            let line = line.unwrap_or_else(|_| panic!("no line with {part:?} came"));
            if line.contains(part) {
                return line;
            }
        }
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(status.expect("kill runs").success());
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_runs_reloads_reports_and_drains() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("weir.toml");
    let listen = "[rtmp]\nlisten = [\"127.0.0.1:0\"]\n[wasm]\ncache_dir = \"none\"\n";
    fs::write(
        &file,
        format!("{listen}[apps.live]\n[apps.guarded]\nsession = [\"f\"]\n[filters.f]\nsource = \"file:f.wasm\"\n"),
    )
    .unwrap();
    let (mut router, address) = Router::start(dir.path(), &["--config", "weir.toml"]);
    router.line("f is NOT LOADED");
    router.line(&format!("ffplay \"rtmp://{address}/live/NAME\""));
    TcpStream::connect(address).expect("it listens");

    fs::write(dir.path().join("f.wasm"), "no wasm").unwrap();
    router.line("generation refused");

    fs::write(&file, format!("{listen}[apps.live]\nplay_weit = \"1s\"\n")).unwrap();
    router.signal("HUP");
    router.line("weir.toml:6: apps.live.play_weit: unknown key; did you mean `play_wait`?");
    router.line("what was in force goes on");

    fs::write(&file, format!("{listen}[drain]\ndeadline = \"1s\"\n[log]\nlevel = \"debug\"\n[apps.live]\n")).unwrap();
    router.signal("HUP");
    router.line("drain.deadline changed: it needs a restart");
    router.line("configuration reloaded");

    router.signal("USR2");
    router.line("report: rtmp sessions");

    router.signal("TERM");
    router.line("stopped");
    assert!(router.child.wait().unwrap().success());
    assert!(TcpStream::connect(address).is_err(), "it still listens");
}

#[test]
fn a_file_that_is_half_saved_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config/weir.toml");
    fs::create_dir(dir.path().join("config")).unwrap();
    let listen = "[rtmp]\nlisten = [\"127.0.0.1:0\"]\n[wasm]\ncache_dir = \"none\"\n";
    let whole = format!("{listen}[apps.live]\n");
    fs::write(&file, &whole).unwrap();
    let (router, _) = Router::start(dir.path(), &["run"]);
    for (text, why) in [
        ("", "config/weir.toml is empty"),
        ("  \n# soon\n", "config/weir.toml is empty"),
        (listen, "config/weir.toml: there is no [apps.NAME], and some are in force"),
    ] {
        fs::write(&file, text).unwrap();
        router.signal("HUP");
        router.line(why);
        router.line("what was in force goes on");
    }
    fs::remove_file(&file).unwrap();
    // Nobody writes into it, and the router serves on meanwhile.
    pipe(&file);
    router.signal("HUP");
    router.line("config/weir.toml: cannot be read: this is a named pipe (FIFO)");
    router.line("what was in force goes on");
    fs::remove_file(&file).unwrap();
    // The built-in configuration has an application, but it is not what was asked for. Nor is another file.
    fs::write(dir.path().join("weir.toml"), &whole).unwrap();
    router.signal("HUP");
    router.line("config/weir.toml is gone");
    router.line("what was in force goes on");
    fs::write(&file, &whole).unwrap();
    router.signal("HUP");
    router.line("configuration reloaded");
}

#[test]
fn a_taken_address_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let held = TcpListener::bind(taken).unwrap();
    let variables = [("WEIR_RTMP__LISTEN", format!("[\"{taken}\"]"))];
    let variables: Vec<_> = variables.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let output = weir(dir.path(), &variables, &["run"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).lines().last().unwrap().contains(&taken.to_string()), "{}", err(&output));
    drop(held);
}

#[test]
fn a_log_in_json_is_json() {
    let dir = tempfile::tempdir().unwrap();
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = format!("[\"{}\"]", held.local_addr().unwrap());
    let variables = [("WEIR_LOG__FORMAT", "json"), ("WEIR_RTMP__LISTEN", &taken)];
    let output = weir(dir.path(), &variables, &["run"]);
    assert_eq!(output.status.code(), Some(1), "its address is taken: {}", err(&output));
    let first = err(&output).lines().next().unwrap().to_owned();
    let line: serde_json::Value = serde_json::from_str(&first).unwrap();
    assert_eq!((&line["message"], &line["level"]), (&"starting".into(), &"INFO".into()), "{first}");
}
