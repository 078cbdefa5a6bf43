//! What waits, and what goes, on each rung of the ladder.

use std::sync::Arc;
use std::time::Duration;

use media::{Body, FourCc, Metadata, flv};

use super::*;

fn queue(ms: u64, overflow: Overflow) -> Queue {
    let of = placement::Queue::default();
    Queue::new(placement::Queue { time: Duration::from_millis(ms), bytes: 10_000, overflow, ..of })
}

fn frame(kind: Kind, content: Content, ms: i64, bytes: usize) -> Frame {
    let codec = if kind == Kind::Video { FourCc::AVC1 } else { FourCc::MP4A };
    let parts = flv::Parts { kind, track: 0, codec, content, key: false, disposable: false, cts_ms: 0 };
    flv::frame(&parts, ms * 1000, ms * 1000, &Body::from(vec![0; bytes]))
}

fn item(frame: Frame) -> Item {
    let now_us = frame.dts_us;
    Item { now_us, ..Item::new(frame, true) }
}

/// `k` key frame, `p` picture that others refer to, `b` one that none refers to, `a` sound, `h` header, `m` metadata.
fn of(letter: char, ms: i64) -> Item {
    let made = match letter {
        'h' => frame(Kind::Video, Content::Header, ms, 10),
        'm' => {
            let metadata = Metadata { name: "onMetaData".into(), ..Metadata::default() };
            Frame { metadata: Some(Arc::new(metadata)), ..frame(Kind::Data, Content::Data, ms, 10) }
        }
        'a' => frame(Kind::Audio, Content::Coded, ms, 10),
        _ => {
            let coded = frame(Kind::Video, Content::Coded, ms, 10);
            Frame { key: letter == 'k', disposable: letter == 'b', ..coded }
        }
    };
    item(made)
}

fn letter(frame: &Frame) -> char {
    match (frame.content, frame.kind) {
        (Content::Header, _) => 'h',
        (_, Kind::Data) => 'm',
        (_, Kind::Audio) => 'a',
        _ if frame.key => 'k',
        _ if frame.disposable => 'b',
        _ => 'p',
    }
}

/// Puts one frame per 10 ms from `from` on; what became of them.
fn put(queue: &mut Queue, letters: &str, from: i64) -> Vec<Put> {
    (from..).step_by(10).zip(letters.chars()).map(|(ms, letter)| queue.put(of(letter, ms))).collect()
}

fn lost(puts: &[Put]) -> (u64, usize) {
    (puts.iter().map(|put| put.lost).sum(), puts.iter().filter(|put| put.begins).count())
}

/// All that waits: letters, `!` before one with a gap before it, `^` before one at which headers are shown again.
fn drain(queue: &mut Queue) -> String {
    let mut told = String::new();
    while let Some(item) = queue.pop() {
        told.extend(item.again.then_some('^'));
        told.extend(item.frame.gap_before.then_some('!'));
        told.push(letter(&item.frame));
    }
    assert_eq!((queue.bytes, queue.span_us), (0, 0));
    told
}

#[test]
fn bypass_leaves_out_the_newest_until_there_is_room() {
    let mut it = queue(50, Overflow::Bypass);
    let puts = put(&mut it, "kppppppp", 0);
    assert_eq!(lost(&puts), (2, 1), "fifty milliseconds wait behind the first frame");
    assert_eq!(it.waiting_us(), 50_000);
    // Headers and metadata are not lost, whatever there is room for, and the newest of each is enough.
    put(&mut it, "hmh", 80);
    it.pop();
    it.pop();
    assert_eq!(lost(&put(&mut it, "ppp", 110)), (1, 1));
    assert_eq!(drain(&mut it), "ppppmh!pp");
}

#[test]
fn frames_of_one_moment_go_the_same_way() {
    let mut it = queue(50, Overflow::Bypass);
    let both = |it: &mut Queue, ms: i64| [it.put(of('k', ms)), it.put(of('a', ms))].map(|put| put.lost);
    for ms in (0..=45).step_by(15) {
        assert_eq!(both(&mut it, ms), [0, 0]);
    }
    for ms in (60..1000).step_by(15) {
        assert_eq!(both(&mut it, ms), [1, 1]);
    }
    // A publisher whose clock stands still is bounded in bytes, of which a frame takes some even if it is empty.
    let mut it = queue(50, Overflow::Bypass);
    let lost: u64 = (0..100).map(|_| it.put(of('a', 0)).lost).sum();
    assert_eq!(lost, 81);
}

#[test]
fn bytes_are_bounded_too_and_an_empty_queue_takes_anything() {
    let mut it = queue(1000, Overflow::Bypass);
    assert_eq!(it.put(item(frame(Kind::Video, Content::Coded, 0, 50_000))), Put::default());
    assert_eq!(it.put(of('p', 10)).lost, 1);
    it.pop();
    // A leap of the stream's time is no media that waits.
    assert_eq!(it.put(of('p', 90_000)), Put::default());
    assert_eq!(it.put(of('p', 90_010)), Put::default());
}

#[test]
fn frames_that_none_refers_to_go_first() {
    let mut it = queue(50, Overflow::DropDisposable);
    assert_eq!(lost(&put(&mut it, "kbpbpb", 0)), (0, 0));
    assert_eq!(lost(&put(&mut it, "b", 60)), (1, 1), "the one in hand");
    assert_eq!(lost(&put(&mut it, "ppp", 70)), (3, 0), "then the oldest");
    assert_eq!(drain(&mut it), "kppppp", "and no gap, for nobody refers to them");
    // Nothing of the kind is left: to the next key frame.
    put(&mut it, "kppppp", 200);
    assert_eq!(lost(&put(&mut it, "pa", 260)), (8, 1));
    assert_eq!(lost(&put(&mut it, "kp", 280)), (0, 0));
    assert_eq!(drain(&mut it), "^!kp");
}

#[test]
fn drop_to_key_empties_the_queue_but_for_headers() {
    let mut it = queue(60, Overflow::DropToKey);
    put(&mut it, "hkpapmp", 0);
    assert_eq!(lost(&put(&mut it, "a", 70)), (6, 1));
    assert_eq!(lost(&put(&mut it, "papa", 80)), (4, 0), "it waits");
    assert!(it.is_empty());
    put(&mut it, "h", 120);
    put(&mut it, "kap", 130);
    assert_eq!(drain(&mut it), "mh^!k!ap");
}

#[test]
fn sound_alone_waits_for_no_key_frame() {
    let mut it = queue(50, Overflow::DropToKey);
    assert_eq!(lost(&put(&mut it, "aaaaaaa", 0)), (6, 1));
    assert_eq!(drain(&mut it), "^!a");
}

#[test]
fn detach_is_asked_for_once_it_is_full() {
    let mut it = queue(50, Overflow::Detach);
    let puts = put(&mut it, "kpppppp", 0);
    assert_eq!(puts.iter().position(|put| put.detach), Some(6));
}
