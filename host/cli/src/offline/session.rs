//! `--session`: questions to session filters, from a file, with a virtual clock.

use std::{collections::BTreeMap, fmt::Write as _, path::Path, sync::Arc};

use anyhow::{Context, bail};
use filter::{
    SessionChain,
    session::{
        Attributes, ConnectionInfo, Decision, EndReason, PlayRequest, PublishRequest, Reached, Role, SessionRef,
        StreamKey, Summary,
    },
    tape::watch::Watch,
};
use serde::Deserialize;

use super::{golden::Golden, trace, verdicts};
use crate::{arguments::Offline, telemetry};

/// One question. What is left out has the value that most peers have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    #[serde(rename = "do")]
    what: What,
    /// `app/name`; of a connect the application is enough.
    #[serde(default)]
    stream: String,
    /// What stands behind the `?`.
    #[serde(default)]
    query: BTreeMap<String, String>,
    /// When, in seconds of the filters' clock since the start; by default when the one before was.
    at: Option<f64>,
    protocol: Option<String>,
    peer_ip: Option<String>,
    agent: Option<String>,
    tc_url: Option<String>,
    #[serde(default)]
    extra: BTreeMap<String, String>,
    /// Of a recheck and a close; by default those that the last allowance of this stream left.
    tags: Option<BTreeMap<String, String>>,
    /// Of a recheck and a close: what the session does.
    role: Option<Doing>,
    /// Of a publish: somebody would have to give way.
    #[serde(default)]
    takes_over: bool,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum What {
    Connect,
    Publish,
    Play,
    Recheck,
    Close,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Doing {
    Connecting,
    Publishing,
    Playing,
}

pub(super) fn run(arguments: &Offline, file: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let requests: Vec<Request> =
        serde_json::from_str(&text).with_context(|| format!("{}: {EXPECTED}", file.display()))?;
    let watch = arguments.trace.then(|| Watch::new(true));
    let super::Loaded { filters, hand, tokio, .. } = super::load(arguments, watch.as_ref(), super::typed::answers)?;
    if let Some(watch) = &watch {
        watch.take();
    }
    let mut golden = super::golden(arguments)?;
    let chain = SessionChain::new(filters.clone());
    let (mut at_us, mut left) = (0, BTreeMap::<String, Attributes>::new());
    for (n, request) in requests.into_iter().enumerate() {
        let seconds = request.at.unwrap_or(0.0);
        if !seconds.is_finite() || seconds < 0.0 {
            bail!("{}: request {n}: `at` is a number of seconds from 0 on", file.display());
        }
        // Truncation to whole microseconds is as fine as clocks are.
        at_us = ((seconds * 1e6) as i64).max(at_us);
        hand.set(at_us);
        let line = tokio.block_on(answer(&chain, request, n as u64 + 1, &mut left));
        let line = format!("{:>10.3} {line}\n", at_us as f64 / 1e6);
        if let Some(golden) = &mut golden {
            golden.line(&line);
        }
        if !arguments.quiet {
            crate::print(&line)?;
        }
        if let Some(watch) = &watch {
            crate::print(&trace::calls(&watch.take()))?;
        }
    }
    golden.map_or(Ok(()), Golden::finish)?;
    let failed: Vec<_> = filters.iter().filter(|filter| verdicts::failed(filter)).map(|f| f.name()).collect();
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

const EXPECTED: &str = "expected a list such as [{\"do\": \"publish\", \"stream\": \"live/cam\", \"query\": {\"key\": \"k\"}}]; \
                        do: connect, publish, play, recheck, close";

/// Asks, and says what came of it in one line.
async fn answer(chain: &SessionChain, request: Request, id: u64, left: &mut BTreeMap<String, Attributes>) -> String {
    let (app, name) = request.stream.rsplit_once('/').unwrap_or((request.stream.as_str(), ""));
    let query = request.query.into_iter().collect();
    let key = StreamKey { app: app.into(), name: name.into(), query };
    let protocol = request.protocol.unwrap_or_else(|| "rtmp".into());
    let conn = Arc::new(ConnectionInfo {
        id,
        tc_url: request.tc_url.unwrap_or_else(|| format!("{protocol}://localhost/{app}")),
        protocol,
        peer_ip: request.peer_ip.unwrap_or_else(|| "127.0.0.1".into()),
        peer_port: 50_000,
        local_port: 1935,
        app: app.into(),
        agent: request.agent.unwrap_or_default(),
        extra: request.extra.into_iter().collect(),
        ..ConnectionInfo::default()
    });
    let stream = telemetry::escape(&request.stream);
    let role =
        request.role.map_or_else(|| if name.is_empty() { Role::Connecting } else { Role::Publishing }, Doing::role);
    let known = request.tags.map(|tags| tags.into_iter().collect()).or_else(|| left.get(&request.stream).cloned());
    let who = SessionRef {
        conn: conn.clone(),
        role,
        stream: (!name.is_empty()).then_some(1),
        key: (!name.is_empty()).then(|| key.clone()),
        tags: known.unwrap_or_default(),
    };
    let mut reached = Reached::default();
    let (word, decision) = match request.what {
        What::Connect => ("connect", chain.on_connect(&conn, &mut reached).await),
        What::Publish => {
            let takes_over = request.takes_over;
            let ask = PublishRequest { conn, key, mode: "live".into(), takes_over };
            ("publish", chain.on_publish(&ask, &mut reached).await)
        }
        What::Play => {
            let ask = PlayRequest { conn, key, start_ms: -2000, duration_ms: -1 };
            ("play", chain.on_play(&ask, &mut reached).await)
        }
        What::Recheck => ("recheck", chain.on_recheck(&who).await),
        What::Close => {
            let how = Summary { bytes_in: 0, bytes_out: 0, duration_ms: 0, reason: EndReason::SourceEnded };
            chain.on_close(&who, how).await;
            return format!("close   {stream} told");
        }
    };
    match &decision {
        Decision::Allow(grant) => _ = left.insert(request.stream, grant.tags.clone()),
        Decision::Abstain => {}
        // As in the router: those that had let it pass are told.
        Decision::Deny(_) | Decision::Redirect(_) => {
            let role = match request.what {
                What::Publish => Role::Publishing,
                What::Play => Role::Playing,
                What::Connect | What::Recheck | What::Close => Role::Connecting,
            };
            let who = SessionRef { role, stream: None, tags: Attributes::new(), ..who };
            let how = Summary { bytes_in: 0, bytes_out: 0, duration_ms: 0, reason: EndReason::Denied };
            reached.close(who, how).await;
        }
    }
    format!("{word:<7} {stream} {}", telemetry::escape(&said(&decision)))
}

impl Doing {
    fn role(self) -> Role {
        match self {
            Doing::Connecting => Role::Connecting,
            Doing::Publishing => Role::Publishing,
            Doing::Playing => Role::Playing,
        }
    }
}

fn said(decision: &Decision) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    match decision {
        Decision::Abstain => text.push_str("abstain"),
        Decision::Allow(grant) => {
            text.push_str("allow");
            if let Some(key) = &grant.rename {
                let _ = write!(text, " rename={}/{}", key.app, key.name);
            }
            for (name, value) in &grant.tags {
                let _ = write!(text, " {name}={value}");
            }
            let numbers = [
                ("max-kbps", grant.max_kbps.map(u64::from)),
                ("max-duration-ms", grant.max_duration_ms),
                ("recheck-ms", grant.recheck_ms.map(u64::from)),
            ];
            for (name, value) in numbers {
                if let Some(value) = value {
                    let _ = write!(text, " {name}={value}");
                }
            }
            for url in &grant.push_to {
                let _ = write!(text, " push-to={url}");
            }
        }
        Decision::Deny(denial) => {
            let _ = write!(text, "deny {:?}", denial.reason);
            if !denial.code.is_empty() {
                let _ = write!(text, " code={}", denial.code);
            }
            if denial.disconnect {
                text.push_str(" disconnect");
            }
            if denial.hold_ms > 0 {
                let _ = write!(text, " hold-ms={}", denial.hold_ms);
            }
        }
        Decision::Redirect(to) => {
            let _ = write!(text, "redirect {}{}", to.url, if to.permanent { " for good" } else { "" });
        }
    }
    text
}
