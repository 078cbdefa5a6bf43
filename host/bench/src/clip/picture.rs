//! H.264 pictures without an encoder (ITU-T H.264, Baseline): uncompressed macroblocks make a moving pattern and the
//! bitrate, the rest is predicted.
//!
//! The first macroblock of every picture is uncompressed and begins with the stamp.

mod parameters;

use super::Settings;
use super::bits::Writer;
use crate::error::Error;
use crate::stamp;

/// Samples of an uncompressed macroblock: 16 × 16 luma, two times 8 × 8 chroma.
const SAMPLES: usize = 384;
/// Bytes of such a macroblock on the wire, with its type and alignment.
const COST: u64 = SAMPLES as u64 + 2;
/// What a key frame may take of the bits of its GOP.
const KEY_SHARE: u64 = 4;

/// One GOP.
pub(super) struct Gop {
    pub(super) sps: Vec<u8>,
    pub(super) pps: Vec<u8>,
    pub(super) pictures: Vec<Picture>,
    /// Every picture is a key frame.
    pub(super) all_keys: bool,
}

/// One picture: a NAL unit, and where its stamp belongs.
pub(super) struct Picture {
    pub(super) nal: Vec<u8>,
    pub(super) stamp_at: usize,
}

/// Makes one GOP with the bitrate of the settings; two pictures where the GOP has only one, as key frames that follow
/// each other must differ in their number.
pub(super) fn gop(settings: &Settings) -> Result<Gop, Error> {
    let error = |text: String| Err(Error::Clip(text));
    let Settings { width, height, fps, .. } = *settings;
    if [width, height].into_iter().any(|n| !(32..=4096).contains(&n) || n % 2 != 0) {
        return error(format!("a picture of {width}x{height}: both must be even and from 32 to 4096"));
    }
    if !(1..=240).contains(&fps) {
        return error(format!("{fps} pictures per second: must be from 1 to 240"));
    }
    let frames = (settings.gop.as_secs_f64() * f64::from(fps)).round() as u64;
    if !(1..=6000).contains(&frames) {
        return error(format!("a GOP of {frames} pictures: must have from 1 to 6000"));
    }
    let grid = Grid { columns: width.div_ceil(16), rows: height.div_ceil(16) };
    let total = u64::from(grid.columns) * u64::from(grid.rows);
    let budget = u64::from(settings.video_kbps) * 125 * frames / u64::from(fps);
    let fill = total * COST * frames;
    if budget > fill {
        let most = fill * u64::from(fps) / frames / 125;
        return error(format!(
            "a picture of {width}x{height} carries at most {most} kbit/s at {fps} per second; make it larger"
        ));
    }
    let least = (COST * frames + total) * u64::from(fps) / frames / 125 + 1;
    if u64::from(settings.video_kbps) < least {
        return error(format!("a picture of {width}x{height} needs at least {least} kbit/s at {fps} per second"));
    }
    let all_keys = frames == 1;
    let (key, inter) = shares(budget, frames, total);
    let pictures = (0..frames.max(if all_keys { 2 } else { 1 }))
        .map(|at| if at == 0 || all_keys { grid.key(at as u32, key) } else { grid.inter(at as u32, inter(at)) })
        .collect();
    Ok(Gop { sps: parameters::sps(settings), pps: parameters::pps(), pictures, all_keys })
}

/// Uncompressed macroblocks of the key frame, and of each other frame.
fn shares(budget: u64, frames: u64, total: u64) -> (u64, impl Fn(u64) -> u64) {
    let others = frames - 1;
    // The others may be unable to carry the rest.
    let least = budget.saturating_sub(others * total * COST);
    let most = if others == 0 { budget } else { (budget / KEY_SHARE).max(least) };
    let key = (most / COST).clamp(1, total);
    let left = budget.saturating_sub(key * COST + total);
    let upto = move |at: u64| left * at / others.max(1) / COST;
    (key, move |at: u64| (upto(at) - upto(at - 1)).clamp(1, total))
}

/// The macroblocks of a picture.
#[derive(Clone, Copy)]
struct Grid {
    columns: u32,
    rows: u32,
}

impl Grid {
    fn total(self) -> u32 {
        self.columns * self.rows
    }

    /// An IDR picture with about `count` uncompressed macroblocks, spread evenly; the others are predicted.
    fn key(self, at: u32, count: u64) -> Picture {
        let mut out = Writer::default();
        // Slice header (§7.3.3): first macroblock, slice type I throughout, parameter set, frame_num, idr_pic_id,
        // no_output_of_prior_pics, long_term_reference, slice_qp_delta, no deblocking.
        out.ue(0);
        out.ue(7);
        out.ue(0);
        out.bits(0, parameters::FRAME_NUM_BITS);
        out.ue(at % 2);
        out.bits(0, 2);
        out.se(0);
        out.ue(1);
        let total = u64::from(self.total());
        let whole = |n: u32| n == 0 || u64::from(n) * count / total != (u64::from(n) - 1) * count / total;
        let mut stamp_at = 0;
        for n in 0..self.total() {
            if whole(n) {
                // I_PCM (§7.3.5, table 7-11).
                out.ue(25);
                out.align();
                if n == 0 {
                    stamp_at = out.len();
                }
                out.bytes(&self.samples(n, at));
            } else {
                // I_16x16_2_0_0: predicted from the mean of its neighbours, no residual. Then intra_chroma_pred_mode,
                // mb_qp_delta and the coeff_token of an empty DC block.
                out.ue(3);
                out.ue(0);
                out.se(0);
                let (token, bits) = self.empty_token(n, &whole);
                out.bits(token, bits);
            }
        }
        picture(out, 5, stamp_at)
    }

    /// A P picture with `count` uncompressed macroblocks: the first, and a band that wanders; the others repeat the last
    /// picture.
    fn inter(self, at: u32, count: u64) -> Picture {
        let mut out = Writer::default();
        // Slice header: first macroblock, slice type P throughout, parameter set, frame_num, no override of the reference
        // count, no reordering, no marking, slice_qp_delta, no deblocking.
        out.ue(0);
        out.ue(5);
        out.ue(0);
        out.bits(at, parameters::FRAME_NUM_BITS);
        out.bits(0, 3);
        out.se(0);
        out.ue(1);
        let band = count as u32 - 1;
        let rest = self.total() - 1;
        // Where the band starts, and how far from there a macroblock is.
        let start = if rest == 0 { 0 } else { (at * band.max(1)) % rest };
        let within = |n: u32| (n - 1 + rest - start) % rest < band;
        let (mut skipped, mut stamp_at) = (0, 0);
        for n in 0..self.total() {
            if n > 0 && !within(n) {
                skipped += 1;
                continue;
            }
            // mb_skip_run, then I_PCM among the types of P slices (table 7-13: 5 more).
            out.ue(skipped);
            skipped = 0;
            out.ue(5 + 25);
            out.align();
            if n == 0 {
                stamp_at = out.len();
            }
            out.bytes(&self.samples(n, at));
        }
        if skipped > 0 {
            out.ue(skipped);
        }
        picture(out, 1, stamp_at)
    }

    /// The code for "no coefficients" (§9.2.1, table 9-5): it depends on how many the blocks to the left and above have,
    /// and an uncompressed macroblock counts as 16.
    fn empty_token(self, n: u32, whole: &impl Fn(u32) -> bool) -> (u32, u32) {
        let coefficients = |n: u32| if whole(n) { 16 } else { 0 };
        let left = (!n.is_multiple_of(self.columns)).then(|| coefficients(n - 1));
        let above = n.checked_sub(self.columns).map(coefficients);
        let expected = match (left, above) {
            (Some(a), Some(b)) => (a + b + 1) / 2,
            (one, other) => one.or(other).unwrap_or(0),
        };
        match expected {
            0..=1 => (1, 1),
            2..=3 => (3, 2),
            4..=7 => (15, 4),
            _ => (3, 6),
        }
    }

    /// The samples of macroblock `n` in picture `at`: diagonal stripes that move, in colours that change with place and
    /// time. No sample is 0, so no byte sequence needs emulation prevention.
    fn samples(self, n: u32, at: u32) -> Vec<u8> {
        let (column, row) = (n % self.columns, n / self.columns);
        let mut out = Vec::with_capacity(SAMPLES);
        for y in 0..16 {
            for x in 0..16 {
                let along = (column * 16 + x) * 2 + (row * 16 + y) * 3 + at * 8;
                let triangle = (along % 256).min(255 - along % 256);
                out.push(40 + triangle as u8);
            }
        }
        out.extend([64 + ((column * 8 + at * 3) % 128) as u8; 64]);
        out.extend([64 + ((row * 12 + at * 2) % 128) as u8; 64]);
        if n == 0 {
            // Until the frame is stamped.
            out[..stamp::LEN].fill(0x50);
        }
        out
    }
}

/// The NAL unit of a slice (§7.3.1): header with the highest reference importance, payload, stop bit.
fn picture(mut out: Writer, unit_type: u8, stamp_at: usize) -> Picture {
    out.bits(1, 1);
    let (nal, grown) = parameters::unit(0x60 | unit_type, &out.into_bytes(), stamp_at);
    Picture { nal, stamp_at: grown }
}

#[cfg(test)]
mod tests;
