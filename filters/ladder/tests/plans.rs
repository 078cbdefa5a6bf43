//! Which renditions of which stream.

use guest_sdk::testing::{Jobs, audio_track, counter, gauge, log, stream, video_track};
use guest_sdk::{Fault, JobEvent, JobPlanner, Rendition, StreamInfo, TrackInfo};
use ladder::Ladder;

fn open(config: &str) -> Jobs<Ladder> {
    Jobs::open(config).unwrap()
}

fn of(tracks: Vec<TrackInfo>) -> StreamInfo {
    StreamInfo { tracks, ..stream("live/cam") }
}

fn plan(config: &str, width: u32, height: u32) -> Vec<Rendition> {
    open(config).plan(&of(vec![audio_track(), video_track(width, height)])).unwrap()
}

fn param<'r>(rendition: &'r Rendition, name: &str) -> &'r str {
    let mut found = rendition.params.iter().filter(|(k, _)| k == name).map(|(_, v)| v.as_str());
    let value = found.next().unwrap_or_else(|| panic!("{name} in {rendition:?}"));
    assert_eq!(found.next(), None, "{name} twice");
    value
}

const THREE: &str = r#"{ "renditions": [{ "height": 720 }, { "height": 480, "video_kbps": 900, "audio_kbps": 64 }, { "height": 240 }] }"#;

#[test]
fn only_what_is_smaller_than_the_stream_is_made() {
    let suffixes =
        |width, height| plan(THREE, width, height).iter().map(|r| r.suffix.clone()).collect::<Vec<_>>().join(" ");
    assert_eq!(suffixes(1920, 1080), "_720p _480p _240p");
    assert_eq!(suffixes(1280, 720), "_480p _240p");
    assert_eq!(suffixes(640, 360), "_240p");
    assert_eq!(suffixes(320, 180), "");
    let same = THREE.replace("{ \"rend", "{ \"same_height\": true, \"rend");
    assert_eq!(plan(&same, 1280, 720).len(), 3);
}

#[test]
fn the_shape_of_the_picture_stays_and_its_sides_are_even() {
    for ((width, height), expected) in [
        ((1920, 1080), "426 240"),
        ((1440, 1080), "320 240"),
        ((1080, 1920), "136 240"),
        ((1919, 1081), "426 240"),
        ((8192, 300), "6554 240"),
    ] {
        let plan = plan(THREE, width, height);
        let small = plan.last().unwrap();
        assert_eq!(format!("{} {}", param(small, "width"), param(small, "height")), expected, "{width}x{height}");
    }
}

#[test]
fn rates_are_the_operators_or_follow_the_size() {
    let plan = plan(THREE, 1920, 1080);
    let rates: Vec<_> = plan.iter().map(|r| (param(r, "video_kbps"), param(r, "audio_kbps"))).collect();
    assert_eq!(rates, [("2304", "128"), ("900", "64"), ("255", "128")]);
}

#[test]
fn the_smallest_goes_first_unless_it_is_said_otherwise() {
    let priorities: Vec<u8> = plan(THREE, 1920, 1080).iter().map(|r| r.priority).collect();
    assert_eq!(priorities, [198, 199, 200]);
    let own = r#"{ "profile": "p", "renditions": [{ "height": 480, "priority": 7, "profile": "gpu", "suffix": "_sd", "params": { "preset": "slow" } }] }"#;
    let plan = plan(own, 1920, 1080);
    assert_eq!((plan[0].priority, plan[0].profile.as_str(), plan[0].suffix.as_str()), (7, "gpu", "_sd"));
    assert_eq!(param(&plan[0], "preset"), "slow");
}

#[test]
fn without_a_picture_nothing_is_planned() {
    let mut ladder = open(THREE);
    assert!(matches!(ladder.plan(&of(vec![audio_track()])), Err(Fault::Unsupported(_))));
    let other = THREE.replace("{ \"rend", "{ \"apps\": [\"show\"], \"rend");
    assert_eq!(plan(&other, 1920, 1080), []);
}

#[test]
fn a_wrong_configuration_names_the_key() {
    for (config, what) in [
        (r#"{}"#, "missing field `renditions`"),
        (r#"{ "renditions": [] }"#, "renditions: empty"),
        (r#"{ "renditions": [{ "height": 241 }] }"#, "renditions[0].height: 241 is none"),
        (r#"{ "renditions": [{ "height": 240, "hight": 1 }] }"#, "renditions[0].hight: unknown field"),
        (r#"{ "renditions": [{ "height": 240, "suffix": "a/b" }] }"#, "renditions[0].suffix: `a/b` is none"),
        (
            r#"{ "renditions": [{ "height": 240 }, { "height": 240 }] }"#,
            "renditions[1].suffix: `_240p` is there already",
        ),
        (r#"{ "renditions": [{ "height": 240, "audio_kbps": 1 }] }"#, "renditions[0].audio_kbps: expected 8 to 1024"),
        (r#"{ "renditions": [{ "height": 240, "params": { "width": "1" } }] }"#, "params.width: this one follows"),
    ] {
        match Jobs::<Ladder>::open(config).map(|_| ()) {
            Err(Fault::InvalidConfig(why)) => assert!(why.contains(what), "{why}"),
            other => panic!("{config}: {other:?}"),
        }
    }
}

#[test]
fn an_encoder_that_falls_behind_is_told() {
    let mut ladder = open(THREE);
    ladder.on_job(1, "_240p", &JobEvent::Started);
    ladder.on_job(1, "_240p", &JobEvent::Progress((25.0, 1.0)));
    assert!(log().is_empty());
    ladder.on_job(1, "_240p", &JobEvent::Progress((12.0, 0.5)));
    assert!(log()[0].message.contains("slower"), "{:?}", log());
    assert_eq!((counter("started"), counter("behind"), gauge("speed_240p")), (1, 1, Some(0.5)));
}

#[test]
fn the_schema_is_json() {
    let schema = Ladder::describe().config_schema.unwrap();
    serde_json::from_str::<serde_json::Value>(&schema).unwrap();
}
