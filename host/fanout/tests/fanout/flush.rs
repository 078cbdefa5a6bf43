//! When frames leave, in virtual time.

use std::time::Duration;

use crate::support::*;
use fanout::flush::AUDIO_HOLD;
use fanout::{Flush, Limits, Publisher, Streams, Subscriber};
use media::{Content, Kind};
use tokio::time::{Instant, advance};

const MS: Duration = Duration::from_millis(1);

/// A publisher that flushes so, and a subscriber that was there first.
fn flushed(flush: Flush) -> (Publisher, Subscriber) {
    let (streams, mut publisher) = published();
    publisher.set_flush(flush);
    (publisher, streams.subscribe(name()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn audio_leaves_with_the_next_picture() {
    let (mut publisher, mut player) = flushed(Flush::AudioHold);
    publisher.push_all([metadata(1), video_header(2), audio_header(3)]).unwrap();
    assert_eq!(read(&mut player), [1, 2, 3], "what is not sound leaves at once");
    publisher.push(key(4)).unwrap();
    assert_eq!(read(&mut player), [4]);
    publisher.push(audio(5)).unwrap();
    advance(23 * MS).await;
    publisher.push(audio(6)).unwrap();
    assert_eq!(read(&mut player), [0; 0]);
    publisher.push(inter(7)).unwrap();
    assert_eq!(read(&mut player), [5, 6, 7]);
    assert_eq!(publisher.flush_at(), None);
}

#[tokio::test(start_paused = true)]
async fn audio_waits_for_a_late_picture_no_longer_than_the_bound() {
    let (mut publisher, mut player) = flushed(Flush::AudioHold);
    publisher.push_all([key(1)]).unwrap();
    let begin = Instant::now();
    publisher.push(audio(2)).unwrap();
    advance(30 * MS).await;
    publisher.push(audio(3)).unwrap();
    assert_eq!(publisher.flush_at(), Some(begin + AUDIO_HOLD), "the oldest counts");
    advance(19 * MS).await;
    assert_eq!(read(&mut player), [1]);
    advance(MS).await;
    publisher.flush();
    assert_eq!(read(&mut player), [2, 3]);
    assert_eq!(publisher.flush_at(), None);
    // The next sound begins a new wait.
    publisher.push(audio(4)).unwrap();
    assert_eq!(publisher.flush_at(), Some(Instant::now() + AUDIO_HOLD));
}

#[tokio::test(start_paused = true)]
async fn audio_without_pictures_leaves_at_once() {
    let (mut publisher, mut player) = flushed(Flush::AudioHold);
    publisher.push_all([audio_header(1), audio(2)]).unwrap();
    assert_eq!(read(&mut player), [1, 2]);
    // A picture that comes makes sound wait, one that has stopped does not.
    publisher.push(key(3)).unwrap();
    publisher.push(audio(4)).unwrap();
    assert_eq!(read(&mut player), [3]);
    advance(Duration::from_secs(1)).await;
    publisher.push(audio(5)).unwrap();
    assert_eq!(read(&mut player), [4, 5]);
    publisher.push(audio(6)).unwrap();
    assert_eq!(read(&mut player), [6]);
}

#[tokio::test(start_paused = true)]
async fn merged_frames_leave_when_the_first_has_waited_its_time() {
    let (mut publisher, mut player) = flushed(Flush::Merge(100 * MS));
    let begin = Instant::now();
    publisher.push_all([video_header(1), key(2)]).unwrap();
    for id in 3..6 {
        advance(30 * MS).await;
        publisher.push(inter(id)).unwrap();
        assert_eq!(publisher.flush_at(), Some(begin + 100 * MS));
    }
    assert_eq!(read(&mut player), [0; 0]);
    advance(10 * MS).await;
    // Whoever is late with the flush does not have to: the next frame takes the others along.
    publisher.push(inter(6)).unwrap();
    assert_eq!(read(&mut player), [1, 2, 3, 4, 5, 6]);
    assert_eq!(publisher.flush_at(), None);
}

#[tokio::test(start_paused = true)]
async fn immediate_frames_leave_at_once() {
    let (mut publisher, mut player) = flushed(Flush::Immediate);
    publisher.push_all([key(1), audio(2)]).unwrap();
    publisher.push(audio(3)).unwrap();
    assert_eq!((read(&mut player), publisher.flush_at()), (vec![1, 2, 3], None));
}

#[tokio::test(start_paused = true)]
async fn without_a_subscriber_nothing_waits() {
    for flush in [Flush::AudioHold, Flush::Merge(100 * MS)] {
        let (streams, mut publisher) = published();
        publisher.set_flush(flush);
        publisher.push_all([key(1), audio(2)]).unwrap();
        publisher.push(audio(3)).unwrap();
        assert_eq!(publisher.flush_at(), None);
        let mut late = streams.subscribe(name()).unwrap();
        assert_eq!(read(&mut late), [1, 2, 3]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_joiner_starts_with_what_has_left_and_gets_the_rest_with_the_others() {
    let (streams, mut publisher) = published();
    publisher.set_flush(Flush::AudioHold);
    let mut early = streams.subscribe(name()).unwrap();
    publisher.push_all([video_header(1), key(2)]).unwrap();
    publisher.push(audio(3)).unwrap();
    let mut late = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut late), [1, 2]);
    assert_eq!(
        late.position(),
        {
            read(&mut early);
            early.position()
        },
        "both stand at one place"
    );
    publisher.push(inter(4)).unwrap();
    assert_eq!((read(&mut early), read(&mut late)), (vec![3, 4], vec![3, 4]));

    // A key frame that has not left is no place to start at yet, nor are those behind it: the one before them is.
    publisher.set_flush(Flush::Merge(100 * MS));
    publisher.push_all([key(5), inter(6), key(7)]).unwrap();
    let mut later = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut later), [1, 2, 3, 4]);
    advance(100 * MS).await;
    publisher.flush();
    assert_eq!(read(&mut later), [5, 6, 7]);
    let mut last = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut last), [1, 7]);
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_not_lost_when_the_publisher_goes() {
    let (mut publisher, mut player) = flushed(Flush::AudioHold);
    publisher.push_all([key(1)]).unwrap();
    publisher.push(audio(2)).unwrap();
    drop(publisher);
    assert_eq!(drain(&mut player).0, [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_not_lost_when_another_publisher_takes_over() {
    let (streams, mut first) = published();
    first.set_flush(Flush::Merge(100 * MS));
    let mut player = streams.subscribe(name()).unwrap();
    let mut late = streams.subscribe(name()).unwrap();
    first.push_all([video_header(1), key(2), audio(3)]).unwrap();
    first.flush();
    assert_eq!(read(&mut player), [1, 2, 3]);
    first.push_all([inter(4), audio(5)]).unwrap();
    let mut second = streams.replace(name(), Limits::default(), false).unwrap();
    second.push_all([video_header(6), key(7)]).unwrap();
    let mut joiner = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut joiner), [6, 7], "who comes now sees nothing of the first");
    for (player, want) in [(&mut player, vec![4, 5, 6, 7]), (&mut late, vec![1, 2, 3, 4, 5, 6, 7])] {
        let (got, events) = drain(player);
        assert_eq!(got, want);
        assert_eq!(events, [fanout::Event::Ended, fanout::Event::Started]);
    }
}

/// However long frames may wait and however little the ring may hold.
#[tokio::test(start_paused = true)]
async fn no_frame_is_dropped_before_it_has_left() {
    let roomy = Limits::default();
    let (few, small) = (Limits { frames: 16, ..roomy }, Limits { bytes: 300, ..roomy });
    let (hasty, brief) = (Limits { lag: 100 * MS, ..roomy }, Limits { gop: false, time: 100 * MS, ..roomy });
    for limits in [roomy, few, small, hasty, brief] {
        let streams = Streams::default();
        let mut publisher = streams.publish(name(), limits).unwrap();
        publisher.set_flush(Flush::Merge(Duration::from_secs(2)));
        let mut player = streams.subscribe(name()).unwrap();
        let mut got = Vec::new();
        for id in 0..200 {
            let frame = if id % 50 == 0 { key(id) } else { inter(id) };
            publisher.push(frame).unwrap();
            if publisher.flush_at().is_none() {
                got.extend(read(&mut player));
            }
            advance(20 * MS).await;
        }
        drop(publisher);
        got.extend(drain(&mut player).0);
        assert_eq!(got, (0..200).collect::<Vec<_>>(), "{limits:?}");
        assert_eq!(player.jumps(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn opaque_sound_waits_too_and_a_new_header_does_not() {
    let (mut publisher, mut player) = flushed(Flush::AudioHold);
    publisher.push(key(1)).unwrap();
    publisher.push(frame(Kind::Audio, Content::Opaque, 2, 8)).unwrap();
    assert_eq!(read(&mut player), [1]);
    publisher.push(audio_header(3)).unwrap();
    assert_eq!(read(&mut player), [2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_follower_reads_on_for_those_at_one_place() {
    let (mut publisher, mut player) = flushed(Flush::AudioHold);
    let mut follower = player.follower();
    assert!(player.position().is_some(), "who was there first is late for nothing");
    publisher.push(key(1)).unwrap();
    assert_eq!(read(&mut player), [1]);
    let here = player.position().unwrap();
    let mut batch = Vec::new();
    assert_eq!(follower.read(here, &mut batch), Some(here));
    assert!(!player.has_news(here));

    follower.turned().await;
    publisher.push(audio(2)).unwrap();
    assert_eq!(follower.read(here, &mut batch), Some(here), "what waits is not seen");
    publisher.push(inter(3)).unwrap();
    follower.turned().await;
    assert!(player.has_news(here));
    let there = follower.read(here, &mut batch).unwrap();
    assert_eq!(ids(&batch), [2, 3]);
    player.move_to(there);
    assert_eq!(read(&mut player), [0; 0], "it has been delivered");
    publisher.push(inter(4)).unwrap();
    assert_eq!(read(&mut player), [4]);

    drop(publisher);
    assert_eq!(follower.read(there, &mut batch), None, "the end is for the subscriber itself to see");
    assert_eq!(drain(&mut player).1, [fanout::Event::Ended]);
}
