//! Lists the files of the SDKs and examples, so that the binary can make projects where there is no source tree of Weir.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Folders of `guest-sdk`, and what of each is source.
const LANGUAGES: [&str; 6] = ["rust", "c", "go", "js", "python", "assemblyscript"];
const ENDINGS: [&str; 9] = ["rs", "c", "h", "go", "mod", "js", "py", "ts", "toml"];
/// Not part of a project: what is built, tests of the SDKs themselves, filters for tests.
const LEFT_OUT: [&str; 8] =
    ["build", "target", "node_modules", "tests", "conformance", "testdata", "benches", "__pycache__"];

fn main() -> std::io::Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let mut table = "pub(crate) const FILES: &[(&str, &str)] = &[\n".to_owned();
    for language in LANGUAGES {
        let folder = root.join("guest-sdk").join(language);
        list(&folder, language, &mut table)?;
    }
    list(&root.join("host/media"), "media", &mut table)?;
    let workspace = root.join("Cargo.toml");
    println!("cargo::rerun-if-changed={}", workspace.display());
    let _ = writeln!(table, "    (\"Cargo.toml\", include_str!({workspace:?})),\n];");
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    std::fs::write(out.join("files.rs"), table)
}

fn list(folder: &Path, name: &str, table: &mut String) -> std::io::Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_unstable_by_key(std::fs::DirEntry::file_name);
    // The folder too: a file may come.
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in entries {
        let (path, file) = (entry.path(), entry.file_name());
        let file = file.to_string_lossy();
        if file.starts_with('.') || (path.is_dir() && LEFT_OUT.contains(&&*file)) {
            continue;
        }
        let inside = format!("{name}/{file}");
        if path.is_dir() {
            list(&path, &inside, table)?;
        } else if path.extension().is_some_and(|e| ENDINGS.iter().any(|ending| e == *ending)) {
            println!("cargo::rerun-if-changed={}", path.display());
            let _ = writeln!(table, "    ({inside:?}, include_str!({path:?})),");
        }
    }
    Ok(())
}
