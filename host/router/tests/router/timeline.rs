//! A stream's own time.

use std::time::Duration;

use media::Kind;
use router::{App, Event};

use crate::support::*;

#[tokio::test]
async fn the_distance_of_sound_and_picture_stays_and_the_wrap_goes() {
    let router = router([("live", App::default())]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    let start = u32::MAX - 50;
    video(&mut cam, start, key(1));
    sound(&mut cam, start.wrapping_add(23), audio(2));
    video(&mut cam, start.wrapping_add(100), inter(3));
    sound(&mut cam, start.wrapping_add(123), audio(4));
    let got = frames(&mut player).await;
    let base = got[0].0;
    assert!((0..=1000).contains(&base), "a stream starts near 0, not at {base}");
    let distances: Vec<i64> = got.iter().map(|(ms, _)| ms - base).collect();
    assert_eq!(distances, [0, 23, 100, 123]);
}

#[tokio::test]
async fn data_messages_stamped_zero_do_not_move_the_stream() {
    let router = router([("live", App::default())]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    cam.push(Kind::Data, 0, vec![1].into(), on_meta_data()).unwrap();
    let hour = 3_600_000;
    for (ms, mark) in [(hour, 2), (hour + 40, 3)] {
        video(&mut cam, ms, key(mark));
    }
    cam.push(Kind::Data, 0, vec![4].into(), None).unwrap();
    cam.push(Kind::Data, hour + 60, vec![5].into(), None).unwrap();
    cam.push(Kind::Data, 0, vec![6].into(), None).unwrap();
    video(&mut cam, hour + 80, key(7));
    let got = frames(&mut player).await;
    let time = |mark: u8| got.iter().find(|(_, m)| *m == mark).unwrap().0;
    assert!(time(2) <= 1000, "an hour of offset is removed: {got:?}");
    assert_eq!((time(3) - time(2), time(7) - time(2)), (40, 80), "{got:?}");
    assert!(time(1) <= time(2), "{got:?}");
    assert!(time(4) <= time(5) && time(5) == time(2) + 60 && time(6) >= time(5), "data never goes back: {got:?}");
}

#[tokio::test(start_paused = true)]
async fn a_publisher_that_comes_back_in_time_goes_on_where_it_stopped() {
    let router = router([("live", App::default())]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    video(&mut cam, 0, key(1));
    assert_eq!(frames(&mut player).await, [(0, 1)]);
    tokio::time::advance(Duration::from_secs(60)).await;
    video(&mut cam, 60_000, inter(2));
    assert_eq!(frames(&mut player).await, [(60_000, 2)]);
    cam.end();
    assert_eq!(event(&mut player).await, Event::Ended);

    tokio::time::advance(Duration::from_secs(5)).await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    assert_eq!(event(&mut player).await, Event::Started);
    video(&mut cam, 0, key(3));
    sound(&mut cam, 23, audio(4));
    assert_eq!(frames(&mut player).await, [(65_000, 3), (65_023, 4)]);
    cam.end();
    assert_eq!(event(&mut player).await, Event::Ended);

    tokio::time::advance(Duration::from_secs(16)).await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    assert_eq!(event(&mut player).await, Event::Started);
    video(&mut cam, 0, key(5));
    assert_eq!(frames(&mut player).await, [(0, 5)], "after the window it is a new stream");
}

#[tokio::test(start_paused = true)]
async fn a_publisher_that_is_lost_and_comes_back_in_time_is_the_same_to_its_players() {
    let router = router([("live", App::default())]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    video(&mut cam, 0, key(1));
    assert_eq!(frames(&mut player).await, [(0, 1)]);
    for round in 1..4i64 {
        drop(cam);
        tokio::time::advance(Duration::from_secs(14)).await;
        cam = publish(&router, "live", "cam").await.unwrap();
        video(&mut cam, 3_600_000, inter(2));
        video(&mut cam, 3_600_040, key(3));
        sound(&mut cam, 3_600_050, audio(4));
        // A publisher that does not begin at 0 is given half a second for what is a little earlier.
        let at = (14_000 + 540) * round + 10 * (round - 1);
        assert_eq!(frames(&mut player).await, [(at, 3), (at + 10, 4)]);
        video(&mut cam, 3_600_040, inter(5));
        frames(&mut player).await;
    }
    drop(cam);
    let gone = tokio::time::Instant::now();
    assert_eq!(event(&mut player).await, Event::Ended);
    assert!((15..16).contains(&gone.elapsed().as_secs()), "{:?}", gone.elapsed());
    cam = publish(&router, "live", "cam").await.unwrap();
    assert_eq!(event(&mut player).await, Event::Started);
    video(&mut cam, 0, key(6));
    let start = frames(&mut player).await;
    assert!(start[0].0 > 43_000 || start[0].0 == 0, "{start:?}");
}

#[tokio::test(start_paused = true)]
async fn who_was_sent_away_is_not_waited_for() {
    let router = router([("live", App { reconnect_window: Duration::ZERO, ..App::default() })]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    video(&mut cam, 0, key(1));
    let mut player = play(&router, "live", "cam").await.unwrap();
    frames(&mut player).await;
    drop(cam);
    assert_eq!(event(&mut player).await, Event::Ended);
}

#[tokio::test]
async fn where_timestamps_pass_they_are_what_came() {
    let app = App { timestamps: router::Policy::Pass, ..App::default() };
    let router = router([("live", app)]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = play(&router, "live", "cam").await.unwrap();
    for (ms, mark) in [(5_000_000u32, 1), (7, 2), (u32::MAX - 4, 3), (40, 4)] {
        video(&mut cam, ms, key(mark));
        let got = frames(&mut player).await;
        assert_eq!((got[0].0 as u32, got[0].1), (ms, mark));
    }
    cam.push(Kind::Data, 77, vec![5].into(), None).unwrap();
    assert_eq!(frames(&mut player).await, [(77, 5)]);
    drop(cam);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    video(&mut cam, 3, key(6));
    assert_eq!(frames(&mut player).await, [(3, 6)]);
}

#[tokio::test(start_paused = true)]
async fn without_players_a_publisher_that_comes_back_starts_anew() {
    let router = router([("live", App::default())]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    video(&mut cam, 60_000, key(1));
    video(&mut cam, 120_000, key(2));
    cam.end();
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    video(&mut cam, 0, key(3));
    let mut player = play(&router, "live", "cam").await.unwrap();
    assert_eq!(frames(&mut player).await, [(0, 3)]);
}
