use super::*;
use crate::clip::{Clip, Settings};
use proptest::prelude::*;
use rtmp_proto::MessageStreamId;
use std::sync::LazyLock;

static CLIP: LazyLock<Clip> = LazyLock::new(|| Clip::new(Settings::default()).unwrap());

fn video(stream: u32, sequence: u32) -> MediaMessage {
    let stamp = Stamp { session: 7, stream, sequence, clock_ns: 1 };
    MediaMessage {
        stream: MessageStreamId(1),
        kind: MediaKind::Video,
        timestamp: sequence.wrapping_mul(40),
        payload: CLIP.picture(&stamp).unwrap(),
    }
}

fn audio(sequence: u32) -> MediaMessage {
    let stamp = Stamp { session: 7, stream: 0, sequence, clock_ns: 1 };
    let payload = CLIP.sound(&stamp).unwrap();
    MediaMessage { stream: MessageStreamId(1), kind: MediaKind::Audio, timestamp: sequence * 23, payload }
}

fn faults(messages: &[MediaMessage]) -> Faults {
    let (mut checker, mut faults) = (Checker::default(), Faults::default());
    for message in messages {
        checker.check(message, &mut faults);
    }
    faults
}

fn sequence(numbers: &[u32]) -> Faults {
    faults(&numbers.iter().map(|n| video(0, *n)).collect::<Vec<_>>())
}

#[test]
fn a_stream_as_it_should_be() {
    let messages: Vec<_> = (20..60).flat_map(|n| [video(0, n), audio(n)]).collect();
    assert!(faults(&messages).is_clean());
}

#[test]
fn each_fault_is_told_from_the_others() {
    let none = Faults::default();
    assert_eq!(sequence(&[5, 6, 8, 9]), Faults { lost: 1, ..none });
    assert_eq!(sequence(&[5, 9]), Faults { lost: 3, ..none });
    assert_eq!(sequence(&[5, 7, 6, 8]), Faults { reordered: 1, ..none });
    assert_eq!(sequence(&[5, 6, 6, 7]), Faults { repeated: 1, ..none });
    assert_eq!(sequence(&[5, 6, 7, 5, 6, 7, 8]), Faults { repeated: 3, ..none });
    assert_eq!(sequence(&[5, 1000, 6]), Faults { lost: 994, repeated: 1, ..none }, "too late to tell");
    let crossed = [video(0, 1), video(3, 1), video(0, 2)];
    assert_eq!(faults(&crossed), Faults { misrouted: 1, ..none });
    let mut early = [video(0, 1), video(0, 2)];
    early[1].timestamp = 39;
    assert_eq!(faults(&early), Faults { backwards: 1, ..none });
}

#[test]
fn numbers_and_times_may_wrap() {
    let mut messages: Vec<_> = [u32::MAX - 1, u32::MAX, 0, 1].iter().map(|n| video(0, *n)).collect();
    for (at, message) in messages.iter_mut().enumerate() {
        message.timestamp = (u32::MAX - 60).wrapping_add(at as u32 * 40);
    }
    assert!(faults(&messages).is_clean());
}

#[test]
fn a_new_publisher_is_no_fault() {
    let other = Stamp { session: 8, stream: 0, sequence: 0, clock_ns: 2 };
    let next = MediaMessage { payload: CLIP.picture(&other).unwrap(), timestamp: 0, ..video(0, 0) };
    assert!(faults(&[video(0, 500), next]).is_clean());
}

#[test]
fn frames_of_others_are_left_alone() {
    let mut message = video(0, 0);
    message.payload = CLIP.video_header().unwrap().clone();
    let (mut checker, mut faults) = (Checker::default(), Faults::default());
    assert_eq!(checker.check(&message, &mut faults), Verdict::Unstamped);
    assert!(faults.is_clean());
}

proptest! {
    #[test]
    fn an_edited_message_is_corrupt_and_nothing_else(at: usize, by in 1u8..) {
        let mut messages: Vec<_> = (0..3).map(|n| video(0, n)).collect();
        let mut body = messages[1].payload.to_vec();
        // Past the marker: without it the frame is another encoder's.
        let at = 64 + at % (body.len() - 64);
        body[at] = body[at].wrapping_add(by);
        messages[1].payload = body.into();
        prop_assert_eq!(faults(&messages), Faults { corrupt: 1, ..Faults::default() });
    }

    #[test]
    fn every_dropped_message_is_missed(dropped in prop::collection::btree_set(1u32..99, 0..40)) {
        let kept: Vec<u32> = (0..100).filter(|n| !dropped.contains(n)).collect();
        prop_assert_eq!(sequence(&kept), Faults { lost: dropped.len() as u64, ..Faults::default() });
    }

    #[test]
    fn shuffled_within_reach_nothing_is_lost(swaps in prop::collection::vec(0usize..98, 0..30)) {
        let mut numbers: Vec<u32> = (0..100).collect();
        for at in swaps {
            numbers.swap(at.max(1), at + 1);
        }
        let faults = sequence(&numbers);
        prop_assert_eq!((faults.lost, faults.repeated), (0, 0));
    }
}
