//! Rust guests.

use std::time::Duration;

use crate::builder::{Builder, Progress};
use crate::source::Source;
use crate::toolchain::Toolchain;
use crate::{Error, process};

/// No WASI import at all: capability-free by construction.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// A compiler that hangs is a fault; a slow machine is none.
const LIMIT: Duration = Duration::from_secs(3600);

pub(crate) fn build(builder: &Builder, source: &Source, progress: &mut dyn FnMut(Progress<'_>)) -> Result<(), Error> {
    let toolchain = Toolchain::find(builder, &source.dir, progress)?;
    let mut cargo = process::command(&toolchain.cargo, &source.dir);
    // A PATH that leads to the tools: a service's own may not.
    if let Ok(path) = std::env::join_paths(&builder.path) {
        cargo.env("PATH", path);
    }
    cargo.args(["build", "--release", "--target", TARGET, "--color", "never"]);
    cargo.arg("--manifest-path").arg(source.dir.join("Cargo.toml"));
    cargo.arg("--target-dir").arg(source.root.join("target"));
    cargo.args(&toolchain.arguments).envs(toolchain.environment);
    let out =
        process::run(cargo, LIMIT, &mut |line| progress(Progress::Line(line))).map_err(Error::io(toolchain.cargo))?;
    if out.ok { Ok(()) } else { Err(Error::Compile { dir: source.dir.clone(), output: out.tail }) }
}
