//! `[[apps.NAME.pull]]` and `[[apps.NAME.push]]`.

mod shown;

use std::{collections::HashSet, ops::RangeInclusive, sync::Arc, time::Duration};

use ::relay::{Hide, Link, Pattern, Pull, Push, Template, Which};
use ::retry::Backoff;
use ::rtmp::dial::{DialSettings, tls};

use super::{
    kind::{Flag, Integer, Kind, List, Size, Text, Time},
    read::{Context, Table},
    search,
    tree::{self, Node, Place, Value},
};

const TIMEOUT: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(3600);
const MAX_CHUNK_SIZE: u32 = 0xFF_FFFF;
const MAX_STREAMS: usize = 100;
const IDLE: Duration = Duration::from_secs(10);

/// The relays of one application.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relays {
    pub(crate) pulls: Vec<Arc<Pull>>,
    pub(crate) pushes: Vec<Arc<Push>>,
}

/// Reads both lists of the application `app`, in which a play waits for `play_wait` and `fed` are the streams with backup inputs.
pub(super) fn read(table: &mut Table<'_, '_>, app: &str, play_wait: Duration, fed: &HashSet<&str>) -> Relays {
    let app = app.trim_matches('/');
    let mut pulls: Vec<Arc<Pull>> = Vec::new();
    let mut always = HashSet::new();
    for table in table.tables("pull") {
        let (place, key, context) = (table.place_of("name"), table.name("name"), table.context());
        let Some(pull) = pull(table, app, play_wait) else { continue };
        if let Which::Always(name) = &pull.which {
            if !always.insert(name.clone()) {
                context.problem(&place, &key, format!("`{name}` is pulled already: write all its URLs in one `from`"));
            }
            if fed.contains(name.as_str()) {
                context.problem(&place, &key, format!("`{name}` is fed from its `backup` inputs: pull one of those"));
            }
        }
        pulls.push(Arc::new(pull));
    }
    let pushes = table.tables("push").into_iter().filter_map(|push| self::push(push, app)).map(Arc::new).collect();
    Relays { pulls, pushes }
}

fn pull(mut table: Table<'_, '_>, app: &str, play_wait: Duration) -> Option<Pull> {
    let name = table.read("name", Text, String::new());
    let matches = table.read("match", PatternKind, Pattern::nothing());
    let always = !name.is_empty();
    let problem = |table: &Table<'_, '_>, key: &str, what: &str| {
        table.context().problem(&table.place_of(key), table.path(), what)
    };
    match (always, matches.as_str().is_empty()) {
        (true, false) => {
            problem(&table, "match", "`name` (one stream, always) and `match` (on demand): write one of them")
        }
        // An expression that cannot be read has been reported.
        (false, true) if !matches!(table.peek("match"), Some(Value::Text(text)) if !text.is_empty()) => {
            problem(
                &table,
                "name",
                "`name` or `match` is missing: one stream, always, or those of a pattern on demand",
            );
        }
        (false, false) if play_wait.is_zero() => {
            problem(&table, "match", "on demand means that a play waits, and play_wait of this application is \"0s\"");
        }
        _ => {}
    }
    if always && name.trim_matches('/').is_empty() {
        problem(&table, "name", "`name` has no name in it");
    }
    let fitting = if always { Pattern::literal(&name).unwrap_or_else(|_| Pattern::nothing()) } else { matches };
    let from = urls(&mut table, "from", &fitting, Hide::Query);
    if always && from.iter().flatten().any(Template::wants_query) {
        let what = "`{query}` stands for what a play comes with, and none is waited for: only with `match`";
        table.context().problem(&table.place_of("from"), &table.name("from"), what);
    }
    let on_demand = (!always).then(|| {
        let idle = table.read("idle", Time(Duration::ZERO..=*TIMEOUT.end()), IDLE);
        (idle, table.read("max_streams", Integer(1..=100_000), MAX_STREAMS))
    });
    for key in ["idle", "max_streams"].into_iter().filter(|_| always) {
        if let Some(node) = table.node(key) {
            let what = "only for `match`: what is pulled by `name` is pulled always";
            table.context().problem(&node.place, &table.name(key), what);
        }
    }
    let mut link = link(&mut table);
    link.dial.idle_timeout = table.read("media_timeout", Time(TIMEOUT), link.dial.idle_timeout);
    table.finish();
    let which = match on_demand {
        None => Which::Always(name.trim_matches('/').to_owned()),
        Some((idle, most)) => Which::OnDemand { names: fitting, idle, most },
    };
    Some(Pull { app: app.to_owned(), which, from: from?, link })
}

fn push(mut table: Table<'_, '_>, app: &str) -> Option<Push> {
    let names = table.read("match", PatternKind, Pattern::everything());
    let to = urls(&mut table, "to", &names, Hide::Name);
    if let Some([_, _, ..]) = to.as_deref() {
        let what = "one URL: write a [[push]] for each of several";
        table.context().problem(&table.place_of("to"), &table.name("to"), what);
    }
    let mut link = link(&mut table);
    let dial = &mut link.dial;
    dial.write_timeout = table.read("write_timeout", Time(TIMEOUT), dial.write_timeout);
    dial.chunk_size = table.read("chunk_size", Integer(128..=MAX_CHUNK_SIZE), dial.chunk_size);
    let mut backlog = table.inline("backlog");
    let bytes = u64::try_from(dial.backlog_bytes).unwrap_or(u64::MAX);
    dial.backlog_bytes = usize::try_from(backlog.read("bytes", Size(1 << 16..=1 << 30), bytes)).unwrap_or(usize::MAX);
    dial.backlog_time = backlog.read("time", Time(TIMEOUT), dial.backlog_time);
    backlog.finish();
    table.finish();
    Some(Push { app: app.to_owned(), names, to: to?.into_iter().next()?, link })
}

/// What pulls and pushes have in common.
fn link(table: &mut Table<'_, '_>) -> Link {
    let ca = table.read("ca", Text, String::new());
    let pin = table.read("pin", List(Text), Vec::new());
    let sni = table.read("sni", Text, String::new());
    let insecure = table.read("insecure", Flag, false);
    let said: Vec<_> = [("ca", !ca.is_empty()), ("pin", !pin.is_empty()), ("insecure", insecure)]
        .into_iter()
        .filter_map(|(key, said)| said.then_some(key))
        .collect();
    if let [first, second, ..] = said[..] {
        let what = format!("`{first}` says already whom to trust: write one of both");
        table.context().problem(&table.place_of(second), &table.name(second), what);
    }
    let (trust, key) = trust(table, &ca, &pin, insecure);
    let sni = Some(sni).filter(|name| !name.is_empty());
    let client = tls::Client::new(trust.clone(), sni.as_deref()).unwrap_or_else(|error| {
        let key = if matches!(error, tls::TrustError::Name(_)) { "sni" } else { key };
        table.context().problem(&table.place_of(key), &table.name(key), error.to_string());
        tls::Client::default()
    });
    let timeout = table.read("timeout", Time(TIMEOUT), DialSettings::default().connect_timeout);
    let dial = DialSettings {
        connect_timeout: timeout,
        handshake_timeout: timeout,
        answer_timeout: timeout,
        ..DialSettings::default()
    };
    let mut retry = table.inline("retry");
    let default = Backoff::default();
    let backoff = Backoff {
        first: retry.read("first", Time(TIMEOUT), default.first),
        most: retry.read("most", Time(TIMEOUT), default.most),
    };
    if backoff.most < backoff.first {
        retry.context().problem(&retry.place_of("most"), &retry.name("most"), "it is less than `first`");
    }
    retry.finish();
    Link { trust, sni, tls: client, dial, backoff }
}

/// Whom to trust, and the key that says it.
fn trust(table: &Table<'_, '_>, ca: &str, pin: &[String], insecure: bool) -> (tls::Trust, &'static str) {
    let problem = |key: &str, what: String| table.context().problem(&table.place_of(key), &table.name(key), what);
    if !ca.is_empty() {
        return match search::file(ca, table.place_of("ca").file()) {
            Ok(file) => (tls::Trust::Files(vec![file]), "ca"),
            Err(what) => {
                problem("ca", what);
                (tls::Trust::System, "ca")
            }
        };
    }
    if !pin.is_empty() {
        let read = |text: &String| text.parse::<tls::Fingerprint>().map_err(|error| problem("pin", error.to_string()));
        let pins: Vec<_> = pin.iter().filter_map(|text| read(text).ok()).collect();
        // What is wrong has been said; the rest is looked at with what a machine has.
        let trust = if pins.is_empty() { tls::Trust::System } else { tls::Trust::Fingerprints(pins) };
        return (trust, "pin");
    }
    (if insecure { tls::Trust::Anyone } else { tls::Trust::System }, "insecure")
}

/// One URL or several; `None` has been reported.
fn urls(table: &mut Table<'_, '_>, key: &str, pattern: &Pattern, hide: Hide) -> Option<Vec<Template>> {
    const EXPECTS: &str = "a URL such as \"rtmp://host/app/{stream}\"";
    let Some(node) = table.node(key) else {
        table.context().problem(table.place(), table.path(), format!("`{key}` is missing: {EXPECTS}"));
        return None;
    };
    // What came by an override may be a secret: only the variable is shown.
    let toml = match &node.place {
        Place::Variable(name) => tree::quote(&format!("${{env:{name}}}")),
        _ => shown::urls(node, hide),
    };
    table.show(key, toml, node.place.clone());
    let (name, context) = (table.name(key), table.context());
    let nodes: Vec<(String, &Node)> = match &node.value {
        Value::List(list) => list.iter().enumerate().map(|(i, node)| (format!("{name}[{i}]"), node)).collect(),
        _ => vec![(name.clone(), node)],
    };
    if nodes.is_empty() {
        context.problem(&node.place, &name, format!("expected {EXPECTS}, found an empty list"));
        return None;
    }
    let count = nodes.len();
    let read: Vec<Template> =
        nodes.into_iter().filter_map(|(name, node)| url(context, &name, node, pattern, hide)).collect();
    (read.len() == count).then_some(read)
}

fn url(context: &Context<'_>, key: &str, node: &Node, pattern: &Pattern, hide: Hide) -> Option<Template> {
    let text = context.template(key, node)?;
    // A secret in the path: nothing of the path is shown.
    let path = if let Value::Text(raw) = &node.value { raw.split('?').next().unwrap_or_default() } else { "" };
    let hide = if path.contains("${env:") { Hide::Path } else { hide };
    match Template::parse(&text, pattern, hide) {
        Ok(template) => Some(template),
        Err(error) => {
            context.problem(&node.place, key, error.to_string());
            None
        }
    }
}

/// A regular expression.
struct PatternKind;

impl Kind for PatternKind {
    type Out = Pattern;
    fn expects(&self) -> String {
        "a regular expression that matches whole names of streams, such as \"cam-(.+)\"".into()
    }
    fn read(&self, node: &Node, key: &str, context: &Context<'_>) -> Option<Pattern> {
        match Pattern::new(&context.text(node)?) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                context.problem(&node.place, key, error.to_string());
                Some(Pattern::nothing())
            }
        }
    }
    fn write(&self, value: &Pattern) -> String {
        tree::quote(value.as_str())
    }
}

#[cfg(test)]
mod tests;
