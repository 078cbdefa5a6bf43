//! The repository as cargo and git see it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The repository's top folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a folder of the repository")
}

/// `cargo metadata` for this machine's platform: with `deps`, every crate that is linked; without, our own packages.
pub fn metadata(deps: bool) -> Value {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).args(["metadata", "--format-version", "1", "--locked"]);
    if deps {
        cargo.args(["--filter-platform", &host_triple()]);
    } else {
        cargo.arg("--no-deps");
    }
    let out = cargo.output().expect("cargo runs");
    assert!(out.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("cargo metadata prints JSON")
}

fn host_triple() -> String {
    let out = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let text = String::from_utf8_lossy(&out.stdout);
    let line = text.lines().find_map(|l| l.strip_prefix("host: ")).expect("rustc names its host");
    line.to_owned()
}

/// Every file that belongs to the repository, relative to its top: tracked, or new and not ignored.
///
/// Without git (an unpacked archive) the folders are walked, leaving out what builds leave behind.
pub fn files() -> Vec<PathBuf> {
    let git = Command::new("git")
        .current_dir(root())
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output();
    let mut files: Vec<PathBuf> = match git {
        Ok(out) if out.status.success() => out
            .stdout
            .split(|b| *b == 0)
            .filter(|name| !name.is_empty())
            .map(|name| PathBuf::from(String::from_utf8_lossy(name).into_owned()))
            .filter(|name| root().join(name).exists())
            .collect(),
        _ => walk(Path::new("")),
    };
    files.sort();
    files.dedup();
    files
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root().join(folder)).expect("a folder of the repository").flatten() {
        let name = folder.join(entry.file_name());
        let built = ["target", "build", ".git"].iter().any(|n| entry.file_name() == *n);
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !built => found.extend(walk(&name)),
            Ok(kind) if kind.is_file() && name.extension().is_none_or(|e| e != "wasm") => found.push(name),
            _ => {}
        }
    }
    found
}

/// The text of a file of the repository.
pub fn read(file: impl AsRef<Path>) -> String {
    let file = file.as_ref();
    let bytes = std::fs::read(root().join(file)).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The Rust files under a folder of the repository.
pub fn rust_files(under: &str) -> Vec<PathBuf> {
    let mut files = files();
    files.retain(|f| f.starts_with(under) && f.extension().is_some_and(|e| e == "rs"));
    files
}
