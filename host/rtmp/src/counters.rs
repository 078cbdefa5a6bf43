//! What has happened on all connections together, for the log and for metrics.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Counters of one listener. Each only grows, except `open`.
        #[derive(Debug, Default)]
        pub struct Counters {
            $(pub(crate) $name: AtomicU64,)*
        }

        /// The counters at one moment.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Snapshot {
            $($(#[$doc])* pub $name: u64,)*
        }

        impl Counters {
            /// The counters now; each is read for itself.
            pub fn snapshot(&self) -> Snapshot {
                Snapshot { $($name: self.$name.load(Relaxed),)* }
            }
        }
    };
}

counters! {
    /// Connections accepted since the start.
    accepted,
    /// Connections open now.
    open,
    /// Connections closed at accept because there were `max_connections`.
    refused,
    /// Accepts that failed (no file descriptor left, for example) and were tried again.
    accept_errors,
    /// Connections to an RTMPS address whose TLS handshake failed, or was not finished in time.
    tls_failed,
    /// Connections from a trusted proxy without a good PROXY header, or not in time.
    proxy_failed,
    /// Connections closed because of what the peer sent, or how slowly it sent or read.
    misbehaved,
    /// Players that fell behind and jumped to a key frame: jumps.
    jumps,
    /// Frames that they did not get for it, and pictures without a key frame before them.
    skipped,
    /// Players closed because they fell behind, where the application says so.
    closed_slow,
    /// Peers closed because they took nothing for `write_timeout`.
    closed_stuck,
    /// Publications that began.
    publishes,
    /// Plays that began.
    plays,
    /// connect, publish and play commands that were denied.
    denied,
    /// Bytes read from peers.
    bytes_in,
    /// Bytes written to peers.
    bytes_out,
    /// Media messages taken from publishers.
    messages_in,
    /// Audio and video messages whose headers could not be read; they passed as they were.
    malformed,
    /// Media messages written to players.
    messages_out,
    /// Connections that ended by a panic: a fault of ours, must be 0.
    panics,
}

impl Counters {
    pub(crate) fn add(counter: &AtomicU64, n: u64) {
        counter.fetch_add(n, Relaxed);
    }
}

/// A connection that counts as open until it is dropped, however it ends.
pub(crate) struct Open(pub(crate) std::sync::Arc<Counters>);

impl Open {
    pub(crate) fn new(counters: std::sync::Arc<Counters>) -> Open {
        Counters::add(&counters.open, 1);
        Open(counters)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Relaxed);
    }
}
