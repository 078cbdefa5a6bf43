//! Who is too slow, and what becomes of them.

use std::time::Duration;

use crate::support::*;
use fanout::{Event, Limits, Publisher, Slow, Streams};
use media::{Content, Frame, Kind};

fn with(slow: Slow) -> (Streams, Publisher) {
    let streams = Streams::default();
    let publisher = streams.publish(name(), Limits { slow, ..Limits::default() }).unwrap();
    (streams, publisher)
}

fn sized(id: u64, key: bool) -> Frame {
    Frame { key, ..frame(Kind::Video, Content::Coded, id, 1000) }
}

#[test]
fn more_bytes_than_it_may_have_before_it_make_it_jump_or_end() {
    for close in [false, true] {
        let (streams, mut publisher) = with(Slow { close, bytes: 10_000, ..Slow::default() });
        publisher.push_all([video_header(0), sized(1, true)]).unwrap();
        let mut player = streams.subscribe(name()).unwrap();
        let mut healthy = streams.subscribe(name()).unwrap();
        assert_eq!(read(&mut player), [0, 1]);
        assert_eq!(read(&mut healthy), [0, 1]);
        // A GOP of any size is read by who is in it; ten frames are no more than it may have.
        publisher.push_all((2..30).map(|id| sized(id, false))).unwrap();
        assert_eq!(read(&mut player), (2..30).collect::<Vec<_>>());
        publisher.push_all((30..40).map(|id| sized(id, id == 35))).unwrap();
        assert_eq!(read(&mut player), (30..40).collect::<Vec<_>>());
        publisher.push_all((40..51).map(|id| sized(id, id == 45))).unwrap();
        match close {
            false => assert_eq!(read(&mut player), (45..51).collect::<Vec<_>>()),
            true => assert_eq!(drain(&mut player), (vec![], vec![Event::TooSlow])),
        }
        assert_eq!((player.jumps(), player.skipped()), if close { (0, 0) } else { (1, 5) });
        publisher.push(sized(51, true)).unwrap();
        assert_eq!(read(&mut player), if close { vec![] } else { vec![51] }, "it gets nothing more");
        assert_eq!(drain(&mut healthy).1, if close { vec![Event::TooSlow] } else { vec![] }, "it has not read either");
    }
}

#[tokio::test(start_paused = true)]
async fn so_does_more_time() {
    for close in [false, true] {
        let (streams, mut publisher) = with(Slow { close, time: Duration::from_secs(1), ..Slow::default() });
        publisher.push(key(0)).unwrap();
        let mut player = streams.subscribe(name()).unwrap();
        assert_eq!(read(&mut player), [0]);
        for id in 1..40 {
            tokio::time::advance(Duration::from_millis(40)).await;
            publisher.push(if id == 30 { key(id) } else { inter(id) }).unwrap();
        }
        match close {
            false => assert_eq!(read(&mut player), (30..40).collect::<Vec<_>>()),
            true => assert_eq!(drain(&mut player), (vec![], vec![Event::TooSlow])),
        }
    }
}

#[test]
fn what_a_joiner_gets_first_it_reads_in_its_own_time() {
    let (streams, mut publisher) = with(Slow { close: true, bytes: 10_000, ..Slow::default() });
    publisher.push_all((0..3000).map(|id| sized(id, id == 1000))).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    let mut batch = Vec::new();
    assert_eq!(player.try_next(&mut batch), Some(Event::Frames));
    assert!(batch.len() < 1100, "a part of it: {}", batch.len());
    publisher.push_all((3000..3005).map(|id| sized(id, id == 3000))).unwrap();
    while player.try_next(&mut batch) == Some(Event::Frames) {}
    assert_eq!(ids(&batch), (1000..3005).collect::<Vec<_>>());
}

#[test]
fn who_falls_out_of_the_ring_is_too_slow_whatever_the_bounds() {
    let limits = Limits { frames: 5, slow: Slow { close: true, ..Slow::default() }, ..Limits::default() };
    let streams = Streams::default();
    let mut publisher = streams.publish(name(), limits).unwrap();
    publisher.push(key(0)).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut player), [0]);
    publisher.push_all((1..20).map(inter)).unwrap();
    assert_eq!(drain(&mut player), (vec![], vec![Event::TooSlow]));
    assert_eq!(streams.list()[0].subscribers, 1, "until its owner drops it");
}
