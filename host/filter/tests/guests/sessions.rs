//! Who may connect, publish and play, asked of real guests.

use std::sync::Arc;
use std::time::Duration;

use filter::counters::{Hook, Metric};
use filter::session::{
    ConnectionInfo, Decision, EndReason, PlayRequest, PublishRequest, Reached, Role, SessionRef, StreamKey, Summary,
};
use filter::{Filter, Limits, OnFailure, SessionChain, Spec};
use serde_json::json;

use crate::kit::*;

fn publish(name: &str, query: &[(&str, &str)]) -> PublishRequest {
    let query = query.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    PublishRequest {
        conn: Arc::new(ConnectionInfo {
            id: 3,
            app: "live".into(),
            peer_ip: "127.0.0.1".into(),
            ..ConnectionInfo::default()
        }),
        key: StreamKey { app: "live".into(), name: name.into(), query },
        mode: "live".into(),
        takes_over: false,
    }
}

fn play() -> PlayRequest {
    let PublishRequest { conn, key, .. } = publish("cam", &[]);
    PlayRequest { conn, key, start_ms: -2000, duration_ms: -1 }
}

fn who(tags: &[(String, String)]) -> SessionRef {
    let PublishRequest { conn, key, .. } = publish("cam", &[]);
    SessionRef { conn, role: Role::Publishing, stream: Some(9), key: Some(key), tags: tags.to_vec() }
}

async fn scripted(config: serde_json::Value) -> Arc<Filter> {
    load(&runtime(), spec("conformance/session", config)).await
}

#[tokio::test]
async fn every_answer_arrives() {
    let it = scripted(json!({
        "publish": { "allow": { "rename": "live/public", "tags": { "plan": "gold" }, "max_kbps": 3000, "max_duration_ms": 60000, "recheck_ms": 5 } },
        "play": { "redirect": { "url": "rtmp://b/live/x", "permanent": true } },
        "recheck": { "deny": { "code": "NetStream.Publish.Denied", "reason": "kicked", "disconnect": true, "hold_ms": 99999 } },
        "rechecks": 2
    }))
    .await;
    let chain = SessionChain::new(vec![it.clone()]);
    assert_eq!(chain.on_connect(&publish("cam", &[]).conn, &mut Reached::default()).await, Decision::Abstain);
    let Decision::Allow(grant) = chain.on_publish(&publish("secret", &[]), &mut Reached::default()).await else {
        panic!("allowed")
    };
    assert_eq!(grant.rename.map(|k| (k.app, k.name)), Some(("live".into(), "public".into())));
    assert_eq!((grant.max_kbps, grant.max_duration_ms, grant.recheck_ms), (Some(3000), Some(60_000), Some(100)));
    assert_eq!(grant.tags, [("plan".to_owned(), "gold".to_owned())]);
    let Decision::Redirect(to) = chain.on_play(&play(), &mut Reached::default()).await else { panic!("redirected") };
    assert_eq!((to.url.as_str(), to.permanent), ("rtmp://b/live/x", true));
    let mut tags = Vec::new();
    for _ in 0..2 {
        let Decision::Allow(grant) = chain.on_recheck(&who(&tags)).await else { panic!("goes on") };
        tags.extend(grant.tags);
    }
    let Decision::Deny(no) = chain.on_recheck(&who(&tags)).await else { panic!("kicked") };
    assert_eq!(
        (no.code.as_str(), no.reason.as_str(), no.disconnect, no.hold_ms),
        ("NetStream.Publish.Denied", "kicked", true, 10_000)
    );
    let how = Summary { bytes_in: 1, bytes_out: 2, duration_ms: 3, reason: EndReason::Denied };
    chain.on_close(&who(&tags), how).await;
    let report = it.counters();
    assert_eq!(report.metrics.get("closed"), Some(&Metric::Counter(1)));
    assert_eq!((report.answers(Hook::Publish, "allow"), report.answers(Hook::Recheck, "deny")), (1, 1));
}

#[tokio::test]
async fn a_chain_asks_in_order_until_somebody_says_no() {
    let allow = |n: u32| json!({ "publish": { "allow": { "tags": { "n": n.to_string() }, "max_kbps": n } } });
    let (a, b) = (scripted(allow(1)).await, scripted(allow(2)).await);
    let abstain = scripted(json!({})).await;
    let deny = scripted(json!({ "publish": { "deny": { "reason": "not you" } } })).await;
    let never = scripted(allow(9)).await;
    let chain = SessionChain::new(vec![a.clone(), abstain.clone(), b.clone()]);
    let Decision::Allow(grant) = chain.on_publish(&publish("cam", &[]), &mut Reached::default()).await else {
        panic!("allowed")
    };
    assert_eq!((grant.max_kbps, grant.tags.len()), (Some(2), 2));
    let chain = SessionChain::new(vec![a, deny, never.clone()]);
    let Decision::Deny(no) = chain.on_publish(&publish("cam", &[]), &mut Reached::default()).await else {
        panic!("denied")
    };
    assert_eq!(no.reason, "not you");
    assert!(never.counters().hook(Hook::Publish).is_none(), "nobody behind a denial is asked");
    assert_eq!(
        SessionChain::new(vec![abstain]).on_publish(&publish("cam", &[]), &mut Reached::default()).await,
        Decision::Abstain
    );
    assert_eq!(
        SessionChain::new(vec![]).on_publish(&publish("cam", &[]), &mut Reached::default()).await,
        Decision::Abstain
    );
}

#[tokio::test]
async fn whatever_a_guest_does_the_answer_is_no() {
    let limits = Limits { session_time: Duration::from_millis(300), ..Limits::default() };
    for deed in ["loop", "trap", "panic", "grow", "recurse", "call-flood"] {
        let bad = spec("conformance/session", json!({ "publish": { "misbehave": deed } }));
        let it = load(&runtime(), Spec { limits: limits.clone(), ..bad.clone() }).await;
        let chain = SessionChain::new(vec![it.clone()]);
        let Decision::Deny(no) = chain.on_publish(&publish("cam", &[]), &mut Reached::default()).await else {
            panic!("{deed}")
        };
        assert!(!no.reason.contains("wasm"), "a peer learns nothing of it: {}", no.reason);
        let events = it.counters().events;
        assert_eq!(events.traps + events.deadline_misses, 2, "{deed}: asked once more on another instance");
        // Growing and the like may run into the deadline before they run into their limit.
        let late = events.deadline_misses > 0;
        assert!(late || deed != "loop", "{deed}: {}", it.counters());
        assert!(!late || !["trap", "panic"].contains(&deed), "{deed}: {}", it.counters());
        assert_eq!(
            chain.on_play(&play(), &mut Reached::default()).await,
            Decision::Abstain,
            "{deed}: other hooks work"
        );
        let it =
            load(&runtime(), Spec { limits: limits.clone(), on_failure: OnFailure::parse("allow").unwrap(), ..bad })
                .await;
        assert!(
            matches!(
                SessionChain::new(vec![it]).on_publish(&publish("cam", &[]), &mut Reached::default()).await,
                Decision::Allow(_)
            ),
            "{deed}"
        );
    }
}

#[tokio::test]
async fn a_runaway_does_not_hold_the_thread() {
    // One thread for everything: if the guest kept it, the other question would wait for the deadline of the first.
    let limits = Limits { session_time: Duration::from_secs(2), ..Limits::default() };
    let it =
        load(&runtime(), Spec { limits, ..spec("conformance/session", json!({ "publish": { "misbehave": "loop" } })) })
            .await;
    let chain = SessionChain::new(vec![it.clone()]);
    let other = SessionChain::new(vec![scripted(json!({ "play": { "allow": {} } })).await]);
    let runaway = tokio::spawn(async move { chain.on_publish(&publish("cam", &[]), &mut Reached::default()).await });
    let mut answered = 0;
    while !runaway.is_finished() {
        assert!(matches!(other.on_play(&play(), &mut Reached::default()).await, Decision::Allow(_)));
        tokio::task::yield_now().await;
        answered += 1;
    }
    assert!(answered > 10, "{answered} answers while the other filter ran");
    assert!(matches!(runaway.await.unwrap(), Decision::Deny(_)));
}

/// Sessions end by the dozen, and the filter takes its time to hear of each.
async fn many_end(limits: Limits, ends: usize) -> (Arc<Filter>, SessionChain) {
    let limits = Limits { session_time: Duration::from_millis(20), session_instances: 2, ..limits };
    let config = json!({ "close": "loop", "play": { "allow": {} } });
    let it = load(&runtime(), Spec { limits, ..spec("conformance/session", config) }).await;
    let chain = SessionChain::new(vec![it.clone()]);
    for _ in 0..ends {
        let chain = chain.clone();
        tokio::spawn(async move {
            let how = Summary { bytes_in: 1, bytes_out: 2, duration_ms: 3, reason: EndReason::Denied };
            chain.on_close(&who(&[]), how).await;
        });
    }
    // One thread: each of them has been as far as it gets.
    tokio::task::yield_now().await;
    (it, chain)
}

#[tokio::test]
async fn who_asks_does_not_wait_behind_those_who_have_gone() {
    let (it, chain) = many_end(Limits::default(), 60).await;
    for _ in 0..3 {
        assert!(matches!(chain.on_play(&play(), &mut Reached::default()).await, Decision::Allow(_)));
    }
    let closed = |report: &filter::counters::Report| match report.metrics.get("closed") {
        Some(Metric::Counter(n)) => *n,
        other => panic!("{other:?}"),
    };
    let report = it.counters();
    assert!(closed(&report) <= 20, "the answers came behind most of the ends: {report}");
    assert_eq!(report.events.untold_closes, 0);
    // In the end it hears of all, of each once more because it failed.
    comes("word of every end", || closed(&it.counters()) >= 120).await;
}

#[tokio::test]
async fn ends_that_wait_are_bounded() {
    let (it, _) = many_end(Limits { session_closes: 5, ..Limits::default() }, 20).await;
    let report = it.counters();
    assert_eq!(report.events.untold_closes, 15, "{report}");
    assert!(report.to_string().contains("untold_closes=15"), "{report}");
}

#[tokio::test]
async fn a_filter_that_is_not_there_denies() {
    let (it, loaded) = runtime().load(Spec::new("gone", "/nonexistent/gone.wasm")).await;
    assert!(loaded.is_err());
    let chain = SessionChain::new(vec![it]);
    assert!(matches!(chain.on_connect(&publish("cam", &[]).conn, &mut Reached::default()).await, Decision::Deny(_)));
    let media = load(&runtime(), spec("conformance/noop", json!({}))).await;
    assert!(
        matches!(SessionChain::new(vec![media]).on_play(&play(), &mut Reached::default()).await, Decision::Deny(_)),
        "nor does one without session hooks"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_are_asked_at_once_on_few_instances() {
    let limits = Limits { session_instances: 3, ..Limits::default() };
    let it =
        load(&runtime(), Spec { limits, ..spec("conformance/session", json!({ "publish": { "allow": {} } })) }).await;
    let chain = SessionChain::new(vec![it.clone()]);
    let asked: Vec<_> = (0..200)
        .map(|_| {
            let chain = chain.clone();
            tokio::spawn(async move { chain.on_publish(&publish("cam", &[]), &mut Reached::default()).await })
        })
        .collect();
    for answer in asked {
        assert!(matches!(answer.await.unwrap(), Decision::Allow(_)));
    }
    let report = it.counters();
    assert_eq!(report.answers(Hook::Publish, "allow"), 200);
    assert!((1..=3).contains(&report.instances), "{report}");
}

#[tokio::test]
async fn a_new_generation_answers_from_the_next_question_on() {
    let answer = |reason: &str| spec("conformance/session", json!({ "publish": { "deny": { "reason": reason } } }));
    let it = load(&runtime(), answer("old")).await;
    let chain = SessionChain::new(vec![it.clone()]);
    let reason = async || match chain.on_publish(&publish("cam", &[]), &mut Reached::default()).await {
        Decision::Deny(no) => no.reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(reason().await, "old");
    it.reload(answer("new")).await.unwrap();
    assert_eq!(reason().await, "new");
    it.reload(spec("conformance/session", json!({ "publish": 3 }))).await.unwrap_err();
    assert_eq!(reason().await, "new");
}

#[tokio::test]
async fn the_shipped_token_filter_tells_right_from_wrong() {
    let it = load(&runtime(), spec("token-auth", json!({ "keys": ["sesame"] }))).await;
    let chain = SessionChain::new(vec![it]);
    let names = ["key", "token"];
    let mut allowed = 0;
    for name in names {
        match chain.on_publish(&publish("cam", &[(name, "sesame")]), &mut Reached::default()).await {
            Decision::Allow(_) => allowed += 1,
            Decision::Deny(no) => assert!(!no.reason.is_empty()),
            other => panic!("{other:?}"),
        }
        let Decision::Deny(no) = chain.on_publish(&publish("cam", &[(name, "wrong")]), &mut Reached::default()).await
        else {
            panic!("let in")
        };
        assert!(!no.reason.is_empty());
    }
    assert!(allowed > 0);
}
