//! What session filters decide, as peers notice it.

use std::time::Duration;

use filter::counters::Hook;
use media::Kind;
use router::{App, EndReason, Event, Router};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::guests::{Guests, calls};
use crate::support::*;

/// A router whose application `live` asks a filter that answers as `script` says; in virtual time from here on.
async fn scripted(script: Value) -> (Guests, Router) {
    let guests = Guests::new();
    let session = vec![guests.scripted(script).await];
    tokio::time::pause();
    (guests, router([("live", App { session, ..App::default() })]))
}

#[tokio::test]
async fn without_its_filter_an_application_lets_nobody_in() {
    let guests = Guests::new();
    let session = vec![guests.missing().await];
    let router = router([("live", App { session, ..App::default() }), ("open", App::default())]);
    let refusal = router.connect(peer(&router, "live")).await.unwrap_err();
    assert_eq!(refusal.code, "NetConnection.Connect.Rejected");
    assert!(refusal.disconnect);
    // Another application on the same connection is no way around.
    let connection = connect(&router, "open").await;
    assert!(connection.publish("../live/cam", "live").await.is_err());
    assert!(connect(&router, "").await.publish("live/cam", "live").await.is_err());
    assert!(router.streams().is_empty());
}

#[tokio::test]
async fn a_filter_without_an_opinion_lets_everyone_in() {
    let (_guests, router) = scripted(json!({})).await;
    let _cam = publish(&router, "live", "cam").await.unwrap();
    play(&router, "live", "cam").await.unwrap();
}

#[tokio::test]
async fn a_denial_carries_the_filters_code_and_reason_after_its_hold() {
    let (_guests, router) = scripted(json!({
        "publish": { "deny": { "code": "NetStream.Publish.Closed", "reason": "the studio is closed", "hold_ms": 2500 } },
        "play": { "deny": { "reason": "not you", "disconnect": true } },
    }))
    .await;
    let began = Instant::now();
    let refusal = publish(&router, "live", "cam").await.unwrap_err();
    assert_eq!(
        (refusal.code.as_str(), refusal.description.as_str()),
        ("NetStream.Publish.Closed", "the studio is closed")
    );
    assert!(!refusal.disconnect);
    assert!(began.elapsed() >= Duration::from_millis(2500), "{:?}", began.elapsed());
    assert!(router.streams().is_empty(), "a stream exists only after the yes");

    let refusal = play(&router, "live", "cam").await.unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.description.as_str()), ("NetStream.Play.Failed", "not you"));
    assert!(refusal.disconnect);
    assert!(router.streams().is_empty());
}

#[tokio::test]
async fn a_denied_connect_is_refused() {
    let (_guests, router) = scripted(json!({ "connect": { "deny": { "reason": "not from here" } } })).await;
    let refusal = router.connect(peer(&router, "live")).await.unwrap_err();
    assert_eq!(
        (refusal.code.as_str(), refusal.description.as_str()),
        ("NetConnection.Connect.Rejected", "not from here")
    );
    assert!(refusal.disconnect);
    assert_eq!(router.connections(), 0);
}

#[tokio::test]
async fn an_application_that_only_the_stream_name_reveals_is_asked_too() {
    let guests = Guests::new();
    let session = vec![guests.scripted(json!({ "connect": { "deny": { "reason": "not from here" } } })).await];
    let router = router([("live", App::default()), ("live/vip", App { session, ..App::default() })]);
    let connection = connect(&router, "live").await;
    connection.publish("cam", "live").await.expect("this one is open");
    let refusal = connection.publish("vip/cam", "live").await.unwrap_err();
    assert_eq!(refusal.description, "not from here");
}

#[tokio::test]
async fn a_secret_key_is_published_under_its_public_name() {
    let (_guests, router) = scripted(json!({ "publish": { "allow": { "rename": "live/cam" } } })).await;
    let mut cam = publish(&router, "live", "s3cret?x=1").await.unwrap();
    assert_eq!((cam.key().app.as_str(), cam.key().name.as_str()), ("live", "cam"));
    video(&mut cam, 0, key(1));
    let names: Vec<String> = router.streams().iter().map(|s| s.key.to_string()).collect();
    assert_eq!(names, ["live/cam"], "the secret is nowhere to be seen");
    let mut player = play(&router, "live", "cam").await.unwrap();
    assert_eq!(frames(&mut player).await, [(0, 1)]);
    let refusal = publish(&router, "live", "other").await.unwrap_err();
    assert_eq!(refusal.code, "NetStream.Publish.BadName");
    assert!(!refusal.description.contains("other"), "{refusal}");
}

#[tokio::test]
async fn a_rename_to_what_is_no_name_is_refused() {
    let guests = Guests::new();
    for to in ["live/..", "live/", "live/a\u{7}b"] {
        let session = vec![guests.scripted(json!({ "publish": { "allow": { "rename": to } } })).await];
        let router = router([("live", App { session, ..App::default() })]);
        assert!(publish(&router, "live", "s3cret").await.is_err(), "{to:?}");
        assert!(router.streams().is_empty());
    }
}

#[tokio::test]
async fn a_redirect_names_the_other_place() {
    let (_guests, router) =
        scripted(json!({ "play": { "redirect": { "url": "rtmp://203.0.113.5/live/x", "permanent": true } } })).await;
    let _cam = publish(&router, "live", "cam").await.unwrap();
    let refusal = play(&router, "live", "cam").await.unwrap_err();
    let to = refusal.redirect.clone().expect("a redirect");
    assert_eq!((to.url.as_str(), to.permanent), ("rtmp://203.0.113.5/live/x", true));
    assert!(refusal.description.contains("rtmp://203.0.113.5/live/x"), "{refusal}");
}

#[tokio::test]
async fn a_filter_that_changes_its_mind_ends_the_session() {
    let (_guests, router) = scripted(json!({
        "publish": { "allow": { "recheck_ms": 1000 } },
        "play": { "allow": { "recheck_ms": 1000 } },
        "rechecks": 3, "recheck_ms": 500,
        "recheck": { "deny": { "code": "NetStream.Publish.Expired", "reason": "the token ran out", "disconnect": true } },
    }))
    .await;
    let began = Instant::now();
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    let kick = cam.kicked().await;
    // Asked after 1 s, and then, as the filter says anew, every half second.
    assert_eq!(began.elapsed().as_millis() / 100, 25, "{:?}", began.elapsed());
    assert_eq!((kick.code.as_str(), kick.description.as_str()), ("NetStream.Publish.Expired", "the token ran out"));
    assert_eq!((kick.reason, kick.disconnect), (EndReason::Denied, true));
    assert_eq!(cam.push(Kind::Audio, 0, audio(1), None).unwrap_err(), kick, "nothing passes after the no");
    let Event::Kicked(kick) = event(&mut player).await else { panic!("the player is asked again, too") };
    assert_eq!(kick.description, "the token ran out");
}

#[tokio::test]
async fn a_recheck_is_asked_no_more_often_than_ten_times_a_second() {
    let (_guests, router) = scripted(json!({
        "publish": { "allow": { "recheck_ms": 1 } }, "rechecks": 9, "recheck_ms": 1,
        "recheck": { "deny": { "reason": "no" } },
    }))
    .await;
    let began = Instant::now();
    publish(&router, "live", "cam").await.unwrap().kicked().await;
    assert!(began.elapsed() >= Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_connection_may_end_by_a_second_thought() {
    let (_guests, router) = scripted(json!({
        "connect": { "allow": { "recheck_ms": 1000 } },
        "recheck": { "deny": { "reason": "on the list" } },
    }))
    .await;
    let connection = connect(&router, "live").await;
    let kick = connection.kicked().await;
    assert_eq!((kick.code.as_str(), kick.description.as_str()), ("NetConnection.Connect.Rejected", "on the list"));
    assert!(kick.disconnect);
}

#[tokio::test]
async fn the_time_that_was_allowed_runs_out() {
    let (_guests, router) = scripted(json!({
        "publish": { "allow": { "max_duration_ms": 60_000 } },
        "play": { "allow": { "max_duration_ms": 30_000 } },
    }))
    .await;
    let began = Instant::now();
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    let Event::Kicked(kick) = event(&mut player).await else { panic!("half a minute is over") };
    assert_eq!((kick.reason, began.elapsed().as_secs()), (EndReason::Limit, 30));
    assert_eq!(kick.code, "NetStream.Play.Stop", "to a player that is an end, not a failure");
    let kick = cam.kicked().await;
    assert_eq!((kick.reason, began.elapsed().as_secs()), (EndReason::Limit, 60));
    assert!(cam.push(Kind::Audio, 0, audio(1), None).is_err());
}

#[tokio::test]
async fn a_publisher_may_burst_but_not_stay_over_its_bitrate() {
    let (_guests, router) = scripted(json!({ "publish": { "allow": { "max_kbps": 1000 } } })).await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    // 1.25 MB in ten seconds is what 1,000 kbit/s allows: 125 kB a second is right for ever.
    for second in 0..30 {
        for _ in 0..10 {
            cam.push(Kind::Audio, second * 1000, vec![0xaf; 12_500].into(), None).unwrap();
        }
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    // After a pause even a burst of all ten seconds passes.
    tokio::time::advance(Duration::from_secs(25)).await;
    cam.push(Kind::Audio, 60_000, vec![0xaf; 1_250_000].into(), None).unwrap();
    tokio::time::advance(Duration::from_secs(9)).await;
    let kick = cam.push(Kind::Audio, 69_000, vec![0xaf; 1000].into(), None).unwrap_err();
    assert_eq!(kick.reason, EndReason::Limit);
    assert!(kick.description.contains("1000 kbit/s"), "{kick}");
    assert_eq!(cam.kicked().await, kick);
}

#[tokio::test]
async fn filters_are_told_of_every_end() {
    let guests = Guests::new();
    let gate = guests.scripted(json!({})).await;
    let router = router([("live", App { session: vec![gate.clone()], play_wait: Duration::ZERO, ..App::default() })]);
    let connection = connect(&router, "live").await;
    let cam = connection.publish("cam", "live").await.unwrap();
    let player = connection.play("cam", -2000, -1).await.unwrap();
    assert!(connection.publish("cam", "live").await.is_err(), "allowed by the filter, but the name is taken");
    assert!(connection.play("absent", -2000, -1).await.is_err(), "allowed by the filter, but nobody came");
    drop((cam, player, connection));
    router.closed().await;
    assert_eq!(calls(&gate, Hook::Close), 5);
}

#[tokio::test]
async fn who_let_a_peer_pass_is_told_when_another_filter_says_no() {
    let guests = Guests::new();
    let allows = guests.scripted(json!({ "publish": { "allow": { "tags": { "n": "1" } } } })).await;
    let abstains = guests.scripted(json!({})).await;
    let denies = json!({
        "publish": { "deny": { "reason": "not you", "hold_ms": 5000 } },
        "play": { "redirect": { "url": "rtmp://203.0.113.5/x" } },
    });
    let denies = guests.scripted(denies).await;
    let never = guests.scripted(json!({})).await;
    let session = vec![allows.clone(), abstains.clone(), denies.clone(), never.clone()];
    let router = router([("live", App { session, ..App::default() })]);
    let connection = connect(&router, "live").await;
    let refused = tokio::spawn({
        let connection = connection.clone();
        async move { connection.publish("cam", "live").await.err() }
    });
    let told = |n| move |filter: &filter::Filter| calls(filter, Hook::Close) == n;
    until(|| told(1)(&allows) && told(1)(&abstains)).await;
    assert!(!refused.is_finished(), "they are told before the denial is, which is held back");
    refused.abort();
    assert!(connection.play("cam", -2000, -1).await.is_err());
    until(|| told(2)(&allows) && told(2)(&abstains)).await;
    assert_eq!(
        (calls(&denies, Hook::Close), calls(&never, Hook::Close)),
        (0, 0),
        "it said no itself; it was not asked"
    );
    drop(connection);
    router.closed().await;
    assert!([&allows, &abstains].iter().all(|it| told(3)(it)), "and once more with the connection");
}

#[tokio::test]
async fn who_let_a_peer_pass_is_told_when_it_goes_while_others_are_asked() {
    let guests = Guests::new();
    let allows = guests.scripted(json!({ "play": { "allow": {} } })).await;
    let thinks = guests.scripted(json!({ "play": { "misbehave": "loop" } })).await;
    let session = vec![allows.clone(), thinks.clone()];
    let router = router([("live", App { session, ..App::default() })]);
    let connection = connect(&router, "live").await;
    let asked = tokio::spawn({
        let connection = connection.clone();
        async move { connection.play("cam", -2000, -1).await.err() }
    });
    until(|| calls(&allows, Hook::Play) == 1).await;
    asked.abort();
    until(|| calls(&allows, Hook::Close) == 1).await;
    assert!(asked.await.is_err_and(|e| e.is_cancelled()), "the other one had not answered");
    drop(connection);
    router.closed().await;
    assert_eq!((calls(&allows, Hook::Close), calls(&thinks, Hook::Close)), (2, 2));
}

#[tokio::test]
async fn who_let_a_peer_pass_is_told_when_another_filter_fails() {
    let guests = Guests::new();
    let allows = guests.scripted(json!({ "play": { "allow": {} } })).await;
    let session = vec![allows.clone(), guests.missing().await];
    let router = router([("live", App { session, ..App::default() })]);
    router.connect(peer(&router, "live")).await.unwrap_err();
    router.closed().await;
    assert_eq!(calls(&allows, Hook::Close), 1);
}

#[tokio::test]
async fn filters_of_another_application_are_told_of_the_connections_end() {
    let guests = Guests::new();
    let gate = guests.scripted(json!({})).await;
    let vip = App { session: vec![gate.clone()], ..App::default() };
    let router = router([("live", App::default()), ("live/vip", vip)]);
    let connection = connect(&router, "live").await;
    drop(connection.publish("vip/cam", "live").await.unwrap());
    drop(connection.publish("vip/cam", "live").await.unwrap());
    drop(connection);
    router.closed().await;
    assert_eq!((calls(&gate, Hook::Connect), calls(&gate, Hook::Close)), (1, 3));
}

#[tokio::test]
async fn an_application_is_asked_once_about_a_connection() {
    let guests = Guests::new();
    let gate = guests.scripted(json!({})).await;
    let router = router([("live", App { session: vec![gate.clone()], ..App::default() })]);
    let connection = connect(&router, "live").await;
    for name in ["a", "b", "c"] {
        connection.publish(name, "live").await.unwrap();
    }
    assert_eq!((calls(&gate, Hook::Connect), calls(&gate, Hook::Publish)), (1, 3));
}

#[tokio::test]
async fn new_settings_ask_other_filters_and_leave_what_runs_alone() {
    let guests = Guests::new();
    let session = vec![guests.scripted(json!({ "publish": { "deny": { "reason": "closed for today" } } })).await];
    let router = router([("live", App::default())]);
    let connection = connect(&router, "live").await;
    let mut cam = connection.publish("cam", "live").await.unwrap();
    router.reconfigure(settings([("live", App { session, ..App::default() })]));
    video(&mut cam, 0, key(1));
    let refusal = connection.publish("more", "live").await.unwrap_err();
    assert_eq!(refusal.description, "closed for today");
    let mut player = connection.play("cam", -2000, -1).await.unwrap();
    assert_eq!(frames(&mut player).await, [(0, 1)]);
}
