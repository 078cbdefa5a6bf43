//! What a folder holds, and whether its wasm file is up to date.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::Error;

/// What a filter is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// A cargo package.
    Rust,
    /// C files.
    C,
    /// A Go module.
    Go,
    /// `filter.js` and what it imports.
    JavaScript,
    /// `filter.py` and what it imports.
    Python,
    /// `filter.ts` and what it imports.
    AssemblyScript,
}

/// What a folder is recognised by, beside `.c` files; in this order.
const MARKS: [(&str, Language); 4] = [
    ("go.mod", Language::Go),
    ("filter.py", Language::Python),
    ("filter.ts", Language::AssemblyScript),
    ("filter.js", Language::JavaScript),
];

impl Language {
    /// The ending of its source files.
    fn ending(self) -> &'static str {
        match self {
            Language::Rust => "rs",
            Language::C => "c",
            Language::Go => "go",
            Language::JavaScript => "js",
            Language::Python => "py",
            Language::AssemblyScript => "ts",
        }
    }
}

/// The source of one filter.
#[derive(Debug)]
pub(crate) struct Source {
    /// The filter's folder, absolute.
    pub(crate) dir: PathBuf,
    pub(crate) language: Language,
    /// Rust: where the target folder is. C: the filter's folder.
    pub(crate) root: PathBuf,
    artifact: PathBuf,
}

impl Source {
    /// Looks at the folder's files.
    pub(crate) fn recognise(dir: &Path) -> Result<Source, Error> {
        let dir = dir.canonicalize().map_err(Error::io(dir))?;
        if dir.join("Cargo.toml").is_file() {
            return cargo_package(dir);
        }
        let mark = MARKS.iter().find(|(file, _)| dir.join(file).is_file());
        let language = match mark {
            Some((_, language)) => *language,
            None if c_files(&dir)?.is_empty() => {
                let marks = MARKS.map(|(file, _)| file).join(", ");
                return Err(Error::NoSource {
                    dir,
                    why: format!("none of Cargo.toml, {marks} and no .c file is there"),
                });
            }
            None => Language::C,
        };
        let name = dir.file_name().unwrap_or_default().to_string_lossy().replace('-', "_");
        let artifact = dir.join("build").join(format!("{name}.wasm"));
        Ok(Source { root: dir.clone(), dir, language, artifact })
    }

    /// The wasm file, whether it is there or not.
    pub(crate) fn artifact(&self) -> &Path {
        &self.artifact
    }

    /// Touched when a build starts that succeeds: a build that finds nothing to do leaves the artifact's time as it is.
    pub(crate) fn stamp(&self) -> PathBuf {
        self.artifact.with_extension("stamp")
    }

    /// The files that the language's own compiler reads in this folder, sorted.
    pub(crate) fn sources(&self) -> Result<Vec<PathBuf>, Error> {
        let mut files = Vec::new();
        walk(&self.dir, &mut files).map_err(Error::io(&self.dir))?;
        files.retain(|f| f.extension().is_some_and(|e| e == self.language.ending()));
        Ok(files)
    }

    /// The folder `weir-sdk` that the source is written with: its own, or that of a folder above.
    pub(crate) fn sdk(&self) -> Result<PathBuf, Error> {
        let found = self.dir.ancestors().map(|above| above.join("weir-sdk")).find(|sdk| sdk.is_dir());
        found.ok_or_else(|| Error::NoSource {
            dir: self.dir.clone(),
            why: "there is no folder weir-sdk, here or above; `weir filter new` makes projects with one".into(),
        })
    }

    /// Everything that the wasm file is made of.
    pub(crate) fn tree(&self) -> Result<Vec<PathBuf>, Error> {
        let mut files = self.sources()?;
        if self.language == Language::Go {
            files.extend(["go.mod", "go.sum"].map(|f| self.dir.join(f)).into_iter().filter(|f| f.is_file()));
        }
        let sdk = self.sdk()?;
        let mut of_sdk = Vec::new();
        walk(&sdk, &mut of_sdk).map_err(Error::io(&sdk))?;
        of_sdk.retain(|f| f.extension().is_some_and(|e| e == self.language.ending() || e == "mod"));
        files.extend(of_sdk);
        Ok(files)
    }

    /// What a build would read.
    pub(crate) fn inputs(&self) -> Result<Vec<PathBuf>, Error> {
        match self.language {
            Language::C => Ok(c_inputs(&self.dir).unwrap_or_default()),
            Language::Rust => {
                let mut files = rust_inputs(self).unwrap_or_default();
                files.extend(self.sources()?);
                files.push(self.dir.join("Cargo.toml"));
                files.sort_unstable();
                files.dedup();
                Ok(files)
            }
            _ => self.tree(),
        }
    }

    /// Takes the artifact away, with every name that cargo gave the same file.
    ///
    /// # Errors
    /// The file system refuses it.
    pub(crate) fn discard(&self) -> Result<(), Error> {
        let wasm = &self.artifact;
        let same = |file: &Path| file.metadata().ok().map(|m| (m.dev(), m.ino()));
        let (this, above) = (same(wasm), wasm.parent().unwrap_or(&self.root));
        for folder in [above.join("deps"), above.into()] {
            for file in files(&folder).unwrap_or_default().iter().filter(|file| same(file) == this) {
                std::fs::remove_file(file).map_err(Error::io(file))?;
            }
        }
        Ok(())
    }

    /// Whether the artifact is there and nothing that it was made of is newer.
    pub(crate) fn is_fresh(&self) -> bool {
        let Some(built) = modified(&self.artifact) else { return false };
        let built = modified(&self.stamp()).map_or(built, |stamp| stamp.max(built));
        let inputs = match self.language {
            Language::Rust => rust_inputs(self),
            Language::C if !crate::c::sdk_is_current(&self.dir) => None,
            Language::C => c_inputs(&self.dir),
            _ => self.tree().ok(),
        };
        inputs.is_some_and(|inputs| inputs.iter().all(|i| modified(i).is_some_and(|m| m <= built)))
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|m| m.modified()).ok()
}

fn manifest(dir: &Path) -> Result<toml::Table, Error> {
    let path = dir.join("Cargo.toml");
    let text = std::fs::read_to_string(&path).map_err(Error::io(&path))?;
    text.parse().map_err(|e: toml::de::Error| Error::NoSource { dir: dir.into(), why: format!("Cargo.toml: {e}") })
}

fn text<'t>(table: &'t toml::Table, section: &str, key: &str) -> Option<&'t str> {
    table.get(section)?.get(key)?.as_str()
}

fn cargo_package(dir: PathBuf) -> Result<Source, Error> {
    let table = manifest(&dir)?;
    let Some(package) = text(&table, "package", "name") else {
        let members = table.get("workspace").and_then(|w| w.get("members")).and_then(|m| m.as_array());
        let members: Vec<_> = members.into_iter().flatten().filter_map(|m| m.as_str()).collect();
        let why = format!("a workspace, not a filter; it holds {}", members.join(", "));
        return Err(Error::NoSource { dir, why });
    };
    let kinds = table.get("lib").and_then(|l| l.get("crate-type")).and_then(|k| k.as_array());
    if !kinds.into_iter().flatten().any(|k| k.as_str() == Some("cdylib")) {
        let why = "no filter, for its Cargo.toml does not say [lib] crate-type = [\"cdylib\"]".into();
        return Err(Error::NoSource { dir, why });
    }
    let library = text(&table, "lib", "name").map_or_else(|| package.replace('-', "_"), str::to_owned);
    let root = workspace_root(&dir, &table)?;
    if let Some(key) = inherited(&table).filter(|_| root == dir && !table.contains_key("workspace")) {
        // A shipped filter that was copied elsewhere.
        let why = format!(
            "its Cargo.toml takes `{key}` from a workspace (`{key}.workspace = true`), and no folder above it is one.\n  \
             Either put the folder back beside Weir's shipped filters and name it in the `members` of filters/Cargo.toml,\n  \
             or make a project that stands alone, `weir filter new --lang rust NAME`, copy src/ into it, and write what stands under\n  \
             [dependencies] here, but for guest-sdk, into its Cargo.toml, with the versions of filters/Cargo.toml"
        );
        return Err(Error::NoSource { dir, why });
    }
    let artifact = root.join("target").join(crate::rust::TARGET).join("release").join(format!("{library}.wasm"));
    Ok(Source { dir, language: Language::Rust, root, artifact })
}

/// A key that is inherited from the workspace.
fn inherited(table: &toml::Table) -> Option<&str> {
    let sections = ["package", "dependencies", "dev-dependencies"].into_iter().filter_map(|s| table.get(s)?.as_table());
    let mut keys = sections.flatten().map(|(key, value)| (key.as_str(), value));
    let inherits = |value: &toml::Value| value.get("workspace").and_then(toml::Value::as_bool) == Some(true);
    keys.find(|(_, value)| inherits(value)).map(|(key, _)| key)
}

/// The folder of the workspace that the package belongs to, as cargo finds it.
fn workspace_root(dir: &Path, table: &toml::Table) -> Result<PathBuf, Error> {
    if table.contains_key("workspace") {
        return Ok(dir.into());
    }
    if let Some(named) = text(table, "package", "workspace") {
        let named = dir.join(named);
        return named.canonicalize().map_err(Error::io(named));
    }
    for above in dir.ancestors().skip(1).filter(|a| a.join("Cargo.toml").is_file()) {
        let table = manifest(above)?;
        let Some(workspace) = table.get("workspace") else { continue };
        let excluded = workspace.get("exclude").and_then(|e| e.as_array()).into_iter().flatten();
        let excluded = excluded.filter_map(|e| e.as_str()).any(|e| dir.starts_with(above.join(e)));
        return Ok(if excluded { dir.into() } else { above.into() });
    }
    Ok(dir.into())
}

/// What cargo noted of the last build: every source file, also those of other packages in the repository.
fn rust_inputs(source: &Source) -> Option<Vec<PathBuf>> {
    let noted = std::fs::read_to_string(source.artifact.with_extension("d")).ok()?;
    let mut inputs = parse_dep_info(&noted);
    inputs.extend(["Cargo.toml", "Cargo.lock"].map(|f| source.root.join(f)));
    // A source file's package has its manifest some folders above.
    let manifests: Vec<_> =
        inputs.iter().flat_map(|i| i.ancestors().skip(1).map(|a| a.join("Cargo.toml")).find(|m| m.is_file())).collect();
    inputs.extend(manifests);
    inputs.sort_unstable();
    inputs.dedup();
    Some(inputs)
}

/// The right side of `out: a b\ c`.
fn parse_dep_info(text: &str) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for line in text.lines() {
        let Some((_, inputs)) = line.split_once(": ") else { continue };
        let mut path = String::new();
        let mut chars = inputs.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' if chars.peek() == Some(&' ') => path.extend(chars.next()),
                ' ' => paths.push(PathBuf::from(std::mem::take(&mut path))),
                _ => path.push(c),
            }
        }
        paths.push(PathBuf::from(path));
    }
    paths.retain(|p| !p.as_os_str().is_empty());
    paths
}

/// The folder's C files, in order of their names.
pub(crate) fn c_files(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = files(dir).map_err(Error::io(dir))?;
    files.retain(|f| f.extension().is_some_and(|e| e == "c"));
    Ok(files)
}

fn files(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Folders that hold no source of the author's.
const FOREIGN: [&str; 5] = ["build", "target", "node_modules", "weir-sdk", "__pycache__"];

fn walk(dir: &Path, into: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(dir)?.collect::<Result<_, _>>()?;
    entries.sort_unstable_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        // Of links only those to files: a folder's could lead in circles.
        if entry.file_type()?.is_dir() {
            if !name.starts_with('.') && !FOREIGN.contains(&&*name) {
                walk(&path, into)?;
            }
        } else if path.is_file() {
            into.push(path);
        }
    }
    Ok(())
}

fn c_inputs(dir: &Path) -> Option<Vec<PathBuf>> {
    let mut files = files(dir).ok()?;
    files.retain(|f| f.extension().is_some_and(|e| e == "c" || e == "h"));
    Some(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dep_info_with_spaces_is_read() {
        let text = "/t/a.wasm: /r/my\\ filter/src/lib.rs /r/media/src/lib.rs\n";
        let expect = ["/r/my filter/src/lib.rs", "/r/media/src/lib.rs"].map(PathBuf::from);
        assert_eq!(parse_dep_info(text), expect);
    }
}
