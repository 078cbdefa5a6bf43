//! `[filters.NAME]`.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    time::Duration,
};

use filter::{Grants, Isolation, Limits, OnFailure, Placement, placement::Queue};

mod placement;
mod swap;
use super::{
    apps::App,
    fetch::Fetch,
    kind::{Choice, Flag, Integer, Kind, List, Number, Size, Text, Time},
    origin::{self, Origin},
    read::{Context, Table},
    record,
    tree::{self, Node, Place, Value},
};

/// One filter as the operator describes it.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    /// Where it comes from, and what is demanded of it.
    pub(crate) origin: Origin,
    /// Where the source was written, for messages.
    pub(crate) place: Place,
    pub(crate) grants: Grants,
    pub(crate) limits: Limits,
    pub(crate) on_failure: OnFailure,
    /// Where its media hooks run.
    pub(crate) placement: Placement,
    /// Which streams have an instance together.
    pub(crate) isolation: Isolation,
    /// What waits for it where frames do not.
    pub(crate) queue: Queue,
    /// A dropped reference frame takes the rest of its GOP with it.
    pub(crate) repair: bool,
    /// The filter's own settings, secrets put in.
    pub(crate) config: serde_json::Value,
    /// Values that the filter gets one by one, by name.
    pub(crate) secrets: BTreeMap<String, String>,
    /// How streams go over to another generation.
    pub(crate) swap: filter::Swap,
    /// Texts of `config` that come from the environment.
    pub(crate) hidden: BTreeSet<String>,
    /// Recordings of its calls.
    pub(crate) record: Option<filter::tape::recorder::Settings>,
    /// Keys of `record` that were written though nothing is recorded.
    pub(crate) unrecorded: Vec<&'static str>,
}

/// What `on_failure` may say; the first is the default for session hooks, and says nothing about frames.
const ON_FAILURE: &[(&str, &str)] = &[
    ("deny", "deny"),
    ("allow", "allow"),
    ("bypass", "bypass"),
    ("drop-to-key", "drop-to-key"),
    ("end-stream", "end-stream"),
];

/// What `isolation` may say.
const ISOLATION: &[(&str, Isolation)] = &[("stream", Isolation::Stream), ("shared", Isolation::Shared)];

/// Reads every `[filters.NAME]`. A filter without a usable source is left out: that has been reported.
pub(super) fn read(mut table: Table<'_, '_>, fetch: &Fetch) -> BTreeMap<String, Filter> {
    let read = |(name, table): (String, Table<'_, '_>)| {
        if !is_name(&name) {
            let what = "a filter's name is 1 to 64 letters, digits, blanks, `.`, `-` and `_`, and begins with a letter or digit";
            table.context().problem(table.place(), table.path(), what);
        }
        Some((name, filter(table, fetch)?))
    };
    table.named().into_iter().filter_map(read).collect()
}

/// Whether a name can stand wherever a filter's does: in lines of the log, and in names of files without leading out of their folder.
fn is_name(name: &str) -> bool {
    let begins = name.chars().next().is_some_and(char::is_alphanumeric);
    begins && name.chars().count() <= 64 && name.chars().all(|c| c.is_alphanumeric() || " .-_".contains(c))
}

fn filter(mut table: Table<'_, '_>, fetch: &Fetch) -> Option<Filter> {
    let place = table.place().clone();
    let origin = origin::read(&mut table, fetch);
    let grants = grants(&mut table);
    let placement = placement::read(&mut table);
    let queue = placement::queue(&mut table, placement);
    let limits = limits(table.inline("limits"), placement.unwrap_or_default().limits());
    let swap = swap::read(table.inline("swap"));
    let on_failure = table.read("on_failure", Choice(ON_FAILURE), "deny");
    let isolation = table.read("isolation", Choice(ISOLATION), Isolation::Stream);
    let repair = table.read("repair", Flag, false);
    let hidden = table.node("config").map(|node| record::hidden(table.context(), node)).unwrap_or_default();
    let config = config(&mut table);
    let secrets = secrets(&mut table);
    let (record, unrecorded) = record::read(table.inline("record"));
    let on_failure = OnFailure::parse(on_failure);
    placement::check(&mut table, placement, &grants, on_failure, repair);
    table.finish();
    let (origin, on_failure) = (origin?, on_failure.unwrap_or_default());
    Some(Filter {
        origin,
        place,
        grants,
        limits,
        on_failure,
        placement: placement.unwrap_or_default(),
        isolation,
        queue,
        repair,
        config,
        secrets,
        swap,
        hidden,
        record,
        unrecorded,
    })
}

/// The default of `on_failure` is one for each kind of hook: of a filter that only sees frames, the one that holds is shown.
pub(super) fn show_failure_of_media(context: &Context<'_>, apps: &BTreeMap<String, App>) {
    let asked: BTreeSet<_> = apps.values().flat_map(|app| &app.session).collect();
    let of_media = apps.values().flat_map(|app| &app.media).filter(|name| !asked.contains(name));
    let tables = of_media.map(|name| format!("filters.{}", tree::key(name))).collect();
    context.correct_default(&tables, "on_failure", &tree::quote("bypass"));
}

fn grants(table: &mut Table<'_, '_>) -> Grants {
    let list = table.read("grants", List(Text), Vec::new());
    Grants::parse(&list).unwrap_or_else(|error| {
        if let Some(node) = table.node("grants") {
            table.context().problem(&node.place, &table.name("grants"), error.to_string());
        }
        Grants::default()
    })
}

fn limits(mut table: Table<'_, '_>, default: Limits) -> Limits {
    const UP_TO_A_MINUTE: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(60);
    const KIB: u64 = 1 << 10;
    const GIB: u64 = 1 << 30;
    let limits = Limits {
        memory_bytes: bytes(&mut table, "memory", 64 * KIB..=4 * GIB, default.memory_bytes),
        media_time: table.read("media_time", Time(UP_TO_A_MINUTE), default.media_time),
        session_time: table.read("session_time", Time(UP_TO_A_MINUTE), default.session_time),
        session_wait: table.read("session_wait", Time(UP_TO_A_MINUTE), default.session_wait),
        start_time: table.read("start_time", Time(UP_TO_A_MINUTE), default.start_time),
        session_instances: table.read("session_instances", Integer(0..=1024), default.session_instances),
        session_closes: table.read("session_closes", Integer(1..=10_000_000), default.session_closes),
        streams_per_instance: table.read("streams_per_instance", Integer(1..=100_000), default.streams_per_instance),
        table_elements: table.read("table_elements", Integer(1..=10_000_000), default.table_elements),
        retained_bytes: bytes(&mut table, "retained", 0..=4 * GIB, default.retained_bytes),
        emit_ratio: table.read("emit_ratio", Number(0.0..=1000.0), default.emit_ratio),
        viewers: table.read("viewers", Integer(0..=1_000_000), default.viewers),
        derived_streams: table.read("derived_streams", Integer(0..=1000), default.derived_streams),
        copied_bytes: bytes(&mut table, "copied", 0..=4 * GIB, default.copied_bytes),
        host_calls: table.read("host_calls", Integer(1..=1_000_000_000), default.host_calls),
        http_calls: table.read("http_calls", Integer(1..=10_000), default.http_calls),
        http_calls_per_second: table.read(
            "http_calls_per_second",
            Integer(1..=1_000_000),
            default.http_calls_per_second,
        ),
        http_request_bytes: bytes(&mut table, "http_request", KIB..=GIB, default.http_request_bytes),
        http_response_bytes: bytes(&mut table, "http_response", KIB..=GIB, default.http_response_bytes),
        http_time: table.read("http_time", Time(UP_TO_A_MINUTE), default.http_time),
        log_lines_per_second: table.read("log_lines_per_second", Integer(0..=100_000), default.log_lines_per_second),
        breaker_faults: table.read("breaker_faults", Integer(1..=1_000_000), default.breaker_faults),
        breaker_window: table.read(
            "breaker_window",
            Time(Duration::from_secs(1)..=Duration::from_secs(86_400)),
            default.breaker_window,
        ),
    };
    table.finish();
    limits
}

fn bytes(table: &mut Table<'_, '_>, key: &str, range: RangeInclusive<u64>, default: usize) -> usize {
    let default = u64::try_from(default).unwrap_or(u64::MAX);
    usize::try_from(table.read(key, Size(range), default)).unwrap_or(usize::MAX)
}

/// The filter's own settings: any table. Only the filter knows its keys.
fn config(table: &mut Table<'_, '_>) -> serde_json::Value {
    let Some(node) = table.node("config") else {
        table.show("config", "{}".into(), Place::Default);
        return serde_json::json!({});
    };
    let key = table.name("config");
    if !matches!(node.value, Value::Table(_)) {
        table.context().problem(&node.place, &key, format!("expected a table, found {}", node.value.kind()));
    }
    table.show("config", shown(node), node.place.clone());
    table.context().json(&key, node)
}

/// A filter's settings as `config show` prints them. What came by an override may be a secret: only the variable is shown.
fn shown(node: &Node) -> String {
    match (&node.value, &node.place) {
        (Value::Table(table), place) if !matches!(place, Place::Variable(_)) || !table.is_empty() => {
            let fields: Vec<_> = table.iter().map(|(k, v)| format!("{} = {}", tree::key(k), shown(v))).collect();
            if fields.is_empty() { "{}".into() } else { format!("{{ {} }}", fields.join(", ")) }
        }
        (_, Place::Variable(name)) => tree::quote(&format!("${{env:{name}}}")),
        _ => node.toml(),
    }
}

/// Secrets by name. Their values are never shown, however they are written.
fn secrets(table: &mut Table<'_, '_>) -> BTreeMap<String, String> {
    let mut secrets = table.inline("secrets");
    let mut read = BTreeMap::new();
    for (name, _) in secrets.nodes() {
        let value = secret(&mut secrets, &name);
        read.extend(value.map(|value| (name, value)));
    }
    read
}

/// One secret, if it is there.
pub(super) fn secret(table: &mut Table<'_, '_>, name: &str) -> Option<String> {
    let node = table.node(name)?;
    let toml = match &node.value {
        Value::Text(raw) if raw.starts_with("${env:") && raw.ends_with('}') && !raw.contains(":-") => node.toml(),
        _ => tree::quote("(hidden)"),
    };
    table.show(name, toml, node.place.clone());
    let key = table.name(name);
    if hidden(table.context(), &key, node) { table.context().value(&key, node, &Text) } else { None }
}

/// Whether a secret is text; if not it is reported without its value.
fn hidden(context: &Context<'_>, key: &str, node: &Node) -> bool {
    let text = matches!(node.value, Value::Text(_)) || context.text(node).is_some();
    if !text {
        context.problem(&node.place, key, format!("expected {}, found {}", Text.expects(), node.value.kind()));
    }
    text
}
