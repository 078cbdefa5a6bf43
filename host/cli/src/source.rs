//! A filter's file or source folder → its .wasm.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use crate::{
    config::{self, Config, Filter, Loaded, search},
    telemetry::escape,
};

/// What a filter is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A .wasm file, there or not.
    Wasm(PathBuf),
    /// A source folder and the .wasm file that a build makes of it, there or not.
    Folder { dir: PathBuf, wasm: PathBuf },
}

impl Source {
    /// The file to load and to watch.
    pub(crate) fn wasm(&self) -> &Path {
        let (Source::Wasm(wasm) | Source::Folder { wasm, .. }) = self;
        wasm
    }

    fn at(path: &Path) -> anyhow::Result<Source> {
        if !path.is_dir() {
            if let Ok(meta) = path.metadata() {
                filter::file::check(meta.file_type()).with_context(|| path.display().to_string())?;
            }
            return Ok(Source::Wasm(path.into()));
        }
        match guest_build::artifact(path) {
            Some(wasm) => Ok(Source::Folder { dir: path.into(), wasm }),
            None => bail!("{} is not the source of a filter: no Cargo.toml of a package, no .c file", path.display()),
        }
    }
}

/// Finds what `source = "file:…"` names: in the working directory, beside the configuration file, then in the folder above it.
///
/// # Errors
/// If nothing is there or a folder is no source. The path in the working directory comes with it: the file may appear.
pub(crate) fn locate(source: &str, config_file: Option<&Path>) -> Result<Source, (PathBuf, anyhow::Error)> {
    let here = PathBuf::from(source);
    let places = search::places(source, config_file);
    match places.iter().find(|place| place.exists()) {
        Some(place) => Source::at(place).map_err(|error| (here, error)),
        None => Err((here, anyhow::anyhow!("there is no such file or folder; tried {}", search::list(&places)))),
    }
}

/// What is doubtful about the filters of a valid configuration: told by `weir check` and at the start. Of those that `told` names it
/// is not said that they are not there.
pub(crate) fn check(loaded: &Loaded, told: impl Fn(&str) -> bool) -> Vec<String> {
    let mut hints = Vec::new();
    let used = used(&loaded.config);
    for (name, filter) in &loaded.config.filters {
        let told = told(name);
        let hint = hint(filter, loaded.file.as_deref(), told);
        hints.extend(hint.map(|hint| format!("{}: filters.{name}: {hint}", filter.place)));
        if !used.contains(name.as_str()) {
            hints.push(format!("{}: filters.{name}: no application uses it", filter.place));
        }
    }
    hints
}

/// The filters that are in a chain of some application.
pub(crate) fn used(config: &Config) -> HashSet<&str> {
    let chains = config.apps.values().flat_map(|app| [&app.session, &app.media, &app.jobs]);
    chains.flatten().map(String::as_str).collect()
}

fn hint(filter: &Filter, config_file: Option<&Path>, told: bool) -> Option<String> {
    let config::Source::Local(path) = &filter.origin.source else { return None };
    match locate(path, config_file) {
        Err(_) if told => None,
        Err((_, error)) => Some(format!("{error:#}")),
        Ok(Source::Folder { dir, wasm }) if wasm.is_file() && !guest_build::is_fresh(&dir) => {
            Some(format!("its source is newer than what runs; `weir filter build {}`", dir.display()))
        }
        Ok(_) => None,
    }
}

/// `weir filter build DIR`.
pub(crate) fn build(dir: &Path) -> anyhow::Result<()> {
    let wasm = compile(dir)?;
    let (size, digest) = measure(&wasm)?;
    crate::print(&format!("{}\n{size} bytes, sha256 {digest}\n", wasm.display()))
}

/// The .wasm of a path that a person typed; a folder is built first.
pub(crate) fn typed(path: &Path) -> anyhow::Result<PathBuf> {
    if path.is_dir() {
        return compile(path);
    }
    if !path.is_file() {
        bail!("{}: there is no such file or folder", path.display());
    }
    Ok(path.into())
}

/// Builds a folder; what happens meanwhile goes to standard error.
pub(crate) fn compile(dir: &Path) -> anyhow::Result<PathBuf> {
    match guest_build::build(dir, &mut |progress| eprintln!("{}", escape(&progress.to_string()))) {
        Ok(built) => Ok(built.wasm),
        // What the compiler had to say has just been shown.
        Err(guest_build::Error::Compile { dir, .. }) => bail!("{} does not build: see above", dir.display()),
        Err(error) => Err(error.into()),
    }
}

/// Bytes and SHA-256 of a file.
pub(crate) fn measure(file: &Path) -> anyhow::Result<(usize, String)> {
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    let digest = Sha256::digest(&bytes);
    Ok((bytes.len(), digest.iter().map(|byte| format!("{byte:02x}")).collect()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_source_is_found_beside_the_configuration_and_above_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::create_dir_all(path("config")).unwrap();
        let file = path("config/weir.toml");
        fs::write(path("above.wasm"), "").unwrap();
        fs::write(path("config/beside.wasm"), "").unwrap();
        let found = |source: &str| locate(source, Some(&file)).map(|source| source.wasm().to_owned());
        assert_eq!(found("beside.wasm").unwrap(), path("config/beside.wasm"));
        assert_eq!(found("above.wasm").unwrap(), path("above.wasm"));
        let absolute = path("above.wasm");
        assert_eq!(found(absolute.to_str().unwrap()).unwrap(), absolute);

        let (at, error) = found("nowhere.wasm").unwrap_err();
        assert_eq!(at, PathBuf::from("nowhere.wasm"));
        for tried in ["tried nowhere.wasm, ".into(), path("config/nowhere.wasm").display().to_string()] {
            assert!(error.to_string().contains(&tried), "{error}");
        }
    }

    #[test]
    fn a_folder_without_source_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (_, error) = locate(dir.path().to_str().unwrap(), None).unwrap_err();
        assert!(error.to_string().contains("not the source of a filter"), "{error}");
    }

    #[test]
    fn the_digest_is_sha256() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "abc").unwrap();
        let (size, digest) = measure(file.path()).unwrap();
        assert_eq!((size, digest.as_str()), (3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }
}
