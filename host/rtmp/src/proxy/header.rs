//! The header's two forms (The PROXY protocol, versions 1 & 2, revision of 2020-03-05). Bytes in, a value out: no socket.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Version 1 begins so (section 2.1).
const TEXT: &[u8] = b"PROXY ";
/// Version 2 begins so (section 2.2).
const BINARY: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
/// Bytes of a line of version 1 with its CRLF, at most (section 2.1).
const MAX_LINE: usize = 107;
/// The shortest line of version 1 is `PROXY UNKNOWN` with its CRLF.
const MIN_LINE: usize = 15;
/// Signature, version and command, family and transport, and the length of what follows (section 2.2).
const FIXED: usize = 16;
/// Addresses take at most 216 bytes; the rest is for fields (TLV) such as the client's certificate, which are passed over.
pub(super) const MAX_HEADER: usize = 4096;

/// What a whole header says of the connection that is passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// It comes from there.
    Ip(SocketAddr),
    /// It came to the proxy by a socket file.
    Unix,
    /// Nothing: the proxy speaks for itself, as health checks do, or does not know. The connection's own address holds.
    Unsaid,
}

/// What has been found in the first bytes of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// All of it, and how many bytes it takes.
    Whole(Source, usize),
    /// So many more bytes belong to it, at least.
    More(usize),
}

/// Bytes that are no header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Malformed {
    #[error("no PROXY header came")]
    Absent,
    #[error("a PROXY line without an end within {MAX_LINE} bytes")]
    Endless,
    #[error("a PROXY line that says neither TCP4, TCP6 nor UNKNOWN with what belongs to it")]
    Line,
    #[error("a PROXY header of version {0}")]
    Version(u8),
    #[error("a PROXY header with the command {0}")]
    Command(u8),
    #[error("a PROXY header of the family {0:#04x}")]
    Family(u8),
    #[error("a PROXY header with addresses of {0} bytes, which its family does not fit in")]
    Short(usize),
    #[error("a PROXY header of {0} bytes; up to {MAX_HEADER} are taken")]
    Long(usize),
}

/// Reads the header at the beginning of `bytes`.
pub(super) fn read(bytes: &[u8]) -> Result<Found, Malformed> {
    if begins(bytes, TEXT) {
        text(bytes)
    } else if begins(bytes, BINARY) {
        binary(bytes)
    } else {
        Err(Malformed::Absent)
    }
}

/// Whether it begins so, as far as it goes.
fn begins(bytes: &[u8], with: &[u8]) -> bool {
    bytes.iter().zip(with).all(|(a, b)| a == b)
}

fn text(bytes: &[u8]) -> Result<Found, Malformed> {
    let line = bytes.get(..MAX_LINE).unwrap_or(bytes);
    let Some(end) = line.windows(2).position(|pair| pair == b"\r\n") else {
        if line.len() == MAX_LINE {
            return Err(Malformed::Endless);
        }
        return Ok(Found::More(MIN_LINE.saturating_sub(line.len()).max(1)));
    };
    let line = line.get(TEXT.len()..end).and_then(|line| str::from_utf8(line).ok()).ok_or(Malformed::Line)?;
    let source = says(line).ok_or(Malformed::Line)?;
    Ok(Found::Whole(source, end + 2))
}

/// What stands behind `PROXY `.
fn says(line: &str) -> Option<Source> {
    let mut words = line.split(' ');
    let v4 = match words.next()? {
        "TCP4" => true,
        "TCP6" => false,
        // Whatever follows it (section 2.1).
        "UNKNOWN" => return Some(Source::Unsaid),
        _ => return None,
    };
    let mut ip = || -> Option<IpAddr> {
        let word = words.next()?;
        if v4 { word.parse().ok().map(IpAddr::V4) } else { word.parse().ok().map(IpAddr::V6) }
    };
    let (from, _to) = (ip()?, ip()?);
    let mut port = || -> Option<u16> {
        let word = words.next()?;
        // No sign and no leading zero: one port is written in one way.
        let plain = word == "0" || word.starts_with(|first: char| matches!(first, '1'..='9'));
        word.parse().ok().filter(|_| plain)
    };
    let (from_port, _to_port) = (port()?, port()?);
    words.next().is_none().then_some(Source::Ip(SocketAddr::new(from, from_port)))
}

fn binary(bytes: &[u8]) -> Result<Found, Malformed> {
    let Some((fixed, rest)) = bytes.split_first_chunk::<FIXED>() else {
        return Ok(Found::More(FIXED - bytes.len()));
    };
    let [.., version, family, high, low] = *fixed;
    if version >> 4 != 2 {
        return Err(Malformed::Version(version >> 4));
    }
    let length = usize::from(u16::from_be_bytes([high, low]));
    let whole = FIXED + length;
    if whole > MAX_HEADER {
        return Err(Malformed::Long(whole));
    }
    // The addresses; behind them, fields that nobody here asks for.
    let source = match version & 0xf {
        0 => Source::Unsaid,
        1 => {
            let need = match family {
                0x11 => 12,
                0x21 => 36,
                0x31 | 0x32 => 216,
                // Unspecified, and datagrams, which no stream carries: the connection's own address (section 2.2).
                0x00..=0x02 | 0x10 | 0x12 | 0x20 | 0x22 | 0x30 => 0,
                other => return Err(Malformed::Family(other)),
            };
            if length < need {
                return Err(Malformed::Short(length));
            }
            if rest.len() < length {
                return Ok(Found::More(length - rest.len()));
            }
            match family {
                0x11 => v4(rest).ok_or(Malformed::Short(length))?,
                0x21 => v6(rest).ok_or(Malformed::Short(length))?,
                0x31 => Source::Unix,
                _ => Source::Unsaid,
            }
        }
        other => return Err(Malformed::Command(other)),
    };
    match length.saturating_sub(rest.len()) {
        0 => Ok(Found::Whole(source, whole)),
        more => Ok(Found::More(more)),
    }
}

/// Source, destination, and their ports.
fn v4(addresses: &[u8]) -> Option<Source> {
    let (ip, rest) = addresses.split_first_chunk::<4>()?;
    let (_to, rest) = rest.split_first_chunk::<4>()?;
    let (port, _) = rest.split_first_chunk::<2>()?;
    Some(Source::Ip(SocketAddr::new(Ipv4Addr::from(*ip).into(), u16::from_be_bytes(*port))))
}

fn v6(addresses: &[u8]) -> Option<Source> {
    let (ip, rest) = addresses.split_first_chunk::<16>()?;
    let (_to, rest) = rest.split_first_chunk::<16>()?;
    let (port, _) = rest.split_first_chunk::<2>()?;
    Some(Source::Ip(SocketAddr::new(Ipv6Addr::from(*ip).into(), u16::from_be_bytes(*port))))
}

#[cfg(test)]
mod tests;
