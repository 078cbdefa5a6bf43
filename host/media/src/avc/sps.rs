//! Sequence parameter sets of H.264 (ITU-T H.264 7.3.2.1.1, Annex E.1.1).

use crate::bits::{Bits, fraction, unescape};

/// What a sequence parameter set tells of the picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sps {
    /// profile_idc.
    pub profile: u8,
    /// The constraint flags.
    pub compatibility: u8,
    /// level_idc.
    pub level: u8,
    /// chroma_format_idc: 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4.
    pub chroma_format: u8,
    /// Bits of a luma sample, 8 to 14.
    pub bit_depth_luma: u8,
    /// Width in luma samples, cropping applied.
    pub width: u32,
    /// Height in luma samples, cropping applied.
    pub height: u32,
    /// Frames per second, numerator and denominator, as the video usability information tells; 0/0 if it does not.
    pub frame_rate: (u32, u32),
}

impl Sps {
    /// Reads a NAL unit of type 7 (or 15), its header included. `None` if it cannot be read.
    pub fn decode(nal: &[u8]) -> Option<Sps> {
        let rbsp = unescape(nal.get(1..)?);
        let mut b = Bits::new(&rbsp);
        let mut sps = Sps {
            profile: b.u8(8)?,
            compatibility: b.u8(8)?,
            level: b.u8(8)?,
            chroma_format: 1,
            bit_depth_luma: 8,
            ..Sps::default()
        };
        b.ue()?;
        let mut separate_planes = false;
        if matches!(sps.profile, 100 | 110 | 122 | 244 | 44 | 83 | 86 | 118 | 128 | 138 | 139 | 134 | 135) {
            sps.chroma_format = u8::try_from(b.ue()?).ok().filter(|v| *v <= 3)?;
            if sps.chroma_format == 3 {
                separate_planes = b.flag()?;
            }
            sps.bit_depth_luma = u8::try_from(b.ue()?).ok().filter(|v| *v <= 6)?.saturating_add(8);
            b.ue()?;
            b.flag()?;
            if b.flag()? {
                let lists = if sps.chroma_format == 3 { 12 } else { 8 };
                for i in 0..lists {
                    if b.flag()? {
                        scaling_list(&mut b, if i < 6 { 16 } else { 64 })?;
                    }
                }
            }
        }
        b.ue()?;
        match b.ue()? {
            0 => {
                b.ue()?;
            }
            1 => {
                b.flag()?;
                b.se()?;
                b.se()?;
                let count = b.ue().filter(|n| *n <= 255)?;
                for _ in 0..count {
                    b.se()?;
                }
            }
            _ => {}
        }
        b.ue()?;
        b.flag()?;
        let width = b.ue()?.checked_add(1)?.checked_mul(16)?;
        let map_units = b.ue()?.checked_add(1)?;
        let frame_only = b.flag()?;
        let fields: u32 = if frame_only { 1 } else { 2 };
        let height = map_units.checked_mul(16)?.checked_mul(fields)?;
        if !frame_only {
            b.flag()?;
        }
        b.flag()?;
        let crop = if b.flag()? { [b.ue()?, b.ue()?, b.ue()?, b.ue()?] } else { [0; 4] };
        let (unit_x, unit_y): (u32, u32) = match sps.chroma_format {
            _ if separate_planes => (1, 1),
            1 => (2, 2),
            2 => (2, 1),
            _ => (1, 1),
        };
        let [left, right, top, bottom] = crop;
        let cut = |a: u32, b: u32, unit: u32| a.checked_add(b)?.checked_mul(unit);
        sps.width = width.checked_sub(cut(left, right, unit_x)?).filter(|w| *w > 0)?;
        sps.height = height.checked_sub(cut(top, bottom, unit_y.checked_mul(fields)?)?).filter(|h| *h > 0)?;
        if b.flag() == Some(true) {
            sps.frame_rate = frame_rate(&mut b).unwrap_or((0, 0));
        }
        Some(sps)
    }
}

fn scaling_list(b: &mut Bits<'_>, size: u32) -> Option<()> {
    let (mut last, mut next) = (8i64, 8i64);
    for _ in 0..size {
        if next != 0 {
            next = last.checked_add(b.se()?)? & 0xff;
        }
        last = if next == 0 { last } else { next };
    }
    Some(())
}

/// The timing of the video usability information; two fields make a frame.
fn frame_rate(b: &mut Bits<'_>) -> Option<(u32, u32)> {
    if b.flag()? && b.u(8)? == 255 {
        b.skip(32)?;
    }
    if b.flag()? {
        b.flag()?;
    }
    if b.flag()? {
        b.skip(4)?;
        if b.flag()? {
            b.skip(24)?;
        }
    }
    if b.flag()? {
        b.ue()?;
        b.ue()?;
    }
    if !b.flag()? {
        return None;
    }
    let units = u64::from(b.u(32)?);
    let scale = u64::from(b.u(32)?);
    Some(fraction(scale, units.saturating_mul(2)))
}
