//! Where joiners begin.

use std::time::Duration;

use crate::support::*;
use fanout::{Limits, Publisher, Start, Streams};

/// A stream of a GOP per second, 25 pictures and as many sounds each: numbers count 20 ms, key frames are multiples of 50,
/// pictures even numbers. The last frame is number 499.
async fn ten_seconds(limits: Limits) -> (Streams, Publisher) {
    let streams = Streams::default();
    let mut publisher = streams.publish(name(), limits).unwrap();
    publisher.push_all([video_header(10_000), audio_header(10_001)]).unwrap();
    for id in 0..500 {
        let frame = match id {
            id if id % 50 == 0 => key(id),
            id if id % 2 == 0 => inter(id),
            id => audio(id),
        };
        publisher.push(frame).unwrap();
        tokio::time::advance(Duration::from_millis(20)).await;
    }
    (streams, publisher)
}

fn joined(streams: &Streams, start: Start) -> (fanout::Subscriber, Vec<u64>) {
    let mut player = streams.subscribe_from(name(), start).unwrap();
    let got = read(&mut player);
    (player, got)
}

#[tokio::test(start_paused = true)]
async fn key_starts_at_the_newest_and_next_key_at_the_next() {
    let (streams, mut publisher) = ten_seconds(Limits::default()).await;
    let (_, got) = joined(&streams, Start::Key);
    assert_eq!(got[..3], [10_000, 10_001, 450]);
    let (mut player, got) = joined(&streams, Start::NextKey);
    assert_eq!(got, [], "the cached one is not asked for");
    publisher.push_all([inter(600), audio(601), key(602), audio(603)]).unwrap();
    assert_eq!(read(&mut player), [10_000, 10_001, 602, 603]);
}

#[tokio::test(start_paused = true)]
async fn live_starts_at_the_newest_sound_and_the_next_picture_to_start_at() {
    let (streams, mut publisher) = ten_seconds(Limits::default()).await;
    let (mut player, got) = joined(&streams, Start::Live);
    assert_eq!(got, [10_000, 10_001, 499]);
    assert!(player.position().is_none(), "not everything from here on is for it");
    publisher.push_all([inter(600), audio(601), inter(602)]).unwrap();
    assert_eq!(read(&mut player), [601]);
    publisher.push_all([key(700), inter(701)]).unwrap();
    assert_eq!(read(&mut player), [700, 701]);
    assert!(player.position().is_some());
}

#[tokio::test(start_paused = true)]
async fn live_sound_needs_no_picture() {
    let (streams, mut publisher) = published();
    publisher.push_all([audio_header(1), audio(2)]).unwrap();
    let (mut player, got) = joined(&streams, Start::Live);
    assert_eq!(got, [1, 2]);
    assert!(player.position().is_some());
    publisher.push(audio(3)).unwrap();
    assert_eq!(read(&mut player), [3]);
}

#[tokio::test(start_paused = true)]
async fn buffered_starts_so_far_behind_at_a_key_frame() {
    let back = Duration::from_secs(3);
    let (streams, mut publisher) = ten_seconds(Limits { back, ..Limits::default() }).await;
    // The newest is 499, three seconds before it is 349.
    for (start, first) in [
        (Start::Buffered(back), 300),
        (Start::Buffered(Duration::from_secs(1)), 400),
        (Start::Buffered(Duration::from_millis(10)), 450),
        (Start::Buffered(Duration::from_secs(60)), 300),
        (Start::Key, 450),
    ] {
        let (_, got) = joined(&streams, start);
        assert_eq!(got[..3], [10_000, 10_001, first], "{start:?}");
        assert_eq!(got.len() as u64, 2 + 500 - first, "all from there on: {start:?}");
    }
    let (mut player, _) = joined(&streams, Start::Buffered(back));
    publisher.push(inter(500)).unwrap();
    assert_eq!(read(&mut player), [500]);
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_for_buffered_starts_is_no_more_than_that() {
    let back = Duration::from_secs(3);
    let (streams, _publisher) = ten_seconds(Limits { back, ..Limits::default() }).await;
    assert!((200..=201).contains(&streams.list()[0].frames), "{:?}", streams.list());
    let (streams, _publisher) = ten_seconds(Limits { back, frames: 120, ..Limits::default() }).await;
    assert!(streams.list()[0].frames <= 120, "the bounds of the cache hold");
    let (_, got) = joined(&streams, Start::Buffered(back));
    assert_eq!(got[..3], [10_000, 10_001, 400], "the oldest there is");
}

#[tokio::test(start_paused = true)]
async fn without_a_cache_everyone_starts_at_the_next_key_frame() {
    let (streams, mut publisher) = ten_seconds(Limits { gop: false, ..Limits::default() }).await;
    for start in [Start::Key, Start::Buffered(Duration::from_secs(1))] {
        let (mut player, got) = joined(&streams, start);
        assert_eq!(got, []);
        publisher.push(key(1000)).unwrap();
        assert_eq!(read(&mut player).last(), Some(&1000));
    }
}
