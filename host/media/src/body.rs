//! A payload made of shared slices: editing one frame shares every byte that stays.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};

/// Bytes in order, in one or more reference-counted slices. Cloning and slicing copy nothing.
#[derive(Clone, Debug)]
pub struct Body(Slices);

/// No larger than a slice: every frame has one, and frames are moved often.
#[derive(Clone, Debug)]
enum Slices {
    /// Empty if the body is.
    One(Bytes),
    /// At least two, none of them empty, and their bytes together.
    Many(Arc<[Bytes]>, usize),
}

impl Default for Body {
    fn default() -> Body {
        Body(Slices::One(Bytes::new()))
    }
}

impl Body {
    /// No bytes.
    pub fn new() -> Body {
        Body::default()
    }

    /// The slices in order, without empty ones.
    pub fn from_slices(mut slices: Vec<Bytes>) -> Body {
        Body::drained(&mut slices)
    }

    /// The same, of slices whose room is wanted again.
    pub(crate) fn drained(slices: &mut Vec<Bytes>) -> Body {
        slices.retain(|s| !s.is_empty());
        let len = slices.iter().fold(0usize, |n, s| n.saturating_add(s.len()));
        match slices.len() {
            0 => Body::default(),
            1 => slices.pop().map(Body::from).unwrap_or_default(),
            _ => Body(Slices::Many(slices.drain(..).collect(), len)),
        }
    }

    /// All bytes together.
    pub fn len(&self) -> usize {
        match &self.0 {
            Slices::One(only) => only.len(),
            Slices::Many(_, len) => *len,
        }
    }

    /// Whether there is no byte.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The slices in order; none of them is empty.
    pub fn slices(&self) -> &[Bytes] {
        match &self.0 {
            Slices::One(b) if b.is_empty() => &[],
            Slices::One(b) => std::slice::from_ref(b),
            Slices::Many(v, _) => v,
        }
    }

    /// Whether both are the same bytes in memory. Nothing is compared but where they lie.
    pub fn is_shared_with(&self, other: &Body) -> bool {
        let (a, b) = (self.slices(), other.slices());
        self.len() == other.len() && a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.as_ptr() == b.as_ptr())
    }

    /// One slice with all bytes: shared if there is one already, copied if not.
    pub fn to_bytes(&self) -> Bytes {
        match &self.0 {
            Slices::One(b) => b.clone(),
            Slices::Many(v, len) => {
                let mut all = BytesMut::with_capacity(*len);
                for s in v.iter() {
                    all.extend_from_slice(s);
                }
                all.freeze()
            }
        }
    }

    /// The bytes `from..to`, clipped to what there is; shares, copies nothing.
    pub fn slice(&self, from: usize, to: usize) -> Body {
        let to = to.min(self.len());
        let from = from.min(to);
        if let Slices::One(b) = &self.0 {
            return Body::from(b.slice(from..to));
        }
        let mut parts = Vec::new();
        self.share_range(from, to, &mut parts);
        Body::from_slices(parts)
    }

    /// The slices of `from..to`, clipped to what there is, behind what is in `out`; copies no byte of them.
    pub fn share_range(&self, from: usize, to: usize, out: &mut Vec<Bytes>) {
        let mut at = 0usize;
        for s in self.slices() {
            let end = at.saturating_add(s.len());
            if end > from && at < to && from < to {
                let a = from.saturating_sub(at);
                let b = to.saturating_sub(at).min(s.len());
                out.push(s.slice(a..b));
            }
            at = end;
        }
    }

    /// Copies `from..to`, clipped to what there is, behind what is in `out`.
    pub fn copy_range(&self, from: usize, to: usize, out: &mut Vec<u8>) {
        let mut at = 0usize;
        for s in self.slices() {
            let a = from.saturating_sub(at);
            let b = to.saturating_sub(at).min(s.len());
            out.extend_from_slice(s.get(a..b).unwrap_or_default());
            at = at.saturating_add(s.len());
        }
    }

    /// One slice and then another body; copies nothing.
    pub fn join(head: Bytes, tail: Body) -> Body {
        if head.is_empty() {
            return tail;
        }
        let len = head.len().saturating_add(tail.len());
        let slices: Arc<[Bytes]> = match tail.0 {
            Slices::One(only) if only.is_empty() => return Body::from(head),
            Slices::One(only) => Arc::new([head, only]),
            Slices::Many(more, _) => std::iter::once(head).chain(more.iter().cloned()).collect(),
        };
        Body(Slices::Many(slices, len))
    }

    /// The first `n` bytes, or what there is: shared if they lie in one slice, copied if not.
    pub fn head(&self, n: usize) -> Bytes {
        match self.slices().first() {
            Some(first) if first.len() >= n => first.slice(..n),
            _ => self.slice(0, n).to_bytes(),
        }
    }

    /// The byte at an offset.
    pub fn byte(&self, at: usize) -> Option<u8> {
        let mut at = at;
        for s in self.slices() {
            match s.get(at) {
                Some(b) => return Some(*b),
                None => at = at.saturating_sub(s.len()),
            }
        }
        None
    }

    /// Reads from the start, across slices.
    pub fn reader(&self) -> Reader<'_> {
        let (here, rest) = match self.slices() {
            [] => (&[][..], &[][..]),
            [first, rest @ ..] => (&first[..], rest),
        };
        Reader { here, rest, at: 0, len: self.len() }
    }
}

/// Walks over a body without flattening it.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    here: &'a [u8],
    rest: &'a [Bytes],
    at: usize,
    len: usize,
}

impl<'a> Reader<'a> {
    /// The offset of the next byte.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Bytes not read yet.
    pub fn left(&self) -> usize {
        self.len.saturating_sub(self.at)
    }

    /// The next byte, without moving.
    pub fn peek(&self) -> Option<u8> {
        match self.here.first() {
            Some(b) => Some(*b),
            None => self.rest.first().and_then(|s| s.first()).copied(),
        }
    }

    /// The byte `n` behind the next one, without moving.
    pub fn peek_at(&self, n: usize) -> Option<u8> {
        match self.here.get(n) {
            Some(b) => Some(*b),
            None => {
                let mut ahead = self.clone();
                ahead.skip(n);
                ahead.peek()
            }
        }
    }

    /// The next byte.
    pub fn u8(&mut self) -> Option<u8> {
        let b = self.peek()?;
        self.skip(1);
        Some(b)
    }

    /// A big-endian number of up to four bytes; `None`, and nothing read, if there are fewer.
    pub fn be(&mut self, bytes: usize) -> Option<u32> {
        if bytes > 4 || self.left() < bytes {
            return None;
        }
        if let Some((head, tail)) = self.here.split_at_checked(bytes) {
            self.here = tail;
            self.at = self.at.saturating_add(bytes);
            return Some(number(head));
        }
        let mut v = 0u32;
        for _ in 0..bytes {
            v = (v << 8) | u32::from(self.u8()?);
        }
        Some(v)
    }

    /// The bytes behind a big-endian length of `bytes` bytes, at most four, if all of that lies in one slice; moves behind them. `None`,
    /// and nothing read, if not.
    #[inline]
    pub(crate) fn prefixed(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (length, behind) = self.here.split_at_checked(bytes)?;
        let length = match *length {
            [a, b, c, d] => u32::from_be_bytes([a, b, c, d]),
            _ => number(length),
        };
        let (inside, here) = behind.split_at_checked(length as usize)?;
        self.here = here;
        self.at = self.at.saturating_add(bytes).saturating_add(inside.len());
        Some(inside)
    }

    /// Moves on to the next byte that is at most `most`, or to the end; how many bytes were passed.
    pub(crate) fn skip_above(&mut self, most: u8) -> usize {
        let from = self.at;
        loop {
            self.skip(leading_above(self.here, most));
            match self.rest {
                [first, rest @ ..] if self.here.is_empty() => {
                    self.here = first;
                    self.rest = rest;
                }
                _ => return self.at.saturating_sub(from),
            }
        }
    }

    /// Moves on by `n` bytes, at most to the end.
    pub fn skip(&mut self, n: usize) {
        let mut n = n.min(self.left());
        self.at = self.at.saturating_add(n);
        loop {
            if let Some(tail) = self.here.get(n..) {
                self.here = tail;
                return;
            }
            n = n.saturating_sub(self.here.len());
            match self.rest {
                [first, rest @ ..] => {
                    self.here = first;
                    self.rest = rest;
                }
                [] => {
                    self.here = &[];
                    return;
                }
            }
        }
    }
}

/// A big-endian number of up to four bytes.
fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |v, b| (v << 8) | u32::from(*b))
}

/// How many bytes stand before the first that is at most `most`.
fn leading_above(bytes: &[u8], most: u8) -> usize {
    // No branch within a block: the compiler compares all of its bytes at once.
    let above = |block: &&[u8; 32]| block.iter().fold(true, |all, byte| all & (*byte > most));
    let passed = bytes.as_chunks().0.iter().take_while(above).count().saturating_mul(32);
    let rest = bytes.get(passed..).unwrap_or_default();
    passed.saturating_add(rest.iter().position(|byte| *byte <= most).unwrap_or(rest.len()))
}

impl From<Bytes> for Body {
    fn from(b: Bytes) -> Body {
        // An empty slice may still keep what it was cut from alive.
        if b.is_empty() { Body::default() } else { Body(Slices::One(b)) }
    }
}

impl From<Vec<u8>> for Body {
    fn from(v: Vec<u8>) -> Body {
        Body::from(Bytes::from(v))
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Body) -> bool {
        self.len() == other.len()
            && self.slices().iter().flat_map(|s| s.iter()).eq(other.slices().iter().flat_map(|s| s.iter()))
    }
}

impl Eq for Body {}
