//! Where a stream has been: how a relay loop is found.
//!
//! A server that pulls a stream from another one, or pushes it there, says in its connect command which streams on which
//! nodes stand behind it: of a push, where the media came from; of a pull, where it would go. Each is a [`Mark`] that only
//! the node which made it can recognize. A stream that would come back to a mark of its own is refused, however many
//! servers lie between and by whatever names and addresses they know each other.
//!
//! A mark is of a stream, not of its node: to come back under another name is no loop (a transcoder does that), and what
//! that could do without end is bounded by [`HOPS`].

use std::fmt;

/// The connect property that carries it. Servers that do not know it ignore it, and the loop goes unnoticed through them.
pub const PROPERTY: &str = "weirVia";

/// The code of the status that tells a server which pulls a stream where that has been, in the description. It is sent behind
/// Play.Start, to those that said [`PROPERTY`].
pub const STATUS: &str = "Weir.Stream.Via";

/// Nodes that a stream may pass at most.
pub const HOPS: usize = 16;

/// One stream on one node, as 64 bits that tell nobody else anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark(u64);

/// The marks that a stream has passed, the first one first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Via(Box<[Mark]>);

/// Why a stream may not go on to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Loop {
    /// It has been there.
    #[error("relay loop: this stream has been here already under this name")]
    Closed,
    /// It has been at [`HOPS`] places.
    #[error("relay loop: this stream has passed {HOPS} servers, which is the limit")]
    Long,
}

impl Mark {
    pub(crate) fn new(bits: u64) -> Mark {
        Mark(bits)
    }
}

impl Via {
    /// Reads the property's text. What is no mark is left out; more than [`HOPS`] are not kept.
    pub fn parse(text: &str) -> Via {
        let marks = text.split(',').filter_map(|mark| u64::from_str_radix(mark.trim(), 16).ok()).map(Mark);
        Via(marks.take(HOPS).collect())
    }

    /// Goes on to a place.
    ///
    /// # Errors
    /// It has been there, or at too many.
    pub fn then(&self, mark: Mark) -> Result<Via, Loop> {
        if self.0.contains(&mark) {
            return Err(Loop::Closed);
        }
        if self.0.len() >= HOPS {
            return Err(Loop::Long);
        }
        Ok(Via(self.0.iter().copied().chain([mark]).collect()))
    }

    /// Whether it has been nowhere.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it has been where `other` has been.
    pub fn meets(&self, other: &Via) -> bool {
        self.0.iter().any(|mark| other.0.contains(mark))
    }
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Mark(bits)) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma}{bits:016x}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_kept_in_order_and_come_back_once_only() {
        let via = Via::default().then(Mark(1)).and_then(|via| via.then(Mark(0xfeed))).unwrap();
        assert_eq!(via.to_string(), "0000000000000001,000000000000feed");
        assert_eq!(Via::parse(&via.to_string()), via);
        assert_eq!(via.then(Mark(1)), Err(Loop::Closed));
        assert!(via.then(Mark(2)).is_ok() && via.meets(&Via::parse("feed")) && !via.meets(&Via::parse("2")));
    }

    #[test]
    fn what_peers_make_up_is_bounded() {
        assert!(Via::parse("").is_empty() && Via::parse("zebra,,-1,11111111111111111").is_empty());
        let many = "1,".repeat(1000);
        let via = Via::parse(&many);
        assert_eq!(via.to_string().len(), HOPS * 17 - 1);
        assert_eq!(via.then(Mark(2)), Err(Loop::Long));
    }
}
