//! Reading big-endian numbers without a panic in sight.

use crate::Malformed;

/// A place in a slice; every read is checked, and a failed read says where.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Cursor<'a> {
        Cursor { bytes, at: 0 }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    pub(crate) fn fail<T>(&self, what: &'static str) -> Result<T, Malformed> {
        Err(Malformed::new(self.at, what))
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(crate) fn take(&mut self, n: usize, what: &'static str) -> Result<&'a [u8], Malformed> {
        let end = self.at.saturating_add(n);
        match self.bytes.get(self.at..end) {
            Some(s) => {
                self.at = end;
                Ok(s)
            }
            None => self.fail(what),
        }
    }

    fn be(&mut self, n: usize, what: &'static str) -> Result<u32, Malformed> {
        Ok(self.take(n, what)?.iter().fold(0u32, |v, b| (v << 8) | u32::from(*b)))
    }

    pub(crate) fn u8(&mut self, what: &'static str) -> Result<u8, Malformed> {
        match self.peek() {
            Some(b) => {
                self.at = self.at.saturating_add(1);
                Ok(b)
            }
            None => self.fail(what),
        }
    }

    pub(crate) fn u16(&mut self, what: &'static str) -> Result<u16, Malformed> {
        self.be(2, what).map(|v| v as u16)
    }

    pub(crate) fn u24(&mut self, what: &'static str) -> Result<u32, Malformed> {
        self.be(3, what)
    }

    pub(crate) fn u32(&mut self, what: &'static str) -> Result<u32, Malformed> {
        self.be(4, what)
    }

    /// A signed number of three bytes.
    pub(crate) fn i24(&mut self, what: &'static str) -> Result<i32, Malformed> {
        self.be(3, what).map(|v| ((v << 8) as i32) >> 8)
    }
}

/// The low three bytes of a number, big-endian.
pub(crate) fn be24(v: u32) -> [u8; 3] {
    let [_, a, b, c] = v.to_be_bytes();
    [a, b, c]
}
