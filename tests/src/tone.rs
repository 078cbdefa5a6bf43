//! Sound, decoded and measured.

use std::path::Path;
use std::process::Stdio;

use crate::ffmpeg::Ffmpeg;

/// Sound as ffmpeg decodes it: one channel of samples at its own rate.
pub struct Sound {
    /// Hertz.
    pub rate: u32,
    /// Samples of 16 bits.
    pub samples: Vec<i16>,
}

impl Sound {
    /// Decodes the first track of sound of a file; `rate` is what it is known to have.
    pub fn decode(ffmpeg: Ffmpeg, file: &Path, rate: u32) -> Sound {
        let mut command = ffmpeg.command();
        command.arg("-i").arg(file).args(["-map", "0:a:0", "-ac", "1", "-f", "s16le", "-"]);
        let output = command.stderr(Stdio::inherit()).output().expect("ffmpeg runs");
        assert!(output.status.success(), "{}: not decoded", file.display());
        let samples = output.stdout.chunks_exact(2).map(|two| i16::from_le_bytes([two[0], two[1]])).collect();
        Sound { rate, samples }
    }

    /// How long it is, in seconds.
    pub fn seconds(&self) -> f64 {
        self.samples.len() as f64 / f64::from(self.rate)
    }

    /// How much of its energy is in a tone of this frequency, 0 to 1 (Goertzel), without the first and last fifth of a second.
    pub fn share_of(&self, hertz: f64) -> f64 {
        let edge = self.rate as usize / 5;
        let samples = self.samples.get(edge..self.samples.len().saturating_sub(edge)).unwrap_or_default();
        let turn = 2.0 * std::f64::consts::PI * hertz / f64::from(self.rate);
        let (mut re, mut im, mut all) = (0.0, 0.0, 0.0);
        for (n, sample) in samples.iter().enumerate() {
            let (sample, angle) = (f64::from(*sample), turn * n as f64);
            re += sample * angle.cos();
            im += sample * angle.sin();
            all += sample * sample;
        }
        // A sine of amplitude A has energy A²n/2, and its sums reach A·n/2.
        if all == 0.0 { 0.0 } else { 2.0 * (re * re + im * im) / (samples.len() as f64 * all) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_found_and_another_is_not() {
        let wave = |n: i32| (f64::from(n) * 440.0 * 2.0 * std::f64::consts::PI / 8000.0).sin() * 9000.0;
        let sound = Sound { rate: 8000, samples: (0..16_000).map(|n| wave(n) as i16).collect() };
        assert!(sound.share_of(440.0) > 0.99 && sound.share_of(450.0) < 0.01);
        assert_eq!(sound.seconds(), 2.0);
    }
}
