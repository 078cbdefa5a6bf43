//! Which files of the source tree make a project: for the build script, which puts them into the binary, and for the test that none is
//! missing there.

use std::io;
use std::path::{Path, PathBuf};

/// Folders of `guest-sdk`, and what of each is source.
const LANGUAGES: [&str; 6] = ["rust", "c", "go", "js", "python", "assemblyscript"];
const ENDINGS: [&str; 9] = ["rs", "c", "h", "go", "mod", "js", "py", "ts", "toml"];
/// Not part of a project: what is built, tests of the SDKs themselves, filters for tests.
const LEFT_OUT: [&str; 8] =
    ["build", "target", "node_modules", "tests", "conformance", "testdata", "benches", "__pycache__"];

/// Names as projects know them, and where the files are below the root of the tree.
pub(crate) fn sources(root: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for language in LANGUAGES {
        list(&root.join("guest-sdk").join(language), language, &mut found)?;
    }
    list(&root.join("host/media"), "media", &mut found)?;
    found.push(("Cargo.toml".to_owned(), root.join("Cargo.toml")));
    Ok(found)
}

fn list(folder: &Path, name: &str, found: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_unstable_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (path, file) = (entry.path(), entry.file_name());
        let file = file.to_string_lossy();
        if file.starts_with('.') || (path.is_dir() && LEFT_OUT.contains(&&*file)) {
            continue;
        }
        let inside = format!("{name}/{file}");
        if path.is_dir() {
            list(&path, &inside, found)?;
        } else if path.extension().is_some_and(|e| ENDINGS.iter().any(|ending| e == *ending)) {
            found.push((inside, path));
        }
    }
    Ok(())
}
