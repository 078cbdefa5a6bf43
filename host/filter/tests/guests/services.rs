//! What guests may call by grant.

use filter::counters::Metric;
use filter::rollout::Shadow;
use filter::{Filter, Grants, Reloaded, Runtime, RuntimeConfig, Spec, kv};
use media::metadata::Value;
use media::{Frame, Metadata};
use serde_json::json;

use crate::kit::*;

/// What `conformance/media-granted` reports of a data message, by name.
fn report(filter: &std::sync::Arc<Filter>) -> Vec<(String, String)> {
    let out: Vec<Frame> = all(filter, [data(0, Metadata { name: "onMetaData".into(), value: Value::Null })]);
    let reported = out.iter().filter_map(|f| f.metadata.as_deref()).find(|m| m.name == "onGranted").unwrap();
    let Value::Object(fields) = &reported.value else { panic!("{reported:?}") };
    let text = |v: &Value| if let Value::Text(t) = v { t.to_string() } else { panic!("{v:?}") };
    fields.iter().map(|(k, v)| (k.to_string(), text(v))).collect()
}

fn granted(grants: &[&str]) -> Spec {
    Spec { grants: Grants::parse(grants).unwrap(), ..spec("conformance/media-granted", json!({})) }
}

fn field<'r>(report: &'r [(String, String)], name: &str) -> &'r str {
    &report.iter().find(|(k, _)| k == name).unwrap().1
}

#[tokio::test]
async fn a_bucket_keeps_what_the_filter_writes() {
    let it = load(&runtime(), granted(&["entropy", "kv:conformance"])).await;
    let first = report(&it);
    let expected = [
        ("set", "true"),
        ("get", "Ok(Some(\"one\"))"),
        ("swapped", "true"),
        ("conflict", "Err(KvError::Conflict)"),
        ("add", "Ok(2)"),
        ("deleted", "Ok(true)"),
        ("other", "Err(KvError::Denied)"),
    ];
    for (name, value) in expected {
        assert_eq!(field(&first, name), value, "{first:?}");
    }
    assert_eq!(field(&report(&it), "add"), "Ok(4)", "another stream finds it");
}

#[tokio::test]
async fn a_bucket_is_there_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = Some(folder.path().join("kv.redb"));
    let settings = || RuntimeConfig {
        kv: kv::Settings { file: file.clone(), ..kv::Settings::default() },
        ..runtime().config().clone()
    };
    for sum in ["Ok(2)", "Ok(4)"] {
        let runtime = Runtime::new(settings()).unwrap();
        let it = load(&runtime, granted(&["entropy", "kv:conformance"])).await;
        assert_eq!(field(&report(&it), "add"), sum);
    }
    let runtime = Runtime::new(settings()).unwrap();
    let _first = load(&runtime, granted(&["entropy", "kv:conformance"])).await;
    let second = Runtime::new(settings()).unwrap();
    let text = second.load(granted(&["entropy", "kv:conformance"])).await.1.unwrap_err().to_string();
    assert!(text.contains("kv.redb") && text.contains("another router"), "{text}");
}

fn counting(version: u32) -> Spec {
    let grants = Grants::parse(["entropy", "kv:conformance"]).unwrap();
    Spec { grants, ..spec("conformance/media-granted", json!({ "count": true, "version": version })) }
}

/// Frames in the bucket and as a metric, after some more went through.
fn counted(filter: &std::sync::Arc<Filter>) -> (String, Option<Metric>) {
    (field(&report(filter), "frames").to_owned(), filter.counters().metrics.get("frames").copied())
}

#[tokio::test]
async fn what_a_newcomer_counts_while_it_is_warmed_does_not_last() {
    let it = load(&still(), counting(1)).await;
    assert_eq!(field(&report(&it), "opened"), "Ok(1)", "a trial is no stream");
    let mut chain = chain(&it);
    push(&mut chain, video(0..4, 5)).unwrap();
    it.reload(counting(2)).await.unwrap();
    push(&mut chain, video(4..30, 5)).unwrap();
    let events = it.counters().events;
    assert!(events.swaps == 1 && events.warm_up_frames > 0, "{events:?}");
    assert_eq!(counted(&it), ("Ok(30)".into(), Some(Metric::Counter(30))));
}

#[tokio::test]
async fn what_runs_beside_writes_and_counts_for_nobody() {
    let it = load(&runtime(), counting(1)).await;
    let mut chain = chain(&it);
    push(&mut chain, video(0..4, 5)).unwrap();
    let mut next = counting(2);
    next.swap.shadow = Shadow::Time(std::time::Duration::from_secs(600));
    assert!(matches!(it.reload(next).await.unwrap(), Reloaded::Beside { .. }));
    push(&mut chain, video(4..200, 5)).unwrap();
    // Those on the other thread are through when it has counted them.
    until(&it, "the frames beside", |report| report.events.shadow_frames >= 190);
    assert_eq!(counted(&it), ("Ok(200)".into(), Some(Metric::Counter(200))));
}

#[tokio::test]
async fn only_granted_buckets_open() {
    let it = load(&runtime(), granted(&["entropy", "kv:another"])).await;
    let report = report(&it);
    assert_eq!((field(&report, "set"), field(&report, "other")), ("false", "Ok(false)"), "{report:?}");
}
