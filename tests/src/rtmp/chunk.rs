//! Chunks (RTMP 1.0 §5.3).

use std::collections::{HashMap, VecDeque};
use std::io::{Error, ErrorKind, Result};

/// One whole message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// Message type id.
    pub kind: u8,
    /// Milliseconds; wraps.
    pub time_ms: u32,
    /// Message stream id.
    pub stream_id: u32,
    /// Payload.
    pub body: Vec<u8>,
}

/// The chunk size before anyone sets another (§5.4.1).
const DEFAULT_SIZE: usize = 128;

/// A message as full chunks of the default size, on the chunk stream that ffmpeg would use.
pub fn encode(message: &Message) -> Vec<u8> {
    let csid: u8 = match message.kind {
        1..=6 => 2,
        9 => 6,
        8 | 18 => 4,
        _ if message.stream_id == 0 => 3,
        _ => 8,
    };
    let extended = message.time_ms >= 0xff_ffff;
    let mut out = vec![csid];
    out.extend_from_slice(&message.time_ms.min(0xff_ffff).to_be_bytes()[1..]);
    out.extend_from_slice(&u32::try_from(message.body.len()).expect("a size").to_be_bytes()[1..]);
    out.push(message.kind);
    out.extend_from_slice(&message.stream_id.to_le_bytes());
    if extended {
        out.extend_from_slice(&message.time_ms.to_be_bytes());
    }
    for (at, part) in message.body.chunks(DEFAULT_SIZE).enumerate() {
        if at > 0 {
            out.push(0xc0 | csid);
            if extended {
                out.extend_from_slice(&message.time_ms.to_be_bytes());
            }
        }
        out.extend_from_slice(part);
    }
    out
}

/// Joins chunks into messages.
#[derive(Default)]
pub struct Reader {
    buffer: VecDeque<u8>,
    received: u64,
    size: Option<usize>,
    streams: HashMap<u32, Lane>,
}

#[derive(Default, Clone)]
struct Lane {
    kind: u8,
    stream_id: u32,
    size: usize,
    time_ms: u32,
    delta: u32,
    extended: bool,
    body: Vec<u8>,
}

impl Reader {
    /// Bytes fed so far.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// More bytes of the connection.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.received += bytes.len() as u64;
        self.buffer.extend(bytes);
    }

    /// The next whole message, if there is one; Set Chunk Size is obeyed.
    pub fn message(&mut self) -> Result<Option<Message>> {
        loop {
            // A step that runs out of bytes leaves nothing changed: it is tried again with more of them.
            self.buffer.make_contiguous();
            let mut bytes = self.buffer.as_slices().0;
            let before = bytes.len();
            let Some((csid, lane)) = self.chunk(&mut bytes) else { return Ok(None) };
            let used = before - bytes.len();
            self.buffer.drain(..used);
            let whole = lane.body.len() == lane.size;
            let message = whole.then(|| Message {
                kind: lane.kind,
                time_ms: lane.time_ms,
                stream_id: lane.stream_id,
                body: lane.body.clone(),
            });
            let kept = if whole { Lane { body: Vec::new(), ..lane } } else { lane };
            self.streams.insert(csid, kept);
            if let Some(message) = message {
                if message.kind == 1 {
                    let size = message.body.first_chunk::<4>().map(|b| u32::from_be_bytes(*b)).unwrap_or_default();
                    if size == 0 || size & 0x8000_0000 != 0 {
                        return Err(Error::new(ErrorKind::InvalidData, "the router sets a bad chunk size"));
                    }
                    self.size = Some(size as usize);
                }
                return Ok(Some(message));
            }
        }
    }

    fn chunk(&self, bytes: &mut &[u8]) -> Option<(u32, Lane)> {
        let first = take::<1>(bytes)?[0];
        let csid = match first & 0x3f {
            0 => 64 + u32::from(take::<1>(bytes)?[0]),
            1 => {
                let [low, high] = take::<2>(bytes)?;
                64 + u32::from(low) + 256 * u32::from(high)
            }
            n => n.into(),
        };
        let mut lane = self.streams.get(&csid).cloned().unwrap_or_default();
        let form = first >> 6;
        let starts = lane.body.is_empty();
        let mut time = 0;
        if form < 3 {
            let [a, b, c] = take::<3>(bytes)?;
            time = u32::from_be_bytes([0, a, b, c]);
            lane.extended = time == 0xff_ffff;
        }
        if form < 2 {
            let [a, b, c, kind] = take::<4>(bytes)?;
            lane.size = u32::from_be_bytes([0, a, b, c]) as usize;
            lane.kind = kind;
        }
        if form == 0 {
            lane.stream_id = u32::from_le_bytes(take::<4>(bytes)?);
        }
        if lane.extended {
            let value = u32::from_be_bytes(take::<4>(bytes)?);
            time = if form < 3 { value } else { time };
        }
        match form {
            0 => (lane.time_ms, lane.delta) = (time, time),
            1 | 2 => {
                lane.delta = time;
                lane.time_ms = lane.time_ms.wrapping_add(time);
            }
            _ if starts => lane.time_ms = lane.time_ms.wrapping_add(lane.delta),
            _ => {}
        }
        let part = (lane.size - lane.body.len()).min(self.size.unwrap_or(DEFAULT_SIZE));
        let (head, tail) = bytes.split_at_checked(part)?;
        lane.body.extend_from_slice(head);
        *bytes = tail;
        Some((csid, lane))
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = bytes.split_first_chunk::<N>()?;
    *bytes = tail;
    Some(*head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_any_split() {
        let messages = [
            Message { kind: 9, time_ms: 40, stream_id: 1, body: (0..=255).cycle().take(1000).collect() },
            Message { kind: 8, time_ms: 0x0100_0000, stream_id: 1, body: vec![7; 300] },
            Message { kind: 20, time_ms: 0, stream_id: 0, body: vec![] },
        ];
        let bytes: Vec<u8> = messages.iter().flat_map(encode).collect();
        for step in [1, 7, 128, 5000] {
            let mut reader = Reader::default();
            let mut seen = Vec::new();
            for part in bytes.chunks(step) {
                reader.feed(part);
                while let Some(message) = reader.message().expect("good chunks") {
                    seen.push(message);
                }
            }
            assert_eq!(seen, messages);
        }
    }
}
