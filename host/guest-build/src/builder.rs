//! One build, from the look at the folder to the file.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use crate::source::{Language, Source};
use crate::{Error, assemblyscript, c, go, javascript, python, rust};

/// Builds filters with the tools of a search path and a cache folder.
#[derive(Clone, Debug)]
pub struct Builder {
    /// Where tools are looked for, in order.
    pub(crate) path: Vec<PathBuf>,
    /// What is fetched stays here.
    pub(crate) cache: PathBuf,
    offline: bool,
}

/// A filter that was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// The core module or component.
    pub wasm: PathBuf,
    /// What it is written in.
    pub language: Language,
    /// How long it took.
    pub elapsed: Duration,
}

/// What happens, for a person who waits.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Progress<'a> {
    /// A build of this folder starts.
    Building(&'a Path),
    /// Something that the build needs is fetched.
    Fetching(&'a str),
    /// A line of the compiler's.
    Line(&'a str),
    /// The file is there.
    Built {
        /// The file.
        wasm: &'a Path,
        /// How long it took.
        elapsed: Duration,
    },
}

impl fmt::Display for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Progress::Building(dir) => write!(f, "building {}", dir.display()),
            Progress::Fetching(what) => write!(f, "fetching {what}"),
            Progress::Line(line) => write!(f, "  {line}"),
            Progress::Built { wasm, elapsed } => {
                write!(f, "built {} in {:.1} s", wasm.display(), elapsed.as_secs_f64())
            }
        }
    }
}

/// Whether a file begins as a core module of version 1, or as a component, does (WebAssembly core 5.5.16, component model).
fn is_wasm(file: &Path) -> Result<bool, Error> {
    let mut head = Vec::new();
    let read = File::open(file).and_then(|f| f.take(8).read_to_end(&mut head));
    read.map_err(Error::io(file))?;
    Ok(matches!(head.as_slice(), b"\0asm\x01\0\0\0" | b"\0asm\x0d\0\x01\0"))
}

impl Builder {
    /// The machine's own tools (`PATH`, then cargo's folder) and cache folder (`$XDG_CACHE_HOME/weir`, else `~/.cache/weir`).
    pub fn from_env() -> Builder {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let mut path: Vec<_> =
            std::env::var_os("PATH").map(|p| std::env::split_paths(&p).collect()).unwrap_or_default();
        // A service's PATH often lacks the folder that rustup installs to.
        let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
        path.extend(cargo_home.or(home.as_ref().map(|h| h.join(".cargo"))).map(|c| c.join("bin")));
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|c| c.is_absolute());
        let cache = cache.or(home.map(|h| h.join(".cache"))).unwrap_or_else(std::env::temp_dir);
        Builder { path, cache: cache.join("weir"), offline: false }
    }

    /// Other folders to look for tools in, and another cache folder.
    pub fn new(path: Vec<PathBuf>, cache: PathBuf) -> Builder {
        Builder { path, cache, offline: false }
    }

    /// One that fetches nothing: a tool that is neither installed nor in the cache folder is [`Error::NoToolchain`].
    #[must_use]
    pub fn offline(self) -> Builder {
        Builder { offline: true, ..self }
    }

    /// Called before something is fetched.
    pub(crate) fn may_fetch(&self) -> Result<(), String> {
        if self.offline { Err("nothing is to be fetched".into()) } else { Ok(()) }
    }

    /// As [`build`](crate::build).
    ///
    /// # Errors
    /// As [`build`](crate::build).
    pub fn build(&self, dir: &Path, progress: &mut dyn FnMut(Progress<'_>)) -> Result<Built, Error> {
        let source = Source::recognise(dir)?;
        let (started, started_at) = (Instant::now(), SystemTime::now());
        progress(Progress::Building(dir));
        self.compile(&source, progress)?;
        let wasm = source.artifact();
        if wasm.is_file() && !is_wasm(wasm)? {
            // The compiler goes by the times of files, and takes what it once wrote for what still stands there.
            source.discard()?;
            self.compile(&source, progress)?;
        }
        if !wasm.is_file() {
            return Err(Error::NoArtifact { dir: source.dir.clone(), wasm: wasm.into() });
        }
        if !is_wasm(wasm)? {
            return Err(Error::NotWasm { dir: source.dir.clone(), wasm: wasm.into() });
        }
        let stamp = source.stamp();
        File::create(&stamp).and_then(|f| f.set_modified(started_at)).map_err(Error::io(stamp))?;
        let elapsed = started.elapsed();
        progress(Progress::Built { wasm, elapsed });
        tracing::debug!(wasm = %wasm.display(), ?elapsed, "filter built");
        Ok(Built { wasm: wasm.into(), language: source.language, elapsed })
    }

    fn compile(&self, source: &Source, progress: &mut dyn FnMut(Progress<'_>)) -> Result<(), Error> {
        match source.language {
            Language::Rust => rust::build(self, source, progress),
            Language::C => c::build(self, source, progress),
            Language::Go => go::build(self, source, progress),
            Language::JavaScript => javascript::build(self, source, progress),
            Language::Python => python::build(self, source, progress),
            Language::AssemblyScript => assemblyscript::build(self, source, progress),
        }
    }

    /// The first file of this name in the search path.
    pub(crate) fn tool(&self, name: &str) -> Option<PathBuf> {
        self.path.iter().map(|p| p.join(name)).find(|p| p.is_file())
    }
}
