//! What comes to the wrong address, by its first bytes: to say in the log what somebody has to change.

/// A protocol that is not spoken where it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    Rtmp,
    Tls,
    Http,
    Proxy,
}

impl Foreign {
    /// What begins so; `None` if it is nothing that is known here.
    pub(crate) fn of(bytes: &[u8]) -> Option<Foreign> {
        const METHODS: [&[u8]; 6] = [b"GET ", b"POST ", b"HEAD ", b"PUT ", b"OPTIONS ", b"CONNECT "];
        match bytes {
            // C0 is the version; RTMP 1.0 section 5.2.2.
            [3, ..] => Some(Foreign::Rtmp),
            // A record of type handshake, of any version 3; RFC 8446 section 5.1.
            [0x16] | [0x16, 3, ..] => Some(Foreign::Tls),
            _ if bytes.starts_with(b"PROXY ") || bytes.starts_with(b"\r\n\r\n\0\r\nQUIT\n") => Some(Foreign::Proxy),
            _ if METHODS.iter().any(|method| bytes.starts_with(method)) => Some(Foreign::Http),
            _ => None,
        }
    }

    /// At an address for RTMPS.
    pub(crate) fn at_tls(self) -> &'static str {
        match self {
            Foreign::Rtmp => "a plain rtmp:// client; this address is for rtmps://",
            Foreign::Tls => "TLS of a kind that is not known",
            Foreign::Http => "HTTP",
            Foreign::Proxy => "a PROXY header, from an address that rtmps.proxy_protocol does not name",
        }
    }

    /// At an address for plain RTMP.
    pub(crate) fn at_plain(self) -> &'static str {
        match self {
            Foreign::Rtmp => "RTMP",
            Foreign::Tls => "TLS; rtmps:// has an address of its own, [rtmps] listen",
            Foreign::Http => "HTTP; RTMPT is not spoken here",
            Foreign::Proxy => "a PROXY header, from an address that rtmp.proxy_protocol does not name",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_first_bytes() {
        let table: &[(&[u8], Option<Foreign>)] = &[
            (b"\x03\0\0\0\0", Some(Foreign::Rtmp)),
            (b"\x16\x03\x01\x02\0\x01", Some(Foreign::Tls)),
            (b"\x16", Some(Foreign::Tls)),
            (b"\x16\x16", None),
            (b"POST /open/1 HTTP/1.1\r\n", Some(Foreign::Http)),
            (b"PROXY TCP4 ", Some(Foreign::Proxy)),
            (b"\r\n\r\n\0\r\nQUIT\n\x21\x11", Some(Foreign::Proxy)),
            (b"\r\n\r\n", None),
            (b"", None),
        ];
        for (bytes, expected) in table {
            assert_eq!(Foreign::of(bytes), *expected, "{bytes:?}");
        }
    }
}
