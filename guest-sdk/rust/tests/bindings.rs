//! The committed bindings are what the WIT package says. After a change of `wit/`:
//! `WEIR_UPDATE_BINDINGS=1 cargo test -p guest-sdk --test bindings`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use wit_bindgen_core::wit_parser::{Resolve, WorldId};
use wit_bindgen_core::{Files, WorldGenerator};

const WORLDS: [&str; 3] = ["session-filter", "media-filter", "job-planner"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn world(name: &str) -> (Resolve, WorldId) {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(root().join("wit")).expect("wit/ parses");
    let world = resolve.select_world(&[package], Some(name)).expect("the world is there");
    (resolve, world)
}

/// Compares `text` with the file, or writes the file when asked to.
fn check(path: &str, text: &[u8]) {
    let path = root().join(path);
    if std::env::var_os("WEIR_UPDATE_BINDINGS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(&path, text).expect("the file can be written");
        return;
    }
    let have = std::fs::read(&path).unwrap_or_default();
    assert!(
        have == text,
        "{} is older than wit/: run WEIR_UPDATE_BINDINGS=1 cargo test -p guest-sdk --test bindings",
        path.display()
    );
}

/// One module serves all worlds, so that they share types. What differs between worlds, the component type, is in `worlds.rs`.
#[test]
fn rust() {
    let (mut resolve, world) = world("everything");
    let opts = wit_bindgen_rust::Opts {
        format: true,
        pub_export_macro: true,
        generate_all: true,
        additional_derive_attributes: vec!["PartialEq".into()],
        ..Default::default()
    };
    let mut files = Files::default();
    opts.build().generate(&mut resolve, world, &mut files).expect("bindings");
    let (_, text) = files.iter().next().expect("one file");
    check("guest-sdk/rust/src/bindings.rs", text);
}

#[test]
fn rust_worlds() {
    let mut text = String::from(
        "//! The component types of the worlds: the host reads them from a section of the module.\n//! Generated from `wit/` by `tests/bindings.rs`.\n",
    );
    for name in WORLDS {
        let (resolve, world) = world(name);
        let bytes = wit_component::metadata::encode(&resolve, world, wit_component::StringEncoding::UTF8, None)
            .expect("the world encodes");
        let constant = name.replace('-', "_").to_uppercase();
        write!(text, "\n/// The world `{name}`.\n#[rustfmt::skip]\npub const {constant}: [u8; {}] = [", bytes.len())
            .unwrap();
        for (i, byte) in bytes.iter().enumerate() {
            if i % 32 == 0 {
                text.push_str("\n    ");
            }
            write!(text, "{byte},").unwrap();
        }
        text.push_str("\n];\n");
    }
    check("guest-sdk/rust/src/worlds.rs", text.as_bytes());
}

/// The component type as C: what the object file of the generator holds, in text.
fn c_component_type(name: &str) -> String {
    let (resolve, world) = world(name);
    let bytes = wit_component::metadata::encode(&resolve, world, wit_component::StringEncoding::UTF8, None)
        .expect("the world encodes");
    let mut text = format!(
        "// The component type of the world `{name}`: the host reads it from a section of the module.\n\
         // Generated from `wit/`.\n\
         __asm__(\n    \".section \\\".custom_section.component-type:weir:{name}\\\",\\\"\\\",@\\n\"\n"
    );
    for line in bytes.chunks(24) {
        let line: String = line.iter().map(|byte| format!("\\\\{byte:03o}")).collect();
        writeln!(text, "    \".ascii \\\"{line}\\\"\\n\"").unwrap();
    }
    let symbol = name.replace('-', "_");
    writeln!(text, ");\n\nvoid __component_type_object_force_link_{symbol}(void) {{}}").unwrap();
    text
}

#[test]
fn c() {
    for name in WORLDS {
        let (mut resolve, world) = world(name);
        let mut files = Files::default();
        wit_bindgen_c::Opts::default().build().generate(&mut resolve, world, &mut files).expect("bindings");
        for (file, text) in files.iter().filter(|(file, _)| !file.ends_with(".o")) {
            // The generator spells the resource's name with `_` here, and the host would not find the destructor.
            let text = String::from_utf8_lossy(text).replace("#[dtor]stream_filter", "#[dtor]stream-filter");
            check(&format!("guest-sdk/c/{name}/{file}"), text.as_bytes());
        }
        let file = format!("guest-sdk/c/{name}/{}_component_type.c", name.replace('-', "_"));
        check(&file, c_component_type(name).as_bytes());
    }
}
