//! Who falls behind, and what a ring holds.

use std::time::Duration;

use crate::support::*;
use fanout::{Event, Limits, Publisher, Streams, Summary};
use media::{Content, Kind};

fn with(limits: Limits) -> (Streams, Publisher) {
    let streams = Streams::default();
    let publisher = streams.publish(name(), limits).unwrap();
    (streams, publisher)
}

fn listed(streams: &Streams) -> Summary {
    streams.list().remove(0)
}

#[test]
fn who_keeps_up_never_jumps() {
    let (streams, mut publisher) = with(Limits { frames: 4, ..Limits::default() });
    publisher.push(key(0)).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut player), [0]);
    for id in 1..100 {
        publisher.push(if id % 10 == 0 { key(id) } else { inter(id) }).unwrap();
        assert_eq!(read(&mut player), [id]);
    }
    assert_eq!((player.jumps(), player.skipped()), (0, 0));
}

#[test]
fn who_falls_out_of_the_ring_jumps_to_the_newest_key_frame() {
    let (streams, mut publisher) = with(Limits { frames: 10, ..Limits::default() });
    publisher.push_all([metadata(1), video_header(2), key(3)]).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut player), [1, 2, 3]);
    publisher.push_all((4..20).map(|id| if id % 5 == 0 { key(id) } else { inter(id) })).unwrap();
    assert_eq!(read(&mut player), [15, 16, 17, 18, 19]);
    assert_eq!((player.jumps(), player.skipped()), (1, 11));
}

#[test]
fn a_jump_sends_again_only_the_headers_that_changed_in_between() {
    let (streams, mut publisher) = with(Limits { frames: 6, ..Limits::default() });
    publisher.push_all([metadata(1), video_header(2), audio_header(3), key(4)]).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut player), [1, 2, 3, 4]);
    publisher.push(video_header(5)).unwrap();
    assert_eq!(read(&mut player), [5]);
    // Missed: a changed audio header, twice; the video header it has is the newest.
    publisher.push_all((6..16).map(inter)).unwrap();
    publisher.push_all([audio_header(16), audio_header(17)]).unwrap();
    publisher.push_all((18..28).map(inter)).unwrap();
    publisher.push_all([key(28), inter(29)]).unwrap();
    assert_eq!(read(&mut player), [17, 28, 29]);
}

#[test]
fn a_laggard_without_a_key_frame_to_jump_to_waits_for_one() {
    let (streams, mut publisher) = with(Limits { frames: 5, ..Limits::default() });
    publisher.push_all([video_header(1), key(2)]).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut player), [1, 2]);
    publisher.push_all((3..30).map(inter)).unwrap();
    assert_eq!(read(&mut player), []);
    publisher.push_all([inter(30), key(31), inter(32)]).unwrap();
    assert_eq!(read(&mut player), [31, 32]);
}

#[test]
fn a_lagging_listener_jumps_to_the_newest_frame() {
    let (streams, mut publisher) = with(Limits { frames: 5, ..Limits::default() });
    publisher.push_all([audio_header(1), audio(2)]).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut player), [1, 2]);
    publisher.push_all((3..30).map(audio)).unwrap();
    assert_eq!(read(&mut player), [29]);
}

#[test]
fn a_gop_over_the_limit_is_dropped_and_joiners_wait_for_the_next() {
    for (what, limits, size) in [
        ("frames", Limits { frames: 20, ..Limits::default() }, 8),
        ("bytes", Limits { bytes: 20_000, ..Limits::default() }, 1000),
    ] {
        let (streams, mut publisher) = with(limits);
        publisher.push_all([video_header(0), key(1)]).unwrap();
        let mut player = streams.subscribe(name()).unwrap();
        assert_eq!(read(&mut player), [0, 1]);
        for id in 2..40 {
            publisher.push(frame(Kind::Video, Content::Coded, id, size)).unwrap();
            let held = listed(&streams);
            assert!(held.frames <= limits.frames && held.bytes <= limits.bytes, "{what}: {held:?}");
            assert_eq!(read(&mut player), [id], "{what}: who is live is not disturbed");
        }
        assert!(!listed(&streams).gop, "{what}");
        let mut late = streams.subscribe(name()).unwrap();
        assert_eq!(read(&mut late), [], "{what}");
        publisher.push(key(40)).unwrap();
        assert!(listed(&streams).gop, "{what}");
        assert_eq!(read(&mut late), [0, 40], "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_gop_older_than_the_limit_is_dropped() {
    let (streams, mut publisher) = with(Limits::default());
    publisher.push(key(0)).unwrap();
    for id in 1..=10 {
        tokio::time::advance(Duration::from_secs(1)).await;
        publisher.push(inter(id)).unwrap();
    }
    assert_eq!(read(&mut streams.subscribe(name()).unwrap()), (0..=10).collect::<Vec<_>>());
    tokio::time::advance(Duration::from_millis(1)).await;
    publisher.push(inter(11)).unwrap();
    let mut late = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut late), []);
    assert!(listed(&streams).frames <= 3, "only what the lag allows is left: {:?}", listed(&streams));
}

#[tokio::test(start_paused = true)]
async fn what_nobody_can_need_is_freed() {
    let (streams, mut publisher) = with(Limits::default());
    for id in 0..1000 {
        tokio::time::advance(Duration::from_millis(40)).await;
        publisher.push(if id % 50 == 0 { key(id) } else { inter(id) }).unwrap();
        // Two seconds of lag, or the newest GOP, whichever is more.
        let held = listed(&streams);
        assert!(held.frames <= 51, "{held:?}");
    }
    // Without video only the lag is kept.
    let mut sound = streams.publish(fanout::StreamKey::new("live", "sound"), Limits::default()).unwrap();
    for id in 0..1000 {
        tokio::time::advance(Duration::from_millis(20)).await;
        sound.push(audio(id)).unwrap();
    }
    assert_eq!(streams.list()[1].frames, 101);
}

#[test]
fn a_single_frame_over_the_limit_still_passes() {
    let (streams, mut publisher) = with(Limits { bytes: 100, frames: 1, ..Limits::default() });
    publisher.push(key(1)).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut player), [1]);
    publisher.push(frame(Kind::Video, Content::Coded, 2, 5000)).unwrap();
    assert_eq!(read(&mut player), [2]);
}

#[test]
fn a_batch_ends_by_bytes_so_that_a_stuck_player_keeps_little_alive() {
    let (streams, mut publisher) = published();
    publisher.push(key(0)).unwrap();
    publisher.push_all((1..100).map(|id| frame(Kind::Video, Content::Coded, id, 50_000))).unwrap();
    let mut player = streams.subscribe(name()).unwrap();
    let mut all = Vec::new();
    let mut batches = 0;
    loop {
        let mut batch = Vec::new();
        if player.try_next(&mut batch) != Some(Event::Frames) {
            break;
        }
        let bytes: usize = batch.iter().map(|e| e.frame.body.len()).sum();
        assert!(bytes < (1 << 20) + 50_000, "{bytes}");
        all.extend(ids(&batch));
        batches += 1;
    }
    assert_eq!(all, (0..100).collect::<Vec<_>>());
    assert_eq!(batches, 5);
}

#[test]
fn invented_tracks_cannot_make_the_headers_grow() {
    let (streams, mut publisher) = published();
    for id in 0..2000u64 {
        let mut header = frame(Kind::Video, Content::Header, id, 100_000);
        header.track = (id % 256) as u8;
        publisher.push(header).unwrap();
    }
    publisher.push(key(2000)).unwrap();
    let mut late = streams.subscribe(name()).unwrap();
    let mut bytes = 0;
    let mut batch = Vec::new();
    while late.try_next(&mut batch).is_some() {
        bytes += batch.drain(..).map(|e| e.frame.body.len()).sum::<usize>();
    }
    assert!(bytes <= (4 << 20) + 8, "{bytes}");
}
