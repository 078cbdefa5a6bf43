//! The one error of this crate.

use std::fmt;

/// Bytes that do not follow their format; whoever made them is at fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Malformed {
    /// Offset in the bytes that were read, where reading stopped.
    pub at: usize,
    /// What was expected there.
    pub what: &'static str,
}

impl Malformed {
    /// An error at an offset.
    pub const fn new(at: usize, what: &'static str) -> Malformed {
        Malformed { at, what }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "malformed media at byte {}: {}", self.at, self.what)
    }
}

impl std::error::Error for Malformed {}
