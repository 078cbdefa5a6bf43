//! Percentiles in fixed memory: buckets that grow with the value, at most 1.6 % wide.

use serde::Serialize;

/// Buckets per doubling.
const STEPS: u64 = 64;
const STEP_BITS: u32 = STEPS.trailing_zeros();
/// Enough for every 64-bit value.
const BUCKETS: usize = (64 - STEP_BITS as usize + 1) * STEPS as usize;

/// Counts of values, in nanoseconds by custom.
#[derive(Clone, Debug, Default)]
pub struct Histogram {
    buckets: Vec<u64>,
    count: u64,
    max: u64,
}

/// What a report says of a histogram, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Percentiles {
    /// How many values.
    pub count: u64,
    /// Half of them are at most this.
    pub p50: f64,
    /// Nine of ten.
    pub p90: f64,
    /// 99 of 100.
    pub p99: f64,
    /// The largest.
    pub max: f64,
}

impl Histogram {
    /// Counts a value.
    pub fn add(&mut self, value: u64) {
        if self.buckets.is_empty() {
            self.buckets = vec![0; BUCKETS];
        }
        self.buckets[bucket(value)] += 1;
        self.count += 1;
        self.max = self.max.max(value);
    }

    /// Adds what another one counted.
    pub fn merge(&mut self, other: &Histogram) {
        if self.buckets.is_empty() {
            self.buckets.clone_from(&other.buckets);
        } else {
            self.buckets.iter_mut().zip(&other.buckets).for_each(|(to, from)| *to += from);
        }
        self.count += other.count;
        self.max = self.max.max(other.max);
    }

    /// How many values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The value that `part` of all values do not exceed; 0 of none.
    pub fn percentile(&self, part: f64) -> u64 {
        let wanted = ((self.count as f64 * part).ceil() as u64).max(1);
        let mut seen = 0;
        for (at, n) in self.buckets.iter().enumerate() {
            seen += n;
            if seen >= wanted {
                return upper(at).min(self.max);
            }
        }
        0
    }

    /// In milliseconds, of nanoseconds.
    pub fn percentiles(&self) -> Percentiles {
        let ms = |ns: u64| ns as f64 / 1e6;
        Percentiles {
            count: self.count,
            p50: ms(self.percentile(0.5)),
            p90: ms(self.percentile(0.9)),
            p99: ms(self.percentile(0.99)),
            max: ms(self.max),
        }
    }
}

fn bucket(value: u64) -> usize {
    let shift = (64 - value.leading_zeros()).saturating_sub(STEP_BITS + 1);
    (u64::from(shift) * STEPS + (value >> shift)) as usize
}

/// The largest value of a bucket.
fn upper(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    let shift = (bucket / STEPS).saturating_sub(1);
    let base = bucket - shift * STEPS;
    (((u128::from(base) + 1) << shift) - 1).min(u64::MAX.into()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_bucket_is_narrow_and_holds_its_values(value: u64) {
            let at = bucket(value);
            prop_assert!(at < BUCKETS);
            let upper = upper(at);
            prop_assert!(upper >= value && upper - value <= value / 63);
            prop_assert!(upper == u64::MAX || bucket(upper + 1) == at + 1);
        }

        #[test]
        fn merged_is_as_if_added(left in prop::collection::vec(0u64..1 << 40, 0..50), right in prop::collection::vec(0u64..1 << 40, 0..50)) {
            let of = |values: &[u64]| {
                let mut histogram = Histogram::default();
                values.iter().for_each(|v| histogram.add(*v));
                histogram
            };
            let mut merged = of(&left);
            merged.merge(&of(&right));
            prop_assert_eq!(merged.percentiles(), of(&[left, right].concat()).percentiles());
        }
    }

    #[test]
    fn percentiles_of_a_hundred() {
        let mut histogram = Histogram::default();
        (1..=100).for_each(|n| histogram.add(n * 1_000_000));
        let p = histogram.percentiles();
        assert_eq!(p.count, 100);
        for (got, expected) in [(p.p50, 50.0), (p.p90, 90.0), (p.p99, 99.0), (p.max, 100.0)] {
            assert!((got - expected).abs() / expected < 0.016, "{got} for {expected}");
        }
        assert_eq!(Histogram::default().percentiles(), Percentiles::default());
    }
}
