//! Bit readers and writers for parameter sets and configuration records.

/// Reads bits, most significant first.
#[derive(Clone, Debug)]
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Bits<'a> {
        Bits { bytes, at: 0 }
    }

    /// Bits read so far.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn left(&self) -> usize {
        self.bytes.len().saturating_mul(8).saturating_sub(self.at)
    }

    pub(crate) fn flag(&mut self) -> Option<bool> {
        let byte = *self.bytes.get(self.at >> 3)?;
        let bit = (byte << (self.at & 7)) & 0x80;
        self.at = self.at.saturating_add(1);
        Some(bit != 0)
    }

    /// A number of up to 32 bits.
    pub(crate) fn u(&mut self, n: u32) -> Option<u32> {
        if n > 32 || self.left() < n as usize {
            return None;
        }
        let mut v = 0u32;
        for _ in 0..n {
            v = (v << 1) | u32::from(self.flag()?);
        }
        Some(v)
    }

    pub(crate) fn u8(&mut self, n: u32) -> Option<u8> {
        self.u(n.min(8)).map(|v| v as u8)
    }

    pub(crate) fn skip(&mut self, n: usize) -> Option<()> {
        if self.left() < n {
            return None;
        }
        self.at = self.at.saturating_add(n);
        Some(())
    }

    /// To the next whole byte.
    pub(crate) fn align(&mut self) {
        self.at = self.at.saturating_add(7) & !7;
    }

    /// ue(v): Exp-Golomb (ITU-T H.264 9.1). `None` beyond 2^32 - 2.
    pub(crate) fn ue(&mut self) -> Option<u32> {
        let mut zeros = 0u32;
        while !self.flag()? {
            zeros = zeros.saturating_add(1);
            if zeros > 31 {
                return None;
            }
        }
        let low = self.u(zeros)?;
        (1u32 << zeros).checked_sub(1)?.checked_add(low)
    }

    /// se(v); only its length is of use here, and the sign of small values.
    pub(crate) fn se(&mut self) -> Option<i64> {
        let k = i64::from(self.ue()?);
        let half = k.saturating_add(1) >> 1;
        Some(if k & 1 == 1 { half } else { half.saturating_neg() })
    }
}

/// Writes bits, most significant first; the last byte is filled with zeros.
#[derive(Clone, Debug, Default)]
pub(crate) struct BitWriter {
    bytes: Vec<u8>,
    used: usize,
}

impl BitWriter {
    pub(crate) fn put(&mut self, value: u32, n: u32) {
        for i in (0..n.min(32)).rev() {
            let bit = ((value >> i) & 1) as u8;
            if self.used & 7 == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= bit << (7 & !self.used);
            }
            self.used = self.used.saturating_add(1);
        }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Parameter sets are read up to here; what they tell of the picture stands at their start.
const MOST_BYTES: usize = 4096;

/// The first bytes of a NAL unit without emulation prevention (ITU-T H.264 7.4.1.1): 00 00 03 becomes 00 00.
pub(crate) fn unescape(nal: &[u8]) -> Vec<u8> {
    let nal = nal.get(..MOST_BYTES).unwrap_or(nal);
    let mut out = Vec::with_capacity(nal.len());
    let mut zeros = 0u32;
    for &b in nal {
        if zeros >= 2 && b == 3 {
            zeros = 0;
            continue;
        }
        zeros = if b == 0 { zeros.saturating_add(1) } else { 0 };
        out.push(b);
    }
    out
}

/// A fraction in lowest terms that fits into 32 bits each; 0/0 if it is none or does not fit.
pub(crate) fn fraction(num: u64, den: u64) -> (u32, u32) {
    if num == 0 || den == 0 {
        return (0, 0);
    }
    let (mut a, mut b) = (num, den);
    while let Some(r) = a.checked_rem(b) {
        (a, b) = (b, r);
    }
    let reduced = |n: u64| n.checked_div(a).and_then(|n| u32::try_from(n).ok());
    match (reduced(num), reduced(den)) {
        (Some(n), Some(d)) => (n, d),
        _ => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_golomb() {
        // 1 | 010 | 011 | 00100 | 00101 0000
        let mut b = Bits::new(&[0b1010_0110, 0b0100_0010, 0b1000_0000]);
        assert_eq!([b.ue(), b.ue(), b.ue(), b.ue(), b.ue()], [Some(0), Some(1), Some(2), Some(3), Some(4)]);
        let mut b = Bits::new(&[0b1010_0110, 0b0100_0010, 0b1000_0000]);
        assert_eq!([b.se(), b.se(), b.se(), b.se(), b.se()], [Some(0), Some(1), Some(-1), Some(2), Some(-2)]);
        assert_eq!(Bits::new(&[0; 9]).ue(), None);
        assert_eq!(Bits::new(&[0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff]).ue(), Some(0xffff_fffe));
        assert_eq!(Bits::new(&[]).ue(), None);
    }

    #[test]
    fn numbers_and_ends() {
        let mut b = Bits::new(&[0xab, 0xcd, 0xef, 0x01, 0x23]);
        assert_eq!(b.u(4), Some(0xa));
        assert_eq!(b.u(32), Some(0xbcde_f012));
        assert_eq!((b.at(), b.left(), b.u(5)), (36, 4, None));
        assert_eq!((b.skip(5), b.skip(4), b.flag()), (None, Some(()), None));
        let mut w = BitWriter::default();
        w.put(0xa, 4);
        w.put(0xbcde_f012, 32);
        w.put(1, 1);
        assert_eq!(w.finish(), [0xab, 0xcd, 0xef, 0x01, 0x28]);
    }

    #[test]
    fn emulation_prevention() {
        assert_eq!(unescape(&[0, 0, 3, 1, 0, 0, 0, 3, 3]), [0, 0, 1, 0, 0, 0, 3]);
        assert_eq!(unescape(&[0, 0, 3, 0, 0, 3]), [0, 0, 0, 0]);
    }

    #[test]
    fn fractions() {
        assert_eq!(fraction(50, 2), (25, 1));
        assert_eq!(fraction(60_000, 2_002), (30_000, 1_001));
        assert_eq!(fraction(0, 5), (0, 0));
        assert_eq!(fraction(5, 0), (0, 0));
        assert_eq!(fraction(u64::from(u32::MAX) * 2 + 1, 2), (0, 0));
    }
}
