//! Is this stream name with its arguments a proof?

use guest_sdk::StreamKey;
use md5::{Digest, Md5};

use crate::config::{Settings, Signed};

/// Why somebody gets in.
#[derive(PartialEq, Debug)]
pub(crate) enum Proof {
    /// A key in the arguments.
    Key,
    /// A key in the place of the stream's name; `name` is the public one.
    NamedKey { name: String },
    /// A signature in the arguments, good to the end of the second `expire` (unix time).
    Signature { expire: u64 },
}

/// Why somebody does not.
#[derive(PartialEq, Debug)]
pub(crate) enum Refusal {
    Missing,
    WrongKey,
    WrongSignature,
    BadExpire,
    Expired,
}

impl Refusal {
    /// The text that the encoder shows.
    pub(crate) fn reason(&self, settings: &Settings) -> String {
        match self {
            Refusal::Missing => match (settings.keys.is_empty(), settings.parameters.first(), &settings.signed) {
                (false, Some(name), _) => format!("a key is needed: add ?{name}=... to the stream name"),
                (_, _, Some(s)) => format!("a signed URL is needed, with {} and {}", s.secret, s.expire),
                _ => "a key is needed".into(),
            },
            Refusal::WrongKey => "the key is not valid".into(),
            Refusal::WrongSignature => "the signature does not fit this stream".into(),
            Refusal::BadExpire => "the expiry time is not a hexadecimal number".into(),
            Refusal::Expired => "the signed URL has expired".into(),
        }
    }
}

/// Looks at the signature, if there is one, then at the keys. `now` is unix time in seconds.
pub(crate) fn check(settings: &Settings, key: &StreamKey, now: u64) -> Result<Proof, Refusal> {
    if let Some(signed) = &settings.signed
        && let (Some(secret), Some(expire)) = (key.argument(&signed.secret), key.argument(&signed.expire))
    {
        return signature(signed, &key.path(), secret, expire, now);
    }
    let given: Vec<&str> = settings.parameters.iter().filter_map(|name| key.argument(name)).collect();
    let (mut argument, mut named) = (false, None);
    // Every key is compared with everything that was given, so that the time tells nothing.
    for one in &settings.keys {
        let for_this = one.name.as_ref().is_none_or(|name| *name == key.name);
        for given in &given {
            argument |= same(&one.key, given) & for_this;
        }
        if same(&one.key, &key.name)
            && let Some(name) = &one.name
        {
            named = Some(name.clone());
        }
    }
    match named {
        Some(name) => Ok(Proof::NamedKey { name }),
        None if argument => Ok(Proof::Key),
        None if given.is_empty() => Err(Refusal::Missing),
        None => Err(Refusal::WrongKey),
    }
}

/// `secret` is the hex MD5 of key, stream path and `expire` as it stands in the URL.
fn signature(signed: &Signed, path: &str, secret: &str, expire: &str, now: u64) -> Result<Proof, Refusal> {
    let secret = secret.to_ascii_lowercase();
    let good = signed.keys.iter().fold(false, |good, key| good | same(&md5_hex(&[key, path, expire]), &secret));
    let until = u64::from_str_radix(expire, 16).map_err(|_| Refusal::BadExpire)?;
    if !good {
        return Err(Refusal::WrongSignature);
    }
    if now > until { Err(Refusal::Expired) } else { Ok(Proof::Signature { expire: until }) }
}

fn md5_hex(parts: &[&str]) -> String {
    let mut hash = Md5::new();
    for part in parts {
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// Whether two texts are the same, in a time that depends on their lengths only.
fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    a.len() == b.len() && std::hint::black_box(a.iter().zip(b).fold(0, |diff, (x, y)| diff | (x ^ y))) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_whole() {
        assert!(same("abc", "abc"));
        for other in ["abd", "xbc", "ab", "abcd", ""] {
            assert!(!same("abc", other), "{other}");
        }
    }

    #[test]
    fn the_hash_is_the_one_that_everybody_else_computes() {
        assert_eq!(md5_hex(&[]), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(md5_hex(&["mes", "sage digest"]), "f96b697d7cb7938d525a2f31aaf161d0");
    }
}
