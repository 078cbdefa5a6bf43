//! Plans smaller renditions of a stream, for an encoder that the router runs.

mod config;

use guest_sdk::{Config, Description, Fault, JobEvent, JobPlanner, Rendition, StreamInfo, log, metrics};

use crate::config::{Rung, Settings};

/// Plans those renditions that are smaller than the stream.
pub struct Ladder {
    settings: Settings,
}

/// A picture's size.
#[derive(Clone, Copy)]
struct Size {
    width: u32,
    height: u32,
}

impl Size {
    /// The picture of the stream's first video track whose header could be read.
    fn of(stream: &StreamInfo) -> Option<Size> {
        let videos = stream.tracks.iter().filter_map(|track| track.video.as_ref());
        let mut sizes = videos.map(|video| Size { width: video.width, height: video.height });
        sizes.find(|size| size.width > 0 && size.height > 0)
    }

    /// The same shape at another height, to the nearest even number: codecs want those.
    fn at(self, height: u32) -> Size {
        let (width, of) = (u64::from(self.width) * u64::from(height), u64::from(self.height));
        let pairs = ((width + of) / (2 * of)).max(1);
        Size { width: u32::try_from(pairs * 2).unwrap_or(u32::MAX), height }
    }

    /// What is enough for most pictures: 0.1 bit per pixel, 25 pictures per second.
    fn usual_kbps(self) -> u32 {
        let bits = u64::from(self.width) * u64::from(self.height) * 25 / 10;
        u32::try_from(bits / 1000).unwrap_or(u32::MAX).clamp(64, 200_000)
    }
}

fn rendition(rung: &Rung, size: Size) -> Rendition {
    let own = [
        ("width", size.width),
        ("height", size.height),
        ("video_kbps", rung.video_kbps.unwrap_or(size.usual_kbps())),
        ("audio_kbps", rung.audio_kbps),
    ];
    let own = own.into_iter().map(|(name, value)| (name.to_owned(), value.to_string()));
    Rendition {
        suffix: rung.suffix.clone(),
        profile: rung.profile.clone(),
        params: own.chain(rung.params.clone()).collect(),
        priority: rung.priority,
    }
}

impl JobPlanner for Ladder {
    fn describe() -> Description {
        let summary = "Plans smaller renditions of a stream, for an encoder that the router runs.";
        Description::new("ladder", env!("CARGO_PKG_VERSION"), summary)
            .with_config_schema(include_str!("../config.schema.json"))
    }

    fn configure(config: Config) -> Result<Ladder, Fault> {
        Settings::read(&config).map(|settings| Ladder { settings })
    }

    fn plan(&mut self, stream: &StreamInfo) -> Result<Vec<Rendition>, Fault> {
        let Settings { rungs, same_height, apps } = &self.settings;
        if !apps.is_empty() && !apps.contains(&stream.key.app) {
            return Ok(Vec::new());
        }
        let source = Size::of(stream).ok_or_else(|| Fault::Unsupported("no picture whose size is known".into()))?;
        let fits = |rung: &&Rung| rung.height < source.height || (*same_height && rung.height == source.height);
        Ok(rungs.iter().filter(fits).map(|rung| rendition(rung, source.at(rung.height))).collect())
    }

    fn on_job(&mut self, _: u64, suffix: &str, event: &JobEvent) {
        match event {
            JobEvent::Started => metrics::add("started", 1),
            JobEvent::Restarted(_) => metrics::add("restarted", 1),
            JobEvent::Ended(_) => metrics::add("ended", 1),
            JobEvent::Failed(_) => metrics::add("failed", 1),
            JobEvent::Progress((_, speed)) => {
                metrics::set(&format!("speed{suffix}"), f64::from(*speed));
                if *speed < 0.9 {
                    metrics::add("behind", 1);
                    let speed = format!("{speed:.2}");
                    log::write(
                        log::Level::Warn,
                        "the encoder is slower than the stream",
                        &[("suffix", suffix), ("speed", &speed)],
                    );
                }
            }
        }
    }
}

guest_sdk::export_jobs!(Ladder);
