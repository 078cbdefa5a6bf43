//! What a certificate says of itself (RFC 5280 §4.1), as far as a message to an operator needs it. Nothing is decided by
//! this: it reads what was refused.

use std::net::IpAddr;

/// DER tags.
const INTEGER: u8 = 0x02;
const OID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xA0;
const EXTENSIONS: u8 = 0xA3;
const OCTETS: u8 = 0x04;
/// GeneralName: dNSName and iPAddress (§4.2.1.6).
const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;
/// id-ce-subjectAltName, 2.5.29.17.
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1D, 0x11];
/// id-at-commonName, id-at-organizationalUnitName and id-at-organizationName, 2.5.4.x.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const UNIT: &[u8] = &[0x55, 0x04, 0x0B];
const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0A];
/// Of a text that goes into a message.
const TEXT_CHARS: usize = 128;
const NAMES: usize = 16;

/// The parts of a certificate that people know it by.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Certificate {
    pub(super) issuer: String,
    pub(super) subject: String,
    /// Names and addresses that it is for.
    pub(super) names: Vec<String>,
}

impl Certificate {
    /// Reads what can be read.
    pub(super) fn read(der: &[u8]) -> Certificate {
        Certificate::parts(der).unwrap_or_default()
    }

    fn parts(der: &[u8]) -> Option<Certificate> {
        let (certificate, _) = tagged(SEQUENCE, der)?;
        let (mut rest, _) = tagged(SEQUENCE, certificate)?;
        if let Some((_, after)) = tagged(VERSION, rest) {
            rest = after;
        }
        let (_serial, rest) = tagged(INTEGER, rest)?;
        let (_algorithm, rest) = tagged(SEQUENCE, rest)?;
        let (issuer, rest) = tagged(SEQUENCE, rest)?;
        let (_validity, rest) = tagged(SEQUENCE, rest)?;
        let (subject, rest) = tagged(SEQUENCE, rest)?;
        let (_key, rest) = tagged(SEQUENCE, rest)?;
        Some(Certificate { issuer: name(issuer), subject: name(subject), names: names(rest).unwrap_or_default() })
    }
}

/// `Weir Test CA, Example Org`: the common name and who stands behind it.
fn name(rdns: &[u8]) -> String {
    let mut parts = Vec::new();
    for wanted in [COMMON_NAME, UNIT, ORGANIZATION] {
        let mut rest = rdns;
        while let Some((set, after)) = tagged(SET, rest) {
            rest = after;
            let attribute = tagged(SEQUENCE, set).and_then(|(attribute, _)| tagged(OID, attribute));
            if let Some((kind, value)) = attribute
                && kind == wanted
                && let Some((_, text, _)) = element(value)
            {
                parts.push(printable(text));
            }
        }
    }
    if parts.is_empty() { "somebody without a name".to_owned() } else { parts.join(", ") }
}

/// The subject alternative names among what follows the key.
fn names(mut rest: &[u8]) -> Option<Vec<String>> {
    let extensions = loop {
        let (tag, content, after) = element(rest)?;
        if tag == EXTENSIONS {
            break content;
        }
        rest = after;
    };
    let (mut extensions, _) = tagged(SEQUENCE, extensions)?;
    let mut names = Vec::new();
    while let Some((extension, after)) = tagged(SEQUENCE, extensions) {
        extensions = after;
        let (kind, mut value) = tagged(OID, extension)?;
        if kind != SUBJECT_ALT_NAME {
            continue;
        }
        // A flag may stand before the value: whether it is critical.
        while let Some((tag, content, after)) = element(value) {
            value = after;
            let Some((mut all, _)) = tagged(SEQUENCE, content).filter(|_| tag == OCTETS) else { continue };
            while let Some((tag, content, after)) = element(all) {
                all = after;
                match tag {
                    DNS_NAME => names.push(printable(content)),
                    IP_ADDRESS => names.extend(address(content)),
                    _ => {}
                }
                if names.len() >= NAMES {
                    names.push("…".to_owned());
                    return Some(names);
                }
            }
        }
    }
    Some(names)
}

fn address(bytes: &[u8]) -> Option<String> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    let sixteen = || <[u8; 16]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| sixteen()).ok().map(|address| address.to_string())
}

/// A peer's text for a message: short, and nothing in it that would move a terminal's cursor.
fn printable(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let seen = text.chars().take(TEXT_CHARS).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c });
    seen.collect()
}

/// The content of the element with this tag that `input` begins with, and what follows it.
fn tagged(tag: u8, input: &[u8]) -> Option<(&[u8], &[u8])> {
    element(input).filter(|(found, ..)| *found == tag).map(|(_, content, rest)| (content, rest))
}

/// Tag, content and what follows (X.690 §8.1), for tags of one byte and lengths of up to four.
fn element(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = input.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        short @ 0..=0x7F => (usize::from(short), rest),
        long @ 0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7F))?;
            (digits.iter().fold(0, |n: usize, digit| n << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}
