//! The handshake of both sides.

use crate::choices::{Choices, pieces};
use crate::memory;
use rtmp_proto::handshake::{Client, Layout, PACKET_LEN, Server, Variant};
use rtmp_proto::{Error, HandshakeRandom};
use std::time::Duration;

const NOW: Duration = Duration::from_millis(0x0102_0304);
/// What a handshake may hold: a packet of the peer, its answer, the output, and room for their growth.
const MOST: usize = 24 * 1024;

/// What came out of a handshake: the output, the variant, whether it is done, and what it did not take.
type Seen = (Vec<u8>, Option<Variant>, bool, Result<Vec<u8>, Error>);

fn layout(choice: u8) -> Option<Layout> {
    match choice % 3 {
        0 => None,
        1 => Some(Layout::DigestFirst),
        _ => Some(Layout::KeyFirst),
    }
}

/// Whether RTMPE is spoken.
fn encrypted(choice: u8) -> bool {
    choice & 0x20 != 0
}

/// A client and what it says first.
fn dial(seed: u8, choice: u8) -> (Client, Vec<u8>) {
    let (random, mut hello) = (HandshakeRandom([seed; 32]), Vec::new());
    let client = if encrypted(choice) {
        Client::encrypted(random, layout(choice).unwrap_or(Layout::KeyFirst), NOW, &mut hello)
    } else {
        Client::new(random, layout(choice), NOW, &mut hello)
    };
    (client, hello)
}

/// Bytes as a peer sends them: taken from the input, or real ones with some of them changed.
fn flipped(mut real: Vec<u8>, choices: &mut Choices<'_>) -> Vec<u8> {
    for _ in 0..choices.below(4) {
        let at = usize::from(choices.u16()) % real.len();
        real[at] ^= choices.byte();
    }
    real
}

/// Bytes over and over, so that a short input fills the packets.
fn repeated(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().cycle().take(bytes.len() * usize::from(bytes.first().copied().unwrap_or(0))).collect()
}

fn serve(bytes: &[u8], check: bool, rtmpe: bool, seed: u8) -> Seen {
    let mut server = Server::new(HandshakeRandom([seed & 0x80; 32]), check, rtmpe);
    let (mut output, mut variant, mut left) = (Vec::new(), None, Vec::new());
    for mut piece in pieces(bytes, seed & 0x7F) {
        match server.read(NOW, &mut piece, &mut output) {
            Ok(found) => variant = variant.or(found),
            Err(error) => return (output, variant, false, Err(error)),
        }
        let done = server.is_done() || server.has_cipher();
        assert!(piece.is_empty() || done, "bytes are left over before the end");
        left.extend_from_slice(piece);
    }
    assert_eq!(server.has_cipher(), server.take_cipher().is_some());
    assert!(!server.has_cipher() && server.take_cipher().is_none(), "a cipher is there once");
    (output, variant, server.is_done(), Ok(left))
}

/// The server's side: any split of the bytes gives the same, the answer has its form and is one that a client accepts.
pub fn server(input: &[u8]) {
    let mut choices = Choices::new(input);
    let (check, seed, made) = (choices.flag(), choices.byte(), choices.byte());
    let rtmpe = encrypted(made);
    let (mut client, hello) = dial(made, made);
    let bytes = if made & 0x40 == 0 {
        let mut bytes = flipped(hello.clone(), &mut choices);
        bytes.extend_from_slice(choices.rest());
        bytes
    } else {
        repeated(choices.rest())
    };
    let whole = memory::within(MOST + 2 * bytes.len(), || serve(&bytes, check, rtmpe, seed & 0x80));
    assert_eq!(serve(&bytes, check, rtmpe, seed), whole, "another split");
    let (output, variant, done, left) = whole;
    match variant {
        None => assert!(output.is_empty() && !done),
        Some(variant) => {
            assert_eq!(output.len(), 1 + 2 * PACKET_LEN);
            let (s1, s2) = output[1..].split_at(PACKET_LEN);
            if variant == Variant::Plain {
                assert_eq!(s1[4..8], [0; 4]);
                assert_eq!(s2[..4], bytes[1..5], "S2 repeats C1's time");
                assert_eq!(s2[8..], bytes[9..1 + PACKET_LEN], "S2 repeats C1's random bytes");
            } else {
                assert_ne!(s1[4..8], [0; 4]);
            }
            if bytes[..=PACKET_LEN] == hello {
                let digest = layout(made).map_or(Variant::Plain, Variant::Digest);
                let asked = Variant::Encrypted(layout(made).unwrap_or(Layout::KeyFirst));
                assert_eq!(variant, if rtmpe { asked } else { digest }, "a client's own C1");
                let mut c2 = Vec::new();
                let said = client.read(&mut &output[..], &mut c2).expect("a server's own answer");
                assert_eq!(said, Some(if rtmpe { Variant::Encrypted(Layout::DigestFirst) } else { digest }));
                assert_eq!((client.has_cipher(), client.take_cipher().is_some()), (rtmpe, rtmpe));
                assert_eq!((client.is_done(), c2.len()), (true, PACKET_LEN));
                let (_, _, done, _) = serve(&[hello, c2].concat(), true, rtmpe, seed & 0x80);
                assert!(done, "a client's own C2 passes the check");
            }
        }
    }
    if let Ok(left) = left {
        assert!(bytes.ends_with(&left));
        assert_eq!(done, bytes.len() > 2 * PACKET_LEN);
        assert_eq!(left.len(), bytes.len().saturating_sub(1 + 2 * PACKET_LEN));
    }
}

fn join(bytes: &[u8], made: u8, seed: u8) -> (Vec<u8>, Seen) {
    let (mut client, hello) = dial(7, made);
    let (mut output, mut variant, mut left) = (Vec::new(), None, Vec::new());
    for mut piece in pieces(bytes, seed) {
        match client.read(&mut piece, &mut output) {
            Ok(found) => variant = variant.or(found),
            Err(error) => return (hello, (output, variant, false, Err(error))),
        }
        let done = client.is_done() || client.has_cipher();
        assert!(piece.is_empty() || done, "bytes are left over before the end");
        left.extend_from_slice(piece);
    }
    assert_eq!(client.has_cipher(), client.take_cipher().is_some());
    (hello, (output, variant, client.is_done(), Ok(left)))
}

/// The client's side: any split of the bytes gives the same, and C2 is as long as it must be.
pub fn client(input: &[u8]) {
    let mut choices = Choices::new(input);
    let (made, seed) = (choices.byte(), choices.byte());
    let bytes = if made & 0x40 == 0 {
        let (hello, _) = join(&[], made, 0);
        let (mut server, mut answer) = (Server::new(HandshakeRandom([seed; 32]), false, true), Vec::new());
        let hello = flipped(hello, &mut choices);
        // What a server has to say to this hello; nothing, if it is none.
        let _ = server.read(NOW, &mut &hello[..], &mut answer);
        let mut bytes = if answer.is_empty() { answer } else { flipped(answer, &mut choices) };
        bytes.extend_from_slice(choices.rest());
        bytes
    } else {
        repeated(choices.rest())
    };
    let (hello, whole) = memory::within(MOST + 2 * bytes.len(), || join(&bytes, made, 0));
    assert_eq!(hello.len(), 1 + PACKET_LEN);
    assert_eq!(join(&bytes, made, seed).1, whole, "another split");
    let (output, variant, done, left) = whole;
    assert_eq!(output.len(), if variant.is_some() { PACKET_LEN } else { 0 });
    if encrypted(made) {
        assert!(matches!(variant, None | Some(Variant::Encrypted(_))), "nothing less is taken");
    } else if layout(made).is_none() {
        assert!(matches!(variant, None | Some(Variant::Plain)), "what was not asked for is not answered");
    }
    if let Ok(left) = left {
        assert!(bytes.ends_with(&left));
        assert_eq!(done, bytes.len() > 2 * PACKET_LEN);
    }
}
