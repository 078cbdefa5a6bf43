//! What every synthetic frame carries: whose it is, which one, when it left, and a checksum over all of it.
//!
//! On the wire a stamp is a marker and nibbles, one per byte, none of them zero: inside a NAL unit it needs no emulation
//! prevention, so filters that take units apart leave it as it is.

use crate::hash::{hash, mix};

/// Bytes of a stamp.
pub const LEN: usize = MARK.len() + 2 * (4 + 4 + 4 + 8 + 8);
const MARK: &[u8; 8] = b"WeirTest";
/// Where in a body a stamp is looked for: it stands early, behind headers and what filters put in front.
const SEARCHED: usize = 512;
/// The upper half of a byte that carries a nibble.
const NIBBLE: u8 = 0x50;

/// One frame's identity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Random; one per publisher and run, so that a new publisher is no disorder.
    pub session: u32,
    /// The number of the stream within a run.
    pub stream: u32,
    /// The number of the frame within its kind (audio, video), from 0.
    pub sequence: u32,
    /// CLOCK_MONOTONIC in nanoseconds as the frame was made.
    pub clock_ns: u64,
}

/// What a body turned out to carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A stamp, and every byte is as it was made.
    Whole(Stamp),
    /// A stamp, but some byte of the body has changed.
    Corrupt,
    /// No stamp.
    None,
}

impl Stamp {
    /// Writes the stamp over [`LEN`] bytes of `body` at `at`; `rest` is the [`checksum`] of all the other bytes.
    ///
    /// # Panics
    /// `body` is shorter.
    pub(crate) fn write(&self, body: &mut [u8], at: usize, rest: u64) {
        let place = &mut body[at..at + LEN];
        let (mark, nibbles) = place.split_at_mut(MARK.len());
        mark.copy_from_slice(MARK);
        let fields = [
            &self.session.to_be_bytes()[..],
            &self.stream.to_be_bytes(),
            &self.sequence.to_be_bytes(),
            &self.clock_ns.to_be_bytes(),
            &self.seal(rest).to_be_bytes(),
        ];
        for (pair, byte) in nibbles.chunks_mut(2).zip(fields.into_iter().flatten()) {
            pair[0] = NIBBLE | (byte >> 4);
            pair[1] = NIBBLE | (byte & 15);
        }
    }

    /// Looks for a stamp in a body and checks it.
    pub fn find(body: &[u8]) -> Found {
        let head = &body[..body.len().min(SEARCHED)];
        let Some(at) = head.windows(MARK.len()).position(|window| window == MARK) else { return Found::None };
        let Some(nibbles) = body.get(at + MARK.len()..at + LEN) else { return Found::Corrupt };
        if nibbles.iter().any(|byte| byte & 0xF0 != NIBBLE) {
            return Found::Corrupt;
        }
        let mut bytes = nibbles.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low & 15);
        let mut number = |n: usize| bytes.by_ref().take(n).fold(0u64, |sum, byte| sum << 8 | u64::from(byte));
        let (session, stream, sequence) = (number(4) as u32, number(4) as u32, number(4) as u32);
        let (clock_ns, seal) = (number(8), number(8));
        let stamp = Stamp { session, stream, sequence, clock_ns };
        if stamp.seal(checksum(body, at)) == seal { Found::Whole(stamp) } else { Found::Corrupt }
    }

    /// Joins the fields and the other bytes' checksum.
    fn seal(&self, rest: u64) -> u64 {
        let ids = u64::from(self.session) << 32 | u64::from(self.stream);
        mix(mix(mix(rest, ids), self.sequence.into()), self.clock_ns)
    }
}

/// The checksum of a body without the stamp at `at`.
pub(crate) fn checksum(body: &[u8], at: usize) -> u64 {
    mix(hash(&body[..at]), hash(&body[at + LEN..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stamp() -> impl Strategy<Value = Stamp> {
        any::<(u32, u32, u32, u64)>().prop_map(|(session, stream, sequence, clock_ns)| Stamp {
            session,
            stream,
            sequence,
            clock_ns,
        })
    }

    fn stamped(stamp: &Stamp, before: usize, after: usize) -> Vec<u8> {
        let mut body: Vec<u8> = (0..before + LEN + after).map(|i| i as u8).collect();
        let rest = checksum(&body, before);
        stamp.write(&mut body, before, rest);
        body
    }

    proptest! {
        #[test]
        fn stamps_round_trip(stamp in stamp(), before in 0usize..400, after in 0usize..3000) {
            let body = stamped(&stamp, before, after);
            prop_assert_eq!(Stamp::find(&body), Found::Whole(stamp));
            prop_assert!(body[before..before + LEN].iter().all(|b| *b != 0));
        }

        #[test]
        fn a_changed_byte_is_corrupt(stamp in stamp(), before in 0usize..40, after in 0usize..300, at: usize, by in 1u8..) {
            let mut body = stamped(&stamp, before, after);
            let at = at % body.len();
            body[at] = body[at].wrapping_add(by);
            // A changed marker is no stamp any more.
            let gone = (before..before + MARK.len()).contains(&at);
            prop_assert_eq!(Stamp::find(&body), if gone { Found::None } else { Found::Corrupt });
        }

        #[test]
        fn a_cut_body_is_corrupt(stamp in stamp(), after in 1usize..300) {
            let body = stamped(&stamp, 5, after);
            prop_assert_eq!(Stamp::find(&body[..body.len() - 1]), Found::Corrupt);
            prop_assert_eq!(Stamp::find(&body[..5 + MARK.len()]), Found::Corrupt);
        }
    }

    #[test]
    fn other_bodies_have_none() {
        assert_eq!(Stamp::find(b""), Found::None);
        assert_eq!(Stamp::find(&[0x17; 5000]), Found::None);
    }
}
