//! Sequence parameter sets of H.265 (ITU-T H.265 7.3.2.2, 7.3.3, 7.3.4, 7.3.7, Annex E.2.1).

use crate::bits::{Bits, fraction, unescape};

/// What a sequence parameter set tells of the picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sps {
    /// general_profile_idc.
    pub profile: u8,
    /// general_level_idc.
    pub level: u8,
    /// chroma_format_idc.
    pub chroma_format: u8,
    /// Bits of a luma sample, 8 to 16.
    pub bit_depth_luma: u8,
    /// Width in luma samples, the conformance window applied.
    pub width: u32,
    /// Height in luma samples, the conformance window applied.
    pub height: u32,
    /// Frames per second, numerator and denominator, as the video usability information tells; 0/0 if it does not.
    pub frame_rate: (u32, u32),
}

impl Sps {
    /// Reads a NAL unit of type 33, its header included. `None` if it cannot be read up to the bit depth.
    pub fn decode(nal: &[u8]) -> Option<Sps> {
        let rbsp = unescape(nal.get(2..)?);
        let mut b = Bits::new(&rbsp);
        b.skip(4)?;
        let sub_layers = b.u(3)?;
        b.flag()?;
        let mut sps = Sps::default();
        b.skip(3)?;
        sps.profile = b.u8(5)?;
        b.skip(80)?;
        sps.level = b.u8(8)?;
        sub_layer_levels(&mut b, sub_layers)?;
        b.ue()?;
        sps.chroma_format = u8::try_from(b.ue()?).ok().filter(|v| *v <= 3)?;
        let separate_planes = sps.chroma_format == 3 && b.flag()?;
        let width = b.ue()?;
        let height = b.ue()?;
        let window = if b.flag()? { [b.ue()?, b.ue()?, b.ue()?, b.ue()?] } else { [0; 4] };
        let (unit_x, unit_y): (u32, u32) = match sps.chroma_format {
            _ if separate_planes => (1, 1),
            1 => (2, 2),
            2 => (2, 1),
            _ => (1, 1),
        };
        let [left, right, top, bottom] = window;
        let cut = |a: u32, b: u32, unit: u32| a.checked_add(b)?.checked_mul(unit);
        sps.width = width.checked_sub(cut(left, right, unit_x)?).filter(|w| *w > 0)?;
        sps.height = height.checked_sub(cut(top, bottom, unit_y)?).filter(|h| *h > 0)?;
        sps.bit_depth_luma = u8::try_from(b.ue()?).ok().filter(|v| *v <= 8)?.saturating_add(8);
        b.ue()?;
        sps.frame_rate = frame_rate(&mut b, sub_layers).unwrap_or((0, 0));
        Some(sps)
    }
}

fn sub_layer_levels(b: &mut Bits<'_>, sub_layers: u32) -> Option<()> {
    let mut bits = 0usize;
    for _ in 0..sub_layers {
        if b.flag()? {
            bits = bits.saturating_add(88);
        }
        if b.flag()? {
            bits = bits.saturating_add(8);
        }
    }
    if sub_layers > 0 {
        for _ in sub_layers..8 {
            b.skip(2)?;
        }
    }
    b.skip(bits)
}

/// From behind the bit depths to the timing of the video usability information.
fn frame_rate(b: &mut Bits<'_>, sub_layers: u32) -> Option<(u32, u32)> {
    let poc_bits = b.ue().filter(|n| *n <= 12)?.saturating_add(4);
    let first = if b.flag()? { 0 } else { sub_layers };
    for _ in first..=sub_layers {
        b.ue()?;
        b.ue()?;
        b.ue()?;
    }
    for _ in 0..6 {
        b.ue()?;
    }
    if b.flag()? && b.flag()? {
        scaling_lists(b)?;
    }
    b.skip(2)?;
    if b.flag()? {
        b.skip(8)?;
        b.ue()?;
        b.ue()?;
        b.flag()?;
    }
    let sets = b.ue().filter(|n| *n <= 64)?;
    let mut pictures = 0u32;
    for index in 0..sets {
        pictures = short_term_set(b, index, pictures)?;
    }
    if b.flag()? {
        let count = b.ue().filter(|n| *n <= 32)?;
        for _ in 0..count {
            b.u(poc_bits)?;
            b.flag()?;
        }
    }
    b.skip(2)?;
    if !b.flag()? {
        return None;
    }
    vui_frame_rate(b)
}

fn vui_frame_rate(b: &mut Bits<'_>) -> Option<(u32, u32)> {
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
    b.skip(3)?;
    if b.flag()? {
        for _ in 0..4 {
            b.ue()?;
        }
    }
    if !b.flag()? {
        return None;
    }
    let units = u64::from(b.u(32)?);
    let scale = u64::from(b.u(32)?);
    Some(fraction(scale, units))
}

fn scaling_lists(b: &mut Bits<'_>) -> Option<()> {
    for size in 0..4u32 {
        let matrices = if size == 3 { 2 } else { 6 };
        for _ in 0..matrices {
            if !b.flag()? {
                b.ue()?;
                continue;
            }
            if size > 1 {
                b.se()?;
            }
            let coefficients = if size == 0 { 16 } else { 64 };
            for _ in 0..coefficients {
                b.se()?;
            }
        }
    }
    Some(())
}

/// One short-term reference picture set; gives its number of pictures, from that of the set before it.
fn short_term_set(b: &mut Bits<'_>, index: u32, before: u32) -> Option<u32> {
    if index != 0 && b.flag()? {
        b.flag()?;
        b.ue()?;
        let mut pictures = 0u32;
        for _ in 0..=before {
            let used = b.flag()?;
            let use_delta = used || b.flag()?;
            pictures = pictures.saturating_add(u32::from(use_delta));
        }
        return Some(pictures);
    }
    let negative = b.ue().filter(|n| *n <= 16)?;
    let positive = b.ue().filter(|n| *n <= 16)?;
    let pictures = negative.saturating_add(positive);
    for _ in 0..pictures {
        b.ue()?;
        b.flag()?;
    }
    Some(pictures)
}
