use super::super::{Client, Server};
use super::*;
use crate::error::Error;
use proptest::prelude::*;
use std::time::Duration;

const OURS: HandshakeRandom = HandshakeRandom([3; 32]);
const THEIRS: HandshakeRandom = HandshakeRandom([4; 32]);

fn server() -> Server {
    Server::new(OURS, true, true)
}

/// C0 and C1 of a client whose digest stands there.
fn hello(layout: Layout) -> (Client, Vec<u8>) {
    let mut hello = Vec::new();
    let client = Client::encrypted(THEIRS, layout, Duration::from_millis(7), &mut hello);
    assert_eq!((hello[0], hello.len()), (VERSION, 1 + PACKET_LEN));
    (client, hello)
}

/// What a server says to these bytes of C0 and C1.
fn answer(random: HandshakeRandom, hello: &[u8]) -> Result<Vec<u8>, Error> {
    let mut output = Vec::new();
    let mut server = Server::new(random, false, true);
    server.read(Duration::from_millis(0x0102), &mut &*hello, &mut output)?;
    assert!(server.take_cipher().is_none(), "not before C2");
    Ok(output)
}

/// C0 and C1 with another public key, signed.
fn hello_with(key: [u8; LEN], layout: Layout) -> Vec<u8> {
    let (_, mut hello) = hello(layout);
    let c1: &mut [u8; PACKET_LEN] = (&mut hello[1..]).try_into().unwrap();
    digest::put_public_key(c1, layout, &key);
    digest::client::sign_c1(c1, layout);
    hello
}

/// Both ends joined byte run by byte run. The client says more right behind C2, and the server right behind S2.
fn shake(layout: Layout, split: usize) -> (Box<Cipher>, Box<Cipher>) {
    let (mut client, mut to_server) = hello(layout);
    let (mut server, mut to_client) = (server(), Vec::new());
    let (mut ours, mut theirs) = (None, None);
    while !(client.has_cipher() && server.has_cipher()) {
        let before = (to_server.len(), to_client.len());
        let n = split.min(to_server.len());
        let mut input = &to_server[..n];
        theirs = theirs.or(server.read(Duration::ZERO, &mut input, &mut to_client).unwrap());
        let taken = n - input.len();
        to_server.drain(..taken);
        let n = split.min(to_client.len());
        let mut input = &to_client[..n];
        ours = ours.or(client.read(&mut input, &mut to_server).unwrap());
        let taken = n - input.len();
        to_client.drain(..taken);
        assert_ne!(before, (to_server.len(), to_client.len()), "it hangs");
    }
    assert_eq!(theirs, Some(Variant::Encrypted(layout)));
    assert_eq!(ours, Some(Variant::Encrypted(Layout::DigestFirst)), "where every client looks");
    for read in [
        server.read(Duration::ZERO, &mut &b"next"[..], &mut Vec::new()),
        client.read(&mut &b"next"[..], &mut to_server),
    ] {
        assert_eq!(read, Ok(None));
    }
    assert!(!server.is_done() && !client.is_done(), "no chunk is read before the cipher is taken");
    let ciphers = (client.take_cipher().unwrap(), server.take_cipher().unwrap());
    assert!(server.is_done() && client.is_done());
    assert!(server.take_cipher().is_none() && client.take_cipher().is_none(), "once");
    ciphers
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn both_ends_agree_in_any_split(split in 1usize..4000, key_first in any::<bool>()) {
        let layout = if key_first { Layout::KeyFirst } else { Layout::DigestFirst };
        let (mut client, mut server) = shake(layout, split);
        for turn in 0..3u8 {
            let (mut up, mut down) = ([turn; 100], [turn; 70]);
            client.encrypt(&mut up);
            server.decrypt(&mut up);
            server.encrypt(&mut down);
            client.decrypt(&mut down);
            prop_assert_eq!((up, down), ([turn; 100], [turn; 70]));
        }
    }
}

#[test]
fn the_answer_is_signed_in_kind() {
    for layout in [Layout::DigestFirst, Layout::KeyFirst] {
        let (_, hello) = hello(layout);
        let c1: &[u8; PACKET_LEN] = hello[1..].try_into().unwrap();
        assert_eq!(c1[4..8], [128, 0, 3, 2]);
        let output = answer(OURS, &hello).unwrap();
        assert_eq!((output[0], output.len()), (VERSION, 1 + 2 * PACKET_LEN));
        let (s1, s2) = output[1..].split_at(PACKET_LEN);
        assert_eq!(s1[..4], [0, 0, 1, 2]);
        assert!(s1[4] >= 3, "an ffmpeg that plays takes a smaller version for a server without digests");
        assert!(digest::client::server_digest(s1, Layout::DigestFirst).is_some());
        let (_, client) = digest::find_client(c1).unwrap();
        assert!(digest::client::answers_client(s2, &client));
    }
}

/// ffmpeg and librtmp disagree about the key of a secret that begins with a zero byte. The first private key of this server
/// makes one with this client (computed with another implementation), the second does not.
#[test]
fn a_secret_that_begins_with_zero_is_put_back() {
    let client = PrivateKey::new(HandshakeRandom([1; 32]), 0);
    let server = HandshakeRandom([193; 32]);
    let [first, second] = [0, 1].map(|draw| PrivateKey::new(server, draw));
    assert_eq!(first.shared(&client.public()).unwrap()[0], 0);
    let output = answer(server, &hello_with(client.public(), Layout::KeyFirst)).unwrap();
    let s1: &[u8; PACKET_LEN] = output[1..=PACKET_LEN].try_into().unwrap();
    assert_eq!(digest::public_key(s1, Layout::DigestFirst), Some(second.public()));
}

#[test]
fn what_is_no_public_key_is_refused() {
    let mut prime = [0xFF; LEN];
    // One above the prime's highest limb: no number of the group.
    prime[8] = 0xC9;
    let one = |last| std::array::from_fn(|at| if at == LEN - 1 { last } else { 0 });
    for layout in [Layout::DigestFirst, Layout::KeyFirst] {
        for key in [one(0), one(1), prime, [0xFF; LEN]] {
            let error = answer(OURS, &hello_with(key, layout)).unwrap_err();
            assert_eq!(error.cause, Cause::PublicKey);
            assert_eq!(error.place.byte, Some(1537));
        }
        assert!(answer(OURS, &hello_with(one(2), layout)).is_ok());
    }
}

#[test]
fn a_hello_without_a_digest_is_refused() {
    let (_, mut hello) = hello(Layout::KeyFirst);
    hello[5] ^= 1;
    let error = answer(OURS, &hello).unwrap_err();
    assert_eq!(error.cause, Cause::NoDigest);
    let plain = [&[VERSION][..], &[0; PACKET_LEN]].concat();
    assert_eq!(answer(OURS, &plain).unwrap_err().cause, Cause::NoDigest);
}

#[test]
fn only_version_6_is_spoken_and_only_if_it_is_switched_on() {
    for (rtmpe, version, fine) in [(true, 6, true), (false, 6, false), (true, 8, false), (true, 9, false)] {
        let read = Server::new(OURS, false, rtmpe).read(Duration::ZERO, &mut &[version][..], &mut Vec::new());
        match fine {
            true => assert_eq!(read, Ok(None)),
            false => assert_eq!(read.unwrap_err().cause, Cause::Encrypted(version)),
        }
    }
    // The plain handshake is there all the same.
    let mut output = Vec::new();
    let plain = [&[3][..], &[0; PACKET_LEN]].concat();
    let mut server = Server::new(OURS, false, true);
    assert_eq!(server.read(Duration::ZERO, &mut &*plain, &mut output), Ok(Some(Variant::Plain)));
}

#[test]
fn a_checked_c2_must_answer_s1() {
    for (kind, good) in [("echo", true), ("noise", false)] {
        let (_, hello) = hello(Layout::KeyFirst);
        let (mut server, mut output) = (server(), Vec::new());
        server.read(Duration::ZERO, &mut &*hello, &mut output).unwrap();
        // An ffmpeg that publishes echoes S1.
        let c2 = if kind == "echo" { output[1..=PACKET_LEN].to_vec() } else { vec![5; PACKET_LEN] };
        let read = server.read(Duration::ZERO, &mut &*c2, &mut Vec::new());
        assert_eq!((read.is_ok(), server.has_cipher()), (good, good), "{kind}");
    }
}

#[test]
fn a_client_takes_nothing_less() {
    let refused = |bytes: &[u8]| hello(Layout::KeyFirst).0.read(&mut &*bytes, &mut Vec::new()).unwrap_err().cause;
    assert_eq!(refused(&[3]), Cause::InTheClear);
    assert_eq!(refused(&[8]), Cause::Encrypted(8));
    assert_eq!(refused(b"H"), Cause::NotRtmp(b'H'));
    assert_eq!(refused(&[&[VERSION][..], &[1; PACKET_LEN]].concat()), Cause::NoDigest);
    let mut s1 = [1; PACKET_LEN];
    digest::put_public_key(&mut s1, Layout::KeyFirst, &[0; LEN]);
    digest::sign_server(&mut s1, Layout::KeyFirst);
    assert_eq!(refused(&[&[VERSION][..], &s1].concat()), Cause::PublicKey);
    let mut plain = Client::new(THEIRS, None, Duration::ZERO, &mut Vec::new());
    assert_eq!(plain.read(&mut &[VERSION][..], &mut Vec::new()).unwrap_err().cause, Cause::Encrypted(6));
}

/// The noise of S1 tells the state of its generator to who computes it back; the private key is made of something else.
#[test]
fn noise_and_key_have_nothing_in_common() {
    assert_ne!(noise_of(OURS), OURS);
    assert_ne!(noise_of(OURS).0, OURS.derive(b"RTMPE private key", 0));
    assert_ne!(PrivateKey::new(OURS, 0).public(), PrivateKey::new(noise_of(OURS), 0).public());
}
