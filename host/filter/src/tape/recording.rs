//! The file of a recording.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `WEIRREC` and the version of the format: 1 |
//! | 4 and as many as they say | the [`Head`] |
//! | 4 and as many as they say, again and again | one call each, in their order |
//!
//! Numbers before a part are its length, little endian. The parts are in the postcard format (a number takes as many bytes as it needs,
//! a list says how long it is); their fields are those of [`Head`] and of `wire.rs`, in their order. A file that is cut off is good up to
//! there. Nothing is allocated from a length that a file claims, and all lists are bounded.

use std::io::Read;

use serde::{Deserialize, Serialize};

use super::scrub::Scrub;
use super::wire::{Bounds, Call};
use super::{Entry, Outcome};

const MAGIC: &[u8; 7] = b"WEIRREC";
const VERSION: u8 = 1;
/// The head of a file.
const MOST_HEAD_BYTES: u32 = 4 << 20;
/// One call: the largest message of a peer, with all that a guest may have been answered beside it.
const MOST_CALL_BYTES: u32 = 64 << 20;

/// What a recording is of.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Head {
    /// The operator's name for the filter.
    pub filter: String,
    /// Which generation of it.
    pub generation: String,
    /// SHA-256 of its file in lower-case hex.
    pub digest: String,
    /// Where that file was.
    pub path: String,
    /// The version of the router that wrote it.
    pub router: String,
    /// The contract that the router offered.
    pub contract: String,
    /// Its `config` table as JSON, secrets replaced by asterisks.
    pub config: String,
    /// What of its grants a media filter can use, as the operator writes them.
    pub grants: Vec<String>,
    /// What it might use.
    pub limits: Bounds,
    /// Of which stream, `app/name`.
    pub stream: String,
    /// Why it was written: the failure, or that somebody asked.
    pub reason: String,
    /// When, in milliseconds since 1970-01-01 UTC.
    pub made_unix_ms: u64,
    /// Calls of the instance that were not kept: with none a replay begins where the instance did.
    pub dropped: u64,
    /// Calls that follow.
    pub calls: u64,
}

/// Why a file is no recording.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// It does not begin as one.
    #[error("it is not a recording of calls: it does not start with {}", String::from_utf8_lossy(MAGIC))]
    Magic,
    /// It is of another version.
    #[error("it is a recording of version {0}, this program reads version {VERSION}")]
    Version(u8),
    /// A part of it makes no sense.
    #[error("byte {at}: {what}")]
    Malformed {
        /// Where the part begins.
        at: u64,
        /// What is wrong with it.
        what: String,
    },
}

/// The bytes of a file.
pub(super) fn encode(head: &Head, calls: &[Entry], scrub: &Scrub) -> std::io::Result<Vec<u8>> {
    let mut out = MAGIC.to_vec();
    out.push(VERSION);
    part(head, &mut out)?;
    for entry in calls {
        part(&Call::new(entry, scrub), &mut out)?;
    }
    Ok(out)
}

fn part(value: &impl Serialize, out: &mut Vec<u8>) -> std::io::Result<()> {
    let bytes = postcard::to_allocvec(value).map_err(std::io::Error::other)?;
    out.extend_from_slice(&u32::try_from(bytes.len()).map_err(std::io::Error::other)?.to_le_bytes());
    out.extend_from_slice(&bytes);
    Ok(())
}

/// Reads a recording call by call: only one is in memory.
#[derive(Debug)]
pub struct Reader<R> {
    from: R,
    at: u64,
    cut_off: bool,
    head: Head,
    read: u64,
}

impl<R: Read> Reader<R> {
    /// Reads the head.
    ///
    /// # Errors
    /// It is no recording, or one that this version does not read.
    pub fn new(mut from: R) -> Result<Reader<R>, Error> {
        let mut start = Vec::new();
        from.by_ref().take(MAGIC.len() as u64 + 1).read_to_end(&mut start)?;
        match start.split_last() {
            Some((version, magic)) if magic == MAGIC && *version == VERSION => {}
            Some((version, magic)) if magic == MAGIC => return Err(Error::Version(*version)),
            _ => return Err(Error::Magic),
        }
        let mut reader = Reader { from, at: start.len() as u64, cut_off: false, head: Head::default(), read: 0 };
        let at = reader.at;
        let head = reader.part(MOST_HEAD_BYTES)?.ok_or(Error::Malformed { at, what: "its head is cut off".into() })?;
        reader.head = head;
        Ok(reader)
    }

    /// What it is of.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Whether the file ended in the middle of a call, or before the last one.
    pub fn is_cut_off(&self) -> bool {
        self.cut_off
    }

    /// Calls that the head tells of and that were not read: at the end of the file those that it lacks.
    pub fn missing(&self) -> u64 {
        self.head.calls.saturating_sub(self.read)
    }

    /// Reads all calls and says what came of each: what a look without a replay can tell.
    ///
    /// # Errors
    /// As [`Reader::new`].
    pub fn outcomes(mut self) -> Result<Vec<Outcome>, Error> {
        const MOST: usize = 10_000_000;
        let mut outcomes = Vec::new();
        while let Some(call) = self.next_call()?.filter(|_| outcomes.len() < MOST) {
            outcomes.push(call.outcome);
        }
        Ok(outcomes)
    }

    /// The next call; none at the end.
    pub(super) fn next_call(&mut self) -> Result<Option<Call>, Error> {
        let call = self.part(MOST_CALL_BYTES)?;
        match &call {
            Some(_) => self.read += 1,
            None => self.cut_off |= self.missing() > 0,
        }
        Ok(call)
    }

    fn part<T: for<'de> Deserialize<'de>>(&mut self, most: u32) -> Result<Option<T>, Error> {
        let at = self.at;
        let malformed = |what: String| Error::Malformed { at, what };
        let mut bytes = Vec::new();
        self.at += self.from.by_ref().take(4).read_to_end(&mut bytes)? as u64;
        let len = match <[u8; 4]>::try_from(bytes.as_slice()) {
            Ok(len) => u32::from_le_bytes(len),
            Err(_) => {
                self.cut_off |= !bytes.is_empty();
                return Ok(None);
            }
        };
        if len > most {
            return Err(malformed(format!("a part of {len} bytes, at most {most}")));
        }
        bytes.clear();
        self.at += self.from.by_ref().take(u64::from(len)).read_to_end(&mut bytes)? as u64;
        if bytes.len() < len as usize {
            self.cut_off = true;
            return Ok(None);
        }
        match postcard::take_from_bytes(&bytes) {
            Ok((value, [])) => Ok(Some(value)),
            Ok((_, rest)) => Err(malformed(format!("{} bytes too many", rest.len()))),
            Err(error) => Err(malformed(format!("it makes no sense: {error}"))),
        }
    }
}
