//! Frames through filters, as players notice it.

use std::time::Duration;

use media::Kind;
use router::{App, EndReason, Event, Router};
use serde_json::{Value, json};

use crate::guests::Guests;
use crate::support::*;

/// A router whose application `live` shows its frames to this guest.
async fn filtered(guest: &str, config: Value, on_failure: &str) -> (Guests, Router) {
    let guests = Guests::new();
    let media = vec![guests.load(guest, config, on_failure).await];
    (guests, router([("live", App { media, ..App::default() })]))
}

#[tokio::test]
async fn what_a_filter_drops_no_player_sees() {
    let (_guests, router) =
        filtered("media", json!({ "mode": "drop", "every": 2, "interest": { "kinds": ["audio"] } }), "bypass").await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    sound(&mut cam, 0, audio_header(100));
    for i in 0..8u8 {
        sound(&mut cam, u32::from(i) * 20, audio(i));
    }
    let marks: Vec<u8> = frames(&mut player).await.into_iter().map(|(_, mark)| mark).collect();
    assert_eq!(marks.len(), 1 + 4, "{marks:?}");
    assert!(marks.windows(2).all(|w| w[0] == 100 || w[1] == w[0] + 2), "{marks:?}");
}

#[tokio::test]
async fn what_a_filter_holds_comes_when_the_publisher_goes() {
    let (_guests, router) = filtered("media", json!({ "mode": "hold", "frames": 50 }), "bypass").await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    for i in 0..5u8 {
        sound(&mut cam, u32::from(i) * 20, audio(i));
    }
    cam.end();
    assert_eq!(frames(&mut player).await, [(0, 0), (20, 1), (40, 2), (60, 3), (80, 4)]);
    assert_eq!(event(&mut player).await, Event::Ended);
}

#[tokio::test]
async fn a_filter_whose_policy_is_to_end_the_stream_ends_it() {
    let (_guests, router) = filtered("hostile", json!({ "deed": "trap", "after": 3 }), "end-stream").await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    let kick = (0..10)
        .find_map(|i| cam.push(Kind::Video, i * 40, key(i as u8), None).err())
        .expect("the filter traps at its fourth frame");
    assert_eq!(kick.reason, EndReason::Failed);
    assert!(kick.description.contains("hostile"), "{kick}");
    assert_eq!(cam.kicked().await, kick);
    cam.end();
    assert_eq!(frames(&mut player).await.len(), 3);
    assert_eq!(event(&mut player).await, Event::Ended);
}

#[tokio::test]
async fn a_filter_that_asks_for_ticks_gets_them_without_frames() {
    let (_guests, router) = filtered("media", json!({ "mode": "tick", "ms": 100 }), "bypass").await;
    tokio::time::pause();
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    sound(&mut cam, 0, audio(1));
    for _ in 0..10 {
        let at = cam.next_tick().expect("a tick is due");
        tokio::time::sleep_until(at).await;
        cam.tick().unwrap();
    }
    let mut batch = Vec::new();
    assert_eq!(player.next(&mut batch).await, Event::Frames);
    let ticks = batch.iter().filter(|e| e.frame.kind == Kind::Data).count();
    assert!((9..=11).contains(&ticks), "{ticks} ticks in a second");
}

#[tokio::test]
async fn without_filters_there_is_nothing_to_tick() {
    let router = router([("live", App::default())]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    assert!(cam.next_tick().is_none());
    cam.tick().unwrap();
}

#[tokio::test]
async fn a_publisher_that_comes_back_shows_its_filters_a_new_stream() {
    let (_guests, router) = filtered("media", json!({ "mode": "pass" }), "bypass").await;
    tokio::time::pause();
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    video(&mut cam, 0, key(1));
    tokio::time::advance(Duration::from_secs(60)).await;
    video(&mut cam, 60_000, key(2));
    frames(&mut player).await;
    cam.end();
    assert_eq!(event(&mut player).await, Event::Ended);
    tokio::time::advance(Duration::from_secs(1)).await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    assert_eq!(event(&mut player).await, Event::Started);
    video(&mut cam, 0, key(3));
    assert_eq!(frames(&mut player).await, [(61_000, 3)]);
}
