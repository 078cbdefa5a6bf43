//! Publishers and players of open applications.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use media::Kind;
use router::{App, EndReason, Event, Limits, OnDuplicate, Router};
use tokio::time::Instant;

use crate::support::*;

#[tokio::test]
async fn three_players_of_one_publisher_and_one_of_another_get_what_they_asked_for() {
    let router = router([("live", App::default())]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut other = publish(&router, "live", "other").await.unwrap();
    cam.push(Kind::Data, 0, vec![7].into(), on_meta_data()).unwrap();
    video(&mut cam, 0, video_header(1));
    sound(&mut cam, 0, audio_header(2));
    video(&mut cam, 0, key(3));
    video(&mut other, 0, key(100));

    let mut players = Vec::new();
    for _ in 0..3 {
        players.push(play(&router, "live", "cam").await.unwrap());
    }
    let mut stranger = play(&router, "live/", "/other").await.unwrap();
    sound(&mut cam, 21, audio(4));
    for player in &mut players {
        assert_eq!(frames(player).await, [(0, 7), (0, 1), (0, 2), (0, 3), (21, 4)]);
    }
    video(&mut cam, 40, inter(5));
    for player in &mut players {
        assert_eq!(frames(player).await, [(40, 5)]);
    }
    assert_eq!(frames(&mut stranger).await, [(0, 100)]);
    cam.end();
    for player in &mut players {
        assert_eq!(event(player).await, Event::Ended);
    }
    video(&mut other, 40, inter(101));
    assert_eq!(frames(&mut stranger).await, [(40, 101)]);
}

#[tokio::test]
async fn bodies_pass_bit_exact_whatever_they_are() {
    let router = router([("live", App::default())]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    video(&mut cam, 0, key(0));
    let mut player = play(&router, "live", "cam").await.unwrap();
    frames(&mut player).await;
    let bodies: Vec<(Kind, Vec<u8>)> = vec![
        (Kind::Video, vec![]),
        (Kind::Audio, vec![]),
        (Kind::Video, vec![0x17]),
        (Kind::Video, vec![0xff; 20]),
        (Kind::Video, b"\x90hvc1garbage".to_vec()),
        (Kind::Video, b"\x97\x00\x01".to_vec()),
        (Kind::Audio, b"\x95\x10mp4a\x01\x00\x00\xffx".to_vec()),
        (Kind::Data, b"\x02\x00\xffbroken".to_vec()),
        (Kind::Audio, vec![0x72; 160]),
    ];
    for (kind, body) in &bodies {
        cam.push(*kind, 10, body.clone().into(), None).unwrap();
    }
    let mut batch = Vec::new();
    player.next(&mut batch).await;
    let got: Vec<(Kind, Vec<u8>)> = batch.iter().map(|e| (e.frame.kind, e.frame.body.to_bytes().to_vec())).collect();
    assert_eq!(got, bodies);
}

#[tokio::test]
async fn a_second_publisher_is_told_bad_name_and_the_first_goes_on() {
    let router = router([("live", App::default())]);
    let mut first = publish(&router, "live", "cam").await.unwrap();
    video(&mut first, 0, key(1));
    let mut player = play(&router, "live", "cam").await.unwrap();
    let refusal = publish(&router, "live", "cam").await.unwrap_err();
    assert_eq!(refusal.code, "NetStream.Publish.BadName");
    assert!(refusal.description.contains("live/cam"), "{refusal}");
    assert!(!refusal.disconnect);
    video(&mut first, 40, inter(2));
    assert_eq!(frames(&mut player).await, [(0, 1), (40, 2)]);
    drop(first);
    publish(&router, "live", "cam").await.expect("the name is free at once");
}

#[tokio::test]
async fn a_publisher_may_take_over_where_the_operator_says_so() {
    let router = router([("live", App { on_duplicate: OnDuplicate::Replace, ..App::default() })]);
    let mut first = publish(&router, "live", "cam").await.unwrap();
    video(&mut first, 0, key(1));
    let mut player = play(&router, "live", "cam").await.unwrap();
    frames(&mut player).await;
    let kicked = first.kicked();
    let mut second = publish(&router, "live", "cam").await.unwrap();
    assert_eq!(kicked.await.reason, EndReason::Replaced);
    let kick = first.push(Kind::Video, 40, inter(2), None).unwrap_err();
    assert_eq!((kick.code.as_str(), kick.reason), ("NetStream.Publish.BadName", EndReason::Replaced));
    drop(first);
    video(&mut second, 0, key(3));
    assert_eq!(frames(&mut player).await.last().unwrap().1, 3, "its players are the other's now");
}

#[tokio::test]
async fn a_takeover_without_a_window_is_an_end_and_a_start() {
    let app = App { on_duplicate: OnDuplicate::Replace, reconnect_window: Duration::ZERO, ..App::default() };
    let router = router([("live", app)]);
    let mut first = publish(&router, "live", "cam").await.unwrap();
    video(&mut first, 0, key(1));
    let mut player = play(&router, "live", "cam").await.unwrap();
    frames(&mut player).await;
    let _second = publish(&router, "live", "cam").await.unwrap();
    assert_eq!(event(&mut player).await, Event::Ended);
    assert_eq!(event(&mut player).await, Event::Started);
}

#[tokio::test]
async fn a_player_begins_where_the_application_or_its_url_says() {
    use router::Start;
    let begins = |mark: u8| (40 * i64::from(mark), mark);
    for (start, url, first) in [
        (Start::Key, "cam", Some(begins(2))),
        (Start::Key, "cam?start=next-key", None),
        (Start::NextKey, "cam", None),
        (Start::NextKey, "cam?start=key&x=1", Some(begins(2))),
        (Start::Key, "cam?start=buffered:0s", Some(begins(2))),
        (Start::Key, "cam?start=what", Some(begins(2))),
        // The newest frame is a picture that refers to others.
        (Start::Live, "cam", None),
    ] {
        let router = router([("live", App { start, ..App::default() })]);
        let mut cam = publish(&router, "live", "cam").await.unwrap();
        for (mark, body) in [(1, key(1)), (2, key(2)), (3, inter(3))] {
            video(&mut cam, 40 * mark, body);
        }
        let mut player = connect(&router, "live").await.play(url, -2000, -1).await.unwrap();
        let mut batch = Vec::new();
        player.try_next(&mut batch);
        assert_eq!(batch.first().map(mark), first, "{start:?} {url}");
        video(&mut cam, 160, key(4));
        if first.is_none() {
            assert_eq!(frames(&mut player).await, [(160, 4)], "{start:?} {url}");
        }
    }
}

#[tokio::test]
async fn a_slow_player_is_closed_where_the_operator_says_so() {
    let slow = router::Slow { close: true, ..router::Slow::default() };
    let app = App { gop_cache: Limits { frames: 20, slow, ..Limits::default() }, ..App::default() };
    let router = router([("live", app)]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    video(&mut cam, 0, key(0));
    let mut player = play(&router, "live", "cam").await.unwrap();
    frames(&mut player).await;
    for i in 1..=50u8 {
        video(&mut cam, u32::from(i) * 40, inter(i));
    }
    let Event::Kicked(kick) = event(&mut player).await else { panic!("it is too slow") };
    assert_eq!((kick.code.as_str(), kick.disconnect), ("NetStream.Play.InsufficientBW", true));
    assert!(player.is_too_slow());
}

#[tokio::test(start_paused = true)]
async fn play_before_publish_waits_for_the_publisher() {
    let router = router([("live", App::default())]);
    let player = tokio::spawn({
        let router = router.clone();
        async move { play(&router, "live", "cam").await.unwrap() }
    });
    tokio::time::sleep(Duration::from_millis(9_999)).await;
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = player.await.unwrap();
    sound(&mut cam, 0, audio(1));
    video(&mut cam, 0, video_header(2));
    video(&mut cam, 0, key(3));
    assert_eq!(frames(&mut player).await, [(0, 1), (0, 2), (0, 3)], "who waited misses nothing");
}

#[tokio::test(start_paused = true)]
async fn play_without_a_publisher_gives_up_in_time_and_leaves_nothing() {
    for wait in [Duration::ZERO, Duration::from_secs(3)] {
        let router = router([("live", App { play_wait: wait, ..App::default() })]);
        let began = Instant::now();
        let refusal = play(&router, "live", "cam").await.unwrap_err();
        assert_eq!(refusal.code, "NetStream.Play.StreamNotFound");
        assert!(refusal.description.contains("live/cam"), "{refusal}");
        assert!(began.elapsed() >= wait && began.elapsed() < wait + Duration::from_millis(10));
        assert!(router.streams().is_empty());
        let _cam = publish(&router, "live", "cam").await.unwrap();
        play(&router, "live", "cam").await.expect("a live stream needs no wait");
    }
}

#[tokio::test(start_paused = true)]
async fn a_player_that_hangs_up_while_waiting_leaves_nothing() {
    let router = router([("live", App::default())]);
    let connection = connect(&router, "live").await;
    let play = connection.play("cam", -2000, -1);
    assert!(tokio::time::timeout(Duration::from_secs(1), play).await.is_err());
    assert!(router.streams().is_empty());
    drop(connection);
    assert_eq!(router.connections(), 0);
    router.closed().await;
}

#[tokio::test]
async fn one_connection_may_publish_play_stop_and_publish_again() {
    let router = router([("live", App::default())]);
    let connection = connect(&router, "live").await;
    for round in 0..3 {
        let mut cam = connection.publish("cam", "live").await.unwrap();
        video(&mut cam, 0, key(round));
        let mut player = connection.play("cam", -1, -1).await.unwrap();
        assert_eq!(frames(&mut player).await, [(0, round)]);
    }
    assert!(router.streams().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_player_with_a_duration_is_told_when_it_is_over() {
    let router = router([("live", App::default())]);
    let _cam = publish(&router, "live", "cam").await.unwrap();
    let mut player = connect(&router, "live").await.play("cam", -2000, 1500).await.unwrap();
    let began = Instant::now();
    let Event::Kicked(kick) = event(&mut player).await else { panic!("the time is over") };
    assert_eq!(kick.reason, EndReason::Limit);
    assert!(began.elapsed() >= Duration::from_millis(1500) && began.elapsed() < Duration::from_millis(1510));
}

#[tokio::test]
async fn a_slow_player_jumps_to_a_key_frame_and_costs_the_others_nothing() {
    let app = App { gop_cache: Limits { frames: 20, ..Limits::default() }, ..App::default() };
    let router = router([("live", app)]);
    let mut cam = publish(&router, "live", "cam").await.unwrap();
    video(&mut cam, 0, video_header(0));
    video(&mut cam, 0, key(0));
    let mut slow = play(&router, "live", "cam").await.unwrap();
    let mut fast = play(&router, "live", "cam").await.unwrap();
    frames(&mut slow).await;
    frames(&mut fast).await;
    for i in 1..=200u8 {
        let body = if i % 15 == 0 { key(i) } else { inter(i) };
        video(&mut cam, u32::from(i) * 40, body);
        assert_eq!(frames(&mut fast).await, [(i64::from(i) * 40, i)]);
    }
    let got = frames(&mut slow).await;
    assert_eq!(got.first(), Some(&(195 * 40, 195)));
    assert_eq!(got.last(), Some(&(200 * 40, 200)));
    assert!(slow.skipped() > 0 && fast.skipped() == 0);
}

/// Looks whether the name is still taken when the log says that it was published.
struct Reader {
    router: Router,
    seen: Arc<Mutex<Vec<bool>>>,
}

impl tracing::Subscriber for Reader {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        struct IsPublished(bool);
        impl tracing::field::Visit for IsPublished {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                self.0 |= field.name() == "message" && format!("{value:?}") == "published";
            }
        }
        let mut is = IsPublished(false);
        event.record(&mut is);
        if is.0 {
            self.seen.lock().unwrap().push(self.router.is_live("live/cam"));
        }
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test]
async fn who_reads_that_a_stream_was_published_can_publish_it() {
    let router = router([("live", App::default())]);
    let seen = Arc::<Mutex<Vec<bool>>>::default();
    let reader = Reader { router: router.clone(), seen: seen.clone() };
    let publication = publish(&router, "live", "cam").await.unwrap();
    assert!(router.is_live("live/cam"));
    tracing::subscriber::with_default(reader, || drop(publication));
    assert_eq!(*seen.lock().unwrap(), [false]);
}
