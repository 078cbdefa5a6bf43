//! The whole configuration: one commented TOML file, then environment variables, then checks that say where and what.
//!
//! The only place that knows every key. `config/weir.toml` holds them all with their defaults; it is also the
//! configuration that is built in.

mod apps;
mod backup;
mod fetch;
mod filters;
mod jobs;
mod kind;
mod listen;
mod log;
mod origin;
mod overrides;
mod problem;
mod read;
mod record;
mod relay;
mod rtmp;
mod rtmps;
pub(crate) mod search;
mod secret;
mod show;
mod start;
mod tree;
mod wasm;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

pub(crate) use self::{
    apps::{App, Limits},
    fetch::Fetch,
    filters::Filter,
    jobs::{Jobs, Written},
    kind::{read_duration, read_size},
    log::{Format, Log},
    origin::{Origin, Source},
    problem::{Error, Problem},
    read::Shown,
    tree::{Place, key},
    wasm::Wasm,
};
use self::{
    kind::Time,
    read::{Context, Table},
    tree::Node,
};

/// The configuration that is built in: the shipped file itself.
pub(crate) const DEFAULT: &str = include_str!("../../../config/weir.toml");

/// Where the file is looked for if nobody names one; the first that is there.
const USUAL_PATHS: [&str; 2] = ["config/weir.toml", "weir.toml"];

/// What stands for standard input.
const STDIN: &str = "-";

/// Bytes of a file: what is larger is no configuration.
const MOST: u64 = 16 << 20;

/// Everything that the router is told.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) log: Log,
    /// Where to listen for RTMP and RTMPS, and the terms of each connection. Its drain timeout is `drain.deadline`.
    pub(crate) rtmp: ::rtmp::ListenSettings,
    /// The files that the certificates in `rtmp` were read from.
    pub(crate) tls_files: Option<::rtmp::tls::TlsSettings>,
    pub(crate) limits: Limits,
    pub(crate) wasm: Wasm,
    pub(crate) fetch: Fetch,
    pub(crate) filters: BTreeMap<String, Filter>,
    pub(crate) apps: BTreeMap<String, App>,
    pub(crate) jobs: Jobs,
    pub(crate) profiles: BTreeMap<String, Written>,
}

impl Config {
    /// What is pulled and pushed, over all applications.
    pub(crate) fn relays(&self) -> ::relay::Settings {
        let relays = || self.apps.values().map(|app| &app.relays);
        ::relay::Settings {
            pulls: relays().flat_map(|relays| relays.pulls.iter().cloned()).collect(),
            pushes: relays().flat_map(|relays| relays.pushes.iter().cloned()).collect(),
        }
    }
}

/// A configuration with what is known about its origin.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) config: Config,
    /// The file it came from; `None` for the built-in text.
    pub(crate) file: Option<PathBuf>,
    /// There is no key in the text: it is empty, or all comments.
    pub(crate) blank: bool,
    /// Fallbacks in use, to be told to the operator.
    pub(crate) notices: Vec<Notice>,
    shown: Vec<Shown>,
}

/// A `${env:NAME:-fallback}` whose variable is not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) place: Place,
    pub(crate) key: String,
    pub(crate) variable: String,
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Notice { place, key, variable } = self;
        write!(f, "{place}: {key}: {variable} is not set, so the value written in the configuration is in use; ")?;
        f.write_str("whoever has read that file knows it: set the variable before you let anyone else in")
    }
}

/// Loads `file`, or the usual one if it is there, or the built-in text; then the environment. `-` is standard input.
pub(crate) fn load_once(file: Option<&Path>) -> Result<Loaded, Error> {
    match file {
        Some(path) if path == Path::new(STDIN) => {
            let bytes = filter::file::read_from(std::io::stdin().lock(), MOST);
            with(Path::new("<stdin>"), bytes, &variables())
        }
        file => load(file),
    }
}

/// The same, for who reads it again later: it is a file that can be.
pub(crate) fn load(file: Option<&Path>) -> Result<Loaded, Error> {
    match file.or_else(|| USUAL_PATHS.iter().map(Path::new).find(|usual| usual.exists())) {
        Some(path) => with(path, read_file(path), &variables()),
        None => parse(DEFAULT, &tree::Text::BuiltIn, &variables()),
    }
}

/// A variable that is not UTF-8 counts as not set: no key takes such a value.
fn variables() -> BTreeMap<String, String> {
    std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))).collect()
}

fn with(path: &Path, bytes: std::io::Result<Vec<u8>>, variables: &BTreeMap<String, String>) -> Result<Loaded, Error> {
    let text = text(path, bytes)?;
    let mut loaded = parse(&text, &tree::Text::File(Arc::new(path.to_owned())), variables)?;
    loaded.file = Some(path.to_owned());
    Ok(loaded)
}

/// What is in a file that a person named. A pipe is none: what came out of it would be gone when HUP asks for it again.
fn read_file(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::{Error, ErrorKind::InvalidInput};
    const ONCE: &str = "only `weir check` and `weir config show` take what a program writes, with `--config -`";
    match filter::file::read(path, MOST) {
        Err(error) if path == Path::new(STDIN) => Err(Error::new(error.kind(), format!("{error}; {ONCE}"))),
        Err(error) if error.kind() == InvalidInput && !path.is_dir() => {
            Err(Error::new(InvalidInput, format!("{error}; {ONCE}")))
        }
        read => read,
    }
}

fn text(path: &Path, bytes: std::io::Result<Vec<u8>>) -> Result<String, Error> {
    let unreadable = |error| Error::Unreadable(path.to_owned(), error);
    let no_text = |error| unreadable(std::io::Error::new(std::io::ErrorKind::InvalidData, error));
    String::from_utf8(bytes.map_err(unreadable)?).map_err(no_text)
}

/// Reads a TOML file as the `config` table of a filter: any keys, `${env:NAME}` filled in.
pub(crate) fn free(file: &Path) -> Result<serde_json::Value, Error> {
    let text = text(file, filter::file::read(file, MOST))?;
    let root = tree::parse(&text, &tree::Text::File(Arc::new(file.to_owned())))?;
    let variable = |name: &str| std::env::var(name).ok();
    let context = Context::new(&variable);
    let value = context.json("", &Node { place: Place::Default, value: tree::Value::Table(root) });
    let (problems, _, _) = context.finish();
    if problems.is_empty() { Ok(value) } else { Err(Error::Invalid(problems)) }
}

/// What of such a table comes from the environment: secrets, that stand in no recording.
pub(crate) fn free_secrets(file: &Path) -> Result<BTreeSet<String>, Error> {
    let text = text(file, filter::file::read(file, MOST))?;
    let root = tree::parse(&text, &tree::Text::File(Arc::new(file.to_owned())))?;
    let variable = |name: &str| std::env::var(name).ok();
    Ok(record::hidden(&Context::new(&variable), &Node { place: Place::Default, value: tree::Value::Table(root) }))
}

/// Reads a whole text. Everything that is wrong is reported together.
fn parse(text: &str, of: &tree::Text, variables: &BTreeMap<String, String>) -> Result<Loaded, Error> {
    let mut root = tree::parse(text, of)?;
    let blank = root.is_empty();
    overrides::apply(&mut root, variables.iter().map(|(k, v)| (k.clone(), v.clone())))?;
    let variable = |name: &str| variables.get(name).cloned();
    let context = Context::new(&variable);
    let config = read(&context, &root);
    let (problems, notices, shown) = context.finish();
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    Ok(Loaded { config, file: None, blank, notices, shown })
}

fn read(context: &Context<'_>, root: &BTreeMap<String, Node>) -> Config {
    let mut root = Table::root(context, root);

    let log = log::read(root.table("log"));
    let (mut rtmp, flush) = rtmp::read(root.table("rtmp"));
    let tls_files = rtmps::read(root.table("rtmps"), &mut rtmp);

    let mut drain = root.table("drain");
    let up_to_an_hour = Time(Duration::ZERO..=Duration::from_secs(3600));
    rtmp.drain_timeout = drain.read("deadline", up_to_an_hour, rtmp.drain_timeout);
    drain.finish();

    let limits = apps::limits(root.table("limits"));
    let (wasm, fetch) = wasm::read(root.table("wasm"));

    let mut filters = root.table("filters");
    // With those that are wrong: an application that names one of them is not wrong for it.
    let names = filters.nodes().into_iter().map(|(name, _)| name).collect();
    let filters = filters::read(filters, &fetch);
    let apps = apps::read(root.table("apps"), &names, flush);
    filters::show_failure_of_media(context, &apps);
    let jobs = jobs::read(root.table("jobs"));
    let profiles = jobs::profiles(root.table("profiles"));
    jobs::reach(context, &jobs, &rtmp.addresses, &apps);
    root.finish();
    Config { log, rtmp, tls_files, limits, wasm, fetch, filters, apps, jobs, profiles }
}

impl Loaded {
    /// The configuration in force as TOML: every key, with where it was written; secrets as references.
    pub(crate) fn show(&self) -> String {
        show::text(&self.shown)
    }

    /// Where a key of a filter was written, or the first of a table, if it was.
    pub(crate) fn place_of(&self, filter: &str, key: &str) -> Option<&Place> {
        let table = format!("filters.{}", tree::key(filter));
        let below = format!("{key}.");
        let is_it = |it: &&Shown| it.table == table && (it.key == key || it.key.starts_with(&below));
        let written = self.shown.iter().filter(is_it).find(|it| it.place != Place::Default);
        written.map(|it| &it.place)
    }

    /// The keys of each filter that were written.
    pub(crate) fn written(&self) -> HashMap<&str, Vec<&Shown>> {
        let tables: HashMap<_, _> =
            self.config.filters.keys().map(|name| (format!("filters.{}", tree::key(name)), name.as_str())).collect();
        let mut written: HashMap<&str, Vec<&Shown>> = HashMap::new();
        for shown in self.shown.iter().filter(|it| it.place != Place::Default) {
            if let Some(name) = tables.get(&shown.table) {
                written.entry(name).or_default().push(shown);
            }
        }
        written
    }

    /// What it is called in messages.
    pub(crate) fn origin(&self) -> String {
        match &self.file {
            Some(file) => crate::telemetry::escape(&file.display().to_string()),
            None => format!("the built-in configuration (there is no {} here)", USUAL_PATHS.join(", no ")),
        }
    }

    /// Refuses one without an application: valid as a text, and nothing that a router could run with.
    pub(crate) fn serves(self) -> Result<Loaded, Error> {
        if self.config.apps.is_empty() { Err(Error::Closed(self.origin())) } else { Ok(self) }
    }
}

/// A configuration for the tests of other rooms.
#[cfg(test)]
pub(crate) fn test(text: &str) -> Config {
    test_loaded(text).config
}

/// The same, with where everything stands.
#[cfg(test)]
pub(crate) fn test_loaded(text: &str) -> Loaded {
    parse(text, &tree::Text::BuiltIn, &BTreeMap::new()).unwrap_or_else(|error| panic!("{error}"))
}

#[cfg(test)]
mod tests;
