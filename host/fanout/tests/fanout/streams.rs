//! Names: who may publish, who waits, what is left behind.

use std::time::Duration;

use crate::support::*;
use fanout::{Bounds, Error, Event, Limits, Replaced, StreamKey, Streams};

#[test]
fn a_second_publisher_is_refused_and_the_first_not_disturbed() {
    let (streams, mut publisher) = published();
    let mut player = streams.subscribe(name()).unwrap();
    publisher.push(key(1)).unwrap();
    assert_eq!(streams.publish(name(), Limits::default()).err(), Some(Error::Busy));
    publisher.push(inter(2)).unwrap();
    assert_eq!(read(&mut player), [1, 2]);
}

#[test]
fn the_name_is_free_at_once_when_the_publisher_drops() {
    let (streams, publisher) = published();
    assert!(streams.is_live(&name()));
    drop(publisher);
    assert!(!streams.is_live(&name()));
    assert!(streams.list().is_empty(), "a name nobody uses costs nothing");
    streams.publish(name(), Limits::default()).unwrap();
}

#[test]
fn subscribers_stay_and_get_the_next_publisher() {
    let (streams, mut publisher) = published();
    publisher.push_all([video_header(1), key(2), inter(3)]).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    let mut slow = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut player), [1, 2, 3]);
    publisher.push(inter(4)).unwrap();
    drop(publisher);
    assert_eq!(drain(&mut player), (vec![4], vec![Event::Ended]));
    assert_eq!(drain(&mut player), (vec![], vec![]));
    assert_eq!(streams.list()[0].frames, 4, "the slow one may still read the end");
    assert_eq!(drain(&mut slow), (vec![1, 2, 3, 4], vec![Event::Ended]));
    assert_eq!(streams.list()[0].frames, 0, "now nobody needs it");

    let mut again = streams.publish(name(), Limits::default()).unwrap();
    again.push_all([video_header(5), key(6)]).unwrap();
    assert_eq!(drain(&mut player), (vec![5, 6], vec![Event::Started]));
    assert_eq!(drain(&mut slow), (vec![5, 6], vec![Event::Started]));
    let mut late = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut late), [5, 6], "nothing of the first publisher is left");
}

#[test]
fn what_only_one_who_left_had_not_read_is_freed() {
    let (streams, mut publisher) = published();
    publisher.push_all([key(1), inter(2)]).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    let slow = streams.subscribe(name()).unwrap();
    drop(publisher);
    assert_eq!(drain(&mut player), (vec![1, 2], vec![Event::Ended]));
    assert_eq!(streams.list()[0].frames, 2);
    drop(slow);
    assert_eq!(streams.list()[0].frames, 0);
    let late = streams.subscribe(name()).unwrap();
    drop(player);
    drop(late);
    assert!(streams.list().is_empty());
}

#[test]
fn who_sleeps_through_a_change_of_publishers_is_told_of_it_behind_the_last_frame() {
    let (streams, mut first) = published();
    first.push_all([video_header(1), key(2)]).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut player), [1, 2]);
    first.push(inter(3)).unwrap();
    drop(first);
    let mut second = streams.publish(name(), Limits::default()).unwrap();
    second.push_all([video_header(4), key(5)]).unwrap();
    assert_eq!(drain(&mut player), (vec![3, 4, 5], vec![Event::Ended, Event::Started]));
}

#[test]
fn a_waiting_subscriber_reads_a_stream_that_came_and_went() {
    let streams = Streams::default();
    let mut player = streams.subscribe(name()).unwrap();
    let mut publisher = streams.publish(name(), Limits::default()).unwrap();
    publisher.push_all([key(1), inter(2)]).unwrap();
    drop(publisher);
    assert_eq!(drain(&mut player), (vec![1, 2], vec![Event::Started, Event::Ended]));
}

#[tokio::test(start_paused = true)]
async fn a_publisher_that_takes_over_ends_the_other() {
    let (streams, mut first) = published();
    first.push_all([video_header(1), key(2)]).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut player), [1, 2]);
    let told = tokio::spawn(first.replaced());
    let mut second = streams.replace(name(), Limits::default(), false).unwrap();
    told.await.unwrap();
    assert_eq!(first.push(inter(3)), Err(Replaced));
    drop(first);
    assert!(streams.is_live(&name()), "the end of the old one is not the end of the new one");
    second.push_all([video_header(4), key(5)]).unwrap();
    assert_eq!(drain(&mut player), (vec![4, 5], vec![Event::Ended, Event::Started]));
    assert!(streams.replace(StreamKey::new("live", "free"), Limits::default(), false).unwrap().previous().is_none());
}

#[tokio::test(start_paused = true)]
async fn the_next_publisher_knows_where_the_players_that_stayed_are() {
    let (streams, mut first) = published();
    first.push_all([key(100), audio(90)]).unwrap();
    let player = streams.subscribe(name()).unwrap();
    drop(first);
    tokio::time::advance(Duration::from_secs(3)).await;
    let second = streams.publish(name(), Limits::default()).unwrap();
    let previous = second.previous().expect("a player stayed");
    assert_eq!(previous.dts_us, 100_000);
    assert_eq!(previous.ended.elapsed(), Duration::from_secs(3));
    drop(second);
    drop(player);
    assert!(streams.publish(name(), Limits::default()).unwrap().previous().is_none(), "nobody stayed");
}

#[test]
fn bounds_hold_and_what_ends_makes_room() {
    let streams = Streams::new(Bounds { streams: 2, waiting: 2, subscribers: 2 });
    let key = |n: &str| StreamKey::new("live", n);
    let publish = |n: &str| streams.publish(key(n), Limits::default());
    let a = publish("a").unwrap();
    let _b = publish("b").unwrap();
    assert_eq!(publish("c").err(), Some(Error::TooManyStreams(2)));
    drop(a);
    let _c = publish("c").unwrap();

    let wait1 = streams.subscribe(key("x")).unwrap();
    let _wait2 = streams.subscribe(key("y")).unwrap();
    assert_eq!(streams.subscribe(key("z")).err(), Some(Error::TooManyWaiting(2)));
    let _live = streams.subscribe(key("b")).unwrap();
    let second = streams.subscribe(key("b")).unwrap();
    assert_eq!(streams.subscribe(key("b")).err(), Some(Error::TooManySubscribers(2)));
    drop(second);
    streams.subscribe(key("b")).unwrap();
    drop(wait1);
    streams.subscribe(key("z")).unwrap();
}

#[test]
fn the_list_tells_what_there_is() {
    let (streams, mut publisher) = published();
    publisher.push_all([key(1), inter(2)]).unwrap();
    let _waiting = streams.subscribe(StreamKey::new("live", "absent")).unwrap();
    let list: Vec<_> = streams
        .list()
        .into_iter()
        .map(|s| (s.key.to_string(), s.live, s.subscribers, s.frames, s.bytes, s.gop))
        .collect();
    let expected = [("live/absent".to_string(), false, 1, 0, 0, false), ("live/cam".to_string(), true, 0, 2, 16, true)];
    assert_eq!(list, expected);
}

#[tokio::test(start_paused = true)]
async fn waiting_sleeps_until_something_comes_and_may_be_given_up() {
    let (streams, mut publisher) = published();
    publisher.push(key(1)).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    let mut batch = Vec::new();
    assert_eq!(player.next(&mut batch).await, Event::Frames);
    for id in 2..50 {
        // Nothing to read: in virtual time a sleeper is given up after exactly the limit.
        let began = tokio::time::Instant::now();
        let wait = Duration::from_secs(3600);
        assert!(tokio::time::timeout(wait, player.next(&mut batch)).await.is_err());
        assert_eq!(began.elapsed(), wait);
        publisher.push(inter(id)).unwrap();
        assert_eq!(player.next(&mut batch).await, Event::Frames);
        assert_eq!(ids(&batch).last(), Some(&id));
    }
    assert_eq!(ids(&batch), (1..50).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_readers_on_many_threads_get_every_frame_in_order() {
    let streams = Streams::default();
    let mut publisher = streams.publish(name(), Limits::default()).unwrap();
    publisher.push(key(0)).unwrap();
    let last = 2000;
    let readers: Vec<_> = (0..50)
        .map(|_| {
            let mut player = streams.subscribe(name()).unwrap();
            tokio::spawn(async move {
                let mut seen = Vec::new();
                let mut batch = Vec::new();
                while player.next(&mut batch).await == Event::Frames {
                    seen.extend(ids(&batch));
                    batch.clear();
                }
                (seen, player.jumps())
            })
        })
        .collect();
    for id in 1..=last {
        publisher.push(inter(id)).unwrap();
        if id % 16 == 0 {
            tokio::task::yield_now().await;
        }
    }
    drop(publisher);
    for reader in readers {
        let (seen, jumps) = reader.await.unwrap();
        assert_eq!(jumps, 0, "2,000 frames fit into the ring");
        assert_eq!(seen, (0..=last).collect::<Vec<_>>());
    }
    assert!(streams.list().is_empty());
}

#[test]
fn a_stream_beside_another_gives_way_to_the_same_and_to_nobody_else() {
    let streams = Streams::default();
    let key = |name: &str| StreamKey::new("live", name);
    let (parent, beside) = (key("cam"), key("cam_audio"));
    let first = streams.publish_beside(beside.clone(), &parent, 1, Limits::default()).unwrap();
    assert_eq!(streams.publish(beside.clone(), Limits::default()).unwrap_err(), Error::Busy);
    assert_eq!(streams.replace(beside.clone(), Limits::default(), true).unwrap_err(), Error::Busy);
    assert_eq!(streams.publish_beside(beside.clone(), &key("other"), 1, Limits::default()).unwrap_err(), Error::Busy);
    assert!(!streams.is_replaceable(&beside) && !first.is_replaced());
    let player = streams.subscribe(beside.clone()).unwrap();
    let second = streams.publish_beside(beside.clone(), &parent, 2, Limits::default()).unwrap();
    assert!(first.is_replaced());
    assert_eq!((first.previous().map(|p| p.beside), second.previous().map(|p| p.beside)), (None, Some(Some(1))));
    drop(player);
    drop((first, second));
    let own = streams.publish(beside.clone(), Limits::default()).unwrap();
    assert!(streams.is_replaceable(&beside));
    assert_eq!(streams.publish_beside(beside.clone(), &parent, 1, Limits::default()).unwrap_err(), Error::Busy);
    assert!(streams.replace(beside, Limits::default(), false).is_ok() && own.is_replaced());
}
