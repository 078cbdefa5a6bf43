//! What a call is about, and what comes of it.

use media::Frame;

use crate::failure::Failure;
use crate::frame::Applied;

/// What the chain knows of the frame that it shows.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    pub(crate) unit_types: u64,
    pub(crate) unit_length_bytes: u8,
    pub(crate) seq: u64,
    pub(crate) gop: u64,
}

/// What becomes of a frame.
pub(crate) enum Answer {
    Pass(Frame),
    Drop(Frame),
    Edited(Applied),
    Hold(Applied),
}

impl Answer {
    /// The verdict's name in the contract.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Answer::Pass(_) => "pass",
            Answer::Drop(_) => "drop",
            Answer::Edited(_) => "edited",
            Answer::Hold(_) => "hold",
        }
    }
}

/// A call that failed, and the frame as it came.
pub(crate) struct Refused {
    pub(crate) failure: Failure,
    pub(crate) frame: Frame,
}
