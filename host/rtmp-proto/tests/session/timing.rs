//! Timeouts, pings and acknowledgements, in virtual time.

use crate::dialogue::{Dialogue, config, handshake};
use rtmp_proto::control::{BandwidthLimit, Control, UserControl};
use rtmp_proto::{Cause, Fault, MessageType};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn half_a_handshake_and_a_silent_guest_time_out() {
    for sent in [0, 1, 1000, 1537, 3073] {
        let mut dialogue = Dialogue::new(config());
        dialogue.bytes(&handshake()[..sent]).unwrap();
        // Bytes that trickle in do not help: only connect does.
        dialogue.now = 9 * SECOND;
        if sent < 1537 {
            dialogue.bytes(&[0]).unwrap_or_default();
        }
        assert_eq!(dialogue.server.next_timeout(), Some(10 * SECOND));
        dialogue.server.handle_timeout(9 * SECOND).unwrap();
        let error = dialogue.server.handle_timeout(10 * SECOND).unwrap_err();
        assert_eq!(error.cause, Cause::HandshakeTimeout(10 * SECOND));
        assert_eq!(error.fault(), Fault::Network);
    }
}

#[test]
fn a_silent_publisher_is_pinged_and_then_gone() {
    let mut dialogue = Dialogue::publishing(config());
    assert_eq!(dialogue.server.next_timeout(), Some(5 * SECOND));
    dialogue.server.handle_timeout(4 * SECOND).unwrap();
    assert!(dialogue.transcript().is_empty(), "too early");
    dialogue.server.handle_timeout(5 * SECOND).unwrap();
    assert_eq!(dialogue.transcript(), ["cs 2 ms 0: User(PingRequest(5000))"]);
    assert_eq!(dialogue.server.next_timeout(), Some(10 * SECOND));
    let error = dialogue.server.handle_timeout(10 * SECOND).unwrap_err();
    assert_eq!(error.cause, Cause::IdleTimeout(10 * SECOND));
}

#[test]
fn any_byte_keeps_a_publisher() {
    let mut dialogue = Dialogue::publishing(config());
    for n in 1..10 {
        dialogue.now = n * 9 * SECOND;
        dialogue.server.handle_timeout(dialogue.now).unwrap();
        dialogue.control(Control::User(UserControl::PingResponse(0)));
    }
    assert_eq!(dialogue.server.next_timeout(), Some(86 * SECOND));
}

#[test]
fn a_silent_player_is_pinged_and_kept() {
    let mut dialogue = Dialogue::playing(config());
    for n in 1..20 {
        let at = dialogue.server.next_timeout().unwrap();
        assert_eq!(at, n * 5 * SECOND);
        dialogue.server.handle_timeout(at).unwrap();
        assert_eq!(dialogue.transcript().len(), 1);
    }
}

#[test]
fn waiting_for_our_own_answer_is_no_silence() {
    let mut dialogue = Dialogue::connected(config());
    dialogue.command(3, 0, "createStream", 2.0, &[]);
    dialogue.command(8, 1, "publish", 0.0, &["cam".into(), "live".into()]);
    let request = dialogue.publish_request();
    dialogue.server.handle_timeout(60 * SECOND).unwrap();
    assert!(dialogue.server.accept_publish(request.id, ""));
}

#[test]
fn idle_timeout_zero_is_off() {
    let mut config = config();
    config.idle_timeout = Duration::ZERO;
    let mut dialogue = Dialogue::publishing(config);
    assert_eq!(dialogue.server.next_timeout(), None);
    dialogue.server.handle_timeout(10_000 * SECOND).unwrap();
    assert!(!dialogue.server.has_output());
}

/// A client that pushes a file as fast as it can and closes would answer an acknowledgement with a reset, and what its
/// system had not sent yet would be lost.
#[test]
fn nothing_is_said_into_a_burst() {
    let mut dialogue = Dialogue::publishing(config());
    for time in 0..1000 {
        dialogue.message(6, 1, MessageType::VIDEO, time * 40, &[9; 10_000]);
        dialogue.events();
        dialogue.now += Duration::from_millis(1);
        dialogue.server.handle_timeout(dialogue.now).unwrap();
        assert!(!dialogue.server.has_output());
    }
    dialogue.now = dialogue.server.next_timeout().unwrap();
    dialogue.server.handle_timeout(dialogue.now).unwrap();
    let all = dialogue.server.bytes_received();
    assert_eq!(dialogue.transcript(), [format!("cs 2 ms 0: Acknowledgement({all})")]);
}

#[test]
fn peer_bandwidth_is_answered_with_a_window() {
    let mut dialogue = Dialogue::connected(config());
    let limit = BandwidthLimit::Hard;
    for window in [524_288, 1_000_000, 1_000_000] {
        dialogue.control(Control::PeerBandwidth { window, limit });
    }
    assert_eq!(dialogue.transcript(), ["cs 2 ms 0: WindowAckSize(1000000)"], "only what differs is announced");
}

#[test]
fn acknowledgements_of_a_player_are_counted() {
    let mut dialogue = Dialogue::playing(config());
    assert_eq!(dialogue.server.unacknowledged(), None);
    dialogue.server.external_sent(100_000);
    let sent = u32::try_from(dialogue.server.bytes_sent()).unwrap();
    dialogue.control(Control::Acknowledgement(sent - 1000));
    assert_eq!(dialogue.server.unacknowledged(), Some(1000));
}
