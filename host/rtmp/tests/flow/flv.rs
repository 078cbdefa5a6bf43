//! FLV files as the lists of tags they are (FLV 10.1 E.3, E.4.1).

use std::path::Path;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag {
    pub kind: u8,
    pub timestamp: u32,
    pub body: Vec<u8>,
}

pub const AUDIO: u8 = 8;
pub const VIDEO: u8 = 9;

/// The tags of a file; a last tag that is cut short is left out.
pub fn read(path: &Path) -> Vec<Tag> {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    parse(&bytes)
}

pub fn parse(bytes: &[u8]) -> Vec<Tag> {
    let mut tags = Vec::new();
    if bytes.len() < 13 {
        return tags;
    }
    assert_eq!(&bytes[..3], b"FLV");
    let mut at = u32::from_be_bytes(bytes[5..9].try_into().unwrap()) as usize + 4;
    while let Some(head) = bytes.get(at..at + 11) {
        let size = u32::from_be_bytes([0, head[1], head[2], head[3]]) as usize;
        let timestamp = u32::from_be_bytes([head[7], head[4], head[5], head[6]]);
        let Some(body) = bytes.get(at + 11..at + 11 + size) else { break };
        tags.push(Tag { kind: head[0] & 0x1f, timestamp, body: body.to_vec() });
        at += 11 + size + 4;
    }
    tags
}

/// Audio or video bodies in their order.
pub fn bodies(tags: &[Tag], kind: u8) -> Vec<Vec<u8>> {
    tags.iter().filter(|t| t.kind == kind).map(|t| t.body.clone()).collect()
}
