//! Lets those in who hold a JSON Web Token for the stream, signed with a key of a JWKS URL or with a shared secret.
//!
//! It fails closed: a wrong configuration keeps the filter from being loaded, and without keys nobody gets in.

mod config;
mod keys;
mod store;
mod token;

use guest_sdk::{
    Config, Decision, Denial, Description, Fault, Grant, PlayRequest, PublishRequest, Role, SessionFilter, SessionRef,
    StreamKey, clock, log,
};

use crate::config::Settings;
use crate::store::Store;
use crate::token::{Algorithm, Claims, Refusal, Token};

/// Asks for a token.
pub struct JwtAuth {
    settings: Settings,
    store: Option<Store>,
}

/// Of a subject so many bytes become a tag.
const MOST_SUBJECT: usize = 256;

impl JwtAuth {
    /// Whether the token opens the stream; if so its claims, and the unix time in milliseconds until which it does.
    fn check(&mut self, role: Role, key: &StreamKey, now_ms: u64) -> Result<(Claims, u64), Refusal> {
        let given = self.settings.parameters.iter().find_map(|name| key.argument(name));
        let given = given.filter(|token| !token.is_empty()).ok_or(Refusal::Missing)?;
        let token = Token::read(given, &self.settings)?;
        self.verify(&token, now_ms)?;
        let claims = token.claims()?;
        let until_ms = claims.check(&self.settings, now_ms)?;
        let claim = if role == Role::Playing { &self.settings.play_claim } else { &self.settings.publish_claim };
        if claims.allows(claim, key) { Ok((claims, until_ms)) } else { Err(Refusal::Stream) }
    }

    fn verify(&mut self, token: &Token<'_>, now_ms: u64) -> Result<(), Refusal> {
        let fine = |signed: bool| if signed { Ok(()) } else { Err(Refusal::Signature) };
        if token.algorithm == Algorithm::Hs256 {
            return fine(self.settings.secret.as_ref().is_some_and(|secret| token.is_signed_with(secret)));
        }
        let store = self.store.as_mut().ok_or(Refusal::Algorithm)?;
        let keys = store.keys(now_ms).ok_or(Refusal::Unavailable)?;
        if keys.iter().any(|key| token.may_be_of(key)) {
            return fine(keys.iter().any(|key| token.is_signed_by(key)));
        }
        let keys = store.look_again(now_ms);
        match keys.iter().any(|key| token.may_be_of(key)) {
            true => fine(keys.iter().any(|key| token.is_signed_by(key))),
            false => Err(Refusal::UnknownKey),
        }
    }

    fn decide(&mut self, role: Role, key: &StreamKey, ip: &str) -> Decision {
        let now_ms = clock::unix_ms();
        match self.check(role, key, now_ms) {
            Ok((claims, until_ms)) => {
                let mut tags = vec![("auth".to_owned(), "jwt".to_owned())];
                tags.extend(
                    claims.subject().filter(|s| s.len() <= MOST_SUBJECT).map(|s| ("user".to_owned(), s.to_owned())),
                );
                let left_ms = u32::try_from(until_ms.saturating_sub(now_ms)).unwrap_or(u32::MAX).max(100);
                Decision::Allow(Grant { tags, recheck_ms: Some(left_ms), ..Grant::default() })
            }
            // A token that is given is checked, also where none is needed.
            Err(Refusal::Missing) if !self.settings.protects(role) => Decision::Abstain,
            Err(refusal) => {
                let (code, what) = match role {
                    Role::Playing => ("NetStream.Play.Failed", "play"),
                    Role::Publishing | Role::Connecting => ("NetStream.Publish.Denied", "publish"),
                };
                let reason = refusal.reason(&self.settings, what);
                log::write(
                    log::Level::Info,
                    &reason,
                    &[("app", &key.app), ("name", &key.name), ("ip", ip), ("code", code)],
                );
                Decision::Deny(Denial { code: code.into(), reason, disconnect: false, hold_ms: self.settings.hold_ms })
            }
        }
    }
}

impl SessionFilter for JwtAuth {
    fn describe() -> Description {
        let summary = "Lets those in who hold a JSON Web Token for the stream.";
        Description::new("jwt-auth", env!("CARGO_PKG_VERSION"), summary)
            .with_config_schema(include_str!("../config.schema.json"))
    }

    fn configure(config: Config) -> Result<JwtAuth, Fault> {
        let settings = Settings::read(&config)?;
        Ok(JwtAuth { store: settings.jwks.clone().map(Store::new), settings })
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
                // They are there since the beginning.
                Decision::Allow(grant) => Decision::Allow(Grant { tags: Vec::new(), ..grant }),
                other => other,
            },
            None => Decision::Abstain,
        }
    }
}

guest_sdk::export_session!(JwtAuth);
