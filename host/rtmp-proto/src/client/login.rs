//! Logging in where a server asks for it: `authmod=adobe` and `authmod=llnw`.
//!
//! Neither is in a specification. A server that wants a login refuses connect with a text that says so; the client
//! connects again with its name behind application and tcUrl, is refused again with a challenge, and connects a third time
//! with the proof that it knows the password. Encoders (librtmp, ffmpeg, OBS) and servers (Wowza, Nimble, CDNs) agree on it.

use hmac::digest::Digest;
use md5::Md5;

const HEX: &[u8; 16] = b"0123456789abcdef";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What a server that refused connect asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The user's name.
    Name(Scheme),
    /// The proof that the password is known.
    Proof(Challenge),
    /// Nothing any more: user or password are not taken.
    Denied,
}

/// How a password is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Salted MD5 in base64.
    Adobe,
    /// As HTTP's digest (RFC 2617), of Limelight.
    Llnw,
}

/// What a server wants the proof to be made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    scheme: Scheme,
    salt: String,
    challenge: String,
    opaque: String,
    nonce: String,
}

/// What the description of a refused connect asks for; `None`: it is not about a login.
pub fn asked(description: &str) -> Option<Asked> {
    let scheme = if description.contains("authmod=adobe") {
        Scheme::Adobe
    } else if description.contains("authmod=llnw") {
        Scheme::Llnw
    } else {
        return None;
    };
    if description.contains("code=403 need auth") {
        return Some(Asked::Name(scheme));
    }
    let (_, query) = description.split_once('?')?;
    let field = |name: &str| {
        let fields = query.split('&').filter_map(|field| field.trim().split_once('='));
        fields.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).unwrap_or_default()
    };
    if field("reason") != "needauth" {
        return Some(Asked::Denied);
    }
    let (salt, challenge, opaque, nonce) = (field("salt"), field("challenge"), field("opaque"), field("nonce"));
    Some(Asked::Proof(Challenge { scheme, salt, challenge, opaque, nonce }))
}

impl Asked {
    /// The query to put behind application and tcUrl of the next connect. `random` is new each time.
    pub fn answer(&self, user: &str, password: &str, app: &str, random: u32) -> String {
        match self {
            Asked::Name(scheme) => format!("?authmod={}&user={user}", scheme.name()),
            Asked::Proof(challenge) => match challenge.scheme {
                Scheme::Adobe => challenge.adobe(user, password, random),
                Scheme::Llnw => challenge.llnw(user, password, app, random),
            },
            Asked::Denied => String::new(),
        }
    }
}

impl Scheme {
    fn name(self) -> &'static str {
        match self {
            Scheme::Adobe => "adobe",
            Scheme::Llnw => "llnw",
        }
    }
}

impl Challenge {
    fn adobe(&self, user: &str, password: &str, random: u32) -> String {
        let ours = format!("{random:08x}");
        let salted = base64(&md5(&[user, &self.salt, password]));
        let theirs = if self.opaque.is_empty() { &self.challenge } else { &self.opaque };
        let response = base64(&md5(&[&salted, theirs, &ours]));
        let opaque = if self.opaque.is_empty() { String::new() } else { format!("&opaque={}", self.opaque) };
        format!("?authmod=adobe&user={user}&challenge={ours}&response={response}{opaque}")
    }

    fn llnw(&self, user: &str, password: &str, app: &str, random: u32) -> String {
        let app = app.split_once('?').map_or(app, |(app, _)| app);
        let instance = if app.contains('/') { "" } else { "/_definst_" };
        let (nonce, ours) = (&self.nonce, format!("{random:08x}"));
        let who = hex(&md5(&[user, ":live:", password]));
        let what = hex(&md5(&["publish:/", app, instance]));
        let response = hex(&md5(&[&who, ":", nonce, ":00000001:", &ours, ":auth:", &what]));
        format!("?authmod=llnw&user={user}&nonce={nonce}&cnonce={ours}&nc=00000001&response={response}")
    }
}

fn md5(parts: &[&str]) -> [u8; 16] {
    let mut hash = Md5::new();
    for part in parts {
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| HEX.get(usize::from(digit)))
        .map(|c| char::from(*c))
        .collect()
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, at| bits << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
        for (at, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = BASE64.get(usize::try_from(bits >> shift & 63).unwrap_or(0)).copied().unwrap_or(b'=');
            out.push(if at > three.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_its_form() {
        for (text, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(text.as_bytes()), coded);
        }
        assert_eq!(hex(&md5(&["ab", "c"])), "900150983cd24fb0d6963f7d28e17f72");
    }

    #[test]
    fn what_is_not_about_a_login() {
        for text in ["", "no such application", "[ AccessManager.Reject ] : [ authmod=basic ]", "?reason=needauth"] {
            assert_eq!(asked(text), None, "{text}");
        }
        let no = "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=nosuchuser";
        assert_eq!(asked(no), Some(Asked::Denied));
    }

    #[test]
    fn a_proof_is_made_of_what_both_know() {
        let text =
            "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=u&salt=SALT&challenge=CH&opaque=OP";
        let proof = asked(text).unwrap().answer("u", "p", "live", 0xAB);
        // base64(md5(base64(md5("u" "SALT" "p")) "OP" "000000ab"))
        let salted = base64(&md5(&["uSALTp"]));
        let response = base64(&md5(&[&format!("{salted}OP000000ab")]));
        assert_eq!(proof, format!("?authmod=adobe&user=u&challenge=000000ab&response={response}&opaque=OP"));
        let text = "[ AccessManager.Reject ] : [ authmod=llnw ] : ?reason=needauth&user=u&nonce=N";
        let proof = asked(text).unwrap().answer("u", "p", "live", 1);
        let who = hex(&md5(&["u:live:p"]));
        let what = hex(&md5(&["publish:/live/_definst_"]));
        let response = hex(&md5(&[&format!("{who}:N:00000001:00000001:auth:{what}")]));
        assert_eq!(proof, format!("?authmod=llnw&user=u&nonce=N&cnonce=00000001&nc=00000001&response={response}"));
    }
}
