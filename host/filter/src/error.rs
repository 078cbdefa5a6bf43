//! What can be wrong with a filter, and whose fault it is.

use std::path::PathBuf;

/// Why a filter could not be loaded, reloaded or asked. Every text is for the operator who wrote the configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The wasm file cannot be read.
    #[error("filter `{name}`: cannot read {}: {source}", path.display())]
    Read {
        /// The filter.
        name: String,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The bytes are no usable wasm: truncated, corrupt, not wasm, precompiled, or over the size cap.
    #[error("filter `{name}`: not a usable wasm file: {why}")]
    NotWasm {
        /// The filter.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// The file is not the one that was ordered.
    #[error("filter `{name}`: {}: the digest is wrong: expected sha256:{expected}, found sha256:{found}", path.display())]
    Digest {
        /// The filter.
        name: String,
        /// The file.
        path: PathBuf,
        /// In hexadecimal digits.
        expected: String,
        /// In hexadecimal digits.
        found: String,
    },
    /// It is made for another version of the filter contract.
    #[error("filter `{name}`: it is built for {found}; this router offers {offered}")]
    Version {
        /// The filter.
        name: String,
        /// What the file names, such as `weir:filter@0.2.0`.
        found: String,
        /// What this router has.
        offered: String,
    },
    /// It imports what it was not granted.
    #[error("filter `{name}`: it imports {interface}, {why}")]
    NotGranted {
        /// The filter.
        name: String,
        /// The interface, such as `weir:filter/entropy@0.1.0`.
        interface: String,
        /// Which grant would do, or that there is none.
        why: String,
    },
    /// It exports no world that this router knows.
    #[error("filter `{name}`: {why}")]
    World {
        /// The filter.
        name: String,
        /// What is missing or has another type.
        why: String,
    },
    /// A grant in the configuration is unknown or not offered.
    #[error("grant `{grant}`: {why}")]
    Grant {
        /// As written.
        grant: String,
        /// What is wrong with it.
        why: String,
    },
    /// The file of the buckets that it was granted cannot be used.
    #[error("filter `{name}`: its buckets are kept in {}: {why}", file.display())]
    Kept {
        /// The filter.
        name: String,
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// It was granted HTTP, and there can be none.
    #[error("filter `{name}`: no HTTP: {why}")]
    Outbound {
        /// The filter.
        name: String,
        /// What is wrong.
        why: String,
    },
    /// The compiler gave up: a broken component, or one that takes too long.
    #[error("filter `{name}`: it does not compile: {why}")]
    Compile {
        /// The filter.
        name: String,
        /// The compiler's words.
        why: String,
    },
    /// The operator wants another generation than the file holds, and it is not loaded.
    #[error(
        "filter `{name}`: pinned to {pin}, but the file is {found} and nothing that is loaded fits: put the file back, or take `pin` out"
    )]
    Pinned {
        /// The filter.
        name: String,
        /// What is wanted.
        pin: String,
        /// What the file is, as logs name generations; or why it cannot be read.
        found: String,
    },
    /// This generation ran already and failed.
    #[error(
        "filter `{name}`: {label} was given up ({why}): change the file or its settings, or force it with pin = \"{label}\""
    )]
    Bad {
        /// The filter.
        name: String,
        /// The generation, as logs name it behind the `@`.
        label: String,
        /// What it did.
        why: String,
    },
    /// It was started on trial and failed; `hook` says where.
    #[error("filter `{name}`: failed in {hook} on trial: {why}")]
    Probe {
        /// The filter.
        name: String,
        /// `start`, `describe`, `configure`, `open` or `subscribe`.
        hook: &'static str,
        /// The guest's fault or the trap with its backtrace.
        why: String,
        /// The key of its configuration whose bound it ran into, such as `limits.memory`.
        limit: Option<&'static str>,
    },
    /// The runtime itself could not be set up.
    #[error("the wasm runtime cannot start: {0}")]
    Runtime(String),
}
