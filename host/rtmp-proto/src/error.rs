//! What went wrong, where, and whose fault it is.

use crate::id::{ChunkStreamId, MessageStreamId};
use std::fmt;
use std::time::Duration;

/// The one error of this crate. Incomplete input is never an error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{cause}{place}")]
pub struct Error {
    /// What went wrong.
    pub cause: Cause,
    /// Where it was found.
    pub place: Place,
}

/// Who has to change something; decides log level, metric and status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The peer broke the protocol or a limit.
    Peer,
    /// The peer fell silent.
    Network,
    /// The caller used this crate wrongly.
    Us,
}

/// Where in the peer's bytes a fault was found. Unknown parts are `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Bytes the peer had sent on this connection up to the fault.
    pub byte: Option<u64>,
    /// The chunk stream.
    pub chunk_stream: Option<ChunkStreamId>,
    /// The message stream.
    pub message_stream: Option<MessageStreamId>,
    /// The offset within the message body.
    pub body: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = " (at ";
        let mut part = |f: &mut fmt::Formatter<'_>, name: &str, value: Option<u64>| -> fmt::Result {
            if let Some(value) = value {
                write!(f, "{separator}{name} {value}")?;
                separator = ", ";
            }
            Ok(())
        };
        part(f, "byte", self.byte)?;
        part(f, "chunk stream", self.chunk_stream.map(|id| id.0.into()))?;
        part(f, "message stream", self.message_stream.map(|id| id.0.into()))?;
        part(f, "body offset", self.body.and_then(|n| n.try_into().ok()))?;
        if separator == ", " { f.write_str(")") } else { Ok(()) }
    }
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// C0 or S0 is 6, 8 or 9, an RTMPE that is switched off or not known.
    #[error("the peer wants RTMPE of version {0}, which is not spoken here; use rtmps")]
    Encrypted(u8),
    /// The server does not answer RTMPE with RTMPE.
    #[error("the server does not speak RTMPE: it answers in the clear")]
    InTheClear,
    /// C1 or S1 of RTMPE carries no digest that verifies.
    #[error("RTMPE without a digest that verifies: nothing says where the public key stands")]
    NoDigest,
    /// C1 or S1 of RTMPE carries a number for a public key that is none.
    #[error("RTMPE with a public key that is none: 0, 1, or not below the prime less one")]
    PublicKey,
    /// C0 is not 3.
    #[error("not RTMP: the first byte is {0:#04x}")]
    NotRtmp(u8),
    /// C2 does not answer S1 and the configuration asks for the check.
    #[error("C2 does not answer S1")]
    BadC2,
    /// No connect command in time.
    #[error("no connect command within {0:?}")]
    HandshakeTimeout(Duration),
    /// No answer to connect in time.
    #[error("no answer to connect within {0:?}")]
    ConnectTimeout(Duration),
    /// No byte from the peer in time.
    #[error("nothing received for {0:?}")]
    IdleTimeout(Duration),
    /// A chunk size of 0 or with the top bit set (RTMP 1.0 §5.4.1).
    #[error("illegal chunk size {0}")]
    ChunkSize(u32),
    /// More chunk streams than the limit.
    #[error("more than {0} chunk streams")]
    TooManyChunkStreams(usize),
    /// A chunk that leaves out header fields which no earlier chunk gave.
    #[error("a chunk of format {0} on a chunk stream without a message to continue")]
    NoHeader(u8),
    /// A new message began before the last one of its chunk stream was whole.
    #[error("a message was cut short by the next one ({received} of {length} bytes)")]
    CutShort {
        /// Bytes that had come.
        received: usize,
        /// Bytes announced.
        length: u32,
    },
    /// Partial messages would outgrow their budget.
    #[error("partial messages of {wanted} bytes exceed the budget of {budget}")]
    OverBudget {
        /// Bytes that the peer's messages need.
        wanted: usize,
        /// The bound.
        budget: usize,
    },
    /// A control message is shorter than its fields.
    #[error("a control message of type {0} is too short")]
    ShortControl(u8),
    /// An AMF value ends before its fields do.
    #[error("an AMF value is cut off")]
    AmfTruncated,
    /// An unknown or reserved AMF marker.
    #[error("AMF marker {0:#04x} is not known")]
    AmfMarker(u8),
    /// AMF values nested too deeply.
    #[error("AMF values are nested more than {0} deep")]
    AmfDepth(u32),
    /// Too many AMF values in one message.
    #[error("more than {0} AMF values in one message")]
    AmfElements(u32),
    /// AMF references that repeat too much.
    #[error("AMF references repeat more than {0} bytes")]
    AmfRepeated(usize),
    /// An AMF reference to nothing.
    #[error("AMF reference {0} points to nothing")]
    AmfReference(u32),
    /// An AMF3 class with a wire form of its own.
    #[error("AMF3 class {0:?} has an unknown wire form")]
    AmfExternalizable(String),
    /// A command message that does not begin with a name.
    #[error("a command without a name")]
    CommandName,
    /// A command that may come only once, came again.
    #[error("a second {0} command")]
    Repeated(&'static str),
    /// A command or media message that fits no state.
    #[error("{0}")]
    OutOfPlace(&'static str),
    /// A command that nobody knows.
    #[error("unknown command {0:?}")]
    UnknownCommand(String),
    /// A message type that nobody knows.
    #[error("unknown message type {0}")]
    UnknownMessageType(u8),
    /// A user control event that nobody knows.
    #[error("unknown user control event {0}")]
    UnknownUserControl(u16),
    /// An aggregate message whose parts do not add up.
    #[error("an aggregate message is cut off")]
    AggregateTruncated,
    /// The connect command names no application.
    #[error("connect names no application")]
    NoApp,
    /// A message too long for the wire.
    #[error("a message of {0} bytes does not fit the 24-bit length")]
    MessageTooLong(usize),
}

impl Cause {
    /// The error at an unknown place.
    pub fn nowhere(self) -> Error {
        Error { cause: self, place: Place::default() }
    }

    /// Whether a limit was hit rather than a form broken: such a peer is closed, not humoured.
    pub fn is_limit(&self) -> bool {
        matches!(
            self,
            Cause::TooManyChunkStreams(_)
                | Cause::OverBudget { .. }
                | Cause::AmfDepth(_)
                | Cause::AmfElements(_)
                | Cause::AmfRepeated(_)
        )
    }
}

impl Error {
    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self.cause {
            Cause::IdleTimeout(_) | Cause::HandshakeTimeout(_) | Cause::ConnectTimeout(_) => Fault::Network,
            Cause::MessageTooLong(_) => Fault::Us,
            _ => Fault::Peer,
        }
    }
}
