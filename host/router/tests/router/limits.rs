//! Bounds, reconfiguration, the end.

use router::{App, Bounds, Settings};

use crate::support::*;

#[tokio::test]
async fn connections_are_bounded_and_what_ends_makes_room() {
    let router = router::Router::new(Settings { connections: 2, ..settings([("live", App::default())]) });
    let first = connect(&router, "live").await;
    let publication = connect(&router, "live").await.publish("cam", "live").await.unwrap();
    assert_eq!(router.connections(), 2, "what came of a connection keeps it");
    let refusal = router.connect(peer(&router, "live")).await.unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.disconnect), ("NetConnection.Connect.Rejected", true));
    drop(publication);
    let _third = connect(&router, "live").await;
    drop(first);
    assert_eq!(router.connections(), 1);
}

#[tokio::test]
async fn streams_and_subscribers_are_bounded() {
    let bounds = Bounds { streams: 1, waiting: 1, subscribers: 1 };
    let router = router::Router::new(Settings { bounds, ..settings([("live", App::default())]) });
    let _cam = publish(&router, "live", "cam").await.unwrap();
    let refusal = publish(&router, "live", "more").await.unwrap_err();
    assert_eq!(refusal.code, "NetStream.Publish.Denied");
    assert!(refusal.description.contains("limit"), "{refusal}");
    let _player = play(&router, "live", "cam").await.unwrap();
    let refusal = play(&router, "live", "cam").await.unwrap_err();
    assert_eq!(refusal.code, "NetStream.Play.Failed");
    assert!(refusal.description.contains("limit"), "{refusal}");
}

#[tokio::test]
async fn new_settings_hold_for_what_comes_and_leave_what_runs_alone() {
    let router = router([("live", App::default()), ("old", App::default())]);
    let connection = connect(&router, "old").await;
    let mut cam = connection.publish("cam", "live").await.unwrap();
    video(&mut cam, 0, key(1));
    let mut player = connection.play("cam", -2000, -1).await.unwrap();
    router.reconfigure(Settings {
        bounds: Bounds { streams: 1, ..Bounds::default() },
        ..settings([("live", App::default()), ("new", App::default())])
    });
    video(&mut cam, 40, inter(2));
    assert_eq!(frames(&mut player).await, [(0, 1), (40, 2)]);
    assert!(router.connect(peer(&router, "old")).await.is_err());
    assert!(connection.publish("more", "live").await.is_err());
    let refusal = publish(&router, "new", "cam").await.unwrap_err();
    assert!(refusal.description.contains("limit"), "{refusal}");
    cam.end();
    publish(&router, "new", "cam").await.unwrap();
}

#[tokio::test]
async fn a_closing_router_admits_nobody_and_tells_when_all_are_gone() {
    let router = router([("live", App::default())]);
    let connection = connect(&router, "live").await;
    let mut cam = connection.publish("cam", "live").await.unwrap();
    router.close();
    assert!(router.connect(peer(&router, "live")).await.is_err());
    assert!(connection.publish("more", "live").await.is_err());
    video(&mut cam, 0, key(1));
    let closed = tokio::spawn({
        let router = router.clone();
        async move { router.closed().await }
    });
    tokio::task::yield_now().await;
    assert!(!closed.is_finished());
    drop(connection);
    tokio::task::yield_now().await;
    assert!(!closed.is_finished(), "the publication is still there");
    cam.end();
    closed.await.unwrap();
}

#[tokio::test]
async fn connection_numbers_are_never_used_twice() {
    let router = router([("live", App::default())]);
    let mut ids = Vec::new();
    for _ in 0..10 {
        let connection = connect(&router, "live").await;
        ids.push(connection.info().id);
        ids.push(connection.publish("cam", "live").await.unwrap().id());
    }
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len());
}
