//! AssemblyScript guests: asc makes a small core module; its exports get the names of the contract here.

use std::path::Path;

use crate::Error;
use crate::builder::{Builder, Progress};
use crate::module;
use crate::source::Source;
use crate::tools::{self, Packages, Tools};
use crate::world::{World, script_imports};

const TOOLS: Tools = Tools {
    folder: "assemblyscript-0.28.20",
    what: "the AssemblyScript compiler (about 20 MB from npm)",
    packages: Packages::Npm {
        package: include_str!("../tools/assemblyscript/package.json"),
        lock: include_str!("../tools/assemblyscript/package-lock.json"),
    },
};

/// The language has no way to write the contract's names: the SDK's, and what they become.
const EXPORTS: [(&str, &str); 17] = [
    ("lifecycle_describe", "weir:filter/lifecycle@0.1.0#describe"),
    ("lifecycle_configure", "weir:filter/lifecycle@0.1.0#configure"),
    ("media_open", "weir:filter/media@0.1.0#[static]stream-filter.open"),
    ("media_drop", "weir:filter/media@0.1.0#[dtor]stream-filter"),
    ("media_subscribe", "weir:filter/media@0.1.0#[method]stream-filter.subscribe"),
    ("media_on_header", "weir:filter/media@0.1.0#[method]stream-filter.on-header"),
    ("media_on_metadata", "weir:filter/media@0.1.0#[method]stream-filter.on-metadata"),
    ("media_on_frame", "weir:filter/media@0.1.0#[method]stream-filter.on-frame"),
    ("media_on_tick", "weir:filter/media@0.1.0#[method]stream-filter.on-tick"),
    ("media_flush", "weir:filter/media@0.1.0#[method]stream-filter.flush"),
    ("media_snapshot", "weir:filter/media@0.1.0#[method]stream-filter.snapshot"),
    ("media_end", "weir:filter/media@0.1.0#[method]stream-filter.end"),
    ("session_on_connect", "weir:filter/session@0.1.0#on-connect"),
    ("session_on_publish", "weir:filter/session@0.1.0#on-publish"),
    ("session_on_play", "weir:filter/session@0.1.0#on-play"),
    ("session_on_recheck", "weir:filter/session@0.1.0#on-recheck"),
    ("session_on_close", "weir:filter/session@0.1.0#on-close"),
];

pub(crate) fn build(builder: &Builder, source: &Source, progress: &mut dyn FnMut(Progress<'_>)) -> Result<(), Error> {
    let world = World::of(&source.dir, &source.sources()?, script_imports)?;
    let sdk = relative(&source.dir, &source.sdk()?);
    let home = TOOLS.ready(builder, progress)?;
    let build = source.dir.join("build");
    std::fs::create_dir_all(&build).map_err(Error::io(&build))?;
    let entry = build.join("entry.ts");
    let text = format!("import \"../filter\";\nexport * from \"../{sdk}/component/{}\";\n", world.kind.name());
    std::fs::write(&entry, text).map_err(Error::io(&entry))?;
    let part = source.artifact().with_extension("part");
    let node = builder.tool("node").ok_or_else(|| Error::NoToolchain("node is not there (Debian: nodejs)".into()))?;
    let mut command = tools::with_path(builder, &node, &source.dir);
    command.arg(home.join("node_modules/assemblyscript/bin/asc.js"));
    command.args(["build/entry.ts", "--baseDir", ".", "-O3", "--shrinkLevel", "1", "--noColors"]);
    command.args(["--runtime", "incremental", "--exportStart", "_initialize"]);
    command.args(["--use", &format!("abort={sdk}/trap/onAbort"), "-o"]).arg(&part);
    tools::compile(&source.dir, command, progress)?;
    module::finish(source, &part, &world, &EXPORTS)
}

/// The way from a folder to `weir-sdk` in itself or above it.
fn relative(dir: &Path, sdk: &Path) -> String {
    let above = dir.ancestors().take_while(|a| sdk.parent() != Some(a)).count();
    format!("{}weir-sdk", "../".repeat(above))
}
