//! What can go wrong before a connection exists.

use std::io;

use crate::Address;

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
        address: Address,
        /// The system's reason.
        source: io::Error,
    },
}

fn hint(address: &Address, error: &io::Error) -> &'static str {
    match (error.kind(), address) {
        (io::ErrorKind::PermissionDenied, Address::Tcp(address)) if address.port() < 1024 => {
            "; ports below 1024 need a right of their own: `setcap cap_net_bind_service=+ep` on the binary, \
             AmbientCapabilities=CAP_NET_BIND_SERVICE in its systemd unit, or another port"
        }
        (io::ErrorKind::PermissionDenied, Address::Unix(_)) => {
            "; the user that runs the router needs the right to write to the folder of the file, and to a socket in its place"
        }
        (io::ErrorKind::NotFound, Address::Unix(_)) => {
            "; the folder of the file must be there: RuntimeDirectory= in a systemd unit makes one below /run"
        }
        _ => "",
    }
}
