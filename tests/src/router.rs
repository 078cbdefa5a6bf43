//! A running `weir` with a configuration of the test's own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::process::Process;
use crate::{clip, wait, workspace};

/// Keys of an application that lets its players fall far behind: the machine that tests run on may be busy, and none of its
/// players is to skip for that reason.
pub const PATIENT: &str = "gop_cache = { bytes = \"256MiB\", frames = 20000, time = \"5m\", lag = \"5m\" }";

/// A router that listens on a free port of 127.0.0.1. Dropping it ends it and removes its folder.
pub struct Router {
    /// The program.
    pub process: Process,
    /// Where it listens.
    pub address: SocketAddr,
    folder: TempDir,
}

impl Router {
    /// Starts it with these tables.
    pub fn start(tables: &str) -> Router {
        Router::start_with("", tables)
    }

    /// Starts it with more keys for `[rtmp]`.
    pub fn start_with(rtmp: &str, tables: &str) -> Router {
        let folder = tempfile::tempdir().expect("a folder");
        let config = folder.path().join("weir.toml");
        std::fs::write(&config, Router::text(rtmp, tables)).expect("the folder is writable");
        Router::start_in(folder)
    }

    /// Starts it in a folder that holds its weir.toml already.
    pub fn start_in(folder: TempDir) -> Router {
        let (process, address) = Router::launch(folder.path());
        Router { process, address, folder }
    }

    fn launch(folder: &Path) -> (Process, SocketAddr) {
        let mut command = weir();
        command.current_dir(folder).args(["run", "--config"]).arg(folder.join("weir.toml"));
        // What filters keep, each router keeps for itself and nothing in the home of who runs the tests.
        command.env("XDG_STATE_HOME", folder.join("state"));
        let process = Process::start("weir", &mut command);
        let line = process.line("address that it listens on", |l| listens_on(l).is_some());
        let address = listens_on(&line).expect("an address");
        (process, address)
    }

    /// The configuration of a router at this address.
    fn text_at(address: SocketAddr, tables: &str) -> String {
        Router::text("", tables).replacen("127.0.0.1:0", &address.to_string(), 1)
    }

    /// The configuration of a router on a free port. What compiled filters it keeps, all tests share.
    pub fn text(rtmp: &str, tables: &str) -> String {
        let cache = clip::target().join("weir-tests-wasm-cache");
        format!("[rtmp]\nlisten = [\"127.0.0.1:0\"]\n{rtmp}\n[wasm]\ncache_dir = {cache:?}\n{tables}\n")
    }

    /// Waits until a name has so many players, whether it has a publisher or they wait for one.
    pub fn wait_for_players(&self, stream: &str, count: usize) {
        let (name, players) = (format!(" stream={stream} "), format!(" subscribers={count} "));
        let is_it = |line: &str| line.contains("report: stream") && line.contains(&name) && line.contains(&players);
        wait::until_some(&format!("{count} players of {stream}"), || {
            let mark = self.process.mark();
            // Streams come before it.
            self.report("report: relays");
            if self.process.count(mark, is_it) > 0 { Ok(()) } else { Err(self.process.said()) }
        });
    }

    /// Has it report (USR2): the first line with this in it.
    pub fn report(&self, with: &str) -> String {
        let mark = self.process.mark();
        self.process.signal("USR2");
        self.process.line_after(mark, &format!("`{with}` in the report"), |line| line.contains(with))
    }

    /// Has it report until the first line with this in it is as wanted.
    pub fn reports(&self, with: &str, wanted: impl Fn(&str) -> bool) -> String {
        wait::until_some(&format!("another `{with}` in the report"), || {
            let line = self.report(with);
            if wanted(&line) { Ok(line) } else { Err(line) }
        })
    }

    /// Ends it without giving it time for anything, and starts it anew at the same address. The mark for lines that the new one
    /// says is 0.
    pub fn kill_and_restart(&mut self, tables: &str) {
        self.process.signal("KILL");
        self.process.wait();
        self.write_config(&Router::text_at(self.address, tables));
        let (process, address) = Router::launch(self.folder.path());
        assert_eq!(address, self.address);
        self.process = process;
    }

    /// Writes another configuration in place of its own, with the port it has, and has it read.
    pub fn reload(&self, tables: &str) {
        self.write_config(&Router::text("", tables));
        self.process.signal("HUP");
    }

    /// Writes its configuration file, at once as far as a reader can tell.
    pub fn write_config(&self, text: &str) {
        put(text.as_bytes(), &self.folder.path().join("weir.toml"));
    }

    /// `rtmp://127.0.0.1:PORT/PATH`.
    pub fn url(&self, path: &str) -> String {
        format!("rtmp://{}/{path}", self.address)
    }

    /// Where it listens for RTMPS, if its configuration says 127.0.0.1.
    pub fn rtmps_address(&self) -> SocketAddr {
        const SAYS: &str = "RTMPS on ";
        let line = self.process.line("RTMPS address", |line| line.starts_with(SAYS));
        let address = line.trim_start_matches(SAYS).split(": ").next().expect("an address");
        address.parse().expect("an address")
    }

    /// A file of the router's folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn listens_on(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.strip_prefix("weir ")?.split_once(" listens on ")?;
    rest.split(", ").next()?.parse().ok()
}

/// Puts a file in place in one step, as a deployment does.
pub fn put(bytes: &[u8], file: &Path) {
    let part = file.with_extension("part");
    std::fs::write(&part, bytes).expect("the folder is writable");
    std::fs::rename(&part, file).expect("a file of the same folder");
}

/// The program, with nothing of the caller's environment that it would take for settings.
pub fn weir() -> Command {
    let mut command = Command::new(binary());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("WEIR_") || name == "RUST_LOG" {
            command.env_remove(name);
        }
    }
    command
}

/// `WEIR_BIN`, or what this tree builds. The build is that of the whole workspace, tests included: with fewer packages cargo
/// would choose other features for shared crates and build the wasm runtime a second time.
fn binary() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        if let Some(named) = std::env::var_os("WEIR_BIN") {
            return named.into();
        }
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(workspace::root()).env("CARGO_TARGET_DIR", clip::target());
        // What cargo tells this test of its own package would look to some build scripts like a change, and be built for.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                cargo.env_remove(&*name);
            }
        }
        cargo.args(["build", "--locked", "--release", "--workspace", "--all-targets"]);
        let mut build = Process::start("cargo build", &mut cargo);
        // A tree that has not been built yet takes its time.
        let status = build.wait_for(std::time::Duration::from_secs(3600));
        assert!(status.is_some_and(|status| status.success()), "cargo build: {status:?}; it said:\n{}", build.said());
        clip::target().join("release/weir")
    })
}

/// Builds a filter from its source folder, as an operator does: the module that came out.
pub fn build_filter(folder: &str) -> PathBuf {
    static BUILDING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one_at_a_time = BUILDING.lock().unwrap_or_else(|e| e.into_inner());
    let mut command = weir();
    command.current_dir(workspace::root()).args(["filter", "build", folder]);
    let (status, said) = Process::run("weir filter build", &mut command);
    assert!(status.success(), "{folder}: {said}");
    let module = said.lines().rev().flat_map(str::split_whitespace).find(|word| word.ends_with(".wasm"));
    let module = module.unwrap_or_else(|| panic!("no module in what it said: {said}"));
    workspace::root().join(module)
}
