//! The world `job-planner`.

pub use crate::bindings::exports::weir::filter::jobs::{JobEvent, Rendition};
use crate::{Config, Description, Fault, StreamInfo};

/// A filter that plans encodings which the host runs: it names profiles of the operator's file.
pub trait JobPlanner: Sized + 'static {
    /// What the filter says of itself. Asked without any configuration.
    fn describe() -> Description;

    /// Reads the settings, once per instance.
    ///
    /// # Errors
    /// [`Fault::InvalidConfig`] keeps the filter from being loaded.
    fn configure(config: Config) -> Result<Self, Fault>;

    /// Which renditions of this stream to make.
    ///
    /// # Errors
    /// A fault means none, and stands in the log.
    fn plan(&mut self, stream: &StreamInfo) -> Result<Vec<Rendition>, Fault>;

    /// What became of one.
    fn on_job(&mut self, stream: u64, suffix: &str, event: &JobEvent) {
        let _ = (stream, suffix, event);
    }
}
