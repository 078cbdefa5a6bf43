//! `[filters.NAME] record`: recordings of a filter's calls, and what must not stand in them.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Duration,
};

use filter::tape::recorder::Settings;

use super::{
    kind::{Integer, Size, Text, Time},
    read::{Context, Table},
    search,
    tree::{Node, Place, Value},
};

/// Off without a folder: then with the keys that say more, and for nothing. A relative one is taken from the configuration file's folder.
pub(super) fn read(mut table: Table<'_, '_>) -> (Option<Settings>, Vec<&'static str>) {
    const KIB: u64 = 1 << 10;
    const MIB: u64 = 1 << 20;
    let default = Settings::to("");
    let folder = table.read("folder", Text, String::new());
    let beside = table.place_of("folder").file().and_then(Path::parent).map(Path::to_owned).unwrap_or_default();
    let default_bytes = u64::try_from(default.bytes).unwrap_or(u64::MAX);
    let bytes = table.read("bytes", Size(64 * KIB..=256 * MIB), default_bytes);
    let time = table.read("time", Time(Duration::from_secs(1)..=Duration::from_secs(3600)), default.time);
    let streams = table.read("streams", Text, default.streams.clone());
    let folder = (!folder.is_empty()).then(|| beside.join(PathBuf::from(folder)));
    if let Some(what) = folder.as_deref().and_then(search::no_folder) {
        table.context().problem(&table.place_of("folder"), &table.name("folder"), what);
    }
    let at_once = table.read("at_once", Integer(1..=10_000), default.at_once);
    let files = table.read("files", Integer(1..=10_000), default.files);
    table.finish();
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    let Some(folder) = folder else {
        let said = [
            ("bytes", bytes != default.bytes),
            ("time", time != default.time),
            ("streams", streams != default.streams),
            ("at_once", at_once != default.at_once),
            ("files", files != default.files),
        ];
        return (None, said.into_iter().filter_map(|(key, said)| said.then_some(key)).collect());
    };
    (Some(Settings { folder, bytes, time, streams, at_once, files, at_end: false }), Vec::new())
}

/// The texts of a filter's settings that come from the environment, and what came: none of it goes into a recording.
pub(super) fn hidden(context: &Context<'_>, node: &Node) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    look(context, node, &mut found);
    found.remove("");
    found
}

fn look(context: &Context<'_>, node: &Node, found: &mut BTreeSet<String>) {
    match &node.value {
        Value::Text(raw) => {
            let names: Vec<_> = raw.split("${env:").skip(1).filter_map(|rest| rest.split(['}', ':']).next()).collect();
            if !names.is_empty() || matches!(node.place, Place::Variable(_)) {
                found.extend(context.text(node));
            }
            found.extend(names.into_iter().filter_map(|name| context.variable(name)));
        }
        Value::Table(table) => table.values().for_each(|node| look(context, node, found)),
        Value::List(list) => list.iter().for_each(|node| look(context, node, found)),
        _ if matches!(node.place, Place::Variable(_)) => found.extend(context.text(node)),
        _ => {}
    }
}
