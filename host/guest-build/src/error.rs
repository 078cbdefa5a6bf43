//! What can go wrong, and what to do about it.

use std::path::PathBuf;

/// Why a filter was not built.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder is not the source of one filter. The operator's fault.
    #[error("{}: {why}", dir.display())]
    NoSource {
        /// The folder.
        dir: PathBuf,
        /// What is missing or too much.
        why: String,
    },
    /// No compiler for the guest's language can be had here. The text says what to make possible.
    #[error("{0}")]
    NoToolchain(String),
    /// The compiler refused the source. The filter author's fault.
    #[error("{} does not build:\n{output}", dir.display())]
    Compile {
        /// The filter's folder.
        dir: PathBuf,
        /// The end of what the compiler wrote.
        output: String,
    },
    /// The compiler was content, but the file is not where it should be.
    #[error("{} was built, but {} is not there", dir.display(), wasm.display())]
    NoArtifact {
        /// The filter's folder.
        dir: PathBuf,
        /// The file expected.
        wasm: PathBuf,
    },
    /// The compiler was content twice, but what stands there is no WebAssembly.
    #[error("{} was built, but {} is no WebAssembly file: delete it, and {}", dir.display(), wasm.display(), remedy(wasm))]
    NotWasm {
        /// The filter's folder.
        dir: PathBuf,
        /// The file.
        wasm: PathBuf,
    },
    /// The file system refused something.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// What else to delete: the compiler's own folder around the file.
fn remedy(wasm: &std::path::Path) -> String {
    wasm.parent().map_or_else(
        || "build again".into(),
        |folder| format!("the folder {} if that does not help, and build again", folder.display()),
    )
}

impl Error {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.into();
        move |source| Error::Io { path, source }
    }
}
