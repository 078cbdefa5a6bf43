//! `trusted_keys` and `fetch` under `[wasm]`: what holds for the sources of all filters.

use std::{ops::RangeInclusive, path::PathBuf, time::Duration};

use supply::Key;

use super::{
    kind::{List, Parsed, Text, Time},
    read::Table,
    search,
    wasm::{folder, usual_folder},
};

/// From never to once a month.
pub(super) const REFRESH: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(31 * 86_400);

/// How files from elsewhere are fetched, and who must have signed filters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fetch {
    pub(crate) trusted_keys: Vec<Key>,
    /// Where the last good files are kept; `None`: nowhere.
    pub(crate) dir: Option<PathBuf>,
    pub(crate) refresh: Duration,
    pub(crate) timeout: Duration,
    pub(crate) ca: Option<PathBuf>,
}

/// Reads what of `[wasm]` is about sources.
pub(super) fn read(table: &mut Table<'_, '_>) -> Fetch {
    let trusted_keys = table.read("trusted_keys", keys(), Vec::new());
    let mut table = table.inline("fetch");
    let dir = table.read("dir", Text, String::new());
    let dir = match dir.as_str() {
        "" => {
            let variable = |name| table.context().variable(name);
            usual_folder(variable("XDG_CACHE_HOME"), variable("HOME"), ".cache").map(|dir| dir.join("filters"))
        }
        "none" => None,
        path => Some(folder(&table, "dir", path)),
    };
    let refresh = table.read("refresh", Time(REFRESH), Duration::from_secs(300));
    let up_to_an_hour = Duration::from_secs(1)..=Duration::from_secs(3600);
    let timeout = table.read("timeout", Time(up_to_an_hour), Duration::from_secs(60));
    let ca = match table.read("ca", Text, String::new()).as_str() {
        "" => None,
        ca => search::file(ca, table.place_of("ca").file()).map(Some).unwrap_or_else(|what| {
            table.context().problem(&table.place_of("ca"), &table.name("ca"), what);
            None
        }),
    };
    table.finish();
    Fetch { trusted_keys, dir, refresh, timeout, ca }
}

pub(super) fn keys() -> List<Parsed<Key>> {
    List(Parsed::new("a public key of minisign: RW and 54 more letters, the second line of minisign.pub"))
}
