//! One NetStream's state (RTMP 1.0 §7.2.2).

use crate::id::RequestId;

/// What a NetStream is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NetStream {
    /// Created, or done with what it did.
    #[default]
    Idle,
    /// A publish waits for its answer.
    PublishAsked {
        /// The request.
        id: RequestId,
        /// The name as sent.
        name: String,
    },
    /// Media comes in.
    Publishing {
        /// The name as sent.
        name: String,
    },
    /// A play waits for its answer.
    PlayAsked {
        /// The request.
        id: RequestId,
        /// The name as sent.
        name: String,
        /// Whether it asked to drop what played before.
        reset: bool,
    },
    /// Media goes out.
    Playing,
}

/// What ended when a NetStream went idle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A publish, admitted or not yet.
    Publish,
    /// A play, admitted or not yet.
    Play,
}

impl NetStream {
    /// Goes idle; tells what that ended.
    pub fn end(&mut self) -> Option<Ended> {
        match std::mem::take(self) {
            NetStream::Idle => None,
            NetStream::PublishAsked { .. } | NetStream::Publishing { .. } => Some(Ended::Publish),
            NetStream::PlayAsked { .. } | NetStream::Playing => Some(Ended::Play),
        }
    }

    /// Whether this is the publish, admitted or not yet, of that name.
    pub fn publishes(&self, wanted: &str) -> bool {
        match self {
            NetStream::PublishAsked { name, .. } | NetStream::Publishing { name } => bare(name) == bare(wanted),
            _ => false,
        }
    }

    /// Whether a publish or play waits for its answer under this id.
    pub fn waits_for(&self, request: RequestId) -> bool {
        match self {
            NetStream::PublishAsked { id, .. } | NetStream::PlayAsked { id, .. } => *id == request,
            _ => false,
        }
    }
}

/// The name without its query.
fn bare(name: &str) -> &str {
    name.split_once('?').map_or(name, |(bare, _)| bare)
}

#[cfg(test)]
mod tests;
