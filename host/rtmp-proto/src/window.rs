//! Who has to acknowledge what (RTMP 1.0 §5.4.3 to §5.4.5). Pure arithmetic; no bytes.

use crate::control::BandwidthLimit;
use core::time::Duration;

/// How long the peer must have sent nothing before it is acknowledged early.
///
/// A peer that has written its last frame and closed answers whatever reaches it then with a reset, and its system throws
/// away what it has not sent yet: an acknowledgement in the middle of a burst can cost the end of the stream, and a file
/// that is pushed faster than real time is all one burst. Between the frames of a live encoder there is room enough. A peer
/// that has named a window itself counts on it, and is acknowledged at its end in any case.
const PAUSE: Duration = Duration::from_millis(10);

/// The acknowledgement windows of both directions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Bytes from the peer.
    received: u64,
    /// What `received` was when we last acknowledged.
    acknowledged: u64,
    /// The window of the peer's bytes; ours until the peer names one.
    peer_window: u32,
    /// Whether the peer has named one.
    named: bool,
    /// Bytes to the peer.
    sent: u64,
    /// The last acknowledgement of the peer, with its wraps undone.
    peer_acknowledged: Option<u64>,
    /// The window that we announced last.
    announced: u32,
    /// The limit the peer set on us.
    bandwidth: Option<(u32, bool)>,
}

impl Window {
    /// Windows at birth. `default_window` (bytes) rules the peer's bytes until it announces its own: encoders that never
    /// do, but wait for acknowledgements, exist.
    pub fn new(default_window: u32) -> Self {
        Window {
            received: 0,
            acknowledged: 0,
            peer_window: default_window,
            named: false,
            sent: 0,
            peer_acknowledged: None,
            announced: 0,
            bandwidth: None,
        }
    }

    /// Bytes from the peer since birth, handshake included.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Bytes to the peer since birth, handshake included.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// Bytes to the peer that it has not acknowledged; `None` if it never acknowledges.
    pub fn unacknowledged(&self) -> Option<u64> {
        self.peer_acknowledged.map(|at| self.sent.saturating_sub(at))
    }

    /// Counts bytes from the peer.
    pub fn receive(&mut self, bytes: usize) {
        self.received = self.received.saturating_add(bytes.try_into().unwrap_or(u64::MAX));
    }

    /// Counts bytes to the peer.
    pub fn send(&mut self, bytes: usize) {
        self.sent = self.sent.saturating_add(bytes.try_into().unwrap_or(u64::MAX));
    }

    /// When to acknowledge, if the last input came at `last_input`: from half a window on in the next pause, so that a live
    /// encoder that stops at a full window seldom has to, and at a whole window that the peer has named at once.
    pub fn due(&self, last_input: Duration) -> Option<Duration> {
        let window = u64::from(self.peer_window);
        let open = self.received.saturating_sub(self.acknowledged);
        if open < (window / 2).max(1) {
            return None;
        }
        let at_once = self.named && open >= window;
        Some(if at_once { last_input } else { last_input.saturating_add(PAUSE) })
    }

    /// The sequence number to acknowledge with, if that is due by `now`.
    pub fn take_due(&mut self, last_input: Duration, now: Duration) -> Option<u32> {
        if self.due(last_input)? > now {
            return None;
        }
        self.acknowledged = self.received;
        let [_, _, _, _, a, b, c, d] = self.received.to_be_bytes();
        Some(u32::from_be_bytes([a, b, c, d]))
    }

    /// The peer's Window Acknowledgement Size. 0 makes no sense and changes nothing.
    pub fn set_peer_window(&mut self, bytes: u32) {
        if bytes > 0 {
            self.peer_window = bytes;
            self.named = true;
        }
    }

    /// The peer's Acknowledgement; its 32 bits are taken as the nearest count at or below what was sent.
    pub fn acknowledge(&mut self, sequence: u32) {
        let [_, _, _, _, a, b, c, d] = self.sent.to_be_bytes();
        let behind = u32::from_be_bytes([a, b, c, d]).wrapping_sub(sequence);
        self.peer_acknowledged = Some(self.sent.saturating_sub(behind.into()));
    }

    /// The peer's Set Peer Bandwidth: gives the Window Acknowledgement Size to announce, if it changed.
    pub fn limit(&mut self, window: u32, limit: BandwidthLimit) -> Option<u32> {
        let next = match (limit, self.bandwidth) {
            (BandwidthLimit::Hard, _) => (window, true),
            (BandwidthLimit::Soft, Some((old, _))) => (old.min(window), false),
            (BandwidthLimit::Soft, None) => (window, false),
            (BandwidthLimit::Dynamic, Some((_, true))) => (window, true),
            (BandwidthLimit::Dynamic, _) => return None,
        };
        self.bandwidth = Some(next);
        let (window, _) = next;
        (window > 0 && window != self.announced).then(|| {
            self.announced = window;
            window
        })
    }

    /// We announced this Window Acknowledgement Size.
    pub fn announce(&mut self, bytes: u32) {
        self.announced = bytes;
    }
}

#[cfg(test)]
mod tests;
