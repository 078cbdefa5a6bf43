//! What stands where in the repository.

use std::collections::BTreeSet;
use std::path::Path;

use weir_tests::workspace;

/// The top level. Hidden tool files (`.gitignore`, `.ci/`, `.cargo/`) may stand beside these.
const TOP: &[&str] = &[
    "Cargo.toml",
    "host",
    "guest-sdk",
    "filters",
    "wit",
    "config",
    "tests",
    "README.md",
    "Cargo.lock",
    "LICENSE",
    "CHANGELOG.md",
    "rust-toolchain.toml",
];

/// A person reads a file in one sitting: longer ones are named in the test's output.
const LINES: usize = 500;
/// No person does any more.
const TOO_MANY_LINES: usize = 700;

/// Written by a generator.
fn generated(file: &Path, text: &str) -> bool {
    file.file_name().is_some_and(|n| n == "bindings.rs") || text.lines().take(5).any(|l| l.contains("generated"))
}

#[test]
fn the_top_level_holds_nothing_else() {
    let top: BTreeSet<String> = workspace::files()
        .iter()
        .filter_map(|f| f.components().next())
        .map(|c| c.as_os_str().to_string_lossy().into_owned())
        .collect();
    for name in &top {
        assert!(name.starts_with('.') || TOP.contains(&name.as_str()), "{name} does not belong to the top level");
    }
    for name in TOP {
        assert!(top.contains(*name), "{name} is missing");
    }
}

#[test]
fn nothing_built_is_committed() {
    for file in workspace::files() {
        // The C bindings come with an object file that only holds the component type.
        if file.starts_with("guest-sdk/c") && file.extension().is_some_and(|e| e == "o") {
            continue;
        }
        let bytes = std::fs::read(workspace::root().join(&file)).unwrap_or_default();
        let found_input = file.components().any(|c| c.as_os_str() == "inputs" || c.as_os_str() == "corpus");
        assert!(found_input || !bytes.contains(&0), "{} is binary", file.display());
    }
}

#[test]
fn files_can_be_read_in_one_sitting() {
    let mut longest = 0;
    for file in workspace::rust_files("") {
        let text = workspace::read(&file);
        let lines = text.lines().count();
        if lines > LINES && !generated(&file, &text) {
            println!("{}: {lines} lines; it reads better in two", file.display());
            longest = longest.max(lines);
        }
    }
    assert!(longest <= TOO_MANY_LINES, "a file has {longest} lines");
}

#[test]
fn modules_are_named_files_and_named_for_what_they_do() {
    let vague = ["mod.rs", "utils.rs", "util.rs", "common.rs", "manager.rs", "helper.rs", "helpers.rs", "misc.rs"];
    for file in workspace::rust_files("") {
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        assert!(!vague.contains(&name.as_str()), "{}", file.display());
    }
}

#[test]
fn nothing_is_left_for_later() {
    // Spelled in two halves, or this file would find itself.
    let words = [("todo", "!("), ("unimplemented", "!("), ("#[ign", "ore"), ("FIX", "ME"), ("XX", "X:")];
    for file in workspace::rust_files("") {
        let text = workspace::read(&file);
        for (a, b) in words {
            let line = text.lines().position(|l| l.contains(&format!("{a}{b}")));
            assert!(line.is_none(), "{}:{}: {a}{b}", file.display(), line.unwrap_or_default() + 1);
        }
    }
}

#[test]
fn every_package_follows_the_workspace() {
    let metadata = workspace::metadata(false);
    for package in metadata["packages"].as_array().expect("packages") {
        let manifest = workspace::read(package["manifest_path"].as_str().expect("a path"));
        assert!(manifest.contains("[lints]\nworkspace = true"), "{} has lints of its own", package["name"]);
        assert_eq!(package["license"], "Apache-2.0", "{}", package["name"]);
        assert_eq!(package["publish"], serde_json::json!([]), "{} could be published", package["name"]);
    }
    let release = workspace::read("Cargo.toml");
    assert!(release.contains("overflow-checks = true"), "the release profile lost its overflow checks");
}

#[test]
fn links_in_the_documents_lead_somewhere() {
    for file in workspace::files().iter().filter(|f| f.extension().is_some_and(|e| e == "md")) {
        let text = workspace::read(file);
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', '#', ' ']).next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let folder = workspace::root().join(file.parent().unwrap_or(Path::new("")));
            assert!(folder.join(target).exists(), "{}: {target} does not exist", file.display());
        }
    }
}
