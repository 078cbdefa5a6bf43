//! What the host does for a filter.

#[cfg(target_arch = "wasm32")]
pub(crate) use crate::bindings::weir::filter as imports;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use crate::testing::imports;

/// A secret by the name it has in the operator's file.
pub fn secret(name: &str) -> Option<String> {
    imports::config::secret(name)
}

/// The filter's voice in the router's log; rate-limited.
pub mod log {
    pub use super::imports::log::{Level, enabled};

    /// One line with fields.
    pub fn write(level: Level, message: &str, fields: &[(&str, &str)]) {
        let fields: Vec<_> = fields.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        super::imports::log::write(level, message, &fields);
    }

    /// Something broke in the filter.
    pub fn error(message: &str) {
        write(Level::Error, message, &[]);
    }

    /// Something is wrong with the stream or the peer.
    pub fn warn(message: &str) {
        write(Level::Warn, message, &[]);
    }

    /// Births and ends; never once per frame.
    pub fn info(message: &str) {
        write(Level::Info, message, &[]);
    }

    /// For the filter's author.
    pub fn debug(message: &str) {
        write(Level::Debug, message, &[]);
    }
}

/// Numbers of the filter's own, exported beside the router's.
pub mod metrics {
    pub use super::imports::metrics::{add, observe, set};
}

/// Time; virtual in the offline runner.
pub mod clock {
    pub use super::imports::clock::{monotonic_ns, unix_ms};
}

/// Random bytes. By grant: `entropy`.
pub mod entropy {
    pub use super::imports::entropy::fill;
}

/// Small values kept by the host. By grant: `kv:BUCKET`.
pub mod kv {
    pub use super::imports::kv::{Item, KvError, add, compare_and_set, delete, get, set};

    /// An error in words, for the log: it is the operator's, and no peer is to be shown it.
    pub fn why(error: &KvError) -> String {
        match error {
            KvError::NoSuchBucket => "there is no such bucket".into(),
            KvError::Denied => "the bucket is not among the filter's `grants`".into(),
            KvError::TooLarge => "the key or the value is too large".into(),
            KvError::Conflict => "others have changed the value".into(),
            KvError::Unavailable(why) => why.clone(),
        }
    }
}

/// HTTP to the origins granted. By grant: `http:ORIGIN`.
pub mod outbound {
    pub use super::imports::outbound::{CallError, Request, Response, send};
}

/// What a media filter adds to its stream, and the streams it makes beside it.
pub mod output {
    pub use super::imports::output::{
        Derived, OutputError, Packet, Pressure, add_track, drop_held, emit_after, emit_before, release_held,
        set_metadata,
    };
}
