//! `weir filter record`: one stream's calls of a filter, kept as a router keeps them, in a file for `--replay`.

use std::{collections::BTreeMap, future::Future, path::Path, sync::atomic::Ordering, time::Duration};

use anyhow::{Context, bail};
use filter::tape::recorder;
use router::{App, ConnectionInfo, Router, Via};
use rtmp::dial::{self, DialSettings, End, Progress, Stage, Target, Url, tls};
use tokio::signal::unix::{SignalKind, signal};

use super::{Voice, verdicts};
use crate::{
    arguments::{Offline, Recording},
    telemetry,
};

/// How long a server has to answer a play.
const ANSWER: Duration = Duration::from_secs(15);

/// Plays it or reads it, and says where the recording is.
pub(super) fn run(arguments: Recording) -> anyhow::Result<()> {
    let url = arguments.from.contains("://").then(|| Url::parse(&arguments.from)).transpose().context("--from")?;
    if url.is_none() && (arguments.ca.is_some() || arguments.insecure) {
        bail!("--ca and --insecure are for a server: --from rtmps://HOST/APP/NAME");
    }
    let Recording { filter, from, time, folder, bytes, keep, settings, grants, secrets, stream, tags, ca, insecure } =
        arguments;
    let (stream, path) = match &url {
        Some(url) => (stream.map_or_else(|| named(url), Ok)?, None),
        None => (stream.unwrap_or_else(|| "live/offline".into()), Some(from.into())),
    };
    let record =
        recorder::Settings { bytes, time: keep, files: usize::MAX, at_end: true, ..recorder::Settings::to(folder) };
    let offline = Offline {
        filters: vec![filter],
        input: path,
        output: None,
        settings,
        grants,
        stream,
        tags,
        viewer_tags: Vec::new(),
        secrets,
        session: None,
        replay: None,
        expect: None,
        update: false,
        trace: false,
        repeat: None,
        quiet: true,
        record: Some(record),
    };
    match url {
        Some(url) => {
            let trust = match (ca, insecure) {
                (Some(file), _) => tls::Trust::Files(vec![file]),
                (None, true) => tls::Trust::Anyone,
                (None, false) => tls::Trust::System,
            };
            let tls = tls::Client::new(trust, None)?;
            // Longer than the play_wait that a server has by default: its own word says more than our silence.
            let settings = DialSettings { answer_timeout: ANSWER, ..DialSettings::default() };
            let target = Target { url, tls, settings };
            from_server(&offline, &target, time)
        }
        None => from_file(&offline, time),
    }
}

/// What a URL's stream is called, without what players are asked for.
fn named(url: &Url) -> anyhow::Result<String> {
    let [app, name] = [&url.app, &url.name].map(|part| part.split('?').next().unwrap_or_default().trim_matches('/'));
    if app.is_empty() || name.is_empty() {
        bail!("--from: the URL names no stream: rtmp://HOST/APP/NAME");
    }
    Ok(format!("{app}/{name}"))
}

fn from_file(offline: &Offline, time: Option<Duration>) -> anyhow::Result<()> {
    let mut run = super::file::prepare(offline, None, Voice::Summary)?;
    run.stop.at_us = time.map(|time| i64::try_from(time.as_micros()).unwrap_or(i64::MAX));
    let filters = run.loaded.filters.clone();
    let asked = run.stop.asked.clone();
    let stopped = {
        let _within = run.loaded.tokio.enter();
        stopped()?
    };
    run.loaded.tokio.spawn(async move {
        stopped.await;
        asked.store(true, Ordering::Relaxed);
    });
    let ended = run.file(None);
    let made = tell(&filters)?;
    ended?;
    if made { Ok(()) } else { bail!("nothing recorded") }
}

fn from_server(offline: &Offline, target: &Target, time: Option<Duration>) -> anyhow::Result<()> {
    // The clock that everybody has: the stream comes as it comes.
    let (filters, runtime, tokio) = super::start(offline, filter::Clock::real(), None, super::typed::sees_frames)?;
    let (stream, server) = (telemetry::escape(&offline.stream), target.url.origin());
    eprintln!("weir: playing from {server}");
    let end = tokio.block_on(play(&filters, target, super::typed::stream(offline)?, time))?;
    // Files are written by now, or never.
    let made = filters.iter().any(|filter| !filter.recordings().is_empty());
    drop(runtime);
    let failed: Vec<_> = filters.iter().filter(|filter| verdicts::failed(filter)).map(|filter| filter.name()).collect();
    if made || !failed.is_empty() {
        for filter in &filters {
            crate::print(&format!("{}\n", telemetry::lines(&format!("{:#}", filter.counters()))))?;
        }
    }
    tell(&filters)?;
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    match end {
        Some(end) if !made => bail!("{server}: {end}: nothing recorded{}", advice(&end, &stream)),
        None if !made => bail!("{server}: no audio or video of {stream} came: nothing recorded"),
        // It is recorded up to there.
        Some(end) if !matches!(end, End::RemoteEnded { .. }) => eprintln!("weir: {server}: {end}"),
        _ => {}
    }
    Ok(())
}

/// What may be wrong where a server gives nothing.
fn advice(end: &End, stream: &str) -> String {
    let absent = match end {
        End::Timeout(Stage::Answer | Stage::Media, _) => true,
        End::Refused { code, .. } => code == "NetStream.Play.StreamNotFound",
        _ => false,
    };
    if absent { format!("; does somebody publish {stream} there?") } else { String::new() }
}

/// Plays the stream through the filters of a router of its own, to which nobody else comes. Why it ended, if it was not us.
async fn play(
    filters: &[std::sync::Arc<filter::Filter>],
    target: &Target,
    stream: filter::StreamInfo,
    time: Option<Duration>,
) -> anyhow::Result<Option<End>> {
    let app = App { media: filters.to_vec(), reconnect_window: Duration::ZERO, ..App::default() };
    let router = Router::new(router::Settings { apps: BTreeMap::from([(String::new(), app)]), ..Default::default() });
    let url = &target.url;
    let info = ConnectionInfo {
        id: router.connection_id(),
        protocol: if url.tls { "rtmps" } else { "rtmp" }.to_owned(),
        peer_ip: url.host.clone(),
        peer_port: url.port,
        agent: "Weir record".to_owned(),
        ..ConnectionInfo::default()
    };
    let connection = router.internal(info, Via::default()).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    connection.tag(stream.tags);
    let stopped = stopped()?;
    let progress = Progress::default();
    let name = format!("{}/{}", stream.key.app, stream.key.name);
    let over = async {
        // From the first media on: how long it takes to get there is not the stream's.
        progress.live().await;
        let time_long = time.map(|time| format!(" for {time:?}")).unwrap_or_default();
        eprintln!("weir: recording {}{time_long}; Ctrl-C ends it", telemetry::escape(&name));
        match time {
            Some(time) => tokio::time::sleep(time).await,
            None => std::future::pending().await,
        }
    };
    let mut pull = std::pin::pin!(dial::pull(target, &connection, &name, &progress));
    let end = tokio::select! {
        end = &mut pull => Some(end),
        () = stopped => None,
        () = over => None,
    };
    // Closed first: what is dropped now ends the publication, and with it the recording, which tells that it was us.
    router.close();
    Ok(end)
}

/// Returns with the first INT or TERM; after that they end the process as they do.
fn stopped() -> anyhow::Result<impl Future<Output = ()> + Send + use<>> {
    let caught = || -> std::io::Result<_> { Ok((signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)) };
    let (mut int, mut term) = caught().context("signals cannot be caught")?;
    Ok(async move {
        tokio::select! { _ = int.recv() => {}, _ = term.recv() => {} }
    })
}

/// Prints the files; whether there are any.
fn tell(filters: &[std::sync::Arc<filter::Filter>]) -> anyhow::Result<bool> {
    let files: Vec<_> = filters.iter().flat_map(|filter| filter.recordings()).collect();
    for file in &files {
        let file = shown(file);
        crate::print(&format!("recorded {file}\nlook at it with: weir filter run --replay {file}\n"))?;
    }
    Ok(!files.is_empty())
}

fn shown(file: &Path) -> String {
    telemetry::escape(&file.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_named_without_what_is_secret() {
        for (url, name) in [
            ("rtmp://h/live/cam?key=s3cret", Some("live/cam")),
            ("rtmps://u:p@h:444/a/b/cam", Some("a/b/cam")),
            ("rtmp://h/live?key=s3cret/cam", Some("live/cam")),
            ("rtmp://h/live", None),
            ("rtmp://h/live/?x=1", None),
        ] {
            assert_eq!(named(&Url::parse(url).unwrap()).ok().as_deref(), name, "{url}");
        }
    }
}
