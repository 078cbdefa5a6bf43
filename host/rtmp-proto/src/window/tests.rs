use super::*;

const NOW: Duration = Duration::from_secs(5);

/// What is acknowledged when the peer pauses now.
fn paused(window: &mut Window) -> Option<u32> {
    window.take_due(NOW, NOW + PAUSE)
}

/// Defect 3: a steady publish is acknowledged, whether or not the peer announced a window.
#[test]
fn a_steady_stream_is_acknowledged_each_half_window() {
    for announced in [None, Some(1000)] {
        let mut window = Window::new(1000);
        if let Some(bytes) = announced {
            window.set_peer_window(bytes);
        }
        let mut acknowledged = Vec::new();
        for _ in 0..20 {
            window.receive(100);
            acknowledged.extend(paused(&mut window));
        }
        assert_eq!(acknowledged, [500, 1000, 1500, 2000]);
    }
}

/// A peer that closed behind a burst would answer with a reset, and the end of the burst would be lost.
#[test]
fn a_burst_is_acknowledged_behind_its_end() {
    let mut window = Window::new(1000);
    let mut now = NOW;
    for _ in 0..1000 {
        window.receive(1000);
        let last_input = now;
        now += PAUSE - Duration::from_nanos(1);
        assert_eq!(window.take_due(last_input, now), None);
    }
    assert_eq!(window.due(now), Some(now + PAUSE));
    assert_eq!(window.take_due(now, now + PAUSE), Some(1_000_000));
    assert_eq!(window.due(now), None);
}

/// Some clients stop only their video at a full window, so that no pause ever comes.
#[test]
fn a_window_that_the_peer_named_is_never_overrun() {
    let mut window = Window::new(1000);
    window.set_peer_window(2000);
    let mut acknowledged = Vec::new();
    for _ in 0..50 {
        window.receive(100);
        acknowledged.extend(window.take_due(NOW, NOW));
    }
    assert_eq!(acknowledged, [2000, 4000]);
}

#[test]
fn the_sequence_number_wraps_at_32_bits_and_goes_on() {
    let mut window = Window::new(1 << 20);
    window.receive(usize::try_from(u32::MAX).unwrap() - 9);
    assert_eq!(paused(&mut window), Some(u32::MAX - 9));
    window.receive(1 << 20);
    assert_eq!(paused(&mut window), Some((1 << 20) - 10));
    assert_eq!(window.received(), u64::from(u32::MAX) - 9 + (1 << 20));
}

#[test]
fn odd_windows_do_no_harm() {
    let mut window = Window::new(1000);
    window.set_peer_window(0);
    window.receive(499);
    assert_eq!(paused(&mut window), None);
    window.set_peer_window(1);
    assert_eq!(paused(&mut window), Some(499));
    assert_eq!(paused(&mut window), None);
}

#[test]
fn acknowledgements_of_the_peer_are_followed_across_the_wrap() {
    let mut window = Window::new(1000);
    assert_eq!(window.unacknowledged(), None, "a peer that never acknowledges is normal");
    window.send(5000);
    window.acknowledge(3000);
    assert_eq!(window.unacknowledged(), Some(2000));
    window.send(usize::try_from(u32::MAX).unwrap());
    window.acknowledge(4000);
    assert_eq!(window.unacknowledged(), Some(999));
    assert_eq!(window.sent(), 5000 + u64::from(u32::MAX));
}

#[test]
fn bandwidth_limits_combine_by_type_and_answer_once() {
    use BandwidthLimit::{Dynamic, Hard, Soft};
    type Case = (&'static [(u32, BandwidthLimit)], &'static [Option<u32>]);
    let cases: [Case; 6] = [
        (&[(1000, Hard), (1000, Hard), (500, Hard)], &[Some(1000), None, Some(500)]),
        (&[(1000, Hard), (2000, Soft), (300, Soft)], &[Some(1000), None, Some(300)]),
        (&[(1000, Soft), (2000, Soft)], &[Some(1000), None]),
        (&[(1000, Dynamic)], &[None]),
        (&[(1000, Hard), (700, Dynamic)], &[Some(1000), Some(700)]),
        (&[(1000, Soft), (700, Dynamic), (0, Hard)], &[Some(1000), None, None]),
    ];
    for (limits, expected) in cases {
        let mut window = Window::new(1000);
        let answers: Vec<_> = limits.iter().map(|(bytes, limit)| window.limit(*bytes, *limit)).collect();
        assert_eq!(answers, expected, "{limits:?}");
    }
    let mut window = Window::new(1000);
    window.announce(2500);
    assert_eq!(window.limit(2500, Hard), None, "what was announced is not announced again");
}
