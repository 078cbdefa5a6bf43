//! What can go wrong before a connection exists.

use std::io;
use std::net::SocketAddr;

/// A listener that cannot listen. The fault is the configuration's or the machine's, never a peer's.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No address was given.
    #[error("rtmp: no address to listen on")]
    NoAddress,
    /// The address is taken, not ours, or not allowed.
    #[error("rtmp: cannot listen on {address}: {source}")]
    Bind {
        /// The address as it was configured.
        address: SocketAddr,
        /// The system's reason.
        source: io::Error,
    },
}
