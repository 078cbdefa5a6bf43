//! A job planner that plans what its configuration says.

use std::collections::BTreeMap;

use guest_sdk::{Config, Description, Fault, JobEvent, JobPlanner, Rendition, StreamInfo, log, metrics};
use serde::Deserialize;

/// The plan for every stream.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    renditions: Vec<Planning>,
    /// Streams of this application are refused.
    refuse_app: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Planning {
    suffix: String,
    profile: String,
    #[serde(default)]
    params: BTreeMap<String, String>,
    #[serde(default)]
    priority: u8,
}

impl JobPlanner for Planned {
    fn describe() -> Description {
        Description::new("planned", env!("CARGO_PKG_VERSION"), "Plans what its configuration says.")
    }

    fn configure(config: Config) -> Result<Planned, Fault> {
        config.parse()
    }

    fn plan(&mut self, stream: &StreamInfo) -> Result<Vec<Rendition>, Fault> {
        if self.refuse_app.as_ref() == Some(&stream.key.app) {
            return Err(Fault::Unsupported(format!("no renditions in {}", stream.key.app)));
        }
        let rendition = |p: &Planning| Rendition {
            suffix: p.suffix.clone(),
            profile: p.profile.clone(),
            params: p.params.clone().into_iter().collect(),
            priority: p.priority,
        };
        Ok(self.renditions.iter().map(rendition).collect())
    }

    fn on_job(&mut self, stream: u64, suffix: &str, event: &JobEvent) {
        metrics::add("job_events", 1);
        let (stream, event) = (stream.to_string(), format!("{event:?}"));
        log::write(log::Level::Info, "job", &[("stream", &stream), ("suffix", suffix), ("event", &event)]);
    }
}

guest_sdk::export_jobs!(Planned);
