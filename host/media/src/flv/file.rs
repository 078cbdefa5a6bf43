//! FLV files: header, tags, and the size of the previous tag (FLV 10.1 E.2 to E.4.1). Bytes in, bytes out.

use bytes::{Buf, Bytes, BytesMut};

use crate::read::{Cursor, be24};
use crate::{Body, Kind, Malformed};

/// Tag type: audio.
pub const AUDIO: u8 = 8;
/// Tag type: video.
pub const VIDEO: u8 = 9;
/// Tag type: script data, AMF0.
pub const SCRIPT: u8 = 18;

const TAG_HEADER: usize = 11;
const FILE_HEADER: usize = 9;

/// One tag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag {
    /// 8 audio, 9 video, 18 script data; others are passed on as they are.
    pub tag_type: u8,
    /// The body is encrypted (bit 5 of the type).
    pub filtered: bool,
    /// Milliseconds, 32 bits: the extension is the high byte.
    pub timestamp_ms: u32,
    /// Always 0 by the standard.
    pub stream_id: u32,
    /// The tag body: what an RTMP message of this type carries.
    pub body: Bytes,
}

impl Tag {
    /// What the tag is made for.
    pub fn kind(&self) -> Option<Kind> {
        match self.tag_type {
            AUDIO => Some(Kind::Audio),
            VIDEO => Some(Kind::Video),
            SCRIPT => Some(Kind::Data),
            _ => None,
        }
    }
}

/// What a file holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Item {
    /// The file header.
    Header {
        /// The header announces audio tags; many files lie.
        audio: bool,
        /// The header announces video tags.
        video: bool,
    },
    /// A tag.
    Tag(Tag),
}

/// Reads a file as its bytes come.
#[derive(Debug, Default)]
pub struct Reader {
    buffer: BytesMut,
    /// Bytes of the file before `buffer`.
    position: u64,
    state: State,
    wrong_sizes: u64,
}

#[derive(Debug, Default, Clone, Copy)]
enum State {
    #[default]
    Header,
    /// Bytes to skip up to the first tag: the header's own size, and the empty previous tag size.
    Skip(usize),
    Tag,
    /// The previous tag size of a tag with this size.
    Size(u32),
}

impl Reader {
    /// A reader at the start of a file.
    pub fn new() -> Reader {
        Reader::default()
    }

    /// More bytes of the file; copied.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next item; `None` if more bytes are needed. Fails on what is no FLV file.
    ///
    /// Wrong previous tag sizes are counted, not failed on: a file that was cut or patched plays on.
    pub fn next_item(&mut self) -> Result<Option<Item>, Malformed> {
        loop {
            match self.state {
                State::Header => {
                    let Some(head) = self.buffer.get(..FILE_HEADER) else {
                        let seen = self.buffer.len().min(3);
                        let like = self.buffer.get(..seen) == b"FLV".get(..seen);
                        return if like { Ok(None) } else { Err(Malformed::new(0, "FLV signature")) };
                    };
                    let mut c = Cursor::new(head);
                    if c.take(3, "FLV signature")? != b"FLV" {
                        return Err(Malformed::new(0, "FLV signature"));
                    }
                    c.u8("version")?;
                    let flags = c.u8("flags")?;
                    let offset = c.u32("data offset")? as usize;
                    if offset < FILE_HEADER {
                        return Err(Malformed::new(5, "data offset"));
                    }
                    self.advance(FILE_HEADER);
                    self.state = State::Skip(offset.saturating_sub(FILE_HEADER).saturating_add(4));
                    return Ok(Some(Item::Header { audio: flags & 4 != 0, video: flags & 1 != 0 }));
                }
                State::Skip(n) => {
                    let now = n.min(self.buffer.len());
                    self.advance(now);
                    if now < n {
                        self.state = State::Skip(n.saturating_sub(now));
                        return Ok(None);
                    }
                    self.state = State::Tag;
                }
                State::Tag => {
                    let Some(head) = self.buffer.get(..TAG_HEADER) else { return Ok(None) };
                    let mut c = Cursor::new(head);
                    let first = c.u8("tag type")?;
                    let size = c.u24("tag size")? as usize;
                    let low = c.u24("timestamp")?;
                    let high = u32::from(c.u8("timestamp extension")?);
                    let stream_id = c.u24("stream id")?;
                    let whole = TAG_HEADER.saturating_add(size);
                    if self.buffer.len() < whole {
                        return Ok(None);
                    }
                    self.advance(TAG_HEADER);
                    let body = self.buffer.split_to(size).freeze();
                    self.position = self.position.saturating_add(size as u64);
                    self.state = State::Size(whole as u32);
                    return Ok(Some(Item::Tag(Tag {
                        tag_type: first & 0x1f,
                        filtered: first & 0x20 != 0,
                        timestamp_ms: (high << 24) | low,
                        stream_id,
                        body,
                    })));
                }
                State::Size(expected) => {
                    let Some(size) = self.buffer.get(..4) else { return Ok(None) };
                    if Cursor::new(size).u32("previous tag size")? != expected {
                        self.wrong_sizes = self.wrong_sizes.saturating_add(1);
                    }
                    self.advance(4);
                    self.state = State::Tag;
                }
            }
        }
    }

    /// Offset in the file of the first byte that is not read yet.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Bytes fed and not read yet: at the end of the file, those of a tag that was cut off.
    pub fn pending(&self) -> usize {
        self.buffer.len()
    }

    /// How many previous tag sizes were wrong.
    pub fn wrong_sizes(&self) -> u64 {
        self.wrong_sizes
    }

    fn advance(&mut self, n: usize) {
        self.buffer.advance(n);
        self.position = self.position.saturating_add(n as u64);
    }
}

/// The header of a file, with the empty previous tag size behind it.
pub fn header(audio: bool, video: bool) -> [u8; 13] {
    let flags = if audio { 4 } else { 0 } | u8::from(video);
    [b'F', b'L', b'V', 1, flags, 0, 0, 0, 9, 0, 0, 0, 0]
}

/// One tag with its size behind it; the body is shared. Fails if the body is longer than 24 bits tell.
pub fn tag(kind: Kind, timestamp_ms: u32, body: &Body) -> Result<Body, Malformed> {
    let mut slices = Vec::with_capacity(body.slices().len().saturating_add(2));
    slices.push(Bytes::copy_from_slice(&tag_header(kind, timestamp_ms, body.len())?));
    slices.extend_from_slice(body.slices());
    slices.push(Bytes::copy_from_slice(&size_behind(body.len())));
    Ok(Body::from_slices(slices))
}

/// Appends one tag with its size behind it. Fails if the body is longer than 24 bits tell.
pub fn write(kind: Kind, timestamp_ms: u32, body: &Body, out: &mut Vec<u8>) -> Result<(), Malformed> {
    out.extend_from_slice(&tag_header(kind, timestamp_ms, body.len())?);
    for s in body.slices() {
        out.extend_from_slice(s);
    }
    out.extend_from_slice(&size_behind(body.len()));
    Ok(())
}

fn tag_header(kind: Kind, timestamp_ms: u32, size: usize) -> Result<[u8; TAG_HEADER], Malformed> {
    if size > 0xff_ffff {
        return Err(Malformed::new(0xff_ffff, "tag body of at most 24 bits"));
    }
    let tag_type = match kind {
        Kind::Audio => AUDIO,
        Kind::Video => VIDEO,
        Kind::Data => SCRIPT,
    };
    let [s0, s1, s2] = be24(size as u32);
    let [high, t0, t1, t2] = timestamp_ms.to_be_bytes();
    Ok([tag_type, s0, s1, s2, t0, t1, t2, high, 0, 0, 0])
}

fn size_behind(size: usize) -> [u8; 4] {
    (size.saturating_add(TAG_HEADER) as u32).to_be_bytes()
}
