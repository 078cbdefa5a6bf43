//! The stream that a chain is of. Its filters and their instances share one value.

use std::sync::Arc;

use crate::session::{Attributes, ConnectionInfo, StreamKey};

/// The stream that filters are opened for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamInfo {
    /// Never used twice in the life of a router.
    pub id: u64,
    /// The public name, after any rename.
    pub key: StreamKey,
    /// Who publishes it.
    pub publisher: Arc<ConnectionInfo>,
    /// What the session filters left with their `allow`.
    pub tags: Attributes,
    /// For whom, where the chain is one viewer's own ([`Placement::Egress`](crate::Placement::Egress)).
    pub viewer: Option<Arc<Viewer>>,
}

impl StreamInfo {
    /// The stream as logs name it; empty for that of a trial, which has no name.
    pub(crate) fn stream(&self) -> String {
        match self.key.name.is_empty() {
            true => String::new(),
            false => format!("{}/{}", self.key.app, self.key.name),
        }
    }

    /// Who answers for calls about it, for what is remembered of calls: a stream of a publisher, or a viewer of it. One that comes again
    /// is another connection from the same address; somebody else under the same name, from another one, has done nothing.
    pub(crate) fn party(&self) -> String {
        let party = format!("{} from {}", self.stream(), self.publisher.peer_ip);
        match &self.viewer {
            None => party,
            Some(viewer) => format!("{party} for {}", viewer.conn.peer_ip),
        }
    }
}

/// One who plays a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    /// The number of the play, never used twice in the life of a router.
    pub id: u64,
    /// Whose connection.
    pub conn: Arc<ConnectionInfo>,
    /// The name as it was asked for, before any rename, with its query.
    pub key: StreamKey,
    /// What the session filters left with their `allow` of the connect and of the play.
    pub tags: Attributes,
}
