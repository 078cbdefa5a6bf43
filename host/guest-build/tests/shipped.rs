//! What the repository ships builds, and asks for nothing but the contract's own interfaces.

use std::path::{Path, PathBuf};

use guest_build::{Language, artifact, build, is_fresh};
use wit_component::{ComponentEncoder, DecodedWasm};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Builds the folder and returns what the component imports and exports.
fn interfaces(dir: &Path) -> (Vec<String>, Vec<String>) {
    let built = build(dir, &mut |_| ()).unwrap_or_else(|e| panic!("{e}"));
    assert!(is_fresh(dir), "{} is fresh after its build", dir.display());
    let module = std::fs::read(&built.wasm).unwrap();
    let component = ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap();
    let DecodedWasm::Component(resolve, world) = wit_component::decode(&component).unwrap() else {
        panic!("{} is no component", dir.display())
    };
    let world = &resolve.worlds[world];
    let names = |keys: Vec<_>| keys.into_iter().map(|k| resolve.name_world_key(k)).collect();
    (names(world.imports.keys().collect()), names(world.exports.keys().collect()))
}

fn filters() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![repository().join("filters")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
            if artifact(&path).is_some() {
                found.push(path);
            } else if path.file_name().is_some_and(|n| n != "target") {
                folders.push(path);
            }
        }
    }
    found
}

#[test]
fn every_filter_builds_and_imports_only_the_contract() {
    let filters = filters();
    assert!(!filters.is_empty());
    for dir in filters {
        let (imports, exports) = interfaces(&dir);
        for name in imports.iter().chain(&exports) {
            assert!(name.starts_with("weir:filter/"), "{}: {name}", dir.display());
        }
        assert!(exports.iter().any(|e| e.starts_with("weir:filter/lifecycle")), "{}: {exports:?}", dir.display());
    }
}

#[test]
fn the_example_in_c_builds() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("drop-sei");
    std::fs::create_dir(&dir).unwrap();
    std::fs::copy(repository().join("guest-sdk/c/media/filter.c"), dir.join("filter.c")).unwrap();
    assert!(artifact(&dir).unwrap().ends_with("drop-sei/build/drop_sei.wasm"));
    let (imports, exports) = interfaces(&dir);
    let expect = ["types", "frame", "log"].map(|i| format!("weir:filter/{i}@0.1.0"));
    assert!(imports.iter().all(|i| expect.contains(i)), "{imports:?}");
    assert_eq!(exports.len(), 2, "{exports:?}");
    std::fs::write(dir.join("build/sdk/support.c"), "// of an older version").unwrap();
    assert!(!is_fresh(&dir), "other bindings ask for a build");
    assert_eq!(build(&dir, &mut |_| ()).unwrap().language, Language::C);

    std::fs::write(dir.join("filter.c"), "#include \"media_filter.h\"\nint broken(\n").unwrap();
    let text = build(&dir, &mut |_| ()).unwrap_err().to_string();
    assert!(text.contains("filter.c:3") || text.contains("filter.c:2"), "{text}");

    std::fs::write(dir.join("filter.c"), "int nothing;\n").unwrap();
    let text = build(&dir, &mut |_| ()).unwrap_err().to_string();
    assert!(text.contains("no .c file includes media_filter.h"), "{text}");
}
