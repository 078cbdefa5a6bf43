//! `[wasm]`.

use std::{path::PathBuf, time::Duration};

use filter::RuntimeConfig;

use super::{
    kind::{Size, Text, Time},
    read::Table,
};

/// What holds for all filters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wasm {
    /// Where compiled filters are kept; `None`: nowhere.
    pub(crate) cache_dir: Option<PathBuf>,
    pub(crate) max_file_bytes: u64,
    pub(crate) compile_time: Duration,
}

pub(super) fn read(mut table: Table<'_, '_>) -> Wasm {
    let default = RuntimeConfig::default();
    let cache_dir = table.read("cache_dir", Text, String::new());
    let wasm = Wasm {
        cache_dir: match cache_dir.as_str() {
            "" => usual_cache_dir(table.context().variable("XDG_CACHE_HOME"), table.context().variable("HOME")),
            "none" => None,
            path => Some(path.into()),
        },
        max_file_bytes: table.read("max_file", Size(64 << 10..=1 << 30), default.max_file_bytes),
        compile_time: table.read(
            "compile_time",
            Time(Duration::from_secs(1)..=Duration::from_secs(3600)),
            default.compile_time,
        ),
    };
    table.finish();
    wasm
}

/// The user's cache folder (XDG Base Directory Specification); a service without a home keeps nothing.
fn usual_cache_dir(cache_home: Option<String>, home: Option<String>) -> Option<PathBuf> {
    let absolute = |path: String| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
    let base = cache_home.and_then(absolute).or_else(|| home.and_then(absolute).map(|home| home.join(".cache")))?;
    Some(base.join("weir").join("wasm"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_is_where_the_user_keeps_caches() {
        let text = |s: &str| Some(s.to_owned());
        let table = [
            (text("/c"), text("/h"), Some("/c/weir/wasm")),
            (None, text("/h"), Some("/h/.cache/weir/wasm")),
            (text("relative"), text("/h"), Some("/h/.cache/weir/wasm")),
            (text(""), text("/h"), Some("/h/.cache/weir/wasm")),
            (None, None, None),
        ];
        for (cache_home, home, expected) in table {
            assert_eq!(usual_cache_dir(cache_home, home), expected.map(PathBuf::from));
        }
    }
}
