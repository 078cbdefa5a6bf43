//! `[apps.NAME]` and `[limits]`.

use std::{
    collections::{BTreeMap, HashSet},
    ops::RangeInclusive,
    time::Duration,
};

use router::{Bounds, Flush, HEVC_WORDS, OnDuplicate, Policy, Slow, Start};

use super::{
    backup::{self, Backups},
    kind::{Choice, Flag, Integer, Kind, Mention, Size, Text, Time},
    read::{Context, Table},
    relay::{self, Relays},
    rtmp::FlushKind,
    start::StartKind,
    tree::{self, Node, Place, Value},
};

/// The names that a chain may use.
type Names = HashSet<String>;

/// One application: what stands first in the path of a URL.
#[derive(Clone, Debug)]
pub(crate) struct App {
    /// Where it was written, for messages.
    pub(crate) place: Place,
    /// Names of the filters asked on connect, publish and play, in order.
    pub(crate) session: Vec<String>,
    /// Names of the filters that see every frame, in order.
    pub(crate) media: Vec<String>,
    /// Names of the filters that plan encoders, in order.
    pub(crate) jobs: Vec<String>,
    /// Everything else; its chains are empty.
    pub(crate) settings: router::App,
    pub(crate) relays: Relays,
    /// What the URLs printed at the start end with, without `?`; secrets stay out of it. Empty: nothing.
    pub(crate) example_query: String,
}

/// What the router holds at a time, over all applications.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub(crate) connections: usize,
    pub(crate) bounds: Bounds,
}

const UP_TO_AN_HOUR: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(3600);

const ON_DUPLICATE: &[(&str, OnDuplicate)] = &[("refuse", OnDuplicate::Refuse), ("replace", OnDuplicate::Replace)];

const TIMESTAMPS: &[(&str, Policy)] = &[("repair", Policy::Repair), ("pass", Policy::Pass)];

const SLOW: &[(&str, bool)] = &[("skip", false), ("close", true)];

/// Reads `[limits]`.
pub(super) fn limits(mut table: Table<'_, '_>) -> Limits {
    let router::Settings { connections, bounds, .. } = router::Settings::default();
    let many = || Integer(1..=10_000_000);
    let limits = Limits {
        connections: table.read("connections", many(), connections),
        bounds: Bounds {
            streams: table.read("streams", many(), bounds.streams),
            waiting: table.read("waiting", many(), bounds.waiting),
            subscribers: table.read("subscribers", many(), bounds.subscribers),
        },
    };
    table.finish();
    limits
}

/// Reads every `[apps.NAME]`; `filters` are the names that a chain may use, `flush` is what holds for those that say nothing.
pub(super) fn read(mut table: Table<'_, '_>, filters: &Names, flush: Flush) -> BTreeMap<String, App> {
    let mut apps: BTreeMap<String, App> = BTreeMap::new();
    let mut seen = HashSet::new();
    for (name, table) in table.named() {
        let (place, key, context) = (table.place().clone(), table.path().to_owned(), table.context());
        let app = app(table, &name, filters, flush);
        // Two tables may mean one application: a name is the path of a URL, in which `//` and `%41` have other forms.
        let wrong = match router::name::path(&name) {
            Ok(path) if path.is_empty() => Some("an application's name is missing: write [apps.NAME]"),
            Ok(path) if seen.insert(path.clone()) => None,
            Ok(_) => Some("this application is there already: slashes around a name do not count"),
            Err(router::name::Error::Long) => Some("no URL leads to it: its name is too long"),
            Err(_) => Some("no URL leads to it: its name holds control characters, or `.` or `..` between slashes"),
        };
        if let Some(wrong) = wrong {
            context.problem(&place, &key, wrong);
        }
        apps.insert(name, app);
    }
    apps
}

fn app(mut table: Table<'_, '_>, name: &str, filters: &Names, flush: Flush) -> App {
    let place = table.place().clone();
    let default = router::App::default();
    let session = table.read("session", Chain { filters }, Vec::new());
    let media = table.read("media", Chain { filters }, Vec::new());
    let jobs = table.read("jobs", Chain { filters }, Vec::new());
    let timestamps = table.read("timestamps", Choice(TIMESTAMPS), default.timestamps);
    let gop_cache = gop_cache(table.inline("gop_cache"), default.gop_cache);
    let start = table.read("start", StartKind, default.start);
    let back = match start {
        Start::Buffered(back) => back,
        _ => Duration::ZERO,
    };
    if back > gop_cache.time {
        let what = "more than `gop_cache.time`, after which nothing is kept: set that to this and a GOP more";
        table.context().problem(&table.place_of("start"), &table.name("start"), what);
    }
    let slow = slow(table.inline("slow"), gop_cache.slow);
    let backups = table.read("backup", Backups, Vec::new());
    backup::check(&backups, &table);
    let settings = router::App {
        timestamps,
        gop_cache: router::Limits { back, slow, ..gop_cache },
        start,
        flush: table.read("flush", FlushKind, flush),
        play_wait: table.read("play_wait", Time(UP_TO_AN_HOUR), default.play_wait),
        on_duplicate: table.read("on_duplicate", Choice(ON_DUPLICATE), default.on_duplicate),
        reconnect_window: table.read("reconnect_window", Time(UP_TO_AN_HOUR), default.reconnect_window),
        hevc: table.read("hevc", Choice(HEVC_WORDS), default.hevc),
        backup: backups.into_iter().map(|(_, backup)| backup).collect(),
        ..default
    };
    let example_query = table.read("example_query", Mention, String::new());
    let fed = settings.backup.iter().map(|backup| backup.stream.as_str()).collect();
    let relays = relay::read(&mut table, name, settings.play_wait, &fed);
    table.finish();
    App { place, session, media, jobs, settings, relays, example_query }
}

fn gop_cache(mut table: Table<'_, '_>, default: router::Limits) -> router::Limits {
    let bytes = u64::try_from(default.bytes).unwrap_or(u64::MAX);
    let limits = router::Limits {
        gop: table.read("on", Flag, default.gop),
        bytes: usize::try_from(table.read("bytes", Size(1 << 16..=4 << 30), bytes)).unwrap_or(usize::MAX),
        frames: table.read("frames", Integer(16..=1_000_000), default.frames),
        time: table.read("time", Time(Duration::from_millis(100)..=*UP_TO_AN_HOUR.end()), default.time),
        lag: table.read("lag", Time(Duration::from_millis(100)..=*UP_TO_AN_HOUR.end()), default.lag),
        ..default
    };
    table.finish();
    limits
}

fn slow(mut table: Table<'_, '_>, default: Slow) -> Slow {
    let slow = Slow {
        close: table.read("policy", Choice(SLOW), default.close),
        bytes: table.read("bytes", Size(1 << 16..=4 << 30), default.bytes),
        time: table.read("time", Time(Duration::from_millis(100)..=*UP_TO_AN_HOUR.end()), default.time),
    };
    table.finish();
    slow
}

/// Names of filters, in order.
struct Chain<'f> {
    filters: &'f Names,
}

impl Kind for Chain<'_> {
    type Out = Vec<String>;
    fn expects(&self) -> String {
        "a list of filter names, such as [\"token\"]".into()
    }
    fn read(&self, node: &Node, key: &str, context: &Context<'_>) -> Option<Vec<String>> {
        let Value::List(list) = &node.value else { return None };
        let (mut names, mut seen) = (Vec::new(), HashSet::new());
        for (i, node) in list.iter().enumerate() {
            let key = format!("{key}[{i}]");
            let Some(name) = context.value(&key, node, &Text) else { continue };
            if !seen.insert(name.clone()) {
                context.problem(&node.place, &key, format!("`{name}` is in this list already"));
            } else if !self.filters.contains(&name) {
                let near = context.nearest(&name, self.filters.iter().map(String::as_str));
                let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                context.problem(&node.place, &key, format!("there is no [filters.{}]{hint}", tree::key(&name)));
            }
            names.push(name);
        }
        Some(names)
    }
    fn write(&self, value: &Vec<String>) -> String {
        format!("[{}]", value.iter().map(|name| tree::quote(name)).collect::<Vec<_>>().join(", "))
    }
}
