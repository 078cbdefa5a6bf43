//! Asking a session filter.

use std::ops::{Deref, DerefMut};

use super::host::with;
use crate::{
    Attributes, Config, ConnectionInfo, Fault, PlayRequest, PublishRequest, Role, SessionFilter, SessionRef, StreamKey,
};

/// A configured session filter; its hooks are called as they are.
pub struct Session<F>(F);

impl<F: SessionFilter> Session<F> {
    /// Configures the filter with the operator's table, as JSON.
    ///
    /// # Errors
    /// What the filter says of the table.
    pub fn open(config: &str) -> Result<Session<F>, Fault> {
        with(|h| h.config = config.into());
        F::configure(Config::new(config.into())).map(Session)
    }
}

impl<F> Deref for Session<F> {
    type Target = F;
    fn deref(&self) -> &F {
        &self.0
    }
}

impl<F> DerefMut for Session<F> {
    fn deref_mut(&mut self) -> &mut F {
        &mut self.0
    }
}

/// The key of `app/name?a=1&b=2`, as the host makes it (without percent-decoding).
pub fn key(path: &str) -> StreamKey {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let (app, name) = path.rsplit_once('/').unwrap_or(("", path));
    let argument = |a: &str| match a.split_once('=') {
        Some((k, v)) => (k.to_owned(), v.to_owned()),
        None => (a.to_owned(), String::new()),
    };
    StreamKey {
        app: app.into(),
        name: name.into(),
        query: query.split('&').filter(|a| !a.is_empty()).map(argument).collect(),
    }
}

/// A plain RTMP connection from 192.0.2.7 to this application.
pub fn connection(app: &str) -> ConnectionInfo {
    ConnectionInfo {
        id: 1,
        protocol: "rtmp".into(),
        peer_ip: "192.0.2.7".into(),
        peer_port: 50_000,
        local_port: 1935,
        tls: None,
        app: app.into(),
        tc_url: format!("rtmp://localhost/{app}"),
        agent: "FMLE/3.0 (compatible; Lavf58.76.100)".into(),
        fourccs: Vec::new(),
        extra: Vec::new(),
    }
}

/// A request to publish `app/name?arguments`.
pub fn publish(path: &str) -> PublishRequest {
    let key = key(path);
    PublishRequest { conn: connection(&key.app), key, mode: "live".into(), takes_over: false }
}

/// A request to play `app/name?arguments`.
pub fn play(path: &str) -> PlayRequest {
    let key = key(path);
    PlayRequest { conn: connection(&key.app), key, start_ms: -2000, duration_ms: -1 }
}

/// A session that was allowed to do something with `app/name?arguments`.
pub fn session(role: Role, path: &str, tags: Attributes) -> SessionRef {
    let key = key(path);
    SessionRef { conn: connection(&key.app), role, stream: Some(1), key: Some(key), tags }
}
