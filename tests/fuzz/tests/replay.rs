//! Every target on every input that is kept: those it began with, and those that once made it fail.

use std::path::{Path, PathBuf};

fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("inputs").join(target)
}

fn inputs(target: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder(target)) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

#[test]
fn every_input_is_replayed() {
    let mut failed = Vec::new();
    for (name, body, longest) in weir_fuzz::TARGETS {
        let files = inputs(name);
        assert!(!files.is_empty(), "{name} has no inputs");
        for file in files {
            let bytes = std::fs::read(&file).expect("an input");
            assert!(bytes.len() <= *longest, "{} is longer than the target's inputs", file.display());
            if std::panic::catch_unwind(|| body(&bytes)).is_err() {
                failed.push(file);
            }
        }
        // The shortest input, which no fuzzer keeps.
        body(&[]);
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn every_folder_of_inputs_has_its_target() {
    let root = folder("");
    for entry in std::fs::read_dir(root).expect("the inputs") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        assert!(weir_fuzz::target(&name).is_some(), "inputs/{name} belongs to no target");
    }
}
