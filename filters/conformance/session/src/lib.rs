//! A session filter that answers what its configuration says.
//!
//! ```toml
//! config = { publish = { allow = { rename = "live/public", tags = { plan = "gold" }, max_kbps = 3000, recheck_ms = 500 } },
//!            recheck = { deny = { reason = "kicked" } }, rechecks = 3, play = { redirect = { url = "rtmp://b/live/x" } } }
//! ```

use std::collections::BTreeMap;

use deeds::Deed;
use guest_sdk::{
    Config, ConnectionInfo, Decision, Denial, Description, Fault, Grant, PlayRequest, PublishRequest, Redirection,
    SessionFilter, SessionRef, StreamKey, Summary, log, metrics,
};
use serde::Deserialize;

/// What to answer; abstains where nothing is said.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub struct Scripted {
    connect: Answer,
    publish: Answer,
    play: Answer,
    recheck: Answer,
    /// This many rechecks are allowed, with the same terms, before `recheck` is the answer. Counted in a tag.
    rechecks: u32,
    recheck_ms: Option<u32>,
    /// What it does when a session closes.
    close: Option<Deed>,
    /// Writes a line to the log when a session closes.
    log_close: bool,
    /// Writes what it sees of each request to the log.
    log_requests: bool,
}

#[derive(Deserialize, Default, Clone)]
#[serde(rename_all = "kebab-case")]
enum Answer {
    #[default]
    Abstain,
    Allow(Terms),
    Deny(No),
    Redirect(Elsewhere),
    Misbehave(Deed),
}

#[derive(Deserialize, Default, Clone)]
#[serde(deny_unknown_fields, default)]
struct Terms {
    /// `app/name`
    rename: Option<String>,
    tags: BTreeMap<String, String>,
    max_kbps: Option<u32>,
    max_duration_ms: Option<u64>,
    recheck_ms: Option<u32>,
    push_to: Vec<String>,
}

#[derive(Deserialize, Default, Clone)]
#[serde(deny_unknown_fields, default)]
struct No {
    code: String,
    reason: String,
    disconnect: bool,
    hold_ms: u32,
}

#[derive(Deserialize, Default, Clone)]
#[serde(deny_unknown_fields, default)]
struct Elsewhere {
    url: String,
    permanent: bool,
}

const COUNT: &str = "rechecks";

impl Answer {
    fn decision(&self) -> Decision {
        match self.clone() {
            Answer::Abstain => Decision::Abstain,
            Answer::Allow(terms) => Decision::Allow(Grant {
                rename: terms.rename.map(|path| {
                    let (app, name) = path.rsplit_once('/').unwrap_or(("", &path));
                    StreamKey { app: app.into(), name: name.into(), query: Vec::new() }
                }),
                tags: terms.tags.into_iter().collect(),
                max_kbps: terms.max_kbps,
                max_duration_ms: terms.max_duration_ms,
                recheck_ms: terms.recheck_ms,
                push_to: terms.push_to,
            }),
            Answer::Deny(no) => Decision::Deny(Denial {
                code: no.code,
                reason: no.reason,
                disconnect: no.disconnect,
                hold_ms: no.hold_ms,
            }),
            Answer::Redirect(to) => Decision::Redirect(Redirection { url: to.url, permanent: to.permanent }),
            Answer::Misbehave(deed) => {
                deed.perform();
                Decision::allow()
            }
        }
    }
}

impl Scripted {
    fn note(&self, what: &str, conn: &ConnectionInfo, key: Option<&StreamKey>) {
        if self.log_requests {
            let path = key.map(StreamKey::path).unwrap_or_default();
            let query: Vec<_> = key.iter().flat_map(|k| &k.query).map(|(k, v)| format!("{k}={v}")).collect();
            let fields =
                [("app", conn.app.as_str()), ("ip", &conn.peer_ip), ("path", &path), ("query", &query.join("&"))];
            log::write(log::Level::Info, what, &fields);
        }
    }
}

impl SessionFilter for Scripted {
    fn describe() -> Description {
        Description::new("scripted", env!("CARGO_PKG_VERSION"), "Answers what its configuration says.")
    }

    fn configure(config: Config) -> Result<Scripted, Fault> {
        config.parse()
    }

    fn on_connect(&mut self, connection: &ConnectionInfo) -> Decision {
        self.note("connect", connection, None);
        self.connect.decision()
    }

    fn on_publish(&mut self, request: &PublishRequest) -> Decision {
        self.note("publish", &request.conn, Some(&request.key));
        self.publish.decision()
    }

    fn on_play(&mut self, request: &PlayRequest) -> Decision {
        self.note("play", &request.conn, Some(&request.key));
        self.play.decision()
    }

    fn on_recheck(&mut self, session: &SessionRef) -> Decision {
        self.note("recheck", &session.conn, session.key.as_ref());
        let count = session.tags.iter().rev().find(|(k, _)| k == COUNT).and_then(|(_, v)| v.parse().ok()).unwrap_or(0);
        if count >= self.rechecks {
            return self.recheck.decision();
        }
        let tags = vec![(COUNT.into(), (count + 1).to_string())];
        Decision::Allow(Grant { tags, recheck_ms: self.recheck_ms, ..Grant::default() })
    }

    fn on_close(&mut self, session: &SessionRef, summary: &Summary) {
        metrics::add("closed", 1);
        if let Some(deed) = self.close {
            deed.perform();
        }
        if self.log_close {
            let tags: Vec<_> = session.tags.iter().map(|(k, v)| format!("{k}={v}")).collect();
            let key = session.key.as_ref().map(StreamKey::path).unwrap_or_default();
            let (role, reason) = (format!("{:?}", session.role), format!("{:?}", summary.reason));
            let (bytes_in, bytes_out) = (summary.bytes_in.to_string(), summary.bytes_out.to_string());
            let fields = [
                ("role", role.as_str()),
                ("key", &key),
                ("tags", &tags.join(",")),
                ("reason", &reason),
                ("bytes_in", &bytes_in),
                ("bytes_out", &bytes_out),
            ];
            log::write(log::Level::Info, "closed", &fields);
        }
    }
}

guest_sdk::export_session!(Scripted);
