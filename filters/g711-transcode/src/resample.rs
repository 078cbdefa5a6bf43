//! From any rate to that of G.711, with a low-pass before it: one channel at a time.

use std::f64::consts::PI;

/// What G.711 has, in hertz.
pub const RATE: u32 = guest_sdk::media::g711::SAMPLE_RATE;
/// What telephony passes (ITU-T G.712): up to here nothing is lost.
const PASS_HZ: f64 = 3_400.0;
/// From the end of what passes to where nothing is left. What lies between 4 kHz and its end folds to above 3.4 kHz.
const TRANSITION_HZ: f64 = 1_200.0;
/// 8 kHz has 320 of them, and so a filter has at most so many phases.
const STEP_HZ: u32 = 25;
/// Taps of a Blackman window per transition of one input rate: its stop band is 74 dB down.
const BLACKMAN: f64 = 5.5;

/// A rational resampler: a low-pass as long as it needs to be, in as many phases as the ratio of the rates has.
pub struct Resampler {
    /// Input samples per `up` output samples.
    down: usize,
    up: usize,
    taps: usize,
    /// The taps of each phase, newest sample first.
    phases: Vec<f32>,
    /// Input that is still needed, oldest first.
    input: Vec<f32>,
    /// Where in `input` the newest sample of the next output stands, and its phase.
    at: usize,
    phase: usize,
}

impl Resampler {
    /// From `rate` hertz, of which 25 to 192,000 are taken; in steps of 25, as all rates in use are, so that there are few phases.
    pub fn new(rate: u32) -> Resampler {
        let rate = (rate.clamp(STEP_HZ, 192_000) + STEP_HZ / 2) / STEP_HZ * STEP_HZ;
        let common = gcd(rate, RATE);
        let (up, down) = ((RATE / common) as usize, (rate / common) as usize);
        let rate = f64::from(rate);
        let cutoff = (PASS_HZ + TRANSITION_HZ / 2.0).min(rate / 2.0);
        // An odd number: at 8 kHz it is one tap among zeros, and nothing changes.
        let taps = ((BLACKMAN * rate / TRANSITION_HZ) as usize).max(16) | 1;
        let mut phases = Vec::with_capacity(up * taps);
        let middle = (taps as f64 - 1.0) / 2.0;
        for phase in 0..up {
            // The output stands this much behind the newest sample.
            let ahead = phase as f64 / up as f64;
            let from = phases.len();
            for tap in 0..taps {
                let t = tap as f64 + ahead - middle;
                phases.push((sinc(2.0 * cutoff / rate * t) * blackman((t + middle) / (taps as f64))) as f32);
            }
            let sum: f32 = phases[from..].iter().sum();
            phases[from..].iter_mut().for_each(|tap| *tap /= sum);
        }
        // Silence before the first sample.
        Resampler { down, up, taps, phases, input: vec![0.0; taps - 1], at: taps - 1, phase: 0 }
    }

    /// Takes samples and gives those that they are enough for.
    pub fn push(&mut self, samples: impl IntoIterator<Item = f32>) -> Vec<f32> {
        self.input.extend(samples);
        let mut out = Vec::with_capacity(self.input.len() * self.up / self.down + 1);
        while self.at < self.input.len() {
            let newest = &self.input[..=self.at];
            let taps = &self.phases[self.phase * self.taps..][..self.taps];
            out.push(taps.iter().zip(newest.iter().rev()).map(|(tap, sample)| tap * sample).sum());
            self.phase += self.down;
            self.at += self.phase / self.up;
            self.phase %= self.up;
        }
        let done = self.at.saturating_sub(self.taps - 1).min(self.input.len());
        self.input.drain(..done);
        self.at -= done;
        out
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

/// From 0 to 1.
fn blackman(x: f64) -> f64 {
    if !(0.0..=1.0).contains(&x) {
        return 0.0;
    }
    0.42 - 0.5 * (2.0 * PI * x).cos() + 0.08 * (4.0 * PI * x).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The loudness of a tone behind the resampler against before it, in decibels, and how many samples came out of a second.
    fn through(rate: u32, hertz: f64) -> (f64, usize) {
        let tone = |n: u32| (2.0 * PI * hertz * f64::from(n) / f64::from(rate)).sin() as f32;
        let mut resampler = Resampler::new(rate);
        let mut out = Vec::new();
        // In pieces, as frames come.
        for from in (0..rate).step_by(1024) {
            out.extend(resampler.push((from..(from + 1024).min(rate)).map(tone)));
        }
        let steady = &out[400..out.len() - 400];
        let power = steady.iter().map(|s| f64::from(*s) * f64::from(*s)).sum::<f64>() / steady.len() as f64;
        (10.0 * (2.0 * power + 1e-20).log10(), out.len())
    }

    #[test]
    fn speech_passes_and_what_would_fold_into_it_does_not() {
        for rate in [8_000, 11_025, 16_000, 32_000, 44_100, 48_000] {
            for hertz in [440.0, 3_390.0] {
                let (db, samples) = through(rate, hertz);
                assert!(db.abs() < 0.5, "{rate}: {hertz} Hz comes out {db:.2} dB louder");
                assert!((7_990..=8_001).contains(&samples), "{rate}: {samples} samples");
            }
            if rate > 11_025 {
                for hertz in [4_700.0, 7_000.0] {
                    let (db, _) = through(rate, hertz);
                    assert!(db < -60.0, "{rate}: {hertz} Hz is only {db:.1} dB down");
                }
            }
        }
    }

    #[test]
    fn odd_rates_end_nobody() {
        for rate in [0, 1, 7, 7_350, 191_999, u32::MAX] {
            let out = Resampler::new(rate).push(std::iter::repeat_n(0.5, 1024));
            assert!(out.iter().all(|s| s.is_finite()), "{rate}");
        }
    }
}
