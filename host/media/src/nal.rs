//! NAL units: where they are (ISO/IEC 14496-15 length prefixes, ITU-T H.264 Annex B start codes) and what they are called.

use crate::body::Reader;
use crate::{Body, Malformed};

pub mod h264;
pub mod h265;
pub mod h266;

/// One NAL unit's place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Nal {
    /// Where it starts, behind its length prefix or start code.
    pub offset: usize,
    /// Its bytes; 0 for a length prefix with nothing behind it.
    pub size: usize,
    /// Its first bytes; 0 where there is none.
    pub head: [u8; 2],
}

/// Walks over NAL units behind length prefixes of 1 to 4 bytes, the empty ones included. Ends behind the first error:
/// a length that is cut off or runs over the end.
#[derive(Debug)]
pub struct Lengths<'a> {
    reader: Reader<'a>,
    bytes: usize,
    broken: bool,
}

/// Starts a walk; `length_bytes` is lengthSizeMinusOne + 1 of the decoder configuration record.
pub fn lengths(length_bytes: u8, payload: &Body) -> Lengths<'_> {
    Lengths { reader: payload.reader(), bytes: usize::from(length_bytes), broken: false }
}

/// The same behind the first `at` bytes of a body; offsets count from the start of the body.
pub(crate) fn lengths_behind(length_bytes: u8, body: &Body, at: usize) -> Lengths<'_> {
    let mut walk = lengths(length_bytes, body);
    walk.reader.skip(at);
    walk
}

impl Iterator for Lengths<'_> {
    type Item = Result<Nal, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.broken || self.reader.left() == 0 {
            return None;
        }
        let at = self.reader.at();
        if !(1..=4).contains(&self.bytes) {
            self.broken = true;
            return Some(Err(Malformed::new(at, "length size of 1 to 4")));
        }
        // A frame that nobody has edited lies in one slice.
        if let Some(unit) = self.reader.prefixed(self.bytes) {
            let head = match *unit {
                [] => [0, 0],
                [only] => [only, 0],
                [first, second, ..] => [first, second],
            };
            return Some(Ok(Nal { offset: at.saturating_add(self.bytes), size: unit.len(), head }));
        }
        Some(self.across(at))
    }
}

impl Lengths<'_> {
    /// The next unit, where it begins in one slice and ends in another, or nowhere.
    #[cold]
    fn across(&mut self, at: usize) -> Result<Nal, Malformed> {
        let Some(size) = self.reader.be(self.bytes) else {
            self.broken = true;
            return Err(Malformed::new(at, "NAL unit length"));
        };
        let size = size as usize;
        if size > self.reader.left() {
            self.broken = true;
            return Err(Malformed::new(at, "NAL unit inside the frame"));
        }
        let head = match size {
            0 => [0, 0],
            1 => [self.reader.peek().unwrap_or(0), 0],
            _ => [self.reader.peek().unwrap_or(0), self.reader.peek_at(1).unwrap_or(0)],
        };
        let nal = Nal { offset: self.reader.at(), size, head };
        self.reader.skip(size);
        Ok(nal)
    }
}

/// The NAL units of a byte stream with start codes of three or four bytes (ITU-T H.264 Annex B); zero bytes behind a
/// unit belong to none, and bytes before the first start code are skipped. Empty units are not listed.
pub fn annex_b(stream: &Body) -> Vec<Nal> {
    let mut units = Vec::new();
    let mut zeros = 0usize;
    let mut open: Option<Nal> = None;
    let mut reader = stream.reader();
    loop {
        // Only zeros and ones make start codes: what lies between them is passed many bytes at a time.
        if reader.skip_above(1) > 0 {
            zeros = 0;
        }
        let at = reader.at();
        match reader.u8() {
            Some(0) => zeros = zeros.saturating_add(1),
            Some(code) => {
                if code == 1 && zeros >= 2 {
                    close(open.take(), at.saturating_sub(zeros), &mut units);
                    let head = [reader.peek().unwrap_or(0), reader.peek_at(1).unwrap_or(0)];
                    open = Some(Nal { offset: reader.at(), size: 0, head });
                }
                zeros = 0;
            }
            None => {
                close(open, at.saturating_sub(zeros), &mut units);
                return units;
            }
        }
    }
}

fn close(nal: Option<Nal>, end: usize, units: &mut Vec<Nal>) {
    if let Some(nal) = nal.filter(|n| n.offset < end) {
        units.push(Nal { size: end.saturating_sub(nal.offset), ..nal });
    }
}

/// Whether a payload starts with a start code: byte streams do, length prefixes of sane size do not.
pub fn is_annex_b(payload: &Body) -> bool {
    let mut r = payload.reader();
    match r.be(3) {
        Some(1) => true,
        Some(0) => r.peek() == Some(1),
        _ => false,
    }
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $value:literal;)*) => {
        $($(#[$doc])* pub const $name: u8 = $value;)*
        /// The standard's name for a type, without its suffixes.
        pub fn name(unit_type: u8) -> &'static str {
            match unit_type {
                $($value => stringify!($name),)*
                _ => "RESERVED",
            }
        }
    };
}
pub(crate) use names;
