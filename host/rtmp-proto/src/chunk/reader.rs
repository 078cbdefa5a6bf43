//! Joins the peer's chunks into messages.

use super::header::{EXTENDED, Header, MAX_HEADER_LEN};
use super::{DEFAULT_CHUNK_SIZE, MAX_CHUNK_SIZE};
use crate::cursor::Cursor;
use crate::error::{Cause, Error, Place};
use crate::id::{ChunkStreamId, MessageStreamId};
use crate::message::{Message, MessageType};
use bytes::Bytes;

/// A body's first allocation is at most this, whatever length the header claims.
const FIRST_ALLOCATION: usize = 4096;

/// Joins chunks into messages, from any split of the bytes.
///
/// Bodies grow with the bytes that came, never with the length that a header claims; all partial bodies together have one
/// budget.
#[derive(Debug)]
pub struct Reader {
    chunk_size: u32,
    budget: usize,
    max_lanes: usize,
    /// Bytes of all partial bodies.
    partial: usize,
    lanes: Vec<Lane>,
    /// The lane and the bytes left of a chunk whose payload is on its way.
    body: Option<(usize, usize)>,
    /// Header bytes of a chunk that is not whole yet.
    carry: [u8; MAX_HEADER_LEN],
    carried: usize,
    /// Bytes of complete chunks so far.
    offset: u64,
    cut_short: Option<Box<Error>>,
}

/// One chunk stream.
#[derive(Debug)]
struct Lane {
    id: u32,
    /// Absolute time of the message at hand or the last one.
    timestamp: u32,
    /// What a format 3 header that starts a message adds.
    delta: u32,
    /// The last extended timestamp, if the last full header had one.
    extended: Option<u32>,
    length: usize,
    kind: u8,
    stream: u32,
    /// Whether formats 2 and 3 have something to refer to.
    known: bool,
    /// Whether a message is under way (it may have no byte yet).
    open: bool,
    body: Vec<u8>,
}

/// A header, and the extended timestamp behind it, if there is one.
type Parsed = (Header, Option<u32>, usize);

impl Reader {
    /// A reader with the default chunk size, for at most `max_lanes` chunk streams and `budget` bytes of partial bodies.
    pub fn new(max_lanes: usize, budget: usize) -> Self {
        Reader {
            chunk_size: DEFAULT_CHUNK_SIZE,
            budget,
            max_lanes,
            partial: 0,
            lanes: Vec::new(),
            body: None,
            carry: [0; MAX_HEADER_LEN],
            carried: 0,
            offset: 0,
            cut_short: None,
        }
    }

    /// The peer's Set Chunk Size; in force from the next chunk on, on every chunk stream.
    ///
    /// # Errors
    /// 0, or the top bit set (RTMP 1.0 §5.4.1).
    pub fn set_chunk_size(&mut self, size: u32) -> Result<(), Error> {
        if size == 0 || size > MAX_CHUNK_SIZE {
            return Err(Cause::ChunkSize(size).nowhere());
        }
        self.chunk_size = size;
        Ok(())
    }

    /// The peer's chunk size.
    pub fn chunk_size(&self) -> u32 {
        self.chunk_size
    }

    /// The bound on the bytes of all partial bodies together.
    pub fn set_budget(&mut self, bytes: usize) {
        self.budget = bytes;
    }

    /// Bytes held for partial messages.
    pub fn partial_bytes(&self) -> usize {
        self.partial
    }

    /// The peer's Abort Message: drops what came of the message on this chunk stream (RTMP 1.0 §5.4.2).
    pub fn abort(&mut self, chunk_stream: ChunkStreamId) {
        if let Some(lane) = self.lanes.iter_mut().find(|lane| lane.id == chunk_stream.0) {
            self.partial = self.partial.saturating_sub(lane.body.len());
            lane.body = Vec::new();
            lane.open = false;
        }
    }

    /// A message that the peer left unfinished since the last call, for a warning.
    pub fn take_cut_short(&mut self) -> Option<Error> {
        self.cut_short.take().map(|error| *error)
    }

    /// Takes bytes from the front of `input` until one message is whole. `None`: all of `input` is taken and more is
    /// needed.
    ///
    /// # Errors
    /// The peer broke the chunk format or a limit. The reader is of no use after that.
    pub fn read(&mut self, input: &mut &[u8]) -> Result<Option<Message>, Error> {
        loop {
            if let Some((lane, left)) = self.body {
                let left = self.fill(input, lane, left);
                if self.partial > self.budget {
                    let cause = Cause::OverBudget { wanted: self.partial, budget: self.budget };
                    let chunk_stream = self.lanes.get(lane).map(|lane| ChunkStreamId(lane.id));
                    let place = Place { byte: Some(self.offset), chunk_stream, ..Place::default() };
                    return Err(Error { cause, place });
                }
                if left > 0 {
                    self.body = Some((lane, left));
                    return Ok(None);
                }
                self.body = None;
                if let Some(message) = self.finish(lane) {
                    return Ok(Some(message));
                }
            } else {
                let Some((header, extended)) = self.header(input) else { return Ok(None) };
                let lane = self.open(header, extended)?;
                self.body = Some(lane);
            }
        }
    }

    /// A whole chunk header from what was carried over and `input`, or everything of `input` carried over.
    fn header(&mut self, input: &mut &[u8]) -> Option<(Header, Option<u32>)> {
        if self.carried == 0 {
            // The common case: the header lies in the input in one piece.
            if let Some((header, extended, used)) = self.parse(input) {
                *input = input.get(used..).unwrap_or_default();
                self.count(used);
                return Some((header, extended));
            }
        }
        let mut joined = self.carry;
        let room = joined.get_mut(self.carried..).unwrap_or_default();
        let fresh = room.len().min(input.len());
        for (to, from) in room.iter_mut().zip(input.iter()) {
            *to = *from;
        }
        let whole = self.carried.saturating_add(fresh);
        match self.parse(joined.get(..whole).unwrap_or_default()) {
            Some((header, extended, used)) => {
                // Bytes peeked for an extended timestamp that is not there stay carried: they are payload.
                let from_input = used.saturating_sub(self.carried);
                *input = input.get(from_input..).unwrap_or_default();
                let kept = self.carried.saturating_sub(used);
                joined.copy_within(used..used.saturating_add(kept), 0);
                self.carry = joined;
                self.carried = kept;
                self.count(used);
                Some((header, extended))
            }
            None => {
                self.carry = joined;
                self.carried = whole;
                *input = input.get(fresh..).unwrap_or_default();
                None
            }
        }
    }

    /// Reads a header and its extended timestamp; `None` if `bytes` end too early.
    fn parse(&self, bytes: &[u8]) -> Option<Parsed> {
        let mut cursor = Cursor::new(bytes);
        let header = Header::read(&mut cursor)?;
        if header.format <= 2 {
            let extended = if header.time == EXTENDED { Some(cursor.u32()?) } else { None };
            return Some((header, extended, cursor.position()));
        }
        let lane = self.lanes.iter().find(|lane| lane.id == header.chunk_stream);
        let Some((lane, expected)) = lane.and_then(|lane| Some((lane, lane.extended?))) else {
            return Some((header, None, cursor.position()));
        };
        // Some encoders leave the extended timestamp out of format 3 headers: if the next bytes do not repeat it (or the
        // message's own time), they are payload.
        let at = cursor.position();
        let next = cursor.rest();
        let next = next.get(..4).unwrap_or(next);
        let repeats = |value: u32| value.to_be_bytes().starts_with(next);
        if repeats(expected) || (lane.open && repeats(lane.timestamp)) {
            cursor.u32().map(|value| (header, Some(value), at.saturating_add(4)))
        } else {
            Some((header, None, at))
        }
    }

    /// Applies a header to its chunk stream; gives the lane's index and the payload bytes of this chunk.
    fn open(&mut self, header: Header, extended: Option<u32>) -> Result<(usize, usize), Error> {
        let Header { format, chunk_stream: id, .. } = header;
        let place = Place { byte: Some(self.offset), chunk_stream: Some(ChunkStreamId(id)), ..Place::default() };
        let fault = |cause: Cause| Error { cause, place };
        let at = match self.lanes.iter().position(|lane| lane.id == id) {
            Some(at) => at,
            None if format >= 2 => return Err(fault(Cause::NoHeader(format))),
            None if self.lanes.len() >= self.max_lanes => {
                return Err(fault(Cause::TooManyChunkStreams(self.max_lanes)));
            }
            None => {
                // A player uses two or three: no room for more.
                self.lanes.reserve_exact(1);
                self.lanes.push(Lane::new(id));
                self.lanes.len().saturating_sub(1)
            }
        };
        let Some(lane) = self.lanes.get_mut(at) else { return Err(fault(Cause::NoHeader(format))) };
        if format >= 2 && !lane.known {
            return Err(fault(Cause::NoHeader(format)));
        }
        if lane.open && format < 3 && !lane.continues(&header, extended) {
            // The peer gave the message up and started another one.
            let length = u32::try_from(lane.length).unwrap_or(u32::MAX);
            self.cut_short = Some(Box::new(fault(Cause::CutShort { received: lane.body.len(), length })));
            self.partial = self.partial.saturating_sub(lane.body.len());
            lane.body = Vec::new();
            lane.open = false;
        }
        if !lane.open {
            lane.start(&header, extended);
            // The claimed length alone shows that the message can never be finished.
            if lane.length > self.budget {
                return Err(fault(Cause::OverBudget { wanted: lane.length, budget: self.budget }));
            }
        }
        let left = lane.length.saturating_sub(lane.body.len());
        let size = usize::try_from(self.chunk_size).unwrap_or(usize::MAX);
        let chunk = left.min(size);
        Ok((at, chunk))
    }

    /// Moves payload into the lane's body; gives what is left of the chunk.
    fn fill(&mut self, input: &mut &[u8], at: usize, left: usize) -> usize {
        let Some(lane) = self.lanes.get_mut(at) else { return 0 };
        let mut left = left;
        if self.carried > 0 && left > 0 {
            let n = self.carried.min(left);
            lane.append(self.carry.get(..n).unwrap_or_default());
            self.carry.copy_within(n.., 0);
            self.carried = self.carried.saturating_sub(n);
            self.partial = self.partial.saturating_add(n);
            self.offset = self.offset.saturating_add(n.try_into().unwrap_or(u64::MAX));
            left = left.saturating_sub(n);
        }
        let (now, later) = input.split_at(input.len().min(left));
        lane.append(now);
        *input = later;
        self.partial = self.partial.saturating_add(now.len());
        self.offset = self.offset.saturating_add(now.len().try_into().unwrap_or(u64::MAX));
        left.saturating_sub(now.len())
    }

    /// The lane's message, if the chunk that just ended made it whole.
    fn finish(&mut self, at: usize) -> Option<Message> {
        let lane = self.lanes.get_mut(at)?;
        if lane.body.len() < lane.length {
            return None;
        }
        lane.open = false;
        self.partial = self.partial.saturating_sub(lane.body.len());
        Some(Message {
            chunk_stream: ChunkStreamId(lane.id),
            stream: MessageStreamId(lane.stream),
            kind: MessageType(lane.kind),
            timestamp: lane.timestamp,
            payload: Bytes::from(std::mem::take(&mut lane.body)),
        })
    }

    /// Bytes before the first chunk, so that places count from the start of the connection.
    pub(crate) fn start_at(&mut self, offset: u64) {
        self.offset = offset;
    }

    /// Bytes read so far.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    fn count(&mut self, n: usize) {
        self.offset = self.offset.saturating_add(n.try_into().unwrap_or(u64::MAX));
    }
}

impl Lane {
    fn new(id: u32) -> Self {
        Lane {
            id,
            timestamp: 0,
            delta: 0,
            extended: None,
            length: 0,
            kind: 0,
            stream: 0,
            known: false,
            open: false,
            body: Vec::new(),
        }
    }

    /// Whether a full header in the middle of a message only repeats it, as some encoders write their chunks.
    fn continues(&self, header: &Header, extended: Option<u32>) -> bool {
        let time = extended.unwrap_or(header.time);
        match header.format {
            0 => {
                usize::try_from(header.length) == Ok(self.length)
                    && header.kind == self.kind
                    && header.stream == self.stream
                    && time == self.timestamp
            }
            1 => usize::try_from(header.length) == Ok(self.length) && header.kind == self.kind && time == self.delta,
            _ => false,
        }
    }

    /// Begins a message from its first header.
    fn start(&mut self, header: &Header, extended: Option<u32>) {
        let time = extended.unwrap_or(header.time);
        match header.format {
            0 => {
                self.timestamp = time;
                // RTMP 1.0 §5.3.1.2.4: format 3 after format 0 adds the absolute time once more.
                self.delta = time;
                self.stream = header.stream;
            }
            1 | 2 => {
                self.delta = time;
                self.timestamp = self.timestamp.wrapping_add(time);
            }
            _ => self.timestamp = self.timestamp.wrapping_add(self.delta),
        }
        if header.format <= 1 {
            self.length = usize::try_from(header.length).unwrap_or(usize::MAX);
            self.kind = header.kind;
            self.known = true;
        }
        if header.format <= 2 {
            self.extended = extended;
        }
        self.open = true;
    }

    /// Appends payload; capacity doubles with what came and ends at exactly the message's length.
    fn append(&mut self, bytes: &[u8]) {
        let needed = self.body.len().saturating_add(bytes.len());
        if needed > self.body.capacity() {
            let target = needed.saturating_mul(2).max(FIRST_ALLOCATION).min(self.length).max(needed);
            self.body.reserve_exact(target.saturating_sub(self.body.len()));
        }
        self.body.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests;
