//! The PROXY protocol: a load balancer says, before anything else, whose connection it passes on.
//!
//! The header is believed if it comes from a trusted address, and only then: whoever may write one may be anyone.

pub(crate) mod accept;
mod header;
mod network;

use std::sync::Arc;

pub use network::{Network, NetworkError};

use crate::address::Peer;

/// From whom a PROXY header is taken. A connection from one of them must begin with one; all others are served as who they
/// are, and a header from them is no RTMP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Arc<[Network]>);

impl Proxies {
    /// Trusts these and nobody else.
    pub fn new(trusted: impl IntoIterator<Item = Network>) -> Proxies {
        Proxies(trusted.into_iter().collect())
    }

    /// Whether a connection from there must begin with a header.
    pub(crate) fn trust(&self, peer: &Peer) -> bool {
        self.0.iter().any(|network| network.holds(peer))
    }
}
