//! A publisher that is lost and comes back, and one that is replaced.

use crate::support::*;
use fanout::{Event, Follower, Limits, Streams};
use media::Frame;

fn reads_on(follower: &Follower, player: &fanout::Subscriber) -> bool {
    follower.read(player.position().unwrap(), &mut Vec::new()).is_some()
}

#[test]
fn subscribers_go_on_with_a_publisher_that_comes_back() {
    let (streams, mut first) = published();
    first.push_all([video_header(1), key(2), inter(3)]).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    let mut slow = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut player), [1, 2, 3]);
    assert_eq!(read(&mut slow), [1, 2, 3]);
    first.push(audio(30)).unwrap();
    assert_eq!(read(&mut player), [30]);
    let follower = player.follower();
    let lost = first.lose();
    assert!(!streams.is_live(&name()), "the name is free");
    assert_eq!(read(&mut player), []);
    let at = player.position().unwrap();
    assert!(reads_on(&follower, &player) && !player.has_news(at), "who has everything only waits");

    let mut second = streams.publish(name(), Limits::default()).unwrap();
    assert!(second.previous().is_some());
    drop(lost);
    second.push_all([audio(4), inter(5), video_header(6), inter(7), key(8), audio(9), inter(10)]).unwrap();
    // Pictures that refer to what the first publisher never sent are no use to anyone.
    assert_eq!(read(&mut player), [4, 6, 8, 9, 10]);
    assert_eq!(read(&mut slow), [30, 4, 6, 8, 9, 10], "who has not read all yet does so first");
    assert!(player.position().is_some());
    assert_eq!(read(&mut streams.subscribe(name()).unwrap()), [6, 8, 9, 10]);
    drop(second);
    assert_eq!(drain(&mut player), (vec![], vec![Event::Ended]));
}

#[test]
fn a_publisher_that_does_not_come_back_ends_the_stream_when_it_is_given_up() {
    let (streams, mut first) = published();
    first.push_all([video_header(1), key(2)]).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    let lost = first.lose();
    assert_eq!(read(&mut player), [1, 2]);
    let mut late = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut late), []);
    assert_eq!(streams.list()[0].frames, 2);
    drop(lost);
    assert_eq!(drain(&mut player), (vec![], vec![Event::Ended]));
    assert_eq!(drain(&mut late), (vec![], vec![]), "it never saw a start");
    assert_eq!(streams.list()[0].frames, 0);
    let mut second = streams.publish(name(), Limits::default()).unwrap();
    second.push_all([inter(3), key(4)]).unwrap();
    for player in [&mut player, &mut late] {
        assert_eq!(drain(player), (vec![3, 4], vec![Event::Started]));
    }
}

#[test]
fn what_was_lost_without_subscribers_leaves_nothing() {
    let (streams, mut first) = published();
    first.push(key(1)).unwrap();
    let lost = first.lose();
    assert!(streams.list().is_empty());
    drop(lost);
    assert!(streams.publish(name(), Limits::default()).unwrap().previous().is_none());
}

#[test]
fn many_returns_are_one_stream_to_who_slept_through_them() {
    let (streams, mut publisher) = published();
    publisher.push(key(0)).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut player), [0]);
    let mut lost = Vec::new();
    for id in 1..5 {
        lost.push(publisher.lose());
        publisher = streams.publish(name(), Limits::default()).unwrap();
        publisher.push(key(id * 10)).unwrap();
    }
    lost.clear();
    assert_eq!(read(&mut player), [40]);
    drop(publisher);
    assert_eq!(drain(&mut player), (vec![], vec![Event::Ended]));
    let mut other = streams.publish(name(), Limits::default()).unwrap();
    other.push(key(50)).unwrap();
    assert_eq!(drain(&mut player), (vec![50], vec![Event::Started]));
}

#[test]
fn subscribers_go_on_with_a_publisher_that_takes_over() {
    let (streams, mut first) = published();
    first.push_all([video_header(1), key(2)]).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut player), [1, 2]);
    let mut second = streams.replace(name(), Limits::default(), true).unwrap();
    drop(first.lose());
    assert!(streams.is_live(&name()), "the end of the old one is not the end of the new one");
    second.push_all([video_header(3), key(4)]).unwrap();
    assert_eq!(read(&mut player), [3, 4]);
}

#[test]
fn sound_alone_has_nothing_to_wait_for() {
    let (streams, mut first) = published();
    first.push_all([audio_header(1), audio(2)]).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut player), [1, 2]);
    let _lost = first.lose();
    let mut second = streams.publish(name(), Limits::default()).unwrap();
    second.push_all([audio_header(3), audio(4)]).unwrap();
    assert_eq!(read(&mut player), [3, 4]);
    assert!(player.position().is_some(), "it may be read for again");
}

#[tokio::test(start_paused = true)]
async fn an_encoder_without_key_frames_is_not_waited_for_forever() {
    let (streams, mut first) = published();
    first.push(key(0)).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    read(&mut player);
    let _lost = first.lose();
    let mut second = streams.publish(name(), Limits::default()).unwrap();
    second.push(video_header(1)).unwrap();
    let mut came = Vec::new();
    for id in 2..20 {
        second.push(Frame { disposable: false, ..inter(id) }).unwrap();
        came.extend(read(&mut player));
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
    }
    assert_eq!(came.first(), Some(&1));
    assert_eq!(came.get(1), Some(&13), "after ten seconds the pictures come as they are: {came:?}");
}

#[test]
fn the_newest_time_is_that_of_the_newest_publisher() {
    let streams = Streams::default();
    let _player = streams.subscribe(name()).unwrap();
    for (id, before) in [(50_000, None), (10, Some(50_000_000)), (20, Some(10_000))] {
        let mut publisher = streams.publish(name(), Limits::default()).unwrap();
        assert_eq!(publisher.previous().map(|p| p.dts_us), before);
        publisher.push(key(id)).unwrap();
    }
}
