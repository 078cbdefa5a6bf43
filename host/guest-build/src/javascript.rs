//! JavaScript guests: componentize-qjs puts QuickJS and the source into one component.

use crate::Error;
use crate::builder::{Builder, Progress};
use crate::source::Source;
use crate::tools::{self, Packages, Tools};
use crate::world::{World, script_imports};

const TOOLS: Tools = Tools {
    folder: "componentize-qjs-0.4.5",
    what: "componentize-qjs, which makes components of JavaScript (about 20 MB from npm)",
    packages: Packages::Npm {
        package: include_str!("../tools/javascript/package.json"),
        lock: include_str!("../tools/javascript/package-lock.json"),
    },
};

/// What comes with every frame. `weir-sdk/records.js` makes of it what the author sees.
const FLAT: &[&str] = &["frame-flags", "frame-meta", "unit-info"];

pub(crate) fn build(builder: &Builder, source: &Source, progress: &mut dyn FnMut(Progress<'_>)) -> Result<(), Error> {
    let world = World::of(&source.dir, &source.sources()?, script_imports)?;
    let sdk = source.sdk()?;
    let home = TOOLS.ready(builder, progress)?;
    let wit = source.dir.join("build/wit");
    // A copy of the SDK that is older than this knows no flat records.
    let flat = if sdk.join("records.js").is_file() { FLAT } else { &[] };
    world.write(&wit, flat)?;
    let part = source.artifact().with_extension("part");
    let node = builder.tool("node").ok_or_else(|| Error::NoToolchain("node is not there (Debian: nodejs)".into()))?;
    let mut command = tools::with_path(builder, &node, &source.dir);
    command.arg(home.join("node_modules/componentize-qjs/cli.mjs"));
    // Without async exports and without WASI: a media hook is a plain call, and there is nothing to reach.
    command.args(["--sync", "--stub-wasi", "--world", "filter"]);
    command.arg("--wit").arg(&wit).arg("--js").arg(source.dir.join("filter.js"));
    // What is imported by a relative path must lie below this folder.
    command.arg("--module-root").arg(sdk.parent().unwrap_or(&source.dir));
    command.arg("--output").arg(&part);
    tools::compile(&source.dir, command, progress)?;
    world.restore(&source.dir, &part, flat)?;
    // Put into place whole: the router may be watching the file.
    std::fs::rename(&part, source.artifact()).map_err(Error::io(source.artifact()))
}
