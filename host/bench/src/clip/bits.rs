//! Bits in the order of the video and audio standards.

/// Appends bits, the first one highest.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    /// Bits of the last byte that are used; 0: it is full or there is none.
    used: u32,
}

impl Writer {
    /// The lowest `n` bits of `value`, at most 32.
    pub(super) fn bits(&mut self, value: u32, n: u32) {
        for at in (0..n).rev() {
            if self.used == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((value >> at & 1) as u8) << (7 - self.used);
            }
            self.used = (self.used + 1) % 8;
        }
    }

    /// An unsigned Exp-Golomb number (H.264 §9.1).
    pub(super) fn ue(&mut self, value: u32) {
        let coded = value + 1;
        let length = 32 - coded.leading_zeros();
        self.bits(0, length - 1);
        self.bits(coded, length);
    }

    /// A signed Exp-Golomb number (H.264 §9.1.1).
    pub(super) fn se(&mut self, value: i32) {
        let magnitude = value.unsigned_abs();
        self.ue(if value > 0 { 2 * magnitude - 1 } else { 2 * magnitude });
    }

    /// Zero bits up to the next byte.
    pub(super) fn align(&mut self) {
        self.used = 0;
    }

    /// Whole bytes; the writer must stand at a byte's edge.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        debug_assert_eq!(self.used, 0);
        self.bytes.extend_from_slice(bytes);
    }

    /// Bytes so far, the last one perhaps not full.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
        let mut writer = Writer::default();
        write(&mut writer);
        writer.into_bytes()
    }

    #[test]
    fn exp_golomb_by_the_table() {
        // H.264 table 9-2: 0 → 1, 1 → 010, 2 → 011, 3 → 00100, 7 → 0001000.
        let bytes = written(|w| [0, 1, 2, 3, 7].into_iter().for_each(|n| w.ue(n)));
        assert_eq!(bytes, [0b1010_0110, 0b0100_0001, 0b0000_0000]);
        // Table 9-3: 0, 1, -1, 2, -2.
        let signed = written(|w| [0, 1, -1, 2, -2].into_iter().for_each(|n| w.se(n)));
        let unsigned = written(|w| [0, 1, 2, 3, 4].into_iter().for_each(|n| w.ue(n)));
        assert_eq!(signed, unsigned);
    }

    #[test]
    fn alignment_and_bytes() {
        let bytes = written(|w| {
            w.bits(0b101, 3);
            w.align();
            w.bytes(&[7]);
            w.align();
            w.bits(1, 1);
        });
        assert_eq!(bytes, [0b1010_0000, 7, 0b1000_0000]);
    }
}
