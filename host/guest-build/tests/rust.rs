//! Rust packages, built with the toolchain that runs the tests.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use guest_build::{Error, Language, artifact, build, is_fresh};

const MANIFEST: &str =
    "[package]\nname = \"my-filter\"\nedition = \"2024\"\n[lib]\ncrate-type = [\"cdylib\"]\n[workspace]\n";
const SOURCE: &str = "#[unsafe(no_mangle)]\npub extern \"C\" fn answer() -> u32 { 42 }\n";

fn package(dir: &Path, source: &str) {
    fs::create_dir_all(dir.join("src")).unwrap();
    fs::write(dir.join("Cargo.toml"), MANIFEST).unwrap();
    fs::write(dir.join("src/lib.rs"), source).unwrap();
}

/// Makes a file look as if it were edited after everything else.
fn edit(path: &Path) {
    let file = fs::File::options().append(true).open(path).unwrap();
    file.set_modified(SystemTime::now() + Duration::from_secs(5)).unwrap();
}

#[test]
fn a_package_is_built_into_its_own_target_folder_and_stays_fresh_until_it_is_edited() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("with space");
    package(&dir, SOURCE);
    assert!(!is_fresh(&dir));

    let mut told = Vec::new();
    let built = build(&dir, &mut |p| told.push(p.to_string())).unwrap();
    assert_eq!((Some(&built.wasm), built.language), (artifact(&dir).as_ref(), Language::Rust));
    assert!(built.wasm.starts_with(dir.canonicalize().unwrap().join("target")), "{}", built.wasm.display());
    assert!(fs::read(&built.wasm).unwrap().starts_with(b"\0asm"));
    assert_eq!(told[0], format!("building {}", dir.display()));
    assert!(told.iter().any(|l| l.contains("Compiling my-filter")), "{told:?}");
    assert!(is_fresh(&dir));

    edit(&dir.join("src/lib.rs"));
    assert!(!is_fresh(&dir), "an edited source asks for a build");
}

#[test]
fn a_shipped_filter_that_was_copied_away_is_told_what_to_do() {
    let temp = tempfile::tempdir().unwrap();
    package(temp.path(), SOURCE);
    let shipped = "[package]\nname = \"nal-filter\"\nedition.workspace = true\n[lib]\ncrate-type = [\"cdylib\"]\n";
    fs::write(temp.path().join("Cargo.toml"), shipped).unwrap();
    let text = build(temp.path(), &mut |_| ()).unwrap_err().to_string();
    assert!(text.contains("`edition.workspace = true`") && text.contains("weir filter new --lang rust"), "{text}");
}

#[test]
fn an_edit_that_changes_nothing_asks_for_one_build_only() {
    let dir = tempfile::tempdir().unwrap();
    package(dir.path(), SOURCE);
    build(dir.path(), &mut |_| ()).unwrap();
    fs::write(dir.path().join("Cargo.toml"), format!("{MANIFEST}\n# a remark\n")).unwrap();
    assert!(!is_fresh(dir.path()));
    build(dir.path(), &mut |_| ()).unwrap();
    assert!(is_fresh(dir.path()));
}

#[test]
fn a_file_that_was_corrupted_is_made_again() {
    let dir = tempfile::tempdir().unwrap();
    package(dir.path(), SOURCE);
    let wasm = build(dir.path(), &mut |_| ()).unwrap().wasm;
    let good = fs::read(&wasm).unwrap();
    // Written into the file itself: cargo's own copy is the same file under another name, and as new as the source.
    for bad in [&b"no wasm"[..], b"", b"\0asm\x02\0\0\0"] {
        fs::write(&wasm, bad).unwrap();
        assert_eq!(build(dir.path(), &mut |_| ()).unwrap().wasm, wasm);
        assert_eq!(fs::read(&wasm).unwrap(), good, "after {bad:?}");
    }
}

#[test]
fn what_the_compiler_says_is_in_the_error() {
    let dir = tempfile::tempdir().unwrap();
    package(dir.path(), "pub fn f() -> u32 { \"text\" }");
    let error = build(dir.path(), &mut |_| ()).unwrap_err();
    assert!(matches!(error, Error::Compile { .. }));
    let text = error.to_string();
    assert!(text.contains("mismatched types") && text.contains("src/lib.rs:1"), "{text}");
}

#[test]
fn a_library_that_is_no_module_is_told_what_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    package(dir.path(), SOURCE);
    fs::write(dir.path().join("Cargo.toml"), MANIFEST.replace("cdylib", "rlib")).unwrap();
    let text = build(dir.path(), &mut |_| ()).unwrap_err().to_string();
    assert!(text.contains("crate-type = [\"cdylib\"]"), "{text}");
}

#[test]
fn members_of_a_workspace_share_its_target_folder() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("Cargo.toml"), "[workspace]\nmembers = [\"one\"]\nexclude = [\"two\"]\n").unwrap();
    for name in ["one", "two"] {
        package(&dir.path().join(name), SOURCE);
        fs::write(dir.path().join(name).join("Cargo.toml"), MANIFEST.replace("[workspace]", "")).unwrap();
    }
    let root = dir.path().canonicalize().unwrap();
    let file = "target/wasm32-unknown-unknown/release/my_filter.wasm";
    assert_eq!(artifact(&dir.path().join("one")).unwrap(), root.join(file));
    assert_eq!(artifact(&dir.path().join("two")).unwrap(), root.join("two").join(file));
    let text = build(dir.path(), &mut |_| ()).unwrap_err().to_string();
    assert!(text.ends_with("a workspace, not a filter; it holds one"), "{text}");
}

#[test]
fn a_folder_without_source_is_no_filter() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(artifact(dir.path()), None);
    assert!(!is_fresh(dir.path()));
    let text = build(dir.path(), &mut |_| ()).unwrap_err().to_string();
    assert!(
        text.ends_with("none of Cargo.toml, go.mod, filter.py, filter.ts, filter.js and no .c file is there"),
        "{text}"
    );
    assert!(build(&dir.path().join("missing"), &mut |_| ()).is_err());
}
