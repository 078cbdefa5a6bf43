//! `--replay`: a recording of a running router once more.

use std::{fs::File, io::BufReader, path::Path};

use anyhow::{Context, bail};
use filter::{
    Clock, Runtime, RuntimeConfig,
    tape::{
        recording::Reader,
        replay::{Replayed, Step},
    },
};

use super::{START_UNIX_MS, trace};
use crate::{arguments::Offline, source, telemetry};

/// Makes the calls; without `--trace` those are shown that fail, or differ from what was recorded.
pub(super) fn run(arguments: &Offline, file: &Path) -> anyhow::Result<()> {
    let open = || -> anyhow::Result<Reader<BufReader<File>>> {
        let bytes = File::open(file).with_context(|| file.display().to_string())?;
        Reader::new(BufReader::new(bytes)).with_context(|| file.display().to_string())
    };
    let reader = open()?;
    let head = reader.head().clone();
    let wasm = match arguments.filters.as_slice() {
        [] => head.path.clone().into(),
        [one] => source::typed(one)?,
        _ => bail!("a recording is of one filter: name one, or none for the file that was recorded"),
    };
    let found = std::fs::read(&wasm)
        .with_context(|| format!("{}: name the filter behind --replay {}", wasm.display(), file.display()))?;
    let same_file = digest(&found) == head.digest;
    let mut spec = head.spec(&wasm)?;
    if let [settings] = super::settings(&arguments.settings)?.as_slice() {
        spec.config = settings.clone();
    }
    let quoted = |text: &str| telemetry::escape(text);
    let mut text = format!(
        "recorded {} on {}: {}\n",
        quoted(&head.generation),
        quoted(&head.stream),
        quoted(filter::brief(&head.reason))
    );
    if !same_file {
        text.push_str("another file than was recorded: what it does may differ\n");
    }
    if head.dropped > 0 {
        let dropped = head.dropped;
        text.push_str(&format!(
            "{dropped} calls before these were not kept: the instance begins anew, and may do something else\n"
        ));
    }
    crate::print(&text)?;
    let (clock, _) = Clock::stopped_at(START_UNIX_MS);
    let runtime = Runtime::new(RuntimeConfig { clock, ..RuntimeConfig::default() })?;
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let mut printed = Ok(());
    let each = |step: &Step| {
        if printed.is_ok()
            && (arguments.trace || !step.same || !step.strayed.is_empty() || step.seen.outcome.is_fatal())
        {
            printed = crate::print(&line(step));
        }
    };
    let replayed = tokio.block_on(runtime.replay(&spec, reader, each)).with_context(|| file.display().to_string())?;
    printed?;
    conclude(&replayed, same_file)
}

fn line(step: &Step) -> String {
    let Step { index, seen, recorded, same, strayed } = step;
    let mut text = format!("{index:>6}{}", trace::call(seen).get(1..).unwrap_or_default());
    if !same {
        text.push_str(&format!("      then: {}\n", telemetry::escape(&recorded.to_string())));
    }
    for why in strayed {
        text.push_str(&format!("      {}\n", telemetry::escape(why)));
    }
    text
}

fn conclude(replayed: &Replayed, same_file: bool) -> anyhow::Result<()> {
    let Replayed { calls, differing, strayed, failed, recorded, cut_off, missing } = replayed;
    let mut text = format!("{calls} calls, {differing} with another outcome, {strayed} that called something else\n");
    match (failed, recorded) {
        (Some((now, _)), Some((then, _))) if now == then && *differing == 0 => {
            text.push_str(&format!("reproduced: it fails in {} as it did\n", now.name()));
        }
        (None, Some((then, _))) if same_file => {
            text.push_str(&format!("not reproduced: it failed in {} then, and does not now\n", then.name()));
        }
        (None, Some((then, _))) => text.push_str(&format!("it does not fail any more, as it did in {}\n", then.name())),
        _ => {}
    }
    crate::print(&text)?;
    if failed.is_some() && *cut_off {
        eprintln!("weir: the file is cut off: {missing} of its calls are missing at its end");
    }
    match failed {
        Some((hook, outcome)) => bail!("failed in {}: {}", hook.name(), filter::brief(&outcome.to_string())),
        None if *cut_off => {
            bail!("the file is cut off: {missing} of its calls are missing at its end, and with them what came of them")
        }
        None => Ok(()),
    }
}

fn digest(bytes: &[u8]) -> String {
    let sum = <sha2::Sha256 as sha2::Digest>::digest(bytes);
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}
