//! Builds filters from source: finds or fetches what the guest's language needs.
//!
//! | language | recognised by | needs |
//! |---|---|---|
//! | Rust | `Cargo.toml` | a Rust toolchain with the standard library of `wasm32-unknown-unknown` (Debian's packages are fetched), a C linker |
//! | C | `*.c` files | clang with wasm-ld, or python3 with venv for zig (fetched from PyPI) |
//! | Go | `go.mod` | Go 1.24 or newer, or python3 with venv for one (fetched from PyPI) |
//! | JavaScript | `filter.js` | node and npm; componentize-qjs (fetched from npm) |
//! | Python | `filter.py` | python3 with venv; componentize-py (fetched from PyPI) |
//! | AssemblyScript | `filter.ts` | node and npm; its compiler (fetched from npm) |
//!
//! [`build`] does the work and tells a person about it; [`artifact`] and [`is_fresh`] say what is there already, without running
//! anything. What is built is a core module, of which the host makes a component; of JavaScript and Python a component.

mod assemblyscript;
mod builder;
mod c;
mod debian;
mod error;
mod go;
mod javascript;
#[cfg(test)]
mod listing;
mod module;
mod process;
mod project;
mod python;
mod retype;
mod rust;
mod source;
mod toolchain;
mod tools;
mod world;

use std::path::{Path, PathBuf};

pub use builder::{Builder, Built, Progress};
pub use error::Error;
pub use project::{Kind, create};
pub use source::Language;

/// Builds the filter in the folder `dir`, with the machine's own tools and cache folder.
///
/// Blocks until the compiler is done; up to some minutes when a toolchain is fetched.
///
/// # Errors
/// The folder holds no filter, no compiler can be had, or the compiler refuses the source: see [`Error`].
pub fn build(dir: &Path, progress: &mut dyn FnMut(Progress<'_>)) -> Result<Built, Error> {
    Builder::from_env().build(dir, progress)
}

/// Where the folder's wasm file is, or will be once it is built; none if the folder is not the source of a filter.
pub fn artifact(dir: &Path) -> Option<PathBuf> {
    source::Source::recognise(dir).ok().map(|source| source.artifact().to_owned())
}

/// Everything that the folder's wasm file is made of, as far as that can be told without building: what a watcher watches.
///
/// # Errors
/// The folder is not the source of a filter.
pub fn inputs(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    source::Source::recognise(dir)?.inputs()
}

/// Whether the folder's wasm file is there and newer than everything that it was built from.
pub fn is_fresh(dir: &Path) -> bool {
    source::Source::recognise(dir).is_ok_and(|source| source.is_fresh())
}
