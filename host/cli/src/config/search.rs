//! Where a path that stands in the configuration is looked for, and whether what is there can be what it is to be.

use std::{
    fs,
    io::ErrorKind,
    os::unix::fs::FileTypeExt,
    path::{Path, PathBuf},
};

use crate::telemetry::escape;

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

/// The file at the first of the places where something is; else what is wrong, for people. An absolute path is taken as it is
/// where nothing is there.
pub(crate) fn file(path: &str, config_file: Option<&Path>) -> Result<PathBuf, String> {
    let places = places(path, config_file);
    match places.iter().find(|place| place.is_absolute() && places.len() == 1 || place.exists()) {
        Some(place) => no_file(place).map_or_else(|| Ok(place.clone()), Err),
        None => Err(format!("there is no such file; tried {}", list(&places))),
    }
}

/// Why this can be no file: something else is there. That nothing is there, or cannot be looked at, is no reason.
pub(crate) fn no_file(path: &Path) -> Option<String> {
    let there = fs::metadata(path).ok()?.file_type();
    filter::file::check(there).err().map(|error| format!("{}: {error}", shown(path)))
}

/// Why this can be no folder that is made where there is none.
pub(crate) fn no_folder(path: &Path) -> Option<String> {
    let (path, what) = match fs::metadata(path) {
        Ok(there) if there.is_dir() => return None,
        Ok(there) => (path, filter::file::what(there.file_type())),
        // One of those above it.
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            let above = path.ancestors().find_map(|above| Some((above, fs::metadata(above).ok()?)));
            above.map_or((path, "no folder"), |(above, there)| (above, filter::file::what(there.file_type())))
        }
        Err(_) => return None,
    };
    Some(format!("{}: this is {what}; a folder is needed", shown(path)))
}

/// Why no socket file can be made here: something is there that is none.
pub(crate) fn no_socket(path: &Path) -> Option<String> {
    let there = fs::symlink_metadata(path).ok()?.file_type();
    let what = if there.is_symlink() { "a link" } else { filter::file::what(there) };
    let why = || format!("{}: there is {what}, and no socket: remove it, or take another path", shown(path));
    (!there.is_socket()).then(why)
}

fn shown(path: &Path) -> String {
    escape(&path.display().to_string())
}

/// The first of the places where something is, or else the first of all: it may appear.
pub(crate) fn first(path: &str, config_file: Option<&Path>) -> PathBuf {
    let places = places(path, config_file);
    places.iter().find(|place| place.exists()).cloned().unwrap_or_else(|| path.into())
}

/// The places in one line.
pub(crate) fn list(places: &[PathBuf]) -> String {
    places.iter().map(|place| shown(place)).collect::<Vec<_>>().join(", ")
}
