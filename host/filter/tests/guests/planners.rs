//! Job planners: asked for plans, told what became of them.

use filter::counters::{Hook, Metric};
use filter::planner::{JobEvent, Planner, Rendition, Unplanned};
use filter::{Reloaded, StreamInfo};
use serde_json::json;

use crate::kit::*;

fn config(suffix: &str) -> serde_json::Value {
    let rendition =
        json!({ "suffix": suffix, "profile": "h264", "params": { "height": "240", "note": "a b" }, "priority": 7 });
    json!({ "renditions": [rendition], "refuse_app": "other" })
}

fn rendition(suffix: &str) -> Rendition {
    let params = [("height", "240"), ("note", "a b")].map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
    Rendition { suffix: suffix.into(), profile: "h264".into(), params, priority: 7 }
}

#[tokio::test]
async fn plans_arrive_and_events_are_told() {
    let filter = load(&runtime(), spec("conformance/jobs", config("_a"))).await;
    assert!(filter.worlds().jobs);
    assert_eq!(filter.description().map(|d| d.name), Some("planned".into()));
    let mut planner = Planner::new(filter.clone());
    assert_eq!(planner.plan(&stream("cam"), &[]).await, Ok(vec![rendition("_a")]));
    let mut other = StreamInfo { ..stream("cam") };
    other.key.app = "other".into();
    let refused = planner.plan(&other, &[]).await;
    assert!(matches!(&refused, Err(Unplanned::Said(why)) if why.contains("no renditions in other")), "{refused:?}");
    let events = [
        JobEvent::Started,
        JobEvent::Progress { fps: 25.0, speed: 1.0 },
        JobEvent::Restarted(2),
        JobEvent::Ended(137),
        JobEvent::Failed("no such codec".into()),
    ];
    for event in &events {
        planner.told(7, "_a", event).await;
    }
    let counters = filter.counters();
    assert_eq!(counters.metrics.get("job_events"), Some(&Metric::Counter(5)));
    let calls = |hook| counters.hook(hook).map_or(0, |h| h.latency.calls);
    assert_eq!((calls(Hook::Plan), calls(Hook::Job), counters.events.faults), (2, 5, 1));
    assert_eq!((calls(Hook::Configure), counters.instances), (2, 1), "on trial, and one for all that it is asked");
}

#[tokio::test]
async fn a_new_generation_plans_with_an_instance_of_its_own() {
    let filter = load(&runtime(), spec("conformance/jobs", config("_a"))).await;
    let mut generations = filter.generations();
    let mut planner = Planner::new(filter.clone());
    assert_eq!(planner.plan(&stream("cam"), &[]).await, Ok(vec![rendition("_a")]));
    generations.borrow_and_update();
    let reloaded = filter.reload(spec("conformance/jobs", config("_b"))).await.unwrap();
    assert!(matches!(reloaded, Reloaded::Switched { .. }));
    assert!(generations.has_changed().unwrap());
    assert_eq!(planner.plan(&stream("cam"), &[]).await, Ok(vec![rendition("_b")]));
    assert_eq!(filter.counters().instances, 1, "the old one is gone");

    let other = load(&runtime(), spec("conformance/session", json!({}))).await;
    let broken = Planner::new(other).plan(&stream("cam"), &[]).await;
    assert_eq!(broken, Err(Unplanned::Broken("it has no hooks for jobs".into())));
}
