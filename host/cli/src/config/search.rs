//! Where a path that stands in the configuration is looked for.

use std::path::{Path, PathBuf};

/// In the working directory, beside the configuration file, then in the folder above it. An absolute path is only itself.
pub(crate) fn places(path: &str, config_file: Option<&Path>) -> Vec<PathBuf> {
    let here = PathBuf::from(path);
    let mut places = vec![here.clone()];
    if here.is_relative()
        && let Some(folder) = config_file.and_then(Path::parent)
    {
        places.push(folder.join(path));
        // `config` has the empty path above it, which is the working directory again.
        places.extend(folder.parent().map(|above| above.join(path)));
    }
    places.dedup();
    places
}

/// The first of the places where something is; else what was tried, for people. An absolute path is taken as it is.
pub(crate) fn find(path: &str, config_file: Option<&Path>) -> Result<PathBuf, String> {
    let places = places(path, config_file);
    match places.iter().find(|place| place.is_absolute() && places.len() == 1 || place.exists()) {
        Some(place) => Ok(place.clone()),
        None => Err(list(&places)),
    }
}

/// The first of the places where something is, or else the first of all: it may appear.
pub(crate) fn first(path: &str, config_file: Option<&Path>) -> PathBuf {
    let places = places(path, config_file);
    places.iter().find(|place| place.exists()).cloned().unwrap_or_else(|| path.into())
}

/// The places in one line.
pub(crate) fn list(places: &[PathBuf]) -> String {
    places.iter().map(|place| place.display().to_string()).collect::<Vec<_>>().join(", ")
}
