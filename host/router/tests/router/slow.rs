//! Filters that take their time and never fail: only their own stream waits for them.

use filter::counters::Hook;
use media::Kind;
use router::{App, Publication};
use serde_json::json;

use crate::guests::{Guests, calls};
use crate::support::*;

const FRAMES: u8 = 100;

/// Pushes this picture as a peer's driver does, which waits when there is something to wait for.
async fn picture(cam: &mut Publication, number: u8) {
    cam.back().await.unwrap();
    video(cam, u32::from(number) * 40, key(number));
}

fn all() -> Vec<(i64, u8)> {
    (0..FRAMES).map(|number| (i64::from(number) * 40, number)).collect()
}

#[tokio::test]
async fn one_at_the_publisher_is_called_elsewhere_as_soon_as_it_is_found_to_be_slow() {
    let guests = Guests::new();
    let slow = guests.load("hostile", json!({ "deed": "toil" }), "end-stream").await;
    let app = App { media: vec![slow.clone()], ..App::default() };
    let router = router([("live", app), ("plain", App::default())]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    let (mut plain, mut other) =
        (publish(&router, "plain", "cam").await.unwrap(), play(&router, "plain", "cam").await.unwrap());
    let mut away = 0;
    for number in 0..FRAMES {
        picture(&mut cam, number).await;
        if cam.is_away() {
            away += 1;
            // Nobody else waits: what comes meanwhile goes by, on the same thread.
            video(&mut plain, u32::from(number) * 40, key(number));
            let seen = frames(&mut other).await;
            assert_eq!(seen.last(), Some(&(i64::from(number) * 40, number)));
        }
    }
    assert!(away >= FRAMES / 2, "{away} of {FRAMES} frames: {}", slow.counters());
    // A stream that follows is known to be slow from its first frame on.
    let mut second = publish(&router, "live", "second").await.unwrap();
    video(&mut second, 0, key(0));
    assert!(second.is_away());
    // What is on its way comes before the end.
    cam.end();
    assert_eq!(frames(&mut player).await, all());
    assert_eq!(slow.counters().events.deadline_misses, 0, "{}", slow.counters());
}

#[tokio::test]
async fn who_does_not_wait_loses_nothing_and_repeats_nothing() {
    let guests = Guests::new();
    let slow = guests.load("hostile", json!({ "deed": "toil" }), "end-stream").await;
    let router = router([("live", App { media: vec![slow.clone()], ..App::default() })]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    for number in 0..FRAMES {
        video(&mut cam, u32::from(number) * 40, key(number));
    }
    drop(cam);
    assert_eq!(frames(&mut player).await, all());
    assert_eq!(calls(&slow, Hook::Frame), u64::from(FRAMES));
}

#[tokio::test]
async fn a_failure_elsewhere_ends_the_stream_as_it_does_here() {
    let guests = Guests::new();
    // Slow until it is found to be, and then it fails.
    let media = vec![
        guests.load("hostile", json!({ "deed": "toil" }), "end-stream").await,
        guests.load("hostile", json!({ "deed": "trap", "after": 60 }), "end-stream").await,
    ];
    let router = router([("live", App { media, ..App::default() })]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut kick = None;
    for number in 0..FRAMES {
        if let Err(why) =
            cam.back().await.and_then(|()| cam.push(Kind::Video, u32::from(number) * 40, key(number), None))
        {
            kick = Some((number, why));
            break;
        }
    }
    let (number, kick) = kick.expect("it is over");
    assert!((60..63).contains(&number) && kick.description.contains("hostile"), "{number}: {kick}");
}
