//! `placement` of a filter, what waits for it there (`queue`, `queue_bytes`, `overflow`, and of streams that have ended
//! `departed_streams`, `departed_bytes`), and what is of no use there.

use std::{ops::RangeInclusive, time::Duration};

use filter::{Grants, OnFailure, Overflow, Placement, placement::Queue, spec::MediaFailure};

use super::super::{
    kind::{Choice, Integer, Time},
    read::Table,
    tree::Value,
};

const PLACEMENTS: &[(&str, Placement)] = &[
    ("ingest", Placement::Ingest),
    ("egress", Placement::Egress),
    ("observe", Placement::Observe),
    ("beside", Placement::Beside),
];

const OVERFLOWS: &[(&str, Overflow)] = &[
    ("bypass", Overflow::Bypass),
    ("drop-disposable", Overflow::DropDisposable),
    ("drop-to-key", Overflow::DropToKey),
    ("detach", Overflow::Detach),
];

const TIME: RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_secs(60);

/// Where it runs; `None`: what is written is no placement, and so nothing can be said of what goes with one.
pub(super) fn read(table: &mut Table<'_, '_>) -> Option<Placement> {
    table.valid("placement", Choice(PLACEMENTS), Placement::default())
}

/// What may wait for it, if frames do not. Where they do, it means nothing, which `crate::idle` tells.
pub(super) fn queue(table: &mut Table<'_, '_>, placement: Option<Placement>) -> Queue {
    let Some(placement) = placement else {
        ["queue", "queue_bytes", "overflow", "departed_streams", "departed_bytes"]
            .into_iter()
            .for_each(|key| _ = table.node(key));
        return Queue::default();
    };
    let default = Queue::of(placement);
    Queue {
        time: table.read("queue", Time(TIME), default.time),
        bytes: super::bytes(table, "queue_bytes", 64 << 10..=4 << 30, default.bytes),
        overflow: table.read("overflow", Choice(OVERFLOWS), default.overflow),
        departed_streams: table.read("departed_streams", Integer(0..=10_000), default.departed_streams),
        departed_bytes: super::bytes(table, "departed_bytes", 0..=4 << 30, default.departed_bytes),
    }
}

/// What makes no sense where it runs.
pub(super) fn check(
    table: &mut Table<'_, '_>,
    placement: Option<Placement>,
    grants: &Grants,
    on_failure: Option<OnFailure>,
    repair: bool,
) {
    match placement {
        None | Some(Placement::Ingest) => return,
        Some(Placement::Egress) => {
            return useless(table, grants, "`placement = \"egress\"`: what a filter makes there, one viewer gets");
        }
        Some(Placement::Observe) => useless(
            table,
            grants,
            "`placement = \"observe\"`: what a filter makes there does not count; it does with \"beside\"",
        ),
        Some(Placement::Beside) => {}
    }
    let problem = |key: &str, what: &str| table.context().problem(&table.place_of(key), &table.name(key), what);
    if on_failure.is_some_and(|on_failure| on_failure.media == MediaFailure::EndStream) {
        problem(
            "on_failure",
            "with this placement no stream ends because of the filter: \"bypass\" or \"drop-to-key\"",
        );
    }
    if repair {
        problem("repair", "with this placement the filter takes nothing out of the stream");
    }
    if placement == Some(Placement::Beside) && !grants.derive && !grants.tracks {
        problem(
            "grants",
            "neither \"derive\" nor \"tracks\": of a filter beside the stream only that counts which these allow it; \
             to look on, placement = \"observe\"",
        );
    }
}

/// Reports grants to make something where nobody would get it.
fn useless(table: &mut Table<'_, '_>, grants: &Grants, why: &str) {
    let Some(node) = table.node("grants") else { return };
    for (granted, word) in [(grants.derive, "derive"), (grants.tracks, "tracks")] {
        let among = match &node.value {
            Value::List(list) => {
                list.iter().enumerate().find(|(_, node)| matches!(&node.value, Value::Text(grant) if grant == word))
            }
            _ => None,
        };
        let (place, key) = match among {
            Some((i, node)) => (&node.place, format!("{}[{i}]", table.name("grants"))),
            None => (&node.place, table.name("grants")),
        };
        if granted {
            table.context().problem(place, &key, format!("`{word}` is nothing for {why}"));
        }
    }
}
