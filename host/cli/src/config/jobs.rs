//! `[jobs]` and `[profiles.NAME]`.

use std::{collections::BTreeMap, ops::RangeInclusive, sync::Arc, time::Duration};

use ::jobs::{Allowed, Param, Profile, Progress, Text as Filled, profile};
use ::retry::Backoff;
use ::rtmp::Address;

use super::{
    apps::App,
    kind::{Choice, Integer, Kind, List, Size, Text, Time},
    read::{Context, Table},
    tree::{self, Node, Place, Value},
};

const WAIT: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(3600);
const CPU_TIME: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(365 * 86_400);
const PROGRESS: &[(&str, Progress)] = &[("none", Progress::None), ("ffmpeg", Progress::Ffmpeg)];

/// What holds for all encoders.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Jobs {
    /// 0: as many as there are cores.
    slots: usize,
    pub(crate) renditions: usize,
    /// Empty: the first address that the router listens on.
    url: String,
}

/// A profile, and where it was written, for messages.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) place: Place,
    pub(crate) profile: Arc<Profile>,
}

impl Jobs {
    /// Encoders at a time.
    pub(crate) fn slots(&self) -> usize {
        match self.slots {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            n => n,
        }
    }

    /// Where encoders find the router, which listens there.
    pub(crate) fn url(&self, listens: &[Address]) -> String {
        if !self.url.is_empty() {
            return self.url.clone();
        }
        let Some(address) = listens.iter().find_map(Address::tcp) else { return String::new() };
        let ip = match address.ip() {
            // [::] takes IPv4 too, and 127.0.0.1 works everywhere.
            ip if ip.is_unspecified() => "127.0.0.1".to_owned(),
            std::net::IpAddr::V6(ip) => format!("[{ip}]"),
            std::net::IpAddr::V4(ip) => ip.to_string(),
        };
        format!("rtmp://{ip}:{}", address.port())
    }
}

/// Reads `[jobs]`.
pub(super) fn read(mut table: Table<'_, '_>) -> Jobs {
    let slots = table.read("slots", Integer(0..=10_000), 0);
    let renditions = table.read("renditions", Integer(1..=1000), 16);
    let url = table.read("url", Text, String::new());
    let host = url.strip_prefix("rtmp://").map(|rest| rest.trim_end_matches('/'));
    if !url.is_empty() && !host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '@'])) {
        let what = "expected where encoders find this router, such as \"rtmp://127.0.0.1:1935\"";
        table.context().problem(&table.place_of("url"), &table.name("url"), what);
    }
    let url = url.trim_end_matches('/').to_owned();
    table.finish();
    Jobs { slots, renditions, url }
}

/// Reports applications whose encoders could not reach the router.
pub(super) fn reach(context: &Context<'_>, jobs: &Jobs, listens: &[Address], apps: &BTreeMap<String, App>) {
    if !jobs.url.is_empty() || listens.iter().any(|address| address.tcp().is_some()) {
        return;
    }
    for (name, app) in apps.iter().filter(|(_, app)| !app.jobs.is_empty()) {
        let what = "encoders come by RTMP: [rtmp] needs an address (127.0.0.1 will do), or jobs.url must name one";
        context.problem(&app.place, &format!("apps.{}.jobs", tree::key(name)), what);
    }
}

/// Reads every `[profiles.NAME]`. One without a usable command is left out: that has been reported.
pub(super) fn profiles(mut table: Table<'_, '_>) -> BTreeMap<String, Written> {
    let written = |(name, table): (String, Table<'_, '_>)| {
        let place = table.place().clone();
        Some((name, Written { place, profile: Arc::new(profile(table)?) }))
    };
    table.named().into_iter().filter_map(written).collect()
}

fn profile(mut table: Table<'_, '_>) -> Option<Profile> {
    let default = Profile::default();
    let params = params(&mut table);
    let command = command(&mut table);
    let env = env(&mut table);
    let dir = table.read("dir", Text, String::new());
    let profile = Profile {
        keep_env: table.read("keep_env", List(Text), default.keep_env),
        dir: Some(dir).filter(|dir| !dir.is_empty()).map(Into::into),
        progress: table.read("progress", Choice(PROGRESS), default.progress),
        at_once: table.read("at_once", Integer(0..=10_000), default.at_once),
        nice: table.read("nice", Integer(0..=19), default.nice),
        memory_bytes: table.read("memory", Size(0..=1 << 40), default.memory_bytes),
        cpus: table.read("cpus", List(Integer(0..=4095)), default.cpus),
        cpu_time: table.read("cpu_time", Time(CPU_TIME), default.cpu_time),
        start_timeout: table.read("start_timeout", Time(WAIT), default.start_timeout),
        end_timeout: table.read("end_timeout", Time(WAIT), default.end_timeout),
        retry: retry(table.inline("retry")),
        tail_lines: table.read("tail_lines", Integer(0..=1000), default.tail_lines),
        command: Vec::new(),
        params,
        env,
    };
    let command = command?;
    check(&table, &profile, &command);
    let names: Vec<&str> = command.iter().chain(profile.env.values()).flat_map(Filled::placeholders).collect();
    for name in [profile::INPUT, profile::OUTPUT].iter().filter(|name| !names.contains(name)) {
        let what =
            format!("`{{{name}}}` is missing: the URL that the program is to use must stand in an argument or in env");
        table.context().problem(&table.place_of("command"), &table.name("command"), what);
    }
    for name in profile.params.keys().filter(|name| !names.contains(&name.as_str())) {
        let what = format!("`{{{name}}}` stands nowhere in the command");
        let key = format!("{}.{}", table.name("params"), tree::key(name));
        table.context().problem(&table.place_of("params"), &key, what);
    }
    table.finish();
    Some(Profile { command, ..profile })
}

/// Reports placeholders that mean nothing, and a program that would be one.
fn check(table: &Table<'_, '_>, profile: &Profile, command: &[Filled]) {
    let known = || [profile::INPUT, profile::OUTPUT].into_iter().chain(profile.params.keys().map(String::as_str));
    let at = |key: &str, more: String, text: &Filled| {
        for name in text.placeholders().filter(|name| known().all(|known| known != *name)) {
            let hint = match table.context().nearest(name, known()) {
                Some(near) => format!("did you mean `{{{near}}}`?"),
                None => format!("there are {{{}}}", known().collect::<Vec<_>>().join("}, {")),
            };
            let what = format!("there is no placeholder `{{{name}}}`; {hint}");
            table.context().problem(&table.place_of(key), &format!("{}{more}", table.name(key)), what);
        }
    };
    command.iter().enumerate().for_each(|(i, text)| at("command", format!("[{i}]"), text));
    profile.env.iter().for_each(|(name, text)| at("env", format!(".{}", tree::key(name)), text));
    if command.first().is_some_and(|program| program.placeholders().next().is_some()) {
        let what = "the program is the operator's: no placeholder can stand in it";
        table.context().problem(&table.place_of("command"), &format!("{}[0]", table.name("command")), what);
    }
}

fn command(table: &mut Table<'_, '_>) -> Option<Vec<Filled>> {
    const EXPECTS: &str = "a list, the program and its arguments, such as [\"ffmpeg\", \"-i\", \"{input}\", …]";
    let Some(node) = table.node("command") else {
        table.context().problem(table.place(), table.path(), format!("`command` is missing: {EXPECTS}"));
        return None;
    };
    table.show("command", node.toml(), node.place.clone());
    let (key, context) = (table.name("command"), table.context());
    let Value::List(list) = &node.value else {
        context.problem(&node.place, &key, format!("expected {EXPECTS}, found {}", node.value.kind()));
        return None;
    };
    if list.is_empty() {
        context.problem(&node.place, &key, format!("expected {EXPECTS}, found an empty list"));
        return None;
    }
    let read = |(i, node): (usize, &Node)| filled(context, &format!("{key}[{i}]"), node);
    let command: Vec<Filled> = list.iter().enumerate().filter_map(read).collect();
    (command.len() == list.len()).then_some(command)
}

/// A text with placeholders; what stands for secrets has none. `None` has been reported.
fn filled(context: &Context<'_>, key: &str, node: &Node) -> Option<Filled> {
    let text = context.escaped(key, node, |text| text.replace('{', "{{").replace('}', "}}"))?;
    match text.parse() {
        Ok(filled) => Some(filled),
        Err(error) => {
            context.problem(&node.place, key, format!("{error}"));
            None
        }
    }
}

fn env(table: &mut Table<'_, '_>) -> BTreeMap<String, Filled> {
    let mut env = table.inline("env");
    let mut read = BTreeMap::new();
    for (name, node) in env.nodes() {
        env.show(&name, node.toml(), node.place.clone());
        let key = env.name(&name);
        if name.is_empty() || name.contains(['=', '\0']) {
            env.context().problem(&node.place, &key, "this is no name of a variable");
        } else if let Some(text) = filled(env.context(), &key, node) {
            read.insert(name, text);
        }
    }
    read
}

fn params(table: &mut Table<'_, '_>) -> BTreeMap<String, Param> {
    let mut params = table.inline("params");
    let names: Vec<String> = params.nodes().into_iter().map(|(name, _)| name).collect();
    let mut read = BTreeMap::new();
    for name in names {
        let table = params.inline(&name);
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let own = [profile::INPUT, profile::OUTPUT].contains(&name.as_str());
        if own || name.is_empty() || !name.chars().all(plain) {
            let what = if own { "the router fills this one in" } else { "a name is made of letters, digits and _" };
            table.context().problem(table.place(), table.path(), what);
        }
        if let Some(param) = param(table) {
            read.insert(name, param);
        }
    }
    read
}

fn param(mut table: Table<'_, '_>) -> Option<Param> {
    let min = value(&mut table, "min", &Integer(i64::MIN..=i64::MAX));
    let max = value(&mut table, "max", &Integer(i64::MIN..=i64::MAX));
    let one_of = value(&mut table, "one_of", &List(Text));
    let pattern = value(&mut table, "match", &Text);
    let default = value(&mut table, "default", &Plain);
    let problem = |key: &str, what: String| {
        table.context().problem(&table.place_of(key), &table.name(key), what);
        None
    };
    let allowed = match (min, max, one_of, pattern) {
        (Some(min), Some(max), None, None) if min <= max => Some(Allowed::Range(min, max)),
        (Some(_), Some(_), None, None) => problem("max", "it is less than `min`".into()),
        (None, None, Some(words), None) if !words.is_empty() => Some(Allowed::OneOf(words)),
        (None, None, None, Some(pattern)) => match Allowed::pattern(&pattern) {
            Ok(allowed) => Some(allowed),
            Err(error) => problem("match", format!("it is no regular expression: {error}")),
        },
        _ => {
            let what = "what may it be? Write `min` and `max` (whole numbers), `one_of` (a list of words) or `match` (a regular \
                        expression), one of the three";
            table.context().problem(table.place(), table.path(), what);
            None
        }
    };
    if let (Some(allowed), Some(default)) = (&allowed, &default)
        && !allowed.fits(default)
    {
        problem("default", format!("expected {allowed}"));
    }
    table.finish();
    Some(Param { allowed: allowed?, default })
}

/// The value of a key that may be missing.
fn value<K: Kind>(table: &mut Table<'_, '_>, key: &str, kind: &K) -> Option<K::Out> {
    let node = table.node(key)?;
    table.show(key, node.toml(), node.place.clone());
    table.context().value(&table.name(key), node, kind)
}

/// Text, or a number as it is written.
struct Plain;

impl Kind for Plain {
    type Out = String;
    fn expects(&self) -> String {
        "text in quotes, or a number".into()
    }
    fn read(&self, node: &Node, _: &str, context: &Context<'_>) -> Option<String> {
        match &node.value {
            Value::Integer(n) => Some(n.to_string()),
            _ => context.text(node),
        }
    }
    fn write(&self, value: &String) -> String {
        tree::quote(value)
    }
}

fn retry(mut table: Table<'_, '_>) -> Backoff {
    let default = Backoff::default();
    let backoff = Backoff {
        first: table.read("first", Time(WAIT), default.first),
        most: table.read("most", Time(WAIT), default.most),
    };
    if backoff.most < backoff.first {
        table.context().problem(&table.place_of("most"), &table.name("most"), "it is less than `first`");
    }
    table.finish();
    backoff
}

#[cfg(test)]
mod tests;
