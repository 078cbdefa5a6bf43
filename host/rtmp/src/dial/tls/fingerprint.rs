//! The SHA-256 of a certificate, as it stands in DER.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// The SHA-256 of a certificate: what `openssl x509 -noout -fingerprint -sha256` prints.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

/// A text is no fingerprint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not the SHA-256 fingerprint of a certificate: {digits} hexadecimal digits{odd}, not 64; `openssl x509 -noout -fingerprint -sha256 -in FILE` prints it"
)]
pub struct FingerprintError {
    digits: usize,
    odd: &'static str,
}

impl Fingerprint {
    /// That of a certificate.
    pub fn of(der: &[u8]) -> Fingerprint {
        Fingerprint(Sha256::digest(der).into())
    }
}

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    /// 64 hexadecimal digits of either case, with colons between the bytes or without; `sha256:` may stand before.
    fn from_str(text: &str) -> Result<Fingerprint, FingerprintError> {
        let text = text.trim();
        let bare = text.get(..7).filter(|head| head.eq_ignore_ascii_case("sha256:")).map_or(text, |_| &text[7..]);
        let digits: Vec<u8> = bare.bytes().filter(|byte| *byte != b':').collect();
        let values: Option<Vec<u32>> = digits.iter().map(|digit| char::from(*digit).to_digit(16)).collect();
        let wrong = |odd| FingerprintError { digits: digits.len(), odd };
        let values = values.ok_or_else(|| wrong(" and others"))?;
        if values.len() != 64 {
            return Err(wrong(""));
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(values.chunks_exact(2)) {
            // Two digits make a byte.
            *byte = pair.iter().fold(0, |byte: u32, digit| byte * 16 + digit) as u8;
        }
        Ok(Fingerprint(bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte:02X}", if at == 0 { "" } else { ":" })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_it_is_the_same() {
        let one = Fingerprint::of(b"abc");
        let shown = one.to_string();
        assert!(shown.starts_with("BA:78:16:BF"), "{shown}");
        for text in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace(':', ""),
            format!("SHA256:{shown}"),
            format!(" {shown}\n"),
        ] {
            assert_eq!(text.parse(), Ok(one), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_told() {
        for text in ["", "ab:cd", "sha1:00", &"zz".repeat(32), &"00".repeat(33), "é234567890"] {
            let error = text.parse::<Fingerprint>().unwrap_err();
            assert!(error.to_string().contains("not 64"), "{error}");
        }
    }
}
