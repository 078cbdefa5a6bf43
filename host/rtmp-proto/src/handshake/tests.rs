use super::digest::client;
use super::*;
use proptest::prelude::*;

const RANDOM: HandshakeRandom = HandshakeRandom([7; 32]);

fn plain_c1() -> [u8; PACKET_LEN] {
    let mut c1 = [0; PACKET_LEN];
    HandshakeRandom([1; 32]).fill(&mut c1);
    put(&mut c1, 0, &[0, 0, 0, 9]);
    put(&mut c1, 4, &[0; 4]);
    c1
}

fn digest_c1(layout: Layout) -> ([u8; PACKET_LEN], [u8; 32]) {
    let mut c1 = plain_c1();
    put(&mut c1, 4, &[10, 0, 45, 2]);
    let digest = client::sign_c1(&mut c1, layout);
    (c1, digest)
}

/// C0 and C1 in, S0 S1 S2 out.
fn open(server: &mut Server, c1: &[u8; PACKET_LEN]) -> (Variant, Vec<u8>, Vec<u8>) {
    let mut output = Vec::new();
    let hello = [&[VERSION][..], c1].concat();
    let variant = server.read(Duration::from_millis(0x0102), &mut hello.as_slice(), &mut output).unwrap().unwrap();
    assert_eq!(output.len(), 1 + 2 * PACKET_LEN);
    assert_eq!(output[0], VERSION);
    let (s1, s2) = output[1..].split_at(PACKET_LEN);
    (variant, s1.to_vec(), s2.to_vec())
}

#[test]
fn plain_echoes_c1() {
    let mut server = Server::new(RANDOM, false, false);
    let c1 = plain_c1();
    let (variant, s1, s2) = open(&mut server, &c1);
    assert_eq!(variant, Variant::Plain);
    assert_eq!(s1[..8], [0, 0, 1, 2, 0, 0, 0, 0]);
    assert_eq!(s2[..4], c1[..4]);
    assert_eq!(s2[8..], c1[8..]);
    assert!(!server.is_done());
    let mut rest: &[u8] = &[&[0xAA; PACKET_LEN][..], b"next"].concat();
    server.read(Duration::ZERO, &mut rest, &mut Vec::new()).unwrap();
    assert!(server.is_done(), "any C2 will do");
    assert_eq!(rest, b"next");
}

#[test]
fn both_digest_layouts_are_answered_in_kind() {
    for layout in [Layout::DigestFirst, Layout::KeyFirst] {
        let (c1, digest) = digest_c1(layout);
        let (variant, s1, s2) = open(&mut Server::new(RANDOM, false, false), &c1);
        assert_eq!(variant, Variant::Digest(layout));
        assert_ne!(s1[4..8], [0; 4], "a version of zero would say plain");
        assert!(client::server_digest(&s1, layout).is_some());
        assert!(client::answers_client(&s2, &digest));
    }
}

/// Defect 14 of the server that this one grew from.
#[test]
fn an_invalid_digest_falls_back_to_plain() {
    let (mut c1, _) = digest_c1(Layout::DigestFirst);
    c1[1535] ^= 1;
    let (variant, s1, s2) = open(&mut Server::new(RANDOM, false, false), &c1);
    assert_eq!(variant, Variant::Plain);
    assert_eq!(s1[4..8], [0; 4]);
    assert_eq!(s2[8..], c1[8..]);
}

/// Defect 13: what stands in S1 is random and differs between connections, never stale memory.
#[test]
fn s1_is_random_throughout() {
    let (_, one, _) = open(&mut Server::new(RANDOM, false, false), &plain_c1());
    let (_, other, _) = open(&mut Server::new(HandshakeRandom([8; 32]), false, false), &plain_c1());
    let equal = one[8..].iter().zip(&other[8..]).filter(|(a, b)| a == b).count();
    assert!(equal < 40, "{equal} of 1528 bytes are equal");
    for window in one[8..].windows(16) {
        assert_ne!(window, [0; 16]);
    }
    let mut zero = [0; 64];
    HandshakeRandom::default().fill(&mut zero);
    assert_ne!(zero, [0; 64], "even a caller without randomness gets bytes");
}

#[test]
fn a_checked_c2_must_answer_s1() {
    let cases: [(Option<Layout>, &str, bool); 6] = [
        (None, "echo", true),
        (None, "noise", false),
        (Some(Layout::DigestFirst), "signed", true),
        (Some(Layout::KeyFirst), "signed", true),
        (Some(Layout::KeyFirst), "echo", true),
        (Some(Layout::DigestFirst), "noise", false),
    ];
    for (layout, kind, good) in cases {
        let mut server = Server::new(RANDOM, true, false);
        let c1 = layout.map_or_else(plain_c1, |layout| digest_c1(layout).0);
        let (_, s1, _) = open(&mut server, &c1);
        let mut c2 = [3; PACKET_LEN];
        match (kind, layout) {
            ("echo", _) => c2[8..].copy_from_slice(&s1[8..]),
            ("signed", Some(layout)) => {
                client::sign_c2(&mut c2, &client::server_digest(&s1, layout).unwrap());
            }
            _ => {}
        }
        let result = server.read(Duration::ZERO, &mut c2.as_slice(), &mut Vec::new());
        match good {
            true => assert!(result.is_ok() && server.is_done(), "{layout:?} {kind}"),
            false => {
                let error = result.unwrap_err();
                assert_eq!(error.cause, Cause::BadC2, "{layout:?} {kind}");
                assert_eq!(error.place.byte, Some(3073));
            }
        }
    }
}

#[test]
fn other_versions_are_refused_with_a_reason() {
    for version in [6u8, 8, 9] {
        let error =
            Server::new(RANDOM, false, false).read(Duration::ZERO, &mut &[version][..], &mut Vec::new()).unwrap_err();
        assert_eq!(error.cause, Cause::Encrypted(version));
        assert!(error.to_string().contains("rtmps"), "{error}");
    }
    for first in *b"G\x16\x00\x04" {
        let mut output = Vec::new();
        let error = Server::new(RANDOM, false, false).read(Duration::ZERO, &mut &[first][..], &mut output).unwrap_err();
        assert_eq!(error.cause, Cause::NotRtmp(first));
        assert!(output.is_empty());
    }
}

proptest! {
    #[test]
    fn any_split_gives_the_same_bytes(cuts in proptest::collection::vec(1usize..900, 1..10), kind in 0..3) {
        let c1 = match kind {
            0 => plain_c1(),
            1 => digest_c1(Layout::DigestFirst).0,
            _ => digest_c1(Layout::KeyFirst).0,
        };
        let all = [&[VERSION][..], &c1, &[9; PACKET_LEN], b"rest"].concat();
        let mut whole = Vec::new();
        let mut server = Server::new(RANDOM, false, false);
        server.read(Duration::ZERO, &mut all.as_slice(), &mut whole).unwrap();
        let mut output = Vec::new();
        let mut server = Server::new(RANDOM, false, false);
        let (mut left, mut over) = (all.as_slice(), Vec::new());
        for cut in cuts.iter().cycle() {
            let (mut now, later) = left.split_at(left.len().min(*cut));
            server.read(Duration::ZERO, &mut now, &mut output).unwrap();
            over.extend_from_slice(now);
            left = later;
            if left.is_empty() { break; }
        }
        prop_assert!(server.is_done());
        prop_assert_eq!(output, whole);
        prop_assert_eq!(over, b"rest");
    }
}
