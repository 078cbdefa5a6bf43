//! What a joiner gets first.

use std::sync::Arc;
use std::time::Duration;

use crate::support::*;
use bytes::Bytes;
use fanout::{Event, Limits, Streams};
use media::{Content, FourCc, Frame, Kind};

#[test]
fn a_late_joiner_gets_metadata_headers_and_gop_in_one_batch() {
    let (streams, mut publisher) = published();
    publisher.push_all([video_header(1), audio_header(2), metadata(3), key(4), audio(5), inter(6)]).unwrap();
    publisher.push_all([key(7), audio(8), inter(9)]).unwrap();

    let mut late = streams.subscribe(name()).unwrap();
    let mut batch = Vec::new();
    assert_eq!(late.try_next(&mut batch), Some(Event::Frames));
    assert_eq!(ids(&batch), [3, 1, 2, 7, 8, 9]);
    assert_eq!(late.try_next(&mut batch), None);

    publisher.push(inter(10)).unwrap();
    assert_eq!(read(&mut late), [10]);
}

#[test]
fn headers_come_as_they_were_where_the_gop_starts() {
    let (streams, mut publisher) = published();
    publisher.push_all([metadata(1), video_header(2), audio_header(3), key(4)]).unwrap();
    publisher.push_all([audio_header(5), audio(6), video_header(7), metadata(8), inter(9)]).unwrap();
    let mut late = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut late), [1, 2, 3, 4, 5, 6, 7, 8, 9]);

    publisher.push(key(10)).unwrap();
    let mut later = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut later), [8, 5, 7, 10]);
    assert_eq!(read(&mut late), [10]);
}

#[test]
fn a_joiners_headers_are_timed_as_its_key_frame_and_its_metadata_has_no_time() {
    let (streams, mut publisher) = published();
    publisher.push_all([metadata(1), video_header(2), key(3), key(50_000), inter(50_040)]).unwrap();
    let mut late = streams.subscribe(name()).unwrap();
    let mut batch = Vec::new();
    late.try_next(&mut batch);
    let times: Vec<i64> = batch.iter().map(|e| e.frame.dts_us).collect();
    assert_eq!(times, [0, 50_000_000, 50_000_000, 50_040_000]);
}

#[test]
fn every_kind_of_header_is_kept_by_track_and_the_newest_counts() {
    let (streams, mut publisher) = published();
    let on = |track: u8, frame: Frame| Frame { track, ..frame };
    let color = |id| frame(Kind::Video, Content::VideoMetadata, id, 8);
    let channels = |id| frame(Kind::Audio, Content::MultichannelConfig, id, 8);
    publisher.push_all([video_header(1), color(2), on(1, video_header(3)), audio_header(4), channels(5)]).unwrap();
    publisher.push_all([color(6), on(1, audio_header(7)), channels(8), on(1, video_header(9)), key(10)]).unwrap();
    publisher.push(on(1, key(11))).unwrap();
    let mut late = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut late), [1, 4, 6, 7, 8, 9, 10, 11]);
}

#[test]
fn a_new_codec_makes_what_its_track_had_stale() {
    let (streams, mut publisher) = published();
    let hevc = |frame: Frame| Frame { codec: FourCc::HVC1, ..frame };
    let color = hevc(frame(Kind::Video, Content::VideoMetadata, 2, 8));
    publisher.push_all([hevc(video_header(1)), color, audio_header(3), hevc(key(4))]).unwrap();
    publisher.push_all([video_header(5), key(6)]).unwrap();
    let mut late = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut late), [3, 5, 6]);
}

#[test]
fn headers_of_several_tracks_in_one_message_are_headers() {
    let (streams, mut publisher) = published();
    let enhanced = |id: u64, key: bool, body: &'static [u8]| Frame {
        dts_us: id as i64 * 1000,
        ..{
            let mut frame = media::flv::video(Bytes::from_static(body), 0);
            frame.key = key;
            frame
        }
    };
    // Multitrack, ManyTracks, avc1: two tracks of one byte each; sequence start, then coded frames.
    let start = enhanced(1, false, b"\x96\x10avc1\x00\x00\x00\x01\xaa\x01\x00\x00\x01\xbb");
    let coded = enhanced(2, true, b"\x96\x13avc1\x00\x00\x00\x01\xcc\x01\x00\x00\x01\xdd");
    assert_eq!((start.content, coded.content), (Content::Opaque, Content::Opaque), "the shape this test is about");
    publisher.push_all([start.clone(), coded.clone(), coded.clone()]).unwrap();
    let mut late = streams.subscribe(name()).unwrap();
    let mut batch = Vec::new();
    late.try_next(&mut batch);
    let bodies: Vec<_> = batch.iter().map(|e| e.frame.body.clone()).collect();
    assert_eq!(bodies, [start.body, coded.body]);
}

#[test]
fn sequence_headers_and_key_frames_of_other_tracks_are_no_place_to_start_at() {
    let (streams, mut publisher) = published();
    let second = |frame: Frame| Frame { track: 1, ..frame };
    publisher.push_all([video_header(1), second(video_header(2)), key(3), second(key(4))]).unwrap();
    publisher.push_all([inter(5), second(key(6)), Frame { key: true, ..video_header(7) }, inter(8)]).unwrap();
    let mut late = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut late), [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn a_stream_whose_only_video_is_on_a_higher_track_starts_there() {
    let (streams, mut publisher) = published();
    let third = |frame: Frame| Frame { track: 3, ..frame };
    publisher.push_all([third(video_header(1)), third(key(2)), third(inter(3)), third(key(4))]).unwrap();
    assert_eq!(read(&mut streams.subscribe(name()).unwrap()), [1, 4]);
}

#[test]
fn before_the_first_key_frame_a_joiner_waits() {
    let (streams, mut publisher) = published();
    publisher.push_all([metadata(1), video_header(2), inter(3), audio(4)]).unwrap();
    let mut late = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut late), []);
    publisher.push_all([inter(5), audio(6)]).unwrap();
    assert_eq!(read(&mut late), []);
    publisher.push_all([key(7), audio(8)]).unwrap();
    assert_eq!(read(&mut late), [1, 2, 7, 8]);
}

#[test]
fn who_was_there_before_the_publisher_misses_nothing() {
    let streams = Streams::default();
    let mut early = streams.subscribe(name()).unwrap();
    assert_eq!(drain(&mut early), (vec![], vec![]));
    let mut publisher = streams.publish(name(), Limits::default()).unwrap();
    publisher.push_all([metadata(1), audio(2), video_header(3), audio(4), key(5)]).unwrap();
    assert_eq!(drain(&mut early), (vec![1, 2, 3, 4, 5], vec![Event::Started]));
}

#[test]
fn who_joins_before_the_first_frame_misses_nothing() {
    let (streams, mut publisher) = published();
    let mut early = streams.subscribe(name()).unwrap();
    publisher.push_all([metadata(1), audio(2), video_header(3), key(4), key(5)]).unwrap();
    assert_eq!(read(&mut early), [1, 2, 3, 4, 5]);
}

#[test]
fn an_audio_stream_starts_at_its_newest_frame() {
    let (streams, mut publisher) = published();
    publisher.push_all([metadata(1), audio_header(2), audio(3), audio(4), audio(5)]).unwrap();
    let mut late = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut late), [1, 2, 5]);
    publisher.push(audio(6)).unwrap();
    assert_eq!(read(&mut late), [6]);
}

#[test]
fn headers_alone_are_not_yet_a_stream_to_start() {
    let (streams, mut publisher) = published();
    publisher.push_all([metadata(1), audio_header(2)]).unwrap();
    let mut late = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut late), []);
    publisher.push_all([video_header(3), audio(4), key(5)]).unwrap();
    assert_eq!(read(&mut late), [1, 2, 3, 5]);
}

#[test]
fn video_that_cannot_be_read_plays_from_anywhere() {
    let (streams, mut publisher) = published();
    let odd = |id| frame(Kind::Video, Content::Opaque, id, 8);
    publisher.push_all([odd(1), odd(2), audio(3), odd(4)]).unwrap();
    assert_eq!(read(&mut streams.subscribe(name()).unwrap()), [4]);
    // Its frame type tells where a decoder may start, if the publisher sets it.
    publisher.push_all([Frame { key: true, ..odd(5) }, odd(6), odd(7)]).unwrap();
    assert_eq!(read(&mut streams.subscribe(name()).unwrap()), [5, 6, 7]);
}

#[tokio::test(start_paused = true)]
async fn when_the_picture_stops_joiners_get_the_sound() {
    let (streams, mut publisher) = published();
    publisher.push_all([video_header(1), audio_header(2), key(3), inter(4)]).unwrap();
    for id in 5..20 {
        tokio::time::advance(Duration::from_secs(1)).await;
        publisher.push(audio(id)).unwrap();
    }
    let mut late = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut late), [1, 2, 19]);
    publisher.push_all([key(20), inter(21)]).unwrap();
    assert_eq!(read(&mut late), [20, 21]);
    assert_eq!(read(&mut streams.subscribe(name()).unwrap()), [1, 2, 20, 21]);
}

#[test]
fn without_the_gop_cache_a_joiner_waits_for_the_next_key_frame() {
    let streams = Streams::default();
    let limits = Limits { gop: false, ..Limits::default() };
    let mut publisher = streams.publish(name(), limits).unwrap();
    publisher.push_all([video_header(1), key(2), inter(3)]).unwrap();
    let mut late = streams.subscribe(name()).unwrap();
    assert_eq!(read(&mut late), []);
    publisher.push_all([inter(4), key(5), inter(6)]).unwrap();
    assert_eq!(read(&mut late), [1, 5, 6]);
}

#[test]
fn a_form_is_made_once_and_kept_for_a_few_keys_only() {
    let entry = Arc::new(fanout::Entry::new(key(1)));
    let mut made = 0;
    for round in 0..3 {
        for form in 0..8u64 {
            let bytes = entry.form(form, |frame| {
                made += 1;
                Bytes::from(format!("{form}:{}", id(frame)))
            });
            assert_eq!(bytes, format!("{form}:1"), "round {round}");
        }
    }
    assert_eq!(made, 8);
    for _ in 0..2 {
        assert_eq!(entry.form(99, |_| Bytes::from_static(b"more")), "more");
    }
    assert_eq!(entry.form(3, |_| unreachable!("kept")), "3:1");
}

#[test]
fn a_form_is_made_once_by_many_at_the_same_time() {
    let entry = fanout::Entry::new(key(1));
    let made = std::sync::atomic::AtomicUsize::new(0);
    let gate = std::sync::Barrier::new(8);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                gate.wait();
                let bytes = entry.form(7, |_| {
                    made.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    Bytes::from_static(b"form")
                });
                assert_eq!(bytes, "form");
            });
        }
    });
    assert_eq!(made.into_inner(), 1);
}
