//! Decisions made from the bytes of an input.

/// Reads an input as a list of decisions; at its end every decision is 0.
#[derive(Clone, Debug)]
pub struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    /// Decisions from the front of `input`.
    pub fn new(input: &'a [u8]) -> Choices<'a> {
        Choices(input)
    }

    /// Whether none is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    /// One byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// A number below `end`, which is at most 256.
    pub fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) % end.max(1)
    }

    /// A flag.
    pub fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// Sixteen bits.
    pub fn u16(&mut self) -> u16 {
        u16::from_be_bytes([self.byte(), self.byte()])
    }

    /// Thirty-two bits.
    pub fn u32(&mut self) -> u32 {
        u32::from_be_bytes([self.byte(), self.byte(), self.byte(), self.byte()])
    }

    /// A number of 32 bits that is often an interesting one.
    pub fn time(&mut self) -> u32 {
        match self.byte() {
            n @ 0..=199 => u32::from(n),
            200..=209 => 0x00FF_FFFE_u32.wrapping_add(u32::from(self.byte() & 3)),
            210..=219 => u32::MAX.wrapping_sub(u32::from(self.byte() & 3)),
            _ => self.u32(),
        }
    }

    /// Up to `most` bytes, as many as a byte (or two, if `most` needs them) says.
    pub fn bytes(&mut self, most: usize) -> &'a [u8] {
        let wanted = if most > 255 { usize::from(self.u16()) } else { usize::from(self.byte()) };
        let (now, rest) = self.0.split_at((wanted % (most + 1)).min(self.0.len()));
        self.0 = rest;
        now
    }
}

/// Cuts `bytes` into pieces whose sizes come from `seed`: 0 leaves it whole, 1 makes single bytes, others a mix.
pub fn pieces(bytes: &[u8], seed: u8) -> Vec<&[u8]> {
    let mut left = bytes;
    let mut state = u32::from(seed).wrapping_mul(0x9E37_79B9) | 1;
    let mut pieces = Vec::new();
    while !left.is_empty() {
        state = state.wrapping_mul(0x0019_660D).wrapping_add(0x3C6E_F35F);
        let size = match (seed, state >> 30) {
            (0, _) => left.len(),
            (1, _) => 1,
            (_, 0) => 1,
            (_, 1) => 1 + (state >> 8) as usize % 7,
            (_, 2) => 1 + (state >> 8) as usize % 60,
            _ => 1 + (state >> 8) as usize % 3000,
        };
        let (now, rest) = left.split_at(size.min(left.len()));
        pieces.push(now);
        left = rest;
    }
    pieces
}
