//! VvcDecoderConfigurationRecord (ISO/IEC 14496-15 11.2.4.2): the sequence header of H.266, as far as it tells of the picture.

use crate::VideoParams;
use crate::bits::{Bits, fraction};

/// Length size, profile, level, bit depth, size and average frame rate.
pub fn params(record: &[u8]) -> Option<VideoParams> {
    let mut b = Bits::new(record);
    b.skip(5)?;
    let unit_length_bytes = b.u8(2)?.saturating_add(1);
    let mut params = VideoParams { unit_length_bytes, ..VideoParams::default() };
    if b.flag()? {
        profile(&mut b, &mut params)?;
    }
    Some(params)
}

fn profile(b: &mut Bits<'_>, params: &mut VideoParams) -> Option<()> {
    b.skip(9)?;
    let sublayers = b.u(3)?;
    b.skip(4)?;
    params.bit_depth = b.u8(3)?.saturating_add(8);
    b.skip(5)?;
    b.skip(2)?;
    let constraint_bytes = b.u(6)? as usize;
    params.profile = b.u(7)?;
    b.flag()?;
    params.level = b.u(8)?;
    // Two flags stand before the constraints, in the same bytes.
    b.skip(constraint_bytes.saturating_mul(8).max(2))?;
    let mut levels = 0usize;
    for _ in 1..sublayers {
        levels = levels.saturating_add(usize::from(b.flag()?));
    }
    b.align();
    b.skip(levels.saturating_mul(8))?;
    let sub_profiles = b.u(8)? as usize;
    b.skip(sub_profiles.saturating_mul(32))?;
    params.width = b.u(16)?;
    params.height = b.u(16)?;
    params.frame_rate = fraction(u64::from(b.u(16)?), 256);
    Some(())
}
