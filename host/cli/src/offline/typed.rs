//! What was typed, as the filters and their stream are to have it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use filter::session::{ConnectionInfo, StreamKey};
use filter::{Grants, MediaFailure, Spec, StreamInfo, Viewer, component};

use crate::arguments::{Offline, Settings};
use crate::{config, source};

/// The filters as they were typed, with their settings.
pub(super) fn specs(arguments: &Offline) -> anyhow::Result<Vec<Spec>> {
    let paths = arguments.filters.iter().map(|path| source::typed(path)).collect::<anyhow::Result<Vec<PathBuf>>>()?;
    let grants = Grants::parse(&arguments.grants)?;
    let settings = settings(&arguments.settings)?;
    let secrets: BTreeMap<_, _> = pairs("--secret", &arguments.secrets)?.into_iter().collect();
    if settings.len() > 1 && settings.len() != paths.len() {
        let filters =
            if let [_] = paths.as_slice() { "1 filter".to_owned() } else { format!("{} filters", paths.len()) };
        bail!("{} settings for {filters}: give them once for all, or once for each", settings.len());
    }
    let mut hidden = BTreeSet::new();
    for file in &arguments.settings.config_toml {
        hidden.extend(config::free_secrets(file)?);
    }
    let record = &arguments.record;
    let spec = |(i, path): (usize, PathBuf)| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let config = settings.get(i).or(settings.first()).cloned().unwrap_or_else(|| serde_json::json!({}));
        let mut spec = Spec { grants: grants.clone(), config, secrets: secrets.clone(), ..Spec::new(name, path) };
        if record.is_some() {
            // The call that failed is the last one of the recording.
            spec.on_failure.media = MediaFailure::EndStream;
            (spec.record, spec.hidden) = (record.clone(), hidden.clone());
        }
        spec
    };
    Ok(paths.into_iter().enumerate().map(spec).collect())
}

/// Refuses a filter without media hooks, before it is asked for settings that would not help.
pub(super) fn sees_frames(spec: &Spec) -> anyhow::Result<()> {
    let bytes = std::fs::read(&spec.path).with_context(|| spec.path.display().to_string())?;
    let worlds = component::inspect(&spec.name, &bytes)?.worlds;
    if !worlds.media {
        bail!(
            "{} is a {worlds}: no frame passes through it, and this is for media filters. To see its answers, give it \
             questions: weir filter run {} --session REQUESTS.json",
            spec.name,
            spec.path.display()
        );
    }
    Ok(())
}

/// What `--config-json` and `--config-toml` say, in their order.
pub(crate) fn settings(arguments: &Settings) -> anyhow::Result<Vec<serde_json::Value>> {
    let mut settings = Vec::new();
    for text in &arguments.config_json {
        let value: serde_json::Value = serde_json::from_str(text).context("--config-json")?;
        if !value.is_object() {
            bail!("--config-json: expected an object, such as {{\"keys\": [\"a\"]}}");
        }
        settings.push(value);
    }
    for file in &arguments.config_toml {
        settings.push(config::free(file)?);
    }
    Ok(settings)
}

/// Refuses a filter without session hooks.
pub(super) fn answers(spec: &Spec) -> anyhow::Result<()> {
    let bytes = std::fs::read(&spec.path).with_context(|| spec.path.display().to_string())?;
    let worlds = component::inspect(&spec.name, &bytes)?.worlds;
    if !worlds.session {
        bail!("{} is a {worlds}: nobody asks it about sessions; give it a file with --input", spec.name);
    }
    Ok(())
}

/// What `--tag` and `--secret` say.
fn pairs(option: &str, list: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        // What was typed may be a secret.
        _ => bail!("{option}: expected NAME=VALUE"),
    };
    list.iter().map(pair).collect()
}

pub(super) fn stream(arguments: &Offline) -> anyhow::Result<StreamInfo> {
    let name = &arguments.stream;
    let Some((app, name)) = name.rsplit_once('/').filter(|(app, name)| !app.is_empty() && !name.is_empty()) else {
        bail!("--stream: expected APP/NAME, such as live/cam");
    };
    let key = StreamKey { app: app.into(), name: name.into(), query: Vec::new() };
    let peer = |id| {
        let (protocol, peer_ip, app) = ("file".into(), "127.0.0.1".into(), app.into());
        Arc::new(ConnectionInfo { id, protocol, peer_ip, app, ..ConnectionInfo::default() })
    };
    let tags = pairs("--viewer-tag", &arguments.viewer_tags)?;
    let viewer = (!tags.is_empty()).then(|| Arc::new(Viewer { id: 4, conn: peer(3), key: key.clone(), tags }));
    Ok(StreamInfo { id: 2, key, publisher: peer(1), tags: pairs("--tag", &arguments.tags)?, viewer })
}
