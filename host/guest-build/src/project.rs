//! New projects: the examples of the SDKs under another name, with the SDK beside them.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::{Error, Language};

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// What a filter decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// What becomes of frames.
    Media,
    /// Who may connect, publish and play.
    Session,
}

/// What the examples are called.
const NAME: &str = "my-filter";
const LONGEST: usize = 64;

/// Makes the folder `dir`, whose last part is the filter's name, with a project that `weir filter build` builds.
///
/// Nothing else is needed to build it but the language's own tools: the SDK is in its folder `weir-sdk`.
///
/// # Errors
/// The name cannot be one, the folder is there already, or the file system refuses it.
pub fn create(dir: &Path, language: Language, kind: Kind) -> Result<(), Error> {
    let name = dir.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let refuse = |why: String| Err(Error::NoSource { dir: dir.into(), why });
    let first = name.starts_with(|c: char| c.is_ascii_lowercase());
    let fine = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !first || !fine || name.ends_with('-') || name.len() > LONGEST {
        return refuse(format!(
            "\"{name}\" cannot be a filter's name: lower-case letters, digits and hyphens, a letter first, at most {LONGEST}"
        ));
    }
    if dir.exists() {
        return refuse("it is there already; choose another name, or remove it".into());
    }
    let files = files(&name, language, kind)?;
    for (path, text) in files {
        let path = dir.join(path);
        let folder = path.parent().unwrap_or(dir);
        std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
        std::fs::write(&path, text).map_err(Error::io(&path))?;
    }
    Ok(())
}

/// The names of a language and its folder.
fn folder(language: Language) -> &'static str {
    match language {
        Language::Rust => "rust",
        Language::C => "c",
        Language::Go => "go",
        Language::JavaScript => "js",
        Language::Python => "python",
        Language::AssemblyScript => "assemblyscript",
    }
}

fn files(name: &str, language: Language, kind: Kind) -> Result<Vec<(PathBuf, String)>, Error> {
    let (language_folder, world) = (folder(language), if kind == Kind::Media { "media" } else { "session" });
    let example = format!("{language_folder}/{world}/");
    let mut files = Vec::new();
    for (path, text) in FILES.iter().copied() {
        if let Some(inside) = path.strip_prefix(&example) {
            files.push((PathBuf::from(inside), renamed(text, name)));
        } else if let Some(inside) = vendored(language, path) {
            let manifest = language == Language::Rust && path.ends_with("Cargo.toml");
            let text = if manifest { standalone(path, text)? } else { text.to_owned() };
            files.push((Path::new("weir-sdk").join(inside), text));
        }
    }
    files.push((".gitignore".into(), "/build/\n/target/\n__pycache__/\n".into()));
    let artifact = match language {
        Language::Rust => format!("target/{}/release/{}.wasm", crate::rust::TARGET, name.replace('-', "_")),
        _ => format!("build/{}.wasm", name.replace('-', "_")),
    };
    files.push(("weir.toml".into(), config(name, &artifact, kind)));
    files.push(("README.md".into(), readme(name, language, kind)));
    Ok(files)
}

/// Where a file of the SDK goes in the project's `weir-sdk`; none: it does not.
fn vendored(language: Language, path: &str) -> Option<String> {
    match language {
        Language::Rust => {
            let inside = path.strip_prefix("rust/").filter(|p| p.starts_with("src/") || *p == "Cargo.toml");
            let media = path.strip_prefix("media/").map(|p| format!("media/{p}"));
            inside.map(|p| format!("guest-sdk/{p}")).or(media)
        }
        // The builder brings the headers of the world; those of the project are for its editor.
        Language::C => path
            .strip_prefix("c/")
            .filter(|p| !p.starts_with("media/") && !p.starts_with("session/") && p.ends_with(".h"))
            .map(str::to_owned),
        _ => path.strip_prefix(&format!("{}/weir-sdk/", folder(language))).map(str::to_owned),
    }
}

/// The example's text in the words of the project.
fn renamed(text: &str, name: &str) -> String {
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str())).unwrap_or_default()
    };
    let type_name: String = name.split('-').map(capital).collect();
    let text = text.replace("MyFilter", &type_name).replace(NAME, name);
    let text = text.replace("../weir-sdk", "./weir-sdk");
    text.replace("guest-sdk = { path = \"..\" }", "guest-sdk = { path = \"weir-sdk/guest-sdk\" }")
}

/// A manifest of the workspace that stands alone: what it inherits is written out, and what only tests need is left out.
fn standalone(path: &str, text: &str) -> Result<String, Error> {
    let bad = |e: &dyn std::fmt::Display| Error::NoSource { dir: path.into(), why: e.to_string() };
    let workspace = FILES.iter().find(|(name, _)| *name == "Cargo.toml").map(|(_, text)| *text).unwrap_or_default();
    let workspace: Table = workspace.parse().map_err(|e: toml::de::Error| bad(&e))?;
    let workspace = workspace.get("workspace").and_then(Value::as_table).cloned().unwrap_or_default();
    let mut table: Table = text.parse().map_err(|e: toml::de::Error| bad(&e))?;
    for section in ["lints", "dev-dependencies", "bench"] {
        table.remove(section);
    }
    for (section, of) in [("package", "package"), ("dependencies", "dependencies")] {
        let inherited = workspace.get(of).and_then(Value::as_table);
        let Some(values) = table.get_mut(section).and_then(Value::as_table_mut) else { continue };
        for (key, value) in values.iter_mut() {
            let inherits = value.get("workspace").and_then(Value::as_bool) == Some(true);
            if let Some(whole) = inherited.and_then(|i| i.get(key)).filter(|_| inherits) {
                *value = whole.clone();
            }
        }
    }
    if let Some(media) = table.get_mut("dependencies").and_then(|d| d.get_mut("media")) {
        *media = Value::Table(Table::from_iter([("path".to_owned(), Value::String("../media".into()))]));
    }
    Ok(table.to_string())
}

fn config(name: &str, artifact: &str, kind: Kind) -> String {
    let (chain, more) = match kind {
        Kind::Media => ("media", ""),
        Kind::Session => ("session", "secrets = { key = \"first-five-minutes\" }\n"),
    };
    format!(
        "# A router for trying the filter: weir dev . --config weir.toml\n\n[rtmp]\nlisten = [\"127.0.0.1:1935\"]\n\n\
         [filters.{name}]\nsource = \"file:{artifact}\"\n{more}\n[apps.live]\n{chain} = [\"{name}\"]\n"
    )
}

fn readme(name: &str, language: Language, kind: Kind) -> String {
    let query = if kind == Kind::Session { "?key=first-five-minutes" } else { "" };
    let source = match language {
        Language::Rust => "src/lib.rs",
        Language::C => "filter.c",
        Language::Go => "filter.go",
        Language::JavaScript => "filter.js",
        Language::Python => "filter.py",
        Language::AssemblyScript => "filter.ts",
    };
    let test = if language == Language::Rust {
        "cargo test                           # the filter's own tests, natively\n"
    } else {
        ""
    };
    let run = match kind {
        Kind::Media => "weir filter run . --input in.flv --output out.flv   # what it does to a recording",
        Kind::Session => "weir filter run . --session questions.json   # what it answers: see weir filter run --help",
    };
    format!(
        "# {name}\n\nA filter for the live stream router Weir. The code is in `{source}`; `weir-sdk/` is what it is written with.\n\n\
         ```sh\n{test}weir filter build .                   # makes the .wasm file\nweir filter inspect .                 # what it is, and what it needs\n\
         {run}\n\
         weir dev . --config weir.toml         # a router that takes over every save\n\
         ffmpeg -re -i video.mp4 -c copy -f flv \"rtmp://127.0.0.1:1935/live/test{query}\"\n\
         ffplay rtmp://127.0.0.1:1935/live/test\n```\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Language; 6] =
        [Language::Rust, Language::C, Language::Go, Language::JavaScript, Language::Python, Language::AssemblyScript];

    #[test]
    fn every_project_has_its_source_its_sdk_and_its_name() {
        for language in ALL {
            for kind in [Kind::Media, Kind::Session] {
                let temp = tempfile::tempdir().unwrap();
                let dir = temp.path().join("strip-it");
                create(&dir, language, kind).unwrap();
                let artifact = crate::artifact(&dir).unwrap_or_else(|| panic!("{language:?} is not recognised"));
                assert!(artifact.ends_with("strip_it.wasm"), "{}", artifact.display());
                let config = std::fs::read_to_string(dir.join("weir.toml")).unwrap();
                let inside = artifact.strip_prefix(dir.canonicalize().unwrap()).unwrap();
                assert!(config.contains(&format!("file:{}\"", inside.display())), "{config}");
                assert!(dir.join("weir-sdk").is_dir(), "{language:?}");
                for input in crate::inputs(&dir).unwrap() {
                    let text = std::fs::read_to_string(&input).unwrap();
                    let own = !input.components().any(|c| c.as_os_str() == "weir-sdk");
                    assert!(!own || !text.contains(NAME) && !text.contains("../weir-sdk"), "{}", input.display());
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_made_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        for name in ["Upper", "9lives", "a_b", "with space", "a-", ""] {
            let refused = create(&temp.path().join("x").join(name), Language::C, Kind::Media);
            assert!(name.is_empty() || refused.unwrap_err().to_string().contains("a letter first"), "{name}");
        }
        create(&temp.path().join("one"), Language::C, Kind::Media).unwrap();
        let again = create(&temp.path().join("one"), Language::Python, Kind::Media).unwrap_err();
        assert!(again.to_string().contains("there already"));
    }

    #[test]
    fn no_file_is_missing() {
        let sources = crate::listing::sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap();
        let there: Vec<_> = sources.iter().map(|(name, _)| name.as_str()).collect();
        let known: Vec<_> = FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(there, known, "files came or went: `touch host/guest-build/build.rs`, and build again");
    }

    #[test]
    fn a_manifest_inherits_nothing() {
        for path in ["rust/Cargo.toml", "media/Cargo.toml"] {
            let text = FILES.iter().find(|(name, _)| *name == path).unwrap().1;
            let alone = standalone(path, text).unwrap();
            assert!(!alone.contains("workspace"), "{alone}");
            assert!(alone.contains("bytes = \"1"), "{alone}");
        }
    }
}
