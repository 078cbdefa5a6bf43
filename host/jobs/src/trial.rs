//! What is wrong with a planner's plan, before there is a stream.

use std::collections::BTreeMap;
use std::sync::Arc;

use filter::planner::Unplanned;
use filter::{Filter, Planner, StreamInfo};
use media::track::{AudioParams, Info, VideoParams};
use media::{FourCc, Kind};
use router::StreamKey;

use crate::{Order, Profile};

/// Asks a planner for the plan of a stream that is large enough for everything, and says which of its renditions could not be
/// made, and why.
pub async fn trial(filter: &Arc<Filter>, app: &str, profiles: &BTreeMap<String, Arc<Profile>>) -> Vec<String> {
    let key = StreamKey { app: app.trim_matches('/').to_owned(), name: "trial".to_owned(), query: Vec::new() };
    let stream = StreamInfo { key, ..StreamInfo::default() };
    match Planner::new(Arc::clone(filter)).plan(&stream, &tracks()).await {
        Ok(plan) => {
            let of = |refused, suffix: &str| format!("it plans `{}`: {refused}", suffix.escape_debug());
            plan.iter().filter_map(|r| Order::new(r, profiles).err().map(|refused| of(refused, &r.suffix))).collect()
        }
        // Not every planner plans every stream.
        Err(Unplanned::Said(_)) => Vec::new(),
        Err(Unplanned::Broken(why)) => vec![why],
    }
}

fn tracks() -> [Info; 2] {
    let video = VideoParams { width: 7680, height: 4320, bit_depth: 8, frame_rate: (60, 1), ..VideoParams::default() };
    let audio = AudioParams { sample_rate: 48_000, channels: 2, ..AudioParams::default() };
    [
        Info { video: Some(video), ..Info::new(Kind::Video, 0, FourCc::AVC1) },
        Info { audio: Some(audio), ..Info::new(Kind::Audio, 0, FourCc::MP4A) },
    ]
}
