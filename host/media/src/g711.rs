//! G.711: A-law and mu-law, 8 kHz telephone sound without any header (ITU-T G.711).

/// Hertz.
pub const SAMPLE_RATE: u32 = 8_000;
/// Bits of a coded sample.
pub const BITS: u8 = 8;

/// Microseconds that a payload lasts; one byte is one sample of one channel.
pub fn duration_us(payload_bytes: usize, channels: u8) -> u64 {
    let samples = (payload_bytes as u64).checked_div(u64::from(channels)).unwrap_or(0);
    samples.saturating_mul(125)
}

/// One A-law byte as a linear sample of 16 bits.
pub fn alaw_to_linear(coded: u8) -> i16 {
    let v = coded ^ 0x55;
    let mantissa = i32::from(v & 0x0f) << 4;
    let magnitude = match u32::from((v >> 4) & 7).checked_sub(1) {
        None => mantissa | 0x08,
        Some(shift) => (mantissa | 0x108) << shift,
    };
    sign(v & 0x80 != 0, magnitude)
}

/// One mu-law byte as a linear sample of 16 bits.
pub fn ulaw_to_linear(coded: u8) -> i16 {
    let v = !coded;
    let magnitude = (((i32::from(v & 0x0f)) << 3) | 0x84) << ((v >> 4) & 7);
    sign(v & 0x80 == 0, magnitude.saturating_sub(0x84))
}

/// The A-law byte nearest to a linear sample.
pub fn linear_to_alaw(sample: i16) -> u8 {
    nearest(sample, alaw_to_linear, |negative, code| (code | if negative { 0 } else { 0x80 }) ^ 0x55)
}

/// The mu-law byte nearest to a linear sample.
pub fn linear_to_ulaw(sample: i16) -> u8 {
    nearest(sample, ulaw_to_linear, |negative, code| !(code | if negative { 0x80 } else { 0 }))
}

fn sign(positive: bool, magnitude: i32) -> i16 {
    let magnitude = magnitude.min(i32::from(i16::MAX)) as i16;
    if positive { magnitude } else { magnitude.saturating_neg() }
}

/// The codes of one sign rise with the magnitude: a binary search over 128 of them, then the nearer neighbour.
fn nearest(sample: i16, decode: impl Fn(u8) -> i16, byte: impl Fn(bool, u8) -> u8) -> u8 {
    let negative = sample < 0;
    let want = i32::from(sample).saturating_abs();
    let magnitude = |code: u8| i32::from(decode(byte(negative, code))).saturating_abs();
    let (mut low, mut high) = (0u8, 127u8);
    while low < high {
        let middle = low.midpoint(high);
        if magnitude(middle) < want {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    let below = low.saturating_sub(1);
    let distance = |code: u8| magnitude(code).saturating_sub(want).saturating_abs();
    byte(negative, if distance(below) < distance(low) { below } else { low })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(
            [alaw_to_linear(0xd5), alaw_to_linear(0x55), alaw_to_linear(0x2a), alaw_to_linear(0xaa)],
            [8, -8, -32256, 32256]
        );
        assert_eq!(
            [ulaw_to_linear(0xff), ulaw_to_linear(0x7f), ulaw_to_linear(0x00), ulaw_to_linear(0x80)],
            [0, 0, -32124, 32124]
        );
        assert_eq!([ulaw_to_linear(0xf0), alaw_to_linear(0xf5)], [120, 528]);
    }

    #[test]
    fn every_byte_comes_back() {
        for byte in 0..=255u8 {
            assert_eq!(linear_to_alaw(alaw_to_linear(byte)), byte);
            // Two bytes stand for zero; the positive one is chosen.
            let want = if byte == 0x7f { 0xff } else { byte };
            assert_eq!(linear_to_ulaw(ulaw_to_linear(byte)), want);
        }
    }

    #[test]
    fn the_nearest_is_chosen() {
        for sample in (i16::MIN..=i16::MAX).step_by(37) {
            for (encode, decode) in
                [(linear_to_alaw as fn(i16) -> u8, alaw_to_linear as fn(u8) -> i16), (linear_to_ulaw, ulaw_to_linear)]
            {
                let got = i32::from(decode(encode(sample))) - i32::from(sample);
                let best = (0..=255u8).map(|b| (i32::from(decode(b)) - i32::from(sample)).abs()).min();
                assert_eq!(Some(got.abs()), best, "{sample}");
            }
        }
    }

    #[test]
    fn duration() {
        assert_eq!([duration_us(160, 1), duration_us(320, 2), duration_us(5, 0)], [20_000, 20_000, 0]);
    }
}
