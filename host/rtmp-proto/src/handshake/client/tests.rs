use super::*;
use crate::handshake::Server;
use proptest::prelude::*;

const OURS: HandshakeRandom = HandshakeRandom([3; 32]);
const THEIRS: HandshakeRandom = HandshakeRandom([4; 32]);

/// A client and a server that checks C2, joined byte run by byte run; what each said in the end.
fn shake(layout: Option<Layout>, split: usize) -> (Variant, Variant) {
    let mut to_server = Vec::new();
    let mut to_client = Vec::new();
    let mut client = Client::new(OURS, layout, Duration::from_millis(7), &mut to_server);
    let mut server = Server::new(THEIRS, true, false);
    let (mut ours, mut theirs) = (None, None);
    while !(client.is_done() && server.is_done()) {
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
    (ours.unwrap(), theirs.unwrap())
}

#[test]
fn both_ends_agree_in_every_variant() {
    for layout in [Layout::DigestFirst, Layout::KeyFirst] {
        let variant = Variant::Digest(layout);
        assert_eq!(shake(Some(layout), usize::MAX), (variant, variant));
    }
    assert_eq!(shake(None, usize::MAX), (Variant::Plain, Variant::Plain));
}

proptest! {
    #[test]
    fn any_split_will_do(split in 1usize..2000, digest in any::<bool>()) {
        let layout = digest.then_some(Layout::DigestFirst);
        let expected = layout.map_or(Variant::Plain, Variant::Digest);
        prop_assert_eq!(shake(layout, split), (expected, expected));
    }
}

#[test]
fn a_server_that_knows_no_digests_gets_its_echo() {
    let mut hello = Vec::new();
    let mut client = Client::new(OURS, Some(Layout::DigestFirst), Duration::ZERO, &mut hello);
    let answer = [&[3][..], &[0x11; PACKET_LEN], &[0x22; PACKET_LEN], b"next"].concat();
    let (mut input, mut c2) = (answer.as_slice(), Vec::new());
    assert_eq!(client.read(&mut input, &mut c2), Ok(Some(Variant::Plain)));
    assert_eq!(c2, [0x11; PACKET_LEN]);
    assert_eq!(input, b"next");
    assert!(client.is_done());
}

#[test]
fn a_plain_c1_carries_time_and_a_zero_version() {
    let mut hello = Vec::new();
    Client::new(OURS, None, Duration::from_millis(0x0102), &mut hello);
    assert_eq!(hello.len(), 1 + PACKET_LEN);
    assert_eq!(hello[..9], [3, 0, 0, 1, 2, 0, 0, 0, 0]);
}

#[test]
fn what_is_no_rtmp_server_is_told() {
    let mut client = Client::new(OURS, None, Duration::ZERO, &mut Vec::new());
    let error = client.read(&mut &b"HTTP/1.1 400"[..], &mut Vec::new()).unwrap_err();
    assert_eq!(error.cause, Cause::NotRtmp(b'H'));
}
