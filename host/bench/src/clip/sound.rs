//! AAC-LC frames of silence (ISO/IEC 14496-3 §4.4.2): the stamp and the bitrate are in data stream elements, which
//! decoders skip.

use super::bits::Writer;
use crate::error::Error;
use crate::stamp;
use bytes::Bytes;
use media::aac::AudioSpecificConfig;

/// Samples per second.
pub const SAMPLE_RATE: u64 = 44_100;
/// Samples per frame.
pub const SAMPLES: u64 = 1024;
/// Bytes that one data stream element holds at most.
const ELEMENT: usize = 510;
/// Bytes behind the data: silence and the end.
const SILENCE: usize = 4;
/// The most that a frame of one channel may take (§4.5.3.1: 6144 bits).
const MOST: usize = 768;

/// The decoder's configuration: AAC-LC, mono.
pub(super) fn header() -> Bytes {
    AudioSpecificConfig::new(2, SAMPLE_RATE as u32, 1).encode()
}

/// A frame for this bitrate, and where its stamp belongs.
pub(super) fn frame(kbps: u32) -> Result<(Vec<u8>, usize), Error> {
    let size = u64::from(kbps) * 125 * SAMPLES / SAMPLE_RATE;
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let least = 3 + stamp::LEN + SILENCE;
    if !(least..=MOST).contains(&size) {
        let rate = |bytes: usize| (bytes as u64 * SAMPLE_RATE).div_ceil(125 * SAMPLES);
        let text = format!("{kbps} kbit/s of audio: must be from {} to {}", rate(least), rate(MOST) - 1);
        return Err(Error::Clip(text));
    }
    let mut out = Writer::default();
    let mut left = size - SILENCE;
    let mut stamp_at = 0;
    while left > 2 {
        // id_syn_ele DSE, instance 0, byte-aligned; the count, in one byte or two.
        let long = left > 2 + 254;
        let data = (left - if long { 3 } else { 2 }).min(ELEMENT);
        out.bits(0b1000_0001, 8);
        out.bits(data.min(255) as u32, 8);
        if long {
            out.bits(data as u32 - 255, 8);
        }
        if stamp_at == 0 {
            stamp_at = out.len();
        }
        out.bytes(&vec![0x50; data]);
        left -= data + if long { 3 } else { 2 };
    }
    // A single channel element, instance 0, some gain, long window, no band coded, no tools; then the end.
    out.bits(0, 3 + 4);
    out.bits(100, 8);
    out.bits(0, 1 + 2 + 1 + 6 + 1);
    out.bits(0, 3);
    out.bits(0b111, 3);
    Ok((out.into_bytes(), stamp_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bitrate_is_what_was_asked_for() {
        for kbps in [32, 64, 96, 128, 160, 255] {
            let (frame, stamp_at) = frame(kbps).unwrap();
            let reached = frame.len() as u64 * SAMPLE_RATE / SAMPLES / 125;
            assert!(reached.abs_diff(kbps.into()) <= 1, "{reached} for {kbps} kbit/s");
            assert_eq!(frame[stamp_at..stamp_at + stamp::LEN], [0x50; stamp::LEN]);
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for kbps in [1, 20, 270, 1000] {
            assert!(frame(kbps).is_err(), "{kbps}");
        }
    }
}
