//! `weir filter inspect`: what a filter is and wants.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use filter::{
    Description, Grants, Runtime, RuntimeConfig, Spec,
    component::{self, Inspection},
};
use supply::{Answer, Digest, Order, Supplier, Wrong};

use crate::{arguments::Inspected, config::Source, offline, source, telemetry};

pub(crate) fn inspect(arguments: &Inspected) -> anyhow::Result<()> {
    let Typed { file, name, shown, digest, _kept } = typed(arguments)?;
    let bytes = std::fs::read(&file).with_context(|| file.display().to_string())?;
    let found = Digest::of(&bytes);
    if let Some(expected) = digest.filter(|expected| *expected != found) {
        bail!("{shown}: {}", Wrong::Digest { expected, found });
    }
    let seen = component::inspect(&name, &bytes)?;
    let settings = match offline::settings(&arguments.settings)?.as_slice() {
        [] => serde_json::json!({}),
        [settings] => settings.clone(),
        _ => bail!("one filter has one set of settings"),
    };
    // A bucket of its own, in memory, is as good as any.
    let kv = needs(&seen, "kv").then(|| "inspect".to_owned()).into_iter().collect();
    // One that leads nowhere (RFC 6761): nobody is called to look into a file.
    let nowhere = needs(&seen, "outbound").then_some("http:http://inspect.invalid");
    let http = Grants::parse(nowhere)?.http;
    let grants = Grants { entropy: needs(&seen, "entropy"), kv, http, ..Grants::default() };
    let spec = Spec { grants, config: settings, ..Spec::new(name, file) };
    let (said, error) = start(spec)?;
    crate::print(&match arguments.json {
        true => json(&shown, &seen, said, error)?,
        false => text(&shown, &seen, said, error),
    })
}

/// What was typed, as a file.
struct Typed {
    file: PathBuf,
    /// For messages.
    name: String,
    /// What it is called in the output.
    shown: String,
    digest: Option<Digest>,
    /// The folder of a file that was fetched, until it has been read.
    _kept: Option<Supplier>,
}

fn typed(arguments: &Inspected) -> anyhow::Result<Typed> {
    let digest = arguments.digest.as_ref().map(|digest| digest.parse::<Digest>());
    let digest =
        digest.transpose().map_err(|()| anyhow::anyhow!("--digest: expected sha256: and 64 hexadecimal digits"))?;
    let given = arguments.filter.parse::<Source>().map_err(|why| anyhow::anyhow!("{}: {why}", arguments.filter))?;
    let source = match given {
        Source::Local(path) => {
            let file = source::typed(Path::new(&path))?;
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            return Ok(Typed { shown: file.display().to_string(), file, name, digest, _kept: None });
        }
        Source::Remote(source) => source,
    };
    let (shown, settings) = (source.to_string(), RuntimeConfig::default());
    let order = Order { digest, ..Order::new(source) };
    let supplier = Supplier::new(supply::Settings {
        dir: None,
        max_bytes: settings.max_file_bytes,
        timeout: settings.compile_time,
        ca: arguments.ca.clone(),
    })?;
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match tokio.block_on(supplier.fetch(&order, None))? {
        Answer::New(fetched) => {
            Ok(Typed { file: fetched.file, name: "inspected".into(), shown, digest, _kept: Some(supplier) })
        }
        Answer::Unchanged => bail!("{shown}: the server has nothing"),
    }
}

/// Starts it on trial, as the router does, to hear what it says of itself.
fn start(spec: Spec) -> anyhow::Result<(Option<Description>, Option<filter::Error>)> {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let runtime = Runtime::new(RuntimeConfig::default())?;
    let (filter, loaded) = tokio.block_on(runtime.load(spec.clone()));
    Ok(match loaded {
        Ok(()) => (filter.description(), None),
        // Settings that it misses do not keep it from saying who it is.
        Err(error) => (tokio.block_on(runtime.describe(&spec)).ok(), Some(error)),
    })
}

fn text(from: &str, seen: &Inspection, said: Option<Description>, error: Option<filter::Error>) -> String {
    let mut text = String::new();
    let mut line = |key: &str, value: &str| {
        for (n, value) in value.lines().enumerate() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{:<10} {}", if n == 0 { key } else { "" }, telemetry::escape(value));
        }
    };
    if let Some(Description { name, version, summary, .. }) = &said {
        line("name", &format!("{name} {version}"));
        line("summary", summary);
    }
    line("file", from);
    line("size", &format!("{} bytes, {}", seen.size, if seen.core_module { "a core module" } else { "a component" }));
    line("sha256", &seen.digest);
    line("memory", &format!("{} KiB at the start of an instance", seen.memory_bytes / 1024));
    line("worlds", &seen.worlds.to_string());
    line("contract", &contract(seen));
    line("exports", &seen.exports.join("\n"));
    line("imports", &seen.imports.join("\n"));
    line("grants", &grants(seen).map_or_else(|| "none needed".into(), |list| format!("grants = {list}")));
    if let Some(Description { config_schema, state_schema, .. }) = said {
        let state = if state_schema == 0 { "none".into() } else { format!("schema {state_schema}") };
        line("state", &state);
        let schema = config_schema.as_deref().map(pretty);
        line("config", schema.as_deref().unwrap_or("it does not tell what it knows"));
    }
    if let Some(error) = error {
        line("starts", &format!("no: {error}\n(settings it needs: --config-json or --config-toml)"));
    }
    text
}

/// The same for programs.
fn json(
    from: &str,
    seen: &Inspection,
    said: Option<Description>,
    error: Option<filter::Error>,
) -> anyhow::Result<String> {
    let worlds = seen.worlds.to_string();
    let worlds: Vec<_> = worlds.split(", ").filter(|world| !world.is_empty()).collect();
    let needed = grants(seen).unwrap_or_else(|| "[]".into());
    let schema = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::from(text));
    let said = said.as_ref();
    let value = serde_json::json!({
        "name": said.map(|it| &it.name),
        "version": said.map(|it| &it.version),
        "summary": said.map(|it| &it.summary),
        "file": from,
        "size": seen.size,
        "sha256": seen.digest,
        "form": if seen.core_module { "core module" } else { "component" },
        "memory_bytes": seen.memory_bytes,
        "worlds": worlds,
        "contract": contract(seen),
        "exports": seen.exports,
        "imports": seen.imports,
        // TOML and JSON write a list of texts alike.
        "grants": serde_json::from_str::<serde_json::Value>(&needed)?,
        "state_schema": said.map(|it| it.state_schema),
        "config_schema": said.and_then(|it| it.config_schema.as_deref()).map(schema),
        "error": error.map(|error| error.to_string()),
    });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

/// A JSON text laid out, or as it is.
fn pretty(json: &str) -> String {
    let laid_out =
        serde_json::from_str::<serde_json::Value>(json).and_then(|value| serde_json::to_string_pretty(&value));
    laid_out.unwrap_or_else(|_| json.into())
}

/// The packages of the contract that it was built for: `weir:filter@0.1.0`.
fn contract(seen: &Inspection) -> String {
    let package = |name: &String| {
        let (package, rest) = name.split_once('/')?;
        let version = rest.split_once('@').map_or("", |(_, version)| version);
        package.starts_with("weir:").then(|| format!("{package}@{version}"))
    };
    let mut packages: Vec<_> = seen.exports.iter().chain(&seen.imports).filter_map(package).collect();
    packages.sort();
    packages.dedup();
    packages.join(", ")
}

fn needs(seen: &Inspection, interface: &str) -> bool {
    let name = format!("weir:filter/{interface}");
    seen.imports.iter().any(|import| import.split('@').next() == Some(&name))
}

/// What an operator has to write behind `grants =`; none: nothing.
fn grants(seen: &Inspection) -> Option<String> {
    let table = [("entropy", "\"entropy\""), ("kv", "\"kv:BUCKET\""), ("outbound", "\"http:ORIGIN\"")];
    let needed: Vec<_> =
        table.iter().filter(|(interface, _)| needs(seen, interface)).map(|(_, grant)| *grant).collect();
    (!needed.is_empty()).then(|| format!("[{}]", needed.join(", ")))
}
