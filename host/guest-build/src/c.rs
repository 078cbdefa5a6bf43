//! C guests: clang with wasm-ld if they are there, else zig.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::builder::{Builder, Progress};
use crate::source::{self, Source};
use crate::toolchain::last_line;
use crate::{Error, process};

macro_rules! sdk {
    ($($folder:literal: $($file:literal)*;)*) => {
        &[$(($folder, &[$(($file, include_str!(concat!("../../../guest-sdk/c/", $folder, "/", $file)))),*])),*]
    };
}

type Files = &'static [(&'static str, &'static str)];

/// The bindings of each world and the small C library, so that a filter's folder needs nothing but its own source.
const SDK: &[(&str, Files)] = sdk! {
    "media-filter": "media_filter.h" "media_filter.c" "media_filter_component_type.c";
    "session-filter": "session_filter.h" "session_filter.c" "session_filter_component_type.c";
    "job-planner": "job_planner.h" "job_planner.c" "job_planner_component_type.c";
    "support": "stdlib.h" "string.h" "support.c";
};

const ASK: Duration = Duration::from_secs(60);
const FETCH: Duration = Duration::from_secs(900);
const COMPILE: Duration = Duration::from_secs(900);

pub(crate) fn build(builder: &Builder, source: &Source, progress: &mut dyn FnMut(Progress<'_>)) -> Result<(), Error> {
    let files = source::c_files(&source.dir)?;
    let world = world(&source.dir, &files)?;
    let folder = source.dir.join("build");
    let sdk = folder.join("sdk");
    std::fs::create_dir_all(&sdk).map_err(Error::io(&sdk))?;
    let mut inputs = files;
    for (name, text) in SDK.iter().filter(|(f, _)| *f == world || *f == "support").flat_map(|(_, files)| *files) {
        let path = sdk.join(name);
        std::fs::write(&path, text).map_err(Error::io(&path))?;
        if name.ends_with(".c") {
            inputs.push(path);
        }
    }
    // Under the file's own name: the linker writes it into the module, and backtraces begin with it.
    let parts = folder.join("part");
    std::fs::create_dir_all(&parts).map_err(Error::io(&parts))?;
    let part = parts.join(source.artifact().file_name().unwrap_or_default());
    let mut command = compiler(builder, &source.dir, progress)?;
    // Nothing for debuggers, but not stripped either: the names of functions are what a trap is told with, in a few kilobytes.
    command.args(["-O2", "-g0", "-nostdlib", "-ffreestanding", "-fno-builtin", "-Wall", "-Wl,--no-entry"]);
    command.arg("-I").arg(&sdk).args(&inputs).arg("-o").arg(&part);
    let program = command.get_program().into();
    let out = process::run(command, COMPILE, &mut |line| progress(Progress::Line(line))).map_err(io(program))?;
    if !out.ok {
        return Err(Error::Compile { dir: source.dir.clone(), output: out.tail });
    }
    // Put into place whole: the router may be watching the file.
    std::fs::rename(&part, source.artifact()).map_err(Error::io(source.artifact()))
}

/// Whether the last build used the bindings of this program, not of an older one.
pub(crate) fn sdk_is_current(dir: &Path) -> bool {
    let sdk = dir.join("build/sdk");
    let mut files = SDK.iter().flat_map(|(_, files)| *files);
    files.all(|(name, text)| std::fs::read(sdk.join(name)).map_or(true, |have| have == text.as_bytes()))
}

fn io(program: std::ffi::OsString) -> impl FnOnce(std::io::Error) -> Error {
    Error::io(PathBuf::from(program))
}

/// The world whose header the source includes.
fn world(dir: &Path, files: &[PathBuf]) -> Result<&'static str, Error> {
    let mut text = String::new();
    for file in files {
        let bytes = std::fs::read(file).map_err(Error::io(file))?;
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    let includes = |world: &&str| {
        let header = format!("{}.h\"", world.replace('-', "_"));
        text.lines().any(|l| l.trim_start().starts_with("#include") && l.contains(&header))
    };
    let worlds: Vec<_> = SDK.iter().map(|(folder, _)| *folder).filter(includes).collect();
    match worlds[..] {
        [world] => Ok(world),
        [] => Err(Error::NoSource {
            dir: dir.into(),
            why: "no .c file includes media_filter.h, session_filter.h or job_planner.h".into(),
        }),
        _ => Err(Error::NoSource {
            dir: dir.into(),
            why: format!("headers of two worlds are included: {}", worlds.join(", ")),
        }),
    }
}

/// A command that compiles C for wasm: clang, zig as a Python package, zig in the cache folder.
fn compiler(builder: &Builder, dir: &Path, progress: &mut dyn FnMut(Progress<'_>)) -> Result<Command, Error> {
    if let Some(clang) = clang(builder, dir) {
        let mut command = process::command(&clang, dir);
        command.arg("--target=wasm32");
        return Ok(command);
    }
    let zig = zig(builder, dir, progress).map_err(|why| {
        Error::NoToolchain(format!(
            "no C compiler for wasm can be had here. Make one of these possible:\n  \
             1. clang and wasm-ld in the search path (Debian: clang and lld): not there\n  \
             2. `python3 -m ziglang` (PyPI: ziglang), or python3 with venv to fetch it: {why}"
        ))
    })?;
    let mut command = process::command(&zig, dir);
    let cache = builder.cache.join("zig-cache");
    command.env("ZIG_GLOBAL_CACHE_DIR", &cache).env("ZIG_LOCAL_CACHE_DIR", &cache);
    command.args(["-m", "ziglang", "cc", "--target=wasm32-freestanding"]);
    Ok(command)
}

fn clang(builder: &Builder, dir: &Path) -> Option<PathBuf> {
    builder.tool("wasm-ld")?;
    let clang = builder.tool("clang")?;
    let mut command = process::command(&clang, dir);
    command.arg("--print-targets");
    let out = process::run(command, ASK, &mut |_| ()).ok()?;
    (out.ok && out.stdout.contains("wasm32")).then_some(clang)
}

/// A Python that has the package `ziglang`.
fn zig(builder: &Builder, dir: &Path, progress: &mut dyn FnMut(Progress<'_>)) -> Result<PathBuf, String> {
    let home = builder.cache.join("zig");
    let own = home.join("bin/python");
    let python = builder.tool("python3").ok_or("python3 is not there")?;
    if let Some(ready) = [&own, &python].into_iter().find(|p| p.is_file() && has_zig(p, dir)) {
        return Ok(ready.clone());
    }
    builder.may_fetch()?;
    progress(Progress::Fetching("zig, a C compiler (about 100 MB from PyPI)"));
    std::fs::create_dir_all(&builder.cache).map_err(|e| e.to_string())?;
    let run = |program: &Path, arguments: &[&str]| {
        let mut command = process::command(program, &builder.cache);
        command.args(arguments);
        let out = process::run(command, FETCH, &mut |_| ()).map_err(|e| e.to_string())?;
        if out.ok { Ok(()) } else { Err(last_line(&out.tail)) }
    };
    run(&python, &["-m", "venv", &home.to_string_lossy()])?;
    run(&own, &["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "ziglang"])?;
    Ok(own)
}

fn has_zig(python: &Path, dir: &Path) -> bool {
    let mut command = process::command(python, dir);
    command.args(["-c", "import ziglang"]);
    process::run(command, ASK, &mut |_| ()).is_ok_and(|out| out.ok)
}
