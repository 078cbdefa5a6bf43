//! What is published: for those who carry it elsewhere.

use std::sync::Arc;

use fanout::StreamKey as StreamName;
use filter::session::{Attributes, ConnectionInfo, StreamKey};

use crate::via::Via;

/// A publication that began and has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Its number, never used twice in the life of the router.
    pub id: u64,
    /// The application as it is configured, the public name behind it, and the arguments of the publisher.
    pub key: StreamKey,
    /// Where the session filters want it pushed to as long as it lives.
    pub push_to: Vec<String>,
    /// Where it has been, this place included.
    pub via: Via,
    /// Who publishes it.
    pub publisher: Arc<ConnectionInfo>,
    /// What the session filters left with their allowance.
    pub tags: Attributes,
    /// Names of the filters that each of its viewers has for itself, as it was configured when this began.
    pub egress: Vec<String>,
    /// The stream that the house made it from, if it did.
    pub derived_from: Option<StreamName>,
}
