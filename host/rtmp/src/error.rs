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
    /// Addresses for RTMPS, and no certificate to show there.
    #[error("rtmps: an address to listen on, but no certificate")]
    NoCertificate,
    /// The address is taken, not ours, or not allowed.
    #[error("rtmp: cannot listen on {address}: {source}{}", hint(.address, .source))]
    Bind {
        /// The address as it was configured.
        address: SocketAddr,
        /// The system's reason.
        source: io::Error,
    },
}

fn hint(address: &SocketAddr, error: &io::Error) -> &'static str {
    if error.kind() == io::ErrorKind::PermissionDenied && address.port() < 1024 {
        "; ports below 1024 need a right of their own: `setcap cap_net_bind_service=+ep` on the binary, \
         AmbientCapabilities=CAP_NET_BIND_SERVICE in its systemd unit, or another port"
    } else {
        ""
    }
}
