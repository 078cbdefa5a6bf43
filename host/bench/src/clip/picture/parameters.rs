//! Parameter sets, and NAL units around payloads (ITU-T H.264 §7.3.1, §7.3.2).

use crate::clip::Settings;
use crate::clip::bits::Writer;

/// Bits of frame_num: the widest, for long GOPs.
pub(super) const FRAME_NUM_BITS: u32 = 16;

/// Table A-1: level, macroblocks per second, macroblocks per picture, kbit/s.
const LEVELS: [(u8, u32, u32, u32); 15] = [
    (10, 1485, 99, 64),
    (11, 3000, 396, 192),
    (12, 6000, 396, 384),
    (13, 11_880, 396, 768),
    (20, 11_880, 396, 2000),
    (21, 19_800, 792, 4000),
    (22, 20_250, 1620, 4000),
    (30, 40_500, 1620, 10_000),
    (31, 108_000, 3600, 14_000),
    (32, 216_000, 5120, 20_000),
    (40, 245_760, 8192, 20_000),
    (41, 245_760, 8192, 50_000),
    (50, 589_824, 22_080, 135_000),
    (51, 983_040, 36_864, 240_000),
    (52, 2_073_600, 36_864, 240_000),
];

/// The sequence parameter set (§7.3.2.1.1).
pub(super) fn sps(settings: &Settings) -> Vec<u8> {
    let (columns, rows) = (settings.width.div_ceil(16), settings.height.div_ceil(16));
    let size = columns * rows;
    let fits = |level: &&(u8, u32, u32, u32)| {
        size * settings.fps <= level.1 && size <= level.2 && settings.video_kbps <= level.3
    };
    let level = LEVELS.iter().find(fits).map_or(52, |level| level.0);
    let mut out = Writer::default();
    // Baseline, and a stream that Main decoders read too.
    out.bits(66, 8);
    out.bits(0xC0, 8);
    out.bits(level.into(), 8);
    out.ue(0);
    out.ue(FRAME_NUM_BITS - 4);
    // Pictures come out in the order in which they are decoded; one reference, no gaps.
    out.ue(2);
    out.ue(1);
    out.bits(0, 1);
    out.ue(columns - 1);
    out.ue(rows - 1);
    // Whole frames, direct_8x8_inference.
    out.bits(3, 2);
    let (right, bottom) = (columns * 16 - settings.width, rows * 16 - settings.height);
    out.bits(u32::from(right + bottom > 0), 1);
    if right + bottom > 0 {
        // In units of two samples.
        [0, right / 2, 0, bottom / 2].into_iter().for_each(|n| out.ue(n));
    }
    // VUI (§E.1.1): only the frame rate, which is fixed; a tick is half a frame.
    out.bits(1, 1);
    out.bits(0, 4);
    out.bits(1, 1);
    out.bits(1, 32);
    out.bits(2 * settings.fps, 32);
    out.bits(1, 1);
    out.bits(0, 4);
    out.bits(1, 1);
    unit(0x67, &out.into_bytes(), 0).0
}

/// The picture parameter set (§7.3.2.2): CAVLC, one slice group, deblocking under the slices' control.
pub(super) fn pps() -> Vec<u8> {
    let mut out = Writer::default();
    out.ue(0);
    out.ue(0);
    out.bits(0, 2);
    out.ue(0);
    out.ue(0);
    out.ue(0);
    out.bits(0, 3);
    out.se(0);
    out.se(0);
    out.se(0);
    out.bits(0b100, 3);
    out.bits(1, 1);
    unit(0x68, &out.into_bytes(), 0).0
}

/// A NAL unit with emulation prevention (§7.4.1), and where the payload's byte `at` went.
pub(super) fn unit(header: u8, payload: &[u8], at: usize) -> (Vec<u8>, usize) {
    let mut out = Vec::with_capacity(payload.len() + 8);
    out.push(header);
    let (mut zeros, mut moved) = (0, 0);
    for (n, byte) in payload.iter().enumerate() {
        if zeros >= 2 && *byte <= 3 {
            out.push(3);
            zeros = 0;
        }
        if n == at {
            moved = out.len();
        }
        out.push(*byte);
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
    }
    (out, moved)
}
