//! A payload made of shared slices: editing one frame shares every byte that stays.

use bytes::{Bytes, BytesMut};

/// Bytes in order, in one or more reference-counted slices. Cloning and slicing copy nothing.
#[derive(Clone, Default, Debug)]
pub struct Body {
    slices: Slices,
    len: usize,
}

#[derive(Clone, Default, Debug)]
enum Slices {
    #[default]
    None,
    One(Bytes),
    Many(std::sync::Arc<[Bytes]>),
}

impl Body {
    /// No bytes.
    pub fn new() -> Body {
        Body::default()
    }

    /// The slices in order, without empty ones.
    pub fn from_slices(slices: Vec<Bytes>) -> Body {
        let mut slices = slices;
        slices.retain(|s| !s.is_empty());
        let len = slices.iter().fold(0usize, |n, s| n.saturating_add(s.len()));
        match slices.len() {
            0 => Body::default(),
            1 => slices.pop().map(Body::from).unwrap_or_default(),
            _ => Body { slices: Slices::Many(slices.into()), len },
        }
    }

    /// All bytes together.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no byte.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The slices in order; none of them is empty.
    pub fn slices(&self) -> &[Bytes] {
        match &self.slices {
            Slices::None => &[],
            Slices::One(b) => std::slice::from_ref(b),
            Slices::Many(v) => v,
        }
    }

    /// One slice with all bytes: shared if there is one already, copied if not.
    pub fn to_bytes(&self) -> Bytes {
        match &self.slices {
            Slices::None => Bytes::new(),
            Slices::One(b) => b.clone(),
            Slices::Many(v) => {
                let mut all = BytesMut::with_capacity(self.len);
                for s in v.iter() {
                    all.extend_from_slice(s);
                }
                all.freeze()
            }
        }
    }

    /// The bytes `from..to`, clipped to what there is; shares, copies nothing.
    pub fn slice(&self, from: usize, to: usize) -> Body {
        let to = to.min(self.len);
        let from = from.min(to);
        let mut parts = Vec::new();
        let mut at = 0usize;
        for s in self.slices() {
            let end = at.saturating_add(s.len());
            if end > from && at < to {
                let a = from.saturating_sub(at);
                let b = to.saturating_sub(at).min(s.len());
                parts.push(s.slice(a..b));
            }
            at = end;
        }
        Body::from_slices(parts)
    }

    /// Copies `from..to`, clipped to what there is, behind what is in `out`.
    pub fn copy_range(&self, from: usize, to: usize, out: &mut Vec<u8>) {
        for s in self.slice(from, to).slices() {
            out.extend_from_slice(s);
        }
    }
}

impl From<Bytes> for Body {
    fn from(b: Bytes) -> Body {
        let len = b.len();
        if len == 0 { Body::default() } else { Body { slices: Slices::One(b), len } }
    }
}

impl From<Vec<u8>> for Body {
    fn from(v: Vec<u8>) -> Body {
        Body::from(Bytes::from(v))
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Body) -> bool {
        self.len == other.len
            && self.slices().iter().flat_map(|s| s.iter()).eq(other.slices().iter().flat_map(|s| s.iter()))
    }
}

impl Eq for Body {}
