//! A viewer's own filters, as the viewer and its neighbours notice them.

use std::sync::Arc;

use media::Kind;
use router::{App, EndReason, Event, Router, Via};
use serde_json::{Value, json};

use crate::guests::Guests;
use crate::support::*;

/// A router whose viewers of `live` have this guest to themselves.
async fn filtered(guest: &str, config: Value, on_failure: &str) -> (Guests, Router) {
    let guests = Guests::new();
    let egress = vec![guests.load(guest, config, on_failure).await];
    (guests, router([("live", App { egress, ..App::default() })]))
}

#[tokio::test]
async fn what_a_filter_holds_comes_before_the_word_of_the_end() {
    let (_guests, router) = filtered("media", json!({ "mode": "hold", "frames": 50 }), "bypass").await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    for i in 0..5u8 {
        sound(&mut cam, u32::from(i) * 20, audio(i));
    }
    assert_eq!(player.try_next(&mut Vec::new()), None, "all of it is held");
    cam.end();
    assert_eq!(frames(&mut player).await, [(0, 0), (20, 1), (40, 2), (60, 3), (80, 4)]);
    assert_eq!(event(&mut player).await, Event::Ended);
    // The next publisher's stream is another one.
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    assert_eq!(event(&mut player).await, Event::Started);
    sound(&mut cam, 0, audio(9));
    let mut rest = Vec::new();
    assert_eq!(player.try_next(&mut rest), None);
    std::future::poll_fn(|cx| player.poll_finish(cx, &mut rest)).await;
    assert_eq!(rest.iter().map(|entry| mark(entry).1).collect::<Vec<_>>(), [9]);
}

#[tokio::test]
async fn a_failure_ends_the_viewer_and_nobody_else() {
    let trap = json!({ "deed": "trap", "after": 3, "viewer": "bad" });
    let (_guests, router) = filtered("hostile", trap, "end-stream").await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut good = play(&router, "live", "cam?viewer=good").await.unwrap();
    let mut bad = play(&router, "live", "cam?viewer=bad").await.unwrap();
    for i in 0..10u8 {
        video(&mut cam, u32::from(i) * 40, key(i));
    }
    // What came before the fault goes out.
    assert_eq!(frames(&mut bad).await, [(0, 0), (40, 1), (80, 2)]);
    let Event::Kicked(kick) = event(&mut bad).await else { panic!("it goes on") };
    assert_eq!((kick.code.as_str(), kick.reason), ("NetStream.Play.Failed", EndReason::Failed));
    assert!(kick.description.contains("hostile"), "{kick}");
    assert_eq!(event(&mut bad).await, Event::Kicked(kick));
    assert_eq!(frames(&mut good).await.len(), 10);
    video(&mut cam, 400, key(10));
    assert_eq!(frames(&mut good).await, [(400, 10)]);
}

#[tokio::test]
async fn frames_that_a_filter_leaves_alone_are_the_shared_ones() {
    let (_guests, router) =
        filtered("media", json!({ "mode": "replace", "append": "!", "interest": { "kinds": ["audio"] } }), "bypass")
            .await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut viewers = [play(&router, "live", "cam").await.unwrap(), play(&router, "live", "cam").await.unwrap()];
    video(&mut cam, 0, key(1));
    sound(&mut cam, 0, audio(2));
    let mut batches = [Vec::new(), Vec::new()];
    for (viewer, batch) in viewers.iter_mut().zip(&mut batches) {
        assert_eq!(viewer.next(batch).await, Event::Frames);
        assert!(viewer.position().is_none(), "the walk over all players does not serve it");
    }
    let [one, other] = batches;
    assert!(Arc::ptr_eq(&one[0], &other[0]));
    assert!(!Arc::ptr_eq(&one[1], &other[1]));
    assert_eq!((mark(&one[1]), mark(&other[1])), ((0, b'!'), (0, b'!')));
    assert_eq!(one[1].arrived(), other[1].arrived());
}

#[tokio::test]
async fn what_goes_to_another_server_passes_no_viewers_filter() {
    let (_guests, router) = filtered("media", json!({ "mode": "drop", "every": 1 }), "bypass").await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let push = router.internal(peer(&router, ""), Via::default()).unwrap();
    let mut push = push.play("live/cam", -1000, -1).await.unwrap();
    let mut viewer = play(&router, "live", "cam").await.unwrap();
    sound(&mut cam, 0, audio(1));
    assert_eq!(frames(&mut push).await, [(0, 1)]);
    assert_eq!(viewer.try_next(&mut Vec::new()), None);
}

#[tokio::test]
async fn ticks_come_without_frames() {
    let (_guests, router) = filtered("media", json!({ "mode": "tick", "ms": 100 }), "bypass").await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut viewer = play(&router, "live", "cam").await.unwrap();
    assert!(viewer.next_tick().is_none(), "there is no time yet");
    sound(&mut cam, 0, audio(1));
    assert_eq!(frames(&mut viewer).await, [(0, 1)]);
    tokio::time::pause();
    let mut ticks = 0;
    for _ in 0..10 {
        tokio::time::sleep_until(viewer.next_tick().expect("a tick is due")).await;
        viewer.tick();
        let mut batch = Vec::new();
        assert_eq!(viewer.try_next(&mut batch), Some(Event::Frames));
        ticks += batch.iter().filter(|entry| entry.frame.kind == Kind::Data).count();
    }
    assert_eq!(ticks, 10);
}

#[tokio::test]
async fn a_place_is_free_again_when_its_viewer_is_gone() {
    let guests = Guests::new();
    let own = guests.load("media", json!({ "mode": "pass" }), "bypass").await;
    let router = router([("live", App { egress: vec![own.clone()], ..App::default() })]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    video(&mut cam, 0, key(1));
    let others: Vec<_> = (1..1000).map(|_| own.seat().expect("a place")).collect();
    let viewer = play(&router, "live", "cam").await.unwrap();
    assert_eq!(own.counters().instances, 1);
    let refusal = play(&router, "live", "cam").await.unwrap_err();
    assert_eq!(refusal.code, "NetStream.Play.Failed");
    drop(viewer);
    assert_eq!(own.counters().instances, 0);
    drop(play(&router, "live", "cam").await.unwrap());
    drop(others);
}
