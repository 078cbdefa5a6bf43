//! Python guests: componentize-py puts the interpreter and the source into one component.

use crate::Error;
use crate::builder::{Builder, Progress};
use crate::source::Source;
use crate::tools::{self, Packages, Tools};
use crate::world::{World, python_imports};

const TOOLS: Tools = Tools {
    folder: "componentize-py-0.25.1",
    what: "componentize-py, which makes components of Python (about 60 MB from PyPI)",
    packages: Packages::Python(include_str!("../tools/python/requirements.txt")),
};

/// What comes with every frame. `weir/_records.py` makes of it what the author sees.
const FLAT: &[&str] = &["frame-flags", "unit-info"];

pub(crate) fn build(builder: &Builder, source: &Source, progress: &mut dyn FnMut(Progress<'_>)) -> Result<(), Error> {
    let world = World::of(&source.dir, &source.sources()?, python_imports)?;
    let sdk = source.sdk()?;
    let home = TOOLS.ready(builder, progress)?;
    let build = source.dir.join("build");
    // A copy of the SDK that is older than this knows no flat records.
    let flat = if sdk.join("weir/_records.py").is_file() { FLAT } else { &[] };
    world.write(&build.join("wit"), flat)?;
    let part = source.artifact().with_extension("part");
    let mut command = tools::with_path(builder, &home.join("bin/componentize-py"), &source.dir);
    // Its own site-packages are the tool's, not the filter's.
    command.env_remove("VIRTUAL_ENV").env("PYTHONDONTWRITEBYTECODE", "1");
    command.arg("--quiet").arg("-d").arg(build.join("wit")).args(["-w", "filter", "componentize", "--stub-wasi"]);
    for folder in [&source.dir, &sdk, &sdk.join("component")] {
        command.arg("-p").arg(folder);
    }
    command.arg("-o").arg(&part).arg(format!("weir_{}_app", world.kind.name()));
    tools::compile(&source.dir, command, progress)?;
    world.restore(&source.dir, &part, flat)?;
    // Put into place whole: the router may be watching the file.
    std::fs::rename(&part, source.artifact()).map_err(Error::io(source.artifact()))
}
