use proptest::prelude::*;

use super::*;

fn ip(text: &str) -> Source {
    Source::Ip(text.parse().unwrap())
}

/// A header of version 2 with this first pair of bytes behind the signature.
fn v2(version: u8, family: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    [BINARY, &[version, family], &length, body].concat()
}

fn v2_of_tcp4(fields: &[u8]) -> Vec<u8> {
    v2(0x21, 0x11, &[&[192, 0, 2, 1, 198, 51, 100, 2, 0x1f, 0x90, 7, 0x8f], fields].concat())
}

#[test]
fn lines_of_version_1() {
    let long = |last: &str| format!("PROXY UNKNOWN {}{last}", "f".repeat(107 - 14 - last.len()));
    let table: &[(&str, Result<Source, Malformed>)] = &[
        ("PROXY TCP4 192.0.2.1 198.51.100.2 8080 1935\r\n", Ok(ip("192.0.2.1:8080"))),
        ("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", Ok(ip("255.255.255.255:65535"))),
        ("PROXY TCP4 192.0.2.1 198.51.100.2 0 0\r\n", Ok(ip("192.0.2.1:0"))),
        ("PROXY TCP6 2001:db8::1 ::1 8080 1935\r\n", Ok(ip("[2001:db8::1]:8080"))),
        (
            "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
            Ok(ip("[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535")),
        ),
        ("PROXY UNKNOWN\r\n", Ok(Source::Unsaid)),
        ("PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", Ok(Source::Unsaid)),
        (&long("\r\n"), Ok(Source::Unsaid)),
        (&long("f"), Err(Malformed::Endless)),
        ("PROXY TCP4 192.0.2.1 198.51.100.2 8080\r\n", Err(Malformed::Line)),
        ("PROXY TCP4 192.0.2.1 198.51.100.2 8080 1935 \r\n", Err(Malformed::Line)),
        ("PROXY TCP4  192.0.2.1 198.51.100.2 8080 1935\r\n", Err(Malformed::Line)),
        ("PROXY TCP4 192.0.2.01 198.51.100.2 8080 1935\r\n", Err(Malformed::Line)),
        ("PROXY TCP4 2001:db8::1 ::1 8080 1935\r\n", Err(Malformed::Line)),
        ("PROXY TCP6 192.0.2.1 198.51.100.2 8080 1935\r\n", Err(Malformed::Line)),
        ("PROXY TCP6 fe80::1%eth0 ::1 8080 1935\r\n", Err(Malformed::Line)),
        ("PROXY TCP4 192.0.2.1 198.51.100.2 +8080 1935\r\n", Err(Malformed::Line)),
        ("PROXY TCP4 192.0.2.1 198.51.100.2 08080 1935\r\n", Err(Malformed::Line)),
        ("PROXY TCP4 192.0.2.1 198.51.100.2 8080 65536\r\n", Err(Malformed::Line)),
        ("PROXY UDP4 192.0.2.1 198.51.100.2 8080 1935\r\n", Err(Malformed::Line)),
        ("PROXY unknown\r\n", Err(Malformed::Line)),
        ("PROXY \r\n", Err(Malformed::Line)),
        ("PROXY TCP4 \u{e9}\r\n", Err(Malformed::Line)),
        ("PROXY\r\n", Err(Malformed::Absent)),
        ("proxy TCP4 192.0.2.1 198.51.100.2 8080 1935\r\n", Err(Malformed::Absent)),
        ("GET / HTTP/1.1\r\n\r\n", Err(Malformed::Absent)),
        ("\u{3}\0\0\0\0", Err(Malformed::Absent)),
    ];
    for (line, expected) in table {
        let expected = expected.map(|source| Found::Whole(source, line.len()));
        assert_eq!(read(line.as_bytes()), expected, "{line:?}");
        // What follows belongs to somebody else, even if it looks like more of the same.
        let behind = [line.as_bytes(), b"\x03\r\nPROXY "].concat();
        assert_eq!(read(&behind), expected, "{line:?} and more");
    }
}

#[test]
fn headers_of_version_2() {
    let v6 = [&[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1][..], &[0; 16], &[0x1f, 0x90, 7, 0x8f]].concat();
    // A field of 5 bytes, and one that lies about its length: nobody looks.
    let fields = [4, 0, 5, 1, 2, 3, 4, 5, 0x20, 0xff, 0xff];
    let table: &[(Vec<u8>, Result<Source, Malformed>)] = &[
        (v2_of_tcp4(&[]), Ok(ip("192.0.2.1:8080"))),
        (v2_of_tcp4(&fields), Ok(ip("192.0.2.1:8080"))),
        (v2_of_tcp4(&[9; MAX_HEADER - FIXED - 12]), Ok(ip("192.0.2.1:8080"))),
        (v2_of_tcp4(&[9; MAX_HEADER - FIXED - 11]), Err(Malformed::Long(MAX_HEADER + 1))),
        (v2(0x21, 0x21, &v6), Ok(ip("[2001:db8::1]:8080"))),
        (v2(0x21, 0x31, &[b'/'; 216]), Ok(Source::Unix)),
        (v2(0x21, 0x31, &[b'/'; 215]), Err(Malformed::Short(215))),
        (v2(0x21, 0x00, &[]), Ok(Source::Unsaid)),
        (v2(0x21, 0x00, &fields), Ok(Source::Unsaid)),
        // Datagrams.
        (v2(0x21, 0x12, &[0; 12]), Ok(Source::Unsaid)),
        (v2(0x21, 0x22, &v6), Ok(Source::Unsaid)),
        // The proxy itself, whatever else it says.
        (v2(0x20, 0x00, &[]), Ok(Source::Unsaid)),
        (v2(0x20, 0x11, &[192, 0, 2, 1, 198, 51, 100, 2, 0, 1, 0, 2]), Ok(Source::Unsaid)),
        (v2(0x20, 0xff, &fields), Ok(Source::Unsaid)),
        (v2(0x21, 0x11, &[0; 11]), Err(Malformed::Short(11))),
        (v2(0x21, 0x21, &v6[..35]), Err(Malformed::Short(35))),
        (v2(0x21, 0x13, &[0; 12]), Err(Malformed::Family(0x13))),
        (v2(0x21, 0x41, &[0; 12]), Err(Malformed::Family(0x41))),
        (v2(0x22, 0x11, &[0; 12]), Err(Malformed::Command(2))),
        (v2(0x11, 0x11, &[0; 12]), Err(Malformed::Version(1))),
        (v2(0x31, 0x11, &[0; 12]), Err(Malformed::Version(3))),
    ];
    for (header, expected) in table {
        let expected = expected.map(|source| Found::Whole(source, header.len()));
        assert_eq!(read(header), expected, "{header:?}");
        assert_eq!(read(&[header, BINARY].concat()), expected, "{header:?} and more");
    }
}

#[test]
fn what_is_missing_is_never_more_than_what_belongs_to_it() {
    for header in [
        b"PROXY UNKNOWN\r\n".to_vec(),
        b"PROXY TCP4 192.0.2.1 198.51.100.2 8080 1935\r\n".to_vec(),
        v2_of_tcp4(&[1; 300]),
        v2(0x20, 0, &[]),
    ] {
        let mut have = 0;
        loop {
            match read(&header[..have]).unwrap() {
                Found::More(more) => {
                    assert!(more > 0 && have + more <= header.len(), "{have} and {more} of {header:?}");
                    have += more;
                }
                Found::Whole(_, length) => {
                    assert_eq!((length, have), (header.len(), header.len()));
                    break;
                }
            }
        }
        for cut in 0..header.len() {
            assert!(matches!(read(&header[..cut]), Ok(Found::More(_))), "{cut} of {header:?}");
        }
    }
}

/// Bytes that are often nearly a header.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let rest = proptest::collection::vec(any::<u8>(), 0..600);
    let start = prop_oneof![
        Just(Vec::new()),
        Just(TEXT.to_vec()),
        Just(b"PROXY TCP4 ".to_vec()),
        Just(b"PROXY TCP6 ::1 ::1 ".to_vec()),
        Just(BINARY.to_vec()),
        (0x20..0x23u8, any::<u8>(), any::<u16>())
            .prop_map(|(version, family, length)| { [BINARY, &[version, family], &length.to_be_bytes()].concat() }),
    ];
    (start, rest).prop_map(|(start, rest)| [start, rest].concat())
}

proptest! {
    #[test]
    fn any_bytes_are_bounded_and_judged_alike_however_they_come(bytes in nearly()) {
        let all = read(&bytes);
        match all {
            Ok(Found::Whole(_, length)) => prop_assert!(length <= bytes.len() && length <= MAX_HEADER),
            Ok(Found::More(more)) => prop_assert!(more > 0 && bytes.len() + more <= MAX_HEADER),
            Err(_) => {}
        }
        // A part is incomplete, or comes to the same end.
        for cut in 0..bytes.len() {
            match read(&bytes[..cut]) {
                Ok(Found::More(_)) => {}
                early => prop_assert_eq!(early, all, "{} of {} bytes", cut, bytes.len()),
            }
        }
    }

    #[test]
    fn every_address_comes_through(from: SocketAddr, to: SocketAddr, fields in proptest::collection::vec(any::<u8>(), 0..100)) {
        prop_assume!(from.is_ipv4() == to.is_ipv4());
        // Flow and scope have no place in either version.
        let source = Source::Ip(SocketAddr::new(from.ip(), from.port()));
        let name = if from.is_ipv4() { "TCP4" } else { "TCP6" };
        let line = format!("PROXY {name} {} {} {} {}\r\n", from.ip(), to.ip(), from.port(), to.port());
        prop_assert_eq!(read(line.as_bytes()), Ok(Found::Whole(source, line.len())));
        let octets = |ip: IpAddr| match ip {
            IpAddr::V4(ip) => ip.octets().to_vec(),
            IpAddr::V6(ip) => ip.octets().to_vec(),
        };
        let ports = [from.port().to_be_bytes(), to.port().to_be_bytes()].concat();
        let body = [octets(from.ip()), octets(to.ip()), ports, fields].concat();
        let header = v2(0x21, if from.is_ipv4() { 0x11 } else { 0x21 }, &body);
        prop_assert_eq!(read(&header), Ok(Found::Whole(source, header.len())));
    }
}
