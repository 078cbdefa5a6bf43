//! Who publishes and who watches, as they stand in a recording.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::scrub::{self, Scrub};
use super::list;
use crate::Viewer;
use crate::session::{Attributes, ConnectionInfo, StreamKey, TlsInfo};

/// The name of a stream, with its query.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Key {
    app: String,
    name: String,
    #[serde(deserialize_with = "list")]
    query: Attributes,
}

/// A connection.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Conn {
    id: u64,
    protocol: String,
    peer_ip: String,
    ports: (u16, u16),
    tls: Option<(String, Option<String>, Option<String>)>,
    app: String,
    tc_url: String,
    agent: String,
    #[serde(deserialize_with = "list")]
    fourccs: Vec<u32>,
    #[serde(deserialize_with = "list")]
    extra: Attributes,
}

/// A viewer with a chain of its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Watching {
    id: u64,
    conn: Conn,
    key: Key,
    #[serde(deserialize_with = "list")]
    tags: Attributes,
}

/// Pairs without the secrets in them.
pub(super) fn texts(list: &Attributes, text: fn(&str) -> String, scrub: &Scrub) -> Attributes {
    list.iter().map(|(name, value)| (scrub.text(name), scrub.text(&text(value)))).collect()
}

impl Key {
    pub(super) fn new(key: &StreamKey, scrub: &Scrub) -> Key {
        let query = texts(&key.query, scrub::value, scrub);
        Key { app: key.app.clone(), name: scrub.text(&key.name), query }
    }

    pub(super) fn value(&self) -> StreamKey {
        StreamKey { app: self.app.clone(), name: self.name.clone(), query: self.query.clone() }
    }
}

impl Conn {
    pub(super) fn new(conn: &ConnectionInfo, scrub: &Scrub) -> Conn {
        Conn {
            id: conn.id,
            protocol: conn.protocol.clone(),
            peer_ip: conn.peer_ip.clone(),
            ports: (conn.peer_port, conn.local_port),
            tls: conn.tls.as_ref().map(|tls| (tls.protocol.clone(), tls.sni.clone(), tls.client_cert_sha256.clone())),
            app: conn.app.clone(),
            tc_url: scrub.text(&scrub::query(&conn.tc_url)),
            agent: scrub.text(&conn.agent),
            fourccs: conn.fourccs.clone(),
            extra: texts(&conn.extra, scrub::query, scrub),
        }
    }

    pub(super) fn value(&self) -> ConnectionInfo {
        let tls =
            self.tls.clone().map(|(protocol, sni, client_cert_sha256)| TlsInfo { protocol, sni, client_cert_sha256 });
        ConnectionInfo {
            id: self.id,
            protocol: self.protocol.clone(),
            peer_ip: self.peer_ip.clone(),
            peer_port: self.ports.0,
            local_port: self.ports.1,
            tls,
            app: self.app.clone(),
            tc_url: self.tc_url.clone(),
            agent: self.agent.clone(),
            fourccs: self.fourccs.clone(),
            extra: self.extra.clone(),
        }
    }
}

impl Watching {
    pub(super) fn new(viewer: &Viewer, scrub: &Scrub) -> Watching {
        let (id, tags) = (viewer.id, texts(&viewer.tags, str::to_owned, scrub));
        Watching { id, conn: Conn::new(&viewer.conn, scrub), key: Key::new(&viewer.key, scrub), tags }
    }

    pub(super) fn value(&self) -> Viewer {
        let (conn, key) = (Arc::new(self.conn.value()), self.key.value());
        Viewer { id: self.id, conn, key, tags: self.tags.clone() }
    }
}
