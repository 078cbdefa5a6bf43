//! A stream whose every frame says which one it is: what was lost, repeated or put in another order can be told exactly.

use crate::flv::{AUDIO, Tag, VIDEO};

/// Frames per GOP, at 25 per second.
pub const GOP: u64 = 25;

/// An H.264 sequence header: baseline, 16 x 16, four-byte lengths.
pub fn header() -> Tag {
    let sps = [0x67, 0x42, 0xc0, 0x0a, 0xda, 0x79];
    let pps = [0x68, 0xce, 0x38, 0x80];
    let mut body = vec![0x17, 0, 0, 0, 0, 1, 0x42, 0xc0, 0x0a, 0xff, 0xe1, 0, 6];
    body.extend_from_slice(&sps);
    body.extend_from_slice(&[1, 0, 4]);
    body.extend_from_slice(&pps);
    Tag { kind: VIDEO, time_ms: 0, body }
}

/// An AAC sequence header: LC, 44.1 kHz, stereo.
pub fn audio_header() -> Tag {
    Tag { kind: AUDIO, time_ms: 0, body: vec![0xaf, 0, 0x12, 0x10] }
}

/// The frame with this number: an access unit delimiter, SEI, and a slice of `bytes` that carries the number.
pub fn video(number: u64, bytes: usize) -> Tag {
    let key = number.is_multiple_of(GOP);
    let mut body = vec![if key { 0x17 } else { 0x27 }, 1, 0, 0, 0];
    unit(&[9, 0xf0], &mut body);
    unit(&[6, 5, 4, 1, 2, 3, 4, 0x80], &mut body);
    let mut slice = vec![if key { 0x65 } else { 0x41 }];
    slice.extend_from_slice(&number.to_be_bytes());
    slice.resize(slice.len().max(bytes), 0xa5);
    unit(&slice, &mut body);
    Tag { kind: VIDEO, time_ms: time_ms(number), body }
}

/// The sound that goes with it.
pub fn audio(number: u64) -> Tag {
    let mut body = vec![0xaf, 1];
    body.extend_from_slice(&number.to_be_bytes());
    Tag { kind: AUDIO, time_ms: time_ms(number), body }
}

/// When it is shown.
pub fn time_ms(number: u64) -> u32 {
    u32::try_from(number * 40).expect("a time")
}

fn unit(bytes: &[u8], body: &mut Vec<u8>) {
    body.extend_from_slice(&u32::try_from(bytes.len()).expect("a length").to_be_bytes());
    body.extend_from_slice(bytes);
}

/// Which frame it is: of video by its slice, of audio by its first bytes. None for headers and anything else.
pub fn number(tag: &Tag) -> Option<u64> {
    if tag.is_header() {
        return None;
    }
    match tag.kind {
        AUDIO => tag.body.get(2..10)?.try_into().ok().map(u64::from_be_bytes),
        VIDEO => {
            let mut rest = tag.body.get(5..)?;
            while let Some((length, tail)) = rest.split_first_chunk::<4>() {
                let (unit, tail) = tail.split_at_checked(u32::from_be_bytes(*length) as usize)?;
                if [1, 5].contains(&(unit.first()? & 0x1f)) {
                    return unit.get(1..9)?.try_into().ok().map(u64::from_be_bytes);
                }
                rest = tail;
            }
            None
        }
        _ => None,
    }
}

/// Whether the delimiter and the SEI of [`video`] are still there.
pub fn has_all_units(tag: &Tag) -> bool {
    tag.body.get(9) == Some(&9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_back() {
        for n in [0, 1, 25, 26] {
            assert_eq!(number(&video(n, 100)), Some(n));
            assert_eq!(number(&audio(n)), Some(n));
            assert_eq!(video(n, 100).is_key(), n % GOP == 0);
        }
        assert_eq!(number(&header()), None);
        assert!(header().is_header() && audio_header().is_header());
        assert!(has_all_units(&video(3, 10)));
    }
}
