//! What is waited for, watched and published, and the way in for those who act on it.

use std::time::Duration;

use router::{App, ConnectionInfo, OnDuplicate, Router, StreamKey, Via};
use serde_json::json;
use tokio::time::{Instant, timeout};

use crate::guests::Guests;
use crate::support::*;

fn info(router: &Router) -> ConnectionInfo {
    ConnectionInfo { id: router.connection_id(), agent: "pull".into(), ..ConnectionInfo::default() }
}

/// Whether nothing comes for as long as anybody would wait.
async fn silent<T>(of: impl Future<Output = T>) -> bool {
    timeout(Duration::from_secs(3600), of).await.is_err()
}

#[tokio::test(start_paused = true)]
async fn a_name_is_wanted_while_plays_wait_for_it_and_told_once() {
    let router = router([("live", App::default())]);
    let mut feed = router.wanted();
    let waits = |name: &'static str| {
        let router = router.clone();
        tokio::spawn(async move { play(&router, "live", name).await })
    };
    let (first, second) = (waits("eu/cam?t=1"), waits("eu/cam?t=2"));
    let wanted = feed.next().await;
    assert_eq!((wanted.key.app.as_str(), wanted.key.name.as_str()), ("live", "eu/cam"));
    assert_eq!(wanted.key.query, [("t".to_owned(), "1".to_owned())]);
    let mut late = router.wanted();
    assert_eq!(late.next().await.key, wanted.key, "who comes later is told too");
    assert!(timeout(Duration::from_secs(1), feed.next()).await.is_err(), "the second play of a name is no news");
    let connection = router.internal(info(&router), Via::default()).unwrap();
    let mut fetched = connection.publish("live/eu/cam", "live").await.unwrap();
    video(&mut fetched, 0, key(1));
    for player in [first, second] {
        assert_eq!(frames(&mut player.await.unwrap().unwrap()).await, [(0, 1)]);
    }
    drop(fetched);
    // Who gives up before anybody looks was never there.
    assert!(timeout(Duration::from_secs(1), play(&router, "live", "gone")).await.is_err());
    let again = waits("eu/cam");
    assert_eq!(feed.next().await.key.query, []);
    assert!(again.await.unwrap().is_err(), "nobody fetched it");
    assert!(silent(feed.next()).await);
}

#[tokio::test(start_paused = true)]
async fn the_last_watcher_leaves_and_pushes_do_not_count() {
    let router = router([("live", App::default())]);
    let _cam = publish(&router, "live", "cam").await.unwrap();
    let connection = router.internal(info(&router), Via::default()).unwrap();
    let _pushed = connection.play("live/cam", -1000, -1).await.unwrap();
    let mut watchers = router.watchers("live/cam");
    assert_eq!(watchers.now(), 0);
    let player = play(&router, "live", "cam").await.unwrap();
    assert_eq!((watchers.now(), router.watchers("live/cam").now()), (1, 1));
    assert!(silent(watchers.gone(Duration::from_secs(10))).await);
    let left = Instant::now();
    drop(player);
    let back = tokio::spawn({
        let router = router.clone();
        async move {
            tokio::time::sleep(Duration::from_secs(5)).await;
            let _player = play(&router, "live", "cam").await.unwrap();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    watchers.gone(Duration::from_secs(10)).await;
    back.await.unwrap();
    assert_eq!(left.elapsed().as_secs(), 16, "from the last one, not from the first");
}

#[tokio::test]
async fn who_plays_what_is_made_from_a_stream_watches_it() {
    let guests = Guests::new();
    let media = vec![guests.derive("audio-only", json!({})).await];
    let app = App { media, reconnect_window: Duration::from_secs(8), ..App::default() };
    let router = router([("live", app)]);
    let watchers = router.watchers("live/cam");
    let early = tokio::spawn({
        let router = router.clone();
        async move { play(&router, "live", "cam_audio").await }
    });
    until(|| router.watchers("live/cam_audio").now() == 1).await;
    assert_eq!(watchers.now(), 0, "nobody knows yet what it is made from");
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    sound(&mut cam, 0, audio_header(100));
    sound(&mut cam, 0, audio(1));
    let early = early.await.unwrap().unwrap();
    assert_eq!(watchers.now(), 1);
    let both = play(&router, "live", "cam").await.unwrap();
    assert_eq!(watchers.now(), 2);
    // While its players wait for it to come back they watch on, and when it has come back too.
    drop(cam);
    assert_eq!(watchers.now(), 2);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    sound(&mut cam, 0, audio_header(100));
    sound(&mut cam, 0, audio(2));
    assert_eq!(watchers.now(), 2);
    drop(early);
    assert_eq!((watchers.now(), router.watchers("live/cam_audio").now()), (1, 0));
    drop(both);
    assert_eq!(watchers.now(), 0);
    let late = play(&router, "live", "cam_audio").await.unwrap();
    assert_eq!(watchers.now(), 1);
    cam.end();
    // When nobody waits for the one that was lost any more.
    until(|| watchers.now() == 0).await;
    assert_eq!(router.watchers("live/cam_audio").now(), 1);
    drop(late);
}

#[tokio::test]
async fn publications_are_told_with_what_is_known_of_them() {
    let router = router([("live", App::default())]);
    let cam = publish(&router, "live", "eu/cam?k=v").await.unwrap();
    let mut feed = router.published();
    let told = feed.next().await;
    let key = StreamKey { app: "live".into(), name: "eu/cam".into(), query: vec![("k".into(), "v".into())] };
    assert_eq!((&told.key, told.id), (&key, cam.id()));
    drop(cam);
    assert!(router.publications().is_empty());
    // Who has gone before anybody looked is left out.
    drop(publish(&router, "live", "short").await.unwrap());
    let _next = publish(&router, "live", "next").await.unwrap();
    assert_eq!(feed.next().await.key.name, "next");
}

#[tokio::test]
async fn the_houses_own_way_in_is_the_same_door() {
    let app = App { on_duplicate: OnDuplicate::Replace, play_wait: Duration::ZERO, ..App::default() };
    let router = Router::new(router::Settings { connections: 2, ..settings([("live", app)]) });
    let connection = router.internal(info(&router), Via::default()).unwrap();
    assert_eq!(router.connections(), 1);
    assert!(connection.publish("other/cam", "live").await.is_err(), "no such application");
    assert!(connection.play("live/cam", -1000, -1).await.is_err(), "no such stream");
    let _own = publish(&router, "live", "cam").await.unwrap();
    let refusal = connection.publish("live/cam", "live").await.unwrap_err();
    assert_eq!(refusal.code, "NetStream.Publish.BadName", "it never takes a name over");
    assert!(router.internal(info(&router), Via::default()).is_err(), "the bound holds for it");
    router.close();
    assert!(connection.publish("live/other", "live").await.is_err());
}

/// A peer that says where its stream has been, or would go.
fn relayed(router: &Router, via: &Via) -> ConnectionInfo {
    ConnectionInfo { extra: vec![("weirVia".into(), via.to_string())], ..peer(router, "live") }
}

#[tokio::test]
async fn what_was_pushed_away_does_not_come_back_under_its_name() {
    let router = router([("live", App::default())]);
    let cam = publish(&router, "live", "cam").await.unwrap();
    let via = router.published().next().await.via.clone();
    drop(cam);
    let back = router.connect(relayed(&router, &via)).await.unwrap();
    let refusal = back.publish("cam", "live").await.unwrap_err();
    assert!(refusal.description.contains("relay loop"), "{refusal}");
    let _transcoded = back.publish("cam_720p", "live").await.unwrap();
    let longer = router.published().next().await.via.clone();
    assert!(longer.meets(&via) && longer != via);
}

#[tokio::test]
async fn what_waits_for_itself_is_refused_a_play() {
    let router = router([("live", App::default())]);
    let mut feed = router.wanted();
    let waiting = tokio::spawn({
        let router = router.clone();
        async move { play(&router, "live", "cam").await }
    });
    let via = feed.next().await.via.clone();
    let back = router.connect(relayed(&router, &via)).await.unwrap();
    let refusal = back.play("cam", -2000, -1).await.unwrap_err();
    assert!(refusal.description.contains("relay loop"), "{refusal}");
    waiting.abort();
}

#[tokio::test]
async fn what_comes_from_a_server_that_knows_no_marks_is_published() {
    let router = router([("live", App::default())]);
    let waits = router.here(&Via::default(), "live/cam").unwrap();
    let fetching = router.internal(info(&router), waits).unwrap();
    let _fetched = fetching.publish("live/cam", "live").await.unwrap();
}

#[tokio::test]
async fn what_was_fetched_from_the_asker_is_not_given_back_to_it() {
    let router = router([("live", App::default())]);
    let asker = Via::parse("feed");
    let fetching = router.internal(info(&router), Via::default()).unwrap();
    fetching.came_through(asker.clone());
    let _fetched = fetching.publish("live/cam", "live").await.unwrap();
    let back = router.connect(relayed(&router, &asker)).await.unwrap();
    let refusal = back.play("cam", -2000, -1).await.unwrap_err();
    assert!(refusal.description.contains("relay loop"), "{refusal}");
    let other = router.connect(relayed(&router, &Via::parse("beef"))).await.unwrap();
    let played = other.play("cam", -2000, -1).await.unwrap();
    assert!(played.via().meets(&asker), "it is told where the stream has been");
}
