//! Puts the files of the SDKs and examples into the binary, so that it can make projects where there is no source tree of Weir.
//!
//! Cargo looks at these files and not at their folders: it would look at all that is in them, and what filters and tests build there
//! would have every program built anew. A file that comes is found missing by a test.

use std::fmt::Write as _;
use std::path::PathBuf;

#[path = "src/listing.rs"]
mod listing;

fn main() -> std::io::Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/listing.rs");
    let mut table = "pub(crate) const FILES: &[(&str, &str)] = &[\n".to_owned();
    for (name, path) in listing::sources(&root)? {
        println!("cargo::rerun-if-changed={}", path.display());
        let _ = writeln!(table, "    ({name:?}, include_str!({path:?})),");
    }
    table.push_str("];\n");
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    std::fs::write(out.join("files.rs"), table)
}
