//! FLV files, tag by tag (Adobe FLV 10.1, annex E).

use std::path::Path;

/// The type of an audio tag and of an RTMP audio message.
pub const AUDIO: u8 = 8;
/// The type of a video tag and of an RTMP video message.
pub const VIDEO: u8 = 9;
/// The type of a script data tag and of an RTMP data message (AMF0).
pub const DATA: u8 = 18;

/// What stands before the first tag of a file that has audio and video.
pub const HEADER: &[u8] = b"FLV\x01\x05\0\0\0\x09\0\0\0\0";

/// One tag.
#[derive(Clone, PartialEq, Eq)]
pub struct Tag {
    /// [`AUDIO`], [`VIDEO`] or [`DATA`].
    pub kind: u8,
    /// Milliseconds.
    pub time_ms: u32,
    /// What RTMP carries too.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Tag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let head = &self.body[..self.body.len().min(16)];
        write!(f, "[{} at {} ms, {} bytes: {head:02x?}]", self.kind, self.time_ms, self.body.len())
    }
}

impl Tag {
    /// A sequence header, legacy or Enhanced.
    pub fn is_header(&self) -> bool {
        match (self.kind, self.body.as_slice()) {
            (VIDEO, [first, ..]) if first & 0x80 != 0 => first & 0x0f == 0,
            (VIDEO, [first, packet, ..]) => [7, 12].contains(&(first & 0x0f)) && *packet == 0,
            (AUDIO, [first, ..]) if first >> 4 == 9 => first & 0x0f == 0,
            (AUDIO, [first, packet, ..]) => first >> 4 == 10 && *packet == 0,
            _ => false,
        }
    }

    /// A video tag with coded media (no header, no end of sequence, no colorInfo).
    pub fn is_picture(&self) -> bool {
        match (self.kind, self.body.as_slice()) {
            (VIDEO, [first, ..]) if first & 0x80 != 0 => [1, 3].contains(&(first & 0x0f)),
            (VIDEO, [first, packet, ..]) => *packet == 1 || ![7, 12].contains(&(first & 0x0f)),
            _ => false,
        }
    }

    /// Coded media: what is none sets a decoder up, or ends it.
    pub fn is_coded(&self) -> bool {
        match (self.kind, self.body.as_slice()) {
            (AUDIO, [0x95, inner, ..]) => inner & 0x0f == 1,
            (AUDIO, [first, ..]) if first >> 4 == 9 => first & 0x0f == 1,
            (AUDIO, [_, ..]) => !self.is_header(),
            _ => self.is_picture(),
        }
    }

    /// A picture that a decoder can start at.
    pub fn is_key(&self) -> bool {
        self.is_picture() && (self.body[0] >> 4) & 7 == 1
    }

    /// Bytes before the codec's own in a picture.
    pub fn prefix(&self) -> usize {
        match self.body.as_slice() {
            [first, b'a', b'v', b'0', b'1', ..] if first & 0x80 != 0 => 5,
            [first, ..] if first & 0x8f == 0x81 => 8,
            [first, ..] if first & 0x80 != 0 => 5,
            _ => 5,
        }
    }

    /// As a file holds it, with the size that stands behind it.
    pub fn encode(&self) -> Vec<u8> {
        let size = u32::try_from(self.body.len()).expect("a tag's size");
        let [t0, t1, t2, t3] = self.time_ms.to_be_bytes();
        let mut out = vec![self.kind];
        out.extend_from_slice(&size.to_be_bytes()[1..]);
        out.extend_from_slice(&[t1, t2, t3, t0, 0, 0, 0]);
        out.extend_from_slice(&self.body);
        out.extend_from_slice(&(size + 11).to_be_bytes());
        out
    }

    /// The codec's bytes of a picture.
    pub fn payload(&self) -> &[u8] {
        &self.body[self.prefix()..]
    }
}

/// Every whole tag of a file; a tag cut off at its end (by a killed writer) is left out.
pub fn read(file: &Path) -> Vec<Tag> {
    let bytes = std::fs::read(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    parse(&bytes).unwrap_or_else(|| panic!("{} is not an FLV file", file.display()))
}

/// The same, of a file in memory. None if it does not begin as an FLV file.
pub fn parse(bytes: &[u8]) -> Option<Vec<Tag>> {
    let mut rest = bytes.strip_prefix(b"FLV\x01")?.get(9..)?;
    let mut tags = Vec::new();
    while let [kind, a, b, c, t1, t2, t3, t0, _, _, _, tail @ ..] = rest {
        let size = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        let Some(body) = tail.get(..size) else { break };
        tags.push(Tag { kind: kind & 0x1f, time_ms: u32::from_be_bytes([*t0, *t1, *t2, *t3]), body: body.to_vec() });
        rest = tail.get(size + 4..).unwrap_or_default();
    }
    Some(tags)
}

/// Writes a file that has audio and video.
pub fn write(file: &Path, tags: &[Tag]) {
    let mut out = HEADER.to_vec();
    tags.iter().for_each(|tag| out.extend(tag.encode()));
    std::fs::write(file, out).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
}

/// The tags with media: neither data nor headers.
pub fn media(tags: &[Tag]) -> Vec<Tag> {
    tags.iter().filter(|t| t.kind != DATA && !t.is_header() && !t.body.is_empty()).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let tags = [
            Tag { kind: VIDEO, time_ms: 0, body: vec![0x17, 0, 0, 0, 0, 1] },
            Tag { kind: AUDIO, time_ms: 0x01_02_03_04, body: vec![0xaf, 1, 9] },
        ];
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.flv");
        write(&file, &tags);
        assert_eq!(read(&file), tags);
        assert!(tags[0].is_header() && !tags[0].is_picture());
        let cut = std::fs::read(&file).expect("the file");
        assert_eq!(parse(&cut[..cut.len() - 5]).expect("FLV").len(), 1);
        assert_eq!(parse(b"GIF"), None);
    }
}
