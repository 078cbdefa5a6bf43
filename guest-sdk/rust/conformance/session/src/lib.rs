//! Answers what its setting `do` names: the session filter of the conformance suite in `tests/languages`.

use guest_sdk::{
    Config, ConnectionInfo, Decision, Denial, Description, Fault, Grant, PlayRequest, PublishRequest, Redirection,
    Role, SessionFilter, SessionRef, StreamKey, Summary, kv, log, metrics, secret,
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Conformance {
    #[serde(rename = "do")]
    deed: Deed,
    #[serde(default)]
    text: String,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Deed {
    Abstain,
    Allow,
    Deny,
    Redirect,
    Recheck,
    Report,
    Trap,
    Kv,
}

fn pairs(attributes: &[(String, String)]) -> String {
    attributes.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(",")
}

fn told(fields: &[(&str, String)]) -> Decision {
    let tags = fields.iter().map(|(k, v)| (k.to_string(), v.clone())).collect();
    Decision::Allow(Grant { tags, ..Grant::default() })
}

impl Conformance {
    fn answer(&self) -> Decision {
        match self.deed {
            Deed::Allow => Decision::Allow(Grant {
                rename: Some(StreamKey { app: "live".into(), name: "public".into(), query: Vec::new() }),
                tags: vec![("plan".into(), "gold".into()), ("text".into(), self.text.clone())],
                max_kbps: Some(3000),
                max_duration_ms: Some(60_000),
                recheck_ms: Some(500),
                push_to: vec!["rtmp://127.0.0.1/live/x".into()],
            }),
            Deed::Deny => Decision::Deny(Denial {
                code: "NetStream.Publish.Denied".into(),
                reason: self.text.clone(),
                disconnect: true,
                hold_ms: 1500,
            }),
            Deed::Redirect => {
                Decision::Redirect(Redirection { url: "rtmp://127.0.0.2/live/x".into(), permanent: true })
            }
            Deed::Recheck => Decision::Allow(Grant { recheck_ms: Some(500), ..Grant::default() }),
            Deed::Trap => panic!("told to trap"),
            _ => Decision::Abstain,
        }
    }
}

impl SessionFilter for Conformance {
    fn describe() -> Description {
        Description::new("conformance", env!("CARGO_PKG_VERSION"), "Answers what its setting names.")
    }

    fn configure(config: Config) -> Result<Self, Fault> {
        config.parse()
    }

    fn on_connect(&mut self, connection: &ConnectionInfo) -> Decision {
        if self.deed == Deed::Report { told(&[("app", connection.app.clone())]) } else { self.answer() }
    }

    fn on_publish(&mut self, request: &PublishRequest) -> Decision {
        if self.deed == Deed::Kv {
            return match kv::add("conformance", &request.key.name, 1, Some(60_000)) {
                Ok(count) => told(&[("count", count.to_string())]),
                Err(e) => Decision::deny(format!("{e:?}")),
            };
        }
        if self.deed != Deed::Report {
            return self.answer();
        }
        let c = &request.conn;
        let tls = c.tls.as_ref().map(|t| format!("{} {}", t.protocol, t.sni.as_deref().unwrap_or_default()));
        let fourccs: Vec<_> = c.fourccs.iter().map(u32::to_string).collect();
        told(&[
            ("stream", request.key.path()),
            ("query", pairs(&request.key.query)),
            ("mode", request.mode.clone()),
            ("takes_over", request.takes_over.to_string()),
            ("id", c.id.to_string()),
            ("protocol", c.protocol.clone()),
            ("peer", format!("{}:{}", c.peer_ip, c.peer_port)),
            ("port", c.local_port.to_string()),
            ("tls", tls.unwrap_or_else(|| "none".into())),
            ("tc_url", c.tc_url.clone()),
            ("agent", c.agent.clone()),
            ("fourccs", fourccs.join(",")),
            ("extra", pairs(&c.extra)),
            ("text", self.text.clone()),
            ("secret", secret("key").unwrap_or_default()),
            ("none", secret("none").is_none().to_string()),
        ])
    }

    fn on_play(&mut self, request: &PlayRequest) -> Decision {
        if self.deed != Deed::Report {
            return self.answer();
        }
        told(&[
            ("stream", request.key.path()),
            ("start_ms", request.start_ms.to_string()),
            ("duration_ms", request.duration_ms.to_string()),
        ])
    }

    fn on_recheck(&mut self, session: &SessionRef) -> Decision {
        match self.deed {
            Deed::Report => {
                let role = match session.role {
                    Role::Connecting => "connecting",
                    Role::Publishing => "publishing",
                    Role::Playing => "playing",
                };
                told(&[
                    ("role", role.into()),
                    ("id", session.stream.unwrap_or(0).to_string()),
                    ("stream", session.key.as_ref().map_or("none".into(), StreamKey::path)),
                    ("tags", pairs(&session.tags)),
                ])
            }
            Deed::Recheck => {
                // The instance may be another one each time: what is counted stands in a tag.
                let counts = session.tags.iter().filter(|(k, _)| k == "count").filter_map(|(_, v)| v.parse().ok());
                let count = counts.max().unwrap_or(0_u32) + 1;
                if count == 3 {
                    return Decision::deny("kicked");
                }
                let tags = vec![("count".into(), count.to_string())];
                Decision::Allow(Grant { tags, recheck_ms: Some(500), ..Grant::default() })
            }
            _ => self.answer(),
        }
    }

    fn on_close(&mut self, _: &SessionRef, summary: &Summary) {
        metrics::add("closed", 1);
        let numbers = [summary.bytes_in, summary.bytes_out, summary.duration_ms].map(|n| n.to_string());
        let [bytes_in, bytes_out, duration_ms] = &numbers;
        let fields =
            [("bytes_in", bytes_in.as_str()), ("bytes_out", bytes_out.as_str()), ("duration_ms", duration_ms.as_str())];
        log::write(log::Level::Info, "closed", &fields);
    }
}

guest_sdk::export_session!(Conformance);
