//! Sequence headers of AV1 (AV1 bitstream specification 5.5).

use crate::bits::{Bits, fraction};

/// What a sequence header tells of the picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sequence {
    /// seq_profile.
    pub profile: u8,
    /// seq_level_idx of the first operating point.
    pub level: u8,
    /// max_frame_width_minus_1 + 1.
    pub width: u32,
    /// max_frame_height_minus_1 + 1.
    pub height: u32,
    /// Bits of a sample; 0 if it could not be read.
    pub bit_depth: u8,
    /// Frames per second, numerator and denominator; 0/0 unless pictures are at equal distance.
    pub frame_rate: (u32, u32),
}

impl Sequence {
    /// Reads the payload of a sequence header OBU. `None` if it cannot be read up to the picture size.
    pub fn decode(payload: &[u8]) -> Option<Sequence> {
        let mut b = Bits::new(payload);
        let mut s = Sequence { profile: b.u8(3)?, ..Sequence::default() };
        b.flag()?;
        let reduced = b.flag()?;
        if reduced {
            s.level = b.u8(5)?;
        } else {
            operating_points(&mut b, &mut s)?;
        }
        let width_bits = b.u(4)?.saturating_add(1);
        let height_bits = b.u(4)?.saturating_add(1);
        s.width = b.u(width_bits)?.saturating_add(1);
        s.height = b.u(height_bits)?.saturating_add(1);
        s.bit_depth = bit_depth(&mut b, s.profile, reduced).unwrap_or(0);
        Some(s)
    }
}

fn operating_points(b: &mut Bits<'_>, s: &mut Sequence) -> Option<()> {
    let mut delay_bits = None;
    if b.flag()? {
        let units = u64::from(b.u(32)?);
        let scale = u64::from(b.u(32)?);
        if b.flag()? {
            let ticks = u64::from(uvlc(b)?).saturating_add(1);
            s.frame_rate = fraction(scale, units.saturating_mul(ticks));
        }
        if b.flag()? {
            delay_bits = Some(b.u(5)?.saturating_add(1) as usize);
            b.skip(42)?;
        }
    }
    let display_delay = b.flag()?;
    let points = b.u(5)?;
    for point in 0..=points {
        b.skip(12)?;
        let level = b.u8(5)?;
        if point == 0 {
            s.level = level;
        }
        if level > 7 {
            b.flag()?;
        }
        if let Some(bits) = delay_bits
            && b.flag()?
        {
            b.skip(bits.saturating_mul(2).saturating_add(1))?;
        }
        if display_delay && b.flag()? {
            b.skip(4)?;
        }
    }
    Some(())
}

/// From behind the picture size to the bit depth.
fn bit_depth(b: &mut Bits<'_>, profile: u8, reduced: bool) -> Option<u8> {
    if !reduced && b.flag()? {
        b.skip(7)?;
    }
    b.skip(3)?;
    if !reduced {
        b.skip(4)?;
        let order_hint = b.flag()?;
        if order_hint {
            b.skip(2)?;
        }
        let select_screen_content = b.flag()?;
        let screen_content = select_screen_content || b.flag()?;
        if screen_content && !b.flag()? {
            b.flag()?;
        }
        if order_hint {
            b.skip(3)?;
        }
    }
    b.skip(3)?;
    let high = b.flag()?;
    Some(match (high, profile) {
        (true, 2) if b.flag()? => 12,
        (true, _) => 10,
        _ => 8,
    })
}

/// uvlc() of the AV1 specification 4.10.3; what stands for "too large" there is none here.
fn uvlc(b: &mut Bits<'_>) -> Option<u32> {
    let mut zeros = 0u32;
    while !b.flag()? {
        zeros = zeros.saturating_add(1);
        if zeros > 31 {
            return None;
        }
    }
    let low = b.u(zeros)?;
    (1u32 << zeros).checked_sub(1)?.checked_add(low)
}
