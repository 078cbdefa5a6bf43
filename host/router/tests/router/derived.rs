//! Streams that a filter makes beside a publication, as players notice them.

use std::time::Duration;

use media::Kind;
use router::{App, Event, OnDuplicate, Router};
use serde_json::json;

use crate::guests::Guests;
use crate::support::*;

/// An application whose sound goes to `NAME_audio` too.
async fn app(guests: &Guests) -> App {
    App { media: vec![guests.derive("audio-only", json!({})).await], ..App::default() }
}

async fn with(change: impl FnOnce(App) -> App) -> (Guests, Router) {
    let guests = Guests::new();
    let app = change(app(&guests).await);
    (guests, router([("live", app)]))
}

#[tokio::test]
async fn a_derived_stream_is_played_like_any_other_and_ends_with_its_parent() {
    let (_guests, router) = with(|app| app).await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut parent = play(&router, "live", "cam").await.unwrap();
    sound(&mut cam, 0, audio_header(100));
    video(&mut cam, 0, key(1));
    sound(&mut cam, 10, audio(2));
    sound(&mut cam, 30, audio(3));
    // A late joiner gets the header.
    let mut player = play(&router, "live", "cam_audio").await.unwrap();
    sound(&mut cam, 50, audio(4));
    let got = frames(&mut player).await;
    assert_eq!(got.first().map(|(_, mark)| *mark), Some(100), "{got:?}");
    assert_eq!(got.last(), Some(&(50, 4)), "{got:?}");
    assert_eq!(frames(&mut parent).await, [(0, 100), (0, 1), (10, 2), (30, 3), (50, 4)]);
    let names: Vec<_> = router.publications().iter().map(|p| p.key.name.clone()).collect();
    assert_eq!(names, ["cam", "cam_audio"]);
    cam.end();
    assert_eq!(event(&mut player).await, Event::Ended);
    assert!(router.publications().is_empty());
}

#[tokio::test]
async fn a_name_that_a_publisher_has_is_left_to_it_and_taken_when_it_is_free() {
    for on_duplicate in [OnDuplicate::Refuse, OnDuplicate::Replace] {
        let (_guests, router) = with(|app| App { on_duplicate, ..app }).await;
        let mut other = publish(&router, "live", "cam_audio").await.unwrap();
        let mut cam = publish(&router, "live", "cam").await.unwrap();
        sound(&mut cam, 0, audio_header(100));
        sound(&mut cam, 0, audio(1));
        sound(&mut other, 0, audio(77));
        let mut player = play(&router, "live", "cam_audio").await.unwrap();
        assert_eq!(frames(&mut player).await.last().map(|(_, mark)| *mark), Some(77));
        other.end();
        drop(player);
        sound(&mut cam, 500, audio(2));
        assert!(!router.streams().iter().any(|s| s.live && s.key.as_str() == "live/cam_audio"), "tried each second");
        sound(&mut cam, 1500, audio(3));
        let mut player = play(&router, "live", "cam_audio").await.unwrap();
        assert_eq!(frames(&mut player).await.last().map(|(_, mark)| *mark), Some(3));
        // And nobody takes it over.
        let refused = publish(&router, "live", "cam_audio").await.unwrap_err();
        assert_eq!(refused.code, "NetStream.Publish.BadName", "{refused}");
    }
}

#[tokio::test]
async fn its_players_wait_for_a_publisher_that_is_lost_and_go_on_with_it() {
    let (_guests, router) = with(|app| App { reconnect_window: Duration::from_secs(10), ..app }).await;
    tokio::time::pause();
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    sound(&mut cam, 0, audio_header(100));
    sound(&mut cam, 0, audio(1));
    let mut player = play(&router, "live", "cam_audio").await.unwrap();
    frames(&mut player).await;
    tokio::time::advance(Duration::from_secs(2)).await;
    sound(&mut cam, 2000, audio(2));
    assert_eq!(frames(&mut player).await, [(2000, 2)]);
    drop(cam);
    tokio::time::advance(Duration::from_secs(3)).await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    sound(&mut cam, 0, audio_header(100));
    sound(&mut cam, 0, audio(3));
    let got = frames(&mut player).await;
    assert_eq!(got.last(), Some(&(5000, 3)), "on one timeline, although nobody watched the parent: {got:?}");
    drop(cam);
    tokio::time::advance(Duration::from_secs(11)).await;
    assert_eq!(event(&mut player).await, Event::Ended);
}

#[tokio::test]
async fn who_takes_the_parent_over_takes_its_derived_streams_too() {
    let (_guests, router) = with(|app| App { on_duplicate: OnDuplicate::Replace, ..app }).await;
    let mut first = publish(&router, "live", "cam").await.unwrap();
    sound(&mut first, 0, audio_header(100));
    sound(&mut first, 0, audio(1));
    let mut player = play(&router, "live", "cam_audio").await.unwrap();
    frames(&mut player).await;
    let mut second = publish(&router, "live", "cam").await.unwrap();
    sound(&mut second, 0, audio_header(101));
    sound(&mut second, 0, audio(2));
    let got: Vec<u8> = frames(&mut player).await.into_iter().map(|(_, mark)| mark).collect();
    assert_eq!(got, [101, 2], "without a word of an end");
    let gone = first.push(Kind::Audio, 20, audio(3), None).unwrap_err();
    assert_eq!(gone.code, "NetStream.Publish.BadName");
    drop(first);
    sound(&mut second, 20, audio(4));
    assert_eq!(frames(&mut player).await.last().map(|(_, mark)| *mark), Some(4));
}

#[tokio::test]
async fn session_filters_are_asked_about_its_players() {
    let (guests, router) = with(|app| app).await;
    let session = vec![guests.scripted(json!({ "play": { "deny": { "reason": "not you" } } })).await];
    let app = App { session, ..app(&guests).await };
    router.reconfigure(settings([("live", app)]));
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    sound(&mut cam, 0, audio(1));
    let refused = play(&router, "live", "cam_audio").await.unwrap_err();
    assert_eq!(refused.description, "not you");
}
