//! From when until when a certificate is valid (RFC 5280 section 4.1.2.5), to tell the operator; clients judge for themselves.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// Both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) from: Moment,
    pub(super) until: Moment,
}

/// A second in UTC: year, month, day, hour, minute, second. Later is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment([u16; 6]);

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

impl Validity {
    /// What stands in a certificate's DER; `None` if it is written as no authority writes it.
    pub(super) fn of(certificate: &[u8]) -> Option<Validity> {
        let (SEQUENCE, certificate, _) = element(certificate)? else { return None };
        let (SEQUENCE, mut signed, _) = element(certificate)? else { return None };
        if let (VERSION, _, rest) = element(signed)? {
            signed = rest;
        }
        // Serial number, signature algorithm, issuer.
        for _ in 0..3 {
            (_, _, signed) = element(signed)?;
        }
        let (SEQUENCE, validity, _) = element(signed)? else { return None };
        let (tag, from, rest) = element(validity)?;
        let from = Moment::read(tag, from)?;
        let (tag, until, _) = element(rest)?;
        Some(Validity { from, until: Moment::read(tag, until)? })
    }
}

/// The first element of DER: its tag, its contents, what stands behind it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        // So many bytes say the length.
        0x81..=0x83 => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (contents, behind) = rest.split_at_checked(length)?;
    Some((*tag, contents, behind))
}

impl Moment {
    /// `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ`.
    fn read(tag: u8, text: &[u8]) -> Option<Moment> {
        let digits = text.strip_suffix(b"Z")?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let number = |digits: &[u8]| digits.iter().fold(0u16, |sum, digit| sum * 10 + u16::from(digit - b'0'));
        let (year, rest) = match tag {
            UTC_TIME => {
                let (year, rest) = digits.split_at_checked(2)?;
                let year = number(year);
                // Two digits mean 1950 to 2049 (RFC 5280 section 4.1.2.5.1).
                (if year < 50 { 2000 + year } else { 1900 + year }, rest)
            }
            GENERALIZED_TIME => {
                let (year, rest) = digits.split_at_checked(4)?;
                (number(year), rest)
            }
            _ => return None,
        };
        let mut moment = [year, 0, 0, 0, 0, 0];
        if rest.len() != 10 {
            return None;
        }
        for (part, two) in moment.iter_mut().skip(1).zip(rest.chunks_exact(2)) {
            *part = number(two);
        }
        Some(Moment(moment))
    }
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Moment {
        let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let (days, of_day) = (seconds / 86_400, seconds % 86_400);
        // The proleptic Gregorian calendar in eras of 400 years that begin on 1 March, so that a leap day ends a year.
        let from_march = days + 719_468;
        let (era, of_era) = (from_march / 146_097, from_march % 146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        let parts = [era * 400 + year + carry, month, day, of_day / 3600, of_day / 60 % 60, of_day % 60];
        Moment(parts.map(|part| u16::try_from(part).unwrap_or(u16::MAX)))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, day, hour, minute, second] = self.0;
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn moments_of_the_clock() {
        let table = [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_399, "2000-02-28 23:59:59 UTC"),
            (951_868_799, "2000-02-29 23:59:59 UTC"),
            (951_868_800, "2000-03-01 00:00:00 UTC"),
            (1_709_251_199, "2024-02-29 23:59:59 UTC"),
            (1_735_689_599, "2024-12-31 23:59:59 UTC"),
            (1_735_689_600, "2025-01-01 00:00:00 UTC"),
            (4_107_542_400, "2100-03-01 00:00:00 UTC"),
        ];
        for (seconds, expected) in table {
            assert_eq!(Moment::from(UNIX_EPOCH + Duration::from_secs(seconds)).to_string(), expected);
        }
    }

    #[test]
    fn moments_of_certificates() {
        let table: &[(u8, &[u8], Option<&str>)] = &[
            (UTC_TIME, b"260131235959Z", Some("2026-01-31 23:59:59 UTC")),
            (UTC_TIME, b"491231000000Z", Some("2049-12-31 00:00:00 UTC")),
            (UTC_TIME, b"500101000000Z", Some("1950-01-01 00:00:00 UTC")),
            (GENERALIZED_TIME, b"20500101000000Z", Some("2050-01-01 00:00:00 UTC")),
            (UTC_TIME, b"260131235959", None),
            (UTC_TIME, b"2601312359Z", None),
            (UTC_TIME, b"26013123595xZ", None),
            (UTC_TIME, b"Z", None),
            (GENERALIZED_TIME, b"260131235959Z", None),
            (2, b"260131235959Z", None),
        ];
        for (tag, text, expected) in table {
            let moment = Moment::read(*tag, text).map(|moment| moment.to_string());
            assert_eq!(moment.as_deref(), *expected, "{}", String::from_utf8_lossy(text));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Validity::of(&bytes);
            let _ = Validity::of(&[&[SEQUENCE, 0x81, 150, SEQUENCE, 0x81, 140], &bytes[..]].concat());
        }
    }
}
