//! `[wasm]`.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use filter::{
    RuntimeConfig, kv,
    outbound::{self, address::Network},
};

use super::{
    fetch::{self, Fetch},
    kind::{Integer, List, Parsed, Size, Text, Time},
    read::Table,
    search,
};

/// What holds for all filters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wasm {
    /// Where compiled filters are kept; `None`: nowhere.
    pub(crate) cache_dir: Option<PathBuf>,
    pub(crate) max_file_bytes: u64,
    pub(crate) compile_time: Duration,
    pub(crate) aside_threads: usize,
    pub(crate) kv: kv::Settings,
    pub(crate) http: outbound::Settings,
}

pub(super) fn read(mut table: Table<'_, '_>) -> (Wasm, Fetch) {
    let default = RuntimeConfig::default();
    let cache_dir = table.read("cache_dir", Text, String::new());
    let wasm = Wasm {
        cache_dir: match cache_dir.as_str() {
            "" => {
                let variable = |name| table.context().variable(name);
                usual_folder(variable("XDG_CACHE_HOME"), variable("HOME"), ".cache").map(|dir| dir.join("wasm"))
            }
            "none" => None,
            path => Some(folder(&table, "cache_dir", path)),
        },
        max_file_bytes: table.read("max_file", Size(64 << 10..=1 << 30), default.max_file_bytes),
        compile_time: table.read(
            "compile_time",
            Time(Duration::from_secs(1)..=Duration::from_secs(3600)),
            default.compile_time,
        ),
        aside_threads: table.read("aside_threads", Integer(0..=4096), default.aside_threads),
        kv: buckets(table.inline("kv"), &default.kv),
        http: http(table.inline("http"), &default.outbound),
    };
    let fetch = fetch::read(&mut table);
    table.finish();
    (wasm, fetch)
}

/// `[wasm.kv]`: what filters keep.
fn buckets(mut table: Table<'_, '_>, default: &kv::Settings) -> kv::Settings {
    let file = table.read("file", Text, String::new());
    let bytes = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    let settings = kv::Settings {
        file: match file.as_str() {
            "" => {
                let variable = |name| table.context().variable(name);
                usual_folder(variable("XDG_STATE_HOME"), variable("HOME"), ".local/state")
                    .map(|dir| dir.join("kv.redb"))
            }
            "none" => None,
            path => {
                if let Some(what) = search::no_file(Path::new(path)) {
                    table.context().problem(&table.place_of("file"), &table.name("file"), what);
                }
                Some(path.into())
            }
        },
        keys: table.read("keys", Integer(1..=10_000_000), default.keys),
        bytes: bytes(table.read("bytes", Size(1 << 10..=4 << 30), default.bytes as u64)),
        value_bytes: bytes(table.read("value", Size(1..=16 << 20), default.value_bytes as u64)),
    };
    table.finish();
    settings
}

/// `[wasm.http]`: whom filters may call, and how.
fn http(mut table: Table<'_, '_>, default: &outbound::Settings) -> outbound::Settings {
    const NETWORK: &str = "text such as \"10.0.0.0/8\", \"127.0.0.1\" or \"fd00::/8\", without bits behind the slash's";
    let ca = match table.read("ca", Text, String::new()).as_str() {
        "" => None,
        ca => search::file(ca, table.place_of("ca").file()).map(Some).unwrap_or_else(|what| {
            table.context().problem(&table.place_of("ca"), &table.name("ca"), what);
            None
        }),
    };
    let settings = outbound::Settings {
        ca,
        networks: table.read("networks", List(Parsed::<Network>::new(NETWORK)), Vec::new()),
        idle_connections: table.read("idle_connections", Integer(0..=1024), default.idle_connections),
        idle_time: table.read("idle", Time(Duration::from_millis(100)..=Duration::from_secs(3600)), default.idle_time),
    };
    table.finish();
    settings
}

/// A folder as it is written, which is made if it is not there. What can be none is reported.
pub(super) fn folder(table: &Table<'_, '_>, key: &str, path: &str) -> PathBuf {
    if let Some(what) = search::no_folder(Path::new(path)) {
        table.context().problem(&table.place_of(key), &table.name(key), what);
    }
    path.into()
}

/// The user's folder of one kind (XDG Base Directory Specification): the variable of that kind, or below the home. A service
/// without a home keeps nothing.
pub(super) fn usual_folder(named: Option<String>, home: Option<String>, below_home: &str) -> Option<PathBuf> {
    let absolute = |path: String| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
    let base = named.and_then(absolute).or_else(|| home.and_then(absolute).map(|home| home.join(below_home)))?;
    Some(base.join("weir"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_is_where_the_user_keeps_caches() {
        let text = |s: &str| Some(s.to_owned());
        let table = [
            (text("/c"), text("/h"), Some("/c/weir")),
            (None, text("/h"), Some("/h/.cache/weir")),
            (text("relative"), text("/h"), Some("/h/.cache/weir")),
            (text(""), text("/h"), Some("/h/.cache/weir")),
            (None, None, None),
        ];
        for (cache_home, home, expected) in table {
            assert_eq!(usual_folder(cache_home, home, ".cache"), expected.map(PathBuf::from));
        }
    }
}
