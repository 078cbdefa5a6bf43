//! A Rust toolchain that can compile for wasm, tried in order: what is there, what rustup can add, Debian's packages.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::builder::{Builder, Progress};
use crate::rust::TARGET;
use crate::{Error, debian, process};

/// A cargo to call, and how.
#[derive(Debug)]
pub(crate) struct Toolchain {
    pub(crate) cargo: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) environment: Vec<(String, OsString)>,
}

/// Asking a compiler where its libraries are.
const ASK: Duration = Duration::from_secs(60);
/// rustup without a network may wait for ever.
const ADD: Duration = Duration::from_secs(300);

impl Toolchain {
    /// The first toolchain that works for the package in `dir` (a `rust-toolchain.toml` above it counts).
    pub(crate) fn find(
        builder: &Builder,
        dir: &Path,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Toolchain, Error> {
        if let Some(toolchain) = installed(builder, dir) {
            return Ok(toolchain);
        }
        let rustup = match rustup(builder, dir, progress) {
            Ok(()) => match installed(builder, dir) {
                Some(toolchain) => return Ok(toolchain),
                None => format!("rustup added {TARGET}, but the rustc in the search path does not have it"),
            },
            Err(why) => why,
        };
        debian::toolchain(builder, progress).map_err(|debian| {
            Error::NoToolchain(format!(
                "no Rust compiler for {TARGET} can be had here. Make one of these possible:\n  \
                 1. a Rust installation with that target (`rustc --print target-libdir --target {TARGET}` holds libcore): not there\n  \
                 2. `rustup target add {TARGET}`: {rustup}\n  \
                 3. Debian's packages rustc-web, cargo-web and rust-web-src by apt-get: {debian}"
            ))
        })
    }
}

/// A rustc that has the target's standard library.
fn installed(builder: &Builder, dir: &Path) -> Option<Toolchain> {
    let (rustc, cargo) = (builder.tool("rustc")?, builder.tool("cargo")?);
    let libdir = libdir(&rustc, dir)?;
    let has_core = std::fs::read_dir(libdir).ok()?.flatten().any(|f| {
        let name = f.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libcore-") && name.ends_with(".rlib")
    });
    has_core.then(|| Toolchain { cargo, arguments: Vec::new(), environment: Vec::new() })
}

fn libdir(rustc: &Path, dir: &Path) -> Option<PathBuf> {
    let mut command = process::command(rustc, dir);
    command.args(["--print", "target-libdir", "--target", TARGET]);
    // Asking must not make rustup fetch what a `rust-toolchain.toml` lists: that is the next step, and has a time limit.
    command.env("RUSTUP_AUTO_INSTALL", "0");
    let out = process::run(command, ASK, &mut |_| ()).ok()?;
    out.ok.then(|| PathBuf::from(out.stdout.trim()))
}

/// Lets rustup add the target.
fn rustup(builder: &Builder, dir: &Path, progress: &mut dyn FnMut(Progress<'_>)) -> Result<(), String> {
    let rustup = builder.tool("rustup").ok_or("rustup is not there")?;
    builder.may_fetch()?;
    progress(Progress::Fetching(&format!("the Rust standard library for {TARGET} (rustup)")));
    let mut command = process::command(&rustup, dir);
    command.args(["target", "add", TARGET]);
    let out = process::run(command, ADD, &mut |line| progress(Progress::Line(line))).map_err(|e| e.to_string())?;
    if out.ok { Ok(()) } else { Err(last_line(&out.tail)) }
}

pub(crate) fn last_line(tail: &str) -> String {
    tail.lines().rev().find(|l| !l.trim().is_empty()).unwrap_or("it failed without a word").trim().to_owned()
}
