//! Lets those in who know a key or hold a signed URL.
//!
//! It fails closed: a wrong configuration keeps the filter from being loaded, and the router then denies.

mod check;
mod config;

use guest_sdk::{
    Config, Decision, Denial, Description, Fault, Grant, PlayRequest, PublishRequest, Role, SessionFilter, SessionRef,
    StreamKey, clock, log,
};

use crate::check::{Proof, Refusal};
use crate::config::Settings;

/// Asks for a key.
pub struct TokenAuth {
    settings: Settings,
}

impl TokenAuth {
    fn protects(&self, role: Role) -> bool {
        match role {
            Role::Publishing => self.settings.publish,
            Role::Playing => self.settings.play,
            Role::Connecting => false,
        }
    }

    fn decide(&self, role: Role, key: &StreamKey, ip: &str) -> Decision {
        let now_ms = clock::unix_ms();
        match check::check(&self.settings, key, now_ms / 1000) {
            Ok(proof) => self.allow(proof, key, now_ms),
            // A key that is given is checked, also where none is needed.
            Err(Refusal::Missing) if !self.protects(role) => Decision::Abstain,
            Err(refusal) => self.deny(role, key, ip, &refusal),
        }
    }

    fn allow(&self, proof: Proof, key: &StreamKey, now_ms: u64) -> Decision {
        let mut grant = Grant { recheck_ms: self.settings.recheck_ms, ..Grant::default() };
        match proof {
            Proof::Key => grant.tags.push(("auth".into(), "key".into())),
            Proof::NamedKey { name } => {
                grant.tags.push(("auth".into(), "named-key".into()));
                grant.rename = Some(StreamKey { app: key.app.clone(), name, query: Vec::new() });
            }
            Proof::Signature { expire } => {
                grant.tags.push(("auth".into(), "signature".into()));
                let left_ms = expire.saturating_add(1).saturating_mul(1000).saturating_sub(now_ms);
                let left_ms = u32::try_from(left_ms).unwrap_or(u32::MAX).max(100);
                grant.recheck_ms = Some(self.settings.recheck_ms.map_or(left_ms, |ms| ms.min(left_ms)));
            }
        }
        Decision::Allow(grant)
    }

    fn deny(&self, role: Role, key: &StreamKey, ip: &str, refusal: &Refusal) -> Decision {
        let code = match role {
            Role::Playing => "NetStream.Play.Failed",
            Role::Publishing | Role::Connecting => "NetStream.Publish.Denied",
        };
        let reason = refusal.reason(&self.settings);
        // Not the name: it may be a key, mistyped.
        log::write(log::Level::Info, &reason, &[("app", &key.app), ("ip", ip), ("code", code)]);
        Decision::Deny(Denial { code: code.into(), reason, disconnect: false, hold_ms: self.settings.hold_ms })
    }
}

impl SessionFilter for TokenAuth {
    fn describe() -> Description {
        let summary = "Lets those in who know a key or hold a signed URL.";
        Description::new("token-auth", env!("CARGO_PKG_VERSION"), summary)
            .with_config_schema(include_str!("../config.schema.json"))
    }

    fn configure(config: Config) -> Result<TokenAuth, Fault> {
        Settings::read(&config).map(|settings| TokenAuth { settings })
    }

    fn on_publish(&mut self, request: &PublishRequest) -> Decision {
        self.decide(Role::Publishing, &request.key, &request.conn.peer_ip)
    }

    fn on_play(&mut self, request: &PlayRequest) -> Decision {
        self.decide(Role::Playing, &request.key, &request.conn.peer_ip)
    }

    fn on_recheck(&mut self, session: &SessionRef) -> Decision {
        match &session.key {
            Some(key) => match self.decide(session.role, key, &session.conn.peer_ip) {
                // A stream does not change its name while it runs.
                Decision::Allow(grant) => Decision::Allow(Grant { rename: None, ..grant }),
                other => other,
            },
            None => Decision::Abstain,
        }
    }
}

guest_sdk::export_session!(TokenAuth);
