//! Detached signatures in minisign's form: Ed25519, over the file or over its BLAKE2b, with a comment that is signed too.

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;

use minisign_verify::{PublicKey, Signature};

use crate::{Error, Wrong};

/// A public key that is trusted: `RW…`, the second line of a `minisign.pub`.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    text: String,
    key: PublicKey,
}

/// A text is no public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a public key of minisign: RW and 54 more letters, the second line of minisign.pub")]
pub struct KeyError;

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Key, KeyError> {
        let key = PublicKey::from_base64(text.trim()).map_err(|_| KeyError)?;
        Ok(Key { text: text.trim().to_owned(), key })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Bytes that a text of a signature may have.
pub(crate) const MOST: u64 = 16 << 10;

/// The bytes of a file with a signature; no more than one can have.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // A named pipe would be waited for.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    fs::File::open(path)?.take(MOST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Checks the signature that stands in a file of this machine.
///
/// # Errors
/// There is none, or it does not hold; what [`verify`] says.
pub fn verify_file<'k>(bytes: &[u8], signature: &Path, keys: &'k [Key]) -> Result<(&'k Key, String), Error> {
    let text = read(signature).map_err(|error| Wrong::Unsigned(error.to_string()).at(signature.display()))?;
    verify(bytes, &String::from_utf8_lossy(&text), keys).map_err(|wrong| wrong.at(signature.display()))
}

/// Checks that one of `keys` has signed `bytes`: which one, and the comment that was signed with them.
///
/// # Errors
/// It is no signature, is of another key, or of other bytes; the comment was changed.
pub fn verify<'k>(bytes: &[u8], text: &str, keys: &'k [Key]) -> Result<(&'k Key, String), Wrong> {
    let signature = Signature::decode(text)
        .map_err(|error| Wrong::Signature(format!("it is not in the form of minisign ({error})")))?;
    let mut why = None;
    for key in keys {
        // Both forms: `minisign -S` signs a BLAKE2b of the file (ED), `-l` and old releases the file itself (Ed).
        match key.key.verify(bytes, &signature, true) {
            Ok(()) => return Ok((key, signature.trusted_comment().to_owned())),
            Err(minisign_verify::Error::UnexpectedKeyId) => {}
            Err(_) => why = Some(key),
        }
    }
    Err(Wrong::Signature(match why {
        Some(key) => format!("the file or the signature was altered after {key} signed it"),
        None => {
            let listed: Vec<_> = keys.iter().map(ToString::to_string).collect();
            format!("it is by another key than those in `trusted_keys` ({})", listed.join(", "))
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The examples in the documentation of minisign-verify: the file holds `test`.
    const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    const OTHER: &str = "RWTx5Zr1tiHQLwG9keckT0c45M3AGeHD6IvimQHpyRywVWGbP1aVSGav";
    const LEGACY: &str = "untrusted comment: signature from minisign secret key\n\
RWQf6LRCGA9i59SLOFxz6NxvASXDJeRtuZykwQepbDEGt87ig1BNpWaVWuNrm73YiIiJbq71Wi+dP9eKL8OC351vwIasSSbXxwA=\n\
trusted comment: timestamp:1555779966\tfile:test\n\
QtKMXWyYcwdpZAlPF7tE2ENJkRd1ujvKjlj1m9RtHTBnZPa5WKU5uWRs5GoP5M/VqE81QFuMKI5k/SfNQUaOAA==";
    const PREHASHED: &str = "untrusted comment: signature from minisign secret key\n\
RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\n\
trusted comment: timestamp:1556193335\tfile:test\n\
y/rUw2y8/hOUYjZU71eHp/Wo1KZ40fGy2VJEDl34XMJM+TX48Ss/17u3IvIfbVR1FkZZSNCisQbuQY+bHwhEBg==";

    fn keys(list: &[&str]) -> Vec<Key> {
        list.iter().map(|key| key.parse().unwrap()).collect()
    }

    #[test]
    fn both_forms_hold_with_any_of_the_keys() {
        let keys = keys(&[OTHER, KEY]);
        for (text, comment) in
            [(LEGACY, "timestamp:1555779966\tfile:test"), (PREHASHED, "timestamp:1556193335\tfile:test")]
        {
            let (key, said) = verify(b"test", text, &keys).unwrap();
            assert_eq!((key.to_string().as_str(), said.as_str()), (KEY, comment));
        }
    }

    #[test]
    fn other_bytes_comments_and_keys_do_not() {
        for text in [LEGACY, PREHASHED] {
            let refused = |bytes: &[u8], text: &str, key| verify(bytes, text, &keys(&[key])).unwrap_err().to_string();
            assert!(refused(b"tesT", text, KEY).contains("altered"), "{}", refused(b"tesT", text, KEY));
            assert!(refused(b"test", &text.replace("file:test", "file:other"), KEY).contains("altered"));
            let other = refused(b"test", text, OTHER);
            assert!(other.contains("another key") && other.contains(OTHER), "{other}");
            let head = text.lines().take(2).collect::<Vec<_>>().join("\n");
            assert!(refused(b"test", &head, KEY).contains("form of minisign"), "{}", refused(b"test", &head, KEY));
        }
        assert!(
            verify(b"test", "<!DOCTYPE html>", &keys(&[KEY])).unwrap_err().to_string().contains("form of minisign")
        );
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in [
            "",
            "RW",
            "untrusted comment: minisign public key",
            &KEY[..50],
            "RWQ!6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3",
        ] {
            assert!(text.parse::<Key>().is_err(), "{text}");
        }
    }
}
